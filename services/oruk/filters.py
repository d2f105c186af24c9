"""The standard's filters, and ours, on services. They combine with AND."""

import operator
from collections.abc import Mapping
from functools import reduce
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, TextField
from django.db.models.functions import Cast

from services.fields import KeysField
from services.models import ConditionTag, CostOption, Location, Schedule, Service, ServiceLocation
from services.models.service import ServiceCondition, ServiceQuerySet
from services.oruk import taxonomies
from services.oruk.taxonomies import TAXONOMIES, Terms, condition

MOST_WORDS = 10
_SEARCHED = ("name", "summary", "description", "keywords", "organisation__name")


def _key_columns(model: type[Model]) -> dict[str, str]:
    """`TermKind` to the column that holds its keys."""
    return {field.kind: field.name for field in model._meta.concrete_fields if isinstance(field, KeysField)}


_OF_SERVICE = _key_columns(Service)
_OF_PLACE = _key_columns(Location)
_BY_TAXONOMY = {each.id: each.key for each in TAXONOMIES.values()}


def apply(services: ServiceQuerySet, asked: Mapping[str, Any], terms: Terms) -> ServiceQuerySet:
    """Those services that answer everything asked but where they are (`near`)."""
    if "search" in asked:
        for word in asked["search"].split()[:MOST_WORDS]:
            fields = (Q(**{f"{name}__icontains": word}) for name in _SEARCHED)
            services = services.filter(reduce(operator.or_, fields))
    if "minimum_age" in asked:
        services = services.filter(min_age__gte=asked["minimum_age"])
    if "maximum_age" in asked:
        services = services.filter(max_age__lte=asked["maximum_age"])
    if "age" in asked:
        services = services.for_age(asked["age"])
    if "modified_after" in asked:
        services = services.filter(modified_at__gte=asked["modified_after"])
    for term_id in asked.get("taxonomy_term_id", ()):
        services = services.filter(_has_term(term_id, terms))
    for taxonomy_id in asked.get("taxonomy_id", ()):
        services = services.filter(_has_any(_BY_TAXONOMY.get(taxonomy_id, "")))
    return _at_times(services, asked)


def _at_times(services: ServiceQuerySet, asked: Mapping[str, Any]) -> ServiceQuerySet:
    """Day and times must fit one and the same session."""
    sessions = Schedule.objects.filter(service=OuterRef("pk"))
    if "start_time" in asked:
        sessions = sessions.filter(opens__gte=asked["start_time"])
    if "end_time" in asked:
        sessions = sessions.filter(closes__lte=asked["end_time"])
    if "day" in asked:
        sessions = sessions.alias(days_text=Cast("days", TextField()))
        sessions = sessions.filter(days_text__contains=f'"{asked["day"]}"')
    wanted = {"start_time", "end_time", "day"} & asked.keys()
    return services.filter(Exists(sessions)) if wanted else services


NOTHING = Q(pk__in=[])


def _has_term(term_id: str, terms: Terms) -> Q:
    """Services that carry a term; none for an id that is of no term."""
    term = terms.by_id.get(term_id)
    if term is None:
        tag = next((tag for tag in ConditionTag.objects.all() if condition(tag).id == term_id), None)
        return _linked(ServiceCondition, "content_object", tag=tag) if tag else NOTHING
    match term.taxonomy:
        case taxonomies.HELP if not term.parent:
            return Q(section=term.key)
        case taxonomies.HELP:
            return _linked(Service.categories.through, "service", category__key=term.key)
        case taxonomies.NEED:
            return _linked(Service.needs.through, "service", need__key=term.key)
        case taxonomies.LEVEL | taxonomies.SCOPE as column:
            return Q(**{column: term.key})
        case taxonomies.PROVIDER:
            return Q(organisation__provider_type=term.key)
        case taxonomies.COST:
            return _linked(CostOption, "service", kind=term.key)
    return _holds(term.taxonomy, f'"{term.key}"')


def _has_any(taxonomy: str) -> Q:
    """Services that carry any term of a taxonomy; none for one that we do not have."""
    match taxonomy:
        case "":
            return NOTHING
        case taxonomies.HELP | taxonomies.SCOPE:
            return Q()
        case taxonomies.NEED:
            return _linked(Service.needs.through, "service")
        case taxonomies.CONDITION:
            return _linked(ServiceCondition, "content_object")
        case taxonomies.LEVEL:
            return ~Q(level="")
        case taxonomies.PROVIDER:
            return Q(organisation__isnull=False)
        case taxonomies.COST:
            return _linked(CostOption, "service")
    return _holds(taxonomy, '"')


def _linked(rows: type[Model], service: str, **wanted: Any) -> Q:
    """Services that a row of another table points at."""
    return Q(pk__in=rows._default_manager.filter(**wanted).values(service))


def _holds(kind: str, text: str) -> Q:
    """Services that have a key of a small vocabulary, themselves or at one of their places.

    The keys are a JSON list in one column, `["online", "phone"]`: as text it is searched alike by
    every database.
    """
    model, columns = (Service, _OF_SERVICE) if kind in _OF_SERVICE else (Location, _OF_PLACE)
    having = model._default_manager.alias(keys_text=Cast(columns[kind], TextField()))
    having = having.filter(keys_text__contains=text)
    if model is Service:
        return Q(pk__in=having.values("pk"))
    return _linked(ServiceLocation, "service", location__in=having.values("pk"))
