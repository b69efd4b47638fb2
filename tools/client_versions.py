"""One server, every official Python client: which of them run the same example and the same calls?

    python tools/client_versions.py [--remote sc://…] [--only "pyspark 4.1"] [--write]

Runs examples/flights.py and tests/clients/calls.py in an environment of each client (tools/client_environments.py makes them, with
pip) against one server (the built one, unless --remote names another) and prints a Markdown table; --write puts it into README.md between
its markers. Exit code 1 if a client fails.
"""
import argparse
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "tests"), os.path.join(ROOT, "tools")]

import client_environments  # noqa: E402
from conftest import Server, server_binary  # noqa: E402

BEGIN, END = "<!-- clients: written by tools/client_versions.py -->", "<!-- end of clients -->"
SECONDS_MAX = 900


def run(environment, program, remote):
    # Not this process's own pyspark, nor its settings.
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "SPARK"))} | {"TZ": "UTC"}
    return subprocess.run([environment.python, os.path.join(ROOT, program), remote], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=SECONDS_MAX, env=variables, cwd=environment.folder)


def example(environment, remote):
    """What is wrong, or None. It must print what it prints on Apache Spark 4.2."""
    done = run(environment, "examples/flights.py", remote)
    with open(os.path.join(ROOT, "tests", "examples", "flights.txt"), encoding="utf-8") as f:
        expected = f.read().splitlines()
    actual = done.stdout.splitlines()
    if done.returncode != 0:
        return done.stderr.strip().splitlines()[-1]
    different = [line for line in zip(expected, actual) if line[0] != line[1]]
    if different:
        return f"{different[0][1]!r} instead of {different[0][0]!r}"
    return None if len(expected) == len(actual) else f"{len(actual)} lines instead of {len(expected)}"


def calls(environment, remote):
    """{call: outcome}"""
    done = run(environment, "tests/clients/calls.py", remote)
    if done.returncode != 0:
        return {"start": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def row(environment, remote):
    """The line of the table, and whether all is well."""
    reason = environment.make()
    if reason is not None:
        return f"| {environment.name} | {reason} | | |", reason == "not on PyPI"
    wrong = example(environment, remote)
    outcome = calls(environment, remote)
    failed = {name: text for name, text in outcome.items() if text not in ("ok", "not in this client")}
    has = [name for name, text in outcome.items() if text != "not in this client"]
    for name, text in [("example", wrong)] * (wrong is not None) + list(failed.items()):
        print(f"{environment.name}: {name}: {text}", file=sys.stderr, flush=True)
    packages = ", ".join(f"{p} {environment.version(p)}" for p in ("pandas", "pyarrow", "protobuf", "grpcio"))
    line = (f"| `{environment.package}` {environment.version()} | {packages} | {'the same' if wrong is None else 'differs'} "
            f"| {len(has) - len(failed)} of {len(has)} |")
    return line, wrong is None and not failed


def write(table):
    path = os.path.join(ROOT, "README.md")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    before, rest = text.split(BEGIN, 1)
    with open(path, "w", encoding="utf-8") as f:
        f.write(before + BEGIN + "\n" + table + "\n" + END + rest.split(END, 1)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--remote", help="address of a server that runs")
    parser.add_argument("--only", action="append", default=[], help="'pyspark 4.1', 'pyspark-client 4.0' …")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    arguments = parser.parse_args()
    if arguments.write and arguments.only:
        parser.error("--write wants all clients")
    server = None if arguments.remote else Server(server_binary())
    if server is not None:
        server.ensure()
    lines, good = [], True
    try:
        for environment in client_environments.environments(arguments.only):
            line, fine = row(environment, arguments.remote or server.remote)
            print(line, flush=True)
            lines.append(line)
            good = good and fine
    finally:
        if server is not None:
            server.stop()
    table = "\n".join(["| client | with | the example prints | calls that give what they must |", "|---|---|---|---|", *lines])
    if arguments.write:
        write(table)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
