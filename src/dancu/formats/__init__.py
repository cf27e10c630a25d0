"""Written forms: `FORMATS` maps a name to its module, imported when asked for. See README.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

NAMES = (
    "personal_number",
    "old_number",
    "bhxh_number",
    "bhyt_card",
    "tax_code",
    "driving_licence",
    "plate",
    "phone",
    "bank_account",
    "dossier_code",
    "card_qr",
    "card_mrz",
    "qcvn109",
    "person_name",
    "partial_date",
    "address",
)


class _Formats(Mapping[str, ModuleType]):
    """Name → module, in the order of NAMES; a module is imported at its first use."""

    def __getitem__(self, name: str) -> ModuleType:
        if name not in NAMES or find_spec(f"{__name__}.{name}") is None:
            raise KeyError(name)
        return import_module(f"{__name__}.{name}")

    def __iter__(self) -> Iterator[str]:
        return (name for name in NAMES if find_spec(f"{__name__}.{name}") is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


FORMATS: Mapping[str, ModuleType] = _Formats()


def fast_path(name: str, *, test_people: bool = False) -> str:
    """The RE2 pattern of a format's values that need no Python: they are standard as they stand."""
    module = FORMATS[name]
    if hasattr(module, "ALREADY"):
        return str(module.ALREADY)
    return str(module.already(test_people=test_people))
