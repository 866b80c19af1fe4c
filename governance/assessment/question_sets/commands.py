"""`flask question-sets`: what is published, counted, and every way through it; and how much each route asks.

Exit 1 with one sentence on a fault, or where a route asks more than its target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from governance.assessment.question_sets import burden, loader, overlap_table, paths
from governance.assessment.question_sets.faults import ContentFault
from governance.assessment.question_sets.schema import QuestionSet
from governance.errors import Fault
from governance.policy import loader as policies
from governance.policy.schema import Policy, RouteRow

question_sets = AppGroup("question-sets", help="The published question sets.")


@question_sets.command("check", with_appcontext=False)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=loader.PUBLISHED,
    help="Check the files in this folder instead of the published ones.",
)
def check(folder: Path) -> None:
    """Check every question set and print its counts, its sections and every way through it."""
    try:
        found = loader.all_question_sets(folder)
        table = overlap_table.table() if folder == loader.PUBLISHED else None
    except ContentFault as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(1) from None
    for each in found:
        click.echo("\n".join(_lines(each)))
        click.echo()
    if table is not None:
        click.echo(f"{table.code}  {table.title}: {_many(len(table.rows), 'overlap')}, {len(table.alone)} questions alone")
        click.echo()
    click.echo(
        f"{_many(len(found), 'question set')}, no faults: no duplicate codes, dangling routes or unreachable questions."
    )


@question_sets.command("routes", with_appcontext=False)
@click.option("--version", default=policies.CURRENT, show_default=True, help="The policy version.")
def routes(version: str) -> None:
    """Print how many questions each route asks at each stage, and whether its target is met."""
    try:
        policy = policies.policy(version)
        lines = [line for route in reversed(policy.routes) for line in _route(policy, route)]
    except Fault as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(1) from None
    click.echo(f"{policy.version}: questions for the organisation’s own people. The sheets of the tool stand beside.")
    click.echo("\n".join(lines))
    if burden.over_target(policy):
        raise SystemExit(1)


def _route(policy: Policy, route: RouteRow) -> Iterator[str]:
    """The lines of one route: each stage with its typical number, the most, the tool's, and what they are made of."""
    steps = burden.steps(policy, route.tier)
    yield f"\n{route.label} ({route.tier} tier)"
    for step in steps:
        numbers = f"{step.typical.total:>4} typical, {step.most.total:>4} at most, {step.tool.total:>4} of the tool"
        yield f"  {step.stage.label:<18}{numbers}"
        made_of = [f"{code} {number}" for code, number in step.most.questions.items()]
        made_of += [f"{code} {number} (voluntary, not counted)" for code, number in step.most.voluntary.items()]
        made_of += [f"{code} (not published yet)" for code in step.most.unpublished]
        yield f"      asked:   {', '.join(made_of) or 'no questions'}"
        yield f"      besides: {', '.join(step.most.besides) or 'nothing'}"
    target, most = burden.TARGETS.get(route.tier), max(step.most.total for step in steps)
    if target is not None:
        yield f"  Target: {target} at most. It asks {most}: {'met' if most <= target else 'not met'}."


def _lines(each: QuestionSet) -> Iterator[str]:
    yield f"{each.code}  {each.title} ({each.scope}), {_many(len(each.questions), 'question')}"
    yield f"  {each.provenance_shown}. {each.status} Watch: {each.watch_on:%-d %B %Y}."
    yield f"  SHA-256 {each.file_digest}"
    yield f"  by gate:       {_counts(question.gate for question in each.questions)}"
    yield f"  by provenance: {_counts(question.provenance for question in each.questions)}"
    yield f"  asked: {paths.shortest(each)} on the shortest route, {paths.longest(each)} on the longest"
    for section in each.sections:
        judged = f"judged by {section.judged_by}" if section.judged_by else "not judged"
        yield f"  {section.code}  {section.title}: {_many(len(section.questions), 'question')}, {section.gate}, {judged}"
    for group in paths.groups(each):
        if len(group.ways) > 1:
            yield f"  routes from {group.codes[0]}:"
            yield from (f"    {len(way.asked):>3} asked when {', '.join(way.because)}" for way in group.ways)


def _counts(values: Iterable[str]) -> str:
    return ", ".join(f"{count} {value}" for value, count in sorted(Counter(str(value) for value in values).items()))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
