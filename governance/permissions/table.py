"""Who may do what, as one table. Anything not in it is refused.

Source: our policy, "Permissions". Which section a role judges and signs is in the policy's data; here is who may at all.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from governance.permissions.roles import Role


class Permission(StrEnum):
    READ_HOME = "read_home"
    READ_REGISTER = "read_register"
    READ_SUBMISSION = "read_submission"
    READ_SHEET = "read_sheet"
    READ_PACK = "read_pack"
    READ_AUDIT = "read_audit"
    READ_DECIDED = "read_decided"
    EDIT_REGISTER = "edit_register"
    START_SUBMISSION = "start_submission"
    DECLARE = "declare"
    PROPOSE = "propose"
    ANSWER = "answer"
    ATTACH = "attach"
    ASK_SUPPLIER = "ask_supplier"
    ANSWER_AS_SUPPLIER = "answer_as_supplier"
    MOVE_SET = "move_set"
    SUBMIT = "submit"
    RECALL = "recall"
    HOLD = "hold"
    WITHDRAW = "withdraw"
    RECORD_GO_LIVE = "record_go_live"
    ACT_ON_CONDITION = "act_on_condition"
    ADD_HAZARD = "add_hazard"
    ADD_CONTROL = "add_control"
    SCORE_HAZARD = "score_hazard"
    APPROVE_PLAN = "approve_plan"
    APPROVE_LOG = "approve_log"
    RECORD_WORKSHOP = "record_workshop"
    WRITE_SAFETY_CASE = "write_safety_case"
    LOWER_TIER = "lower_tier"
    RAISE_TIER = "raise_tier"
    DECIDE_SAFETY = "decide_safety"
    JUDGE = "judge"
    SIGN = "sign"
    ADVISE = "advise"
    AUTHORISE = "authorise"
    CONFIRM_CONDITION = "confirm_condition"
    SUSPEND = "suspend"
    RESUME = "resume"
    CONFIRM_STOPPED = "confirm_stopped"
    ASK_TO_SUSPEND = "ask_to_suspend"
    DECIDE_INTERIM = "decide_interim"
    MANAGE_INDICATORS = "manage_indicators"
    ENTER_READINGS = "enter_readings"
    ACT_ON_SIGNAL = "act_on_signal"
    END_USE = "end_use"
    FINISH_TASK = "finish_task"
    ASK_QUESTION = "ask_question"
    REPLY_TO_QUESTION = "reply_to_question"
    ASSIGN = "assign"
    READ_LONDON = "read_london"
    READ_SYSTEM = "read_system"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ADDITIONS = "manage_additions"
    MOVE_POLICY = "move_policy"
    DELEGATE = "delegate"
    RECUSE = "recuse"
    READ_QUEUE = "read_queue"
    NOTE_CHANGE = "note_change"
    SETTLE_CHANGE = "settle_change"
    READ_MEETING = "read_meeting"
    MANAGE_MEETING = "manage_meeting"
    COMMENT_ON_ITEM = "comment_on_item"
    REDACT = "redact"
    ISSUE_REPORT = "issue_report"
    LAPSE = "lapse"
    VERIFY_AUDIT = "verify_audit"


P, R = Permission, Role

PEOPLE: frozenset[Role] = frozenset(role for role in Role if role.is_person)
_READERS = PEOPLE - {R.BOARD_MEMBER}
_LEAD = frozenset({R.DIGITAL_LEAD})
_ANSWERERS = frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD, R.CSO, R.IG_LEAD})
_SIGNERS = frozenset({R.CSO, R.CLINICAL_LEAD, R.CALDICOTT_GUARDIAN, R.SIRO, R.SRO})
_ACCOUNTABLE = frozenset(role for role in Role if role.is_appointed)

PERMISSION_ROLES: MappingProxyType[Permission, frozenset[Role]] = MappingProxyType(
    {
        P.READ_HOME: PEOPLE,
        P.READ_REGISTER: _READERS,
        P.READ_SUBMISSION: _READERS,
        P.READ_SHEET: _READERS,
        P.READ_PACK: _READERS,
        P.READ_AUDIT: _READERS | {R.OPERATOR},
        # decided packs, their reports and their audit pages: all that a board member reads
        P.READ_DECIDED: PEOPLE,
        P.EDIT_REGISTER: _LEAD,
        P.START_SUBMISSION: _LEAD,
        P.DECLARE: _LEAD,
        P.PROPOSE: _LEAD,
        # the digital lead, and whoever a row's "answered by" names; a row met by a document is answered by attaching it
        P.ANSWER: _ANSWERERS,
        P.ATTACH: _ANSWERERS,
        P.ASK_SUPPLIER: _LEAD,
        # behind a link that is for one sheet and ends on a day
        P.ANSWER_AS_SUPPLIER: frozenset({R.SUPPLIER_CONTACT}),
        P.MOVE_SET: _LEAD,
        P.SUBMIT: _LEAD,
        P.RECALL: _LEAD,
        P.HOLD: _LEAD,
        P.WITHDRAW: _LEAD,
        P.RECORD_GO_LIVE: _LEAD,
        # the digital lead, and whoever a condition names as the one to meet it: its operation looks which
        P.ACT_ON_CONDITION: _ACCOUNTABLE | {R.DIGITAL_LEAD, R.IG_LEAD},
        P.ADD_HAZARD: frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD, R.CSO}),
        P.ADD_CONTROL: frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD, R.CSO}),
        P.SCORE_HAZARD: frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD, R.CSO}),
        P.APPROVE_PLAN: frozenset({R.CSO}),
        P.APPROVE_LOG: frozenset({R.CSO}),
        P.RECORD_WORKSHOP: frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD, R.CSO}),
        # the argument and the summary statement are the safety officer's own prose
        P.WRITE_SAFETY_CASE: frozenset({R.CSO}),
        P.LOWER_TIER: frozenset({R.CSO}),
        P.RAISE_TIER: frozenset({R.CSO, R.DIGITAL_LEAD}),
        P.DECIDE_SAFETY: frozenset({R.CSO}),
        P.JUDGE: frozenset({R.CSO, R.IG_LEAD, R.CCIO, R.CISO, R.SRO}),
        P.SIGN: _SIGNERS,
        P.ADVISE: frozenset({R.DPO, R.AI_LEAD}),
        # at low tier, for a proof of concept, a step back and a cease the senior responsible owner authorises
        P.AUTHORISE: frozenset({R.AUTHORISING_EXECUTIVE, R.SRO}),
        # then only the role that set it
        P.CONFIRM_CONDITION: _SIGNERS | {R.AUTHORISING_EXECUTIVE},
        P.SUSPEND: frozenset({R.CSO, R.CLINICAL_LEAD, R.SRO, R.AUTHORISING_EXECUTIVE}),
        P.RESUME: frozenset({R.CSO, R.SRO, R.AUTHORISING_EXECUTIVE}),
        P.CONFIRM_STOPPED: frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD}),
        # asks another organisation, which decides; an ICB asks through its digital lead or safety officer
        P.ASK_TO_SUSPEND: frozenset({R.AI_LEAD, R.CSO, R.DIGITAL_LEAD}),
        # the safety officer signs first, the executive decides
        P.DECIDE_INTERIM: frozenset({R.CSO, R.AUTHORISING_EXECUTIVE}),
        P.MANAGE_INDICATORS: frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD, R.CSO}),
        P.ENTER_READINGS: frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD}),
        P.ACT_ON_SIGNAL: frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD, R.CSO, R.SRO}),
        P.END_USE: _LEAD,
        # the lead, and whoever a task of decommissioning was given to
        P.FINISH_TASK: _LEAD | {R.CSO, R.CLINICAL_LEAD, R.SRO, R.IG_LEAD, R.SIRO, R.DPO, R.CISO},
        # whoever reads what is assessed and must put their name to something may ask; whoever answers replies
        P.ASK_QUESTION: _READERS - {R.ORGANISATION_ADMINISTRATOR, R.AUDITOR},
        P.REPLY_TO_QUESTION: _READERS - {R.ORGANISATION_ADMINISTRATOR, R.AUDITOR},
        P.ASSIGN: _LEAD,
        # projections of all partners, and the partner edition of decided packs
        P.READ_LONDON: PEOPLE,
        P.READ_SYSTEM: frozenset({R.AI_LEAD}),
        # the operator makes the first administrator of an organisation
        P.MANAGE_PEOPLE: frozenset({R.ORGANISATION_ADMINISTRATOR, R.OPERATOR}),
        # what an organisation asks beyond policy is decided elsewhere (a board paper) and recorded by its administrator
        P.MANAGE_ADDITIONS: frozenset({R.ORGANISATION_ADMINISTRATOR}),
        P.MOVE_POLICY: _LEAD,
        # for one's own appointment only, and only to another holder of the same role
        P.DELEGATE: _ACCOUNTABLE,
        P.RECUSE: _ACCOUNTABLE | {R.IG_LEAD},
        P.READ_QUEUE: _ACCOUNTABLE | {R.IG_LEAD},
        P.NOTE_CHANGE: frozenset({R.DIGITAL_LEAD, R.CLINICAL_LEAD, R.CSO}),
        # that nothing follows from a change is the safety officer's judgement, or the owner's without direct care
        P.SETTLE_CHANGE: frozenset({R.CSO, R.SRO}),
        P.READ_MEETING: PEOPLE,
        P.MANAGE_MEETING: frozenset({R.DIGITAL_LEAD, R.ORGANISATION_ADMINISTRATOR}),
        # members comment out of a meeting that was not quorate
        P.COMMENT_ON_ITEM: _ACCOUNTABLE | {R.IG_LEAD, R.BOARD_MEMBER},
        P.REDACT: frozenset({R.OPERATOR}),
        P.ISSUE_REPORT: frozenset({R.DIGITAL_LEAD, R.CSO, R.SRO, R.AUTHORISING_EXECUTIVE}),
        P.LAPSE: frozenset({R.SYSTEM}),
        P.VERIFY_AUDIT: frozenset({R.SYSTEM, R.OPERATOR}),
    }
)

ROLE_PERMISSIONS: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {role: frozenset(p for p, roles in PERMISSION_ROLES.items() if role in roles) for role in Role}
)
