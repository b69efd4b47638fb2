"""filter, sort, limit, offset, tail, distinct, dropDuplicates, sample, and the ways rows come to Python."""

import datetime
import decimal

from dataframe_cases import ordered
from pyspark.sql import functions as F


def _t(spark):
    return spark.createDataFrame([(1, "a", 10), (2, "b", 20), (2, "b", 20), (3, "a", None), (None, None, 5)], "k INT, s STRING, v INT")


def filter_column(spark):
    return _t(spark).filter(F.col("k") > 1)


def filter_string(spark):
    return _t(spark).filter("k > 1 AND s = 'b'")


def where_chain(spark):
    return _t(spark).where("k IS NOT NULL").where(F.col("v").isNull())


def filter_bracket(spark):
    df = _t(spark)
    return df[(df.k > 1) & (df.v.isNotNull())]


def filter_not_boolean(spark):
    return _t(spark).filter(F.col("k"))


def filter_syntax_error(spark):
    return _t(spark).filter("k >")


def filter_window(spark):
    from pyspark.sql import Window
    return _t(spark).filter(F.row_number().over(Window.orderBy("k")) == 1)


def sort_names(spark):
    return ordered(_t(spark).sort("k", "v"))


def sort_mixed(spark):
    return ordered(_t(spark).orderBy(F.desc("s"), "k"))


def sort_ascending_argument(spark):
    return ordered(_t(spark).orderBy(["s", "k"], ascending=[False, True]))


def sort_ordinal(spark):
    return ordered(_t(spark).orderBy(1, -3))


def sort_expression(spark):
    return ordered(_t(spark).dropna().orderBy(F.col("k") % 2, F.col("k").desc()))


def sort_unknown(spark):
    return _t(spark).sort("nosuch")


def sort_hidden_column(spark):
    df = _t(spark)
    return ordered(df.select("s").orderBy(df.v))


def sort_within_partitions(spark):
    return _t(spark).repartition(1).sortWithinPartitions("k", "v")


def limit(spark):
    return ordered(_t(spark).orderBy("k", "v").limit(2))


def limit_zero(spark):
    return _t(spark).limit(0)


def limit_negative(spark):
    return _t(spark).limit(-1)


def offset(spark):
    return ordered(_t(spark).orderBy("k", "v").offset(3))


def offset_limit(spark):
    return ordered(_t(spark).orderBy("k", "v").offset(1).limit(2))


def limit_offset(spark):
    return ordered(_t(spark).orderBy("k", "v").limit(3).offset(1))


def tail(spark):
    return _t(spark).orderBy("k", "v").tail(2)


def tail_more(spark):
    return len(_t(spark).tail(100))


def distinct(spark):
    return _t(spark).distinct()


def drop_duplicates(spark):
    return _t(spark).dropDuplicates()


def drop_duplicates_subset(spark):
    return _t(spark).dropDuplicates(["s"]).select("s")


def drop_duplicates_unknown(spark):
    return _t(spark).dropDuplicates(["nosuch"])


def sample_all(spark):
    return _t(spark).sample(1.0)


def sample_none(spark):
    return _t(spark).sample(0.0)


def sample_fraction(spark):
    n = spark.range(10000).sample(0.3, seed=7).count()
    return [2700 < n < 3300, spark.range(10000).sample(0.3, seed=7).count() == n]


def sample_with_replacement(spark):
    n = spark.range(10000).sample(withReplacement=True, fraction=2.0, seed=7).count()
    return 19000 < n < 21000


def sample_negative(spark):
    return spark.range(10).sample(-0.5).count()


def random_split(spark):
    a, b = spark.range(1000).randomSplit([0.7, 0.3], seed=1)
    return [a.count() + b.count(), 600 < a.count() < 800, a.intersect(b).count()]


def collect(spark):
    return _t(spark).orderBy("k", "v").collect()


def first_head_take(spark):
    df = _t(spark).orderBy(F.col("k").desc(), "v")
    return [df.first(), df.head(), df.head(2), df.take(1), df.limit(0).first()]


def count(spark):
    return [_t(spark).count(), spark.range(0).count(), spark.range(12345).count()]


def to_local_iterator(spark):
    return [r.id for r in spark.range(5).toLocalIterator()]


def to_pandas(spark):
    pdf = _t(spark).orderBy("k", "v").toPandas()
    return [list(pdf.columns), [str(t) for t in pdf.dtypes], pdf.fillna(-1).values.tolist()]


def to_pandas_types(spark):
    pdf = spark.sql("""SELECT 1Y AS b, 1S AS s, 1 AS i, 1L AS l, 1F AS f, 1D AS d, 1.50 AS dec, 'x' AS str, X'01' AS bin, true AS z,
        DATE'2020-01-01' AS dt, TIMESTAMP'2020-01-01 00:00:00' AS ts, TIMESTAMP_NTZ'2020-01-01 00:00:00' AS n, array(1, 2) AS a,
        map('k', 1) AS m, named_struct('x', 1) AS st, INTERVAL 1 DAY AS iv, NULL AS nul""").toPandas()
    return [[str(t) for t in pdf.dtypes], [str(v) for v in pdf.iloc[0]]]


def to_pandas_empty(spark):
    pdf = spark.sql("SELECT 1 AS a, 'x' AS b WHERE false").toPandas()
    return [list(pdf.columns), [str(t) for t in pdf.dtypes], len(pdf)]


def to_arrow(spark):
    t = _t(spark).orderBy("k", "v").toArrow()
    return [str(t.schema), t.num_rows]


def to_arrow_types(spark):
    t = spark.sql("""SELECT 1Y AS b, 1S AS s, 1 AS i, 1L AS l, 1F AS f, 1D AS d, 1.50 AS dec, 'x' AS str, X'01' AS bin, true AS z,
        DATE'2020-01-01' AS dt, TIMESTAMP'2020-01-01 00:00:00' AS ts, TIMESTAMP_NTZ'2020-01-01 00:00:00' AS n, array(1, 2) AS a,
        map('k', 1) AS m, named_struct('x', 1) AS st, INTERVAL 1 DAY AS iv""").toArrow()
    return str(t.schema)


def python_values(spark):
    return spark.sql("""SELECT CAST(1 AS TINYINT) AS b, 2147483648 AS l, 1.5F AS f, double('NaN') AS d, 1.50 AS dec, 'é😀' AS str, X'00FF' AS bin,
        true AS z, DATE'1582-10-15' AS dt, TIMESTAMP'2020-06-01 12:00:00.123456' AS ts, TIMESTAMP_NTZ'2020-06-01 12:00:00' AS n,
        array(array(1), NULL) AS a, map('k', array(1.5D)) AS m, named_struct('x', named_struct('y', NULL)) AS st,
        INTERVAL '1 02:03:04.5' DAY TO SECOND AS iv, NULL AS nul""").collect()


def range_of(spark):
    return [[r.id for r in spark.range(3).collect()], [r.id for r in spark.range(2, 10, 3).collect()],
            [r.id for r in spark.range(5, 0, -2).collect()], spark.range(10).schema.simpleString(), spark.range(0, 100, 1, 7).count()]


def range_zero_step(spark):
    return spark.range(0, 10, 0).collect()


def repartition(spark):
    return [_t(spark).repartition(3).count(), _t(spark).repartition(2, "k").count(), _t(spark).coalesce(1).count(),
            _t(spark).repartitionByRange(2, "k").count(), _t(spark).repartition("k").count()]


def hint(spark):
    return _t(spark).hint("broadcast").select("k")


def large_result(spark):
    df = spark.range(300000).select("id", (F.col("id") * 2).alias("d"), F.concat(F.lit("row "), F.col("id")).alias("s"))
    t = df.toArrow()
    return [t.num_rows, t.column("d").to_pylist()[-1], t.column("s")[299999].as_py()]


def foreach_row_order_kept(spark):
    return [r.id for r in spark.range(2000).collect()] == list(range(2000))


def same_semantics(spark):
    df = _t(spark)
    return [spark.range(3).sameSemantics(spark.range(3)), spark.range(3).sameSemantics(spark.range(4)),
            spark.range(3).select("id").sameSemantics(spark.range(3).select("id")), spark.range(3).semanticHash() == spark.range(3).semanticHash()]


def observe(spark):
    from pyspark.sql import Observation
    seen = Observation("seen")
    df = _t(spark).observe(seen, F.count(F.lit(1)).alias("n"), F.max("v").alias("top"))
    rows = df.collect()
    return [len(rows), seen.get]
