"""The guard at the admin's door: what belongs to another authority is not there, whatever the view.

It reads the view's model, the right it asks for and the ids in the address, so that a view that is
added later, of ours or of Wagtail's, is guarded without being told. Lists, forms and choosers are kept
apart by `own_views`.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.auth import permission_denied
from wagtail.models import Page
from wagtail.permissions import policy_registry

from localoffer.belonging import Apart, belonging, is_shared, own_pages, owns, paths_of
from localoffer.own_choices import LIBRARY_ACTIONS, rights_on

ADMIN = "/admin/"
NOT_HERE = "There is no such thing among those of your council."
# Views of Wagtail that ask for no right of their own before they act.
ASKS = {"unpublish": "publish", "revisions_unschedule": "publish", "lock": "change", "unlock": "change"}
LIBRARY = {"images": ("wagtailimages", "image"), "documents": ("wagtaildocs", "document")}


class KeepsAuthoritiesApart:
    """Middleware, after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Not found, where the address names a thing of an authority that the person is not of; refused,
        where it would change what all authorities share and the right is not held in each."""
        if not request.path_info.startswith(ADMIN) or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if str(match.url_name).startswith("task_cho") and not _keeps_workflows(request.user):
            raise Http404(NOT_HERE)
        pages = _pages_named(request, match, kwargs)
        file = LIBRARY.get(match.namespaces[-1]) if "wagtailadmin_api" in match.namespaces else None
        model = model_of(view) if "pk" in kwargs else None
        if not (pages or file or (model and paths_of(model))):
            return None
        if pages and own_pages(Page.objects.filter(pk__in=pages), request.user).count() < len(pages):
            raise Http404(NOT_HERE)
        if file:
            _require_file(request.user, file, kwargs.get("pk"))
        elif model is not None and paths_of(model):
            thing = _thing(model, unquote(str(kwargs["pk"])))
            actions = _actions(view, match.url_name)
            rights = rights_on(model, *actions) if actions else ()
            if thing is not None and not _may_reach(request.user, thing, rights):
                raise Http404(NOT_HERE)
            if thing is not None and not _may_change(request.user, thing, actions):
                return permission_denied(request)
        return None


def _keeps_workflows(user: Any) -> bool:
    """Wagtail's chooser of tasks names every workflow to everybody, and asks for no right."""
    return any(user.has_perm(f"wagtailcore.{verb}_workflow") for verb in ("add", "change"))


def _pages_named(request: HttpRequest, match: Any, kwargs: dict[str, Any]) -> set[int]:
    """Ids of the pages in an address; the root of all of them is nobody's."""
    given: list[Any] = [value for name, value in kwargs.items() if name.endswith("page_id")]
    given += [kwargs.get("page_to_move_id"), kwargs.get("destination_id")]
    if match.url_name == "wagtailadmin_choose_page_chosen_multiple":
        given += request.GET.getlist("id")
    if match.namespaces[-2:] == ["wagtailadmin_api", "pages"]:
        given.append(kwargs.get("pk"))
    ids = {int(one) for one in given if str(one).isascii() and str(one).isdigit() and len(str(one)) < 18}
    return set(Page.objects.filter(pk__in=ids, depth__gt=1).values_list("pk", flat=True)) if ids else set()


def _may_reach(user: Any, thing: Model, rights: Iterable[str]) -> bool:
    """Whether it is one's own. A right that is held nowhere is for the view to refuse, in its words; one
    that is held elsewhere does not count here."""
    rights = tuple(rights)
    return owns(user, thing) and (not belonging(user).ids(rights) or owns(user, thing, *rights))


def _require_file(user: Any, file: tuple[str, str], pk: Any) -> None:
    """A picture or document of a collection that the person has nothing to do with is not there; nor is
    the list of all of them, which no page of the admin asks for."""
    if belonging(user).is_everywhere():
        return
    policy = policy_registry.get_by_type(apps.get_model(*file))
    if not policy.instances_user_has_any_permission_for(user, LIBRARY_ACTIONS).filter(pk=pk).exists():
        raise Http404(NOT_HERE)


def _may_change(user: Any, thing: Model, actions: Iterable[str]) -> bool:
    """Wagtail's view that deletes asks for the right alone, not for the right on this thing."""
    policy = policy_registry.get_by_type(type(thing))
    if not isinstance(policy, Apart) or not is_shared(thing):
        return True
    held = [one for one in actions if policy.user_has_permission(user, one)]
    return not held or policy.user_has_any_permission_for_instance(user, held, thing)


def _actions(view: Any, name: str) -> list[str]:
    """The actions of which a view asks for one; none, where to belong is enough."""
    made = made_of(view)
    made = getattr(made, "view_class", made)
    one = ASKS.get(name) or getattr(made, "permission_required", None)
    return [one] if one else list(getattr(made, "any_permission_required", None) or ())


def made_of(view: Any) -> Any:
    """A view without what wraps it."""
    while not hasattr(view, "view_class") and hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view


def model_of(view: Any) -> type[Model] | None:
    """The model that a view shows or changes; None where it has none."""
    view = made_of(view)
    given = getattr(view, "view_initkwargs", {})
    model = given.get("model") or getattr(getattr(view, "view_class", view), "model", None)
    return model if isinstance(model, type) and issubclass(model, Model) else None


def _thing(model: type[Model], pk: str) -> Model | None:
    try:
        return model._default_manager.filter(pk=pk).first()
    except (ValueError, OverflowError, ValidationError):
        return None
