"""A circuit breaker: a server that fails is left alone for a while, then tried once. Pure."""

import time
from collections.abc import Callable
from threading import Lock


class Breaker:
    """Closed while all is well. After `most` failures in a row it opens: nothing is sent for
    `first_wait` seconds, twice that after the next failure, at most `longest_wait`. When the wait is
    over one caller may try; success closes it."""

    def __init__(
        self,
        *,
        most: int = 3,
        first_wait: float = 5,
        longest_wait: float = 60,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._first_wait = first_wait
        self._longest_wait = longest_wait
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._wait = 0.0
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= self._most

    def allows(self) -> bool:
        """Whether the caller may try now. With the breaker open, one caller after each wait."""
        with self._lock:
            if not self.is_open:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + self._wait
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._wait = 0, 0.0

    def failed(self) -> bool:
        """Count a failure; whether it opened the breaker just now."""
        with self._lock:
            was_open = self.is_open
            self._failures += 1
            if not self.is_open:
                return False
            self._wait = min(self._wait * 2 or self._first_wait, self._longest_wait)
            self._until = self._clock() + self._wait
            return not was_open
