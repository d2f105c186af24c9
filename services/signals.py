"""What the directory tells the apps above it, after commit."""

from django.dispatch import Signal

# Sent with `ids: list[int]` after many services were written at once (an import, a bulk edit),
# so that search can catch up. Single saves are told by Wagtail's published and unpublished signals.
services_changed = Signal()
