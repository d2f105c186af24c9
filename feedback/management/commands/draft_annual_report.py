"""Draft the yearly report of an authority from its log, or say when the next one is due."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from feedback import annual
from feedback.annual_period import ReportPeriod
from feedback.gate import Refused
from localoffer.authority import AuthorityNotFound, find_authority
from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand):
    """Nothing is published: the draft waits for words, and for the approval of others."""

    help = "Draft the yearly report (regulation 56) as a page, counted from the log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", help="The council's name. Default: the default site.")
        parser.add_argument("--period", help="A school year such as 2025-2026. Default: the last whole one.")
        parser.add_argument("--from", dest="start", type=date.fromisoformat, help="First day, 2026-01-01.")
        parser.add_argument("--to", dest="end", type=date.fromisoformat, help="Last day.")
        parser.add_argument(
            "--due",
            action="store_true",
            help="Draft nothing. Say when the next one is due; exit 1 when it is overdue.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            authority = find_authority(options["authority"])
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        if options["due"]:
            due = annual.due(authority)
            if due.state in ("overdue", "never"):
                raise CommandError(due.words)
            self.stdout.write(due.words)
            return
        try:
            page = annual.draft_report(authority=authority, period=self.period(options))
        except (Refused, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Drafted “{page.title}”: {page.data['received']} comments.")
        self.stdout.write(
            f"Edit it and submit it for approval: {authority.root_url}/admin/pages/{page.pk}/edit/"
        )

    def period(self, options: dict[str, Any]) -> ReportPeriod:
        """What the options say. Raises ValueError in words."""
        start, end = options["start"], options["end"]
        if bool(start) != bool(end):
            raise ValueError("Give both --from and --to, or neither.")
        if start and end:
            if end < start:
                raise ValueError("--to must be after --from.")
            return ReportPeriod(start, end)
        if options["period"]:
            return ReportPeriod.parse(options["period"])
        return ReportPeriod.latest_whole(timezone.localdate())
