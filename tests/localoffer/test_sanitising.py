"""What runs is dropped: from imported HTML, from the editor's form, from the demonstration's files."""

import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.test.utils.form_data import nested_form_data, streamfield

from localoffer.demo import load_pages
from localoffer.models import AccessPage, AdvicePage, GuidancePage, StepByStepPage
from localoffer.sanitising import clean_html, plain_text
from tests.factories import make_home, make_page

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example/y.js></sCrIpT>",
    "<style>p{background:url(x)}</style>",
    '<iframe src="https://x.example"></iframe>',
    '<p onclick="alert(1)" style="color:red">words</p>',
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">words</a>',
    '<a href=" jAvA\tscript:alert(1)">words</a>',
    '<a href="&#106;avascript:alert(1)">words</a>',
    '<a href="data:text/html,<script>1</script>">words</a>',
    '<a href="vbscript:x">words</a>',
    '<svg><a xlink:href="javascript:x"><script>alert(1)</script></a></svg>',
    '<math href="javascript:x">words</math>',
    "<object data=x></object><embed src=x>",
    '<form action="https://x.example"><input name="password"></form>',
    "<meta http-equiv=refresh content='0;url=https://x.example'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<!--<script>-->alert<!--</script>-->",
]
RUNS = ("<script", "<style", "<iframe", "<img", "<object", "<embed", "<form", "<meta", "<svg", "<input")
ADDRESSES = ("javascript:", "vbscript:", "data:")


def assert_harmless(html: str) -> None:
    low = html.lower()
    assert not [tag for tag in RUNS if tag in low]
    assert "onerror=" not in low.replace("&quot;", "")
    assert "onclick=" not in low
    assert "style=" not in low
    assert not [scheme for scheme in ADDRESSES if f'href="{scheme}' in "".join(low.split())]


@pytest.mark.parametrize("html", HOSTILE)
def test_imported_html_when_hostile_then_nothing_that_runs_is_left(html):
    assert_harmless(clean_html(f"<p>before</p>{html}<p>after</p>"))


def test_imported_html_when_good_then_kept():
    html = (
        '<h2>One</h2><p>Two <strong>three</strong> <a href="/four/">four</a>'
        ' <a href="mailto:x@example.org">x</a><br><a href="tel:+441174960100">ring</a></p>'
        "<ul><li>five</li></ul><ol><li>six</li></ol>"
    )
    assert clean_html(html) == html


def test_imported_html_when_a_link_is_dropped_then_its_words_stay():
    assert plain_text('Ring <a href="javascript:x">us</a> &amp; <b>wait</b>') == "Ring us & wait"


@given(
    st.lists(st.sampled_from([*HOSTILE, "<", ">", '"', "'", "\x00", "&", "x", "</p>", "\ud800"])).map("".join)
)
def test_imported_html_when_mixed_then_harmless_and_stable(html):
    once = clean_html(html)
    assert_harmless(once)
    assert clean_html(once) == once


@given(st.text())
def test_plain_text_when_anything_then_no_tag(text):
    assert "\n" not in plain_text(text)
    assert "<script" not in plain_text(text)


# -- the editor's form ------------------------------------------------------------------------


def content_state(*texts, entities=()):
    """What the rich text editor sends, with nothing of its own to stop it."""
    blocks = [
        {
            "key": f"k{number}",
            "type": "unstyled" if number else "header-two",
            "text": text,
            "depth": 0,
            "inlineStyleRanges": [{"offset": 0, "length": 1, "style": "SCRIPT"}],
            "entityRanges": [{"key": n, "offset": 0, "length": 4} for n in range(len(entities))],
            "data": {"onclick": "alert(1)"},
        }
        for number, text in enumerate(texts)
    ]
    return json.dumps({"blocks": blocks, "entityMap": {str(n): e for n, e in enumerate(entities)}})


def link(url):
    return {"type": "LINK", "mutability": "MUTABLE", "data": {"url": url, "onclick": "alert(1)"}}


HOSTILE_LINKS = [link("javascript:alert(1)"), link("JaVa\tScRiPt:alert(1)"), link("data:text/html,x")]


@pytest.mark.django_db
@pytest.mark.parametrize("entity", HOSTILE_LINKS, ids=["javascript", "split", "data"])
def test_editor_when_it_sends_what_runs_then_only_words_are_kept(admin_client, client, entity):
    page = make_page(GuidancePage, title="Contact", slug="contact")
    data = {
        "title": "Contact",
        "slug": "contact",
        "introduction": "<script>alert(1)</script>",
        "body": content_state("Heading", "word <script>alert(1)</script>", entities=[entity]),
        "action-publish": "1",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    response = admin_client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), nested_form_data(data))
    assert response.status_code == 302
    stored = GuidancePage.objects.get().body
    assert "&lt;script&gt;" in stored
    assert_harmless(stored.replace("&lt;script&gt;", ""))
    html = client.get("/contact/").content.decode()
    assert "<script>alert" not in html
    assert "javascript:" not in "".join(html.lower().split())
    assert 'href="data:' not in html


@pytest.mark.django_db
def test_editor_when_an_answer_holds_what_runs_then_only_words_are_kept(admin_client):
    home = make_home()
    answer = {
        "requirement": "adv.sources",
        "body": content_state("Heading", "word", entities=[link("javascript:alert(1)")]),
        "documents": streamfield([]),
        "services": streamfield([]),
    }
    data = {
        "title": "Advice",
        "slug": "advice",
        "introduction": "Who to ask.",
        "answers": streamfield([("answer", answer)]),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "action-publish": "1",
    }
    address = reverse("wagtailadmin_pages:add", args=["localoffer", "advicepage", home.pk])
    admin_client.post(address, nested_form_data(data))
    assert_harmless(AdvicePage.objects.get().answers[0].value["body"].source)


# -- the demonstration's files ----------------------------------------------------------------


@pytest.mark.django_db
def test_demonstration_when_its_files_hold_what_runs_then_only_words_are_published(tmp_path: Path):
    site = make_home().get_site()
    for file in (settings.BASE_DIR / "demo").glob("*.json"):
        shutil.copy(file, tmp_path)
    _spoil(tmp_path / "sections.json", lambda d: d["answers"], "body_html", "how_to_get_it")
    _spoil(tmp_path / "pages.json", lambda d: d, "body")
    _spoil(tmp_path / "steps.json", lambda d: d["steps"], "body")
    load_pages(site, tmp_path)
    for block in AccessPage.objects.get().answers:
        assert_harmless(block.value["body"].source)
        assert "<" not in block.value["how_to_get_it"]
    assert_harmless("".join(GuidancePage.objects.values_list("body", flat=True)))
    assert_harmless("".join(block.value["body"].source for block in StepByStepPage.objects.get().steps))


def _spoil(file: Path, rows, *names: str) -> None:
    data = json.loads(file.read_text(encoding="utf-8"))
    for row in rows(data):
        for name in names:
            row[name] = "".join(HOSTILE) + (row[name] or "")
    file.write_text(json.dumps(data), encoding="utf-8")
