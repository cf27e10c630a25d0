"""A report frozen and asked again later: the same digits, whatever came since; every change of the file is named."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connections
from tests.web import reports
from tests.web.papers import pdfsig

from dancu.cli import main
from dancu.engine.report.content_json import from_json
from dancu.platform.reports import counting
from dancu.platform.reports_writing import as_pdf, writing
from dancu.platform.reports_writing.gathering import Order
from dancu.platform.snapshots import freezing, kept, proving, told, verifying
from dancu.platform.snapshots.freezing import NotTheSame, Snapshot
from dancu.store.signing_own import Person

SIGNER = Person("Hoàng Văn Ký", "Chủ tịch", "Ủy ban nhân dân tỉnh Bắc Giang")
ORDER = Order("24", reports.HALF, reports.DAY)
CODE = "online_rate_essential_25"


def _owner() -> Any:
    given: Any = connections["owner"].settings_dict
    return psycopg.connect(
        host=given["HOST"], port=given["PORT"] or None, dbname=given["NAME"], user=given["USER"],
        password=given["PASSWORD"], autocommit=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def frozen(site: str) -> Iterator[Snapshot]:
    with reports.dossiers():
        report = writing.content(ORDER, using="owner")
        made = dt.datetime.now(dt.UTC)
        yield freezing.freeze(
            report, pdf=as_pdf.pdf(report, at=made), signer=SIGNER, by="ky", at=made
        )


def _kinds(data: bytes) -> set[str]:
    return {d.kind for d in verifying.verify(data).differences}


def _said(frozen: Snapshot) -> dict[str, Any]:
    return json.loads(frozen.told)


def test_a_frozen_report_is_what_the_register_holds(frozen: Snapshot) -> None:
    for data in (frozen.pdf, frozen.told, json.dumps(_said(frozen), indent=2).encode()):
        verdict = verifying.verify(data)
        assert verdict.good and verdict.differences == ()
        assert verdict.figures > 20 and verdict.records > 1000
    assert verifying.verify(frozen.pdf).signer == "Hoàng Văn Ký" and frozen.level == "B-LT"


def test_a_frozen_report_stays_true_when_units_merge(frozen: Snapshot) -> None:
    """The units of 1 July 2025 and of 20 September 2026 are in force; the report is of those of June 2024."""
    said = _said(frozen)
    figures = from_json(said["report"]).figures.values()
    later = counting.figures(CODE, reports.HALF, of=dt.date(2026, 11, 1), using="owner")
    assert "07207" not in later and any(f.unit == "07207" and f.code == CODE for f in figures)
    assert verifying.verify(frozen.told).good


def _digit(said: dict[str, Any]) -> None:
    code = next(
        k
        for k, f in said["report"]["figures"].items()
        if f["code"] == CODE and f["unit"] == "07204"
    )
    one = said["report"]["figures"][code]
    one["numerator"] = str(int(one["numerator"]) + 1)


def _printed(said: dict[str, Any]) -> None:
    parts = [
        p
        for s in said["report"]["sections"]
        for t in s["sections"]
        for u in t["sentences"]
        for p in u["parts"]
    ]
    one = next(
        p for p in parts if isinstance(p, dict) and p["aspect"] == "value" and "," in p["printed"]
    )
    one["printed"] = one["printed"][:-1] + ("1" if one["printed"][-1] != "1" else "2")


def _definition(said: dict[str, Any]) -> None:
    one = next(v for k, v in said["definitions"].items() if k.startswith(CODE))
    one["facts"] = one["facts"].replace("d.channel = 2", "d.channel >= 2")


def _tree(said: dict[str, Any]) -> None:
    next(r for r in said["units"]["rows"] if r[0] == "07204")[3] = "999"


def _commitment(said: dict[str, Any]) -> None:
    cell = next(q for q in said["questions"].values() if q["cells"])["cells"][0]
    cell[2] = "00" * 32


@pytest.mark.parametrize(
    ("change", "kind", "named"),
    [
        (_digit, "digit", "tử số"), (_printed, "digit", "printed"), (_definition, "definition", CODE),
        (_tree, "unit_tree", "Đơn vị 07204"), (_commitment, "commitment", "Cam kết"),
    ],
    ids=["figure", "printed", "definition", "unit tree", "commitment"],
)  # fmt: skip
def test_a_changed_file_is_refused_and_the_change_named(
    frozen: Snapshot, change: Callable[[Any], None], kind: str, named: str
) -> None:
    said = copy.deepcopy(_said(frozen))
    change(said)
    verdict = verifying.verify(json.dumps(said).encode())
    assert not verdict.good and {d.kind for d in verdict.differences} >= {kind}
    assert any(named in f"{d.vi} {d.where}" and d.en for d in verdict.differences if d.kind == kind)


def test_a_figure_of_another_file_is_counted_again_from_the_register(frozen: Snapshot) -> None:
    said = _said(frozen)
    _digit(said)
    told_ = [d.vi for d in verifying.verify(json.dumps(said).encode()).differences]
    assert any("sổ tại thời điểm chốt là" in words for words in told_)


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils")
def test_the_signature_covers_report_and_file_and_refuses_a_changed_byte(
    frozen: Snapshot, tmp_path: Path
) -> None:
    assert (
        "Signature is Valid" in (said := pdfsig(frozen.pdf, tmp_path))
        and "Total document signed" in said
    )
    for place in (3000, len(frozen.pdf) // 2):
        changed = frozen.pdf[:place] + bytes([frozen.pdf[place] ^ 1]) + frozen.pdf[place + 1 :]
        assert "Signature is Valid" not in pdfsig(changed, tmp_path)
        with contextlib.suppress(told.NoSnapshot):
            assert "signature" in _kinds(changed)


HISTORY = {
    "a record changed without a trace": (
        "ALTER TABLE services.dossier DISABLE TRIGGER USER; UPDATE services.dossier SET channel = 1 WHERE code ="
        " 'REP-0-1.004222-07204-5'; ALTER TABLE services.dossier ENABLE TRIGGER USER",
        {"digit", "record"}, "bản ghi",
    ),
    "a definition rewritten": (
        "UPDATE reports.definition SET said = jsonb_set(said, '{facts}', to_jsonb(replace(said ->> 'facts',"
        f" 'd.channel = 2', 'd.channel > 1'))) WHERE code = '{CODE}'",
        {"definition"}, CODE,
    ),
    "the row of the snapshot": (
        "UPDATE snapshots.snapshot SET signer = 'Người khác'", {"ledger"}, "sau khi ghi sổ cái",
    ),
    "the kept file": (
        "UPDATE snapshots.file SET told = convert_to(replace(convert_from(told, 'UTF8'), '\"ky\"', '\"kỳ\"'), 'UTF8')",
        {"ledger"}, "không còn như khi ghi",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HISTORY)
def test_who_changes_the_register_behind_a_frozen_report_is_found(
    frozen: Snapshot, name: str
) -> None:
    from dancu.platform.ledger import keeper

    keeper.sign(at=dt.datetime.now(dt.UTC))
    statement, kinds, words = HISTORY[name]
    from django.db import transaction

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")
        verdict = verifying.verify(frozen.told)
        transaction.set_rollback(True, using="owner")
    assert {d.kind for d in verdict.differences} >= kinds, verdict.differences[:5]
    assert any(words in d.vi for d in verdict.differences)


def test_one_record_is_shown_to_be_in_the_set_without_the_others(frozen: Snapshot) -> None:
    said = _said(frozen)
    code = next(
        k for k, f in said["report"]["figures"].items() if f["code"] == CODE and f["unit"] == "24"
    )
    record = counting.records(CODE, reports.HALF, unit="24", using="owner", limit=1, offset=7)[0]
    shown = proving.proof(str(frozen.snapshot), code, record.subject)
    assert shown is not None and proving.proves(shown, said)
    assert proving.proof(str(frozen.snapshot), code, "999999999") is None
    others = counting.records(CODE, reports.HALF, unit="24", using="owner", limit=50)
    assert not any(f"|{r.subject}|" in json.dumps(shown) for r in others)
    for part, other in (("record", shown["record"].replace("|t|", "|f|").replace("|f|", "|t|")), ("salt", "00" * 32),
                        ("index", shown["index"] + 1), ("subject", "1")):  # fmt: skip
        assert not proving.proves({**shown, part: other if other != shown[part] else "x"}, said)


def test_a_report_that_was_never_frozen_here_is_not_accepted(frozen: Snapshot) -> None:
    said = _said(frozen) | {"snapshot": "00000000-0000-4000-8000-000000000000"}
    verdict = verifying.verify(json.dumps(said).encode())
    assert verdict.snapshot_no is None and not verdict.good
    for data in (b"{}", b"no json", as_pdf.pdf(from_json(said["report"]), at=reports.AT)):
        with pytest.raises(told.NoSnapshot):
            verifying.verify(data)


def test_the_command_says_in_words_and_by_its_exit_code(frozen: Snapshot, tmp_path: Path) -> None:
    said = _said(frozen)
    _digit(said)
    files = {"good.pdf": frozen.pdf, "bad.json": json.dumps(said).encode(), "none.json": b"{}"}
    done = {}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        done[name] = CliRunner().invoke(main, ["report", "verify", str(tmp_path / name)])
    assert {name: one.exit_code for name, one in done.items()} == {
        "good.pdf": 0,
        "bad.json": 1,
        "none.json": 2,
    }
    assert (
        "KHỚP" in done["good.pdf"].output and "Every digit is as frozen" in done["good.pdf"].output
    )
    words = " ".join(done["bad.json"].output.split())
    for told_ in ("SỐ LIỆU Số liệu", "tử số: tệp ghi", "the file says", "KHÔNG KHỚP", CODE):
        assert told_ in words, words
    run = CliRunner().invoke(main, ["report", "verify", "--json", str(tmp_path / "bad.json")])
    assert run.exit_code == 1 and json.loads(run.stdout)["good"] is False


def test_nothing_known_is_still_to_be_committed(site: str) -> None:
    """A transaction that began before the freeze and ends after it cannot slip records into what was frozen."""
    with _owner() as slow:
        slow.autocommit = False
        slow.execute("SELECT 1")
        began = slow.execute("SELECT now()").fetchone()[0]
        assert freezing.moment() < began
        slow.rollback()
    assert kept.find("no name", using="owner") is None


LATER = {
    "corrected": "UPDATE services.dossier SET channel = 2 WHERE code LIKE 'REP-0-BG.ES12-07207-%'",
    "ended late": "UPDATE services.dossier SET on_time = false, channel = 1 WHERE code LIKE 'REP-0-1.004222-07204-1_'",
    "come late": reports.MADE.replace("'REP-' ||", "'REP-L' ||"),
    "taken out": "DELETE FROM services.dossier WHERE code LIKE 'REP-0-3.000347-07204-%'",
}


def test_what_comes_later_changes_the_figures_and_not_the_frozen_ones(frozen: Snapshot) -> None:
    report = from_json(_said(frozen)["report"])
    before = counting.count_records(CODE, reports.HALF, hit=True, using="owner")
    for name, statement in LATER.items():
        with _owner() as con:
            con.execute(statement)
            con.execute("SELECT services.fold(10000)")
        now = counting.count_records(CODE, reports.HALF, hit=True, using="owner")
        assert now != before, name
        before = now
        assert verifying.verify(frozen.told).differences == (), name
    with pytest.raises(NotTheSame) as refused:
        freezing.freeze(report, pdf=b"", signer=SIGNER, by="ky", at=frozen.known)
    assert len(refused.value.differ) > 5
    again = freezing.freeze(
        report, pdf=as_pdf.pdf(report, at=frozen.known), signer=SIGNER, by="ky", at=dt.datetime.now(dt.UTC),
        known=frozen.known,
    )  # fmt: skip
    assert verifying.verify(again.pdf).good
