"""Random queries and appends by the official client through networks that fail: right rows, exactly once.

    python tests/reliability/faults.py [--work 1200] [--clients 8] [--seed 1]

Half of the clients are behind TcpFaults, half behind TcpFaults and CallFaults (fault_proxy.py). Every tenth piece of work appends rows to
files, which are counted at the end, past the proxies; every 25th sends local data so large that it goes as artifacts. Prints what was done and which faults there were.
"""

import argparse
import collections
import logging
import os
import random
import sys
import tempfile
import threading
import time
import warnings

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "reliability")]

import pyarrow as pa  # noqa: E402
from conftest import Server, connect, server_binary, settings  # noqa: E402
from fault_proxy import CallFaults, TcpFaults  # noqa: E402
from random_queries import Query  # noqa: E402

# Small batches: many responses a query, so that faults fall between them. A short stream limit cuts on the server's side too.
SETTINGS = settings(spark__connect__grpc__arrow__maxBatchSize="64k", spark__connect__execute__reattachable__senderMaxStreamSize="1m",
                    spark__connect__execute__reattachable__senderMaxStreamDuration="2s")
APPEND_ONE_IN = 10
UPLOAD_ONE_IN = 25
ROWS_APPENDED = 100
RETRIES_MAX = 200
RECONNECT = [("grpc.initial_reconnect_backoff_ms", 20), ("grpc.min_reconnect_backoff_ms", 200), ("grpc.max_reconnect_backoff_ms", 500)]


class Run:
    def __init__(self, server, work, clients, seed, folder):
        self.server, self.seed, self.folder = server, seed, folder
        self.numbers = iter(range(work))
        self.lock = threading.Lock()
        self.failures, self.rows, self.appended, self.errors, self.uploads = [], 0, [], 0, 0
        self.tcp = TcpFaults(server.remote, seed)
        self.calls = CallFaults(server.remote, seed)
        self.behind = TcpFaults(self.calls.remote, seed + 1, pieces=80)
        self.clients = clients
        self.done = 0

    def client(self, number):
        spark = None
        try:
            spark = connect((self.behind if number % 2 else self.tcp).remote, RETRIES_MAX, RECONNECT)
            while True:
                with self.lock:
                    work = next(self.numbers, None)
                if work is None or self.failures:
                    break
                self.one(spark, work)
                with self.lock:
                    self.done += 1
            spark.stop()
        except BaseException as error:  # noqa: B036  a thread's failure must be seen
            self.failures.append(error)

    def one(self, spark, work):
        seed = self.seed * 1_000_000 + work
        if work % APPEND_ONE_IN == 0:
            df = spark.range(ROWS_APPENDED).selectExpr(f"{work} AS work", "id")
            form = random.Random(seed).choice(["parquet", "json", "csv"])
            df.write.mode("append").format(form).save(os.path.join(self.folder, form))
            with self.lock:
                self.appended.append((form, work))
            return
        if work % UPLOAD_ONE_IN == 1:
            self.upload(spark, seed)
            with self.lock:
                self.uploads += 1
            return
        query = Query(seed)
        rows = query.check(spark)
        with self.lock:
            self.rows += rows
            self.errors += query.condition is not None

    @staticmethod
    def upload(spark, seed):
        """So much local data that the client sends it as artifacts."""
        texts = [f"{seed} {i} {'x' * 100}" for i in range(15_000)]
        table = pa.table({"i": range(len(texts)), "t": texts})
        assert spark.createDataFrame(table).orderBy("i").toArrow().equals(table.cast(pa.schema([("i", pa.int64()), ("t", pa.string())])))

    def check_appends(self):
        spark = connect(self.server.remote, 2)
        for form in {form for form, _ in self.appended}:
            df = spark.read.format(form).schema("work BIGINT, id BIGINT").load(os.path.join(self.folder, form))
            found = sorted((r.work, r.n, r.d) for r in df.groupBy("work").agg({"*": "count"}).withColumnRenamed("count(1)", "n")
                           .join(df.distinct().groupBy("work").agg({"*": "count"}).withColumnRenamed("count(1)", "d"), "work").collect())
            right = sorted((work, ROWS_APPENDED, ROWS_APPENDED) for f, work in self.appended if f == form)
            assert found == right, f"{form}: (work, rows, different rows) {set(found) ^ set(right)}"
        spark.stop()

    def go(self, seconds_max):
        start = time.monotonic()
        threads = [threading.Thread(target=self.client, args=(i,), daemon=True) for i in range(self.clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0, start + seconds_max - time.monotonic()))
        hanging = sum(t.is_alive() for t in threads)
        self.seconds = time.monotonic() - start
        try:
            if self.failures:
                raise self.failures[0]
            assert not hanging, f"{hanging} clients hang after {seconds_max} s; {self.done} done"
            self.check_appends()
        finally:
            for proxy in (self.tcp, self.behind, self.calls):
                proxy.stop()

    def report(self):
        faults = collections.Counter(self.tcp.faults) + collections.Counter(self.behind.faults) + collections.Counter(self.calls.faults)
        queries = self.done - len(self.appended) - self.uploads
        return (f"{self.done} pieces of work by {self.clients} clients in {self.seconds:.0f} s: {queries} queries ({self.rows} rows, all "
                f"right and once; {self.errors} errors, the expected ones), {self.uploads} uploads, {len(self.appended)} appends, each once\n"
                "faults: " + ", ".join(f"{count} {name}" for name, count in sorted(faults.items())))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=int, default=1200, help="queries, uploads and appends (about one in eight)")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds-max", type=float, default=3600)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable()  # the client logs each error it gets
    server = Server(server_binary(), SETTINGS)
    server.ensure()
    with tempfile.TemporaryDirectory() as folder:
        run = Run(server, arguments.work, arguments.clients, arguments.seed, folder)
        try:
            run.go(arguments.seconds_max)
        finally:
            print(run.report())
            if crash := (server.crash_report() if not server.running() else None):
                print(crash)
            server.stop()


if __name__ == "__main__":
    main()
