"""Firesteel beside DuckDB itself, beside a server that does nothing, beside Sail and, if asked, other Spark Connect servers.

    bench/run [--only start,memory,latency,tpch,tpcds,clickbench,transfer] [--rounds 5] [--sail] [--peer spark=sc://127.0.0.1:15003]
              [--json FILE] [--charts FOLDER]

All systems run in turn in one run on one machine, with the same number of threads and the same Parquet files, so that the
ratios hold although the machine is noisy. Views are created inside the timed run. A query's figures are the shortest and the
median time and the processor time of the shortest run; a workload's are sums of the shortest. The answers are not checked
here: tests/ does that.
"""
import argparse
import json
import math
import os
import statistics
import tempfile
import time
import warnings

import chart
import workloads
from systems import Connect, DuckDb, Process, Sail, free_port
from workloads import ROOT

warnings.simplefilter("ignore")


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


def timed(system, work):
    processor, start = system.processor_seconds(), time.perf_counter()
    work(system)
    return time.perf_counter() - start, system.processor_seconds() - processor


def run_workload(workload, systems, rounds):
    """Every query on every system in turn, views first: seconds as {system: {"min", "median", "processor"}} by query."""
    steps = {"views": lambda system: system.create_views(workload)}
    steps |= {name: lambda system, sql=sql: system.run(sql) for name, sql in workload.queries.items()}
    queries, left_out = {}, {}
    for name, work in steps.items():
        runs = {system: [] for system in systems}
        for round_ in range(rounds + 1):
            for system_name, system in systems.items():
                try:
                    run = timed(system, work)
                except Exception as failure:  # a dialect that the system does not speak
                    left_out.setdefault(name, f"{system_name}: {str(failure).splitlines()[0][:100]}")
                    continue
                if round_ > 0 or name == "views":
                    runs[system_name].append(run)
        if name in left_out:
            print(f"  {name:10} left out, {left_out[name]}", flush=True)
            continue
        queries[name] = {system: {"min": min(values)[0], "median": statistics.median(v[0] for v in values), "processor": min(values)[1]}
                         for system, values in runs.items()}
        print(f"  {name:10}", "  ".join(f"{system} {f['min'] * 1e3:8.1f} ms, median {f['median'] * 1e3:8.1f}, processor {f['processor'] * 1e3:8.1f}"
                                       for system, f in queries[name].items()), flush=True)
    totals = {system: sum(query[system]["min"] for query in queries.values()) for system in systems}
    for system, seconds in totals.items():
        ratios = [query["duckdb"]["min"] / query[system]["min"] for name, query in queries.items() if name != "views"]
        mean = math.exp(statistics.fmean(map(math.log, ratios)))
        print(f"  total {system}: {seconds:.3f} s, {seconds / totals['duckdb']:.2f} times DuckDB's; a query is {mean:.2f} times as fast (geometric mean)")
    return {"title": workload.title, "queries": queries, "totals": totals, "left_out": left_out}


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
    parser.add_argument("--scale", type=float, default=1, help="scale factor of TPC-H and TPC-DS (default 1)")
    parser.add_argument("--hits", type=int, default=3_000_000, help="rows of ClickBench's table (default 3 million)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="start,memory,latency,tpch,tpcds,clickbench,transfer")
    parser.add_argument("--sail", action="store_true", help="beside Sail, from PyPI's pysail")
    parser.add_argument("--peer", action="append", default=[], help="NAME=ADDRESS of another Spark Connect server")
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--charts", help="write a chart of each workload to this folder")
    arguments = parser.parse_args()
    parts = arguments.only.split(",")
    binary = os.path.join(ROOT, "build", "firesteel")
    figures = {"threads": arguments.threads, "scale": arguments.scale}

    if "start" in parts:
        print("Start and idle memory")
        figures["start"] = start(binary)
    if "memory" in parts:
        print("Memory of a server that sends a result")
        figures["memory"] = memory(binary)
    port = free_port()
    server = Process(binary, "serve", "--port", str(port), "--host", "127.0.0.1", "--conf", f"spark.master=local[{arguments.threads}]")
    processes = [server]
    try:
        connects = {"firesteel": Connect(f"sc://127.0.0.1:{port}", server.pid)}
        if arguments.sail:
            port = free_port()
            processes.append(Sail(port, arguments.threads))
            connects["sail"] = Connect(f"sc://127.0.0.1:{port}", processes[-1].pid)
        connects |= {name: Connect(address) for name, address in (peer.split("=", 1) for peer in arguments.peer)}
        if "latency" in parts:
            print("Latency")
            nothing, address = null_server()
            processes.append(nothing)
            figures["latency"] = latency({"null": Connect(address), **connects})
        makers = {"tpch": lambda: workloads.tpch(arguments.scale), "tpcds": lambda: workloads.tpcds(arguments.scale),
                  "clickbench": lambda: workloads.clickbench(arguments.hits)}
        for name in makers:
            if name in parts:
                workload = makers[name]()
                print(f"{workload.title}, from Parquet, {arguments.threads} threads")
                figures[name] = run_workload(workload, {"duckdb": DuckDb(arguments.threads), **connects}, arguments.rounds)
                if arguments.charts:
                    os.makedirs(arguments.charts, exist_ok=True)
                    with open(os.path.join(arguments.charts, name + ".svg"), "w") as f:
                        f.write(chart.bars(f"{workload.title}, {len(figures[name]['queries']) - 1} queries, {arguments.threads} threads", figures[name]["totals"]))
        if "transfer" in parts:
            print("Transfer")
            for connect in connects.values():
                connect.create_views(makers["tpch"]())
            figures["transfer"] = transfer(connects, arguments.rounds)
    finally:
        for process in processes:
            process.stop()
    if arguments.json:
        with open(arguments.json, "w") as f:
            json.dump(figures, f, indent=1)


if __name__ == "__main__":
    main()
