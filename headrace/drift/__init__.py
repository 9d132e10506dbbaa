"""How far two distributions are from each other: numpy only, on common bins."""
