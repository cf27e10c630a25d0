"""An invented province: its people, the messy lists that offices keep of them, and the truth.

`make(scale, seed, out)` writes `out/lists` and `out/truth`. Nobody in it is real.
"""

from dancu.province.making import PEOPLE, Progress, Summary, make

__all__ = ["PEOPLE", "Progress", "Summary", "make"]
