"""``make db`` and ``make db-stop``: the PostgreSQL of this checkout."""

import sys
from pathlib import Path

from dancu.store import supervisor
from dancu.store.errors import StoreError

ROOT = Path(__file__).resolve().parent.parent


def start() -> None:
    """Start (or find) the server and say how to connect; the password is never printed."""
    server = supervisor.ensure(ROOT)
    print(f"PostgreSQL {server.version}: {server.public_dsn}")
    if server.password_file is None:
        print("from DATABASE_URL; nothing was started")
        return
    file = server.password_file.relative_to(ROOT)
    print(f"mật khẩu / password: {file}")
    print(f'psql: PGPASSWORD="$(cat {file})" {server.bin_dir}/psql "{server.public_dsn}"')


def stop() -> None:
    """Stop the server of this checkout, if it runs."""
    print(
        "PostgreSQL đã dừng / stopped"
        if supervisor.stop(ROOT)
        else "PostgreSQL không chạy / not running"
    )


def destroy() -> None:
    """Stop it and delete its data and password."""
    supervisor.destroy(ROOT)


def main(verb: str) -> int:
    """``start``, ``stop`` or ``destroy`` (the data too: part of ``make clean``)."""
    verbs = {"start": start, "stop": stop, "destroy": destroy}
    try:
        verbs[verb]()
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
