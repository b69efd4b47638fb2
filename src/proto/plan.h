#pragma once
// Whole requests: bytes to messages with a nesting limit of our own, and Plan messages to what is to be done.
#include <google/protobuf/io/zero_copy_stream.h>
#include <spark/connect/base.pb.h>

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "plan/unresolved.h"

namespace firesteel::proto {

/// Levels of messages inside messages. Spark stops at 1,024 (spark.connect.grpc.marshallerRecursionLimit).
constexpr int kMessageNestingMax = 10'000;

/// Limits on what clients send; from the configuration.
struct PlanLimits {
  int nesting_max = kMessageNestingMax;
  int64_t plan_bytes_max = int64_t{512} << 20;  ///< decompressed: spark.connect.maxPlanSize
};

/// Parses one message. A message that is broken or too deep: CONNECT_INVALID_PLAN.CANNOT_PARSE.
/// Recursive: call on a deep stack.
Status ParseMessage(google::protobuf::io::ZeroCopyInputStream& bytes, int nesting_max,
                    google::protobuf::MessageLite& message);

/// spark.sql(text): executed at once if it is a command, else handed back as a relation.
struct SqlStatement {
  unresolved::SqlQuery query;
  std::vector<unresolved::RelationPtr> references;  ///< DataFrames that the text names, as WithRelations has them
  ::spark::connect::Relation relation;              ///< what a query's result is: the relation to run later
};

/// df.checkpoint, df.localCheckpoint: answers with the id of a relation that the server keeps.
struct Checkpoint {
  unresolved::RelationPtr plan;
  bool eager = true;
};
struct RemoveCheckpoint {  ///< the client has no DataFrame of it any more
  std::string relation_id;
};

struct Plan {
  std::variant<unresolved::RelationPtr, unresolved::Command, SqlStatement, Checkpoint, RemoveCheckpoint> node;
};

/// Recursive: call on a deep stack.
Result<Plan> PlanFromProto(const ::spark::connect::Plan& message, const PlanLimits& limits);
/// As PlanFromProto; the plan must be a relation.
Result<unresolved::RelationPtr> RelationOfPlan(const ::spark::connect::Plan& message, const PlanLimits& limits);

}  // namespace firesteel::proto
