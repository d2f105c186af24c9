"""Print how each requirement of the law is answered, by section and weight."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from localoffer.authority import AuthorityNotFound, find_authority
from localoffer.coverage import STATUS_WORDS, Audit, Status, audit, take_snapshot
from localoffer.coverage_tables import as_data
from localoffer.regulations import Section, Weight
from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand):
    """Exits non-zero when the statutory score is below `--fail-under`."""

    help = "Audit how far the live site answers what the law asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", help="The council's name. Default: the default site.")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--fail-under",
            type=float,
            metavar="N",
            help="Fail when under N percent of the statutory ones are met.",
        )

        parser.add_argument("--keep", action="store_true", help="Keep today's figures, for the trend.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            site = find_authority(options["authority"])
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        result = audit(site)
        if options["keep"]:
            take_snapshot(site, result)
        self.stdout.write(
            json.dumps(as_data(result), indent=1) if options["format"] == "json" else as_text(result)
        )
        floor, score = options["fail_under"], result.score(Weight.STATUTORY)
        if floor is not None and score < floor:
            raise CommandError(
                f"{score:.0f}% of the statutory requirements are met; {floor:g}% was asked for."
            )


def as_text(result: Audit) -> str:
    """A table by section, one by weight, and every requirement that is not met."""
    lines = [f"Coverage of {result.site_name} on {result.today:%-d %B %Y}", ""]
    lines += _table("Section", [(s.value, result.count(section=s)) for s in Section])
    lines += ["", *_table("Weight", [(w.value, result.count(weight=w)) for w in Weight]), ""]
    lines += [f"{w.value}: {result.score(w):.0f}% met" for w in Weight] + [""]
    for finding in result.findings:
        if finding.status is not Status.MET:
            why = "; ".join(f"{p.name}: {p.words}" for p in finding.parts if p.status is not Status.MET)
            lines.append(f"{STATUS_WORDS[finding.status]:<15} {finding.requirement.key:<32} {why}")
    return "\n".join(lines)


def _table(head: str, rows: list[tuple[str, Any]]) -> list[str]:
    columns = list(Status)
    lines = [f"{head:<15}" + "".join(f"{STATUS_WORDS[c]:>16}" for c in columns)]
    lines += [f"{name:<15}" + "".join(f"{counts[c]:>16}" for c in columns) for name, counts in rows]
    return lines
