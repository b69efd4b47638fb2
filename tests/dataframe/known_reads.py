"""Frames that read files go on with the files that they found first, cached ones without them too."""

import os
import shutil


def _written(spark, folder, rows, mode="error"):
    path = os.path.join(folder, "data")
    spark.range(rows).coalesce(1).write.mode(mode).parquet(path)
    return path


def appended(spark, folder):
    path = _written(spark, folder, 2)
    frame = spark.read.parquet(path)
    before = frame.count()
    _written(spark, folder, 3, "append")
    return before, frame.count(), frame.filter("id >= 0").count(), spark.read.parquet(path).count()


def appended_after_schema(spark, folder):
    frame = spark.read.parquet(_written(spark, folder, 2))
    frame.schema
    _written(spark, folder, 3, "append")
    return frame.count()


def gone(spark, folder):
    path = _written(spark, folder, 2)
    frame = spark.read.parquet(path)
    frame.count()
    shutil.rmtree(path)
    try:
        frame.count()
    except Exception as error:
        return error.getCondition()


def cached_and_gone(spark, folder):
    path = _written(spark, folder, 2)
    frame = spark.read.parquet(path).cache()
    before = frame.count()
    shutil.rmtree(path)
    after = frame.count(), frame.filter("id > 0").count(), frame.agg({"id": "max"}).collect()
    try:
        spark.read.parquet(path).count()
    except Exception as error:
        return before, after, error.getCondition()


def cached_and_appended(spark, folder):
    path = _written(spark, folder, 2)
    frame = spark.read.parquet(path).cache()
    before = frame.count()
    _written(spark, folder, 3, "append")
    return before, frame.count(), spark.read.parquet(path).count()


def cached_and_overwritten(spark, folder):
    path = _written(spark, folder, 2)
    frame = spark.read.parquet(path).cache()
    before = frame.count()
    _written(spark, folder, 9, "overwrite")
    return before, frame.count(), spark.read.parquet(path).count()


def checkpointed_and_gone(spark, folder):
    path = _written(spark, folder, 2)
    frame = spark.read.parquet(path).localCheckpoint()
    shutil.rmtree(path)
    return frame.count()


def of_text(spark, folder):
    path = _written(spark, folder, 2)
    frame = spark.sql(f"SELECT * FROM parquet.`{path}`")
    before = frame.count()
    _written(spark, folder, 3, "append")
    return before, frame.count()


def cached_error(spark):
    frame = spark.sql("SELECT 9223372036854775807 + id AS x FROM range(1, 3)").cache()
    return frame.filter("x > 0")


def cached_subquery_error(spark):
    frame = spark.sql("SELECT (SELECT id FROM range(3)) AS x").cache()
    return frame.select("x")


def checkpointed_error(spark):
    return spark.sql("SELECT 1 / (id - id) AS x FROM range(2)").localCheckpoint()


def missing_ignored(spark, folder):
    spark.conf.set("spark.sql.files.ignoreMissingFiles", "true")
    path = _written(spark, folder, 2)
    frame = spark.read.parquet(path)
    before = frame.count()
    shutil.rmtree(path)
    return before, frame.count()
