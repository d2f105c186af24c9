"""An authority is a Wagtail site; commands and forms find it by its council's name, views by the address."""

from django.db.models import Q
from django.http import Http404, HttpRequest
from wagtail.models import Site

from localoffer.models import CouncilSettings


class AuthorityNotFound(LookupError):
    """No site has that name; the message lists those there are."""


def find_authority(name: str | None = None) -> Site:
    """The site whose name, host or council name is `name` (case aside); the default site for none."""
    if not name:
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            raise AuthorityNotFound("There is no default site yet. Run `manage.py setup` first.")
        return site
    councils = CouncilSettings.objects.filter(council_name__iexact=name).values("site")
    site = Site.objects.filter(
        Q(site_name__iexact=name) | Q(hostname__iexact=name) | Q(pk__in=councils)
    ).first()
    if site is None:
        names = ", ".join(sorted(s.site_name or s.hostname for s in Site.objects.all()))
        raise AuthorityNotFound(f"No authority is called “{name}”. There is: {names}.")
    return site


def authority_of(request: HttpRequest) -> Site:
    """The site that was asked; Http404 where none has been set up."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404("No site has been set up yet.")
    return site
