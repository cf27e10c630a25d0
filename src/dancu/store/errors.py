"""The base error of the store: its message says what happened, to what, and what to do next."""


class StoreError(Exception):
    """Something outside (file, database) could not be opened, read or written."""
