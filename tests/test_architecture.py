"""The house stands: one direction of dependencies, thin hooks, no module of odds and ends."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("localoffer", "services", "search", "feedback")
MAY_IMPORT = {
    "localoffer": {"localoffer"},
    "services": {"localoffer", "services"},
    "search": {"localoffer", "services", "search"},
    "feedback": {"localoffer", "services", "feedback"},
}
COMPOSITION_ROOT = {"localoffer.settings", "localoffer.urls", "localoffer.wsgi"}
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "services.py", "misc.py", "common.py"}
HOOK_LINES = 40


def modules() -> list[Path]:
    return [p for app in APPS for p in sorted((ROOT / app).rglob("*.py")) if "migrations" not in p.parts]


def imported_modules(source: str) -> set[str]:
    """Every module a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_imported_modules_when_an_import_is_inside_a_function_then_it_is_seen():
    source = "def f():\n    from search.index import rebuild\n    import feedback.models\n"
    assert {"search.index", "search.index.rebuild", "feedback.models"} <= imported_modules(source)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_when_between_apps_then_only_downward(path: Path):
    app = path.relative_to(ROOT).parts[0]
    names = imported_modules(path.read_text(encoding="utf-8"))
    wrong = {n for n in names if n.split(".")[0] in APPS and n.split(".")[0] not in MAY_IMPORT[app]}
    assert not wrong, f"{app} may not import {sorted(wrong)}"
    assert not names & COMPOSITION_ROOT


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_relative_imports_when_used_then_refused(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [n.lineno for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]


def test_module_names_when_listed_then_each_names_a_subject():
    assert not [str(p) for p in modules() if p.name in FORBIDDEN_NAMES]


def test_hooks_when_read_then_they_only_register():
    for path in (p for p in modules() if p.name == "wagtail_hooks.py"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= HOOK_LINES, path
        assert not [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ClassDef)], path


def test_settings_when_measured_then_under_300_lines():
    assert len((ROOT / "localoffer/settings.py").read_text(encoding="utf-8").splitlines()) < 300


PURE = [
    "localoffer/regulations.py",
    "localoffer/periods.py",
    "localoffer/colour.py",
    "localoffer/content_checks.py",
    "localoffer/glossary.py",
    "localoffer/letters.py",
    "localoffer/markup.py",
    "localoffer/readability.py",
    *(str(p.relative_to(ROOT)) for p in sorted((ROOT / "feedback/identifiers").glob("*.py"))),
]


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_when_imported_then_they_need_neither_django_nor_wagtail(name: str):
    names = imported_modules((ROOT / name).read_text(encoding="utf-8"))
    assert not {n for n in names if n.split(".")[0] in {"django", "wagtail", "modelcluster"}}


def test_templates_when_read_then_no_inline_style_script_or_third_party():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", text), path
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or "application/ld+json" in script, path
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path
