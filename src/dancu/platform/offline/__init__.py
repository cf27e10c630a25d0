"""Checking without a line: signed lists of keyed hashes for a clinic or an exam room, and what was checked with them.

The border it keeps: a list that leaves the house names nobody, ends by itself, and each use of it comes back into the
log of the person it was about.
"""
