"""What a browser may do with the page: run, style and ask only what comes from where the page does."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)

EXPORTED_POLICY = (
    "default-src 'none'; script-src 'self' blob:; style-src 'self'; img-src 'self' blob:; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""That of an exported site: it asks nobody, and where it is opened as a file its modules are blobs that it made."""
