"""``python -m bench NAME [--scale S]``: runs ``main(scale)`` of ``bench/NAME.py``."""

import argparse
import importlib
import sys
from pathlib import Path

HOUSE = {"__init__", "__main__", "harness", "launcher"}


def names() -> list[str]:
    """The benches there are: every module beside this one with a ``main(scale)``."""
    folder = Path(__file__).parent
    return sorted(
        p.stem
        for p in folder.glob("*.py")
        if p.stem not in HOUSE and "\ndef main(scale" in p.read_text(encoding="utf-8")
    )


def main(argv: list[str]) -> int:
    """Run one bench; exit code 2 for an unknown name."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", help=f"one of: {', '.join(names()) or '(none yet)'}")
    parser.add_argument(
        "--scale", type=float, default=None, help="the bench's own default if unset"
    )
    given = parser.parse_args(argv)
    if given.name not in names():
        parser.error(f"no bench {given.name!r}; there are: {', '.join(names()) or '(none yet)'}")
    module = importlib.import_module(f"bench.{given.name}")
    if given.scale is None:
        module.main()
    else:
        module.main(given.scale)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
