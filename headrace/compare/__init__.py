"""Two runs or two artifacts beside each other: what differs, from parameters to statistics and metrics."""
