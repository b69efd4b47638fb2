"""Apache Spark's own Connect server, from the pyspark package: what the recorder asks."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

os.environ["SPARK_CONNECT_MODE_ENABLED"] = "1"  # pyspark.sql.functions are those of Connect then

CONF = {
    "spark.ui.enabled": "false",
    "spark.ui.retainedJobs": "5",  # thousands of statements would fill the heap with their history
    "spark.ui.retainedStages": "5",
    "spark.ui.retainedTasks": "50",
    "spark.sql.ui.retainedExecutions": "5",
    "spark.connect.ui.retainedSessions": "2",
    "spark.connect.ui.retainedStatements": "2",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.log.level": "ERROR",
}


@contextlib.contextmanager
def server(threads=2, memory="3g"):
    """Starts a server on a free port; gives its address; stops it at the end."""
    import pyspark

    home = os.path.dirname(pyspark.__file__)
    if not os.path.isdir(os.path.join(home, "jars")):
        sys.exit("the pyspark package here has no JARs: pip install pyspark==4.2.0, or give --remote")
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        conf = CONF | {"spark.connect.grpc.binding.port": port, "spark.sql.warehouse.dir": folder + "/warehouse"}
        command = [home + "/bin/spark-submit", "--master", f"local[{threads}]", "--driver-memory", memory,
                   "--driver-java-options", "-Duser.timezone=UTC",
                   "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
        command += [x for k, v in conf.items() for x in ("--conf", f"{k}={v}")] + ["spark-internal"]
        log = open(folder + "/log", "w+")
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd=folder,
                                   env=os.environ | {"SPARK_HOME": home, "TZ": "UTC"})
        try:
            end = time.time() + 120
            while socket.socket().connect_ex(("127.0.0.1", port)):
                if process.poll() is not None or time.time() > end:
                    log.seek(0)
                    sys.exit("Apache Spark did not start:\n" + log.read()[-3000:])
                time.sleep(0.2)
            yield f"sc://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


@contextlib.contextmanager
def session(remote):
    from pyspark.sql.connect.session import SparkSession

    spark = SparkSession.builder.remote(remote).create()
    spark.conf.set("spark.sql.shuffle.partitions", 2)  # 200 tasks a shuffle take long, and answer the same
    try:
        yield spark
    finally:
        spark.stop()
