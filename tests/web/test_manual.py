"""The manual and the site say the same: a page for each role, every page of its menu, every picture there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools.manual_shots import SHOTS, WIDTHS

from dancu.platform.ui import nav
from dancu.reference.rights import role_rights, roles

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "manual"
IMAGES = MANUAL / "images"
PICTURE = re.compile(r"!\[([^\]]*)\]\((images/[^)]+)\)")
ROLES = sorted({entry.role for entry in role_rights()})


def page_of(role: str) -> str:
    return (MANUAL / f"{role}.md").read_text(encoding="utf-8")


def menu_of(role: str) -> dict[str, str]:
    """Label of each line of the role's menu, with its key."""
    held = {entry.right for entry in role_rights() if entry.role == role}
    return {
        str(item.label): item.key
        for item in nav.items()
        if item.right is None or item.right in held
    }


def table_of(role: str) -> dict[str, str]:
    """The same as the manual tells it, from the table of the role's pages."""
    part = page_of(role).partition("## Các trang của bạn")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    assert all(len(row) == 3 and row[2] for row in rows)
    return {label: key.replace("`", "").removeprefix("g").strip(" —") for label, key, _ in rows[1:]}


@pytest.mark.parametrize("role", ROLES)
def test_each_page_of_a_roles_menu_is_in_its_manual_with_its_key(role: str) -> None:
    """A new line of a menu: write what it is for into the manual's page of each role that has it."""
    assert table_of(role) == menu_of(role)


@pytest.mark.parametrize("role", ROLES)
def test_each_roles_page_tells_steps_keys_trouble_and_english(role: str) -> None:
    text = page_of(role)
    assert text.startswith(f"# {roles()[role].name_vi}\n")
    for heading in ("Bắt đầu", "Phím tắt", "Khi có gì không ổn", "In English"):
        assert f"\n## {heading}\n" in text, heading
    assert PICTURE.search(text) and f"({role}.md)" in (MANUAL / "README.md").read_text(
        encoding="utf-8"
    )


def test_every_picture_named_is_there_every_one_there_is_named_and_each_has_words() -> None:
    pages = [path.read_text(encoding="utf-8") for path in MANUAL.glob("*.md")]
    named = [found for text in pages for found in PICTURE.findall(text)]
    assert [file for words, file in named if len(words) < 15] == []
    kept = {f"images/{path.name}" for path in IMAGES.iterdir()}
    assert {file for _, file in named} == kept
    assert {f"images/{shot.file(IMAGES, w).name}" for shot in SHOTS for w in WIDTHS} == kept


def test_the_pictures_are_small_and_of_the_two_widths() -> None:
    image = pytest.importorskip("PIL.Image")
    sizes = {path: path.stat().st_size for path in IMAGES.iterdir()}
    assert sum(sizes.values()) < 4_500_000 and max(sizes.values()) < 150_000
    for path in sizes:
        with image.open(path) as opened:
            assert str(opened.width) == path.stem.rpartition("-")[2]
