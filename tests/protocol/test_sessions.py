"""Sessions, settings, errors on the wire, probes."""

import threading
import time
import uuid

import grpc
import pyarrow as pa
import pyspark.sql.connect.proto as pb
import pytest
from conftest import new_session
from wire import Failure, Wire, crc, one_row, plan

SPARK_VERSION = pb.AnalyzePlanRequest.SparkVersion()


@pytest.fixture
def wire(server):
    server.ensure()
    return Wire(server.remote)


def test_version_and_ids(wire):
    first = wire.analyze(spark_version=SPARK_VERSION)
    assert first.spark_version.version == "4.2.0"
    assert first.session_id == wire.session
    assert uuid.UUID(first.server_side_session_id) != uuid.UUID(wire.session)
    assert wire.analyze(spark_version=SPARK_VERSION).server_side_session_id == first.server_side_session_id


def test_sessions_of_other_users_are_other_sessions(wire):
    mine = wire.config(set=pb.ConfigRequest.Set(pairs=[pb.KeyValue(key="x.y", value="1")]))
    other = Wire("sc://" + wire.address, user="other")
    other.session = wire.session
    answer = other.config(get_option=pb.ConfigRequest.GetOption(keys=["x.y"]))
    assert answer.server_side_session_id != mine.server_side_session_id
    assert not answer.pairs[0].HasField("value")


def test_session_id_must_be_a_uuid(wire):
    wire.session = "not-a-uuid"
    failure = Failure(lambda: wire.analyze(spark_version=SPARK_VERSION))
    assert (failure.code, failure.condition) == (grpc.StatusCode.INTERNAL, "INVALID_HANDLE.FORMAT")
    assert failure.domain == "org.apache.spark"
    assert failure.info["sqlState"] == "HY000"


def test_a_new_server_is_noticed(wire):
    request = wire.request(pb.AnalyzePlanRequest, spark_version=SPARK_VERSION)
    request.client_observed_server_side_session_id = str(uuid.uuid4())
    assert Failure(lambda: wire.stub.AnalyzePlan(request)).condition == "INVALID_HANDLE.SESSION_CHANGED"


def test_released_sessions_stay_closed(wire):
    wire.analyze(spark_version=SPARK_VERSION)
    wire.stub.ReleaseSession(wire.request(pb.ReleaseSessionRequest))
    assert Failure(lambda: wire.analyze(spark_version=SPARK_VERSION)).condition == "INVALID_HANDLE.SESSION_CLOSED"


def test_released_sessions_may_come_back(wire):
    before = wire.analyze(spark_version=SPARK_VERSION).server_side_session_id
    wire.stub.ReleaseSession(wire.request(pb.ReleaseSessionRequest, allow_reconnect=True))
    assert wire.analyze(spark_version=SPARK_VERSION).server_side_session_id != before


def test_clone(wire):
    wire.config(set=pb.ConfigRequest.Set(pairs=[pb.KeyValue(key="spark.sql.ansi.enabled", value="false")]))
    answer = wire.stub.CloneSession(wire.request(pb.CloneSessionRequest))
    clone = Wire("sc://" + wire.address)
    clone.session = answer.new_session_id
    pairs = clone.config(get=pb.ConfigRequest.Get(keys=["spark.sql.ansi.enabled"]))
    assert pairs.pairs[0].value == "false"
    assert pairs.server_side_session_id == answer.new_server_side_session_id
    again = wire.request(pb.CloneSessionRequest, new_session_id=answer.new_session_id)
    assert Failure(lambda: wire.stub.CloneSession(again)).condition == (
        "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_ALREADY_EXISTS")


def sql_of(wire, text):
    """Runs a statement; gives the first column of its rows."""
    command = pb.Plan(command=pb.Command(sql_command=pb.SqlCommand(input=pb.Relation(sql=pb.SQL(query=text)))))
    results = [r.sql_command_result.relation for r in wire.execute(command)[1] if r.HasField("sql_command_result")]
    rows = []
    for response in wire.execute(plan(results[0]))[1]:
        if response.HasField("arrow_batch"):
            table = pa.ipc.open_stream(response.arrow_batch.data).read_all()
            rows += table.column(0).to_pylist() if table.num_columns else []
    return rows


def test_clones_have_what_the_session_had(wire):
    sql_of(wire, "CREATE TEMPORARY VIEW numbers AS SELECT id AS x FROM range(3)")
    data = b"abc"
    chunk = pb.AddArtifactsRequest.ArtifactChunk(data=data, crc=crc(data))
    artifact = pb.AddArtifactsRequest.SingleChunkArtifact(name="files/a", data=chunk)
    batch = pb.AddArtifactsRequest.Batch(artifacts=[artifact])
    wire.stub.AddArtifacts(iter([wire.request(pb.AddArtifactsRequest, batch=batch)]))
    answer = wire.stub.CloneSession(wire.request(pb.CloneSessionRequest))
    clone = Wire("sc://" + wire.address)
    clone.session = answer.new_session_id
    assert sql_of(clone, "SELECT x FROM numbers") == [0, 1, 2]
    statuses = clone.stub.ArtifactStatus(clone.request(pb.ArtifactStatusesRequest, names=["files/a"])).statuses
    assert statuses["files/a"].exists
    assert sql_of(clone, "SELECT current_database()") == sql_of(wire, "SELECT current_database()")
    # From here on they are two: what one does is not the other's.
    sql_of(clone, "DROP VIEW numbers")
    sql_of(clone, "CREATE TEMPORARY VIEW other AS SELECT 1 AS x")
    assert sql_of(wire, "SELECT x FROM numbers") == [0, 1, 2]
    assert Failure(lambda: wire.execute(plan(pb.Relation(sql=pb.SQL(query="SELECT * FROM other"))))[1]).condition == (
        "TABLE_OR_VIEW_NOT_FOUND")
    wire.stub.ReleaseSession(wire.request(pb.ReleaseSessionRequest))
    assert sql_of(clone, "SELECT x FROM other") == [1]


def test_clones_of_nothing(wire):
    missing = wire.request(pb.CloneSessionRequest)
    assert Failure(lambda: wire.stub.CloneSession(missing)).condition == "INVALID_HANDLE.SESSION_NOT_FOUND"
    wire.analyze(spark_version=SPARK_VERSION)
    bad = wire.request(pb.CloneSessionRequest, new_session_id="x")
    assert Failure(lambda: wire.stub.CloneSession(bad)).condition == (
        "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_FORMAT")
    closed = Wire("sc://" + wire.address)
    closed.analyze(spark_version=SPARK_VERSION)
    closed.stub.ReleaseSession(closed.request(pb.ReleaseSessionRequest))
    again = wire.request(pb.CloneSessionRequest, new_session_id=closed.session)
    assert Failure(lambda: wire.stub.CloneSession(again)).condition == (
        "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_ALREADY_CLOSED")


def test_status_of_operations(wire):
    states = pb.GetStatusResponse.OperationStatus

    def status(*ids):
        wanted = pb.GetStatusRequest.OperationStatusRequest(operation_ids=ids)
        answer = wire.stub.GetStatus(wire.request(pb.GetStatusRequest, operation_status=wanted))
        return {s.operation_id: s.state for s in answer.operation_statuses}

    good, stream = wire.execute(plan(one_row()))
    list(stream)
    bad, stream = wire.execute(plan(pb.Relation(sql=pb.SQL(query="SELECT 1 / (SELECT 0)"))))
    assert Failure(lambda: stream).condition == "DIVIDE_BY_ZERO"
    unknown = str(uuid.uuid4())
    assert status(good, bad, unknown) == {good: states.OPERATION_STATE_SUCCEEDED, bad: states.OPERATION_STATE_FAILED,
                                          unknown: states.OPERATION_STATE_UNKNOWN}
    assert status() == {good: states.OPERATION_STATE_SUCCEEDED, bad: states.OPERATION_STATE_FAILED}
    release = wire.request(pb.ReleaseExecuteRequest, operation_id=good, release_all=pb.ReleaseExecuteRequest.ReleaseAll())
    wire.stub.ReleaseExecute(release)
    assert status(good) == {good: states.OPERATION_STATE_SUCCEEDED}
    other = Wire("sc://" + wire.address, user="other")
    other.session = wire.session
    other.analyze(spark_version=SPARK_VERSION)
    answer = other.stub.GetStatus(other.request(pb.GetStatusRequest, operation_status=pb.GetStatusRequest.OperationStatusRequest()))
    assert list(answer.operation_statuses) == []


SETTINGS = [  # recorded from Apache Spark 4.2.0: spark.conf.set
    ("spark.driver.memory", "1g", "CANNOT_MODIFY_CONFIG",
     {"key": '"spark.driver.memory"', "docroot": "https://spark.apache.org/docs/latest"}),
    ("spark.sql.warehouse.dir", "/x", "CANNOT_MODIFY_STATIC_CONFIG", {"key": '"spark.sql.warehouse.dir"'}),
    ("spark.connect.grpc.binding.port", "1", "CANNOT_MODIFY_STATIC_CONFIG", {"key": '"spark.connect.grpc.binding.port"'}),
    ("spark.sql.session.timeZone", "Mars/X", "INVALID_CONF_VALUE.TIME_ZONE",
     {"confValue": "Mars/X", "confName": "spark.sql.session.timeZone"}),
    ("spark.sql.shuffle.partitions", "x", "INVALID_CONF_VALUE.TYPE_MISMATCH",
     {"confName": "spark.sql.shuffle.partitions", "confValue": "x", "confType": "int"}),
    ("spark.sql.ansi.enabled", "yes", "INVALID_CONF_VALUE.TYPE_MISMATCH",
     {"confName": "spark.sql.ansi.enabled", "confValue": "yes", "confType": "boolean"}),
    ("spark.sql.legacy.timeParserPolicy", "foo", "INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS",
     {"confName": "spark.sql.legacy.timeParserPolicy", "confValue": "foo", "confOptions": "EXCEPTION, LEGACY, CORRECTED"}),
    ("spark.sql.files.maxPartitionBytes", "10x", "INVALID_CONF_VALUE.TYPE_MISMATCH",
     {"confName": "spark.sql.files.maxPartitionBytes", "confValue": "10x", "confType": "bytes in BYTE"}),
    ("spark.sql.broadcastTimeout", "5x", "INVALID_CONF_VALUE.TYPE_MISMATCH",
     {"confName": "spark.sql.broadcastTimeout", "confValue": "5x", "confType": "time in SECONDS"}),
]


@pytest.mark.parametrize("key,value,condition,parameters", SETTINGS, ids=[f"{s[0]}={s[1]}" for s in SETTINGS])
def test_settings_that_spark_refuses(wire, key, value, condition, parameters):
    pairs = pb.ConfigRequest.Set(pairs=[pb.KeyValue(key=key, value=value)])
    failure = Failure(lambda: wire.config(set=pairs))
    assert (failure.condition, failure.parameters) == (condition, parameters)


def test_settings_that_spark_takes(wire):
    for key, value in [("spark.sql.ansi.enabled", "TRUE"), ("spark.sql.session.timeZone", "GMT+1"), ("nope.x", "1"),
                       ("spark.sql.legacy.timeParserPolicy", "legacy"), ("spark.sql.files.maxPartitionBytes", "10m")]:
        wire.config(set=pb.ConfigRequest.Set(pairs=[pb.KeyValue(key=key, value=value)]))
        assert wire.config(get=pb.ConfigRequest.Get(keys=[key])).pairs[0].value == value
        wire.config(unset=pb.ConfigRequest.Unset(keys=[key]))


def test_reading_settings(wire):
    assert wire.config(get=pb.ConfigRequest.Get(keys=["spark.sql.shuffle.partitions"])).pairs[0].value == "200"
    failure = Failure(lambda: wire.config(get=pb.ConfigRequest.Get(keys=["nope.x"])))
    assert failure.condition == "SQL_CONF_NOT_FOUND"
    assert failure.classes[0] == "org.apache.spark.SparkNoSuchElementException"
    pair = pb.KeyValue(key="nope.x", value="7")
    assert wire.config(get_with_default=pb.ConfigRequest.GetWithDefault(pairs=[pair])).pairs[0].value == "7"
    keys = ["spark.sql.ansi.enabled", "spark.sql.warehouse.dir", "spark.driver.memory", "nope.x"]
    answer = wire.config(is_modifiable=pb.ConfigRequest.IsModifiable(keys=keys))
    assert [p.value for p in answer.pairs] == ["true", "false", "false", "false"]
    everything = wire.config(get_all=pb.ConfigRequest.GetAll(prefix="spark."))
    assert "master" in {p.key for p in everything.pairs}


def test_error_details(wire):
    bad = pb.Plan(root=pb.Relation(filter=pb.Filter()))
    failure = Failure(lambda: wire.analyze(schema=pb.AnalyzePlanRequest.Schema(plan=bad)))
    assert failure.condition == "CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET"
    assert failure.parameters == {"fullName": "spark.connect.Relation", "name": "RELTYPE_NOT_SET"}
    request = wire.request(pb.FetchErrorDetailsRequest, error_id=failure.info["errorId"])
    details = wire.stub.FetchErrorDetails(request)
    error = details.errors[details.root_error_idx]
    assert error.spark_throwable.error_class == failure.condition
    assert list(error.error_type_hierarchy) == failure.classes


def set_option(wire, key, value):
    wire.config(set=pb.ConfigRequest.Set(pairs=[pb.KeyValue(key=key, value=value)]))


def details_of(wire, failure):
    return wire.stub.FetchErrorDetails(wire.request(pb.FetchErrorDetailsRequest, error_id=failure.info["errorId"]))


@pytest.mark.parametrize("text,function", [("SELEC 1", "RunSql"), ("SELECT nope", "Analyze"), ("SELECT 1 / (SELECT 0)", "Send")])
def test_server_stack_traces(wire, text, function):
    """The stages that the error came through, if spark.sql.connect.serverStacktrace.enabled asks for them (it does by default)."""
    request = pb.Plan(command=pb.Command(sql_command=pb.SqlCommand(input=pb.Relation(sql=pb.SQL(query=text)))))
    if function == "Send":
        request = plan(pb.Relation(sql=pb.SQL(query=text)))
    details = details_of(wire, Failure(lambda: wire.execute(request)[1]))
    frames = details.errors[details.root_error_idx].stack_trace
    names = [f.method_name for f in frames]
    assert function in names and names[-1] == "Run"
    assert all(f.declaring_class.startswith("firesteel.") and f.file_name.endswith(".cc") and f.line_number > 0 for f in frames)
    set_option(wire, "spark.sql.connect.serverStacktrace.enabled", "false")
    details = details_of(wire, Failure(lambda: wire.execute(request)[1]))
    assert not details.errors[details.root_error_idx].stack_trace


def test_stack_traces_in_the_status(wire):
    bad = plan(pb.Relation(sql=pb.SQL(query="SELECT nope")))
    assert "stackTrace" not in Failure(lambda: wire.execute(bad)[1]).info
    set_option(wire, "spark.sql.pyspark.jvmStacktrace.enabled", "true")
    trace = Failure(lambda: wire.execute(bad)[1]).info["stackTrace"]
    assert trace.startswith("org.apache.spark.sql.AnalysisException: [UNRESOLVED_COLUMN")
    assert "\n\tat firesteel.session.Analyze(pipeline.cc:" in trace
    assert len(trace) <= 1024
    assert "\n\tat firesteel." in Failure(lambda: wire.analyze(schema=pb.AnalyzePlanRequest.Schema(plan=bad))).info["stackTrace"]


def test_what_pyspark_prints_of_them(server):
    session = new_session(server)
    session.conf.set("spark.sql.connect.serverStacktrace.enabled", "true")
    try:
        session.sql("SELECT nope").collect()
    except Exception as error:
        assert "JVM stacktrace:\norg.apache.spark.sql.AnalysisException\n\tat firesteel.session." in str(error)
        assert "at firesteel.session." in error.getStackTrace()
    else:
        raise AssertionError("there is no such column")
    session.stop()


def test_call_sites(server):
    """Errors of DataFrames name the line of the client's program, whether they come from analysis or from the data."""
    from pyspark.sql import functions as f

    session = new_session(server)
    data = session.range(3)
    for fragment, make in [("__truediv__", lambda: data.select(f.lit(1) / (f.col("id") - f.col("id"))).collect()),
                           ("cast", lambda: data.select(f.col("id") + f.col("id").cast("date")).schema)]:
        with pytest.raises(Exception) as error:
            make()
        (context,) = error.value.getQueryContext()
        assert context.contextType().name == "DataFrame"
        assert context.fragment() == fragment
        assert "test_sessions.py" in context.callSite()
        assert "== DataFrame ==" in context.summary()
    session.stop()


def test_chains_of_errors(wire, tmp_path):
    """What caused an error is told too, each by its class."""
    (tmp_path / "x.parquet").write_bytes(b"PAR1 is not what this is")
    read = pb.Relation(sql=pb.SQL(query=f"SELECT * FROM parquet.`{tmp_path}`"))
    failure = Failure(lambda: wire.execute(plan(read))[1])
    details = details_of(wire, failure)
    first = details.errors[details.root_error_idx]
    assert first.spark_throwable.error_class == failure.condition == "FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER"
    assert details.errors[first.cause_idx].message
    assert not details.errors[first.cause_idx].HasField("cause_idx")


def test_ddl(wire):
    parsed = wire.analyze(ddl_parse=pb.AnalyzePlanRequest.DDLParse(ddl_string="a INT, b ARRAY<STRING>")).ddl_parse.parsed
    assert [f.name for f in parsed.struct.fields] == ["a", "b"]
    json = '{"type":"struct","fields":[{"name":"a","type":"integer","nullable":true,"metadata":{}}]}'
    assert wire.analyze(json_to_ddl=pb.AnalyzePlanRequest.JsonToDDL(json_string=json)).json_to_ddl.ddl_string == "a INT"


def test_artifacts(wire):
    def chunk(data, good=True):
        return pb.AddArtifactsRequest.ArtifactChunk(data=data, crc=crc(data) + (0 if good else 1))

    def artifact(name, data, good=True):
        return pb.AddArtifactsRequest.SingleChunkArtifact(name=name, data=chunk(data, good))

    batch = pb.AddArtifactsRequest.Batch(artifacts=[artifact("files/a.txt", b"abc"), artifact("files/b.txt", b"x", False)])
    begin = pb.AddArtifactsRequest.BeginChunkedArtifact(name="cache/123", total_bytes=6, num_chunks=2,
                                                        initial_chunk=chunk(b"abc"))
    requests = [wire.request(pb.AddArtifactsRequest, batch=batch), wire.request(pb.AddArtifactsRequest, begin_chunk=begin),
                wire.request(pb.AddArtifactsRequest, chunk=chunk(b"def"))]
    answer = wire.stub.AddArtifacts(iter(requests))
    assert [(a.name, a.is_crc_successful) for a in answer.artifacts] == [
        ("files/a.txt", True), ("files/b.txt", False), ("cache/123", True)]
    names = ["files/a.txt", "files/b.txt", "cache/123"]
    statuses = wire.stub.ArtifactStatus(wire.request(pb.ArtifactStatusesRequest, names=names)).statuses
    assert [statuses[n].exists for n in names] == [True, False, True]
    for name in ["../x", "/etc/x", "a/../../x", ""]:
        batch = pb.AddArtifactsRequest.Batch(artifacts=[artifact(name, b"x")])
        request = wire.request(pb.AddArtifactsRequest, batch=batch)
        assert Failure(lambda: wire.stub.AddArtifacts(iter([request]))).condition == "INVALID_ARTIFACT_PATH"


def test_probes(wire):
    health = wire.channel.unary_unary("/grpc.health.v1.Health/Check")
    assert health(b"") == b"\x08\x01"
    for version in ("v1", "v1alpha"):
        reflect = wire.channel.stream_stream(f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo")
        (answer,) = reflect(iter([b"\x3a\x00"]))
        assert b"spark.connect.SparkConnectService" in answer
        (answer,) = reflect(iter([b"\x22\x21spark.connect.SparkConnectService"]))
        assert b"spark/connect/base.proto" in answer and b"spark/connect/types.proto" in answer
    with pytest.raises(grpc.RpcError) as error:
        wire.raw("Nothing", b"")
    assert error.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_health_watches_that_are_cancelled(wire):
    """Before the request, while it is answered, afterwards."""
    watch = wire.channel.stream_stream("/grpc.health.v1.Health/Watch")
    for i in range(60):
        held = threading.Event()

        def nothing_until_the_end():
            held.wait(5)
            yield from ()

        call = watch(iter([b""]) if i % 2 else nothing_until_the_end())
        if i % 2 and i % 3:
            assert next(call) == b"\x08\x01"
        time.sleep(i % 5 / 1000)
        call.cancel()
        held.set()
    health = wire.channel.unary_unary("/grpc.health.v1.Health/Check")
    assert health(b"", timeout=10) == b"\x08\x01"


@pytest.mark.parametrize("method", ["AnalyzePlan", "Config", "ArtifactStatus", "Interrupt", "ReleaseExecute",
                                    "ReleaseSession", "FetchErrorDetails", "CloneSession", "GetStatus"])
@pytest.mark.parametrize("data", [b"", b"\xff\xff\xff\xff", b"\x0a\x7f", b"\x0a\x05ab"], ids=repr)
def test_broken_bytes(wire, method, data):
    try:
        wire.raw(method, data)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.INTERNAL
    assert wire.analyze(spark_version=SPARK_VERSION).spark_version.version == "4.2.0"


def varint(value):
    out = b""
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def field(number, content):
    """A length-delimited field, by hand: Python's protobuf refuses deep nesting itself."""
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def nested(core, levels, outer, inner, before=b"", after=b""):
    """`core` inside `levels` times field `outer` { before, field `inner` { … }, after }."""
    size, heads = len(core), []
    for _ in range(levels):
        head = before + bytes([inner << 3 | 2]) + varint(size)
        whole = len(head) + size + len(after)
        head = bytes([outer << 3 | 2]) + varint(whole) + head
        heads.append(head)
        size += len(head) + len(after)
    return b"".join(reversed(heads)) + core + after * levels


def check_deep(wire, root, works):
    data = wire.request(pb.AnalyzePlanRequest).SerializeToString() + field(4, field(1, field(1, root)))
    if works:
        answer = pb.AnalyzePlanResponse.FromString(wire.raw("AnalyzePlan", data))
        assert len(answer.schema.schema.struct.fields) == 1
    else:
        assert Failure(lambda: wire.raw("AnalyzePlan", data)).condition == "CONNECT_INVALID_PLAN.CANNOT_PARSE"
    assert wire.analyze(spark_version=SPARK_VERSION).spark_version.version == "4.2.0"


@pytest.mark.parametrize("levels,works", [(300, True), (2000, True), (100_000, False)])
def test_deep_plans(wire, levels, works):
    # Relation { limit { input, limit: 5 } }
    check_deep(wire, nested(one_row().SerializeToString(), levels, outer=8, inner=1, after=b"\x10\x05"), works)


@pytest.mark.parametrize("terms,works", [(300, True), (2000, True), (100_000, False)])
def test_deep_expressions(wire, terms, works):
    # Expression { unresolved_function { "+", arguments { … }, arguments { 1 } } }
    one = pb.Expression(literal=pb.Expression.Literal(integer=1)).SerializeToString()
    sum_of_terms = nested(one, terms, outer=3, inner=2, before=field(1, b"+"), after=field(2, one))
    aliased = field(6, field(1, sum_of_terms) + field(2, b"x"))
    check_deep(wire, field(3, field(3, aliased)), works)


def test_plan_with_one_row(wire):
    schema = wire.analyze(schema=pb.AnalyzePlanRequest.Schema(plan=plan(one_row()))).schema.schema
    assert [(f.name, f.data_type.WhichOneof("kind")) for f in schema.struct.fields] == [("1", "integer")]
