"""`flask card read FILE`: everything a model card says, and where it goes."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path

import click
from flask.cli import AppGroup

from governance.intake.cards import reader

card = AppGroup("card", help="Read CHAI Applied Model Cards.")


@card.command("read", with_appcontext=False)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def read(file: Path, as_json: bool) -> None:
    """Print every element of the model card in FILE: its path, its text, and the field it fills or why it fills none."""
    with file.open("rb") as opened:
        data = opened.read(reader.LARGEST + 1)
    try:
        read_card = reader.read_card(data)
    except reader.CardFault as fault:
        click.echo(f"{file.name}: {fault}", err=True)
        sys.exit(1)
    click.echo(_as_json(read_card) if as_json else _as_text(read_card))


def _as_json(read_card: reader.ModelCard) -> str:
    elements = [{"path": path, "text": text, "goes_to": goes} for path, text, goes in read_card.account]
    said = {"version": read_card.version, "elements": elements, "fields": read_card.fields}
    return json.dumps(said, ensure_ascii=False, indent=2)


def _as_text(read_card: reader.ModelCard) -> str:
    blocks = [f"CHAI Applied Model Card, version {read_card.version}"]
    for path, text, goes in read_card.account:
        blocks.append(f"{path}\n  → {goes}\n" + textwrap.indent(text or "(empty)", "    "))
    return "\n\n".join(blocks)
