"""Every address of our own in the admin, opened and posted to by every group of staff.

The table says whom each address lets in. An address that the table does not name fails the test, so
that nobody adds one without saying whom it is for.
"""

import re
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from wagtail.models import Page, Task

from feedback import consultation
from feedback.annual_period import ReportPeriod
from feedback.models import ConsulteeCategory, Gap, ResponseTemplate
from localoffer import committee_reports
from localoffer.founding import GROUPS, make_groups
from localoffer.guard import made_of, model_of
from localoffer.models import (
    Audience,
    EvaluationItem,
    EvaluationSet,
    FormatRequest,
    GuidancePage,
    ScorecardPage,
    SelfEvaluationPage,
    TranslatedPage,
    Visibility,
)
from localoffer.regulations import REQUIREMENTS
from search.models import BestBet, SynonymGroup
from services.enums import TermKind
from services.models import ImportBatch, ImportJob, PendingImport, SchoolTerm, VocabularyTerm
from tests.factories import (
    make_action,
    make_category,
    make_comment,
    make_home,
    make_location,
    make_need,
    make_organisation,
    make_page,
    make_service,
    make_term,
    make_user,
)
from tests.feedback.record import make_draft, make_round
from tests.services.currency import make_suggestion

pytestmark = pytest.mark.django_db

OURS = ("localoffer", "services", "search", "feedback")
ROLES = {
    "E": "Council editor",
    "P": "Council publisher",
    "F": "Forum editor",
    "M": "Comment moderator",
    "V": "Viewer",
}
ALL, NO = "EPFMV", "405"
# (views, who may open them, who may post to them), the first that fits; NO where there is no such method.
TABLE = (
    # Reports that name nobody, and what refuses in words on the page one came from.
    ("coverage_report lapsed_credit twins_report plain_language personal_data", ALL, NO),
    ("feedback_annual:index", ALL, NO),
    ("guide guide_chapter", ALL, NO),
    ("roles_report", ALL, ALL),
    ("feedback_annual:draft", NO, ALL),
    ("sign_requirement confirm_twin failed_search_gap", NO, "P"),
    ("plain_language_page", "EPF", NO),
    ("feedback_annual:count", NO, "EPF"),
    ("draft_committee count_committee", "EPF", "EPF"),
    ("rate_evaluation", "P", "P"),  # what is said there is public at once
    ("share_links", "EPF", "P"),
    ("evidence_pack", "P", "P"),
    ("failed_searches", "P", NO),
    # People.
    ("personal_data_person", "EPM", "EPM"),
    ("*_formatrequest:choose* *_formatrequest:chosen*", "EP", NO),
    ("*_formatrequest:add *_formatrequest:edit *_formatrequest:delete *_formatrequest:create", "EP", "EP"),
    ("*_formatrequest:*", "EP", NO),
    # The directory.
    ("duplicates_report", "EP", NO),
    ("merge_services", "EP", "P"),
    ("tell_services_apart *_service:lock *_service:unlock", NO, "EP"),
    ("who_checks services_suggestions:edit", "EP", "EP"),
    ("freshness_report broken_links_report services_suggestions:index*", "EPV", NO),
    ("service_imports:apply service_imports:discard", NO, "P"),
    ("service_imports:index service_imports:result service_imports:words service_imports:job", "P", "P"),
    ("service_imports:*", "P", NO),
    ("*_service:delete *_service:unpublish *_service:revisions_unschedule", "P", "P"),
    # Wagtail's own words about a workflow that is not there.
    ("*_service:workflow_action *_service:collect_* *_service:confirm_*", ALL, ALL),
    ("*_service:workflow_preview", "", NO),
    ("*_service:preview_* *_service:revisions_revert", "EP", "EP"),
    ("*_need:delete *_category:delete *_vocabularyterm:delete", "", ""),
    ("*choosers_services_organisation:cho* *choosers_services_location:cho*", "EPV", NO),
    ("*choosers_services_*:cho* *choosers_localoffer_*:cho* *choosers_search_*:cho*", ALL, NO),
    ("*_services_*:list*", "EPV", NO),
    ("*_services_*:add *_services_*:edit *_services_*:delete *_services_*:create", "EP", "EP"),
    ("*_services_*:*", "EP", NO),
    # Words, questions and search.
    ("*_glossaryterm:delete", "EP", "EP"),
    ("*_glossaryterm:add *_glossaryterm:edit *_glossaryterm:create", "EPF", "EPF"),
    ("*_glossaryterm:*", "EPF", NO),
    ("*_evaluationset:delete *_audience:delete", "P", ""),  # ours are in use
    ("*_localoffer_*:add *_localoffer_*:edit *_localoffer_*:create", "P", "P"),
    ("*_search_*:add *_search_*:edit *_search_*:create *_search_*:copy *_search_*:delete", "P", "P"),
    ("*_localoffer_*:* *_search_*:*", "P", NO),
    # Comments, and what follows from them.
    ("feedback_actions:index* feedback_actions:inspect", "PMV", NO),
    ("feedback_asked feedback_useful", "EPM", NO),
    ("feedback_rounds:delete", "P", "P"),
    ("feedback_rounds:add feedback_rounds:edit feedback_gaps:add feedback_gaps:edit", "EPM", "EPM"),
    ("feedback_consultees:edit", "PM", "PM"),
    ("feedback_rounds:* feedback_consultees:*", "EPM", NO),
    ("feedback_gaps:look", NO, "EPM"),
    ("feedback_gaps:*", "EPMV", NO),
    ("feedback_*:add feedback_*:edit feedback_*:delete", "M", "M"),
    ("feedback_*:*", "M", NO),
)  # fmt: skip
# A chooser that makes nothing has no form, and Wagtail fails over a post of it. No page holds one.
HAS_FORM = ("organisation", "location")


def _expected(name: str) -> tuple[str, str]:
    for patterns, may_open, may_post in TABLE:
        if any(fnmatchcase(name, pattern) for pattern in patterns.split()):
            return may_open, may_post
    raise LookupError(f"Whom is {name} for? Say so in the table.")


def _views(resolver: Any = None, before: str = "", names: tuple[str, ...] = ()) -> Iterator[Any]:
    """(pattern of the address, name with its namespace, view) of every address there is."""
    for entry in (resolver or get_resolver()).url_patterns:
        where = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _views(entry, where, (*names, entry.namespace) if entry.namespace else names)
        else:
            yield where, ":".join((*names, entry.name or "")), entry.callback


def our_views() -> list[tuple[str, str, Any]]:
    """(pattern, name, model) of the admin's views that our apps wrote, or Wagtail made for our models."""
    found = []
    for where, name, wrapped in _views():
        view, model = made_of(wrapped), model_of(wrapped)
        wrote = getattr(view, "view_class", view).__module__.partition(".")[0]
        app = model._meta.app_label if model else ""
        if where.startswith("admin/") and (wrote in OURS or app in OURS):
            found.append((where, name, model))
    return found


class World:
    """One of everything that an address of the admin can name, for one authority.

    `mark` stands in every name and text, so that a test can see whose it is.
    """

    def __init__(self, home: Any = None, mark: str = "") -> None:
        self.home = home = home or make_home()
        site = home.get_site()
        self.site, self.mark = site, mark
        make_groups(site)
        consultation.load_consultees()
        key = mark.strip().lower() or "x"
        held = EvaluationSet(
            key=f"ours{key}", version="1", title=f"Questions{mark}", authority=site if mark else None
        )
        held.items = [EvaluationItem(code="A1", text="How?", heading="All", sort_order=0)]
        held.save()
        audience = Audience.objects.create(authority=site, name=f"Scrutiny{mark}", first_due=date(2026, 1, 1))
        service, other = make_service(site, name=f"Swim{mark}"), make_service(site, name=f"Splash{mark}")
        service.save_revision()
        shared = {"introduction": f"x{mark}", "visibility": Visibility.COUNCILLORS}
        guidance = make_page(GuidancePage, home, title=f"Guidance{mark}")
        twin = TranslatedPage(title=f"Porady{mark}", slug="twin", language="pl", body="<p>Zadzwoń.</p>")
        guidance.add_child(instance=twin)
        score = ScorecardPage(title=f"Score{mark}", slug="score", **shared)
        home.add_child(instance=score)
        judge = SelfEvaluationPage(title=f"Judge{mark}", slug="judge", evaluation_set=held, **shared)
        home.add_child(instance=judge)
        terms = {"starts": date(2026, 9, 1), "ends": date(2026, 12, 18)}
        made = [
            held,
            audience,
            service,
            make_organisation(site, name=f"Provider{mark}"),
            make_location(site, name=f"Hall{mark}"),
            make_need(),
            make_category(),
            make_term(f"EHCP{mark}", site),
            make_suggestion(other, name=f"Splash!{mark}"),
            make_comment(site, text=f"The bus is late.{mark}"),
            make_action(site, title=f"Mend it{mark}"),
            make_round(site, title=f"Autumn review{mark}"),
            FormatRequest.objects.create(
                authority=site, page_wanted=f"Transport{mark}", format="large_print"
            ),
            SchoolTerm.objects.create(authority=site, name=f"Autumn{mark}", **terms),
            VocabularyTerm.objects.get_or_create(key="x", label="X", kind=TermKind.values[0])[0],
            SynonymGroup.objects.get_or_create(terms="swim, float")[0],
            BestBet.objects.create(authority=site, phrases=f"swim{mark}", service=service),
            ResponseTemplate.objects.create(
                authority=site, title=f"Thanks{mark}", topic="", text="Thank you."
            ),
            Gap.objects.create(authority=site, key="k", title=f"A pool{mark}"),
            ConsulteeCategory.objects.first(),
        ]
        self.made = made
        self.by_model = {type(each): each.pk for each in made}
        pending = PendingImport.objects.create(
            authority=site, format="csv", digest="x", file_name=f"f{mark}.csv"
        )
        self.by_parameter: dict[str, Any] = {
            "key": REQUIREMENTS[0].key,
            "slug": "start",
            "kept": service.pk,
            "first": service.pk,
            "other": other.pk,
            "second": other.pk,
            "kind": "csv",
            "name": "open-data",
            "uuid": pending.uuid,
            "job": ImportJob.objects.create(authority=site, step="apply").uuid,
            "action_name": "approve",
            "audience_id": audience.pk,
            "revision_id": service.latest_revision_id,
            "task_id": Task.objects.earliest("pk").pk,
        }
        self.by_view = {
            "share_links": score.pk,
            "rate_evaluation": judge.pk,
            "plain_language_page": guidance.pk,
            "confirm_twin": twin.pk,
            "who_checks": service.pk,
            "count_committee": committee_reports.draft(audience=audience).pk,
            "feedback_annual:count": make_draft(site).pk,
            "service_imports:result": ImportBatch.objects.create(authority=site, source="csv").pk,
        }

    def address(self, where: str, name: str, model: Any) -> str:
        """The address of a view, with ids of things that are there; 1 for what has none."""

        def value(found: re.Match) -> str:
            parameter = found[1]
            if parameter in self.by_parameter:
                return str(self.by_parameter[parameter])
            return str(self.by_view.get(name) or self.by_model.get(model, 1))

        plain = re.sub(r"\(\?P<pk>[^)]*\)", "<pk>", where)
        plain = re.sub(r"\(\?P<revision_id_a>[^)]*\)", "earliest", plain)
        plain = re.sub(r"\(\?P<revision_id_b>[^)]*\)", "latest", plain)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, plain).replace("\\", "").rstrip("$")


def _outcome(client: Client, method: str, address: str) -> str:
    """ "in", "out", or the status of what was neither; what a request changed is taken back."""
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    leads = response.get("Location", "")
    if response.status_code == 403 or leads == "/admin/" or leads.startswith("/admin/login/"):
        return "out"
    return "in" if response.status_code < 400 else str(response.status_code)


def _is_as_expected(outcome: str, letter: str, allowed: str) -> bool:
    if outcome.startswith("5"):
        return False
    if allowed == NO:
        return outcome in ("405", "out")
    return (outcome != "out") == (letter in allowed)


@pytest.fixture(scope="module")
def world(kept_rows):
    return World()


def _walk(world: World, letter: str, role: str) -> list[str]:
    """Every answer that is not what the table says, in words."""
    client = Client(raise_request_exception=False)
    client.force_login(make_user("walker", groups=[role] if role else []))
    wrong = []
    for where, name, model in our_views():
        address = world.address(where, name, model)
        for method, allowed in zip(("get", "post"), _expected(name), strict=True):
            if (
                method == "post"
                and name.endswith(":create")
                and not name.endswith(tuple(f"_{kind}:create" for kind in HAS_FORM))
            ):
                continue
            outcome = _outcome(client, method, address)
            if not _is_as_expected(outcome, letter, allowed):
                wrong.append(f"{role or 'nobody'} {method} {name} {address}: {outcome}, for {allowed!r}")
    return wrong


@pytest.mark.parametrize("letter", ROLES)
def test_admin_when_a_group_walks_every_address_then_it_is_let_in_only_where_the_table_says(world, letter):
    assert _walk(world, letter, ROLES[letter]) == []


def test_admin_when_somebody_of_no_group_asks_then_every_address_leads_to_the_way_in(world):
    client = Client(raise_request_exception=False)
    client.force_login(make_user("walker"))
    for where, name, model in our_views():
        assert _outcome(client, "get", world.address(where, name, model)) == "out", name


def test_table_when_read_then_it_speaks_of_every_group_and_of_every_app():
    assert set(ROLES.values()) == set(GROUPS)
    views = our_views()
    assert {name for _, name, _ in views} >= {"coverage_report", "merge_services", "failed_searches"}
    assert len(views) > 200
    for _, name, _ in views:
        _expected(name)


def test_yearly_report_when_drafted_by_somebody_who_may_not_add_pages_then_none_is_made(world):
    for number, role in enumerate(("Viewer", "Comment moderator")):
        client = Client()
        client.force_login(make_user(f"somebody{number}", groups=[role]))
        before = Page.objects.count()
        client.post(reverse("feedback_annual:draft"), {"period": ReportPeriod.of_school_year(2025).slug})
        client.post(reverse("count_committee", args=[world.by_view["count_committee"]]))
        assert Page.objects.count() == before
