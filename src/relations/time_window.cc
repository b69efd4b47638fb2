#include "relations/time_window.h"

#include <algorithm>

#include "base/text.h"

namespace firesteel::relations {
namespace {

using unresolved::ExprPtr;

/// No name of a query's own: `window` alone must not be mistaken for a column of the input.
constexpr const char* kWindowTable = "@time_window";

/// The same expression, as far as those that windows are made of go.
bool Same(const ExprPtr& a, const ExprPtr& b) {
  if (a == b) return true;
  if (a == nullptr || b == nullptr || a->node.index() != b->node.index()) return false;
  if (const auto* literal = std::get_if<unresolved::Literal>(&a->node)) {
    const auto& other = std::get<unresolved::Literal>(b->node);
    return literal->type == other.type && literal->value == other.value;
  }
  if (const auto* column = std::get_if<unresolved::Attribute>(&a->node)) {
    const auto& other = std::get<unresolved::Attribute>(b->node);
    return column->plan_id == other.plan_id &&
           std::equal(column->name.begin(), column->name.end(), other.name.begin(), other.name.end(), EqualsIgnoreCase);
  }
  if (const auto* cast = std::get_if<unresolved::Cast>(&a->node)) {
    const auto& other = std::get<unresolved::Cast>(b->node);
    return cast->type == other.type && cast->type_text == other.type_text && cast->mode == other.mode &&
           Same(cast->child, other.child);
  }
  if (const auto* function = std::get_if<unresolved::Function>(&a->node)) {
    const auto& other = std::get<unresolved::Function>(b->node);
    return std::equal(function->name.begin(), function->name.end(), other.name.begin(), other.name.end(),
                      EqualsIgnoreCase) &&
           std::equal(function->arguments.begin(), function->arguments.end(), other.arguments.begin(),
                      other.arguments.end(), Same);
  }
  return false;
}

/// Replaces window(…) by the column, in the places where grouping and select lists have it.
class WindowFinder {
 public:
  ExprPtr Replaced(const ExprPtr& expr) {
    if (expr == nullptr) return expr;
    if (const auto* function = std::get_if<unresolved::Function>(&expr->node)) {
      if (IsTimeWindow(*function)) return Column(expr);
      unresolved::Function copy = *function;
      if (!ReplaceAll(copy.arguments)) return expr;
      return unresolved::MakeExpr(std::move(copy), expr->origin);
    }
    if (const auto* alias = std::get_if<unresolved::Alias>(&expr->node)) {
      unresolved::Alias copy = *alias;
      copy.child = Replaced(alias->child);
      return copy.child == alias->child ? expr : unresolved::MakeExpr(std::move(copy), expr->origin);
    }
    if (const auto* field = std::get_if<unresolved::ExtractValue>(&expr->node)) {
      unresolved::ExtractValue copy = *field;
      copy.child = Replaced(field->child);
      return copy.child == field->child ? expr : unresolved::MakeExpr(std::move(copy), expr->origin);
    }
    return expr;
  }
  bool ReplaceAll(std::vector<ExprPtr>& exprs) {
    bool changed = false;
    for (ExprPtr& expr : exprs) {
      ExprPtr replaced = Replaced(expr);
      changed = changed || replaced != expr;
      expr = std::move(replaced);
    }
    return changed;
  }

  const ExprPtr& found() const { return found_; }
  bool differ() const { return differ_; }

 private:
  static bool IsTimeWindow(const unresolved::Function& function) {
    return function.name.size() == 1 && EqualsIgnoreCase(function.name[0], "window") && !function.user_defined;
  }
  ExprPtr Column(const ExprPtr& call) {
    if (found_ == nullptr) found_ = call;
    differ_ = differ_ || !Same(call, found_);
    return unresolved::MakeExpr(unresolved::Attribute{.name = {kWindowTable, "window"}}, call->origin);
  }

  ExprPtr found_;
  bool differ_ = false;
};

}  // namespace

Result<std::optional<unresolved::Aggregate>> OverTimeWindows(const unresolved::Aggregate& aggregate) {
  using Answer = std::optional<unresolved::Aggregate>;
  WindowFinder finder;
  unresolved::Aggregate copy = aggregate;
  bool changed = finder.ReplaceAll(copy.grouping);
  for (std::vector<ExprPtr>& set : copy.grouping_sets) changed = finder.ReplaceAll(set) || changed;
  if (!changed) return Answer();
  finder.ReplaceAll(copy.aggregates);
  if (finder.differ()) return Error::Condition("_LEGACY_ERROR_TEMP_1039");
  unresolved::LateralView view;
  view.input = aggregate.input;
  view.generator = finder.found();
  view.table_alias = kWindowTable;
  view.column_names = {"window"};
  copy.input = unresolved::MakeRelation(std::move(view), finder.found()->origin);
  return Answer(std::move(copy));
}

}  // namespace firesteel::relations
