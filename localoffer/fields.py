"""A form's fields as the components draw them: label, hint, error, and what was typed kept."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString

CONTROL_CLASSES = {forms.Textarea: "textarea", forms.Select: "select"}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question answered by choosing."""

    id: str
    name: str
    value: str
    type: str
    label: str
    hint: str
    checked: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """A bound field, ready to draw. `counter` is the most characters allowed, 0 for none."""

    id: str
    template: str
    label: str
    hint: str
    error: str
    error_id: str
    described_by: str
    control: SafeString | str = ""
    options: list[Option] = field(default_factory=list)
    is_page: bool = False
    cards: bool = False
    counter: int = 0


@dataclass(frozen=True, slots=True)
class FormError:
    """A line of the error summary; `anchor` is the id of the control, or empty."""

    text: str
    anchor: str


def view(bound: BoundField, *, is_page: bool = False, cards: bool = False, width: str = "") -> FieldView:
    """`is_page`: the question is the page's h1. `width`: "", "short" or "tiny".

    Hints of single choices come from the form field's `choice_hints`, {value: words}.
    """
    widget = bound.field.widget
    identity = bound.auto_id or bound.html_name
    error = str(bound.errors[0]) if bound.errors else ""
    error_id = f"{identity}-error"
    counter = getattr(bound.field, "max_length", None) if isinstance(widget, forms.Textarea) else None
    described = [
        *([f"{identity}-hint"] if bound.help_text else []),
        *([error_id] if error else []),
        *([f"{identity}-count"] if counter else []),
    ]
    made: dict[str, Any] = {
        "id": identity,
        "label": str(bound.label),
        "hint": bound.help_text,
        "error": error,
        "error_id": error_id,
        "described_by": " ".join(described),
        "is_page": is_page,
    }
    if isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one of these
        return FieldView(template="components/choices.html", options=options(bound), cards=cards, **made)
    if isinstance(widget, forms.CheckboxInput):
        attrs = _attrs(made, "")
        return FieldView(template="components/choice.html", control=bound.as_widget(attrs=attrs), **made)
    attrs = _attrs(made, _control_class(widget, width))
    if counter:
        # The server refuses a long text in words; a browser's maxlength would cut a pasted one in silence.
        attrs |= {"maxlength": False, "data-max": counter, "data-count": f"{identity}-count"}
    control = bound.as_widget(attrs=attrs)
    return FieldView(template="components/field.html", control=control, counter=counter or 0, **made)


def _attrs(made: dict[str, Any], css: str) -> dict[str, Any]:
    described = made["described_by"]
    return {**({"class": css} if css else {}), **({"aria-describedby": described} if described else {})}


def _control_class(widget: forms.Widget, width: str) -> str:
    kind = next((css for model, css in CONTROL_CLASSES.items() if isinstance(widget, model)), "input")
    return f"{kind} {kind}--{width}" if width else kind


def options(bound: BoundField) -> list[Option]:
    """The choices of a radio or checkbox group."""
    hints = getattr(bound.field, "choice_hints", {})
    return [
        Option(
            id=box.id_for_label,
            name=box.data["name"],
            value=str(box.data["value"]),
            type=box.data["type"],
            label=str(box.choice_label),
            hint=str(hints.get(str(box.data["value"]), "")),
            checked=bool(box.data["selected"]),
        )
        for box in bound.subwidgets
    ]


def errors(form: forms.BaseForm) -> list[FormError]:
    """What to fix, in the order of the questions; what belongs to no question comes first."""
    found = [FormError(str(text), "") for text in form.non_field_errors()]
    for bound in form:
        boxes = options(bound) if isinstance(bound.field.widget, forms.RadioSelect) else []
        anchor = boxes[0].id if boxes else bound.auto_id
        found += [FormError(str(text), "" if bound.is_hidden else anchor) for text in bound.errors]
    return found
