"""The programs of examples/ print on Firesteel what they print on Apache Spark (examples/*.txt)."""

import difflib
import glob
import os
import subprocess
import sys

import pytest

import conftest
import known_gaps

EXAMPLES = sorted(os.path.basename(p)[: -len(".txt")] for p in glob.glob(os.path.join(conftest.TESTS, "examples", "*.txt")))
EXAMPLE_SECONDS_MAX = 180

gaps = known_gaps.Gaps("examples")


def all_cases():
    return {(name,) for name in EXAMPLES}


@pytest.mark.timeout(EXAMPLE_SECONDS_MAX + 10)
@pytest.mark.parametrize("name", EXAMPLES)
def test_example(server, request, name):
    server.ensure()
    with open(os.path.join(conftest.TESTS, "examples", name + ".txt"), encoding="utf-8") as f:
        expected = f.read().splitlines()
    run = subprocess.run([sys.executable, os.path.join(conftest.ROOT, "examples", name + ".py"), server.remote],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=EXAMPLE_SECONDS_MAX)
    actual = run.stdout.splitlines()
    facets = ["error"] if run.returncode else ["printed"] if actual != expected else []
    text = "\n".join(difflib.unified_diff(expected, actual, "Spark", "Firesteel", lineterm=""))
    gaps.judge(request, (name,), facets, f"examples/{name}.py\n{text}\n{run.stderr[-2000:]}")
