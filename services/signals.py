"""What the directory tells the apps above it, after commit."""

from django.dispatch import Signal

# Sent with `ids: list[int]` after many services were written at once (an import, a bulk edit),
# so that search can catch up. Single saves are told by Wagtail's published and unpublished signals.
services_changed = Signal()

# Sent with `kept: int` and `other: int`, inside the transaction that made one entry of two, so that
# whatever hangs on the one that goes moves to the one that stays, or nothing is merged.
services_merged = Signal()
