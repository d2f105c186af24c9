"""Ask providers and officers to check entries that are due."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from wagtail.models import Site

from localoffer.authority import AuthorityNotFound, find_authority
from localoffer.scheduled import ScheduledCommand
from services import reminders
from services.review_links import forget_old


class Command(ScheduledCommand):
    """Run it once a day. Repeating it sends nothing twice."""

    help = "Ask for checks of services that are due: the provider, then the officer, then the policy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", metavar="NAME", help="Default: every authority.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")
        parser.add_argument(
            "--limit", type=int, default=reminders.MOST_MAILS, help="Most emails in one run (default 500)."
        )
        parser.add_argument(
            "--resend-unsure",
            action="store_true",
            help="Send again what a run that stopped may or may not have sent. Some may come twice.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] < 1:
            raise CommandError("--limit is 1 or more.")
        try:
            name = options["authority"]
            sites = [find_authority(name)] if name else list(Site.objects.order_by("pk"))
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        failed = sum(self.run_for(site, options) for site in sites)
        if not options["dry_run"]:
            forget_old()
        if failed:
            raise CommandError(f"{failed} emails could not be sent. The next run tries again.")

    def run_for(self, site: Site, options: dict[str, Any]) -> int:
        if options["resend_unsure"] and not options["dry_run"]:
            reminders.send_unsure_again(site)
        run = reminders.send_reminders(authority=site, dry_run=options["dry_run"], limit=options["limit"])
        would = "would be " if run.dry else ""
        lines = [
            (run.mails, f"emails to providers {would}sent, about {run.asked} entries"),
            (run.officer_mails, f"emails to officers {would}sent, about {run.told} entries"),
            (run.flagged, f"late entries {would}flagged"),
            (run.hidden, f"late entries {would}taken off the site"),
            (run.nowhere, "entries whose provider gave no address"),
            (run.unsure, "emails that may not have gone: a person should look"),
            (run.left, "entries left for the next run"),
        ]
        self.stdout.write(f"{site.site_name or site.hostname}:")
        for number, words in lines:
            if number:
                self.stdout.write(f"  {number} {words}")
        if not any(number for number, _ in lines) and not run.failed:
            self.stdout.write("  Nothing is due.")
        return run.failed
