"""Clients that lose their streams again and again: every query gives its rows exactly once, and every command runs once."""

import random
import threading
import uuid

import grpc
import pyarrow as pa
import pyspark.sql.connect.proto as pb
import pytest
from wire import Failure, Wire, numbers, plan, relation

CLIENTS, QUERIES = 6, 12


def fetch_with_cuts(wire, query, source):
    """The responses of one query, whose stream is cut wherever `source` says, by whichever end."""
    operation = str(uuid.uuid4())
    _, stream = wire.execute(query, operation_id=operation)
    responses, attempts = [], 0
    while True:
        attempts += 1
        assert attempts < 1000
        cut_after = source.randrange(6)
        try:
            for count, response in enumerate(stream):
                responses.append(response)
                if count == cut_after:
                    break
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.CANCELLED, error
        if responses and responses[-1].HasField("result_complete"):
            return responses
        last = responses[-1].response_id if responses else None
        how = source.randrange(4)
        if how == 0:
            stream.cancel()
        elif how == 1 and responses:  # two readers: the later one takes over
            wire.reattach(operation, last)
        elif how == 2 and last:
            release = wire.request(pb.ReleaseExecuteRequest, operation_id=operation)
            release.release_until.response_id = last
            wire.stub.ReleaseExecute(release)
        if last is None and source.randrange(2):
            stream = wire.execute(query, operation_id=operation)[1]  # the request itself, again
        else:
            stream = wire.reattach(operation, last)


def values(responses):
    out = []
    for response in responses:
        if response.HasField("arrow_batch"):
            batch = response.arrow_batch
            assert batch.start_offset == len(out)
            out.extend(pa.ipc.open_stream(batch.data).read_all().column(0).to_pylist())
    return out


def test_rows_come_exactly_once(server):
    server.ensure()
    failures = []

    def client(number):
        source = random.Random(number)
        wire = Wire(server.remote, user=f"user {number % 2}")
        try:
            for _ in range(QUERIES):
                count = source.choice([0, 1, 1000, 300_000, 900_000])
                assert values(fetch_with_cuts(wire, plan(numbers(count)), source)) == list(range(count))
        except BaseException as error:  # noqa: B036  pytest sees only its own thread's
            failures.append(error)

    threads = [threading.Thread(target=client, args=(i,)) for i in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]


@pytest.mark.parametrize("seed", range(3))
def test_commands_run_once(server, seed, tmp_path):
    """Rows that are appended to files are counted afterwards."""
    server.ensure()
    source, wire = random.Random(seed), Wire(server.remote)
    for _ in range(5):
        write = pb.WriteOperation(input=numbers(10), source="parquet", path=str(tmp_path / "out"), mode="SAVE_MODE_APPEND")
        fetch_with_cuts(wire, pb.Plan(command=pb.Command(write_operation=write)), source)
    read = relation(read=pb.Read(data_source=pb.Read.DataSource(format="parquet", paths=[str(tmp_path / "out")])))
    assert sorted(values(list(wire.execute(plan(read))[1]))) == sorted(list(range(10)) * 5)


def test_sessions_come_and_go(server):
    """Sessions that are released while others use theirs: nobody sees another's end."""
    server.ensure()
    failures = []

    def client(number):
        source = random.Random(number)
        try:
            for _ in range(10):
                wire = Wire(server.remote)
                _, stream = wire.execute(plan(numbers(source.choice([10, 10**12]))))
                next(stream)
                if source.randrange(2):
                    wire.stub.Interrupt(wire.request(pb.InterruptRequest, interrupt_type=1))
                wire.stub.ReleaseSession(wire.request(pb.ReleaseSessionRequest))
                spark_version = pb.AnalyzePlanRequest.SparkVersion()
                assert Failure(lambda: wire.analyze(spark_version=spark_version)).condition == "INVALID_HANDLE.SESSION_CLOSED"
                wire.channel.close()
        except BaseException as error:  # noqa: B036
            failures.append(error)

    threads = [threading.Thread(target=client, args=(i,)) for i in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]
