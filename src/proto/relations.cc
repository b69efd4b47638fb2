// Which relation a message is.
#include "proto/relations.h"

#include "base/deep_stack.h"
#include "proto/invalid_plan.h"
#include "proto/not_yet.h"

namespace firesteel::proto {

using connect::Relation;

RelationResult RelationFromProto(const Relation& message) {
  FS_CHECK(CheckStack());
  Place place;
  if (message.has_common()) {
    if (message.common().has_plan_id()) place.plan_id = message.common().plan_id();
    if (message.common().has_origin()) place.origin = OriginFromProto(message.common().origin());
  }
  switch (message.rel_type_case()) {
    case Relation::kRead:
      return From(message.read(), place);
    case Relation::kProject:
      return From(message.project(), place);
    case Relation::kFilter:
      return From(message.filter(), place);
    case Relation::kJoin:
      return From(message.join(), place);
    case Relation::kSetOp:
      return From(message.set_op(), place);
    case Relation::kSort:
      return From(message.sort(), place);
    case Relation::kLimit:
      return From(message.limit(), place);
    case Relation::kAggregate:
      return From(message.aggregate(), place);
    case Relation::kSql:
      return From(message.sql(), place);
    case Relation::kLocalRelation:
      return From(message.local_relation(), place);
    case Relation::kSample:
      return From(message.sample(), place);
    case Relation::kOffset:
      return From(message.offset(), place);
    case Relation::kDeduplicate:
      return From(message.deduplicate(), place);
    case Relation::kRange:
      return From(message.range(), place);
    case Relation::kSubqueryAlias:
      return From(message.subquery_alias(), place);
    case Relation::kRepartition:
      return From(message.repartition(), place);
    case Relation::kToDf:
      return From(message.to_df(), place);
    case Relation::kWithColumnsRenamed:
      return From(message.with_columns_renamed(), place);
    case Relation::kShowString:
      return From(message.show_string(), place);
    case Relation::kDrop:
      return From(message.drop(), place);
    case Relation::kTail:
      return From(message.tail(), place);
    case Relation::kWithColumns:
      return From(message.with_columns(), place);
    case Relation::kHint:
      return From(message.hint(), place);
    case Relation::kUnpivot:
      return From(message.unpivot(), place);
    case Relation::kToSchema:
      return From(message.to_schema(), place);
    case Relation::kRepartitionByExpression:
      return From(message.repartition_by_expression(), place);
    case Relation::kCollectMetrics:
      return From(message.collect_metrics(), place);
    case Relation::kParse:
      return From(message.parse(), place);
    case Relation::kWithWatermark:
      return From(message.with_watermark(), place);
    case Relation::kHtmlString:
      return From(message.html_string(), place);
    case Relation::kCachedLocalRelation:
      return place.Make(unresolved::CachedLocalRelation{{message.cached_local_relation().hash()}, "", false});
    case Relation::kCachedRemoteRelation:
      return place.Make(unresolved::CachedRemoteRelation{message.cached_remote_relation().relation_id()});
    case Relation::kAsOfJoin:
      return From(message.as_of_join(), place);
    case Relation::kWithRelations:
      return From(message.with_relations(), place);
    case Relation::kTranspose:
      return From(message.transpose(), place);
    case Relation::kUnresolvedTableValuedFunction:
      return From(message.unresolved_table_valued_function(), place);
    case Relation::kLateralJoin:
      return From(message.lateral_join(), place);
    case Relation::kChunkedCachedLocalRelation:
      return From(message.chunked_cached_local_relation(), place);
    case Relation::kFillNa:
      return From(message.fill_na(), place);
    case Relation::kDropNa:
      return From(message.drop_na(), place);
    case Relation::kReplace:
      return From(message.replace(), place);
    case Relation::kSummary:
      return From(message.summary(), place);
    case Relation::kCrosstab:
      return From(message.crosstab(), place);
    case Relation::kDescribe:
      return From(message.describe(), place);
    case Relation::kCov:
      return From(message.cov(), place);
    case Relation::kCorr:
      return From(message.corr(), place);
    case Relation::kApproxQuantile:
      return From(message.approx_quantile(), place);
    case Relation::kFreqItems:
      return From(message.freq_items(), place);
    case Relation::kSampleBy:
      return From(message.sample_by(), place);
    case Relation::kCatalog:
    case Relation::kMapPartitions:
    case Relation::kGroupMap:
    case Relation::kCoGroupMap:
    case Relation::kApplyInPandasWithState:
    case Relation::kCommonInlineUserDefinedTableFunction:
    case Relation::kCommonInlineUserDefinedDataSource:
    case Relation::kRelationChanges:
    case Relation::kNearestByJoin:
    case Relation::kMlRelation:
      return place.Make(unresolved::UnsupportedRelation{NotYet(Relation::descriptor(), message.rel_type_case())});
    case Relation::kExtension:
      return InvalidPlan("NO_HANDLER_FOR_EXTENSION", {{"extensionTypeUrl", message.extension().type_url()}});
    case Relation::kUnknown:
      return OneOfNotSupported(Relation::descriptor(), Relation::kUnknown);
    case Relation::REL_TYPE_NOT_SET:
      break;
  }
  return OneOfNotSet(Relation::descriptor(), "RELTYPE_NOT_SET");
}

}  // namespace firesteel::proto
