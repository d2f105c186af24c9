"""How long the results page takes over the services that are loaded, in milliseconds.

    make demo, import some schools, then: .venv/bin/python -m tests.benchmarks.bench_search [--rounds 100]

In-process (Django's test client, the whole request) on the database that the settings name.
"""

import argparse
import os
import sys
import time
from typing import Any

REQUESTS = {
    "words, filters, distance": "q=autism&age=7&postcode=BS5&within=5&need=ASD&sort=distance",
    "words": "q=autism",
    "browse by filters": "section=education&level=specialist&age=7",
    "empty page": "",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=100)
    rounds = max(20, options.parse_args().rounds)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")
    import django

    django.setup()
    from django.test import Client

    from search import index

    client = Client(SERVER_NAME="127.0.0.1")
    sys.stdout.write(f"{index.how_many():,} services, {rounds} rounds\n")
    for name, query in REQUESTS.items():
        took = sorted([_time(client, query) for _ in range(rounds + 10)][10:])  # the first ten warm it up
        p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
        sys.stdout.write(f"{name:<28} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms\n")


def _time(client: Any, query: str) -> float:
    started = time.perf_counter()
    response = client.get(f"/services/?{query}")
    if response.status_code != 200:
        raise RuntimeError(f"/services/?{query} answered {response.status_code}")
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
