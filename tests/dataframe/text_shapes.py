"""CSV, JSON and text files of unusual shapes: long lines, all line ends, bytes that are no UTF-8, compressed, with separators of their own."""

import bz2
import gzip
import os
import zlib

from pyspark.sql import functions as F


def _write(folder, name, data):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


_LONG = 3 << 20


def csv_long_line(spark, folder):
    path = _write(folder, "t.csv", f'a,b\n"{"x" * _LONG}",1\ny,2\n')
    print(spark.read.csv(path, header=True, inferSchema=True).select(F.length("a"), "b").collect())
    print(spark.read.csv(path, header=True, multiLine=True).select(F.length("a"), "b").collect())
    print(spark.read.csv(path, header=True, mode="FAILFAST").select(F.length("a"), "b").collect())
    return spark.read.schema("a string, b int, _corrupt_record string").csv(path, header=True).select(F.length("a"), "b", "_corrupt_record")


def csv_long_line_behind_many(spark, folder):
    path = _write(folder, "t.csv", "a,b\n" + "x,1\n" * 5000 + f"{'y' * _LONG},2\n" + "x,1\n" * 5000)
    return spark.read.csv(path, header=True).groupBy(F.length("a"), "b").count()


def json_long_line(spark, folder):
    path = _write(folder, "t.json", f'{{"a": "{"x" * 6 * _LONG}"}}\n{{"a": "y"}}\n')
    print(spark.read.json(path, multiLine=True).select(F.length("a")).collect())
    return spark.read.json(path).select(F.length("a"))


def text_long_line(spark, folder):
    path = _write(folder, "t.txt", "x" * 6 * _LONG + "\ny\n")
    print(spark.read.text(path, wholetext=True).select(F.length("value")).collect())
    return spark.read.text(path).select(F.length("value"))


def compressed(spark, folder):
    data = b"a,b\n1,x\n2,\"y\nz\"\n"
    for name, bytes_ in [("gz", gzip.compress(data[:9]) + gzip.compress(data[9:])), ("bz2", bz2.compress(data)), ("deflate", zlib.compress(data))]:
        path = _write(folder, f"{name}/t.csv.{name}", bytes_)
        print(name, sorted(spark.read.text(path).collect()), spark.read.text(path, wholetext=True).collect())
        print(name, spark.read.csv(path, header=True).collect(), spark.read.csv(path, header=True, inferSchema=True, multiLine=True).collect())
    path = _write(folder, "j/t.json.bz2", bz2.compress(b'{"a": 1}\n{"a": 2}\n'))
    return spark.read.json(path)


def compressed_and_cut(spark, folder):
    data = gzip.compress(b"".join(b"%d,%d\n" % (i, i * i) for i in range(20000)))
    return spark.read.schema("a int, b long").csv(_write(folder, "t.csv.gz", data[: len(data) // 2])).agg(F.count("*"), F.sum("b"))


def compressed_in_name_only(spark, folder):
    return spark.read.schema("a int").csv(_write(folder, "t.csv.gz", "1\n2\n"))


def line_ends(spark, folder):
    path = _write(folder, "t.txt", "a\nb\r\nc\rd\r\n\r\n\n\re")
    print([r.value for r in spark.read.text(path).collect()])
    print([r.value for r in spark.read.text(path, lineSep="\n").collect()])
    print([r.value for r in spark.read.text(path, lineSep="\r\n").collect()])
    print([r._c0 for r in spark.read.csv(path).collect()])
    print([r._c0 for r in spark.read.csv(path, lineSep="\n").collect()])
    print([r._corrupt_record for r in spark.read.schema("_corrupt_record string, a int").json(path).collect()])


def separators(spark, folder):
    path = _write(folder, "t.txt", "a,1|b,2||c,3|")
    print(spark.read.text(path, lineSep="|").collect())
    print(spark.read.csv(path, lineSep="|").collect())
    print(spark.read.csv(path, lineSep="|", header=True, inferSchema=True).collect())
    print(spark.read.json(_write(folder, "t.json", '{"a": 1}|{"a": 2}\n|{"a": 3}'), lineSep="|").collect())
    print(spark.read.text(_write(folder, "u.txt", "a--b-c--"), lineSep="--").collect())


def byte_order_marks(spark, folder):
    mark = b"\xef\xbb\xbf"
    print(spark.read.text(_write(folder, "t.txt", mark + b"a\nb")).collect(), spark.read.text(_write(folder, "u.txt", mark + b"a\r\nb\n"), wholetext=True).collect())
    print(spark.read.csv(_write(folder, "t.csv", mark + b"a,b\r\n1,2\r\n"), header=True).collect(), spark.read.csv(folder + "/t.csv", header=True, multiLine=True).collect())
    print(spark.read.json(_write(folder, "t.json", mark + b'{"a": 1}\r\n{"a": 2}\n')).collect(), spark.read.json(_write(folder, "u.json", mark + b'[{"a": 1}]'), multiLine=True).collect())


def bytes_that_are_no_text(spark, folder):
    print(spark.read.csv(_write(folder, "t.csv", b"a,b\n\xff\xfex,1\nJos\xe9,2\n"), header=True).collect())
    print(spark.read.csv(folder + "/t.csv", header=True, mode="DROPMALFORMED", inferSchema=True).collect())
    print(spark.read.csv(folder + "/t.csv", header=True, multiLine=True).collect())
    print(spark.read.csv(folder + "/t.csv", header=True, encoding="ISO-8859-1", multiLine=True).collect())
    print(spark.read.json(_write(folder, "u.json", b'[{"a": "\xc3\xa9"},\n{"a": "y"}]'), multiLine=True).collect())


def csv_multi_line(spark, folder):
    path = _write(folder, "t.csv", 'a,b\r\n"1\r\n2",x\r\n3,"y ""q""\r\nz"\r\n\r\n   \r\n"open\r\n5,6\r\n')
    print(spark.read.csv(path, multiLine=True).collect())
    print(spark.read.csv(path, multiLine=True, header=True, escape='"').collect())
    print(spark.read.csv(path, multiLine=True, header=True, inferSchema=True, quote="").collect())
    return spark.read.schema("a int, b string, _corrupt_record string").csv(path, multiLine=True, header=True).select("a", "b", F.col("_corrupt_record").isNull())


def csv_multi_line_line_ends(spark, folder):
    for name, data in [("n", 'a\n"b\r\nc"\nd\re\n'), ("r", 'a\r"b\r\nc"\rd\re\r'), ("rn", 'a\r\n"b\nc\rd"\r\ne\r\n')]:
        print(name, [r._c0 for r in spark.read.csv(_write(folder, name + ".csv", data), multiLine=True).collect()])


def csv_comments(spark, folder):
    path = _write(folder, "t.csv", "#one\n\n#two\na,b\n1,2#3\n#four\n\"#5\",6\n 7,8\n")
    print(spark.read.csv(path, comment="#", header=True).collect())
    print(spark.read.csv(path, comment="#", inferSchema=True).collect())
    return spark.read.csv(path, comment="#", header=True, mode="FAILFAST")


def many_files_of_lines(spark, folder):
    for i in range(5):
        _write(folder, f"t/p={i}/x.txt", f"{i}\r\n{i * i}\n")
    df = spark.read.text(folder + "/t")
    print(df.select(F.regexp_replace(F.input_file_name(), ".*/p=", "")).distinct().count())
    return df


def csv_encoding_unknown(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "a\n"), encoding="klingon-8")
