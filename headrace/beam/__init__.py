"""Beam as headrace runs it: an in-process runner, large Arrow batches in, shards out, no record in a shuffle."""
