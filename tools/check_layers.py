#!/usr/bin/env python3
"""Checks that the folders of src/ include only what tools/layers.txt lets them.

Usage: check_layers.py [REPOSITORY]. Prints each include that breaks a rule as file:line and exits with 1.
"""
import fnmatch
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def read_rules(path):
    order, restricted, allowed = [], [], set()
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        if re.fullmatch(r"[a-z]+", line):
            order.append(line)
        elif match := re.fullmatch(r"restrict (\S+): (.+)", line):
            restricted.append((match[1], match[2].split()))
        elif match := re.fullmatch(r"allow (\S+) (\S+): (.+)", line):
            allowed.add((match[1], match[2]))
        else:
            sys.exit(f"{path}:{number}: not a rule: {line}")
    return order, restricted, allowed


def broken_rule(folder, header, order, restricted, allowed):
    """Why `folder` may not include `header`, or None if it may."""
    if (folder, header) in allowed:
        return None
    for pattern, folders in restricted:
        if fnmatch.fnmatch(header, pattern) and folder not in folders:
            return f"only {', '.join(folders)} may include {pattern}"
    target = header.split("/", 1)[0]
    if "/" in header and target in order and order.index(target) > order.index(folder):
        return f"{folder}/ stands before {target}/ in tools/layers.txt"
    return None


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    order, restricted, allowed = read_rules(root / "tools" / "layers.txt")
    source = root / "src"
    count, files = 0, 0
    for path in sorted(source.rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        files += 1
        folder = path.relative_to(source).parts[0]
        if folder not in order:
            print(f"{path.relative_to(root)}: folder {folder}/ is not in tools/layers.txt")
            count += 1
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match[1]
            if header.startswith("arrow/") and not (source / header).exists():
                header = "<arrow>/" + header
            why = broken_rule(folder, header, order, restricted, allowed)
            if why:
                print(f"{path.relative_to(root)}:{number}: {match[1]}: {why}")
                count += 1
    print(f"layers: {files} files, {count} broken rules")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
