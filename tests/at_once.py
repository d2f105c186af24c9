"""Several people at one moment: real threads, each with a connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection


def at_once(*works: Callable[[], Any], told: tuple[type[Exception], ...]) -> list[Any]:
    """What each gave, or what of `told` it was refused with; all begin together."""
    found: list[Any] = [None] * len(works)
    start = Barrier(len(works), timeout=30)

    def do(at: int) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            found[at] = works[at]()
        except told as error:
            found[at] = error
        finally:
            connection.close()

    threads = [Thread(target=do, args=(at,)) for at in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
