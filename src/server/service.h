#pragma once
// What all RPCs share: sessions, operations, limits.
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>
#include <spark/connect/base.pb.h>

#include <atomic>
#include <string>

#include "base/result.h"
#include "operation/manager.h"
#include "proto/plan.h"
#include "session/manager.h"

namespace firesteel::server {

namespace connect = ::spark::connect;

struct Service {
  /// `token`: what clients must show (spark.connect.authenticate.token); empty: nothing.
  Service(session::ServerOptions options, std::string token);

  session::SessionManager sessions;
  operation::OperationManager operations;
  proto::PlanLimits plan_limits;
  int64_t stream_milliseconds_max;  ///< a reattachable stream is cut after this: senderMaxStreamDuration
  int64_t stream_bytes_max;         ///< … and this: senderMaxStreamSize
  bool reattachable;                ///< spark.connect.execute.reattachable.enabled
  const std::string token;
  std::atomic<int> rpcs_running{0};
  std::atomic<bool> draining{false};
};

/// Any request's session; most requests make it if it is new.
template <typename Request>
session::SessionKey KeyOf(const Request& request) {
  return {request.user_context().user_id(), request.session_id()};
}
template <typename Request>
Result<session::SessionPtr> SessionOf(Service& service, const Request& request) {
  return service.sessions.GetOrCreate(KeyOf(request), request.client_observed_server_side_session_id());
}

/// Call on a deep stack.
Status Parse(const grpc::ByteBuffer& bytes, const Service& service, google::protobuf::MessageLite& message);
grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message);

/// Outcome of a unary RPC: a response or an error; `session` is whose error it is (it keeps the details).
struct Reply {
  grpc::ByteBuffer bytes;
  grpc::Status status;
};
inline Reply ReplyWith(const google::protobuf::MessageLite& message) { return {Serialize(message), grpc::Status::OK}; }
Reply ReplyWithError(const Error& error, session::Session* session);

// One file each. Called on a deep stack.
Reply AnalyzePlan(Service& service, const grpc::ByteBuffer& request);
Reply Config(Service& service, const grpc::ByteBuffer& request);
Reply ArtifactStatus(Service& service, const grpc::ByteBuffer& request);
Reply Interrupt(Service& service, const grpc::ByteBuffer& request);
Reply ReleaseExecute(Service& service, const grpc::ByteBuffer& request);
Reply ReleaseSession(Service& service, const grpc::ByteBuffer& request);
Reply FetchErrorDetails(Service& service, const grpc::ByteBuffer& request);
Reply CloneSession(Service& service, const grpc::ByteBuffer& request);
Reply GetStatus(Service& service, const grpc::ByteBuffer& request);
Reply HealthCheck(Service& service, const grpc::ByteBuffer& request);

}  // namespace firesteel::server
