"""read.json and read.csv of a DataFrame of texts, and what Spark's planner alone knows by name."""

from pyspark.sql import functions as F
from pyspark.sql.window import Window


def _texts(spark, *texts):
    return spark.createDataFrame([(t,) for t in texts], "value string")


def json_texts(spark):
    return spark.read.json(_texts(spark, '{"a": 1, "b": "x"}', '{"a": 2.5, "c": [1, 2]}', '{"b": null}', "", " "))


def json_texts_schema(spark):
    return spark.read.schema("a INT, b STRING").json(_texts(spark, '{"a": 1, "b": "x"}', '{"a": "no"}', '[{"a": 3}, {"a": 4}]'))


def json_texts_corrupt(spark):
    return spark.read.json(_texts(spark, '{"a": 1}', "{bad"))


def json_texts_dropped(spark):
    return spark.read.option("mode", "DROPMALFORMED").json(_texts(spark, '{"a": 1}', "{bad", '{"a": 2}'))


def json_texts_computed(spark):
    texts = spark.range(3).select(F.to_json(F.struct("id", (F.col("id") * 2).alias("twice"))).alias("value"))
    return spark.read.json(texts).where("id > 0").select((F.col("twice") + 1).alias("n"))


def csv_texts(spark):
    return spark.read.csv(_texts(spark, "1,a,2.5", "2,,x", "", "3,c"))


def csv_texts_header(spark):
    return spark.read.csv(_texts(spark, "a,b", "1,x", "2,y", "a,b"), header=True)


def csv_texts_infer(spark):
    return spark.read.csv(_texts(spark, "a;b;c", "1;2.5;2020-01-02", "2;3;2021-03-04"), header=True, inferSchema=True, sep=";")


def csv_texts_schema(spark):
    return spark.read.schema("a INT, b STRING, _corrupt_record STRING").csv(_texts(spark, "1,x", "bad,y", "3", "#4,z"))


def csv_texts_comment(spark):
    return spark.read.csv(_texts(spark, "#first", "1,x", "#2,y"), comment="#")


def csv_texts_of_two_columns(spark):
    return spark.read.csv(spark.createDataFrame([("a", "b")], "x STRING, y STRING"))


def json_texts_of_no_columns(spark):
    return spark.read.json(spark.range(1).select())


def csv_texts_of_numbers(spark):
    return spark.read.schema("a INT").csv(spark.sql("SELECT 1 AS v"))


def json_texts_of_arrays(spark):
    return spark.read.json(spark.sql("SELECT array('a') AS v"))


def planner_nth_value(spark):
    w = Window.partitionBy("k").orderBy("v").rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    df = spark.createDataFrame([("a", 1), ("a", None), ("a", 3), ("b", 4)], ["k", "v"])
    return df.select("k", "v", F.nth_value("v", 2).over(w), F.nth_value("v", 2, True).over(w).alias("not_null"))


def planner_product(spark):
    df = spark.createDataFrame([("a", 2), ("a", 3), ("b", None)], ["k", "v"])
    return df.groupBy("k").agg(F.product("v")).orderBy("k")


def planner_count_star(spark):
    return spark.createDataFrame([(None,), ("x",)], "s string").select(F.count(F.expr("*")), F.count("*"), F.count("s"))


def planner_regex_of_table(spark):
    df = spark.createDataFrame([(1, 2, 3)], ["a1", "a2", "b"]).alias("t")
    return df.select(df.colRegex("t.`a.`"))


def planner_order_below_groups(spark):
    df = spark.createDataFrame([("a", 3), ("b", 5), ("a", 1), ("a", 2)], ["k", "v"]).coalesce(1).orderBy("v")
    return df.groupBy("k").agg(F.collect_list("v"), F.first("v"), F.last("v")).orderBy("k")


def planner_watermark(spark):
    df = spark.createDataFrame([(1, "2020-01-01")], ["a", "t"]).select("a", F.to_timestamp("t").alias("t"))
    return df.withWatermark("t", "10 minutes")


def planner_watermark_of_text(spark):
    return spark.createDataFrame([(1, "2020-01-01")], ["a", "t"]).withWatermark("t", "10 minutes")


def write_noop(spark):
    spark.range(3).write.format("noop").mode("overwrite").save()
    return "written"


def write_noop_fails(spark):
    spark.range(3).selectExpr("1 / (id - 1)").write.format("noop").mode("overwrite").save()
