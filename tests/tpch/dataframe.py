"""TPC-H's 22 queries as DataFrame code over temporary views; the answers are those of queries/*.sql."""

import datetime

from pyspark.sql import functions as F
from pyspark.sql.functions import col, lit


def _revenue():
    return col("l_extendedprice") * (1 - col("l_discount"))


def _date(text):
    return lit(datetime.date.fromisoformat(text))


def q01(spark):
    return (spark.table("lineitem").where(col("l_shipdate") <= _date("1998-12-01") - F.expr("interval '90' day"))
            .groupBy("l_returnflag", "l_linestatus")
            .agg(F.sum("l_quantity").alias("sum_qty"), F.sum("l_extendedprice").alias("sum_base_price"),
                 F.sum(_revenue()).alias("sum_disc_price"), F.sum(_revenue() * (1 + col("l_tax"))).alias("sum_charge"),
                 F.avg("l_quantity").alias("avg_qty"), F.avg("l_extendedprice").alias("avg_price"),
                 F.avg("l_discount").alias("avg_disc"), F.count("*").alias("count_order"))
            .orderBy("l_returnflag", "l_linestatus"))


def q02(spark):
    europe = (spark.table("region").where(col("r_name") == "EUROPE")
              .join(spark.table("nation"), col("r_regionkey") == col("n_regionkey"))
              .join(spark.table("supplier"), col("n_nationkey") == col("s_nationkey"))
              .join(spark.table("partsupp"), col("s_suppkey") == col("ps_suppkey")))
    brass = spark.table("part").where((col("p_size") == 15) & col("p_type").like("%BRASS"))
    offers = brass.join(europe, col("p_partkey") == col("ps_partkey"))
    cheapest = offers.groupBy(col("p_partkey").alias("key")).agg(F.min("ps_supplycost").alias("cost"))
    return (offers.join(cheapest, (col("p_partkey") == col("key")) & (col("ps_supplycost") == col("cost")))
            .select("s_acctbal", "s_name", "n_name", "p_partkey", "p_mfgr", "s_address", "s_phone", "s_comment")
            .orderBy(F.desc("s_acctbal"), "n_name", "s_name", "p_partkey").limit(100))


def q03(spark):
    return (spark.table("customer").where("c_mktsegment = 'BUILDING'")
            .join(spark.table("orders").where(col("o_orderdate") < _date("1995-03-15")), col("c_custkey") == col("o_custkey"))
            .join(spark.table("lineitem").where(col("l_shipdate") > _date("1995-03-15")), col("l_orderkey") == col("o_orderkey"))
            .groupBy("l_orderkey", "o_orderdate", "o_shippriority").agg(F.sum(_revenue()).alias("revenue"))
            .select("l_orderkey", "revenue", "o_orderdate", "o_shippriority")
            .orderBy(F.desc("revenue"), "o_orderdate").limit(10))


def q04(spark):
    late = spark.table("lineitem").where(col("l_commitdate") < col("l_receiptdate"))
    return (spark.table("orders")
            .where((col("o_orderdate") >= _date("1993-07-01")) & (col("o_orderdate") < _date("1993-10-01")))
            .join(late, col("l_orderkey") == col("o_orderkey"), "left_semi")
            .groupBy("o_orderpriority").agg(F.count("*").alias("order_count")).orderBy("o_orderpriority"))


def q05(spark):
    return (spark.table("region").where("r_name = 'ASIA'")
            .join(spark.table("nation"), col("n_regionkey") == col("r_regionkey"))
            .join(spark.table("supplier"), col("s_nationkey") == col("n_nationkey"))
            .join(spark.table("lineitem"), col("l_suppkey") == col("s_suppkey"))
            .join(spark.table("orders").where("o_orderdate >= DATE'1994-01-01' AND o_orderdate < DATE'1995-01-01'"), col("o_orderkey") == col("l_orderkey"))
            .join(spark.table("customer"), (col("c_custkey") == col("o_custkey")) & (col("c_nationkey") == col("s_nationkey")))
            .groupBy("n_name").agg(F.sum(_revenue()).alias("revenue")).orderBy(col("revenue").desc()))


def q06(spark):
    return (spark.table("lineitem")
            .filter((F.year("l_shipdate") == 1994) & col("l_discount").between(F.expr("0.06 - 0.01"), F.expr("0.06 + 0.01")) & (col("l_quantity") < 24))
            .agg(F.sum(col("l_extendedprice") * col("l_discount")).alias("revenue")))


def q07(spark):
    n1 = spark.table("nation").select(col("n_nationkey").alias("k1"), col("n_name").alias("supp_nation"))
    n2 = spark.table("nation").select(col("n_nationkey").alias("k2"), col("n_name").alias("cust_nation"))
    pair = (((col("supp_nation") == "FRANCE") & (col("cust_nation") == "GERMANY"))
            | ((col("supp_nation") == "GERMANY") & (col("cust_nation") == "FRANCE")))
    return (spark.table("supplier")
            .join(spark.table("lineitem"), col("s_suppkey") == col("l_suppkey"))
            .join(spark.table("orders"), col("o_orderkey") == col("l_orderkey"))
            .join(spark.table("customer"), col("c_custkey") == col("o_custkey"))
            .join(n1, col("s_nationkey") == col("k1")).join(n2, (col("c_nationkey") == col("k2")) & pair)
            .where(col("l_shipdate").between("1995-01-01", "1996-12-31"))
            .withColumn("l_year", F.year("l_shipdate")).withColumn("volume", _revenue())
            .groupBy("supp_nation", "cust_nation", "l_year").agg(F.sum("volume").alias("revenue"))
            .sort("supp_nation", "cust_nation", "l_year"))


def q08(spark):
    n1 = spark.table("nation").alias("n1")
    n2 = spark.table("nation").alias("n2")
    nations = (spark.table("part").filter("p_type = 'ECONOMY ANODIZED STEEL'")
               .join(spark.table("lineitem"), col("p_partkey") == col("l_partkey"))
               .join(spark.table("supplier"), col("s_suppkey") == col("l_suppkey"))
               .join(spark.table("orders"), col("l_orderkey") == col("o_orderkey"))
               .join(spark.table("customer"), col("o_custkey") == col("c_custkey"))
               .join(n1, col("c_nationkey") == col("n1.n_nationkey"))
               .join(spark.table("region").filter("r_name = 'AMERICA'"), col("n1.n_regionkey") == col("r_regionkey"))
               .join(n2, col("s_nationkey") == col("n2.n_nationkey"))
               .filter(col("o_orderdate").between(_date("1995-01-01"), _date("1996-12-31")))
               .select(F.year("o_orderdate").alias("o_year"), _revenue().alias("volume"), col("n2.n_name").alias("nation")))
    brazil = F.when(col("nation") == "BRAZIL", col("volume")).otherwise(0)
    return nations.groupBy("o_year").agg((F.sum(brazil) / F.sum("volume")).alias("mkt_share")).orderBy("o_year")


def q09(spark):
    amount = _revenue() - col("ps_supplycost") * col("l_quantity")
    return (spark.table("part").where(col("p_name").contains("green"))
            .join(spark.table("lineitem"), col("p_partkey") == col("l_partkey"))
            .join(spark.table("supplier"), col("s_suppkey") == col("l_suppkey"))
            .join(spark.table("partsupp"), (col("ps_suppkey") == col("l_suppkey")) & (col("ps_partkey") == col("l_partkey")))
            .join(spark.table("orders"), col("o_orderkey") == col("l_orderkey"))
            .join(spark.table("nation"), col("s_nationkey") == col("n_nationkey"))
            .select(col("n_name").alias("nation"), F.year("o_orderdate").alias("o_year"), amount.alias("amount"))
            .groupBy("nation", "o_year").agg(F.sum("amount").alias("sum_profit"))
            .orderBy(col("nation"), col("o_year").desc()))


def q10(spark):
    return (spark.table("customer")
            .join(spark.table("orders"), col("c_custkey") == col("o_custkey"))
            .join(spark.table("lineitem"), col("l_orderkey") == col("o_orderkey"))
            .join(spark.table("nation"), col("c_nationkey") == col("n_nationkey"))
            .where((col("o_orderdate") >= "1993-10-01") & (col("o_orderdate") < "1994-01-01") & (col("l_returnflag") == "R"))
            .groupBy("c_custkey", "c_name", "c_acctbal", "c_phone", "n_name", "c_address", "c_comment")
            .agg(F.sum(_revenue()).alias("revenue"))
            .select("c_custkey", "c_name", "revenue", "c_acctbal", "n_name", "c_address", "c_phone", "c_comment")
            .orderBy(F.desc("revenue")).limit(20))


def q11(spark):
    german = (spark.table("partsupp").join(spark.table("supplier"), col("ps_suppkey") == col("s_suppkey"))
              .join(spark.table("nation").where("n_name = 'GERMANY'"), col("s_nationkey") == col("n_nationkey"))
              .withColumn("worth", col("ps_supplycost") * col("ps_availqty")))
    total = german.agg((F.sum("worth") * F.expr("0.0001000000")).alias("threshold"))
    return (german.groupBy("ps_partkey").agg(F.sum("worth").alias("value"))
            .crossJoin(total).where(col("value") > col("threshold")).drop("threshold").orderBy(F.desc("value")))


def q12(spark):
    urgent = col("o_orderpriority").isin("1-URGENT", "2-HIGH")
    return (spark.table("orders").join(spark.table("lineitem"), col("o_orderkey") == col("l_orderkey"))
            .where(col("l_shipmode").isin(["MAIL", "SHIP"]) & (col("l_commitdate") < col("l_receiptdate"))
                   & (col("l_shipdate") < col("l_commitdate")) & (F.year("l_receiptdate") == 1994))
            .groupBy("l_shipmode")
            .agg(F.sum(F.when(urgent, 1).otherwise(0)).alias("high_line_count"), F.sum(F.when(~urgent, 1).otherwise(0)).alias("low_line_count"))
            .orderBy("l_shipmode"))


def q13(spark):
    orders = spark.table("orders").where(~col("o_comment").like("%special%requests%"))
    return (spark.table("customer").join(orders, col("c_custkey") == col("o_custkey"), "left_outer")
            .groupBy("c_custkey").agg(F.count("o_orderkey").alias("c_count"))
            .groupBy("c_count").agg(F.count("*").alias("custdist"))
            .orderBy(F.desc("custdist"), F.desc("c_count")))


def q14(spark):
    promotion = F.when(col("p_type").startswith("PROMO"), _revenue()).otherwise(0)
    return (spark.table("lineitem").join(spark.table("part"), col("l_partkey") == col("p_partkey"))
            .where((col("l_shipdate") >= _date("1995-09-01")) & (col("l_shipdate") < _date("1995-10-01")))
            .agg((F.expr("100.00") * F.sum(promotion) / F.sum(_revenue())).alias("promo_revenue")))


def q15(spark):
    revenue = (spark.table("lineitem").where((col("l_shipdate") >= _date("1996-01-01")) & (col("l_shipdate") < _date("1996-04-01")))
               .groupBy(col("l_suppkey").alias("supplier_no")).agg(F.sum(_revenue()).alias("total_revenue")))
    best = revenue.agg(F.max("total_revenue").alias("best"))
    return (spark.table("supplier").join(revenue, col("s_suppkey") == col("supplier_no")).join(best, col("total_revenue") == col("best"))
            .select("s_suppkey", "s_name", "s_address", "s_phone", "total_revenue").orderBy("s_suppkey"))


def q16(spark):
    complaints = spark.table("supplier").where("s_comment LIKE '%Customer%Complaints%'")
    return (spark.table("partsupp").join(spark.table("part"), col("p_partkey") == col("ps_partkey"))
            .where((col("p_brand") != "Brand#45") & ~col("p_type").like("MEDIUM POLISHED%") & col("p_size").isin(49, 14, 23, 45, 19, 3, 36, 9))
            .join(complaints, col("ps_suppkey") == col("s_suppkey"), "left_anti")
            .groupBy("p_brand", "p_type", "p_size").agg(F.countDistinct("ps_suppkey").alias("supplier_cnt"))
            .orderBy(F.desc("supplier_cnt"), "p_brand", "p_type", "p_size"))


def q17(spark):
    lineitem = spark.table("lineitem")
    small = lineitem.groupBy(col("l_partkey").alias("key")).agg((F.expr("0.2") * F.avg("l_quantity")).alias("limit"))
    return (lineitem.join(spark.table("part").where("p_brand = 'Brand#23' AND p_container = 'MED BOX'"), col("p_partkey") == col("l_partkey"))
            .join(small, (col("key") == col("p_partkey")) & (col("l_quantity") < col("limit")))
            .agg((F.sum("l_extendedprice") / F.expr("7.0")).alias("avg_yearly")))


def q18(spark):
    large = (spark.table("lineitem").groupBy(col("l_orderkey").alias("key")).agg(F.sum("l_quantity").alias("quantity"))
             .where("quantity > 300"))
    return (spark.table("orders").join(large, col("o_orderkey") == col("key"), "left_semi")
            .join(spark.table("customer"), col("c_custkey") == col("o_custkey"))
            .join(spark.table("lineitem"), col("o_orderkey") == col("l_orderkey"))
            .groupBy("c_name", "c_custkey", "o_orderkey", "o_orderdate", "o_totalprice").agg(F.sum("l_quantity"))
            .orderBy(F.desc("o_totalprice"), "o_orderdate").limit(100))


def q19(spark):
    def kind(brand, containers, low, size):
        return ((col("p_brand") == brand) & col("p_container").isin(*containers) & col("l_quantity").between(low, low + 10)
                & col("p_size").between(1, size))
    wanted = (kind("Brand#12", ["SM CASE", "SM BOX", "SM PACK", "SM PKG"], 1, 5)
              | kind("Brand#23", ["MED BAG", "MED BOX", "MED PKG", "MED PACK"], 10, 10)
              | kind("Brand#34", ["LG CASE", "LG BOX", "LG PACK", "LG PKG"], 20, 15))
    return (spark.table("lineitem").join(spark.table("part"), col("p_partkey") == col("l_partkey"))
            .where(wanted & col("l_shipmode").isin("AIR", "AIR REG") & (col("l_shipinstruct") == "DELIVER IN PERSON"))
            .agg(F.sum(_revenue()).alias("revenue")))


def q20(spark):
    shipped = (spark.table("lineitem").where(F.year("l_shipdate") == 1994).groupBy("l_partkey", "l_suppkey")
               .agg((F.expr("0.5") * F.sum("l_quantity")).alias("half")))
    stocked = (spark.table("partsupp").join(spark.table("part").where(col("p_name").startswith("forest")), col("ps_partkey") == col("p_partkey"), "semi")
               .join(shipped, (col("l_partkey") == col("ps_partkey")) & (col("l_suppkey") == col("ps_suppkey")) & (col("ps_availqty") > col("half"))))
    return (spark.table("supplier").join(spark.table("nation").where("n_name = 'CANADA'"), col("s_nationkey") == col("n_nationkey"))
            .join(stocked, col("s_suppkey") == col("ps_suppkey"), "semi").select("s_name", "s_address").orderBy("s_name"))


def q21(spark):
    lineitem = spark.table("lineitem")
    late = lineitem.where(col("l_receiptdate") > col("l_commitdate"))
    l1, l2, l3 = late.alias("l1"), lineitem.alias("l2"), late.alias("l3")

    def another(name):
        return (col(f"{name}.l_orderkey") == col("l1.l_orderkey")) & (col(f"{name}.l_suppkey") != col("l1.l_suppkey"))
    return (spark.table("supplier").join(l1, col("s_suppkey") == col("l1.l_suppkey"))
            .join(spark.table("orders").where("o_orderstatus = 'F'"), col("o_orderkey") == col("l1.l_orderkey"))
            .join(spark.table("nation").where("n_name = 'SAUDI ARABIA'"), col("s_nationkey") == col("n_nationkey"))
            .join(l2, another("l2"), "left_semi").join(l3, another("l3"), "left_anti")
            .groupBy("s_name").agg(F.count("*").alias("numwait")).orderBy(F.desc("numwait"), "s_name").limit(100))


def q22(spark):
    customers = (spark.table("customer").withColumn("cntrycode", F.substring("c_phone", 1, 2))
                 .where(col("cntrycode").isin("13", "31", "23", "29", "30", "18", "17")))
    average = customers.where("c_acctbal > 0.00").agg(F.avg("c_acctbal").alias("average"))
    return (customers.crossJoin(average).where(col("c_acctbal") > col("average"))
            .join(spark.table("orders"), col("o_custkey") == col("c_custkey"), "left_anti")
            .groupBy("cntrycode").agg(F.count("*").alias("numcust"), F.sum("c_acctbal").alias("totacctbal")).orderBy("cntrycode"))
