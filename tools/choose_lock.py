"""Print the lock file that fits this Python and this C library, or say why none does.

`make` runs it with whatever Python it finds, so it keeps to what Python 3.6 understands.
"""

import platform
import sys

GLIBC_OF_TF221 = (2, 39)


def main():  # type: () -> int
    """Print one name and return 0, or say what was found, what is needed and what to do, and return 2."""
    python, (libc, version) = sys.version_info[:2], platform.libc_ver()
    found = f"Python {python[0]}.{python[1]} on {platform.system()} with {libc or 'an unknown C library'} {version}"
    if platform.system() != "Linux" or libc != "glibc":
        return refuse(found, "Linux with glibc, which TensorFlow Data Validation and ML Metadata are built for")
    if python == (3, 11):
        return choose("requirements-tf216.lock")
    if python not in ((3, 12), (3, 13)):
        return refuse(found, "Python 3.11 (any glibc), or 3.12 or 3.13 with glibc 2.39 or newer")
    if tuple(int(part) for part in version.split(".")[:2]) < GLIBC_OF_TF221:
        return refuse(found, "glibc 2.39 or newer for Python 3.12 and 3.13 (TensorFlow 2.21), or Python 3.11")
    return choose("requirements-tf221.lock")


def choose(lock):  # type: (str) -> int
    """Print the name of a lock file."""
    sys.stdout.write(lock + "\n")
    return 0


def refuse(found, expected):  # type: (str, str) -> int
    """Say what was found, what is needed and what to do."""
    do = "Install Python 3.11 and run: make PYTHON=python3.11 <target> (after make clean, if .venv exists)"
    sys.stderr.write(f"{found}; expected {expected}. {do}.\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
