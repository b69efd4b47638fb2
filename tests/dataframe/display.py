"""What show(), explain() and friends print."""

from pyspark.sql import functions as F


def _t(spark):
    return spark.sql("""SELECT * FROM VALUES (1, 'short', 1.5D, DATE'2020-01-01', array(1, NULL), map('k', 1), named_struct('x', 1, 'y', 'z')),
        (NULL, 'a string that is longer than twenty characters', double('NaN'), NULL, NULL, NULL, NULL) AS t(i, s, d, dt, l, m, st)""")


def show(spark):
    _t(spark).show()


def show_full(spark):
    _t(spark).show(truncate=False)


def show_width(spark):
    _t(spark).show(1, truncate=10)


def show_vertical(spark):
    _t(spark).show(vertical=True)


def show_rows(spark):
    spark.range(30).show(3)


def show_default_limit(spark):
    spark.range(25).show()


def show_empty(spark):
    spark.range(0).show()


def show_no_columns(spark):
    spark.range(2).select().show()


def show_zero(spark):
    spark.range(2).show(0)


def show_types(spark):
    spark.sql("""SELECT true AS z, 1Y AS b, 1.50 AS dec, 1.0D AS d, 1e20D AS e, 1.5F AS f, X'0AFF' AS bin, TIMESTAMP'2020-01-01 12:00:00.5' AS ts,
        TIMESTAMP_NTZ'2020-01-01 00:00:00' AS n, INTERVAL '1-2' YEAR TO MONTH AS ym, INTERVAL '1 02:03:04' DAY TO SECOND AS dt, NULL AS nul""").show(truncate=False)


def show_wide_characters(spark):
    spark.createDataFrame([("日本語", "é"), ("😀", "abc"), ("e\u0301", "")], ["a", "列"]).show()


def show_special_characters(spark):
    spark.createDataFrame([("a\nb\tc\rd",), ("x\\y",)], ["s"]).show(truncate=False)


def show_numbers_right_strings_left(spark):
    spark.createDataFrame([(1, "a"), (1000, "bbb")], ["n", "s"]).show(truncate=False)


def show_nested(spark):
    spark.sql("SELECT array(named_struct('a', 1, 'b', array('x', NULL))) AS l, map('k', map(1, NULL)) AS m, array() AS e, named_struct('n', NULL) AS s").show(truncate=False)


def show_doubles(spark):
    spark.sql("SELECT * FROM VALUES (0.1D), (100D), (1234567.0D), (12345678.9D), (1e7D), (1e-3D), (1e-4D), (123456789012.5D), (double('-Infinity')), (-0.0D) AS t(d)").show()


def print_schema(spark):
    _t(spark).printSchema()


def explain_runs(spark):
    for mode in [None, True, "simple", "extended", "codegen", "cost", "formatted"]:
        text = spark.range(5).where("id > 2").groupBy((F.col("id") % 2).alias("k")).count()._explain_string(extended=mode)
        assert "== Physical Plan ==" in text or mode == "codegen", text


def explain_extended_sections(spark):
    text = spark.range(5).where("id > 2")._explain_string(extended=True)
    return [line for line in text.split("\n") if line.startswith("==")]


def explain_sql(spark):
    rows = spark.sql("EXPLAIN EXTENDED SELECT 1").collect()
    return [spark.sql("EXPLAIN SELECT 1").columns, [line for line in rows[0].plan.split("\n") if line.startswith("==")]]


def frame_repr(spark):
    return [repr(_t(spark)), str(spark.range(1).select(F.lit(1).alias("x")))]


def html_repr(spark):
    spark.conf.set("spark.sql.repl.eagerEval.enabled", "true")
    try:
        return [spark.createDataFrame([(1, "<b>")], ["n", "s"])._repr_html_(), repr(spark.range(2))]
    finally:
        spark.conf.unset("spark.sql.repl.eagerEval.enabled")
