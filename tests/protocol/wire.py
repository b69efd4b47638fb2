"""Raw Spark Connect messages: what the official client never sends, or hides."""

import json
import uuid
import zlib

import grpc
import pyspark.sql.connect.proto as pb
import pyspark.sql.connect.proto.base_pb2_grpc as service
from conftest import OWN_CONNECTION
from google.rpc import error_details_pb2
from grpc_status import rpc_status

RPC_SECONDS_MAX = 30


class Wire:
    """One client: a channel, a user and a session."""

    def __init__(self, remote, user="wire"):
        self.address = remote.removeprefix("sc://")
        self.channel = grpc.insecure_channel(self.address, options=[("grpc.max_receive_message_length", -1),
                                                                    ("grpc.max_send_message_length", -1), *OWN_CONNECTION])
        self.stub = service.SparkConnectServiceStub(self.channel)
        self.user, self.session = user, str(uuid.uuid4())

    def request(self, kind, **fields):
        message = kind(session_id=self.session, **fields)
        message.user_context.user_id = self.user
        return message

    def config(self, **operation):
        request = self.request(pb.ConfigRequest, operation=pb.ConfigRequest.Operation(**operation))
        return self.stub.Config(request, timeout=RPC_SECONDS_MAX)

    def analyze(self, **what):
        return self.stub.AnalyzePlan(self.request(pb.AnalyzePlanRequest, **what), timeout=RPC_SECONDS_MAX)

    def execute(self, plan, reattachable=True, operation_id=None, tags=()):
        request = self.request(pb.ExecutePlanRequest, plan=plan, tags=tags)
        request.operation_id = operation_id or str(uuid.uuid4())
        if reattachable:
            request.request_options.add().reattach_options.reattachable = True
        return request.operation_id, self.stub.ExecutePlan(request, timeout=RPC_SECONDS_MAX)

    def reattach(self, operation_id, last=None):
        request = self.request(pb.ReattachExecuteRequest, operation_id=operation_id)
        if last:
            request.last_response_id = last
        return self.stub.ReattachExecute(request, timeout=RPC_SECONDS_MAX)

    def raw(self, method, data):
        """Bytes to a method that answers once."""
        call = self.channel.unary_unary(f"/spark.connect.SparkConnectService/{method}")
        return call(data, timeout=RPC_SECONDS_MAX)


class Failure:
    """The ErrorInfo of a call that must fail."""

    def __init__(self, call):
        try:
            result = call()
            if not hasattr(result, "session_id"):
                list(result)
        except grpc.RpcError as error:
            self.error = error
        else:
            raise AssertionError("the call succeeded")
        self.code, self.info = self.error.code(), {}
        status = rpc_status.from_call(self.error)
        for detail in status.details if status else []:
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                info = error_details_pb2.ErrorInfo()
                detail.Unpack(info)
                self.info, self.reason, self.domain = dict(info.metadata), info.reason, info.domain

    @property
    def condition(self):
        return self.info.get("errorClass")

    @property
    def parameters(self):
        return json.loads(self.info["messageParameters"])

    @property
    def classes(self):
        return json.loads(self.info["classes"])


def relation(**kind):
    return pb.Relation(**kind)


def plan(root):
    return pb.Plan(root=root)


def one_row(value=1):
    expression = pb.Expression(literal=pb.Expression.Literal(integer=value))
    return relation(project=pb.Project(expressions=[expression]))


def numbers(count):
    return relation(range=pb.Range(end=count, step=1))


def crc(data):
    return zlib.crc32(data)
