"""The tests' own form of answers: comparison, texts of values, and that recorded files read and write back the same."""

import glob

import numpy
import pytest
from pyspark.sql import types as T

import answers
import conftest
import recorded

DOUBLES = T.StructType([T.StructField("a", T.DoubleType()), T.StructField("s", T.StringType())])
STRINGS = T.StructType([T.StructField("s", T.StringType())])


@pytest.mark.parametrize("path", sorted(glob.glob(conftest.TESTS + "/sql/**/*.test", recursive=True)))
def test_recorded_file_reads_and_writes_back(path, tmp_path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    version = text.split("\n", 1)[0].removeprefix("-- spark ")
    recorded.write(tmp_path / "copy", recorded.read(path), version)
    assert (tmp_path / "copy").read_text(encoding="utf-8") == text
    assert all(mode in s.expected for s in recorded.read(path) for mode in s.modes), "record it: tools/record.py --only-new"


def test_doubles_agree_to_twelve_digits_and_nothing_else_does():
    assert answers.same_row('1.0000000000001 | "x"', '1.0 | "x"', DOUBLES)
    assert not answers.same_row('1.00001 | "x"', '1.0 | "x"', DOUBLES)
    assert not answers.same_row('-0.0 | "x"', '0.0 | "x"', DOUBLES)
    assert not answers.same_row('1.0 | "1.0000000000001"', '1.0 | "1.0"', DOUBLES)
    assert not answers.same_row('"1.0000000000001"', '"1.0"', STRINGS)


def test_order_counts_only_where_a_statement_has_one():
    rows, turned = ["1.5 | NULL", "2.5 | NULL"], ["2.5 | NULL", "1.5 | NULL"]
    assert answers.same_rows(rows, turned, DOUBLES, ordered=False)
    assert not answers.same_rows(rows, turned, DOUBLES, ordered=True)
    assert not answers.same_rows(rows, rows[:1], DOUBLES, ordered=False)
    assert recorded.order("SELECT 1 ORDER BY 1 LIMIT 3") is True
    assert recorded.order("SELECT a, b ORDER BY a, abs(b)") is True
    assert recorded.order("SELECT a, b FROM (SELECT 1 ORDER BY c) ORDER BY A DESC, b NULLS FIRST LIMIT 3") == {"a", "b"}
    assert recorded.order("SELECT row_number() OVER (ORDER BY a), (SELECT 1 ORDER BY 1), 'order by' -- order by") is False


def test_rows_equal_in_what_they_are_ordered_by_may_come_in_any_order():
    rows, turned = ['1.5 | "a | b"', '1.5 | NULL', "2.5 | NULL"], ["1.5 | NULL", '1.5 | "a | b"', "2.5 | NULL"]
    assert answers.same_rows(rows, turned, DOUBLES, ordered={"a"})
    assert not answers.same_rows(rows, turned[::-1], DOUBLES, ordered={"a"})
    assert not answers.same_rows(rows, turned, DOUBLES, ordered={"a", "s"})
    assert not answers.same_rows(rows, turned, DOUBLES, ordered={"hidden"})


def test_texts_of_values():
    assert answers.float_text(numpy.float64(1e16)) == "1.0e+16"
    assert answers.float_text(numpy.float32(0.1)) == "0.1"
    assert answers.float_text(numpy.float64("-inf")) == "-Infinity"
    assert [answers.date_text(d) for d in (0, -1, -719162, 2932896, 2932897, -719529)] == [
        "1970-01-01", "1969-12-31", "0001-01-01", "9999-12-31", "10000-01-01", "-0001-12-31"]
    assert answers.micros_text(-1) == "1969-12-31 23:59:59.999999"
    assert answers.day_time_text(-90_000_000) == "-0 00:01:30"
    assert answers.string_text('a"b\\\n\u0301\U0001F600') == '"a\\"b\\\\\\n\\u0301😀"'
    assert answers.without_nullability("`a!` int!, b array<int!>!") == "`a!` int, b array<int>"
