"""Every page and state that a reader or an officer can meet, by what draws it.

A place is drawn by a page type ("GuidancePage") or by a named address ("search:results"). A page type
or an address of ours that no place stands for fails `test_places`.
"""

from dataclasses import dataclass

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ARABIC = "صفحة النقل قديمة. لم نعرف بمن نتصل، وانتظرنا ثلاثة أسابيع."
# (what to do, where, with what): press a button or link, pick a choice by its words, write in a box.
Step = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """`of` a page type or a named address; `path` goes after its address; `steps` lead on from there."""

    name: str
    of: str
    path: str = ""
    steps: tuple[Step, ...] = ()
    status: int = 200


def press(words: str) -> Step:
    return ("press", words, "")


def pick(words: str) -> Step:
    return ("pick", words, "")


def write(where: str, words: str) -> Step:
    return ("write", where, words)


CONTINUE = press("Continue")
WHO = (pick("A parent or carer"), CONTINUE)
WHAT = (*WHO, pick("Something that is missing"), CONTINUE)
WORDS = (*WHAT, write("[name=text]", f"There is no club near us. {LONG}"), CONTINUE)
SHOWN = (*WORDS, pick("Yes, with names"), CONTINUE)
CHECKED = (*SHOWN, CONTINUE)

CONTENT = (
    Place("home", "HomePage"),
    Place("section: education", "EducationPage"),
    Place("section: health", "HealthPage"),
    Place("section: social care", "SocialCarePage"),
    Place("section: transport", "TransportPage"),
    Place("section: adulthood", "AdulthoodPage"),
    Place("section: redress", "RedressPage"),
    Place("section: advice", "AdvicePage"),
    Place("section: access", "AccessPage"),
    Place("guidance", "GuidancePage"),
    Place("landing", "LandingPage"),
    Place("step by step", "StepByStepPage"),
    Place("easy read", "EasyReadPage"),
    Place("sign language", "BslVideoPage"),
    Place("translated", "TranslatedPage", path="../../advice/polski/"),
    Place("translated, right to left", "TranslatedPage", path="../arabic/"),
    Place("easy read, signing and languages", "other_ways"),
    Place("A to Z", "AToZPage"),
    Place("glossary", "GlossaryPage"),
    Place("news", "NewsIndexPage"),
    Place("news item", "NewsPage"),
    Place("other formats", "AlternativeFormatsPage"),
    Place("other formats: errors", "AlternativeFormatsPage", steps=(press("Send this request"),)),
    Place("other formats: asked", "AlternativeFormatsPage", path="?asked=1"),
    Place("accessibility statement", "AccessibilityStatementPage"),
)
ACCOUNT = (
    Place("scorecard", "ScorecardPage"),
    Place("self-evaluation", "SelfEvaluationPage"),
    Place("who is responsible", "ResponsibilityPage"),
    Place("committee report", "CommitteeReportPage"),
    Place("committee report by a link", "shared_page"),
    Place("link that has ended", "shared_page", path="x/", status=404),
    Place("yearly reports", "AnnualReportIndexPage"),
    Place("yearly report", "AnnualReportPage"),
    Place("how we made this", "HowWeMadeThisPage"),
    Place("coverage", "coverage"),
    Place("what is new", "whats_changed"),
    Place("looking back: choose a day", "as_of_start"),
    Place("looking back: not a day", "as_of_start", path="?on=tomorrow", status=400),
    Place("looking back: a page", "as_of"),
    Place("looking back: no such page", "as_of", path="../no-such-page/", status=404),
    Place("print: everything", "print_offer"),
    Place("print: one section", "print_section"),
)
SEARCH = (
    Place("results: everything", "search:results"),
    Place("results: words", "search:results", path="?q=autism"),
    Place(
        "results: filtered, sorted, open", "search:results",
        path="?q=autism&age=7&postcode=BS5&within=5&need=ASD&sort=distance#filters",
    ),
    Place("results: a later page", "search:results", path="?page=3"),
    Place("results: nothing found", "search:results", path="?q=zzzqqqxx"),
    Place("results: filters leave nothing", "search:results", path="?q=swimming&age=2&need=VI&cost=free"),
    Place("results: faults in the form", "search:results", path="?q=autism&age=ninety&postcode=nowhere"),
    Place("results: long words", "search:results", path=f"?q={LONG}"),
    Place("words that may be meant", "search:suggest", path="?q=aut"),
    Place("words that nobody means", "search:suggest", path="?q=zzzqqqxx"),
    Place("shortlist: empty", "search:saved"),
    Place("shortlist: full", "search:saved", path="?ids={listed}"),
    Place("shortlist: gone", "search:saved", path="?ids=999999"),
    Place("guided: a question", "GuidedFinderPage"),
    Place("guided: fault", "GuidedFinderPage", path="?asked=age&age=ninety"),
    Place("guided: a choice", "GuidedFinderPage", path="?asked=age&age=7"),
    Place("guided: outcome", "GuidedFinderPage", path="?{guided}"),
    Place("service", "services:detail"),
    Place("service: everything, long words", "services:detail", path="../../{long_service}/"),
    Place("service: past its check", "services:detail", path="../../{late_service}/"),
    Place("open data", "services:data"),
    Place("open referral guide", "oruk:guide"),
    Place("review: start", "services:review"),
    Place("review: form", "services:review", steps=(press("Something needs to change"),)),
    Place(
        "review: errors", "services:review",
        steps=(press("Something needs to change"), press("Check what you changed")),
    ),
    Place(
        "review: check", "services:review",
        steps=(
            press("Something needs to change"),
            write("#id_waiting_time", f"About six weeks. {LONG}"),
            press("Check what you changed"),
        ),
    ),
    Place("review: it has ended", "services:review", steps=(press("It no longer runs"),)),
    Place("review: forged", "services:review", path="../forged/", status=404),
)  # fmt: skip
SAY = (
    Place("have your say", "feedback:comment"),
    Place("comment: nothing chosen", "feedback:comment", steps=(CONTINUE,)),
    Place("comment: what about", "feedback:comment", steps=WHO),
    Place("comment: words", "feedback:comment", steps=WHAT),
    Place("comment: no words", "feedback:comment", steps=(*WHAT, CONTINUE)),
    Place("comment: may we show it", "feedback:comment", steps=WORDS),
    Place("comment: how to reach you", "feedback:comment", steps=SHOWN),
    Place("comment: check your answers", "feedback:comment", steps=CHECKED),
    Place("comment: sent", "feedback:comment", steps=(*CHECKED, press("Send my comment"))),
    Place("comment: thanks", "feedback:sent"),
    Place("young people", "feedback:young"),
    Place("young people: nothing chosen", "feedback:young", steps=(CONTINUE,)),
    Place("find my comment", "feedback:follow"),
    Place("find my comment: no such number", "feedback:follow", path="?reference=nothing", status=404),
    Place("log", "feedback:log"),
    Place("log: nothing fits", "feedback:log", path="?q=zzzqqqxx"),
    Place("log: filters open", "feedback:log", path="?status=done#filters"),
    Place("log: entry", "feedback:log_entry"),
    Place("log: right to left, long words", "feedback:log_entry", path="../{rtl_comment}/"),
    Place("comment status: not read yet", "feedback:log_entry", path="../{waiting_comment}/"),
    Place("comment status: no such comment", "feedback:log_entry", path="../nothing/", status=404),
    Place("you said, we did", "feedback:said_and_did"),
    Place("useful: thanks", "feedback:useful_thanks", path="?about=/transport/"),
    Place("not found", "HomePage", path="no-such-page/", status=404),
)
PUBLIC = (*CONTENT, *ACCOUNT, *SEARCH, *SAY)

# Public addresses that draw no page, and why.
NO_PAGE = {
    "theme": "a stylesheet",
    "sitemap": "XML for programs",
    "sitemap_part": "XML for programs",
    "robots": "text for programs",
    "coverage_json": "JSON",
    "picture": "a picture",
    "wagtail_serve": "draws the page types",
    "wagtaildocs_serve": "a file",
    "wagtaildocs_authenticate_with_password": "Wagtail's own; no document of ours has a password",
    "wagtailcore_authenticate_with_password": "Wagtail's own; no page of ours has a password",
    "wagtailcore_login": "Wagtail's own; readers have no accounts",
    "sign_on": "leads to the sign-on of the council",
    "sign_on_callback": "leads on from there",
    "services:changes": "a feed",
    "services:data_file": "a file",
    "services:short": "leads to the page of the service",
    "services:calendar": "a calendar",
    "oruk:about": "JSON",
    "oruk:openapi": "JSON",
    "oruk:services": "JSON",
    "oruk:service": "JSON",
    "oruk:service_at_locations": "JSON",
    "oruk:service_at_location": "JSON",
    "oruk:taxonomies": "JSON",
    "oruk:taxonomy": "JSON",
    "oruk:taxonomy_terms": "JSON",
    "oruk:taxonomy_term": "JSON",
    "oruk:": "JSON that says what is not there",
    "feedback:was_useful": "counts a press, then leads on",
    "feedback:report_file": "a file",
    "feedback:log_csv": "a file",
    "feedback:log_json": "JSON",
    "feedback:log_feed": "a feed",
}
# Page types that draw nothing by themselves, and why.
NO_TYPE = {
    "Page": "Wagtail's root",
    "SectionPage": "the eight sections are kinds of it",
    "TwinPage": "Easy Read, sign language and translations are kinds of it",
    "HaveYourSayPage": "its address is answered by the comment form",
}
