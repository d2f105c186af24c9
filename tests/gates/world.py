"""What the demonstration does not hold and the gates look at: the rarest states, one of each.

Made in the database of the site that is looked at, which is therefore one made for the purpose.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Page, Site

from feedback import submission
from feedback.models import (
    Action,
    Comment,
    ConsultationRound,
    ConsulteeCategory,
    Gap,
    ResponseTemplate,
)
from localoffer import sharing
from localoffer.models import (
    Audience,
    BslVideoPage,
    CommitteeReportPage,
    CouncilSettings,
    EasyReadPage,
    EvaluationSet,
    FormatRequest,
    GlossaryTerm,
    GuidancePage,
    ScorecardPage,
    SelfEvaluationPage,
    TranslatedPage,
    TransportPage,
    Visibility,
)
from search import guided
from search.models import BestBet, GuidedFinderPage, SynonymGroup
from services.importers import staging
from services.models import (
    Category,
    ImportBatch,
    ImportJob,
    Location,
    Need,
    Organisation,
    SchoolTerm,
    Service,
    Suggestion,
    VocabularyTerm,
)
from services.review_links import make_link, token_of
from tests.factories import make_comment, make_published, make_service, make_user
from tests.gates.places import ARABIC, LONG, Place
from tests.services.currency import make_suggestion

USER, PASSWORD = "gates", "only-for-the-gates-1"
TODAY = timezone.localdate()
SAMPLE = b"""id,name,summary,needs,categories,min_age,max_age
1,Swim club,Swimming for children,ASD,Moon walks,5,11
2,,No name at all,ASD,,5,11
"""


@dataclass(slots=True)
class World:
    """`words` fill the braces of a place's path; `given` are the arguments of named addresses."""

    words: dict[str, Any] = field(default_factory=dict)
    given: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    editors: dict[str, int] = field(default_factory=dict)

    def address(self, place: Place) -> str:
        """The path of a place on this site."""
        if place.of == "wagtailadmin_pages:edit":
            return reverse(place.of, args=[self.editors[place.path]])
        start = self.types.get(place.of) or reverse(place.of, args=self.given.get(place.of, ()))
        path = place.path.format(**self.words) if "{" in place.path else place.path
        for _ in range(path.count("../")):
            start, path = start.rstrip("/").rpartition("/")[0] + "/", path.removeprefix("../")
        return start + path


def make_world(site: Site) -> World:
    world = World()
    officer = get_user_model().objects.create_superuser(USER, "gates@example.org", PASSWORD)
    settings = CouncilSettings.for_site(site)
    settings.public_history = True
    settings.save()
    _pages(site)
    _account(world, site, officer)
    _services(world, site, officer)
    _comments(world, site, officer)
    _staff(world, site)
    for page in Page.objects.descendant_of(site.root_page, inclusive=True).live().specific():
        world.types.setdefault(type(page).__name__, page.relative_url(site) or "")
    for page in Page.objects.descendant_of(site.root_page, inclusive=True).specific():
        world.editors.setdefault(type(page).__name__, page.pk)
    return world


def _one(kind: Any, site: Site) -> Any:
    """The site's page of a kind; the demonstration has a second council."""
    return kind.objects.descendant_of(site.root_page).get()


def _pages(site: Site) -> None:
    """A film in sign language and a translation that is read from the right."""
    parent = _one(TransportPage, site)
    film = Document.objects.create(title="Film", file=ContentFile(b"\0" * 64, name="film.mp4"))
    words = Document.objects.create(
        title="Captions",
        file=ContentFile(b"WEBVTT\n\n00:00.000 --> 00:01.000\nTransport\n", name="film.vtt"),
    )
    for page in (
        BslVideoPage(
            title="Transport in sign language", slug="bsl", introduction="A film.", video=film,
            captions=words, transcript="<p>How your child gets to school.</p>",
        ),
        TranslatedPage(
            title="النقل إلى المدرسة", slug="arabic", language="ar",
            introduction="كيف يصل طفلك إلى المدرسة.", body=f"<h2>اتصل بنا</h2><p>{ARABIC}</p>",
        ),
    ):  # fmt: skip
        parent.add_child(instance=page)
        page.save_revision().publish()


def _account(world: World, site: Site, officer: Any) -> None:
    report = _one(CommitteeReportPage, site)
    shared = report.copy(update_attrs={"slug": "shared", "title": "A report that is shared"})
    for page, seen_by in ((shared, Visibility.COUNCILLORS), (report, Visibility.PUBLIC)):
        page.visibility = seen_by
        page.save_revision().publish()
    link, _ = sharing.share(page=CommitteeReportPage.objects.get(pk=shared.pk), user=officer)
    world.given["shared_page"] = (link.rstrip("/").rpartition("/")[2],)
    world.given["as_of"] = ((TODAY - timedelta(days=200)).isoformat(), "transport/")
    world.given["print_section"] = ("transport/",)
    judge, score = _one(SelfEvaluationPage, site), _one(ScorecardPage, site)
    world.given |= {
        "guide_chapter": ("comments",),
        "rate_evaluation": (judge.pk,),
        "share_links": (score.pk,),
        "draft_committee": (Audience.objects.earliest("pk").pk,),
        "plain_language_page": (GuidancePage.objects.earliest("pk").pk,),
    }


def _services(world: World, site: Site, officer: Any) -> None:
    live = Service.objects.filter(live=True).order_by("pk")
    first, second, third = live[:3]
    world.words["listed"] = f"{first.pk}.{second.pk}"
    world.given["services:detail"] = (first.pk, first.slug)
    long = make_service(
        site, name=f"{LONG} club", summary=f"{LONG}. {ARABIC}", description=f"<p>{LONG}</p>",
        organisation=first.organisation, needs=("ASD",), eligibility=LONG,
    )  # fmt: skip
    late = live.filter(review_by__lt=TODAY).first() or second
    world.words["long_service"] = f"{long.pk}/{long.slug}"
    world.words["late_service"] = f"{late.pk}/{late.slug}"
    world.given["services:review"] = (token_of(make_link(third)),)
    suggestion = make_suggestion(second, name=f"{second.name} and friends", waiting_time="Six weeks")
    pending = staging.receive(
        upload=ContentFile(SAMPLE, name="clubs.csv"), format="csv", authority=site, user=officer
    )
    staging.examine(pending=pending)
    batch = ImportBatch.objects.first() or ImportBatch.objects.create(authority=site, source="csv")
    job = ImportJob.objects.create(
        authority=site,
        step="apply",
        state="refused",
        file_name="clubs.csv",
        message=f"{LONG} Nothing was written.",
    )
    world.given |= {
        "services_suggestions:edit": (suggestion.pk,),
        "merge_services": (first.pk, second.pk),
        "who_checks": (first.pk,),
        "service_imports:dry_run": (pending.uuid,),
        "service_imports:words": (pending.uuid,),
        "service_imports:result": (batch.pk,),
        "service_imports:job": (job.uuid,),
    }


def _comments(world: World, site: Site, officer: Any) -> None:
    moderator = make_user("gates-moderator", groups=["Comment moderator"])
    long = f"{ARABIC} {LONG}"
    published = make_published(
        site, by=moderator, text=long, public_text=long, heading=f"النقل {LONG}",
        response="We will write the page again. Thank you.",
    )  # fmt: skip
    waiting = make_comment(site, text=f"The club is full. {LONG}")
    entry = Comment.objects.entries().exclude(pk=published.pk).order_by("pk").first()
    world.words |= {"rtl_comment": published.reference, "waiting_comment": waiting.reference}
    world.given |= {
        "feedback:log_entry": (entry.reference,),
        "feedback:sent": (submission.seal(waiting.reference),),
        "feedback_comments:edit": (waiting.pk,),
    }
    for kind, name in (
        (Action, "actions"),
        (ResponseTemplate, "templates"),
        (ConsultationRound, "rounds"),
        (ConsulteeCategory, "consultees"),
        (Gap, "gaps"),
    ):
        for what in ("edit", "inspect", "delete"):
            world.given[f"feedback_{name}:{what}"] = (kind.objects.earliest("pk").pk,)


def _staff(world: World, site: Site) -> None:
    FormatRequest.objects.create(authority=site, page_wanted="Transport", format="large_print")
    if not SchoolTerm.objects.exists():
        SchoolTerm.objects.create(
            authority=site, name="Autumn", starts=TODAY, ends=TODAY + timedelta(days=90)
        )
    for kind in (
        GlossaryTerm, FormatRequest, EvaluationSet, Audience, Service, Organisation, Location, SchoolTerm,
        Need, Category, VocabularyTerm, SynonymGroup, BestBet,
    ):  # fmt: skip
        label = ContentType.objects.get_for_model(kind)
        name = f"wagtailsnippets_{label.app_label}_{label.model}:edit"
        world.given[name] = (kind.objects.earliest("pk").pk,)
    assert EasyReadPage.objects.exists()
    assert Suggestion.objects.exists()
    world.words["guided"] = _guided(site)


def _guided(site: Site) -> str:
    """Answers that lead to an outcome of the guided finder."""
    page = GuidedFinderPage.objects.descendant_of(site.root_page).first()
    asked = guided.questions(page.questions)
    answers: dict[str, str] = {}
    while (at := guided.walk(asked, answers).asking) is not None:
        answers[at.key] = at.options[0].key if at.options else guided.SKIPPED
    return "&".join(f"{key}={value}" for key, value in answers.items())
