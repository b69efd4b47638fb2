"""Firesteel beside DuckDB itself, beside a server that does nothing and, if asked, beside other Spark Connect servers.

    bench/run [--scale 1] [--rounds 3] [--only start,memory,latency,tpch,transfer] [--peer spark=sc://127.0.0.1:15003] [--json FILE]

All systems run in turn in one run on one machine, with the same number of threads and the same Parquet files, so that the
ratios hold although the machine is noisy. The answers are not checked here: tests/tpch does that.
"""
import argparse
import glob
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

warnings.simplefilter("ignore")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CACHE = os.environ.get("FIRESTEEL_CACHE", os.path.expanduser("~/.cache/firesteel"))
TABLES = "customer lineitem nation orders part partsupp region supplier".split()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Process:
    """A server that prints one line when it listens."""

    def __init__(self, *command):
        start = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if not self.process.stdout.readline():
            sys.exit(f"{command[0]} did not start")
        self.start_seconds = time.perf_counter() - start

    def resident_bytes(self, field="VmRSS"):
        """Now, or at most since the start (VmHWM)."""
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(field + r":\s+(\d+) kB", f.read()).group(1)) * 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def tpch_data(scale):
    folder = os.path.join(CACHE, "bench", f"tpch-{scale}")
    if not all(os.path.exists(os.path.join(folder, t + ".parquet")) for t in TABLES):
        os.makedirs(folder, exist_ok=True)
        tool = os.path.join(os.path.dirname(sys.executable), "tpchgen-cli")
        for arguments in (["parquet", "-s", str(scale), "-o", folder], ["-s", str(scale), "--format=parquet", "-o", folder]):
            if subprocess.run([tool, *arguments]).returncode == 0:
                break
        else:
            sys.exit("tpchgen-cli failed")
    return folder


def tpch_queries():
    files = glob.glob(os.path.join(ROOT, "tests", "tpch", "queries", "q*.sql"))
    return {os.path.basename(f)[:-4]: open(f).read() for f in sorted(files)}


class DuckDb:
    def __init__(self, data, threads):
        import duckdb
        self.connection = duckdb.connect(config={"threads": threads})
        for table in TABLES:
            self.connection.execute(f"create view {table} as select * from read_parquet('{data}/{table}.parquet')")

    def run(self, sql):
        return self.connection.sql(sql).to_arrow_table()


class Connect:
    def __init__(self, address, data=None):
        from pyspark.sql.connect.session import SparkSession
        self.spark = SparkSession.builder.remote(address).create()
        for table in TABLES if data else []:
            self.spark.read.parquet(f"{data}/{table}.parquet").createOrReplaceTempView(table)

    def run(self, sql):
        return self.spark.sql(sql).toArrow()


def in_turn(systems, work, rounds):
    """Median seconds of work(system) per system, the systems taking turns; one warm-up each."""
    seconds = {name: [] for name in systems}
    for round_ in range(rounds + 1):
        for name, system in systems.items():
            start = time.perf_counter()
            work(system)
            if round_ > 0:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def tpch(systems, rounds):
    totals = {name: 0.0 for name in systems}
    queries = {}
    for name, sql in tpch_queries().items():
        queries[name] = in_turn(systems, lambda system: system.run(sql), rounds)
        for system, seconds in queries[name].items():
            totals[system] += seconds
        print(f"  {name:4}", "  ".join(f"{system} {seconds * 1e3:8.1f} ms" for system, seconds in queries[name].items()), flush=True)
    base = totals["duckdb"]
    for system, seconds in totals.items():
        print(f"  total {system}: {seconds:.3f} s, {seconds / base:.2f} times DuckDB")
    return {"queries": queries, "totals": totals}


def latency(systems, repetitions=200):
    batches = in_turn(systems, lambda system: [system.run("select 1") for _ in range(repetitions)], 5)
    result = {name: seconds / repetitions for name, seconds in batches.items()}
    for name, seconds in result.items():
        print(f"  select 1, {name}: {seconds * 1e3:.2f} ms, {seconds / result['null']:.2f} times the server that does nothing")
    return result


def transfer(systems, rounds):
    sizes = {}

    def fetch(system):
        table = system.run("select * from lineitem")
        sizes["rows"], sizes["bytes"] = table.num_rows, table.nbytes

    seconds = in_turn(systems, fetch, rounds)
    for name, value in seconds.items():
        print(f"  lineitem to the client, {name}: {value:.2f} s, {sizes['rows'] / value / 1e6:.2f} million rows/s, {sizes['bytes'] / value / 1e6:.0f} MB/s")
    return {"seconds": seconds, **sizes}


def start(binary, repetitions=20):
    seconds, resident = [], []
    for _ in range(repetitions):
        process = Process(binary, "serve", "--port", str(free_port()), "--host", "127.0.0.1")
        seconds.append(process.start_seconds)
        time.sleep(0.2)
        resident.append(process.resident_bytes())
        process.stop()
    result = {"seconds": statistics.median(seconds), "resident_bytes": statistics.median(resident)}
    print(f"  start to listening: {result['seconds'] * 1e3:.0f} ms (slowest {max(seconds) * 1e3:.0f}); idle: {result['resident_bytes'] / 1e6:.1f} MB")
    return result


def memory(binary, sizes=(1, 10, 100)):
    """A server's resident bytes at most while a client reads a result batch by batch, and while it reads none."""
    result = {}
    for millions in sizes:
        port = free_port()
        server = Process(binary, "serve", "--port", str(port), "--host", "127.0.0.1")
        spark = Connect(f"sc://127.0.0.1:{port}").spark
        plan = spark.range(millions * 1_000_000).selectExpr("id", "id * 2.5D AS d", "concat('row ', id) AS s")._plan
        batches = spark.client.to_table_as_iterator(plan.to_proto(spark.client), {})
        batches = (batch for batch in batches if hasattr(batch, "nbytes"))
        first, start = next(batches), time.perf_counter()
        time.sleep(1)  # a client that does not read
        waiting = server.resident_bytes()
        rows, size = first.num_rows, first.nbytes
        for batch in batches:
            rows, size = rows + batch.num_rows, size + batch.nbytes
        assert rows == millions * 1_000_000
        result[millions] = {"bytes": size, "peak_bytes": server.resident_bytes("VmHWM"), "waiting_bytes": waiting}
        print(f"  {millions} million rows, {size / 1e6:.0f} MB in {time.perf_counter() - start - 1:.1f} s: at most"
              f" {result[millions]['peak_bytes'] / 1e6:.0f} MB resident, {waiting / 1e6:.0f} MB while the client waited 1 s", flush=True)
        server.stop()
    return result


def null_server():
    """Answers with the result of `select 1`, made here."""
    import pyarrow as pa
    sink = pa.BufferOutputStream()
    batch = pa.record_batch([pa.array([1], pa.int32())], names=["1"])
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    with tempfile.NamedTemporaryFile(suffix=".arrows", delete=False) as f:
        f.write(sink.getvalue())
    port = free_port()
    return Process(os.path.join(ROOT, "build", "null_server"), str(port), f.name), f"sc://127.0.0.1:{port}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1, help="TPC-H scale factor (default 1)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="start,memory,latency,tpch,transfer")
    parser.add_argument("--peer", action="append", default=[], help="NAME=ADDRESS of another Spark Connect server")
    parser.add_argument("--json", help="write the figures to this file")
    arguments = parser.parse_args()
    parts = arguments.only.split(",")
    binary = os.path.join(ROOT, "build", "firesteel")
    peers = dict(peer.split("=", 1) for peer in arguments.peer)
    figures = {"threads": arguments.threads, "scale": arguments.scale}

    if "start" in parts:
        print("Start and idle memory")
        figures["start"] = start(binary)
    if "memory" in parts:
        print("Memory of a server that sends a result")
        figures["memory"] = memory(binary)
    port = free_port()
    server = Process(binary, "serve", "--port", str(port), "--host", "127.0.0.1", "--conf", f"spark.master=local[{arguments.threads}]")
    address = f"sc://127.0.0.1:{port}"
    try:
        if "latency" in parts:
            print("Latency")
            nothing, null_address = null_server()
            systems = {"null": Connect(null_address), "firesteel": Connect(address), **{n: Connect(a) for n, a in peers.items()}}
            figures["latency"] = latency(systems)
            nothing.stop()
        if "tpch" in parts or "transfer" in parts:
            scale = f"{arguments.scale:g}"
            data = tpch_data(scale)
            duck = DuckDb(data, arguments.threads)
            connects = {"firesteel": Connect(address, data), **{n: Connect(a, data) for n, a in peers.items()}}
        if "tpch" in parts:
            print(f"TPC-H scale {scale} from Parquet, {arguments.threads} threads")
            figures["tpch"] = tpch({"duckdb": duck, **connects}, arguments.rounds)
        if "transfer" in parts:
            print("Transfer")
            figures["transfer"] = transfer(connects, arguments.rounds)
    finally:
        server.stop()
    if arguments.json:
        with open(arguments.json, "w") as f:
            json.dump(figures, f, indent=1)


if __name__ == "__main__":
    main()
