"""Personal tax codes."""
