"""Column operators and methods."""

from pyspark.sql import Window, functions as F


def _t(spark):
    return spark.createDataFrame([(1, 2, "ab", True, 1.5), (5, 2, "Abc", False, -0.5), (None, 3, None, None, None)],
                                 "a INT, b INT, s STRING, f BOOLEAN, d DOUBLE")


def arithmetic(spark):
    df = _t(spark)
    return df.select(df.a + df.b, df.a - 1, 1 - df.a, df.a * 2, df.a / df.b, df.a % 2, -df.a, df.a ** 2, 2 ** df.b, 10 / df.b, 7 % df.b)


def comparison(spark):
    df = _t(spark)
    return df.select(df.a == df.b, df.a != 1, df.a < df.b, df.a <= 5, df.a > 1, df.a >= df.b, df.a.eqNullSafe(None), df.a.eqNullSafe(1))


def logic(spark):
    df = _t(spark)
    return df.select(df.f & (df.a > 1), df.f | (df.a > 1), ~df.f, df.f & True, True | df.f)


def bitwise(spark):
    df = _t(spark)
    return df.select(df.a.bitwiseAND(df.b), df.a.bitwiseOR(df.b), df.a.bitwiseXOR(1), F.bitwise_not("a"))


def null_tests(spark):
    df = _t(spark)
    return df.select(df.a.isNull(), df.a.isNotNull(), df.d.isNaN(), F.isnull("s"), F.isnan("d"))


def strings(spark):
    df = _t(spark)
    return df.select(df.s.like("a%"), df.s.ilike("A%"), df.s.rlike("b+"), df.s.contains("b"), df.s.startswith("A"), df.s.endswith("c"),
                     df.s.substr(1, 2), df.s.substr(F.lit(2), F.lit(1)))


def between_and_in(spark):
    df = _t(spark)
    return df.select(df.a.between(1, 3), df.a.isin(1, 2), df.a.isin([5]), ~df.a.isin(1), df.s.isin("ab", None), df.a.isin([]))


def casting(spark):
    df = _t(spark)
    return df.select(df.a.cast("string"), df.a.cast("double"), df.d.cast("int"), df.a.astype("long"), df.s.try_cast("int"), df.f.cast("int"))


def cast_fails(spark):
    return _t(spark).select(F.col("s").cast("int"))


def when_otherwise(spark):
    df = _t(spark)
    return df.select(F.when(df.a > 1, "big").when(df.a == 1, "one").otherwise("none").alias("w"), F.when(df.f, df.a))


def case_without_alias(spark):
    df = _t(spark)
    return df.select(F.when(df.a > 1, 1).otherwise(0))


def ordering(spark):
    from dataframe_cases import ordered
    df = _t(spark)
    return ordered(df.orderBy(df.a.desc_nulls_first(), df.b.asc()).select("a"))


def ordering_nulls_last(spark):
    from dataframe_cases import ordered
    return ordered(_t(spark).sort(F.col("a").asc_nulls_last()).select("a"))


def names(spark):
    df = _t(spark)
    return df.select(df.a.alias("x"), df.a.name("y"), (df.a + 1).alias("z").cast("string"), df.a.cast("string"), F.col("a"), F.expr("a + b"))


def structs(spark):
    df = _t(spark).select(F.struct("a", "b", F.col("s").alias("t")).alias("st"))
    return df.select("st.a", df.st.getField("t"), df.st.withField("n", F.lit(9)), df.st.dropFields("a", "b"), df.st.withField("a", df.st.b))


def arrays_and_maps(spark):
    df = _t(spark).select(F.array("a", "b").alias("l"), F.create_map(F.lit("k"), "b").alias("m"))
    return df.select(df.l[0], df.l.getItem(1), df.m["k"], df.m.getItem("z"), F.size("l"), F.get("l", F.lit(5)))


def truth_value(spark):
    return bool(_t(spark).a)


def wrong_operator(spark):
    df = _t(spark)
    return df.select(df.a & df.b)


def wrong_types(spark):
    df = _t(spark)
    return df.select(df.a + F.array("b"))


def string_plus_int(spark):
    df = _t(spark)
    return df.select(df.s + 1)


def divide_by_zero(spark):
    return _t(spark).select(F.col("a") / (F.col("b") - 2))


def overflow(spark):
    return _t(spark).select(F.col("a") + 2147483647)


def element_out_of_range(spark):
    return _t(spark).select(F.array("a")[3])


def repr_of_columns(spark):
    return [str(F.col("a") + 1), repr(F.col("a").alias("b")), str(F.when(F.col("a") > 1, "x").otherwise("y")), str(F.lit("it's")), str(F.sum("a"))]


def over_without_window(spark):
    return _t(spark).select(F.row_number())


def outer_and_named(spark):
    return _t(spark).select(F.named_struct(F.lit("x"), "a", F.lit("y"), "s"), F.transform(F.array("a", "b"), lambda x: x + 1))


def higher_order(spark):
    df = spark.createDataFrame([([1, 2, 3], {"a": 1}), ([], {}), (None, None)], "l ARRAY<INT>, m MAP<STRING, INT>")
    return df.select(F.transform("l", lambda x, i: x * i), F.filter("l", lambda x: x > 1), F.exists("l", lambda x: x == 2),
                     F.forall("l", lambda x: x > 0), F.aggregate("l", F.lit(0), lambda acc, x: acc + x),
                     F.zip_with("l", "l", lambda a, b: a * b), F.transform_values("m", lambda k, v: v + 1),
                     F.map_filter("m", lambda k, v: v > 5), F.array_sort("l", lambda a, b: b - a))


def sql_expression_strings(spark):
    return _t(spark).select(F.expr("a BETWEEN 1 AND 3"), F.expr("CASE WHEN f THEN 'y' ELSE 'n' END AS yn"), F.expr("b IN (1, 2)"))


def call_function(spark):
    return _t(spark).select(F.call_function("abs", F.col("d")))


def call_unknown_function(spark):
    return _t(spark).select(F.call_function("nosuch", "a"))


def _moves(spark):
    return spark.createDataFrame([(1, None), (2, 5), (3, None), (5, 8)], "k INT, v INT")


def window_bounds_behind(spark):
    w = Window.orderBy("k")
    return _moves(spark).select("k", F.sum("v").over(w.rowsBetween(-1, 1)), F.sum("v").over(w.rangeBetween(-2, -1)), F.count("v").over(w.rowsBetween(Window.unboundedPreceding, -1)))


def window_ignoring_nulls(spark):
    w = Window.orderBy("k").rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    return _moves(spark).select("k", F.nth_value("v", 2, True).over(w), F.nth_value("v", 2).over(w), F.lag("v", 1).over(Window.orderBy("k")))


def drop_all_fields(spark):
    return spark.sql("SELECT named_struct('a', 1, 'b', 2) AS s").select(F.col("s").dropFields("a", "b"))


def drop_only_field(spark):
    return spark.sql("SELECT named_struct('a', 1) AS s").select(F.col("s").dropFields("a"))


def alias_metadata(spark):
    df = spark.range(1).select(F.col("id").alias("a", metadata={"x": 1}))
    a = F.col("a")
    columns = [a, a.alias("b"), a.alias("c", metadata={}), a.alias("d", metadata={"y": 2}), a.alias("e", metadata={}).alias("f"),
               a.alias("g", metadata={"z": 3}).alias("h")]
    return spark.createDataFrame([(str(field.metadata),) for field in df.select(*columns).schema], "m STRING")
