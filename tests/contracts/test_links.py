"""Every link and every form leads to a page that the person who sees it may open."""

from urllib.parse import urljoin, urlsplit

import pytest

from governance.permissions import Role
from tests.contracts import reading, sweep
from tests.world import World

ROLES = (Role.DIGITAL_LEAD, Role.CSO, Role.ORGANISATION_ADMINISTRATOR, Role.BOARD_MEMBER, Role.AUTHORISING_EXECUTIVE)


@pytest.mark.parametrize(("backend", "role"), [("sqlite", role) for role in ROLES], ids=lambda each: str(each), scope="session")
def test_every_link_can_be_followed_by_who_sees_it(swept, role):
    wanted: dict[str, str] = {}
    actions: dict[str, str] = {}
    fragments: list[str] = []
    for place, answer in sweep.walk(swept, role):
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        page = reading.Page(answer.text)
        for link in page.links:
            found = urlsplit(urljoin(place.url, link))
            if found.scheme in ("http", "https", "mailto") or found.netloc:
                continue
            if link.startswith("#") and len(link) > 1 and f'id="{link[1:]}"' not in answer.text:
                fragments.append(f"{place.url}: {link}")
            elif not link.startswith("#"):
                wanted.setdefault(found.path + (f"?{found.query}" if found.query else ""), place.url)
        actions |= {urlsplit(urljoin(place.url, form.action)).path: place.url for form in page.forms if form.method == "POST"}
    client = swept.test_client()
    World().sign_in(client, role, "RTH01")
    wrong = []
    for link, seen_on in wanted.items():
        with client.get(link) as answer:
            if answer.status_code >= 400:
                wrong.append(f"{link}: {answer.status_code}, on {seen_on}")
    assert wrong == []
    assert fragments == []
    assert len(wanted) > 5
    adapter = swept.url_map.bind("localhost")
    held = World().actor(role, "RTH01").permissions
    for action, seen_on in actions.items():
        endpoint, _ = adapter.match(action, method="POST")
        marked = swept.view_functions[endpoint].access
        assert not marked.permissions or set(marked.permissions) & held, f"{action} on {seen_on}"
