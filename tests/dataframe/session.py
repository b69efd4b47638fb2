"""Temporary views, cache, SQL with parameters, configuration, the catalog's reading side."""

import datetime
import decimal

from pyspark.sql import functions as F


def temp_view(spark):
    spark.range(3).createOrReplaceTempView("v")
    return spark.sql("SELECT id + 1 AS x FROM v")


def temp_view_exists(spark):
    spark.range(3).createTempView("v")
    spark.range(3).createTempView("v")


def temp_view_replaced(spark):
    spark.range(3).createOrReplaceTempView("v")
    df = spark.table("v")
    spark.range(5).createOrReplaceTempView("v")
    return [df.count(), spark.table("v").count()]


def temp_view_bad_name(spark):
    spark.range(3).createOrReplaceTempView("a b")


def table_unknown(spark):
    return spark.table("nosuch")


def read_table(spark):
    spark.range(2).createOrReplaceTempView("v")
    return spark.read.table("v")


def global_temp_view(spark):
    spark.range(2).createOrReplaceGlobalTempView("recorded_global")
    try:
        return [spark.table("global_temp.recorded_global").count(), spark.catalog.dropGlobalTempView("recorded_global")]
    finally:
        spark.catalog.dropGlobalTempView("recorded_global")


def drop_temp_view(spark):
    spark.range(2).createOrReplaceTempView("v")
    return [spark.catalog.dropTempView("v"), spark.catalog.dropTempView("v"), spark.catalog.tableExists("v")]


def catalog_reads(spark):
    spark.range(2).createOrReplaceTempView("v")
    return [spark.catalog.currentDatabase(), spark.catalog.currentCatalog(), spark.catalog.tableExists("v"), spark.catalog.databaseExists("default"), spark.catalog.databaseExists("nosuch"),
            [t.name for t in spark.catalog.listTables()], [(c.name, c.dataType, c.nullable) for c in spark.catalog.listColumns("v")], spark.catalog.functionExists("abs"), spark.catalog.functionExists("nosuch"),
            spark.catalog.isCached("v"), spark.catalog.getTable("v").isTemporary, [d.name for d in spark.catalog.listDatabases()]]


def cache(spark):
    df = spark.range(10).withColumn("r", F.rand())
    df.cache()
    a, b = df.collect(), df.collect()
    out = [a == b, df.is_cached, str(df.storageLevel)]
    df.unpersist()
    return out + [df.is_cached]


def cache_table(spark):
    spark.range(3).createOrReplaceTempView("v")
    spark.catalog.cacheTable("v")
    out = [spark.catalog.isCached("v"), spark.table("v").count()]
    spark.catalog.uncacheTable("v")
    return out + [spark.catalog.isCached("v")]


def persist_levels(spark):
    from pyspark import StorageLevel
    df = spark.range(3).persist(StorageLevel.MEMORY_ONLY)
    out = [str(df.storageLevel), df.count()]
    df.unpersist()
    return out


def checkpoint_local(spark):
    df = spark.range(3).localCheckpoint()
    return [df.count(), df.columns]


def checkpoint_lazy(spark):
    df = spark.range(4).withColumn("r", F.rand())
    kept = df.localCheckpoint(eager=False)
    again = kept.filter("id > 1")
    return [kept.count(), sorted(r.id for r in again.collect()), kept.collect() == kept.collect(), kept.join(again, "id").count()]


def sql_positional_parameters(spark):
    return spark.sql("SELECT ? + 1 AS a, upper(?) AS b, ? AS c", [41, "x", datetime.date(2020, 1, 2)])


def sql_named_parameters(spark):
    return spark.sql("SELECT id FROM range(10) WHERE id > :low AND id < :high", {"low": 3, "high": 6})


def sql_named_parameters_types(spark):
    return spark.sql("SELECT :a AS a, :b AS b, :c AS c, :d AS d, :e AS e", {"a": None, "b": True, "c": 1.5, "d": decimal.Decimal("1.50"), "e": F.array(F.lit(1), F.lit(2))})


def sql_decimal_arguments(spark):
    d = decimal.Decimal
    return spark.sql("SELECT ? AS a, ? AS b, ? AS c, ? AS d", [d("0.05"), d("-123456789012.50"), d("1E+3"), F.array(F.lit(d("0.000")))])


def sql_argument_not_literal(spark):
    return spark.sql("SELECT :a", {"a": 1, "b": F.array(F.lit(1).cast("int"))})


def sql_argument_not_literal_positional(spark):
    return spark.sql("SELECT ?, ?", [1, -F.lit(1)])


def sql_parameter_missing(spark):
    return spark.sql("SELECT :a, :b", {"a": 1})


def sql_positional_missing(spark):
    return spark.sql("SELECT ?, ?", [1])


def sql_frame_arguments(spark):
    return spark.sql("SELECT count(*) AS n FROM {df} WHERE id > {x}", df=spark.range(10), x=4)


def sql_is_eager_for_commands(spark):
    spark.sql("CREATE TEMPORARY VIEW made AS SELECT 1 AS x")
    return spark.table("made")


def sql_error_at_once(spark):
    spark.sql("SELEC 1")


def sql_unknown_table(spark):
    return spark.sql("SELECT * FROM nosuch")


def sql_several_statements(spark):
    return spark.sql("SELECT 1; SELECT 2")


def conf_get_set(spark):
    spark.conf.set("spark.sql.shuffle.partitions", 17)
    spark.conf.set("my.key", "v")
    out = [spark.conf.get("spark.sql.shuffle.partitions"), spark.conf.get("my.key"), spark.conf.get("nosuch.key", "dflt"), spark.conf.isModifiable("spark.sql.shuffle.partitions"),
           spark.conf.isModifiable("spark.sql.warehouse.dir"), spark.conf.get("spark.sql.ansi.enabled"), spark.conf.get("spark.sql.caseSensitive")]
    spark.conf.unset("my.key")
    return out + [spark.conf.get("my.key", None)]


def conf_unknown(spark):
    return spark.conf.get("nosuch.key")


def conf_bad_value(spark):
    spark.conf.set("spark.sql.shuffle.partitions", "many")


def conf_static(spark):
    spark.conf.set("spark.sql.warehouse.dir", "/x")


def conf_with_a_default(spark):
    """Spark's own defaults do not stand in for the one that is given; that must be a value of the key."""
    out = []
    for key, default in (("spark.sql.sources.partitionOverwriteMode", None), ("spark.sql.sources.partitionOverwriteMode", "dynamic"),
                         ("spark.sql.sources.partitionOverwriteMode", "x"), ("spark.sql.ansi.maybe", None), ("spark.sql.ansi.maybe", "y"),
                         ("spark.sql.codegen.hugeMethodLimit", None), ("spark.sql.codegen.hugeMethodLimit", "7"), ("spark.sql.codegen.hugeMethodLimit", "many")):
        try:
            out.append(spark.conf.get(key, default))
        except Exception as e:
            out.append([type(e).__name__, e.getCondition()])
    return out


def conf_without_a_value(spark):
    return [spark.conf.get("spark.sql.optimizer.excludedRules"), spark.conf.get("spark.sql.optimizer.excludedRules", None), spark.conf.get("spark.sql.sources.partitionOverwriteMode")]


def conf_set_to_none(spark):
    spark.conf.set("spark.my.own", None)


def conf_set_to_none_for_a_known_key(spark):
    spark.conf.set("spark.sql.ansi.enabled", None)


def conf_changes_answers(spark):
    out = []
    for ansi in ["true", "false"]:
        spark.conf.set("spark.sql.ansi.enabled", ansi)
        try:
            out.append(spark.sql("SELECT 1 / 0").collect())
        except Exception as e:
            out.append(e.getCondition())
    return out


def time_zone(spark):
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    return spark.sql("SELECT CAST(TIMESTAMP'2020-07-01 12:00:00Z' AS STRING) AS s, current_timezone() AS z")


def version(spark):
    return spark.version


def tags(spark):
    spark.addTag("t1")
    out = [sorted(spark.getTags()), spark.range(3).count()]
    spark.removeTag("t1")
    return out + [sorted(spark.getTags())]


def interrupt_nothing(spark):
    return [spark.interruptAll(), spark.interruptTag("nosuch")]


def execution_info(spark):
    df = spark.range(3)
    df.collect()
    return df.executionInfo is not None


def range_then_sql_frames(spark):
    a = spark.sql("SELECT id, id % 3 AS k FROM range(9)")
    b = spark.sql("SELECT * FROM VALUES (0, 'zero'), (1, 'one') AS t(k, name)")
    return a.join(b, "k").groupBy("name").agg(F.sum("id").alias("s"))


def parse_ddl(spark):
    from pyspark.sql.types import StructType
    return [StructType.fromDDL("a INT NOT NULL, b ARRAY<STRING> COMMENT 'x', c STRUCT<d: DECIMAL(10,2)>").json(), spark.createDataFrame([], "int").schema.simpleString()]


def parse_ddl_error(spark):
    return spark.createDataFrame([], "a NOSUCH")
