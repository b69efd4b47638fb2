#!/usr/bin/env python3
"""Writes what Apache Spark answers into files of recorded answers.

    tools/record.py [--remote sc://localhost:15002] tests/sql/functions/math.test ...

A `.test` file's statements run in order, once with ANSI mode on and once off, and their answers are written into
the file in place. Without --remote a Spark Connect server is started for the time, from the pyspark package
(`pip install pyspark==4.2.0`, needs Java 17). Recorded files are never edited by hand: change the statements and
record again.
"""

import argparse
import contextlib
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))

import apache_spark
import recorded


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


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--remote", help="address of a running Apache Spark 4.2 Connect server (TZ=UTC)")
    p.add_argument("--only-new", action="store_true", help="keep answers that are there")
    p.add_argument("files", nargs="+")
    a = p.parse_args()
    with contextlib.ExitStack() as stack:
        remote = a.remote or stack.enter_context(apache_spark.server())
        for path in a.files:
            record_statements(path, lambda: apache_spark.session(remote), a.only_new)


if __name__ == "__main__":
    main()
