"""kill -9 under load, and a new server: clients learn that it is not theirs, and what they wrote is whole.

    python tests/reliability/restarts.py [--rounds 20] [--clients 6]

Writers append rows to files and overwrite others, readers stream results. After each kill every client's next answer must be
INVALID_HANDLE.SESSION_CHANGED. Then every acknowledged append is there once, the one that was under way wholly or not at all, and no
visible file is broken.
"""

import argparse
import glob
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

from conftest import Server, connect, server_binary  # noqa: E402

ROWS = 20_000
RETRIES_MAX = 600
FORMATS = ["parquet", "json", "csv"]
SCHEMA = "work BIGINT, id BIGINT, text STRING"


class Client:
    """Works until its server is killed; `acknowledged` are the appends that it was told are done."""

    def __init__(self, number, remote, folder):
        self.number, self.remote, self.acknowledged, self.under_way = number, remote, [], None
        self.form = FORMATS[number % len(FORMATS)]
        self.folder = os.path.join(folder, f"{number}-{self.form}")
        self.error, self.connected = None, threading.Event()

    def run(self, round_):
        """One session. Ends with the error that the client saw."""
        self.error = None
        spark, work = connect(self.remote, RETRIES_MAX), round_ * 1_000_000
        # Only a client that has heard from its server can tell another from it.
        assert spark.range(1).count() == 1
        self.connected.set()
        try:
            while True:
                work += 1
                rows = spark.range(ROWS).selectExpr(f"{work} AS work", "id", "repeat('x', id % 50) AS text")
                self.under_way = work
                rows.write.mode("append").format(self.form).save(self.folder + "/appended")
                self.acknowledged.append(work)
                self.under_way = None
                assert spark.range(200_000).toArrow().num_rows == 200_000
                rows.write.mode("overwrite").format(self.form).save(self.folder + "/overwritten")
                assert sum(1 for _ in spark.range(100_000).toLocalIterator()) == 100_000
        except BaseException as error:  # noqa: B036  a thread's failure must be seen
            self.error = error

    def check(self, spark):
        """Past the old session."""
        counts = {}
        for name in ("appended", "overwritten"):
            path = os.path.join(self.folder, name)
            if not glob.glob(path + "/part-*"):
                assert name == "overwritten" or not self.acknowledged, f"{path} is empty"
                continue
            df = spark.read.schema(SCHEMA).format(self.form).option("mode", "FAILFAST").load(path)
            rows = df.groupBy("work").agg({"id": "count", "text": "count", "*": "count"}).collect()
            found = {r.work: (r["count(1)"], r["count(id)"]) for r in rows}
            assert set(found.values()) <= {(ROWS, ROWS)}, f"{path} has writes that are not whole: {found}"
            counts[name] = found
        found = set(counts.get("appended", {}))
        wanted = set(self.acknowledged)
        assert wanted <= found <= wanted | {self.under_way}, f"{self.folder}: lost {wanted - found}, not sent {found - wanted}"
        if self.under_way in found:  # the answer was lost, not the work
            self.acknowledged.append(self.under_way)
        self.under_way = None
        assert len(counts.get("overwritten", {})) <= 1, counts["overwritten"]


class Run:
    def __init__(self, server, folder, clients):
        self.server = server
        self.clients = [Client(i, server.remote, folder) for i in range(clients)]

    def round(self, number, seconds):
        threads = [threading.Thread(target=c.run, args=(number,), daemon=True) for c in self.clients]
        for thread in threads:
            thread.start()
        for client in self.clients:
            client.connected.wait(30)
        time.sleep(seconds)
        self.server.kill_and_restart()
        for client, thread in zip(self.clients, threads):
            thread.join(60)
            assert not thread.is_alive(), f"client {client.number} hangs after the kill"
            assert "INVALID_HANDLE.SESSION_CHANGED" in str(client.error), repr(client.error)
            client.connected.clear()
        spark = connect(self.server.remote, 2)
        for client in self.clients:
            client.check(spark)
        spark.stop()

    def report(self):
        return f"{sum(len(c.acknowledged) for c in self.clients)} appends of {ROWS} rows, each there once and whole"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable()  # the client logs each error it gets
    source = random.Random(arguments.seed)
    server = Server(server_binary())
    server.ensure()
    try:
        with tempfile.TemporaryDirectory() as folder:
            run = Run(server, folder, arguments.clients)
            for number in range(1, arguments.rounds + 1):
                run.round(number, source.uniform(0.5, 4))
            print(f"{arguments.rounds} kills under {arguments.clients} clients, each told SESSION_CHANGED; {run.report()}")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
