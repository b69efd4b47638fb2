#pragma once
// One request, one response: reads, works on a deep stack, writes.
#include <grpcpp/generic/async_generic_service.h>

#include "server/service.h"

namespace firesteel::server {

using UnaryHandler = Reply (*)(Service&, const grpc::ByteBuffer&);

grpc::ServerGenericBidiReactor* MakeUnary(Service& service, UnaryHandler handler);
/// ExecutePlan and ReattachExecute (execute_plan.cc).
grpc::ServerGenericBidiReactor* MakeExecutePlan(Service& service);
grpc::ServerGenericBidiReactor* MakeReattachExecute(Service& service);
/// AddArtifacts (add_artifacts.cc).
grpc::ServerGenericBidiReactor* MakeAddArtifacts(Service& service);
/// Server reflection and the health service's Watch: streams both ways.
grpc::ServerGenericBidiReactor* MakeReflection(Service& service);
grpc::ServerGenericBidiReactor* MakeHealthWatch(Service& service);

/// Counts an RPC while it lives: draining waits for them.
class RpcCount {
 public:
  explicit RpcCount(Service& service) : service_(service) { service_.rpcs_running.fetch_add(1); }
  ~RpcCount() { service_.rpcs_running.fetch_sub(1); }
  RpcCount(const RpcCount&) = delete;

 private:
  Service& service_;
};

}  // namespace firesteel::server
