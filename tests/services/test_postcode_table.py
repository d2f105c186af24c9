"""Whole postcodes, from the optional package."""

from io import StringIO
from pathlib import Path

import brotli
import msgpack
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from search.index import rebuild
from services import postcode_package
from services.models import PostcodeArea
from services.postcode_table import caution, locate, pack, store, unpack
from services.postcodes import distance_miles, lookup
from tests.factories import make_location, make_service

INCODES = st.from_regex(r"\A[0-9][A-Z]{2}\Z")
POINTS = st.tuples(st.floats(49, 61), st.floats(-8, 2))


def write_letter(folder: Path, letter: str, rows: list[tuple], **other) -> Path:
    """A file as the package has them; rows are (postcode, council, easting, northing)."""
    names = ("pcd", "laua", "oseast1m", "osnrth1m")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)} | other
    path = folder / f"postcodes_{letter}.msgpack.br"
    path.write_bytes(brotli.compress(msgpack.packb({"columns": list(names), "data": columns})))
    return path


BRISTOL = [
    ("BS5 6RJ", "E06000023", 362018.0, 175180.0),
    ("BS5 9JF", "E06000023", 361400.0, 173900.0),
    ("BS106RF", "E06000023", 358000.0, 178000.0),
    ("BS4 1AA", float("nan"), float("nan"), float("nan")),
    ("BT1 1AA", "N09000003", 333000.0, 374000.0),
]


def load(folder: Path) -> str:
    out = StringIO()
    call_command("load_postcodes", folder=folder, stdout=out)
    return out.getvalue()


@given(st.dictionaries(INCODES, POINTS, max_size=40), INCODES)
def test_row_when_packed_then_each_inward_code_is_found_and_no_other(points, other):
    packed = pack(points)
    assert len(packed) == 10 * len(points)
    for incode, point in points.items():
        assert unpack(packed, incode) == pytest.approx(point, abs=1e-6)
    assert (unpack(packed, other) is None) == (other not in points)


@pytest.mark.django_db
def test_load_when_the_package_is_there_then_whole_postcodes_are_found(tmp_path, django_assert_num_queries):
    write_letter(tmp_path, "B", BRISTOL)
    write_letter(tmp_path, "W", [("W1A 1AA", "E09000033", 529000.0, 181500.0)])
    assert "4 in 3 areas" in load(tmp_path)
    place = locate("bs56rj")
    assert (place.label, place.precise) == ("BS5 6RJ", True)
    assert (place.latitude, place.longitude) == pytest.approx((51.4744, -2.5480), abs=0.001)
    assert locate("W1A 1AA").precise
    with django_assert_num_queries(1):
        locate("BS10 6RF")
    with django_assert_num_queries(0):
        assert locate("BS10") == lookup("BS10")


@pytest.mark.django_db
def test_load_when_repeated_then_the_table_is_what_the_package_holds_now(tmp_path):
    write_letter(tmp_path, "B", BRISTOL)
    assert load(tmp_path) == load(tmp_path)
    held = dict(PostcodeArea.objects.values_list("pk", "packed"))
    write_letter(tmp_path, "B", BRISTOL[:1])
    load(tmp_path)
    assert set(held) == {"BS5", "BS10"}
    assert list(PostcodeArea.objects.values_list("pk", flat=True)) == ["BS5"]
    assert not locate("BS10 6RF").precise


@pytest.mark.django_db
def test_locate_when_the_table_is_empty_then_is_the_middle_of_the_first_half(django_assert_num_queries):
    assert locate("BS5 6RJ") == lookup("BS5 6RJ")
    with django_assert_num_queries(0):
        assert not locate("BS5 6RJ").precise
    assert caution(locate("BS5 6RJ")) == ""


@pytest.mark.django_db
def test_locate_when_a_whole_postcode_is_new_or_gone_then_says_so_and_uses_its_first_half(
    tmp_path, client, authority
):
    write_letter(tmp_path, "B", BRISTOL)
    load(tmp_path)
    place = locate("BS5 9ZZ")
    assert not place.precise
    assert caution(place).startswith("We do not know BS5 9ZZ. It may be new, or no longer in use.")
    assert caution(locate("BS5")) == ""
    assert caution(locate("BS5 6RJ")) == ""
    make_service(authority)
    rebuild()
    assert "no longer in use" in client.get("/services/", {"postcode": "BS5 9ZZ"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("BT1 1AA", "Northern Ireland"),
        ("JE2 3AB", "Jersey"),
        ("GY1 1AA", "Guernsey"),
        ("IM1 1AA", "Isle of Man"),
    ],
)
def test_search_when_a_postcode_is_off_the_island_then_is_told_kindly(
    tmp_path, client, authority, typed, words
):
    write_letter(tmp_path, "B", BRISTOL)
    load(tmp_path)
    assert locate(typed) is None
    assert words in client.get("/services/", {"postcode": typed}).content.decode()


@pytest.mark.django_db
def test_hidden_place_when_the_table_is_loaded_then_is_still_at_the_middle_of_its_first_half(
    tmp_path, authority
):
    write_letter(tmp_path, "B", BRISTOL)
    load(tmp_path)
    hidden = make_location(authority, postcode="BS5 6RJ", latitude=None, longitude=None, address_hidden=True)
    shown = make_location(authority, postcode="BS5 6RJ", latitude=None, longitude=None)
    centre = lookup("BS5")
    assert hidden.public_point == (centre.latitude, centre.longitude)
    assert distance_miles(*shown.public_point, *hidden.public_point) > 0.05


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"nonsense"),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(brotli.compress(b"not msgpack at all, \xc1")),
        lambda path: path.write_bytes(brotli.compress(msgpack.packb({"data": {"pcd": []}}))),
        lambda path: path.write_bytes(brotli.compress(msgpack.packb(["B"]))),
        lambda path: write_letter(path.parent, "B", BRISTOL, laua=["E06000023"]),
        lambda path: write_letter(path.parent, "B", [("'; DROP", "E06000023", 1.0, 1.0)]),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_load_when_a_file_is_spoiled_then_says_which_and_keeps_what_was_there(tmp_path, spoil):
    store([("BS5", {"6RJ": (51.47, -2.55)})])
    write_letter(tmp_path, "A", [("AB1 0AA", "S12000033", 385386.0, 801193.0)])
    spoil(write_letter(tmp_path, "B", BRISTOL))
    with pytest.raises(CommandError, match=r"postcodes_B\.msgpack\.br"):
        load(tmp_path)
    assert list(PostcodeArea.objects.values_list("pk", flat=True)) == ["BS5"]


def test_load_when_a_file_swells_then_is_refused_before_it_fills_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(postcode_package, "MOST_BYTES", 100_000)
    path = tmp_path / "postcodes_B.msgpack.br"
    path.write_bytes(brotli.compress(b"\0" * 5_000_000))
    with pytest.raises(postcode_package.PackageError, match="larger than"):
        list(postcode_package.read_areas(path))


def test_load_when_the_package_is_missing_then_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(postcode_package, "MODULE", "no_such_module_here")
    with pytest.raises(postcode_package.PackageError, match="pip install"):
        postcode_package.find_folder()


def test_load_when_a_folder_has_no_files_then_says_so(tmp_path):
    with pytest.raises(CommandError, match="There are no files"):
        load(tmp_path)
