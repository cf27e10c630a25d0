"""Children under 6 with health insurance: the least that a linked birth needs, until the sector itself is there."""
