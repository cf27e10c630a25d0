"""dancu: population data of a Vietnamese province, correct, complete, clean and living."""

__version__ = "0.1.0"
