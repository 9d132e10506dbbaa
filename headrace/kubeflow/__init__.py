"""Pipelines in Kubeflow: compiled, submitted, scheduled; every pod runs the same launcher."""
