"""What is said to the public, in words that need no knowledge of the NHS. Pure."""

from __future__ import annotations

from datetime import date

from governance.lifecycle import Stage, Standing
from governance.web.wording import long_date

STAGES = {
    Stage.PIPELINE: "It is not in use yet.",
    Stage.PROOF_OF_CONCEPT: "It is being tried out on a small scale.",
    Stage.PILOT: "It is on trial for a limited time, to see whether it is safe and whether it helps.",
    Stage.IMPLEMENTATION: "It passed its trial and is being brought in.",
    Stage.BUSINESS_AS_USUAL: "It is in everyday use.",
}
OVERSIGHT = {
    "each_output": "A person checks everything it produces before it is used.",
    "sampled": "People check some of what it produces, not all of it.",
    "acts_alone": "It acts without a person checking each result. People watch how it does as a whole.",
}
NOT_SAID = "The organisation has not yet said here how people check what it produces."
PATIENTS = "Patients or the public use it themselves."
STAFF = "Staff use it. Patients do not use it themselves."
CONCERNS = (
    "Tell a member of staff, or ask this organisation’s patient advice and liaison service (PALS). "
    "A GP practice can tell you how it takes concerns. In an emergency, call 999."
)


def stage(value: Stage, standing: Standing) -> str:
    """Where it stands, in a sentence."""
    if standing is Standing.CEASED:
        return "It is no longer used here."
    if standing is Standing.SUSPENDED:
        return "It is not in use at the moment."
    return STAGES[value]


def standing(value: Standing, *, until: date | None, since: date | None, in_use_since: str) -> str:
    """Whether it was checked, in a sentence or two."""
    match value:
        case Standing.ASSURED:
            ends = f" until {long_date(until)}" if until else ""
            return f"The organisation has checked that it is safe to use, and approved its use{ends}."
        case Standing.DECLARED:
            began = f" It has been in use since {in_use_since}, as the organisation states." if in_use_since else ""
            return f"It was in use before it was checked in this way. The checks are still to be done.{began}"
        case Standing.LAPSED:
            return "Its approval has run out. The organisation must decide whether it goes on."
        case Standing.SUSPENDED:
            day = f" since {long_date(since)}" if since else ""
            return f"The organisation has suspended it{day}. Staff work without it until it is safe to go on."
        case Standing.CEASED:
            day = f" on {long_date(since)}" if since else ""
            return f"The organisation ended its use{day}."
        case Standing.PROPOSED:
            return "It is proposed, and not in use."


def oversight(code: str) -> str:
    """How a person oversees it, in a sentence."""
    return OVERSIGHT.get(code, NOT_SAID)
