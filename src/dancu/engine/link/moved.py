"""What a new model epoch moved: persons split and merged, and the records whose person is another one now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Moved:
    """`split`: persons of before whose records are now of several; `merged`: persons of now who were several.

    `records`: identifiers of the records whose person changed, of those known before and now.
    """

    before: int  # persons
    after: int
    split: Ids
    merged: Ids
    records: Ids

    def told(self) -> dict[str, int]:
        """The counts."""
        return {
            "persons_before": self.before,
            "persons_after": self.after,
            "split": len(self.split),
            "merged": len(self.merged),
            "records_moved": len(self.records),
        }


def moved(ids: Ids, before: Ids, after: Ids) -> Moved:
    """From the labels of the same records before and after.

    >>> ids = np.array([1, 2, 3, 4])
    >>> moved(ids, np.array([1, 1, 3, 4]), np.array([1, 2, 3, 3])).told()
    {'persons_before': 3, 'persons_after': 3, 'split': 1, 'merged': 1, 'records_moved': 2}
    """
    return Moved(
        len(np.unique(before)), len(np.unique(after)),
        _several(before, after), _several(after, before), ids[before != after],
    )  # fmt: skip


def _several(persons: Ids, others: Ids) -> Ids:
    """The persons whose records belong to more than one of `others`."""
    pairs = np.unique(np.stack([persons, others], axis=1), axis=0)
    found, counts = np.unique(pairs[:, 0], return_counts=True)
    return np.asarray(found[counts > 1], np.int64)
