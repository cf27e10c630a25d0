"""The verbs of the web site: migrate, serve, admin. Declarations only."""

from __future__ import annotations

from pathlib import Path

import click

from dancu.cli.common import SOME_RUN
from dancu.cli.guard import Verb


@click.command(cls=Verb, short_help="Lập hoặc nâng cấp cơ sở dữ liệu. Make or update the database.")
def migrate() -> None:
    """Lập vai trò, bảng và quyền của cơ sở dữ liệu; chạy lại nhiều lần không sao.

    Makes the database's roles, tables and grants; running it again changes nothing.

    \b
    Ví dụ: dancu migrate
    """
    from dancu.site import boot

    boot.migrate()
    click.echo("Cơ sở dữ liệu đã sẵn sàng. (The database is ready.)")


@click.command(cls=Verb, short_help="Nạp một lần chạy vào sổ dân cư. Load a run into the register.")
@click.argument("run_folder", metavar="RUN", type=SOME_RUN)
@click.option("--database", default=None, metavar="URL",
              help="Cơ sở dữ liệu (mặc định: DATABASE_URL, hoặc của dancu). The database.")  # fmt: skip
@click.option("--changes", "only_changes", is_flag=True,
              help="Chỉ ghi những dòng mới hoặc khác so với sổ. Only rows that are new or differ.")  # fmt: skip
@click.option("--replace", is_flag=True,
              help="Với --changes: dòng không còn trong tệp thì bỏ. Rows gone from a file go.")  # fmt: skip
def load(run_folder: Path, database: str | None, only_changes: bool, replace: bool) -> None:
    """Nạp một lần chạy đã xong vào sổ dân cư sống; tự nâng cấp cơ sở dữ liệu. Sổ đã có người thì cần --changes.

    Loads a finished run into the register; migrates by itself. One with people in it needs --changes.

    \b
    Ví dụ: dancu load var/runs/demo
    Ví dụ: dancu load var/runs/thang_7 --changes
    """
    from dancu.cli import registering

    registering.load(run_folder, database=database, only_changes=only_changes, whole=replace)


@click.command(cls=Verb, short_help="Chạy trang web. Run the web site.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Địa chỉ. Address to listen on."
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Cổng. Port."
)
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True,
              help="Số luồng phục vụ. Threads that answer.")  # fmt: skip
@click.option(
    "--demo", is_flag=True, help="Lập và in tài khoản mẫu. Make and print sample accounts."
)
def serve(host: str, port: int, threads: int, demo: bool) -> None:
    """Chạy trang web cho tới khi dừng (Ctrl-C); tự khởi động PostgreSQL và nâng cấp cơ sở dữ liệu.

    Runs the web site until it is stopped; starts PostgreSQL and migrates by itself.

    \b
    Ví dụ: dancu serve --port 8080
    """
    from dancu.site import boot

    if demo:
        from dancu.cli.registering import load_demo
    boot.serve(
        host=host, port=port, demo=demo, threads=threads, fill=load_demo if demo else None
    )  # fmt: skip


@click.command(cls=Verb, short_help="Chạy việc nền. Do background jobs.")
def worker() -> None:
    """Làm các việc nền (nạp danh sách, gửi thông báo …) cho tới khi dừng; chạy cạnh dancu serve.

    Does background jobs until it is stopped; runs beside dancu serve.

    \b
    Ví dụ: dancu worker
    """
    from dancu.site import boot

    boot.work()


@click.group(short_help="Việc của người quản trị. For administrators.")
def admin() -> None:
    """Việc của người quản trị, làm tại máy chủ.

    For administrators, at the console of the server.

    \b
    Ví dụ: dancu admin recover lan.nt
    """


@admin.command(cls=Verb, short_help="Cấp lại lối vào cho quản trị. A way in for an administrator.")
@click.argument("username")
@click.option("--create", is_flag=True,
              help="Lập tài khoản quản trị nếu chưa có. Make the administrator if there is none.")  # fmt: skip
def recover(username: str, create: bool) -> None:
    """Đặt lại mật khẩu và mã xác thực, mở khoá; mật khẩu đầu được in ra, phải đổi khi đăng nhập.

    Resets password and second factor and unlocks; prints the first password, to be changed at log-in.

    \b
    Ví dụ: dancu admin recover lan.nt --create
    """
    from dancu.site import boot

    first = boot.recover(username, create=create)
    click.echo(f"{username}: {first}")
