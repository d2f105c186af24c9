"""A service: what help there is, who it is for and how to get it."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase, TagBase
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    Site,
    WorkflowMixin,
)

from services.days import EXAMPLE
from services.enums import (
    PRACTICE_QUESTIONS,
    CheckedBy,
    CostKind,
    Day,
    Level,
    Scope,
    SectionKey,
    SessionWhen,
    TermKind,
)
from services.fields import DaysField, KeysField
from services.models.location import Location
from services.models.organisation import Organisation
from services.models.vocabulary import Category, Need


class ServiceQuerySet(models.QuerySet["Service"]):
    """Reads that read as sentences."""

    def live(self) -> Self:
        return self.filter(live=True)

    def owned_by(self, authority: Site) -> Self:
        return self.filter(authority=authority)

    def visible_to(self, authority: Site) -> Self:
        """Its own, what names it among those served, and what is national. For one entry or a few."""
        named = self.model.serves.through.objects.filter(site=authority, service=models.OuterRef("pk"))
        return self.filter(Q(authority=authority) | Q(scope=Scope.NATIONAL) | models.Exists(named))

    def all_visible_to(self, authority: Site) -> Self:
        """The same, for lists: each of the three ways is read by its own index. One condition with OR
        would read every entry of every authority."""
        ways = (Q(authority=authority), Q(scope=Scope.NATIONAL))
        own, national = (self.model.objects.filter(way).order_by().values("pk") for way in ways)
        named = self.model.serves.through.objects.filter(site=authority).values("service")
        return self.filter(pk__in=own.union(national, named, all=True))

    def for_age(self, age: int) -> Self:
        """Whose age range holds `age`; an open end matches."""
        return self.filter(Q(min_age=None) | Q(min_age__lte=age)).filter(
            Q(max_age=None) | Q(max_age__gte=age)
        )

    def with_needs(self, keys: list[str]) -> Self:
        return self.filter(needs__key__in=keys).distinct()

    def in_categories(self, keys: list[str]) -> Self:
        return self.filter(categories__key__in=keys).distinct()

    def overdue(self, today: date | None = None) -> Self:
        return self.filter(review_by__lt=today or timezone.localdate())

    def with_everything(self) -> Self:
        """Fetch all that a public page or a search document reads, in a fixed number of queries."""
        return self.select_related("organisation").prefetch_related(
            "needs",
            "categories",
            "conditions",
            "service_locations__location",
            "schedules",
            "costs",
            "contacts",
            "serves",
        )


class ConditionTag(TagBase):
    """A condition families name that has no DfE code, for example "epilepsy"."""

    class Meta:
        verbose_name = "condition"


class ServiceCondition(ItemBase):
    tag = models.ForeignKey(ConditionTag, on_delete=models.CASCADE, related_name="service_conditions")
    content_object = ParentalKey(
        "services.Service", on_delete=models.CASCADE, related_name="service_conditions"
    )


class PracticeAnswers(models.Model):
    """What a school or college says of its own practice (requirements edu.practice.*)."""

    sen_information_report_url = models.URLField("SEN information report", max_length=500, blank=True)
    sen_information_report_date = models.DateField(null=True, blank=True)
    practice_teaching = models.TextField(PRACTICE_QUESTIONS["teaching"], blank=True)
    practice_adaptation = models.TextField(PRACTICE_QUESTIONS["adaptation"], blank=True)
    practice_learning_support = models.TextField(PRACTICE_QUESTIONS["learning_support"], blank=True)
    practice_progress = models.TextField(PRACTICE_QUESTIONS["progress"], blank=True)
    practice_effectiveness = models.TextField(PRACTICE_QUESTIONS["effectiveness"], blank=True)
    practice_facilities = models.TextField(PRACTICE_QUESTIONS["facilities"], blank=True)
    practice_activities = models.TextField(PRACTICE_QUESTIONS["activities"], blank=True)
    practice_support = models.TextField(PRACTICE_QUESTIONS["support"], blank=True)
    practice_expertise = models.TextField(PRACTICE_QUESTIONS["expertise"], blank=True)
    practice_wellbeing = models.TextField(PRACTICE_QUESTIONS["wellbeing"], blank=True)

    class Meta:
        abstract = True

    @property
    def practice(self) -> list[tuple[str, str, str]]:
        """(key, question, answer) of each question that is answered."""
        rows = ((k, q, getattr(self, f"practice_{k}")) for k, q in PRACTICE_QUESTIONS.items())
        return [row for row in rows if row[2]]


class Service(
    PracticeAnswers,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    ClusterableModel,
):
    """One entry of the directory (Open Referral `service`).

    A plain model, not a page: it belongs to many sections, needs and areas and to no one
    place in a tree. `authority` is the Wagtail site that owns it; `scope` and `serves` say
    where else it appears.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="services")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="services"
    )
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, editable=False)
    summary = models.CharField(max_length=300, blank=True, help_text="One plain sentence.")
    description = models.TextField("what it is like", blank=True)
    keywords = models.TextField(
        "other words people use", blank=True, help_text="Separated by commas. Search looks here too."
    )
    section = models.CharField(max_length=20, choices=SectionKey.choices, db_index=True)
    categories = ParentalManyToManyField(Category, blank=True, related_name="services")
    level = models.CharField(max_length=20, choices=Level.choices, blank=True)
    needs = ParentalManyToManyField(Need, blank=True, related_name="services")
    conditions = ClusterTaggableManager(through=ServiceCondition, blank=True)
    min_age = models.PositiveSmallIntegerField("youngest age", null=True, blank=True)
    max_age = models.PositiveSmallIntegerField("oldest age", null=True, blank=True)
    sen_status = KeysField("plan or support", kind=TermKind.SEN_STATUS)
    circumstances = KeysField("special circumstances", kind=TermKind.CIRCUMSTANCE)
    eligibility = models.TextField("who it is for", blank=True)
    how_to_access = models.TextField("how to get it", blank=True)
    who_decides = models.TextField("who decides", blank=True, help_text="A role, not a name.")
    complaints = models.TextField("if you are unhappy", blank=True)
    access_routes = KeysField("who can ask", kind=TermKind.ACCESS_ROUTE)
    waiting_time = models.CharField(max_length=250, blank=True)
    waiting_weeks = models.PositiveSmallIntegerField(
        "weeks to wait", null=True, blank=True, help_text="About how many. 0 when there is no wait."
    )
    waiting_as_of = models.DateField("wait looked at on", null=True, blank=True)
    delivery = KeysField("how it happens", kind=TermKind.DELIVERY)
    languages = KeysField("languages", kind=TermKind.LANGUAGE)
    url = models.URLField("website", max_length=500, blank=True)
    scope = models.CharField(max_length=20, choices=Scope.choices, default=Scope.LOCAL, db_index=True)
    serves = ParentalManyToManyField(
        Site,
        blank=True,
        related_name="shared_services",
        help_text="Other councils in this installation whose families can use it.",
    )
    areas_served = models.TextField(
        "other areas it serves", blank=True, help_text="Names of other councils’ areas. One a line."
    )
    commissioned_by_authority = models.BooleanField("paid for by the council", default=False)
    section41_approved = models.BooleanField("on the national approved list (section 41)", default=False)
    last_checked = models.DateField(null=True, blank=True)
    last_checked_by = models.CharField(max_length=100, blank=True, help_text="A role, not a name.")
    checked_side = models.CharField("checked by", max_length=10, choices=CheckedBy.choices, blank=True)
    review_by = models.DateField(null=True, blank=True, db_index=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="merged"
    )
    source = models.CharField(max_length=40, blank=True, editable=False)
    external_id = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_at = models.DateTimeField(auto_now=True, db_index=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "source", "external_id"],
                condition=~Q(external_id=""),
                name="service_source_id",
            ),
            models.CheckConstraint(
                condition=Q(min_age=None) | Q(max_age=None) | Q(min_age__lte=models.F("max_age")),
                name="service_ages_in_order",
            ),
        ]

    def __init__(self, *args: object, **kwargs: object) -> None:
        """A row of the database comes as values in order, and none of them is a child: only keywords
        may name one. Looking for them all the same costs modelcluster as much as the row itself.
        """
        if args:
            models.Model.__init__(self, *args, **kwargs)
        else:
            super().__init__(**kwargs)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Ages in order and within a person's first 25 years and a little more."""
        super().clean()
        errors = {}
        if self.min_age is not None and self.max_age is not None and self.min_age > self.max_age:
            errors["max_age"] = "The oldest age must be the same as the youngest age, or more."
        for field in ("waiting_as_of", "sen_information_report_date"):
            day = getattr(self, field)
            if day is not None and day > timezone.localdate():
                errors[field] = "This day is still to come."
        for field in ("min_age", "max_age"):
            if (getattr(self, field) or 0) > 120:
                errors[field] = "Enter an age in years, such as 7."
        if errors:
            raise ValidationError(errors)

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = make_slug(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("services:detail", args=[self.pk, self.slug])

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "services/detail.html"

    def get_preview_context(self, request: object, mode_name: str) -> dict[str, object]:
        from services.detail import page_context

        return page_context(self)

    @classmethod
    def public_to(cls, authorities: Iterable[Site]) -> Q:
        """Which entries of others may be chosen: those that families of `authorities` are shown."""
        shown = cls.objects.live().filter(Q(scope=Scope.NATIONAL) | Q(serves__in=list(authorities)))
        return Q(pk__in=shown.values("pk"))

    @property
    def standing(self) -> "Service | None":
        """This entry, or the one it was merged into: what a link to it should show. None: neither is live."""
        entry = self.merged_into if self.merged_into and not self.live else self
        return entry if entry.live else None

    @property
    def areas(self) -> list[str]:
        """Names of other areas it serves, as they were written."""
        return [line.strip() for line in self.areas_served.splitlines() if line.strip()]

    @property
    def is_overdue(self) -> bool:
        return bool(self.review_by and self.review_by < timezone.localdate())


def make_slug(name: str) -> str:
    """The readable part of a service's address; never empty."""
    return slugify(name)[:80].strip("-") or "service"


class ServiceLocation(models.Model):
    """A service at a place (Open Referral `service_at_location`)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="service_locations")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="service_locations")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["service", "location"], name="service_once_a_place")]

    def __str__(self) -> str:
        return str(self.location)


class Contact(models.Model):
    """How to reach a service: a role, never a person's name."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="contacts")
    role = models.CharField(max_length=120, blank=True)
    location = models.ForeignKey(
        Location,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="at which place",
    )
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.role or self.phone or self.email


class CostOption(models.Model):
    """What it costs (Open Referral `cost_option`). `amount` is in pounds."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="costs")
    kind = models.CharField(max_length=20, choices=CostKind.choices, default=CostKind.NOT_STATED)
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Schedule(models.Model):
    """A session: days of the week, hours, and the part of the year."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="schedules")
    days = models.JSONField(default=list, blank=True, help_text="Two letters a day: MO, TU …")
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    when = models.CharField(max_length=20, choices=SessionWhen.choices, default=SessionWhen.ALL_YEAR)
    location = models.ForeignKey(
        Location,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="at which place",
    )
    valid_from = models.DateField("first day", null=True, blank=True)
    valid_to = models.DateField("last day", null=True, blank=True)
    closed = DaysField("closed on", help_text=f"Days when it does not happen. {EXAMPLE}")
    extra = DaysField("also on", help_text="Days when it happens as well. Written the same way.")
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=models.F("valid_to")),
                name="schedule_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return ", ".join(self.day_names) or self.get_when_display()

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValidationError({"valid_to": "The last day must be the first day, or later."})

    @property
    def day_names(self) -> list[str]:
        """Weekday names in the order of the week."""
        return [day.label for day in Day if day.value in self.days]
