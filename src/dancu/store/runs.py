"""A run's folder on disk: one folder a stage, one Parquet file (or folder of parts) a table, one manifest."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dancu.store.errors import StoreError

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class RunFolder:
    """`engine.pipeline.RunFolder` on a directory."""

    root: Path

    def table(self, stage: str, name: str) -> Path:
        """The path of a stage's table: its folder of parts where there is one."""
        parts = self.root / stage / name
        return parts if parts.is_dir() else self.root / stage / f"{name}.parquet"

    def part(self, stage: str, name: str, part: str) -> Path:
        """The path of one part of a stage's table."""
        return self.root / stage / name / f"{part}.parquet"

    def has_table(self, stage: str, name: str) -> bool:
        """Whether that table, or a part of it, was written."""
        path = self.table(stage, name)
        return any(path.glob("*.parquet")) if path.is_dir() else path.is_file()

    def clear(self, stage: str) -> None:
        """Remove what an earlier run left in a stage; the folder is the owner's alone."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        shutil.rmtree(self.root / stage, ignore_errors=True)

    def read_manifest(self) -> dict[str, Any]:
        """The manifest as last written; empty for a new run."""
        path = self.root / MANIFEST
        if not path.is_file():
            return {}
        try:
            found = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise StoreError(
                f"Tệp {path} bị hỏng. Hãy xóa thư mục lần chạy này và chạy lại."
            ) from error
        return dict(found)

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Replace the manifest, whole or not at all."""
        self.root.mkdir(parents=True, exist_ok=True)
        partial = self.root / f"{MANIFEST}.partial"
        partial.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
        partial.replace(self.root / MANIFEST)
