#!/usr/bin/env python3
"""Resolves a requirements file into exact versions with SHA-256 checksums, by pip's own resolver.

Usage: lock_requirements.py PYTHON INPUT OUTPUT
"""
import json
import pathlib
import subprocess
import sys
import tempfile


def main():
    python, source, target = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        report = pathlib.Path(directory) / "report.json"
        subprocess.run([python, "-m", "venv", directory + "/venv"], check=True)
        subprocess.run([directory + "/venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run",
                        "--ignore-installed", "--report", str(report), "-r", source], check=True)
        installs = json.loads(report.read_text())["install"]
    lines = [f"# Made by ./dev lock from {pathlib.Path(source).name}: CPython 3.11 on x86-64 Linux. Do not edit."]
    for item in sorted(installs, key=lambda item: item["metadata"]["name"].lower()):
        sha256 = item["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{item['metadata']['name'].lower()}=={item['metadata']['version']} --hash=sha256:{sha256}")
    pathlib.Path(target).write_text("\n".join(lines) + "\n")
    print(f"{target}: {len(installs)} packages")


if __name__ == "__main__":
    main()
