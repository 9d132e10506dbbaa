"""Trainer: call a user's `run_fn`, which trains and saves a model."""

from components.trainer.component import Trainer as Trainer
