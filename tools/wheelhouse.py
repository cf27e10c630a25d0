"""Everything that a machine without a network needs to install dancu: ``make wheelhouse`` fills ``dist/wheelhouse``.

Our own wheel, the wheels of the lock (each with the hash that the lock holds), ``requirements.txt`` with all hashes,
and ``SHA256SUMS`` over the folder, which is read after the USB stick has arrived.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Fill the folder anew."""
    target = ROOT / "dist" / "wheelhouse"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    lock = ROOT / "requirements.txt"
    pip = [sys.executable, "-m", "pip"]
    subprocess.run(
        [*pip, "download", "-q", "--require-hashes", "--only-binary", ":all:", "-r", str(lock), "-d", str(target)],
        check=True,
    )  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    (ours,) = target.glob("dancu-*.whl")
    line = f"{ours.name.split('-')[0]}=={ours.name.split('-')[1]} --hash=sha256:{_digest(ours)}\n"
    (target / "requirements.txt").write_text(
        lock.read_text(encoding="utf-8") + line, encoding="utf-8"
    )
    sums = [f"{_digest(file)}  {file.name}\n" for file in sorted(target.iterdir())]
    (target / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    size = sum(file.stat().st_size for file in target.iterdir())
    print(f"{target.relative_to(ROOT)}: {len(sums)} files, {size / 1e6:.0f} MB")
    return 0


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
