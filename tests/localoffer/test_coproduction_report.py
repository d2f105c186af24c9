"""Lapsed credit in the admin, and what it costs to find."""

from datetime import date

import pytest
from django.urls import reverse
from wagtail.models import Page

from localoffer.coproduction import digests_of, lapsed
from localoffer.founding import make_groups
from localoffer.models import Credit
from localoffer.regulations import Section
from tests.factories import answer_block, make_home, make_section, make_user

pytestmark = pytest.mark.django_db


def make_lapsed(home, section=Section.ADVICE):
    """A live page whose approved words were replaced."""
    page = make_section(section, home=home, slug=section.value, title=f"About {section.value}")
    page.save_revision().publish()
    for key, digest in digests_of(page).items():
        Credit.objects.create(
            page=page,
            requirement=key,
            group_name="Avonmere Parent Carer Voice",
            approved_on=date(2026, 3, 9),
            published_on=date(2026, 3, 10),
            digest=digest,
        )
    page = Page.objects.get(pk=page.pk).specific
    page.answers = [
        answer_block(block.value["requirement"], body="<p>Other words.</p>") for block in page.answers
    ]
    page.save_revision().publish()
    return page


@pytest.fixture
def home():
    return make_home()


def test_report_when_credit_has_lapsed_then_page_group_and_questions(client, home, admin_user):
    page = make_lapsed(home)
    client.force_login(admin_user)
    html = client.get(reverse("lapsed_credit")).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in html
    assert "Avonmere Parent Carer Voice, March 2026" in html
    assert "Where can we get free advice?" in html
    assert reverse("lapsed_credit") in client.get(reverse("wagtailadmin_home")).content.decode()


def test_report_when_nothing_has_lapsed_then_says_so(client, home, admin_user):
    client.force_login(admin_user)
    assert "No credit has lapsed." in client.get(reverse("lapsed_credit")).content.decode()


def test_report_when_the_page_is_taken_down_then_left_out(home):
    make_lapsed(home).unpublish()
    assert lapsed(home.get_site()) == []


def test_export_when_asked_then_one_line_a_page(client, home, admin_user):
    make_lapsed(home)
    client.force_login(admin_user)
    response = client.get(reverse("lapsed_credit"), {"export": "csv"})
    line = response.getvalue().decode("utf-8-sig").splitlines()[1]
    assert line.startswith("About advice,Avonmere Parent Carer Voice,2026-03-09,")


def test_report_when_signed_out_or_not_staff_then_refused(client, home):
    assert "login" in client.get(reverse("lapsed_credit")).url
    client.force_login(make_user("nobody"))
    assert client.get(reverse("lapsed_credit")).status_code == 302
    make_groups()
    client.force_login(make_user("viewer", groups=["Viewer"]))
    assert client.get(reverse("lapsed_credit")).status_code == 200


def test_report_when_more_has_lapsed_then_queries_grow_with_page_types_only(home, django_assert_num_queries):
    site = home.get_site()
    make_lapsed(home)
    lapsed(site)
    with django_assert_num_queries(3):
        assert len(lapsed(site)) == 1
    make_lapsed(home, Section.HEALTH)
    with django_assert_num_queries(4):
        assert len(lapsed(site)) == 2


def test_credit_when_the_page_is_of_another_authority_then_not_in_this_report(home):
    make_lapsed(home)
    other = make_home("Newbridge Council", hostname="newbridge.example")
    assert lapsed(other.get_site()) == []


def test_section_when_drawn_then_credit_and_twins_cost_a_fixed_number_of_queries(
    client, home, django_assert_max_num_queries
):
    page = make_lapsed(home, Section.EDUCATION)
    client.get(page.get_url())
    with django_assert_max_num_queries(14):
        client.get(page.get_url())
