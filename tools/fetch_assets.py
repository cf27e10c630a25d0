"""The site's foreign assets, taken from npm packages: versions are named here, hashes in ASSETS.csv.

``python tools/fetch_assets.py`` packs each package into a scratch folder, copies the files named below
into ``src/dancu/site/static/vendor``, builds the sprite of the icons in ``icons.txt`` and writes
ASSETS.csv. Needs npm; nothing else of the product does. A test compares the files with ASSETS.csv.
"""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/dancu/site/static/vendor"
ICONS = ROOT / "src/dancu/platform/ui/icons.txt"
TEST_ASSETS = ROOT / "tests/web/assets"
TABLER, HTMX, TABLER_ICONS = "@tabler/core@1.6.1", "htmx.org@2.0.11", "@tabler/icons@3.52.0"
FONT, AXE = "@fontsource/be-vietnam-pro@5.3.0", "axe-core@4.14.1"
# The design that Liberation Serif 2 is made from, as wide as Times New Roman: for documents, which need whole fonts.
SERIF, PRINT = "@expo-google-fonts/tinos@0.4.2", ROOT / "src/dancu/store/fonts"

FILES: list[tuple[str, str, Path]] = [
    (TABLER, "dist/css/tabler.min.css", VENDOR / "tabler.min.css"),
    (HTMX, "dist/htmx.min.js", VENDOR / "htmx.min.js"),
    (HTMX, "LICENSE", VENDOR / "LICENSE.htmx"),
    (TABLER_ICONS, "LICENSE", VENDOR / "LICENSE.tabler-icons"),
    (FONT, "LICENSE", VENDOR / "LICENSE.be-vietnam-pro"),
    (SERIF, "LICENSE_FONT", PRINT / "LICENSE.tinos"),
    (SERIF, "400Regular/Tinos_400Regular.ttf", PRINT / "Tinos-Regular.ttf"),
    (SERIF, "400Regular_Italic/Tinos_400Regular_Italic.ttf", PRINT / "Tinos-Italic.ttf"),
    (SERIF, "700Bold/Tinos_700Bold.ttf", PRINT / "Tinos-Bold.ttf"),
    (SERIF, "700Bold_Italic/Tinos_700Bold_Italic.ttf", PRINT / "Tinos-BoldItalic.ttf"),
    (AXE, "axe.min.js", TEST_ASSETS / "axe.min.js"),
    (AXE, "LICENSE", TEST_ASSETS / "LICENSE.axe-core"),
    *(
        (FONT, f"files/{name}", VENDOR / name)
        for part in ("latin", "vietnamese")
        for weight in (400, 500, 600)
        for name in [f"be-vietnam-pro-{part}-{weight}-normal.woff2"]
    ),
]


def unpacked(package: str, scratch: Path) -> Path:
    """The folder of one npm package, packed by npm and unpacked without running any of its scripts."""
    folder = scratch / re.sub(r"\W", "_", package)
    if not folder.is_dir():
        folder.mkdir()
        subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True
        )
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def stripped(data: bytes) -> bytes:
    """Without the comment that names a source map: the map is not here, and browsers ask for it."""
    return re.sub(rb"(?:/\*|//)# sourceMappingURL=[^\n*]*(?:\*/)?\n?", b"", data)


def sprite(icons: Path) -> bytes:
    """One SVG with a symbol for every name in icons.txt."""
    symbols = []
    for name in ICONS.read_text(encoding="utf-8").split():
        text = (icons / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        paths = "".join(re.findall(r"<path[^>]*/>", text))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{paths}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def main() -> int:
    """Fetch, copy, hash."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for package, inside, target in FILES:
            given = (unpacked(package, scratch) / inside).read_bytes()
            kept = stripped(given)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(kept)
            rows.append((target, package, inside, given, kept))
        icons = sprite(unpacked(TABLER_ICONS, scratch))
        (VENDOR / "icons.svg").write_bytes(icons)
        rows.append((VENDOR / "icons.svg", TABLER_ICONS, "icons/outline/*.svg", icons, icons))
    with (VENDOR / "ASSETS.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "package", "path_in_package", "sha256_in_package", "sha256"])
        for target, package, inside, given, kept in rows:
            hashes = [hashlib.sha256(data).hexdigest() for data in (given, kept)]
            writer.writerow([target.relative_to(ROOT).as_posix(), package, inside, *hashes])
    print(f"{len(rows)} files, {sum(len(row[4]) for row in rows) // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
