"""All that an executor of the environment `tf_keras` needs, imported and nothing else: a process that has it can fork.

The first import decides which Keras the others find.
"""

import headrace.keras.setup  # noqa: F401  imported for the processes that are forked from this one

# isort: split
import apache_beam  # noqa: F401  likewise
import tensorflow_data_validation  # noqa: F401  likewise
import tensorflow_transform.beam  # noqa: F401  likewise
