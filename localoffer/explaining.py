"""The words of a request's authority, explained once on each page that is made for it."""

from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from wagtail.models import Site

from localoffer.glossary import Glossary, Term, glossary_of
from localoffer.models import GlossaryTerm

# Workers with a local memory cache cannot tell each other of a change: each notices within this time.
REMEMBER_SECONDS = 60


def _key(site_id: int) -> str:
    return f"glossary:{site_id}"


def terms_of(site_id: int) -> tuple[Term, ...]:
    """The terms of an authority, from the cache where they are fresh."""
    terms = cache.get(_key(site_id))
    if terms is None:
        terms = tuple(term.as_term() for term in GlossaryTerm.objects.of(site_id))
        cache.set(_key(site_id), terms, REMEMBER_SECONDS)
    return terms


def glossary_for(site: Site | None) -> Glossary:
    """What explains the words of an authority; of none, an empty one."""
    return glossary_of(terms_of(site.pk) if site else ())


class Explainer:
    """Explains words for one page: what it has explained it does not explain again."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.explained: set[str] = set()

    @cached_property
    def _glossary(self) -> Glossary:
        return glossary_for(Site.find_for_request(self._request))

    def explain(self, html: str) -> str:
        return self._glossary.explain(html, self.explained)


def forget_on_change(instance: GlossaryTerm, **kwargs: Any) -> None:
    """At once, and after commit: a request in between would remember what is about to change."""
    key = _key(instance.authority_id)
    cache.delete(key)
    transaction.on_commit(lambda: cache.delete(key))


def listen() -> None:
    """Called once, when the app is ready."""
    for signal in (post_save, post_delete):
        signal.connect(forget_on_change, sender=GlossaryTerm, dispatch_uid="localoffer.explaining.forget")
