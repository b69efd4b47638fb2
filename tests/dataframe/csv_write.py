"""CSV files to the letter: quotes, escapes, blanks, nulls, headers."""

import glob

ONE = "VALUES (CAST(NULL AS STRING)), (''), ('a'), (' b\t'), ('#c') AS t(x)"
TWO = r"""VALUES (CAST(NULL AS STRING), 1), ('', 2), ('say "hi"', 3), ('a,b', 4), ('two\nlines', 5), ('back\\slash', 6),
          ('q\\"x', 7), ('tab\t', 8), ('a,b\\c', 9), ('x\\\\,y', 10), ('z\\', 11), ('n\n', 12), (' ,', 13), ('\r', 14) AS t(x, y)"""


def _lines(spark, folder, table, **options):
    query = table if table.startswith("SELECT") else f"SELECT * FROM {table}"
    spark.sql(query).coalesce(1).write.mode("overwrite").options(**options).csv(folder + "/out")
    text = ""
    for path in sorted(glob.glob(folder + "/out/part*")):
        with open(path, newline="", encoding="utf-8") as f:
            text += f.read()
    return text


def _cases(name, table, *options):
    for i, option in enumerate(options):
        def case(spark, folder, option=option):
            return _lines(spark, folder, table, **option)

        case.__module__ = __name__
        globals()[f"{name}_{i}_{'_'.join(option) or 'plain'}"] = case


_cases("one", ONE, {}, {"header": "true"}, {"nullValue": "N"}, {"emptyValue": ""}, {"emptyValue": "E"}, {"quoteAll": "true"},
       {"quoteAll": "true", "nullValue": "N"})
_cases("two", TWO, {}, {"escapeQuotes": "false"}, {"quote": "$"}, {"sep": "||"}, {"sep": "\t"}, {"sep": '"'}, {"escape": '"'}, {"escape": "'"},
       {"nullValue": "NULL", "emptyValue": "EMPTY"}, {"charToEscapeQuoteEscaping": "#"}, {"quoteAll": "true"}, {"quote": "ab"}, {"escape": "ab"},
       {"ignoreTrailingWhiteSpace": "false", "ignoreLeadingWhiteSpace": "false"}, {"quote": ""}, {"escape": ""})
_cases("names", "SELECT 1 AS `a,b`, 2 AS `q\"q`, 3 AS ` c`", {"header": "true"})
_cases("none", "SELECT * FROM range(0)", {"header": "true"}, {})
_cases("empty", "SELECT CAST(NULL AS STRING) AS a, CAST(NULL AS STRING) AS b", {})
_cases("types", "SELECT x'0041ff' AS b, 1.5e10D AS d, CAST(1.10 AS DECIMAL(5,2)) AS e, true AS t, date'2020-01-01' AS dt, "
                "timestamp'2020-01-01 01:02:03' AS ts, CAST('nan' AS DOUBLE) AS n, 1.0f AS f, timestamp_ntz'2020-01-01 01:02:03' AS tn", {})


def partitioned(spark, folder):
    spark.sql("SELECT id, concat('v', id) AS v, id % 2 AS p FROM range(4)").coalesce(1).write.partitionBy("p").csv(folder + "/p", header=True)
    return spark.read.csv(folder + "/p", header=True, inferSchema=True)


def to_csv(spark):
    return spark.sql(f"SELECT to_csv(named_struct('x', x, 'y', y)), to_csv(named_struct('x', x, 'y', y), map('escapeQuotes', 'false')) FROM {TWO}")
