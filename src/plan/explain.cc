// Resolved plans as text; see explain.h. Spark's TreeNode.treeString and the operators' own toString.
#include "plan/explain.h"

#include <functional>

#include "base/text.h"
#include "functions/function.h"
#include "plan/rewrite.h"
#include "types/type_text.h"

namespace firesteel::logical {
namespace {

using firesteel::Join;
using Kind = unresolved::Frame::BoundKind;

std::string WithId(const std::string& name, AttributeId id, const DataType& type) {
  return name + "#" + std::to_string(id) + (type.Is(TypeId::kLong) ? "L" : "");
}
std::string NameOf(const Attribute& attribute) { return WithId(attribute.name, attribute.id, attribute.type); }

class Printer {
 public:
  explicit Printer(std::string_view time_zone) : time_zone_(time_zone) {}

  std::string Text(const Expr& expr) const {
    return std::visit([&](const auto& node) { return Of(node, expr); }, expr.node);
  }
  std::string List(const std::vector<ExprPtr>& exprs) const { return "[" + Join(Texts(exprs), ", ") + "]"; }
  std::string Keys(const std::vector<SortKey>& keys) const {
    std::vector<std::string> parts;
    for (const SortKey& key : keys) {
      parts.push_back(Text(*key.child) + (key.direction == SortDirection::kAscending ? " ASC" : " DESC") +
                      (key.nulls == NullOrder::kFirst ? " NULLS FIRST" : " NULLS LAST"));
    }
    return "[" + Join(parts, ", ") + "]";
  }

 private:
  std::vector<std::string> Texts(const std::vector<ExprPtr>& exprs) const {
    std::vector<std::string> out;
    for (const ExprPtr& expr : exprs) out.push_back(Text(*expr));
    return out;
  }
  std::string Of(const Literal& literal, const Expr& expr) const {
    return literal.value.IsNull() ? "null" : LiteralName(literal.value, expr.type, time_zone_);
  }
  std::string Of(const Column& column, const Expr& expr) const {
    std::string name = WithId(column.name, column.id, expr.type);
    return column.outer ? "outer(" + name + ")" : name;
  }
  std::string Of(const LambdaVariable& variable, const Expr& expr) const {
    return "lambda " + WithId(variable.name, variable.id, expr.type);
  }
  std::string Of(const Alias& alias, const Expr&) const { return Text(*alias.child) + " AS " + NameOf(alias.output); }
  std::string Of(const Cast& cast, const Expr& expr) const {
    return (cast.mode == EvalMode::kTry ? "try_cast(" : "cast(") + Text(*cast.child) + " as " +
           TypeSimpleString(expr.type) + ")";
  }
  std::string Of(const Call& call, const Expr& expr) const {
    const functions::Function& f = *call.function;
    std::vector<std::string> arguments = Texts(call.arguments);
    if (f.name == "get_struct_field") {
      size_t index = static_cast<size_t>(std::get<Literal>(call.arguments[1]->node).value.As<int64_t>());
      return arguments[0] + "." + call.arguments[0]->type.fields().at(index).name;
    }
    if (f.name == "get_array_item" || f.name == "get_map_value") return arguments[0] + "[" + arguments[1] + "]";
    if (f.name_of != nullptr) return f.name_of(arguments, expr);
    std::string name(!f.shown_as.empty() ? f.shown_as : call.written.empty() ? f.name : call.written);
    if (f.form == functions::Form::kInfix && arguments.size() == 2)
      return "(" + arguments[0] + " " + name + " " + arguments[1] + ")";
    if (f.form == functions::Form::kPrefix && arguments.size() == 1) return name + " " + arguments[0];
    return name + "(" + Join(arguments, ", ") + ")";
  }
  std::string Of(const AggregateCall& call, const Expr&) const {
    const functions::Function& f = *call.function;
    std::string text(!f.shown_as.empty() ? f.shown_as : call.written.empty() ? f.name : call.written);
    text += (call.distinct ? "(distinct " : "(") + Join(Texts(call.arguments), ", ") + ")";
    if (call.ignore_nulls) text += " ignore nulls";
    if (!call.order.empty()) text += " WITHIN GROUP " + Keys(call.order);
    if (call.filter) text += " FILTER (WHERE " + Text(*call.filter) + ")";
    return text;
  }
  std::string Of(const WindowCall& window, const Expr&) const {
    std::vector<std::string> parts = Texts(window.partition);
    if (!window.order.empty()) {
      std::string keys = Keys(window.order);
      parts.push_back(keys.substr(1, keys.size() - 2));
    }
    parts.push_back(std::string("specifiedwindowframe(") +
                    (window.unit == unresolved::Frame::Unit::kRows ? "RowFrame, " : "RangeFrame, ") +
                    Bound(window.lower) + ", " + Bound(window.upper) + ")");
    return Text(*window.function) + " windowspecdefinition(" + Join(parts, ", ") + ")";
  }
  std::string Of(const Lambda& lambda, const Expr&) const {
    std::vector<std::string> parts{Text(*lambda.body)};
    for (const ExprPtr& parameter : lambda.parameters) parts.push_back(Text(*parameter));
    return "lambdafunction(" + Join(parts, ", ") + ", false)";
  }
  std::string Of(const Subquery& subquery, const Expr&) const {
    std::string outer = List(OuterColumns(subquery.plan));
    switch (subquery.kind) {
      case SubqueryKind::kScalar:
        return "scalar-subquery " + outer;
      case SubqueryKind::kExists:
        return "exists " + outer;
      case SubqueryKind::kIn:
        break;
    }
    std::string left = Join(Texts(subquery.in_values), ", ");
    return (subquery.in_values.size() == 1 ? left : "(" + left + ")") + " IN (list " + outer + ")";
  }
  std::string Bound(const FrameBound& bound) const {
    switch (bound.kind) {
      case Kind::kUnboundedPreceding:
        return "unboundedpreceding$()";
      case Kind::kUnboundedFollowing:
        return "unboundedfollowing$()";
      case Kind::kCurrentRow:
        return "currentrow$()";
      case Kind::kPreceding:
        return "-" + Text(*bound.offset);
      case Kind::kFollowing:
        return Text(*bound.offset);
    }
    return {};
  }
  std::string_view time_zone_;
};

std::string Output(const std::vector<Attribute>& output) {
  std::vector<std::string> names;
  for (const Attribute& attribute : output) names.push_back(NameOf(attribute));
  return "[" + Join(names, ", ") + "]";
}

std::string_view JoinName(JoinType type) {
  switch (type) {
    case JoinType::kInner:
      return "Inner";
    case JoinType::kFullOuter:
      return "FullOuter";
    case JoinType::kLeftOuter:
      return "LeftOuter";
    case JoinType::kRightOuter:
      return "RightOuter";
    case JoinType::kLeftAnti:
      return "LeftAnti";
    case JoinType::kLeftSemi:
      return "LeftSemi";
    case JoinType::kCross:
      return "Cross";
  }
  return {};
}

struct Label {
  const Printer& p;
  const Plan& plan;

  std::string operator()(const OneRow&) const { return "OneRowRelation"; }
  std::string operator()(const LocalRelation&) const { return "LocalRelation " + Output(plan.output); }
  std::string operator()(const Values&) const { return "LocalRelation " + Output(plan.output); }
  std::string operator()(const Range& n) const {
    std::string text =
        "Range (" + std::to_string(n.start) + ", " + std::to_string(n.end) + ", step=" + std::to_string(n.step);
    if (n.partitions) text += ", splits=Some(" + std::to_string(*n.partitions) + ")";
    return text + ")";
  }
  std::string operator()(const Scan& n) const { return "Relation " + Output(plan.output) + " " + n.format; }
  std::string operator()(const Project& n) const { return "Project " + p.List(n.expressions); }
  std::string operator()(const Filter& n) const { return "Filter " + p.Text(*n.condition); }
  std::string operator()(const logical::Join& n) const {
    std::string text = n.lateral ? "LateralJoin lateral-subquery, " : "Join ";
    text += JoinName(n.type);
    if (n.condition) text += ", " + p.Text(*n.condition);
    return text;
  }
  std::string operator()(const AsOfJoin& n) const {
    std::string text = "AsOfJoin " + p.Text(*n.as_of_condition) + ", " + std::string(JoinName(n.type));
    if (n.condition) text += ", " + p.Text(*n.condition);
    return text + ", " + p.Text(*n.distance);
  }
  std::string operator()(const Aggregate& n) const {
    std::string text = "Aggregate " + p.List(n.grouping) + ", " + p.List(n.aggregates);
    if (n.grouping_sets.empty()) return text;
    text += ", sets=[";
    for (size_t i = 0; i < n.grouping_sets.size(); ++i) {
      text += i == 0 ? "(" : ", (";
      for (size_t j = 0; j < n.grouping_sets[i].size(); ++j)
        text += (j == 0 ? "" : ", ") + std::to_string(n.grouping_sets[i][j]);
      text += ")";
    }
    return text + "], spark_grouping_id#" + std::to_string(n.grouping_id) + "L";
  }
  std::string operator()(const Sort& n) const { return "Sort " + p.Keys(n.order) + (n.global ? ", true" : ", false"); }
  std::string operator()(const Limit& n) const {
    if (!n.limit) return "Offset " + std::to_string(n.offset);
    return "GlobalLimit " + std::to_string(*n.limit) + (n.offset != 0 ? ", " + std::to_string(n.offset) : "");
  }
  std::string operator()(const Tail& n) const { return "Tail " + std::to_string(n.limit); }
  std::string operator()(const Distinct&) const { return "Distinct"; }
  std::string operator()(const DistinctOn& n) const {
    std::vector<std::string> keys;
    for (AttributeId id : n.keys) {
      for (const Attribute& attribute : plan.output) {
        if (attribute.id == id) keys.push_back(NameOf(attribute));
      }
    }
    return "Deduplicate [" + Join(keys, ", ") + "]";
  }
  std::string operator()(const SetOperation& n) const {
    switch (n.op) {
      case SetOperator::kUnion:
        return n.all ? "Union false, false" : "Distinct Union false, false";
      case SetOperator::kIntersect:
        return n.all ? "Intersect All true" : "Intersect false";
      case SetOperator::kExcept:
        return n.all ? "Except All true" : "Except false";
    }
    return {};
  }
  std::string operator()(const Generate& n) const {
    return "Generate " + p.Text(*n.generator) + (n.outer ? ", true, " : ", false, ") + Output(n.generated);
  }
  std::string operator()(const Expand& n) const {
    std::vector<std::string> rows;
    for (const auto& row : n.projections) rows.push_back(p.List(row));
    return "Expand [" + Join(rows, ", ") + "], " + Output(plan.output);
  }
  std::string operator()(const Sample& n) const {
    auto number = [](double d) {
      std::string text = std::to_string(d);
      text.erase(text.find_last_not_of('0') + 1);
      return text.back() == '.' ? text + "0" : text;
    };
    return "Sample " + number(n.lower_bound) + ", " + number(n.upper_bound) + ", " +
           (n.with_replacement ? "true" : "false") + ", " + std::to_string(n.seed);
  }
  std::string operator()(const Repartition& n) const {
    if (!n.by.empty()) {
      return "RepartitionByExpression " + p.List(n.by) + (n.partitions ? ", " + std::to_string(*n.partitions) : "");
    }
    return "Repartition " + (n.partitions ? std::to_string(*n.partitions) : "") + (n.shuffle ? ", true" : ", false");
  }
  std::string operator()(const With&) const { return "WithCTE"; }
  std::string operator()(const CteRef& n) const {
    return "CTERelationRef " + std::to_string(n.id) + ", true, " + Output(plan.output) + ", false";
  }
  std::string operator()(const CachedTable&) const { return "InMemoryRelation " + Output(plan.output); }
  std::string operator()(const CollectMetrics& n) const {
    return "CollectMetrics " + n.name + ", " + p.List(n.metrics);
  }
  std::string operator()(const SubqueryAlias& n) const { return "SubqueryAlias " + n.alias; }
  std::string operator()(const ShowString& n) const {
    return "ShowString " + std::to_string(n.rows) + ", " + std::to_string(n.truncate);
  }
};

class TreePrinter {
 public:
  explicit TreePrinter(std::string_view time_zone) : printer_(time_zone) {}

  std::string text;

  void Print(const PlanPtr& plan, const std::string& first, const std::string& rest) {
    text += first + std::visit(Label{printer_, *plan}, plan->node) + "\n";
    std::vector<PlanPtr> children;
    if (const auto* with = std::get_if<With>(&plan->node)) {
      for (const auto& table : with->tables) {
        text +=
            rest + ":- CTERelationDef " + std::to_string(table.id) + ", " + (table.recursive ? "true" : "false") + "\n";
        Print(table.plan, rest + ":  +- ", rest + ":     ");
      }
      children = {with->input};
    } else {
      children = Inputs(*plan);
    }
    std::vector<PlanPtr> subqueries;
    ForEachExpression(*plan, [&](const ExprPtr& expr) {
      Any(expr, [&](const Expr& e) {
        if (const auto* subquery = std::get_if<Subquery>(&e.node)) subqueries.push_back(subquery->plan);
        return false;
      });
    });
    for (size_t i = 0; i < subqueries.size(); ++i) {
      bool last = i + 1 == subqueries.size();
      Print(subqueries[i], rest + (last ? ":  +- " : ":  :- "), rest + (last ? ":     " : ":  :  "));
    }
    for (size_t i = 0; i < children.size(); ++i) {
      bool last = i + 1 == children.size();
      Print(children[i], rest + (last ? "+- " : ":- "), rest + (last ? "   " : ":  "));
    }
  }

 private:
  Printer printer_;
};

}  // namespace

std::string ToString(const Expr& expr, std::string_view time_zone) { return Printer(time_zone).Text(expr); }

std::string TreeString(const PlanPtr& plan, std::string_view time_zone) {
  TreePrinter printer(time_zone);
  printer.Print(plan, "", "");
  return std::move(printer.text);
}

}  // namespace firesteel::logical
