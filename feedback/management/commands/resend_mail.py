"""Send again mail about comments that could not be sent."""

from typing import Any

from feedback.resending import resend
from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand):
    """Run it every ten minutes: a mail that tells of harm must not wait for a person to notice."""

    help = "Try again the mail about comments that could not be sent in the last seven days."

    def handle(self, *args: Any, **options: Any) -> None:
        done = resend()
        self.stdout.write(f"Mail about comments: {done.sent} sent now, {done.waiting} still waiting.")
