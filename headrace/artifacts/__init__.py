"""The artifact types that ship, a file each with its layout on disk."""
