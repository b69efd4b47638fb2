"""What no client should send: the server answers with an error, and the next query of anybody works."""

import random
import threading
import time

import grpc
import pyspark.sql.connect.proto as pb
import pytest
from conftest import settings
from wire import Failure, Wire, numbers, plan, relation

SECONDS_MAX = 60


@pytest.fixture(scope="module")
def own(own_server):
    """A server that this module may hurt."""
    return own_server(*settings(spark__driver__memory="1g"))


@pytest.fixture
def wire(own):
    own.ensure()
    return Wire(own.remote)


def rows(wire, text):
    _, stream = wire.execute(plan(relation(sql=pb.SQL(query=text))))
    return sum(r.arrow_batch.row_count for r in stream if r.HasField("arrow_batch"))


def outcome(wire, text):
    """The number of rows, or the condition of the error. Within the time that any statement may take."""
    start = time.monotonic()
    try:
        return rows(wire, text)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.INTERNAL, error
        return Failure(lambda: wire.execute(plan(relation(sql=pb.SQL(query=text))))[1]).condition
    finally:
        assert time.monotonic() - start < SECONDS_MAX


DEEP = {
    "parentheses": "SELECT " + "(" * 20_000 + "1" + ")" * 20_000,
    "open parentheses": "SELECT " + "(" * 20_000,
    "terms": "SELECT " + "+".join(["id"] * 2_000) + " FROM range(3)",
    "conditions": "SELECT 1 WHERE " + " AND ".join(["1=1"] * 2_000),
    "negations": "SELECT " + "NOT " * 20_000 + "true",
    "minuses": "SELECT " + "- " * 20_000 + "1",
    "queries": "SELECT * FROM (" * 300 + "SELECT 1" + ") t" * 300,
    "too many queries": "SELECT * FROM (" * 5_000 + "SELECT 1" + ") t" * 5_000,
    "unions": " UNION ALL ".join(["SELECT 1"] * 1_000),
    "cases": "CASE WHEN true THEN ".join(["SELECT "] + [""] * 500) + "1" + " END" * 500,
    "functions": "SELECT " + "abs(" * 2_000 + "1" + ")" * 2_000,
    "arrays": "SELECT " + "array(" * 1_000 + "1" + ")" * 1_000,
    "types": "SELECT CAST(NULL AS " + "array<" * 20_000 + "int" + ">" * 20_000 + ")",
    "brackets": "SELECT a" + "[0" * 20_000 + "]" * 20_000,
    "comments": "SELECT 1 " + "/*" * 20_000 + "*/" * 20_000,
    "joins": "SELECT 1 FROM range(1) " + " ".join(f"CROSS JOIN range(1) t{i}" for i in range(200)),
    "ctes": "WITH " + ", ".join(f"c{i} AS (SELECT * FROM {'c' + str(i - 1) if i else 'range(1)'})" for i in range(300)) + " SELECT * FROM c299",
    "columns": "SELECT " + ", ".join(f"{i} AS c{i}" for i in range(5_000)),
    "in list": "SELECT 1 WHERE 1 IN (" + ", ".join(map(str, range(20_000))) + ")",
    "literal": "SELECT '" + "x" * 5_000_000 + "'",
    "digits": "SELECT " + "9" * 100_000,
    "escapes": "SELECT '" + "\\u0041" * 100_000 + "'",
}


@pytest.mark.parametrize("what", DEEP)
def test_deep_and_long_statements(wire, what):
    assert outcome(wire, DEEP[what]) is not None
    assert rows(wire, "SELECT 1") == 1


# What takes a time linear in its length, which is well below the limit for one statement.
LINEAR_SECONDS_MAX = 10
LONG = {
    "sum": "SELECT " + "+".join(["1"] * 2_000),
    "sum of decimals": "SELECT " + "+".join(["1.5"] * 2_000),
    "sum of several types": "SELECT " + "+".join(["1", "2.5D", "3L", "4Y"] * 500),
    "sum in projections": "SELECT x FROM " + "(SELECT x + 1 AS x FROM " * 200 + "(SELECT 1 AS x)" + ")" * 200,
    "concatenation": "SELECT " + "||".join(["'some text'"] * 2_000),
    "conjunction": "SELECT " + " AND ".join(["1 < 2"] * 2_000),
    "in list": "SELECT count(*) FROM range(10) WHERE id IN (" + ", ".join(map(str, range(2_000))) + ")",
    "parentheses": "SELECT " + "(" * 20_000 + "1" + ")" * 20_000,
    "queries": "SELECT * FROM (" * 300 + "SELECT 1" + ") t" * 300,
}


@pytest.mark.parametrize("what", LONG)
def test_long_statements_take_linear_time(wire, what):
    start = time.monotonic()
    assert rows(wire, LONG[what]) == 1
    assert time.monotonic() - start < LINEAR_SECONDS_MAX


def test_long_statements_that_fail(wire):
    assert outcome(wire, "SELECT 2147483647" + " + 1" * 2_000) == "ARITHMETIC_OVERFLOW"


LARGE = {
    "array_repeat": "SELECT size(array_repeat('some text', 2000000000))",
    "array_repeat of columns": "SELECT sum(size(array_repeat(id, 100000000))) FROM range(1000)",
    "array_repeat of nothing": "SELECT size(array_repeat(NULL, 900000000))",
    "array_insert": "SELECT size(array_insert(array(1), -1500000000, 2))",
    "sequence of timestamps": "SELECT size(sequence(TIMESTAMP'1970-01-01', TIMESTAMP'2030-01-01', INTERVAL '1' SECOND))",
    "repeat": "SELECT length(repeat('some text', 2000000000))",
    "repeat of columns": "SELECT sum(length(repeat(id, 50000000))) FROM range(2000)",
    "sequence": "SELECT size(sequence(1, 2000000000))",
    "sequence beyond": "SELECT size(sequence(1, 9000000000000000000))",
    "sequence of columns": "SELECT sum(size(sequence(0, id + 100000000))) FROM range(1000)",
    "lpad": "SELECT length(lpad('x', 2000000000, 'y'))",
    "space": "SELECT length(space(2000000000))",
    "concat doubles": "SELECT length(" + "repeat(" * 30 + "'x'" + ", 10)" * 30 + ")",
    "collect_list": "SELECT size(collect_list(repeat('x', 100000))) FROM range(1000000)",
    "regexp": "SELECT regexp_extract(repeat('a', 40) || 'b', '(a+)+c', 1)",
    "cross join": "SELECT collect_list(a.id + b.id) FROM range(100000) a CROSS JOIN range(1000000) b",
    "sort": "SELECT count(*) FROM (SELECT *, row_number() OVER (ORDER BY uuid()) AS r FROM range(30000000))",
}


@pytest.mark.parametrize("what", LARGE)
def test_large_values(wire, what):
    """Each ends with an error or a result, or runs on until it is interrupted; memory stays bounded."""
    other = Wire("sc://" + wire.address)
    _, stream = wire.execute(plan(relation(sql=pb.SQL(query=LARGE[what]))))

    def read():
        try:
            list(stream)
        except grpc.RpcError:
            pass  # any answer will do

    thread = threading.Thread(target=read)
    thread.start()
    thread.join(10)
    if thread.is_alive():
        wire.stub.Interrupt(wire.request(pb.InterruptRequest, interrupt_type=pb.InterruptRequest.INTERRUPT_TYPE_ALL))
        thread.join(10)
    assert not thread.is_alive()
    assert rows(other, "SELECT 1") == 1


def requests(wire):
    sql = plan(relation(sql=pb.SQL(query="SELECT 1 AS a")))
    yield "AnalyzePlan", wire.request(pb.AnalyzePlanRequest, schema=pb.AnalyzePlanRequest.Schema(plan=plan(numbers(3))))
    yield "AnalyzePlan", wire.request(pb.AnalyzePlanRequest, explain=pb.AnalyzePlanRequest.Explain(plan=sql, explain_mode=2))
    yield "AnalyzePlan", wire.request(pb.AnalyzePlanRequest, ddl_parse=pb.AnalyzePlanRequest.DDLParse(ddl_string="a INT"))
    get = pb.ConfigRequest.Get(keys=["spark.sql.ansi.enabled"])
    yield "Config", wire.request(pb.ConfigRequest, operation=pb.ConfigRequest.Operation(get=get))
    pairs = [pb.KeyValue(key="spark.sql.session.timeZone", value="UTC")]
    yield "Config", wire.request(pb.ConfigRequest, operation=pb.ConfigRequest.Operation(set=pb.ConfigRequest.Set(pairs=pairs)))
    yield "ArtifactStatus", wire.request(pb.ArtifactStatusesRequest, names=["files/a"])
    yield "Interrupt", wire.request(pb.InterruptRequest, interrupt_type=2, operation_tag="t")
    yield "FetchErrorDetails", wire.request(pb.FetchErrorDetailsRequest, error_id="x")
    yield "GetStatus", wire.request(pb.GetStatusRequest)
    yield "ReleaseExecute", wire.request(pb.ReleaseExecuteRequest, operation_id=wire.session)


def changed(data, source):
    """A few bytes otherwise, the same ones in every run."""
    data = bytearray(data)
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(data) + 1)
        what = source.randrange(4)
        if what == 0 and at < len(data):
            data[at] = source.randrange(256)
        elif what == 1:
            del data[at:at + source.randrange(8)]
        elif what == 2:
            data[at:at] = bytes(source.randrange(256) for _ in range(source.randrange(8)))
        else:
            data[at:at] = data[source.randrange(len(data) + 1):][:source.randrange(32)]
    return bytes(data)


def test_changed_requests(wire):
    source = random.Random(1)
    for method, request in requests(wire):
        data = request.SerializeToString()
        for _ in range(60):
            try:
                wire.raw(method, changed(data, source))
            except grpc.RpcError as error:
                assert error.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.DEADLINE_EXCEEDED), error
    assert rows(Wire("sc://" + wire.address), "SELECT 1") == 1


def test_changed_executions_and_uploads(wire):
    source = random.Random(2)
    execute = wire.request(pb.ExecutePlanRequest, plan=plan(relation(sql=pb.SQL(query="SELECT 1 AS a")))).SerializeToString()
    data = pb.AddArtifactsRequest.ArtifactChunk(data=b"abc", crc=891568578)
    batch = pb.AddArtifactsRequest.Batch(artifacts=[pb.AddArtifactsRequest.SingleChunkArtifact(name="files/a", data=data)])
    upload = wire.request(pb.AddArtifactsRequest, batch=batch).SerializeToString()
    stream = wire.channel.unary_stream("/spark.connect.SparkConnectService/ExecutePlan")
    artifacts = wire.channel.stream_unary("/spark.connect.SparkConnectService/AddArtifacts")
    for _ in range(100):
        for call in (lambda: list(stream(changed(execute, source), timeout=SECONDS_MAX)),
                     lambda: artifacts(iter([changed(upload, source)]), timeout=SECONDS_MAX)):
            try:
                call()
            except grpc.RpcError as error:
                assert error.code() == grpc.StatusCode.INTERNAL, error
    assert rows(Wire("sc://" + wire.address), "SELECT 1") == 1
