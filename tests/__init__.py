"""The test suite: a folder per room."""
