"""Co-production: the workflow, and public credit taken from the forum's own approval.

A credit belongs to words, not to a page: it is shown while the live words are those the forum
approved, and lapses by itself when they change. A name typed beside an answer is history that was
brought along (it has no approval behind it); an approval of the same group replaces it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site, TaskState, Workflow, WorkflowPage, WorkflowTask
from wagtail.signals import page_published, task_approved

from localoffer.clock import today
from localoffer.digests import answer_digests, digest, stored, text_of
from localoffer.models import CouncilPublishTask, CouncilSettings, Credit, ForumReviewTask
from localoffer.regulations import get_requirement, is_requirement
from localoffer.staff_groups import group_name

WORKFLOW = "Forum review, then council publish"
STEPS = (
    (ForumReviewTask, "Forum review", "Forum editor"),
    (CouncilPublishTask, "Council publish", "Council publisher"),
)


@dataclass(frozen=True, slots=True)
class PageCredits:
    """The credits that the words of a page deserve now: of the whole, and of each answer."""

    whole: Credit | None = None
    answers: dict[str, Credit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A live page whose words are not those that the forum last approved and families read."""

    page: Page
    credit: Credit
    changed: tuple[str, ...]
    changed_on: date | None


@transaction.atomic
def make_workflow(home: Page) -> Workflow:
    """The two steps over an authority's pages, made once: what staff change afterwards is kept.

    Each authority has a workflow of its own, so that its own forum and its own council approve.
    """
    site = home.get_site()
    workflow, made = Workflow.objects.get_or_create(name=group_name(WORKFLOW, site))
    if made:
        for order, (model, name, role) in enumerate(STEPS):
            task = model.objects.create(name=group_name(name, site))
            task.groups.set(Group.objects.filter(name=group_name(role, site)))
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    WorkflowPage.objects.get_or_create(page_id=home.pk, defaults={"workflow": workflow})
    return workflow


def digests_of(page: Page) -> dict[str, str]:
    """Digest of the whole page under "", and of each answer under its requirement."""
    return _digests(type(page), stored(page))


def _digests(model: type[Page], content: dict[str, Any]) -> dict[str, str]:
    return {"": digest(text_of(model, content)), **answer_digests(model, content)}


@transaction.atomic
def record_approval(task_state: TaskState, user: Any) -> list[Credit]:
    """Keep that the forum approved the words as they stand in the latest draft."""
    page = task_state.workflow_state.content_object.specific
    site = page.get_site()
    group_name = CouncilSettings.for_site(site).forum_name if site else ""
    latest = page.revisions.order_by("-created_at", "-pk").first()
    digests = _digests(type(page), latest.content)
    return Credit.objects.bulk_create(
        [
            Credit(
                page_id=page.pk,
                requirement=key,
                group_name=group_name or task_state.task.name,
                approved_on=timezone.localdate(task_state.finished_at),
                approved_by=user,
                digest=value,
                task_state_id=task_state.pk,
            )
            for key, value in digests.items()
        ]
    )


def mark_published(page: Page, on: date | None = None) -> int:
    """Note the first day that approved words are live; returns how many credits were waiting."""
    waiting = list(Credit.objects.filter(page_id=page.pk, published_on=None))
    if not waiting:
        return 0
    now = digests_of(page)
    met = [credit.pk for credit in waiting if now.get(credit.requirement) == credit.digest]
    return Credit.objects.filter(pk__in=met).update(published_on=on or timezone.localdate())


def credits_of(page: Page) -> PageCredits:
    """What the words of a page deserve, the newest approval of the same words first. One query."""
    return _deserved(page, Credit.objects.filter(page_id=page.pk, approved_on__lte=today()))


def _deserved(page: Page, credits: Iterable[Credit]) -> PageCredits:
    found = list(credits)
    if not found:
        return PageCredits()
    now = digests_of(page)
    held = {c.requirement: c for c in found if now.get(c.requirement) == c.digest}
    return PageCredits(held.pop("", None), held)


def keep_credits(pages: Iterable[Page]) -> None:
    """Read the credits of many pages about to be drawn, in one query, and keep them on each."""
    pages = list(pages)
    by_page: dict[int, list[Credit]] = {}
    for credit in Credit.objects.filter(page__in=[page.pk for page in pages], approved_on__lte=today()):
        by_page.setdefault(credit.page_id, []).append(credit)
    for page in pages:
        page.kept_credits = _deserved(page, by_page.get(page.pk, ()))


def kept_credits(page: Page) -> PageCredits:
    """Asked by a page and by each answer on it while it is drawn, so read once."""
    if not hasattr(page, "kept_credits"):
        page.kept_credits = credits_of(page) if page.pk else PageCredits()
    return page.kept_credits


def lapsed(site: Site) -> list[Lapsed]:
    """Live pages that lost the credit which families could see, most recent approval first."""
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).live()
    kept: dict[int, list[Credit]] = {}
    for credit in Credit.objects.filter(page__in=pages):
        kept.setdefault(credit.page_id, []).append(credit)
    found = [_lapse(page, kept[page.pk]) for page in Page.objects.filter(pk__in=kept).specific()]
    return sorted((row for row in found if row), key=lambda row: row.credit.approved_on, reverse=True)


def _lapse(page: Page, credits: Iterable[Credit]) -> Lapsed | None:
    """Nothing where the words are approved, or where no approved words were ever live."""
    now = digests_of(page)
    shown = [credit for credit in credits if credit.published_on and not credit.requirement]
    if not shown or any(c.digest == now[""] for c in credits if not c.requirement):
        return None
    approved = {(c.requirement, c.digest) for c in credits}
    changed = [key for key, value in now.items() if key and (key, value) not in approved]
    words = tuple(get_requirement(key).question if is_requirement(key) else key for key in changed)
    changed_on = page.last_published_at and timezone.localdate(page.last_published_at)
    return Lapsed(page, shown[-1], words, changed_on)


def _on_task_approved(instance: TaskState, user: Any, **kwargs: Any) -> None:
    if isinstance(instance.task.specific, ForumReviewTask):
        record_approval(instance, user)
        page = instance.workflow_state.content_object.specific
        if page.live:
            mark_published(page)


def _on_published(instance: Page, **kwargs: Any) -> None:
    if instance.live:  # not one that is only scheduled
        mark_published(instance)


def listen() -> None:
    """Called once, when the app is ready."""
    task_approved.connect(_on_task_approved, dispatch_uid="localoffer.coproduction.approved")
    page_published.connect(_on_published, dispatch_uid="localoffer.coproduction.published")
