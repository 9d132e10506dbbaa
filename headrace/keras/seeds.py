"""Seeds: the same inputs and the same seed train the same model."""

import tensorflow as tf
import tf_keras


def fix_seeds(seed: int) -> None:
    """Seed Python, NumPy and TensorFlow, and let TensorFlow choose deterministic forms of its operations.

    The second is one-way for the process, so it belongs where a process trains one model.
    """
    tf_keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
