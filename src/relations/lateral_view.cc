// LATERAL VIEW: a generator over each row of its input.
#include "relations/relations.h"

namespace firesteel::relations {

Result<PlanPtr> Resolve(const unresolved::LateralView& view, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(view.input));
  return resolver.Generate(view.generator, std::move(input), view.outer, view.column_names, view.table_alias,
                           relation.origin);
}

}  // namespace firesteel::relations
