"""Reading and writing Parquet, CSV, JSON and text."""

import os

from dataframe_cases import ordered
from pyspark.sql import functions as F


def _t(spark):
    return spark.createDataFrame([(1, "a", 1.5), (2, None, None), (3, "c,\"d\"", -2.25)], "i INT, s STRING, d DOUBLE")


def _write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return path


def _parts(folder, ext=""):
    return sorted({os.path.dirname(os.path.relpath(os.path.join(p, f), folder)) for p, _, fs in os.walk(folder) for f in fs if f.startswith("part-") and ext in f})


def parquet_round_trip(spark, folder):
    _t(spark).write.parquet(folder + "/t")
    return spark.read.parquet(folder + "/t")


def parquet_types(spark, folder):
    df = spark.sql("""SELECT 1Y AS b, 2S AS s, 3 AS i, 4L AS l, 1.5F AS f, 2.5D AS d, 1.50 AS dec, CAST(7 AS DECIMAL(38, 10)) AS big, 'é' AS str, X'00FF' AS bin, true AS z,
        DATE'1500-01-01' AS dt, TIMESTAMP'1969-12-31 23:59:59.999999' AS ts, TIMESTAMP_NTZ'2020-01-01 00:00:00' AS n, array(1, NULL) AS a, map('k', 1) AS m,
        named_struct('x', 1, 'y', array('p')) AS st, INTERVAL '1' DAY AS iv, INTERVAL '1' YEAR AS ym""")
    df.write.parquet(folder + "/t")
    return spark.read.parquet(folder + "/t")


def parquet_user_schema(spark, folder):
    _t(spark).write.parquet(folder + "/t")
    return spark.read.schema("s STRING, nosuch INT, i INT").parquet(folder + "/t")


def parquet_several_paths(spark, folder):
    spark.range(2).write.parquet(folder + "/a")
    spark.range(2, 4).write.parquet(folder + "/b")
    return spark.read.parquet(folder + "/a", folder + "/b")


def parquet_glob(spark, folder):
    spark.range(2).write.parquet(folder + "/a1")
    spark.range(2, 4).write.parquet(folder + "/a2")
    return spark.read.parquet(folder + "/a*")


def parquet_missing(spark, folder):
    return spark.read.parquet(folder + "/nosuch")


def parquet_not_parquet(spark, folder):
    _write(folder, "t.parquet", "this is no parquet file")
    return spark.read.parquet(folder + "/t.parquet")


def parquet_empty_frame(spark, folder):
    _t(spark).limit(0).write.parquet(folder + "/t")
    return spark.read.parquet(folder + "/t")


def sql_on_files(spark, folder):
    _t(spark).write.parquet(folder + "/t")
    return spark.sql(f"SELECT i, d FROM parquet.`{folder}/t` WHERE d IS NOT NULL")


def mode_error(spark, folder):
    spark.range(1).write.parquet(folder + "/t")
    spark.range(1).write.parquet(folder + "/t")


def mode_overwrite(spark, folder):
    spark.range(1).write.parquet(folder + "/t")
    spark.range(5, 7).write.mode("overwrite").parquet(folder + "/t")
    return spark.read.parquet(folder + "/t")


def mode_append(spark, folder):
    spark.range(1).write.parquet(folder + "/t")
    spark.range(5, 7).write.mode("append").parquet(folder + "/t")
    return spark.read.parquet(folder + "/t")


def mode_ignore(spark, folder):
    spark.range(1).write.parquet(folder + "/t")
    spark.range(5, 7).write.mode("ignore").parquet(folder + "/t")
    return spark.read.parquet(folder + "/t")


def mode_unknown(spark, folder):
    spark.range(1).write.mode("sideways").parquet(folder + "/t")


def partition_by_unknown(spark, folder):
    spark.range(1).write.partitionBy("nosuch").parquet(folder + "/t")


def partition_by_everything(spark, folder):
    spark.range(1).write.partitionBy("id").parquet(folder + "/t")


def format_unknown(spark, folder):
    spark.range(1).write.format("nosuch").save(folder + "/t")


def format_load(spark, folder):
    spark.range(2).write.format("parquet").save(folder + "/t")
    return spark.read.format("parquet").load(folder + "/t")


def format_default(spark, folder):
    spark.range(2).write.save(folder + "/t")
    return spark.read.load(folder + "/t")


def success_file(spark, folder):
    spark.range(1).write.parquet(folder + "/t")
    return [os.path.exists(folder + "/t/_SUCCESS"), all(f.startswith(("part-", "_", ".")) for f in os.listdir(folder + "/t"))]


def compression(spark, folder):
    for c in ["none", "snappy", "gzip", "zstd"]:
        spark.range(3).write.option("compression", c).parquet(f"{folder}/{c}")
    return [spark.read.parquet(f"{folder}/{c}").count() for c in ["none", "snappy", "gzip", "zstd"]]


def csv_plain(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "1,a,2.5\n2,b,\n,\"c,\"\"d\"\"\",x\n"))


def csv_header(spark, folder):
    return spark.read.option("header", True).csv(_write(folder, "t.csv", "id,name\n1,a\n2,\n"))


def csv_infer(spark, folder):
    text = "i,l,d,b,dt,ts,s,dec\n1,3000000000,1.5,true,2020-01-01,2020-01-01 10:11:12,x,1.50\n2,,NaN,false,2020-02-29,2020-01-01T10:11:12.5,7,2\n"
    return spark.read.csv(_write(folder, "t.csv", text), header=True, inferSchema=True)


def csv_infer_widening(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "a,b,c,d\n1,1,true,2020-01-01\n2.5,x,1,2020-01-01 10:00:00\n,,,\n"), header=True, inferSchema=True)


def csv_schema(spark, folder):
    return spark.read.schema("a INT, b STRING, c DATE").csv(_write(folder, "t.csv", "1,x,2020-01-01\nbad,y,nodate\n3\n4,z,2020-02-02,extra\n"))


def csv_dropmalformed(spark, folder):
    return spark.read.schema("a INT, b STRING").option("mode", "DROPMALFORMED").csv(_write(folder, "t.csv", "1,x\nbad,y\n3\n"))


def csv_failfast(spark, folder):
    return spark.read.schema("a INT, b STRING").option("mode", "FAILFAST").csv(_write(folder, "t.csv", "1,x\nbad,y\n"))


def csv_corrupt_record(spark, folder):
    df = spark.read.schema("a INT, b STRING, _corrupt_record STRING").csv(_write(folder, "t.csv", "1,x\nbad,y\n3\n"))
    return df.cache()


def csv_separator_and_quote(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "1;'a;b';x\n2;'it''s';y\n"), sep=";", quote="'")


def csv_multi_char_separator(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "1||a||x\n2||b||y\n"), sep="||")


def csv_tab(spark, folder):
    return spark.read.csv(_write(folder, "t.tsv", "1\ta b\n2\tc\n"), sep="\t")


def csv_escape(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", '1,"a\\"b"\n2,"c""d"\n3,"e\\\\f"\n'))


def csv_escape_quote(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", '1,"a""b"\n2,"c"\n'), escape='"')


def csv_multiline(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", '1,"line one\nline two"\n2,x\n'), multiLine=True)


def csv_quoted_newline(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", '1,"line one\nline two"\n2,x\n'))


def csv_quoted_newline_infer(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", 'i,s\n1,"line one\n2",x\n3,y\n'), header=True, inferSchema=True)


def csv_backslashes(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", 'C:\\dir,a\\,x\n"C:\\dir","a\\\\","\\""\n'))


def csv_quotes_inside(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", 'a"b"c,1\n"x"y,2\n"p,q" r,3\n"s" ,4\n"t\n'))


def csv_space_before_quote(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", '1, "x, y", z \n'))


def csv_space_before_quote_ignored(spark, folder):
    path = _write(folder, "t.csv", '1, "x, y" , z \n2," x ", y\n')
    return spark.read.csv(path, ignoreLeadingWhiteSpace=True, ignoreTrailingWhiteSpace=True)


def csv_line_ends(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "1,a\r\n2,b\n\n3,c\r4,d\r\r\n5,e"))


def csv_dropmalformed_widths(spark, folder):
    path = _write(folder, "t.csv", '1,x,more\n2\n"3","y"\n4,"z\n')
    return spark.read.schema("a INT, b STRING").option("mode", "DROPMALFORMED").csv(path)


def csv_failfast_widths(spark, folder):
    return spark.read.schema("a INT, b STRING").option("mode", "FAILFAST").csv(_write(folder, "t.csv", "1,x\n2\n"))


def csv_null_and_empty(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", 'NA,"",x\n1,,NA\n'), nullValue="NA")


def csv_empty_value(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", '"",1\n,2\n'), emptyValue="EMPTY")


def csv_whitespace(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", " a , b \n c ,d\n"), ignoreLeadingWhiteSpace=True, ignoreTrailingWhiteSpace=True)


def csv_whitespace_default(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", " a , b \n c ,d\n"))


def csv_comment(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "# no\n1,a\n#x\n2,b\n"), comment="#")


def csv_date_format(spark, folder):
    return spark.read.schema("d DATE, t TIMESTAMP").csv(_write(folder, "t.csv", "31/12/2020,31/12/2020 23:59\n"), dateFormat="dd/MM/yyyy", timestampFormat="dd/MM/yyyy HH:mm")


def csv_encoding(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "é,ü\n".encode("latin-1")), encoding="ISO-8859-1")


def csv_crlf_and_bom(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", b"\xef\xbb\xbfa,b\r\n1,2\r\n"), header=True)


def csv_blank_lines(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "a,b\n\n1,2\n\n\n3,4\n"), header=True)


def csv_empty_file(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", ""))


def csv_header_only(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "a,b\n"), header=True, inferSchema=True)


def csv_duplicate_header(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "a,a,,b\n1,2,3,4\n"), header=True)


def csv_header_mismatch(spark, folder):
    return spark.read.schema("x INT, y INT").csv(_write(folder, "t.csv", "a,b\n1,2\n"), header=True)


def csv_folder_of_files(spark, folder):
    _write(folder, "d/1.csv", "a,b\n1,x\n")
    _write(folder, "d/2.csv", "a,b\n2,y\n")
    return spark.read.csv(folder + "/d", header=True, inferSchema=True)


def csv_gzip(spark, folder):
    import gzip
    return spark.read.csv(_write(folder, "t.csv.gz", gzip.compress(b"1,a\n2,b\n")))


def csv_round_trip(spark, folder):
    _t(spark).write.csv(folder + "/t", header=True)
    return spark.read.csv(folder + "/t", header=True, inferSchema=True)


def csv_written_text(spark, folder):
    df = spark.sql("""SELECT * FROM VALUES (1, 'a,b', 1.5D, DATE'2020-01-01', TIMESTAMP'2020-01-01 10:11:12.5', true, 1.50), (NULL, 'q"x', NULL, NULL, NULL, NULL, NULL),
        (3, '', double('NaN'), NULL, NULL, false, NULL), (4, ' sp ', 1e10D, NULL, NULL, NULL, NULL) AS t(i, s, d, dt, ts, b, dec)""")
    df.coalesce(1).write.csv(folder + "/t", header=True)
    for f in sorted(os.listdir(folder + "/t")):
        if f.startswith("part-"):
            with open(os.path.join(folder, "t", f)) as x:
                print(x.read())


def csv_written_options(spark, folder):
    _t(spark).coalesce(1).write.csv(folder + "/t", sep="|", nullValue="-", quoteAll=True)
    for f in sorted(os.listdir(folder + "/t")):
        if f.startswith("part-"):
            with open(os.path.join(folder, "t", f)) as x:
                print(x.read())


def csv_of_nested(spark, folder):
    spark.sql("SELECT array(1) AS a").write.csv(folder + "/t")


def csv_missing(spark, folder):
    return spark.read.csv(folder + "/nosuch.csv")


def csv_bad_option(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "1,2\n"), mode="NOSUCH")


def csv_column_pruning(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "a,b,c\n1,2,3\n4,5\n"), header=True).select("b")


def csv_count(spark, folder):
    return spark.read.csv(_write(folder, "t.csv", "a,b,c\n1,2,3\n4,5\n"), header=True).count()


def json_lines(spark, folder):
    return spark.read.json(_write(folder, "t.json", '{"a": 1, "b": "x"}\n{"a": 2.5, "c": [1, 2]}\n{"b": null}\n'))


def json_infer(spark, folder):
    text = '{"i": 1, "l": 3000000000, "d": 1.5, "s": "x", "b": true, "n": null, "a": [1, null], "o": {"x": {"y": 1}}, "e": [], "dt": "2020-01-01", "m": [{"p": 1}, {"q": "z"}]}\n'
    return spark.read.json(_write(folder, "t.json", text))


def json_mixed_types(spark, folder):
    return spark.read.json(_write(folder, "t.json", '{"a": 1, "b": [1]}\n{"a": "x", "b": {"k": 1}}\n{"a": true, "b": 5}\n'))


def json_schema(spark, folder):
    return spark.read.schema("a INT, b STRING, t TIMESTAMP, missing DOUBLE").json(_write(folder, "t.json", '{"a": 1, "b": {"x": 1}, "t": "2020-01-01T10:11:12Z"}\n{"a": "z"}\n{"a": 3}\n'))


def json_corrupt(spark, folder):
    return spark.read.json(_write(folder, "t.json", '{"a": 1}\nnot json\n{"a": 2\n')).cache()


def json_failfast(spark, folder):
    return spark.read.option("mode", "FAILFAST").schema("a INT").json(_write(folder, "t.json", '{"a": 1}\nnot json\n'))


def json_dropmalformed(spark, folder):
    return spark.read.option("mode", "DROPMALFORMED").schema("a INT").json(_write(folder, "t.json", '{"a": 1}\nnot json\n'))


def json_multiline(spark, folder):
    return spark.read.json(_write(folder, "t.json", '[\n  {"a": 1},\n  {"a": 2}\n]\n'), multiLine=True)


def json_array_lines(spark, folder):
    return spark.read.json(_write(folder, "t.json", '[{"a": 1}, {"a": 2}]\n{"a": 3}\n'))


def json_primitives_as_string(spark, folder):
    return spark.read.json(_write(folder, "t.json", '{"a": 1, "b": true}\n'), primitivesAsString=True)


def json_unicode(spark, folder):
    return spark.read.json(_write(folder, "t.json", '{"é": "日本", "e": "\\u00e9\\ud83d\\ude00\\n"}\n'))


def json_empty_file(spark, folder):
    return spark.read.json(_write(folder, "t.json", ""))


def json_blank_lines(spark, folder):
    return spark.read.json(_write(folder, "t.json", '{"a": 1}\n\n{"a": 2}\n'))


def json_big_numbers(spark, folder):
    return spark.read.json(_write(folder, "t.json", '{"a": 12345678901234567890, "b": 1e400, "c": -0.0, "d": 1E2}\n'))


def json_duplicate_case(spark, folder):
    return spark.read.json(_write(folder, "t.json", '{"a": 1, "A": 2}\n'))


def json_round_trip(spark, folder):
    spark.sql("SELECT 1 AS i, 'x' AS s, NULL AS n, array(1, 2) AS l, named_struct('y', 1.5D) AS st, DATE'2020-01-01' AS d").write.json(folder + "/t")
    return spark.read.json(folder + "/t")


def json_written_text(spark, folder):
    spark.sql("""SELECT 1 AS i, 'q"\\\\é' AS s, CAST(NULL AS INT) AS n, array(1, NULL) AS l, map('k', 1) AS m, named_struct('y', 1.5D, 'z', NULL) AS st, DATE'2020-01-01' AS d,
        TIMESTAMP'2020-01-01 10:11:12.123456' AS t, X'616263' AS b, 1.50 AS dec, double('NaN') AS nan""").coalesce(1).write.json(folder + "/t")
    for f in sorted(os.listdir(folder + "/t")):
        if f.startswith("part-"):
            with open(os.path.join(folder, "t", f)) as x:
                print(x.read())


def text_lines(spark, folder):
    return spark.read.text(_write(folder, "t.txt", "one\n\ntwo words\r\nünï\nlast without newline"))


def text_carriage_returns(spark, folder):
    return spark.read.text(_write(folder, "t.txt", "\na\rb\r\n\r\nc\n\rd\r"))


def json_line_ends(spark, folder):
    return spark.read.json(_write(folder, "t.json", '{"a": 1}\r\n{"a": 2}\n\n{"a": 3}\r{"a": 4}'))


def text_whole(spark, folder):
    return spark.read.text(_write(folder, "t.txt", "one\ntwo\n"), wholetext=True)


def text_separator(spark, folder):
    return spark.read.text(_write(folder, "t.txt", "a;b;c"), lineSep=";")


def text_write(spark, folder):
    spark.createDataFrame([("x",), ("y z",)], ["value"]).coalesce(1).write.text(folder + "/t")
    return spark.read.text(folder + "/t")


def text_write_two_columns(spark, folder):
    spark.createDataFrame([("x", "y")], ["a", "b"]).write.text(folder + "/t")


def text_write_number(spark, folder):
    spark.range(1).write.text(folder + "/t")


def input_files(spark, folder):
    spark.range(1).coalesce(1).write.parquet(folder + "/t")
    files = spark.read.parquet(folder + "/t").inputFiles()
    return [len(files), files[0].startswith("file:///"), files[0].endswith(".parquet")]


def file_metadata(spark, folder):
    _write(folder, "a.csv", "1\n2\n")
    return spark.read.csv(folder + "/a.csv").select("_c0", "_metadata.file_name", "_metadata.file_size")


def file_metadata_all(spark, folder):
    spark.range(3).coalesce(1).write.parquet(folder + "/p q")
    m = "_metadata."
    return spark.read.parquet(folder + "/p q").select("id", F.col(m + "row_index"), F.col(m + "file_path").contains("/p%20q/"), F.col(m + "file_path").startswith("file:/"), F.expr("substring_index(_metadata.file_path, '/', -1) = _metadata.file_name AS named"),
                                                      F.expr("_metadata.file_size > 100"), F.col(m + "file_block_start"), F.expr("_metadata.file_block_length = _metadata.file_size"), F.expr("_metadata.file_modification_time > current_timestamp() - INTERVAL 1 HOUR"))


def file_metadata_everywhere(spark, folder):
    _write(folder, "a.csv", "1\n2\n")
    _write(folder, "b.csv", "3\n")
    df = spark.read.csv(folder)
    a = df.alias("t").filter("_metadata.file_name = 'a.csv'").select("_c0", "t._metadata.file_size")
    b = df.groupBy("_metadata.file_name").count()
    c = df.orderBy("_metadata.file_name", "_c0").select("_c0", "_metadata.file_name")
    return [sorted(a.collect()), sorted(b.collect()), c.collect(), sorted(df.select("*", "_metadata").columns)]


def file_metadata_of_view(spark, folder):
    _write(folder, "a.csv", "1\n2\n")
    spark.read.csv(folder).createOrReplaceTempView("of_files")
    return spark.sql("SELECT _metadata.file_name FROM of_files")


def path_glob_filter(spark, folder):
    _write(folder, "d/a.csv", "1\n")
    _write(folder, "d/b.txt", "2\n")
    return spark.read.option("pathGlobFilter", "*.csv").csv(folder + "/d")


def recursive_lookup(spark, folder):
    _write(folder, "d/x/a.csv", "1\n")
    _write(folder, "d/y/z/b.csv", "2\n")
    return spark.read.option("recursiveFileLookup", True).csv(folder + "/d")


def hidden_files_ignored(spark, folder):
    _write(folder, "d/a.csv", "1\n")
    _write(folder, "d/_tmp.csv", "2\n")
    _write(folder, "d/.x.csv", "3\n")
    return spark.read.csv(folder + "/d")


def hive_partitions_mixed(spark, folder):
    _write(folder, "d/k=1/a.csv", "x\n")
    _write(folder, "d/k=__HIVE_DEFAULT_PARTITION__/a.csv", "y\n")
    _write(folder, "d/k=abc/a.csv", "z\n")
    return spark.read.csv(folder + "/d")


def read_folder_empty(spark, folder):
    os.makedirs(folder + "/d")
    return spark.read.parquet(folder + "/d")


def insert_into_view(spark, folder):
    spark.range(1).createOrReplaceTempView("target")
    spark.range(1).write.insertInto("target")


def json_two_files_in_order(spark, folder):
    small, large = _write(folder, "1.json", '{"a": 1}\n'), _write(folder, "2.json", '{"a": 2, "b": "long enough"}\n')
    return ordered(spark.read.json([small, large]))


def csv_folder_in_order(spark, folder):
    for i in range(4):
        _write(folder, f"c{i}.csv", f"{i},{'x' * (7 * i % 5)}\n")
    return ordered(spark.read.csv(folder))


def partitions_of_unequal_files(spark, folder):
    spark.sql("SELECT id, CASE WHEN id < 2 THEN 'a' ELSE 'b' END AS p, repeat('x', CAST(id * id * 50 AS INT)) AS s FROM range(6)") \
        .write.partitionBy("p").parquet(folder + "/t")
    return spark.read.parquet(folder + "/t").selectExpr("p", "id", "length(s)")
