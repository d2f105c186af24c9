"""What an app tells the others without knowing them."""

from django.dispatch import Signal

# Staff found that families look for help that nobody offers. Sent with `authority: Site`, `words: str`
# (what families looked for), `searches: int` (how often it found nothing), `note: str` and `by`, the
# user. A receiver that keeps it answers with the address in the admin of what it made, or with "".
gap_found = Signal()
