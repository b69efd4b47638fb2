"""fillna, dropna, replace, melt/unpivot, transpose, explode."""

from pyspark.sql import functions as F


def _t(spark):
    return spark.createDataFrame([(1, "a", 1.5, True), (None, None, None, None), (3, "c", float("nan"), False), (None, "d", 4.0, None)], "i INT, s STRING, d DOUBLE, b BOOLEAN")


def fill_number(spark):
    return _t(spark).fillna(0)


def fill_double(spark):
    return _t(spark).fillna(9.7)


def fill_string(spark):
    return _t(spark).na.fill("?")


def fill_boolean(spark):
    return _t(spark).fillna(False)


def fill_subset(spark):
    return _t(spark).fillna(7, subset=["i"])


def fill_dict(spark):
    return _t(spark).fillna({"i": 5, "s": "none", "b": True})


def fill_unknown(spark):
    return _t(spark).fillna(0, subset=["nosuch"])


def drop_unknown(spark):
    return _t(spark).dropna(subset=["nosuch"])


def replace_unknown(spark):
    return _t(spark).replace(1, 2, subset=["nosuch"])


def fill_wrong_value(spark):
    return _t(spark).fillna([1])


def drop_any(spark):
    return _t(spark).dropna()


def drop_all(spark):
    return _t(spark).dropna("all")


def drop_thresh(spark):
    return _t(spark).dropna(thresh=3)


def drop_subset(spark):
    return _t(spark).na.drop(subset=["i", "d"])


def drop_wrong_how(spark):
    return _t(spark).dropna("some")


def replace_value(spark):
    return _t(spark).replace(3, 30)


def replace_list(spark):
    return _t(spark).replace(["a", "c"], ["A", "C"])


def replace_dict(spark):
    return _t(spark).replace({1: 10, 3: 30}, subset=["i"])


def replace_with_null(spark):
    return _t(spark).replace("a", None)


def replace_subset(spark):
    return _t(spark).na.replace(1.5, 2.5, "d")


def replace_nan(spark):
    return _t(spark).replace(float("nan"), 0.0)


def unpivot(spark):
    df = spark.createDataFrame([(1, 11, 1.1), (2, 12, None)], ["id", "a", "b"])
    return df.unpivot("id", ["a", "b"], "var", "val")


def melt_all(spark):
    return spark.createDataFrame([(1, 11, 12)], ["id", "a", "b"]).melt(["id"], None, "var", "val")


def unpivot_types(spark):
    return spark.createDataFrame([(1, 11, "x")], ["id", "a", "b"]).unpivot("id", ["a", "b"], "var", "val")


def transpose(spark):
    return spark.createDataFrame([("A", 1, 2), ("B", 3, 4)], ["id", "v1", "v2"]).transpose()


def transpose_index(spark):
    return spark.createDataFrame([(1, "A", 2), (3, "B", 4)], ["v1", "id", "v2"]).transpose("id")


def explode(spark):
    df = spark.createDataFrame([(1, [1, 2], {"a": 1}), (2, [], {}), (3, None, None)], "i INT, l ARRAY<INT>, m MAP<STRING, INT>")
    return df.select("i", F.explode("l"))


def explode_outer(spark):
    df = spark.createDataFrame([(1, [1, 2], {"a": 1}), (2, [], {}), (3, None, None)], "i INT, l ARRAY<INT>, m MAP<STRING, INT>")
    return df.select("i", F.explode_outer("m"))


def posexplode(spark):
    return spark.createDataFrame([(["x", "y"],)], ["l"]).select(F.posexplode("l"))


def inline_structs(spark):
    return spark.sql("SELECT array(named_struct('a', 1, 'b', 'x'), named_struct('a', 2, 'b', 'y')) AS l").select(F.inline("l"))


def stack(spark):
    return spark.range(1).select(F.stack(F.lit(2), F.lit(1), F.lit("a"), F.lit(2), F.lit("b")))


def table_functions(spark):
    return spark.tvf.explode(F.array(F.lit(1), F.lit(2))).union(spark.tvf.range(2).select(F.col("id").cast("int")))


def two_generators(spark):
    return spark.range(1).select(F.explode(F.array(F.lit(1))), F.explode(F.array(F.lit(2))))


def nested_generator(spark):
    return spark.range(1).select(F.explode(F.array(F.lit(1))) + 1)
