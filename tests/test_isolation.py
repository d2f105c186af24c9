"""Two authorities in one installation: staff of one neither see nor change what is the other's.

Every address of the admin is walked, Wagtail's own among them, with the ids of the other authority's
things; and every list is read for the other's mark. An address that is added is walked without being
named here.
"""

import re
from copy import deepcopy
from datetime import date
from io import BytesIO
from itertools import islice
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.forms import CheckboxInput
from django.test import Client
from django.urls import reverse
from PIL import Image as Drawn
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.log_actions import log
from wagtail.models import Page, Site, Workflow, WorkflowPage, WorkflowTask, get_page_models
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from feedback import moderation
from feedback.models import Comment, ModerationEvent, UsefulCount
from localoffer import belonging, own_choices
from localoffer.coproduction import make_workflow
from localoffer.founding import GROUPS, make_groups, permissions_of
from localoffer.models import (
    CouncilSettings,
    EvaluationSet,
    FormatRequest,
    FormatRequestContact,
    GuidancePage,
    SelfEvaluationPage,
)
from localoffer.own_choices import keep_choices_own
from localoffer.regulations import Section, for_section
from localoffer.staff_groups import group_name, library_of
from search.models import SearchCount
from services.models import Location, Organisation, Service, WebLink
from services.viewsets import ServiceViewSet
from tests.factories import (
    make_authority,
    make_comment,
    make_home,
    make_location,
    make_page,
    make_section,
    make_service,
    make_user,
)
from tests.test_admin_permissions import HAS_FORM, ROLES, World, _views, our_views

pytestmark = pytest.mark.django_db

OURS, THEIRS = " Quartzmark", " Zirconmark"
SEEN = re.compile(THEIRS.strip(), re.IGNORECASE)
# What ends a session or answers only to a script of the admin.
LEFT_OUT = ("admin/logout/", "admin/password_reset/", "admin/jsi18n/", "admin/failwhale/")
PLAIN = list(
    dict.fromkeys(
        where
        for where, _, _ in _views()
        if where.startswith("admin/") and not re.search(r"[<(]", where) and where not in LEFT_OUT
    )
)
LISTS = [where for where in PLAIN if not re.search(r"/(add|new|create)/$", where)]
# A list's own address and that of its rows alone are one view: which is asked is said by each walk.
WITH_ROWS_ALONE = {where for where in LISTS if f"{where}results/" in LISTS}
OTHER_HOST = "otherton.example"


@pytest.fixture(scope="module")
def made_worlds(kept_rows):
    ours = World(make_home(), OURS)
    theirs = World(make_home("Otherton Council", OTHER_HOST), THEIRS)
    for world in (ours, theirs):
        _fill(world)
    return ours, theirs


@pytest.fixture
def worlds(made_worlds, settings):
    """(ours, theirs): one of everything for each, and more of theirs that lists could show."""
    settings.ALLOWED_HOSTS = ["*"]
    return deepcopy(made_worlds)


def _fill(world: World) -> None:
    site, mark = world.site, world.mark
    # Somebody of this council alone, so that a filter which offers names of staff shows whose it is.
    by = make_user(f"author{mark.strip()}", groups=[group_name(r, site) for r in ROLES.values()])
    draft = make_page(GuidancePage, world.home, title=f"Draft{mark}", live=False)
    draft.save_revision(user=by, log_action=True)
    workflow = make_workflow(world.home)
    workflow.start(draft, by)
    locked = make_page(GuidancePage, world.home, title=f"Locked{mark}", locked=True, locked_by=by)
    locked.save_revision(user=by).publish(user=by)
    UsefulCount.objects.create(
        authority=site, month=date.today().replace(day=1), path="/x/", title=f"Useful{mark}", yes=50, no=20
    )
    SearchCount.objects.create(
        authority=site, day=date.today(), words=f"lost{mark}".lower(), searches=40, failed=40
    )
    service = Service.objects.get(pk=world.by_model[Service])
    Service.objects.filter(pk=service.pk).update(url=f"https://x.example/{mark.strip()}")
    WebLink.objects.create(url=f"https://x.example/{mark.strip()}", state="broken", problem="Gone")
    waiting = make_service(site, name=f"Unfinished{mark}", live=False)
    waiting.save_revision(user=by)
    flow = Workflow.objects.create(name=f"Entries{mark}")
    WorkflowTask.objects.create(workflow=flow, task=workflow.tasks.first())
    WorkflowPage.objects.create(workflow=flow, page=locked)
    flow.start(waiting, by)
    make_comment(site, text=f"Please ring.{mark}", email="parent@example.org", phone="0117 496 0000")
    for thing in world.made:
        if belonging.paths_of(type(thing)):
            log(instance=thing, action="wagtail.edit", user=by, title=str(thing))
    collection = library_of(site)
    file = ContentFile(_png(), name=f"{mark.strip()}.png")
    Image.objects.create(title=f"Picture{mark}", file=file, collection=collection, width=1, height=1)
    paper = ContentFile(b"%PDF-1.4 x", name=f"{mark.strip()}.pdf")
    Document.objects.create(title=f"Paper{mark}", file=paper, collection=collection)


def _png() -> bytes:
    out = BytesIO()
    Drawn.new("RGB", (1, 1)).save(out, "PNG")
    return out.getvalue()


def staff_of(world: World, *roles: str, name: str = "insider") -> tuple[Client, Any]:
    """A member of the groups of an authority: of all of them, unless told otherwise."""
    names = [group_name(role, world.site) for role in (roles or ROLES.values())]
    user = make_user(f"{name}{world.site.pk}", groups=names)
    assert user.groups.count() == len(names)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client, user


def ask(client: Client, method: str, address: str, **data: Any) -> tuple[int, str]:
    """(status, all the words); what the request changed is taken back."""
    with transaction.atomic():
        response = getattr(client, method)(address, data)
        body = b"".join(response) if getattr(response, "streaming", False) else response.content
        transaction.set_rollback(True)
    told = response.get("Location", "") + body.decode("utf-8", "replace")
    return response.status_code, told


# -- the walks --------------------------------------------------------------------------------


def test_admin_when_staff_walk_every_address_with_ids_of_another_then_nothing_is_there(worlds):
    ours, theirs = worlds
    client, _ = staff_of(ours)
    wrong, walked = [], 0
    for where, name, model in our_views():
        address, own_address = theirs.address(where, name, model), ours.address(where, name, model)
        names_theirs = address != own_address
        for method in ("get", "post"):
            if method == "post" and name.endswith(":create") and not name.endswith(_FORMS):
                continue
            status, told = ask(client, method, address)
            if SEEN.search(told) or status >= 500:
                wrong.append(f"{method} {name} {address}: {status}, shows theirs: {bool(SEEN.search(told))}")
            if names_theirs and status not in (403, 404, 405) and not _refused(status, told):
                wrong.append(f"{method} {name} {address}: {status} with an id of theirs")
            walked += names_theirs
    assert not wrong, "\n".join(wrong)
    assert walked > 150


_FORMS = tuple(f"_{kind}:create" for kind in HAS_FORM)


def _refused(status: int, told: str) -> bool:
    """Wagtail's way to refuse is to lead home, and a chooser's is an answer without the thing."""
    return status == 302 and told.startswith("/admin/") and told in ("/admin/", reverse("twins_report"))


def test_admin_when_the_same_addresses_are_walked_with_own_ids_then_own_things_are_there(worlds):
    ours, _ = worlds
    client, _ = staff_of(ours)
    mark, seen = re.compile(OURS.strip(), re.IGNORECASE), set()
    for where, name, model in our_views():
        status, told = ask(client, "get", ours.address(where, name, model))
        if status == 200 and mark.search(told):
            seen.add(name)
    assert len(seen) > 80, sorted(seen)


def test_admin_when_staff_read_every_list_of_wagtail_then_nothing_of_another_is_in_it(worlds):
    """The name of the other council is in every "authority" that a filter could offer."""
    ours, theirs = worlds
    client, _ = staff_of(ours)
    assert str(theirs.site) not in str(ours.site)
    wrong, opened = [], 0
    for where in PLAIN:
        status, told = ask(client, "get", f"/{where}")
        opened += status == 200
        if SEEN.search(told) or status >= 500:
            wrong.append(f"{where}: {status}")
        # An entry may serve families of another council, which is why the form of one names them.
        if _names(theirs, told) and "/add/" not in where:
            wrong.append(f"{where}: a filter names the other council")
    assert not wrong, "\n".join(wrong)
    assert opened > 20


def _names(world: World, told: str) -> bool:
    return f">{world.site}<" in re.sub(r"\s*([<>])\s*", r"\1", told)


def test_filters_when_staff_belong_to_both_councils_then_lists_name_both(worlds):
    ours, theirs = worlds
    client, user = staff_of(ours)
    user.groups.add(*make_groups(theirs.site))
    lists = [reverse(name) for where, name, _ in our_views() if not re.search(r"[<(]", where)]
    both = (where for where in lists if _names(theirs, ask(client, "get", where)[1]))
    assert len(list(islice(both, 9))) == 9


def test_exports_when_staff_take_every_list_as_a_file_then_nothing_of_another_is_in_it(worlds):
    ours, _ = worlds
    client, _ = staff_of(ours)
    mark, seen, wrong = re.compile(OURS.strip(), re.IGNORECASE), 0, []
    for where in (one for one in LISTS if not one.endswith("/results/")):
        status, told = ask(client, "get", f"/{where}", export="csv")
        seen += bool(mark.search(told))
        if SEEN.search(told) or status >= 500:
            wrong.append(where)
    assert not wrong, "\n".join(wrong)
    assert seen > 10


def test_search_boxes_when_staff_look_for_what_is_anothers_then_nothing_is_found(worlds):
    ours, _ = worlds
    client, _ = staff_of(ours)
    wrong = []
    for where in (one for one in LISTS if one not in WITH_ROWS_ALONE):
        _, told = ask(client, "get", f"/{where}", q="mark", s="mark", search="mark")
        if SEEN.search(told):
            wrong.append(where)
    assert not wrong, "\n".join(wrong)


def test_bulk_actions_when_staff_name_or_choose_all_then_nothing_of_another_is_named(worlds):
    ours, theirs = worlds
    client, _ = staff_of(ours)
    bulk_action_registry._scan_for_bulk_actions()
    wrong, walked = [], 0
    for app, models in bulk_action_registry.actions.items():
        for model, actions in models.items():
            for action in actions:
                address = reverse("wagtail_bulk_action", args=[app, model, action])
                theirs_ids = [pk for made, pk in theirs.by_model.items() if made._meta.model_name == model]
                for chosen in ("all", *theirs_ids):
                    for method in ("get", "post"):
                        walked += 1
                        status, told = ask(client, method, f"{address}?id={chosen}&next=/admin/")
                        if SEEN.search(told) or status >= 500:
                            wrong.append(f"{method} {address} {chosen}: {status}")
    assert not wrong, "\n".join(wrong)
    assert walked > 30


def test_wagtails_own_addresses_when_walked_with_pages_and_files_of_another_then_nothing_is_shown(worlds):
    ours, theirs = worlds
    client, _ = staff_of(ours)
    page = Page.objects.get(title=f"Draft{THEIRS}")
    picture, paper = Image.objects.get(title=f"Picture{THEIRS}"), Document.objects.get(title=f"Paper{THEIRS}")
    known = {where for where, _, _ in our_views()}
    wrong, walked = [], 0
    for where, name, _ in _views():
        if not where.startswith("admin/") or where in known or where in (*PLAIN, *LEFT_OUT):
            continue
        pk = picture.pk if "image" in where else paper.pk if "document" in where else page.pk
        for address in _filled(where, str(pk), page):
            walked += 1
            for method in ("get", "post"):
                status, told = ask(client, method, address)
                if SEEN.search(told) or (status >= 500 and method == "get"):
                    wrong.append(f"{method} {name} {address}: {status}")
    assert not wrong, "\n".join(wrong)
    assert walked > 100


def _filled(where: str, pk: str, page: Page) -> list[str]:
    words = {
        "app_label": "localoffer",
        "app_name": "localoffer",
        "content_type_app_name": "localoffer",
        "content_type_model_name": "guidancepage",
        "model_name": "guidancepage",
        "action": "publish",
        "action_name": "approve",
        "content_type_id": str(page.content_type_id),
        "revision_id": str(page.latest_revision_id or 1),
    }
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)", r"<\1>", where)
    plain = re.sub(r"\([^)]*\)", "<pk>", plain)
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: words.get(found[1], pk), plain)
    return ["/" + address.replace("\\", "").replace("^", "").rstrip("$")]


def test_choosers_of_pages_when_staff_look_for_another_then_only_own_pages_are_offered(worlds):
    ours, theirs = worlds
    client, _ = staff_of(ours)
    theirs_home, ours_home = theirs.home.pk, ours.home.pk
    for address in (
        f"/admin/choose-page/{theirs_home}/",
        "/admin/choose-page/search/?q=mark",
        f"/admin/choose-page/chosen-multiple/?id={Page.objects.get(title=f'Draft{THEIRS}').pk}",
        f"/admin/api/main/pages/?child_of={theirs_home}",
        f"/admin/api/main/pages/{theirs_home}/",
        "/admin/api/main/pages/?fields=*&limit=100",
        "/admin/pages/search/?q=mark",
        "/admin/api/main/images/?fields=*",
        "/admin/api/main/documents/?fields=*",
    ):
        _, told = ask(client, "get", address)
        assert not SEEN.search(told), address
    assert f"Draft{OURS}" in ask(client, "get", f"/admin/choose-page/{ours_home}/")[1]


def test_reports_of_wagtail_when_read_then_they_show_ones_own_and_name_ones_own_staff(worlds):
    ours, _ = worlds
    client, _ = staff_of(ours)
    for report, words in (
        ("workflow", (f"Draft{OURS}", f"Unfinished{OURS}", f"author{OURS.strip()}", f"Entries{OURS}")),
        ("workflow_tasks", (f"Draft{OURS}", f"Unfinished{OURS}", f"Entries{OURS}")),
        ("locked", (f"Locked{OURS}", f"author{OURS.strip()}")),
        ("site-history", (f"Draft{OURS}", f"author{OURS.strip()}")),
        ("aging-pages", (f"Locked{OURS}",)),
        ("page-types-usage", ("Guidance",)),
    ):
        for address in (f"/admin/reports/{report}/", f"/admin/reports/{report}/results/"):
            status, told = ask(client, "get", address)
            assert status == 200
            assert not SEEN.search(told), address
            for word in words if not address.endswith("results/") else ():
                assert word in told, (address, word)


# -- what is written ---------------------------------------------------------------------------


def post_page(client: Client, page: Page, **changed: Any) -> Any:
    """The answer to a page's form, sent as the editor sends it with some of it changed."""
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(edit).context["form"]
    data = {
        form.add_prefix(name): form[name].value() or ""
        for name, field in form.fields.items()
        if not isinstance(field.widget, CheckboxInput)
    }
    for part in form.formsets.values():
        data |= {f"{part.prefix}-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return client.post(edit, {**data, **changed})


def faults(answer: Any) -> dict[str, Any]:
    """What the form says is wrong, by field; nothing where it was taken."""
    return answer.context["form"].errors if answer.context and "form" in answer.context else {}


def test_page_form_when_it_names_what_is_anothers_then_refused(worlds):
    ours, theirs = worlds
    client, _ = staff_of(ours)
    judge = SelfEvaluationPage.objects.descendant_of(ours.home).get()
    sets = {world: EvaluationSet.objects.get(title=f"Questions{world.mark}") for world in worlds}
    assert "evaluation_set" in faults(post_page(client, judge, evaluation_set=sets[theirs].pk))
    assert "evaluation_set" not in faults(post_page(client, judge, evaluation_set=sets[ours].pk))
    guide = GuidancePage.objects.get(title=f"Guidance{OURS}")
    for world in worlds:
        page = Page.objects.get(title=f"Draft{world.mark}")
        paper = Document.objects.get(title=f"Paper{world.mark}")
        for kind, pk in (("page", page.pk), ("document", paper.pk)):
            answer = post_page(client, guide, body=rich_text(f'<p><a linktype="{kind}" id="{pk}">x</a></p>'))
            assert ("body" in faults(answer)) == (world is theirs), (kind, world.mark)


def test_page_form_when_a_block_names_a_service_of_another_then_refused(worlds):
    ours, theirs = worlds
    client, _ = staff_of(ours)
    page = make_section(Section.TRANSPORT, home=ours.home, slug="travel", answers=[], live=False)
    for world in worlds:
        answer = {
            "requirement": for_section(Section.TRANSPORT)[0].key,
            "heading": "",
            "body": rich_text("<p>x</p>"),
            "documents": streamfield([]),
            "service_categories": streamfield([]),
            "services": {**streamfield([("item", world.by_model[Service])])},
        }
        given = nested_form_data({"answers": streamfield([("answer", answer)])})
        errors = faults(post_page(client, page, **given))
        assert (own_choices.NOT_OURS in str(errors.get("answers", ""))) == (world is theirs)
        if world is ours:
            page.refresh_from_db()
            assert str(world.by_model[Service]) in str(page.get_latest_revision().content["answers"])


def test_pages_when_they_are_edited_then_every_kind_has_the_form_that_takes_only_ones_own():
    for model in get_page_models():
        if model._meta.app_label in ("localoffer", "services", "search", "feedback"):
            assert issubclass(model.base_form_class, own_choices.OwnPageForm), model


def test_forms_when_a_field_of_staff_names_another_authority_then_refused(worlds):
    ours, theirs = worlds
    client, _ = staff_of(ours)
    given = {
        "authority": theirs.site.pk, "title": "Slipped in", "words": "x", "topic": "", "text": "x",
        "name": "Slipped in", "term": "Slip", "plain_meaning": "Slipped in", "phrases": "slipped",
        "first_due": "2027-01-01", "every_months": 3, "starts": "2027-01-01", "ends": "2027-02-01",
        "page_wanted": "Slipped in", "format": "large_print", "status": "planned", "response": "x",
        "you_said": "x", "owner_role": "x", "target_date": "2027-01-01", "kind": "reviewing",
        "opened": "2027-01-01", "method": "x", "summary": "x",
    }  # fmt: skip
    before = _counts(theirs.site)
    for _, name, model in our_views():
        if name.endswith(":add") and model is not None and belonging.paths_of(model):
            client.post(reverse(name), given)
    assert _counts(theirs.site) == before


def _counts(site: Site) -> dict[str, int]:
    found = {}
    for app in ("localoffer", "services", "search", "feedback"):
        for model in apps.get_app_config(app).get_models():
            if belonging.paths_of(model) == ("authority",):
                found[model.__name__] = model._default_manager.filter(authority=site).count()
    return found


def test_service_when_made_with_anothers_provider_or_place_then_refused(worlds):
    ours, theirs = worlds
    client, user = staff_of(ours)
    form_class = ServiceViewSet()._edit_handler.get_form_class()
    data = {"organisation": theirs.by_model[Organisation]}
    form = form_class(data, instance=Service(authority=ours.site), for_user=user)
    keep_choices_own(form, user)
    assert "organisation" in form.errors
    other = make_location(theirs.site, name="Refuge", address_1="12 Secret Street", address_hidden=True)
    row = {
        "service_locations-TOTAL_FORMS": "1",
        "service_locations-INITIAL_FORMS": "0",
        "service_locations-0-location": other.pk,
    }
    form = form_class(row, instance=Service(authority=ours.site), for_user=user)
    keep_choices_own(form, user)
    assert "location" in form.formsets["service_locations"].forms[0].errors
    assert Location.objects.filter(pk=other.pk).exists()


def test_settings_when_staff_ask_for_those_of_another_then_refused(worlds):
    ours, theirs = worlds
    client, _ = staff_of(ours, "Council publisher")
    address = reverse("wagtailsettings:edit", args=["localoffer", "councilsettings", theirs.site.pk])
    assert ask(client, "get", address)[1] == "/admin/"
    client.post(address, {"council_name": "Taken over"})
    assert CouncilSettings.for_site(theirs.site).council_name == "Otherton Council"
    own = reverse("wagtailsettings:edit", args=["localoffer", "councilsettings", ours.site.pk])
    assert ask(client, "get", own)[0] == 200
    home = reverse("wagtailsettings:edit", args=["localoffer", "councilsettings"])
    with_host = client.get(home, headers={"host": OTHER_HOST})
    assert with_host["Location"].endswith(f"/{ours.site.pk}/")


def test_words_that_all_share_when_staff_of_one_authority_change_them_then_refused(worlds):
    ours, _ = worlds
    client, _ = staff_of(ours)
    for name in ("services_need", "services_category", "search_synonymgroup"):
        model = next(m for _, n, m in our_views() if n == f"wagtailsnippets_{name}:edit")
        address = reverse(f"wagtailsnippets_{name}:edit", args=[ours.by_model[model]])
        assert ask(client, "get", address)[1] == "/admin/", name
        assert ask(client, "get", reverse(f"wagtailsnippets_{name}:list"))[0] == 200
    everywhere = make_user("both", groups=[g.name for w in worlds for g in make_groups(w.site)])
    client.force_login(everywhere)
    assert ask(client, "get", reverse("wagtailsnippets_services_need:list"))[0] == 200
    address = reverse("wagtailsnippets_search_synonymgroup:add")
    assert ask(client, "get", address)[0] == 200


# -- who belongs where -------------------------------------------------------------------------


def test_rights_when_held_in_one_authority_then_they_do_not_count_in_another(worlds):
    ours, theirs = worlds
    user = make_user(
        "two", groups=[group_name("Council publisher", ours.site), group_name("Viewer", theirs.site)]
    )
    client = Client()
    client.force_login(user)
    service = Service.objects.get(pk=theirs.by_model[Service])
    edit = reverse("wagtailsnippets_services_service:edit", args=[service.pk])
    assert f"Swim{THEIRS}" in ask(client, "get", reverse("wagtailsnippets_services_service:list"))[1]
    assert ask(client, "get", edit)[0] == 404
    own = reverse("wagtailsnippets_services_service:edit", args=[ours.by_model[Service]])
    assert ask(client, "get", own)[0] == 200
    form = ServiceViewSet()._edit_handler.get_form_class()(instance=Service(), for_user=user)
    keep_choices_own(form, user)
    assert form.instance.authority == ours.site
    assert "authority" not in form.fields or theirs.site not in form.fields["authority"].queryset
    assert belonging.authorities_of(user, "services.change_service") == (ours.site,)
    assert set(belonging.authorities_of(user)) == {ours.site, theirs.site}
    bulk = reverse("wagtail_bulk_action", args=["services", "service", "unpublish"])
    client.post(f"{bulk}?id={service.pk}&next=/admin/")
    assert Service.objects.get(pk=service.pk).live


def test_moderation_when_somebody_moderates_for_another_authority_then_refused(worlds):
    ours, theirs = worlds
    _, user = staff_of(ours, "Comment moderator")
    comment = Comment.objects.filter(authority=theirs.site).first()
    with pytest.raises(PermissionDenied, match="this council"):
        moderation.redact(comment=comment, by=user, version=comment.version, public_text="Mine")
    assert not ModerationEvent.objects.filter(by=user).exists()


def test_person_when_their_data_is_looked_for_then_only_in_ones_own_authority(worlds):
    ours, theirs = worlds
    client, _ = staff_of(ours)
    asked = {"email": "parent@example.org", "reason": "They asked."}
    address = reverse("personal_data_person")
    told = client.post(address, asked, headers={"host": OTHER_HOST}).content.decode()
    rang = Comment.objects.filter(original__startswith="Please ring.")
    assert rang.get(authority=ours.site).reference in told
    assert rang.get(authority=theirs.site).reference not in told
    client.post(address, {**asked, "erase": "1"}, headers={"host": OTHER_HOST})
    assert Comment.objects.filter(authority=theirs.site, contact__email="parent@example.org").exists()
    assert not Comment.objects.filter(authority=ours.site, contact__email="parent@example.org").exists()


def test_request_when_staff_may_only_read_it_then_they_cannot_erase_it(client):
    site = make_authority()
    asked = FormatRequest.objects.create(authority=site, page_wanted="Transport", format="large_print")
    FormatRequestContact.objects.create(request=asked, email="parent@example.org")
    reader = Group.objects.create(name="Readers")
    reader.permissions.set(permissions_of(("wagtailadmin.access_admin", "localoffer.view_formatrequest")))
    client.force_login(make_user("reader", groups=["Readers"]))
    given = {"email": "parent@example.org", "reason": "I like to.", "erase": "1"}
    client.post(reverse("personal_data_person"), given)
    assert FormatRequestContact.objects.filter(request=asked).exists()


def test_groups_when_a_second_authority_is_founded_then_each_reaches_only_its_own_pages_and_files(worlds):
    ours, theirs = worlds
    assert set(GROUPS) <= set(Group.objects.values_list("name", flat=True))
    for world in worlds:
        publisher = Group.objects.get(name=group_name("Council publisher", world.site))
        assert {held.page_id for held in publisher.page_permissions.all()} == {world.home.pk}
        collections = {held.collection.name for held in publisher.collection_permissions.all()}
        assert collections == {world.site.site_name or world.site.hostname}


def test_shared_questions_when_staff_of_one_would_take_them_away_or_change_them_then_they_stay(worlds):
    """Wagtail's own view asks only for the right to delete: those of one council took a set from all."""
    ours, _ = worlds
    shared = EvaluationSet.objects.create(title="Shared by all", key="shared-by-all", version="1")
    client, _ = staff_of(ours)
    for action in ("delete", "edit"):
        address = reverse(f"wagtailsnippets_localoffer_evaluationset:{action}", args=[shared.pk])
        for method in ("get", "post"):
            response = getattr(client, method)(address, {"title": "Mine"})
            assert response.status_code == 302
            assert response["Location"] == "/admin/"
    shared.refresh_from_db()
    assert shared.title == "Shared by all"


def test_questions_when_another_council_has_a_set_of_the_same_name_then_each_has_its_own(worlds):
    ours, theirs = worlds
    for world in (ours, theirs):
        client, _ = staff_of(world, name="asker")
        sent = {"title": f"Annex C{world.mark}", "key": "annex-c", "version": "2", "about": ""}
        sent |= {f"items-{name}_FORMS": number for name, number in (("TOTAL", "0"), ("INITIAL", "0"))}
        host = {"host": world.site.hostname if world is theirs else "testserver"}
        made = client.post(reverse("wagtailsnippets_localoffer_evaluationset:add"), sent, headers=host)
        assert made.status_code == 302, made.content.decode()[:3000]
        again = client.post(reverse("wagtailsnippets_localoffer_evaluationset:add"), sent, headers=host)
        assert "Give it another version" in again.content.decode()
    kept = EvaluationSet.objects.filter(key="annex-c").values_list("authority", "title")
    assert set(kept) == {(world.site.pk, f"Annex C{world.mark}") for world in worlds}
    EvaluationSet.objects.create(key="annex-c", version="2", title="For all")
    with pytest.raises(IntegrityError), transaction.atomic():
        EvaluationSet.objects.create(key="annex-c", version="2", title="For all again")


def test_shared_questions_when_staff_hold_the_right_in_every_council_then_theirs_to_take_away(worlds):
    ours, theirs = worlds
    shared = EvaluationSet.objects.create(title="Shared by all", key="shared-by-all", version="1")
    client, user = staff_of(ours)
    user.groups.add(
        *Group.objects.filter(name__in=[group_name(role, theirs.site) for role in ROLES.values()])
    )
    client.post(reverse("wagtailsnippets_localoffer_evaluationset:delete", args=[shared.pk]))
    assert not EvaluationSet.objects.filter(pk=shared.pk).exists()
