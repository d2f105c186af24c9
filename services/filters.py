"""Filters of the admin's lists."""

import django_filters
from django import forms
from django.db.models import QuerySet
from wagtail.admin.filters import WagtailFilterSet

from services.completeness import FACTS
from services.enums import Level, ProviderType, Scope, SectionKey, TermKind
from services.evidence import speaking_to
from services.lacking import lacking
from services.models import Need, Organisation, Service, VocabularyTerm

# A school's ten answers are one choice too many each.
FACT_CHOICES = [
    (fact.key, f"{fact.label[:1].upper()}{fact.label[1:]}")
    for fact in FACTS
    if not fact.key.startswith("practice.")
]


class _AnyOf(django_filters.MultipleChoiceFilter):
    """Tick one or more."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)


class _YesOrNo(django_filters.ChoiceFilter):
    """Both, yes or no, in words of its own."""

    def __init__(self, *, yes: str, no: str, **kwargs: object) -> None:
        choices = [("yes", yes), ("no", no)]
        super().__init__(choices=choices, empty_label="All", widget=forms.RadioSelect, **kwargs)


class ServiceFilterSet(WagtailFilterSet):
    """Lists of services: what is due, what is out, what kind it is."""

    overdue = _YesOrNo(label="Check", yes="Overdue", no="In date or no date", method="filter_overdue")
    complete = _YesOrNo(label="Complete", yes="Complete", no="Something is missing", method="filter_complete")
    missing = _AnyOf(label="Does not say", choices=FACT_CHOICES, method="filter_missing")
    live = _YesOrNo(label="Status", yes="Live", no="Not live", method="filter_live")
    section = _AnyOf(label="Section", choices=SectionKey.choices)
    level = _AnyOf(label="Level", choices=Level.choices)
    scope = _AnyOf(label="Reach", choices=Scope.choices)
    need = django_filters.ModelMultipleChoiceFilter(
        label="Need",
        queryset=Need.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        method="filter_need",
    )
    provider = django_filters.CharFilter(
        label="Provider’s name has", field_name="organisation__name", lookup_expr="icontains"
    )
    provider_type = _AnyOf(
        label="Provider type", field_name="organisation__provider_type", choices=ProviderType.choices
    )

    law = django_filters.CharFilter(label="Part of the law’s evidence", method="filter_law")

    class Meta:
        model = Service
        fields = [
            "overdue", "complete", "missing", "live", "section", "level", "scope", "need", "provider",
            "provider_type", "law",
        ]  # fmt: skip

    def filter_overdue(self, services: QuerySet[Service], name: str, value: str) -> QuerySet[Service]:
        overdue = Service.objects.overdue()
        if value == "yes":
            return services.filter(pk__in=overdue.values("pk"))
        return services.exclude(pk__in=overdue.values("pk"))

    def filter_complete(self, services: QuerySet[Service], name: str, value: str) -> QuerySet[Service]:
        return services.filter(~lacking() if value == "yes" else lacking())

    def filter_missing(self, services: QuerySet[Service], name: str, value: list[str]) -> QuerySet[Service]:
        return services.filter(lacking(value)) if value else services

    def filter_law(self, services: QuerySet[Service], name: str, value: str) -> QuerySet[Service]:
        """Where the coverage report leads: the entries by which one part of its evidence is mended."""
        return services.filter(speaking_to(value))

    def filter_live(self, services: QuerySet[Service], name: str, value: str) -> QuerySet[Service]:
        return services.filter(live=value == "yes")

    def filter_need(self, services: QuerySet[Service], name: str, value: list[Need]) -> QuerySet[Service]:
        """By a subquery: a service with two of the needs is one row, and the count stays true."""
        if not value:
            return services
        return services.filter(pk__in=Service.needs.through.objects.filter(need__in=value).values("service"))


class OrganisationFilterSet(WagtailFilterSet):
    provider_type = _AnyOf(label="Provider type", choices=ProviderType.choices)

    class Meta:
        model = Organisation
        fields = ["provider_type"]


class TermFilterSet(WagtailFilterSet):
    kind = _AnyOf(label="Vocabulary", choices=TermKind.choices)

    class Meta:
        model = VocabularyTerm
        fields = ["kind"]
