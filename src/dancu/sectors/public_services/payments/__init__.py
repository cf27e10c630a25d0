"""Fees of dossiers: a bill with a VietQR, what the bank says of it, and each payment booked exactly once."""
