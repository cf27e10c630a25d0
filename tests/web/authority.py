"""A real time-stamp authority for tests: a certificate of our own, answers by `openssl ts`, a small HTTP server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIG = """
[req]
distinguished_name = dn
prompt = no
x509_extensions = ext
[dn]
CN = {name}
[ext]
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
crypto_device = builtin
"""


@dataclass
class Authority:
    """Where it listens, its certificate, how often it was asked; `down`: it answers 503."""

    url: str
    certificate: Path
    asked: int = 0
    down: bool = False
    wrong: bytes | None = None
    """Answered instead of a stamp."""
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def authority(
    folder: Path, name: str = "Dấu thời gian thử", curve: bool = False
) -> Iterator[Authority]:
    """An authority that runs until the end of the block."""
    config, key, certificate = (folder / n for n in ("tsa.cnf", "tsa.key", "tsa.pem"))
    config.write_text(_CONFIG.format(folder=folder, name=name), "utf-8")
    (folder / "serial").write_text("01")
    curved = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    kind = curved if curve else ["-newkey", "rsa:2048"]
    _openssl("req", "-x509", *kind, "-nodes", "-sha256", "-days", "2", "-utf8", "-config", config,
             "-keyout", key, "-out", certificate)  # fmt: skip

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            told = made.wrong or b""
            with made.lock:
                made.asked += 1
                if not made.down and not told:
                    told = _reply(folder, asked)
            self.send_response(503 if made.down else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        made = Authority(f"http://127.0.0.1:{server.server_port}/", certificate)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def _reply(folder: Path, asked: bytes) -> bytes:
    (folder / "q.tsq").write_bytes(asked)
    signer = (
        "-signer",
        folder / "tsa.pem",
        "-inkey",
        folder / "tsa.key",
        "-config",
        folder / "tsa.cnf",
    )
    _openssl(
        "ts",
        "-reply",
        "-queryfile",
        folder / "q.tsq",
        *signer,
        "-section",
        "one",
        "-out",
        folder / "a.tsr",
    )
    return (folder / "a.tsr").read_bytes()


def _openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
