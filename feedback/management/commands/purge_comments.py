"""Delete contact details and original words that have been kept as long as the settings say."""

from typing import Any

from wagtail.models import Site

from feedback.privacy import purge
from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand):
    """Run it daily. Each authority's own settings count; what is public stays."""

    help = "Delete contact details and originals of comments that were kept long enough."

    def handle(self, *args: Any, **options: Any) -> None:
        for authority in Site.objects.order_by("pk"):
            gone = purge(authority=authority)
            name = authority.site_name or authority.hostname
            self.stdout.write(f"{name}: {gone.contacts} contacts and {gone.originals} originals deleted.")
