#pragma once
// From Spark Connect's messages to the unresolved tree. Names are split here, nothing is looked up. What this server
// cannot do yet becomes an Unsupported node that names it; what breaks the protocol is an error, as Spark words it.
#include <spark/connect/base.pb.h>

#include <string>
#include <variant>

#include "base/result.h"
#include "plan/unresolved.h"

namespace firesteel::proto {

namespace connect = ::spark::connect;

/// All of these recurse as deep as the message does: call them on a deep stack (base/deep_stack.h).
Result<unresolved::RelationPtr> RelationFromProto(const connect::Relation& message);
Result<unresolved::ExprPtr> ExpressionFromProto(const connect::Expression& message);
Result<unresolved::Command> CommandFromProto(const connect::Command& message);
/// spark.catalog.*: a relation in the protocol, a command here, for some of its calls have side effects.
Result<unresolved::Command> CatalogFromProto(const connect::Catalog& message);

/// Parts that relations, expressions and commands share.
Result<std::vector<unresolved::ExprPtr>> ExpressionsFromProto(
    const google::protobuf::RepeatedPtrField<connect::Expression>& messages);
Result<unresolved::SortKey> SortKeyFromProto(const connect::Expression::SortOrder& message);
Result<std::vector<unresolved::SortKey>> SortKeysFromProto(
    const google::protobuf::RepeatedPtrField<connect::Expression::SortOrder>& messages);
Result<unresolved::Literal> LiteralFromProto(const connect::Expression::Literal& message);
Result<unresolved::PythonUdf> PythonUdfFromProto(const connect::CommonInlineUserDefinedFunction& message);
/// The SQL text of a SQL relation, with its arguments.
Result<unresolved::SqlQuery> SqlFromProto(const connect::SQL& message);
Origin OriginFromProto(const connect::Origin& message);

}  // namespace firesteel::proto
