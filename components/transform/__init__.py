"""Transform: fit a `preprocessing_fn` to the data, and apply it."""

from components.transform.component import Transform as Transform
