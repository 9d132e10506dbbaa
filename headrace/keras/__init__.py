"""Which Keras a process has, and what has to be told to it: the one place."""
