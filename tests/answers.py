"""The text form of what a statement answered: its schema, its rows, or its error.

One value has one text, so that recorded answers can be compared line by line. Nothing here knows of files
(recorded.py) or of servers (conftest.py).

Schema: `name type` pairs as in DDL, with `!` behind what can't be null. Rows: values between ` | `:

    NULL  true  42  1.50 (decimal)  1.5e0 is written 1.5 (double, shortest form)  NaN  Infinity  -0.0
    "text" (JSON string; unprintable and combining characters escaped)  X'0AFF'
    2020-02-29  2020-02-29 12:00:00.5Z (TIMESTAMP, in UTC)  2020-02-29 12:00:00.5 (TIMESTAMP_NTZ)
    INTERVAL '1-2' YEAR TO MONTH  1 02:03:04.5 (day-time interval)  [1, 2]  {"key": 1}  (1, 2) (struct)
"""

import collections
import itertools
import json
import logging
import math
import re
import unicodedata

import numpy
import pyarrow as pa
from pyspark.errors import AnalysisException, ParseException, PySparkException
from pyspark.sql import types as T
from pyspark.sql.connect import functions as F

RELATIVE_TOLERANCE_DOUBLE = 1e-12
RELATIVE_TOLERANCE = {T.DoubleType: RELATIVE_TOLERANCE_DOUBLE, T.FloatType: 1e-6}
for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # errors are what we record

PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*\Z")
EXPRESSION_ID = re.compile(r"#\d+L?")


# ---------------------------------------------------------------------------------------------- schemas


def schema_text(schema):
    return ", ".join(_field_text(f) for f in schema.fields)


def without_nullability(text):
    """A schema's text with the `!` marks taken away (names may hold any character, but only in backquotes)."""
    return re.sub(r"(`(?:[^`]|``)*`)|!", lambda m: m.group(1) or "", text)


def _field_text(f):
    name = f.name if PLAIN_NAME.match(f.name) else "`" + _escaped(f.name).replace("`", "``") + "`"
    return f"{name} {_type_text(f.dataType)}{'' if f.nullable else '!'}"


def _type_text(t):
    if isinstance(t, T.ArrayType):
        return f"array<{_type_text(t.elementType)}{'' if t.containsNull else '!'}>"
    if isinstance(t, T.MapType):
        return f"map<{_type_text(t.keyType)}, {_type_text(t.valueType)}{'' if t.valueContainsNull else '!'}>"
    if isinstance(t, T.StructType):
        return f"struct<{schema_text(t)}>"
    return t.simpleString()


# ------------------------------------------------------------------------------------------------- rows


def rows_of(df, schema):
    """The rows of a DataFrame, each as one line of text, in the order in which they came."""
    columns = [_arrow_can_not_carry(f.dataType) for f in schema.fields]
    if any(columns):  # Arrow in Python knows no year-month interval: take its text
        df = df.toDF(*[f"c{i}" for i in range(len(columns))])
        df = df.select(*[F.col(f"c{i}").cast("string") if c else F.col(f"c{i}") for i, c in enumerate(columns)])
    table, _ = df._to_table()
    if len(table.columns) != len(schema.fields):
        raise AssertionError(f"{len(table.columns)} columns came, the schema has {len(schema.fields)}")
    out = []
    for i, f in enumerate(schema.fields):
        if not _is_arrow_type_of(table.column(i).type, T.StringType() if columns[i] else f.dataType):
            raise AssertionError(f"Arrow type {table.column(i).type} for {f.dataType.simpleString()}")
        to_text = str if columns[i] else (lambda v, t=f.dataType: value_text(v, t))
        out.append(["NULL" if not v.is_valid else to_text(v.as_py() if columns[i] else v) for v in table.column(i)])
    return [" | ".join(row) for row in zip(*out)] if out else ["()"] * table.num_rows


ARROW_TYPES = {
    T.BooleanType: pa.types.is_boolean, T.ByteType: pa.types.is_int8, T.ShortType: pa.types.is_int16, T.IntegerType: pa.types.is_int32,
    T.LongType: pa.types.is_int64, T.FloatType: pa.types.is_float32, T.DoubleType: pa.types.is_float64, T.StringType: pa.types.is_string,
    T.CharType: pa.types.is_string, T.VarcharType: pa.types.is_string, T.BinaryType: pa.types.is_binary, T.DateType: pa.types.is_date32,
    T.NullType: pa.types.is_null,
    T.TimestampType: lambda a: pa.types.is_timestamp(a) and a.unit == "us" and a.tz is not None,
    T.TimestampNTZType: lambda a: pa.types.is_timestamp(a) and a.unit == "us" and a.tz is None,
    T.DayTimeIntervalType: lambda a: pa.types.is_duration(a) and a.unit == "us",
}


def _is_arrow_type_of(a, t):
    """Whether Arrow type `a` is what Spark sends for `t`."""
    if isinstance(t, T.ArrayType):
        return pa.types.is_list(a) and _is_arrow_type_of(a.value_type, t.elementType)
    if isinstance(t, T.MapType):
        return pa.types.is_map(a) and _is_arrow_type_of(a.key_type, t.keyType) and _is_arrow_type_of(a.item_type, t.valueType)
    if isinstance(t, T.StructType):
        return (pa.types.is_struct(a) and [a.field(i).name for i in range(a.num_fields)] == _arrow_names(t.names)
                and all(_is_arrow_type_of(a.field(i).type, f.dataType) for i, f in enumerate(t.fields)))
    if isinstance(t, T.DecimalType):
        return pa.types.is_decimal128(a) and (a.precision, a.scale) == (t.precision, t.scale)
    return ARROW_TYPES.get(type(t), lambda a: True)(a)


def _arrow_names(names):
    """Fields' names in Arrow, where Spark numbers those that come more than once."""
    count = collections.Counter()
    out = []
    for name in names:
        out.append(f"{name}_{count[name]}" if names.count(name) > 1 else name)
        count[name] += 1
    return out


def _arrow_can_not_carry(t):
    if isinstance(t, T.StructType):
        return any(_arrow_can_not_carry(f.dataType) for f in t.fields)
    if isinstance(t, T.ArrayType):
        return _arrow_can_not_carry(t.elementType)
    if isinstance(t, T.MapType):
        return _arrow_can_not_carry(t.keyType) or _arrow_can_not_carry(t.valueType)
    return isinstance(t, T.YearMonthIntervalType)


def value_text(v, t):
    """The text of one Arrow scalar that the schema calls a `t`. A different Arrow type shows as such."""
    if not v.is_valid:
        return "NULL"
    if isinstance(t, (T.StringType, T.CharType, T.VarcharType)):
        return string_text(v.as_buffer().to_pybytes().decode(errors="surrogateescape"))
    if isinstance(t, T.BooleanType):
        return "true" if v.as_py() else "false"
    if isinstance(t, T.FloatType):
        return float_text(numpy.float32(v.as_py()))
    if isinstance(t, T.DoubleType):
        return float_text(numpy.float64(v.as_py()))
    if isinstance(t, T.DecimalType):
        return format(v.as_py(), "f")
    if isinstance(t, T.BinaryType):
        return "X'" + v.as_py().hex().upper() + "'"
    if isinstance(t, T.DateType):
        return date_text(v.cast(pa.int32()).as_py())
    if isinstance(t, T.TimestampType):
        return micros_text(_micros(v)) + "Z"
    if isinstance(t, T.TimestampNTZType):
        return micros_text(_micros(v))
    if isinstance(t, T.DayTimeIntervalType):
        return day_time_text(_micros(v))
    if isinstance(t, T.CalendarIntervalType):
        m = v.as_py()
        return f"{m.months} months {m.days} days {day_time_text(m.nanoseconds // 1000)}"
    if isinstance(t, T.ArrayType):
        return "[" + ", ".join(value_text(x, t.elementType) for x in v.values) + "]"
    if isinstance(t, T.MapType):
        entries = v.values
        keys, values = entries.field(0), entries.field(1)
        return "{" + ", ".join(f"{value_text(k, t.keyType)}: {value_text(x, t.valueType)}"
                               for k, x in zip(keys, values)) + "}"
    if isinstance(t, T.StructType):
        return "(" + ", ".join(value_text(v[i], f.dataType) for i, f in enumerate(t.fields)) + ")"
    if isinstance(t, T.VariantType):
        fields = dict(v.items())
        return "VARIANT " + _escaped(T.VariantVal(fields["value"].as_py(), fields["metadata"].as_py()).toJson())
    return str(v.as_py())


def _micros(v):
    unit = {"s": 1_000_000, "ms": 1_000, "us": 1}.get(getattr(v.type, "unit", None))
    if unit is None:
        raise AssertionError(f"Arrow type {v.type} for a time")
    return v.cast(pa.int64()).as_py() * unit if not pa.types.is_duration(v.type) else v.value * unit


def string_text(s):
    return '"' + _escaped(s).replace('"', '\\"') + '"'


def _escaped(s):
    out = []
    for c in s:
        if c == "\\":
            out.append("\\\\")
        elif c == "\n":
            out.append("\\n")
        elif c == "\t":
            out.append("\\t")
        elif c.isprintable() and not unicodedata.combining(c):
            out.append(c)
        elif 0xDC80 <= ord(c) <= 0xDCFF:  # a byte that is no UTF-8, which Spark's strings may hold
            out.append(f"\\x{ord(c) - 0xDC00:02x}")
        else:
            out.append(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}")
    return "".join(out)


def float_text(x):
    if numpy.isnan(x):
        return "NaN"
    if numpy.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    if x == 0 or 1e-4 <= abs(x) < 1e16:
        return numpy.format_float_positional(x, unique=True, trim="0")
    return numpy.format_float_scientific(x, unique=True, trim="0")


def date_text(days):
    """ISO form of days since 1970-01-01 in the proleptic Gregorian calendar, for any year."""
    # https://howardhinnant.github.io/date_algorithms.html, civil_from_days
    z = days + 719468
    era, doe = divmod(z, 146097)
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    year = yoe + era * 400 + (month <= 2)
    text = f"{year:04d}" if year >= 0 else f"-{-year:04d}"
    return f"{text}-{month:02d}-{doy - (153 * mp + 2) // 5 + 1:02d}"


def micros_text(micros):
    days, rest = divmod(micros, 86_400_000_000)
    return f"{date_text(days)} {_clock_text(rest)}"


def day_time_text(micros):
    days, rest = divmod(abs(micros), 86_400_000_000)
    return f"{'-' if micros < 0 else ''}{days} {_clock_text(rest)}"


def _clock_text(micros):
    seconds, fraction = divmod(micros, 1_000_000)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return text + (f".{fraction:06d}".rstrip("0") if fraction else "")


# ----------------------------------------------------------------------------------------------- errors


def error_lines(e, with_message=False):
    """An exception as the lines of a recorded error: condition, SQLSTATE, class; parameters; query contexts."""
    condition = e.getCondition() if isinstance(e, PySparkException) else None
    state = e.getSqlState() if isinstance(e, PySparkException) else None
    lines = [f"error {condition or '-'} {state or '-'} {type(e).__name__}"]
    message = str(e).split("\n\nJVM stacktrace:")[0]
    if isinstance(e, AnalysisException) and not isinstance(e, ParseException):
        message = message.split(";\n")[0]  # what follows is the plan
    parameters = (e.getMessageParameters() or {}) if isinstance(e, PySparkException) else {}
    if parameters:
        text = json.dumps(dict(sorted(parameters.items())), ensure_ascii=False)
        lines.append(EXPRESSION_ID.sub("#x", "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)))
    if condition is None or with_message:
        lines += ["message: " + EXPRESSION_ID.sub("#x", x) for x in message.strip().split("\n")[: None if with_message else 1]]
    contexts = (e.getQueryContext() or []) if isinstance(e, PySparkException) else []
    position = re.search(r"\(line (\d+), pos(?:ition)? (\d+)\)", message)
    if position and not contexts:
        lines.append(f"at line {position.group(1)}, position {position.group(2)}")
    for c in contexts:
        if c.contextType().name == "SQL":
            where = f" in {c.objectType()} {c.objectName()}" if c.objectType() or c.objectName() else ""
            lines.append(f"context {c.startIndex()}-{c.stopIndex()} {string_text(c.fragment())}{where}")
        else:
            lines.append(f"context call {string_text(c.fragment())}")
    return lines


# ------------------------------------------------------------------------------------------- comparison

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s\[\]{}(),|:"]+|.')


def same_row(expected, actual, schema):
    """Equal text, or equal but for the last digits of doubles and floats."""
    if expected == actual:
        return True
    tolerance = _tolerance(schema)
    if not tolerance:
        return False
    a, b = TOKEN.findall(expected), TOKEN.findall(actual)
    return len(a) == len(b) and all(x == y or _close(x, y, tolerance) for x, y in zip(a, b))


def _tolerance(t):
    if isinstance(t, T.StructType):
        return max((_tolerance(f.dataType) for f in t.fields), default=0)
    if isinstance(t, T.ArrayType):
        return _tolerance(t.elementType)
    if isinstance(t, T.MapType):
        return max(_tolerance(t.keyType), _tolerance(t.valueType))
    return RELATIVE_TOLERANCE.get(type(t), 0)


def _close(x, y, tolerance):
    if not ("." in x and "." in y):  # whole numbers, dates and words are exact
        return False
    try:
        a, b = float(x), float(y)
    except ValueError:
        return False
    return math.copysign(1, a) == math.copysign(1, b) and math.isclose(a, b, rel_tol=tolerance)


def same_rows(expected, actual, schema, ordered):
    """True if the rows are the same: in this order, or in any if `ordered` is False. If it is a set of names of
    columns, the ORDER BY is over these, and rows equal in them may come in any order."""
    if len(expected) != len(actual):
        return False
    if all(same_row(e, a, schema) for e, a in zip(expected, actual)):
        return True
    if isinstance(ordered, set):
        keys = [i for i, f in enumerate(schema.fields) if f.name.lower() in ordered]
        if len(keys) != len(ordered):
            return False
        ties = zip(_ties(expected, keys), _ties(actual, keys), strict=False)
        return all(len(e) == len(a) and _same_in_any_order(e, a, schema) for e, a in ties)
    return not ordered and _same_in_any_order(expected, actual, schema)


def _ties(rows, keys):
    """The rows in runs of equal values at these columns."""
    return [list(run) for _, run in itertools.groupby(rows, lambda row: [_cells(row)[k] for k in keys])]


def _cells(row):
    return re.findall(r'((?:"(?:[^"\\]|\\.)*"|(?! \| ).)+)(?: \| |$)', row)


def _same_in_any_order(expected, actual, schema):
    if all(same_row(e, a, schema) for e, a in zip(sorted(expected), sorted(actual))):
        return True
    if not _tolerance(schema) or len(expected) > 2000:
        return False
    rest = list(actual)
    for e in expected:
        found = next((i for i, a in enumerate(rest) if same_row(e, a, schema)), None)
        if found is None:
            return False
        del rest[found]
    return True


__all__ = ["schema_text", "without_nullability", "rows_of", "value_text", "error_lines", "same_row", "same_rows"]
