"""The same calls for every official client, from Spark 3.5 on: each gives what Spark gives, whichever version asks.

    python tests/clients/calls.py ADDRESS      prints one JSON object: {call: "ok", "not in this client" or what went wrong}

Run by tools/client_versions.py in each client's own Python: nothing here may need what an old one lacks, except inside a call.
"""

import datetime
import decimal
import inspect
import json
import os
import sys
import tempfile
import uuid
import warnings

warnings.simplefilter("ignore")
os.environ.setdefault("SPARK_CONNECT_MODE_ENABLED", "1")

from pyspark.sql import Row, SparkSession, Window  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402

CALLS = {}


class NotInThisClient(Exception):
    pass


def call(function):
    CALLS[function.__name__.replace("_", " ").strip()] = function
    return function


def need(owner, name):
    """Newer parts of the API."""
    if not hasattr(owner, name):
        raise NotInThisClient(name)


def condition_of(error):
    known = error.getCondition() if hasattr(error, "getCondition") else error.getErrorClass()
    return known or str(error).strip().split("]")[0].strip("[")  # 3.5 keeps the text only


def same(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def rows(df):
    return [tuple(r) for r in df.collect()]


@call
def version(spark):
    assert spark.version.startswith("4."), spark.version


@call
def range_and_collect(spark):
    same(rows(spark.range(3).select((F.col("id") * 2).alias("x"))), [(0,), (2,), (4,)])


@call
def sql(spark):
    same(rows(spark.sql("SELECT 1 AS a, 'x' AS b, DATE'2024-02-29' AS c, 1.50BD AS d, array(1, 2) AS e, map('k', 1) AS f")),
         [(1, "x", datetime.date(2024, 2, 29), decimal.Decimal("1.50"), [1, 2], {"k": 1})])


@call
def sql_with_named_parameters(spark):
    same(rows(spark.sql("SELECT :a + 1 AS x, :b AS y", args={"a": 41, "b": "text"})), [(42, "text")])


@call
def sql_with_positional_parameters(spark):
    same(rows(spark.sql("SELECT ? AS x, ? AS y", args=[1.5, datetime.date(2024, 1, 1)])), [(1.5, datetime.date(2024, 1, 1))])


@call
def sql_on_data_frames(spark):
    if "kwargs" not in inspect.signature(spark.sql).parameters:
        raise NotInThisClient("sql(**kwargs)")
    same(rows(spark.sql("SELECT max(id) AS m FROM {df}", df=spark.range(10))), [(9,)])


@call
def types_there_and_back(spark):
    day, moment = datetime.date(1969, 12, 31), datetime.datetime(2024, 2, 29, 1, 2, 3, 456789)
    data = [(1, 2.5, "text", True, day, moment, decimal.Decimal("12.34"), b"\0\1", [1, None], {"k": 2.5}, Row(x=1, y="z")),
            (None,) * 11]
    schema = ("a INT, b DOUBLE, c STRING, d BOOLEAN, e DATE, f TIMESTAMP, g DECIMAL(10,2), h BINARY, i ARRAY<INT>, "
              "j MAP<STRING,DOUBLE>, k STRUCT<x: INT, y: STRING>")
    found = rows(spark.createDataFrame(data, schema))
    same(found[1], data[1])
    same(tuple(bytes(v) if isinstance(v, (bytes, bytearray)) else v for v in found[0]), data[0])


@call
def create_data_frame_of_rows(spark):
    df = spark.createDataFrame([Row(name="a", n=1), Row(name="b", n=2)])
    same(df.dtypes, [("name", "string"), ("n", "bigint")])
    same(df.orderBy("n").first().name, "a")


@call
def create_data_frame_of_pandas(spark):
    import pandas as pd
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", None, "z"]})
    same(rows(spark.createDataFrame(frame).filter("b IS NOT NULL")), [(1, "x"), (3, "z")])


@call
def large_local_data(spark):
    """New clients send it as artifacts."""
    import pandas as pd
    frame = pd.DataFrame({"a": range(30_000), "b": [f"{i} " + "x" * 100 for i in range(30_000)]})
    df = spark.createDataFrame(frame)
    same(rows(df.selectExpr("count(*)", "sum(a)", "sum(length(b))")), [(30000, 449985000, sum(map(len, frame.b)))])


@call
def to_pandas(spark):
    frame = spark.range(5).selectExpr("id", "cast(id AS STRING) AS s", "TIMESTAMP'2024-01-01 00:00:00' AS t").toPandas()
    same(frame.s.tolist(), ["0", "1", "2", "3", "4"])
    same(str(frame.dtypes["id"]), "int64")


@call
def to_arrow(spark):
    df = spark.range(100_000)
    need(df, "toArrow")
    same(df.toArrow().column(0).to_pylist(), list(range(100_000)))


@call
def to_local_iterator(spark):
    same(sum(r.id for r in spark.range(200_000).toLocalIterator()), 199_999 * 100_000)


@call
def show_and_print_schema(spark):
    df = spark.sql("SELECT 1 AS a, 'x' AS b")
    same(df._show_string(20, 20, False) if hasattr(df, "_show_string") else None, "+---+---+\n|  a|  b|\n+---+---+\n|  1|  x|\n+---+---+\n")


@call
def schema(spark):
    same(spark.sql("SELECT 1 AS a, array(struct('x' AS y)) AS b").schema.simpleString(), "struct<a:int,b:array<struct<y:string>>>")


@call
def explain(spark):
    assert "Range" in spark.range(3)._explain_string(extended=True)


@call
def select_filter_sort(spark):
    df = spark.range(10).withColumn("k", F.col("id") % 3).where(F.col("k") > 0).orderBy(F.desc("k"), "id").limit(3)
    same(rows(df), [(2, 2), (5, 2), (8, 2)])


@call
def group_and_aggregate(spark):
    df = spark.range(10).groupBy((F.col("id") % 2).alias("k")).agg(F.sum("id").alias("s"), F.count("*").alias("n"), F.avg("id").alias("a"))
    same(rows(df.orderBy("k")), [(0, 20, 5, 4.0), (1, 25, 5, 5.0)])


@call
def pivot(spark):
    df = spark.createDataFrame([("a", "x", 1), ("a", "y", 2), ("b", "x", 3)], "k STRING, p STRING, v INT")
    same(rows(df.groupBy("k").pivot("p", ["x", "y"]).sum("v").orderBy("k")), [("a", 1, 2), ("b", 3, None)])


@call
def joins(spark):
    left, right = spark.range(4), spark.range(2, 6)
    same(rows(left.join(right, "id").orderBy("id")), [(2,), (3,)])
    same(left.join(right, "id", "left_anti").count(), 2)
    same(left.join(right, left.id == right.id, "full").count(), 6)
    same(left.crossJoin(right).count(), 16)


@call
def set_operations(spark):
    a, b = spark.range(3), spark.range(2, 5)
    same(sorted(rows(a.union(b).distinct())), [(0,), (1,), (2,), (3,), (4,)])
    same(rows(a.intersect(b)), [(2,)])
    same(sorted(rows(a.exceptAll(b))), [(0,), (1,)])
    same(rows(a.select("id", F.lit(1).alias("x")).unionByName(b, allowMissingColumns=True).orderBy(F.desc("id")).limit(1)), [(4, None)])


@call
def windows(spark):
    w = Window.partitionBy((F.col("id") % 2)).orderBy("id")
    df = spark.range(4).select("id", F.row_number().over(w).alias("r"), F.sum("id").over(w).alias("s"), F.lag("id").over(w).alias("l"))
    same(rows(df.orderBy("id")), [(0, 1, 0, None), (1, 1, 1, None), (2, 2, 2, 0), (3, 2, 4, 1)])


@call
def higher_order_functions(spark):
    df = spark.sql("SELECT array(1, 2, 3) AS a")
    same(rows(df.select(F.transform("a", lambda x: x * 2), F.filter("a", lambda x: x > 1), F.aggregate("a", F.lit(0), lambda s, x: s + x))),
         [([2, 4, 6], [2, 3], 6)])


@call
def when_and_cast(spark):
    df = spark.range(2).select(F.when(F.col("id") == 0, "zero").otherwise("more").alias("w"), F.col("id").cast("string").alias("s"))
    same(rows(df), [("zero", "0"), ("more", "1")])


@call
def columns_added_renamed_dropped(spark):
    df = spark.range(1).withColumns({"a": F.lit(1), "b": F.lit(2)}).withColumnRenamed("a", "c").drop("b").toDF("x", "y")
    same(rows(df), [(0, 1)])


@call
def missing_values(spark):
    df = spark.createDataFrame([(1, None), (None, "x")], "a INT, b STRING")
    same(rows(df.fillna({"a": 0, "b": "?"})), [(1, "?"), (0, "x")])
    same(df.dropna(subset=["a"]).count(), 1)
    same(rows(df.replace("x", "y", subset=["b"])), [(1, None), (None, "y")])


@call
def statistics(spark):
    df = spark.range(1, 101).withColumn("twice", F.col("id") * 2)
    same(df.corr("id", "twice"), 1.0)
    same(df.approxQuantile("id", [0.5], 0.0), [50.0])
    same(rows(df.describe("id").where("summary = 'mean'")), [("mean", "50.5")])
    same(df.sample(1.0).count(), 100)


@call
def explode_and_collect(spark):
    df = spark.sql("SELECT 1 AS id, array('a', 'b') AS v").select("id", F.explode("v").alias("x"))
    same(rows(df.groupBy("id").agg(F.collect_list("x"))), [(1, ["a", "b"])])


@call
def unpivot(spark):
    df = spark.sql("SELECT 1 AS id, 2 AS a, 3 AS b").unpivot("id", ["a", "b"], "name", "value")
    same(sorted(rows(df)), [(1, "a", 2), (1, "b", 3)])


@call
def temporary_views(spark):
    spark.range(3).createOrReplaceTempView("view_of_call")
    same(rows(spark.table("view_of_call").selectExpr("sum(id)")), [(3,)])
    assert "view_of_call" in [t.name for t in spark.catalog.listTables()]
    same(spark.catalog.dropTempView("view_of_call"), True)
    same(spark.catalog.tableExists("view_of_call"), False)


@call
def catalog(spark):
    same(spark.catalog.currentDatabase(), "default")
    same(spark.catalog.currentCatalog(), "spark_catalog")
    assert spark.catalog.functionExists("abs")


@call
def cache(spark):
    df = spark.range(100).cache()
    same(df.count(), 100)
    same(df.is_cached, True)
    df.unpersist()


@call
def configuration(spark):
    spark.conf.set("spark.sql.shuffle.partitions", "7")
    same(spark.conf.get("spark.sql.shuffle.partitions"), "7")
    spark.conf.unset("spark.sql.shuffle.partitions")
    same(spark.conf.get("spark.sql.shuffle.partitions"), "200")
    same(spark.conf.get("no.such.key", "mine"), "mine")
    same(spark.conf.isModifiable("spark.sql.ansi.enabled"), True)


@call
def files_written_and_read(spark):
    with tempfile.TemporaryDirectory() as folder:
        df = spark.range(10).withColumn("k", F.col("id") % 2)
        df.write.partitionBy("k").parquet(folder + "/p")
        same(rows(spark.read.parquet(folder + "/p").groupBy("k").count().orderBy("k")), [(0, 5), (1, 5)])
        df.write.mode("append").option("header", True).csv(folder + "/c")
        same(spark.read.csv(folder + "/c", header=True, inferSchema=True).dtypes, [("id", "int"), ("k", "int")])
        df.write.json(folder + "/j")
        same(spark.read.schema("id BIGINT").json(folder + "/j").count(), 10)


@call
def errors_of_analysis(spark):
    from pyspark.errors import AnalysisException
    try:
        spark.range(1).select("nothing").collect()
    except AnalysisException as error:
        same(condition_of(error), "UNRESOLVED_COLUMN.WITH_SUGGESTION")
        same(error.getSqlState() or "42703", "42703")
        return
    raise AssertionError("no error")


@call
def errors_of_parsing(spark):
    from pyspark.errors import ParseException
    try:
        spark.sql("SELEC 1").collect()
    except ParseException as error:
        same(condition_of(error), "PARSE_SYNTAX_ERROR")
        return
    raise AssertionError("no error")


@call
def errors_while_running(spark):
    from pyspark.errors import ArithmeticException
    try:
        spark.sql("SELECT 1 / 0").collect()
    except ArithmeticException as error:
        same(condition_of(error), "DIVIDE_BY_ZERO")
        return
    raise AssertionError("no error")


@call
def interrupt_by_tag(spark):
    import threading
    import time
    caught, tag = [], f"t{uuid.uuid4()}"

    def work():
        spark.addTag(tag)
        try:
            spark.sql("SELECT count(*) FROM range(100000000000) WHERE id % 7 = 3").collect()
        except Exception as error:
            caught.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(100):
        spark.interruptTag(tag)
        thread.join(0.1)
        if not thread.is_alive():
            break
    assert caught and "OPERATION_CANCELED" in caught[0], caught


@call
def files_added_as_artifacts(spark):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"file-{uuid.uuid4()}.txt")
        with open(path, "w") as f:
            f.write("text")
        spark.addArtifact(path, file=True)


@call
def observe(spark):
    from pyspark.sql import Observation
    try:
        observation = Observation("o")
        spark.range(10).observe(observation, F.count(F.lit(1)).alias("n"), F.max("id").alias("m")).collect()
        metrics = observation.get
    except NotImplementedError as error:
        raise NotInThisClient("observe") from error
    same(metrics, {"n": 10, "m": 9})


@call
def lateral_columns_and_subqueries(spark):
    need(spark.range(1), "scalar")
    df = spark.range(3).withColumn("m", spark.range(5).select(F.max("id")).scalar())
    same(rows(df.orderBy("id")), [(0, 4), (1, 4), (2, 4)])


@call
def lateral_join(spark):
    need(spark.range(1), "lateralJoin")
    right = spark.range(4).where(F.col("id") == F.col("l.id").outer()).select((F.col("id") * 10).alias("ten"))
    same(rows(spark.range(2).alias("l").lateralJoin(right).orderBy("ten")), [(0, 0), (1, 10)])


@call
def transpose(spark):
    df = spark.sql("SELECT 'a' AS k, 1 AS x, 2 AS y")
    need(df, "transpose")
    same(rows(df.transpose()), [("x", 1), ("y", 2)])


@call
def table_valued_functions(spark):
    need(spark, "tvf")
    same(rows(spark.tvf.explode(F.array(F.lit(1), F.lit(2)))), [(1,), (2,)])


@call
def zip_with_index(spark):
    need(spark.range(1), "zipWithIndex")
    same(rows(spark.range(5, 7).zipWithIndex()), [(5, 0), (6, 1)])


@call
def progress_of_a_query(spark):
    need(spark, "registerProgressHandler")
    spark.registerProgressHandler(lambda *a, **k: None)
    same(spark.range(1000).count(), 1000)
    spark.clearProgressHandlers()


@call
def new_session(spark):
    """Views and settings are the session's own."""
    other = SparkSession.builder.remote(sys.argv[1]).create()
    spark.range(1).createOrReplaceTempView("mine")
    same(other.catalog.tableExists("mine"), False)


def main():
    spark = SparkSession.builder.remote(sys.argv[1]).getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    outcome = {}
    for name, function in CALLS.items():
        try:
            function(spark)
            outcome[name] = "ok"
        except NotInThisClient:
            outcome[name] = "not in this client"
        except Exception as error:
            outcome[name] = f"{type(error).__name__}: {error}"[:600]
    spark.stop()
    print(json.dumps(outcome))


if __name__ == "__main__":
    main()
