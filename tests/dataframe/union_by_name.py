"""unionByName: struct fields go by name at every depth of structs and arrays."""

STRUCTS = {
    "ab": "named_struct('a', 1, 'b', 2)",
    "ba": "named_struct('b', 2, 'a', 1)",
    "aB": "named_struct('a', 1, 'B', 2)",
    "bd": "named_struct('b', 2, 'd', 4)",
    "ab_long": "named_struct('a', 1L, 'b', 2)",
    "ba_text": "named_struct('b', '7', 'a', 1)",
    "aa": "named_struct('a', 1, 'a', 2)",
    "null_ba": "cast(null as struct<b: int, a: int>)",
    "void": "null",
    "int": "1",
}


def _union(spark, left, right, allow_missing):
    def frame(value):
        return spark.sql(f"SELECT {STRUCTS.get(value, value)} AS v")

    return frame(left).unionByName(frame(right), allow_missing)


def _nested(form, value):
    return form.format(STRUCTS[value])


ARRAY = "array({})"
ARRAYS = "array(array({}), array())"
STRUCT = "named_struct('n', {})"
DEEP = "named_struct('n', array(named_struct('m', array({}))))"
MAP = "map('k', {})"


def other_order(spark):
    return _union(spark, "ab", "ba", False)


def other_order_allowing(spark):
    return _union(spark, "ab", "ba", True)


def other_case(spark):
    return _union(spark, "ab", "aB", False)


def field_missing(spark):
    return _union(spark, "ab", "bd", False)


def field_missing_allowed(spark):
    return _union(spark, "ab", "bd", True)


def field_missing_allowed_back(spark):
    return _union(spark, "bd", "ab", True)


def wider(spark):
    return _union(spark, "ab", "ab_long", False)


def wider_and_other_order(spark):
    return _union(spark, "ba", "ab_long", False)


def text_and_number(spark):
    return _union(spark, "ab", "ba_text", False)


def field_twice(spark):
    return _union(spark, "ab", "aa", False)


def field_twice_left(spark):
    return _union(spark, "aa", "ab", True)


def null_struct(spark):
    return _union(spark, "ab", "null_ba", False)


def null_struct_left(spark):
    return _union(spark, "null_ba", "ab", True)


def void(spark):
    return _union(spark, "ab", "void", False)


def no_struct(spark):
    return _union(spark, "ab", "int", True)


def in_struct(spark):
    return _union(spark, _nested(STRUCT, "ab"), _nested(STRUCT, "ba"), False)


def in_struct_missing(spark):
    return _union(spark, _nested(STRUCT, "ab"), _nested(STRUCT, "bd"), True)


def in_struct_extra(spark):
    return _union(spark, "named_struct('n', named_struct('b', 2))", _nested(STRUCT, "ba"), False)


def in_array(spark):
    return _union(spark, _nested(ARRAY, "ab"), _nested(ARRAY, "ba"), False)


def in_array_missing(spark):
    return _union(spark, _nested(ARRAY, "ab"), _nested(ARRAY, "bd"), True)


def in_array_missing_refused(spark):
    return _union(spark, _nested(ARRAY, "ab"), _nested(ARRAY, "bd"), False)


def in_arrays(spark):
    return _union(spark, _nested(ARRAYS, "ab"), _nested(ARRAYS, "bd"), True)


def in_null_array(spark):
    return _union(spark, _nested(ARRAY, "ab"), "cast(null as array<struct<b: int, a: int>>)", False)


def in_array_with_null(spark):
    return _union(spark, _nested(ARRAY, "ab"), "array(named_struct('b', 2, 'a', 1), null)", False)


def deep(spark):
    return _union(spark, _nested(DEEP, "ab"), _nested(DEEP, "bd"), True)


def in_map(spark):
    return _union(spark, _nested(MAP, "ab"), _nested(MAP, "ba"), False)


def in_map_missing(spark):
    return _union(spark, _nested(MAP, "ab"), _nested(MAP, "bd"), True)


def columns_that_differ_in_number(spark):
    return spark.sql("SELECT 1 AS a").unionByName(spark.sql("SELECT 1 AS a, 2 AS b"))


def many(spark):
    frame = spark.sql("SELECT named_struct('b', 0L, 'a', 0L) AS v")
    for i in range(40):
        frame = frame.unionByName(spark.sql(f"SELECT named_struct('a', {i}L, 'c{i % 3}', 1) AS v"), True)
    return frame.selectExpr("count(*)", "sum(v.a)", "sum(v.c1)", "count(v.b)", "count(v.c2)")


def case_sensitive(spark):
    spark.conf.set("spark.sql.caseSensitive", "true")
    return _union(spark, "ab", "aB", True)
