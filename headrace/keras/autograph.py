"""Tell AutoGraph to leave libraries alone that need no conversion.

TensorFlow's own list of rules names `keras`, not `tf_keras`: without these rules the first `fit` of a process converts
about 120 of its functions (13-18 s of CPU against under 1 s, with equal results). The list is private to TensorFlow;
`tests/headrace/keras/test_autograph.py` fails when it moves.
"""

from tensorflow.python.autograph.core import config

LEFT_ALONE = ("tf_keras", "tensorflow_model_optimization", "tensorflow_transform")


def leave_libraries_alone() -> None:
    """Add a rule for each of the libraries; adding them twice changes nothing."""
    rules = tuple(config.CONVERSION_RULES)
    known = {rule._prefix for rule in rules}
    config.CONVERSION_RULES = (*(config.DoNotConvert(name) for name in LEFT_ALONE if name not in known), *rules)
