"""Does an installation stay usable with 300,000 services and 150 authorities?

    python -m tests.benchmarks.bench_scale [--services 300000] [--authorities 150] [--small 3000]

Makes a small installation, measures it, lets it grow to the whole in the same database and measures it
again, in one process: read the ratios. The database is DATABASE_URL's, which must be empty, or a SQLite file
that is thrown away. Each line is asked twice: "first" after something in the directory has changed, so that
nothing of it is remembered, and "again". `queries` counts what the first asked of the database. Whole pages
are not kept here (PAGE_CACHE_MB=0), so that "again" is what a page costs that no cache has. Exits 1 where an
answer is not as it must be; times decide nothing.
"""

import argparse
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

from tests.benchmarks import bench_import
from tests.benchmarks.bench_engines import say

ROWS_IMPORTED = 6_000
A_PAGE = 100
NO_LISTS = ("_results", ":add", ":create", ":chosen_multiple", ":preview_on_add")
LONGEST_SAID = 160
SLOW = 300  # milliseconds: a statement that takes longer is named
SEARCHES = {
    "nothing asked": "",
    "a common word": "?q=support",
    "two words": "?q=autism+swimming",
    "a rare word": "?q=oakbury",
    "filters": "?need=ASD&age=9&cost=free",
    "words, filters, nearest": "?q=club&need=ASD&age=9&postcode=BS5+6RJ",
    "page 50": "?page=50",
}


@dataclass
class Line:
    """What one thing took, in milliseconds, and what it asked of the database."""

    first: float
    again: float
    queries: int


@dataclass
class Stage:
    """The measurements at one size."""

    name: str
    lines: dict[str, Line] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    slow: dict[str, tuple[float, str]] = field(default_factory=dict)


def memory() -> int:
    """Megabytes that this process holds of its own."""
    return int(bench_import.memory()[1])


@contextmanager
def prepared() -> Iterator[None]:
    """Django as in production, over a database that may be filled."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/scale.sqlite3")
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "localoffer.settings",
            "VAR_DIR": folder,
            "MEDIA_ROOT": f"{folder}/media",
            "IMPORTS_ROOT": f"{folder}/imports",
            "DEBUG": "0",
            "SECURE_SSL_REDIRECT": "0",
            "SECRET_KEY": secrets.token_hex(32),
            "ALLOWED_HOSTS": ".scale.example",
            "BASE_URL": "https://a000.scale.example",
            "EMAIL_URL": "dummymail://",
            "DEFAULT_FROM_EMAIL": "local-offer@scale.example",
            "PAGE_CACHE_MB": "0",
            "LOG_LEVEL": "ERROR",
            "COMMENTS_AN_HOUR_FROM_ONE_PLACE": "100000",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_vocabularies", stdout=StringIO())
        yield


class Asked:
    """Counts the statements that a connection is given, and keeps the one that took longest."""

    def __init__(self) -> None:
        self.number, self.longest, self.text = 0, 0.0, ""

    def __call__(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            took = time.perf_counter() - start
            self.number += 1
            if took > self.longest:
                self.longest, self.text = took, str(sql)


class Measure:
    """Asks one installation at one size."""

    def __init__(self, stage: Stage) -> None:
        from wagtail.models import Site

        from tests.benchmarks.scale_world import host_of

        self.stage = stage
        self.largest = Site.objects.get(hostname=host_of(0))
        self.other = Site.objects.get(hostname=host_of(1))

    # -- how -------------------------------------------------------------------

    def take(self, label: str, ask: Callable[[], Any], *, changes: bool = True) -> Any:
        """Ask twice; the answer of the second."""
        from django.db import connection

        if changes:
            self.touch()
        asked = Asked()
        start = time.perf_counter()
        with connection.execute_wrapper(asked):
            ask()
        first = time.perf_counter() - start
        start = time.perf_counter()
        answer = ask()
        again = time.perf_counter() - start
        self.stage.lines[label] = Line(first * 1000, again * 1000, asked.number)
        if asked.longest * 1000 > SLOW:
            self.stage.slow[label] = (asked.longest * 1000, asked.text)
        return answer

    @staticmethod
    def touch() -> None:
        """Something in the directory has changed: whatever was remembered of it is out of date."""
        from services.models import Service

        first = Service.objects.order_by("pk").values_list("pk", flat=True).first()
        Service.objects.filter(pk=first).update(complaints="Write to us.")

    def get(self, label: str, path: str, client: Any, *, changes: bool = True) -> Any:
        answer = self.take(label, partial(self.open, client, path), changes=changes)
        if answer.status_code != 200:
            self.stage.wrong.append(f"{label}: {path} answered {answer.status_code}")
        return answer

    @staticmethod
    def open(client: Any, path: str) -> Any:
        """A download is written while it is read."""
        response = client.get(path)
        if response.streaming:
            for _ in response.streaming_content:
                pass
        return response

    def client(self, site: Any, user: Any = None) -> Any:
        from django.test import Client

        client = Client(SERVER_NAME=site.hostname, raise_request_exception=False)
        if user:
            client.force_login(user)
        return client

    # -- what ------------------------------------------------------------------

    def everything(self) -> None:
        for part in (
            self.search, self.api, self.walk, self.maps, self.public, self.admin, self.comment, self.save,
            self.importing,
        ):  # fmt: skip
            part()
            self.stage.memory[part.__name__] = memory()
            say(f"  {part.__name__} done, {memory()} MB")

    def search(self) -> None:
        for name, site in (("largest", self.largest), ("another", self.other)):
            client = self.client(site)
            client.get("/services/")
            for label, query in SEARCHES.items():
                self.get(f"search, {name} authority: {label}", f"/services/{query}", client, changes=False)

    def api(self) -> None:
        from django.utils import timezone

        client = self.client(self.largest)
        for name in ("services", "service_at_locations"):
            path = f"/open-referral/{name}?per_page={A_PAGE}"
            pages = client.get(path).json()["total_pages"]
            self.get(f"API {name}: page 1", path, client)
            self.get(f"API {name}: middle page", f"{path}&page={pages // 2 or 1}", client)
            last = self.get(f"API {name}: last page", f"{path}&page={pages}", client).json()
            if not last["last_page"] or not last["contents"]:
                self.stage.wrong.append(f"{name}: the last page is none")
        self.get("API services: last page, whole", f"/open-referral/services?page={pages}&full=true", client)
        self.get("API services: a word", "/open-referral/services?search=autism", client)
        near = "/open-referral/services?postcode=BS5+6RJ"
        self.get("API services: nearest first", near, client)
        self.get("API services: within 5 km", f"{near}&proximity=5000", client)
        today = f"{timezone.localdate():%Y-%m-%d}"
        self.get("API services: changed today", f"/open-referral/services?modified_after={today}", client)
        self.get("API taxonomy_terms", "/open-referral/taxonomy_terms", client)

    def walk(self) -> None:
        """Every page of the services, as a harvester reads them."""
        client, number, seen = self.client(self.largest), 1, set()
        start = time.perf_counter()
        while number:
            body = client.get(f"/open-referral/services?per_page={A_PAGE}&page={number}").json()
            seen |= {row["id"] for row in body["contents"]}
            number = 0 if body["last_page"] else number + 1
        took = time.perf_counter() - start
        pages = body["total_pages"]
        self.stage.notes["API: every page"] = f"{pages:,} pages in {took:.1f} s, {pages / took:.0f} a second"
        if len(seen) != body["total_items"]:
            self.stage.wrong.append(f"the walk saw {len(seen)} of {body['total_items']} services")

    def maps(self) -> None:
        client = self.client(self.largest)
        index = self.get("sitemap: index", "/sitemap.xml", client).content.decode()
        parts = [text.partition("</loc>")[0] for text in index.split("<loc>")[1:]]
        paths = ["/" + part.split("/", 3)[3] for part in parts]
        self.get("sitemap: pages", paths[0], client)
        self.get("sitemap: first part of services", paths[1], client)
        self.get("sitemap: last part of services", paths[-1], client)
        self.stage.notes["sitemap"] = f"{len(paths)} parts"
        self.get("feed of changes", "/services/changes.atom", client)

    def public(self) -> None:
        from services.models import Service

        client = self.client(self.largest)
        one = Service.objects.live().owned_by(self.largest).order_by("pk").last()
        for label, path in {
            "front page": "/", "a section": "/education/", "a service": one.get_absolute_url(),
            "coverage": "/coverage/", "comments and what we did": "/have-your-say/comments/",
            "is it alive": "/healthz", "is it ready": "/readyz",
        }.items():  # fmt: skip
            self.get(f"public: {label}", path, client)
        self.get("public: open data (zip)", "/services/data/open-data/", client)

    def admin(self) -> None:
        """Every list and report of ours with an address of its own, for who sees all and for an officer."""
        from wagtail.models import GroupSitePermission

        from tests.factories import make_user
        from tests.test_admin_permissions import our_views

        people = {
            "who sees all": make_user(f"all-{secrets.token_hex(4)}", is_superuser=True),
            "an officer": make_user(f"one-{secrets.token_hex(4)}"),
        }
        bound = GroupSitePermission.objects.filter(site=self.largest)
        people["an officer"].groups.set(bound.values_list("group", flat=True).distinct())
        found = {
            name: f"/{where}"
            for where, name, _ in our_views()
            if "<" not in where and "(" not in where and not name.endswith(NO_LISTS)
        }
        found |= {"the dashboard": "/admin/"} | {
            f"services: {words}": f"/admin/services/service/{query}"
            for words, query in {
                "last page": "?p=last",
                "a word": "?q=swimming",
                "overdue": "?overdue=yes",
                "not complete": "?complete=no",
                "says no cost": "?missing=cost",
                "a need": "?need=1",
                "by provider": "?ordering=organisation__name",
                "the 2,000th page": "?p=2000",
                "overdue as CSV": "?overdue=yes&section=health&export=csv",
            }.items()
        }
        for who, user in people.items():
            client = self.client(self.largest, user)
            for name, path in sorted(found.items()):
                ask = partial(self.open, client, path)
                answer = self.take(f"admin, {who}: {name}", ask)
                if answer.status_code in (302, 403, 405):  # not for them, or nothing to open
                    del self.stage.lines[f"admin, {who}: {name}"]
                elif answer.status_code != 200:
                    self.stage.wrong.append(f"{who}: {path} answered {answer.status_code}")

    def comment(self) -> None:
        from feedback.models import Comment
        from tests.drills.comments_under_faults import FORM, TOKEN

        client = self.client(self.largest)
        held = Comment.objects.count()

        def send() -> Any:
            token = TOKEN.search(client.get(FORM).content.decode())
            words = {
                "role": "parent_carer",
                "topic": "other",
                "text": "The bus is late.",
                "consent": "publish",
            }
            return client.post(FORM, {"token": token[1], "step": "check", "go": "send", **words})

        self.take("a comment sent", send)
        if Comment.objects.count() != held + 2:
            self.stage.wrong.append("a comment was not kept")

    def save(self) -> None:
        """Until families find the new word."""
        from services.models import Service

        client = self.client(self.largest)
        service = Service.objects.live().owned_by(self.largest).order_by("pk").first()

        def publish() -> Any:
            word = f"zq{secrets.token_hex(5)}"
            service.name = f"Swimming {word}"
            service.save_revision().publish()
            return client.get(f"/services/?q={word}")

        if "1 service" not in self.take("a service saved until it is found", publish).content.decode():
            self.stage.wrong.append("a saved service was not found")

    def importing(self) -> None:
        """So many schools of one authority more, then the same again."""
        from services.importers import FORMATS
        from services.importers.applying import apply_plan
        from services.importers.planning import make_plan
        from tests.benchmarks.bench_import import write_schools

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "schools.csv"
            write_schools(path, ROWS_IMPORTED)
            text = path.read_text(encoding="utf-8").replace("Avonmere", "Area 001")
            path.write_text(text, encoding="utf-8")

            def run() -> Any:
                plan = make_plan(importer=FORMATS["gias"], path=path, authority=self.other)
                apply_plan(plan=plan)
                return plan

            plan = self.take(f"import of {ROWS_IMPORTED:,}, then again", run, changes=False)
        if plan.unchanged != ROWS_IMPORTED:
            self.stage.wrong.append(f"the second import found {plan.unchanged} unchanged")


def grow(stage: Stage, services: int, authorities: int) -> None:
    """Fill the database up to a size and build the index."""
    from django.core.management import call_command

    from tests.benchmarks import scale_world

    start = time.perf_counter()
    sites = scale_world.make_authorities(authorities, lambda words: say(f"  {words}"))
    scale_world.make_services(services, sites, lambda words: say(f"  {words}"))
    scale_world.make_comments(5, sites)
    stage.notes["written"] = f"{time.perf_counter() - start:.0f} s"
    start = time.perf_counter()
    call_command("rebuild_index", stdout=StringIO())
    stage.notes["index built"] = f"{time.perf_counter() - start:.0f} s"
    stage.memory["index built"] = memory()
    say(f"  written in {stage.notes['written']}, index built in {stage.notes['index built']}")


def report(small: Stage, large: Stage) -> int:
    """Prints the tables; 1 where something was not as it must be."""
    say(f"\n{'milliseconds':64}{small.name:>22}{large.name:>28}{'ratio':>16}")
    say(f"{'':64}{'first':>11}{'again':>11}{'first':>10}{'again':>10}{'queries':>8}{'first':>8}{'again':>8}")
    for label, big in large.lines.items():
        little = small.lines.get(label)
        if little is None:
            continue
        ratios = f"{big.first / little.first:8.1f}{big.again / little.again:8.1f}"
        counted = f"{little.queries}/{big.queries}" if little.queries != big.queries else f"{big.queries}"
        say(
            f"{label[:64]:64}{little.first:11.1f}{little.again:11.1f}{big.first:10.1f}{big.again:10.1f}"
            f"{counted:>8}{ratios}"
        )
    say("\nmemory of this process, MB" + " " * 38 + f"{small.name:>22}{large.name:>28}")
    for label, size in large.memory.items():
        say(f"  after {label:56}{small.memory.get(label, 0):>22}{size:>28}")
    for stage in (small, large):
        for label, words in stage.notes.items():
            say(f"{stage.name}: {label}: {words}")
        for label, (took, sql) in stage.slow.items():
            say(f"{stage.name}: {label}: one statement took {took:,.0f} ms: {sql[:LONGEST_SAID]}")
        for words in stage.wrong:
            say(f"{stage.name}: WRONG: {words}")
    return 1 if small.wrong or large.wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--services", type=int, default=300_000)
    parser.add_argument("--authorities", type=int, default=150)
    parser.add_argument("--small", type=int, default=3_000, help="services of the first measurement")
    options = parser.parse_args()
    share = options.services // options.small or 1
    with prepared():
        stages = []
        for services, authorities in (
            (options.small, max(2, options.authorities // share)),
            (options.services, options.authorities),
        ):
            stage = Stage(f"{services:,}/{authorities}")
            say(f"{stage.name} (services/authorities)")
            grow(stage, services, authorities)
            Measure(stage).everything()
            stages.append(stage)
    return report(*stages)


if __name__ == "__main__":
    sys.exit(main())
