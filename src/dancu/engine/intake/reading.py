"""`read`: the bytes of a file in, one result per sheet out. Opens nothing, keeps nothing.

Order: what is it → is it harmful → cells as text → where are the headings → whose list is it →
which lines are records → the columns of `records`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.intake import notes as remarks
from dancu.engine.intake.body import sort_rows
from dancu.engine.intake.columnar import from_arrow, read_html, read_message, read_parquet
from dancu.engine.intake.delimited import read_delimited
from dancu.engine.intake.errors import IntakeError
from dancu.engine.intake.extra import extra_json
from dancu.engine.intake.grid import Grid, Reject, note
from dancu.engine.intake.heading_rows import header_of
from dancu.engine.intake.headings import Assignment, Thesaurus, assign, thesaurus
from dancu.engine.intake.hostile import MEGABYTE
from dancu.engine.intake.layout import LOOK_AT, Header
from dancu.engine.intake.list_date import find_list_date
from dancu.engine.intake.names import event_of, name_columns
from dancu.engine.intake.propose import Proposal, propose_columns
from dancu.engine.intake.recognise import Candidate, candidates, chosen, missing_roles
from dancu.engine.intake.result import SheetResult, rejects_table
from dancu.engine.intake.sniff import kind_of, wrong_extension
from dancu.engine.intake.workbook import read_workbook
from dancu.engine.spec import SectorSpec
from dancu.reference.fields import raw_roles

# The bytes, the grid and the result are in memory together: about five times the file.
MAX_BYTES: Final = 1024 * MEGABYTE


def read(
    data: bytes,
    *,
    name: str,
    specs: Mapping[str, SectorSpec],
    sector: str | None = None,
    on: dt.date,
    mapping: Mapping[str, str] | None = None,
) -> list[SheetResult]:
    """One result per sheet that holds a list; IntakeError where the file cannot be taken.

    `sector`: whose list it is, None to recognise it. `mapping`: heading -> role, as a person
    decided ("" = not read); it goes before every synonym. `on`: the asked day (a list date after it is not believed).
    """
    _check_request(name, specs, sector, mapping)
    if len(data) > MAX_BYTES:
        size, limit = len(data) // MEGABYTE, MAX_BYTES // MEGABYTE
        raise IntakeError("too_large", name=name, size=size, limit=limit)
    grids = read_grids(data, name=name)
    digest = hashlib.sha256(data).hexdigest()
    return _read_grids(grids, name, specs, sector, on, mapping, digest)


def read_arrow(
    table: pa.Table,
    *,
    name: str,
    specs: Mapping[str, SectorSpec],
    sector: str | None = None,
    on: dt.date,
    mapping: Mapping[str, str] | None = None,
) -> SheetResult:
    """The result for an Arrow table, such as the answer of a SQL query; `name` says which."""
    _check_request(name, specs, sector, mapping)
    digest = hashlib.sha256()
    for batch in table.to_batches():
        digest.update(batch.serialize())
    grid = from_arrow(table, name=name)
    return _read_grids([grid], name, specs, sector, on, mapping, digest.hexdigest())[0]


def propose_mapping(
    data: bytes, *, name: str, specs: Mapping[str, SectorSpec], on: dt.date
) -> list[Proposal]:
    """What each sheet's columns may be, for a person to correct and save (`dump_mapping`)."""
    return [sheet.proposal for sheet in read(data, name=name, specs=specs, on=on)]


def read_grids(data: bytes, *, name: str) -> list[Grid]:
    """The sheets of a file as text cells, whatever its format; IntakeError when harmful."""
    kind = kind_of(data, name)
    if kind in ("xlsx", "xls", "ods"):
        grids = read_workbook(data, kind=kind, name=name)
    elif kind == "parquet":
        grids = [read_parquet(data, name=name)]
    elif kind in ("xml", "json"):
        grids = [read_message(data, name=name)]
    elif kind in ("html", "sheetml"):
        grids = [read_html(data, name=name)]
    else:
        grids = [read_delimited(data, name=name)]
    if wrong_extension(kind, name):
        label = "văn bản CSV" if kind == "text" else kind.upper()
        message = f"Đuôi tệp không đúng: nội dung là {label}; vẫn đọc được."
        grids = [grid.noted("wrong_extension", message, found=kind) for grid in grids]
    return grids


def _check_request(
    name: str,
    specs: Mapping[str, SectorSpec],
    sector: str | None,
    mapping: Mapping[str, str] | None,
) -> None:
    if sector is not None and sector not in specs:
        raise IntakeError(
            "unknown_sector", name=name, sector=sector, known=", ".join(sorted(specs))
        )
    wrong = sorted(set(filter(None, (mapping or {}).values())) - set(raw_roles()))
    if wrong:
        raise IntakeError("bad_mapping", name=name, roles=", ".join(wrong))


def _read_grids(
    grids: Sequence[Grid],
    name: str,
    specs: Mapping[str, SectorSpec],
    sector: str | None,
    on: dt.date,
    mapping: Mapping[str, str] | None,
    digest: str,
) -> list[SheetResult]:
    filled = [grid for grid in grids if grid.table.num_rows and grid.table.num_columns]
    if not filled:
        raise IntakeError("empty_file", name=name)
    results, skipped = [], []
    for grid in filled:
        header = header_of(grid, specs, mapping)
        if header is None:
            skipped.append(grid)
            continue
        results.append(_sheet(grid, header, name, specs, sector, on, mapping, digest))
    if not results:
        rows = min(LOOK_AT, filled[0].table.num_rows)
        raise IntakeError("no_header", name=name, sheet=filled[0].sheet or name, rows=rows)
    if not any(result.rows_in for result in results):
        raise IntakeError("no_rows", name=name)
    return [_with_skipped(result, skipped) for result in results]


def _with_skipped(result: SheetResult, skipped: Sequence[Grid]) -> SheetResult:
    """A remark about sheets without a list, on every result, so that nobody misses it."""
    more = tuple(
        note(
            "sheet_without_list",
            f"Trang «{grid.sheet}» không có danh sách, không đọc.",
            sheet=grid.sheet,
        )
        for grid in skipped
    )
    return SheetResult(**{**vars(result), "notes": (*result.notes, *more)}) if more else result


def _sheet(
    grid: Grid,
    header: Header,
    name: str,
    specs: Mapping[str, SectorSpec],
    sector: str | None,
    on: dt.date,
    mapping: Mapping[str, str] | None,
    digest: str,
) -> SheetResult:
    titles = header.titles
    grid, body = _body(grid, header)
    header = name_columns(header, body.table)
    around = " ".join((name, grid.sheet, *titles))
    found = candidates(header.ways, specs, around)
    source = sector or chosen(found)
    spec = specs[source] if source else None
    known = thesaurus(spec)
    given = _with_decided(assign(header.ways, known), header, mapping)
    proposal = _proposal(body, header, given, found, grid)
    more = _mapping_remarks(header, given, known, spec)
    if grid.headings is None and header.first < 0 and not mapping:
        given = {at: (c.role, c.confidence) for at, c in enumerate(proposal.columns) if c.role}
        more.append(
            note(
                "no_header",
                "Danh sách không có dòng tiêu đề; cột được đoán theo nội dung, hãy kiểm tra.",
            )
        )
    roles = {at: role for at, (role, _) in given.items()}
    places, rejects = sort_rows(body, roles, header.names)
    rows = _rows(body, places, roles, header.names)
    rows, event_note = event_of(rows, spec, around)
    rejects = [*_behind(grid.rejects, header, grid), *rejects]
    legacy = remarks.legacy_columns(body.table, header.names)
    gathered = [
        *grid.notes,
        *remarks.layout_notes(header, grid),
        *remarks.padded_note(grid, _row_number(grid, header.last)),
        *more,
        *remarks.empty_notes(header, roles, body.table),
        *remarks.row_notes(rejects),
        *event_note,
        *(remarks.size_note(spec, rows.num_rows) if spec else []),
        *_source_remarks(source, sector, found),
        *remarks.formula_notes(body.table, header.names),
        *remarks.legacy_note(legacy),
    ]
    filled = [column.null_count < len(column) for column in body.table.columns]
    return SheetResult(
        source=source,
        sheet=grid.sheet,
        rows=rows,
        rejects=rejects_table(rejects),
        mapping={header.names[at]: role for at, role in sorted(roles.items())},
        unread=tuple(
            heading
            for at, heading in enumerate(header.names)
            if at not in roles and (filled[at] or header.ways[at])
        ),
        header_row=_row_number(grid, header.last),
        encoding=next(iter(legacy.values()), grid.encoding),
        delimiter=grid.delimiter,
        list_date=find_list_date((*titles, grid.sheet), name, on=on),
        notes=tuple(gathered),
        candidates=tuple(found),
        proposal=proposal,
        sha256=digest,
        titles=titles,
    )


def _body(grid: Grid, header: Header) -> tuple[Grid, Grid]:
    """The grid, and the same from the first line behind the headings."""
    body = Grid(grid.sheet, grid.table.slice(header.data), grid.numbers.slice(header.data))
    return grid, body


def _row_number(grid: Grid, place: int) -> int:
    return int(grid.numbers[place].as_py()) if place >= 0 else 0


def _behind(rejects: Sequence[Reject], header: Header, grid: Grid) -> list[Reject]:
    """Rejects of the container that lie under the headings; those above are titles."""
    top = _row_number(grid, header.last)
    return [reject for reject in rejects if reject.row > top]


def _with_decided(
    given: Assignment, header: Header, mapping: Mapping[str, str] | None
) -> Assignment:
    """What a person decided replaces every guess; a heading mapped to nothing stays unread."""
    if not mapping:
        return given
    decided = {at: (mapping[n], 1.0) for at, n in enumerate(header.names) if mapping.get(n)}
    roles = {role for role, _ in decided.values()}
    kept = {at: hit for at, hit in given.items() if hit[0] not in roles and at not in decided}
    return {**{at: hit for at, hit in kept.items() if header.names[at] not in mapping}, **decided}


def _proposal(
    body: Grid, header: Header, given: Assignment, found: Sequence[Candidate], grid: Grid
) -> Proposal:
    columns = propose_columns(body.table, header.names, given)
    sources = tuple((c.source, c.score) for c in found if not c.missing)
    return Proposal(grid.sheet, _row_number(grid, header.last), columns, sources)


def _mapping_remarks(
    header: Header, given: Assignment, known: Thesaurus, spec: SectorSpec | None
) -> list[dict[str, Any]]:
    hits = {
        at: hit[0]
        for at, ways in enumerate(header.ways)
        if (hit := next((h for way in ways if (h := known.find(way))), None))
    }
    more = [*remarks.beside_note(hits, given), *remarks.mapping_notes(header, given, hits)]
    missing = missing_roles(spec, given) if spec else ()
    if missing:
        message = f"Thiếu cột bắt buộc của nguồn này: {', '.join(missing)}."
        more.append(note("missing_columns", message, roles=list(missing)))
    return more


def _source_remarks(
    source: str | None, sector: str | None, found: Sequence[Candidate]
) -> list[dict[str, Any]]:
    if source is None:
        message = "Chưa nhận ra đây là danh sách của nguồn nào; hãy chỉ rõ bằng --sector hoặc lưu bảng ghép cột."
        return [note("unknown_source", message)]
    rival = next((c for c in found if c.source != source and not c.missing), None)
    if sector is None and rival and rival.score > 0.9 * found[0].score:
        message = f"Có thể là «{source}» hoặc «{rival.source}»; đã chọn «{source}», hãy kiểm tra."
        return [note("close_call", message, rival=rival.source)]
    return []


def _rows(grid: Grid, places: pa.Array, roles: dict[int, str], names: Sequence[str]) -> pa.Table:
    """The columns of `records` that a sheet gives: row, one per role, extra."""
    table, numbers = grid.table, grid.numbers
    if len(places) < table.num_rows:
        keep = np.zeros(table.num_rows, bool)
        keep[places.to_numpy()] = True
        table = table.filter(pa.array(keep))
        numbers = numbers.filter(pa.array(keep))
    unread = [at for at in range(table.num_columns) if at not in roles]
    extra = extra_json(
        [table.column(at) for at in unread], [names[at] for at in unread], table.num_rows
    )
    columns = {"row": pc.cast(numbers, pa.int64())}
    columns |= {role: table.column(at) for at, role in sorted(roles.items())}
    return pa.table({**columns, "extra": extra})
