"""df.stat's tables, transpose, as-of joins, and what show() makes of special values."""

import datetime

from pyspark.sql import functions as F


def _s(spark):
    return spark.createDataFrame(
        [("a", 1, 1.5), ("b", 2, None), (None, 1, 0.5), ("a", 2, 1.5), ("a`b", 1, 1.5)], "k STRING, n INT, d DOUBLE")


def crosstab_names(spark):
    return _s(spark).crosstab("k", "n")


def crosstab_backtick(spark):
    return _s(spark).crosstab("n", "k")


def crosstab_double(spark):
    return _s(spark).stat.crosstab("n", "d")


def crosstab_unknown(spark):
    return _s(spark).crosstab("n", "nosuch")


def unknown_of_dataframe(spark):
    s = _s(spark)
    return s.filter(s["nosuch"] > 1)


def freq_items_two(spark):
    return _s(spark).freqItems(["n", "k"], 0.3).select(F.array_sort("n_freqItems"), F.size("k_freqItems"))


def freq_items_all(spark):
    return spark.range(50).freqItems(["id"]).select(F.size("id_freqItems"), F.array_max("id_freqItems"))


def freq_items_support(spark):
    return _s(spark).freqItems(["n"], 0.00001)


def freq_items_unknown(spark):
    return _s(spark).freqItems(["nosuch"])


def transpose_numbers(spark):
    return spark.createDataFrame([(10, 1, 2.5), (9, 3, None), (None, 5, 6.5)], "k INT, a INT, b DOUBLE").transpose()


def transpose_mixed(spark):
    return spark.createDataFrame([("A", 1, "x")], "k STRING, a INT, b STRING").transpose()


def transpose_dates(spark):
    return spark.createDataFrame([(datetime.date(2020, 1, 2), 1), (datetime.date(2019, 1, 2), 2)], "k DATE, a INT").transpose()


def transpose_no_rows(spark):
    return spark.createDataFrame([], "k STRING, a INT").transpose()


def transpose_one_column(spark):
    return spark.createDataFrame([("A",), ("B",)], "k STRING").transpose()


def transpose_array_index(spark):
    return spark.createDataFrame([([1], 1)], "k ARRAY<INT>, a INT").transpose()


def transpose_struct_index(spark):
    return spark.createDataFrame([((None, "x", {1: None}), 1)], "k STRUCT<a: DECIMAL(5,2), b: STRING NOT NULL, c: MAP<INT, TIMESTAMP_NTZ>>, a INT").transpose()


def covariance_unknown(spark):
    return _s(spark).cov("n", "nosuch")


def correlation_unknown(spark):
    return _s(spark).corr("nosuch", "n")


def approx_quantile_unknown(spark):
    return _s(spark).approxQuantile("nosuch", [0.5], 0.0)


def describe_unknown(spark):
    return _s(spark).describe("nosuch")


def transpose_no_common_type(spark):
    return spark.createDataFrame([("A", 1, [1])], "k STRING, a INT, b ARRAY<INT>").transpose()


def transpose_too_many(spark):
    return spark.range(501).select("id", F.lit(1)).transpose()


def _l(spark):
    return spark.createDataFrame([(1, "x", 10), (5, "y", 20), (10, "x", 30)], "a INT, k STRING, v INT")


def _r(spark):
    return spark.createDataFrame([(1, "x", 1), (2, "y", 2), (3, "x", 3), (6, "x", 6), (7, "y", 7)], "b INT, k STRING, w INT")


def _as_of(**arguments):
    def case(spark):
        l, r = _l(spark), _r(spark)
        return l._joinAsOf(r, l.a, r.b, **arguments).select(l.a, l.v, r.b, r.w)
    return case


as_of = _as_of()
as_of_forward = _as_of(direction="forward")
as_of_nearest = _as_of(direction="nearest", how="left")
as_of_not_exact = _as_of(allowExactMatches=False, how="left")
as_of_on = _as_of(on="k", how="left")
as_of_tolerance = _as_of(tolerance=F.lit(1), how="left")
as_of_negative_tolerance = _as_of(tolerance=F.lit(-1))
as_of_direction = _as_of(direction="sideways")
as_of_full = _as_of(how="full")


def show_binary(spark):
    spark.createDataFrame([(bytearray(b"ab\x00"), [bytearray(b"x")], {"k": None})], "b BINARY, a ARRAY<BINARY>, m MAP<STRING, INT>").show(truncate=False)


def show_controls(spark):
    spark.sql("SELECT 'a\\tb\\nc' AS `x\ty`, decimal('0.0000000001') AS d, array(decimal('1e-10')) AS e").show(truncate=False)


def freq_items_counters(spark):
    return spark.createDataFrame([(1, 11), (1, 11), (3, 10), (4, 8), (4, 8)], ["c1", "c2"]).coalesce(1).freqItems(["c1", "c2"], 0.4)


def freq_items_nulls(spark):
    rows = [(None, "a"), (7, "b"), (None, "b"), (7, "c"), (8, "b"), (7, None)]
    return spark.createDataFrame(rows, "n INT, s STRING").coalesce(1).freqItems(["n", "s"], 0.5)
