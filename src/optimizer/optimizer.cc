// Collapses chains of projections (a loop of 400 withColumn calls becomes one), drops projections that change nothing and the names of
// subqueries; folds constants (fold.h).
#include "optimizer/optimizer.h"

#include <algorithm>
#include <functional>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "base/deep_stack.h"
#include "catalog/file_listing.h"
#include "functions/function.h"
#include "optimizer/fold.h"
#include "plan/rewrite.h"

#ifdef FIRESTEEL_DEBUG
#include "plan/validate.h"
#endif

namespace firesteel::optimizer {
namespace {

using logical::AttributeId;
using logical::ExprPtr;
using logical::PlanPtr;

/// An expression may be inlined into several places up to this size; larger ones are computed once, below.
constexpr size_t kInlineNodesMax = 24;
/// The same for all expressions of a collapsed projection together, so that a chain's text stays linear.
constexpr size_t kCollapsedNodesMax = 20000;

/// The column that input_file_name() becomes; no file's own is called so.
constexpr std::string_view kFileColumn = "input_file_name()";

size_t NodeCount(const ExprPtr& expr) {
  size_t count = 1;
  for (const ExprPtr& child : logical::Children(*expr)) count += NodeCount(child);
  return count;
}

const ExprPtr& Unnamed(const ExprPtr& expr) {
  const auto* alias = std::get_if<logical::Alias>(&expr->node);
  return alias != nullptr ? alias->child : expr;
}

/// Whether the expression may stand in other places than it was written: no windows, subqueries or random values.
bool Movable(const ExprPtr& expr) {
  return !logical::Any(expr, [](const logical::Expr& e) {
    if (std::holds_alternative<logical::WindowCall>(e.node) || std::holds_alternative<logical::Subquery>(e.node))
      return true;
    const auto* call = std::get_if<logical::Call>(&e.node);
    return call != nullptr && (!call->function->deterministic || call->function->kind != functions::Kind::kScalar);
  });
}

void CountUses(const ExprPtr& expr, std::unordered_map<AttributeId, size_t>& uses) {
  if (const auto* column = std::get_if<logical::Column>(&expr->node)) {
    ++uses[column->id];
    return;
  }
  if (const auto* subquery = std::get_if<logical::Subquery>(&expr->node)) {
    // Columns that a correlated plan reads must stay columns.
    for (const ExprPtr& outer : logical::OuterColumns(subquery->plan))
      uses[std::get<logical::Column>(outer->node).id] += 1000000;
  }
  for (const ExprPtr& child : logical::Children(*expr)) CountUses(child, uses);
}

class Optimizer {
 public:
  explicit Optimizer(const Settings& settings) : folder_(settings.time_zone) {}

  Result<PlanPtr> Walk(const PlanPtr& plan) {
    FS_CHECK(CheckStack());
    Status status;
    const auto* aggregate = std::get_if<logical::Aggregate>(&plan->node);
    PlanPtr mapped = logical::MapPlan(
        plan,
        [&](const PlanPtr& input) -> PlanPtr {
          if (!status.ok()) return input;
          Result<PlanPtr> result = Walk(input);
          if (result.ok()) return *result;
          status = result.error();
          return input;
        },
        [&](const ExprPtr& expr) -> ExprPtr {
          if (!status.ok()) return expr;
          const ExprPtr walked = logical::RewriteTopDown(expr, [&](const ExprPtr& e) -> ExprPtr {
            const auto* subquery = std::get_if<logical::Subquery>(&e->node);
            if (subquery == nullptr || !status.ok()) return nullptr;
            Result<PlanPtr> result = Walk(subquery->plan);
            if (!result.ok()) {
              status = result.error();
              return e;
            }
            logical::Expr copy = *e;
            std::get<logical::Subquery>(copy.node).plan = *result;
            return std::make_shared<const logical::Expr>(std::move(copy));
          });
          // A group's key stays what it is: a constant would be another kind of key.
          const bool key = aggregate != nullptr && IsIn(aggregate->grouping, expr);
          return key ? walked : Folded(walked, status);
        });
    FS_CHECK(status);
    return Simplify(mapped);
  }

 private:
  static bool IsIn(const std::vector<ExprPtr>& expressions, const ExprPtr& expr) {
    return std::find(expressions.begin(), expressions.end(), expr) != expressions.end();
  }

  ExprPtr Folded(const ExprPtr& expr, Status& status) {
    Result<ExprPtr> folded = status.ok() ? folder_.Fold(expr) : expr;
    if (folded.ok()) return *folded;
    status = folded.error();
    return expr;
  }

  PlanPtr Simplify(const PlanPtr& plan) {
    if (const auto* alias = std::get_if<logical::SubqueryAlias>(&plan->node)) return alias->input;
    if (PlanPtr named = WithFileNames(plan)) return Simplify(named);
    if (const auto* project = std::get_if<logical::Project>(&plan->node)) {
      if (PlanPtr layered = LayerWindows(*project, plan)) return layered;
      if (PlanPtr collapsed = Collapse(*project, plan)) return collapsed;
      if (PlanPtr pruned = PruneUnion(*project, plan)) return pruned;
      if (IsIdentity(*project)) return project->input;
    }
    return plan;
  }

  /// Only the columns of a union that are read are computed by its inputs: a cast that fails in another one is no matter.
  PlanPtr PruneUnion(const logical::Project& project, const PlanPtr& plan) {
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
      input = Simplify(
          logical::MakePlan(logical::Project{input, std::move(expressions)}, std::move(columns), input->origin));
    }
    PlanPtr all = logical::MakePlan(std::move(pruned), std::move(output), project.input->origin);
    return logical::MakePlan(logical::Project{std::move(all), project.expressions}, plan->output, plan->origin);
  }

  static bool IsFileName(const logical::Expr& expr) {
    const auto* call = std::get_if<logical::Call>(&expr.node);
    return call != nullptr && call->function->name == "input_file_name";
  }

  static std::vector<ExprPtr> ColumnsOf(std::span<const logical::Attribute> attributes) {
    std::vector<ExprPtr> columns;
    for (const logical::Attribute& a : attributes)
      columns.push_back(logical::MakeExpr(logical::Column{a.id, a.name}, a.type, a.nullable));
    return columns;
  }

  /// `input_file_name()` as a column of the files that the node's rows come from; null if the node does not ask for it, or its rows
  /// come from no file as they are (then it is '').
  static PlanPtr WithFileNames(const PlanPtr& plan) {
    bool asked = false;
    logical::ForEachExpression(*plan, [&](const ExprPtr& expr) { asked = asked || logical::Any(expr, IsFileName); });
    if (!asked) return nullptr;
    const logical::Attribute file{
        logical::NewAttributeId(), std::string(kFileColumn), TypeId::kString, false, "{}", {}};
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

  /// GROUP BY input_file_name(): what is put out is the key. Analysis has not told them to be the same, as for calls that give
  /// another value each time.
  static PlanPtr GroupedByFile(logical::Aggregate aggregate, const PlanPtr& plan, const logical::Attribute& file) {
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
  static PlanPtr WithFileColumn(const PlanPtr& plan, const logical::Attribute& file) {
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

  static bool IsWindow(const logical::Expr& expr) { return std::holds_alternative<logical::WindowCall>(expr.node); }

  /// Windows inside of windows, which DuckDB does not take, computed by projections below; null if there are none.
  static PlanPtr LayerWindows(const logical::Project& project, const PlanPtr& plan) {
    std::vector<ExprPtr> inner;  // those that hold no others
    std::function<ExprPtr(const ExprPtr&, bool)> split = [&](const ExprPtr& expr, bool inside) -> ExprPtr {
      const bool window = IsWindow(*expr);
      const auto children = logical::Children(*expr);
      const bool holds =
          std::any_of(children.begin(), children.end(), [](const ExprPtr& c) { return logical::Any(c, IsWindow); });
      if (window && inside && !holds) {
        logical::Attribute output{logical::NewAttributeId(), "window", expr->type, expr->nullable, "{}", {}};
        inner.push_back(logical::MakeExpr(logical::Alias{expr, output}, expr->type, expr->nullable, expr->origin));
        return logical::MakeExpr(logical::Column{output.id, output.name}, expr->type, expr->nullable, expr->origin);
      }
      if (!holds) return expr;
      return logical::MapChildren(expr, [&](const ExprPtr& child) { return split(child, inside || window); });
    };
    std::vector<ExprPtr> expressions;
    for (const ExprPtr& expr : project.expressions) expressions.push_back(split(expr, false));
    if (inner.empty()) return nullptr;
    std::vector<logical::Attribute> output = project.input->output;
    std::vector<ExprPtr> below = ColumnsOf(output);
    for (ExprPtr& window : inner) {
      output.push_back(std::get<logical::Alias>(window->node).output);
      below.push_back(std::move(window));
    }
    PlanPtr lower =
        logical::MakePlan(logical::Project{project.input, std::move(below)}, std::move(output), plan->origin);
    PlanPtr upper =
        logical::MakePlan(logical::Project{std::move(lower), std::move(expressions)}, plan->output, plan->origin);
    PlanPtr deeper = LayerWindows(std::get<logical::Project>(upper->node), upper);
    return deeper != nullptr ? deeper : upper;
  }

  static bool IsIdentity(const logical::Project& project) {
    const auto& output = project.input->output;
    if (project.expressions.size() != output.size()) return false;
    for (size_t i = 0; i < output.size(); ++i) {
      const auto* column = std::get_if<logical::Column>(&project.expressions[i]->node);
      if (column == nullptr || column->id != output[i].id) return false;
      // The same column twice: by position it would not be clear which is meant.
      for (size_t j = 0; j < i; ++j) {
        if (output[j].id == output[i].id) return false;
      }
    }
    return true;
  }

  /// Project over Project as one; null if that would compute something twice or elsewhere.
  PlanPtr Collapse(const logical::Project& upper, const PlanPtr& plan) {
    const auto* lower = std::get_if<logical::Project>(&upper.input->node);
    if (lower == nullptr) return nullptr;
    std::unordered_map<AttributeId, ExprPtr> definitions;
    for (size_t i = 0; i < lower->expressions.size(); ++i) {
      definitions.emplace(upper.input->output[i].id, lower->expressions[i]);
    }
    std::unordered_map<AttributeId, size_t> uses;
    for (const ExprPtr& expr : upper.expressions) CountUses(expr, uses);
    size_t total = 0;
    for (const auto& [id, definition] : definitions) {
      const ExprPtr& inner = Unnamed(definition);
      if (std::holds_alternative<logical::Column>(inner->node) || std::holds_alternative<logical::Literal>(inner->node))
        continue;
      auto it = uses.find(id);
      size_t count = it == uses.end() ? 0 : it->second;
      if (!Movable(inner)) {
        // Handed through unchanged it may move up; otherwise it stays where it is computed.
        if (count != 1 || !OnlyHandedThrough(upper, id)) return nullptr;
        continue;
      }
      if (count <= 1) continue;
      size_t nodes = NodeCount(inner);
      if (nodes > kInlineNodesMax) return nullptr;
      total += nodes * count;
    }
    if (total > kCollapsedNodesMax) return nullptr;
    std::vector<ExprPtr> expressions;
    expressions.reserve(upper.expressions.size());
    for (size_t i = 0; i < upper.expressions.size(); ++i) {
      const ExprPtr& expr = upper.expressions[i];
      if (const auto* column = std::get_if<logical::Column>(&expr->node)) {
        auto it = definitions.find(column->id);
        if (it == definitions.end()) return nullptr;
        expressions.push_back(it->second);  // an Alias keeps its id and name
        continue;
      }
      bool lost = false;
      const auto definition = [&](const ExprPtr& e) -> ExprPtr {
        const auto* column = std::get_if<logical::Column>(&e->node);
        if (column == nullptr || column->outer) return nullptr;
        auto it = definitions.find(column->id);
        lost = lost || it == definitions.end();
        return lost ? e : Unnamed(it->second);
      };
      // A constant that moves up may make more constant.
      const logical::ExprMap inlined_in = [&](const ExprPtr& e) -> ExprPtr {
        if (ExprPtr found = definition(e)) return found;
        if (std::holds_alternative<logical::WindowCall>(e->node)) return logical::RewriteTopDown(e, definition);
        ExprPtr mapped = logical::MapChildren(e, inlined_in);
        return mapped == e ? e : folder_.FoldNode(mapped);
      };
      ExprPtr inlined = inlined_in(expr);
      if (lost) return nullptr;
      if (logical::Any(expr,
                       [](const logical::Expr& e) { return std::holds_alternative<logical::Subquery>(e.node); })) {
        // Its plan reads columns of the lower projection's input or its own: leave those as they are.
        for (const auto& [id, definition] : definitions) {
          if (uses[id] >= 1000000 && !std::holds_alternative<logical::Column>(definition->node)) return nullptr;
        }
      }
      expressions.push_back(std::move(inlined));
    }
    // Nothing new is computed twice, and everything else keeps its place: one projection.
    return logical::MakePlan(logical::Project{lower->input, std::move(expressions)}, plan->output, plan->origin);
  }

  static bool OnlyHandedThrough(const logical::Project& upper, AttributeId id) {
    return std::any_of(upper.expressions.begin(), upper.expressions.end(), [&](const ExprPtr& expr) {
      const auto* column = std::get_if<logical::Column>(&Unnamed(expr)->node);
      return column != nullptr && column->id == id;
    });
  }

  ConstantFolder folder_;
};

}  // namespace

Result<logical::PlanPtr> Optimize(const logical::PlanPtr& plan, const Settings& settings) {
  FS_TRY(PlanPtr optimized, Optimizer(settings).Walk(plan));
  // The schema is the client's: a plan that lost it is a bug.
  bool same = optimized->output.size() == plan->output.size();
  for (size_t i = 0; same && i < plan->output.size(); ++i) {
    same = optimized->output[i].name == plan->output[i].name && optimized->output[i].type == plan->output[i].type;
  }
  if (!same) {
    // A subtree without its alias may have another name on top: the analysed output stands.
    std::vector<logical::Attribute> output = plan->output;
    if (output.size() != optimized->output.size())
      return Error::Internal("the optimizer changed the number of columns");
    logical::Plan copy = *optimized;
    copy.output = std::move(output);
    optimized = std::make_shared<const logical::Plan>(std::move(copy));
  }
#ifdef FIRESTEEL_DEBUG
  FS_CHECK(logical::Validate(optimized, "optimizer"));
#endif
  return optimized;
}

}  // namespace firesteel::optimizer
