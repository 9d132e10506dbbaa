"""Tuner: search hyperparameters with a user's `tuner_fn`."""

from components.tuner.component import Tuner as Tuner
