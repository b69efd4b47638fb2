// input_file_name() becomes a column of the scan below.
#include <algorithm>
#include <span>

#include "catalog/file_listing.h"
#include "functions/function.h"
#include "optimizer/rules.h"
#include "plan/rewrite.h"

namespace firesteel::optimizer {
namespace {

using logical::AttributeId;
using logical::ExprPtr;
using logical::PlanPtr;

/// The column that input_file_name() becomes; no file's own is called so.
constexpr std::string_view kFileColumn = "input_file_name()";

bool IsFileName(const logical::Expr& expr) {
  const auto* call = std::get_if<logical::Call>(&expr.node);
  return call != nullptr && call->function->name == "input_file_name";
}

/// GROUP BY input_file_name(): what is put out is the key. Analysis has not told them to be the same, as for calls that give
/// another value each time.
PlanPtr GroupedByFile(logical::Aggregate aggregate, const PlanPtr& plan, const logical::Attribute& file) {
  const ExprPtr column = ColumnsOf(std::span(&file, 1))[0];
  std::vector<AttributeId> keys;
  for (ExprPtr& key : aggregate.grouping) {
    const auto* alias = std::get_if<logical::Alias>(&key->node);
    const auto* grouped = alias != nullptr ? std::get_if<logical::Column>(&alias->child->node) : nullptr;
    if (grouped == nullptr || grouped->id != file.id) continue;
    keys.push_back(alias->output.id);
    key = column;
  }
  const auto is_key = [&](const ExprPtr& expr) {
    const auto* read = std::get_if<logical::Column>(&expr->node);
    return read != nullptr && std::find(keys.begin(), keys.end(), read->id) != keys.end();
  };
  for (size_t i = 0; i < aggregate.aggregates.size(); ++i) {
    ExprPtr& expr = aggregate.aggregates[i];
    if (is_key(expr)) {
      expr = logical::MakeExpr(logical::Alias{column, plan->output[i]}, column->type, column->nullable);
    } else {
      expr = logical::RewriteTopDown(expr, [&](const ExprPtr& e) -> ExprPtr { return is_key(e) ? column : nullptr; });
    }
  }
  return logical::MakePlan(std::move(aggregate), plan->output, plan->origin);
}

/// The plan with `file` behind its columns; null if its rows are not those of one scan.
PlanPtr WithFileColumn(const PlanPtr& plan, const logical::Attribute& file) {
  std::vector<logical::Attribute> output = plan->output;
  output.push_back(file);
  if (const auto* scan = std::get_if<logical::Scan>(&plan->node)) {
    // As a partition's value: every file has its own.
    logical::Scan copy = *scan;
    std::vector<StructField> fields;
    if (copy.partition_schema.Is(TypeId::kStruct)) fields = copy.partition_schema.fields();
    fields.push_back({file.name, TypeId::kString, false, "{}"});
    copy.partition_schema = DataType::Struct(std::move(fields));
    copy.partition_values.resize(copy.files.size());
    for (size_t i = 0; i < copy.files.size(); ++i)
      copy.partition_values[i].push_back(Value(catalog::FileUri(copy.files[i])));
    return logical::MakePlan(std::move(copy), std::move(output), plan->origin);
  }
  if (const auto* filter = std::get_if<logical::Filter>(&plan->node)) {
    PlanPtr input = WithFileColumn(filter->input, file);
    if (input == nullptr) return nullptr;
    return logical::MakePlan(logical::Filter{std::move(input), filter->condition}, std::move(output), plan->origin);
  }
  if (const auto* project = std::get_if<logical::Project>(&plan->node)) {
    PlanPtr input = WithFileColumn(project->input, file);
    if (input == nullptr) return nullptr;
    std::vector<ExprPtr> expressions = project->expressions;
    expressions.push_back(ColumnsOf(std::span(&file, 1))[0]);
    return logical::MakePlan(logical::Project{std::move(input), std::move(expressions)}, std::move(output),
                             plan->origin);
  }
  if (const auto* alias = std::get_if<logical::SubqueryAlias>(&plan->node)) return WithFileColumn(alias->input, file);
  return nullptr;
}

}  // namespace

logical::PlanPtr WithFileNames(const PlanPtr& plan) {
  bool asked = false;
  logical::ForEachExpression(*plan, [&](const ExprPtr& expr) { asked = asked || logical::Any(expr, IsFileName); });
  if (!asked) return nullptr;
  const logical::Attribute file{logical::NewAttributeId(), std::string(kFileColumn), TypeId::kString, false, "{}", {}};
  bool all = true;
  const auto input_with = [&](const PlanPtr& input) {
    PlanPtr with = WithFileColumn(input, file);
    all = all && with != nullptr;
    return with != nullptr ? with : input;
  };
  const auto renamed = [&](const ExprPtr& expr) {
    return logical::RewriteTopDown(expr, [&](const ExprPtr& e) {
      return IsFileName(*e) ? logical::Shown(ColumnsOf(std::span(&file, 1))[0], "input_file_name()") : nullptr;
    });
  };
  PlanPtr named = logical::MapPlan(plan, input_with, renamed);
  if (!all) return nullptr;
  if (const auto* aggregate = std::get_if<logical::Aggregate>(&named->node))
    return GroupedByFile(*aggregate, plan, file);
  if (!std::holds_alternative<logical::Filter>(plan->node)) return named;
  // A filter puts out all that comes in.
  std::vector<logical::Attribute> output = plan->output;
  output.push_back(file);
  named = logical::MakePlan(std::get<logical::Filter>(named->node), std::move(output), plan->origin);
  return logical::MakePlan(logical::Project{std::move(named), ColumnsOf(plan->output)}, plan->output, plan->origin);
}

}  // namespace firesteel::optimizer
