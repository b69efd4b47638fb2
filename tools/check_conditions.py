#!/usr/bin/env python3
"""Every error condition that src/ names exists in Spark's error-conditions.json or in base/own_conditions.h.

Conditions are made by Condition(name, …). Where the name is not written there but comes from a parameter of the function
around it (alone, or behind a prefix), the names are those that the function's callers write; FORWARDED lists the calls whose name
is another error's. What debug builds throw is checked as it is thrown (base/error.cc).

Usage: check_conditions.py SOURCE_DIR error-conditions.json
"""
import json
import pathlib
import re
import sys

CALL = re.compile(r"\bCondition\(\s*")
OWN = re.compile(r'\{"([A-Z0-9_]+\.[A-Z0-9_]+)",')
NAME = re.compile(r'"([A-Z_][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)"')
PREFIX = re.compile(r'(?:Cat\()?"([A-Z0-9_]+\.)"\s*(?:\+|,)\s*(?:std::string\()?(\w+)')
# A function's head: its name, and that its parameters include a text.
HEAD = re.compile(r"(\w+)(?: = \[&?\])?\(((?:[^;{}]|\{\})*\b(?:std::string_view|std::string&?|char\*)\s+&?\w+(?:[^;{}]|\{\})*)\)"
                  r"[^;{}()]*(?:->[^;{}]*)?\{")
FORWARDED = re.compile(r"\w+(?:\.\w+\(\))*\.error\(\)\.condition\(\)|error\.condition\(\)|name, std::move\(parameters\)")
DECLARED = {"src/base/error.h", "src/base/error.cc", "src/base/error_conditions.h", "src/base/error_conditions.cc",
            "src/base/own_conditions.h"}


def known_names(source, conditions):
    names = set()
    for name, condition in json.loads(conditions.read_text()).items():
        names.add(name)
        names.update(f"{name}.{sub}" for sub in condition.get("subClass", {}))
    names.update(OWN.findall((source / "src/base/own_conditions.h").read_text()))
    return names


def first_argument(text, start):
    """The text of a call's first argument."""
    depth, quoted, i = 0, False, start
    while i < len(text):
        c = text[i]
        if quoted:
            i += c == "\\"
            quoted = c != '"'
        elif c == '"':
            quoted = True
        elif c in "({[":
            depth += 1
        elif c in ")}]" or c == ",":
            if depth == 0:
                return text[start:i]
            depth -= c != ","
        i += 1
    return text[start:]


def function_around(text, at):
    """Name of the function with a text parameter whose body `at` is in, as far as layout tells; None if there is none."""
    heads = [m for m in HEAD.finditer(text, 0, at) if m.end() <= at]
    return heads[-1].group(1) if heads else None


def named(files, path, argument, at):
    """Every name that the call may have; None if that cannot be told."""
    written = NAME.findall(argument)
    prefix = PREFIX.match(argument)
    if written and not prefix:
        return written
    if argument.strip() == '""':
        return []  # Java's own exceptions have no condition
    function = function_around(files[path], at)
    if function is None:
        return None
    found = set()
    # Short names are used again in other files: callers are looked for elsewhere only if there are none here.
    for text in [files[path]], files.values():
        for call in (c for one in text for c in re.finditer(rf"\b{function}\((.{{0,200}})", one, re.S)):
            written = NAME.search(call.group(1))
            if written and "(" not in call.group(1)[:written.start()] and "{" not in call.group(1)[:written.start()]:
                arguments = first_argument(call.group(1), written.start())
                found.update(NAME.findall(arguments))
                before = call.group(1)[:written.start()]
                if "?" in before:
                    found.update(NAME.findall(call.group(1)[:written.end() + 60].split(")")[0].split(", {")[0]))
        if found:
            break
    return [(prefix.group(1) if prefix else "") + name for name in found] or None


def main():
    source, conditions = map(pathlib.Path, sys.argv[1:])
    names = known_names(source, conditions)
    paths = sorted((source / "src").rglob("*.cc")) + sorted((source / "src").rglob("*.h"))
    files = {str(p.relative_to(source)): p.read_text() for p in paths if not p.name.endswith("_test.cc")}
    wrong, used = [], set()
    for path, text in files.items():
        for call in CALL.finditer(text):
            if path in DECLARED or text[max(0, call.start() - 7):call.start()].endswith(("::Error ", "Find", "Any")):
                continue
            argument = first_argument(text, call.end())
            line = text.count("\n", 0, call.start()) + 1
            if FORWARDED.match(argument):
                continue
            found = named(files, path, argument, call.start())
            if found is None:
                wrong.append(f"{path}:{line}: cannot tell which conditions {argument.strip()} stands for")
                continue
            used.update(found)
            wrong += [f"{path}:{line}: Spark has no error condition {name}" for name in found if name not in names]
    print("\n".join(wrong) or f"{len(used)} conditions are named in src/, all of them known")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
