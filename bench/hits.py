"""A table like ClickBench's hits: the columns that its queries read, others up to 60, and values as skewed as there."""

import duckdb

ROW_GROUP_ROWS = 122_880


def _skewed(values, exponent=3):
    """One of so many values, the first ones far more often."""
    return f"CAST(floor({values} * pow(random(), {exponent})) AS BIGINT)"


def _hash(values, exponent=2):
    return f"hash({_skewed(values, exponent)})::HUGEINT % 9223372036854775807"


COLUMNS = [  # name, type, expression over the row's number i
    ("WatchID", "BIGINT", "hash(i)::HUGEINT % 9223372036854775807"),
    ("JavaEnable", "SMALLINT", "random() < 0.8"),
    ("Title", "VARCHAR", f"CASE WHEN random() < 0.15 THEN '' ELSE 'Page ' || {_skewed(200_000)} || "
                         "CASE WHEN random() < 0.01 THEN ' Google Maps' ELSE ' news today in the city' END END"),
    ("GoodEvent", "SMALLINT", "1"),
    ("EventTime", "TIMESTAMP", "TIMESTAMP '2013-07-01' + to_seconds(CAST(random() * 2678400 AS BIGINT))"),
    ("CounterID", "INT", f"CASE WHEN random() < 0.05 THEN 62 ELSE {_skewed(6000)} END"),
    ("ClientIP", "INT", f"{_skewed(2_000_000, 2)} * 193"),
    ("RegionID", "INT", _skewed(9000, 4)),
    ("UserID", "BIGINT", f"CASE WHEN random() < 0.00001 THEN 435090932899640449 ELSE {_hash(1_000_000)} END"),
    ("CounterClass", "SMALLINT", "0"),
    ("OS", "SMALLINT", _skewed(90)),
    ("UserAgent", "SMALLINT", _skewed(80)),
    ("URL", "VARCHAR", f"CASE WHEN random() < 0.02 THEN '' WHEN random() < 0.003 THEN 'http://maps.google.com/q=' || {_skewed(5000)} "
                       f"ELSE 'http://site' || {_skewed(3000)} || '.example/path/' || {_skewed(500_000)} || '?id=' || {_skewed(1000)} END"),
    ("Referer", "VARCHAR", f"CASE WHEN random() < 0.2 THEN '' ELSE 'https://www.ref' || {_skewed(2000, 5)} || '.example/' || {_skewed(300_000)} END"),
    ("IsRefresh", "SMALLINT", "random() < 0.1"),
    ("ResolutionWidth", "SMALLINT", f"1000 + 40 * {_skewed(40)}"),
    ("ResolutionHeight", "SMALLINT", f"700 + 20 * {_skewed(40)}"),
    ("MobilePhone", "SMALLINT", f"CASE WHEN random() < 0.7 THEN 0 ELSE {_skewed(100)} END"),
    ("MobilePhoneModel", "VARCHAR", f"CASE WHEN random() < 0.93 THEN '' ELSE 'model' || {_skewed(170)} END"),
    ("TraficSourceID", "SMALLINT", f"{_skewed(11)} - 1"),
    ("SearchEngineID", "SMALLINT", f"CASE WHEN random() < 0.87 THEN 0 ELSE {_skewed(90)} END"),
    ("SearchPhrase", "VARCHAR", f"CASE WHEN random() < 0.87 THEN '' ELSE 'how to ' || {_skewed(400_000, 2)} END"),
    ("AdvEngineID", "SMALLINT", f"CASE WHEN random() < 0.99 THEN 0 ELSE {_skewed(60)} END"),
    ("WindowClientWidth", "SMALLINT", f"{_skewed(60)} * 30"),
    ("WindowClientHeight", "SMALLINT", f"{_skewed(60)} * 20"),
    ("IsLink", "SMALLINT", "random() < 0.1"),
    ("IsDownload", "SMALLINT", "random() < 0.01"),
    ("DontCountHits", "SMALLINT", "random() < 0.05"),
    ("URLHash", "BIGINT", f"CASE WHEN random() < 0.0005 THEN 2868770270353813622 ELSE {_hash(500_000, 3)} END"),
    ("RefererHash", "BIGINT", f"CASE WHEN random() < 0.0005 THEN 3594120000172545465 ELSE {_hash(300_000, 3)} END"),
] + [(f"Filler{k}", "INT" if k % 3 else "BIGINT", _skewed(1000 + 97 * k)) for k in range(29)]


def make(rows, path):
    columns = ", ".join(f"CAST({expression} AS {type_}) AS {name}" for name, type_, expression in COLUMNS)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SELECT setseed(0.42)")
        connection.execute(f"COPY (SELECT *, CAST(EventTime AS DATE) AS EventDate FROM (SELECT {columns} FROM range({rows}) AS r(i)))"
                           f" TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP_ROWS})")
