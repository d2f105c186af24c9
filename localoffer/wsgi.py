"""The entry point for gunicorn: a worker is warm before it takes its first request.

Python looks for rubbish again and again while a thousand modules are read, and finds none: that is left out,
which saves a tenth of the start, and what was read is not looked at again.
"""

import gc
import logging
import os

from django.core.wsgi import get_wsgi_application

from localoffer.middleware import reads_utf_8

logger = logging.getLogger(__name__)


def warm() -> None:
    """Let each app make ready what its first request would wait for. What fails is tried again then."""
    from django.urls import get_resolver
    from wagtail import hooks

    _ = get_resolver().url_patterns
    for make_ready in hooks.get_hooks("localoffer_worker_starts"):
        try:
            make_ready()
        except Exception:
            logger.exception("A worker starts without being warm.")


gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")
application = reads_utf_8(get_wsgi_application())
warm()
gc.freeze()
gc.enable()
