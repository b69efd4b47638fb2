"""spark.scheduler.mode=FAIR: short queries beside long ones, pools, the file that describes them.

    pytest tests/protocol/test_scheduler.py --timed
"""

import os
import statistics
import subprocess
import time

import pyspark.sql.connect.proto as pb
import pytest
from conftest import server_binary, settings
from wire import Wire, plan, relation

SHORT = "SELECT sum(hash(id)) FROM range(15000000)"
LONG = {
    "sum": "SELECT sum(id % 7) FROM range(10000000000000)",
    "groups": "SELECT id % 1000 AS k, count(*) FROM range(10000000000000) GROUP BY k",
    "join": "SELECT count(*) FROM range(1000000) a JOIN range(10000000000000) b ON a.id = b.id % 1000000",
    "kernel": "SELECT count(*) FROM range(10000000000000) WHERE levenshtein(cast(id AS STRING), 'abc') = 77",
}
TIMES_MAX = 5  # with --timed, on a machine that does nothing else
LONG_SECONDS = 3  # so long they run before the short query comes
POOLS = """<?xml version="1.0"?>
<allocations>
  <pool name="urgent"><schedulingMode>FAIR</schedulingMode><weight>4</weight><minShare>1</minShare></pool>
  <pool name="batch"><schedulingMode>FIFO</schedulingMode></pool>
</allocations>
"""


def sql(text):
    return plan(relation(sql=pb.SQL(query=text)))


def client(server, pool=None):
    wire = Wire(server.remote)
    if pool is not None:
        wire.config(set=pb.ConfigRequest.Set(pairs=[pb.KeyValue(key="spark.scheduler.pool", value=pool)]))
    return wire


def seconds(wire, text=SHORT):
    start = time.monotonic()
    list(wire.execute(sql(text))[1])
    return time.monotonic() - start


def interrupt(wire):
    wire.stub.Interrupt(wire.request(pb.InterruptRequest, interrupt_type=pb.InterruptRequest.INTERRUPT_TYPE_ALL))


def beside(short, longs):
    """How many times as long the short query takes while the clients `longs` have ten queries under way."""
    seconds(short)
    alone = statistics.median(seconds(short) for _ in range(3))
    streams = [wire.execute(sql(text))[1] for wire, text in longs]
    try:
        time.sleep(LONG_SECONDS)
        loaded = statistics.median(seconds(short) for _ in range(3))
    finally:
        for wire, _ in longs:
            interrupt(wire)
        del streams
    print(f"alone {alone * 1000:.0f} ms, beside them {loaded * 1000:.0f} ms: {loaded / alone:.1f} times")
    return loaded / alone


@pytest.fixture(scope="module")
def fair(own_server):
    return own_server(*settings(spark__scheduler__mode="FAIR"))


@pytest.fixture(scope="module")
def pools(own_server, tmp_path_factory):
    file = tmp_path_factory.mktemp("pools") / "pools.xml"
    file.write_text(POOLS)
    return own_server(*settings(spark__scheduler__mode="FAIR", spark__scheduler__allocation__file=file))


@pytest.mark.parametrize("kind", LONG)
def test_a_short_query_beside_ten_long_ones_of_its_session(fair, patience, kind):
    wire = client(fair)
    assert beside(wire, [(wire, LONG[kind])] * 10) < TIMES_MAX * patience


def test_a_short_query_beside_ten_other_sessions(fair, patience):
    texts = list(LONG.values())
    assert beside(client(fair), [(client(fair), texts[i % len(texts)]) for i in range(10)]) < TIMES_MAX * patience


def test_a_pool_with_a_minimum_share(pools, patience):
    longs = client(pools, "batch")
    assert beside(client(pools, "urgent"), [(longs, LONG["sum"])] * 10) < TIMES_MAX * patience


def test_first_in_first_out_in_a_pool(pools):
    """As in Spark: in a FIFO pool the first query has all the cores, what comes later waits for it."""
    first, second = client(pools, "batch"), client(pools, "batch")
    long = [first.execute(sql(LONG["sum"]))[1] for _ in range(os.cpu_count() + 1)]
    time.sleep(0.3)
    _, stream = second.execute(sql("SELECT sum(id) FROM range(100000000)"))
    time.sleep(1)
    status = second.request(pb.GetStatusRequest, operation_status=pb.GetStatusRequest.OperationStatusRequest())
    (state,) = second.stub.GetStatus(status).operation_statuses
    assert state.state == pb.GetStatusResponse.OperationStatus.OPERATION_STATE_RUNNING
    interrupt(first)
    assert sum(r.arrow_batch.row_count for r in stream if r.HasField("arrow_batch")) == 1
    del long


def test_who_waits_can_be_interrupted(pools):
    first, second = client(pools, "batch"), client(pools, "batch")
    long = [first.execute(sql(LONG["sum"]))[1] for _ in range(os.cpu_count() + 1)]
    time.sleep(0.3)
    _, stream = second.execute(sql(LONG["groups"]))
    time.sleep(0.3)
    start = time.monotonic()
    interrupt(second)
    with pytest.raises(Exception, match="OPERATION_CANCELED"):
        list(stream)
    assert time.monotonic() - start < 10
    interrupt(first)
    del long


def test_results_are_the_same(fair):
    """Many clients at once, each with queries that many threads could work on."""
    from concurrent.futures import ThreadPoolExecutor

    import pyarrow as pa

    def run(i):
        wire = client(fair, f"pool {i % 3}")
        text = f"SELECT k, sum(id) AS s FROM (SELECT id, id % {i + 2} AS k FROM range(2000000)) GROUP BY k ORDER BY k"
        rows = []
        for response in wire.execute(sql(text))[1]:
            if response.HasField("arrow_batch"):
                rows += pa.ipc.open_stream(response.arrow_batch.data).read_all().to_pylist()
        return rows == [{"k": k, "s": sum(range(k, 2000000, i + 2))} for k in range(i + 2)]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(run, range(24)))


BAD = {
    "not xml": ("weight = 2", "syntax error"),
    "cut off": ("<allocations><pool name='a'>", "no element found"),
    "other root": ("<pools/>", "the root must be <allocations>"),
    "no name": ("<allocations><pool><weight>1</weight></pool></allocations>", "a pool needs a name"),
    "weight": ("<allocations><pool name='a'><weight>x</weight></pool></allocations>", "weight must be a whole number"),
    "negative": ("<allocations><pool name='a'><minShare>-1</minShare></pool></allocations>", "minShare must be"),
    "mode": ("<allocations><pool name='a'><schedulingMode>LIFO</schedulingMode></pool></allocations>", "FAIR or FIFO"),
    "unknown": ("<allocations><pool name='a'><wait>1</wait></pool></allocations>", "a pool has no <wait>"),
    "entities": ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><allocations/>", "document types"),
    "large": ("<allocations>" + " " * (1 << 20) + "</allocations>", "larger than 1 MiB"),
}


@pytest.mark.parametrize("name", BAD)
def test_files_that_describe_no_pools(name, tmp_path):
    file = tmp_path / "pools.xml"
    file.write_text(BAD[name][0])
    arguments = settings(spark__scheduler__mode="FAIR", spark__scheduler__allocation__file=file)
    done = subprocess.run([server_binary(), "serve", "--port", "0", *arguments], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert BAD[name][1] in done.stderr and str(file) in done.stderr


@pytest.mark.parametrize("pairs,text", [({"spark__scheduler__mode": "LIFO"}, "must be FIFO or FAIR"),
                                        ({"spark__scheduler__mode": "FAIR", "spark__scheduler__allocation__file": "/no/x"},
                                         "cannot be read")], ids=["mode", "file"])
def test_bad_settings(pairs, text):
    done = subprocess.run([server_binary(), "serve", "--port", "0", *settings(**pairs)], capture_output=True, text=True,
                          timeout=20)
    assert (done.returncode, text in done.stderr) == (1, True)
