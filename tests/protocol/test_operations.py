"""Executions: streams of responses, reattaching, releasing, interrupting."""

import threading
import time
import uuid

import grpc
import pyarrow as pa
import pyspark.sql.connect.proto as pb
import pytest
from conftest import new_session
from wire import Failure, Wire, numbers, plan, relation

MANY = 3_000_000  # rows: 24 MB, more than the server buffers
ENDLESS = 10**15


@pytest.fixture
def wire(server):
    server.ensure()
    return Wire(server.remote)


def kinds(responses):
    return [r.WhichOneof("response_type") or ("schema" if r.HasField("schema") else "metrics") for r in responses]


def rows(responses):
    """Column 0 of all batches; the counts and offsets must be right."""
    out = []
    for response in responses:
        if response.HasField("arrow_batch"):
            batch = response.arrow_batch
            table = pa.ipc.open_stream(batch.data).read_all()
            assert table.num_rows == batch.row_count
            assert batch.start_offset == len(out)
            out.extend(table.column(0).to_pylist())
    return out


def test_a_query_from_schema_to_completion(wire):
    operation, stream = wire.execute(plan(numbers(3)))
    responses = list(stream)
    assert [k for k in kinds(responses) if k != "metrics"] == ["schema", "arrow_batch", "result_complete"]
    assert rows(responses) == [0, 1, 2]
    assert {r.operation_id for r in responses} == {operation}
    assert len({r.response_id for r in responses}) == len(responses)
    assert responses[0].schema.struct.fields[0].name == "id"


def test_an_empty_result_has_one_batch(wire):
    _, stream = wire.execute(plan(numbers(0)))
    batches = [r.arrow_batch for r in stream if r.HasField("arrow_batch")]
    assert [b.row_count for b in batches] == [0]
    assert pa.ipc.open_stream(batches[0].data).schema.names == ["id"]


def test_not_reattachable_streams_have_no_completion(wire):
    operation, stream = wire.execute(plan(numbers(3)), reattachable=False)
    responses = list(stream)
    assert "result_complete" not in kinds(responses)
    again = Failure(lambda: wire.reattach(operation))
    assert again.condition in ("INVALID_HANDLE.OPERATION_NOT_FOUND", "INVALID_CURSOR.NOT_REATTACHABLE")


def test_large_results_come_whole(wire):
    _, stream = wire.execute(plan(numbers(MANY)))
    responses = list(stream)
    assert rows(responses) == list(range(MANY))
    assert max(r.ByteSize() for r in responses) < 4_500_000


def test_reattach_anywhere(wire):
    operation, stream = wire.execute(plan(numbers(1_000_000)))
    responses = list(stream)
    for at in range(len(responses)):
        rest = list(wire.reattach(operation, responses[at].response_id))
        assert [r.response_id for r in rest] == [r.response_id for r in responses[at + 1:]]
    assert [r.response_id for r in wire.reattach(operation)] == [r.response_id for r in responses]


def test_reattaching_needs_no_other_traffic(wire):
    """What waits for a client goes out by itself, although nothing else uses the connection."""
    operation, stream = wire.execute(plan(numbers(3)))
    responses = list(stream)
    for _ in range(20):
        again = Wire("sc://" + wire.address)
        again.session = wire.session
        start = time.monotonic()
        assert [r.response_id for r in again.reattach(operation)] == [r.response_id for r in responses]
        assert time.monotonic() - start < 10
        again.channel.close()


def test_cut_streams_go_on(wire):
    operation, stream = wire.execute(plan(numbers(MANY)))
    seen = [next(stream), next(stream)]
    stream.cancel()
    rest = list(wire.reattach(operation, seen[-1].response_id))
    assert rows(seen + rest) == list(range(MANY))
    assert kinds(rest)[-1] == "result_complete"


def test_unknown_positions(wire):
    operation, stream = wire.execute(plan(numbers(3)))
    responses = list(stream)
    failure = Failure(lambda: wire.reattach(operation, str(uuid.uuid4())))
    assert failure.condition == "INVALID_CURSOR.POSITION_NOT_FOUND"
    release = wire.request(pb.ReleaseExecuteRequest, operation_id=operation)
    release.release_until.response_id = responses[1].response_id
    assert wire.stub.ReleaseExecute(release).operation_id == operation
    failure = Failure(lambda: wire.reattach(operation, responses[0].response_id))
    assert failure.condition == "INVALID_CURSOR.POSITION_NOT_AVAILABLE"
    assert [r.response_id for r in wire.reattach(operation, responses[1].response_id)] == [
        r.response_id for r in responses[2:]]


def test_released_operations_are_gone(wire):
    operation, stream = wire.execute(plan(numbers(3)))
    list(stream)
    release = wire.request(pb.ReleaseExecuteRequest, operation_id=operation, release_all=pb.ReleaseExecuteRequest.ReleaseAll())
    assert wire.stub.ReleaseExecute(release).operation_id == operation
    assert not wire.stub.ReleaseExecute(release).HasField("operation_id")
    assert Failure(lambda: wire.reattach(operation)).condition == "INVALID_HANDLE.OPERATION_NOT_FOUND"
    failure = Failure(lambda: wire.execute(plan(numbers(3)), operation_id=operation)[1])
    assert failure.condition == "INVALID_HANDLE.OPERATION_ALREADY_EXISTS"


def test_operation_ids(wire):
    operation, stream = wire.execute(plan(numbers(3)))
    list(stream)
    failure = Failure(lambda: wire.execute(plan(numbers(4)), operation_id=operation)[1])
    assert failure.condition == "INVALID_HANDLE.OPERATION_ALREADY_EXISTS"
    failure = Failure(lambda: wire.execute(plan(numbers(3)), operation_id="x")[1])
    assert failure.condition == "INVALID_HANDLE.FORMAT"
    assert Failure(lambda: wire.reattach(str(uuid.uuid4()))).condition == "INVALID_HANDLE.OPERATION_NOT_FOUND"


def test_a_repeated_request_runs_once(wire):
    """A client that lost the answer asks again with the same plan and id."""
    create = pb.Command(sql_command=pb.SqlCommand(sql="CREATE TEMPORARY VIEW once AS SELECT 1 AS x"))
    operation, stream = wire.execute(pb.Plan(command=create))
    responses = list(stream)
    for _ in range(3):
        again = list(wire.execute(pb.Plan(command=create), operation_id=operation)[1])
        assert [r.response_id for r in again] == [r.response_id for r in responses]


def test_repeated_requests_that_cannot_be_attached_to(wire):
    operation, stream = wire.execute(plan(numbers(ENDLESS)), reattachable=False)
    next(stream)
    failure = Failure(lambda: wire.execute(plan(numbers(ENDLESS)), operation_id=operation, reattachable=False)[1])
    assert failure.condition == "INVALID_CURSOR.NOT_REATTACHABLE"
    stream.cancel()


def test_another_reader_takes_over(wire):
    operation, first = wire.execute(plan(numbers(ENDLESS)))
    next(first)
    second = wire.reattach(operation)
    next(second)
    assert Failure(lambda: first).condition == "INVALID_CURSOR.DISCONNECTED"
    wire.stub.Interrupt(wire.request(pb.InterruptRequest, interrupt_type=pb.InterruptRequest.INTERRUPT_TYPE_ALL))


@pytest.mark.parametrize("how", ["all", "tag", "id"])
def test_interrupt(wire, how):
    operation, stream = wire.execute(plan(numbers(ENDLESS)), tags=["t"])
    failures = []
    thread = threading.Thread(target=lambda: failures.append(Failure(lambda: stream)))
    thread.start()
    time.sleep(0.3)
    request = wire.request(pb.InterruptRequest)
    if how == "all":
        request.interrupt_type = pb.InterruptRequest.INTERRUPT_TYPE_ALL
    elif how == "tag":
        request.interrupt_type, request.operation_tag = pb.InterruptRequest.INTERRUPT_TYPE_TAG, "t"
    else:
        request.interrupt_type, request.operation_id = pb.InterruptRequest.INTERRUPT_TYPE_OPERATION_ID, operation
    start = time.monotonic()
    assert list(wire.stub.Interrupt(request).interrupted_ids) == [operation]
    thread.join(10)
    assert time.monotonic() - start < 1
    assert failures[0].condition == "OPERATION_CANCELED"
    status = wire.request(pb.GetStatusRequest)
    status.operation_status.operation_ids.append(operation)
    (state,) = wire.stub.GetStatus(status).operation_statuses
    assert state.state == pb.GetStatusResponse.OperationStatus.OPERATION_STATE_CANCELLED


def wait_until_nothing_runs(wire):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        request = wire.request(pb.GetStatusRequest, operation_status=pb.GetStatusRequest.OperationStatusRequest())
        states = wire.stub.GetStatus(request).operation_statuses
        if all(s.state != pb.GetStatusResponse.OperationStatus.OPERATION_STATE_RUNNING for s in states):
            return
        time.sleep(0.05)
    raise AssertionError("the query still runs")


def test_clients_that_vanish_stop_their_query(wire):
    _, stream = wire.execute(plan(numbers(ENDLESS)), reattachable=False)
    next(stream)
    stream.cancel()
    wait_until_nothing_runs(wire)


SLOW = "SELECT count(*) AS n FROM range(100000000000) WHERE id % 7 = 3"


def slow_command(kind, folder):
    slow = relation(sql=pb.SQL(query=SLOW))
    if kind == "write":
        write = pb.WriteOperation(input=slow, source="parquet", path=str(folder / "out"), mode="SAVE_MODE_OVERWRITE")
        return pb.Plan(command=pb.Command(write_operation=write))
    return plan(slow)


@pytest.mark.parametrize("kind", ["write", "aggregate", "kept"])
def test_interrupts_end_the_work_itself(wire, kind, tmp_path):
    """Not only the client's stream: the server is idle afterwards."""
    if kind == "kept":
        persist = pb.AnalyzePlanRequest.Persist(relation=relation(sql=pb.SQL(query=SLOW)))
        wire.analyze(persist=persist)
    _, stream = wire.execute(slow_command(kind, tmp_path))
    failures = []
    thread = threading.Thread(target=lambda: failures.append(Failure(lambda: stream)))
    thread.start()
    time.sleep(0.5)
    start = time.monotonic()
    wire.stub.Interrupt(wire.request(pb.InterruptRequest, interrupt_type=pb.InterruptRequest.INTERRUPT_TYPE_ALL))
    thread.join(10)
    assert time.monotonic() - start < 1
    assert failures[0].condition == "OPERATION_CANCELED"
    # The session's next query has all of the engine.
    _, stream = wire.execute(plan(numbers(3)))
    assert rows(list(stream)) == [0, 1, 2]
    deadline = time.monotonic() + 5
    while (tmp_path / "out").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not (tmp_path / "out").exists()


def test_metrics_of_the_plan(wire):
    text = "SELECT id % 10 AS k, count(*) AS n FROM range(100000) WHERE id % 2 = 0 GROUP BY k ORDER BY k"
    responses = list(wire.execute(plan(relation(sql=pb.SQL(query=text))))[1])
    assert kinds(responses) == ["schema", "arrow_batch", "metrics", "result_complete"]
    metrics = {m.plan_id: m for m in responses[2].metrics.metrics}
    rows_of = {}
    for m in metrics.values():
        assert m.parent in metrics
        (key, value), = m.execution_metrics.items()
        assert (key, value.name, value.metric_type) == ("numOutputRows", "number of output rows", "sum")
        rows_of.setdefault(m.name, []).append(value.value)
    assert rows_of["Sort"] == [5] and rows_of["HashAggregate"] == [5] and rows_of["Range"] == [100000]
    assert 50000 in rows_of["Filter"]
    roots = [m for m in metrics.values() if m.parent == m.plan_id]
    assert len(roots) == 1


def test_metrics_in_pyspark(server):
    session = new_session(server)
    frame = session.range(100).filter("id < 7")
    frame.collect()
    metrics = frame.executionInfo.metrics
    assert "Range(numOutputRows: 100 (sum))" in metrics.toText(), metrics.toText()
    session.stop()


def test_observed_metrics(server):
    from pyspark.sql import Observation
    from pyspark.sql import functions as f

    session = new_session(server)
    observation = Observation("seen")
    frame = session.range(100).observe(observation, f.count("*").alias("rows"), f.max("id").alias("largest"),
                                       f.collect_list(f.col("id") % 2).alias("list"))
    assert frame.filter("id < 3").count() == 3
    assert (observation.get["rows"], observation.get["largest"], len(observation.get["list"])) == (100, 99, 100)
    session.stop()


def test_progress(server):
    session = new_session(server)
    session.conf.set("spark.connect.progress.reportInterval", "200ms")
    told = []
    session.registerProgressHandler(lambda **what: told.append(what))
    session.sql("SELECT sum(hash(id)) FROM range(300000000)").collect()
    done = [stage.num_completed_tasks / stage.num_tasks for what in told for stage in what["stages"]]
    assert done and done == sorted(done) and 0 <= done[0] and done[-1] <= 1
    session.stop()


def test_deadlines_stop_the_query(wire):
    request = wire.request(pb.ExecutePlanRequest, plan=plan(numbers(ENDLESS)))
    with pytest.raises(grpc.RpcError) as error:
        list(wire.stub.ExecutePlan(request, timeout=0.5))
    assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    wait_until_nothing_runs(wire)


def test_released_sessions_end_their_queries(wire):
    _, stream = wire.execute(plan(numbers(ENDLESS)))
    next(stream)
    wire.stub.ReleaseSession(wire.request(pb.ReleaseSessionRequest))
    with pytest.raises(grpc.RpcError):
        list(stream)
