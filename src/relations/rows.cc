// Relations that keep the columns and care for rows or their placement: hints, repartition, sample.
#include <random>

#include "relations/relations.h"
#include "types/number_text.h"

namespace firesteel::relations {

Result<PlanPtr> Resolve(const unresolved::Hint& hint, const unresolved::Relation&, Resolver& resolver) {
  // Join strategies and partition counts mean nothing to this engine; Spark, too, only warns about hints that it does not know.
  return resolver.Resolve(hint.input);
}

Result<PlanPtr> Resolve(const unresolved::Repartition& node, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  if (node.partitions && *node.partitions <= 0) {
    return Requirement("Number of partitions (" + std::to_string(*node.partitions) + ") must be positive.");
  }
  std::vector<ExprPtr> by;
  for (const unresolved::ExprPtr& expression : node.by) {
    const auto* key = std::get_if<unresolved::SortKey>(&expression->node);
    FS_TRY(ExprPtr bound, resolver.Bind(key != nullptr ? key->child : expression, input, Clause::kOther));
    by.push_back(std::move(bound));
  }
  return Over(logical::Repartition{input, node.partitions, node.shuffle, std::move(by)}, input, relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::Sample& sample, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(sample.input));
  constexpr double kRounding = 1e-6;
  const double fraction = sample.upper_bound - sample.lower_bound;
  if (sample.with_replacement && fraction < -kRounding)
    return Requirement("Sampling fraction (" + DoubleText(fraction) + ") must be nonnegative with replacement");
  if (!sample.with_replacement && (fraction < -kRounding || fraction > 1 + kRounding)) {
    return Requirement("Sampling fraction (" + DoubleText(fraction) +
                       ") must be on interval [0, 1] without replacement");
  }
  int64_t seed = sample.seed ? *sample.seed : static_cast<int64_t>(std::random_device()());
  return Over(logical::Sample{input, sample.lower_bound, sample.upper_bound, sample.with_replacement, seed}, input,
              relation.origin);
}

}  // namespace firesteel::relations
