"""The sweep's world: what every contract walks through."""

import pytest
from flask import Flask


@pytest.fixture
def swept(later: Flask) -> Flask:
    """The application on a copy of the sweep's world."""
    return later
