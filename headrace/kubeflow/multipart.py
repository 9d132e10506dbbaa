"""One file as `multipart/form-data`, which is how Kubeflow takes a compiled pipeline."""

from hashlib import sha256


def form_of(file: bytes, *, field: str, name: str) -> tuple[str, bytes]:
    """Return the content type and the body of a form with one file."""
    boundary = f"headrace-{sha256(file).hexdigest()[:32]}"
    if boundary.encode() in file:
        raise ValueError("the file holds its own digest")
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: application/x-yaml\r\n\r\n"
    )
    return f"multipart/form-data; boundary={boundary}", head.encode() + file + f"\r\n--{boundary}--\r\n".encode()
