"""Where a figure comes from, and reports frozen for ever: definitions, unit tree, commitments to records, signed."""
