"""Commands of search: synonyms in, quality out."""

import json

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from search import index, quality
from search.models import SynonymGroup
from tests.factories import make_service


def load(tmp_path, content: str):
    file = tmp_path / "synonyms.json"
    file.write_text(content, encoding="utf-8")
    call_command("load_synonyms", str(file))


def test_load_synonyms_when_the_shipped_file_then_all_and_a_repeat_adds_none(db, capsys):
    call_command("load_synonyms")
    count = SynonymGroup.objects.count()
    assert count == len(json.loads((settings.BASE_DIR / "demo" / "synonyms.json").read_text()))
    call_command("load_synonyms")
    assert SynonymGroup.objects.count() == count
    assert "0 groups added" in capsys.readouterr().out


def test_load_synonyms_when_staff_changed_a_group_then_theirs_stays(db, tmp_path):
    load(tmp_path, '[["salt", "speech therapy"]]')
    SynonymGroup.objects.update(terms="salt\nour words", active=False)
    load(tmp_path, '[["salt", "speech therapy"], ["ot", "occupational therapy"]]')
    assert SynonymGroup.objects.count() == 2
    group = SynonymGroup.objects.get(key="salt")
    assert (group.term_list, group.active) == (["salt", "our words"], False)


@pytest.mark.parametrize(
    "content",
    ["", "{", "{}", '[["one"]]', "[[]]", '[["a", 1]]', '["a", "b"]', '[["a","b"],["a","c"]]',
     json.dumps([["a", "b" * 99]]), json.dumps([[str(n) for n in range(99)]])],
)  # fmt: skip
def test_load_synonyms_when_the_file_is_wrong_then_told_where_and_nothing_written(db, tmp_path, content):
    with pytest.raises(CommandError):
        load(tmp_path, content)
    assert not SynonymGroup.objects.exists()


def test_load_synonyms_when_there_is_no_file_then_told(db, tmp_path):
    with pytest.raises(CommandError):
        call_command("load_synonyms", str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ("", "cannot be blank"),
        ("  \n ", "at least two"),
        ("salt", "at least two"),
        ("salt\n\nsalt", "at least two"),
        ("Tics\ntic\nTICS", "one word to search already"),
        ("salt\n!!!", "cannot be searched for"),
        ("salt\n<script>speech</script>", "cannot be searched for"),
        ("\n".join(f"word{n}" for n in range(300)), "30 words or phrases at most"),
        (f"salt\n{'x' * 81}", "too long"),
    ],
)
def test_synonym_group_when_it_could_not_work_then_refused_with_one_reason(terms, told):
    with pytest.raises(ValidationError) as refused:
        SynonymGroup(terms=terms).full_clean(validate_unique=False)
    assert len(refused.value.messages) == 1
    assert told in refused.value.messages[0]


def test_search_quality_when_run_then_filters_apply_and_grades_count(authority, tmp_path, capsys):
    best = make_service(authority, name="Swim club", min_age=5, max_age=9, external_id="a", source="demo")
    other = make_service(authority, name="Swim school", min_age=15, external_id="b", source="demo")
    index.refresh([best.pk, other.pk])
    file = tmp_path / "queries.jsonl"
    query = {"id": "q1", "q": "swim", "filters": {"age": 7}, "relevant": {"a": 3, "b": 2}}
    file.write_text(json.dumps(query) + "\n\n", encoding="utf-8")
    call_command("search_quality", str(file), format="json")
    report = json.loads(capsys.readouterr().out)
    assert report["recall_at_20"] == 0.5
    assert report["useful_in_first_3"] == 1
    assert report["ndcg_at_10"] == pytest.approx(7 / (7 + 3 / 1.584962), abs=1e-3)
    call_command("search_quality", str(file))
    assert "1 queries on embedded" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["", "{", '{"id": "q"}', '{"id": "q", "q": "a", "relevant": {"a": "x"}}', "[]"]
)
def test_search_quality_when_the_file_is_wrong_then_told(authority, tmp_path, content):
    file = tmp_path / "queries.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("search_quality", str(file))


def test_quality_when_answers_are_ideal_then_one_and_when_useless_then_nought():
    grades = {"a": 3, "b": 2, "c": 1}
    assert quality.ndcg(["a", "b", "c"], grades) == pytest.approx(1)
    assert 0 < quality.ndcg(["c", "b", "a"], grades) < 1
    assert quality.ndcg(["x"], grades) == quality.recall([], grades) == quality.ndcg([], {}) == 0
    assert quality.recall(["a", "x", "b"], grades) == pytest.approx(2 / 3)
    assert quality.useful(["x", "x", "b"], grades)
    assert not quality.useful(["x", "x", "c", "a"], grades)


def test_rebuild_when_only_if_needed_then_done_once(authority, capsys):
    make_service(authority)
    call_command("rebuild_index", if_needed=True)
    assert index.how_many() == 1
    call_command("rebuild_index", if_needed=True)
    assert "1 services and 0 texts of pages already" in capsys.readouterr().out
    make_service(authority)
    call_command("rebuild_index", if_needed=True)
    assert index.how_many() == 2
