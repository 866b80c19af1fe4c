"""The register as a WSGI server loads it, on the day of the small world: `granian --interface wsgi tests.held:app`."""

from governance import clock
from governance.wsgi import app as register
from tests.world import World


def app(environ, start_response):
    """Answer as the register does, with the clock held for each request."""
    with clock.fixed(World.TODAY):
        return register(environ, start_response)
