"""Files that other people made."""

import codecs
import json
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from services.importers import files, table, workbook
from services.importers.base import UnusableFile
from services.importers.files import open_table, open_tables


@pytest.fixture
def written(tmp_path):
    def write(content: str | bytes, encoding: str = "utf-8"):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


CSV = "URN,Name\r\n1,Café\r\n2,“Oak”\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_open_table_when_encoded_in_any_usual_way_then_read(written, encoding):
    rows = [row.cells for row in open_table(written(CSV, encoding)).rows()]
    assert rows == [["1", "Café"], ["2", "“Oak”"]]


def test_open_table_when_utf16_big_endian_with_a_mark_then_read(written):
    path = written(codecs.BOM_UTF16_BE + CSV.encode("utf-16-be"))
    assert open_table(path).header == ["URN", "Name"]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_open_table_when_separated_otherwise_then_read(written, mark):
    found = open_table(written(f"URN{mark}Name\n1{mark}a, b\n"))
    assert [row.cells for row in found.rows()] == [["1", "a, b"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \r\n \n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"PK\x03\x04rest of a workbook", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0old", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (json.dumps([{"URN": 1}]).encode(), "JSON"),
        (b'  {"URN": 1}', "JSON"),
        (b"<!doctype html><p>Sign in</p>", "web page"),
        ("URN,Name\n1,a\n".encode("utf-16-le"), "NUL"),
        (b"URN,Name\n1,a\x00b\n", "Line 2 holds bytes that are not text .NUL"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        (b"\x89PNG\r\n", "picture"),
        (b"URN,Name\n1,\x07\x08\n", "not text"),
        (b"URN,Name\n1,\x81\x8d\xff\n", "not text that we can read"),
        (b"one line of prose without columns\n", "not a header"),
        (b'URN,"Name\n1,a\n', "first line|quotation mark"),
    ],
)
def test_open_table_when_it_is_not_csv_then_says_what_it_is(written, content, words):
    with pytest.raises(UnusableFile, match=words):
        list(open_table(written(content)).rows())


def test_open_table_when_there_is_no_file_or_a_folder_then_says_so(tmp_path):
    with pytest.raises(UnusableFile, match="cannot be opened"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(UnusableFile, match="not a file"):
        open_table(tmp_path)


def test_open_table_when_too_large_then_refused(written, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(UnusableFile, match="larger than"):
        open_table(written(CSV))


def test_open_table_when_it_has_columns_without_end_then_refused_and_empty_ones_do_not_count(written):
    names = ",".join(f"c{number}" for number in range(100_000))
    with pytest.raises(UnusableFile, match="more than 2,000 columns"):
        open_table(written(f"{names}\n1\n"))
    assert open_table(written("URN,Name" + "," * 16_000 + "\n1,a\n")).header[:2] == ["URN", "Name"]


def test_rows_when_too_many_then_refused(written, monkeypatch):
    monkeypatch.setattr(table, "MAX_ROWS", 1)
    with pytest.raises(UnusableFile, match="more than 1 rows"):
        list(open_table(written(CSV)).rows())


def test_rows_when_most_are_blank_then_only_those_that_say_something_count(written, monkeypatch):
    monkeypatch.setattr(table, "MAX_ROWS", 1)
    assert [row.line for row in open_table(written("URN,Name\n,\n,\n\n1,a\n,\n")).rows()] == [5]


def test_workbook_when_it_ends_in_many_blank_rows_then_only_those_that_say_something_count(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(workbook, "MAX_ROWS", 1)
    book = Workbook()
    book.active.append(["URN", "Name"])
    book.active.append(["1", "a"])
    book.active["A9"].fill = PatternFill("solid", "FFFF00")
    book.save(tmp_path / "coloured.xlsx")
    assert [row.cells for row in open_table(tmp_path / "coloured.xlsx").rows()] == [["1", "a"]]
    book.active["A9"] = "2"
    book.save(tmp_path / "long.xlsx")
    with pytest.raises(UnusableFile, match="more than"):
        list(open_table(tmp_path / "long.xlsx").rows())


def test_workbook_when_a_row_says_that_it_is_the_two_thousand_millionth_then_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_LINES", 1_000)
    book = Workbook()
    book.active.append(["URN", "Name"])
    book.active.append(["1", "a"])
    book.save(tmp_path / "honest.xlsx")
    path = tmp_path / "endless.xlsx"
    with ZipFile(tmp_path / "honest.xlsx") as honest, ZipFile(path, "w") as endless:
        for name in honest.namelist():
            endless.writestr(name, honest.read(name).replace(b'<row r="2"', b'<row r="2000000000"'))
    with pytest.raises(UnusableFile, match="far more than it should"):
        list(open_table(path).rows())


def remade(tmp_path, changed, **added):
    """An honest workbook with parts changed: name to (old, new); and parts added, by their kind."""
    book = Workbook()
    book.active.append(["URN", "Name"])
    book.active.append(["1", "a"])
    book.save(tmp_path / "honest.xlsx")
    path = tmp_path / "remade.xlsx"
    with ZipFile(tmp_path / "honest.xlsx") as honest, ZipFile(path, "w", ZIP_DEFLATED) as made:
        for name in honest.namelist():
            old, new = changed.get(name, (b"", b""))
            made.writestr(name, honest.read(name).replace(old, new) if old else honest.read(name))
        for name, content in added.items():
            made.writestr(f"xl/{name}.xml", content)
    return path


SHEET = b'<sheet name="s" sheetId="9" r:id="rId1"/>'
MANY_SHEETS = {"xl/workbook.xml": (b"</sheets>", SHEET * 300 + b"</sheets>")}
LARGE_STYLES = {"xl/styles.xml": (b"</cellXfs>", b'<xf fontId="0"/>' * 20 + b"</cellXfs>")}
TEXTS = b'<Override PartName="/xl/other.xml" ContentType="x.sharedStrings+xml"/></Types>'
TEXTS_ELSEWHERE = {"[Content_Types].xml": (b"</Types>", TEXTS)}
BOOK_ELSEWHERE = {"[Content_Types].xml": (b"/xl/workbook.xml", b"/xl/other.xml")}
CHART = b'<Relationship Id="c" Type="http://x/chartsheet" Target="/xl/other.xml"/></Relationships>'
A_CHART = {"xl/_rels/workbook.xml.rels": (b"</Relationships>", CHART)}


@pytest.mark.parametrize(
    ("changed", "small", "words"),
    [
        (MANY_SHEETS, {}, "more than 200 sheets"),
        (LARGE_STYLES, {"SMALL": 1_000}, "far more than it should"),
        (TEXTS_ELSEWHERE, {"MAX_TEXTS": 300}, "too much text"),
        (BOOK_ELSEWHERE, {}, "cannot be read"),
        (A_CHART, {"MAX_WITH_CHART": 5_000}, "is a chart"),
    ],
)
def test_workbook_when_a_part_that_is_read_whole_is_too_large_then_refused(
    tmp_path, monkeypatch, changed, small, words
):
    path = remade(tmp_path, changed, other=b"<sst>" + b"<si/>" * 100 + b"</sst>")
    for name, value in small.items():
        monkeypatch.setattr(workbook, name, value)
    with pytest.raises(UnusableFile, match=words):
        list(open_table(path).rows())


def test_workbook_when_a_row_says_that_it_is_far_down_then_those_between_are_not_looked_at(
    tmp_path, monkeypatch
):
    looked_at = []
    real = workbook._text
    monkeypatch.setattr(workbook, "_text", lambda *given: looked_at.append(1) or real(*given))
    path = remade(tmp_path, {"xl/worksheets/sheet1.xml": (b'<row r="2"', b'<row r="5000"')})
    assert [(row.line, row.cells) for row in open_table(path).rows()] == [(5000, ["1", "a"])]
    assert len(looked_at) < 2_000


def test_rows_when_a_row_is_misshapen_then_its_line_and_fault_are_given(written):
    rows = list(open_table(written('URN,Name\n1,"a\nb"\n2,c,d\n3\n\n4,e,,\n')).rows())
    assert [(row.line, bool(row.fault)) for row in rows] == [(2, False), (4, True), (5, True), (7, False)]
    assert rows[1].fault == "The row has too many columns: 3, and the header has 2."
    assert "too few" in rows[2].fault


def test_rows_when_a_quotation_mark_is_missing_then_refused_with_the_line(written):
    with pytest.raises(UnusableFile, match="after line"):
        list(open_table(written('URN,Name\n1,a\n2,"b\n3,c\n')).rows())


def test_rows_when_one_cell_is_endless_then_refused(written):
    with pytest.raises(UnusableFile, match="far too long"):
        list(open_table(written('URN,Name\n1,"' + "x" * 200_000 + '"\n')).rows())


def damaged(path, name):
    """The file with a part of it that cannot be unpacked."""
    with ZipFile(path) as archive:
        part = archive.getinfo(name)
    content = bytearray(path.read_bytes())
    start = part.header_offset + 30 + len(name)
    for at in range(start + 2, start + 22):
        content[at] ^= 0x5A
    path.write_bytes(content)
    return path


def test_workbook_when_any_part_cannot_be_unpacked_then_refused_in_words(tmp_path):
    book, path = Workbook(), tmp_path / "file.xlsx"
    for row in (("id", "name"), ("1", "Swim")):
        book.active.append(row)
    book.save(path)
    with ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith(("xl/", "["))]
    whole = path.read_bytes()
    for name in names:
        path.write_bytes(whole)
        with pytest.raises(UnusableFile, match="Save it anew"):
            list(open_table(damaged(path, name)).rows())


@pytest.mark.parametrize("packing", [ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_package_when_it_cannot_be_unpacked_then_refused_in_words(tmp_path, packing):
    path = tmp_path / "file.zip"
    with ZipFile(path, "w", packing) as archive:
        archive.writestr("services.csv", "id,name\n1,Swim\n" * 200)
    with (
        pytest.raises(UnusableFile, match="damaged"),
        open_tables(damaged(path, "services.csv"), ("services",)),
    ):
        pass


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.text(alphabet=',;"\n\r\tab1é\0=', max_size=120).map(str.encode))
def test_open_table_when_given_garbage_then_rows_or_a_reason(written, content):
    try:
        rows = list(open_table(written(content)).rows())
    except UnusableFile as reason:
        rows, said = [], str(reason)
    else:
        said = "Read."
    assert said.endswith(".")
    assert all(row.line >= 2 for row in rows)
