"""Components: each draws what it is given, escapes what is hostile, and is quiet when empty."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from localoffer.pagination import paginate
from localoffer.templatetags.components import NOTICE_ICONS, STATUSES, tel

HOSTILE = "\"'><script>alert(1)</script>&{{ x }}"


def draw(source: str, **context) -> str:
    return Template(source).render(Context(context))


def words(html: str) -> str:
    """What a reader sees."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@dataclass
class Thing:
    """Stands for any object that a component reads."""

    title: str = HOSTILE
    url: str = HOSTILE
    icon: str = "pin"
    css_class: str = HOSTILE
    summary: str = HOSTILE
    anchor: str = HOSTILE
    status: str = "late"
    date: date = date(2026, 1, 31)
    text: str = HOSTILE
    key: str = HOSTILE
    label: str = HOSTILE
    count: int = 3
    chosen: bool = True
    chosen_count: int = 1
    is_open: bool = True
    group: str = ""
    values: list = field(default_factory=list)


EVERY = {
    "breadcrumb": "{% breadcrumb crumbs %}",
    "button": "{% button text name=text value=text %}",
    "button link": "{% button text href=text icon='arrow' quiet=True small=True %}",
    "card": "{% include 'components/card.html' with kicker=text title=text url=text summary=text %}",
    "chip": "{% chip text text %}",
    "contents": "{% contents things title=text %}",
    "credit": "{% credit text %}",
    "door": "{% door thing wide=True %}",
    "facet": "{% facet thing things=text %}",
    "facts": "{% include 'components/facts.html' %}",
    "figures": "{% figures pairs %}",
    "notice": "{% notice title=text %}{{ text }}{% endnotice %}",
    "page_title": "{% page_title text lead=text css_class=text %}{{ text }}{% endpage_title %}",
    "phone": "{% include 'components/phone.html' with phone=text %}",
    "progress": "{% progress text 1 5 %}",
    "said": "{% said text label=text %}",
    "stamp": "{% stamp None advice=text %}",
    "summary_list": "{% summary_list pairs %}{% summary_list fours %}",
    "tag": "{% status_tag text %}{% status_tag 'done' text %}",
    "tasks": "{% tasks things %}{% tasks things plain=True %}",
    "timeline": "{% timeline things summary=text %}",
}


@pytest.mark.parametrize("name", EVERY)
def test_component_when_text_is_hostile_then_escaped(name):
    html = draw(
        EVERY[name],
        text=HOSTILE,
        thing=Thing(values=[Thing()]),
        things=[Thing()],
        crumbs=[(HOSTILE, HOSTILE)],
        pairs=[(HOSTILE, HOSTILE)],
        fours=[(HOSTILE, HOSTILE, HOSTILE, HOSTILE)],
        facts=[("pin", HOSTILE, HOSTILE)],
    )
    assert "<script" not in html
    assert "\"'" not in html
    if name != "phone":
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "source",
    [
        "{% breadcrumb none %}",
        "{% contents none %}",
        "{% credit '' %}",
        "{% figures none %}",
        "{% tasks none %}",
        "{% timeline none %}",
        "{% include 'components/facts.html' with facts=none %}",
    ],
)
def test_component_when_empty_then_nothing_is_drawn(source):
    assert draw(source, none=[]).strip() == ""


def test_icon_when_drawn_then_every_symbol_used_is_in_the_sheet():
    sheet = (settings.BASE_DIR / "static/icons.svg").read_text()
    symbols = set(re.findall(r'id="i-([a-z]+)"', sheet))
    templates = [p.read_text() for p in (settings.BASE_DIR / "templates").rglob("*.html")]
    used = {name for text in templates for name in re.findall(r'{% icon "([a-z]+)" %}', text)}
    used |= {symbol for _style, symbol, _word in STATUSES.values()} | set(NOTICE_ICONS.values())
    assert used <= symbols
    assert draw("{% icon 'pin' %}").count("/static/icons.svg#i-pin") == 1


def test_component_when_shipped_then_its_file_begins_with_what_it_needs():
    for path in (settings.BASE_DIR / "templates/components").glob("*.html"):
        assert path.read_text().startswith("{#"), path.name


def test_template_when_shipped_then_no_inline_style_or_script():
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = path.read_text()
        assert "style=" not in text, path
        assert "<style" not in text, path
        assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", text), path
        assert not re.search(r"\son[a-z]+=", text), path


TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("checked", "by", "late"),
    [
        (date(2026, 6, 26), None, False),
        (date(2026, 6, 26), TODAY, False),
        (date(2026, 6, 26), TODAY - timedelta(days=1), True),
        (None, None, True),
        (None, TODAY + timedelta(days=9), True),
    ],
)
def test_stamp_when_review_day_has_passed_then_late(checked, by, late):
    html = draw("{% stamp checked by %}", checked=checked, by=by)
    assert ("stamp--late" in html) is late
    assert ("Ring before you go." in html) is late
    assert ("Checked 26 June 2026" in words(html)) is (bool(checked) and not late)
    assert ("Last checked 26 June 2026." in words(html)) is (bool(checked) and late)


def test_stamp_when_given_a_moment_then_the_day_here():
    moment = datetime(2026, 6, 25, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert "Checked 26 June 2026" in words(draw("{% stamp moment %}", moment=moment))


@pytest.mark.parametrize("status", STATUSES)
def test_status_tag_when_any_status_then_symbol_and_word(status):
    html = draw("{% status_tag status %}", status=status)
    assert "<use " in html
    assert words(html) == STATUSES[status][2]


def test_status_tag_when_unknown_then_its_own_words():
    assert words(draw("{% status_tag 'on_hold' %}")) == "On hold"


def test_notice_when_missing_then_dashed_with_its_heading_and_content():
    html = draw('{% notice kind="missing" title="Not yet" level=3 %}<p>{{ x }}</p>{% endnotice %}', x="a & b")
    assert "notice--missing" in html
    assert "i-gap" in html
    assert "<h3>Not yet</h3>" in html
    assert "<p>a &amp; b</p>" in html


def test_pager_when_one_page_then_nothing():
    assert draw("{% pager p %}", p=paginate(9, QueryDict(), per_page=10)).strip() == ""


def test_pager_when_middle_page_then_current_previous_and_next():
    html = draw("{% pager p 'Pages of comments' %}", p=paginate(90, QueryDict("page=2&q=<b>"), per_page=10))
    assert 'aria-label="Pages of comments"' in html
    assert 'aria-current="page">2<' in html
    assert 'rel="prev"' in html
    assert 'href="?q=%3Cb%3E&amp;page=3" rel="next"' in html


def test_facet_when_chosen_then_checked_counted_and_named():
    facet = Thing(key="need", label="Needs", values=[Thing(key="ASD", label="Autism", count=12)])
    html = draw("{% facet f %}", f=facet)
    assert 'name="need" value="ASD" checked' in html
    assert "1 chosen" in html
    assert "Autism 12 results" in words(html)


def test_facet_when_values_have_groups_then_each_stands_under_its_heading_once():
    values = [Thing(key=k, label=k) for k in "abc"]
    values[0].group, values[1].group, values[2].group = "", "Thinking", "Thinking"
    html = draw("{% facet f %}", f=Thing(key="need", label="Needs", values=values))
    assert html.count('role="group"') == html.count(">Thinking</p>") == 1
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids)) == 4
    assert set(re.findall(r'(?:for|aria-labelledby)="([^"]*)"', html)) == set(ids)


def test_card_when_nothing_is_known_then_title_and_stamp_only():
    html = render_to_string("components/card.html", {"title": "Club", "url": "/services/1/club/"})
    assert words(html) == "Club No one has checked this yet. Ring before you go."


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("0117 496 0100", "tel:+441174960100"),
        ("(0117) 496-0100", "tel:+441174960100"),
        ("+44 117 496 0100", "tel:+441174960100"),
        ("111", "tel:111"),
        ("", "tel:"),
    ],
)
def test_tel_when_number_is_written_any_way_then_it_can_be_rung(number, address):
    assert tel(number) == address


@given(st.text())
def test_tel_when_anything_then_only_digits(number):
    assert re.fullmatch(r"tel:\+?[0-9]*", tel(number))


def test_phone_when_in_a_sentence_then_no_space_is_added():
    sentence = draw("(ring {% include 'components/phone.html' with phone='111' %}, any day)")
    assert sentence == '(ring <a href="tel:111">111</a>, any day)'
