"""Duplicates: pairs that the machine cannot settle, judged by officers; persons joined, taken apart, and why not."""
