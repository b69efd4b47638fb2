"""pyspark.sql.functions called from Python: the shapes of arguments that clients send."""

from pyspark.sql import functions as F


def _t(spark):
    return spark.sql("""SELECT * FROM VALUES (1, 'Spark SQL', DATE'2020-02-29', TIMESTAMP'2020-02-29 12:34:56.789', 2.345D, array(3, 1, NULL)),
        (NULL, NULL, NULL, NULL, NULL, NULL) AS t(i, s, d, ts, x, l)""")


def string_functions(spark):
    return _t(spark).select(F.upper("s"), F.lower("s"), F.length("s"), F.trim("s"), F.lpad("s", 12, "*"), F.rpad("s", 3, "*"), F.repeat("s", 2), F.reverse("s"), F.substring("s", 2, 3), F.instr("s", "SQL"),
                            F.locate("S", "s", 2), F.translate("s", "SQ", "12"), F.regexp_replace("s", "[aeiou]", "_"), F.regexp_extract("s", r"(\w+) (\w+)", 2), F.split("s", " "), F.concat("s", F.lit("!")),
                            F.concat_ws("-", "s", F.lit("x")), F.initcap("s"), F.ascii("s"), F.base64("s"), F.format_string("%s|%d", "s", "i"), F.levenshtein("s", F.lit("spork")), F.soundex("s"))


def date_functions(spark):
    return _t(spark).select(F.year("d"), F.month("d"), F.dayofmonth("d"), F.dayofweek("d"), F.dayofyear("d"), F.weekofyear("d"), F.quarter("d"), F.hour("ts"), F.minute("ts"), F.second("ts"), F.date_add("d", 1),
                            F.date_sub("d", 1), F.datediff("d", F.lit("2020-01-01")), F.add_months("d", 12), F.months_between("ts", "d"), F.last_day("d"), F.next_day("d", "Mon"), F.trunc("d", "month"),
                            F.date_trunc("hour", "ts"), F.date_format("ts", "yyyy/MM/dd HH:mm"), F.to_date(F.lit("2020-01-02")), F.to_timestamp(F.lit("2020-01-02 03:04:05")), F.unix_timestamp("ts"),
                            F.from_unixtime(F.lit(0)), F.from_utc_timestamp("ts", "Asia/Tokyo"), F.make_date(F.lit(2020), F.lit(1), F.lit(2)), F.expr("ts + INTERVAL 1 HOUR"), F.timestamp_seconds(F.lit(1)), F.extract(F.lit("WEEK"), "d"))


def math_functions(spark):
    return _t(spark).select(F.abs("x"), F.round("x", 1), F.bround("x", 1), F.ceil("x"), F.floor("x"), F.sqrt("x"), F.exp("x"), F.log("x"), F.log(2.0, "x"), F.log10("x"), F.pow("x", 2), F.sin("x"), F.cos("x"), F.atan2("x", F.lit(1.0)),
                            F.signum("x"), F.greatest("x", F.lit(1.0)), F.least("i", F.lit(5)), F.hypot("x", "i"), F.degrees("x"), F.factorial("i"), F.hex("i"), F.conv(F.lit("ff"), 16, 10), F.bin("i"), F.rint("x"), F.pmod("i", F.lit(3)), F.shiftleft("i", 2))


def collection_functions(spark):
    return _t(spark).select(F.size("l"), F.array_contains("l", 1), F.sort_array("l"), F.sort_array("l", asc=False), F.array_max("l"), F.array_min("l"), F.array_distinct("l"), F.element_at("l", 1), F.slice("l", 1, 2), F.array_join(F.col("l").cast("array<string>"), ","),
                            F.array_position("l", 1), F.array_remove("l", 1), F.array_union("l", F.array(F.lit(9))), F.concat("l", "l"), F.flatten(F.array("l", "l")), F.array_repeat("i", 2), F.sequence(F.lit(1), F.lit(3)), F.reverse("l"),
                            F.map_keys(F.create_map(F.lit("k"), "i")), F.map_values(F.create_map(F.lit("k"), "i")), F.map_from_arrays(F.array(F.lit(1)), F.array("s")), F.struct("i", "s"), F.arrays_zip("l", "l"), F.array_compact("l"), F.array_append("l", 5), F.get("l", 0))


def conditional_functions(spark):
    return _t(spark).select(F.coalesce("i", F.lit(0)), F.when(F.col("i") == 1, "one"), F.nvl("s", F.lit("-")), F.nvl2("s", F.lit(1), F.lit(2)), F.nullif("i", F.lit(1)), F.ifnull("i", F.lit(9)), F.isnull("i"), F.isnotnull("i"), F.expr("if(i = 1, 'a', 'b')"), F.equal_null("i", F.lit(None)))


def json_functions(spark):
    df = spark.createDataFrame([('{"a": 1, "b": {"c": "x"}}',), (None,), ("bad",)], ["j"])
    return df.select(F.get_json_object("j", "$.b.c"), F.from_json("j", "a INT, b STRUCT<c: STRING>"), F.json_tuple("j", "a"), F.to_json(F.struct("j")), F.schema_of_json(F.lit('{"a": 1}')))


def json_with_struct_type(spark):
    from pyspark.sql.types import IntegerType, StructField, StructType
    df = spark.createDataFrame([('{"a": 1}',)], ["j"])
    return df.select(F.from_json("j", StructType([StructField("a", IntegerType())])).alias("r")).select("r.a")


def hash_functions(spark):
    return _t(spark).select(F.hash("i", "s"), F.xxhash64("i", "s"), F.md5("s"), F.sha1("s"), F.sha2("s", 256), F.crc32("s"))


def typed_literals(spark):
    return spark.range(1).select(F.typeof(F.lit(1)), F.typeof(F.lit(1.5)), F.typeof(F.lit("x")), F.typeof(F.lit([1])), F.lit("x").cast("binary"))


def monotonic_and_partition(spark):
    df = spark.range(10, numPartitions=1).select(F.monotonically_increasing_id().alias("m"), F.spark_partition_id().alias("p"))
    return df


def random_properties(spark):
    df = spark.range(1000).select(F.rand(1).alias("u"), F.randn(1).alias("n"))
    return df.selectExpr("min(u) >= 0 AND max(u) < 1", "abs(avg(u) - 0.5) < 0.1", "abs(avg(n)) < 0.2", "count(DISTINCT u) > 990")


def wrong_argument_type(spark):
    return _t(spark).select(F.year("l"))


def wrong_argument_count(spark):
    return _t(spark).select(F.expr("substring(s)"))


def aggregate_in_select(spark):
    return _t(spark).select(F.sum("i"), F.col("s"))


def aggregate_in_filter(spark):
    return _t(spark).filter(F.sum("i") > 0)


def try_functions(spark):
    return spark.range(1).select(F.try_divide(F.lit(1), F.lit(0)), F.try_add(F.lit(2147483647), F.lit(1)), F.try_element_at(F.array(F.lit(1)), F.lit(5)), F.try_to_number(F.lit("x"), F.lit("999")), F.try_to_timestamp(F.lit("x")))


def column_or_name(spark):
    return _t(spark).select(F.upper(F.col("s")), F.upper("s"), F.concat_ws(",", F.array(F.lit("a"), "s")), F.least(F.col("i"), F.col("i") + 1), F.array(["i", "i"]), F.struct(["i", "s"]))
