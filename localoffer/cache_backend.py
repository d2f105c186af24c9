"""Redis as the shared cache, and a site that goes on where Redis does not.

Nothing that matters lives in the cache: without it every page is made afresh. So a server that is gone,
slow or full costs one short wait, is then left alone for a while, and is never an error to a reader.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
T = TypeVar("T")
LONGEST_WAIT = 0.5  # seconds for one answer
LEFT_ALONE = 5.0  # seconds after a failure


@dataclass(slots=True)
class _Health:
    """Of one server, as this process sees it. `lost`: something could not be written or forgotten."""

    alone_until: float = 0.0
    lost: bool = False


_health: dict[str, _Health] = defaultdict(_Health)


class SteadyRedisCache(RedisCache):
    """Answers "not here" while the server is gone. When it is back, whatever a lost write may have left
    stale goes first: the cache is emptied once. Give it a database of its own."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": LONGEST_WAIT,
            "socket_connect_timeout": LONGEST_WAIT,
            # A pooled connection to a server that was started again is replaced at once.
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, {**params, "OPTIONS": {**options, **params.get("OPTIONS", {})}})
        self._health = _health[server]

    def _asked(self, ask: Callable[[], T], missing: T, *, writes: bool = False) -> T:
        health = self._health
        if time.monotonic() < health.alone_until:
            health.lost |= writes
            return missing
        try:
            if health.lost:
                super().clear()
                health.lost = False
            return ask()
        except (RedisError, OSError) as error:
            health.alone_until = time.monotonic() + LEFT_ALONE
            health.lost |= writes
            logger.warning("The cache does not answer (%s). Pages are made without it.", type(error).__name__)
            return missing

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return self._asked(lambda: super(SteadyRedisCache, self).add(key, value, *args, **kwargs), False)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._asked(lambda: super(SteadyRedisCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._asked(lambda: super(SteadyRedisCache, self).set(key, value, *args, **kwargs), None, writes=True)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        return self._asked(lambda: super(SteadyRedisCache, self).touch(key, *args, **kwargs), False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._asked(lambda: super(SteadyRedisCache, self).delete(key, version), False, writes=True)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._asked(lambda: super(SteadyRedisCache, self).get_many(keys, version), {})

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._asked(lambda: super(SteadyRedisCache, self).has_key(key, version), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Where nobody answers, the count starts here: callers count for a moment, not for the record."""
        return self._asked(
            lambda: super(SteadyRedisCache, self).incr(key, delta, version), delta, writes=True
        )

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return self._asked(
            lambda: super(SteadyRedisCache, self).set_many(data, *args, **kwargs), [*data], writes=True
        )

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        wanted = list(keys)
        self._asked(lambda: super(SteadyRedisCache, self).delete_many(wanted, version), None, writes=True)

    def clear(self) -> bool:
        return self._asked(lambda: super(SteadyRedisCache, self).clear(), False, writes=True)
