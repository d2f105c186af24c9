"""Who is responsible: one table, and every role that the site names leads back to it."""

import pytest
from django.urls import reverse

from localoffer import responsibility
from localoffer.models import ResponsibilityPage, ScorecardPage, Visibility
from localoffer.regulations import Section
from tests.factories import answer_block, make_home, make_section, not_published_block

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    home = make_home()
    answers = [
        answer_block("health.urgent", owner="Head of  SEND"),
        answer_block("health.therapies", owner="Therapy lead"),
        not_published_block("health.complex"),
    ]
    make_section(Section.HEALTH, home=home, slug="health", answers=answers)
    duties = [
        ("duty", {"agency": "The council", "duty": "Decide.", "role": "Head of SEND"}),
        ("duty", {"agency": "The health service", "duty": "Treat.", "role": "Nobody here"}),
        ("duty", {"agency": "The council", "duty": "Listen.", "role": "<b>Mayor</b>"}),
    ]
    page = ResponsibilityPage(title="Who", slug="who", introduction="x", responsibilities=duties)
    home.add_child(instance=page)
    return home


def test_table_when_read_then_agencies_in_order_and_each_role_with_its_places(home, client):
    agencies = responsibility.read(ResponsibilityPage.objects.get())
    assert [(a.name, [d.role for d in a.duties]) for a in agencies] == [
        ("The council", ["Head of SEND", "<b>Mayor</b>"]),
        ("The health service", ["Nobody here"]),
    ]
    [use] = agencies[0].duties[0].uses
    assert use.url.startswith("/health/#")
    html = client.get("/who/").content.decode()
    assert f'<a href="{use.url}">' in html
    assert "<b>Mayor</b>" not in html


def test_roles_when_no_table_lists_them_then_told_with_where(home, client, admin_user):
    page = ScorecardPage(title="Card", slug="card", introduction="x", visibility=Visibility.STAFF)
    page.indicators = [("indicator", {"indicator": "plans", "owner": "Secret lead", "figures": []})]
    home.add_child(instance=page)
    named = [role for role, _ in responsibility.not_in_table(home.get_site())]
    assert "Therapy lead" in named
    assert "Head of  SEND" not in named
    assert "Secret lead" not in named  # on a page that is not public
    client.force_login(admin_user)
    assert "Therapy lead" in client.get(reverse("roles_report")).content.decode()
