"""How much of what a family needs to know an entry says, and what it leaves out.

A fact is known or not; nothing is half known. The weights say how much a family would miss it
and add up, over the facts that apply to an entry, to the 100 of the score.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from services.enums import PRACTICE_QUESTIONS, CostKind, Level, ProviderType, Scope
from services.models import Service, ServiceLocation
from services.models.service import ServiceQuerySet

# Who must answer Schedule 2 paragraph 5 and publish a SEN information report (s.69 of the Act).
TEACHES = frozenset(
    {
        ProviderType.MAINTAINED_SCHOOL,
        ProviderType.ACADEMY,
        ProviderType.FREE_SCHOOL,
        ProviderType.NON_MAINTAINED_SPECIAL,
        ProviderType.INDEPENDENT_SPECIAL,
        ProviderType.SECTION41,
        ProviderType.FURTHER_EDUCATION,
        ProviderType.SPECIALIST_POST16,
        ProviderType.PUPIL_REFERRAL_UNIT,
    }
)


# A year, and the month in which a school writes the next one.
REPORT_DAYS = 396


@dataclass(frozen=True, slots=True)
class Fact:
    """Something an entry should say. `label` completes "It does not say …"."""

    key: str
    label: str
    weight: int
    is_known: Callable[[Service], bool]
    applies: Callable[[Service], bool] = lambda service: True


@dataclass(frozen=True, slots=True)
class Completeness:
    """`score` is 0 to 100; `missing` holds the facts left out, the weightiest first."""

    score: int
    missing: tuple[Fact, ...]

    @property
    def words(self) -> str:
        return "Complete" if not self.missing else f"{self.score}%"


def _says(field: str) -> Callable[[Service], bool]:
    return lambda service: bool(getattr(service, field).strip())


def _has(field: str) -> Callable[[Service], bool]:
    return lambda service: bool(getattr(service, field))


def _provider(service: Service) -> str:
    return service.organisation.provider_type if service.organisation_id else ""


def _teaches(service: Service) -> bool:
    return _provider(service) in TEACHES


def _meets_in_a_place(service: Service) -> bool:
    """Local help that people go to: it happens in person, or nobody said how it happens."""
    return service.scope not in {Scope.NATIONAL, Scope.ONLINE} and (
        not service.delivery or "in_person" in service.delivery
    )


def _has_place(service: Service) -> bool:
    return bool(service.service_locations.all())


def _every_place_has(field: str) -> Callable[[Service], bool]:
    return lambda service: all(getattr(row.location, field) for row in service.service_locations.all())


def _every_place_says_how_it_is(service: Service) -> bool:
    return all(row.location.senses or row.location.sensory for row in service.service_locations.all())


def _has_wait(service: Service) -> bool:
    return service.waiting_weeks is not None or bool(service.waiting_time.strip())


def _has_needs(service: Service) -> bool:
    return bool(service.needs.all() or service.conditions.all())


def _is_not_for_all(service: Service) -> bool:
    return service.level in {Level.TARGETED, Level.SPECIALIST}


def _has_fresh_report(service: Service) -> bool:
    """A school brings its report up to date at least once a year (SEND Code of Practice)."""
    written = service.sen_information_report_date
    return written is not None and (timezone.localdate() - written).days <= REPORT_DAYS


def _has_contact(service: Service) -> bool:
    return any(row.phone or row.email for row in service.contacts.all())


def _has_cost(service: Service) -> bool:
    return any(row.kind != CostKind.NOT_STATED for row in service.costs.all())


def _has_age(service: Service) -> bool:
    return service.min_age is not None or service.max_age is not None


FACTS = (
    Fact("provider", "who runs it", 8, _has("organisation_id")),
    Fact("summary", "what it is, in one sentence", 8, _says("summary")),
    Fact("description", "what it is like", 8, _says("description")),
    Fact("categories", "what kind of help it is", 5, lambda service: bool(service.categories.all())),
    Fact("ages", "the ages it is for", 7, _has_age),
    Fact("eligibility", "who it is for", 8, _says("eligibility")),
    Fact("how_to_access", "how to get it", 9, _says("how_to_access")),
    Fact("who_decides", "who decides", 6, _says("who_decides")),
    Fact("complaints", "what to do if you are unhappy", 4, _says("complaints")),
    Fact("contact", "a phone number or email address", 9, _has_contact),
    Fact("url", "a website", 2, _says("url")),
    Fact("cost", "what it costs", 6, _has_cost),
    Fact("schedule", "when it happens", 4, lambda service: bool(service.schedules.all())),
    Fact("waiting_time", "how long the wait is", 3, _has_wait),
    Fact("level", "whether it is open to all", 3, _has("level")),
    Fact("delivery", "how it happens", 3, _has("delivery")),
    Fact("place", "where it is", 6, _has_place, _meets_in_a_place),
    Fact("access", "steps, toilets and parking at each place", 4, _every_place_has("access"), _has_place),
    Fact("sensory", "noise, light and crowds at each place", 4, _every_place_says_how_it_is, _has_place),
    Fact("checked", "when it was last checked", 5, _has("last_checked")),
    Fact("needs", "what needs it helps with", 3, _has_needs, _is_not_for_all),
    Fact("report", "where its SEN information report is", 6, _says("sen_information_report_url"), _teaches),
    Fact(
        "report_date",
        "a SEN information report from the last year",
        3,
        _has_fresh_report,
        lambda service: _teaches(service) and bool(service.sen_information_report_url),
    ),
    *(
        Fact(f"practice.{key}", f"“{question}”", 1, _says(f"practice_{key}"), _teaches)
        for key, question in PRACTICE_QUESTIONS.items()
    ),
)


def completeness(service: Service) -> Completeness:
    """The score of one entry and what it leaves out. Reads the relations in `with_facts`."""
    applying = [fact for fact in FACTS if fact.applies(service)]
    missing = [fact for fact in applying if not fact.is_known(service)]
    total = sum(fact.weight for fact in applying)
    score = 100 * (total - sum(fact.weight for fact in missing)) // total
    return Completeness(score, tuple(sorted(missing, key=lambda fact: -fact.weight)))


def with_facts(services: ServiceQuerySet) -> ServiceQuerySet:
    """Fetch what `completeness` reads, in a fixed number of queries for any number of rows."""
    places = Prefetch("service_locations", ServiceLocation.objects.select_related("location"))
    return services.select_related("organisation").prefetch_related(
        "categories", "needs", "conditions", "contacts", "costs", "schedules", places
    )
