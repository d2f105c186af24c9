"""How well families are answered may only rise. Three files: the demonstration's, and two that were written
before anybody measured with them. No weight was chosen by the last."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.search import servers

FILES = {
    "demo": settings.BASE_DIR / "demo" / "queries.jsonl",
    "unseen": Path(__file__).parent / "data" / "families_queries.jsonl",
    "words": Path(__file__).parent / "data" / "families_words.jsonl",
}
# Engine to file to the least nDCG@10, recall@20 and share of useful answers in the first three.
FLOORS = {
    "sqlite": {"demo": (0.77, 0.685, 0.98), "unseen": (0.815, 0.8, 0.95), "words": (0.705, 0.73, 0.86)},
    "postgresql": {
        "demo": (0.745, 0.655, 0.98),
        "unseen": (0.79, 0.785, 0.95),
        "words": (0.685, 0.715, 0.86),
    },
    "elasticsearch": {"demo": (0.755, 0.675, 0.98), "unseen": (0.81, 0.8, 0.95), "words": (0.7, 0.73, 0.86)},
}


@pytest.fixture
def directory(authority):
    """The demonstration's services and synonyms, indexed."""
    call_command("load_vocabularies", verbosity=0)
    call_command("load_demo_services", verbosity=0)
    call_command("load_synonyms", verbosity=0)
    call_command("rebuild_index", verbosity=0)


def measure(capsys, engine: str, floors: dict[str, tuple[float, float, float]]) -> None:
    found = {}
    for name in floors:
        capsys.readouterr()
        call_command("search_quality", str(FILES[name]), format="json", engine=engine)
        report = json.loads(capsys.readouterr().out)
        found[name] = (report["ndcg_at_10"], report["recall_at_20"], report["useful_in_first_3"])
    low = {
        name: got
        for name, got in found.items()
        if any(reached < floor for reached, floor in zip(got, floors[name], strict=True))
    }
    assert not low, f"Below the floor: {low}, floors {floors}"


def test_quality_when_the_embedded_engine_answers_then_not_below_the_floor(directory, capsys):
    measure(capsys, "embedded", FLOORS[connection.vendor])


@pytest.mark.lucene
def test_quality_when_elasticsearch_answers_then_not_below_the_floor(directory, capsys):
    url = f"{servers.url_of('elasticsearch')}/{servers.fresh_prefix()}"
    try:
        measure(capsys, url, FLOORS["elasticsearch"])
    finally:
        servers.forget(url)
