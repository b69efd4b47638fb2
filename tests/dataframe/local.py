"""createDataFrame from all kinds of local data."""

import datetime
import decimal

from pyspark.sql import Row
from pyspark.sql import types as T


def tuples_and_names(spark):
    return spark.createDataFrame([(1, "a"), (2, None)], ["n", "s"])


def tuples_no_names(spark):
    return spark.createDataFrame([(1, "a", 2.5)])


def dicts(spark):
    return spark.createDataFrame([{"b": 1, "a": "x"}, {"a": "y", "b": None}])


def rows(spark):
    return spark.createDataFrame([Row(x=1, y=[1, 2]), Row(x=2, y=None)])


def nested_rows(spark):
    return spark.createDataFrame([Row(x=Row(p=1, q="z"), m={"k": 1.5})])


def single_values(spark):
    return spark.createDataFrame([1, 2, 3], "int")


def single_type(spark):
    return spark.createDataFrame(["a", None], T.StringType())


def ddl_schema(spark):
    return spark.createDataFrame([(1, "x", [1.5], {"k": True})], "a BIGINT NOT NULL, b STRING, c ARRAY<DOUBLE>, d MAP<STRING, BOOLEAN>")


def struct_type(spark):
    schema = T.StructType([T.StructField("a", T.ByteType()), T.StructField("b", T.ShortType(), False), T.StructField("c", T.FloatType()),
                           T.StructField("d", T.DecimalType(10, 2)), T.StructField("e", T.BinaryType()), T.StructField("f", T.StructType([T.StructField("g", T.DateType())]))])
    return spark.createDataFrame([(1, 2, 1.5, decimal.Decimal("3.14"), b"\x00\xff", (datetime.date(2020, 2, 29),))], schema)


def dates_and_times(spark):
    return spark.createDataFrame([(datetime.date(1, 1, 1), datetime.datetime(1969, 12, 31, 23, 59, 59, 999999), datetime.timedelta(days=-1, microseconds=5)), (datetime.date(9999, 12, 31), datetime.datetime(2020, 1, 1), None)], ["d", "t", "i"])


def timestamp_ntz(spark):
    return spark.createDataFrame([(datetime.datetime(2020, 1, 1, 12),)], "t TIMESTAMP_NTZ")


def decimals(spark):
    return spark.createDataFrame([(decimal.Decimal("1.5"),), (decimal.Decimal("-12345678901234567.123456789"),), (None,)], ["d"])


def special_floats(spark):
    return spark.createDataFrame([(float("nan"),), (float("inf"),), (-0.0,), (None,)], ["d"])


def empty_with_schema(spark):
    return spark.createDataFrame([], "a INT, b STRING")


def empty_without_schema(spark):
    return spark.createDataFrame([])


def all_null_column(spark):
    return spark.createDataFrame([(1, None)], ["a", "b"])


def wrong_type(spark):
    return spark.createDataFrame([("x",)], "a INT")


def null_in_not_null(spark):
    return spark.createDataFrame([(None,)], "a INT NOT NULL")


def out_of_range(spark):
    return spark.createDataFrame([(300,)], "a TINYINT")


def wrong_length(spark):
    return spark.createDataFrame([(1, 2), (3,)], ["a", "b"])


def mixed_types(spark):
    return spark.createDataFrame([(1,), ("a",)], ["a"])


def pandas_frame(spark):
    import pandas as pd
    return spark.createDataFrame(pd.DataFrame({"i": [1, 2], "s": ["a", None], "f": [1.5, float("nan")], "t": pd.to_datetime(["2020-01-01", None]), "b": [True, False]}))


def pandas_with_schema(spark):
    import pandas as pd
    return spark.createDataFrame(pd.DataFrame({"x": [1, 2], "y": ["a", "b"]}), "x LONG, y STRING")


def pandas_empty(spark):
    import pandas as pd
    return spark.createDataFrame(pd.DataFrame({"x": pd.Series([], dtype="int64")}))


def pandas_nested(spark):
    import pandas as pd
    return spark.createDataFrame(pd.DataFrame({"l": [[1, 2], []], "m": [{"a": 1}, None]}), "l ARRAY<INT>, m MAP<STRING, INT>")


def arrow_table(spark):
    import pyarrow as pa
    return spark.createDataFrame(pa.table({"i": pa.array([1, None], pa.int32()), "s": ["x", "y"], "l": [[1], None]}))


def numpy_array(spark):
    import numpy as np
    return spark.createDataFrame(np.array([[1.5, 2.0], [3.0, 4.0]]), ["a", "b"])


def unicode_text(spark):
    return spark.createDataFrame([("é",), ("e\u0301",), ("日本",), ("😀",), ("",), ("a\x00b",), ("tab\t",)], ["s"])


def large(spark):
    df = spark.createDataFrame([(i, f"row {i} " + "x" * 50) for i in range(30000)], "i INT, s STRING")
    return df.selectExpr("count(*)", "sum(i)", "max(length(s))")


def many_columns(spark):
    return spark.createDataFrame([tuple(range(300))], [f"c{i}" for i in range(300)]).select("c0", "c299")


def duplicate_names(spark):
    return spark.createDataFrame([(1, 2)], ["a", "a"])


def array_of_structs(spark):
    return spark.createDataFrame([([(1, "a"), (2, None)],), ([],), (None,)], "l ARRAY<STRUCT<n: INT, s: STRING>>")


def then_sql(spark):
    spark.createDataFrame([(1, "a"), (2, "b")], ["n", "s"]).createOrReplaceTempView("local_rows")
    return spark.sql("SELECT s, n + 1 AS m FROM local_rows WHERE n > 1")
