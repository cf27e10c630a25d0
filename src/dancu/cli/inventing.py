"""The work of `dancu province`: an invented province with its messy lists, and the truth about them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from dancu.cli.common import console, fail, print_json, progress_bar
from dancu.province import make, story


def invent(*, scale: float, seed: int, out: Path, on: dt.date, as_json: bool) -> None:
    """Makes the province below `out` and prints what it holds."""
    with progress_bar() as tell:
        summary = make(
            scale=scale,
            seed=seed,
            out=out,
            on=on,
            progress=lambda share, what: tell("province", share, what),
        )
    if as_json:
        print_json(summary.as_dict())
    else:
        console.print(summary.as_text(), markup=False, soft_wrap=True)


def tell_story(
    name: str, *, scale: float, seed: int, out: Path, loads: bool, as_json: bool
) -> None:
    """Makes the story below `out`, loads it where asked, and prints the figures that its records add up to."""
    from dancu.province import story_making

    try:
        story.check(name)
    except story.NoStory as error:
        raise click.UsageError(str(error)) from error
    with progress_bar() as tell:
        made = story_making.make(
            name, scale=scale, seed=seed, out=out,
            progress=lambda share, what: tell("chuyện", share, what),
        )  # fmt: skip
    if loads:
        _load(out)
    if as_json:
        print_json(made.as_dict())
    else:
        console.print(made.as_text(), markup=False, soft_wrap=True)


def _load(out: Path) -> None:
    """The lists run and everything loaded into the database of this installation."""
    from dancu.cli.execute import Job, context_of, execute, open_run, open_store
    from dancu.province import story_loading
    from dancu.site import boot, home
    from dancu.store import supervisor
    from dancu.store.register import loading

    boot.migrate()
    dsn = supervisor.ensure(home.folder()).dsn
    if loading.is_loaded(dsn):
        fail(
            "Kho dân cư đã có dữ liệu: chuyện chỉ nạp vào cơ sở dữ liệu trống (DANCU_HOME khác).\n"
            "The register holds data: a story is loaded into an empty database (another DANCU_HOME)."
        )
    job = Job((out / "lists",), out / "run", story.DAY, test_people=True, until="score")
    with open_store(job.out) as store:
        execute(job, store)
    context, _ = context_of(job.out)
    with progress_bar() as tell, open_run(job.out) as store:
        origin = loading.Origin(store, story.DAY, True, context.sources, "story")
        story_loading.load(
            dsn, origin, out / "dossiers", progress=lambda what, share: tell("nạp", share, what)
        )
