"""Lineage: what an artifact was made from, what was made from it, and the references that name things."""
