"""The ledger beside the tables: entries by trigger, leaves in order, hash tiles, signed heads, proofs, sets."""
