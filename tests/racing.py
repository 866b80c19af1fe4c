"""Several people at the same moment: threads with transactions of their own, a gate that lets all go at once."""

import threading
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from governance import clock
from governance.approval import operations
from governance.assessment.packs import queries as packs
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Conflict, GovernanceError
from governance.extensions import house
from governance.intake import queries as intake
from governance.signing import operations as signing
from governance.signing.models import SignOff
from tests import agreed
from tests.world import World

LONGEST = 60


def at_once(app, *acts: Callable[[], object], within: Callable = transaction) -> list[object]:
    """Do several things at the same moment, each in a thread and transaction of its own; what each gave or was told.

    `within`: `nullcontext` for acts that open their own transaction, such as jobs and requests.
    """
    db.session.rollback()  # what was read before is old news afterwards
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n: int, act: Callable[[], object]) -> None:
        with app.app_context(), clock.fixed(World.TODAY):
            gate.wait(LONGEST)
            try:
                with within():
                    answers[n] = act()
            except GovernanceError as said:
                answers[n] = said
            except StaleDataError:
                answers[n] = Conflict()  # as the page says it: see web.errors
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def told(answers: list[object]) -> list[str]:
    """The sentences of whoever did not win."""
    return [sentence for each in answers if isinstance(each, GovernanceError) for sentence in each.sentences]


def intended(submission, role, **said) -> str:
    """The token of a first step."""
    with transaction():
        return agreed.intend(World(), submission, role, **said).token


def seal(reference: str, token: str, person_id: int) -> Callable[[], object]:
    """The second step, as a request takes it."""

    def act() -> object:
        by = house().actor_for(person_id, "RTH01", clock.now())
        return operations.carry_out(
            submission=intake.submission(reference, by), intent=signing.intent(token, by, clock.now()),
            keyring=house().keyring, by=by, at=clock.now(),
        ).id  # fmt: skip

    return act


def signatures(submission, role) -> int:
    pack = packs.pack(submission)
    query = sa.select(sa.func.count()).select_from(SignOff)
    query = query.where(SignOff.subject_kind == "assurance_pack", SignOff.subject_id == pack.id, SignOff.role == role)
    return db.session.scalar(query)


def whole_chain() -> list[str]:
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings
