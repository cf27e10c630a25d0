"""Sources of records, and lists handed in on a page: looked at, mapped, taken into the register in the background."""
