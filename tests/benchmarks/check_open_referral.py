"""Does every answer of the API hold to the standard over a whole national list of schools?

    python -m tests.benchmarks.check_open_referral SCHOOLS.csv

Imports the list into a database of its own in memory, walks every page of both lists with all that
hangs on each row, and checks each row against the standard's schemata, formats too. The suite does
the same over the demonstration and a few schools. Exits 1 when anything is found.
"""

import sys
import time
from pathlib import Path

import django
from django.test.runner import DiscoverRunner


def main() -> int:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.stderr.write("Give the file of a national list of schools.\n")
        return 2
    django.setup()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        return check(Path(sys.argv[1]))
    finally:
        runner.teardown_databases(old)


def check(path: Path) -> int:
    from django.test import Client

    from services.importers.applying import apply_plan
    from services.importers.gias import GiasImporter
    from services.importers.planning import make_plan
    from services.vocabulary import load
    from tests.factories import make_authority
    from tests.services.oruk.conformance import faults

    load()
    council = make_authority()
    apply_plan(plan=make_plan(importer=GiasImporter(), path=path, authority=council))
    client, wrong = Client(), 0
    for name, schema in (("services", "service"), ("service_at_locations", "service_at_location")):
        rows, began, number, asking = 0, time.perf_counter(), 1, 0.0
        while number:
            asked = time.perf_counter()
            body = client.get(f"/open-referral/{name}?full=true&per_page=100&page={number}").json()
            asking += time.perf_counter() - asked
            for row in body["contents"]:
                rows += 1
                found = faults(schema, row)
                wrong += bool(found)
                for fault in found[:3]:
                    sys.stdout.write(f"{row['id']} {row['name']}: {fault}\n")
            number = 0 if body["last_page"] else number + 1
        took = time.perf_counter() - began
        sys.stdout.write(
            f"{name}: {rows:,} rows checked in {took:.0f} s, {asking:.0f} s of it to answer; {wrong} wrong\n"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
