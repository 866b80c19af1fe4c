"""Every answer carries its headers, and a sign-in leads only to pages of ours."""

import pytest
from flask import Flask, Response
from hypothesis import given
from hypothesis import strategies as st

from governance.web import security


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    static = tmp_path_factory.mktemp("static")
    (static / "house.css").write_text("a{}")
    app = Flask(__name__, static_folder=str(static), static_url_path="/static")
    app.config.update(TESTING=True)
    security.init_app(app)
    app.add_url_rule("/", "home", lambda: "home")
    app.add_url_rule("/QKK/tools/<int:n>", "tool", lambda n: str(n))
    app.add_url_rule("/search", "search", lambda: "found")
    app.add_url_rule("/sign-out", "sign_out", lambda: "bye", methods=["POST"])
    app.add_url_rule("/folder/", "folder", lambda: "in")
    app.add_url_rule("/public", "public", lambda: Response("open", headers={"Cache-Control": "public, max-age=60"}))
    app.add_url_rule("/broken", "broken", lambda: (_ for _ in ()).throw(LookupError("a fault")))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/sign-out", "/broken", "/static/house.css", "/static/none.css", "/folder"]
)
def test_every_answer_is_protected(app, path):
    headers = app.test_client().get(path).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_only_a_secure_answer_asks_for_secure_ones(app):
    client = app.test_client()
    assert "Strict-Transport-Security" not in client.get("/").headers
    assert (
        "max-age=31536000" in client.get("/", base_url="https://register.example").headers["Strict-Transport-Security"]
    )


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-store"),
        ("/nowhere", "no-store"),
        ("/broken", "no-store"),
        ("/public", "public, max-age=60"),
        ("/static/house.css", "public, max-age=3600"),
        ("/static/house.css?v=0123", "public, max-age=31536000, immutable"),
        ("/static/none.css?v=0123", "no-store"),
    ],
)
def test_pages_are_not_kept_and_static_files_are(app, path, kept):
    assert app.test_client().get(path).headers["Cache-Control"] == kept


@pytest.mark.parametrize(
    "target", ["/", "/QKK/tools/4", "/search?q=lung+nodule&page=2", "/search?q=caf%C3%A9", "/folder/"]
)
def test_our_own_pages_may_follow_a_sign_in(app, target):
    with app.test_request_context():
        assert security.safe_next(target) == target


HOSTILE = [
    None,
    "",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/../\\evil.example",
    "/%5cevil.example",
    "/%5c%5cevil.example",
    "/%255cevil.example",
    "/%2f%2fevil.example",
    "/%2fevil.example",
    "/..//evil.example",
    "/./search",
    "/QKK/../search",
    "/QKK/%2e%2e/search",
    "https://evil.example/",
    "https:/search",
    "https:search",
    "javascript:alert(1)",
    "data:text/html,x",
    "search",
    "?q=1",
    "#top",
    "/search#top",
    " /search",
    "/search ",
    "/\t/evil.example",
    "/\n/evil.example",
    "/search\r\nSet-Cookie: a=b",
    "/search?q=a%0d%0aSet-Cookie: a=b",
    "/search\x00",
    "/search\u202e",
    "/search%00",
    "/search?q=\\",
    "/sign-out",
    "/nowhere",
    "/folder",
    "/QKK/tools/four",
    "/static/house.css",
    "/@evil.example",
    "//evil.example/search",
    "/search?" + "q" * 2000,
]


@pytest.mark.parametrize("target", HOSTILE)
def test_nothing_else_may_follow_a_sign_in(app, target):
    with app.test_request_context():
        assert security.safe_next(target) is None


@given(st.text(alphabet=st.sampled_from("/\\.:%25cCfF@?# \t\nsearch0"), max_size=30))
def test_whatever_is_let_through_stays_on_this_site(target):
    app = Flask(__name__)
    app.add_url_rule("/", "home", str)
    app.add_url_rule("/search", "search", str)
    app.add_url_rule("/s/<path:rest>", "rest", str)
    with app.test_request_context():
        followed = security.safe_next(target)
    assert followed is None or (followed.startswith("/") and followed[1:2] not in ("/", "\\") and "\\" not in followed)


def test_under_a_folder_only_addresses_in_it_are_ours(app):
    with app.test_request_context("/", base_url="http://localhost/register"):
        assert security.safe_next("/register/search") == "/register/search"
        assert security.safe_next("/search") is None
        assert security.safe_next("/register") is None
