#pragma once
// Every relation that resolves, in files by topic: select.cc, join.cc …. Adding one: a declaration here, its Resolve there, a test.
#include <string>

#include "plan/explain.h"
#include "relations/resolver.h"

namespace firesteel::relations {

#define FS_RELATION(type) \
  Result<PlanPtr> Resolve(const unresolved::type& node, const unresolved::Relation& relation, Resolver& resolver)

FS_RELATION(OneRow);
FS_RELATION(ReadTable);
FS_RELATION(ReadSource);
FS_RELATION(SqlQuery);
FS_RELATION(WithRelations);
FS_RELATION(Project);
FS_RELATION(Filter);
FS_RELATION(Join);
FS_RELATION(SetOperation);
FS_RELATION(Sort);
FS_RELATION(Limit);
FS_RELATION(Offset);
FS_RELATION(Tail);
FS_RELATION(Aggregate);
FS_RELATION(Having);
FS_RELATION(Qualify);
FS_RELATION(WithWindows);
FS_RELATION(Distinct);
FS_RELATION(LocalRelation);
FS_RELATION(Values);
FS_RELATION(Range);
FS_RELATION(SubqueryAlias);
FS_RELATION(TableFunction);
FS_RELATION(LateralView);
FS_RELATION(With);
FS_RELATION(UnsupportedRelation);
// DataFrame relations
FS_RELATION(WithColumns);
FS_RELATION(Drop);
FS_RELATION(ToDF);
FS_RELATION(Hint);
FS_RELATION(Repartition);
FS_RELATION(Sample);
FS_RELATION(WithColumnsRenamed);
FS_RELATION(ToSchema);
FS_RELATION(Deduplicate);
FS_RELATION(FillNa);
FS_RELATION(DropNa);
FS_RELATION(ReplaceNa);
FS_RELATION(CachedLocalRelation);
FS_RELATION(CachedRemoteRelation);
FS_RELATION(ShowString);
FS_RELATION(HtmlString);
FS_RELATION(CollectMetrics);
FS_RELATION(Unpivot);
FS_RELATION(SqlPivot);
FS_RELATION(Summary);
FS_RELATION(Describe);
FS_RELATION(Covariance);
FS_RELATION(Correlation);
FS_RELATION(ApproxQuantile);
FS_RELATION(SampleBy);
FS_RELATION(Crosstab);
FS_RELATION(FreqItems);
FS_RELATION(Transpose);
FS_RELATION(AsOfJoin);
FS_RELATION(WithWatermark);
FS_RELATION(Parse);

/// parquet, csv, json …: what may stand before a path in SQL.
bool IsKnownFileFormat(std::string_view format);

/// groupBy(…).pivot(…).agg(…), an Aggregate of its own kind.
Result<PlanPtr> ResolvePivot(const unresolved::Aggregate& node, const unresolved::Relation& relation,
                             Resolver& resolver);

#undef FS_RELATION

/// What has no file yet: fails with its name.
template <typename T>
Result<PlanPtr> Resolve(const T&, const unresolved::Relation& relation, Resolver&) {
  return Error::Unsupported("the relation " + unresolved::RelationName(relation), relation.origin);
}

}  // namespace firesteel::relations
