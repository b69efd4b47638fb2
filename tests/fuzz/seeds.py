"""Writes a fuzzer's first inputs, one file each: python tests/fuzz/seeds.py parser | plan | ipc_reader | rpc FOLDER

parser: the statements of tests/sql. plan: every message that a Plan may hold, filled by its description, so that new ones of the protocol
come by themselves. ipc_reader: streams of every type that clients send. rpc: the requests of all RPCs.
"""

import hashlib
import io
import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(os.path.dirname(TESTS), "tools")]

STATEMENT_BYTES_MAX = 2000
DEPTH_MAX = 4
SQL_PLANS_EVERY = 10


def parser():
    import recorded

    for folder, _, names in sorted(os.walk(os.path.join(TESTS, "sql"))):
        for name in sorted(n for n in names if n.endswith(".test")):
            for statement in recorded.read(os.path.join(folder, name)):
                text = statement.sql.encode()
                if len(text) <= STATEMENT_BYTES_MAX:
                    yield b"\0" + text  # the first byte: the parser's options


def fill(message, pick, depth=0):
    """Sets every field; of alternatives (oneof) the one that `pick` says, else the first."""
    import pyspark.sql.connect.proto as pb

    name = message.DESCRIPTOR.name
    if depth > DEPTH_MAX or (depth > 0 and name == "Relation"):
        if name == "Relation":
            message.range.CopyFrom(pb.Range(start=0, end=10, step=1))
        elif name == "Expression" and depth % 2:
            message.unresolved_attribute.unparsed_identifier = "id"
        elif name == "Expression":
            message.literal.integer = 1
        return
    done = set()
    for field in message.DESCRIPTOR.fields:
        one_of = field.containing_oneof
        if one_of is not None and len(one_of.fields) > 1:
            wanted = pick if any(f.name == pick for f in one_of.fields) else one_of.fields[0].name
            if one_of.name in done or field.name != wanted:
                continue
            done.add(one_of.name)
        set_field(message, field, pick, depth)


def set_field(message, field, pick, depth):
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        key = field.message_type.fields_by_name["key"]
        value = field.message_type.fields_by_name["value"]
        key_value = "k" if key.type == key.TYPE_STRING else 1
        if value.message_type is not None:
            fill(getattr(message, field.name)[key_value], pick, depth + 1)
        elif value.type == value.TYPE_STRING:
            getattr(message, field.name)[key_value] = "v"
        else:
            getattr(message, field.name)[key_value] = 1
        return
    repeated = field.is_repeated
    if field.message_type is not None:
        target = getattr(message, field.name).add() if repeated else getattr(message, field.name)
        if not repeated:
            target.SetInParent()
        if field.message_type.full_name != "google.protobuf.Any":
            fill(target, pick, depth + 1)
        return
    value = {field.TYPE_STRING: "id", field.TYPE_BYTES: b"id", field.TYPE_BOOL: True,
             field.TYPE_DOUBLE: 0.5, field.TYPE_FLOAT: 0.5}.get(field.type, 1)
    if repeated:
        getattr(message, field.name).append(value)
    else:
        setattr(message, field.name, value)


def plan():
    import pyspark.sql.connect.proto as pb

    table = pb.Relation(range=pb.Range(start=0, end=10, step=1))
    one = pb.Expression(literal=pb.Expression.Literal(integer=1))
    column = pb.Expression(unresolved_attribute=pb.Expression.UnresolvedAttribute(unparsed_identifier="id"))

    for kind in pb.Relation.DESCRIPTOR.oneofs_by_name["rel_type"].fields:
        relation = pb.Relation()
        for pick in [kind.name] + [f.name for o in (kind.message_type.oneofs if kind.message_type else []) for f in o.fields]:
            relation.Clear()
            getattr(relation, kind.name).SetInParent()
            if kind.message_type.full_name != "google.protobuf.Any":
                fill(getattr(relation, kind.name), pick)
            yield pb.Plan(root=relation).SerializeToString()
    for kind in pb.Expression.DESCRIPTOR.oneofs_by_name["expr_type"].fields:
        expression = pb.Expression()
        picks = [kind.name] + [f.name for o in (kind.message_type.oneofs if kind.message_type else []) for f in o.fields]
        for pick in picks:
            expression.Clear()
            getattr(expression, kind.name).SetInParent()
            if kind.message_type.full_name != "google.protobuf.Any":
                fill(getattr(expression, kind.name), pick)
            project = pb.Project(input=table, expressions=[expression])
            yield pb.Plan(root=pb.Relation(project=project)).SerializeToString()
    for kind in pb.Command.DESCRIPTOR.oneofs_by_name["command_type"].fields:
        command = pb.Command()
        getattr(command, kind.name).SetInParent()
        if kind.message_type.full_name != "google.protobuf.Any":
            fill(getattr(command, kind.name), kind.name)
        yield pb.Plan(command=command).SerializeToString()
    names = ["+", "-", "*", "/", "and", "or", "not", "==", "<", "sum", "count", "avg", "max", "concat", "substring", "array",
             "struct", "map", "explode", "when", "cast", "date_add", "to_date", "row_number", "regexp_replace", "split"]
    for name in names:
        call = pb.Expression.UnresolvedFunction(function_name=name, arguments=[column, one])
        project = pb.Project(input=table, expressions=[pb.Expression(unresolved_function=call)])
        yield pb.Plan(root=pb.Relation(project=project)).SerializeToString()
    for i, text in enumerate(parser()):
        sql = pb.Relation(sql=pb.SQL(query=text[1:].decode()))
        if i % SQL_PLANS_EVERY == 0 and len(text) < 200:
            yield pb.Plan(root=sql).SerializeToString()


# In the order of src/server/rpc_fuzz.cc: an input's first byte is the RPC.
RPCS = {"ExecutePlan": "ExecutePlanRequest", "AnalyzePlan": "AnalyzePlanRequest", "Config": "ConfigRequest",
        "AddArtifacts": "AddArtifactsRequest", "ArtifactStatus": "ArtifactStatusesRequest", "Interrupt": "InterruptRequest",
        "ReattachExecute": "ReattachExecuteRequest", "ReleaseExecute": "ReleaseExecuteRequest",
        "ReleaseSession": "ReleaseSessionRequest", "FetchErrorDetails": "FetchErrorDetailsRequest",
        "CloneSession": "CloneSessionRequest", "GetStatus": "GetStatusRequest"}
UUID = "00112233-4455-6677-8899-aabbccddeeff"


def requests(session_id=UUID):
    """(RPC, its request with every field), one for each alternative that the request has, at any level."""
    import pyspark.sql.connect.proto as pb

    for rpc, name in RPCS.items():
        kind = getattr(pb, name)
        for pick in _alternatives(kind.DESCRIPTOR):
            request = kind()
            fill(request, pick)
            request.session_id = session_id
            request.user_context.Clear()
            request.user_context.user_id = "user"
            fields = kind.DESCRIPTOR.fields_by_name
            if "client_observed_server_side_session_id" in fields:
                request.ClearField("client_observed_server_side_session_id")
            if "operation_id" in fields:
                request.operation_id = UUID
            yield rpc, request


def _alternatives(descriptor):
    """The names of all fields in a oneof, at two levels; at least one name."""
    names = {}
    for one in [descriptor] + [f.message_type for f in descriptor.fields if f.message_type is not None]:
        for one_of in one.oneofs:
            names.update({f.name: None for f in one_of.fields if len(one_of.fields) > 1})
    return list(names) or ["-"]


def rpc():
    import pyspark.sql.connect.proto as pb

    user = pb.UserContext(user_id="user")
    for name, request in requests():
        yield bytes([list(RPCS).index(name)]) + request.SerializeToString()
    for text in PATHS:
        chunk = pb.AddArtifactsRequest.ArtifactChunk(data=b"abc", crc=891568578)
        batch = pb.AddArtifactsRequest.Batch(artifacts=[pb.AddArtifactsRequest.SingleChunkArtifact(name=text, data=chunk)])
        upload = pb.AddArtifactsRequest(session_id=UUID, user_context=user, batch=batch)
        yield bytes([list(RPCS).index("AddArtifacts")]) + upload.SerializeToString()
        status = pb.ArtifactStatusesRequest(session_id=UUID, user_context=user, names=[text])
        yield bytes([list(RPCS).index("ArtifactStatus")]) + status.SerializeToString()
    for key, value in SETTINGS:
        pairs = pb.ConfigRequest.Set(pairs=[pb.KeyValue(key=key, value=value)])
        config = pb.ConfigRequest(session_id=UUID, user_context=user, operation=pb.ConfigRequest.Operation(set=pairs))
        yield bytes([list(RPCS).index("Config")]) + config.SerializeToString()


# Names of artifacts: good ones, and such as try to leave their folder.
PATHS = ["files/a", "cache/" + "ab" * 32, "jars/a.jar", "pyfiles/a.py", "archives/a.zip#b", "classes/a/b.class", "forward_to_fs/tmp/x",
         "../a", "files/../../a", "/etc/passwd", "files//a", "files/./a", "files/a/", "files/", "", ".", "..", "files/..",
         "files/a\x00b", "files/" + "x" * 300, "files/" + "x/" * 200, "cache/../files/a", "C:\\a", "files/\u202ea", "~/a"]
SETTINGS = [("spark.sql.ansi.enabled", "maybe"), ("spark.sql.shuffle.partitions", "99999999999999999999"),
            ("spark.sql.session.timeZone", "GMT+99"), ("spark.sql.files.maxPartitionBytes", "-1e9g"), ("", ""), ("spark.sql.", "x"),
            ("spark.sql.session.localRelationCacheThreshold", "1t"), ("spark.sql.legacy.timeParserPolicy", "legacy"),
            ("spark.connect.grpc.arrow.maxBatchSize", "0"), ("spark.sql.session.collation.default", "x"),
            ("spark.sql.mapKeyDedupPolicy", "first"), ("spark.sql.warehouse.dir", "/"), ("k" * 5000, "v" * 5000), ("a\x00b", "\x00")]


def ipc_reader():
    import datetime
    import decimal

    import pyarrow as pa

    day = datetime.date(2024, 2, 29)
    moment = datetime.datetime(2024, 2, 29, 1, 2, 3)
    columns = {
        "int": pa.array([1, None, 3], pa.int32()), "tiny": pa.array([1, 2, 3], pa.int8()), "big": pa.array([2**40, None, 1]),
        "unsigned": pa.array([1, 2, 3], pa.uint16()), "double": pa.array([0.5, None, 1e300]), "half": pa.array([1, 2, 3], pa.float32()),
        "text": pa.array(["a", None, "ß" * 20]), "large": pa.array(["a", "b", None], pa.large_string()),
        "view": pa.array(["a", "b" * 20, None], pa.string_view()), "bytes": pa.array([b"\0", None, b"xyz"]),
        "flag": pa.array([True, None, False]), "nothing": pa.nulls(3), "date": pa.array([day, None, day]),
        "moment": pa.array([moment, None, moment], pa.timestamp("us", "UTC")), "local": pa.array([moment] * 3, pa.timestamp("ms")),
        "decimal": pa.array([decimal.Decimal("1.23"), None, decimal.Decimal("-9.99")], pa.decimal128(10, 2)),
        "duration": pa.array([datetime.timedelta(1), None, datetime.timedelta(0, 1)], pa.duration("us")),
        "list": pa.array([[1, None], None, []]), "nested": pa.array([{"x": 1, "y": ["a"]}, None, {"x": None, "y": []}]),
        "map": pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int32())),
        "fixed": pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int32(), 2)),
        "dictionary": pa.array(["a", "b", "a"]).dictionary_encode(),
        "encoded": pa.RunEndEncodedArray.from_arrays([2, 3], ["a", "b"]),
        "time": pa.array([datetime.time(1, 2, 3), None, datetime.time(0)], pa.time64("us")),
    }

    def stream(table, compression=None):
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
            writer.write_table(table)
        return sink.getvalue()

    for name, column in columns.items():
        yield b"\0" + stream(pa.table({name: column}))
    everything = pa.table({n: c for n, c in columns.items() if n != "encoded"})
    for compression in (None, "zstd", "lz4"):
        yield b"\0" + stream(everything, compression)
    yield b"\1" + stream(pa.table({"a": columns["big"], "b": columns["text"]}))
    yield b"\2" + stream(pa.table({"a": pa.array([[{"x": 1, "y": decimal.Decimal("1.234")}], None])}))
    yield b"\3" + stream(pa.table({"a": pa.array([[("k", day)], None, []], pa.map_(pa.string(), pa.date32())), "b": columns["moment"],
                                   "c": columns["bytes"], "d": columns["flag"], "e": columns["duration"]}))
    yield b"\0" + stream(pa.table({"a": columns["int"]}).slice(0, 0))


SEEDS = {"parser": parser, "plan": plan, "ipc_reader": ipc_reader, "rpc": rpc}


def write(target, folder):
    """The number of inputs written."""
    os.makedirs(folder, exist_ok=True)
    written = set()
    for seed in SEEDS[target]():
        name = hashlib.sha256(seed).hexdigest()[:16]
        if name not in written:
            written.add(name)
            with open(os.path.join(folder, name), "wb") as f:
                f.write(seed)
    return len(written)


if __name__ == "__main__":
    print(write(sys.argv[1], sys.argv[2]), "seeds")
