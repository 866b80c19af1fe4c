"""The material of a report as partners may read it: sections by `sharing.rules`, roles without people or reasons. Pure."""

from __future__ import annotations

from dataclasses import replace

from governance.reports.material import Authorised, Conditioned, Decided, Material, Section, Signed
from governance.sharing.rules import KEPT_BACK, partner_edition

LEFT_OUT = (
    "This is the edition for partners. Names, contact details, commercial terms, security detail, local evidence and reasons "
    "in somebody’s own words stay with the organisation. The check codes are those of the whole pack and of its whole sections."
)


def edited(material: Material) -> Material:
    """The same decision on the same pack, with everything left out that is not on the list."""
    sections = tuple(_section(each) for each in material.sections)
    return replace(
        material,
        frozen_by="",
        sections=tuple(each for each in sections if each.parts),
        signed=tuple(_signed(each) for each in material.signed),
        authorised=_authorised(material.authorised),
        decided=_decided(material.decided),
        conditions=tuple(_condition(each) for each in material.conditions),
        trail=replace(material.trail, events=()),
        stepped_back=(),
        replaces=replace(material.replaces, reason="") if material.replaces else None,
    )


def _section(each: Section) -> Section:
    return replace(each, content=partner_edition(each.content))


def _signed(each: Signed) -> Signed:
    return Signed(
        role=each.role, act=each.act, outcome=each.outcome, statement="", person="", holding="", registration="",
        at=each.at, code=each.code, panel=each.panel, sign_off_id=each.sign_off_id,
    )  # fmt: skip


def _authorised(given: Authorised | None) -> Authorised | None:
    if given is None:
        return None
    return replace(given, against_advice=f"{KEPT_BACK}." if given.against_advice.strip() else "")


def _decided(given: Decided | None) -> Decided | None:
    return replace(given, by="") if given else None


def _condition(each: Conditioned) -> Conditioned:
    return replace(each, text=f"{KEPT_BACK}.", evidence_asked="")
