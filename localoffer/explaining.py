"""The words of a request's authority, explained once on each page that is made for it."""

from functools import cached_property

from django.http import HttpRequest
from wagtail.models import Site

from localoffer import versions
from localoffer.glossary import Glossary, Term, glossary_of
from localoffer.models import GlossaryTerm


def terms_of(site_id: int) -> tuple[Term, ...]:
    """The terms of an authority, remembered until one changes."""
    return versions.remember(
        f"glossary:{site_id}", lambda: tuple(term.as_term() for term in GlossaryTerm.objects.of(site_id))
    )


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
