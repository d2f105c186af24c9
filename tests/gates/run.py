"""Looks at every page and state of a demonstration site that it makes and serves as production would.

    python -m tests.gates.run                  every gate, public pages and the admin
    python -m tests.gates.run --quick          those that need only Chromium, one look a page
    python -m tests.gates.run --only axe,print --part public --like "results"

`VAR_DIR` is where the site is made; what is there is replaced. Exits 1 when anything is wrong.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def settings_for(var: Path, port: int) -> dict[str, str]:
    """Production's settings, without HTTPS: what is looked at is on this machine."""
    return {
        "VAR_DIR": str(var),
        "DEBUG": "0",
        "HTTPS": "0",
        "ALLOWED_HOSTS": "127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": f"http://127.0.0.1:{port}",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DJANGO_SETTINGS_MODULE": "localoffer.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's loop is in the thread that asks the database
        "LOG_LEVEL": "ERROR",
    }


def manage(*words: str, **changed: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **changed},
    )  # fmt: skip


@contextmanager
def served(port: int, log: Path) -> Iterator[str]:
    """gunicorn on a port of this machine, until the end. What it says goes to a file."""
    command = [sys.executable, "-m", "gunicorn", "localoffer.wsgi", "--bind", f"127.0.0.1:{port}",
               "--workers", "2", "--timeout", "120", "--log-level", "error"]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, stderr=log.open("w"))
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            if server.poll() is not None:
                raise SystemExit(f"The server did not start: is port {port} in use?")
            try:
                urllib.request.urlopen(f"{address}/robots.txt").close()
                break
            except OSError:
                time.sleep(0.3)  # asked again until it answers
        yield address
    finally:
        server.terminate()
        server.wait()


def make_site(var: Path, kept: bool) -> None:
    """The demonstration in a folder of its own; `kept` starts from what the last run made."""
    clean = var.with_name(f"{var.name}-clean")
    shutil.rmtree(var, ignore_errors=True)
    if not (kept and clean.exists()):
        shutil.rmtree(clean, ignore_errors=True)
        var.mkdir(parents=True)
        manage("demo", DEBUG="1")  # which production refuses
        manage("collectstatic", "--noinput", "-v0")
        shutil.copytree(var, clean)
    else:
        shutil.copytree(clean, var)
        manage("collectstatic", "--noinput", "-v0")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, default=8440)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--kept", action="store_true", help="start from the demonstration of the last run")
    parser.add_argument("--only", default="", help="gates, with commas")
    parser.add_argument("--part", choices=("public", "admin"), default="")
    parser.add_argument("--like", default="", help="places whose name holds these words")
    asked = parser.parse_args()
    var = Path(os.environ.get("VAR_DIR", ROOT / "var/gates"))
    os.environ.update(settings_for(var, asked.port))
    make_site(var, asked.kept)
    import django

    django.setup()
    from tests.gates import looks

    with served(asked.port, var / "server.log") as address:
        findings = looks.look(
            address,
            gates=set(filter(None, asked.only.split(","))),
            quick=asked.quick,
            part=asked.part,
            like=asked.like,
            folder=var,
        )
    sys.stdout.write("\n".join(findings.lines()) + "\n")
    return 1 if findings.total else 0


if __name__ == "__main__":
    sys.exit(main())
