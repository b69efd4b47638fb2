// Limits are read off the settings once, when the server starts.
#include "server/service.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include "server/status.h"

namespace firesteel::server {

namespace {

int64_t Milliseconds(const session::ServerOptions& options, const char* key) {
  return session::Configuration(options.configuration).Milliseconds(key);
}

operation::OperationLimits LimitsOf(const session::ServerOptions& options) {
  const session::Configuration configuration(options.configuration);
  operation::OperationLimits limits;
  limits.detached_milliseconds_max = configuration.Milliseconds("spark.connect.execute.manager.detachedTimeout");
  limits.sent_bytes_max = configuration.Bytes("spark.connect.execute.reattachable.observerRetryBufferSize");
  limits.tombstones_max = static_cast<size_t>(
      std::max<int64_t>(0, configuration.Integer("spark.connect.execute.manager.abandonedTombstonesSize")));
  limits.per_session_max = options.session_operations_max;
  limits.running_max = options.operations_max;
  return limits;
}

}  // namespace

Service::Service(session::ServerOptions options, std::string token)
    : sessions(options),
      operations(LimitsOf(options)),
      stream_milliseconds_max(Milliseconds(options, "spark.connect.execute.reattachable.senderMaxStreamDuration")),
      stream_bytes_max(session::Configuration(options.configuration)
                           .Bytes("spark.connect.execute.reattachable.senderMaxStreamSize")),
      reattachable(session::Configuration(options.configuration).Boolean("spark.connect.execute.reattachable.enabled")),
      token(std::move(token)) {
  const session::Configuration configuration(options.configuration);
  if (const int64_t bytes = configuration.Bytes("spark.connect.maxPlanSize"); bytes > 0)
    plan_limits.plan_bytes_max = bytes;
  // Spark's limit is how deep its own stack goes; here a lower one is taken only if somebody asks for it.
  if (options.configuration.contains("spark.connect.grpc.marshallerRecursionLimit")) {
    plan_limits.nesting_max = static_cast<int>(configuration.Integer("spark.connect.grpc.marshallerRecursionLimit"));
  }
}

Status Parse(const grpc::ByteBuffer& bytes, const Service& service, google::protobuf::MessageLite& message) {
  grpc::ByteBuffer shared = bytes;
  grpc::ProtoBufferReader reader(&shared);
  if (!reader.status().ok()) {
    return Error::Condition("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", reader.status().error_message()}})
        .As(ErrorClass::kConnect);
  }
  return proto::ParseMessage(reader, service.plan_limits.nesting_max, message);
}

grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

Reply ReplyWithError(const Error& error, session::Session* session) { return {{}, StatusOf(error, session)}; }

}  // namespace firesteel::server
