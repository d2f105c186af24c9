"""Who may keep which page, for how long, and that a change is seen by the very next reader."""

import gzip
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse, QueryDict
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from django.utils.http import http_date
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from feedback import moderation, submission
from localoffer import page_cache
from localoffer.host_ports import LeavesOutStrangePorts
from localoffer.models import (
    Change,
    CouncilSettings,
    GlossaryPage,
    GuidancePage,
    NewsIndexPage,
    NewsPage,
    ScorecardPage,
    Visibility,
)
from search.index import rebuild
from services.models import Category
from tests.factories import (
    NEEDED,
    make_action,
    make_comment,
    make_home,
    make_moderator,
    make_news,
    make_offer,
    make_page,
    make_published,
    make_section,
    make_service,
    make_term,
)

pytestmark = pytest.mark.django_db

LOG = "/have-your-say/comments/"


@pytest.fixture
def home(db):
    return make_home()


@pytest.fixture
def page(home):
    return make_page(GuidancePage, home, slug="help", title="Help here", body="<p>Ring us.</p>")


def text(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


class Workers:
    """Two workers, each with memory of its own, and one database."""

    def __init__(self, monkeypatch):
        self.monkeypatch = monkeypatch
        self.kept = [page_cache._Kept(), page_cache._Kept()]

    def ask(self, number, address):
        self.monkeypatch.setattr(page_cache, "kept", self.kept[number])
        return Client().get(address)

    def all_say(self, address, words, status=200):
        found = [self.ask(number, address) for number in (0, 1)]
        return all(r.status_code == status and (words in r.content.decode()) for r in found)


@pytest.fixture
def workers(monkeypatch):
    return Workers(monkeypatch)


class TestTheVeryNextRequest:
    """Warm on both workers; then one change; then both say so."""

    def test_page_when_published_again_then_seen(self, workers, page):
        assert workers.all_say("/help/", "Ring us.")
        page.body = "<p>Write to us.</p>"
        page.save_revision().publish()
        assert workers.all_say("/help/", "Write to us.")

    def test_page_when_taken_down_then_gone(self, workers, page):
        assert workers.all_say("/help/", "Ring us.")
        page.unpublish()
        assert workers.all_say("/help/", "", status=404)

    def test_page_when_moved_then_at_its_new_address_only(self, workers, page, home):
        parent = make_page(GuidancePage, home, slug="other", title="Other")
        assert workers.all_say("/help/", "Ring us.")
        assert workers.all_say("/other/", "Other")
        page.move(parent, "last-child")
        assert workers.all_say("/other/help/", "Ring us.")
        assert workers.all_say("/help/", "", status=301)

    def test_page_when_deleted_then_gone_and_its_menu_entry_too(self, workers, page, home):
        assert workers.all_say("/", "Help here")
        page.delete()
        assert workers.all_say("/help/", "", status=404)
        assert "Help here" not in workers.ask(0, "/").content.decode()

    def test_page_when_made_private_then_asks_and_nothing_of_it_is_kept(self, workers, page):
        assert workers.all_say("/help/", "Ring us.")
        PageViewRestriction.objects.create(page=page, restriction_type="password", password="open")
        for number in (0, 1):
            response = workers.ask(number, "/help/")
            assert "Ring us." not in response.content.decode()
            assert "no-store" in response["Cache-Control"]

    def test_settings_when_edited_then_every_page_says_so(self, workers, page, home):
        assert workers.all_say("/help/", "Help here")
        council = CouncilSettings.for_site(home.get_site())
        council.phone = "0117 496 0123"
        council.save()
        assert workers.all_say("/help/", "0117 496 0123")

    def test_section_when_a_named_kind_of_service_changes_then_seen(self, workers, home):
        section = make_section(home=home, slug="transport")
        assert workers.all_say("/transport/", "What we do.")
        block = section.answers[0].value
        block["body"].source = "<p>We do more.</p>"
        section.save_revision().publish()
        assert workers.all_say("/transport/", "We do more.")

    def test_service_when_edited_then_seen(self, workers, authority):
        service = make_service(authority, name="Sunny Club", summary="A club.")
        address = service.get_absolute_url()
        assert workers.all_say(address, "A club.")
        service.summary = "A better club."
        service.save_revision().publish()
        assert workers.all_say(address, "A better club.")

    def test_service_when_changed_in_bulk_then_seen(self, workers, authority):
        service = make_service(authority, name="Sunny Club", summary="A club.")
        address = service.get_absolute_url()
        assert workers.all_say(address, "A club.")
        type(service).objects.filter(pk=service.pk).update(summary="In bulk.")
        assert workers.all_say(address, "In bulk.")

    def test_results_when_the_index_changes_then_seen(self, workers, authority):
        make_home()
        rebuild()
        assert workers.all_say("/services/", "Find services")
        make_service(authority, name="Brand New Club")
        rebuild()
        assert workers.all_say("/services/", "Brand New Club")

    def test_word_list_when_a_label_changes_then_the_filter_says_so(self, workers, authority):
        service = make_service(authority, name="Club", categories=("short_breaks",))
        rebuild()
        assert workers.all_say(service.get_absolute_url(), "Short breaks")
        Category.objects.filter(key="short_breaks").update(label="Time off")
        assert workers.all_say(service.get_absolute_url(), "Time off")

    def test_glossary_when_a_word_changes_then_explained_anew(self, workers, home):
        make_page(GuidancePage, home, slug="plans", body="<p>An EHCP is a plan.</p>")
        term = make_term(
            "EHCP", expansion="education, health and care plan", plain_meaning="A paper on help. It is long."
        )
        assert workers.all_say("/plans/", "paper on help")
        term.plain_meaning = "A promise of help. It is short."
        term.save()
        assert workers.all_say("/plans/", "promise of help")

    def test_glossary_page_when_a_word_is_added_then_listed(self, workers, home):
        make_page(GlossaryPage, home)
        assert workers.all_say("/glossary/", "What words mean")
        make_term("Portage")
        assert workers.all_say("/glossary/", "Portage")

    def test_log_when_a_comment_is_published_then_there(self, workers, authority):
        make_home()
        by = make_moderator()
        comment = make_comment(authority)
        assert workers.all_say(LOG, "")
        moderation.publish(
            comment=comment, by=by, version=comment.version, nobody_identifiable=True,
            note="Shorter.", public_text="The bus page is old.", response="We wrote it again.",
        )  # fmt: skip
        assert workers.all_say(LOG, "The bus page is old.")
        assert workers.all_say(f"{LOG}{comment.reference}/", "We wrote it again.")

    def test_log_when_an_action_changes_then_said(self, workers, authority):
        make_home()
        action = make_action(authority, title="New page")
        comment = make_published(authority, action=action)
        address = f"{LOG}{comment.reference}/"
        assert workers.all_say(address, "We will write it again.")
        type(action).objects.filter(pk=action.pk).update(response="It is written.")
        assert workers.all_say(address, "It is written.")

    def test_front_page_when_a_comment_is_answered_then_said_there(self, workers, authority):
        make_home()
        assert workers.all_say("/", "")
        make_published(authority, action=make_action(authority, you_said="The page is old."))
        assert workers.all_say("/", "The page is old.")

    def test_front_page_when_news_comes_then_listed(self, workers, home):
        assert workers.all_say("/", "")
        make_news(home, title="New bus forms")
        assert workers.all_say("/", "New bus forms")

    def test_redirect_when_made_or_changed_then_followed(self, workers, page, home):
        assert workers.all_say("/old/", "", status=404)
        redirect = Redirect.objects.create(old_path="/old", redirect_page=page, site=home.get_site())
        for number in (0, 1):
            response = workers.ask(number, "/old/")
            assert (response.status_code, response["Cache-Control"]) == (301, "private, no-cache")
        redirect.delete()
        assert workers.all_say("/old/", "", status=404)

    def test_scorecard_when_it_is_published_then_linked(self, workers, home):
        assert workers.all_say("/", "")
        home.add_child(
            instance=ScorecardPage(
                title="How we are doing", slug="how", introduction="Figures.", visibility=Visibility.PUBLIC
            )
        )
        assert workers.all_say("/", "How we are doing")

    def test_page_when_the_day_changes_then_made_anew(self, workers, home, monkeypatch):
        make_page(GuidancePage, home, slug="due", reviewed_on=date(2026, 1, 1), review_by=date(2026, 6, 1))
        monkeypatch.setattr(timezone, "localdate", lambda *a: date(2026, 5, 31))
        before = workers.ask(0, "/due/").content
        monkeypatch.setattr(timezone, "localdate", lambda *a: date(2026, 6, 2))
        assert workers.ask(0, "/due/").content != before

    def test_pages_when_the_cache_keeps_nothing_then_right(self, workers, page, settings):
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
        assert workers.all_say("/help/", "Ring us.")
        Page.objects.filter(pk=page.pk).update(title="Another title")
        assert workers.all_say("/help/", "Another title")


class TestHeaders:
    def test_page_when_asked_again_with_its_etag_then_not_sent(self, client, page, django_assert_num_queries):
        first = client.get("/help/")
        with django_assert_num_queries(1):
            again = client.get("/help/", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert again["Cache-Control"] == first["Cache-Control"]
        assert again["Vary"] == "Accept-Encoding, Cookie"

    def test_page_when_it_changed_then_its_etag_has_too(self, client, page):
        first = client.get("/help/")
        Page.objects.filter(pk=page.pk).update(title="Another")
        again = client.get("/help/", headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 200
        assert again["ETag"] != first["ETag"]

    def test_page_when_unchanged_since_then_not_sent(self, client, page):
        Change.objects.update(at=0)
        first = client.get("/help/")
        again = client.get("/help/", headers={"If-Modified-Since": first["Last-Modified"]})
        assert again.status_code == 304

    def test_page_when_changed_a_moment_ago_then_no_time_is_told(self, client, page):
        """A second is too coarse: another change may follow within it."""
        Page.objects.filter(pk=page.pk).update(title="Now")
        response = client.get("/help/", headers={"If-Modified-Since": http_date()})
        assert response.status_code == 200
        assert not response.has_header("Last-Modified")

    @pytest.mark.parametrize(
        ("accepts", "is_packed"),
        [
            ("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=1.0", True), ("gzip; q=0.01", True),
            ("gzip;q=0", False), ("identity, gzip ; q=0.000", False), ("gzip;q=0, br", False), 
            ("not-gzip", False),
        ],
    )  # fmt: skip
    def test_page_when_the_reader_says_what_it_cannot_unpack_then_plain(
        self, client, page, accepts, is_packed
    ):
        answer = client.get("/help/", headers={"Accept-Encoding": accepts})
        assert answer.has_header("Content-Encoding") == is_packed

    def test_page_when_the_reader_unpacks_then_packed_under_an_etag_of_its_own(self, client, page):
        plain = client.get("/help/")
        packed = client.get("/help/", headers={"Accept-Encoding": "br, gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert packed["ETag"] != plain["ETag"]
        assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content)

    def test_head_when_asked_then_headers_of_the_page(self, client, page):
        assert client.head("/help/")["ETag"] == client.get("/help/")["ETag"]

    def test_error_when_answered_then_nobody_keeps_it(self, client, home):
        response = client.get("/nothing/here/")
        assert (response.status_code, response["Cache-Control"]) == (404, "no-store")
        assert not response.has_header("ETag")

    def test_page_when_staff_ask_then_only_for_them(self, admin_client, client, page):
        client.get("/help/")
        response = admin_client.get("/help/")
        assert response["Cache-Control"] == "private, no-store"
        assert not response.has_header("ETag")

    @pytest.mark.parametrize(
        "address",
        ["/services/?q=autism", "/services/?postcode=BS5+6RJ", "/services/?saved=1.2", f"{LOG}?q=bus"],
    )
    def test_search_when_it_says_what_a_person_looks_for_then_private_and_not_kept(
        self, client, home, address
    ):
        assert client.get(address)["Cache-Control"] == "private, no-cache"
        assert page_cache.kept.get(f"http://testserver{address}") is None

    def test_log_when_kept_elsewhere_then_asked_for_each_time(self, client, home):
        """What is withheld must not be shown for another minute."""
        assert client.get(LOG)["Cache-Control"] == "public, no-cache"

    def test_form_when_drawn_then_never_kept(self, client, home):
        for address in ("/have-your-say/", "/have-your-say/young-people/"):
            assert "no-store" in client.get(address)["Cache-Control"]

    def test_comment_when_it_has_no_place_in_the_log_then_its_page_is_never_kept(self, client, home):
        comment = make_comment(home.get_site())
        addresses = [
            f"{LOG}{comment.reference}/",
            reverse("feedback:sent", args=[submission.seal(comment.reference)]),
        ]
        for address in addresses:
            assert "no-store" in client.get(address)["Cache-Control"]

    def test_shortlist_when_drawn_then_private(self, client, home):
        assert client.get("/services/saved/?ids=1")["Cache-Control"].startswith("private")

    def test_page_when_a_reader_opened_a_form_before_then_still_kept(self, client, page):
        client.get("/have-your-say/")
        assert client.cookies
        assert client.get("/help/")["Cache-Control"].startswith("public")


class TestPoison:
    def test_page_when_an_unknown_parameter_is_sent_then_made_afresh_and_not_kept(self, client, home):
        index = make_page(NewsIndexPage, home)
        for number in range(12):
            make_page(NewsPage, index, title=f"Piece {number}")
        evil = client.get("/news/?x=%22%3E%3Cscript%3Eevil")
        assert evil.status_code == 200
        assert "evil" not in text(client, "/news/")
        assert page_cache.kept.get("http://testserver/news/?x=%22%3E%3Cscript%3Eevil") is None

    def test_page_when_its_parameters_differ_then_each_is_its_own(self, client, home):
        index = make_page(NewsIndexPage, home)
        for number in range(12):
            make_page(NewsPage, index, title=f"Piece {number}")
        assert text(client, "/news/") != text(client, "/news/?page=2")
        assert text(client, "/news/") == text(client, "/news/")

    def test_page_when_another_host_asks_then_not_its_page(self, client, page):
        client.get("/help/")
        with pytest.raises(AssertionError):
            assert client.get("/help/", headers={"Host": "evil.example"}).status_code == 200
        assert "evil.example" not in text(client, "/help/")

    @pytest.mark.parametrize("port", ["1337", "65535", "0", "000080", "99999999"])
    def test_page_when_a_strange_port_is_named_then_the_kept_page_without_it(
        self, client, page, port, django_assert_num_queries
    ):
        plain = client.get("/help/")
        with django_assert_num_queries(1):
            again = client.get("/help/", headers={"Host": f"testserver:{port}"})
        assert again.content == plain.content
        assert port not in client.get("/robots.txt", headers={"Host": f"testserver:{port}"}).content.decode()

    @pytest.mark.parametrize("origin", ["https://offer.example.org:8443", "https://[::1]:8443"])
    def test_page_when_the_port_is_ours_then_its_links_have_it(self, page, settings, origin):
        settings.WAGTAILADMIN_BASE_URL = origin
        host = origin.removeprefix("https://")
        settings.ALLOWED_HOSTS = [host.removesuffix(":8443")]
        for asked in (host, host.replace("8443", "8000")):
            answer = Client().get("/robots.txt", headers={"Host": asked}, SERVER_PORT="8000")
            assert f"http://{asked}/sitemap.xml" in answer.content.decode()

    def test_ports_when_a_developer_tries_the_site_then_every_one_is_right(self, settings):
        settings.ALLOWED_HOSTS, settings.HTTPS = ["localhost"], False
        with pytest.raises(MiddlewareNotUsed):
            LeavesOutStrangePorts(lambda request: HttpResponse())

    def test_page_when_forwarded_headers_are_sent_then_the_same(self, client, page):
        odd = {"X-Forwarded-Host": "evil.example", "X-Original-URL": "/admin/", "Forwarded": "host=evil"}
        body = client.get("/help/", headers=odd).content
        assert b"evil" not in body
        assert client.get("/help/").content == body

    def test_address_when_very_long_then_not_kept(self, client, page):
        query = "page=" + "1" * 400
        client.get(f"/help/?{query}")
        assert page_cache.kept.get(f"http://testserver/help/?{query}") is None

    def test_kept_pages_when_too_many_then_the_oldest_go(self, settings):
        settings.PAGE_CACHE_MB = 1
        kept = page_cache._Kept()
        made = page_cache.Page(b"x" * 100_000, {}, "", "", 0, {}, date.min, 0)
        for number in range(50):
            kept.keep(str(number), made)
        assert kept.get("0") is None
        assert kept.get("49") is made
        assert kept._pages.currsize <= 1024 * 1024

    def test_kept_pages_when_turned_off_then_none(self, client, page, settings, monkeypatch):
        settings.PAGE_CACHE_MB = 0
        monkeypatch.setattr(page_cache, "kept", page_cache._Kept())
        assert text(client, "/help/") == text(client, "/help/")
        assert page_cache.kept.get("http://testserver/help/?") is None


class TestEveryPublicAddress:
    """No address is forgotten: each says whether it may be kept."""

    def _walk(self, patterns, path=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from self._walk(pattern.url_patterns, path + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield path + str(pattern.pattern), pattern

    def test_views_when_shared_then_these_and_no_others(self):
        """Whoever adds one here has thought of what it shows, and to whom."""
        marked = {
            pattern.name
            for path, pattern in self._walk(get_resolver().url_patterns)
            if hasattr(pattern.callback, page_cache.MARK)
        }
        assert marked == {
            "wagtail_serve", "results", "short", "detail", "calendar", "data", "guide", "log", "log_entry",
            "said_and_did", "log_csv", "log_json", "log_feed", "report_file", "coverage", "coverage_json",
            "print_offer", "print_section", "sitemap", "sitemap_part", "robots", "picture",
            "changes", "whats_changed", "other_ways",
        }  # fmt: skip

    @pytest.mark.parametrize("model", NEEDED, ids=lambda model: model.__name__)
    def test_page_when_of_any_type_then_headers_are_right(self, client, home, model):
        parent = make_page(NewsIndexPage, home) if model is NewsPage else home
        response = client.get(make_page(model, parent).get_url())
        has_form = "csrftoken" in response.cookies
        assert response.status_code == 200
        if has_form:
            assert "no-store" in response["Cache-Control"]
        else:
            assert response["Cache-Control"] == page_cache.A_MINUTE_AND_WHILE_ASKING
            assert response["ETag"]
            assert "Cookie" in response["Vary"]
            assert not response.cookies

    @pytest.mark.parametrize(
        ("address", "control"),
        [
            ("/", "public, max-age=60, stale-while-revalidate=60"),
            ("/services/", "public, max-age=60"),
            ("/services/?need=ASD&page=2", "public, max-age=60"),
            ("/services/data/", "public, max-age=60, stale-while-revalidate=60"),
            ("/services/changes.atom", "public, no-cache"),
            ("/open-referral/", "public, no-cache"),
            ("/open-referral/services", "public, no-cache"),
            ("/open-referral/docs/", "public, max-age=60, stale-while-revalidate=60"),
            (LOG, "public, no-cache"),
            ("/have-your-say/you-said-we-did/", "public, no-cache"),
            ("/have-your-say/comments.csv", "public, no-cache"),
            ("/have-your-say/comments.json", "public, no-cache"),
            ("/have-your-say/comments.atom", "public, no-cache"),
            ("/coverage/", "public, max-age=60, stale-while-revalidate=60"),
            ("/coverage.json", "public, max-age=60, stale-while-revalidate=60"),
            ("/print/", "public, max-age=60"),
            ("/sitemap.xml", "public, max-age=60"),
            ("/sitemap-pages.xml", "public, max-age=60"),
            ("/robots.txt", "public, max-age=60, stale-while-revalidate=60"),
            ("/services/suggest/?q=au", "private, no-cache"),
            ("/services/saved/", "private, no-cache"),
        ],
    )
    def test_address_when_asked_then_says_who_may_keep_it_and_sets_no_cookie(
        self, client, home, address, control
    ):
        make_offer()
        response = client.get(address)
        assert response.status_code == 200
        assert response["Cache-Control"] == control
        assert not response.cookies


class TestQueries:
    """A warm page costs one question: has anything changed?"""

    @pytest.mark.parametrize("address", ["/", "/transport/", "/services/", LOG, "/coverage/"])
    def test_page_when_warm_then_one_query(self, client, authority, address, django_assert_num_queries):
        make_offer()
        rebuild()
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)

    @pytest.mark.parametrize(
        ("address", "ceiling"),
        [("/", 4), ("/transport/", 2), ("/services/", 4), (LOG, 8), ("/services/?q=club", 8)],
    )
    def test_page_when_no_whole_page_is_kept_then_at_most_eight(
        self, client, authority, address, ceiling, settings, monkeypatch, django_assert_max_num_queries
    ):
        settings.PAGE_CACHE_MB = 0
        monkeypatch.setattr(page_cache, "kept", page_cache._Kept())
        make_offer()
        make_published(authority, action=make_action(authority))
        make_service(authority, name="Club")
        rebuild()
        client.get(address)
        with django_assert_max_num_queries(ceiling):
            client.get(address)

    def test_service_when_warm_then_one_query(self, client, authority, django_assert_num_queries):
        make_home()
        address = make_service(authority).get_absolute_url()
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)


class TestUnreadParameters:
    """What a page does not read neither makes it anew nor stands on it."""

    @pytest.fixture
    def offer(self, authority):
        make_offer()
        make_page(GuidancePage, make_home(), slug="help", title="Help here", body="<p>Ring us.</p>")
        make_service(authority, name="Club")
        rebuild()

    def test_page_when_asked_with_what_it_does_not_read_then_the_kept_one_without_it(
        self, client, offer, django_assert_num_queries
    ):
        for address in [
            "/", "/help/", "/transport/", "/services/", "/print/", "/print/transport/", "/coverage/",
            "/coverage.json", "/whats-changed/", "/easy-read/", "/sitemap-pages.xml", LOG,
            "/have-your-say/comments.json", "/have-your-say/comments.csv", "/have-your-say/comments.atom",
        ]:  # fmt: skip
            plain = client.get(address)
            client.get(f"{address}?utm_source=letter")  # what the address reads is known from here on
            with django_assert_num_queries(1):
                again = client.get(f"{address}?utm_source=%3Cscript%3Eevil&utm_campaign=a&x=9&x=8")
            assert again.status_code == 200
            assert again.content == plain.content, address
            assert (again["ETag"], again["Cache-Control"]) == (plain["ETag"], plain["Cache-Control"])
            assert b"evil" not in again.content

    def test_page_when_first_asked_with_what_it_does_not_read_then_kept_without_it(
        self, client, offer, django_assert_num_queries
    ):
        for address in ("/", "/services/", "/print/", LOG):
            first = client.get(f"{address}?utm_source=evil")
            assert b"evil" not in first.content
            with django_assert_num_queries(1):
                assert client.get(address).content == first.content

    def test_log_as_a_file_when_an_answer_changes_then_the_kept_file_goes(self, client, authority):
        make_home()
        action = make_action(authority, title="New page")
        make_published(authority, action=action)
        files = [f"/have-your-say/comments.{ending}" for ending in ("json", "csv", "atom")]
        for address in files:
            assert "We will write it again." in text(client, address)
        type(action).objects.filter(pk=action.pk).update(response="It is written.")
        for address in files:
            assert "It is written." in text(client, address)
            assert "It is written." in text(client, f"{address}?topic=content&utm_source=x")
            assert "Access-Control-Allow-Origin" in client.get(address)

    def test_results_when_a_choice_or_words_are_among_what_is_not_read_then_they_count(
        self, client, authority
    ):
        make_home()
        make_service(authority, name="Club")
        make_service(authority, name="Other", needs=("ASD",))
        rebuild()
        chosen = text(client, "/services/?need=ASD")
        assert text(client, "/services/?utm_source=evil&need=ASD") == chosen
        assert chosen != text(client, "/services/")
        answer = client.get("/services/?utm_source=letter&q=club")
        assert answer["Cache-Control"] == "private, no-cache"
        assert "Club" in answer.content.decode()

    def test_pages_when_they_read_a_parameter_then_they_still_see_it(self, client, home):
        index = make_page(NewsIndexPage, home)
        for number in range(12):
            make_page(NewsPage, index, title=f"Piece {number}")
        assert text(client, "/news/?utm_source=x&page=2") == text(client, "/news/?page=2")
        assert text(client, "/news/?page=2") != text(client, "/news/")

    def test_redirect_when_written_for_an_address_with_a_query_then_followed(self, client, page, home):
        site = home.get_site()
        for old in ("/old.asp/?id=5", "/print/old/?id=5", "/services/999/?id=5"):
            path = Redirect.normalise_path(old)
            Redirect.objects.create(old_path=path, redirect_page=page, site=site)
            answer = client.get(old)
            assert (answer.status_code, answer["Location"]) == (301, "/help/"), old
            assert client.get(old.replace("5", "6")).status_code == 404

    def test_views_and_pages_when_they_read_a_parameter_then_they_say_so(self, client, home, monkeypatch):
        """A view that reads what it does not name would never see it."""
        make_offer()
        rebuild()
        pages = [
            make_page(model, make_page(NewsIndexPage, home, slug="all") if model is NewsPage else home)
            for model in NEEDED
        ]
        read: set[str] = set()

        class Spied(QueryDict):
            def __getitem__(self, name):
                read.add(name)
                return super().__getitem__(name)

            def __contains__(self, name):
                read.add(name)
                return super().__contains__(name)

            def getlist(self, name, default=None):
                read.add(name)
                return super().getlist(name, default)

        addresses = ["/services/", LOG, "/print/", "/coverage/", "/sitemap-pages.xml", "/whats-changed/"]
        addresses += ["/have-your-say/comments.csv", "/have-your-say/comments.json"]
        addresses += [
            "/have-your-say/comments.atom",
            "/services/changes.atom",
            "/services/data/",
            "/robots.txt",
            "/easy-read/",
        ]
        for address in [*addresses, *(page.get_url() for page in pages)]:
            read.clear()
            match = resolve(address)
            request = RequestFactory().get(address, SERVER_NAME="localhost")
            request.GET, request.user, request.resolver_match = Spied(), AnonymousUser(), match
            answer = match.func(request, *match.args, **match.kwargs)
            if hasattr(answer, "render"):
                answer.render()
            known = page_cache.policy_of(match).known(request)
            assert known is not None, address
            assert read <= known, (address, read - known)


class TestNobodysCookie:
    """A cookie that says nothing costs no page drawn anew."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"Cookie": "sessionid=neverwasthere0123456789"},
            {"Cookie": "sessionid="},
            {"Cookie": 'sessionid="abcdefgh\\000ij"'},
            {"Cookie": "messages=x; csrftoken=y; other=z"},
        ],
    )
    def test_page_when_a_cookie_says_nothing_then_the_kept_page(self, page, headers):
        plain = Client().get("/help/")
        kept = page_cache.kept.get("http://testserver/help/?")
        again = Client().get("/help/", headers=headers)
        assert (again.content, again["Cache-Control"]) == (plain.content, plain["Cache-Control"])
        assert not again.cookies
        assert page_cache.kept.get("http://testserver/help/?") is kept

    def test_page_when_first_asked_with_a_dead_session_then_kept_for_all(self, page):
        first = Client().get("/help/", headers={"Cookie": "sessionid=neverwasthere0123456789"})
        assert first["Cache-Control"].startswith("public")
        assert page_cache.kept.get("http://testserver/help/?") is not None

    def test_page_when_asked_with_a_login_that_means_nothing_then_kept_page_but_for_that_reader(self, page):
        plain = Client().get("/help/")
        again = Client().get("/help/", headers={"Authorization": "Basic eDp5"})
        assert again.content == plain.content
        assert again["Cache-Control"] == "private, no-cache"

    def test_page_when_a_sign_on_was_begun_then_the_kept_page_and_the_session_lives(self, client, page):
        session = client.session
        session["oidc_states"] = {"a": {}}
        session.save()
        assert client.get("/help/")["Cache-Control"].startswith("public")
        assert client.session["oidc_states"] == {"a": {}}

    def test_page_when_a_session_holds_anything_else_then_private(self, client, page):
        session = client.session
        session["passed_page_view_restrictions"] = [1]
        session.save()
        assert client.get("/help/")["Cache-Control"] == "private, no-store"
