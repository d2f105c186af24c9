"""The checks of `tests/gates` find what they look for: a page without a fault, and the same with one."""

from tests.gates import checks

GOOD = """<!doctype html><html lang="en"><title>A page</title>
<style>.skip { position: absolute } :focus-visible { outline: 3px solid } a, button { padding: 9px }</style>
<a class="skip" href="#m">skip to the words</a>
<main id="m" style="padding-top: 60px"><h1>A page</h1><p>Words.</p>{}<button>One</button></main>"""
TRAP = """<div onkeydown="if (event.key == 'Tab') { event.preventDefault(); trap.focus() }">
<button id="trap">Trap</button></div>"""
OVER = """<span style="display: block; height: 2px">Some words</span>
<span style="display: block">Other words</span>"""
PHONE, PAPER = 320, 672
# (check, how wide, what is put into the page, what the check says of it)
FAULTS = (
    (checks.reflow, PHONE, "<p style='width: 500px'>Wide words</p>", "sideways"),
    (checks.reflow, PHONE, "<p style='height: 9px; overflow: hidden'>Words<br>more</p>", "cut off below"),
    (checks.reflow, PHONE, "<p style='position: fixed; left: -50px'>Words</p>", "off the side"),
    (checks.targets, PHONE, "<button style='padding: 0; height: 12px'>a</button>" * 2, "by 12"),
    (checks.spacing, PHONE, "<p style='height: 20px; overflow: hidden'>Words of one line, more</p>", "cut"),
    (checks.spacing, PHONE, OVER, " and "),
    (checks.motion, PHONE, "<p style='transition: color 1s'>Words</p>", "Words"),
    (checks.motion, PHONE, "<style>html { scroll-behavior: smooth }</style>", "smoothly"),
    (checks.keyboard, PHONE, "<a href='#m' style='outline: 0'>Dim</a>", "Dim\" does not show"),
    (checks.keyboard, PHONE, "<button tabindex='3'>First</button>", "no way to button \"First\""),
    (checks.keyboard, PHONE, "<style>.skip { display: none }</style>", "not a skip link"),
    (checks.keyboard, PHONE, TRAP, "no way to button \"One\""),
    (checks.keyboard, PHONE, "<p style='position: fixed; inset: 0; z-index: 9'></p>", "One\" is covered"),
    (checks.printed, PAPER, "<style>@media print { h1, p { display: none } }</style>", "no words"),
    (checks.printed, PAPER, "<p style='width: 900px'>Words</p>", "sideways"),
)  # fmt: skip


def test_checks_when_a_fault_is_put_into_a_page_then_found_and_without_it_nothing(browser):
    for check, width, fault, says in FAULTS:
        for inserted, expected in (("", False), (fault, True)):
            page = browser.new_page(viewport={"width": width, "height": 700}, reduced_motion="reduce")
            page.set_content(GOOD.replace("{}", inserted))
            found = check(page)
            page.close()
            held = any(says in words for words in found) if expected else not found
            assert held, (check.__name__, inserted, found)


def test_heading_when_there_only_with_javascript_then_told(browser):
    page = browser.new_page(java_script_enabled=False)
    page.set_content(GOOD.replace("<h1>A page</h1>", "<h1>Not a page</h1>"))
    assert checks.without_script(page, "A page") == ["the heading is “Not a page”, with JavaScript “A page”"]
    page.set_content(GOOD.replace("<h1>A page</h1>", "<h1 hidden>A page</h1>"))
    assert checks.without_script(page, "A page") == ["no heading is shown"]
    page.set_content(GOOD)
    assert checks.without_script(page, "A page") == []
    page.close()
