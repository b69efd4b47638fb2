"""Which files a path means: folders, partitions, patterns, hidden and empty files, inputFiles()."""

import os

from pyspark.sql import functions as F


def _write(path, text="1\n"):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text.encode())
    return path


def _rows(df):
    return [df.columns, sorted([list(row) for row in df.collect()], key=repr)]


def _read(spark, path):
    """The first column's values, or the error."""
    try:
        return sorted(row[0] for row in spark.read.csv(path).collect())
    except Exception as e:
        return (e.getCondition() or str(e).split("\n")[0]).replace(os.path.dirname(path), "PATH")


# ---------------------------------------------------------------- folders
def folders_below_are_not_read(spark, folder):
    _write(folder + "/a.csv", "1\n")
    _write(folder + "/below/b.csv", "2\n")
    return spark.read.csv(folder)


def folders_below_only(spark, folder):
    _write(folder + "/below/b.csv", "2\n")
    return spark.read.csv(folder)


def folders_below_only_with_a_schema(spark, folder):
    _write(folder + "/below/b.csv", "2\n")
    return spark.read.schema("a INT").csv(folder)


def parquet_below(spark, folder):
    spark.range(2).write.parquet(folder + "/t/below")
    return spark.read.parquet(folder + "/t")


def named_twice(spark, folder):
    a, b = _write(folder + "/d/a.csv", "1\n"), _write(folder + "/b.csv", "2\n")
    return [_rows(spark.read.csv(paths)) for paths in ([a, a], [folder + "/d", folder + "/d"], [folder + "/d", a], [b, a, b])]


def named_twice_is_one_input_file(spark, folder):
    a = _write(folder + "/a.csv", "1\n")
    return spark.read.csv([a, a]).inputFiles() == ["file://" + a]


def recursive_takes_each_file_once(spark, folder):
    _write(folder + "/k=1/a.csv", "x\n")
    _write(folder + "/below/b.csv", "y\n")
    _write(folder + "/c.csv", "z\n")
    read = spark.read.option("recursiveFileLookup", "TRUE")
    return [_rows(read.csv(folder)), _rows(read.csv([folder, folder, folder + "/below"]))]


def recursive_must_be_true_or_false(spark, folder):
    return spark.read.option("recursiveFileLookup", "maybe").csv(_write(folder + "/a.csv"))


def links(spark, folder):
    _write(folder + "/real/a.csv", "x\n")
    os.symlink(folder + "/real", folder + "/to_folder")
    os.symlink(folder + "/real/a.csv", folder + "/to_file.csv")
    os.symlink(folder + "/nowhere", folder + "/real/to_nothing.csv")
    os.symlink(folder + "/real/loop", folder + "/real/loop")
    return [_read(spark, folder + p) for p in ("/to_folder", "/to_file.csv", "/real", "/real/to_nothing.csv", "/real/loop")]


def link_to_the_folder_above(spark, folder):
    _write(folder + "/a.csv", "x\n")
    os.symlink(folder, folder + "/up")
    return spark.read.csv(folder)


# ---------------------------------------------------------------- partitions
def partitions_and_loose_files(spark, folder):
    _write(folder + "/k=1/a.csv", "x\n")
    _write(folder + "/loose.csv", "y,z\n")
    df = spark.read.csv(folder)
    return [_rows(df), len(df.inputFiles())]


def partitions_and_loose_parquet(spark, folder):
    spark.range(2).coalesce(1).write.parquet(folder + "/k=1")
    spark.range(3).coalesce(1).write.mode("append").parquet(folder)
    df = spark.read.parquet(folder)
    return [_rows(df), len(df.inputFiles())]


def partitions_with_folders_in_them(spark, folder):
    _write(folder + "/k=1/below/a.csv", "x\n")
    _write(folder + "/k=1/b.csv", "y\n")
    return spark.read.csv(folder)


def partitions_below_a_plain_folder(spark, folder):
    _write(folder + "/plain/k=1/a.csv", "x\n")
    return spark.read.csv(folder)


def partitions_below_a_plain_folder_and_loose_files(spark, folder):
    _write(folder + "/plain/k=1/a.csv", "x\n")
    _write(folder + "/b.csv", "y\n")
    return [_read(spark, folder)]


def partitions_in_two_places(spark, folder):
    _write(folder + "/x/k=1/a.csv", "x\n")
    _write(folder + "/y/k=1/a.csv", "y\n")
    return [_read(spark, folder)]


def partitions_in_places_that_differ_in_case(spark, folder):
    _write(folder + "/X/k=1/a.csv", "x\n")
    _write(folder + "/x/k=2/a.csv", "y\n")
    return spark.read.csv(folder)


def partitions_of_unequal_depth(spark, folder):
    _write(folder + "/k=1/a.csv", "x\n")
    _write(folder + "/k=2/j=2/a.csv", "x\n")
    return [_read(spark, folder)]


def partitions_of_other_names(spark, folder):
    _write(folder + "/k=1/a.csv", "x\n")
    _write(folder + "/j=1/a.csv", "x\n")
    return [_read(spark, folder)]


def partitions_whose_names_differ_in_case(spark, folder):
    _write(folder + "/k=1/a.csv", "x\n")
    _write(folder + "/K=2/a.csv", "y\n")
    return [row[1] for row in sorted(spark.read.csv(folder).collect())]


def partition_without_a_value(spark, folder):
    _write(folder + "/k=/a.csv", "x\n")
    return spark.read.csv(folder)


def partition_without_a_name(spark, folder):
    _write(folder + "/=v/a.csv", "x\n")
    return spark.read.csv(folder)


def partitions_named_one_by_one(spark, folder):
    for k in (1, 2):
        _write(f"{folder}/k={k}/a.csv", "x\n")
    based = spark.read.option("basePath", folder)
    return [_rows(df) for df in (spark.read.csv([folder + "/k=1", folder + "/k=2"]), spark.read.csv(folder + "/k=*"), based.csv(folder + "/k=*"),
                                 based.csv(folder + "/k=1/a.csv"), spark.read.csv([folder, folder]))]


def base_path_elsewhere(spark, folder):
    path = _write(folder + "/k=1/a.csv", "x\n")
    os.makedirs(folder + "/other")
    out = []
    for base in ("/other", "/k=1/a.csv", "/none"):
        try:
            spark.read.option("basePath", folder + base).csv(path).collect()
        except Exception as e:
            out.append([type(e).__name__, str(e).split("\n")[0].replace(folder, "FOLDER")])
    return out


def partition_types_and_empty_files(spark, folder):
    _write(folder + "/k=1/a.csv", "x\n")
    _write(folder + "/k=abc/b.txt", "y\n")
    _write(folder + "/k=2.5/c.csv", "")
    return spark.read.option("pathGlobFilter", "*.csv").csv(folder)


def partition_names_with_signs(spark, folder):
    _write(folder + "/k%20x=a%2Fb/a.csv", "x\n")
    return spark.read.csv(folder)


def partition_folders_of_work_not_done(spark, folder):
    _write(folder + "/k=1/a.csv", "x\n")
    _write(folder + "/_temporary/0/k=5/a.csv", "y\n")
    return spark.read.csv(folder)


# ---------------------------------------------------------------- hidden and empty files
def hidden(spark, folder):
    for name in ("_h/a.csv", ".h/a.csv", "_a.csv", ".a.csv", "a.csv._COPYING_", "_k=1/b.csv"):
        _write(f"{folder}/d/{name}", name + "\n")
    return [_rows(spark.read.csv(folder + "/d")), _read(spark, folder + "/d/_h"), _read(spark, folder + "/d/*"), _read(spark, folder + "/d/_*"),
            _rows(spark.read.schema("a STRING").csv(folder + "/d/_a.csv")), _read(spark, folder + "/d/_a.csv")]


def empty_files_have_no_rows(spark, folder):
    _write(folder + "/a.bin", "")
    _write(folder + "/b.bin", "xy")
    df = spark.read.format("binaryFile").load(folder)
    return [_rows(df.select("length")), len(df.inputFiles())]


def empty_files_only(spark, folder):
    _write(folder + "/a", "")
    return [_rows(spark.read.format(f).load(folder)) for f in ("csv", "json", "text")]


def empty_file_among_parquet(spark, folder):
    spark.range(2).coalesce(1).write.parquet(folder + "/t")
    _write(folder + "/t/empty.parquet", "")
    return spark.read.schema("id BIGINT").parquet(folder + "/t")


def empty_file_that_should_be_parquet(spark, folder):
    return spark.read.parquet(_write(folder + "/a.parquet", ""))


# ---------------------------------------------------------------- patterns
def patterns(spark, folder):
    for y in (1, 2, 3):
        for m in "ab":
            _write(f"{folder}/y{y}/{m}.csv", f"{y}{m}\n")
    return [_read(spark, folder + "/" + p) for p in ("*/a.csv", "y[12]/*", "y[!1]/a*", "y{1,3}/{a,b}.csv", "y[^1]/a.csv", "y?/b.csv", "y[1-2]/a.csv", "*",
                                                     "{y1/a,y2/b}.csv", "**/a.csv", "y1/../y2/a.csv", "none*", "y1/none*", "y1/a.csv/*")]


def patterns_that_are_names(spark, folder):
    for name in ("a[1].csv", "a1.csv", "b[1].csv", "c*.csv", "cd.csv", "e}.csv", "f[1]/x.csv"):
        _write(f"{folder}/{name}", name + "\n")
    return [_read(spark, folder + "/" + p) for p in ("a[1].csv", "b[1].csv", "b\\[1\\].csv", "c*.csv", "c\\*.csv", "e}.csv", "f[1]", "f\\[1\\]/x.csv")]


def patterns_of_characters(spark, folder):
    for name in ("é", "ab", "b"):
        _write(f"{folder}/{name}.csv", name + "\n")
    return [_read(spark, folder + "/?.csv")]


def pattern_with_an_open_brace(spark, folder):
    _write(folder + "/a.csv")
    return [_read(spark, folder + "/" + p) for p in ("{a.csv", "[a.csv")]


def pattern_among_paths(spark, folder):
    return spark.read.csv([_write(folder + "/a.csv"), folder + "/x*.csv"])


def glob_filter(spark, folder):
    _write(folder + "/b.txt", "y\n")
    read = spark.read.option("pathGlobFilter", "{b,c}.t[x]t").schema("a STRING")
    return [_rows(read.csv(folder)), _rows(read.csv(folder + "/b.txt")), _rows(read.option("pathGlobFilter", "*.csv").csv(folder + "/b.txt"))]


# ---------------------------------------------------------------- paths
def paths_that_are_none(spark, folder):
    _write(folder + "/a.csv")
    out = []
    for paths in (["/nosuch"], ["/a.csv/b"], ["/a\0.csv"], ["/*\0"], ["/" + "x" * 300]):
        try:
            out.append(_rows(spark.read.csv([folder + p for p in paths])))
        except Exception as e:
            out.append(e.getCondition())
    return out


def path_empty(spark):
    return spark.read.csv("")


def path_of_another_host(spark):
    return spark.read.csv("file://localhost/etc/passwd")


def path_forms(spark, folder):
    path = _write(folder + "/x/a b.csv", "x\n")
    forms = ["file:" + path, "file://" + path, folder + "/x/../x/./a b.csv", "file:" + folder + "/x//"]
    return [[_rows(spark.read.csv(p)), spark.read.csv(p).inputFiles() == ["file://" + path.replace(" ", "%20")]] for p in forms]


def path_is_no_uri(spark, folder):
    _write(folder + "/a b.csv")
    return spark.read.csv(f"file://{folder}/a%20b.csv")


def no_path(spark):
    return spark.read.format("csv").load()


def no_path_but_a_schema(spark):
    return [_rows(spark.read.schema("a INT").format(f).load()) for f in ("csv", "parquet")] + [_rows(spark.read.format("text").load())]


def view_of_nothing(spark):
    spark.sql("CREATE OR REPLACE TEMPORARY VIEW nothing (e INT) USING parquet")
    return spark.table("nothing")


def path_twice(spark, folder):
    path = _write(folder + "/a.csv")
    return spark.read.option("path", path).csv(path)


def path_as_option(spark, folder):
    return spark.read.option("PATH", _write(folder + "/a.csv")).format("csv").load()


# ---------------------------------------------------------------- inputFiles()
def input_files_agree_with_rows(spark, folder):
    _write(folder + "/k=1/a b.csv", "x\n")
    _write(folder + "/k=2/c.csv", "y\n")
    df = spark.read.csv(folder)
    rows = sorted(row[0] for row in df.select(F.input_file_name()).collect())
    return [sorted(df.inputFiles()) == rows, len(rows), spark.range(2).inputFiles(), len(df.union(df).inputFiles())]


def input_files_of_a_view(spark, folder):
    _write(folder + "/a.csv", "x\n")
    _write(folder + "/b.csv", "y\n")
    spark.read.csv(folder).createOrReplaceTempView("of_two_files")
    return len(spark.sql("SELECT count(*) FROM of_two_files").inputFiles())


def input_files_are_uris(spark, folder):
    _write(folder + "/a b%20c+é#?;=&.csv")
    _write(folder + "/\u00a0\u2028\U0001F600\u0085\u200b\"'<>^`|~\x01\x7f.csv")
    df = spark.read.csv(folder)
    names = sorted(uri[len("file://" + folder) + 1:] for uri in df.inputFiles())
    return [names, names == sorted(row[0].split("/")[-1] for row in df.select(F.input_file_name()).collect())]
