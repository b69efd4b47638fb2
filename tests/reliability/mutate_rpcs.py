"""Changed requests of all 12 RPCs over the network: every one gets an answer or an error, and the server works on.

    python tests/reliability/mutate_rpcs.py [--seconds 60] [--threads 4] [--seed 1]

The seeds are each RPC's request with every field (tests/fuzz/seeds.py). A change is one of the structure (fields taken away, repeated,
exchanged between messages, set to settings' names, paths, great numbers) or one of the bytes. Plans run: the server may touch no files
outside its scratch folder, and plans that write elsewhere are not even sent. Prints inputs for each RPC, how they were answered, and inputs
per second.
"""

import argparse
import collections
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "protocol"), os.path.join(TESTS, "fuzz"), os.path.join(TESTS, "reliability")]

import grpc  # noqa: E402
import pyspark.sql.connect.proto as pb  # noqa: E402
import seeds  # noqa: E402
from conftest import Server, server_binary, settings  # noqa: E402
from google.protobuf.message import DecodeError  # noqa: E402
from wire import Wire, one_row, plan  # noqa: E402

CALL_SECONDS_MAX = 60
NUMBERS = [0, 1, -1, 2, 7, 100, 2**31 - 1, -2**31, 2**32 - 1, 2**63 - 1, -2**63]
TEXTS = ["", "id", "`id`", "a.b", "spark.sql.ansi.enabled", "default", "\0", "ß\U0001f600" * 3, "x" * 3000, "SELECT 1", "a INT, b STRING",
         "[[", "1 + id", "*", seeds.UUID, "files/a", "../a", "/", "cache/" + "0" * 64, "range", "true", "utf8_lcase", "%", "yyyy-MM-dd"]
NAMES_A_PATH = re.compile(r"directory|location|write|path|file|load|insert|export|jar|/", re.IGNORECASE)


class Mutator:
    def __init__(self, seed, session_id):
        self.source = random.Random(seed)
        self.seeds = collections.defaultdict(list)
        for rpc, request in seeds.requests(session_id):
            self.seeds[rpc].append(request)
        for text in seeds.PATHS:
            self.seeds["AddArtifacts"].append(self.upload(text, session_id))
            self.seeds["ArtifactStatus"].append(pb.ArtifactStatusesRequest(session_id=session_id, names=[text]))
        for key, value in seeds.SETTINGS:
            pairs = pb.ConfigRequest.Set(pairs=[pb.KeyValue(key=key, value=value)])
            self.seeds["Config"].append(pb.ConfigRequest(session_id=session_id, operation=pb.ConfigRequest.Operation(set=pairs)))
        self.plans = []
        for data in seeds.plan():
            self.plans.append(pb.Plan.FromString(data))
        self.pool = collections.defaultdict(list)  # messages by type, to be exchanged
        for request in [m for requests in self.seeds.values() for m in requests] + self.plans:
            for message in inner_messages(request):
                if len(self.pool[message.DESCRIPTOR.full_name]) < 200:
                    self.pool[message.DESCRIPTOR.full_name].append(message)

    @staticmethod
    def upload(name, session_id):
        chunk = pb.AddArtifactsRequest.ArtifactChunk(data=b"abc", crc=891568578)
        batch = pb.AddArtifactsRequest.Batch(artifacts=[pb.AddArtifactsRequest.SingleChunkArtifact(name=name, data=chunk)])
        return pb.AddArtifactsRequest(session_id=session_id, batch=batch)

    def input(self, rpc):
        """Bytes of one changed request."""
        source = self.source
        message = type(source.choice(self.seeds[rpc]))()
        message.CopyFrom(source.choice(self.seeds[rpc]))
        if rpc in ("ExecutePlan", "AnalyzePlan") and source.randrange(4):
            self.put_plan(message, source.choice(self.plans))
        if source.randrange(5):
            for _ in range(source.randint(0, 4)):
                self.change(message)
        data = message.SerializeToString()
        if source.randrange(3) == 0:
            data = self.changed_bytes(data)
        if source.randrange(200) == 0:
            data = bytes(source.randrange(256) for _ in range(source.randrange(200)))
        return data

    def put_plan(self, message, new):
        if isinstance(message, pb.ExecutePlanRequest):
            message.plan.CopyFrom(new)
            message.operation_id = "" if self.source.randrange(10) else seeds.UUID
            return
        for inner in inner_messages(message):
            if isinstance(inner, pb.Plan):
                inner.CopyFrom(new)

    def change(self, message):
        source = self.source
        target = source.choice(list(inner_messages(message)))
        fields = target.DESCRIPTOR.fields
        if not fields:
            return
        field = source.choice(fields)
        if source.randrange(4) == 0:
            target.ClearField(field.name)
            return
        if field.message_type is not None:
            others = self.pool[field.message_type.full_name]
            if field.message_type.GetOptions().map_entry or not others:
                return
            if field.is_repeated:
                for _ in range(source.choice([1, 1, 2, 30])):
                    getattr(target, field.name).add().CopyFrom(source.choice(others))
            else:
                getattr(target, field.name).CopyFrom(source.choice(others))
            return
        value = self.value(field)
        if field.is_repeated:
            getattr(target, field.name).extend([value] * source.choice([1, 1, 2, 30]))
        else:
            setattr(target, field.name, value)

    def value(self, field):
        source = self.source
        if field.type == field.TYPE_STRING:
            return source.choice(TEXTS + seeds.PATHS + [key for key, _ in seeds.SETTINGS])
        if field.type == field.TYPE_BYTES:
            return bytes(source.randrange(256) for _ in range(source.randrange(40)))
        if field.type == field.TYPE_BOOL:
            return bool(source.randrange(2))
        if field.type in (field.TYPE_DOUBLE, field.TYPE_FLOAT):
            return source.choice([0.0, -1.5, 1e30, float("nan"), float("inf")])
        if field.type == field.TYPE_ENUM:
            return source.choice(list(range(12)) + [999, -1])
        number = source.choice(NUMBERS)
        if field.type in (field.TYPE_INT32, field.TYPE_SINT32, field.TYPE_SFIXED32):
            return max(-2**31, min(2**31 - 1, number))
        if field.type in (field.TYPE_UINT32, field.TYPE_FIXED32):
            return number & (2**32 - 1)
        if field.type in (field.TYPE_UINT64, field.TYPE_FIXED64):
            return number & (2**64 - 1)
        return number

    def changed_bytes(self, data):
        source, data = self.source, bytearray(data)
        for _ in range(source.randint(1, 4)):
            at = source.randrange(len(data) + 1)
            what = source.randrange(5)
            if what == 0 and at < len(data):
                data[at] = source.randrange(256)
            elif what == 1:
                del data[at:at + source.randrange(8)]
            elif what == 2:
                data[at:at] = bytes(source.randrange(256) for _ in range(source.randrange(8)))
            elif what == 3:
                data[at:at] = data[source.randrange(len(data) + 1):][:source.randrange(64)]
            else:
                del data[at:]
        return bytes(data)


def inner_messages(message, depth=0):
    yield message
    if depth > 12:
        return
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        for inner in value if field.is_repeated else [value]:
            yield from inner_messages(inner, depth + 1)


def harmless(data):
    """The bytes of an ExecutePlanRequest, or None if running it could touch files that are not ours."""
    try:
        request = pb.ExecutePlanRequest.FromString(data)
    except (DecodeError, RecursionError):
        return data  # the server cannot read it either
    for message in inner_messages(request):
        if isinstance(message, (pb.WriteOperation, pb.WriteOperationV2)) and not (
                isinstance(message, pb.WriteOperation) and message.path.isalnum()):
            return None
        if isinstance(message, (pb.SQL, pb.SqlCommand)):
            texts = [message.query] if isinstance(message, pb.SQL) else [message.sql]
            if any(NAMES_A_PATH.search(text) for text in texts):
                return None
        if isinstance(message, pb.Plan) and message.HasField("compressed_operation"):
            return None
    return data


class Run:
    def __init__(self, server, seed, threads):
        self.server, self.seed, self.counts, self.answers = server, seed, collections.Counter(), collections.Counter()
        self.threads, self.failures, self.slow = threads, [], []
        self.lock = threading.Lock()

    def thread(self, number, until):
        try:
            self.work(number, until)
        except BaseException as error:  # noqa: B036  a thread's failure must be seen
            self.failures.append(error)

    def work(self, number, until):
        source = random.Random(self.seed * 1000 + number)
        wire = Wire(self.server.remote)
        mutator = Mutator(self.seed * 1000 + number, wire.session)
        rpcs = list(seeds.RPCS)
        calls = {rpc: self.method(wire.channel, rpc) for rpc in rpcs}
        done, answers = collections.Counter(), collections.Counter()
        while time.monotonic() < until and not self.failures:
            # Those that run something take longest: one in eight.
            rpc = source.choice(rpcs[1:]) if source.randrange(8) else rpcs[0]
            data = mutator.input(rpc)
            if rpc == "ExecutePlan":
                data = harmless(data)
                if data is None:
                    continue
            done[rpc] += 1
            start = time.monotonic()
            try:
                calls[rpc](data)
                answers["answered"] += 1
            except grpc.RpcError as error:
                answers[error.code().name] += 1
                if error.code() not in (grpc.StatusCode.INTERNAL, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED,
                                        grpc.StatusCode.CANCELLED):
                    raise AssertionError(f"{rpc} {data!r}: {error}") from error
            if time.monotonic() - start > 5:
                self.slow.append((time.monotonic() - start, rpc, data))
        with self.lock:
            self.counts.update(done)
            self.answers.update(answers)

    @staticmethod
    def method(channel, rpc):
        name = f"/spark.connect.SparkConnectService/{rpc}"
        if rpc == "AddArtifacts":
            call = channel.stream_unary(name)
            return lambda data: call(iter([data, data[: len(data) // 2]] if len(data) % 7 == 0 else [data]), timeout=CALL_SECONDS_MAX)
        if rpc in ("ExecutePlan", "ReattachExecute"):
            stream = channel.unary_stream(name)

            def first_responses(data):
                call = stream(data, timeout=2)  # some never end
                for count, _ in enumerate(call):
                    if count == 3:
                        call.cancel()
                        return
            return first_responses
        call = channel.unary_unary(name)
        return lambda data: call(data, timeout=CALL_SECONDS_MAX)

    def go(self, seconds):
        start = time.monotonic()
        threads = [threading.Thread(target=self.thread, args=(i, start + seconds), daemon=True) for i in range(self.threads)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.seconds = time.monotonic() - start
        if crash := (self.server.crash_report() if not self.server.running() else None):
            raise AssertionError(crash)
        if self.failures:
            raise self.failures[0]
        other = Wire(self.server.remote)
        assert sum(r.arrow_batch.row_count for r in other.execute(plan(one_row()))[1] if r.HasField("arrow_batch")) == 1

    def report(self):
        total = sum(self.counts.values())
        lines = [f"{total} inputs in {self.seconds:.0f} s, {total / self.seconds:.0f} inputs/s; "
                 + ", ".join(f"{count} {name}" for name, count in self.answers.most_common())]
        lines += [f"  {self.counts[rpc]:8} {rpc}" for rpc in seeds.RPCS]
        lines += [f"  slow: {seconds:.1f} s {rpc} {data[:200]!r}" for seconds, rpc, data in sorted(self.slow, reverse=True)[:5]]
        return "\n".join(lines)


def sandboxed_server(folder):
    """Works in a folder of its own and may touch no other."""
    return Server(server_binary(), settings(spark__driver__memory="500m", spark__local__dir=os.path.join(folder, "local"),
                                            firesteel__files__roots=folder,
                                            # A session that was released may come back: the requests name only a few.
                                            spark__connect__session__manager__closedSessionsTombstonesSize="0"), cwd=folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        server = sandboxed_server(folder)
        server.ensure()
        run = Run(server, arguments.seed, arguments.threads)
        try:
            run.go(arguments.seconds)
        finally:
            print(run.report())
            server.stop()


if __name__ == "__main__":
    main()
