"""Measure search with families' queries and graded answers."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict
from elastic_transport import TransportError
from elasticsearch import ApiError

from localoffer.authority import AuthorityNotFound, find_authority
from search import engines, facets, quality
from search.engines.base import SearchEngine
from search.engines.elasticsearch import ElasticsearchEngine, told
from search.engines.embedded import EmbeddedEngine
from search.engines.server import connect
from search.finder import ask
from search.models import IndexState
from search.request import SearchRequest
from search.synonyms import thesaurus
from services.models import Service

# Names of filters in query files that are not parameters of the page.
RENAMED = {"within_miles": "within"}

# Seconds that a server has for one query: its ranking is measured, not its speed.
PATIENCE = 30
DEFAULT = settings.BASE_DIR / "demo" / "queries.jsonl"


class Command(BaseCommand):
    help = "Report nDCG@10, recall@20 and useful answers in the first three, for a file of graded queries."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--engine",
            help="Which engine answers: embedded, or the address of a search server. Default: SEARCH_URL.",
        )
        parser.add_argument("--authority", help="Whose families ask. Default: the default site.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            authority = find_authority(options["authority"]).pk
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        queries = read(file)
        if not queries:
            raise CommandError(f"{file} has no queries.")
        name = options["engine"] or engines.scheme()
        engine = engine_named(name)
        names = dict(Service.objects.exclude(external_id="").values_list("pk", "external_id"))
        state = IndexState.read()
        engine.catch_up(state)
        with engines.instead(engine):
            scores = [measure(query, authority, names, state.synonyms) for query in queries]
        instead = getattr(engine, "fallbacks", 0)
        if instead:
            raise CommandError(f"The search server answered {len(scores) - instead} of {len(scores)} only.")
        self.report(scores, options["format"], urlsplit(name).scheme or name)

    def report(self, scores: list[quality.Score], form: str, engine: str) -> None:
        means = quality.means(scores)
        if form == "json":
            rows = [{"id": s.id, "q": s.query, "ndcg": round(s.ndcg, 4), "found": s.found} for s in scores]
            rounded = {name: round(value, 4) for name, value in means.items()}
            self.stdout.write(json.dumps({"engine": engine, **rounded, "queries": rows}, indent=1))
            return
        for s in scores:
            useful = "yes" if s.useful else "no "
            self.stdout.write(f"{s.ndcg:.2f}  {s.recall:.2f}  {useful}  {s.found:5}  {s.query}")
        self.stdout.write(
            f"{len(scores)} queries on {engine}: nDCG@10 {means['ndcg_at_10']:.3f}, "
            f"recall@20 {means['recall_at_20']:.3f}, "
            f"useful in the first three {means['useful_in_first_3']:.0%}"
        )


def engine_named(name: str) -> SearchEngine:
    """An engine to measure. A server has time to answer, and its index is brought up to date first."""
    if name == "embedded":
        return EmbeddedEngine()
    url = settings.SEARCH_URL if name == engines.scheme() else name
    if urlsplit(url).scheme not in engines.ENGINES:
        raise CommandError(f"“{name}” is no engine. Give embedded, or an address as SEARCH_URL has it.")
    server = ElasticsearchEngine(connect(url, deadline=PATIENCE))
    try:
        server.follower.catch_up()
    except (ApiError, TransportError) as error:
        raise CommandError(f"The search server does not answer: {told(error)}.") from error
    return server


def read(file: Path) -> list[dict[str, Any]]:
    """Queries of a JSON Lines file; CommandError with the line for one that is not right."""
    queries = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            query = json.loads(line)
            queries.append({"id": query["id"], "q": query["q"], "filters": dict(query.get("filters") or {}),
                            "relevant": {str(k): int(v) for k, v in query["relevant"].items()}})  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(f"{file}, line {number}: {error!r}") from error
    return queries


def measure(query: dict[str, Any], authority: int, names: dict[int, str], synonyms: int) -> quality.Score:
    """Ask as the page would, filters and all, and grade the first page."""
    data = QueryDict(mutable=True)
    data["q"] = query["q"]
    for name, value in query["filters"].items():
        values = value if isinstance(value, list) else [value]
        data.setlist(RENAMED.get(name, name), [str(v) for v in values])
    asked = SearchRequest.parse(data, facets.values(facets.offered()))
    answer, _, _ = ask(asked, authority=authority, known=thesaurus(synonyms))
    answers = [names.get(found.object_id, "") for found in (*answer.found, *answer.related)]
    return quality.score(query["id"], query["q"], answers, query["relevant"], answer.total)
