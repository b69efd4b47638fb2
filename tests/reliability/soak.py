"""Fifty clients for twenty minutes; is the server's memory flat, and is every answer right?

    python tests/reliability/soak.py [--minutes 20] [--clients 50] [--rate 4] [--json FILE]

The clients do what clients do: small queries, kept (cached) tables, temporary views, local data, writes, large results read to the end
or left in the middle, errors, interrupts; their sessions are released, or left alone. The server ends what was left after a short time
(settings below), and tasks begin at a steady rate and are dealt from one deck for all clients, so that every quarter of a minute holds
the same work: what is alive at a time, and so the memory, would differ by chance otherwise more than by what is looked for. After the
warm-up (a quarter of the time) the median of the server's own memory (RssAnon) in the first third of the rest is compared with that in
the last third.
"""

import argparse
import collections
import json
import logging
import os
import random
import re
import statistics
import sys
import tempfile
import threading
import time
import uuid
import warnings

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "protocol"), os.path.join(TESTS, "reliability")]

import grpc  # noqa: E402
import pyspark.sql.connect.proto as pb  # noqa: E402
from conftest import Server, new_session, server_binary, settings  # noqa: E402
from random_queries import Query  # noqa: E402
from wire import Wire, numbers, plan  # noqa: E402

warnings.simplefilter("ignore")

SETTINGS = settings(spark__connect__session__manager__defaultSessionTimeout="180s",
                    spark__connect__execute__manager__detachedTimeout="20s", spark__driver__memory="512m")
TASKS_OF_A_SESSION = 8  # short ones, so that their number is steady soon
IDLE_SECONDS = 90  # an engine that nobody uses is closed after a minute
GROWTH_MAX = 0.05
ENDLESS = 10**15


class Deck:
    """Deals its cards in random order, and all of them before any of them again."""

    def __init__(self, seed, cards):
        self.source, self.cards, self.dealt, self.lock = random.Random(seed), list(cards), [], threading.Lock()

    def deal(self):
        with self.lock:
            if not self.dealt:
                self.dealt = self.source.sample(self.cards, len(self.cards))
            return self.dealt.pop()


TASKS = {"small_query": 10, "kept_table": 3, "view": 4, "local_data": 3, "large_local_data": 1, "write": 2, "large_result": 1,
         "large_result_left": 1, "stream_abandoned": 1, "error": 4, "interrupt": 2, "metadata": 4}


class Client:
    """One client, one session after the other. Every task checks what it got."""

    tasks = Deck(1, [task for task, count in TASKS.items() for _ in range(count)])
    tasks_of_sessions = Deck(2, range(1, TASKS_OF_A_SESSION + 1))
    releases = Deck(3, [True, True, False])

    def __init__(self, number, server, folder, until, pace, done):
        self.source, self.server, self.until, self.done = random.Random(number), server, until, done
        self.pace, self.turn = pace, time.monotonic() + random.Random(number).random() * pace  # seconds between tasks
        self.folder, self.spark = os.path.join(folder, str(number)), None
        self.failures = []

    def run(self):
        while time.monotonic() < self.until:
            try:
                self.spark = new_session(self.server)
                for _ in range(self.tasks_of_sessions.deal()):
                    self.wait_for_turn()
                    task = self.tasks.deal()
                    getattr(self, task)()
                    self.done[task] += 1
                    if time.monotonic() >= self.until:
                        break
                self.end_session()
            except BaseException as error:  # noqa: B036  a thread's failure must be seen
                self.failures.append(error)
                if len(self.failures) > 3:
                    return

    def wait_for_turn(self):
        time.sleep(max(0, self.turn - time.monotonic()))
        self.turn = max(self.turn + self.pace, time.monotonic())  # what is late is not made up for

    def end_session(self):
        if self.releases.deal():
            self.spark.stop()
            self.done["session released"] += 1
        else:
            self.spark.client._channel.close()
            self.done["session abandoned"] += 1

    def small_query(self):
        Query(self.source.randrange(10**6)).check(self.spark)

    def kept_table(self):
        df = self.spark.range(50_000).selectExpr("id", "id % 100 AS k").cache()
        assert df.count() == 50_000
        assert df.groupBy("k").count().count() == 100
        if self.source.randrange(2):
            df.unpersist()

    def view(self):
        name = f"v{self.source.randrange(5)}"
        self.spark.range(1000).selectExpr("id * 2 AS twice").createOrReplaceTempView(name)
        assert self.spark.sql(f"SELECT sum(twice) AS s FROM {name}").collect()[0].s == 999_000
        if self.source.randrange(2):
            self.spark.catalog.dropTempView(name)

    def local_data(self):
        rows = [(i, f"text {i}", i / 2) for i in range(self.source.randint(1, 500))]
        assert [tuple(r) for r in self.spark.createDataFrame(rows, "a INT, b STRING, c DOUBLE").collect()] == rows

    def large_local_data(self):
        """More than 1 MiB: the client sends it as artifacts. New ones each time: nothing may pile up."""
        import pandas as pd
        count = 20_000
        frame = pd.DataFrame({"a": range(count), "b": [f"{self.source.random()} {'x' * 60}" for _ in range(count)]})
        assert self.spark.createDataFrame(frame).selectExpr("sum(a) AS s").collect()[0].s == count * (count - 1) // 2

    def write(self):
        path = os.path.join(self.folder, self.source.choice(["parquet", "json", "csv"]))
        count = self.source.randint(0, 20_000)
        df = self.spark.range(count).selectExpr("id", "id % 3 AS k")
        form = os.path.basename(path)
        df.write.format(form).mode("overwrite").save(path)
        assert self.spark.read.format(form).schema("id BIGINT, k BIGINT").load(path).count() == count

    def large_result(self):
        assert self.spark.range(1_500_000).toArrow().num_rows == 1_500_000

    def large_result_left(self):
        """The client tells the server that it does not want the rest."""
        rows = self.spark.range(10**9).toLocalIterator()
        assert next(rows).id == 0
        rows.close()

    def stream_abandoned(self):
        """The client says nothing."""
        wire = Wire(self.server.remote, user=f"user {self.source.randrange(5)}")
        _, stream = wire.execute(plan(numbers(self.source.choice([10, ENDLESS]))))
        next(stream)
        wire.channel.close()

    def error(self):
        from pyspark.errors import PySparkException
        text, condition = self.source.choice([
            ("SELECT 1 / 0", "DIVIDE_BY_ZERO"), ("SELECT nothing", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION"),
            ("SELEC 1", "PARSE_SYNTAX_ERROR"), ("SELECT * FROM nowhere", "TABLE_OR_VIEW_NOT_FOUND"),
            ("SELECT raise_error(concat('row ', id)) FROM range(100000)", "USER_RAISED_EXCEPTION")])
        try:
            self.spark.sql(text).collect()
        except PySparkException as error:
            assert error.getCondition() == condition, error
            return
        raise AssertionError(f"{text} gave rows")

    def interrupt(self):
        from pyspark.errors import PySparkException
        tag, caught, spark = f"t{uuid.uuid4()}", [], self.spark

        def work():
            spark.addTag(tag)
            try:
                spark.sql("SELECT count(*) FROM range(100000000000) WHERE id % 7 = 3").collect()
            except (PySparkException, grpc.RpcError) as error:
                caught.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        end = time.monotonic() + 60
        while thread.is_alive() and time.monotonic() < end:
            time.sleep(0.2)
            spark.interruptTag(tag)
        thread.join(30)
        assert caught and "OPERATION_CANCELED" in str(caught[0]), caught

    def metadata(self):
        df = self.spark.range(10).selectExpr("id", "cast(id AS STRING) AS s")
        assert [f.simpleString() for f in df.schema] == ["id:bigint", "s:string"]
        assert "Project" in df._explain_string(extended=True)
        self.spark.conf.set("spark.sql.session.timeZone", self.source.choice(["UTC", "Europe/Berlin"]))
        assert self.spark.catalog.currentDatabase() == "default"


class Memory(threading.Thread):
    """Samples the server's memory each second: (seconds, bytes of its own, bytes with its files)."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.samples, self.start_time, self.ended = pid, [], time.monotonic(), threading.Event()

    def run(self):
        while not self.ended.wait(1):
            try:
                with open(f"/proc/{self.pid}/status") as f:
                    text = f.read()
            except OSError:
                return
            own, whole = (int(re.search(rf"{key}:\s+(\d+) kB", text).group(1)) * 1024 for key in ("RssAnon", "VmRSS"))
            self.samples.append((time.monotonic() - self.start_time, own, whole))

    def medians(self, parts, after, before):
        """Medians of equal parts of the seconds from `after` to `before`."""
        samples = [s for s in self.samples if after <= s[0] <= before]
        size = max(1, len(samples) // parts)
        return [statistics.median(s[1] for s in samples[i * size:(i + 1) * size] or samples[-1:]) for i in range(parts)]


def threads_of(pid):
    return len(os.listdir(f"/proc/{pid}/task")), len(os.listdir(f"/proc/{pid}/fd"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--rate", type=float, default=4, help="tasks that begin in a second")
    parser.add_argument("--json", help="write the figures to this file")
    arguments = parser.parse_args()
    logging.disable()  # the client logs each error it gets
    done = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(server_binary(), SETTINGS + settings(spark__local__dir=os.path.join(folder, "local")))
        server.ensure()
        memory = Memory(server.process.pid)
        memory.start()
        until = time.monotonic() + arguments.minutes * 60
        clients = [Client(i, server, folder, until, arguments.clients / arguments.rate, done) for i in range(arguments.clients)]
        threads = [threading.Thread(target=c.run, daemon=True) for c in clients]
        for thread in threads:
            thread.start()
        while any(t.is_alive() for t in threads) and time.monotonic() < until + 120:
            time.sleep(30)
            _, own, whole = memory.samples[-1] if memory.samples else (0, 0, 0)
            if not server.running():
                break
            print(f"  {memory.samples[-1][0]:6.0f} s  {own / 1e6:7.1f} MB own, {whole / 1e6:7.1f} MB resident, "
                  f"{threads_of(server.process.pid)} threads and files, {sum(done.values())} tasks", flush=True)
        hanging = sum(t.is_alive() for t in threads)
        failures = [f for c in clients for f in c.failures]
        crash = server.crash_report() if not server.running() else None
        busy = list(memory.samples)
        if server.running():
            time.sleep(IDLE_SECONDS)
        after, memory.samples = memory.samples[-1][1], busy
        memory.ended.set()
        at_end = threads_of(server.process.pid) if server.running() else None
        server.stop()
    warm = arguments.minutes * 60 / 4
    parts = memory.medians(3, warm, arguments.minutes * 60)  # not while the clients end
    growth = parts[-1] / parts[0] - 1
    for name, count in sorted(done.items()):
        print(f"  {count:7} {name}")
    for failure in failures[:5]:
        print(f"  FAILED: {type(failure).__name__}: {str(failure)[:1500]}")
    print(f"{arguments.clients} clients, {arguments.minutes:g} minutes, {sum(done.values())} tasks, {len(failures)} failures, "
          f"{hanging} clients hang; memory after {warm:.0f} s of warm-up: "
          f"{', '.join(f'{p / 1e6:.1f}' for p in parts)} MB (medians of three equal parts), {growth:+.1%}, "
          f"highest {max(s[2] for s in memory.samples) / 1e6:.0f} MB resident; {IDLE_SECONDS} s after the last client "
          f"{after / 1e6:.1f} MB, {at_end} threads and files")
    if arguments.json:
        with open(arguments.json, "w") as f:
            json.dump({"tasks": done, "failures": [str(x) for x in failures], "medians": parts, "growth": growth,
                       "samples": memory.samples}, f)
    if crash:
        sys.exit(crash)
    sys.exit(1 if failures or hanging or growth > GROWTH_MAX else 0)


if __name__ == "__main__":
    main()
