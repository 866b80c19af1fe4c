"""huey behind the job table: SQLite by default, PostgreSQL or Redis for a region. Nothing else names it."""

from typing import Any

from flask import Flask, current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from governance import clock
from governance.database import read_only
from governance.errors import Fault
from governance.jobs import queue, schedule


def open_engine(url: str) -> Huey:
    """The engine for JOBS_URL: sqlite:///path, postgresql://…, redis://…"""
    scheme = url.split(":", 1)[0]
    if scheme == "sqlite":
        return SqliteHuey("governance", filename=url.removeprefix("sqlite:///"), fsync=True)
    if scheme == "postgresql":
        return PostgresHuey("governance", dsn=url)
    if scheme in ("redis", "rediss"):
        return RedisHuey("governance", url=url)
    raise Fault(file="JOBS_URL", item=scheme, fault="must begin with sqlite, postgresql or redis")


def init_app(app: Flask) -> None:
    """Open the engine and tell it how to run a job and sweep for lost ones."""
    huey = open_engine(app.config["JOBS_URL"])

    @huey.task(retries=queue.ATTEMPTS - 1, retry_delay=5)
    def run_job(job_id: int) -> None:
        with app.app_context():
            queue.run(job_id)

    @huey.periodic_task(crontab(minute="*"))
    def sweep() -> None:
        with app.app_context():
            hand_over_lost()
            schedule.tick(clock.now())

    app.extensions["jobs"] = {"huey": huey, "run": run_job}


def hand_over(info: dict[str, Any]) -> None:
    """After a commit: hand the jobs written in it to the engine. What fails here the sweeper finds."""
    for job_id in info.get("jobs", []):
        current_app.extensions["jobs"]["run"](job_id)


def hand_over_lost() -> int:
    """Hand jobs over again whose worker is gone; returns how many."""
    with read_only():
        ids = queue.lost(clock.now())
    for job_id in ids:
        current_app.extensions["jobs"]["run"](job_id)
    return len(ids)


def work(app: Flask, workers: int, *, sweeps: bool = True) -> None:
    """Run the worker until it is told to stop. On extra machines `sweeps` is False."""
    consumer: Consumer = app.extensions["jobs"]["huey"].create_consumer(
        workers=workers, worker_type="process", periodic=sweeps, initial_delay=0.1, max_delay=1.0
    )
    consumer.run()


