"""What may become of a thing: a table of moves, asked by services and pages, and drawn as a diagram.

A move says from which states it leads (`of`) and to which one (`to`; None: the state stays). What else it says, as its
names or who does it, is its table's own; such a table has a move of its own with these two among the rest.

>>> door = Moves("shut", {"open": Move(("shut",), "ajar"), "paint": Move(("shut", "ajar"), None)})
>>> door.after("shut", "open"), door.after("ajar", "paint"), door.after("ajar", "open")
('ajar', 'ajar', None)
>>> [*door.open_in("shut")]
['open', 'paint']
>>> print(Moves("shut", {"open": Move(("shut",), "ajar")}, names={"shut": "Đóng", "ajar": "Mở"}).diagram())
stateDiagram-v2
    shut: Đóng
    ajar: Mở
    [*] --> shut
    shut --> ajar: open
    ajar --> [*]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, Protocol, TypeVar


class Step(Protocol):
    """What every move has."""

    @property
    def of(self) -> tuple[Any, ...]:
        """The states in which it is open."""

    @property
    def to(self) -> Any:
        """The state after it; None: as before."""


class Move(NamedTuple):
    """A move that says nothing else."""

    of: tuple[str, ...]
    to: str | None


S = TypeVar("S")
M = TypeVar("M", bound=Step)


class Moves(dict[str, M], Generic[S, M]):
    """Action → move, in the order in which pages offer them. `first`: where a thing begins; `names`: of the states."""

    def __init__(
        self, first: S, moves: Mapping[str, M], *, names: Mapping[S, str] | None = None
    ) -> None:
        super().__init__(moves)
        self.first, self.names = first, names or {}

    def after(self, state: S, action: str) -> S | None:
        """The state after the action; None when the action is not open in this state."""
        move = self.get(action)
        if move is None or state not in move.of:
            return None
        to: S | None = move.to
        return state if to is None else to

    def open_in(self, state: S) -> dict[str, M]:
        """What may be done now."""
        return {action: move for action, move in self.items() if state in move.of}

    def diagram(self) -> str:
        """The table in Mermaid: a move by its Vietnamese name, or by its code when it has none."""
        lines = ["stateDiagram-v2", *(f"    {_id(state)}: {name}" for state, name in self.names.items())]  # fmt: skip
        lines.append(f"    [*] --> {_id(self.first)}")
        for action, move in self.items():
            said = getattr(move, "name_vi", action)
            lines += [
                f"    {_id(s)} --> {_id(s if move.to is None else move.to)}: {said}"
                for s in move.of
            ]
        return "\n".join([*lines, *(f"    {_id(state)} --> [*]" for state in self._ends())])

    def _ends(self) -> list[S]:
        """States from which no move leads."""
        found: dict[S, None] = dict.fromkeys(self.names)
        for move in self.values():
            found |= dict.fromkeys((*move.of, *(() if move.to is None else (move.to,))))
        return [state for state in found if not self.open_in(state)]


def _id(state: object) -> str:
    """A state as Mermaid takes it: a word, never a bare number."""
    return state if isinstance(state, str) else f"s{state}"
