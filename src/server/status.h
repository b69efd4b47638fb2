#pragma once
// Errors on the wire: gRPC status with google.rpc details, and the whole chain for FetchErrorDetails.
#include <grpcpp/support/status.h>
#include <spark/connect/base.pb.h>

#include "base/error.h"
#include "session/session.h"

namespace firesteel::server {

/// INTERNAL with ErrorInfo, as Spark's server sends it. The session (may be null) keeps the error for FetchErrorDetails. `trace`: where
/// the error has passed; empty: what the calling thread remembers.
grpc::Status StatusOf(const Error& error, session::Session* session, session::StageTrace trace = {});

/// The error and its causes; the trace is the error's own.
void FillErrors(const Error& error, const session::StageTrace& trace,
                ::spark::connect::FetchErrorDetailsResponse* response);

}  // namespace firesteel::server
