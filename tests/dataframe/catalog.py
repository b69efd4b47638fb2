"""spark.catalog over temporary views, the built-in database and the cache."""


def _views(spark):
    spark.range(3).createOrReplaceTempView("numbers")
    spark.sql("SELECT 1 AS a, 'x' AS b, array(1.5) AS c").createOrReplaceTempView("letters")


def _show(rows):
    for row in rows:
        print(row)


def current(spark):
    print(spark.catalog.currentCatalog(), spark.catalog.currentDatabase())
    spark.sql("SELECT current_catalog(), current_database(), current_schema()").show()


def catalogs(spark):
    _show(spark.catalog.listCatalogs())
    _show(spark.catalog.listCatalogs("no*"))


def databases(spark):
    for d in spark.catalog.listDatabases():
        print(d.name, d.catalog, d.description)
    print(spark.catalog.databaseExists("default"), spark.catalog.databaseExists("spark_catalog.default"),
          spark.catalog.databaseExists("nope"), spark.catalog.databaseExists("DEFAULT"))
    print(spark.catalog.getDatabase("default").name)
    print(spark.catalog.listDatabases("x*"))


def database_missing(spark):
    spark.catalog.getDatabase("nope")


def set_database(spark):
    spark.catalog.setCurrentDatabase("default")
    print(spark.catalog.currentDatabase())


def set_database_missing(spark):
    spark.catalog.setCurrentDatabase("nope")


def set_catalog(spark):
    spark.catalog.setCurrentCatalog("spark_catalog")
    print(spark.catalog.currentCatalog())


def set_catalog_missing(spark):
    spark.catalog.setCurrentCatalog("nope")


def tables(spark):
    _views(spark)
    _show(spark.catalog.listTables())
    _show(spark.catalog.listTables(pattern="num*"))
    _show(spark.catalog.listTables("default"))


def tables_of_missing_database(spark):
    spark.catalog.listTables("nope")


def views(spark):
    _views(spark)
    _show(spark.catalog.listViews())
    _show(spark.catalog.listViews(pattern="l*"))


def table(spark):
    _views(spark)
    print(spark.catalog.getTable("numbers"))


def table_missing(spark):
    spark.catalog.getTable("nope")


def table_exists(spark):
    _views(spark)
    print([spark.catalog.tableExists(n) for n in ("numbers", "NUMBERS", "nope", "default.numbers", "global_temp.numbers", "a.b.c.d")])


def global_views(spark):
    spark.range(2).createOrReplaceGlobalTempView("g_catalog_case")
    print(spark.catalog.tableExists("global_temp.g_catalog_case"))
    print([t for t in spark.catalog.listTables("global_temp") if t.name == "g_catalog_case"])
    print(spark.catalog.getTable("global_temp.g_catalog_case"))
    print(spark.catalog.dropGlobalTempView("g_catalog_case"), spark.catalog.dropGlobalTempView("g_catalog_case"))


def columns(spark):
    _views(spark)
    _show(spark.catalog.listColumns("letters"))


def columns_missing(spark):
    spark.catalog.listColumns("nope")


def drop_view(spark):
    _views(spark)
    print(spark.catalog.dropTempView("numbers"), spark.catalog.dropTempView("numbers"), spark.catalog.dropTempView("a.b"))
    print([t.name for t in spark.catalog.listTables()])
    spark.table("numbers").schema


def cache(spark):
    _views(spark)
    print(spark.catalog.isCached("numbers"))
    spark.catalog.cacheTable("numbers")
    print(spark.catalog.isCached("numbers"), spark.catalog.isCached("letters"))
    spark.table("letters").cache()
    print(spark.catalog.isCached("letters"))
    spark.catalog.uncacheTable("numbers")
    print(spark.catalog.isCached("numbers"))
    spark.catalog.clearCache()
    print(spark.catalog.isCached("letters"))


def cache_missing(spark):
    spark.catalog.cacheTable("nope")


def uncache_missing(spark):
    spark.catalog.uncacheTable("nope")


def is_cached_missing(spark):
    spark.catalog.isCached("nope")


def uncache_not_cached(spark):
    _views(spark)
    spark.catalog.uncacheTable("numbers")


def refresh(spark):
    _views(spark)
    spark.catalog.refreshTable("numbers")
    spark.catalog.refreshByPath("/nowhere")


def refresh_missing(spark):
    spark.catalog.refreshTable("nope")


def function_exists(spark):
    print([spark.catalog.functionExists(n) for n in ("abs", "ABS", "nope", "default.abs", "system.builtin.abs", "builtin.abs")])


def function(spark):
    f = spark.catalog.getFunction("abs")
    print(f.name, f.catalog, f.namespace, f.isTemporary)


def function_missing(spark):
    spark.catalog.getFunction("nope")


def functions(spark):
    print([(f.name, f.catalog, f.namespace, f.isTemporary) for f in spark.catalog.listFunctions(pattern="abs")])
    print(spark.catalog.listFunctions(pattern="no_such*"))


def sql(spark):
    _views(spark)
    spark.sql("SHOW TABLES").show()
    spark.sql("SHOW DATABASES").show()
    spark.sql("SHOW SCHEMAS LIKE 'd*'").show()
    spark.sql("SHOW CATALOGS").show()
    spark.sql("USE default")
    spark.sql("REFRESH TABLE numbers")
    spark.sql("SHOW VIEWS").show()


def use_missing(spark):
    spark.sql("USE nope")


def show_tables_missing_database(spark):
    spark.sql("SHOW TABLES IN nope")
