"""The order and the place in which the launcher is called."""
