"""observe(): where the values arrive, and names that are used twice."""

from pyspark.sql import Observation
from pyspark.sql import functions as F


def _observed(spark, name):
    observation = Observation(name)
    frame = spark.range(50).observe(observation, F.count(F.lit(1)).alias("count"), F.max("id").alias("most"))
    return frame, observation


def write_noop(spark):
    frame, observation = _observed(spark, "noop")
    frame.write.format("noop").mode("overwrite").save()
    return observation.get


def write_parquet(spark, folder):
    frame, observation = _observed(spark, "parquet")
    frame.write.mode("overwrite").parquet(folder)
    return observation.get


def write_partitioned_csv(spark, folder):
    frame, observation = _observed(spark, "csv")
    frame.withColumn("p", F.col("id") % 3).write.mode("overwrite").partitionBy("p").csv(folder)
    return observation.get


def write_two(spark):
    frame, first = _observed(spark, "first")
    second = Observation("second")
    frame.filter("id > 40").observe(second, F.sum("id").alias("sum")).write.format("noop").mode("append").save()
    return first.get, second.get


def count(spark):
    frame, observation = _observed(spark, "count")
    return frame.count(), observation.get


def to_pandas(spark):
    frame, observation = _observed(spark, "pandas")
    return len(frame.toPandas()), observation.get


def read_twice(spark):
    frame, observation = _observed(spark, "twice")
    return frame.union(frame).count(), observation.get


def joined_with_itself(spark):
    frame, observation = _observed(spark, "joined")
    return frame.join(frame, "id").count(), observation.get


def name_twice(spark):
    frame = spark.range(5).observe("a", F.count(F.lit(1)).alias("c"))
    return frame.filter("id > 1").observe("a", F.max("id").alias("c"))


def name_twice_alike(spark):
    def frame():
        return spark.range(5).observe("a", F.count(F.lit(1)).alias("c"))

    return frame().union(frame())


def name_twice_written(spark):
    frame = spark.range(5).observe("a", F.count(F.lit(1)).alias("c"))
    frame.observe("a", F.max("id").alias("c")).write.format("noop").mode("append").save()


def failing(spark):
    frame = spark.range(5).observe("a", F.count(F.lit(1) / F.lit(0)).alias("c"))
    return frame.collect()
