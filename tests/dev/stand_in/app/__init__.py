"""A house of paper: processes that start, answer and end like ours, for tests of `make run` alone."""
