"""Work that must not show in how long an answer takes: done by a thread, once the answer has gone.

For what nobody waits for and nothing is lost by: a server that is stopped in the meantime forgets it, and
whoever asked asks again. What must not be lost is written down first (`feedback.resending`).
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, local

from django.core.signals import request_finished
from django.db import connections

logger = logging.getLogger(__name__)
Work = Callable[[], None]
# Pieces of work of one process that may wait. Anybody can ask for more of them than a mail server takes.
MOST_WAITING = 100


class _Asked(local):
    """What the request that this thread answers asked for."""

    def __init__(self) -> None:
        self.works: list[Work] = []


_asked = _Asked()
_room = BoundedSemaphore(MOST_WAITING)
_thread = ThreadPoolExecutor(1, "after-answer")


def do_later(work: Work) -> None:
    """Do it when this request's answer has gone."""
    _asked.works.append(work)


def _begin(**kwargs: object) -> None:
    works, _asked.works = _asked.works, []
    for work in works:
        if _room.acquire(blocking=False):
            _thread.submit(_do, work)
        else:
            logger.error("Work was left out: too much of it waits.")


def _do(work: Work) -> None:
    try:
        work()
    except Exception as error:  # nobody is there to be told
        logger.error("Work after an answer failed: %s.", type(error).__name__)
    finally:
        connections.close_all()
        _room.release()


def listen() -> None:
    """Called once, when the app is ready."""
    request_finished.connect(_begin, dispatch_uid="localoffer.after_answer")
