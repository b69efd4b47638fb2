#!/usr/bin/env python3
"""Writes what Apache Spark answers into files of recorded answers.

    tools/record.py [--remote sc://localhost:15002] tests/sql/functions/math.test tests/dataframe/join.py tests/tpch …

A `.test` file's statements run in order, once with ANSI mode on and once off, and their answers are written into
the file in place. The cases of a dataframe/*.py, the queries of tpch and tpcds and the output
of examples/*.py get files of answers. Without --remote a Spark Connect server is started for the time, from the pyspark package
(`pip install pyspark==4.2.0`, needs Java 17). Recorded files are never edited by hand: change the statements and
record again.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))

import apache_spark
import dataframe_cases
import recorded
import tpc


def record_statements(path, spark_session, only_new):
    statements = recorded.read(path)
    version = None
    for mode in ("on", "off"):
        todo = [s for s in statements if mode in s.modes]
        if not todo or only_new and all(mode in s.expected for s in todo):
            continue
        with spark_session() as spark:
            version = spark.version
            recorded.configure(spark, mode)
            for s in todo:
                if only_new and mode in s.expected and not s.is_setup:
                    continue
                s.expected[mode] = recorded.run(spark, s.sql, s.with_message)[0]
    if version:
        recorded.write(path, statements, version)
    errors = sum(s.expected[m][0].startswith("error ") for s in statements for m in s.modes)
    print(f"{path}: {len(statements)} statements, {sum(len(s.modes) for s in statements)} answers, {errors} errors", flush=True)


def record_frames(path, spark_session):
    topic = os.path.basename(path)[: -len(".py")]
    results = {}
    for name, case in dataframe_cases.cases(topic).items():
        with spark_session() as spark:
            recorded.configure(spark, "on")
            results[name] = dataframe_cases.run(spark, case)[0]
            version = spark.version
    dataframe_cases.write_answers(topic, results, version)
    errors = [name for name, lines in results.items() if any(line.startswith("error ") for line in lines)]
    print(f"{path}: {len(results)} cases; errors: {' '.join(errors)}", flush=True)


def record_benchmark(path, spark_session, only, only_new):
    benchmark = os.path.basename(path.rstrip("/"))
    with spark_session() as spark, tempfile.TemporaryDirectory() as folder:
        recorded.configure(spark, "on")
        tpc.MAKERS[benchmark](folder)
        tpc.create_views(spark, folder)
        for name, text in tpc.queries(benchmark).items():
            if (not only or name in only) and not (only_new and os.path.exists(tpc.answer_path(benchmark, name))):
                lines, _ = recorded.run(spark, text)
                tpc.record(benchmark, name, lines)
                print(f"{benchmark} {name}: {lines[0] if lines[0].startswith('error ') else len(lines) - 1}", flush=True)


def record_example(path, remote):
    """What an example prints goes to tests/examples/NAME.txt."""
    name = os.path.basename(path)[: -len(".py")]
    out = subprocess.run([sys.executable, path, remote], check=True, stdout=subprocess.PIPE, text=True).stdout
    os.makedirs(os.path.join(ROOT, "tests", "examples"), exist_ok=True)
    with open(os.path.join(ROOT, "tests", "examples", name + ".txt"), "w", encoding="utf-8") as f:
        f.write(out)
    print(f"{path}: {out.count(chr(10))} lines", flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--remote", help="address of a running Apache Spark 4.2 Connect server (TZ=UTC)")
    p.add_argument("--only-new", action="store_true", help="keep answers that are there")
    p.add_argument("--query", action="append", help="of tpch or tpcds, record only this one (q01)")
    p.add_argument("files", nargs="+", metavar="FILE")
    a = p.parse_args()
    with contextlib.ExitStack() as stack:
        remote = a.remote or stack.enter_context(apache_spark.server())
        for path in a.files:
            if os.path.dirname(os.path.abspath(path)) == os.path.join(ROOT, "examples"):
                record_example(path, remote)
            elif path.endswith(".py"):
                record_frames(path, lambda: apache_spark.session(remote))
            elif os.path.isdir(path):
                record_benchmark(path, lambda: apache_spark.session(remote), a.query, a.only_new)
            else:
                record_statements(path, lambda: apache_spark.session(remote), a.only_new)


if __name__ == "__main__":
    main()
