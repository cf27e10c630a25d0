"""Whether the access log is whole: what left the house, counted at its edge, against the lines that were written."""
