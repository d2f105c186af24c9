"""How many pages a second this site serves, beside a bare Django view and a stock Wagtail page.

    python -m tests.benchmarks.bench_pages [--rounds 5] [--seconds 3] [--port 8430] [--var DIR]

Each runs under gunicorn with 2 workers on this machine, with the demonstration's pages. `bare` answers
with our page's own bytes. `stock` shows the same page with Wagtail's own template tags and no cache. `drawn`
is ours with no whole page kept (PAGE_CACHE_MB=0): its fragments are. `kept` is ours as it comes. In each
round all four are asked, one after the other, so that a busy machine is as unfair to one as to the next: read
the ratios. Needs Linux and `wrk` (Debian's package of that name). DIR holds a demonstration that is loaded
already.

The connections are kept open, and each stays with the worker that took it: in about half of all runs one
worker takes them all and the other idles, which halves the figure. Such a run says nothing of the page: it is
left out and made again, for all four alike, and how many were is told.
"""

import argparse
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.drills.comments_under_faults import ROOT, until_it_answers

HOST = "127.0.0.1"
PAGES = {"section": "/transport/", "large section": "/education/", "guidance": "/contact/", "front page": "/"}
STOCK, DRAWN, KEPT, BARE = "stock", "drawn", "kept", "bare"
GOALS = (("drawn", "stock", 5.0), ("kept", "bare", 0.5))
UNEVEN = 1.5  # times as much processor time of one worker as of the other
ATTEMPTS = 30
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_ERRORS = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Server:
    port: int
    process: int

    def worked(self) -> list[int]:
        """Processor time of each worker until now, in clock ticks."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        stats = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children]
        return [int(fields[11]) + int(fields[12]) for fields in stats]  # of the user, of the system


@contextmanager
def server(port: int, environment: dict[str, str], application: str, ready: str) -> Iterator[Server]:
    """gunicorn as `make serve` starts it, until the block ends."""
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}", "--workers", "2",
        "--log-level", "critical", "--max-requests", "0",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        until_it_answers(port, process, ready)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def fetch(port: int, path: str) -> bytes:
    connection = HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise SystemExit(f"{path} answered {response.status}.")
    return body


def rate(asked: Server, path: str, seconds: int) -> tuple[float, int]:
    """Requests a second of both workers, and how many runs were left out before: those that one worker
    served alone. Stops the benchmark where a request failed."""
    command = ["wrk", "-t", "1", "-c", "4", "-d", f"{seconds}s", f"http://{HOST}:{asked.port}{path}"]
    for left_out in range(ATTEMPTS):
        before = asked.worked()
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        shares = [now - then for now, then in zip(asked.worked(), before, strict=True)]
        found = _RATE.search(out)
        if _ERRORS.search(out) or not found:
            raise SystemExit(f"{path} failed under load:\n{out}")
        if max(shares) < UNEVEN * min(shares):
            return float(found[1]), left_out
    raise SystemExit(f"{path}: the workers never shared the connections in {ATTEMPTS} runs.")


def prepare(folder: str, given: str) -> dict[str, str]:
    """The settings of production over the demonstration, loaded where it is not there."""
    environment = {
        **os.environ,
        "LOG_LEVEL": "ERROR",
        "VAR_DIR": given or folder,
        "BENCH_BYTES": folder,
        "DJANGO_SETTINGS_MODULE": "localoffer.settings",
        "EMAIL_URL": "dummymail://",
    }
    commands = [["migrate", "-v", "0"]] if given else [["demo"]]
    production = {
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": secrets.token_hex(32),
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"http://{HOST}",
        "DEFAULT_FROM_EMAIL": "bench@example.org",
    }
    for command in commands:
        run = [sys.executable, "manage.py", *command]
        subprocess.run(run, cwd=ROOT, env=environment, check=True, capture_output=True)
    environment |= production
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"],
        cwd=ROOT, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    return environment


def measure(servers: dict[str, Server], rounds: int, seconds: int) -> dict[str, dict[str, list[float]]]:
    """Page → contender → its rate in each round."""
    found: dict[str, dict[str, list[float]]] = {}
    left_out = dict.fromkeys(servers, 0)
    for name, path in PAGES.items():
        rates = found[name] = {contender: [] for contender in (STOCK, DRAWN, KEPT, BARE)}
        paths = {BARE: f"/bare/{_slug(name)}/"}
        for contender in rates:
            for _ in range(6):  # both workers are warm
                fetch(servers[contender].port, paths.get(contender, path))
        for _ in range(rounds):
            for contender, times in rates.items():
                one, uneven = rate(servers[contender], paths.get(contender, path), seconds)
                times.append(one)
                left_out[contender] += uneven
    say("runs left out, served by one worker alone: " + ", ".join(f"{c} {n}" for c, n in left_out.items()))
    return found


def _slug(name: str) -> str:
    return name.replace(" ", "-")


def ratios(rates: dict[str, list[float]], one: str, other: str) -> list[float]:
    """Of each round."""
    return sorted(a / b for a, b in zip(rates[one], rates[other], strict=True))


def report(found: dict[str, dict[str, list[float]]], sizes: dict[str, int]) -> bool:
    """Prints the tables; whether every goal was reached by the middle of the rounds."""
    say(
        f"{'requests a second, median':32}{'bytes':>8}"
        + "".join(f"{c:>9}" for c in (STOCK, DRAWN, KEPT, BARE))
    )
    for name, rates in found.items():
        middle = "".join(f"{statistics.median(rates[c]):9.0f}" for c in (STOCK, DRAWN, KEPT, BARE))
        say(f"{name:32}{sizes[name]:>8}{middle}")
    reached = True
    for one, other, goal in GOALS:
        say(f"\n{one} over {other}: median (least to most) of {len(next(iter(found.values()))[one])} rounds")
        for name, rates in found.items():
            each = ratios(rates, one, other)
            good = statistics.median(each) >= goal
            reached &= good
            spread = f"{statistics.median(each):6.2f} ({each[0]:.2f} to {each[-1]:.2f})"
            say(f"{name:32}{spread}  goal {goal:g}: {'reached' if good else 'MISSED'}")
    return reached


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--port", type=int, default=8430, help="the first of three")
    parser.add_argument("--var", default="", help="a VAR_DIR whose demonstration is loaded already")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not here. On Debian: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        environment = prepare(folder, options.var)
        port = options.port
        ours, stock = "localoffer.wsgi", "tests.benchmarks.stock_wsgi"
        kept = servers.enter_context(server(port, environment, ours, "/"))
        drawn = servers.enter_context(server(port + 1, {**environment, "PAGE_CACHE_MB": "0"}, ours, "/"))
        sizes = {}
        for name, path in PAGES.items():
            body = fetch(kept.port, path)
            sizes[name] = len(body)
            (Path(folder) / f"{_slug(name)}.html").write_bytes(body)
        settings = {**environment, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.stock_settings"}
        beside = servers.enter_context(server(port + 2, settings, stock, "/contact/"))
        asked = {STOCK: beside, DRAWN: drawn, KEPT: kept, BARE: beside}
        return 0 if report(measure(asked, options.rounds, options.seconds), sizes) else 1


if __name__ == "__main__":
    sys.exit(main())
