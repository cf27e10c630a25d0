"""The six-month report: written from figures, checked against itself, edited with history, issued, in every form."""
