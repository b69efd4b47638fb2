#!/usr/bin/env python3
"""What the compiler and clang-format do not see of the style: opening comments, length, names, handles, commits.

Usage: tidy.py [REPOSITORY]. Prints each fault as file: reason and exits with 1.
  - Every file of src/, tools/ and bench/ begins with a comment that says what lives there (recorded data does not).
  - None is longer than LINES_MAX, but for those of tools/tidy_exceptions.txt, which only shrinks.
  - No file is called after nothing: BANNED.
  - Only engine/duckdb_handles.h destroys DuckDB's handles.
  - Commits after FIRST_COMMIT have subjects of at most SUBJECT_MAX signs; where there is no history, that is not looked at.
"""
import pathlib
import re
import subprocess
import sys

FOLDERS = ("src", "tools", "bench")
DATA = {".jsonl", ".json"}
LINES_MAX = 600
EXCEPTIONS = "tools/tidy_exceptions.txt"
BANNED = re.compile(r"(?:^|[_./])(?:utils?|helpers?|common|misc)(?:[_./]|$)")
HANDLES = "src/engine/duckdb_handles.h"
DESTROYS = re.compile(r"\bduckdb_(?:destroy_\w+|close|disconnect)\s*\(")
FIRST_COMMIT = "14284a5"
SUBJECT_MAX = 72


def is_data(path):
    return path.suffix in DATA or "testdata" in path.parts


def has_opening_comment(text):
    for line in text.splitlines():
        if not line.strip() or line.startswith("#!") or line.strip() == "#pragma once":
            continue
        return line.startswith(("//", '"""')) or re.match(r"#(?!\s*(?:include|define|if|pragma)\b)", line) is not None
    return False


def read_exceptions(text):
    """Lines allowed by file."""
    allowed = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            match = re.fullmatch(r"(\S+) (\d+): (\S.*)", line)
            if match is None:
                sys.exit(f"{EXCEPTIONS}: not an exception: {line}")
            allowed[match[1]] = int(match[2])
    return allowed


def faults_of_file(name, text, allowed):
    path = pathlib.PurePosixPath(name)
    if BANNED.search(name):
        yield "is called after nothing: say what lives there"
    if is_data(path):
        return
    if not has_opening_comment(text):
        yield "has no opening comment: what lives there, and why"
    lines = len(text.splitlines())
    if lines > allowed.get(name, LINES_MAX):
        yield f"has {lines} lines, more than {allowed.get(name, LINES_MAX)}"
    if name in allowed and lines <= LINES_MAX:
        yield f"has {lines} lines: take it out of {EXCEPTIONS}"
    if path.parts[0] == "src" and name != HANDLES and (found := DESTROYS.search(text)):
        yield f"calls {found[0]}…): that is {HANDLES}'s"


def long_subjects(repository):
    """"commit: reason" of each; nothing where git or the history is missing."""
    git = ["git", "-C", str(repository)]
    try:
        subprocess.run([*git, "rev-parse", "--verify", "--quiet", FIRST_COMMIT + "^{commit}"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    log = subprocess.run([*git, "log", "--format=%h %s", FIRST_COMMIT + "..HEAD"], check=True, capture_output=True, text=True)
    commits = [line.split(" ", 1) for line in log.stdout.splitlines()]
    return [f"{commit}: subject of {len(subject)} signs, more than {SUBJECT_MAX}"
            for commit, subject in commits if len(subject) > SUBJECT_MAX]


def main():
    repository = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    allowed = read_exceptions((repository / EXCEPTIONS).read_text(encoding="utf-8"))
    faults, names = [], set()
    for folder in FOLDERS:
        for path in sorted((repository / folder).rglob("*")):
            if not path.is_file() or path.suffix == ".pyc":
                continue
            name = path.relative_to(repository).as_posix()
            names.add(name)
            text = "" if is_data(path) else path.read_text(encoding="utf-8")
            faults += [f"{name}: {fault}" for fault in faults_of_file(name, text, allowed)]
    faults += [f"{EXCEPTIONS}: {name} is not there" for name in sorted(allowed.keys() - names)]
    faults += long_subjects(repository)
    print("\n".join(faults) if faults else f"{len(names)} files, no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
