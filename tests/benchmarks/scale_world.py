"""Many authorities and many services in one installation, the same for the same seed.

The first authority owns a tenth of the services, the rest are even. Of a hundred services two are
national and four name two other councils. Each has a provider, a contact, a cost and a session, most
have a place; words, needs and kinds of help are as common as they are in `corpus`.
"""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from wagtail.models import Site

from feedback.models import Comment
from localoffer.authority import find_authority
from localoffer.models import GuidancePage
from localoffer.regulations import Section
from services.enums import CheckedBy, CostKind, Level, ProviderType, Scope, SectionKey, SessionWhen
from services.models import (
    Category,
    Contact,
    CostOption,
    Location,
    Need,
    Organisation,
    Schedule,
    Service,
    ServiceLocation,
)
from services.models.service import make_slug
from tests.benchmarks import corpus
from tests.factories import make_comment, make_page, make_section

BLOCK = 500  # services of one authority that are written together
A_PROVIDER_HAS = 3
LARGEST_SHARE = 0.1
TODAY = date(2026, 11, 27)
Progress = Callable[[str], None]


def host_of(number: int) -> str:
    return f"a{number:03}.scale.example"


def make_authorities(wanted: int, told: Progress) -> list[Site]:
    """Authorities with a home, eight sections, two guides, groups of staff and a workflow each."""
    silent = {"stdout": _Nowhere()}
    for number in range(wanted):
        if Site.objects.filter(hostname=host_of(number)).exists():
            continue
        name = f"Council {number:03}"
        call_command("setup", name=name, area=f"Area {number:03}", hostname=host_of(number), **silent)
        home = find_authority(name).root_page.specific
        for section in Section:
            slug = section.value.replace("_", "-")
            make_section(section, home=home, slug=slug, title=slug.replace("-", " ").capitalize())
        for title in ("Contact us", "Travel training"):
            make_page(GuidancePage, home, title=title)
        if number % 25 == 24:
            told(f"{number + 1} authorities")
    return [Site.objects.get(hostname=host_of(number)) for number in range(wanted)]


class _Nowhere:
    def write(self, text: str) -> None:
        """What a command says about each of them is of no interest."""


def make_services(wanted: int, sites: list[Site], told: Progress, *, seed: int = 20) -> None:
    """Bring the directory to so many services, block by block, the authorities in turn."""
    maker = _Maker(sites, Random(f"{seed}:{Service.objects.count()}"))
    held, said = Service.objects.count(), 0
    for site in _turns(sites, maker.random):
        if held >= wanted:
            break
        made = min(BLOCK, wanted - held)
        maker.block(site, made)
        held += made
        if held - said >= 50_000:
            told(f"{held:,} services")
            said = held
    _settle()


def _turns(sites: list[Site], random: Random) -> Iterator[Site]:
    while True:
        yield sites[0] if random.random() < LARGEST_SHARE else random.choice(sites)


def _settle() -> None:
    """Let the database know how big its tables are now, as its own housekeeping would by morning."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_comments(each: int, sites: list[Site]) -> None:
    """So many comments for each authority, waiting to be read."""
    for site in sites:
        for number in range(each - Comment.objects.filter(authority=site).count()):
            make_comment(site, text=f"Page {number} is out of date.")


class _Maker:
    """Writes blocks of services with all that hangs on them."""

    def __init__(self, sites: list[Site], random: Random) -> None:
        self.sites, self.random = sites, random
        self.needs = list(Need.objects.filter(retired=False))
        self.categories = list(Category.objects.filter(retired=False))
        self.numbers = count(Service.objects.count() + 1)
        self.outcodes = [f"{area}{n}" for area in ("BS", "LS", "NE", "EX", "CB") for n in range(1, 17)]

    @transaction.atomic
    def block(self, site: Site, size: int) -> None:
        owners = Organisation.objects.bulk_create(
            self.organisation(site) for _ in range(-(-size // A_PROVIDER_HAS))
        )
        places = Location.objects.bulk_create(self.place(site) for _ in range(size))
        services = Service.objects.bulk_create(
            self.service(site, owners[n // A_PROVIDER_HAS]) for n in range(size)
        )
        some = partial(self.random.random)
        ServiceLocation.objects.bulk_create(
            ServiceLocation(service=service, location=place)
            for service, place in zip(services, places, strict=True)
            if some() < 0.85
        )
        Contact.objects.bulk_create(
            Contact(service=each, role="Office", phone=f"01632 {each.pk % 1_000_000:06}") for each in services
        )
        CostOption.objects.bulk_create(
            CostOption(service=each, kind=self.random.choice(CostKind.values)) for each in services
        )
        Schedule.objects.bulk_create(
            Schedule(
                service=each,
                days=self.random.sample(["MO", "TU", "WE", "TH", "FR", "SA"], 2),
                opens=time(16),
                closes=time(18),
                when=self.random.choice(SessionWhen.values),
            )
            for each in services
        )
        self.link(Service.needs.through, "need_id", self.needs, services, 3)
        self.link(Service.categories.through, "category_id", self.categories, services, 2)
        shared = [each for each in services if each.scope == Scope.REGIONAL]
        self.link(Service.serves.through, "site_id", self.sites, shared, 2)

    def link(self, model: Any, column: str, things: list[Any], services: list[Service], most: int) -> None:
        most = min(most, len(things))
        model.objects.bulk_create(
            model(service_id=service.pk, **{column: thing.pk})
            for service in services
            for thing in self.random.sample(things, self.random.randint(0, most))
        )

    def organisation(self, site: Site) -> Organisation:
        name = f"{corpus._words(self.random, 2).title()} Trust"
        kind = self.random.choice(ProviderType.values)
        return Organisation(authority=site, name=name, provider_type=kind, url="https://example.org/")

    def place(self, site: Site) -> Location:
        latitude, longitude = corpus._point(self.random, 1.0)
        outcode = self.random.choice(self.outcodes)
        return Location(
            authority=site,
            name=f"{corpus._words(self.random, 1).title()} Hall",
            address_1=f"{self.random.randint(1, 200)} High Street",
            postcode=f"{outcode} {self.random.randint(1, 9)}AA",
            latitude=latitude,
            longitude=longitude,
            address_hidden=self.random.random() < 0.03,
        )

    def service(self, site: Site, owner: Organisation) -> Service:
        random, number = self.random, next(self.numbers)
        youngest = random.choice((None, 0, 2, 4, 5, 8, 11, 14, 16))
        name = f"{corpus._words(random, 3).title()} {number}"
        reach = random.random()
        checked = TODAY - timedelta(days=random.randint(1, 500))
        words = partial(corpus._words, random)
        return Service(
            authority=site,
            organisation=owner,
            name=name,
            slug=make_slug(name),
            summary=f"{words(12).capitalize()}.",
            description=f"{words(60).capitalize()}." if random.random() < 0.9 else "",
            keywords=words(3),
            section=random.choice(SectionKey.values),
            level=random.choice(Level.values),
            min_age=youngest,
            max_age=None if random.random() < 0.1 else (youngest or 0) + random.choice((3, 5, 7, 11)),
            sen_status=["sen_support"],
            eligibility=words(12) if random.random() < 0.7 else "",
            how_to_access=words(12) if random.random() < 0.7 else "",
            who_decides="The team leader" if random.random() < 0.5 else "",
            delivery=["in_person"],
            url=f"https://{site.hostname}/{number}" if random.random() < 0.7 else "",
            scope=Scope.NATIONAL if reach < 0.02 else Scope.REGIONAL if reach < 0.06 else Scope.LOCAL,
            last_checked=checked if random.random() < 0.9 else None,
            last_checked_by="Officer",
            checked_side=random.choice(CheckedBy.values),
            review_by=checked + timedelta(days=365),
            live=random.random() < 0.97,
        )
