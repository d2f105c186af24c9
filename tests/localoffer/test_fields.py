"""Questions of a form: label, hint and error belong to the control, and what was typed is kept."""

import re

import pytest
from django import forms
from django.template import Context, Template

HOSTILE = "</textarea>\"'><script>alert(1)</script>"


class Question(forms.Form):
    """Every kind of question that the site asks."""

    role = forms.ChoiceField(
        label="Who are you?",
        choices=[("parent", "A parent"), ("young", "A young person")],
        widget=forms.RadioSelect,
    )
    role.choice_hints = {"young": "Up to 25"}
    needs = forms.MultipleChoiceField(
        label="Needs", choices=[("a", "Autism"), ("b", "Hearing")], widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label="Your comment", help_text="In your own words.", widget=forms.Textarea, max_length=20
    )
    email = forms.EmailField(label="Email", required=False)
    how = forms.ChoiceField(label="How", choices=[("x", "X"), ("y", "Y")], required=False)
    agree = forms.BooleanField(label="I agree", help_text="You must.")
    page = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        self.add_error(None, "All in all, no.")


def draw(source: str, form: forms.Form) -> str:
    return Template(source).render(Context({"form": form}))


def described_by(html: str) -> list[str]:
    return re.search(r'aria-describedby="([^"]*)"', html)[1].split()


def test_field_when_wrong_then_error_is_linked_to_the_control_and_text_kept():
    html = draw("{% field form.words %}", Question({"words": HOSTILE}))
    assert described_by(html) == ["id_words-hint", "id_words-error", "id_words-count"]
    for identity in described_by(html):
        assert f'id="{identity}"' in html
    assert "field--error" in html
    assert 'aria-invalid="true"' in html
    assert '<label class="label" for="id_words">Your comment</label>' in html
    assert "<script>" not in html
    assert "&lt;/textarea&gt;" in html


def test_field_when_right_then_no_error():
    html = draw("{% field form.email %}", Question({"email": "a@example.org"}))
    assert "error" not in html
    assert 'value="a@example.org"' in html
    assert 'class="input"' in html


def test_field_when_long_text_then_counted_but_never_cut():
    html = draw("{% field form.words %}", Question())
    assert "maxlength" not in html
    assert 'data-max="20"' in html
    assert 'data-count="id_words-count"' in html


def test_field_when_choices_then_fieldset_with_legend_hints_and_choice_kept():
    html = draw("{% field form.role is_page=True cards=True %}", Question({"role": "young"}))
    assert '<legend class="label label--page"><h1>Who are you?</h1></legend>' in html
    assert "choices--card" in html
    assert 'value="young" checked aria-describedby="id_role_1-hint"' in html
    assert '<span class="hint" id="id_role_1-hint">Up to 25</span>' in html
    assert html.count("checked") == 1


def test_field_when_a_choice_is_forged_then_shown_as_wrong_and_escaped():
    html = draw(
        "{% field form.role %}{% field form.needs %}", Question({"role": HOSTILE, "needs": [HOSTILE]})
    )
    assert html.count("field--error") == 2
    assert "<script>" not in html


def test_field_when_many_choices_then_each_is_kept():
    html = draw("{% field form.needs %}", Question({"needs": ["a", "b"]}))
    assert html.count('type="checkbox"') == html.count(" checked") == 2


@pytest.mark.parametrize(("name", "css"), [("how", "select"), ("email", "input input--short")])
def test_field_when_kind_or_width_then_its_class(name, css):
    source = f'{{% field form.{name} width="{"short" if "short" in css else ""}" %}}'
    assert f'class="{css}"' in draw(source, Question())


def test_field_when_one_box_then_label_beside_it_and_hint_told():
    html = draw("{% field form.agree %}", Question({}))
    assert described_by(html) == ["id_agree-hint", "id_agree-error"]
    assert '<label for="id_agree">I agree</label>' in html


def test_error_summary_when_wrong_then_each_line_leads_to_its_control():
    form = Question({"needs": ["a"], "email": "no"})
    html = draw("{% error_summary form %}", form)
    controls = draw("{% for f in form.visible_fields %}{% field f %}{% endfor %}", form)
    anchors = re.findall(r'href="#([^"]*)"', html)
    assert anchors == ["id_role_0", "id_words", "id_email", "id_agree"]
    for anchor in anchors:
        assert f'id="{anchor}"' in controls
    assert "All in all, no." in html
    assert "Please fix 6 things" in html
    assert 'role="alert"' in html


def test_error_summary_when_not_sent_or_right_then_nothing():
    assert draw("{% error_summary form %}", Question()).strip() == ""


def test_error_summary_when_one_thing_then_said_so():
    class One(forms.Form):
        age = forms.IntegerField()

    assert "Please fix one thing" in draw("{% error_summary form %}", One({"age": "seven"}))
