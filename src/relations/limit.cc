// LIMIT, OFFSET, tail().
#include "relations/relations.h"

namespace firesteel::relations {

Result<PlanPtr> Resolve(const unresolved::Limit& limit, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(limit.input));
  FS_TRY(int64_t rows, resolver.BindLimit(limit.limit, "limit", input));
  return Over(logical::Limit{input, rows, 0}, input, relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::Offset& offset, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(offset.input));
  FS_TRY(int64_t rows, resolver.BindLimit(offset.offset, "offset", input));
  return Over(logical::Limit{input, std::nullopt, rows}, input, relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::Tail& tail, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(tail.input));
  FS_TRY(int64_t rows, resolver.BindLimit(tail.limit, "tail", input));
  return Over(logical::Tail{input, rows}, input, relation.origin);
}

}  // namespace firesteel::relations
