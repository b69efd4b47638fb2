// Only the columns of a union that are read are computed by its inputs: a cast that fails in another one is no matter.
#include <unordered_set>

#include "optimizer/rules.h"
#include "plan/rewrite.h"

namespace firesteel::optimizer {

using logical::AttributeId;
using logical::ExprPtr;
using logical::PlanPtr;

logical::PlanPtr PruneUnion(const logical::Project& project, const PlanPtr& plan) {
  const auto* set = std::get_if<logical::SetOperation>(&project.input->node);
  if (set == nullptr || set->op != logical::SetOperator::kUnion || !set->all) return nullptr;
  std::unordered_set<AttributeId> read;
  for (const ExprPtr& expr : project.expressions) logical::CollectColumns(expr, read);
  const auto& before = project.input->output;
  std::vector<size_t> kept;
  for (size_t i = 0; i < before.size(); ++i) {
    if (read.contains(before[i].id)) kept.push_back(i);
  }
  if (kept.size() == before.size()) return nullptr;
  std::vector<logical::Attribute> output;
  for (const size_t i : kept) output.push_back(before[i]);
  if (kept.empty())  // the number of rows counts
    output.push_back({logical::NewAttributeId(), "one", TypeId::kInteger, false, "{}", {}});
  logical::SetOperation pruned = *set;
  for (PlanPtr& input : pruned.inputs) {
    std::vector<logical::Attribute> columns;
    for (const size_t i : kept) columns.push_back(input->output[i]);
    std::vector<ExprPtr> expressions = ColumnsOf(columns);
    if (kept.empty()) {
      columns.push_back(output[0]);
      columns[0].id = logical::NewAttributeId();
      const ExprPtr one = logical::MakeExpr(logical::Literal{Value(int64_t{1})}, TypeId::kInteger, false);
      expressions.push_back(logical::MakeExpr(logical::Alias{one, columns[0]}, TypeId::kInteger, false));
    }
    input = logical::MakePlan(logical::Project{input, std::move(expressions)}, std::move(columns), input->origin);
  }
  PlanPtr all = logical::MakePlan(std::move(pruned), std::move(output), project.input->origin);
  return logical::MakePlan(logical::Project{std::move(all), project.expressions}, plan->output, plan->origin);
}

}  // namespace firesteel::optimizer
