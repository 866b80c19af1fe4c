"""What every page knows: who is signed in, in which organisation, and where they can go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for

from governance.permissions import PUBLIC, Actor, Permission


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True)
class NavRule:
    """An entry, the endpoint it leads to, who sees it, and which blueprints it stands for."""

    text: str
    endpoint: str
    permissions: tuple[Permission, ...]
    blueprints: tuple[str, ...]


def navigation(rules: Sequence[NavRule], who: Actor) -> list[NavItem]:
    """The entries a person may use in the organisation they act in; in none, those that belong to none."""
    here = (request.blueprint or "").split(".")[0]
    found = []
    for rule in rules:
        if rule.endpoint not in current_app.view_functions or not any(who.may(each) for each in rule.permissions):
            continue
        if not _belongs_to_one(rule.endpoint):
            found.append(NavItem(rule.text, url_for(rule.endpoint), here in rule.blueprints))
        elif who.organisation_code:
            href = url_for(rule.endpoint, organisation=who.organisation_code)
            found.append(NavItem(rule.text, href, here in rule.blueprints))
    return found


def _belongs_to_one(endpoint: str) -> bool:
    """Whether the addresses of an endpoint name an organisation."""
    return all("organisation" in rule.arguments for rule in current_app.url_map.iter_rules(endpoint))


def init_app(app: Flask, rules: Sequence[NavRule], organisation_name: Callable[[int], str]) -> None:
    """Give every template `actor`, `organisation`, `nav`, `product_name` and `demonstration`."""

    @app.context_processor
    def _everywhere() -> dict[str, Any]:
        who = getattr(g, "actor", PUBLIC)
        return {
            "actor": who,
            "organisation": organisation_name(who.organisation_id) if who.organisation_id else "",
            "nav": navigation(rules, who),
            "product_name": app.config["PRODUCT_NAME"],
            "demonstration": app.config.get("DEMONSTRATION", False),
        }

