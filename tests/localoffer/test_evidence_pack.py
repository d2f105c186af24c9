"""The pack opens offline, counts truly, names nobody, and is written as it is sent."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.actions.delete_page import DeletePageAction
from wagtail.log_actions import registry

from localoffer import evidence_pack
from localoffer.demo_account import load_account
from localoffer.evidence_pack import PIECE, Part
from localoffer.founding import make_groups
from localoffer.models import GuidancePage
from localoffer.regulations import REQUIREMENTS, Section
from tests.factories import answer_block, make_home, make_page, make_published, make_section, make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
EXPECTED = {
    "coverage", "coverage-over-time", "freshness", "comments", "comments-counted", "actions", "co-production",
    "consultation", "consultation-rounds", "scorecard", "self-evaluation", "accessibility-statement",
    "changes-to-pages",
}  # fmt: skip


class Addresses(HTMLParser):
    """Every address that a page asks for or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def opened(site) -> dict[str, bytes]:
    whole = b"".join(evidence_pack.stream(site, TODAY - timedelta(days=365), TODAY))
    with zipfile.ZipFile(io.BytesIO(whole)) as pack:
        assert pack.testzip() is None
        return {name.partition("/")[2]: pack.read(name) for name in pack.namelist()}


@pytest.fixture
def site():
    return make_home().get_site()


def test_pack_when_opened_then_every_part_as_page_and_table_and_links_within_it(site, admin_user):
    load_account(site, settings.BASE_DIR / "demo")
    files = opened(site)
    assert {name.removesuffix(".csv") for name in files if name.endswith(".csv")} == EXPECTED
    for name in (name for name in files if name.endswith(".html")):
        addresses = Addresses()
        addresses.feed(files[name].decode())
        assert set(addresses.found) <= set(files), name
    rows = list(csv.reader(io.StringIO(files["coverage.csv"].decode("utf-8-sig"))))
    assert len(rows) == len(REQUIREMENTS) + 1
    assert f"{len(REQUIREMENTS)} rows" in files["index.html"].decode()
    assert files["coverage.html"].decode().count("<tr>") == len(rows)


def test_pack_when_cells_are_hostile_then_no_formula_and_no_markup(site):
    def hostile(site, start, end):
        cells = ("=1+1", "<script>x</script>", "line\nbreak")
        return [Part("hostile", "<b>Title</b>", "About", ("=A",), lambda: iter([cells]))]

    with hooks.register_temporarily("register_evidence_parts", hostile):
        files = opened(site)
    assert "'=1+1" in files["hostile.csv"].decode()
    assert "<script>" not in files["hostile.html"].decode()
    assert "<b>Title" not in files["index.html"].decode()


def test_pack_when_a_part_is_long_then_sent_in_pieces_and_rows_read_as_it_goes(site):
    read = []

    def long(site, start, end):
        def rows():
            for number in range(20 * PIECE):
                read.append(number)
                yield (number, "word " * 40)

        return [Part("a-long", "Long", "About", ("Number", "Words"), rows, order=0)]

    with hooks.register_temporarily("register_evidence_parts", long):
        pieces = evidence_pack.stream(site, TODAY, TODAY)
        while not read:
            next(pieces)
        assert len(read) < 10 * PIECE
        rest = list(pieces)
    assert len(read) == 2 * 20 * PIECE
    assert max(map(len, rest)) < 500_000


def test_changes_when_nothing_was_logged_since_the_server_started_then_still_told(site, monkeypatch):
    make_section(Section.HEALTH, home=site.root_page, slug="health").save_revision().publish()
    monkeypatch.setattr(registry, "formatters", {})
    monkeypatch.setattr(registry, "has_scanned_for_actions", False)
    rows = list(csv.reader(io.StringIO(opened(site)["changes-to-pages.csv"].decode("utf-8-sig"))))
    assert {"Create", "Publish"} == {row[2] for row in rows[1:]}


def test_changes_when_an_action_is_of_a_part_that_was_removed_then_its_key_and_no_failure(site, monkeypatch):
    make_section(Section.HEALTH, home=site.root_page, slug="health").save_revision().publish()
    monkeypatch.setattr(registry, "get_formatter", lambda entry: None)
    assert "wagtail.publish" in opened(site)["changes-to-pages.csv"].decode()


def test_coverage_when_the_period_ended_earlier_then_as_it_stood_then(site):
    make_section(
        Section.HEALTH, home=site.root_page, slug="health",
        answers=[answer_block("health.urgent"), answer_block("health.therapies")],
    ).save_revision().publish()  # fmt: skip

    def answered(end):
        whole = b"".join(evidence_pack.stream(site, end - timedelta(days=30), end))
        with zipfile.ZipFile(io.BytesIO(whole)) as pack:
            [name] = [name for name in pack.namelist() if name.endswith("/coverage.csv")]
            rows = csv.DictReader(io.StringIO(pack.read(name).decode("utf-8-sig")))
            return {row["Key"] for row in rows if row["Page"]}

    assert "health.urgent" in answered(TODAY)
    assert answered(TODAY - timedelta(days=10)) == set()


def test_parts_when_two_have_one_name_then_a_mistake_of_ours(site):
    def again(site, start, end):
        return [Part("coverage", "Again", "", (), lambda: [])]

    with (
        hooks.register_temporarily("register_evidence_parts", again),
        pytest.raises(ValueError, match="one name"),
    ):
        evidence_pack.parts_of(site, TODAY, TODAY)


def test_pack_when_comments_named_people_then_no_name_is_in_it(site, admin_user):
    call = json.loads((settings.BASE_DIR / "demo/comments.json").read_text(encoding="utf-8"))
    call_command("load_demo_comments", stdout=io.StringIO())
    make_published(site)
    whole = "\n".join(data.decode() for name, data in opened(site).items() if name != "pack.css")
    identifiers = {i for c in call["comments"] for i in c["expected"].get("identifiers", [])}
    assert len(identifiers) > 40
    assert [text for text in identifiers if text in whole] == []
    assert admin_user.email not in whole


def test_button_when_pressed_then_a_dated_file_and_only_for_who_may(client, site, admin_user):
    where = reverse("evidence_pack")
    make_groups()
    client.force_login(make_user("viewer", groups=["Viewer"]))
    assert client.post(where, {"start": TODAY, "end": TODAY}).status_code in (302, 403)
    client.force_login(admin_user)
    assert "What is in it" in client.get(where).content.decode()
    for wrong in ({"start": TODAY, "end": TODAY + timedelta(days=1)}, {"start": TODAY, "end": "soon"},
                  {"start": TODAY, "end": TODAY - timedelta(days=1)}):  # fmt: skip
        assert "text/html" in client.post(where, wrong)["Content-Type"]
    response = client.post(where, {"start": TODAY - timedelta(days=9), "end": TODAY})
    assert response.streaming
    assert f"evidence-{TODAY.isoformat()}.zip" in response["Content-Disposition"]
    assert zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))).testzip() is None


def test_changes_when_a_page_was_a_draft_only_or_was_deleted_then_its_title_is_kept_or_told(site, admin_user):
    home = site.root_page
    kept, draft = (
        make_page(GuidancePage, home, title=title, live=False) for title in ("Bus times", "Secret")
    )
    draft.save_revision(user=admin_user, log_action=True)
    kept.save_revision(user=admin_user).publish(user=admin_user)
    DeletePageAction(kept, user=admin_user).execute(skip_permission_checks=True)
    told = next(text for name, text in opened(site).items() if name.endswith("changes-to-pages.csv")).decode()
    assert "Bus times,Delete" in told
    assert "Secret" not in told


@pytest.mark.django_db
def test_pack_form_when_opened_then_its_days_are_written_as_a_browser_takes_them(admin_client):
    make_home()
    told = admin_client.get(reverse("evidence_pack")).content.decode()
    days = re.findall(r'name="(?:start|end)" value="([^"]*)"', told)
    assert len(days) == 2
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days)
