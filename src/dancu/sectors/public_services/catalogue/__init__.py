"""The catalogue of procedures, open to everybody, and the review of a procedure by those who answer for it."""
