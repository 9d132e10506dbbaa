"""Where the files of the page are."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
