"""Every route of the application with who may reach it, and the values that make its address in the sweep's world.

A route without a row fails `test_access`. Rows name permissions; who holds them is read from the permissions table.
"""

from dataclasses import dataclass

from governance.permissions import Permission as P

PUBLIC, SIGNED_IN = "public", "signed_in"
RARELY = frozenset({"token"})
"""Parameters for which the sweep has no real value: an allowed person then meets a 404."""


@dataclass(frozen=True)
class Row:
    """Who may reach a route. `fine`: an operation or page may still say 403 to somebody whom the door lets in.

    `somewhere`: the permission may be held in any organisation, since the address names none.
    """

    access: str | tuple[P, ...]
    fine: bool = False
    somewhere: bool = False


def _any(*permissions: P, fine: bool = False) -> Row:
    return Row(permissions, fine)


def _somewhere(*permissions: P) -> Row:
    return Row(permissions, somewhere=True)


AGREEING = (P.SIGN, P.ADVISE, P.AUTHORISE)

ROWS: dict[str, Row] = {
    "static": Row(PUBLIC),
    "identity.start": Row(PUBLIC),
    "identity.sign_in": Row(PUBLIC),
    "identity.sign_out": Row(PUBLIC),
    "identity.organisations": Row(SIGNED_IN),
    "identity.account": Row(SIGNED_IN),
    "identity.password": Row(SIGNED_IN),
    "notices.notices": Row(SIGNED_IN),
    "notices.preference": Row(SIGNED_IN),
    "notices.failed": _any(P.MANAGE_PEOPLE),
    "notices.again": _any(P.MANAGE_PEOPLE),
    "home.home": _any(P.READ_HOME),
    "deployments.deployment": _any(P.READ_REGISTER),
    "deployments.appoint": _any(P.MANAGE_PEOPLE),
    "people.people": _any(P.MANAGE_PEOPLE),
    "people.invite": _any(P.MANAGE_PEOPLE),
    "people.appoint": _any(P.MANAGE_PEOPLE),
    "people.registration": _any(P.MANAGE_PEOPLE),
    "people.end_membership": _any(P.MANAGE_PEOPLE),
    "people.end_appointment": _any(P.MANAGE_PEOPLE),
    "people.concerns": _any(P.MANAGE_PEOPLE),
    "register.tools": _any(P.READ_REGISTER),
    "questions.questions": _any(P.READ_SUBMISSION),
    "questions.question": _any(P.READ_SUBMISSION),
    "questions.ask": _any(P.ASK_QUESTION),
    "questions.ask_about_figure": _any(P.ASK_QUESTION),
    "questions.reply": _any(P.REPLY_TO_QUESTION),
    "questions.close": _any(P.ASK_QUESTION),
    "questions.looked": _any(P.READ_REGISTER),
    "imports.imports": _any(P.DECLARE),
    "imports.template": _any(P.DECLARE),
    "imports.account": _any(P.READ_REGISTER),
    "imports.file": _any(P.READ_REGISTER),
    "imports.sheet": _any(P.DECLARE),
    "imports.columns": _any(P.DECLARE),
    "imports.words": _any(P.DECLARE),
    "imports.tools": _any(P.DECLARE),
    "imports.check": _any(P.DECLARE),
    "imports.bring_in": _any(P.DECLARE),
    "imports.drop": _any(P.DECLARE),
    "system.system": _any(P.READ_SYSTEM),
    "system.workbook": _any(P.READ_SYSTEM),
    "intake.submissions": _any(P.READ_SUBMISSION),
    "intake.propose": _any(P.START_SUBMISSION),
    "intake.ask_next": _any(P.START_SUBMISSION),
    "intake.draft": _any(P.READ_SUBMISSION),
    "intake.draft_arrow": _any(P.HOLD),
    "intake.page": _any(P.PROPOSE),
    "intake.card": _any(P.PROPOSE),
    "intake.card_read": _any(P.READ_SUBMISSION),
    "intake.check": _any(P.PROPOSE),
    "intake.arrow": _any(P.HOLD),
    "intake.tier": _any(P.RAISE_TIER, P.LOWER_TIER),
    "intake.triage": _any(P.PROPOSE),
    "declarations.declare": _any(P.DECLARE),
    "declarations.many": _any(P.DECLARE),
    "declarations.made": _any(P.DECLARE),
    "declarations.re_assurance": _any(P.START_SUBMISSION),
    "interim.declaration": _any(P.READ_REGISTER),
    "interim.decide": _any(P.DECIDE_INTERIM, fine=True),
    "interim.confirm": _any(P.DECIDE_INTERIM),
    "interim.earlier": _any(P.ATTACH),
    "evidence.evidence": _any(P.READ_SHEET),
    "evidence.item": _any(P.READ_SHEET),
    "evidence.file": _any(P.READ_SHEET),
    "evidence.attach": _any(P.ATTACH),
    "evidence.expiring.expiring": _any(P.READ_SHEET),
    "evidence.expiring.workbook": _any(P.READ_SHEET),
    "evidence.expiring.close": _any(P.ATTACH),
    "evidence.renewing.renew": _any(P.ATTACH),
    "evidence.renewing.move": _any(P.ATTACH),
    "evidence.quarantine.found": _any(P.MANAGE_PEOPLE),
    "sheets.sheet": _any(P.READ_SHEET),
    "sheets.section": _any(P.READ_SHEET),
    "sheets.save_section": _any(P.ANSWER, fine=True),
    "sheets.open_sheet": _any(P.ANSWER, fine=True),
    "sheets.support": _any(P.ATTACH, fine=True),
    "sheets.carry.use": _any(P.ANSWER, fine=True),
    "sheets.carry.move": _any(P.MOVE_SET, fine=True),
    "sheets.history.answer": _any(P.READ_SHEET),
    "sheets.library.sets": _any(P.READ_SHEET),
    "sheets.library.one": _any(P.READ_SHEET),
    "suppliers.overview": _any(P.READ_SHEET),
    "suppliers.upload": _any(P.ANSWER, fine=True),
    "suppliers.check": _any(P.ANSWER, fine=True),
    "suppliers.account": _any(P.READ_SHEET),
    "suppliers.ask": _any(P.ASK_SUPPLIER),
    "suppliers.act": _any(P.ASK_SUPPLIER),
    "supplier.start": Row(PUBLIC),
    "supplier.begin": Row(PUBLIC),
    "supplier.section": Row(PUBLIC),
    "supplier.save": Row(PUBLIC),
    "supplier.file": Row(PUBLIC),
    "supplier.hand_in": Row(PUBLIC),
    "supplier.handed_in": Row(PUBLIC),
    "sheets.documents.document": _any(P.READ_SHEET),
    "sheets.documents.give": _any(P.ATTACH, fine=True),
    "plans.risk.show": _any(P.READ_SHEET),
    "plans.risk.write": _any(P.ANSWER, fine=True),
    "plans.risk.approve": _any(P.APPROVE_PLAN),
    "plans.risk.confirm": _any(P.APPROVE_PLAN),
    "plans.monitoring.show": _any(P.READ_SHEET),
    "plans.monitoring.write": _any(P.ANSWER, fine=True),
    "plans.monitoring.indicator": _any(P.ANSWER, fine=True),
    "plans.monitoring.remove_indicator": _any(P.ANSWER, fine=True),
    "plans.safety.show": _any(P.READ_SHEET),
    "plans.safety.decide": _any(P.DECIDE_SAFETY),
    "hazards.log": _any(P.READ_SHEET),
    "hazards.moved": _any(P.READ_SHEET),
    "hazards.show": _any(P.READ_SHEET),
    "hazards.add": _any(P.ADD_HAZARD),
    "hazards.details": _any(P.ADD_HAZARD),
    "hazards.status": _any(P.ADD_HAZARD),
    "hazards.review": _any(P.ADD_HAZARD),
    "hazards.supplier": _any(P.ADD_HAZARD),
    "hazards.scores.initial": _any(P.SCORE_HAZARD),
    "hazards.scores.residual": _any(P.SCORE_HAZARD),
    "hazards.scores.acceptance": _any(P.SCORE_HAZARD),
    "hazards.controls.add": _any(P.ADD_CONTROL),
    "hazards.controls.change": _any(P.ADD_CONTROL),
    "hazards.controls.remove": _any(P.ADD_CONTROL),
    "workshops.workshops": _any(P.READ_SHEET),
    "workshops.show": _any(P.READ_SHEET),
    "workshops.record": _any(P.RECORD_WORKSHOP),
    "safety_cases.show": _any(P.READ_SHEET),
    "safety_cases.revision": _any(P.READ_SHEET),
    "safety_cases.write": _any(P.WRITE_SAFETY_CASE),
    "safety_cases.approve": _any(P.WRITE_SAFETY_CASE),
    "safety_cases.confirm": _any(P.WRITE_SAFETY_CASE),
    "exchange.live": _any(P.READ_SHEET),
    "exchange.frozen": _any(P.READ_SHEET),
    "exchange.template": _any(P.ADD_HAZARD),
    "log_imports.imports": _any(P.ADD_HAZARD),
    "log_imports.account": _any(P.READ_SHEET),
    "log_imports.file": _any(P.READ_SHEET),
    "log_imports.sheet": _any(P.ADD_HAZARD),
    "log_imports.columns": _any(P.ADD_HAZARD),
    "log_imports.words": _any(P.ADD_HAZARD),
    "log_imports.check": _any(P.ADD_HAZARD),
    "log_imports.bring_in": _any(P.ADD_HAZARD),
    "log_imports.drop": _any(P.ADD_HAZARD),
    "starters.starters": _any(P.ADD_HAZARD),
    "hazards.versions.freeze": _any(P.ADD_HAZARD),
    "hazards.versions.show": _any(P.READ_SHEET),
    "hazards.versions.approve": _any(P.APPROVE_LOG),
    "hazards.versions.confirm": _any(P.APPROVE_LOG),
    "packs.submission": _any(P.READ_SUBMISSION),
    "packs.assign.assign": _any(P.ASSIGN),
    "packs.judging": _any(P.READ_SHEET),
    "packs.judge": _any(P.JUDGE, fine=True),
    "packs.submit": _any(P.SUBMIT),
    "packs.recall": _any(P.RECALL),
    "packs.download.pack": _any(P.READ_DECIDED),
    "packs.download.section": _any(P.READ_DECIDED),
    "packs.download.schema": _any(P.READ_DECIDED),
    "packs.compare.compare": _any(P.READ_DECIDED, fine=True),
    "packs.pack": _any(P.READ_DECIDED),
    "packs.section": _any(P.READ_DECIDED),
    "approval.act": _any(*AGREEING, fine=True),
    "approval.section": _any(*AGREEING, fine=True),
    "approval.sections": _any(*AGREEING, fine=True),
    "approval.confirm": _any(*AGREEING),
    "approval.resume": _any(P.AUTHORISE, fine=True),
    "approval.signed": _any(P.READ_SUBMISSION),
    "recusals.recuse": _any(P.RECUSE, fine=True),
    "conditions.condition": _any(P.READ_REGISTER),
    "conditions.offer": _any(P.ACT_ON_CONDITION, fine=True),
    "conditions.settle": _any(P.CONFIRM_CONDITION, fine=True),
    "conditions.go_live": _any(P.RECORD_GO_LIVE),
    "endings.ending": _any(P.READ_REGISTER),
    "endings.starter": _any(P.END_USE),
    "endings.add": _any(P.END_USE),
    "endings.change": _any(P.END_USE),
    "endings.done": _any(P.FINISH_TASK, fine=True),
    "endings.lesson": _any(P.END_USE),
    "suspensions.choose": _any(P.SUSPEND),
    "suspensions.suspend": _any(P.SUSPEND, fine=True),
    "suspensions.confirm": _any(P.SUSPEND),
    "suspensions.suspensions": _any(P.READ_REGISTER),
    "suspensions.stopped": _any(P.CONFIRM_STOPPED, fine=True),
    "suspensions.resume": _any(P.RESUME, fine=True),
    "suspensions.confirm_resume": _any(P.RESUME),
    "suspensions.request_to_suspend": _any(P.SUSPEND, fine=True),
    "suspensions.ask": _any(P.ASK_TO_SUSPEND),
    "readings.overview": _any(P.READ_REGISTER),
    "readings.indicator": _any(P.READ_REGISTER),
    "readings.set_up": _any(P.MANAGE_INDICATORS, fine=True),
    "readings.add": _any(P.MANAGE_INDICATORS, fine=True),
    "readings.change": _any(P.MANAGE_INDICATORS, fine=True),
    "readings.end": _any(P.MANAGE_INDICATORS, fine=True),
    "readings.rebase": _any(P.MANAGE_INDICATORS, fine=True),
    "figures.enter": _any(P.ENTER_READINGS, fine=True),
    "figures.correct": _any(P.ENTER_READINGS, fine=True),
    "figures.upload": _any(P.ENTER_READINGS, fine=True),
    "figures.template": _any(P.ENTER_READINGS),
    "figures.batch": _any(P.READ_REGISTER),
    "signals.signals": _any(P.READ_REGISTER),
    "signals.signal": _any(P.READ_REGISTER),
    "signals.take_up": _any(P.ACT_ON_SIGNAL, fine=True),
    "signals.close": _any(P.ACT_ON_SIGNAL, fine=True),
    "reports.reports": _any(P.READ_DECIDED),
    "reports.report": _any(P.READ_DECIDED),
    "reports.file": _any(P.READ_DECIDED),
    "reports.ask": _any(P.ISSUE_REPORT, P.READ_PACK, fine=True),
    "reports.making": _any(P.ISSUE_REPORT),
    "reports.trail": _any(P.READ_AUDIT, P.READ_DECIDED),
    "sharing.london": _somewhere(P.READ_LONDON),
    "sharing.workbook": _somewhere(P.READ_LONDON),
    "sharing.tool": _somewhere(P.READ_LONDON),
    "sharing.pack": _somewhere(P.READ_LONDON),
    "sharing.section": _somewhere(P.READ_LONDON),
    "partner_reports.pack": _somewhere(P.READ_LONDON),
    "partner_reports.ask": _somewhere(P.READ_LONDON),
    "partner_reports.file": _somewhere(P.READ_LONDON),
    "public.tools": Row(PUBLIC),
    "public.tool": Row(PUBLIC),
    "reports.check": Row(PUBLIC),
    "reports.checked": Row(PUBLIC),
}

VALUES: dict[str, dict[str, object]] = {
    "approval.act": {"verb": "sign", "role": "cso"},
    "approval.section": {"role": "cso", "code": "hazard_log"},
    "approval.sections": {"role": "cso"},
    "intake.arrow": {"arrow": "hold"},
    "intake.draft_arrow": {"arrow": "hold"},
    "intake.page": {"page": "tool"},
    "packs.assign.assign": {"place": "sheet:dtac-2.0"},
    "packs.judge": {"section": "hazard_log"},
    "questions.ask": {"kind": "hazard", "key": "1"},
    "questions.ask_about_figure": {"kind": "indicator", "key": "1"},
    "hazards.moved": {"rest": "add"},
    "exchange.live": {"kind": "xlsx"},
    "exchange.frozen": {"kind": "csv"},
    "packs.judging": {"section": "hazard_log"},
    "packs.section": {"section": "triage"},
    "packs.download.section": {"section": "triage"},
    "sharing.section": {"section": "hazard_log"},
    "sheets.documents.document": {"row": "decommissioning"},
    "sheets.documents.give": {"row": "decommissioning"},
    "sheets.section": {"section": "dtac.c1"},
    "sheets.save_section": {"section": "dtac.c1"},
    "sheets.support": {"section": "dtac.c1", "code": "C1.2.4"},
    "sheets.carry.move": {"question_set": "tool-facts-1"},
    "sheets.history.answer": {"section": "dtac.c1", "code": "C1.2.4"},
    "sheets.library.one": {"code": "dtac-2.0"},
    "suppliers.act": {"act": "revoke"},
    "supplier.section": {"section": "dtac.c1"},
    "supplier.save": {"section": "dtac.c1"},
    "supplier.file": {"section": "dtac.c1", "code": "C1.2.4"},
    "plans.monitoring.indicator": {"number": 1},
    "static": {"filename": "mark.svg"},
}
"""Values that differ from the sweep's usual ones."""

AUTHORISED = frozenset(
    {"approval.signed", "conditions.go_live", "reports.ask", "reports.trail", "sharing.tool", "public.tool",
     "workshops.workshops", "workshops.show", "safety_cases.show", "safety_cases.revision", "safety_cases.approve"}
)
"""Routes about the second submission of the sweep's world, which is authorised; the others are about the first."""

DECLARED = frozenset(
    {"questions.ask_about_figure", "readings.overview", "readings.indicator", "readings.set_up", "readings.add", "readings.change", "readings.end",
     "readings.rebase", "figures.enter", "figures.correct", "figures.upload", "figures.template", "figures.batch",
     "signals.signal", "signals.take_up", "signals.close",
     "declarations.re_assurance", "interim.declaration", "interim.decide", "interim.confirm", "interim.earlier"}
)
"""Routes about the tool of the sweep's world that was declared as in use."""

SUSPENDED = frozenset(
    {"suspensions.suspensions", "suspensions.stopped", "suspensions.resume", "suspensions.request_to_suspend",
     "endings.ending", "endings.starter", "endings.add", "endings.change", "endings.done", "endings.lesson"}
)  # fmt: skip
"""Routes about the tool of the sweep's world that is suspended and asked to cease."""

FILES = frozenset(
    {"static", "system.workbook", "imports.template", "imports.file", "exchange.live", "exchange.frozen", "exchange.template",
     "log_imports.file", "figures.template", "evidence.file", "evidence.expiring.workbook", "reports.file", "partner_reports.file",
     "sharing.workbook", "packs.download.pack", "packs.download.section", "packs.download.schema"}
)
"""Routes that give a file, not a page."""

ABSENT = frozenset({"plans.monitoring.indicator", "plans.monitoring.remove_indicator", "declarations.made"})
"""Routes about something the sweep's world does not have: an allowed person then meets a 404."""
