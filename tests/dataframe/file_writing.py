"""Where and how files are written: paths, formats by name and by class, save modes, codecs."""

import os
import re


def _files(folder):
    files = [os.path.relpath(os.path.join(p, f), folder) for p, _, fs in os.walk(folder) for f in fs if not f.endswith(".crc")]
    return sorted(re.sub(r"part-\d+-[-0-9a-f]{36}[.-]c\d+", "part", f) for f in files)


def _said(e):
    return [type(e).__name__, e.getCondition(), str(e).split("\n")[0]]


def no_path(spark):
    out = []
    for form in ("parquet", "csv", "json", "text"):
        for mode in ("error", "overwrite", "append", "ignore"):
            try:
                spark.range(1).write.format(form).mode(mode).save()
            except Exception as e:
                out.append(_said(e))
    return out


def path_empty(spark):
    spark.range(1).write.save("")


def path_as_option(spark, folder):
    spark.range(1).coalesce(1).write.option("PATH", folder + "/o").save()
    return _files(folder)


def path_twice(spark, folder):
    spark.range(1).write.option("path", folder + "/o").save(folder + "/p")


def path_with_nul(spark, folder):
    try:
        spark.range(1).write.parquet(folder + "/x\0y")
    except Exception as e:
        return [type(e).__name__, os.listdir(folder)]


def noop_modes(spark):
    out = []
    for mode in ("error", "overwrite", "append", "ignore"):
        try:
            spark.range(1).write.format("noop").mode(mode).save()
            out.append(mode)
        except Exception as e:
            out.append(_said(e))
    return out


def binary_files(spark, folder):
    spark.range(1).write.format("binaryFile").save(folder + "/x")


def source_classes(spark, folder):
    with open(folder + "/a.json", "w") as f:
        f.write('{"a": 1}\n')
    out = []
    for name in ("org.apache.spark.sql.json", "org.apache.spark.sql.json.DefaultSource", "org.apache.spark.sql.execution.datasources.json",
                 "org.apache.spark.sql.execution.datasources.json.JsonFileFormat", "JSON"):
        spark.conf.set("spark.sql.sources.default", name)
        spark.range(1).coalesce(1).write.save(folder + "/" + name)
        out.append([spark.read.load(folder + "/a.json").collect(), spark.read.format(name).load(folder + "/a.json").collect(), _files(folder + "/" + name)])
    spark.conf.unset("spark.sql.sources.default")
    return out


def source_classes_in_sql(spark, folder):
    with open(folder + "/a.json", "w") as f:
        f.write('{"a": 1}\n')
    spark.sql("SET spark.sql.sources.default = org.apache.spark.sql.json")
    spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW by_class USING org.apache.spark.sql.json OPTIONS (path '{folder}/a.json')")
    spark.sql(f"INSERT OVERWRITE DIRECTORY '{folder}/o' USING com.databricks.spark.csv SELECT /*+ COALESCE(1) */ 1 AS a")
    out = [spark.table("by_class").collect(), spark.read.load(folder + "/a.json").collect(), _files(folder + "/o"),
           spark.sql(f"SELECT * FROM `org.apache.spark.sql.json`.`{folder}/a.json`").collect()]
    spark.sql("RESET spark.sql.sources.default")
    return out


def codec_unknown(spark, folder):
    spark.range(1).write.option("compression", "zip").parquet(folder + "/t")


def codec_empty(spark, folder):
    spark.range(1).write.option("compression", "").csv(folder + "/t")


def codec_of_text_unknown(spark, folder):
    spark.range(1).write.option("compression", "zstd").json(folder + "/t")


def codecs(spark, folder):
    out = []
    for form, codec in (("parquet", "NONE"), ("parquet", "Uncompressed"), ("csv", "GZIP"), ("csv", "none"), ("json", "gzip"), ("text", "gzip")):
        spark.range(1).selectExpr("string(id) AS v").coalesce(1).write.format(form).option("compression", codec).save(f"{folder}/{form}{codec}")
        out.append(_files(f"{folder}/{form}{codec}"))
    return out


def overwrite_keeps_what_is_cached(spark, folder):
    spark.range(3).write.parquet(folder + "/t")
    df = spark.read.parquet(folder + "/t").cache()
    df.count()
    df.write.mode("overwrite").parquet(folder + "/t")
    return spark.read.parquet(folder + "/t")


def append_of_what_is_read(spark, folder):
    spark.range(3).write.parquet(folder + "/t")
    spark.read.parquet(folder + "/t").write.mode("append").parquet(folder + "/t")
    return spark.read.parquet(folder + "/t")


def overwrite_of_a_file(spark, folder):
    with open(folder + "/t.csv", "w") as f:
        f.write("1,2\n")
    spark.range(2).coalesce(1).write.mode("overwrite").csv(folder + "/t.csv")
    return [_files(folder), sorted(spark.read.csv(folder + "/t.csv").collect())]


def file_in_the_way(spark, folder):
    with open(folder + "/t", "w") as f:
        f.write("1,2\n")
    out = []
    for mode in ("error", "ignore"):
        try:
            spark.range(1).write.mode(mode).csv(folder + "/t")
        except Exception as e:
            out.append(e.getCondition())
    return [out, _files(folder)]
