"""The targets of the Makefile and the shell commands in a document: one must know the other."""

from __future__ import annotations

import re
from pathlib import Path


def targets(root: Path) -> list[str]:
    """The targets with a line of explanation: those meant for people."""
    text = (root / "Makefile").read_text(encoding="utf-8")
    return re.findall(r"^([a-z-]+):.*?## ", text, re.M)


def commands(page: str) -> list[str]:
    """Each line of each ``sh`` block of a Markdown page.

    >>> commands("so:\\n```sh\\nmake demo  # long\\n\\nmake test\\n```\\nand")
    ['make demo', 'make test']
    """
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S)
    lines = (line.split("  #")[0].strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line]
