"""No tracked file holds a personal number that a living person can have."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from dancu.formats import personal_number

ROOT = Path(__file__).resolve().parents[2]
_TWELVE = re.compile(rb"(?<![0-9a-fA-F.])[0-9]{12}(?![0-9a-fA-F])")
_LAST_BIRTH_YEAR = 2026
# Hashes of packages; nothing there is written by us.
_NOT_OURS = ("requirements.txt", "requirements-dev.txt")


def _tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and name not in _NOT_OURS]


def _could_be_somebody(number: str) -> bool:
    if not personal_number.is_valid(number):
        return False
    return personal_number.parse(number).birth_year <= _LAST_BIRTH_YEAR


def test_no_file_holds_a_number_that_somebody_can_have() -> None:
    """Examples are born in 2099, or registered in a test province (9xx)."""
    found = {
        f"{path.relative_to(ROOT)}: {number.decode()}"
        for path in _tracked()
        if path.is_file()
        for number in _TWELVE.findall(path.read_bytes())
        if _could_be_somebody(number.decode())
    }
    assert sorted(found) == []


def test_the_check_sees_a_number_of_a_living_person() -> None:
    assert _could_be_somebody("0240" + "90" + "123456")
    assert not _could_be_somebody("024299000001")
    assert not _could_be_somebody("924090123456")
