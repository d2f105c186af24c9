"""What imports keep of a source, and for how long: feeds name people that our own entries do not.

What a feed sent is kept whole with its entry, to show where each fact came from. When the entry is
off the site and its source has not named it for a time, what was sent goes.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from services.models import ImportKind, ImportRecord

KEPT_DAYS = 400
# A fetch that stopped goes on within a day; then it begins anew.
FEED_KEPT = timedelta(days=1)


@transaction.atomic
def forget_sent(now: datetime | None = None) -> int:
    """Forget what a source sent of entries that are no longer here; how many were forgotten.

    The record of the import stays, without values: it keeps the next import from making the entry anew.
    """
    before = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    old = ImportRecord.objects.filter(kind=ImportKind.SERVICE, batch__applied_at__lt=before)
    off_the_site = old.filter(Q(service=None) | Q(service__live=False))
    deleted = old.filter(service=None).exclude(values={})
    touched = set(off_the_site.filter(incoming__isnull=False).values_list("pk", flat=True))
    touched |= set(deleted.values_list("pk", flat=True))
    old.filter(service=None, previous__isnull=False).update(previous={})
    deleted.update(values={}, changes={})
    off_the_site.filter(incoming__isnull=False).update(incoming=None)
    return len(touched)


def forget_feeds(now: datetime | None = None) -> int:
    """Delete the files of feeds that were fetched more than a day ago; how many files."""
    oldest = ((now or timezone.now()) - FEED_KEPT).timestamp()
    folder = Path(settings.VAR_DIR) / "feeds"
    old = [file for file in folder.iterdir() if file.stat().st_mtime < oldest] if folder.is_dir() else []
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
