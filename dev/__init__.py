"""The house tools behind the Makefile; nothing here runs in production."""
