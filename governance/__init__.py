"""One place where an AI tool goes from idea to retirement under the NHS AI Framework for London.

`create_app` wires the rooms in their order; nothing else knows all of them. Read `design` in the README first.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from governance import antivirus, config, keys, rooms, storage
from governance.assessment.evidence.quarantine import keep_apart
from governance.audit import receipts
from governance.audit import record as chain
from governance.database import after_commit, before_commit, db
from governance.database.transactions import listen
from governance.extensions import House, csrf, house, login, migrate
from governance.identity.actors import actor_anywhere, actor_for

TOP = Path(__file__).resolve().parent.parent


def create_app(overrides: Mapping[str, Any] | None = None, *, environ: Mapping[str, str] | None = None) -> Flask:
    """The application. `overrides` are Flask settings, for tests; anything else comes from the environment.

    Raises Fault, whose sentence names file, item and fault, when a data file or a setting is wrong.
    """
    instance = Path((overrides or {}).get("INSTANCE") or (environ or os.environ).get("INSTANCE") or TOP / "instance")
    app = Flask(
        "governance",
        instance_path=str(instance),
        template_folder=str(TOP / "templates"),
        static_folder=str(TOP / "governance" / "web" / "static"),
    )
    app.config.update(config.settings(instance, os.environ if environ is None else environ))
    app.config.update(overrides or {})
    rooms.check_data_files()
    _database(app)
    app.extensions["house"] = House(
        storage=storage.Storage(app.config["STORAGE_URL"]),
        keyring=keys.load(app.config["SIGNING_KEYS"], instance / "keys", public=app.config["PUBLIC_KEYS"]),
        actor_for=actor_for,
        actor_anywhere=actor_anywhere,
        quarantine=keep_apart,
        scanner=antivirus.scanner(app.config["CLAMD_ADDRESS"]),
    )
    if app.config["BEHIND_PROXY"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    login.init_app(app)
    csrf.init_app(app)
    rooms.init_app(app)
    return app


def _database(app: Flask) -> None:
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_pre_ping": True})
    db.init_app(app)
    migrate.init_app(app, db, directory=str(TOP / "migrations"), render_as_batch=True)
    with app.app_context():
        listen(app, db.engine)
    if not sa.event.contains(db.session, "after_flush", chain.watch):
        sa.event.listen(db.session, "after_flush", chain.watch)
    before_commit(chain.seal)
    after_commit(_receipts)


def _receipts(info: dict[str, Any]) -> None:
    for sealed in info.get("sealed", []):
        if sealed["kind"] in receipts.KINDS:
            receipts.write(house().storage, house().keyring, sealed)
