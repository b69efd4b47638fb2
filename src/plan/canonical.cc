// Every node's text names columns by their position in its inputs, so that ids do not matter; inputs stand in it by their own
// identity, so that the text stays short however deep the plan.
#include "plan/canonical.h"

#include <absl/hash/hash.h>

#include <map>

#include "base/cat.h"
#include "functions/function.h"
#include "types/type_text.h"

namespace firesteel::logical {
namespace {

std::string Digest(const std::string& text) {
  const auto first = static_cast<uint64_t>(absl::HashOf(text));
  const auto second = static_cast<uint64_t>(absl::HashOf(text, uint64_t{0x9E3779B97F4A7C15}));
  std::string digits;
  for (uint64_t word : {first, second}) {
    for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[(word >> shift) & 15];
  }
  return digits;
}

class Writer {
 public:
  std::string Of(const PlanPtr& plan) {
    // A name for the rows changes nothing.
    if (const auto* alias = std::get_if<SubqueryAlias>(&plan->node)) return Of(alias->input);
    std::string saved_text = std::move(text_);
    std::map<AttributeId, std::string> around = std::move(columns_);
    text_.clear();
    columns_.clear();
    int input = 0;
    std::map<AttributeId, std::string> inside;
    for (const auto& child : Inputs(*plan)) {
      columns_ = around;
      Append(text_, "<", Of(child), ">");
      for (size_t i = 0; i < child->output.size(); ++i) inside[child->output[i].id] = Cat("$", input, ".", i);
      ++input;
    }
    columns_ = std::move(inside);
    for (const auto& [id, name] : around) columns_.try_emplace(id, Cat("^", name));
    Append(text_, "n", plan->node.index());
    std::visit([&](const auto& node) { Write(node); }, plan->node);
    for (const auto& column : plan->output)
      Append(text_, ";", TypeCatalogString(column.type), column.nullable ? "?" : "");
    std::string digest = Digest(text_);
    text_ = std::move(saved_text);
    columns_ = std::move(around);
    return digest;
  }

 private:
  template <typename... Pieces>
  void Add(const Pieces&... pieces) {
    Append(text_, pieces...);
  }
  void Add(const std::vector<ExprPtr>& exprs) {
    for (const auto& expr : exprs) Add(expr);
    text_ += '|';
  }
  void Add(const std::vector<SortKey>& keys) {
    for (const auto& key : keys) {
      Add(key.child);
      Add(static_cast<int>(key.direction), static_cast<int>(key.nulls));
    }
    text_ += '|';
  }
  void Add(const ExprPtr& expr) {
    text_ += '(';
    if (expr != nullptr) {
      Add(expr->node.index(), ":", TypeCatalogString(expr->type), " ");
      std::visit([&](const auto& node) { Part(node, *expr); }, expr->node);
    }
    text_ += ')';
  }

  void Part(const Literal& literal, const Expr& expr) { Add(LiteralSql(literal.value, expr.type, "UTC")); }
  void Part(const Column& column, const Expr&) {
    auto found = columns_.find(column.id);
    Add(found != columns_.end() ? found->second : column.name);
  }
  void Part(const Call& call, const Expr&) {
    Add(call.function->name, static_cast<int>(call.mode));
    Add(call.arguments);
  }
  void Part(const Cast& cast, const Expr&) {
    Add(static_cast<int>(cast.mode));
    Add(cast.child);
  }
  void Part(const AggregateCall& call, const Expr&) {
    Add(call.function->name, static_cast<int>(call.mode), call.distinct ? "d" : "", call.ignore_nulls ? "i" : "");
    Add(call.arguments);
    Add(call.filter);
    Add(call.order);
  }
  void Part(const WindowCall& window, const Expr&) {
    Add(window.function);
    Add(window.partition);
    Add(window.order);
    Add(static_cast<int>(window.unit), static_cast<int>(window.lower.kind), static_cast<int>(window.upper.kind));
    Add(window.lower.offset);
    Add(window.upper.offset);
  }
  void Part(const LambdaVariable& variable, const Expr&) {
    auto [found, added] = variables_.try_emplace(variable.id, variables_.size());
    Add("v", found->second);
  }
  void Part(const Lambda& lambda, const Expr&) {
    Add(lambda.parameters);
    Add(lambda.body);
  }
  void Part(const Subquery& subquery, const Expr&) {
    Add(static_cast<int>(subquery.kind), Of(subquery.plan));
    Add(subquery.in_values);
  }
  void Part(const Alias& alias, const Expr&) { Add(alias.child); }

  void Write(const OneRow&) {}
  void Write(const LocalRelation& local) { Add(local.table->content_hash()); }
  void Write(const Values& values) {
    for (const auto& row : values.rows) Add(row);
  }
  void Write(const Range& range) { Add(range.start, ",", range.end, ",", range.step); }
  void Write(const Scan& scan) {
    Add(scan.format);
    for (const auto& file : scan.files) Add("\n", file);
    for (const auto& [key, value] : scan.options) Add("\n", key, "=", value);
    Add(TypeCatalogString(scan.data_schema), TypeCatalogString(scan.partition_schema));
  }
  void Write(const Project& project) { Add(project.expressions); }
  void Write(const Filter& filter) { Add(filter.condition); }
  void Write(const Join& join) {
    Add(static_cast<int>(join.type), join.lateral ? "l" : "");
    Add(join.condition);
  }
  void Write(const AsOfJoin& join) {
    Add(static_cast<int>(join.type));
    Add(join.condition);
    Add(join.as_of_condition);
    Add(join.distance);
  }
  void Write(const Aggregate& aggregate) {
    Add(aggregate.grouping);
    for (size_t i = 0; i < aggregate.grouping.size(); ++i) {
      if (const auto* alias = std::get_if<Alias>(&aggregate.grouping[i]->node))
        columns_[alias->output.id] = Cat("key", i);
    }
    columns_[aggregate.grouping_id] = "grouping_id";
    Add(aggregate.aggregates);
    for (const auto& set : aggregate.grouping_sets) {
      for (int index : set) Add(index, ",");
      text_ += '/';
    }
  }
  void Write(const Sort& sort) {
    Add(sort.global ? "g" : "l");
    Add(sort.order);
  }
  void Write(const Limit& limit) { Add(limit.limit.value_or(-1), ",", limit.offset); }
  void Write(const Tail& tail) { Add(tail.limit); }
  void Write(const Distinct&) {}
  void Write(const DistinctOn& distinct) {
    for (AttributeId id : distinct.keys) Add(",", columns_[id]);
  }
  void Write(const SetOperation& set) { Add(static_cast<int>(set.op), set.all ? "a" : ""); }
  void Write(const Generate& generate) {
    Add(generate.outer ? "o" : "i");
    Add(generate.generator);
  }
  void Write(const Expand& expand) {
    for (const auto& projection : expand.projections) Add(projection);
  }
  void Write(const Sample& sample) {
    Add(std::to_string(sample.lower_bound), ",", std::to_string(sample.upper_bound), sample.with_replacement ? "r" : "",
        sample.seed);
  }
  void Write(const Repartition& repartition) {
    Add(repartition.partitions.value_or(0), repartition.shuffle ? "s" : "");
    Add(repartition.by);
  }
  void Write(const With& with) {
    for (const auto& table : with.tables) Add(",", table.name, table.recursive ? "r" : "");
  }
  void Write(const CteRef& ref) { Add(ref.name); }
  void Write(const CachedTable& cached) { Add(cached.table); }
  void Write(const CollectMetrics& metrics) {
    Add(metrics.name);
    Add(metrics.metrics);
  }
  void Write(const SubqueryAlias&) {}
  void Write(const ShowString& show) {
    Add(show.rows, ",", show.truncate, show.vertical ? "v" : "", show.html ? "h" : "");
  }

  std::string text_;
  std::map<AttributeId, std::string> columns_;
  std::map<AttributeId, size_t> variables_;
};

}  // namespace

std::string PlanIdentity(const PlanPtr& plan) { return Writer().Of(plan); }

}  // namespace firesteel::logical
