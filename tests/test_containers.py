"""The container files name what is there: settings, files and programs."""

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
NEEDED = {"SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL"}


def test_compose_when_read_then_it_sets_what_production_needs_and_nothing_that_is_unknown():
    given = COMPOSE["services"]["site"]["environment"]
    assert NEEDED <= set(given) <= SETTINGS
    for name in NEEDED:
        assert given[name].startswith(f"${{{name}:?"), f"{name} must be refused when it is empty"
    assert (
        COMPOSE["services"]["site"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    )
    assert not any("privileged" in service for service in COMPOSE["services"].values())


def test_compose_when_it_publishes_a_port_then_on_this_machine_only():
    for service in COMPOSE["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_containerfile_when_read_then_no_root_no_secret_and_what_it_copies_is_there():
    assert re.search(r"^USER \d+$", CONTAINERFILE, re.MULTILINE)
    assert "SECRET" not in CONTAINERFILE.replace("no secret", "")
    assert (ROOT / "requirements.txt").exists()
    set_here = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)*)=(?=\S)", CONTAINERFILE)) - {"PATH"}
    assert set_here - SETTINGS == {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    assert json.loads(re.findall(r"^CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)[-1])[-1].endswith(
        "exec gunicorn localoffer.wsgi"
    )


def test_image_when_built_then_no_database_and_no_settings_of_this_machine_go_into_it():
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", "var", ".env", ".venv", "**/*.sqlite3*"} <= set(left_out)
