"""How many events `flask audit verify` checks in a second, rows and receipts included."""

from governance import clock
from governance.audit import verify
from governance.audit.record import record
from governance.database import db, read_only, transaction
from governance.extensions import house
from governance.identity.models import Site
from tests.benchmarks.measuring import application, seconds
from tests.world import World

EVENTS = 20_000
BATCH = 500


def measure() -> list[str]:
    """Events and protected rows verified in a second."""
    with application():
        world = World()
        by = world.actor("organisation_administrator", "QKK")
        for start in range(0, EVENTS, BATCH):
            with transaction():
                for n in range(start, start + BATCH):
                    db.session.add(Site(organisation_id=by.organisation_id, name=f"Site {n}"))
                    record("site.added", stream="organisation:1", by=by, at=clock.now(), name=f"Site {n}")
        outcomes: list[verify.Outcome] = []

        def whole() -> None:
            with read_only() as session:
                outcomes.append(verify.verify(session, house().storage, house().keyring))

        took = min(seconds(whole) for _ in range(3))
        outcome = outcomes[-1]
        assert outcome.findings == [], outcome.findings[:3]
    return [f"{outcome.events:,} events and {outcome.rows:,} protected rows: {outcome.events / took:,.0f} events a second"]
