"""partitionOverwriteMode: what an overwrite replaces."""

import os
import re

from pyspark.sql import functions as F

MODE = "spark.sql.sources.partitionOverwriteMode"


def _df(spark, *rows):
    return spark.createDataFrame(list(rows) or [(1, 1, "a"), (2, 2, "b"), (3, 2, "c")], "id INT, p INT, q STRING").coalesce(1)


def _before(spark, path, *parts):
    _df(spark).write.partitionBy(*parts).parquet(path)


def _overwrite(df, path, *parts, mode="dynamic", form="parquet"):
    df.write.mode("overwrite").option("partitionOverwriteMode", mode).partitionBy(*parts).format(form).save(path)


def _files(path):
    files = [os.path.relpath(os.path.join(p, f), path) for p, _, fs in os.walk(path) for f in fs if not f.endswith(".crc")]
    return sorted(re.sub(r"part-\d+-[-0-9a-f]{36}[.-]c\d+", "part", f) for f in files)


def _after(spark, path):
    """The rows, and the files without their numbers."""
    files = _files(path)
    rows = sorted(tuple(r) for r in spark.read.parquet(path).select("id", "p", "q").collect()) if any("part" in f for f in files) else []
    return [rows, files]


def one_level(spark, folder):
    _before(spark, folder + "/t", "p")
    _overwrite(_df(spark, (9, 2, "z")), folder + "/t", "p")
    return _after(spark, folder + "/t")


def two_levels(spark, folder):
    _before(spark, folder + "/t", "p", "q")
    _overwrite(_df(spark, (9, 2, "b"), (8, 3, "n")), folder + "/t", "p", "q")
    return _after(spark, folder + "/t")


def new_folder(spark, folder):
    _overwrite(_df(spark, (9, 2, "z")), folder + "/t", "p")
    return _after(spark, folder + "/t")


def no_rows(spark, folder):
    _before(spark, folder + "/t", "p")
    _overwrite(_df(spark).filter("id < 0"), folder + "/t", "p")
    return _after(spark, folder + "/t")


def no_rows_static(spark, folder):
    _before(spark, folder + "/t", "p")
    _overwrite(_df(spark).filter("id < 0"), folder + "/t", "p", mode="static")
    return _after(spark, folder + "/t")


def no_rows_new_folder(spark, folder):
    _overwrite(_df(spark).filter("id < 0"), folder + "/t", "p")
    return [os.listdir(folder + "/t")]


def without_partitions(spark, folder):
    _before(spark, folder + "/t")
    _overwrite(_df(spark, (9, 2, "z")), folder + "/t")
    return _after(spark, folder + "/t")


def whole_partitions_go(spark, folder):
    _before(spark, folder + "/t", "p")
    for name in ("p=2/below/x", "p=2/_hidden", "beside"):
        os.makedirs(os.path.dirname(f"{folder}/t/{name}"), exist_ok=True)
        open(f"{folder}/t/{name}", "w").close()
    os.remove(folder + "/t/_SUCCESS")
    _overwrite(_df(spark, (9, 2, "z")), folder + "/t", "p")
    return _files(folder + "/t")


def nulls_and_signs(spark, folder):
    _overwrite(_df(spark, (1, 1, None), (2, 1, "a/b"), (3, 1, "x=y"), (4, 1, "é %")), folder + "/t", "q")
    _overwrite(_df(spark, (5, 1, ""), (6, 1, "a/b"), (7, 1, "é %")), folder + "/t", "q")
    return _after(spark, folder + "/t")


def a_file_where_a_partition_goes(spark, folder):
    os.makedirs(folder + "/t")
    open(folder + "/t/p=2", "w").close()
    _overwrite(_df(spark, (9, 2, "z")), folder + "/t", "p")
    return _after(spark, folder + "/t")


def partitions_that_are_read(spark, folder):
    _before(spark, folder + "/t", "p")
    _overwrite(spark.read.parquet(folder + "/t").filter("p = 2").withColumn("id", F.col("id") + 100), folder + "/t", "p")
    return _after(spark, folder + "/t")


def failing(spark, folder):
    _before(spark, folder + "/t", "p")
    try:
        _overwrite(_df(spark, (8, 1, "y"), (9, 2, "z")).selectExpr("1 / (id - 9) AS id", "p", "q"), folder + "/t", "p")
    except Exception as e:
        print(e.getCondition())
    return _after(spark, folder + "/t")


def other_formats(spark, folder):
    out = []
    for form in ("csv", "json", "text"):
        df = spark.createDataFrame([("a", 1), ("b", 2)], "v STRING, p INT")
        df.write.partitionBy("p").format(form).save(f"{folder}/{form}")
        _overwrite(df.filter("p = 2").withColumn("v", F.lit("new")), f"{folder}/{form}", "p", form=form)
        read = spark.read.format(form).load(f"{folder}/{form}")
        out.append(sorted(tuple(r) for r in read.select("p", read.columns[0]).collect()))
    return out


def by_setting(spark, folder):
    _before(spark, folder + "/t", "p")
    spark.conf.set(MODE, "dynamic")
    _df(spark, (9, 2, "z")).write.mode("overwrite").partitionBy("p").parquet(folder + "/t")
    out = [_after(spark, folder + "/t")]
    _overwrite(_df(spark, (7, 1, "y")), folder + "/t", "p", mode="StAtIc")
    spark.conf.unset(MODE)
    return out + [_after(spark, folder + "/t")]


def name_of_the_option(spark, folder):
    _before(spark, folder + "/t", "p")
    _df(spark, (9, 2, "z")).write.mode("overwrite").option("PARTITIONOVERWRITEMODE", "DYNAMIC").partitionBy("p").parquet(folder + "/t")
    return [_after(spark, folder + "/t")[0]]


def name_of_the_column(spark, folder):
    _before(spark, folder + "/t", "p")
    _overwrite(_df(spark, (9, 2, "z")), folder + "/t", "P")
    return sorted(f for f in os.listdir(folder + "/t") if "=" in f)


def append(spark, folder):
    _before(spark, folder + "/t", "p")
    _df(spark, (9, 2, "z")).write.mode("append").option("partitionOverwriteMode", "dynamic").partitionBy("p").parquet(folder + "/t")
    return [_after(spark, folder + "/t")[0]]


def insert_directory(spark, folder):
    _before(spark, folder + "/t", "p")
    spark.sql(f"INSERT OVERWRITE DIRECTORY '{folder}/t' USING parquet OPTIONS (partitionOverwriteMode 'dynamic') SELECT 1 AS id, 2 AS p, 'x' AS q")
    return _after(spark, folder + "/t")


def insert_directory_unknown(spark, folder):
    spark.sql(f"INSERT OVERWRITE DIRECTORY '{folder}/t' USING parquet OPTIONS (partitionOverwriteMode 'sometimes') SELECT 1 AS id")


def unknown(spark, folder):
    _overwrite(_df(spark), folder + "/t", "p", mode="sometimes")


def unknown_in_every_mode(spark, folder):
    out = []
    for mode in ("overwrite", "append", "error", "ignore"):
        for value in ("sometimes", "", " dynamic"):
            try:
                _df(spark).write.mode(mode).option("partitionOverwriteMode", value).parquet(folder)
            except Exception as e:
                out.append(str(e).split("\n")[0])
    return out


def unknown_but_other_errors_first(spark, folder):
    _overwrite(_df(spark), folder + "/t", "nosuch", mode="sometimes")


def unknown_for_noop(spark):
    _df(spark).write.mode("overwrite").option("partitionOverwriteMode", "sometimes").format("noop").save()


def unknown_setting(spark):
    spark.conf.set(MODE, "sometimes")
