#!/usr/bin/env python3
"""The layer check finds what it should, and nothing else."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).parent


def check(files, rules="base\nplan\nproto\nengine\narrow\n"):
    """The check's complaints about a repository of these files under src/."""
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        (root / "tools").mkdir()
        (root / "tools/layers.txt").write_text(rules)
        for name, text in files.items():
            path = root / "src" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        run = subprocess.run([sys.executable, TOOLS / "check_layers.py", root], capture_output=True, text=True)
        complaints = run.stdout.splitlines()[:-1]
        assert run.returncode == (1 if complaints else 0), run
        return complaints


class CheckLayers(unittest.TestCase):
    def test_folder_may_include_those_before_it(self):
        self.assertEqual(check({"plan/plan.h": '#include "base/error.h"\n#include "plan/node.h"\n#include <string>\n'}), [])

    def test_folder_may_not_include_those_after_it(self):
        self.assertEqual(check({"base/error.h": '// why\n  #  include "plan/plan.h"\n'}),
                         ["src/base/error.h:2: plan/plan.h: base/ stands before plan/ in tools/layers.txt"])

    def test_exception_needs_its_line(self):
        files = {"base/error.h": '#include "plan/plan.h"\n'}
        self.assertEqual(check(files, "base\nplan\nallow base plan/plan.h: it must\n"), [])

    def test_restricted_headers(self):
        rules = "base\nproto\nengine\nrestrict duckdb*: engine\nrestrict *.pb.h: proto\n"
        files = {"base/a.cc": '#include <duckdb.h>\n#include "spark/connect/base.pb.h"\n',
                 "proto/b.cc": '#include <spark/connect/base.pb.h>\n', "engine/c.cc": '#include <duckdb.h>\n'}
        self.assertEqual(check(files, rules), ["src/base/a.cc:1: duckdb.h: only engine may include duckdb*",
                                               "src/base/a.cc:2: spark/connect/base.pb.h: only proto may include *.pb.h"])

    def test_arrows_own_headers_are_not_our_folder(self):
        files = {"engine/a.cc": '#include <arrow/api.h>\n#include "arrow/stream.h"\n', "arrow/stream.h": ""}
        self.assertEqual(check(files),
                         ["src/engine/a.cc:2: arrow/stream.h: engine/ stands before arrow/ in tools/layers.txt"])

    def test_unknown_folder(self):
        self.assertEqual(check({"util/a.h": ""}), ["src/util/a.h: folder util/ is not in tools/layers.txt"])


if __name__ == "__main__":
    unittest.main()
