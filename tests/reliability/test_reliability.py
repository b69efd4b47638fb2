"""Short runs of what faults.py, restarts.py and mutate_rpcs.py do at length: networks that fail, servers that are killed, bad requests."""

import os
import random
import sys

import pytest
from conftest import Server, server_binary

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import faults  # noqa: E402
import mutate_rpcs  # noqa: E402
import restarts  # noqa: E402

FAULTY_SECONDS_MAX = 240
WORK = 40


@pytest.mark.timeout(FAULTY_SECONDS_MAX + 60)
@pytest.mark.filterwarnings("ignore")
def test_right_rows_once_through_failing_networks(own_server, tmp_path):
    run = faults.Run(own_server(*faults.SETTINGS), work=WORK, clients=4, seed=random.randrange(10**6), folder=str(tmp_path))
    try:
        run.go(FAULTY_SECONDS_MAX)
    finally:
        print(f"seed {run.seed}: {run.report()}")
    assert run.done == WORK


@pytest.mark.timeout(240)
@pytest.mark.filterwarnings("ignore")
def test_what_was_written_survives_kill_9(tmp_path):
    if "FIRESTEEL_REMOTE" in os.environ:
        pytest.skip("needs a server of its own")
    server = Server(server_binary())
    server.ensure()
    try:
        run = restarts.Run(server, str(tmp_path), clients=4)
        for number in (1, 2):
            run.round(number, seconds=random.uniform(0.5, 3))
        assert sum(len(c.acknowledged) for c in run.clients) > 0
    finally:
        server.stop()


@pytest.mark.timeout(120)
def test_changed_requests_of_every_rpc(tmp_path):
    if "FIRESTEEL_REMOTE" in os.environ:
        pytest.skip("needs a server of its own")
    server = mutate_rpcs.sandboxed_server(str(tmp_path))
    server.ensure()
    run = mutate_rpcs.Run(server, seed=random.randrange(10**6), threads=2)
    try:
        run.go(seconds=10)
    finally:
        print(f"seed {run.seed}: {run.report()}")
        server.stop()
    assert all(run.counts[rpc] > 0 for rpc in mutate_rpcs.seeds.RPCS)
