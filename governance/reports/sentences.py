"""Events of the audit stream as sentences: one template for each kind, filled from the event's details. Pure.

Every kind that is recorded has one here; one of another release falls back on its own words: `condition.met` is “Condition
met”. Details that were removed, or
are not there, leave their place in the sentence empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.lifecycle import Stage
from governance.permissions import Role
from governance.reports import words

SENTENCES = {
    "redaction.made": "Patient details removed by {redacted_by}, asked for by {asked_by}: {reason}",
    "retention.applied": "What was past its period was removed",
    "checkpoint.made": "Checkpoint {name} signed and written outside the database",
    "key.rotated": "Another key seals now: {new}",
    "key.retired": "Private half of key {key} destroyed",
    "receipt.made_up": "Receipt made up for {of}: it was lost before it could be written",
    "committee.founded": "Committee founded: {name}",
    "committee.changed": "Quorum or terms of a committee changed",
    "committee.ended": "Committee ended on {on}",
    "meeting.planned": "Meeting {number} planned for {held_on}",
    "meeting.announced": "Members told the agenda, {items} items",
    "meeting.cancelled": "Meeting {number} cancelled: {reason}",
    "meeting.item_put": "Item {number} put on the agenda: {title}",
    "meeting.item_removed": "Taken off the agenda: {title}",
    "meeting.agenda_ordered": "Agenda put in another order",
    "meeting.enclosed": "Paper enclosed: {title}",
    "meeting.attended": "Attendance recorded: {name}, {role}",
    "meeting.interest_declared": "Interest declared by {name}",
    "meeting.held": "Meeting {number} held. {quorum}",
    "meeting.item_decided": "Opinion of the committee on item {number} written",
    "meeting.comments_opened": "Meeting {number} opened for comments until {until}",
    "meeting.commented": "Comment made out of the meeting; it is no sign-off",
    "meeting.action_given": "Action {action} given to {owner}: {text}",
    "meeting.action_done": "Action {action} done",
    "meeting.closed": "Meeting {number} closed",
    "meeting.minutes_issued": "Minutes issued, {pages} pages",
    "deployment.proposed": "Proposed: it entered the register as {reference}",
    "deployment.declared": "Declared: it is in use and not yet assured",
    "deployment.assured": "Took effect: assured at {stage}",
    "deployment.lapsed": "Lapsed at {stage}: {reason}",
    "deployment.suspended": "Suspended: {reason}",
    "deployment.resumed": "Resumed at {stage}",
    "deployment.ceased": "Ceased: {reason}",
    "deployment.gone_live": "Went live with version {version}, {share_trained} per cent of staff trained",
    "deployment.sites_added": "Sites added: {sites}",
    "use.confirmed_stopped": "Use confirmed stopped: {sites}",
    "suspension.asked": "{asking} asked to suspend it: {reason}",
    "suspension_request.answered": "Request to suspend answered, {status}: {answer}",
    "decommission_task.added": "Task {number} of decommissioning listed: {text}",
    "decommission_task.changed": "Task {number} of decommissioning changed: {text}",
    "decommission_task.done": "Task {number} of decommissioning done: {note}",
    "lesson.recorded": "Lesson recorded: {text}",
    "draft.saved": "Draft saved: {page}",
    "model_card.uploaded": "Model card uploaded: {filename}",
    "submission.started": "Submission started",
    "submission.proposed": "Submission {reference} proposed",
    "submission.submitted": "Submitted to those who must agree",
    "submission.recalled": "Recalled: {reason}",
    "submission.returned": "Returned for information: {reason}",
    "submission.refused": "Not approved: {reason}",
    "submission.deferred": "Decision deferred: {reason}",
    "submission.taken_up_again": "Deferred decision taken up again",
    "submission.authorised": "Submission authorised",
    "submission.held": "Put on hold: {reason}",
    "submission.released": "Released from hold: {reason}",
    "submission.withdrawn": "Withdrawn: {reason}",
    "answers.carried": "{count} answers said to be still true, carried over from version {version}",
    "evidence.covered": "Evidence said to cover {covers} too: {title}",
    "supplier_form.read": "Supplier’s form read: {filename}",
    "supplier_link.sent": "Link sent to {contact} at the supplier, until {until}",
    "supplier_link.sent_again": "Supplier’s link sent again",
    "supplier_link.opened": "Supplier’s link opened",
    "supplier_link.reminded": "Supplier’s contact reminded",
    "supplier_link.handed_in": "Supplier’s answers handed in",
    "supplier_link.revoked": "Supplier’s link taken back",
    "triage.corrected": "Triage corrected: {reason}",
    "policy.moved": "Moved to policy {version}: {reason}",
    "policy_addition.made": "Asked beyond policy. {says} Decided by {instrument}",
    "policy_addition.ended": "Asked no more beyond policy from {ended_on}. {says}",
    "tier.raised": "Tier raised from {before} to {tier}: {reason}",
    "tier.lowered": "Tier lowered from {before} to {tier}: {reason}",
    "hazard.added": "Hazard {hazard} named",
    "hazard.changed": "Hazard {hazard} changed: {reason}",
    "hazard.scored": "Hazard {hazard} scored: {which} rating {rating}",
    "hazard.accepted": "Hazard {hazard} accepted at rating {rating}: {reason}",
    "hazard.reopened": "Hazard {hazard} opened again: {reason}",
    "hazard.transferred": "Hazard {hazard} transferred: {reason}",
    "hazard.closed": "Hazard {hazard} closed: {reason}",
    "control.added": "Control added to hazard {hazard}",
    "control.changed": "Control of hazard {hazard} changed: {reason}",
    "control.removed": "Control of hazard {hazard} removed: {reason}",
    "hazard_import.brought_in": "{hazards} hazards brought in from a spreadsheet",
    "starters.taken": "Starting hazards taken into the log, numbered {hazards}",
    "hazard_log_version.made": "Hazard log frozen as version {number}",
    "workshop.recorded": "Hazard workshop {number} recorded, held on {held_on}",
    "safety_case.written": "Safety case report written, revision {revision}",
    "risk_plan.written": "Clinical risk management plan written, revision {revision}",
    "monitoring_plan.written": "Monitoring plan written, revision {revision}",
    "safety.decided": "Safety decision recorded: {reason}",
    "section.judged": "Section {section} judged {outcome} as {role}",
    "pack.frozen": "Assurance pack frozen, round {round}",
    "sign_off.sealed": "{act} as {role}: {outcome}",
    "sign_off.unseen": "{act} as {role}, shown when all are in",
    "person.recused": "{person} stepped back from submission {reference}, conflict of interest: {reason}",
    "advice.given": "Advice recorded from the {role}: {outcome}",
    "authorisation.made": "Authorised for {stage} until {until}",
    "decision.made": "Decision: {sentence}",
    "condition.proposed": "Condition {number} proposed",
    "condition.open": "Condition {number} came into force",
    "condition.offered": "Evidence offered for condition {number}: {text}",
    "condition.met": "Condition {number} confirmed as met: {text}",
    "condition.waived": "Condition {number} waived: {text}",
    "condition.overdue": "Condition {number} became overdue",
    "condition.void": "Condition {number} fell with its round",
    "change.noted": "Change {change} noted, {name}: {what}",
    "change.taken_up": "Change {change} taken up in a submission, {name}",
    "change.reopened": "Change {change} open again, {name}: its submission ended without an approval",
    "change.settled": "Nothing follows from change {change}, {name}: {reason}",
    "organisation.added": "Organisation added: {name}",
    "organisation.ended": "Organisation ended",
    "organisation.linked": "Organisation placed under another",
    "organisation.concerns_set": "Said where a concern is raised: {text}",
    "site.added": "Site added: {name}",
    "person.invited": "Invited: {name}",
    "person.password_changed": "Password changed",
    "membership.begun": "Membership begun as {role}",
    "membership.ended": "Membership ended as {role}",
    "registration.recorded": "Professional registration recorded with the {body}",
    "appointment.made": "Appointed as {role}",
    "appointment.ended": "Appointment as {role} ended",
    "agreement.recorded": "Agreement recorded: another organisation’s people act here as {roles}",
    "delegation.made": "Work as {role} handed over until {ends_on}",
    "delegation.ended": "Hand-over of work as {role} ended before its last day",
    "tool.registered": "Tool registered: {name}",
    "tool.corrected": "Tool corrected: {name}",
    "tool_version.registered": "Version {version} registered",
    "supplier.registered": "Supplier registered: {name}",
    "use_case.registered": "Use case registered: {name}",
    "register_import.uploaded": "Spreadsheet of tools uploaded: {filename}, {rows} rows",
    "register_import.laid_out": "Sheet {sheet} of the spreadsheet of tools chosen, headings in row {heading_row}",
    "register_import.mapped": "Columns of the spreadsheet of tools matched",
    "register_import.words_said": "Said what words in the spreadsheet of tools mean",
    "register_import.tools_said": "Said which tools the spreadsheet means",
    "register_import.rows_left_out": "Rows of the spreadsheet of tools left out: {rows}",
    "register_import.dropped": "Spreadsheet of tools given up, nothing brought in",
    "register_import.brought_in": "Tools declared from a spreadsheet: {declared}",
    "declaration.made": "Declared at {stage}, in use since {in_use_since}",
    "declaration.decided": "Interim decision, {outcome}: {text}",
    "declaration.earlier_approval_attached": "Earlier approval attached; it assures nothing by itself",
    "sheet.opened": "Questions opened: {question_set}",
    "answers.given": "Answers given to {question_set}",
    "answers.confirmed": "Answers to {question_set} confirmed",
    "answers.filled": "Answers to {question_set} filled in, for a person to confirm",
    "document.added": "Own document put in the place of {question_set}, revision {revision}",
    "set.moved": "Moved from {from_set} to {to_set}, answers carried over: {carried}",
    "evidence.attached": "Evidence attached {url}",
    "evidence.renewed": "Evidence renewed by a newer item",
    "evidence.moved_on": "Newer evidence put in the place of the older item",
    "evidence.used": "Evidence put to use: {code}",
    "evidence.released": "Evidence taken away from what it supported: {code}",
    "evidence_task.opened": "Newer evidence asked for: what was held has ended",
    "evidence_task.closed": "Newer evidence asked for no more: {reason}",
    "file.quarantined": "File refused and kept apart: {found}",
    "section.assigned": "Section {section} given to a colleague",
    "section.taken_back": "Section {section} taken back from a colleague",
    "question.asked": "The {to} was asked about {about}",
    "question.replied": "Question replied to",
    "question.closed": "Question closed",
    "hazard_import.uploaded": "Spreadsheet of hazards uploaded: {filename}, {rows} rows",
    "hazard_import.laid_out": "Sheet {sheet} of the spreadsheet of hazards chosen, headings in row {heading_row}",
    "hazard_import.mapped": "Columns of the spreadsheet of hazards matched",
    "hazard_import.words_said": "Said what words in the spreadsheet of hazards mean",
    "hazard_import.rows_left_out": "Rows of the spreadsheet of hazards left out: {rows}",
    "hazard_import.dropped": "Spreadsheet of hazards given up, nothing brought in",
    "indicator.added": "Indicator {indicator} added: {name}",
    "indicator.changed": "Indicator {indicator} changed: {reason}",
    "indicator.ended": "Indicator {indicator} measured no more: {reason}",
    "indicator.rebased": "Indicator {indicator} judged against new limits from {period}: {reason}",
    "readings.entered": "Figures entered: {figures}, of them corrections: {corrections}",
    "signal.opened": "Signal {signal} opened, {level}",
    "signal.taken_up": "Signal {signal} taken up: {said}",
    "signal.closed": "Signal {signal} closed: {said}",
    "signal.seen_again": "Signal {signal} seen again, {level}",
    "report.issued": "Report issued, {edition}, {pages} pages",
}
ACTS = {"sign": "Signed", "advise": "Advised", "authorise": "Decided"}
SETS = ("dtac", "dpia", "dcb0129", "dcb0160", "atrs", "nice-esf")
OUTCOMES = {"met": "met", "not_met": "not met", "query": "a query"}


class _Said(dict[str, str]):
    """What a template may ask for; anything else is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(kind: str, payload: Mapping[str, Any] | None) -> str:
    """One event in a sentence without its full stop."""
    said = SENTENCES.get(kind)
    if said is None:
        return kind.replace(".", " ").replace("_", " ").capitalize()
    filled = said.format_map(_Said({name: _word(name, value) for name, value in (payload or {}).items()}))
    return " ".join(filled.split()).rstrip(" :,.").replace(" ,", ",")


def is_redacted(payload: Mapping[str, Any] | None) -> bool:
    """Whether an event's details were removed. Its hash still holds."""
    return payload is None


def _word(name: str, value: Any) -> str:
    """One detail in words: roles, stages, outcomes, dates and lists as people say them."""
    if isinstance(value, list) and name == "carried":
        return str(len(value))
    if isinstance(value, list):
        return ", ".join(_role(each) if name == "roles" else str(each) for each in value)
    text = "" if value is None else str(value)
    match name:
        case "role" | "to":
            return _role(text)
        case "stage":
            return Stage(text).label if text in set(Stage) else text
        case "act":
            return ACTS.get(text.partition("-")[0], "Decided")
        case "outcome":
            return OUTCOMES.get(text) or words.small(words.done(text))
        case "edition":
            return words.edition(text)
        case "until" | "period" | "in_use_since" | "on" | "ends_on" | "ended_on" | "held_on":
            return words.day(text)
        case "question_set" | "from_set" | "to_set":
            return _set(text)
        case "page":
            return text.replace("_", " ")
        case "section":
            return text.upper().replace(".", " ") if "." in text else text.replace("_", " ")
    return words.shortened(text, 160)


def _role(text: str) -> str:
    try:
        return Role(text).title
    except ValueError:
        return text


def _set(text: str) -> str:
    """`dtac-2.0` as `DTAC 2.0`, `equality-1` as `equality 1`."""
    name, _, version = text.rpartition("-")
    return f"{name.upper() if name in SETS else name.replace('-', ' ')} {version}".strip()
