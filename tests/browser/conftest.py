"""A real browser against a real server. The world's day is held for each request, so that the walks never grow old."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Playwright, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server

from governance import clock
from governance.database import db
from tests.applications import copy_of, make_app
from tests.browser.people import Somebody
from tests.contracts.conftest import swept_template
from tests.world import World

__all__ = ["swept_template"]  # the sweep's world is walked here too
Start = Callable[[tuple[str, Path]], tuple[str, Flask]]


@pytest.fixture(scope="session")
def playwright_session() -> Iterator[Playwright]:
    """One driver for the whole run."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright_session: Playwright) -> Iterator[Browser]:
    """Debian's Chromium. A test fails where it is missing: `./check` brings it."""
    browser = playwright_session.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    )
    yield browser
    browser.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Start]:
    """Serve a copy of a template; gives the address and the application."""
    servers: list[tuple[BaseWSGIServer, threading.Thread, Flask]] = []

    def start(template: tuple[str, Path]) -> tuple[str, Flask]:
        url, instance = template
        folder = tmp_path / f"instance{len(servers)}"
        shutil.copytree(instance, folder, ignore=shutil.ignore_patterns("jobs.db*"))
        app = make_app(copy_of(url, folder), folder, TESTING=False, WTF_CSRF_ENABLED=True)
        inner = app.wsgi_app

        def held(environ: dict[str, Any], start_response: Any) -> Any:
            with clock.fixed(World.TODAY):
                return inner(environ, start_response)

        app.wsgi_app = held  # type: ignore[method-assign]
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread, app))
        return f"http://127.0.0.1:{server.server_port}", app

    yield start
    for server, thread, app in servers:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def somebody(chromium: Browser) -> Iterator[Callable[..., Somebody]]:
    """`somebody(address, "cso", "RTH01")`: a person in a browser of their own, signed in."""
    opened = []

    def open_for(address: str, role: str, code: str, **settings: Any) -> Somebody:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        opened.append(context)
        person = Somebody(context.new_page(), address, role, code)
        person.sign_in()
        return person

    yield open_for
    for context in opened:
        context.close()
