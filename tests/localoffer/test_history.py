"""The offer as it stood on a day."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page, PageLogEntry, PageViewRestriction, Revision

from localoffer import clock
from localoffer.coverage import Status, audit
from localoffer.founding import found_authority, make_groups
from localoffer.history import NoSuchDay, OfferAsOf, page_as_of, parse_day, sections_as_of, tidy
from localoffer.history_views import stay
from localoffer.models import CouncilSettings, GuidancePage, HomePage, TranslatedPage
from localoffer.regulations import Section, for_section
from tests.factories import answer_block, make_home, make_section, make_user

pytestmark = pytest.mark.django_db
JAN, FEB, MARCH, APRIL, MAY = (date(2026, month, 10) for month in range(1, 6))


def at(day, hour=12):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def logged(page, day, hour=12, entries=1):
    """The newest lines of the page's log happened on that day."""
    newest = PageLogEntry.objects.filter(page=page.pk).order_by("-pk").values_list("pk", flat=True)[:entries]
    PageLogEntry.objects.filter(pk__in=list(newest)).update(timestamp=at(day, hour))


def fresh(page):
    return Page.objects.get(pk=page.pk).specific


def publish(page, day, hour=12, **fields):
    page = fresh(page)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    logged(page, day, hour)
    return page


def unpublish(page, day):
    fresh(page).unpublish()
    logged(page, day)


def words(*texts):
    """Answers of the advice section; the first one answers its only requirement."""
    return [answer_block("adv.sources", body=f"<p>{text}</p>") for text in texts]


@pytest.fixture
def home():
    home = make_home()
    publish(home, JAN, heading="Welcome in January")
    PageLogEntry.objects.filter(page=home.pk, action="wagtail.create").update(timestamp=at(JAN, 1))
    return home


@pytest.fixture
def page(home):
    """First published in February, changed in April."""
    page = make_section(Section.ADVICE, home=home, slug="advice", title="Advice", live=False)
    logged(page, JAN)
    publish(page, FEB, answers=words("As in February."))
    publish(page, APRIL, answers=words("As in April."))
    return fresh(page)


def body(page):
    return page.answers[0].value["body"].source


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (FEB - timedelta(days=1), None),
        (FEB, "<p>As in February.</p>"),
        (MARCH, "<p>As in February.</p>"),
        (APRIL - timedelta(days=1), "<p>As in February.</p>"),
        (APRIL, "<p>As in April.</p>"),
        (MAY, "<p>As in April.</p>"),
    ],
)
def test_page_when_looked_back_to_then_the_words_of_that_day(page, day, expected):
    found = page_as_of(page, day)
    assert (body(found) if found else None) == expected


def test_page_when_published_twice_in_a_day_then_the_last_words_of_it(page):
    publish(page, MAY, 9, answers=words("In the morning."))
    publish(page, MAY, 23, answers=words("At night."))
    assert body(page_as_of(page, MAY)) == "<p>At night.</p>"


def test_page_when_published_at_midnight_in_summer_then_it_belongs_to_our_day(page):
    publish(page, date(2026, 6, 2), answers=words("June."))
    entry = PageLogEntry.objects.filter(page=page.pk).order_by("-pk").first()
    entry.timestamp = datetime.fromisoformat("2026-06-01T23:30:00+00:00")  # half past midnight here
    entry.save()
    assert body(page_as_of(page, date(2026, 6, 1))) == "<p>As in April.</p>"
    assert body(page_as_of(page, date(2026, 6, 2))) == "<p>June.</p>"


def test_page_when_taken_down_and_put_back_then_absent_between(page):
    unpublish(page, MAY)
    assert page_as_of(page, APRIL).live
    assert page_as_of(page, MAY) is None
    publish(page, date(2026, 6, 3), answers=words("Back."))
    assert page_as_of(page, date(2026, 6, 2)) is None
    assert body(page_as_of(page, date(2026, 6, 3))) == "<p>Back.</p>"


def test_page_when_a_draft_is_newer_then_history_shows_what_was_live(page):
    page.answers = words("Only a draft.")
    page.save_revision()
    assert body(page_as_of(page, date.today())) == "<p>As in April.</p>"


def test_page_when_its_versions_were_purged_then_nothing_rather_than_wrong_words(page):
    Revision.objects.filter(object_id=str(page.pk)).exclude(pk=page.live_revision_id).delete()
    assert page_as_of(page, MARCH) is None
    assert body(page_as_of(page, MAY)) == "<p>As in April.</p>"


def test_page_when_made_live_without_a_version_then_known_from_its_first_day(home):
    page = make_section(Section.HEALTH, home=home)
    logged(page, FEB)
    assert page_as_of(page, JAN) is None
    assert page_as_of(page, MARCH).title == "health"


def test_looking_back_when_done_then_nothing_is_written(page):
    before = (Page.objects.get(pk=page.pk).title, Revision.objects.count(), PageLogEntry.objects.count())
    page_as_of(page, MARCH)
    sections_as_of(page.get_site(), MARCH)
    assert body(fresh(page)) == "<p>As in April.</p>"
    assert before == (
        Page.objects.get(pk=page.pk).title,
        Revision.objects.count(),
        PageLogEntry.objects.count(),
    )


def test_address_when_the_slug_changed_later_then_the_old_one_finds_it(page):
    publish(page, MAY, slug="help-and-advice")
    site = page.get_site()
    assert body(OfferAsOf(site, APRIL).find("/advice/")) == "<p>As in April.</p>"
    assert OfferAsOf(site, APRIL).find("/help-and-advice/") is None
    assert OfferAsOf(site, MAY).find("help-and-advice") is not None
    assert OfferAsOf(site, MAY).find("/advice/") is None


def test_address_when_a_page_moved_later_then_found_where_it_stood(home, page):
    health = make_section(Section.HEALTH, home=home, slug="health", live=False)
    publish(health, JAN)
    guide = GuidancePage(title="Forms", slug="forms", body="<p>x</p>", live=False)
    page.add_child(instance=guide)
    publish(guide, FEB)
    fresh(guide).move(fresh(health), pos="last-child")
    logged(guide, MAY)
    offer = OfferAsOf(page.get_site(), APRIL)
    assert offer.find("/advice/forms/").title == "Forms"
    assert offer.find("/health/forms/") is None
    offer = OfferAsOf(page.get_site(), MAY)
    assert offer.find("/health/forms/").title == "Forms"
    assert offer.find("/advice/forms/") is None


def test_offer_when_it_has_more_pages_then_no_more_queries(home, page, django_assert_num_queries):
    def addresses(number):
        offer = OfferAsOf(page.get_site(), MARCH)
        assert offer.root
        with django_assert_num_queries(3):
            assert len(offer.addresses) == number

    addresses(2)
    for section in (Section.HEALTH, Section.TRANSPORT, Section.REDRESS):
        new = make_section(section, home=home, slug=section.value, live=False)
        publish(new, FEB)
        publish(new, MAY, title="Later")
    addresses(5)


def test_audit_when_given_the_sections_of_a_day_then_it_is_the_audit_of_that_day(page):
    def status(day):
        result = audit(page.get_site(), day, sections_as_of(page.get_site(), day))
        return next(f.status for f in result.findings if f.requirement.key == "adv.sources")

    assert [section.title for section in sections_as_of(page.get_site(), MARCH)] == ["Advice"]
    assert sections_as_of(page.get_site(), JAN) == []
    assert status(JAN) is Status.MISSING
    assert status(MARCH) is not Status.MISSING
    assert len(for_section(Section.ADVICE)) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-01",
        "2026-02-30",
        "1 March",
        "",
        "20260301",
        "2026-3-1",
        "0000-00-00",
        "٢٠٢٦-٠١-٠١x",
        "9999-12-31",
    ],
)
def test_day_when_bad_or_to_come_then_refused_in_words(text):
    with pytest.raises(NoSuchDay, match=r"\.$"):
        parse_day(text, date(2026, 11, 24))


@given(st.text(max_size=20) | st.dates().map(str) | st.from_regex(r"\d{4}-\d\d-\d\d", fullmatch=True))
def test_day_when_anything_is_typed_then_a_past_day_or_words(text):
    try:
        day = parse_day(text, date(2026, 11, 24))
    except NoSuchDay:
        return
    assert day.isoformat() == text
    assert day <= date(2026, 11, 24)


def test_day_when_good_then_read():
    assert parse_day("2026-03-01", date(2026, 11, 24)) == date(2026, 3, 1)


@pytest.mark.parametrize(("path", "expected"), [("", "/"), ("a", "/a/"), ("/a//b/", "/a/b/"), ("///", "/")])
def test_tidy_when_slashes_are_odd_then_one_at_each_end(path, expected):
    assert tidy(path) == expected


def test_links_when_drawn_then_those_that_stood_stay_in_history():
    html = (
        '<a href="/advice/#x">A</a> <a class="b" href="/">Home</a> <a href="/new/">N</a>'
        ' <a href="/advice/" data-now>Now</a> <link href="/advice/"> <a href="https://x.org/advice/">X</a>'
    )
    assert stay(html, {"/", "/advice/"}, MARCH) == (
        '<a href="/as-of/2026-03-10/advice/#x">A</a> <a class="b" href="/as-of/2026-03-10/">Home</a>'
        ' <a href="/new/">N</a> <a href="/advice/" data-now>Now</a> <link href="/advice/">'
        ' <a href="https://x.org/advice/">X</a>'
    )


class Machine:
    """The time machine as a person meets it."""

    def __init__(self, client):
        self.client = client

    def get(self, day, path="", status=200):
        response = self.client.get(reverse("as_of", args=[str(day), path]))
        assert response.status_code == status, response.status_code
        return response, response.content.decode()


@pytest.fixture
def machine(client, admin_user):
    client.force_login(admin_user)
    return Machine(client)


def test_view_when_staff_look_back_then_that_days_page_marked_and_neither_kept_nor_found(machine, page):
    response, html = machine.get(MARCH, "advice/")
    assert "As in February." in html
    assert "As in April." not in html
    assert "This is how this page was on 10 March 2026." in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'rel="canonical"' not in html
    assert response["X-Robots-Tag"] == "noindex"
    assert {"no-store", "private"} <= set(response["Cache-Control"].replace(",", "").split())
    assert 'href="/advice/" data-now>See this page as it is now' in html
    assert "Is something wrong or missing here?" not in html


def test_view_when_it_is_the_front_page_then_its_words_and_links_are_of_that_day(machine, home, page):
    publish(home, MAY, heading="Welcome in May")
    _, html = machine.get(MARCH)
    assert "Welcome in January" in html
    assert 'href="/as-of/2026-03-10/advice/' in html
    _, html = machine.get(JAN)
    assert 'href="/as-of/2026-01-10/advice/' not in html


def test_view_when_an_answer_was_due_later_than_that_day_then_not_called_late(machine, home):
    page = make_section(Section.ADVICE, home=home, slug="advice", live=False)
    answer = answer_block("adv.sources", reviewed_on=JAN, review_by=MARCH)
    publish(page, FEB, answers=[answer])
    assert "out of date" not in machine.get(FEB, "advice/")[1]
    assert "out of date" in machine.get(APRIL, "advice/")[1]
    assert clock.today() == timezone.localdate()


def test_view_when_the_page_was_not_there_then_says_why_in_words(machine, page):
    _, html = machine.get(JAN, "advice/", 404)
    assert "This page was not here on 10 January 2026" in html
    assert "had not published “Advice” yet" in html
    unpublish(page, MAY)
    assert "had been taken down" in machine.get(MAY, "advice/", 404)[1]
    _, html = machine.get(APRIL, "advice/")
    assert "This page is not on the site any more." in html
    assert "There was no page at this address" in machine.get(MARCH, "no/such/", 404)[1]


@pytest.mark.parametrize(
    "day", ["2026-13-01", "2999-01-01", "yesterday", "%3Cscript%3E", "2026-03-01'--", "\x00"]
)
def test_view_when_the_day_is_bad_then_400_in_words(machine, home, day):
    response, html = machine.get(day, "advice/", 400)
    assert "Please fix one thing" in html
    assert "<script>" not in html
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["\x00", "../../etc/passwd", "a" * 3000, "😀/العربية/", "advice/%00/"])
def test_view_when_the_path_is_hostile_then_404(machine, page, path):
    machine.get(MARCH, path, 404)


def test_start_when_a_day_is_chosen_then_goes_there_and_a_bad_one_is_kept(machine, page):
    client = machine.client
    assert client.get(reverse("as_of_start")).status_code == 200
    response = client.get(reverse("as_of_start"), {"on": "2026-03-10", "path": "/advice/"})
    assert response.url == "/as-of/2026-03-10/advice/"
    response = client.get(reverse("as_of_start"), {"on": "<b>soon", "path": "//evil.example/"})
    assert response.status_code == 400
    assert "&lt;b&gt;soon" in response.content.decode()
    response = client.get(reverse("as_of_start"), {"on": "2026-03-10", "path": "//evil.example/"})
    assert response.url == "/as-of/2026-03-10/evil.example/"
    assert client.post(reverse("as_of_start")).status_code == 405


def test_view_when_signed_out_then_asked_to_sign_in_unless_the_council_opens_it(client, page):
    address = reverse("as_of", args=["2026-03-10", "advice/"])
    assert client.get(address).url.startswith(reverse("wagtailadmin_login"))
    assert client.get(reverse("as_of_start")).status_code == 302
    council = CouncilSettings.for_site(page.get_site())
    council.public_history = True
    council.save()
    assert "As in February." in client.get(address).content.decode()


def test_view_when_signed_in_without_the_admin_then_refused_and_a_viewer_may(client, page):
    make_groups()
    address = reverse("as_of", args=["2026-03-10", "advice/"])
    client.force_login(make_user("nobody"))
    assert client.get(address).status_code == 403
    client.force_login(make_user("viewer", groups=["Viewer"]))
    assert client.get(address).status_code == 200


def test_view_when_the_page_is_private_then_history_is_too(client, page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    council = CouncilSettings.for_site(page.get_site())
    council.public_history = True
    council.save()
    assert client.get(reverse("as_of", args=["2026-03-10", "advice/"])).status_code == 302


def test_twin_when_looked_back_to_then_compared_with_its_page_of_that_day(machine, page):
    twin = TranslatedPage(title="Porady", slug="polski", language="pl", body="<p>x</p>", live=False)
    page.add_child(instance=twin)
    publish(twin, APRIL)
    publish(page, MAY, answers=words("As in May."))
    assert "We are checking" not in machine.get(APRIL, "advice/polski/")[1]
    assert "We are checking" in machine.get(MAY, "advice/polski/")[1]


def test_founding_when_done_then_the_front_page_has_history_from_its_first_day(db):
    site = found_authority(name="Newbridge Council", hostname="newbridge.example")
    assert isinstance(page_as_of(site.root_page, timezone.localdate()), HomePage)
    assert Revision.objects.filter(object_id=str(site.root_page_id)).count() == 1


def test_view_when_drawn_then_queries_stay_under_a_ceiling(machine, page, django_assert_max_num_queries):
    machine.get(MARCH, "advice/")
    with django_assert_max_num_queries(45):
        machine.get(MARCH, "advice/")
