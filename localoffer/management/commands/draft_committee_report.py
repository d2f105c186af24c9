"""Draft the next report for an audience, for a person to mend and publish."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from localoffer.authority import AuthorityNotFound, find_authority
from localoffer.committee_reports import draft
from localoffer.models import Audience
from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand):
    """With no audience: one draft for each whose report is due and has no draft since the last."""

    help = "Draft the reports that are due to committees. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--authority", metavar="NAME", help="The council's name. Default: the default site."
        )
        parser.add_argument("--audience", metavar="NAME", help="Draft for this audience, due or not.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            site = find_authority(options["authority"])
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        audiences = Audience.objects.filter(authority=site)
        if options["audience"]:
            audiences = audiences.filter(name__iexact=options["audience"])
            if not audiences:
                raise CommandError(f"There is no audience called “{options['audience']}”.")
        for audience in audiences:
            if not options["audience"] and (not audience.is_overdue or audience.has_draft):
                continue
            self.stdout.write(f"Drafted: {draft(audience=audience).title}")
