"""Worklists: what a commune can put right today, in the order in which it raises the score."""
