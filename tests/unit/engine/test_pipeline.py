"""The run as a whole: what is counted, what is taken from before, what a failure leaves behind."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dancu.engine import pipeline
from dancu.engine.intake.gather import Input
from dancu.engine.ports import Context
from dancu.sectors import specs
from dancu.store.duckdb import DuckStore
from dancu.store.runs import RunFolder

ON = dt.date(2024, 6, 21)
POPULATION = """STT,Số định danh cá nhân,Họ và tên,Ngày sinh,Giới tính,Dân tộc,Nơi thường trú
1,924099000011,Nguyễn Văn An,05/09/1999,Nam,Kinh,"Thôn Đông, Quế Nham, Tân Yên, Bắc Giang"
2,924199000022,Giáp Thị Mẫu,1948,Nữ,Kinh,"Thôn Đông, Quế Nham, Tân Yên, Bắc Giang"
Tổng cộng: 2 người,,,,,,
"""
HEALTH = """Họ và tên;Số CCCD;Ngày sinh;Giới tính;Địa chỉ
NGUYEN VAN AN;924099000011;05/09/1999;Nam;Que Nham, Tan Yen, Bac Giang
"""


def _input(name: str, text: str, sector: str) -> Input:
    data = text.encode()
    return Input(name, hashlib.sha256(data).hexdigest(), len(data), lambda: data, sector)


def _job(root: Path, tell: Callable[[str, float, str], None], **changes: Any) -> pipeline.Run:
    job = pipeline.Run(
        store=DuckStore(),
        folder=RunFolder(root),
        context=Context(on=ON, test_people=True, sources=specs()),
        inputs=[
            _input("nhan_khau.csv", POPULATION, "population"),
            _input("kham_benh.csv", HEALTH, "health"),
        ],
        code="v1",
        progress=tell,
    )
    return replace(job, **changes)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    root = tmp_path_factory.mktemp("run")
    return root, pipeline.run(_job(root, lambda *_: None))


@pytest.mark.mission("S34")
def test_rows_in_are_rows_kept_and_rows_rejected(first: tuple[Path, dict[str, Any]]) -> None:
    root, manifest = first
    store = DuckStore()
    pipeline.load(store, RunFolder(root))
    (sums,) = store.fetch(
        "SELECT sum(rows_in) AS rows_in, sum(rows_kept) AS kept, sum(rows_rejected) AS rejected FROM files"
    ).to_pylist()
    assert sums == {"rows_in": 4, "kept": 3, "rejected": 1}
    rows = manifest["stages"]["intake"]["rows"]
    assert (rows["records"], rows["rejects"]) == (3, 1)


def test_two_records_of_one_person_become_one_person_with_its_sources(
    first: tuple[Path, dict[str, Any]],
) -> None:
    root, _ = first
    store = DuckStore()
    pipeline.load(store, RunFolder(root))
    people = store.fetch(
        "SELECT full_name, birth_year, n_records, sources, unit_code FROM persons ORDER BY person_id"
    ).to_pylist()
    assert [(p["full_name"], p["n_records"], p["unit_code"]) for p in people] == [
        ("Nguyễn Văn An", 2, "07366"),
        ("Giáp Thị Mẫu", 1, "07366"),
    ]
    assert sorted(people[0]["sources"]) == ["health", "population"]


def test_a_second_run_takes_every_stage_from_before(first: tuple[Path, dict[str, Any]]) -> None:
    root, manifest = first
    told: list[tuple[str, str]] = []
    again = pipeline.run(_job(root, lambda stage, _share, what: told.append((stage, what))))
    assert again["stages"] == manifest["stages"]
    taken = [stage for stage, what in told if what == "đã có từ lần chạy trước"]
    assert taken == [stage.name for stage in pipeline.STAGES]


@pytest.mark.parametrize(
    ("what", "changes", "done_anew"),
    [
        (
            "another file",
            {"inputs": [_input("khac.csv", POPULATION + "\n", "population")]},
            "intake",
        ),
        ("other code", {"code": "v2"}, "intake"),
        (
            "another threshold of matching",
            {"context": Context(ON, True, specs(), {"golden": {"parts": 2}})},
            "golden",
        ),
    ],
)
def test_what_changed_is_done_anew_and_what_stands_before_it_is_not(
    first: tuple[Path, dict[str, Any]],
    tmp_path: Path,
    what: str,
    changes: dict[str, Any],
    done_anew: str,
) -> None:
    import shutil

    root = tmp_path / "run"
    shutil.copytree(first[0], root)
    before = first[1]["stages"]
    after = pipeline.run(_job(root, lambda *_: None, **changes))["stages"]
    names = [stage.name for stage in pipeline.STAGES]
    same = [name for name in names if after[name] == before[name]]
    assert same == names[: names.index(done_anew)], what


def test_a_stage_that_fails_leaves_the_run_to_be_gone_on_with(tmp_path: Path) -> None:
    def fails(stage: str, _share: float, what: str) -> None:
        if stage == "golden":
            raise RuntimeError("điện mất")

    with pytest.raises(RuntimeError):
        pipeline.run(_job(tmp_path, fails))
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert list(manifest["stages"]) == ["intake", "standardise", "link"]
    told: list[tuple[str, str]] = []
    whole = pipeline.run(_job(tmp_path, lambda stage, _share, what: told.append((stage, what))))
    assert list(whole["stages"]) == [stage.name for stage in pipeline.STAGES]
    taken = [stage for stage, what in told if what == "đã có từ lần chạy trước"]
    assert taken == ["intake", "standardise", "link"]
    assert not list(tmp_path.rglob("*.partial"))


def test_one_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    bad = Input("hong.xlsx", "0", 4, lambda: b"PK\x03\x04", None)
    good = _input("nhan_khau.csv", POPULATION, "population")
    manifest = pipeline.run(_job(tmp_path, lambda *_: None, inputs=[bad, good]), until="intake")
    assert manifest["stages"]["intake"]["rows"]["records"] == 2
    store = DuckStore()
    pipeline.load(store, RunFolder(tmp_path), until="intake")
    refused = store.fetch("SELECT name, message_vi FROM files WHERE error IS NOT NULL").to_pylist()
    assert [row["name"] for row in refused] == ["hong.xlsx"]
    assert "Hãy" in refused[0]["message_vi"]


def test_nothing_readable_is_said_file_by_file(tmp_path: Path) -> None:
    bad = Input("hong.xlsx", "0", 4, lambda: b"PK\x03\x04", None)
    with pytest.raises(pipeline.NothingToDo, match=r"hong\.xlsx"):
        pipeline.run(_job(tmp_path, lambda *_: None, inputs=[bad]))


def test_the_same_lists_in_another_order_of_rows_give_the_same_people(tmp_path: Path) -> None:
    lines = POPULATION.splitlines()
    turned = "\n".join([lines[0], lines[2], lines[1], lines[3]]) + "\n"
    inputs = [
        _input("nhan_khau.csv", turned, "population"),
        _input("kham_benh.csv", HEALTH, "health"),
    ]
    pipeline.run(_job(tmp_path, lambda *_: None, inputs=inputs), until="events")
    store = DuckStore()
    pipeline.load(store, RunFolder(tmp_path), until="events")
    people = store.fetch("SELECT full_name, n_records FROM persons ORDER BY full_name").to_pylist()
    assert people == [
        {"full_name": "Giáp Thị Mẫu", "n_records": 1},
        {"full_name": "Nguyễn Văn An", "n_records": 2},
    ]
