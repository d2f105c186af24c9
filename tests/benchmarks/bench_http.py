"""Our whole results page beside Datasette's JSON and a bare Django view, over HTTP, in milliseconds.

    .venv/bin/python -m tests.benchmarks.bench_http [--sizes 2500,25000] [--rounds 5] [--port 8460]
        [--page-cache-mb 0]

All three have the same made-up services and one process each, and keep no earlier answer. Every
request gives the total, the counts of all facets with each facet's own filter set aside, and 20 rows; totals
and counts must agree before anything is measured. Datasette counts with the filter, so a filtered facet costs
it a second request. The bare view answers with our page's own bytes. Each request is put to all in turn, on a
connection that stays open.
"""

import argparse
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlencode

from tests.benchmarks.bench_engines import say
from tests.drills.comments_under_faults import HOST, ROOT, until_it_answers

Asked = tuple[tuple[str, str], ...]
Counts = dict[str, dict[str, int]]
Told = tuple[int, Counts]
KINDS = ("words and two filters", "words and a filter", "words", "filters", "empty page")
PAGE = re.compile(r"Showing \d+ to \d+ of ([\d,]+)")
CHOICE = re.compile(
    r'type="checkbox" id="[^"]+" name="([a-z]+)" value="([^"]+)"(?: checked)?>'
    r'<label[^>]*>.*?<span class="choice__count">([\d,]+)',
    re.DOTALL,
)
OURS, DATASETTE, BARE = "our results page", "Datasette", "bare view"


def questions(kind: str, count: int = 8) -> list[Asked]:
    """Parameters of our results page."""
    from tests.benchmarks.corpus import COMMON

    pick = Random(kind)
    found = []
    for _ in range(count):
        asked = [("q", pick.choice(COMMON[:30]))] if "words" in kind else []
        if "filter" in kind:
            asked.append(("need", pick.choice(("ASD", "SLCN", "PD"))))
        if kind in ("filters", "words and two filters"):
            asked += [("access", "step_free"), ("scope", pick.choice(("local", "regional", "national")))][
                : 2 if kind == "filters" else 1
            ]
        found.append(tuple(asked))
    return found


class Contender:
    """Asked over one connection that stays open."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=120)

    def get(self, path: str) -> bytes:
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{path} answered {response.status}: {body[:300]!r}")
        return body


class Ours(Contender):
    name = OURS

    def ask(self, asked: Asked) -> bytes:
        return self.get(f"/services/?{urlencode(asked)}")

    def read(self, asked: Asked) -> Told:
        page = self.ask(asked).decode()
        counts: Counts = {}
        for facet, value, count in CHOICE.findall(page):
            if int(count.replace(",", "")):
                counts.setdefault(facet, {})[value] = int(count.replace(",", ""))
        shown = PAGE.search(page)
        return int(shown[1].replace(",", "")) if shown else 0, counts


class Datasette(Contender):
    """One request with every facet, and one more for each facet that is filtered, without its filter."""

    name = DATASETTE

    def ask(self, asked: Asked) -> list[bytes]:
        chosen = {name for name, _ in asked if name != "q"}
        every = self.get(self._path(asked, self._facets() - chosen, 20))
        apart = [
            self.get(self._path(tuple(pair for pair in asked if pair[0] != facet), {facet}, 0))
            for facet in sorted(chosen)
        ]
        return [every, *apart]

    def _facets(self) -> set[str]:
        from search.facets import FACETS

        return {facet.key for facet in FACETS}

    def _path(self, asked: Asked, facets: set[str], rows: int) -> str:
        from search.words import stems

        told = [("_size", str(rows)), ("_shape", "objects"), ("_facet_size", "max"), ("_sort", "name")]
        for name, value in asked:
            told.append(
                ("_search", " ".join(stems(value))) if name == "q" else (f"{name}__arraycontains", value)
            )
        told += [("_facet_array", facet) for facet in sorted(facets)]
        return f"/services/service.json?{urlencode(told)}"

    def read(self, asked: Asked) -> Told:
        told = [json.loads(body) for body in self.ask(asked)]
        counts: Counts = {}
        for answer in told:
            for facet in answer["facet_results"].values():
                found = {row["value"]: row["count"] for row in facet["results"]}
                counts[facet["name"]] = {value: count for value, count in found.items() if count}
        return told[0]["filtered_table_rows_count"], {name: held for name, held in counts.items() if held}


class Bare(Contender):
    name = BARE

    def ask(self, asked: Asked) -> bytes:
        return self.get(f"/bare/{named(asked)}/")


def named(asked: Asked) -> str:
    return sha256(urlencode(asked).encode()).hexdigest()[:16]


@contextmanager
def serving(command: list[str], port: int, environment: dict[str, str], ready: str) -> Iterator[int]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment, **quiet)
    try:
        until_it_answers(port, process, ready)
        yield port
    finally:
        # Not asked nicely: a connection that stays open would be waited for.
        process.kill()
        process.wait()


def gunicorn(application: str, port: int) -> list[str]:
    """One process that answers one at a time, as Datasette is asked here."""
    options = ["--workers", "1", "--threads", "2", "--log-level", "critical", "--max-requests", "0"]
    return ["gunicorn", application, "--bind", f"{HOST}:{port}", *options]


def datasette(path: Path, port: int) -> list[str]:
    """With every limit of time and size out of the way, and nothing worked out that is not asked for."""
    settings = {
        "sql_time_limit_ms": 60_000, "facet_time_limit_ms": 60_000, "default_facet_size": 200,
        "max_returned_rows": 1_000, "suggest_facets": "off", "default_cache_ttl": 0, "num_sql_threads": 1,
    }  # fmt: skip
    told = [part for name, value in settings.items() for part in ("--setting", name, str(value))]
    return ["datasette", "-i", str(path), "--host", HOST, "--port", str(port), *told]


def make_site(size: int) -> None:
    """A council with these services in its index, and the words of their categories."""
    import django

    django.setup()
    from django.core.management import call_command

    from localoffer.authority import find_authority
    from search.engines.embedded import EmbeddedEngine
    from services.enums import TermKind
    from services.models import Category
    from services.models.vocabulary import VocabularyTerm
    from tests.benchmarks import corpus

    quiet = StringIO()
    call_command("migrate", verbosity=0)
    call_command("setup", name="Avonmere Council", area="Avonmere", hostname=HOST, stdout=quiet)
    call_command("load_vocabularies", stdout=quiet)
    if find_authority("Avonmere Council").pk != corpus.AUTHORITY:
        raise SystemExit("The council of a new database must be the first.")
    # The facets offer what the vocabulary has, and nothing else is in these services.
    Category.objects.all().delete()
    Category.objects.bulk_create(
        Category(key=key, label=key, section="education", order=at)
        for at, key in enumerate(corpus.CATEGORIES)
    )
    for kind, keys in ((TermKind.ACCESS_FACT, corpus.ACCESS), (TermKind.CIRCUMSTANCE, corpus.CIRCUMSTANCES)):
        known = set(VocabularyTerm.objects.filter(kind=kind).values_list("key", flat=True))
        more = [VocabularyTerm(kind=kind, key=key, label=key) for key in keys if key not in known]
        VocabularyTerm.objects.bulk_create(more)
    EmbeddedEngine().rebuild(corpus.services(size))


def make_tables(path: Path, size: int) -> None:
    """The same services for Datasette: a column of JSON for each facet, full text over the same stems."""
    import sqlite3

    from search import facets
    from tests.benchmarks import corpus
    from tests.benchmarks.contenders import stems_of

    keys = [facet.key for facet in facets.FACETS]
    columns = ", ".join(f'"{key}" TEXT' for key in keys)
    with sqlite3.connect(path) as db:
        db.execute(
            f"CREATE TABLE service (id INTEGER PRIMARY KEY, name TEXT, summary TEXT, words TEXT, {columns})"
        )
        marks = ", ".join("?" * (len(keys) + 4))
        for document in corpus.services(size):
            held = facets.read(document)
            row = [document.object_id, document.name, document.text["summary"]]
            row.append(" . ".join(stems_of(document).values()))
            row += [json.dumps(held.get(key, [])) for key in keys]
            db.execute(f"INSERT INTO service VALUES ({marks})", row)
        db.execute(
            'CREATE VIRTUAL TABLE service_fts USING fts5(words, content="service", content_rowid="id")'
        )
        db.execute("INSERT INTO service_fts(service_fts) VALUES ('rebuild')")
        db.execute("CREATE INDEX by_name ON service (name)")
        db.execute("ANALYZE")
    db.close()


def agree(ours: Ours, theirs: Datasette, folder: Path) -> None:
    """The same totals and counts on every request; keeps our bytes for the bare view."""
    checked = 0
    for kind in KINDS:
        for asked in questions(kind):
            (folder / f"{named(asked)}.html").write_bytes(ours.ask(asked))
            mine, other = ours.read(asked), theirs.read(asked)
            if mine != other:
                raise SystemExit(f"Datasette does not agree on {asked}:\n{mine}\n{other}")
            checked += 1
    say(f"{checked} answers agree on totals and counts")


Times = dict[tuple[str, str], list[list[float]]]


def measure(contenders: list[Ours | Datasette | Bare], rounds: int) -> Times:
    found: Times = {}
    for _ in range(rounds + 1):  # the first warms them up
        for kind in KINDS:
            for held in (found.setdefault((kind, one.name), []) for one in contenders):
                held.append([])
            for asked in questions(kind):
                for one in contenders:
                    found[kind, one.name][-1].append(timed(one.ask, asked))
    return {key: held[1:] for key, held in found.items()}


def timed(ask: Callable[[Asked], object], asked: Asked) -> float:
    started = time.perf_counter()
    ask(asked)
    return (time.perf_counter() - started) * 1_000


def report(found: Times, size: int) -> None:
    """Prints the table and each goal."""
    say(f"\n{size:,} services, p50 / p95 in ms over HTTP, [least and most p50 of a round]")
    middles: dict[tuple[str, str], float] = {}
    for kind in KINDS:
        cells = []
        for name in (DATASETTE, BARE, OURS):
            rounds = found[kind, name]
            took = sorted(each for held in rounds for each in held)
            middles[kind, name] = median(took)
            each = [median(held) for held in rounds]
            spread = f"[{min(each):.1f} {max(each):.1f}]"
            cells.append(f"{name} {median(took):.1f} / {took[int(len(took) * 0.95)]:.1f} {spread}")
        say(f"  {kind:<22}" + "   ".join(cells))
    for kind in KINDS:
        faster = middles[kind, DATASETTE] / middles[kind, OURS]
        goal(f"{kind}: times faster than Datasette", faster, 10, faster >= 10)
        if size == 2_500:
            slower = middles[kind, OURS] / middles[kind, BARE]
            goal(f"{kind}: times the bare view, at most", slower, 8, slower <= 8)


def goal(label: str, reached: float, wanted: float, is_met: bool) -> None:
    say(f"  {'met   ' if is_met else 'MISSED'} {label}: {reached:.1f} (goal {wanted:g})")


def run(size: int, rounds: int, port: int, page_cache_mb: int) -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as servers:
        folder = Path(name)
        environment = {
            **os.environ, "VAR_DIR": name, "BENCH_BYTES": name,
            "DATABASE_URL": f"sqlite:///{name}/db.sqlite3",
            "DJANGO_SETTINGS_MODULE": "localoffer.settings", "PAGE_CACHE_MB": str(page_cache_mb),
            "LOG_LEVEL": "ERROR",
            "DEBUG": "1", "SECRET_KEY": secrets.token_hex(32), "ALLOWED_HOSTS": HOST,
        }  # fmt: skip
        making = [sys.executable, "-m", "tests.benchmarks.bench_http", "--make", str(size)]
        subprocess.run(making, cwd=ROOT, env=environment, check=True)
        production = environment | {
            "DEBUG": "0", "HTTPS": "0", "BASE_URL": f"http://{HOST}", "EMAIL_URL": "dummymail://",
            "DEFAULT_FROM_EMAIL": "bench@example.org",
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
            cwd=ROOT, env=production, check=True, capture_output=True,
        )  # fmt: skip
        stock = production | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.stock_settings"}
        (folder / "ready.html").write_text("ready")
        start = servers.enter_context
        ours = Ours(start(serving(gunicorn("localoffer.wsgi", port), port, production, "/services/")))
        application = "tests.benchmarks.stock_wsgi"
        bare = Bare(start(serving(gunicorn(application, port + 1), port + 1, stock, "/bare/ready/")))
        tables = datasette(folder / "services.db", port + 2)
        theirs = Datasette(start(serving(tables, port + 2, environment, "/services.json")))
        agree(ours, theirs, folder)
        report(measure([theirs, bare, ours], rounds), size)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--sizes", default="2500")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--port", type=int, default=8460, help="the first of three")
    options.add_argument(
        "--page-cache-mb", type=int, default=0, help="32 as in production: pages without words are kept"
    )
    options.add_argument("--make", type=int, default=0, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.make:
        make_site(given.make)
        make_tables(Path(os.environ["VAR_DIR"]) / "services.db", given.make)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")
    import django

    django.setup()
    for size in map(int, given.sizes.split(",")):
        run(size, given.rounds, given.port, given.page_cache_mb)


if __name__ == "__main__":
    main()
