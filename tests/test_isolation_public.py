"""Two authorities in one installation: what families of one read holds nothing of the other.

Only a service that says so by its reach is shared. Every public address is asked for on one host with
the other's ids and paths, and everything that links lead to is read.
"""

import re
from copy import deepcopy

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from localoffer import sharing
from localoffer.models import GuidancePage, ScorecardPage, Visibility
from localoffer.regulations import Section
from localoffer.staff_groups import group_name
from services import review_links
from services.enums import Scope
from services.models import Service
from tests.crawler import crawl
from tests.factories import (
    make_action,
    make_home,
    make_location,
    make_news,
    make_organisation,
    make_page,
    make_published,
    make_section,
    make_service,
    make_term,
    make_user,
)
from tests.feedback.record import approve, make_draft, make_round
from tests.test_admin_permissions import _views

pytestmark = pytest.mark.django_db
OURS, THEIRS, SHARED = "Quartzmark", "Zirconmark", "Opalmark"
# With a capital: an address that is asked for may be said again, in small letters.
SEEN = re.compile(THEIRS)
OTHER_HOST = "otherton.example"


class Published:
    """One of everything that an authority shows, with its mark in it."""

    def __init__(self, home, mark):
        self.home, self.site, self.mark = home, home.get_site(), mark
        known = ("--name", self.site.site_name or mark, "--hostname", self.site.hostname)
        call_command("setup", *known, port=self.site.port, verbosity=0)
        site = self.site
        provider = make_organisation(site, name=f"Provider {mark}")
        place = make_location(site, name=f"Hall {mark}", address_1=f"1 {mark} Street")
        self.service = make_service(
            site, name=f"Swim {mark}", organisation=provider, locations=(place,), needs=("ASD",),
            url=f"https://{mark.lower()}.example/", summary=f"Swimming {mark}",
        )  # fmt: skip
        self.draft = make_service(site, name=f"Draft {mark}", live=False)
        self.section = make_section(
            Section.TRANSPORT, home=home, slug=f"transport-{mark.lower()}", title=f"Travel {mark}",
            introduction=f"About {mark}.",
        )  # fmt: skip
        self.page = make_page(GuidancePage, home, title=f"Guide {mark}", body=f"<p>Ring {mark}.</p>")
        make_news(home, title=f"News {mark}", summary=f"New: {mark}")
        make_term(f"TLA{mark}", site, plain_meaning=f"A {mark} thing.")
        action = make_action(site, title=f"Mend {mark}", you_said=f"Said {mark}", status="planned")
        self.comment = make_published(
            site, text=f"The bus {mark}", public_text=f"The bus {mark}", heading=f"Bus {mark}", action=action,
        )  # fmt: skip
        make_round(site, title=f"Asked {mark}")
        score = ScorecardPage(
            title=f"Score {mark}", slug=f"score-{mark.lower()}", introduction=f"For {mark}",
            visibility=Visibility.COUNCILLORS,
        )  # fmt: skip
        home.add_child(instance=score)
        score.save_revision().publish()
        by = make_user(f"by{site.pk}", is_superuser=True)
        self.shared_link, _ = sharing.share(page=score, user=by)


@pytest.fixture(scope="module")
def made(kept_rows):
    ours = Published(make_home("Avonmere Council"), OURS)
    theirs = Published(make_home("Otherton Council", OTHER_HOST), THEIRS)
    make_service(theirs.site, name=f"Helpline {SHARED}", scope=Scope.NATIONAL)
    return ours, theirs


@pytest.fixture
def both(made, settings):
    settings.ALLOWED_HOSTS = ["*"]
    call_command("rebuild_index", verbosity=0)
    return deepcopy(made)


def test_public_pages_when_one_council_is_read_whole_then_nothing_of_the_other_is_there(both):
    wrong, seen, shared = [], 0, 0
    for address, text in crawl(Client(), queries_under="/have-your-say/"):
        seen += OURS in text
        shared += SHARED in text
        if SEEN.search(text):
            wrong.append(address)
    assert not wrong, wrong
    assert seen > 20
    assert shared > 1  # what is national is shared, so that the walk would see what leaked


def test_public_addresses_when_asked_with_ids_of_the_other_then_nothing_of_it_is_there(both):
    ours, theirs = both
    client, wrong, walked = Client(raise_request_exception=False), [], 0
    for address in _addresses(theirs):
        walked += 1
        response = client.get(address, follow=True)
        body = b"".join(response) if response.streaming else response.content
        if SEEN.search(body.decode("utf-8", "replace")) or response.status_code >= 500:
            wrong.append(f"{address}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert walked > 60
    there = Client(headers={"host": OTHER_HOST})
    for address in (theirs.service.get_absolute_url(), "/have-your-say/comments/", theirs.shared_link):
        assert THEIRS in there.get(address).content.decode(), address


def _addresses(theirs):
    """Every public address of the URLconf, filled with what is the other council's; and its pages."""
    service, draft = theirs.service, theirs.draft
    token = theirs.shared_link.rstrip("/").rsplit("/", 1)[-1]
    paths = [page.url_path.removeprefix(theirs.home.url_path) for page in theirs.home.get_descendants()]
    values = {
        "asked": [str(service.uuid), str(service.organisation.uuid) if hasattr(service.organisation, "uuid")
                  else str(service.uuid)],
        "day": ["2026-11-01"],
        "path": paths,
        "token": [token],
        "name": ["open-data", "template", "sample"],
        "pk": [str(service.pk), str(draft.pk)],
        "slug": [service.slug],
        "period": ["2024-2025", "2025-2026"],
        "part": ["comments", "actions"],
        "reference": [theirs.comment.reference],
        "section": ["pages", "services", "comments"],
        "seal": ["x"],
    }  # fmt: skip
    for where, _, _ in _views():
        if where.startswith(("admin/", "_util/", "documents/", "media/")):
            continue
        plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)", r"<\1>", where)
        names = re.findall(r"<(?:\w+:)?(\w+)>", plain)
        wildcards = max((len(values.get(name, [""])) for name in names), default=1)
        for number in range(wildcards):
            filled = plain
            for name in names:
                choices = values.get(name, ["x"])
                filled = re.sub(
                    rf"<(?:\w+:)?{name}>", choices[min(number, len(choices) - 1)], filled, count=1
                )
            yield "/" + filled.replace("^", "").replace("\\", "").replace("/?$", "/").rstrip("$")
    yield from (f"/{path}" for path in paths)
    for query in ("q=swim", "q=zirconmark", "q=zircon*", "need=ASD", "q=bus"):
        yield f"/services/?{query}"
        yield f"/services/suggest/?{query}"
        yield f"/have-your-say/comments/?{query}"
    yield f"/services/saved/?ids={service.pk},{draft.pk}"
    yield f"/services/saved/?id={service.pk}&id={draft.pk}"
    yield f"/have-your-say/follow/?reference={theirs.comment.reference}"
    yield f"/have-your-say/?about={service.get_absolute_url()}"
    yield f"/have-your-say/useful/thanks/?about={service.get_absolute_url()}"


def test_comment_when_asked_after_by_its_number_on_another_host_then_it_is_not_known(both):
    _, theirs = both
    for method in ("get", "post"):
        response = getattr(Client(), method)(
            "/have-your-say/follow/", {"reference": theirs.comment.reference}
        )
        assert not SEEN.search(response.content.decode())


def test_review_link_when_opened_on_another_councils_site_then_it_opens_nothing(both):
    _, theirs = both
    address = reverse("services:review", args=[review_links.token_of(review_links.make_link(theirs.service))])
    for data in ({}, {"go": "change"}, {"go": "right"}, {"go": "again"}):
        response = Client().post(address, data) if data else Client().get(address)
        assert response.status_code == 410
        assert not SEEN.search(response.content.decode())
    assert THEIRS in Client(headers={"host": OTHER_HOST}).get(address).content.decode()


def test_open_referral_when_two_councils_share_a_site_then_each_gives_its_own(both):
    ours, theirs = both
    names = [one["name"] for one in Client().get("/open-referral/services/").json()["contents"]]
    assert f"Swim {OURS}" in names
    assert not any(THEIRS in name for name in names)
    there = Client(headers={"host": OTHER_HOST}).get("/open-referral/services/").json()["contents"]
    assert {f"Swim {THEIRS}", f"Helpline {SHARED}"} <= {one["name"] for one in there}


def test_service_when_it_serves_another_council_then_families_there_find_it(both):
    ours, theirs = both
    shared = make_service(theirs.site, name=f"Regional {SHARED}")
    shared.serves.add(ours.site)
    shared.save()
    call_command("rebuild_index", verbosity=0)
    assert Client().get(shared.get_absolute_url()).status_code == 200
    assert f"Regional {SHARED}" in Client().get("/services/?q=regional").content.decode()
    assert not Service.objects.visible_to(ours.site).filter(pk=theirs.service.pk).exists()


def test_yearly_report_when_it_is_anothers_then_it_is_not_there(both):
    _, theirs = both
    names = ("Council editor", "Forum editor", "Council publisher")
    writer, forum, publisher = (
        make_user(f"u{number}", groups=[group_name(role, theirs.site)]) for number, role in enumerate(names)
    )
    frozen = approve(make_draft(theirs.site), writer, forum, publisher)
    path = frozen.url_path.removeprefix(theirs.home.url_path)
    assert Client().get(f"/{path}").status_code == 404
    assert Client(headers={"host": OTHER_HOST}).get(f"/{path}").status_code == 200
