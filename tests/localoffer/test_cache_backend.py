"""The site goes on without its shared cache, and shows nothing stale when the cache is back."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import override_settings

from localoffer import cache_backend
from localoffer.regulations import Section
from tests.factories import make_section

ROOT = Path(__file__).resolve().parent.parent.parent
KIND = "localoffer.cache_backend.SteadyRedisCache"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def cached_at(port: int) -> override_settings:
    return override_settings(CACHES={"default": {"BACKEND": KIND, "LOCATION": f"redis://127.0.0.1:{port}/0"}})


class Redis:
    """A real server of this test's own, that can be stopped, frozen and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    def start(self) -> None:
        command = [str(ROOT / "scripts/redis.sh"), "start", str(self.folder), str(self.port)]
        subprocess.run(command, check=True, capture_output=True)

    def stop(self) -> None:
        subprocess.run([str(ROOT / "scripts/redis.sh"), "stop", str(self.folder)], check=True)

    def send(self, number: int) -> None:
        os.kill(int((self.folder / "redis.pid").read_text()), number)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    if not shutil.which("redis-server"):
        reason = "Redis is not installed: scripts/redis.sh start DIR installs it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


def come_back() -> None:
    """The while is over for which a server that failed is left alone."""
    for health in cache_backend._health.values():
        health.alone_until = 0


def test_cache_when_the_server_was_never_there_then_every_call_answers_not_here():
    with cached_at(free_port()):
        cache = caches["default"]
        calls = {
            "add": cache.add("a", 1),
            "get": cache.get("a", "default"),
            "set": cache.set("a", 1),
            "touch": cache.touch("a"),
            "delete": cache.delete("a"),
            "get_many": cache.get_many(["a", "b"]),
            "has_key": cache.has_key("a"),
            "incr": cache.incr("a"),
            "set_many": cache.set_many({"a": 1}),
            "delete_many": cache.delete_many(["a"]),
            "get_or_set": cache.get_or_set("a", lambda: 7),
            "clear": cache.clear(),
        }
    assert calls == {
        "add": False, "get": "default", "set": None, "touch": False, "delete": False, "get_many": {},
        "has_key": False, "incr": 1, "set_many": ["a"], "delete_many": None, "get_or_set": 7,
        "clear": False,
    }  # fmt: skip


def test_cache_when_the_server_fails_then_it_is_asked_once_and_left_alone(caplog):
    with cached_at(free_port()):
        for _ in range(50):
            caches["default"].get("a")
    told = [record.getMessage() for record in caplog.records if record.name == cache_backend.__name__]
    assert told == ["The cache does not answer (ConnectionError). Pages are made without it."]


@pytest.mark.django_db
def test_pages_when_the_cache_is_gone_then_served_as_before(client):
    page = make_section(Section.ADVICE)
    with cached_at(free_port()):
        for address in ("/", page.get_url(), "/services/", "/services/?q=swim", "/have-your-say/"):
            assert client.get(address).status_code == 200, address


def test_cache_when_a_real_server_answers_then_it_keeps_and_forgets(redis):
    with cached_at(redis.port):
        cache = caches["default"]
        cache.set("a", {"b": [1, None]})
        assert cache.get("a") == {"b": [1, None]}
        assert cache.incr(cache.get_or_set("n", 1) and "n") == 2
        assert cache.set_many({"c": 1, "d": 2}) == []
        assert cache.get_many(["c", "d", "e"]) == {"c": 1, "d": 2}
        assert cache.delete("a")
        assert not cache.has_key("a")


def test_cache_when_a_change_was_made_while_it_was_gone_then_nothing_stale_comes_back(redis):
    """The server hangs and keeps its memory: the worst case, for a restart would have emptied it."""
    with cached_at(redis.port):
        cache = caches["default"]
        cache.set("menu", "old")
        redis.send(signal.SIGSTOP)
        cache.delete("menu")
        assert cache.get("menu") is None
        redis.send(signal.SIGCONT)
        come_back()
        assert cache.get("menu") is None
        cache.set("menu", "new")
        assert cache.get("menu") == "new"


def test_cache_when_the_server_is_started_again_then_used_again(redis):
    with cached_at(redis.port):
        cache = caches["default"]
        cache.set("a", 1)
        redis.stop()
        assert cache.get("a") is None
        redis.start()
        come_back()
        cache.set("a", 2)
        assert cache.get("a") == 2
