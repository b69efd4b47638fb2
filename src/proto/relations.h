#pragma once
// How relation messages are converted: one function for each, by topic in relations_*.cc. relations.cc chooses.
#include "proto/from_proto.h"

namespace firesteel::proto {

/// What every relation has beside its own message.
struct Place {
  Origin origin;
  std::optional<int64_t> plan_id;

  template <typename T>
  Result<unresolved::RelationPtr> Make(T node) const {
    return unresolved::MakeRelation(std::move(node), origin, plan_id);
  }
};

using RelationResult = Result<unresolved::RelationPtr>;

// relations_basic.cc: operators on rows and columns
RelationResult From(const connect::Project& message, const Place& place);
RelationResult From(const connect::Filter& message, const Place& place);
RelationResult From(const connect::Sort& message, const Place& place);
RelationResult From(const connect::Limit& message, const Place& place);
RelationResult From(const connect::Offset& message, const Place& place);
RelationResult From(const connect::Tail& message, const Place& place);
RelationResult From(const connect::Drop& message, const Place& place);
RelationResult From(const connect::Deduplicate& message, const Place& place);
RelationResult From(const connect::Sample& message, const Place& place);
RelationResult From(const connect::SubqueryAlias& message, const Place& place);
RelationResult From(const connect::Repartition& message, const Place& place);
RelationResult From(const connect::RepartitionByExpression& message, const Place& place);
RelationResult From(const connect::ToDF& message, const Place& place);
RelationResult From(const connect::ToSchema& message, const Place& place);
RelationResult From(const connect::WithColumns& message, const Place& place);
RelationResult From(const connect::WithColumnsRenamed& message, const Place& place);
RelationResult From(const connect::Hint& message, const Place& place);
RelationResult From(const connect::CollectMetrics& message, const Place& place);
RelationResult From(const connect::WithWatermark& message, const Place& place);
RelationResult From(const connect::ShowString& message, const Place& place);
RelationResult From(const connect::HtmlString& message, const Place& place);

// relations_shape.cc: joins, sets, aggregation, pivots
RelationResult From(const connect::Join& message, const Place& place);
RelationResult From(const connect::LateralJoin& message, const Place& place);
RelationResult From(const connect::AsOfJoin& message, const Place& place);
RelationResult From(const connect::SetOperation& message, const Place& place);
RelationResult From(const connect::Aggregate& message, const Place& place);
RelationResult From(const connect::Unpivot& message, const Place& place);
RelationResult From(const connect::Transpose& message, const Place& place);
RelationResult From(const connect::WithRelations& message, const Place& place);

// relations_source.cc: leaves
RelationResult From(const connect::Read& message, const Place& place);
RelationResult From(const connect::SQL& message, const Place& place);
RelationResult From(const connect::LocalRelation& message, const Place& place);
RelationResult From(const connect::ChunkedCachedLocalRelation& message, const Place& place);
RelationResult From(const connect::Range& message, const Place& place);
RelationResult From(const connect::UnresolvedTableValuedFunction& message, const Place& place);
RelationResult From(const connect::Parse& message, const Place& place);

// relations_statistics.cc: df.na and df.stat
RelationResult From(const connect::NAFill& message, const Place& place);
RelationResult From(const connect::NADrop& message, const Place& place);
RelationResult From(const connect::NAReplace& message, const Place& place);
RelationResult From(const connect::StatSummary& message, const Place& place);
RelationResult From(const connect::StatCrosstab& message, const Place& place);
RelationResult From(const connect::StatDescribe& message, const Place& place);
RelationResult From(const connect::StatCov& message, const Place& place);
RelationResult From(const connect::StatCorr& message, const Place& place);
RelationResult From(const connect::StatApproxQuantile& message, const Place& place);
RelationResult From(const connect::StatFreqItems& message, const Place& place);
RelationResult From(const connect::StatSampleBy& message, const Place& place);

template <typename Strings>
std::vector<std::string> StringsOf(const Strings& strings) {
  return {strings.begin(), strings.end()};
}

}  // namespace firesteel::proto
