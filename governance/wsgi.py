"""What a WSGI server loads: `granian --interface wsgi governance.wsgi:app`."""

from sqlalchemy.exc import SQLAlchemyError

from governance import create_app
from governance.audit.commands import make_up_receipts

app = create_app()
with app.app_context():
    try:
        make_up_receipts()  # those that the last end, were it sudden, left unwritten
    except SQLAlchemyError as unreachable:
        app.logger.warning("Receipts could not be looked at: %s", unreachable)
