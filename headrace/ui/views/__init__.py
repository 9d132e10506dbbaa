"""Views: pure functions from a snapshot to plain dictionaries, one file for each answer."""
