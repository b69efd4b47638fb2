#!/usr/bin/env python3
"""src/session/effective_settings.cc lists exactly the settings that src/ reads: "spark.…" literals outside of that list and
of the recorded table.

Usage: check_settings.py [--write] SOURCE_DIR
"""
import pathlib
import re
import sys

LIST = "src/session/effective_settings.cc"
NOT_READ = {LIST, "src/session/configuration_table.cc"}
# Literals that are no settings: names of services, and settings that only errors mention.
OTHERS = {"spark.connect.SparkConnectService", "spark.app.name", "spark.sql.warehouse.dir",
          "spark.sql.legacy.allowNegativeScaleOfDecimal"}
KEY = re.compile(r'"(spark(?:\.[A-Za-z0-9]+)+)"')
HEAD = """// Written by tools/check_settings.py --write.
#include "session/effective_settings.h"

namespace firesteel::session {

namespace {

constexpr std::string_view kKeys[] = {
"""
TAIL = """};

}  // namespace

std::span<const std::string_view> EffectiveSettings() { return kKeys; }

}  // namespace firesteel::session
"""


def main():
    source = pathlib.Path(sys.argv[-1])
    read = set()
    for path in (source / "src").rglob("*.[ch]*"):
        name = str(path.relative_to(source))
        if name not in NOT_READ and not name.endswith("_test.cc") and "testdata" not in name:
            read.update(KEY.findall(path.read_text()))
    read -= OTHERS
    if "--write" in sys.argv:
        (source / LIST).write_text(HEAD + "".join(f'    "{key}",\n' for key in sorted(read)) + TAIL)
    listed = set(KEY.findall((source / LIST).read_text()))
    for key in sorted(listed ^ read):
        print(f"{key}: " + ("listed, but nobody reads it" if key in listed else f"is read, but not in {LIST}: --write"))
    print(f"{len(read)} settings have an effect")
    return listed != read


if __name__ == "__main__":
    sys.exit(main())
