"""Time-outs and limits: servers of their own, with settings so small that a test reaches them."""

import threading
import time
import uuid

import grpc
import pyarrow as pa
import pyspark.sql.connect.proto as pb
import pytest
from conftest import connect, new_session, settings
from pyspark.errors import PySparkException
from wire import Failure, Wire, crc, numbers, plan, relation

SPARK_VERSION = pb.AnalyzePlanRequest.SparkVersion()
ENDLESS = 10**15


def wire_of(server):
    server.ensure()
    return Wire(server.remote)


def sql(text):
    return plan(relation(sql=pb.SQL(query=text)))


def count_rows(responses):
    return sum(r.arrow_batch.row_count for r in responses if r.HasField("arrow_batch"))


@pytest.fixture(scope="module")
def hasty(own_server):
    """Gives up early."""
    return own_server(*settings(spark__connect__execute__manager__detachedTimeout="1s",
                                spark__connect__session__manager__defaultSessionTimeout="3s",
                                spark__connect__execute__reattachable__senderMaxStreamDuration="1s"))


@pytest.fixture(scope="module")
def narrow(own_server):
    """Keeps and takes little."""
    return own_server(*settings(spark__connect__execute__reattachable__senderMaxStreamSize="1m",
                                spark__connect__execute__reattachable__observerRetryBufferSize="1k",
                                spark__connect__grpc__maxInboundMessageSize="1m", spark__connect__maxPlanSize="100k",
                                spark__connect__session__manager__closedSessionsTombstonesSize="1",
                                firesteel__session__maxOperations="2", firesteel__session__maxArtifactBytes="1000"))


def test_abandoned_operations(hasty):
    wire = wire_of(hasty)
    operation, stream = wire.execute(plan(numbers(ENDLESS)))
    next(stream)
    stream.cancel()
    condition, deadline = None, time.monotonic() + 10
    while condition != "INVALID_HANDLE.OPERATION_ABANDONED" and time.monotonic() < deadline:
        time.sleep(2.5)  # attached meanwhile, it is not abandoned
        try:
            stream = wire.reattach(operation)
            next(stream)
            stream.cancel()
        except grpc.RpcError:
            condition = Failure(lambda: wire.reattach(operation)).condition
    assert condition == "INVALID_HANDLE.OPERATION_ABANDONED"
    failure = Failure(lambda: wire.execute(plan(numbers(ENDLESS)), operation_id=operation)[1])
    assert failure.condition == "INVALID_HANDLE.OPERATION_ABANDONED"


def test_idle_sessions_end(hasty):
    wire = wire_of(hasty)
    wire.analyze(spark_version=SPARK_VERSION)
    time.sleep(5.5)
    assert Failure(lambda: wire.analyze(spark_version=SPARK_VERSION)).condition == "INVALID_HANDLE.SESSION_CLOSED"


def test_sessions_that_work_are_not_idle(hasty):
    wire = wire_of(hasty)
    operation, stream = wire.execute(plan(numbers(ENDLESS)))
    end = time.monotonic() + 5
    last = None
    while time.monotonic() < end:
        try:
            last = next(stream).response_id
        except StopIteration:  # cut on purpose after a second
            stream = wire.reattach(operation, last)
    assert wire.analyze(spark_version=SPARK_VERSION).spark_version.version == "4.2.0"
    wire.stub.Interrupt(wire.request(pb.InterruptRequest, interrupt_type=pb.InterruptRequest.INTERRUPT_TYPE_ALL))


def test_streams_are_cut_by_size(narrow):
    wire = wire_of(narrow)
    operation, stream = wire.execute(plan(numbers(1_500_000)))
    responses, streams = list(stream), 1
    while not responses[-1].HasField("result_complete"):
        responses += wire.reattach(operation, responses[-1].response_id)
        streams += 1
    assert count_rows(responses) == 1_500_000
    assert streams > 2
    # The first responses are not kept any more.
    failure = Failure(lambda: wire.reattach(operation, responses[0].response_id))
    assert failure.condition == "INVALID_CURSOR.POSITION_NOT_AVAILABLE"
    assert failure.parameters["responseId"] == responses[0].response_id
    assert Failure(lambda: wire.reattach(operation)).condition == "INVALID_CURSOR.POSITION_NOT_AVAILABLE"


def test_operations_at_once(narrow):
    wire = wire_of(narrow)
    streams = [wire.execute(plan(numbers(ENDLESS)))[1] for _ in range(2)]
    for stream in streams:
        next(stream)
    failure = Failure(lambda: wire.execute(plan(numbers(3)))[1])
    assert (failure.condition, failure.parameters) == (
        "INVALID_HANDLE.TOO_MANY_OPERATIONS", {"handle": wire.session, "limit": "2"})
    # Other sessions are not concerned.
    assert count_rows(list(wire_of(narrow).execute(plan(numbers(3)))[1])) == 3
    wire.stub.Interrupt(wire.request(pb.InterruptRequest, interrupt_type=pb.InterruptRequest.INTERRUPT_TYPE_ALL))
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            assert count_rows(list(wire.execute(plan(numbers(3)))[1])) == 3
            return
        except grpc.RpcError:
            time.sleep(0.05)
    raise AssertionError("the interrupted operations still count")


def test_operations_of_the_whole_server(own_server):
    server = own_server(*settings(firesteel__maxOperations="1"))
    wire = wire_of(server)
    next(wire.execute(plan(numbers(ENDLESS)))[1])
    with pytest.raises(grpc.RpcError) as raised:
        next(wire_of(server).execute(plan(numbers(3)))[1])
    assert raised.value.code() == grpc.StatusCode.UNAVAILABLE
    failure = Failure(lambda: wire_of(server).execute(plan(numbers(3)))[1])
    assert (failure.condition, failure.parameters["limit"]) == ("INVALID_HANDLE.SERVER_BUSY", "1")
    # The official client waits, and asks again.
    session = connect(server.remote, retries=100)
    interrupt = pb.InterruptRequest.INTERRUPT_TYPE_ALL
    timer = threading.Timer(0.5, lambda: wire.stub.Interrupt(wire.request(pb.InterruptRequest, interrupt_type=interrupt)))
    timer.start()
    assert session.range(3).count() == 3
    timer.join()
    session.stop()


def test_large_messages(narrow):
    wire = wire_of(narrow)
    table = pa.table({"x": ["y" * 900_000]})
    with pytest.raises(grpc.RpcError) as error:
        wire.analyze(schema=pb.AnalyzePlanRequest.Schema(plan=sql("SELECT '" + "x" * 2_000_000 + "'")))
    assert error.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    local = relation(local_relation=pb.LocalRelation(data=sink.getvalue().to_pybytes()))
    compressed = pa.compress(local.SerializeToString(), codec="zstd", asbytes=True)
    operation = pb.Plan.CompressedOperation(data=compressed, op_type=pb.Plan.CompressedOperation.OP_TYPE_RELATION,
                                            compression_codec=pb.COMPRESSION_CODEC_ZSTD)
    bomb = pb.Plan(compressed_operation=operation)
    failure = Failure(lambda: wire.analyze(schema=pb.AnalyzePlanRequest.Schema(plan=bomb)))
    assert failure.condition == "CONNECT_INVALID_PLAN.PLAN_SIZE_LARGER_THAN_MAX"
    assert failure.parameters["maxPlanSize"] == "102400"


def test_artifacts_fill_up(narrow):
    wire = wire_of(narrow)

    def upload(name, size):
        data = b"x" * size
        chunk = pb.AddArtifactsRequest.ArtifactChunk(data=data, crc=crc(data))
        artifact = pb.AddArtifactsRequest.SingleChunkArtifact(name=name, data=chunk)
        batch = pb.AddArtifactsRequest.Batch(artifacts=[artifact])
        return wire.stub.AddArtifacts(iter([wire.request(pb.AddArtifactsRequest, batch=batch)]))

    upload("files/a", 600)
    failure = Failure(lambda: upload("files/b", 600))
    assert failure.condition == "CONNECT_INVALID_PLAN.ARTIFACTS_SIZE_LIMIT_EXCEEDED"
    assert failure.parameters == {"name": "files/b", "limit": "1000"}
    upload("files/c", 400)  # what was refused takes no room
    clone = wire.stub.CloneSession(wire.request(pb.CloneSessionRequest))
    wire.session = clone.new_session_id
    statuses = wire.stub.ArtifactStatus(wire.request(pb.ArtifactStatusesRequest, names=["files/a", "files/b"])).statuses
    assert (statuses["files/a"].exists, statuses["files/b"].exists) == (True, False)


def test_tombstones_are_forgotten(narrow):
    first, second = wire_of(narrow), wire_of(narrow)
    for wire in (first, second):
        wire.analyze(spark_version=SPARK_VERSION)
        wire.stub.ReleaseSession(wire.request(pb.ReleaseSessionRequest))
    assert first.analyze(spark_version=SPARK_VERSION).session_id == first.session
    assert Failure(lambda: second.analyze(spark_version=SPARK_VERSION)).condition == "INVALID_HANDLE.SESSION_CLOSED"


def test_a_session_that_eats_its_memory_fails_alone(own_server):
    server = own_server(*settings(spark__driver__memory="200m", spark__master="local[1]"))
    hungry, other = wire_of(server), wire_of(server)
    # Lists cannot be spilled.
    text = "SELECT size(collect_list(concat('some text that is long enough ', id))) AS n FROM range(20000000)"
    failure = Failure(lambda: hungry.execute(sql(text))[1])
    assert failure.condition == "UNABLE_TO_ACQUIRE_MEMORY"
    assert failure.info["sqlState"] == "53200"
    for wire in (hungry, other):
        assert count_rows(list(wire.execute(plan(numbers(3)))[1])) == 3


def resident_bytes(server):
    with open(f"/proc/{server.process.pid}/status") as f:
        return 1024 * int(next(line for line in f if line.startswith("VmRSS")).split()[1])


@pytest.mark.parametrize("form", ["parquet", "csv", "json"])
def test_writes_that_eat_their_memory(own_server, tmp_path, form):
    """A kernel's vector that is too big: DuckDB says so by an exception."""
    spark = new_session(own_server(*settings(spark__driver__memory="300m", spark__master="local[1]")))
    rows = spark.range(3).selectExpr("cast(array_repeat(id, 200000000) AS STRING) AS t")
    with pytest.raises(PySparkException) as error:
        rows.write.format(form).save(str(tmp_path / "t"))
    assert error.value.getCondition() == "UNABLE_TO_ACQUIRE_MEMORY"
    assert not (tmp_path / "t").exists()
    spark.stop()


def test_sessions_share_the_memory(own_server, memory_is_the_servers):
    """Three queries that would each like to have all of it."""
    limit = 300 << 20
    server = own_server(*settings(spark__driver__memory="300m", spark__master="local[2]"))
    text = ("SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY s DESC) AS n, s FROM "
            "(SELECT concat('some text that is long enough ', id * 7919 % 3000017) AS s FROM range(2000000)))")
    server.ensure()
    base, peak, results = resident_bytes(server), 0, []

    def run():
        session = connect(server.remote, retries=2)
        results.append(session.sql(text).collect()[0][0])
        session.stop()

    clients = [threading.Thread(target=run) for _ in range(3)]
    for client in clients:
        client.start()
    while any(client.is_alive() for client in clients):
        peak = max(peak, resident_bytes(server) - base)
        time.sleep(0.02)
    assert results == [2_000_000] * 3
    assert peak < 2 * limit, f"{peak >> 20} MiB"


def test_released_sessions_leave_nothing_on_disk(own_server, tmp_path):
    wire = wire_of(own_server(*settings(spark__local__dir=tmp_path)))
    data = b"abc"
    chunk = pb.AddArtifactsRequest.ArtifactChunk(data=data, crc=crc(data))
    artifact = pb.AddArtifactsRequest.SingleChunkArtifact(name="files/a", data=chunk)
    batch = pb.AddArtifactsRequest.Batch(artifacts=[artifact])
    wire.stub.AddArtifacts(iter([wire.request(pb.AddArtifactsRequest, batch=batch)]))
    list(wire.execute(plan(numbers(3)))[1])
    assert [f for f in tmp_path.rglob("*") if f.is_file()] != []
    wire.stub.ReleaseSession(wire.request(pb.ReleaseSessionRequest))
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and [f for f in tmp_path.rglob("*") if f.is_file()]:
        time.sleep(0.05)
    assert [f for f in tmp_path.rglob("*") if f.is_file()] == []


SESSIONS = 10_000
SESSION_BYTES_MAX = 20_000


def test_idle_sessions_are_small(own_server, memory_is_the_servers):
    """Ten thousand clients that came, set something and wait."""
    server = own_server()

    def sessions(wire, count):
        pairs = [pb.KeyValue(key="spark.sql.session.timeZone", value="UTC")]
        pending = []
        for _ in range(count):
            wire.session = str(uuid.uuid4())
            request = wire.request(pb.ConfigRequest, operation=pb.ConfigRequest.Operation(set=pb.ConfigRequest.Set(pairs=pairs)))
            pending.append(wire.stub.Config.future(request))
            if len(pending) >= 100:
                pending.pop(0).result()
        for call in pending:
            call.result()

    wire = wire_of(server)
    sessions(wire, 500)
    before = resident_bytes(server)
    sessions(wire, SESSIONS)
    each = (resident_bytes(server) - before) / SESSIONS
    print(f"{each:.0f} bytes for each of {SESSIONS} sessions")
    assert each <= SESSION_BYTES_MAX
    assert wire.analyze(spark_version=SPARK_VERSION).spark_version.version == "4.2.0"


def test_observed_session_ids(narrow):
    """Every RPC that names a session notices a server that is not the one the client knew."""
    wire = wire_of(narrow)
    wire.analyze(spark_version=SPARK_VERSION)
    requests = {
        "AnalyzePlan": wire.request(pb.AnalyzePlanRequest, spark_version=SPARK_VERSION),
        "Config": wire.request(pb.ConfigRequest, operation=pb.ConfigRequest.Operation(get_all=pb.ConfigRequest.GetAll())),
        "ArtifactStatus": wire.request(pb.ArtifactStatusesRequest, names=["a"]),
        "Interrupt": wire.request(pb.InterruptRequest, interrupt_type=pb.InterruptRequest.INTERRUPT_TYPE_ALL),
        "ReattachExecute": wire.request(pb.ReattachExecuteRequest, operation_id=str(uuid.uuid4())),
        "ReleaseExecute": wire.request(pb.ReleaseExecuteRequest, operation_id=str(uuid.uuid4()),
                                       release_all=pb.ReleaseExecuteRequest.ReleaseAll()),
        "FetchErrorDetails": wire.request(pb.FetchErrorDetailsRequest, error_id="x"),
        "CloneSession": wire.request(pb.CloneSessionRequest),
        "GetStatus": wire.request(pb.GetStatusRequest),
        "ExecutePlan": wire.request(pb.ExecutePlanRequest, plan=plan(numbers(1))),
    }
    for method, request in requests.items():
        request.client_observed_server_side_session_id = str(uuid.uuid4())
        failure = Failure(lambda: getattr(wire.stub, method)(request))
        assert failure.condition == "INVALID_HANDLE.SESSION_CHANGED", method
        assert failure.parameters == {"handle": wire.session}, method
