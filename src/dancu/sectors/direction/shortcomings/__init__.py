"""Shortcomings that are found by themselves: opened once, made a task, checked again in the next period."""
