"""Our engine beside strong opponents on the same made-up services, in milliseconds.

    .venv/bin/python -m tests.benchmarks.bench_engines [--sizes 2500,25000,300000] [--rounds 5]

Every request gives the counts of all facets and the first 20 cards. All contenders must agree on totals,
counts and (where they claim one) order before anything is measured; then each request is put to all of them
in turn. tantivy is an opponent for words only; Wagtail's own `.facet()` counts four facets, without filters
(`wagtail_facets` says why). It works in a database of its own, thrown away at the end.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]
Times = dict[tuple[int, str, str], list[list[float]]]
# Peak memory from the kernel's own account: what getrusage says of a child counts its parent's.
TELL = """
import time
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(time.process_time(), int(peak) / 1024)
"""
# A worker as gunicorn starts it, with its first answer.
WARM = f"""
from localoffer import wsgi
from search import engines
from search.engines.base import Question
from search.models import IndexState
engine = engines.current()
engine.catch_up(IndexState.read())
assert engine.search(Question(1)).total
{TELL}
"""
# Django and Wagtail as they come: what no site built on them can go below.
BARE = f"""
from django.conf import settings
from localoffer.settings import INSTALLED_APPS
OURS = ("localoffer", "services", "search", "feedback")
settings.configure(
    SECRET_KEY="bare", INSTALLED_APPS=[app for app in INSTALLED_APPS if app not in OURS],
    DATABASES={{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}},
    WAGTAIL_SITE_NAME="bare", WAGTAILADMIN_BASE_URL="http://localhost", STATIC_URL="/static/",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
import django
django.setup()
import wagtail.urls, wagtail.admin.urls
{TELL}
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="2500,25000")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    times: Times = {}
    saved = {size: _in_own_database(size, given.rounds, times) for size in sizes}
    _report(times, sizes)
    _goals(times, sizes, saved)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _in_own_database(size: int, rounds: int, times: Times) -> tuple[float, float, float]:
    """Measure one size in a fresh process state: seconds to save one, seconds and MB of a warm worker."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"], os.environ["DATABASE_URL"] = folder, f"sqlite:///{folder}/db.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "localoffer.settings"
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        settings.DATABASES["default"]["NAME"] = f"{folder}/db.sqlite3"
        connections.close_all()
        connections["default"].settings_dict["NAME"] = f"{folder}/db.sqlite3"
        call_command("migrate", verbosity=0)
        result = _measure(size, rounds, times, folder)
        connections.close_all()
        return result


def _measure(size: int, rounds: int, times: Times, folder: str) -> tuple[float, float, float]:
    from search.engines.embedded import EmbeddedEngine
    from search.models import IndexState
    from tests.benchmarks import contenders, corpus, wagtail_facets

    engine = EmbeddedEngine()
    started = time.perf_counter()
    engine.rebuild(corpus.services(size))
    say(f"\n{size:,} services, indexed by ours in {time.perf_counter() - started:.1f} s")
    engine.catch_up(IndexState.read())
    others: list[Any] = [
        contenders.Floor(f"{folder}/floor", corpus.services(size)),
        contenders.TunedSql(f"{folder}/sql", corpus.services(size)),
    ]
    try:
        others.append(contenders.Tantivy(f"{folder}/tantivy", corpus.services(size)))
    except ImportError:
        say("tantivy is not installed: pip install -r requirements-bench.txt")
    if size <= wagtail_facets.MOST:
        others.append(wagtail_facets.WagtailFacets(corpus.services(size)))
    _agree(engine, others)
    _run(engine, others, rounds, times, size)
    saving = _save(engine, size)
    seconds, megabytes = _process(WARM)
    bare, bare_megabytes = _process(BARE)
    say(f"a bare Django and Wagtail: {bare:.2f} s of a core, {bare_megabytes:.0f} MB")
    return saving, seconds, megabytes


def _process(code: str) -> tuple[float, float]:
    """(seconds of a core, peak MB) of a new process, the middle of three."""
    told = []
    for _ in range(3):
        command = [sys.executable, "-c", code]
        ran = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        told.append(tuple(map(float, ran.stdout.split()[-2:])))
    return median(one[0] for one in told), median(one[1] for one in told)


def _agree(engine: Any, others: list[Any]) -> None:
    """Every contender, every request: the same totals, counts and claimed order, or nothing is measured."""
    from tests.benchmarks.questions import KINDS, questions

    checked = 0
    for kind in KINDS:
        for question in questions(kind):
            answer = engine.search(question)
            counts = {facet: values for facet, values in answer.counts.items() if values}
            for other in others:
                reply = other.search(question)
                if reply is None:
                    continue
                claimed = getattr(other, "counted", counts.keys())
                ours = {facet: values for facet, values in counts.items() if facet in claimed}
                same = {facet: values for facet, values in reply.counts.items() if values} == ours
                if reply.total != answer.total or not same:
                    raise SystemExit(f"{other.name} does not agree on {kind}: {question}")
                if reply.order is not None and reply.order != [one.object_id for one in answer.found]:
                    raise SystemExit(f"{other.name} gives another order on {kind}: {question}")
                checked += 1
    say(f"{checked} answers agree on totals, counts and claimed order")


def _run(engine: Any, others: list[Any], rounds: int, times: Times, size: int) -> None:
    from tests.benchmarks.questions import KINDS, questions

    asked: list[tuple[str, Callable[[Any], Any]]] = [("ours", engine.search)]
    asked += [(other.name, other.search) for other in others]
    for _ in range(rounds):
        for kind in KINDS:
            for question in questions(kind):
                for name, search in asked:
                    started = time.perf_counter()
                    reply = search(question)
                    took = (time.perf_counter() - started) * 1_000
                    if reply is not None:
                        times.setdefault((size, kind, name), [[]])[-1].append(took)
        for held in times.values():
            held.append([])


def _save(engine: Any, size: int) -> float:
    """Milliseconds until one changed service is searchable, the middle of eleven."""
    from search.models import IndexState
    from tests.benchmarks import corpus

    (document,) = corpus.services(1)
    took = []
    for _ in range(11):
        started = time.perf_counter()
        engine.write([document])
        engine.catch_up(IndexState.read())
        took.append((time.perf_counter() - started) * 1_000)
    return median(took)


def _all(times: Times, key: tuple[int, str, str]) -> list[float]:
    return sorted(took for held in times.get(key, []) for took in held)


def p50(times: Times, size: int, kind: str, name: str) -> float:
    took = _all(times, (size, kind, name))
    return took[len(took) // 2] if took else float("nan")


def _report(times: Times, sizes: list[int]) -> None:
    from tests.benchmarks.questions import KINDS

    names = ["tantivy", "tuned SQL", "floor", "Wagtail", "ours"]
    for size in sizes:
        say(f"\n{size:,} services, p50 / p95 in ms, [least and most p50 of a round]")
        say("  (Wagtail counts 4 of the 13 facets, without filters; above 2,500 services it is left out)")
        for kind in KINDS:
            cells = []
            for name in names:
                took = _all(times, (size, kind, name))
                if not took:
                    continue
                middles = [median(held) for held in times[(size, kind, name)] if held]
                tail = took[int(len(took) * 0.95)]
                spread = f"[{min(middles):.2f} {max(middles):.2f}]"
                cells.append(f"{name} {took[len(took) // 2]:.2f} / {tail:.2f} {spread}")
            say(f"  {kind:<20}" + "   ".join(cells))


def _goals(times: Times, sizes: list[int], saved: dict[int, tuple[float, float, float]]) -> None:
    """Each goal with what was reached; a miss is named."""

    def goal(label: str, reached: float, wanted: float) -> None:
        met = "met   " if reached <= wanted else "MISSED"
        say(f"  {met} {label}: {reached:.2f} (goal {wanted:g} at most)")

    say("\nGoals")
    for size in sizes:
        ratio = p50(times, size, "full", "ours") / p50(times, size, "full", "floor")
        goal(f"full beside the floor at {size:,}", ratio, 3)
    if 25_000 in sizes:
        ours = p50(times, 25_000, "full", "ours")
        goal("full beside tuned SQL at 25,000", ours / p50(times, 25_000, "full", "tuned SQL"), 1 / 3)
        ratio = p50(times, 25_000, "words", "ours") / p50(times, 25_000, "words", "tantivy")
        goal("words beside tantivy at 25,000", ratio, 3)
        goal("seconds of a core until a worker is warm at 25,000", saved[25_000][1], 2)
        goal("MB of a worker at 25,000", saved[25_000][2], 250)
    first, last = sizes[0], sizes[-1]
    if first != last:
        grown = {
            kind: p50(times, last, kind, "ours") / p50(times, first, kind, "ours")
            for kind in ("full", "empty page")
        }
        goal(f"full grown from {first:,} to {last:,}", grown["full"], 6)
        goal(f"empty page grown from {first:,} to {last:,}", grown["empty page"], 2)
        goal(f"saving one at {last:,} beside {first:,}", saved[last][0] / saved[first][0], 2)
    for size, (saving, seconds, megabytes) in saved.items():
        worker = f"a worker warm in {seconds:.2f} s and {megabytes:.0f} MB"
        say(f"  {size:,}: one saved in {saving:.1f} ms; {worker}")


if __name__ == "__main__":
    main()
