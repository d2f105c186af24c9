"""Print how each requirement of the law is answered, by section and weight."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from localoffer.authority import AuthorityNotFound, find_authority
from localoffer.coverage import STATUS_WORDS, Audit, Status, audit
from localoffer.regulations import Section, Weight


class Command(BaseCommand):
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

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = audit(find_authority(options["authority"]))
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_json(result) if options["format"] == "json" else as_text(result))
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


def as_json(result: Audit) -> str:
    """Every requirement's key, section, weight, status and evidence."""
    rows = [
        {
            "key": f.requirement.key,
            "section": f.requirement.section.value,
            "weight": f.requirement.weight.value,
            "reference": f.requirement.public_reference,
            "status": f.status.value,
            "evidence": [{"part": p.name, "status": p.status.value, "words": p.words} for p in f.parts],
            "pages": [page.url for page in f.pages],
        }
        for f in result.findings
    ]
    scores = {weight.value: round(result.score(weight), 1) for weight in Weight}
    return json.dumps(
        {
            "authority": result.site_name,
            "date": result.today.isoformat(),
            "score": scores,
            "requirements": rows,
        },
        indent=1,
    )
