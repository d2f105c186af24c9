"""What makes the index change."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    published,
    unpublished,
)

from localoffer.models import GlossaryPage, GlossaryTerm, SectionPage
from search.index import refresh_after_commit, refresh_pages_after_commit
from search.models import BestBet, IndexState, SynonymGroup
from services.models import Category, Location, Need, Organisation, Service
from services.signals import services_changed, services_merged

# What a service's document reads beside the service and its own rows.
_PARTS: dict[type[models.Model], str] = {
    Organisation: "organisation",
    Location: "service_locations__location",
    Need: "needs",
    Category: "categories",
}


def service_changed(sender: Any, instance: Service, **kwargs: Any) -> None:
    refresh_after_commit([instance.pk])


def many_changed(sender: Any, ids: Iterable[int], **kwargs: Any) -> None:
    refresh_after_commit(ids)


def part_changed(
    sender: type[models.Model], instance: models.Model, created: bool = False, **kwargs: Any
) -> None:
    """Every service that shows this organisation, place, need or category. A new one has none yet."""
    if sender is Category and not created:
        refresh_pages_after_commit(SectionPage.objects.values_list("pk", flat=True))
    if not created:
        services = Service.objects.filter(**{_PARTS[sender]: instance})
        refresh_after_commit(services.values_list("pk", flat=True))


def page_changed(sender: Any, instance: Page, **kwargs: Any) -> None:
    refresh_pages_after_commit([instance.pk])


def tree_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A page moved, got another address, or may be read by others: so do all below it."""
    page = instance.page if isinstance(instance, PageViewRestriction) else instance
    below = Page.objects.descendant_of(page, inclusive=True)
    refresh_pages_after_commit(below.values_list("pk", flat=True))


def page_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Page):
        refresh_pages_after_commit([instance.pk])


def word_changed(sender: Any, instance: GlossaryTerm, **kwargs: Any) -> None:
    """The page that lists the authority's words."""
    for site in Site.objects.filter(pk=instance.authority_id).select_related("root_page"):
        below = GlossaryPage.objects.descendant_of(site.root_page)
        refresh_pages_after_commit(below.values_list("pk", flat=True))


def synonyms_changed(sender: Any, **kwargs: Any) -> None:
    """Every worker reads what staff teach again at its next search."""
    IndexState.advance("synonyms")


def services_joined(sender: Any, kept: int, other: int, **kwargs: Any) -> None:
    """A best bet on an entry that was merged stands for the one that stays."""
    BestBet.objects.filter(service=other).update(service=kept)
    transaction.on_commit(lambda: IndexState.advance("synonyms"))


def listen() -> None:
    """Called once, when the app is ready."""
    for signal in (published, unpublished, post_delete):
        signal.connect(service_changed, sender=Service, dispatch_uid="search.service_changed")
    services_merged.connect(services_joined, dispatch_uid="search.services_joined")
    services_changed.connect(many_changed, dispatch_uid="search.many_changed")
    for part in _PARTS:
        post_save.connect(part_changed, sender=part, dispatch_uid=f"search.{part.__name__}")
    for signal in (page_published, page_unpublished):
        signal.connect(page_changed, dispatch_uid="search.page_changed")
    for signal in (page_slug_changed, post_page_move):
        signal.connect(tree_changed, dispatch_uid="search.tree_changed")
    post_delete.connect(page_deleted, dispatch_uid="search.page_deleted")
    for signal in (post_save, post_delete):
        signal.connect(tree_changed, sender=PageViewRestriction, dispatch_uid="search.restriction_changed")
        signal.connect(word_changed, sender=GlossaryTerm, dispatch_uid="search.word_changed")
    for signal in (post_save, post_delete):
        signal.connect(synonyms_changed, sender=SynonymGroup, dispatch_uid="search.synonyms_changed")
        signal.connect(synonyms_changed, sender=BestBet, dispatch_uid="search.best_bets_changed")
