"""Scripts of the house, run through make."""
