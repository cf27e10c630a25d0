"""``make check``: everything that can be held without running the product.

``python tools/check.py [NAME…]`` runs all checks, or the named ones, and closes with a line of
how many passed and failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
LONGEST = 500
# Written in pieces, so that this file does not find itself.
_MACHINE = re.compile(r"(?<![\w.])/(?:wor" + r"k|ro" + r"ot|ho" + r"me/\w+|Use" + r"rs/\w+)/")
_REGISTRY = re.compile(
    r"pypi" + r"\.org|python" + r"hosted|registry\.npm" + r"js|deb\.deb" + r"ian", re.I
)


def _tool(*argv: str) -> Callable[[], list[str]]:
    def run() -> list[str]:
        env = dict(os.environ) | {"PYTHONPATH": "src"}
        done = subprocess.run(
            [str(Path(sys.executable).parent / argv[0]), *argv[1:]],
            cwd=ROOT, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return (done.stdout + done.stderr).splitlines() if done.returncode else []

    return run


def tracked(*suffixes: str) -> list[Path]:
    """The files under version control (all files beside ``var`` and ``.venv`` without git)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    paths = [ROOT / name for name in names if name] or list((ROOT / "src").rglob("*"))
    return [p for p in paths if p.is_file() and (not suffixes or p.suffix in suffixes)]


def lock() -> list[str]:
    """The locks hold hashes for every package and no address."""
    found = [
        f"{path.relative_to(ROOT)} holds an address"
        for path, text in _texts(tracked(".json"))
        if path.name == "package-lock.json" and "://" in text
    ]
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        if "://" in text or re.search(r"^(?:-i|--(?:extra-)?index)", text, re.M):
            found.append(f"{name} holds an address")
        packages = re.findall(r"^[A-Za-z0-9][^\n]*(?:\n[ \t][^\n]*)*", text, re.M)
        found += [
            f"{name}: no hash for {p.split()[0]}" for p in packages if "--hash=sha256:" not in p
        ]
    return found


def paths() -> list[str]:
    """No path of one machine and no registry's name in a file."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path, text in _texts(tracked())
        for number, line in enumerate(text.splitlines(), 1)
        if _MACHINE.search(line) or _REGISTRY.search(line)
    ]


def lengths() -> list[str]:
    """No source file is longer than a sitting."""
    long = {p: text.count("\n") for p, text in _texts(tracked(".py")) if text.count("\n") > LONGEST}
    return [
        f"{p.relative_to(ROOT)}: {lines} lines (at most {LONGEST})" for p, lines in long.items()
    ]


CHECKS: dict[str, Callable[[], list[str]]] = {
    "format": _tool("ruff", "format", "--check", "--output-format=concise", "."),
    "style": _tool("ruff", "check", "--output-format=concise", "."),
    "types": _tool("mypy"),
    "imports": _tool("lint-imports", "--config", "importlinter.ini"),
    "docs": _tool("python", "tools/generate.py", "--check"),
    "lock": lock,
    "paths": paths,
    "lengths": lengths,
}


def main(names: list[str]) -> int:
    """Run the checks; exit code 1 when one failed."""
    failed = 0
    for name in names or CHECKS:
        said = CHECKS[name]()
        failed += bool(said)
        print(f"{name}: {'FAILED' if said else 'ok'}", flush=True)
        print("".join(f"    {line}\n" for line in said[:200]), end="")
    print(f"check: {len(names or CHECKS) - failed} passed, {failed} failed")
    return int(failed > 0)


def _texts(files: Iterable[Path]) -> Iterable[tuple[Path, str]]:
    for path in files:
        data = path.read_bytes()
        if b"\0" not in data[:8192]:
            yield path, data.decode("utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
