"""Signing off: a named person says that the evidence for a requirement is enough."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from localoffer.coverage import combined_digest, live_sections, page_evidence
from localoffer.models import SignOff
from localoffer.regulations import get_requirement


@transaction.atomic
def sign_off(
    *, authority: Site, requirement: str, name: str, note: str = "", user: Any = None, on: date | None = None
) -> SignOff:
    """Keep a signature for the words that stand now, beside the earlier ones.

    Raises KeyError for a key that is no requirement.
    """
    get_requirement(requirement)
    pages = page_evidence(live_sections(authority)).get(requirement, ())
    return SignOff.objects.create(
        authority=authority,
        requirement=requirement,
        name=name,
        note=note,
        signed_by=user,
        signed_on=on or timezone.localdate(),
        digest=combined_digest(pages),
    )
