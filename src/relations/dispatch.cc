// From a relation's node to the file that resolves it.
#include "base/deep_stack.h"
#include "relations/relations.h"

namespace firesteel::relations {

Result<PlanPtr> Dispatch(const unresolved::Relation& relation, Resolver& resolver) {
  FS_CHECK(CheckStack());
  return std::visit([&](const auto& node) { return Resolve(node, relation, resolver); }, relation.node);
}

}  // namespace firesteel::relations
