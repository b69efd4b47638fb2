// What a node shows is found by the names of its members, so that new nodes need nothing here but their name.
#include "plan/unresolved_text.h"

#include <iterator>

#include "base/cat.h"
#include "base/text.h"
#include "types/type_text.h"

namespace firesteel::unresolved {
namespace {

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

std::string List(const std::vector<ExprPtr>& exprs) {
  std::vector<std::string> texts;
  for (const auto& expr : exprs) texts.push_back(ToString(expr));
  return firesteel::Join(texts, ", ");
}

std::string Text(const SortKey& key) {
  const bool ascending = key.direction == SortDirection::kAscending;
  const bool first = key.nulls == NullOrder::kFirst || (key.nulls == NullOrder::kDefault && ascending);
  return Cat(ToString(key.child), ascending ? " ASC" : " DESC", first ? " NULLS FIRST" : " NULLS LAST");
}

struct ExprText {
  std::string operator()(const Literal& x) const { return LiteralName(x.value, x.type, "UTC"); }
  std::string operator()(const Attribute& x) const { return Cat("'", QuotePartsIfNeeded(x.name)); }
  std::string operator()(const Star& x) const {
    return x.target.empty() ? "*" : Cat(QuotePartsIfNeeded(x.target), ".*");
  }
  std::string operator()(const Function& x) const {
    const std::string name = QuotePartsIfNeeded(x.name);
    if (x.is_operator && x.arguments.size() == 2)
      return Cat("(", ToString(x.arguments[0]), " ", name, " ", ToString(x.arguments[1]), ")");
    return Cat("'", name, "(", x.distinct ? "distinct " : "", List(x.arguments), ")");
  }
  std::string operator()(const Cast& x) const {
    return Cat("cast(", ToString(x.child), " as ", x.type_text.empty() ? TypeCatalogString(x.type) : x.type_text, ")");
  }
  std::string operator()(const Alias& x) const {
    return Cat(ToString(x.child), " AS ", firesteel::Join(x.names, ", "));
  }
  std::string operator()(const SortKey& x) const { return Text(x); }
  std::string operator()(const Window& x) const {
    return Cat(ToString(x.function), " OVER (", List(x.spec.partition), ")");
  }
  std::string operator()(const Lambda& x) const {
    return Cat("lambdafunction(", ToString(x.body), ", ", firesteel::Join(x.parameters, ", "), ")");
  }
  std::string operator()(const LambdaVariable& x) const { return Cat("lambda '", QuotePartsIfNeeded(x.name)); }
  std::string operator()(const ExtractValue& x) const {
    return Cat(ToString(x.child), "[", ToString(x.extraction), "]");
  }
  std::string operator()(const NamedArgument& x) const { return Cat(x.key, " => ", ToString(x.value)); }
  std::string operator()(const SqlExpression& x) const { return x.text; }
  std::string operator()(const Parameter& x) const { return x.name.empty() ? "?" : Cat(":", x.name); }
  std::string operator()(const MultiAliasTuple& x) const { return Cat("(", List(x.elements), ")"); }
  std::string operator()(const Regex& x) const { return x.pattern; }
  std::string operator()(const UpdateFields& x) const {
    return Cat("update_fields(", ToString(x.child), ", ", x.field, ")");
  }
  std::string operator()(const Subquery&) const { return "subquery#0 []"; }
  std::string operator()(const IdentifierClause& x) const { return Cat("identifier(", ToString(x.child), ")"); }
  std::string operator()(const PythonUdf& x) const { return Cat(x.name, "(", List(x.arguments), ")"); }
};

/// What stands behind a relation's name, and its inputs.
template <typename Node>
void DescribeNode(const Node& node, std::string& line, std::vector<RelationPtr>& inputs) {
  if constexpr (requires { node.grouping; })
    Append(line, " [", List(node.grouping), "], [", List(node.aggregates), "]");
  if constexpr (requires { node.expressions.begin(); }) Append(line, " [", List(node.expressions), "]");
  if constexpr (requires { node.aliases.begin(); }) Append(line, " [", List(node.aliases), "]");
  if constexpr (requires { node.columns.at(0)->node; }) Append(line, " [", List(node.columns), "]");
  if constexpr (requires { Text(node.order.at(0)); }) {
    std::vector<std::string> keys;
    for (const auto& key : node.order) keys.push_back(Text(key));
    Append(line, " [", firesteel::Join(keys, ", "), "]");
  }
  if constexpr (requires { ToString(node.condition); }) {
    if (node.condition != nullptr) Append(line, " ", ToString(node.condition));
  }
  if constexpr (requires { ToString(node.limit); }) Append(line, " ", ToString(node.limit));
  if constexpr (requires { ToString(node.offset); }) Append(line, " ", ToString(node.offset));
  if constexpr (requires { node.name.front().size(); })
    Append(line, " [", QuotePartsIfNeeded(Name(node.name.begin(), node.name.end())), "]");
  if constexpr (requires { node.alias.size(); }) Append(line, " ", node.alias);
  if constexpr (requires {
                  node.format.size();
                  node.paths;
                })
    Append(line, " format: ", node.format);
  if constexpr (requires { node.text.size(); }) Append(line, " [", node.text, "]");
  if constexpr (requires { node.root; }) inputs.push_back(node.root);
  if constexpr (requires { node.left; }) inputs.insert(inputs.end(), {node.left, node.right});
  if constexpr (requires { node.input; }) inputs.push_back(node.input);
}

// Deep trees print without recursion: each pending line knows what stands before it.
struct Pending {
  RelationPtr relation;
  std::string prefix;
  bool is_last, is_root;
};

}  // namespace

std::string ToString(const ExprPtr& expr) { return expr == nullptr ? "" : std::visit(ExprText(), expr->node); }

std::string RelationName(const Relation& relation) {
  const size_t index = relation.node.index();
  std::string_view name = index < std::size(kRelationNames) ? kRelationNames[index] : std::string_view("Unsupported");
  if (name.starts_with('\'')) name.remove_prefix(1);
  return std::string(name);
}

std::string TreeString(const RelationPtr& relation) {
  static_assert(std::size(kRelationNames) + 1 ==
                std::variant_size_v<decltype(Relation::node)>);  // UnsupportedRelation has none
  std::string text;
  std::vector<Pending> pending = {{relation, "", true, true}};
  while (!pending.empty()) {
    const Pending next = std::move(pending.back());
    pending.pop_back();
    if (!next.is_root) Append(text, next.prefix, next.is_last ? "+- " : ":- ");
    const size_t index = next.relation->node.index();
    std::string line(index < std::size(kRelationNames) ? kRelationNames[index] : std::string_view("'Unsupported"));
    std::vector<RelationPtr> inputs;
    std::visit([&](const auto& node) { DescribeNode(node, line, inputs); }, next.relation->node);
    Append(text, line, "\n");
    const std::string prefix = next.is_root ? "" : Cat(next.prefix, next.is_last ? "   " : ":  ");
    for (size_t i = inputs.size(); i-- > 0;) {
      if (inputs[i] != nullptr) pending.push_back({inputs[i], prefix, i + 1 == inputs.size(), false});
    }
  }
  return text;
}

}  // namespace firesteel::unresolved
