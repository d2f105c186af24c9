"""The shipped vocabularies, and staff's words on top of them."""

import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from services import vocabulary
from services.checks import outcodes_are_shipped, vocabulary_files_parse
from services.models import Category, Need, VocabularyTerm
from services.vocabulary import FILES, VocabularyError, labels, load, read_file, read_terms

NEEDS = FILES[0]


@pytest.fixture
def broken_file(tmp_path, monkeypatch):
    """Put other text in the place of needs.csv."""

    def write(text: str | bytes):
        monkeypatch.setattr(vocabulary, "DATA", tmp_path)
        for file in FILES[1:]:
            (tmp_path / file.name).write_text(",".join(file.columns) + "\n", encoding="utf-8")
        (tmp_path / NEEDS.name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return NEEDS

    return write


@pytest.mark.django_db
def test_load_when_repeated_then_nothing_changes(django_assert_max_num_queries):
    first = load()
    assert first.created == Need.objects.count() + Category.objects.count() + VocabularyTerm.objects.count()
    with django_assert_max_num_queries(6):
        second = load()
    assert (second.created, second.updated, second.unchanged) == (0, 0, first.created)


@pytest.mark.django_db
def test_load_when_staff_changed_a_label_then_it_stays_and_order_follows_the_file():
    load()
    Need.objects.filter(key="ASD").update(label="Autistic children", order=999, area="CL")
    counts = load()
    autism = Need.objects.get(key="ASD")
    assert (autism.label, autism.order, autism.area) == ("Autistic children", 20, "CI")
    assert counts.updated == 1


@pytest.mark.django_db
def test_load_when_a_term_is_retired_or_staffs_own_then_it_stays_so():
    load()
    Category.objects.filter(key="short_breaks").update(retired=True)
    Category.objects.create(key="forest_school", label="Forest school", section="education")
    load()
    assert Category.objects.get(key="short_breaks").retired
    assert Category.objects.filter(key="forest_school").exists()


@pytest.mark.django_db
def test_labels_when_a_term_is_saved_or_retired_then_remembered_ones_are_dropped():
    load()
    assert labels("need")["ASD"] == "Autism"
    need = Need.objects.get(key="ASD")
    need.label = "Autistic"
    need.save()
    assert labels("need")["ASD"] == "Autistic"
    need.retired = True
    need.save()
    assert "ASD" not in labels("need")
    assert labels("need", retired=True)["ASD"] == "Autistic"


@pytest.mark.django_db
def test_labels_when_asked_again_then_no_query(django_assert_num_queries):
    load()
    labels("delivery")
    with django_assert_num_queries(0):
        assert labels("delivery")["in_person"] == "In person"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_load_when_labels_were_remembered_then_they_are_read_afresh():
    assert labels("need") == {}
    load()
    assert labels("need")["ASD"] == "Autism"


def test_shipped_keys_when_compared_with_the_demonstration_then_every_key_is_there():
    used = json.loads((settings.BASE_DIR / "demo" / "vocabulary.json").read_text(encoding="utf-8"))
    needs, categories, terms = ([row for _, row in read_file(file)] for file in FILES)
    by_kind = {kind: {row["key"] for row in terms if row["kind"] == kind} for kind in vocabulary.KINDS}
    assert {row["key"] for row in needs} == set(used["needs"])
    assert {(row["section"], row["key"]) for row in categories} == {
        (section, key) for section, keys in used["categories"].items() for key in keys
    }
    assert by_kind["sen_status"] == set(used["sen_status"])
    assert by_kind["circumstance"] == set(used["circumstances"])
    assert by_kind["access_route"] == set(used["access_routes"])
    assert by_kind["delivery"] == set(used["delivery"])
    assert by_kind["access_fact"] == set(used["access"])
    assert len(by_kind["language"]) == len(used["languages"])


def test_checks_when_files_are_whole_then_silent():
    assert vocabulary_files_parse(None) == []
    assert outcodes_are_shipped(None) == []


HEADER = ",".join(NEEDS.columns) + "\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "columns must be"),
        ("key,label\nASD,Autism\n", "columns must be"),
        (HEADER + "ASD,x,Autism,,CI\n", "line 2: wrong number of columns"),
        (HEADER + "ASD,x,Autism,,CI,1\nASD,x,Again,,CI,2\n", "line 3: ASD is there twice"),
        (HEADER + "ASD,x,Autism,,MOON,1\n", "line 2: area"),
        (HEADER + "ASD,x,Autism,,CI,first\n", "line 2: order"),
        (HEADER + ",x,Autism,,CI,1\n", "line 2: key"),
        (HEADER.encode() + b"ASD,\xff\xfe,Autism,,CI,1\n", "cannot be read"),
    ],
)
def test_read_terms_when_a_file_is_broken_then_the_check_names_file_and_line(broken_file, text, words):
    file = broken_file(text)
    with pytest.raises(VocabularyError, match=words):
        read_terms(file)
    messages = vocabulary_files_parse(None)
    assert [message.id for message in messages] == ["services.E001"]
    assert words in messages[0].msg
    assert messages[0].msg.startswith(NEEDS.name)


@pytest.mark.django_db
def test_command_when_a_file_is_broken_then_refused_and_nothing_written(broken_file):
    broken_file(HEADER + "ASD,x,Autism,,CI,1\nMLD,x,,,CL,2\n")
    with pytest.raises(CommandError, match="line 3"):
        call_command("load_vocabularies")
    assert not Need.objects.exists()


@pytest.mark.django_db
def test_command_when_run_then_says_how_many(capsys):
    call_command("load_vocabularies")
    assert "135 added" in capsys.readouterr().out
