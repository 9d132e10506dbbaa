"""Where a run happens (configs/) and what it is given (params.yaml, the environment, the command line)."""
