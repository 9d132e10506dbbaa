"""Which species is a penguin? Seconds of work."""
