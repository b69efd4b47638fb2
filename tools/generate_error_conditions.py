#!/usr/bin/env python3
"""Spark's error-conditions.json -> a C++ table for src/base/error_conditions.cc, sorted by name.

Usage: generate_error_conditions.py error-conditions.json OUTPUT.cc
A sub-condition A.B gets A's message, a space and B's message, and A's SQLSTATE, as Spark's ErrorClassesJsonReader does.
"""
import json
import pathlib
import sys


def literal(text):
    out = []
    for byte in text.encode():
        char = chr(byte)
        if char in '"\\':
            out.append("\\" + char)
        elif 32 <= byte < 127 and char != "?":  # no trigraphs
            out.append(char)
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def rows(conditions):
    for name, condition in conditions.items():
        message = "\n".join(condition["message"])
        state = condition.get("sqlState", "")
        yield name, message, state
        for sub, part in condition.get("subClass", {}).items():
            yield f"{name}.{sub}", message + " " + "\n".join(part["message"]), part.get("sqlState", state)


def main():
    source, target = map(pathlib.Path, sys.argv[1:])
    table = sorted(rows(json.loads(source.read_text())), key=lambda row: row[0].encode())
    lines = [
        "// Made by tools/generate_error_conditions.py from Apache Spark's error-conditions.json.",
        '#include "base/error_conditions.h"',
        "namespace firesteel::internal {",
        "extern const ConditionInfo kConditions[];",
        "extern const size_t kConditionCount;",
        "const ConditionInfo kConditions[] = {",
    ]
    lines += ["    {%s, %s, %s}," % tuple(map(literal, row)) for row in table]
    lines += ["};", f"const size_t kConditionCount = {len(table)};", "}  // namespace firesteel::internal", ""]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
