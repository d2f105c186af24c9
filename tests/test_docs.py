"""The README is true: its settings, commands and files are there, and none is left out."""

import re
from pathlib import Path

from django.core.management import get_commands

from localoffer.regulations import REQUIREMENTS, Section
from search.facets import FACETS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OURS = {"localoffer", "services", "search", "feedback"}


def test_settings_when_read_from_the_environment_then_each_is_in_the_readme():
    files = ("localoffer/settings.py", "localoffer/environment.py", "gunicorn.conf.py")
    source = "".join((ROOT / name).read_text(encoding="utf-8") for name in files)
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', source))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert read == listed


def test_commands_when_ours_then_each_is_in_the_readme_and_each_named_one_exists():
    ours = {name for name, app in get_commands().items() if app in OURS}
    named = set(re.findall(r"`(?:manage\.py )?([a-z]+(?:_[a-z]+)*)(?: [^`]*)?`", README))
    assert ours <= named
    said = set(re.findall(r"`manage\.py ([a-z_]+)", README))
    assert said <= set(get_commands())


def test_files_when_the_readme_names_them_then_they_are_there():
    for name in re.findall(r"\]\(([^)#]+)\)", README):
        if not name.startswith("http"):
            assert (ROOT / name).exists(), name
    for name in re.findall(
        r"`((?:localoffer|services|search|feedback|templates|static|demo|tests|scripts)/[\w./]*)`", README
    ):
        assert (ROOT / name).exists(), name


def test_operations_when_they_name_a_command_a_setting_or_a_target_then_it_is_there():
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`manage\.py ([a-z_]+)", text)) <= set(get_commands())
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`", text)) <= listed
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z]+)`", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for name in re.findall(r"`([\w/]+\.(?:py|yaml|sh)|Containerfile)`", text):
        assert (ROOT / name).exists(), name


def test_make_targets_when_the_readme_names_them_then_they_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z]+)", README)) - {"it"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_requirements_when_read_then_each_line_is_pinned_and_says_why():
    for name in ("requirements.txt", "requirements-test.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.search(r">=.+,<.+\s#\s\S", line), line


def test_committed_text_when_searched_then_no_path_of_a_machine():
    for folder in (*OURS, "templates", "static", "scripts", "tests", "demo"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".html", ".css", ".js", ".sh", ".md"} and path.name != "test_docs.py":
                text = path.read_text(encoding="utf-8")
                assert not re.search(r"(?<![\w.])/(?:work|root|home)/", text), path


def test_kinds_of_page_when_there_is_one_then_the_guide_in_the_admin_is_named_with_the_way_to_it():
    """What the guide itself must name is in tests/localoffer/test_editors_guide.py."""
    assert "**Guide**" in README
    assert (ROOT / "localoffer/guide").is_dir()


def test_contributing_when_read_then_it_names_the_rules_that_a_change_is_held_to():
    part = README.partition("\n## Contributing\n")[2].partition("\n## ")[0]
    for name in ("make lint", "make test", "make gates", ".ci/run", "tests/test_architecture.py"):
        assert name in part, name


def test_requirements_and_filters_when_counted_then_the_readme_says_as_many():
    assert f"{len(REQUIREMENTS)} requirements" in README
    assert f"{len(FACETS)} filters" in README
    for section in Section:
        assert section.value in README, section
