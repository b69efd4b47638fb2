// Only the columns that somebody reads stay: in scans, projections, aggregates and all that hands columns through. DuckDB would find out
// too, but only after it has parsed and bound them all; and what nobody reads need not succeed.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/deep_stack.h"
#include "optimizer/rules.h"
#include "plan/rewrite.h"

namespace firesteel::optimizer {
namespace {

using logical::Attribute;
using logical::AttributeId;
using logical::ExprPtr;
using logical::PlanPtr;

using Ids = std::unordered_set<AttributeId>;

Ids IdsOf(const std::vector<Attribute>& attributes) {
  Ids ids;
  for (const Attribute& attribute : attributes) ids.insert(attribute.id);
  return ids;
}

std::vector<Attribute> Among(const std::vector<Attribute>& attributes, const Ids& ids) {
  std::vector<Attribute> kept;
  for (const Attribute& attribute : attributes) {
    if (ids.contains(attribute.id)) kept.push_back(attribute);
  }
  return kept;
}

/// Positions of the columns that are wanted; the first one where there must be one.
std::vector<size_t> Positions(const std::vector<Attribute>& attributes, const Ids& wanted, bool at_least_one) {
  std::vector<size_t> positions;
  for (size_t i = 0; i < attributes.size(); ++i) {
    if (wanted.contains(attributes[i].id)) positions.push_back(i);
  }
  if (positions.empty() && at_least_one && !attributes.empty()) positions.push_back(0);
  return positions;
}

template <typename T>
std::vector<T> At(const std::vector<T>& all, const std::vector<size_t>& positions) {
  std::vector<T> some;
  for (const size_t i : positions) some.push_back(all[i]);
  return some;
}

class ColumnPruner {
 public:
  /// The plan with the columns `wanted` in the order that they had. A filter and its like may keep what they read themselves; with all
  /// columns wanted the answer has exactly those.
  PlanPtr Prune(const PlanPtr& plan, const Ids& wanted) {
    if (status_.ok()) status_ = CheckStack();
    if (!status_.ok()) return plan;
    return std::visit([&](const auto& node) { return Node(node, plan, wanted); }, plan->node);
  }

  PlanPtr PruneBelow(const PlanPtr& plan) { return Prune(plan, IdsOf(plan->output)); }

  const Status& status() const { return status_; }

 private:
  /// With the plans of its queries pruned; `read` gets the columns that it reads.
  ExprPtr Expression(const ExprPtr& expr, Ids& read) {
    ExprPtr pruned = logical::RewriteTopDown(expr, [&](const ExprPtr& e) -> ExprPtr {
      const auto* subquery = std::get_if<logical::Subquery>(&e->node);
      if (subquery == nullptr) return nullptr;
      logical::Expr copy = *e;
      auto& inner = std::get<logical::Subquery>(copy.node);
      inner.plan = subquery->kind == logical::SubqueryKind::kExists ? Prune(inner.plan, {}) : PruneBelow(inner.plan);
      for (ExprPtr& value : inner.in_values) value = Expression(value, read);
      return std::make_shared<const logical::Expr>(std::move(copy));
    });
    logical::CollectColumns(pruned, read);
    return pruned;
  }

  std::vector<ExprPtr> Expressions(const std::vector<ExprPtr>& all, Ids& read) {
    std::vector<ExprPtr> pruned;
    for (const ExprPtr& expr : all) pruned.push_back(Expression(expr, read));
    return pruned;
  }

  /// What has one input whose rows it hands on, and what has none: the columns wanted, and those that its own expressions read.
  template <typename T>
  PlanPtr Node(const T& node, const PlanPtr& plan, const Ids& wanted) {
    if constexpr (requires { node.input; }) {
      Ids below = wanted;
      PlanPtr own = logical::MapPlan(
          plan, [](const PlanPtr& input) { return input; },
          [&](const ExprPtr& expr) { return Expression(expr, below); });
      logical::Plan copy = *own;
      PlanPtr& input = std::get<T>(copy.node).input;
      input = Prune(input, below);
      copy.output = Among(plan->output, IdsOf(input->output));
      return std::make_shared<const logical::Plan>(std::move(copy));
    } else {
      return plan;
    }
  }

  PlanPtr Node(const logical::Scan& scan, const PlanPtr& plan, const Ids& wanted) {
    return logical::MakePlan(scan, Among(plan->output, wanted), plan->origin);
  }

  PlanPtr Node(const logical::Values& values, const PlanPtr& plan, const Ids& wanted) {
    const std::vector<size_t> kept = Positions(plan->output, wanted, true);
    logical::Values pruned;
    for (const auto& row : values.rows) pruned.rows.push_back(At(row, kept));
    return logical::MakePlan(std::move(pruned), At(plan->output, kept), plan->origin);
  }

  PlanPtr Node(const logical::Project& project, const PlanPtr& plan, const Ids& wanted) {
    const std::vector<size_t> kept = Positions(plan->output, wanted, false);
    Ids below;
    std::vector<ExprPtr> expressions = Expressions(At(project.expressions, kept), below);
    logical::Project pruned{Prune(project.input, below), std::move(expressions)};
    if (IsIdentity(pruned)) return pruned.input;
    return logical::MakePlan(std::move(pruned), At(plan->output, kept), plan->origin);
  }

  PlanPtr Node(const logical::Aggregate& aggregate, const PlanPtr& plan, const Ids& wanted) {
    const std::vector<size_t> kept = Positions(plan->output, wanted, false);
    Ids below;
    logical::Aggregate pruned = aggregate;
    pruned.grouping = Expressions(aggregate.grouping, below);
    pruned.aggregates = Expressions(At(aggregate.aggregates, kept), below);
    pruned.input = Prune(aggregate.input, below);
    return logical::MakePlan(std::move(pruned), At(plan->output, kept), plan->origin);
  }

  /// Joins of all kinds, whose conditions `copy` has: both sides, and the output that follows.
  template <typename T>
  PlanPtr PruneSides(T copy, const PlanPtr& plan, Ids wanted, const PlanPtr& lateral) {
    copy.right = Prune(copy.right, wanted);
    if (lateral != nullptr) {
      for (const ExprPtr& outer : logical::OuterColumns(copy.right))
        wanted.insert(std::get<logical::Column>(outer->node).id);
    }
    copy.left = Prune(copy.left, wanted);
    Ids given = IdsOf(copy.left->output);
    given.merge(IdsOf(copy.right->output));
    return logical::MakePlan(std::move(copy), Among(plan->output, given), plan->origin);
  }

  PlanPtr Node(const logical::Join& join, const PlanPtr& plan, const Ids& wanted) {
    Ids below = wanted;
    logical::Join copy = join;
    if (copy.condition != nullptr) copy.condition = Expression(copy.condition, below);
    return PruneSides(std::move(copy), plan, std::move(below), join.lateral ? join.right : nullptr);
  }

  PlanPtr Node(const logical::AsOfJoin& join, const PlanPtr& plan, const Ids& wanted) {
    Ids below = wanted;
    logical::AsOfJoin copy = join;
    if (copy.condition != nullptr) copy.condition = Expression(copy.condition, below);
    copy.as_of_condition = Expression(copy.as_of_condition, below);
    copy.distance = Expression(copy.distance, below);
    return PruneSides(std::move(copy), plan, std::move(below), nullptr);
  }

  /// Rows are compared as a whole.
  PlanPtr Node(const logical::Distinct& distinct, const PlanPtr& plan, const Ids&) {
    return logical::MakePlan(logical::Distinct{PruneBelow(distinct.input)}, plan->output, plan->origin);
  }

  PlanPtr Node(const logical::DistinctOn& distinct, const PlanPtr& plan, const Ids& wanted) {
    Ids below = wanted;
    below.insert(distinct.keys.begin(), distinct.keys.end());
    PlanPtr input = Prune(distinct.input, below);
    std::vector<Attribute> output = Among(plan->output, IdsOf(input->output));
    return logical::MakePlan(logical::DistinctOn{std::move(input), distinct.keys}, std::move(output), plan->origin);
  }

  PlanPtr Node(const logical::SetOperation& set, const PlanPtr& plan, const Ids& wanted) {
    const bool by_position = set.op == logical::SetOperator::kUnion && set.all;
    const std::vector<size_t> kept = Positions(plan->output, by_position ? wanted : IdsOf(plan->output), false);
    logical::SetOperation pruned = set;
    for (PlanPtr& input : pruned.inputs) {
      const std::vector<Attribute> columns = At(input->output, kept);
      input = Exactly(Prune(input, IdsOf(columns)), columns);
    }
    return logical::MakePlan(std::move(pruned), At(plan->output, kept), plan->origin);
  }

  /// The plan with these columns and no others, for those who read by position.
  static PlanPtr Exactly(PlanPtr plan, const std::vector<Attribute>& columns) {
    const bool same = std::ranges::equal(plan->output, columns, {}, &Attribute::id, &Attribute::id);
    if (same) return plan;
    const Origin origin = plan->origin;
    return logical::MakePlan(logical::Project{std::move(plan), ColumnsOf(columns)}, columns, origin);
  }

  PlanPtr Node(const logical::Generate& generate, const PlanPtr& plan, const Ids& wanted) {
    Ids below = wanted;
    logical::Generate pruned = generate;
    pruned.generator = Expression(generate.generator, below);
    pruned.input = Prune(generate.input, below);
    Ids given = IdsOf(pruned.input->output);
    given.merge(IdsOf(generate.generated));
    return logical::MakePlan(std::move(pruned), Among(plan->output, given), plan->origin);
  }

  PlanPtr Node(const logical::Expand& expand, const PlanPtr& plan, const Ids& wanted) {
    const std::vector<size_t> kept = Positions(plan->output, wanted, true);
    Ids below;
    logical::Expand pruned;
    for (const auto& projection : expand.projections)
      pruned.projections.push_back(Expressions(At(projection, kept), below));
    pruned.input = Prune(expand.input, below);
    return logical::MakePlan(std::move(pruned), At(plan->output, kept), plan->origin);
  }

  PlanPtr Node(const logical::CachedTable& cached, const PlanPtr& plan, const Ids& wanted) {
    const std::vector<size_t> kept = Positions(plan->output, wanted, false);
    return logical::MakePlan(logical::CachedTable{cached.table, At(cached.columns, kept), cached.plan},
                             At(plan->output, kept), plan->origin);
  }

  /// The input tells what is read of the definitions, and the later ones what is read of the earlier ones.
  PlanPtr Node(const logical::With& with, const PlanPtr& plan, const Ids& wanted) {
    logical::With pruned = with;
    for (const auto& table : with.tables) {
      if (table.recursive) whole_.insert(table.id);
    }
    pruned.input = Prune(with.input, wanted);
    for (size_t i = pruned.tables.size(); i-- > 0;) {
      auto& table = pruned.tables[i];
      table.plan = table.recursive ? PruneBelow(table.plan) : Prune(table.plan, read_of_tables_[table.id]);
    }
    std::vector<Attribute> output = Among(plan->output, IdsOf(pruned.input->output));
    return logical::MakePlan(std::move(pruned), std::move(output), plan->origin);
  }

  PlanPtr Node(const logical::CteRef& ref, const PlanPtr& plan, const Ids& wanted) {
    if (whole_.contains(ref.id)) return plan;
    const std::vector<size_t> kept = Positions(plan->output, wanted, false);
    std::vector<AttributeId> columns = At(ref.columns, kept);
    read_of_tables_[ref.id].insert(columns.begin(), columns.end());
    return logical::MakePlan(logical::CteRef{ref.id, ref.name, std::move(columns)}, At(plan->output, kept),
                             plan->origin);
  }

  /// Its text is made of all columns.
  PlanPtr Node(const logical::ShowString& show, const PlanPtr& plan, const Ids&) {
    logical::ShowString pruned = show;
    pruned.input = PruneBelow(show.input);
    return logical::MakePlan(std::move(pruned), plan->output, plan->origin);
  }

  Status status_;
  std::unordered_map<int64_t, Ids> read_of_tables_;  ///< columns of WITH's definitions that references read
  std::unordered_set<int64_t> whole_;                ///< recursive definitions: their rows are compared and counted
};

}  // namespace

Result<PlanPtr> PruneColumns(const PlanPtr& plan) {
  ColumnPruner pruner;
  PlanPtr pruned = pruner.PruneBelow(plan);
  FS_CHECK(pruner.status());
  return pruned;
}

}  // namespace firesteel::optimizer
