#pragma once
// Every relation that resolves, one file each: select.cc, join.cc …. Adding one: a declaration here, a file, a test.
#include <string>
#include <typeinfo>

#include "relations/resolver.h"

namespace firesteel::relations {

#define FS_RELATION(type) \
  Result<PlanPtr> Resolve(const unresolved::type& node, const unresolved::Relation& relation, Resolver& resolver)

FS_RELATION(OneRow);
FS_RELATION(ReadTable);
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

#undef FS_RELATION

/// What has no file yet: fails with its name.
template <typename T>
Result<PlanPtr> Resolve(const T&, const unresolved::Relation& relation, Resolver&) {
  std::string name = typeid(T).name();
  return Error::Unsupported("relation " + name.substr(name.find_last_of("0123456789") + 1), relation.origin);
}

}  // namespace firesteel::relations
