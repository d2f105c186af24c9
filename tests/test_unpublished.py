"""What is not published is nowhere: one walk over every channel that leads out of the site.

Drafts, what was taken down, new words that wait beside live ones, private pages, and comments that were
never shown. Every link is followed, every public address is asked with their ids, and files, feeds, the
index, the evidence pack and the yearly report are read.
"""

import io
import re
import zipfile

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from feedback import moderation
from feedback.enums import Disposition
from localoffer.models import CouncilSettings, GuidancePage, ScorecardPage, Visibility
from localoffer.regulations import Section
from search.models import IndexedDocument
from services.models import Service
from services.package.export import Audience, Export
from tests.crawler import crawl
from tests.factories import (
    make_action,
    make_comment,
    make_home,
    make_news,
    make_organisation,
    make_page,
    make_published,
    make_section,
    make_service,
    make_user,
    moderator_of,
)
from tests.feedback.record import make_draft, make_round
from tests.test_admin_permissions import _views

pytestmark = pytest.mark.django_db
# In small letters an address may be said again to whoever asked for it.
HIDDEN, SHOWN = "Zirconmark", "Quartzmark"
SEEN = re.compile(HIDDEN)


class Kept:
    """One of each thing that nobody may read, beside one of each that all may."""

    def __init__(self, home):
        self.home, self.site = home, home.get_site()
        call_command("setup", "--name", "Avonmere Council", "--hostname", self.site.hostname,
                     port=self.site.port, verbosity=0)  # fmt: skip
        self.by = moderator_of(self.site)
        self.pages, self.services, self.comments = [], [], []
        self._make_pages()
        self._make_services()
        self._make_comments()
        make_round(self.site, title=f"Round {HIDDEN}", summary=f"Heard {HIDDEN}", published=False)
        make_draft(self.site)
        call_command("rebuild_index", verbosity=0)

    def _make_pages(self):
        home = self.home
        make_page(GuidancePage, home, title=f"Guide {SHOWN}", slug="guide", body=f"<p>Ring {SHOWN}.</p>")
        draft = make_page(GuidancePage, home, title=f"Draft {HIDDEN}", slug="draft", live=False)
        draft.save_revision()
        self.goes = make_page(
            GuidancePage, home, title=f"Goes {HIDDEN}", slug="goes", body=f"<p>{HIDDEN}</p>"
        )
        waiting = make_page(GuidancePage, home, title=f"Waits {SHOWN}", slug="waits")
        waiting.title, waiting.body = f"Waits {HIDDEN}", f"<p>{HIDDEN}</p>"
        waiting.save_revision()
        private = make_page(GuidancePage, home, title=f"Private {HIDDEN}", slug="private", body=HIDDEN)
        PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
        section = make_section(Section.HEALTH, home=home, slug="health", title=f"Health {HIDDEN}", live=False)
        news = make_news(home, title=f"News {HIDDEN}", summary=HIDDEN, live=False)
        score = ScorecardPage(title=f"Score {HIDDEN}", slug="score", introduction=HIDDEN,
                              visibility=Visibility.COUNCILLORS)  # fmt: skip
        home.add_child(instance=score)
        score.save_revision().publish()
        self.pages = [draft, self.goes, waiting, private, section, news, score]

    def _make_services(self):
        provider = make_organisation(self.site, name=f"Provider {SHOWN}")
        make_service(self.site, name=f"Swim {SHOWN}", organisation=provider, summary=f"Swimming {SHOWN}")
        unseen = make_organisation(self.site, name=f"Provider {HIDDEN}")
        draft = make_service(
            self.site, name=f"Swim {HIDDEN}", organisation=unseen, summary=HIDDEN, live=False
        )
        self.ends = make_service(
            self.site, name=f"Ends {HIDDEN}", summary=f"Swimming {HIDDEN}", needs=("ASD",)
        )
        waiting = make_service(self.site, name=f"Club {SHOWN}")
        waiting.name = waiting.summary = f"Club {HIDDEN}"
        waiting.save_revision()
        self.services = [draft, self.ends, waiting]

    def _make_comments(self):
        site, by = self.site, self.by
        make_published(
            site, public_text=f"The bus {SHOWN}", text=f"{HIDDEN} missed it", email=f"{HIDDEN}@x.org"
        )
        new = make_comment(site, text=f"New {HIDDEN}")
        for ground in (
            Disposition.WITHHELD_VEXATIOUS,
            Disposition.WITHHELD_INDIVIDUAL,
            Disposition.OUTSIDE_SCOPE,
            Disposition.SPAM,
        ):
            held = make_comment(site, text=f"Held {HIDDEN}", email=f"{HIDDEN}@x.org")
            moderation.withhold(
                comment=held, by=by, version=held.version, ground=ground, reason=f"It names {HIDDEN} there."
            )
            self.comments.append(held)
        other = make_user("second", is_superuser=True)
        agreed = self.comments[0]
        agreed.refresh_from_db()
        moderation.confirm_withholding(comment=agreed, by=other, version=agreed.version, agrees=True)
        harm = make_comment(site, text=f"Harm {HIDDEN}")
        moderation.flag_safeguarding(comment=harm, by=by, version=harm.version, on=True)
        counted = make_comment(site, text=f"Counted {HIDDEN}", consent="count_only")
        moderation.count(comment=counted, by=by, version=counted.version, action=make_action(site))
        self.comes_off = make_published(
            site, text=f"Off {HIDDEN}", public_text=f"Off {HIDDEN}", heading=HIDDEN
        )
        self.comments += [new, harm, counted, self.comes_off]

    def take_down(self):
        self.goes.unpublish()
        Service.objects.get(pk=self.ends.pk).unpublish()
        off = self.comes_off
        moderation.reopen(comment=off, by=self.by, version=off.version, reason="It names somebody.")


@pytest.fixture
def kept():
    return Kept(make_home("Avonmere Council"))


def test_every_channel_when_a_reader_walks_it_then_nothing_unpublished_is_there(
    kept, django_capture_on_commit_callbacks
):
    before = dict(crawl(Client(), queries_under="/have-your-say/"))
    assert sum(HIDDEN in text for text in before.values()) > 3  # what is still up is found by the walk
    with django_capture_on_commit_callbacks(execute=True):
        kept.take_down()
    after = dict(crawl(Client(), queries_under="/have-your-say/"))
    assert not [address for address, text in after.items() if SEEN.search(text)]
    assert sum(SHOWN in text for text in after.values()) > 5
    wrong, walked = [], 0
    client = Client(raise_request_exception=False)
    for address in {*_addresses(kept), *before}:
        walked += 1
        answer = client.get(address, follow=True)
        body = b"".join(answer) if answer.streaming else answer.content
        if SEEN.search(body.decode("utf-8", "replace")) or answer.status_code >= 500:
            wrong.append(f"{address}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert walked > 120


def test_history_when_open_to_all_then_no_draft_and_nothing_private_is_in_it(kept):
    council = CouncilSettings.for_site(kept.site)
    council.public_history = True
    council.save()
    kept.goes.delete()
    day, client = timezone.localdate().isoformat(), Client()
    assert client.get(f"/as-of/{day}/guide/").status_code == 200
    for page in kept.pages:
        path = page.url_path.removeprefix(kept.home.url_path)
        told = client.get(f"/as-of/{day}/{path}", follow=True).content.decode()
        assert not SEEN.search(told), path


def test_files_when_made_for_others_then_nothing_unpublished_is_in_them(
    kept, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        kept.take_down()
    texts = {"index": " ".join(f"{row.entry}{row.card}" for row in IndexedDocument.objects.all())}
    out = io.BytesIO()
    Export(kept.site, Audience.PUBLIC).write_zip(out)
    texts["package"] = _unzipped(out.getvalue())
    staff = Client()
    staff.force_login(make_user("publisher", is_superuser=True))
    page = staff.get(reverse("evidence_pack"))
    made = staff.post(
        reverse("evidence_pack"), {n: page.context["form"][n].value() for n in ("start", "end")}
    )
    texts["pack"] = _unzipped(b"".join(made))
    for name, text in texts.items():
        # The council's own log of changes may name a page that it took down, by its title alone.
        said = re.sub(rf"(Goes|Ends|Waits|Club|Private|Score) {HIDDEN}", "", text) if name == "pack" else text
        assert HIDDEN.casefold() not in said.casefold(), (name, said[max(0, said.find(HIDDEN) - 200) :][:400])
        assert SHOWN.casefold() in text.casefold(), name


def test_suggestions_when_a_word_stood_only_in_what_was_taken_down_then_it_is_not_offered(
    kept, django_capture_on_commit_callbacks
):
    client = Client()
    assert HIDDEN.lower() in client.get("/services/suggest/?q=zirc").content.decode()
    assert HIDDEN.lower() in client.get("/services/?q=zircnmark").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        kept.take_down()
    for asked in ("suggest/?q=zirc", "?q=zircnmark", "?q=swim+zircnmark"):
        assert HIDDEN.lower() not in client.get(f"/services/{asked}").content.decode().casefold(), asked
    assert SHOWN.lower() in client.get("/services/suggest/?q=quartzm").content.decode()
    assert SHOWN.lower() in client.get("/services/?q=quartzmrk").content.decode()


def _unzipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return "".join(held.read(name).decode() for name in held.namelist())


def _addresses(kept):
    """Every address that is not of the admin's own, with the ids and numbers of what is kept back."""
    paths = [page.url_path.removeprefix(kept.home.url_path) for page in kept.pages]
    values = {
        "asked": [str(service.uuid) for service in kept.services],
        "day": ["2026-11-01"],
        "path": paths,
        "pk": [str(service.pk) for service in kept.services],
        "slug": [service.slug for service in kept.services],
        "reference": [comment.reference for comment in kept.comments],
        "name": ["open-data", "template", "sample"],
        "period": ["2024-2025"],
        "part": ["comments", "actions", "counts"],
        "section": ["pages", "services", "comments"],
    }
    for where, _, _ in _views():
        if where.startswith(("admin/", "_util/", "media/")):
            continue
        plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)", r"<\1>", where)
        names = re.findall(r"<(?:\w+:)?(\w+)>", plain)
        for number in range(max((len(values.get(name, [""])) for name in names), default=1)):
            filled = plain
            for name in names:
                choices = values.get(name, ["x"])
                one = choices[min(number, len(choices) - 1)]
                filled = re.sub(rf"<(?:\w+:)?{name}>", one, filled, count=1)
            yield "/" + filled.replace("^", "").replace("\\", "").replace("/?$", "/").rstrip("$")
    for path in paths:
        yield from (f"/{path}", f"/print/{path}", f"/have-your-say/?about=/{path}", f"/{path}?preview=1")
    for page in kept.pages:
        yield from (f"/admin/pages/{page.pk}/view_draft/", f"/admin/pages/{page.pk}/edit/preview/")
        yield f"/admin/api/main/pages/{page.pk}/"
        if page.latest_revision_id:
            yield f"/admin/pages/{page.pk}/revisions/{page.latest_revision_id}/view/"
    for query in ("q=swim", "q=zirconmark", "q=zircon*", "need=ASD", "q=club", "q=goes", "q=bus"):
        yield from (f"/{start}?{query}" for start in ("services/", "services/suggest/"))
        for kind in ("comments/", "comments.csv", "comments.json", "comments.atom"):
            yield f"/have-your-say/{kind}?{query}"
        yield f"/open-referral/services?{query}"
    for service in kept.services:
        yield f"/services/saved/?ids={service.pk}"
        yield f"/have-your-say/?about={service.get_absolute_url()}"
        yield f"/admin/services/service/preview/{service.pk}/"
    for comment in kept.comments:
        yield f"/have-your-say/follow/?reference={comment.reference}"
        yield f"/admin/feedback/comments/edit/{comment.pk}/"
