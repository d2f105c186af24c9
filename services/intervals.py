"""How long a check of an entry holds."""

import calendar
from datetime import date

from wagtail.models import Site

from services.enums import ProviderType
from services.models import ReviewInterval

YEARLY_MONTHS = 12
# Small groups change their hours, phone and people more often than a school does.
HALF_YEARLY_MONTHS = 6
_HALF_YEARLY = frozenset({ProviderType.VOLUNTARY, ProviderType.PARENT_LED, ProviderType.PRIVATE})


def review_months(provider_type: str, authority: Site | None = None) -> int:
    """How many months a check holds for a kind of provider, by the authority's settings."""
    usual = HALF_YEARLY_MONTHS if provider_type in _HALF_YEARLY else YEARLY_MONTHS
    if authority is None:
        return usual
    chosen = ReviewInterval.objects.filter(settings__site=authority, provider_type=provider_type)
    return chosen.values_list("months", flat=True).first() or usual


def next_review(*, checked: date, provider_type: str, authority: Site | None = None) -> date:
    """When an entry checked on `checked` is due again; a day that month lacks becomes its last."""
    months = review_months(provider_type, authority)
    year, month = divmod(checked.year * 12 + checked.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(checked.day, last))
