"""What is compared: DuckDB in this process, and servers of Spark Connect as processes or by address."""

import os
import re
import resource
import socket
import subprocess
import sys
import time

import workloads


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

    @property
    def pid(self):
        return self.process.pid

    def resident_bytes(self, field="VmRSS"):
        """Now, or at most since the start (VmHWM)."""
        with open(f"/proc/{self.pid}/status") as f:
            return int(re.search(field + r":\s+(\d+) kB", f.read()).group(1)) * 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Sail(Process):
    """The peer from the package pysail, which prints nothing when it listens."""

    def __init__(self, port, threads):
        environment = os.environ | {"PYTHONPATH": workloads.sail(), "TOKIO_WORKER_THREADS": str(threads)}
        code = f"import sys; sys.argv = ['sail', 'spark', 'server', '--port', '{port}']; from pysail.cli import main; main()"
        self.process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.time() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if self.process.poll() is not None or time.time() > end:
                sys.exit("Sail did not start")
            time.sleep(0.05)


class DuckDb:
    """Its processor time is this process's, and so includes what Python does."""

    def __init__(self, threads):
        import duckdb
        self.connection = duckdb.connect(config={"threads": threads})

    def create_views(self, workload):
        for table in workload.tables:
            self.connection.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet('{workload.folder}/{table}.parquet')")

    def run(self, sql):
        return self.connection.sql(sql.replace("`", '"')).to_arrow_table()

    def processor_seconds(self):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime


class Connect:
    """A server by its address; its processor time is known if its process is."""

    def __init__(self, address, pid=None):
        from pyspark.sql.connect.session import SparkSession
        self.spark = SparkSession.builder.remote(address).create()
        self.pid = pid

    def create_views(self, workload):
        for table in workload.tables:
            self.spark.read.parquet(f"{workload.folder}/{table}.parquet").createOrReplaceTempView(table)

    def run(self, sql):
        return self.spark.sql(sql).toArrow()

    def processor_seconds(self):
        if self.pid is None:
            return 0.0
        with open(f"/proc/{self.pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
