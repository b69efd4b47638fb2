#!/usr/bin/env python3
"""tidy.py finds what it should, and nothing else."""
import unittest

import tidy

COMMENT = "// Why this is here.\n"


class Faults(unittest.TestCase):
    def faults(self, name, text=COMMENT, allowed=None):
        return list(tidy.faults_of_file(name, text, allowed or {}))

    def test_opening_comments(self):
        for good in (COMMENT, "#pragma once\n" + COMMENT, "#!/usr/bin/env python3\n\"\"\"Does it.\"\"\"\n", "#!/bin/sh\n# Does it.\n"):
            self.assertEqual(self.faults("src/a/b.cc", good), [])
        for bad in ("", "#include <map>\n" + COMMENT, "#pragma once\n#include <map>\n", "#!/usr/bin/env python3\nimport re\n"):
            self.assertEqual(len(self.faults("src/a/b.cc", bad)), 1)
        self.assertEqual(self.faults("src/a/testdata/b.txt", "1"), [])

    def test_length(self):
        long = COMMENT * 610
        self.assertEqual(len(self.faults("src/a/b.cc", long)), 1)
        self.assertEqual(self.faults("src/a/b.cc", long, {"src/a/b.cc": 650}), [])
        self.assertEqual(len(self.faults("src/a/b.cc", long * 2, {"src/a/b.cc": 650})), 1)
        self.assertEqual(len(self.faults("src/a/b.cc", COMMENT, {"src/a/b.cc": 650})), 1)

    def test_names(self):
        for bad in ("src/util/a.cc", "src/a/string_utils.h", "tools/misc.py", "src/a/common.cc"):
            self.assertEqual(len(self.faults(bad)), 1)
        self.assertEqual(self.faults("src/a/mutilate.cc"), [])

    def test_handles(self):
        call = COMMENT + "duckdb_destroy_value(&v);\n"
        self.assertEqual(len(self.faults("src/a/b.cc", call)), 1)
        self.assertEqual(self.faults(tidy.HANDLES, call), [])


if __name__ == "__main__":
    unittest.main()
