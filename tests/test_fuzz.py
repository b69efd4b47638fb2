"""The fuzzers' entries on their seeds, on the inputs that once broke them (tests/fuzz/TARGET/) and on changed copies, always the same."""

import os
import subprocess
import sys

import pytest
from conftest import TESTS, server_binary

sys.path.append(os.path.join(TESTS, "fuzz"))
import seeds  # noqa: E402

COPIES = {"parser": 5, "plan": 5, "ipc_reader": 300, "rpc": 30}
SECONDS_MAX = 280


@pytest.mark.parametrize("target", seeds.SEEDS)
def test_fuzzers_entry(target, tmp_path):
    program = os.path.join(os.path.dirname(server_binary()), "fuzz", f"{target}_replay")
    if not os.path.exists(program):
        pytest.skip(f"{program} is not built")
    seeds.write(target, tmp_path / "seeds")
    regressions = os.path.join(TESTS, "fuzz", target)
    folders = [tmp_path / "seeds"] + ([regressions] if os.path.isdir(regressions) else [])
    done = subprocess.run([program, *folders], cwd=tmp_path, env=os.environ | {"FUZZ_COPIES": str(COPIES[target])},
                          capture_output=True, text=True, timeout=SECONDS_MAX)
    assert done.returncode == 0, done.stderr[-4000:]
    assert "runs" in done.stdout
