"""Whom to write to about an entry: the provider, and the officer. Addresses go no further than a mail."""

from django.db.models import Prefetch

from localoffer.models import CouncilSettings
from services.models import Contact, OrganisationReview, ReviewSettings, Service, ServiceReview
from services.models.service import ServiceQuerySet

THE_PROVIDER = "The provider"


def with_correspondents(services: ServiceQuerySet) -> ServiceQuerySet:
    """Fetch what this module reads, in a fixed number of queries for any number of entries."""
    return services.select_related(
        "authority", "organisation__review", "review", "review__owner"
    ).prefetch_related(Prefetch("contacts", Contact.objects.order_by("pk")))


def provider_address(service: Service, settings: ReviewSettings) -> str:
    """The address on file for checks: the entry's, its organisation's, or where allowed a public one."""
    review, provider = review_of(service), service.organisation
    kept = provider_review(service)
    found = (review.provider_email if review else "") or (kept.email if kept else "")
    if found or not settings.use_public_email:
        return found
    public = [provider.email if provider else "", *(row.email for row in service.contacts.all())]
    return next(filter(None, public), "")


def provider_role(service: Service) -> str:
    """Who is said to have checked: a role that an officer wrote, never what a provider typed."""
    review = review_of(service)
    return (review.provider_role if review else "") or THE_PROVIDER


def is_trusted(service: Service) -> bool:
    kept = provider_review(service)
    return bool(kept and kept.trusted)


def officer_address(service: Service, settings: ReviewSettings, council: CouncilSettings) -> str:
    """The owner's address, or the team's."""
    review = review_of(service)
    owner = review.owner if review and review.owner and review.owner.is_active else None
    return (owner.email if owner else "") or settings.officer_email or council.email


def review_of(service: Service) -> ServiceReview | None:
    return getattr(service, "review", None)


def provider_review(service: Service) -> OrganisationReview | None:
    return getattr(service.organisation, "review", None) if service.organisation_id else None
