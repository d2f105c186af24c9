"""The demonstration is true: what is missing or stale on purpose is found, and nothing else is broken."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from feedback.models import Comment
from localoffer import front_page
from localoffer.coverage import Audit, Status, audit
from localoffer.demo import load_pages, load_sign_offs, set_up_council
from localoffer.history import OfferAsOf, sections_as_of
from localoffer.models import Credit, EducationPage, SectionPage, SignOff, TransportPage
from localoffer.regulations import REQUIREMENTS
from search import guided
from search.finder import look
from search.models import BestBet, GuidedFinderPage
from services.models import Service
from tests.conftest import forget_search
from tests.crawler import STARTS, crawl

OFFER = json.loads((settings.BASE_DIR / "demo/sections.json").read_text(encoding="utf-8"))
# The corpus was written to be true on this day.
THEN = date.fromisoformat(OFFER["as_at"]) + timedelta(days=2)


# Words of the list that fair words hold too: "will", "grace". Their names beside more are looked for.
FAIR = {"Will", "Grace"}
DAYS = {"4 November", "3 May 2016"}


def says(text: str, words: str) -> bool:
    """Whether a text holds words as words: "Dean", but not in "Deansgate"."""
    return words in text and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def statuses(result: Audit) -> dict[str, Status]:
    return {finding.requirement.key: finding.status for finding in result.findings}


def differing(before: dict[str, Status], after: dict[str, Status]) -> set[str]:
    return {key for key in before if before[key] is not after[key]}


def without(key: str, blocks: list) -> list:
    return [block for block in blocks if block["value"]["requirement"] != key]


class DemonstrationTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        quiet = {"stdout": StringIO(), "stderr": StringIO()}
        call_command("setup", name="Avonmere Council", area="Avonmere", hostname="testserver", **quiet)
        cls.site = Site.objects.get(is_default_site=True)
        set_up_council(cls.site)
        call_command("load_vocabularies", **quiet)
        call_command("load_demo_services", **quiet)
        load_pages(cls.site, settings.BASE_DIR / "demo")
        call_command("load_demo_comments", **quiet)
        call_command("load_synonyms", **quiet)
        call_command("load_demo_search", **quiet)
        call_command("rebuild_index", **quiet)

    def setUp(self):
        forget_search()
        self.site.refresh_from_db()

    def test_audit_when_read_then_what_is_missing_and_stale_on_purpose_is_found(self):
        found = statuses(audit(self.site, THEN))
        assert {key for key, status in found.items() if status is Status.MISSING} == set(
            OFFER["deliberately_missing"]
        )
        stale = {key for key, status in found.items() if status is Status.STALE}
        # Two more are met by services alone, every one of them past its review date.
        assert stale == {*OFFER["deliberately_stale"], "how.personal_budgets", "redress.ombudsman_nhs"}

    def test_audit_when_asked_then_few_queries(self):
        audit(self.site, THEN)
        with self.assertNumQueries(4):  # the directory is remembered
            audit(self.site, THEN)
        with self.assertNumQueries(6):
            audit(self.site)

    def change_answer(self, key: str, **fields) -> None:
        for page in SectionPage.objects.all():
            data = page.answers.get_prep_value()
            for block in data:
                if block["value"]["requirement"] == key:
                    block["value"].update(fields)
                    page.answers = json.dumps(data)
                    page.save(clean=False)
                    return
        raise AssertionError(f"no answer to {key}")

    def remove_answer(self, key: str) -> dict[int, list]:
        """What the pages said that held it."""
        said = {page.pk: page.answers.get_prep_value() for page in SectionPage.objects.all()}
        held = {pk: blocks for pk, blocks in said.items() if without(key, blocks) != blocks}
        self.put_back({pk: without(key, blocks) for pk, blocks in held.items()})
        return held

    def put_back(self, said: dict[int, list]) -> None:
        for page in SectionPage.objects.filter(pk__in=said):
            page.answers = json.dumps(said[page.pk])
            page.save(clean=False)

    def turned(self, change) -> set[str]:
        before = statuses(audit(self.site, THEN))
        change()
        return differing(before, statuses(audit(self.site, THEN)))

    def test_answer_when_any_one_is_deleted_then_exactly_its_requirement_turns(self):
        before = statuses(audit(self.site, THEN))
        for requirement in REQUIREMENTS:
            if not requirement.evidence.page or requirement.key in OFFER["deliberately_missing"]:
                continue
            with self.subTest(requirement.key):
                said = self.remove_answer(requirement.key)
                assert differing(before, statuses(audit(self.site, THEN))) == {requirement.key}
                self.put_back(said)
        assert statuses(audit(self.site, THEN)) == before

    def test_answer_when_it_ages_then_exactly_its_requirement_turns(self):
        def age():
            self.change_answer("health.urgent", review_by="2026-01-01")

        assert self.turned(age) == {"health.urgent"}

    def test_service_when_it_alone_met_a_requirement_and_is_taken_down_then_exactly_that_turns(self):
        today = timezone.localdate()
        alone = Service.objects.filter(live=True, organisation__provider_type="pupil_referral_unit")
        assert alone.exists()
        before = statuses(audit(self.site, today))
        for service in alone:
            service.unpublish()
        after = statuses(audit(self.site, today))
        assert {key for key in before if before[key] is not after[key]} == {"edu.provider.pru"}

    def test_history_when_looked_back_to_then_the_year_before_is_there(self):
        day = date(2026, 3, 1)
        then = [page for page in sections_as_of(self.site, day) if page.slug == "transport"][0]
        now = TransportPage.objects.get()
        reviewed = [
            {b.value["requirement"]: b.value["reviewed_on"] for b in page.answers if b.block_type == "answer"}
            for page in (then, now)
        ]
        assert all(reviewed[0][key] < reviewed[1][key] for key in reviewed[0])
        assert audit(self.site, day, sections_as_of(self.site, day)).count()[Status.MET] > 10
        assert sections_as_of(self.site, date(2025, 8, 31)) == []
        assert OfferAsOf(self.site, day).find("") is not None

    def test_credit_when_the_forum_approved_then_families_read_its_day(self):
        credits = Credit.objects.filter(page=TransportPage.objects.get(), requirement="")
        assert [(c.group_name, c.approved_on) for c in credits] == [
            ("Avonmere Parent Carer Voice", date(2026, 10, 16))
        ]
        assert credits[0].task_state.finished_by.username == "demo-forum"
        html = " ".join(self.client.get("/transport/").content.decode().split())
        assert "Co-produced with Avonmere Parent Carer Voice, October 2026" in re.sub(r"<[^>]+>", "", html)

    def test_sign_offs_when_loaded_twice_then_once_and_only_for_what_is_met(self):
        made = load_sign_offs(self.site)
        assert made == SignOff.objects.count() > 20
        assert load_sign_offs(self.site) == 0

    def test_second_load_when_all_is_there_then_nothing_changes(self):
        page = EducationPage.objects.get()
        page.title = "Learning in Avonmere"
        page.save_revision().publish()
        before = Service.objects.count()
        assert load_pages(self.site, settings.BASE_DIR / "demo") == 0
        out = StringIO()
        call_command("load_demo_services", stdout=out, stderr=StringIO())
        assert "0 added, 0 changed, 260 unchanged" in out.getvalue()
        assert Service.objects.count() == before
        assert EducationPage.objects.get().title == "Learning in Avonmere"

    def links(self, address: str) -> tuple[str, set[str]]:
        response = self.client.get(address)
        assert response.status_code == 200, address
        html = response.content.decode()
        return html, {link.partition("?")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', html)}

    def test_any_answer_when_walked_to_from_home_then_three_clicks_at_most(self):
        anchors: dict[str, int] = {}
        seen, edge = {"/"}, {"/"}
        for clicks in range(1, 3):
            following: set[str] = set()
            for address in sorted(edge):
                for link in self.links(address)[1]:
                    path, _, anchor = link.partition("#")
                    if anchor:
                        anchors.setdefault(anchor, clicks)
                    if path not in seen and re.fullmatch(r"/[a-z-]+/", path):
                        following.add(path)
            seen |= following
            edge = following
        for page in edge | seen:
            if re.fullmatch(r"/[a-z-]+/", page):
                for anchor in re.findall(r'href="#([^"]+)"', self.links(page)[0]):
                    anchors.setdefault(anchor, 3)
        assert {r.key for r in REQUIREMENTS if r.anchor not in anchors} == set()

    def test_searches_when_marked_as_not_found_then_truly_not_there(self):
        for row in json.loads((settings.BASE_DIR / "demo/searches.json").read_text(encoding="utf-8")):
            found = look(QueryDict(urlencode({"q": row["words"]})), authority=self.site.pk)
            assert found.failed == bool(row["failed"]), row

    def test_best_bets_when_searched_then_each_stands_first(self):
        for bet in BestBet.objects.all():
            for phrase in bet.phrase_list:
                html = self.client.get("/services/", {"q": phrase}).content.decode()
                assert "Start here" in html, phrase

    def test_guided_finder_when_each_outcome_is_reached_then_services_and_rights_are_there(self):
        page = GuidedFinderPage.objects.get()
        page.full_clean()
        reached = set()
        for answers in self.ways(guided.questions(page.questions), {}):
            walk = guided.walk(guided.questions(page.questions), answers)
            reached.add(walk.outcome)
        outcomes = {block.value["key"]: block.value for block in page.outcomes}
        assert reached == set(outcomes)
        for key, value in outcomes.items():
            query = guided.search_query(guided.Walk(), guided.outcome(page.outcomes, key))
            assert look(QueryDict(query), authority=self.site.pk).total >= 3, key
            assert len(front_page.answers(self.site.root_page, value["rights"])) == len(value["rights"]), key

    def ways(self, asked: tuple[guided.Question, ...], answers: dict[str, str]) -> Iterator[dict[str, str]]:
        """Every way through the questions."""
        at = guided.walk(asked, answers).asking
        if at is None:
            yield answers
            return
        for answer in [option.key for option in at.options] or [guided.SKIPPED]:
            yield from self.ways(asked, {**answers, at.key: answer})

    def test_every_link_when_followed_then_it_leads_somewhere(self):
        seen, edge = set(), {"/"}
        while edge:
            address = edge.pop()
            seen.add(address)
            response = self.client.get(address, follow=True)
            assert response.status_code == 200, address
            if "text/html" not in response["Content-Type"] or address.startswith(("/services/", "/print")):
                continue
            found = re.findall(r'<a [^>]*href="(/[^"]*)"', response.content.decode())
            paths = {link.partition("#")[0].partition("?")[0] for link in found}
            edge |= paths - seen

    def test_every_page_when_read_then_no_cookie_and_strict_policy(self):
        for address in ("/", "/services/", "/education/", "/have-your-say/comments/", "/coverage/"):
            response = self.client.get(address)
            assert not response.cookies, address
            policy = response["Content-Security-Policy"]
            assert "unsafe-inline" not in policy, address
            assert "default-src 'self'" in policy, address

    def test_public_pages_when_warm_then_few_queries(self):
        service = Service.objects.get(external_id="svc-soc-001")
        ceilings = {
            "/": 8,
            "/education/": 12,
            "/services/": 8,
            "/services/?q=autism&age=7&postcode=BS5&within=5&need=ASD&cost=free": 8,
            service.get_absolute_url(): 10,
            "/have-your-say/comments/": 10,
        }
        for address, ceiling in ceilings.items():
            with self.subTest(address):
                self.client.get(address)
                with QueriesAtMost(ceiling):
                    self.client.get(address)

    def test_today_when_the_demonstration_is_old_then_the_site_still_stands(self):
        assert audit(self.site, timezone.localdate() + timedelta(days=2000)).count()[Status.MET] < 40

    def test_crawl_when_every_public_address_is_read_then_nobody_who_wrote_can_be_identified(self):
        """Pages, feeds, downloads and JSON: no listed identifier, no contact, no word that was withheld."""
        rows = json.loads((settings.BASE_DIR / "demo/comments.json").read_text(encoding="utf-8"))["comments"]
        listed = {words for row in rows for words in row["expected"]["identifiers"]}
        contacts = {row["contact_email"] for row in rows if row["contact_email"]}
        withheld = {row["original"][:60] for row in rows if not row["expected"]["public_text"]}
        comments = Comment.objects.in_bulk()
        starts = (*STARTS, *(comment.get_absolute_url() for comment in comments.values()))
        pages = dict(crawl(self.client, starts=starts, queries_under="/have-your-say/comments"))
        # A directory names its schools, and the council's pages their own people: that is not of a comment.
        published = "".join(
            path.read_text(encoding="utf-8")
            for path in (settings.BASE_DIR / "demo").glob("*.json*")
            if path.name != "comments.json"
        )
        assert len(pages) > 300
        for kind in (".csv", ".json", ".atom", "/you-said-we-did/", "?page=2"):
            assert any(kind in address for address in pages), kind
        leaks, not_published = [], {words for words in listed - FAIR if words not in published} - DAYS
        for address, text in pages.items():
            theirs = address.startswith("/have-your-say/") or address == "/"
            # A day of the year is a person's only beside their words: services are checked on days too.
            looked_for = listed - FAIR if theirs else not_published
            leaks += [(address, words) for words in looked_for if says(text, words)]
            leaks += [(address, words) for words in contacts | withheld if words in text]
        assert leaks == []


class QueriesAtMost:
    """A ceiling, not a number: fewer is welcome."""

    def __init__(self, ceiling: int) -> None:
        self.ceiling, self.captured = ceiling, CaptureQueriesContext(connection)

    def __enter__(self) -> None:
        self.captured.__enter__()

    def __exit__(self, *failure) -> None:
        self.captured.__exit__(*failure)
        if failure[0] is None:
            sql = "\n".join(q["sql"][:150] for q in self.captured.captured_queries)
            assert len(self.captured) <= self.ceiling, sql
