"""Calling a model's signatures, here or in a limited process, and the folders that a server reads."""
