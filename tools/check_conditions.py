#!/usr/bin/env python3
"""Every error condition that src/ names exists in Spark's error-conditions.json or in base/own_conditions.h.

Usage: check_conditions.py SOURCE_DIR error-conditions.json
"""
import json
import pathlib
import re
import sys

NAMED = re.compile(r'\bCondition\(\s*"([^"]*)"(\s*\+)?')
OWN = re.compile(r'\{"([A-Z0-9_]+\.[A-Z0-9_]+)",')


def known_names(source, conditions):
    names = set()
    for name, condition in json.loads(conditions.read_text()).items():
        names.add(name)
        names.update(f"{name}.{sub}" for sub in condition.get("subClass", {}))
    names.update(OWN.findall((source / "src/base/own_conditions.h").read_text()))
    return names


def main():
    source, conditions = map(pathlib.Path, sys.argv[1:])
    names = known_names(source, conditions)
    unknown = []
    for path in sorted((source / "src").rglob("*.cc")) + sorted((source / "src").rglob("*.h")):
        for match in NAMED.finditer(path.read_text()):
            name, is_prefix = match.groups()
            if is_prefix and any(known.startswith(name) for known in names):
                continue
            if name and name not in names:  # Java's own exceptions have no condition
                unknown.append(f"{path.relative_to(source)}: Spark has no error condition {name}")
    print("\n".join(unknown) or f"{len(names)} conditions known, every one that src/ names is among them")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
