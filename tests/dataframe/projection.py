"""select, withColumn(s), renaming, drop, toDF, alias, selectExpr, star, metadata."""

from pyspark.sql import functions as F


def _people(spark):
    return spark.createDataFrame([(1, "Ann", 30), (2, "Bob", None), (3, None, 41)], "id INT, name STRING, age INT")


def select_names(spark):
    return _people(spark).select("id", "name")


def select_columns(spark):
    df = _people(spark)
    return df.select(df.id, df["name"], F.col("age") + 1, (df.age * 2).alias("twice"))


def select_star(spark):
    return _people(spark).select("*", F.lit(1).alias("one"))


def select_list(spark):
    return _people(spark).select(["name", "id"])


def select_nothing(spark):
    return _people(spark).select()


def select_twice_the_same(spark):
    return _people(spark).select("id", "id")


def select_expr(spark):
    return _people(spark).selectExpr("id * 2 AS x", "upper(name)", "age IS NULL")


def select_nested(spark):
    df = spark.sql("SELECT named_struct('a', 1, 'b', named_struct('c', 'x')) AS s, array(1, 2) AS l, map('k', 7) AS m")
    return df.select("s.a", "s.b.c", "s.*", df.s.b, df.s["a"], df.l[0], df.l.getItem(1), df.m["k"], df.m.k)


def select_after_select(spark):
    return _people(spark).select("id", "age").select("age").select((F.col("age") + 1).alias("age"))


def select_unknown(spark):
    return _people(spark).select("nosuch")


def attribute_unknown(spark):
    return _people(spark).nosuch


def column_of_other_frame(spark):
    return _people(spark).select(spark.range(3).id)


def with_column(spark):
    return _people(spark).withColumn("next", F.col("age") + 1)


def with_column_replaces(spark):
    return _people(spark).withColumn("AGE", F.coalesce("age", F.lit(0)))


def with_columns(spark):
    return _people(spark).withColumns({"a": F.col("id") + 1, "b": F.lit("x"), "name": F.upper("name")})


def with_column_chain(spark):
    df = _people(spark)
    for i in range(60):
        df = df.withColumn(f"c{i}", F.col("id") + i)
    return df.select("id", "c0", "c59")


def with_column_not_a_column(spark):
    return _people(spark).withColumn("x", 5)


def with_column_renamed(spark):
    return _people(spark).withColumnRenamed("name", "who").withColumnRenamed("nosuch", "x")


def with_columns_renamed(spark):
    return _people(spark).withColumnsRenamed({"id": "key", "age": "years"})


def with_columns_renamed_swap(spark):
    return _people(spark).withColumnsRenamed({"id": "age", "age": "id"})


def drop_column(spark):
    return _people(spark).drop("age")


def drop_several(spark):
    df = _people(spark)
    return df.drop("age", "nosuch").drop(df.name)


def drop_all(spark):
    return _people(spark).drop("id", "name", "age")


def to_df(spark):
    return _people(spark).toDF("a", "b", "c")


def to_df_wrong_count(spark):
    return _people(spark).toDF("a", "b")


def alias_frame(spark):
    df = _people(spark).alias("p")
    return df.select("p.id", F.col("p.name"), "p.*")


def alias_unknown(spark):
    return _people(spark).alias("p").select("q.id")


def column_names_with_dots(spark):
    df = spark.createDataFrame([(1, 2)], ["a.b", "c d"])
    return df.select("`a.b`", "`c d`", F.col("`a.b`") + 1)


def column_names_with_dots_unquoted(spark):
    return spark.createDataFrame([(1, 2)], ["a.b", "c d"]).select("a.b")


def col_regex(spark):
    return _people(spark).select(_people(spark).colRegex("`(id|age)`"))


def col_regex_same_frame(spark):
    df = _people(spark)
    return df.select(df.colRegex("`(id|age)`"))


def alias_multi(spark):
    return spark.range(1).select(F.explode(F.create_map(F.lit("a"), F.lit(1))).alias("k", "v"))


def lateral_alias(spark):
    return _people(spark).select((F.col("id") + 1).alias("x"), (F.col("x") * 2).alias("y"))


def columns_and_dtypes(spark):
    df = _people(spark)
    return [df.columns, df.dtypes, len(df.schema), df.schema.simpleString()]


def schema_json(spark):
    return spark.sql("SELECT 1 AS a, array(struct('x' AS b)) AS l, map(1, 1.5BD) AS m").schema.json()


def print_schema(spark):
    spark.sql("""SELECT 1 AS a, 'x' AS b, array(1, NULL) AS l, map('k', named_struct('p', DATE'2020-01-01')) AS m,
        named_struct('x', 1L, 'y', array(1.5D)) AS s, 1.50 AS d, NULL AS n, INTERVAL 1 DAY AS i, X'00' AS bin,
        TIMESTAMP'2020-01-01 00:00:00' AS t, TIMESTAMP_NTZ'2020-01-01 00:00:00' AS tn, true AS z""").printSchema()


def print_schema_level(spark):
    spark.sql("SELECT named_struct('x', named_struct('y', 1)) AS s").printSchema(1)


def metadata(spark):
    df = _people(spark).withMetadata("age", {"unit": "years"})
    return [df.schema["age"].metadata, df.select("age").schema["age"].metadata,
            df.select(F.col("age").alias("a", metadata={"k": [1, 2]})).schema["a"].metadata]


def to_schema(spark):
    return _people(spark).to(spark.createDataFrame([], "age BIGINT, id STRING").schema)


def to_schema_missing(spark):
    return _people(spark).to(spark.createDataFrame([], "nosuch INT NOT NULL").schema)


def transform(spark):
    return _people(spark).transform(lambda df: df.where("id > 1")).transform(lambda df, n: df.limit(n), 1)


def literals(spark):
    import datetime
    import decimal
    return spark.range(1).select(
        F.lit(None), F.lit(True), F.lit(1), F.lit(2**40), F.lit(1.5), F.lit("x"), F.lit(b"ab"), F.lit(decimal.Decimal("1.50")),
        F.lit(datetime.date(2020, 1, 2)), F.lit(datetime.datetime(2020, 1, 2, 3, 4, 5, 6)), F.lit(datetime.timedelta(1, 2, 3)),
        F.lit([1, 2]), F.lit(["a"]), F.lit(float("nan")), F.lit(float("-inf")), F.lit(-0.0))


def literal_timezone(spark):
    import datetime
    return spark.range(1).select(F.lit(datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))).alias("t"))


def is_empty(spark):
    return [_people(spark).isEmpty(), _people(spark).where("false").isEmpty(), _people(spark).isLocal(), _people(spark).isStreaming]


def big_expression(spark):
    e = F.lit(0)
    for i in range(40):
        e = e + F.col("id") * i
    return _people(spark).select(e.alias("x"))


def deep_plan(spark):
    df = _people(spark)
    for i in range(30):
        df = df.where(F.col("id") > 0).select("*")
    return df
