"""What the README's figures come from: ratios within one run, never part of the tests."""
