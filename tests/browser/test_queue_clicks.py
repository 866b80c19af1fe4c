"""A routine signature from the queue takes at most four clicks, and never one section less before the signer.

Every press of a link, a button, a radio or a box counts, as the browser saw it; typing the password does not.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import queries
from governance.approval.models import SectionReading
from governance.assessment.packs.models import PackSection
from governance.database import db
from governance.intake.models import Submission
from governance.lifecycle import Standing, SubmissionKind, SubmissionStatus
from governance.permissions import Role
from governance.register.models import Deployment
from governance.signing.models import SignOff
from tests import asking
from tests.applications import Template, grown
from tests.browser.conftest import Start
from tests.browser.people import Somebody
from tests.world import PASSWORD, World

MOST = 4
COUNT = """
  addEventListener('click', event => {
    if (event.isTrusted && event.detail > 0)
      sessionStorage.setItem('clicks', Number(sessionStorage.getItem('clicks') || 0) + 1);
  }, true);
"""


@pytest.fixture(scope="session")
def again_template(assured_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """As `assured`, with a re-assurance for a new version submitted: few sections changed."""

    def grow() -> None:
        live = db.session.scalars(sa.select(Deployment).where(Deployment.standing == Standing.ASSURED)).one()
        asking.submitted(World(), live, SubmissionKind.RE_ASSURANCE, version="2.4", reason="The supplier mended the queue.")

    return grown(assured_template, tmp_path_factory.mktemp("again") / "instance", grow)


def test_a_routine_signature_takes_four_clicks_from_the_queue(
    again_template: tuple[str, Path], serve: Start, somebody: Callable[..., Somebody]
) -> None:
    address, app = serve(again_template)
    officer = somebody(address, Role.CSO, "RTH01")
    officer.page.add_init_script(COUNT)
    officer.open("/me/queue")
    assert "sections changed" in officer.text or "section changed" in officer.text, officer.text
    officer.page.get_by_role("link", name="Read and sign").click()
    assert officer.page.locator("input[name=outcome]:checked").count() == 0
    shown = officer.page.locator("[name=shown]").count()
    assert shown > 0 and officer.page.locator(".whole-section").count() == shown
    officer.page.get_by_label("Approve", exact=True).click()
    officer.page.get_by_role("button", name="and continue").click()
    assert officer.heading == "Confirm it is you", officer.text
    assert "confirmed again with it" in officer.text
    officer.page.locator("main input[name=password]").fill(PASSWORD)
    officer.page.get_by_role("button", name="Sign as clinical safety officer").click()
    assert "/signed/" in officer.page.url, officer.text
    clicks = int(officer.page.evaluate("sessionStorage.getItem('clicks')"))
    assert 3 <= clicks <= MOST
    with app.app_context(), clock.fixed(World.TODAY):
        row = db.session.scalars(sa.select(SignOff).order_by(SignOff.id.desc()).limit(1)).one()
        submission = db.session.scalars(sa.select(Submission).where(Submission.status == SubmissionStatus.SUBMITTED)).one()
        here = queries.position(submission, clock.today())
        assert here is not None and row.subject_id == here.pack.id and row.role is Role.CSO
        read = (
            sa.select(PackSection.code)
            .join(SectionReading, SectionReading.pack_section_id == PackSection.id)
            .where(PackSection.pack_id == here.pack.id)
        )
        codes = set(db.session.scalars(read))
        assert len(codes) == shown
        assert codes | set(row.details["unchanged"]) == set(row.section_digests)
        assert not codes & set(row.details["unchanged"])
        db.session.remove()
