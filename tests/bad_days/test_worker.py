"""The worker is killed in the middle of a job: the job is taken up again, and health says how it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from asgiref.sync import async_to_sync
from tests.web.process import environment

from dancu.platform.running import tasks
from dancu.site import health
from dancu.store import pg_process

JOB = "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', %s, 'todo') RETURNING id"


def test_a_job_of_a_killed_worker_is_put_back_and_done_by_the_next(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANCU_EXPECT_WORKER", "1")
    given = environment(site, DANCU_HOME=str(tmp_path))
    command = [str(Path(sys.executable).parent / "dancu"), "worker"]
    with psycopg.connect(site, autocommit=True) as con:
        ask = lambda query, *given: con.execute(query, given).fetchall()  # noqa: E731
        ((before,),) = ask("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        assert health.examine()["worker"] == "gone"
        first = subprocess.Popen(command, env=given, stderr=subprocess.DEVNULL)
        assert pg_process.wait_until(lambda: health.examine()["worker"] == "ok", seconds=40)
        ((mine,),) = ask("SELECT max(id) FROM procrastinate_workers")
        first.kill()
        first.wait()
        # What it was doing when it died.
        ((job,),) = ask(JOB, "dancu.platform.running.tasks.requeue")
        con.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, args = '{\"timestamp\": 0}' WHERE id = %s",
            [mine, job],
        )
        con.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"
        )
        assert health.examine()["worker"] == "gone"
        assert async_to_sync(tasks.put_back)() >= 1  # it may have died in one of its own, too
        state = "SELECT status::text FROM procrastinate_jobs WHERE id = %s"
        assert ask(state, job) == [("todo",)]
        with subprocess.Popen(command, env=given, stderr=subprocess.DEVNULL) as second:
            try:
                assert pg_process.wait_until(
                    lambda: ask(state, job) == [("succeeded",)], seconds=40
                )
            finally:
                second.terminate()
                assert second.wait(timeout=30) in (0, 143, -15)
        con.execute("DELETE FROM procrastinate_periodic_defers")
        con.execute("DELETE FROM procrastinate_jobs WHERE id > %s", [before])
        con.execute("DELETE FROM procrastinate_workers")
