// Unresolved trees as text, in Spark's words: what is not resolved has an apostrophe in front.
#include <iterator>

#include "base/text.h"
#include "plan/explain.h"
#include "types/type_text.h"

namespace firesteel::unresolved {
namespace {

std::string Text(const ExprPtr& expr);

std::string List(const std::vector<ExprPtr>& exprs) {
  std::vector<std::string> parts;
  for (const ExprPtr& expr : exprs) parts.push_back(Text(expr));
  return firesteel::Join(parts, ", ");
}

std::string Keys(const std::vector<SortKey>& keys) {
  std::vector<std::string> parts;
  for (const SortKey& key : keys) {
    bool ascending = key.direction == SortDirection::kAscending;
    bool first = key.nulls == NullOrder::kDefault ? ascending : key.nulls == NullOrder::kFirst;
    parts.push_back((key.child ? Text(key.child) : "'all") + (ascending ? " ASC" : " DESC") +
                    (first ? " NULLS FIRST" : " NULLS LAST"));
  }
  return firesteel::Join(parts, ", ");
}

bool IsSymbol(const std::string& name) {
  for (char c : name) {
    if (c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return false;
  }
  return true;
}

struct ExprText {
  std::string operator()(const Literal& literal) const {
    return literal.value.IsNull() ? "null" : LiteralName(literal.value, literal.type, "UTC");
  }
  std::string operator()(const Attribute& attribute) const { return "'" + QuotePartsIfNeeded(attribute.name); }
  std::string operator()(const Star& star) const {
    return star.target.empty() ? "*" : firesteel::Join(star.target, ".") + ".*";
  }
  std::string operator()(const Regex& regex) const { return "unresolvedregex(" + regex.pattern + ")"; }
  std::string operator()(const Function& function) const {
    const std::string name = firesteel::Join(function.name, ".");
    if (IsSymbol(name) && function.arguments.size() == 2)
      return "(" + Text(function.arguments[0]) + " " + name + " " + Text(function.arguments[1]) + ")";
    if ((name == "and" || name == "or") && function.arguments.size() == 2) {
      return "(" + Text(function.arguments[0]) + " " + Upper(name) + " " + Text(function.arguments[1]) + ")";
    }
    return "'" + name + "(" + (function.distinct ? "distinct " : "") + List(function.arguments) + ")";
  }
  std::string operator()(const Cast& cast) const {
    return "cast(" + Text(cast.child) + " as " +
           (cast.type_text.empty() ? TypeSimpleString(cast.type) : cast.type_text) + ")";
  }
  std::string operator()(const Alias& alias) const {
    return Text(alias.child) + " AS " +
           (alias.names.size() == 1 ? alias.names[0] : "[" + firesteel::Join(alias.names, ", ") + "]") + "#0";
  }
  std::string operator()(const SortKey& key) const { return Keys({key}); }
  std::string operator()(const Window& window) const {
    return Text(window.function) + " windowspecdefinition(" + List(window.spec.partition) +
           (window.spec.partition.empty() || window.spec.order.empty() ? "" : ", ") + Keys(window.spec.order) +
           ", unspecifiedframe$())";
  }
  std::string operator()(const Lambda& lambda) const {
    return "lambdafunction(" + Text(lambda.body) + ", lambda '" + firesteel::Join(lambda.parameters, ", lambda '") +
           ", false)";
  }
  std::string operator()(const LambdaVariable& variable) const {
    return "lambda '" + firesteel::Join(variable.name, ".");
  }
  std::string operator()(const ExtractValue& extract) const {
    return Text(extract.child) + "[" + Text(extract.extraction) + "]";
  }
  std::string operator()(const UpdateFields& update) const {
    return "update_fields(" + Text(update.child) + ", " + update.field + ")";
  }
  std::string operator()(const Subquery& subquery) const {
    switch (subquery.kind) {
      case SubqueryKind::kScalar:
        return "scalar-subquery []";
      case SubqueryKind::kExists:
        return "exists []";
      case SubqueryKind::kIn:
        return List(subquery.in_values) + " IN (list [])";
      case SubqueryKind::kTableArgument:
        return "table-argument []";
    }
    return {};
  }
  std::string operator()(const NamedArgument& argument) const { return argument.key + " => " + Text(argument.value); }
  std::string operator()(const SqlExpression& sql) const { return sql.text; }
  std::string operator()(const Parameter& parameter) const {
    return parameter.name.empty() ? "posparameter(" + std::to_string(parameter.position) + ")"
                                  : "namedparameter(" + parameter.name + ")";
  }
  std::string operator()(const IdentifierClause& clause) const { return "'identifier(" + Text(clause.child) + ")"; }
  std::string operator()(const MultiAliasTuple& tuple) const { return "(" + List(tuple.elements) + ")"; }
  std::string operator()(const PythonUdf& udf) const { return udf.name + "(" + List(udf.arguments) + ")"; }
};

std::string Text(const ExprPtr& expr) { return expr ? std::visit(ExprText{}, expr->node) : "null"; }

std::string JoinName(JoinType type) {
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
  std::string operator()(const OneRow&) const { return "OneRowRelation"; }
  std::string operator()(const ReadTable& n) const {
    return "'UnresolvedRelation [" + firesteel::Join(n.name, ", ") + "], [], false";
  }
  std::string operator()(const ReadSource& n) const {
    return "'UnresolvedDataSource format: " + n.format + ", isStreaming: false";
  }
  std::string operator()(const Project& n) const { return "'Project [" + List(n.expressions) + "]"; }
  std::string operator()(const Filter& n) const { return "'Filter " + Text(n.condition); }
  std::string operator()(const Having& n) const { return "'UnresolvedHaving " + Text(n.condition); }
  std::string operator()(const Qualify& n) const { return "'UnresolvedQualify " + Text(n.condition); }
  std::string operator()(const Join& n) const {
    std::string text = "'Join ";
    if (n.natural)
      text += "NaturalJoin(" + JoinName(n.type) + ")";
    else if (!n.using_columns.empty())
      text += "UsingJoin(" + JoinName(n.type) + ", [" + firesteel::Join(n.using_columns, ", ") + "])";
    else
      text += JoinName(n.type);
    if (n.condition) text += ", " + Text(n.condition);
    return text;
  }
  std::string operator()(const SetOperation& n) const {
    switch (n.op) {
      case SetOperator::kUnion:
        return n.all ? "'Union false, false" : "'Distinct";
      case SetOperator::kIntersect:
        return n.all ? "'Intersect All true" : "'Intersect false";
      case SetOperator::kExcept:
        return n.all ? "'Except All true" : "'Except false";
    }
    return {};
  }
  std::string operator()(const Sort& n) const {
    return "'Sort [" + Keys(n.order) + "], " + (n.global ? "true" : "false");
  }
  std::string operator()(const Limit& n) const { return "'GlobalLimit " + Text(n.limit); }
  std::string operator()(const Offset& n) const { return "'Offset " + Text(n.offset); }
  std::string operator()(const Tail& n) const { return "'Tail " + Text(n.limit); }
  std::string operator()(const Aggregate& n) const {
    return "'Aggregate [" + (n.group_by_all ? "'ALL" : List(n.grouping)) + "], [" + List(n.aggregates) + "]";
  }
  std::string operator()(const Distinct&) const { return "'Distinct"; }
  std::string operator()(const Values& n) const {
    return "'UnresolvedInlineTable [" + std::to_string(n.rows.size()) + " rows]";
  }
  std::string operator()(const LocalRelation&) const { return "LocalRelation"; }
  std::string operator()(const Range& n) const {
    return "Range (" + std::to_string(n.start.value_or(0)) + ", " + std::to_string(n.end) +
           ", step=" + std::to_string(n.step) + ")";
  }
  std::string operator()(const SubqueryAlias& n) const { return "'SubqueryAlias " + n.alias; }
  std::string operator()(const With& n) const {
    std::vector<std::string> names;
    for (const auto& table : n.tables) names.push_back(table.name);
    return "CTE [" + firesteel::Join(names, ", ") + "]";
  }
  std::string operator()(const TableFunction& n) const {
    return "'UnresolvedTableValuedFunction [" + firesteel::Join(n.name, ", ") + "], [" + List(n.arguments) + "]";
  }
  std::string operator()(const LateralView& n) const {
    return "'Generate " + Text(n.generator) + ", " + (n.outer ? "true" : "false");
  }
  std::string operator()(const Hint& n) const { return "'UnresolvedHint " + n.name + ", [" + List(n.parameters) + "]"; }
  std::string operator()(const WithColumns& n) const { return "'Project [*, " + List(n.aliases) + "]"; }
  std::string operator()(const Drop& n) const {
    return "'DataFrameDropColumns [" + firesteel::Join(n.names, ", ") + "]";
  }
  std::string operator()(const Deduplicate& n) const {
    return "'Deduplicate [" + firesteel::Join(n.columns, ", ") + "]";
  }
  std::string operator()(const UnsupportedRelation& n) const { return "'" + n.what; }
  template <typename T>
  std::string operator()(const T&) const {
    return "";  // the rest have no text of their own in Spark's parsed plans: the node's name
  }
};

/// Spark's class names, in the order of Relation::node.
constexpr std::string_view kRelationNames[] = {"OneRowRelation",
                                               "'UnresolvedRelation",
                                               "'UnresolvedDataSource",
                                               "'Query",
                                               "'WithRelations",
                                               "'Project",
                                               "'Filter",
                                               "'Join",
                                               "'AsOfJoin",
                                               "'SetOperation",
                                               "'Sort",
                                               "'GlobalLimit",
                                               "'Offset",
                                               "'Tail",
                                               "'Aggregate",
                                               "'UnresolvedHaving",
                                               "'UnresolvedQualify",
                                               "'WithWindowDefinition",
                                               "'DataFrameDropColumns",
                                               "'Deduplicate",
                                               "'Distinct",
                                               "LocalRelation",
                                               "CachedLocalRelation",
                                               "CachedRemoteRelation",
                                               "'UnresolvedInlineTable",
                                               "'Sample",
                                               "Range",
                                               "'SubqueryAlias",
                                               "'Repartition",
                                               "'ToDF",
                                               "'ToSchema",
                                               "'WithColumnsRenamed",
                                               "'WithColumns",
                                               "'UnresolvedHint",
                                               "'Unpivot",
                                               "'Pivot",
                                               "'Transpose",
                                               "'UnresolvedTableValuedFunction",
                                               "'LateralView",
                                               "'UnresolvedWith",
                                               "'CollectMetrics",
                                               "'Parse",
                                               "'WithWatermark",
                                               "'ShowString",
                                               "'HtmlString",
                                               "'FillNa",
                                               "'DropNa",
                                               "'Replace",
                                               "'Summary",
                                               "'Describe",
                                               "'Crosstab",
                                               "'Covariance",
                                               "'Correlation",
                                               "'ApproxQuantile",
                                               "'FreqItems",
                                               "'SampleBy"};

struct Inputs {
  std::vector<RelationPtr> out;
  template <typename T>
  void operator()(const T& node) {
    if constexpr (requires {
                    node.left;
                    node.right;
                  }) {
      out = {node.left, node.right};
    } else if constexpr (requires { node.input; }) {
      out = {node.input};
    } else if constexpr (requires { node.root; }) {
      out = {node.root};
    }
  }
};

void Print(const RelationPtr& relation, const std::string& first, const std::string& rest, std::string& out) {
  const std::string label = std::visit(Label{}, relation->node);
  out += first + (label.empty() ? std::string(kRelationNames[relation->node.index()]) : label) + "\n";
  Inputs inputs;
  std::visit(inputs, relation->node);
  if (const auto* with = std::get_if<With>(&relation->node)) {
    for (const auto& table : with->tables) Print(table.plan, rest + ":  +- ", rest + ":     ", out);
  }
  for (size_t i = 0; i < inputs.out.size(); ++i) {
    if (!inputs.out[i]) continue;
    bool last = i + 1 == inputs.out.size();
    Print(inputs.out[i], rest + (last ? "+- " : ":- "), rest + (last ? "   " : ":  "), out);
  }
}

}  // namespace

std::string ToString(const Expr& expr) { return std::visit(ExprText{}, expr.node); }

std::string RelationName(const Relation& relation) {
  const size_t index = relation.node.index();
  std::string_view name = index < std::size(kRelationNames) ? kRelationNames[index] : std::string_view("Unsupported");
  if (name.starts_with('\'')) name.remove_prefix(1);
  return std::string(name);
}

std::string TreeString(const RelationPtr& relation) {
  static_assert(std::size(kRelationNames) + 1 ==
                std::variant_size_v<decltype(Relation::node)>);  // UnsupportedRelation's label is its own
  std::string out;
  Print(relation, "", "", out);
  return out;
}

}  // namespace firesteel::unresolved
