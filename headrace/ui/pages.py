"""The files of the page: one document for every place in it, modules, a style sheet and what is vendored."""

from starlette.responses import FileResponse, Response

from headrace.errors import UnknownReference
from headrace.ui.jail import below
from headrace.ui.static_files import STATIC

PAGES = ("/", "/runs/{id:path}", "/lineage", "/artifacts", "/artifacts/{id}", "/compare")
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def page(status: int = 200) -> Response:
    """Answer with the document, whatever place of the page was asked for; it says where there is none."""
    return FileResponse(STATIC / "index.html", status, {"cache-control": "no-cache"}, KINDS[".html"])


def static_file(path: str) -> Response:
    """Answer with a file of the page. Raises UnknownReference."""
    file = below(STATIC, path)
    if file is None or file.suffix not in KINDS:
        raise UnknownReference(found=f"no file {path!r}", expected="a file of the page", do="Load the page again")
    return FileResponse(file, media_type=KINDS[file.suffix], headers={"cache-control": "no-cache"})
