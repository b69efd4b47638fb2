"""Parquet files that other writers than Spark have written, and what may be read of them as what."""

import base64
import datetime
import os
import zlib
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

_COLUMNS = {
    "bool": pa.array([True, None]), "i8": pa.array([-1, None], pa.int8()), "i16": pa.array([300, None], pa.int16()), "i32": pa.array([70000, None], pa.int32()),
    "i64": pa.array([5000000000, None], pa.int64()), "u8": pa.array([255, None], pa.uint8()), "u16": pa.array([65535, None], pa.uint16()),
    "u32": pa.array([4294967295, None], pa.uint32()), "u64": pa.array([18446744073709551615, None], pa.uint64()), "f16": pa.array([1.5, None], pa.float16()),
    "f32": pa.array([1.1, None], pa.float32()), "f64": pa.array([1.1, None]), "date": pa.array([datetime.date(2024, 1, 2), None]),
    "time_ms": pa.array([1000, None], pa.time32("ms")), "time_us": pa.array([1000001, None], pa.time64("us")), "time_ns": pa.array([1000000001, None], pa.time64("ns")),
    "local_ms": pa.array([1704448800123, None], pa.timestamp("ms")), "local_us": pa.array([1704448800123456, None], pa.timestamp("us")),
    "local_ns": pa.array([1704448800123456789, None], pa.timestamp("ns")), "utc_ms": pa.array([1704448800123, None], pa.timestamp("ms", "UTC")),
    "utc_us": pa.array([1704448800123456, None], pa.timestamp("us", "UTC")), "utc_ns": pa.array([1704448800123456789, None], pa.timestamp("ns", "UTC")),
    "int96": pa.array([1704448800123456, None], pa.timestamp("us")), "str": pa.array(["12", None]), "large_str": pa.array(["12", None], pa.large_string()),
    "dictionary": pa.array(["x", "x"]).dictionary_encode(), "bin": pa.array([b"12", None]), "fixed": pa.array([b"1234", None], pa.binary(4)),
    "uuid": pa.array([b"1234567890123456", None], pa.uuid()), "json": pa.array(['{"a":1}', None], pa.json_(pa.string())), "null": pa.nulls(2),
    "dec9": pa.array([Decimal("1.25"), None], pa.decimal128(9, 2)), "dec18": pa.array([Decimal("1.25"), None], pa.decimal128(18, 2)),
    "dec38": pa.array([Decimal("1.25"), None], pa.decimal128(38, 2)), "dec30_256": pa.array([Decimal("1.25"), None], pa.decimal256(30, 2)),
    "dec50": pa.array([Decimal("1.25"), None], pa.decimal256(50, 2)), "int_dec9": pa.array([Decimal("-1.25"), None], pa.decimal128(9, 2)),
    "int_dec18": pa.array([Decimal("-1.25"), None], pa.decimal128(18, 2)), "duration": pa.array([datetime.timedelta(seconds=1), None]),
    "list": pa.array([[1], None]), "fixed_list": pa.array([[1, 2], None], pa.list_(pa.int32(), 2)), "lists": pa.array([[[1], []], None], pa.list_(pa.list_(pa.int32()))),
    "struct": pa.array([{"x": 1, "y": "a"}, None]), "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int32())),
}
_TYPES = ["boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal(5,2)", "decimal(9,2)", "decimal(10,0)", "decimal(12,2)", "decimal(18,2)",
          "decimal(18,4)", "decimal(20,0)", "decimal(38,2)", "decimal(38,4)", "string", "binary", "date", "timestamp", "timestamp_ntz", "interval day", "array<bigint>",
          "struct<x: bigint>", "map<string, int>"]


def _write(folder, name, **columns):
    path = os.path.join(folder, name + ".parquet")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    pq.write_table(pa.table(columns), path, version="2.6")
    return path


def _write_column(folder, name):
    path = os.path.join(folder, name + ".parquet")
    pq.write_table(pa.table({"c": _COLUMNS[name]}), path, version="2.6", store_decimal_as_integer=name.startswith("int_dec"),
                   use_deprecated_int96_timestamps=name == "int96")
    return path


def _condition(e):
    return (e.getCondition() or "?").replace("FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH", "-")


def _print_readings(spark, folder, columns, types):
    """What each file's column answers as each type, `-` for a mismatch, types with one answer together."""
    for name in columns:
        path, answers = _write_column(folder, name), {}
        for wanted in types:
            try:
                answer = repr(spark.read.schema("c " + wanted).parquet(path).collect()[0][0])
            except Exception as e:
                answer = _condition(e)
            answers.setdefault(answer, []).append(wanted)
        for answer, wanted in answers.items():
            print(f"{name} {answer}: {', '.join(wanted)}")


def inferred_types(spark, folder):
    for name in _COLUMNS:
        try:
            df = spark.read.parquet(_write_column(folder, name))
            print(name, df.schema.simpleString(), df.collect())
        except Exception as e:
            print(name, _condition(e), sorted(e.getMessageParameters().items()))


def readings_of_integers(spark, folder):
    _print_readings(spark, folder, ["bool", "i8", "i16", "i32", "i64", "u8", "u16", "null"], _TYPES)
    _print_readings(spark, folder, ["u32"], [t for t in _TYPES if t not in ("tinyint", "smallint", "int", "double", "date")])
    _print_readings(spark, folder, ["u64"], [t for t in _TYPES if t not in ("bigint", "interval day")])


def readings_of_fractions(spark, folder):
    _print_readings(spark, folder, ["f32", "f64"], _TYPES)
    _print_readings(spark, folder, ["dec9", "dec18", "dec38", "dec30_256", "dec50", "int_dec9", "int_dec18"], [t for t in _TYPES if t != "binary"])


def readings_of_times(spark, folder):
    _print_readings(spark, folder, ["date", "time_ms", "time_us", "local_ms", "local_us", "local_ns", "utc_ms", "utc_us", "int96", "duration"], _TYPES)
    _print_readings(spark, folder, ["time_ns", "utc_ns"], [t for t in _TYPES if t not in ("bigint", "interval day")])


def readings_of_bytes(spark, folder):
    _print_readings(spark, folder, ["str", "large_str", "dictionary", "bin", "fixed", "uuid", "json"], _TYPES)
    _print_readings(spark, folder, ["f16"], [t for t in _TYPES if t != "binary"])


def readings_of_groups(spark, folder):
    _print_readings(spark, folder, ["list", "struct", "map"], _TYPES)


def stored_bytes_of_numbers(spark, folder):
    _print_readings(spark, folder, ["f16", "dec9", "dec38", "dec50"], ["binary"])


def stored_nanoseconds(spark, folder):
    _print_readings(spark, folder, ["time_ns", "utc_ns"], ["bigint"])


def mismatch_names_the_column(spark, folder):
    return spark.read.schema("m map<string, struct<v: array<string>>>").parquet(
        _write(folder, "t", m=pa.array([[("k", {"v": [1]})]], pa.map_(pa.string(), pa.struct([("v", pa.list_(pa.int32()))])))))


def mismatch_that_nobody_reads(spark, folder):
    df = spark.read.schema("s int, i bigint").parquet(_write(folder, "t", s=pa.array(["a"]), i=pa.array([1])))
    print(df.count())
    return df.select("i")


def mismatch_in_one_file(spark, folder):
    _write(folder, "t/a", a=pa.array([1, 2], pa.int32()))
    _write(folder, "t/b", a=pa.array([3, 4, 5], pa.int64()))
    print(spark.read.parquet(folder + "/t").count())
    print(sorted(r.a for r in spark.read.schema("a bigint").parquet(folder + "/t").collect()))
    return spark.read.parquet(folder + "/t")


def mismatch_in_a_file_without_rows(spark, folder):
    _write(folder, "t/a", a=pa.array([], pa.string()))
    _write(folder, "t/b", a=pa.array([7], pa.int32()))
    print(spark.read.schema("a int").parquet(folder + "/t").collect())
    return spark.read.parquet(folder + "/t")


def files_that_differ_with_partitions(spark, folder):
    _write(folder, "t/p=1/a", a=pa.array([1], pa.int32()))
    _write(folder, "t/p=2/a", a=pa.array([2], pa.int64()), b=pa.array(["x"]))
    _write(folder, "t/p=3/a", b=pa.array(["y", None]), a=pa.array([3, 4], pa.int16()))
    df = spark.read.schema("b string, a bigint, p int").parquet(folder + "/t")
    print(sorted((r.p, r.row_index, r.file_name) for r in df.select("p", "_metadata.row_index", "_metadata.file_name").collect()))
    return df


def nanoseconds_as_long(spark, folder):
    spark.conf.set("spark.sql.legacy.parquet.nanosAsLong", "true")
    try:
        return spark.read.parquet(_write_column(folder, "local_ns")).collect()
    finally:
        spark.conf.unset("spark.sql.legacy.parquet.nanosAsLong")


def nanoseconds_with_a_zone_as_long(spark, folder):
    spark.conf.set("spark.sql.legacy.parquet.nanosAsLong", "true")
    try:
        return spark.read.parquet(_write_column(folder, "utc_ns")).collect()
    finally:
        spark.conf.unset("spark.sql.legacy.parquet.nanosAsLong")


def settings_of_types(spark, folder):
    for key, value, name in [("spark.sql.parquet.binaryAsString", "true", "bin"), ("spark.sql.parquet.int96AsTimestamp", "false", "int96"),
                             ("spark.sql.parquet.inferTimestampNTZ.enabled", "false", "local_us"),
                             ("spark.sql.parquet.reader.respectUnknownTypeAnnotation.enabled", "true", "null")]:
        spark.conf.set(key, value)
        try:
            df = spark.read.parquet(_write_column(folder, name))
            print(key, df.schema.simpleString(), df.collect())
        except Exception as e:
            print(key, _condition(e), e.getMessageParameters())
        finally:
            spark.conf.unset(key)


def _struct_file(folder):
    return _write(folder, "t", s=pa.array([{"x": 1, "y": "a"}, None, {"x": None, "y": None}]))


def struct_fields_that_are_missing(spark, folder):
    print(spark.read.schema("s struct<z: int>").parquet(_struct_file(folder)).collect())
    return spark.read.schema("s struct<z: int, y: string, x: bigint>").parquet(_struct_file(folder))


def struct_fields_of_another_type(spark, folder):
    return spark.read.schema("s struct<x: string>").parquet(_struct_file(folder))


def struct_fields_in_arrays_and_maps(spark, folder):
    path = _write(folder, "t", a=pa.array([[{"x": 1}], None, [None], []]), m=pa.array([[("k", {"x": 1})], None, [], [("k", None)]], pa.map_(pa.string(), pa.struct([("x", pa.int32())]))))
    return spark.read.schema("a array<struct<q: int, X: bigint>>, m map<string, struct<x: bigint, q: string>>").parquet(path)


def names_without_case(spark, folder):
    return spark.read.schema("S struct<X: bigint>").parquet(_struct_file(folder))


def names_with_case(spark, folder):
    spark.conf.set("spark.sql.caseSensitive", "true")
    try:
        print(spark.read.schema("S struct<X: bigint>").parquet(_struct_file(folder)).collect())
        print(spark.read.schema("s struct<X: bigint, x: bigint>").parquet(_struct_file(folder)).collect())
        path = _write(folder, "d", a=pa.array([1]), A=pa.array([2]))
        print(spark.read.parquet(path).collect(), spark.read.schema("A bigint").parquet(path).collect())
    finally:
        spark.conf.unset("spark.sql.caseSensitive")


def names_that_differ_by_case(spark, folder):
    return spark.read.parquet(_write(folder, "t", a=pa.array([1]), A=pa.array([2])))


def names_that_differ_by_case_given(spark, folder):
    return spark.read.schema("a bigint").parquet(_write(folder, "t", a=pa.array([1]), A=pa.array([2])))


def names_twice(spark, folder):
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), folder + "/t.parquet")
    print(spark.read.schema("b int").parquet(folder + "/t.parquet").collect())
    return spark.read.parquet(folder + "/t.parquet")


def names_of_the_reader(spark, folder):
    return spark.read.parquet(_write(folder, "t", file_index=pa.array([1]), filename=pa.array(["f"]), file_row_number=pa.array([5]), p0=pa.array([7]), one=pa.array([8])))


def merge_nested(spark, folder):
    _write(folder, "t/a", s=pa.array([{"x": 1, "l": [{"p": 1}]}]), m=pa.array([[("k", {"q": 1})]], pa.map_(pa.string(), pa.struct([("q", pa.int64())]))))
    _write(folder, "t/b", s=pa.array([{"y": "b", "l": [{"r": True}]}]), m=pa.array([[("k", {"w": 1.5})]], pa.map_(pa.string(), pa.struct([("w", pa.float64())]))), n=pa.array([1]))
    return spark.read.option("mergeSchema", "true").parquet(folder + "/t")


def merge_by_setting(spark, folder):
    _write(folder, "t/a", a=pa.array([1]))
    _write(folder, "t/b", A=pa.array([2]), B=pa.array([3]))
    spark.conf.set("spark.sql.parquet.mergeSchema", "true")
    try:
        print(spark.read.option("mergeSchema", "false").parquet(folder + "/t").columns)
        return sorted(spark.read.parquet(folder + "/t").collect())
    finally:
        spark.conf.unset("spark.sql.parquet.mergeSchema")


def merge_decimals(spark, folder):
    _write(folder, "t/a", a=pa.array([Decimal("1.25")], pa.decimal128(10, 2)))
    _write(folder, "t/b", a=pa.array([Decimal("2.25")], pa.decimal128(12, 2)))
    return spark.read.option("mergeSchema", "true").parquet(folder + "/t")


def merge_decimals_of_other_scales(spark, folder):
    _write(folder, "t/a", a=pa.array([Decimal("1.25")], pa.decimal128(10, 2)))
    _write(folder, "t/b", a=pa.array([Decimal("2.25")], pa.decimal128(12, 3)))
    return spark.read.option("mergeSchema", "true").parquet(folder + "/t")


def merge_conflict(spark, folder):
    _write(folder, "t/a", s=pa.array([{"x": 1}]))
    _write(folder, "t/b", s=pa.array([{"x": "t"}]))
    return spark.read.option("mergeSchema", "true").parquet(folder + "/t")


def merge_illegal_type(spark, folder):
    _write(folder, "t/a", a=pa.array([1]))
    _write(folder, "t/b", b=pa.array([1], pa.timestamp("ns")))
    print(spark.read.parquet(folder + "/t").columns)
    return spark.read.option("mergeSchema", "true").parquet(folder + "/t")


def _damaged(folder, change):
    path = _write(folder, "t", c=pa.array([70000, None, 5], pa.int32()), s=pa.array(["a", "bb", None]))
    with open(path, "rb") as f:
        data = bytearray(f.read())
    with open(path, "wb") as f:
        f.write(change(data))
    return path


def _change(at, bytes_):
    def change(data):
        data[at:at + len(bytes_) or None] = bytes_
        return data
    return change


def damaged_footers(spark, folder):
    for name, change in [("empty", lambda d: b""), ("short", lambda d: d[:8]), ("end cut", lambda d: d[:-20]), ("start cut", lambda d: d[300:]),
                         ("length", _change(-8, b"\xff\xff\xff\x7f")), ("garbage", lambda d: d[:-108] + b"\xff" * 100 + d[-8:]), ("text", lambda d: b"a,b\n" * 100)]:
        for schema in (None, "c int"):
            try:
                path = _damaged(folder, change)
                print(name, schema, (spark.read.schema(schema) if schema else spark.read).parquet(path).collect())
            except Exception as e:
                print(name, schema, _condition(e), {k: v.replace(folder, "FOLDER") for k, v in e.getMessageParameters().items()})


def damaged_pages(spark, folder):
    return spark.read.parquet(_damaged(folder, _change(5, b"\xff\xff\xff")))


def many_files_and_a_missing_column(spark, folder):
    for i in range(30):
        _write(folder, f"t/{i:02}", **({"a": pa.array([i]), "b": pa.array([str(i)])} if i % 3 else {"b": pa.array([str(i)])}))
    return spark.read.schema("a bigint, b string").parquet(folder + "/t")


# Written by Spark with spark.sql.parquet.writeLegacyFormat: lists of two levels, "bag" and "array".
_LEGACY_LISTS = (
    "eNq1Vs9r40YUfhrJjjeEhEJmkMAUIxqTFFXESWzvhhx228tSTDAhh5C2LCN5khpLTizLuwlLIIfSP6DscU9b2mMP20Pb654KpT/Y3kovvZRCoARKbz30zUhxlE0c0k2XkebHe998882bN7Kbd9YqFK"
    "iN5befHv08WaQGDvM0D0AAQCe6rPOgYYMOB8vx0Q/fT2RwClFImnEFJAm4hOXw2bMv9SIlZ0iTWks538Dy13dHX41nYIosbcjJ4lLkZz8ef3oZXwcdr2P55Zujj0YTTlmvEcs05IS0ocRixCoTYtWA"
    "EDjjJ6kfrBoBCQADLiQAJIBRrpp01aRiBdA68n1hljYl33P4IivQJpOERbZBN9PeU42upt1DQtfS7nOioLgbOXqi0wZLJPwzfXeiv8ujzr2+/6EIOR2HKpgaxxjlGyuIqRqm7vFtShA9Q8wcjyK+rz"
    "BeFpPYhxbEGlmsfxFWotC3pxCtCxHSszeSNUQPaTjJnBsdsX/vPg8GApPQADqB3DraZqBRlAgwc4n3QiWTMilMrTczjh3DeV/WiMHTL1pBGTBnrBnIWzc1LqORzgNmsCZrlgsryZEmNSOzmRHGm8o0"
    "JbAyN0wkYN/m6TT7U6e3IUvuJcQZ+k22Wd5YSbItpYfZzChLf5qHwH6V/F8Y9O0z/H7CjCFFlWyVrZafame1w2jt0n2cp4wdG7SWob2rtU5oh8IJW2Nr5UNyRfLTrAb28Rgu8XkuVT6RKg9Pj1ceql"
    "pChv45LqF18EFy1WZo1dWV6z4eo0X2R46+qSgnFeVGljLJjHQXPUXeYI3yEx3Jp/CR5LIdpflrqfmTPIaF/a4zUi5gM41uxzR3om2X73K8XK66Z+59EfXbO10zt+QuuPNgzp1D9HuBi53eQMRutPPA"
    "DUXMWzzm5t9jD+14f1fYy3Y/jgZ+bDv2VlsErb69/N5Du8tD6eJoTVBDtNoYmkUgQtGN1xNruxuLbRGh3d/pxrzd7a8OgsBeRmpx4NhdHHAvQOQWD/rCsU90IPHBgTNcz7viei+pRi1+MMp6VZH+fx"
    "V5SYD3hlwZ0ZcL+eDaG2i9kg1c80xe9abD80JDvotGvLnrw222u9toUld4/X+KUO/0iFvCb4c8mF1wKnPXOGcl752XiiKY76afg7fCqJR+P0oVt1J350uz3qAdtEpb3J/360u16uKCqCwuesK7tXCT"
    "17dqvC6qda9amfeW6nVembMC/DV84YEbBYAm/uf7FyLXOtM="
)


def lists_of_old_writers(spark, folder):
    with open(folder + "/t.parquet", "wb") as f:
        f.write(zlib.decompress(base64.b64decode(_LEGACY_LISTS)))
    print(spark.read.schema("b array<array<bigint>>, c array<struct<y: int, x: bigint>>, d array<struct<x: array<bigint>>>, m map<string, array<struct<q: decimal(4,2)>>>").parquet(folder).collect())
    return spark.read.parquet(folder)
