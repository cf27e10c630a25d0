"""``make serve``: the report of the last run, on this machine only.

Only the report page is handed out (worklists name people and stay files), only on the loopback
address, and only to requests for that address: a page elsewhere cannot reach it under a name.
"""

import argparse
import sys
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


def last_report(runs: Path) -> Path | None:
    """The youngest ``report.html`` below ``runs``."""
    found = sorted(runs.glob("**/report.html"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


class OneFile(BaseHTTPRequestHandler):
    """Answers ``/`` with one HTML file and everything else with 404."""

    def __init__(self, *args: object, file: Path) -> None:
        self.file = file
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """The page, or 404."""
        name = self.headers.get("Host", "").rpartition(":")[0]
        if self.path != "/" or name not in (HOST, "localhost"):
            self.send_error(404)
            return
        body = self.file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def server(file: Path, port: int) -> ThreadingHTTPServer:
    """A server of ``file`` on the loopback address; port 0 takes a free one."""
    return ThreadingHTTPServer((HOST, port), partial(OneFile, file=file))


def main(argv: list[str]) -> int:
    """Serve until interrupted; exit code 1 when there is no report yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--runs", type=Path, default=ROOT / "var" / "runs")
    given = parser.parse_args(argv)
    file = last_report(given.runs)
    if file is None:
        print(
            "Chưa có báo cáo nào. Chạy: make demo / no report yet: run make demo", file=sys.stderr
        )
        return 1
    with server(file, given.port) as running:
        print(f"{file}\nhttp://{HOST}:{running.server_port}/  (Ctrl-C: dừng / stop)", flush=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
