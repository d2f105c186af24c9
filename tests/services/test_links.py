"""Web addresses that break: asked politely, never on a private network, and told where they stand."""

from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from localoffer.coverage import Status, audit
from localoffer.models import GuidancePage
from localoffer.regulations import Section
from services import links
from services.enums import LinkState
from services.fetching import Fetched, FetchError
from services.models import Service, WebLink
from tests.factories import answer_block, make_organisation, make_page, make_section, make_service

pytestmark = pytest.mark.django_db


class FakeWeb:
    """Answers as told, and remembers what was asked when by a clock of its own."""

    def __init__(self, **answers):
        self.answers, self.asked, self.now = answers, [], 0.0

    def sleep(self, seconds):
        self.now += seconds

    @contextmanager
    def fetch(self, url, *, method, limits):
        self.asked.append((self.now, method, url))
        self.now += 0.1
        answer = self.answers.get(url.split("//")[1].split(".")[0], 200)
        if isinstance(answer, dict):
            answer = answer.get(method, 200)
        if isinstance(answer, Exception):
            raise answer
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        end = headers.pop("to", url) if headers else url
        yield Fetched(end, status, headers, (), None, limits)

    def check(self, **kwargs):
        return links.check_links(
            ask=self.fetch, sleep=self.sleep, clock=lambda: self.now, **{"pause": 2.0, **kwargs}
        )


def make_link(name, host="example.org", **fields):
    return WebLink.objects.create(url=f"https://{name}.{host}/", **fields)


def state_of(web, name="site"):
    make_link(name)
    web.check()
    return WebLink.objects.get()


@pytest.mark.parametrize(
    ("answer", "state", "methods"),
    [
        (200, LinkState.GOOD, ["HEAD"]),
        ({"HEAD": 405}, LinkState.GOOD, ["HEAD", "GET"]),
        ({"HEAD": 404}, LinkState.GOOD, ["HEAD", "GET"]),
        ({"HEAD": FetchError("It hung up.")}, LinkState.GOOD, ["HEAD", "GET"]),
        (404, LinkState.BROKEN, ["HEAD", "GET"]),
        (410, LinkState.BROKEN, ["HEAD", "GET"]),
        (500, LinkState.SHAKY, ["HEAD", "GET"]),
        (FetchError("No server."), LinkState.SHAKY, ["HEAD", "GET"]),
        (403, LinkState.BLOCKED, ["HEAD", "GET"]),
        ((429, {"retry-after": "60"}), LinkState.BLOCKED, ["HEAD"]),
        ((503, {"retry-after": "60"}), LinkState.SHAKY, ["HEAD"]),
    ],
)
def test_link_when_it_answers_so_then_stands_so(answer, state, methods):
    web = FakeWeb(site=answer)
    assert state_of(web).state == state
    assert [method for _, method, _ in web.asked] == methods


def test_link_when_it_does_not_answer_three_nights_then_is_broken_and_good_again_after(monkeypatch):
    web, now = FakeWeb(site=500), timezone.now()
    make_link("site")
    states = []
    for night in range(4):
        monkeypatch.setattr(timezone, "now", lambda night=night: now + timedelta(days=night * 7))
        if night == 3:
            web.answers["site"] = 200
        web.check()
        states.append(WebLink.objects.get().state)
    assert states == ["shaky", "shaky", "broken", "good"]
    assert WebLink.objects.get().failing_since is None


def test_server_when_it_has_many_addresses_then_is_left_alone_between_and_others_go_first():
    for number in range(3):
        WebLink.objects.create(url=f"https://one.example.org/{number}")
    make_link("two")
    web = FakeWeb()
    web.check()
    times = [at for at, _, url in web.asked if "one." in url]
    assert all(later - sooner >= 2 for sooner, later in zip(times, times[1:], strict=False))
    assert [url.split(".")[0] for _, _, url in web.asked][:2] == ["https://one", "https://two"]


def test_server_when_it_asks_us_to_wait_then_is_not_asked_again_before():
    make_link("slow")
    WebLink.objects.create(url="https://slow.example.org/more")
    web = FakeWeb(slow=(429, {"retry-after": "7200"}))
    done = web.check()
    assert (done.asked, done.left) == (1, 1)
    first = WebLink.objects.exclude(checked_at=None).get()
    assert timedelta(minutes=110) < first.not_before - timezone.now() <= timedelta(hours=2)
    forever = FakeWeb(other=(503, {"retry-after": "999999999"}))
    make_link("other")
    forever.check()
    kept = WebLink.objects.get(url="https://other.example.org/")
    assert kept.not_before <= timezone.now() + links.LONGEST_WAIT


def test_run_when_it_reaches_its_bounds_then_stops_and_the_next_goes_on():
    for number in range(6):
        make_link(f"site{number}")
    web = FakeWeb()
    assert web.check(limit=2).asked == 2
    assert web.check(minutes=0.001).asked == 1
    assert web.check().asked == 3
    assert web.check().asked == 0
    assert len({url for _, _, url in web.asked}) == 6


def test_link_when_it_leads_elsewhere_then_says_where():
    web = FakeWeb(
        site=(200, {"to": "https://new.example.org/page"}), same=(200, {"to": "http://www.same.example.org"})
    )
    assert state_of(web).moved_to == "https://new.example.org/page"
    make_link("same")
    web.check()
    assert WebLink.objects.get(url__contains="same").moved_to == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://[::1]/",
        "http://2130706433/",
    ],
)
def test_link_when_private_then_no_connection_is_made(url, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("A connection was made.")

    monkeypatch.setattr("socket.create_connection", refuse)
    answer = links.ask_once(url)
    assert answer.state in (LinkState.BLOCKED, LinkState.SHAKY)
    assert answer.problem


class _Redirecting(BaseHTTPRequestHandler):
    asked: list = []

    def do_GET(self):
        _Redirecting.asked.append((self.command, self.path))
        place = {"/inward": "http://169.254.169.254/latest/", "/loop": "/loop"}.get(self.path)
        self.send_response(302 if place else 200)
        if place:
            self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *args):
        pass


@pytest.fixture
def served(settings):
    settings.FETCH_LOOPBACK = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Redirecting)
    Thread(target=server.serve_forever, daemon=True).start()
    _Redirecting.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_real_server_when_it_redirects_inward_or_for_ever_then_is_not_followed(served):
    assert links.ask_once(f"{served}/fine").state == LinkState.GOOD
    inward = links.ask_once(f"{served}/inward")
    assert (inward.state, "not a public address" in inward.problem) == (LinkState.BLOCKED, True)
    loop = links.ask_once(f"{served}/loop")
    assert (loop.state, "without end" in loop.problem) == (LinkState.SHAKY, True)
    assert len(_Redirecting.asked) < 12


def test_uses_when_addresses_stand_in_services_and_pages_then_each_is_found_where_it_is_mended(authority):
    trust = make_organisation(authority, name="Trust", url="https://trust.example.org/")
    make_service(
        authority,
        name="Club",
        organisation=trust,
        url="https://club.example.org/",
        sen_information_report_url="https://club.example.org/sen.pdf",
    )
    make_service(authority, name="Off", url="https://off.example.org/", live=False)
    document = {"title": "Policy", "url": "https://doc.example.org/p.pdf", "period": "", "document": None}
    body = '<p>See <a href="https://body.example.org/a?b=1&amp;c=2">this</a>.</p>'
    policy = answer_block("transport.policy_post16", documents=[document], body=body)
    make_section(answers=[answer_block("transport.arrangements"), policy])
    make_page(GuidancePage, body='<p><a href="https://guide.example.org/">Guide</a></p>')
    found = dict(links.uses())
    assert {url.split("//")[1].split(".")[0] for url in found} == {"trust", "club", "doc", "body", "guide"}
    assert "https://body.example.org/a?b=1&c=2" in found
    assert found["https://club.example.org/sen.pdf"].title == "Club: SEN information report"
    for use in found.values():
        assert use.edit_url.startswith("/admin/")
    assert dict(links.uses({"https://guide.example.org/"})).keys() == {"https://guide.example.org/"}


def test_gather_when_an_address_is_no_longer_used_then_is_forgotten(authority):
    service = make_service(authority, url="https://old.example.org/")
    assert links.gather() == 1
    Service.objects.filter(pk=service.pk).update(url="https://new.example.org/")
    links.gather()
    assert WebLink.objects.get().url == "https://new.example.org/"


def test_command_when_run_then_keeps_and_says_what_it_found(authority, monkeypatch):
    make_service(authority, name="Club", url="https://club.example.org/")
    web = FakeWeb(club=404)
    monkeypatch.setattr(
        links.check_links,
        "__kwdefaults__",
        {**links.check_links.__kwdefaults__, "ask": web.fetch, "sleep": web.sleep, "clock": lambda: web.now},
    )
    out = StringIO()
    call_command("check_links", dry_run=True, stdout=out)
    assert not WebLink.objects.exists()
    call_command("check_links", stdout=out)
    assert "https://club.example.org/: There is no such page any more." in out.getvalue()
    assert "1 asked: 0 work, 1 broken" in out.getvalue()


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"minutes": 0}, {"pause": -1}])
def test_command_when_told_nonsense_then_is_refused(wrong):
    with pytest.raises(CommandError, match="more than 0"):
        call_command("check_links", **wrong)


def test_report_when_links_are_broken_then_says_where_and_is_safe_as_a_spreadsheet(admin_client, authority):
    make_service(authority, name="=Club", url="https://club.example.org/")
    WebLink.objects.create(
        url="https://club.example.org/",
        state=LinkState.BROKEN,
        status=404,
        problem="Gone.",
        failing_since=timezone.now(),
    )
    words = admin_client.get(reverse("broken_links_report")).content.decode()
    assert "https://club.example.org/" in words
    assert "=Club" in words
    sheet = admin_client.get(reverse("broken_links_report") + "?export=csv").getvalue().decode("utf-8-sig")
    assert "'=Club" in sheet
    assert admin_client.get(reverse("broken_links_report") + "?export=xlsx").status_code == 200
    home = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 link is broken" in " ".join(home.split())


def test_coverage_when_a_link_of_an_answer_broke_then_its_requirement_is_out_of_date():
    body = '<p><a href="https://gone.example.org/">Ring</a></p>'
    answers = [answer_block("health.urgent", body=body), answer_block("health.therapies")]
    page = make_section(Section.HEALTH, answers=answers)
    links.gather()
    link = WebLink.objects.get(url="https://gone.example.org/")

    def status():
        found = audit(page.get_site()).findings
        return next(f.status for f in found if f.requirement.key == "health.urgent")

    for state, expected in ((LinkState.GOOD, Status.MET), (LinkState.BROKEN, Status.STALE)):
        link.state = state
        link.save()
        assert status() is expected
