"""The sources of records: one package each, described by its `sector.yml`.

`specs()` reads the packaged ones, `load(text)` a user's own, `propose(…)` starts one for a new list.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml

from dancu.engine.intake import Proposal
from dancu.engine.spec import SectorSpec, SpecError, read_spec

_ROOT = "dancu.sectors"
EXAMPLE = "demo"


@cache
def specs(*, example: bool = False) -> Mapping[str, SectorSpec]:
    """Source id -> specification, in the order of their ids; `example` adds the one to copy."""
    found = {}
    for folder in sorted(resources.files(_ROOT).iterdir(), key=lambda item: item.name):
        file = folder.joinpath("sector.yml")
        if file.is_file() and (example or folder.name != EXAMPLE):
            found[folder.name] = load(file.read_text("utf-8"), where=f"{folder.name}/sector.yml")
    return MappingProxyType(found)


def load(text: str, *, where: str = "sector.yml") -> SectorSpec:
    """The specification written in a sector.yml; SpecError says which key of which file is wrong."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SpecError(f"{where}: không đúng cú pháp YAML: {error}") from error
    if not isinstance(data, Mapping):
        raise SpecError(f"{where}: cần các dòng «khóa: giá trị»")
    try:
        return read_spec(data)
    except SpecError as error:
        raise SpecError(f"{where}: {error}") from error


def propose(proposal: Proposal, *, id: str, name_vi: str) -> str:
    """A sector.yml to complete, from the proposed mapping of a list nobody has described.

    Every line that a person must decide is marked; headings come from the list itself.
    """
    columns = {role: [heading] for heading, role in proposal.mapping().items()}
    data = {
        "id": id,
        "name_vi": name_vi,
        "name_en": id.replace("_", " "),
        "owner": "(ghi cơ quan quản lý)",
        "law": "(ghi căn cứ pháp lý)",
        "subject": "person",
        "one_per_person": False,
        "ethnic_scheme": "1979",
        "dates": "dmy",
        "expected_rows": [1, 5_000_000],
        "columns": columns,
        "required": [role for role in ("full_name",) if role in columns],
        "expects": [],
        "trust": {"*": 30},
    }
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
