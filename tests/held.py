"""The register as a WSGI server loads it, on the day of the small world: `granian --interface wsgi tests.held:app`."""

import os

from jinja2 import FileSystemBytecodeCache

from governance import clock
from governance.wsgi import app as register
from tests.world import World

register.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ.get("COMPILED"))  # kept from one start to the next


def app(environ, start_response):
    """Answer as the register does, with the clock held for each request."""
    with clock.fixed(World.TODAY):
        return register(environ, start_response)
