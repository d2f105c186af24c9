"""Which entries leave out which facts, asked of the database: a list of 300,000 is never read to tell.

`completeness` says the same of one entry in memory; `tests/services/test_lacking.py` holds the two together.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, Func, Model, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Contains, Exact
from django.utils import timezone

from services.completeness import FACTS, REPORT_DAYS, TEACHES
from services.enums import CostKind, Level, Scope
from services.models import (
    Contact,
    CostOption,
    Organisation,
    Schedule,
    Service,
    ServiceCondition,
    ServiceLocation,
)


def lacking(keys: Collection[str] = ()) -> Q:
    """Entries that leave out any of these facts; of any fact when no key is named.

    True or false of every entry, never unknown: `~lacking()` is those that leave out nothing. What the
    entry's own row tells is asked first: no other table is looked into once a fact is found to be left out.
    """
    wanted = [_lacks(fact.key) for fact in FACTS if not keys or fact.key in keys]
    return reduce(or_, sorted(wanted, key=_looks_elsewhere), Q(pk__in=[]))


def _lacks(key: str) -> Q:
    """One fact: it applies, and is not known."""
    if key.startswith("practice."):
        return _blank(key.replace("practice.", "practice_")) & _teaches()
    return _LACKS[key]()


def _looks_elsewhere(lacks: Q) -> bool:
    return any(isinstance(part, Exists) for part in lacks.flatten())


def _blank(name: str) -> Q:
    """Nothing but white space: read as far as the first letter, for some texts are long."""
    rest = Func(F(name), Value(" \n\r\t"), function="LTRIM", output_field=TextField())
    return Q(Exact(rest, Value("")))


def _no(model: type[Model], path: str, **wanted: Any) -> Q:
    """No row of another table points at it."""
    return Q(~Exists(model._default_manager.filter(**{path: OuterRef("pk")}, **wanted)))


def _any(model: type[Model], path: str, *conditions: Q) -> Q:
    return Q(Exists(model._default_manager.filter(*conditions, **{path: OuterRef("pk")})))


def _teaches() -> Q:
    return Q(Exists(Organisation.objects.filter(pk=OuterRef("organisation"), provider_type__in=TEACHES)))


def _no_place() -> Q:
    """Local help that people go to, and no place is named: see `completeness._meets_in_a_place`."""
    goes_there = _empty("delivery") | _holds("delivery", "in_person")
    return ~Q(scope__in=[Scope.NATIONAL, Scope.ONLINE]) & goes_there & _no(ServiceLocation, "service")


def _empty(column: str) -> Q:
    """A list without a key."""
    return Q(Exact(Cast(column, TextField()), Value("[]")))


def _holds(column: str, key: str) -> Q:
    return Q(Contains(Cast(column, TextField()), Value(f'"{key}"')))


def _no_needs() -> Q:
    linked = _no(Service.needs.through, "service") & _no(ServiceCondition, "content_object")
    return Q(level__in=[Level.TARGETED, Level.SPECIALIST]) & linked


def _no_contact() -> Q:
    return ~_any(Contact, "service", ~Q(phone="") | ~Q(email=""))


def _old_report() -> Q:
    oldest = timezone.localdate() - timedelta(days=REPORT_DAYS)
    late = Q(sen_information_report_date=None) | Q(sen_information_report_date__lt=oldest)
    return ~Q(sen_information_report_url="") & late & _teaches()


_LACKS: dict[str, Callable[[], Q]] = {
    "provider": lambda: Q(organisation=None),
    "summary": lambda: _blank("summary"),
    "description": lambda: _blank("description"),
    "categories": lambda: _no(Service.categories.through, "service"),
    "ages": lambda: Q(min_age=None) & Q(max_age=None),
    "eligibility": lambda: _blank("eligibility"),
    "how_to_access": lambda: _blank("how_to_access"),
    "who_decides": lambda: _blank("who_decides"),
    "complaints": lambda: _blank("complaints"),
    "contact": _no_contact,
    "url": lambda: _blank("url"),
    "cost": lambda: ~_any(CostOption, "service", ~Q(kind=CostKind.NOT_STATED)),
    "schedule": lambda: _no(Schedule, "service"),
    "waiting_time": lambda: Q(waiting_weeks=None) & _blank("waiting_time"),
    "level": lambda: Q(level=""),
    "delivery": lambda: _empty("delivery"),
    "place": _no_place,
    "access": lambda: _any(ServiceLocation, "service", _empty("location__access")),
    "sensory": lambda: _any(ServiceLocation, "service", _empty("location__senses") & Q(location__sensory="")),
    "checked": lambda: Q(last_checked=None),
    "needs": _no_needs,
    "report": lambda: _blank("sen_information_report_url") & _teaches(),
    "report_date": _old_report,
}
