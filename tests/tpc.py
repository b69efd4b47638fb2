"""TPC-H and TPC-DS at scale 0.01: the data, made when it is needed, and the recorded answers.

    tpch/queries/q01.sql    the query, as in Apache Spark's own tests (Apache License 2.0)
    tpch/answers/q01.txt    what Apache Spark answers: a schema line, then the rows (answers.py); tools/record.py writes it

Both generators are deterministic. Files are Parquet, one a table, and become temporary views.
"""

import glob
import os
import subprocess
import sysconfig

TESTS = os.path.dirname(os.path.abspath(__file__))
SCALE = "0.01"


def make_tpch(folder):
    """The 8 tables of TPC-H, by tpchgen-cli."""
    tool = os.path.join(sysconfig.get_path("scripts"), "tpchgen-cli")
    subprocess.run([tool, "parquet", "-s", SCALE, "--output-dir", folder], check=True, capture_output=True)


def make_tpcds(folder):
    """The 24 tables of TPC-DS, by DuckDB's extension (an official binary that its PyPI package holds)."""
    import duckdb
    import duckdb_extension_tpcds

    extension = glob.glob(os.path.dirname(duckdb_extension_tpcds.__file__) + "/**/*.duckdb_extension", recursive=True)[0]
    os.makedirs(folder, exist_ok=True)
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute(f"LOAD '{extension}'")
        con.execute(f"CALL dsdgen(sf = {SCALE})")
        for (table,) in con.sql("SELECT table_name FROM duckdb_tables()").fetchall():
            con.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet)")


MAKERS = {"tpch": make_tpch, "tpcds": make_tpcds}


def create_views(spark, folder):
    for path in sorted(glob.glob(folder + "/*.parquet")):
        spark.read.parquet(path).createOrReplaceTempView(os.path.basename(path)[: -len(".parquet")])


def queries(benchmark):
    """Name and text of each query."""
    out = {}
    for path in sorted(glob.glob(f"{TESTS}/{benchmark}/queries/*.sql")):
        with open(path, encoding="utf-8") as f:
            out[os.path.basename(path)[: -len(".sql")]] = f.read().strip()
    return out


def answer_path(benchmark, name):
    return f"{TESTS}/{benchmark}/answers/{name}.txt"


def answer(benchmark, name):
    """The recorded lines: schema, rows."""
    with open(answer_path(benchmark, name), encoding="utf-8") as f:
        return f.read().splitlines()


def record(benchmark, name, lines):
    os.makedirs(os.path.dirname(answer_path(benchmark, name)), exist_ok=True)
    with open(answer_path(benchmark, name), "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
