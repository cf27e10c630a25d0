"""Where the sector specification used to stand; it moved to `dancu.engine.spec`, beside the ports."""

from dancu.engine.spec import SectorSpec, SpecError, read_spec

__all__ = ["SectorSpec", "SpecError", "read_spec"]
