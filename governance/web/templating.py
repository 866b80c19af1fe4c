"""Templates: the NHS.UK macros, escaping, and the filters pages write with.

The NHS.UK macros lean on undefined values, so they live in an environment of their own where an undefined value chains.
Our own templates then need not: a name misspelt in one raises when tests or a developer render it, and is logged, with an
empty string in its place, when a member of the public would otherwise meet an error page. Templates import macros
as the NHS writes it: `{% from "nhsuk/components/button/macro.jinja" import button %}`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    PackageLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    make_logging_undefined,
)
from markupsafe import Markup, escape

from governance.pictures import draw
from governance.web import wording


class Misspelt(StrictUndefined):
    """An undefined value that may be asked whether it is there (`{% if hint %}`), but not printed, looped over or used."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # the parent never answers
        return False


def autoescape(name: str | None) -> bool:
    """Everything is escaped except the plain text of mail. A template without a name (from a string) is escaped."""
    return not (name is not None and name.startswith("emails/") and name.endswith(".txt"))


@cache
def _nhsuk() -> Environment:
    return Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"),
        undefined=ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class _NhsukMacros(BaseLoader):
    """Hands `nhsuk/…` out of the macros' own environment, whoever asks."""

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        if not name.startswith("nhsuk/"):
            raise TemplateNotFound(name)
        return _nhsuk().get_template(name)

    def list_templates(self) -> list[str]:
        return _nhsuk().list_templates()


@cache
def _macro(path: str, name: str) -> Any:
    return getattr(_nhsuk().get_template(f"nhsuk/components/{path}/macro.jinja").module, name)


def component(path: str, params: Mapping[str, Any]) -> Markup:
    """One NHS.UK component as HTML, for Python code. `path` is the component's folder, such as `date-input`.

    Text parameters are escaped by the macro; pass `html` ones only as Markup made elsewhere by escaping.
    """
    first, *rest = path.split("-")
    return Markup(_macro(path, first + "".join(word.title() for word in rest))(dict(params)))  # noqa: S704  the macro escapes


def paragraphs(text: str | None) -> Markup:
    """Plain text as escaped paragraphs: a blank line parts them, a single line end becomes a line break."""
    blocks = [block for block in (text or "").replace("\r\n", "\n").split("\n\n") if block.strip()]
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in block.strip().split("\n")))
        for block in blocks
    )


@cache
def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def asset(filename: str) -> str:
    """The address of a static file, with a mark that changes when the file does, so that it may be kept for a year.

    A file is read once in a process: a new release is a new process.
    """
    static = current_app.static_folder or ""
    return f"{request.script_root}{current_app.static_url_path}/{filename}?v={_digest(f'{static}/{filename}')}"


FILTERS = {
    "date": wording.long_date,
    "month": wording.month,
    "datetime": wording.moment,
    "plural": wording.plural,
    "number": wording.number,
    "listed": wording.listed,
    "code8": wording.check_code,
    "file_size": wording.file_size,
    "starting_small": wording.starting_small,
    "paragraphs": paragraphs,
}


def configure(app: Flask) -> None:
    """Set up the application's templates. Call after `app.testing` and `app.debug` are set and before a page is rendered."""
    env = app.jinja_env
    strict = app.testing or app.debug
    env.undefined = Misspelt if strict else make_logging_undefined(app.logger, ChainableUndefined)
    env.autoescape = autoescape
    env.loader = ChoiceLoader([_NhsukMacros(), *([env.loader] if env.loader else [])])
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(FILTERS)
    env.globals["asset"] = asset
    env.globals["draw"] = draw
