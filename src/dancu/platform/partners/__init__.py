"""Partner systems: who they are, for which purposes and fields, in which units, how much, with which keys."""
