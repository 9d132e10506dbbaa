"""Processes: where executors run, and what tells that a process is alive."""
