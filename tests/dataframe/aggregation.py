"""groupBy and its relatives, agg, pivot, windows."""

from dataframe_cases import ordered
from pyspark.sql import Window
from pyspark.sql import functions as F


def _s(spark):
    return spark.createDataFrame(
        [("N", "a", 2020, 10, 1.5), ("N", "a", 2021, 20, 2.5), ("N", "b", 2020, 5, None), ("S", "a", 2020, 7, 0.5), ("S", None, 2021, 3, 9.0), (None, "b", 2021, None, 1.0)],
        "region STRING, item STRING, yr INT, qty INT, price DOUBLE")


def count(spark):
    return _s(spark).groupBy("region").count()


def shortcuts(spark):
    return _s(spark).groupBy("region").sum("qty", "price")


def shortcut_all_columns(spark):
    return _s(spark).groupBy("region").max()


def shortcut_not_numeric(spark):
    return _s(spark).groupBy("region").avg("item")


def mean_min(spark):
    g = _s(spark).groupBy("item")
    return g.mean("qty").join(g.min("price"), "item")


def agg_columns(spark):
    return _s(spark).groupBy("region").agg(F.sum("qty").alias("q"), F.avg("price"), F.count("*"), F.countDistinct("item"), F.max("yr"))


def agg_dict(spark):
    return _s(spark).groupBy("region").agg({"qty": "sum", "*": "count"})


def agg_without_group(spark):
    return _s(spark).agg(F.sum("qty"), F.min("item"), F.stddev("price"), F.sort_array(F.collect_set("yr")).alias("years"), F.first("region"))


def agg_unknown_column(spark):
    return _s(spark).groupBy("region").agg(F.sum("nosuch"))


def agg_not_aggregated(spark):
    return _s(spark).groupBy("region").agg(F.col("qty"))


def agg_nothing(spark):
    return _s(spark).groupBy("region").agg()


def group_by_expression(spark):
    return _s(spark).groupBy((F.col("yr") - 2000).alias("y"), F.upper("item")).agg(F.sum("qty").alias("q"))


def group_by_ordinal(spark):
    return _s(spark).groupBy(1).count()


def group_by_nothing(spark):
    return _s(spark).groupBy().sum("qty")


def group_by_several(spark):
    return ordered(_s(spark).groupBy("region", "item").agg(F.sum("qty").alias("q")).orderBy("region", "item"))


def having(spark):
    return _s(spark).groupBy("region").agg(F.sum("qty").alias("q")).where("q > 10")


def filtered(spark):
    return _s(spark).groupBy("region").agg(F.count_if(F.col("qty") > 5).alias("n"), F.expr("sum(qty) FILTER (WHERE yr = 2020)").alias("q20"))


def rollup(spark):
    return _s(spark).rollup("region", "item").agg(F.sum("qty").alias("q"), F.grouping("item"), F.grouping_id())


def cube(spark):
    return _s(spark).cube("region", "yr").agg(F.count("*").alias("n"), F.grouping_id().alias("g"))


def grouping_sets(spark):
    df = _s(spark)
    return df.groupingSets([["region"], ["item"], []], "region", "item").agg(F.sum("qty").alias("q"))


def pivot(spark):
    return _s(spark).groupBy("region").pivot("yr").sum("qty")


def pivot_values(spark):
    return _s(spark).groupBy("region").pivot("yr", [2020, 2022]).agg(F.sum("qty").alias("q"), F.count("*").alias("n"))


def pivot_single_named(spark):
    return _s(spark).groupBy("yr").pivot("item").agg(F.max("price"))


def pivot_count_star(spark):
    return _s(spark).groupBy("region").pivot("yr").agg(F.count("*"))


def pivot_count_star_text(spark):
    return _s(spark).groupBy("region").pivot("yr").agg(F.expr("count(*)"))


def pivot_unknown(spark):
    return _s(spark).groupBy("region").pivot("nosuch").count()


def statistics(spark):
    return _s(spark).agg(F.variance("qty"), F.var_pop("qty"), F.stddev_pop("price"), F.skewness("price"), F.kurtosis("price"), F.corr("qty", "price"), F.covar_samp("qty", "price"),
                         F.median("qty"), F.percentile("qty", 0.25), F.percentile_approx("qty", 0.5), F.mode("item"), F.approx_count_distinct("region"))


def lists(spark):
    return _s(spark).groupBy("region").agg(F.sort_array(F.collect_list("item")).alias("l"), F.sort_array(F.collect_set("yr")).alias("s"), F.max_by("item", "qty"), F.min_by("item", "qty"))


def aggregate_in_expression(spark):
    return _s(spark).groupBy("region").agg((F.sum("qty") / F.count("*")).alias("r"), F.round(F.avg("price"), 1), F.max("yr") - F.min("yr"))


def distinct_aggregates(spark):
    return _s(spark).agg(F.sum_distinct("qty"), F.count_distinct("region", "item"), F.collect_set("region").alias("x")).select(F.size("x"))


def row_number(spark):
    w = Window.partitionBy("region").orderBy(F.desc("qty"))
    return ordered(_s(spark).withColumn("n", F.row_number().over(w)).orderBy("region", "n"))


def ranks(spark):
    w = Window.partitionBy("yr").orderBy("qty")
    return _s(spark).select("yr", "qty", F.rank().over(w), F.dense_rank().over(w), F.percent_rank().over(w), F.cume_dist().over(w), F.ntile(2).over(w).alias("t"))


def lag_lead(spark):
    w = Window.orderBy("yr", "qty")
    return _s(spark).select("qty", F.lag("qty").over(w).alias("p"), F.lead("qty", 2, -1).over(w).alias("n"), F.first("qty").over(w).alias("f"))


def running_sum(spark):
    w = Window.partitionBy("region").orderBy("yr", "qty").rowsBetween(Window.unboundedPreceding, Window.currentRow)
    return _s(spark).select("region", "yr", "qty", F.sum("qty").over(w).alias("run"))


def moving_average(spark):
    w = Window.orderBy("yr", "item", "qty").rowsBetween(-1, 1)
    return _s(spark).select("yr", "item", F.avg("qty").over(w).alias("m"), F.count("*").over(w).alias("n"))


def range_frame(spark):
    w = Window.orderBy("qty").rangeBetween(-5, 5)
    return _s(spark).select("qty", F.sum("qty").over(w).alias("near"))


def share_of_group(spark):
    return _s(spark).withColumn("share", F.col("qty") / F.sum("qty").over(Window.partitionBy("region"))).select("region", "qty", "share")


def top_of_each(spark):
    w = Window.partitionBy("region").orderBy(F.col("qty").desc_nulls_last())
    return _s(spark).withColumn("n", F.row_number().over(w)).where("n = 1").drop("n")


def window_of_aggregate(spark):
    return _s(spark).groupBy("region").agg(F.sum("qty").alias("q")).withColumn("r", F.rank().over(Window.orderBy(F.desc("q"))))


def window_no_order(spark):
    return _s(spark).select(F.rank().over(Window.partitionBy("region")))


def time_window(spark):
    df = spark.sql("SELECT * FROM VALUES (TIMESTAMP'2020-01-01 00:01:00', 1), (TIMESTAMP'2020-01-01 00:06:00', 2), (TIMESTAMP'2020-01-01 00:07:00', 3) AS t(ts, v)")
    return df.groupBy(F.window("ts", "5 minutes")).agg(F.sum("v").alias("s")).select("window.start", "window.end", "s")


def describe(spark):
    return _s(spark).describe()


def describe_columns(spark):
    return _s(spark).describe("qty", "item")


def summary(spark):
    return _s(spark).summary()


def summary_some(spark):
    return _s(spark).select("qty", "price").summary("count", "min", "50%", "max")


def approx_quantile(spark):
    return [spark.range(101).approxQuantile("id", [0.0, 0.5, 1.0], 0.0), _s(spark).stat.approxQuantile(["qty", "price"], [0.5], 0.1)]


def correlation(spark):
    df = _s(spark).dropna()
    return [df.corr("qty", "price"), df.cov("qty", "price")]


def crosstab(spark):
    return _s(spark).crosstab("item", "yr")


def freq_items(spark):
    return spark.createDataFrame([(1, "a"), (1, "b"), (1, "a")], ["n", "s"]).freqItems(["n"], 0.6)


def sample_by(spark):
    return _s(spark).sampleBy("item", {"a": 1.0, "b": 0.0}, seed=0).select("item")
