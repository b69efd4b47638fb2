"""What the benchmarks run: tables as Parquet files, made once and kept in the cache, and queries."""

import dataclasses
import glob
import importlib.util
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CACHE = os.path.join(os.environ.get("FIRESTEEL_CACHE", os.path.expanduser("~/.cache/firesteel")), "bench")
SAIL = os.path.join(CACHE, "pysail-0.7.2")  # a peer, and the package that has ClickBench's queries


@dataclasses.dataclass
class Workload:
    name: str
    title: str
    folder: str  # TABLE.parquet
    queries: dict  # name -> SQL

    @property
    def tables(self):
        return sorted(os.path.basename(f)[: -len(".parquet")] for f in glob.glob(self.folder + "/*.parquet"))


def _made(name, make):
    """The folder `name` of the cache, which `make` fills when it is not there yet."""
    folder = os.path.join(CACHE, name)
    if not os.path.isdir(folder):
        os.makedirs(CACHE, exist_ok=True)
        print(f"making {folder}", flush=True)
        unfinished = folder + ".unfinished"
        subprocess.run(["rm", "-rf", unfinished], check=True)
        os.makedirs(unfinished)
        make(unfinished)
        os.rename(unfinished, folder)
    return folder


def _queries(folder):
    return {os.path.basename(f)[:-4]: open(f, encoding="utf-8").read().strip().rstrip(";")
            for f in sorted(glob.glob(os.path.join(ROOT, "tests", folder, "queries", "*.sql")))}


def _make_tpch(scale, folder):
    tool = os.path.join(os.path.dirname(sys.executable), "tpchgen-cli")
    subprocess.run([tool, "parquet", "-s", scale, "--output-dir", folder], check=True, capture_output=True)


def tpch(scale):
    scale = f"{scale:g}"
    return Workload("tpch", f"TPC-H, scale {scale}", _made(f"tpch-{scale}", lambda folder: _make_tpch(scale, folder)), _queries("tpch"))


def _make_tpcds(scale, folder):
    import duckdb
    import duckdb_extension_tpcds
    extension = glob.glob(os.path.dirname(duckdb_extension_tpcds.__file__) + "/**/*.duckdb_extension", recursive=True)[0]
    with duckdb.connect() as connection:
        connection.execute(f"LOAD '{extension}'")
        connection.execute(f"CALL dsdgen(sf = {scale})")
        for (table,) in connection.sql("SELECT table_name FROM duckdb_tables()").fetchall():
            connection.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet)")


def tpcds(scale):
    scale = f"{scale:g}"
    return Workload("tpcds", f"TPC-DS, scale {scale}", _made(f"tpcds-{scale}", lambda folder: _make_tpcds(scale, folder)), _queries("tpcds"))


def clickbench(rows):
    """ClickBench's 43 queries over a table that is like its hits in schema and skew (hits.py)."""
    import hits
    with open(os.path.join(sail(), "pysail", "data", "clickbench", "queries.sql"), encoding="utf-8") as f:
        texts = [line.strip().rstrip(";") for line in f if line.strip()]
    folder = _made(f"hits-{rows}", lambda folder: hits.make(rows, os.path.join(folder, "hits.parquet")))
    return Workload("clickbench", f"ClickBench, {rows / 1e6:g} million rows", folder, {f"q{i:02}": text for i, text in enumerate(texts)})


def sail():
    """The folder of the package pysail, installed when it is not there yet."""
    if not importlib.util.find_spec("pip"):
        sys.exit("pip is needed for pysail")
    if not os.path.isdir(SAIL):
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", SAIL, "pysail==0.7.2"], check=True)
    return SAIL
