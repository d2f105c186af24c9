"""What an app tells the others without knowing them."""

from django.dispatch import Signal

# Staff found that families look for help that nobody offers. Sent with `authority: Site`, `words: str`
# (what families looked for), `searches: int` (how often it found nothing), `note: str` and `by`, the
# user. A receiver that keeps it answers with the address in the admin of what it made, or with "".
gap_found = Signal()

# Which words are on a list of gaps already? Sent with `authority: Site` and `words: list[str]`. A receiver
# that keeps such a list answers with a dict: those of the words to the address in the admin of their gap.
gaps_sought = Signal()
