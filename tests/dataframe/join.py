"""Joins and set operations of DataFrames."""

from pyspark.sql import functions as F


def _l(spark):
    return spark.createDataFrame([(1, "a"), (2, "b"), (2, "bb"), (None, "n"), (4, "d")], "k INT, x STRING")


def _r(spark):
    return spark.createDataFrame([(1, "A"), (2, "B"), (3, "C"), (None, "N")], "k INT, y STRING")


def _make(how):
    def on_name(spark):
        return _l(spark).join(_r(spark), "k", how)

    def on_expression(spark):
        l, r = _l(spark), _r(spark)
        return l.join(r, l.k == r.k, how)
    return on_name, on_expression


inner, inner_expression = _make("inner")
left, left_expression = _make("left")
right, right_expression = _make("right")
full, full_expression = _make("full_outer")
semi, semi_expression = _make("left_semi")
anti, anti_expression = _make("anti")


def cross_join(spark):
    return _l(spark).crossJoin(_r(spark)).select(F.count("*").alias("n"))


def no_condition(spark):
    return _l(spark).join(_r(spark)).select(F.count("*").alias("n"))


def cross_with_condition(spark):
    l, r = _l(spark), _r(spark)
    return l.join(r, l.k == r.k, "cross").select("x", "y")


def unknown_type(spark):
    return _l(spark).join(_r(spark), "k", "sideways")


def several_names(spark):
    l = spark.createDataFrame([(1, 2, "p")], ["a", "b", "c"])
    return l.join(l.withColumnRenamed("c", "d"), ["a", "b"])


def several_expressions(spark):
    l, r = _l(spark), _r(spark)
    return l.join(r, [l.k == r.k, r.y > "A"]).select(l.k, "x", "y")


def name_missing(spark):
    return _l(spark).join(_r(spark), "x")


def self_join_by_name(spark):
    df = _l(spark)
    return df.join(df, "k")


def self_join_ambiguous(spark):
    df = _l(spark)
    return df.join(df, df.k == df.k)


def self_join_aliases(spark):
    a, b = _l(spark).alias("a"), _l(spark).alias("b")
    return a.join(b, (F.col("a.k") == F.col("b.k")) & (F.col("a.x") < F.col("b.x"))).select("a.k", "a.x", "b.x")


def ambiguous_name(spark):
    l, r = _l(spark), _r(spark)
    return l.join(r, l.k == r.k).select("k")


def column_of_side(spark):
    l, r = _l(spark), _r(spark)
    return l.join(r, l.k == r.k, "left").select(l.k, r.k, "y")


def drop_side(spark):
    l, r = _l(spark), _r(spark)
    return l.join(r, l.k == r.k).drop(r.k)


def null_safe(spark):
    l, r = _l(spark), _r(spark)
    return l.join(r, l.k.eqNullSafe(r.k)).select("x", "y")


def range_condition(spark):
    l, r = _l(spark), _r(spark)
    return l.join(r, (l.k < r.k) & (r.y != "B")).select("x", "y")


def chain(spark):
    l, r = _l(spark), _r(spark)
    z = spark.createDataFrame([(1, "z1"), (2, "z2")], "k INT, z STRING")
    return l.join(r, "k").join(z, "k", "left").groupBy("z").agg(F.count("*").alias("n"), F.max("y"))


def broadcast(spark):
    return _l(spark).join(F.broadcast(_r(spark)), "k").select("k", "y")


def different_types(spark):
    return _l(spark).join(spark.createDataFrame([("1", "one"), ("2", "two")], "k STRING, z STRING"), "k")


def lateral(spark):
    l, r = _l(spark), _r(spark)
    return l.lateralJoin(r.where(F.col("k") == l.k.outer()).select("y"))


def scalar_subquery(spark):
    l, r = _l(spark), _r(spark)
    return l.select("x", r.where(r.k == l.k.outer()).select(F.max("y")).scalar().alias("m"))


def exists_subquery(spark):
    l, r = _l(spark), _r(spark)
    return l.where(r.where(r.k == l.k.outer()).exists())


def isin_subquery(spark):
    return _l(spark).where(F.col("k").isin(_r(spark).select("k")))


def union(spark):
    return _l(spark).union(_r(spark))


def union_all(spark):
    return _l(spark).unionAll(_r(spark))


def union_types(spark):
    return _l(spark).union(spark.createDataFrame([(1.5, 7)], "k DOUBLE, x INT"))


def union_wrong_count(spark):
    return _l(spark).union(_r(spark).select("k"))


def union_by_name(spark):
    return _l(spark).unionByName(spark.createDataFrame([("q", 9)], "x STRING, k INT"))


def union_by_name_missing(spark):
    return _l(spark).unionByName(_r(spark))


def union_by_name_allow_missing(spark):
    return _l(spark).unionByName(_r(spark), allowMissingColumns=True)


def union_by_name_struct(spark):
    a, b = spark.sql("SELECT named_struct('p', 1) AS s"), spark.sql("SELECT named_struct('q', 2) AS s")
    return a.unionByName(b, allowMissingColumns=True)


def intersect(spark):
    return _l(spark).select("k").intersect(_r(spark).select("k"))


def intersect_all(spark):
    return _l(spark).select("k").intersectAll(_l(spark).select("k"))


def subtract(spark):
    return _l(spark).select("k").subtract(_r(spark).select("k"))


def except_all(spark):
    return _l(spark).select("k").exceptAll(_r(spark).select("k"))


def reduce_union(spark):
    import functools
    return functools.reduce(lambda a, b: a.union(b), [spark.range(i, i + 1) for i in range(20)]).agg(F.sum("id"), F.count("*"))
