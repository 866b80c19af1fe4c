"""`flask policy explain`: what policy asks for a set of facts, in sentences."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from governance.errors import Fault
from governance.lifecycle import Stage, SubmissionKind
from governance.policy import loader, rules
from governance.policy.explain import explain
from governance.policy.schema import Policy

policy_commands = AppGroup("policy", help="Read the policy: what must be shown and who must agree.")

_STAGES = click.Choice([stage.value for stage in Stage])


@policy_commands.command("explain", with_appcontext=False)
@click.argument("stage", type=_STAGES, required=False)
@click.option("--stage", "stage_option", type=_STAGES, help="The same as STAGE.")
@click.option("--from", "stage_from", type=_STAGES, help="The stage it is at, so that skipped stages count.")
@click.option("--fact", "given", multiple=True, metavar="CODE=VALUE", help="A triage fact, such as direct_care=yes.")
@click.option("--facts", "given_together", multiple=True, metavar="LIST", help="Facts in one word, parted by commas.")
@click.option("--kind", type=click.Choice([kind.value for kind in SubmissionKind]), default="progress")
@click.option("--first-of-kind", is_flag=True, help="No assured deployment of the same tool and use case in the ICS.")
@click.option("--version", default=loader.CURRENT, show_default=True, help="The policy version.")
def explain_command(
    stage: str | None,
    stage_option: str | None,
    stage_from: str | None,
    given: tuple[str, ...],
    given_together: tuple[str, ...],
    kind: str,
    first_of_kind: bool,
    version: str,
) -> None:
    """Print what policy asks for STAGE and why: tier, what must be shown, who must agree, what stops it, how long it lasts.

    Each line says on what it rests; a default of ours is called one. A fact not given counts as its mildest value, and the
    output says so.
    """
    try:
        policy = loader.policy(version)
    except Fault as fault:
        raise click.ClickException(str(fault)) from fault
    asked = stage or stage_option
    if asked is None:
        raise click.UsageError(f"Name the stage asked for: {', '.join(each.value for each in Stage)}.")
    together = [pair for said in given_together for pair in said.split(",") if pair]
    facts = _facts(policy, (*together, *given))
    taken = [
        row for row in policy.facts if row.code not in {pair.split("=")[0].strip() for pair in (*together, *given)}
    ]
    for line in explain(
        policy,
        facts,
        Stage(asked),
        stage_from=Stage(stage_from) if stage_from else None,
        kind=SubmissionKind(kind),
        first_of_kind=first_of_kind,
    ):
        click.echo(line)
    if taken:
        click.echo("Facts not given, taken as:")
    for row in taken:
        click.echo(f"  {row.label}: {policy.fact_label(row.code, facts[row.code])}")


def _facts(policy: Policy, given: tuple[str, ...]) -> dict[str, str]:
    """The facts of the command line over the mildest ones. Refuses a word the policy does not know."""
    facts = {row.code: row.mildest for row in policy.facts}
    for pair in given:
        code, _, value = (part.strip() for part in pair.partition("="))
        if code not in facts:
            raise click.BadParameter(f"There is no fact “{code}”. Facts: {', '.join(facts)}.", param_hint="--fact")
        facts[code] = value
        if any(blocker.code == f"triage.{code}" for blocker in rules.triage_blockers(facts, policy)):
            known = ", ".join(choice.code for choice in policy.fact(code).values)
            raise click.BadParameter(f"The fact “{code}” cannot be “{value}”. Values: {known}.", param_hint="--fact")
    return facts
