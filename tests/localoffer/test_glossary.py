"""Words are explained once a page, in the sentence, and never where they would do harm."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from localoffer.explaining import Explainer, glossary_for
from localoffer.glossary import Glossary, Term, first_sentence, glossary_of, inside_a_sentence, stands_for
from localoffer.markup import Kind, pieces
from localoffer.models import GlossaryPage, GlossaryTerm
from localoffer.regulations import Section
from tests.factories import answer_block, make_authority, make_page, make_section, make_term

PLAN = Term("EHCP", "A legal paper. It can last.", "Education, health and care plan", ("EHC plan", "ECHP"))
SEND = Term("SEND", "A short way to talk.", "Special educational needs and disabilities")
TRIBUNAL = Term("Tribunal", "A free court.", also=("SEND Tribunal",))
ALLOWANCE = Term("Disability Living Allowance", "Money for extra costs.", also=("DLA",))
MEDIATION = Term("Mediation", "A meeting with somebody from outside.", inline=True)
CARERS = Term("Carer's Allowance", "Money for carers.", inline=True)
TERMS = (PLAN, SEND, TRIBUNAL, ALLOWANCE, MEDIATION, CARERS)
GLOSSARY = Glossary(TERMS)
INSERTED = re.compile(
    r'<span class="term"><dfn>(.*?)</dfn> <span class="term__meaning">\([^<>]*\)</span></span>', re.DOTALL
)


def explain(html, explained=None):
    return GLOSSARY.explain(html, set() if explained is None else explained)


def explained_words(html):
    return INSERTED.findall(explain(html))


def test_first_use_when_explained_then_meaning_stands_beside_it():
    assert explain("<p>Ask for an EHCP.</p>") == (
        '<p>Ask for an <span class="term"><dfn>EHCP</dfn> <span class="term__meaning">'
        "(education, health and care plan: a legal paper)</span></span>.</p>"
    )


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("EHCP, EHCP and an EHC plan", ["EHCP"]),
        ("an EHC Plan", ["EHC Plan"]),
        ("the EHCPs", ["EHCPs"]),
        ("her EHCP's needs", ["EHCP's"]),
        ("her EHCP&#x27;s needs", ["EHCP&#x27;s"]),
        ("DLA", ["DLA"]),
        ("Disability Living Allowance", []),
        ("mediation", ["mediation"]),
        ("Carer&#x27;s allowance", ["Carer&#x27;s allowance"]),
        ("Carer’s Allowance", ["Carer’s Allowance"]),
        ("ehcp", []),
        ("Echp", []),
        ("SENDER, reSEND, non-SEND, SEND-like", []),
        ("x@SEND.org, /SEND/, #SEND, &SEND;, SEND@x.org", []),
        ("the SEND Tribunal", []),
        ("Avonmere SEND Advice", []),
        ("the Tribunal", []),
        ("EHC\nplan", ["EHC\nplan"]),
    ],
)
def test_words_when_in_text_then_only_whole_ones_that_need_it(html, words):
    assert explained_words(f"<p>{html}</p>") == words


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/EHCP">EHCP</a>',
        "<h2>EHCP</h2>",
        "<h3>An <b>EHCP</b></h3>",
        "<abbr title='x'>EHCP</abbr>",
        "<script>EHCP</script>",
        "<style>EHCP</style>",
        "<!-- EHCP -->",
        '<img alt="EHCP">',
        "<button>EHCP</button>",
        "<p title='EHCP",
        "<p title=\"a' > EHCP",
    ],
)
def test_words_when_in_a_link_heading_or_tag_then_left_alone(html):
    assert explain(html) == html


def test_word_in_a_heading_when_met_then_still_explained_in_the_text_below():
    assert explained_words("<h2>EHCP</h2><p>EHCP</p>") == ["EHCP"]


def test_word_that_an_author_defined_when_met_again_then_not_explained():
    assert explained_words("<p><dfn>EHCP</dfn> … EHCP</p>") == []


@pytest.mark.parametrize(
    "html",
    [
        "<p>An education, health and care plan (EHCP). The EHCP</p>",
        "<p>an <b>education, health and care plan</b>, or EHCP</p>",
        "<p>EHCP (education, health and care plan). EHCP</p>",
    ],
)
def test_word_that_the_text_spells_out_when_met_then_not_explained_twice(html):
    assert explain(html) == html


def test_page_when_made_of_parts_then_one_explanation_in_all():
    explained: set[str] = set()
    assert "<dfn>" in explain("<p>EHCP</p>", explained)
    assert "<dfn>" not in explain("<p>EHC plan</p>", explained)
    assert explained == {"EHCP"}


def test_explained_text_when_explained_again_then_the_same():
    once = explain("<p>EHCP, DLA, mediation, SEND and EHCP</p>")
    assert explain(once) == once


def test_meaning_when_hostile_then_escaped():
    glossary = Glossary([Term("ABC", '<img src=x onerror="y">. More.', "<b>")])
    html = glossary.explain("<p>ABC</p>", set())
    assert "<img" not in html
    assert "&lt;b&gt;: &lt;img src=x onerror=&quot;y&quot;&gt;" in html


@pytest.mark.parametrize("term", ["a(", "[", "\\", "s.41", "C++", "a|b", "(?i)x", "''", "  ", "££"])
def test_word_with_signs_when_matched_then_taken_by_the_letter(term):
    html = Glossary([Term(term, "Meaning.", "In full")]).explain(f"<p>x {term} xsA41x</p>", set())
    assert html.count("<dfn>") <= 1
    assert "xsA41x" in html


def test_glossary_when_empty_then_nothing_changes():
    assert Glossary([]).explain("<p>EHCP</p>", set()) == "<p>EHCP</p>"
    assert Glossary([]).without_known("EHCP") == "EHCP"


@pytest.mark.parametrize(
    ("acronym", "expansion", "fits"),
    [
        ("SLT", "Speech and language therapy", True),
        ("SALT", "Speech and language therapy", True),
        ("SaLT", "Speech and language therapy", True),
        ("SEN", "Special educational needs and disabilities", False),
        ("ASD", "Autism spectrum condition", False),
        ("EHCNA", "Education, health and care needs assessment", True),
        ("", "", True),
    ],
)
def test_letters_when_compared_with_words_then_each_must_fit(acronym, expansion, fits):
    assert stands_for(acronym, expansion) is fits


def test_other_letters_when_they_stand_for_something_else_then_only_the_meaning():
    glossary = Glossary([Term("ASC", "Another name for autism.", "Autism spectrum condition", ("ASD",))])
    assert "(another name for autism)" in glossary.explain("<p>ASD</p>", set())


@pytest.mark.parametrize(
    ("words", "inside"),
    [
        ("Education, health and care plan", "education, health and care plan"),
        ("British Sign Language", "British Sign Language"),
        ("NHS help", "NHS help"),
        ("", ""),
    ],
)
def test_expansion_when_in_a_sentence_then_names_keep_their_capitals(words, inside):
    assert inside_a_sentence(words) == inside


def test_first_sentence_when_there_are_two_then_one_without_its_stop():
    assert first_sentence("A paper, e.g. a plan. It lasts.") == "A paper, e.g. a plan"


SCRAPS = st.lists(
    st.sampled_from(
        [
            "EHCP",
            " EHC plan ",
            " SEND ",
            "DLA",
            " mediation",
            "<p>",
            "</p>",
            "<a href='",
            "'",
            '"',
            ">",
            "<",
            "&amp;",
        ]
        + [
            "<h2>",
            "</h2>",
            "</a>",
            "<dfn>",
            "</dfn>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            " ",
            "(",
            "</span>",
        ]
        + ['<span class="term__meaning">', '<b title="', "\x00", "é"]
    )
).map("".join)


@given(SCRAPS | st.text())
@example("<b title=\" EHC plan 'EHCP")
def test_explaining_when_anything_then_what_was_there_is_all_there(html):
    if INSERTED.search(html):
        return
    explained: set[str] = set()
    made = GLOSSARY.explain(html, explained)
    assert INSERTED.sub(r"\1", made) == html
    words = INSERTED.findall(made)
    assert len(words) <= len(explained)


@given(SCRAPS)
def test_explaining_when_anything_then_every_tag_stays_as_it_was(html):
    tags = [p.raw for p in pieces(html) if p.kind is not Kind.TEXT]
    made = [p.raw for p in pieces(INSERTED.sub(r"\1", explain(html))) if p.kind is not Kind.TEXT]
    assert made == tags


@given(
    st.lists(st.builds(Term, st.text(min_size=1), st.text(), st.text(), st.lists(st.text()).map(tuple))),
    st.text(),
)
def test_glossary_when_words_are_anything_then_it_is_built_and_used(terms, text):
    made = Glossary(terms).explain(text, set())
    assert len(made) >= len(text)


def test_demonstration_glossary_when_read_then_each_acronym_explains_itself():
    rows = json.loads((settings.BASE_DIR / "demo/glossary.json").read_text(encoding="utf-8"))
    terms = tuple(Term(r["term"], r["plain_meaning"], r["expansion"] or "", tuple(r["also"])) for r in rows)
    glossary = glossary_of(terms)
    for term in terms:
        html = glossary.explain(f"<p>an {term.term}.</p>", set())
        assert ("<dfn>" in html) == bool(term.expansion), term


# -- with the database --------------------------------------------------------------------


@pytest.fixture
def request_here(rf: RequestFactory):
    return rf.get("/", headers={"host": "localhost"})


@pytest.mark.django_db
def test_terms_when_warm_then_no_query_and_a_change_is_seen_at_once(
    authority, django_assert_num_queries, django_capture_on_commit_callbacks
):
    term = make_term("EHCP", authority, expansion="Education, health and care plan")
    assert "<dfn>" in glossary_for(authority).explain("EHCP", set())
    with django_assert_num_queries(0):
        glossary_for(authority).explain("EHCP", set())
    with django_capture_on_commit_callbacks(execute=True):
        term.expansion = "Something else"
        term.save()
    assert "(something else:" in glossary_for(authority).explain("EHCP", set())
    with django_capture_on_commit_callbacks(execute=True):
        term.delete()
    assert "<dfn>" not in glossary_for(authority).explain("EHCP", set())


@pytest.mark.django_db
def test_terms_when_of_another_authority_then_not_used(authority):
    other = make_authority("Heather Council", "heather.test")
    make_term("EHCP", other, expansion="Education, health and care plan")
    assert "<dfn>" in glossary_for(other).explain("EHCP", set())
    assert "<dfn>" not in glossary_for(authority).explain("EHCP", set())
    assert "<dfn>" not in glossary_for(None).explain("EHCP", set())


@pytest.mark.django_db
def test_tag_when_given_plain_words_then_escapes_them(authority, request_here):
    make_term("EHCP", authority, expansion="Education, health and care plan")
    template = Template("{% load glossary %}{% explain words %}")
    context = Context({"words": "<i>EHCP</i>", "explainer": Explainer(request_here)})
    assert template.render(context).startswith('&lt;i&gt;<span class="term">')
    assert template.render(Context({"words": "<i>EHCP</i>"})) == "&lt;i&gt;EHCP&lt;/i&gt;"


@pytest.mark.django_db
def test_section_when_three_answers_use_a_word_then_only_the_first_explains(client, authority):
    make_term("EHCP", authority, expansion="Education, health and care plan")
    bodies = ["<p>An EHCP.</p>", "<p>Your EHCP.</p>", "<p>Our EHCP.</p>"]
    keys = ["how.identify_assess", "how.personal_budgets", "how.eligibility"]
    answers = [answer_block(key, body=body) for key, body in zip(keys, bodies, strict=True)]
    page = make_section(Section.ACCESS, answers=answers, slug="access")
    html = client.get(page.url).content.decode()
    assert html.count("<dfn>EHCP</dfn>") == 1
    assert html.index("<dfn>EHCP</dfn>") < html.index("Your EHCP")
    assert client.get(page.url).content.decode().count("<dfn>EHCP</dfn>") == 1


@pytest.mark.django_db
def test_facts_of_an_answer_when_hostile_then_escaped_and_explained(client, authority):
    make_term("EHCP", authority, expansion="Education, health and care plan")
    answer = answer_block("adv.sources", who_decides="<script>x</script> the EHCP team")
    page = make_section(Section.ADVICE, answers=[answer], slug="advice")
    html = client.get(page.url).content.decode()
    assert '&lt;script&gt;x&lt;/script&gt; the <span class="term"><dfn>EHCP</dfn>' in html


@pytest.mark.django_db
def test_glossary_page_when_opened_then_letters_lead_to_words(client, authority):
    make_term("EHCP", authority, expansion="Education, health and care plan")
    make_term("Academy", authority)
    make_term("<b>Bold</b>", authority)
    make_term("Elsewhere", make_authority("Heather Council", "heather.test"))
    page = make_page(GlossaryPage)
    html = client.get(page.url).content.decode()
    assert re.findall(r'href="#(letter-\w+)"', html) == ["letter-a", "letter-e", "letter-other"]
    assert all(f'id="letter-{letter}"' in html for letter in "ae")
    assert '<div id="word-ehcp"><dt>EHCP</dt>' in html
    assert "<b>Education, health and care plan.</b> A legal paper" in html
    assert "&lt;b&gt;Bold&lt;/b&gt;" in html
    assert "Elsewhere" not in html


@pytest.mark.django_db
def test_glossary_page_when_words_grow_then_queries_do_not(client, authority, django_assert_max_num_queries):
    page = make_page(GlossaryPage)
    for number in range(40):
        make_term(f"Word {number}", authority)
    client.get(page.url)
    with django_assert_max_num_queries(12):
        client.get(page.url)


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"term": "x"}, {"also": "ok\na"}, {"term": "  "}, {"plain_meaning": ""}])
def test_term_when_nothing_can_match_it_then_refused(authority, fields):
    term = GlossaryTerm(**{"authority": authority, "term": "EHCP", "plain_meaning": "A paper.", **fields})
    with pytest.raises(ValidationError):
        term.full_clean()


@pytest.mark.django_db
def test_term_when_there_already_in_other_letters_then_refused(authority):
    make_term("EHCP", authority)
    with pytest.raises(ValidationError, match="already"):
        GlossaryTerm(authority=authority, term="ehcp", plain_meaning="A paper.").full_clean()


@pytest.mark.django_db
def test_staff_when_they_add_a_word_then_pages_explain_it(admin_client, client, authority):
    make_section(
        Section.ADVICE, answers=[answer_block("adv.sources", body="<p>The XYZ team</p>")], slug="advice"
    )
    address = reverse("wagtailsnippets_localoffer_glossaryterm:add")
    assert b"EHCP" in admin_client.get(address).content
    data = {"authority": authority.pk, "term": "XYZ", "expansion": "", "plain_meaning": "A team.", "also": ""}
    admin_client.post(address, data)
    assert GlossaryTerm.objects.get().term == "XYZ"
    assert "<dfn>XYZ</dfn>" in client.get("/advice/").content.decode()


# -- the command ----------------------------------------------------------------------------


def load(*args, **options):
    out = StringIO()
    call_command("load_glossary", *args, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_load_when_repeated_then_what_staff_wrote_stays(authority):
    assert "91 words added, 0 there already" in load()
    GlossaryTerm.objects.filter(term="EHCP").update(plain_meaning="Our own words.")
    GlossaryTerm.objects.filter(term="AAC").update(term="aac")
    assert "0 words added, 91 there already" in load()
    assert GlossaryTerm.objects.get(term="EHCP").plain_meaning == "Our own words."
    assert GlossaryTerm.objects.of(authority).count() == 91


@pytest.mark.django_db
def test_load_when_an_authority_is_named_then_only_it_gets_the_words(authority):
    other = make_authority("Heather Council", "heather.test")
    load(authority="Heather Council")
    assert GlossaryTerm.objects.of(other).count() == 91
    assert not GlossaryTerm.objects.of(authority).exists()


GOOD = {"term": "Good", "plain_meaning": "Fine."}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("not json", "cannot be read"),
        ("{}", "must be a list"),
        (json.dumps([GOOD, "word"]), "word 2"),
        (json.dumps([GOOD, {"term": "X1"}]), "word 2"),
        (json.dumps([GOOD, {**GOOD, "also": "x"}]), "word 2"),
        (json.dumps([GOOD, {**GOOD, "term": "good"}]), "twice"),
        (json.dumps([GOOD, {**GOOD, "term": "y" * 81}]), "word 2"),
        ("[" * 5000, "cannot be read"),
    ],
)
def test_load_when_the_file_is_wrong_then_says_where_and_keeps_nothing(
    authority, tmp_path: Path, content, words
):
    file = tmp_path / "glossary.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        load(file)
    assert not GlossaryTerm.objects.exists()


@pytest.mark.django_db
def test_load_when_the_file_holds_html_then_only_words_come_in(authority, tmp_path: Path):
    file = tmp_path / "glossary.json"
    row = {"term": "EH<b>CP</b>", "plain_meaning": "A <script>x</script>paper.", "also": ["EHC<br>plan"]}
    file.write_text(json.dumps([row]), encoding="utf-8")
    load(file)
    term = GlossaryTerm.objects.get()
    assert (term.term, term.plain_meaning, term.also) == ("EHCP", "A paper.", "EHC plan")


@pytest.mark.django_db
def test_load_when_there_is_no_such_file_or_authority_then_says_so(authority, tmp_path: Path):
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "none.json")
    with pytest.raises(CommandError, match="No authority"):
        load(authority="Nowhere")
