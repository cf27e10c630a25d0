"""The wheel holds the whole package, data included, and works in an empty environment."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    return next(out.glob("*.whl"))


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        licences = {Path(name).name for name in archive.namelist() if "/licenses/" in name}
    files = (path for path in (ROOT / "src").rglob("*") if path.is_file())
    made = {"__pycache__"}
    wanted = {p.relative_to(ROOT / "src").as_posix() for p in files if not made & set(p.parts)}
    assert held == wanted
    assert licences == {"LICENSE", "NOTICE"}


@pytest.mark.slow
def test_it_installs_into_an_empty_environment_and_runs(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python, program = home / "bin" / "python", home / "bin" / "dancu"
    lock = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements.txt")]
    for what in (lock, ["--no-deps", str(wheel)]):
        subprocess.run([python, "-m", "pip", "install", "-qq", *what], check=True, cwd=tmp_path)
    shown = subprocess.run([program, "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert shown.returncode == 0 and "dancu" in shown.stdout
    data = "from importlib.resources import files; print(files('dancu.reference').joinpath("
    found = [python, "-I", "-c", data + "'data/fields.csv').read_text()[:5])"]
    assert subprocess.run(found, cwd=tmp_path, capture_output=True, text=True).stdout.strip()
