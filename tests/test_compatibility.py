"""docs/compatibility.md is what the binary says of itself."""

import os
import subprocess

import conftest


def test_document_is_current():
    binary = os.environ.get("FIRESTEEL_BINARY", os.path.join(conftest.ROOT, "build/firesteel"))
    text = subprocess.run([binary, "compatibility"], check=True, stdout=subprocess.PIPE, text=True).stdout
    with open(os.path.join(conftest.ROOT, "docs/compatibility.md"), encoding="utf-8") as f:
        assert f.read() == text, "write it anew: ./dev docs"
