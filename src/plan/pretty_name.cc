// Names of columns that the query does not name: Spark's toPrettySQL.
#include "base/text.h"
#include "functions/function.h"
#include "plan/outer_references.h"
#include "plan/rewrite.h"
#include "types/type_text.h"

namespace firesteel::logical {
namespace {

using Kind = unresolved::Frame::BoundKind;

class Namer {
 public:
  explicit Namer(std::string_view time_zone) : time_zone_(time_zone) {}

  std::string Name(const Expr& expr) const {
    if (expr.shown) return *expr.shown;
    return std::visit([&](const auto& node) { return Of(node, expr); }, expr.node);
  }

 private:
  std::string Of(const Literal& literal, const Expr& expr) const {
    return LiteralName(literal.value, expr.type, time_zone_);
  }
  std::string Of(const Column& column, const Expr&) const {
    return column.outer ? "outer(" + column.name + ")" : column.name;
  }
  std::string Of(const LambdaVariable&, const Expr&) const { return "namedlambdavariable()"; }
  std::string Of(const Alias& alias, const Expr&) const {
    return Name(*alias.child) + " AS " + QuoteIfNeeded(alias.output.name);
  }
  std::string Of(const Cast& cast, const Expr& expr) const {
    // Cast.sql: a cast to a nested type is not shown.
    if (cast.implicit || expr.type.Is(TypeId::kArray) || expr.type.Is(TypeId::kMap) || expr.type.Is(TypeId::kStruct))
      return Name(*cast.child);
    return (cast.mode == EvalMode::kTry ? "TRY_CAST(" : "CAST(") + Name(*cast.child) + " AS " + TypeSql(expr.type) +
           ")";
  }
  std::string Of(const Call& call, const Expr& expr) const {
    std::vector<std::string> arguments = Names(call.arguments);
    const functions::Function& f = *call.function;
    if (f.name_of != nullptr) return f.name_of(arguments, expr);
    const std::string name(Shown(f, call.written));
    switch (f.form) {
      case functions::Form::kInfix:
        if (arguments.size() == 2) return "(" + arguments[0] + " " + name + " " + arguments[1] + ")";
        break;
      case functions::Form::kPrefix:
        if (arguments.size() == 1) return "(" + name + " " + arguments[0] + ")";
        break;
      case functions::Form::kCall:
      case functions::Form::kSpecial:
        break;
    }
    return name + "(" + firesteel::Join(arguments, ", ") + ")";
  }
  std::string Of(const AggregateCall& call, const Expr& expr) const {
    std::vector<std::string> arguments = Names(call.arguments);
    const functions::Function& f = *call.function;
    std::string text;
    if (f.name_of != nullptr) {
      text = f.name_of(arguments, expr);
    } else {
      text = std::string(Shown(f, call.written)) + "(" + (call.distinct ? "DISTINCT " : "") +
             firesteel::Join(arguments, ", ") + ")";
    }
    if (!call.order.empty()) text += " WITHIN GROUP (ORDER BY " + Keys(call.order) + ")";
    if (call.filter) text += " FILTER (WHERE " + Name(*call.filter) + ")";
    return text;
  }
  std::string Of(const WindowCall& window, const Expr&) const {
    std::string text = Name(*window.function) + " OVER (";
    if (!window.partition.empty()) text += "PARTITION BY " + firesteel::Join(Names(window.partition), ", ") + " ";
    if (!window.order.empty()) text += "ORDER BY " + Keys(window.order) + " ";
    text += window.unit == unresolved::Frame::Unit::kRows ? "ROWS" : "RANGE";
    return text + " BETWEEN " + Bound(window.lower) + " AND " + Bound(window.upper) + ")";
  }
  std::string Of(const Lambda& lambda, const Expr&) const {
    std::vector<std::string> parts{Name(*lambda.body)};
    for (const ExprPtr& parameter : lambda.parameters) parts.push_back(Name(*parameter));
    return "lambdafunction(" + firesteel::Join(parts, ", ") + ")";
  }
  std::string Of(const Subquery& subquery, const Expr&) const {
    std::vector<std::string> outer;
    for (const ExprPtr& column : OuterReferences(subquery.plan)) outer.push_back(std::get<Column>(column->node).name);
    std::string list = "(" + firesteel::Join(outer, ", ") + ")";
    switch (subquery.kind) {
      case SubqueryKind::kScalar:
        return "scalarsubquery" + list;
      case SubqueryKind::kExists:
        return "exists" + list;
      case SubqueryKind::kIn:
        break;
    }
    std::string left = firesteel::Join(Names(subquery.in_values), ", ");
    if (subquery.in_values.size() > 1) {
      std::vector<std::string> fields;
      for (size_t i = 0; i < subquery.in_values.size(); ++i) {
        const auto* column = std::get_if<Column>(&subquery.in_values[i]->node);
        fields.push_back(column != nullptr ? column->name : "_" + std::to_string(i));
        fields.push_back(Name(*subquery.in_values[i]));
      }
      left = "named_struct(" + firesteel::Join(fields, ", ") + ")";
    }
    return "(" + left + " IN (listquery" + list + "))";
  }

  static std::string_view Shown(const functions::Function& f, std::string_view written) {
    if (!f.shown_as.empty()) return f.shown_as;
    return written.empty() ? f.name : written;
  }
  std::vector<std::string> Names(const std::vector<ExprPtr>& exprs) const {
    std::vector<std::string> names;
    names.reserve(exprs.size());
    for (const ExprPtr& expr : exprs) names.push_back(Name(*expr));
    return names;
  }
  std::string Keys(const std::vector<SortKey>& keys) const {
    std::vector<std::string> parts;
    for (const SortKey& key : keys) {
      parts.push_back(Name(*key.child) + (key.direction == SortDirection::kAscending ? " ASC" : " DESC") +
                      (key.nulls == NullOrder::kFirst ? " NULLS FIRST" : " NULLS LAST"));
    }
    return firesteel::Join(parts, ", ");
  }
  std::string Bound(const FrameBound& bound) const {
    switch (bound.kind) {
      case Kind::kUnboundedPreceding:
        return "UNBOUNDED PRECEDING";
      case Kind::kUnboundedFollowing:
        return "UNBOUNDED FOLLOWING";
      case Kind::kCurrentRow:
        return "CURRENT ROW";
      case Kind::kPreceding:  // under a name of its own: no distance any more
        return Name(*bound.offset) + (bound.offset->shown ? " FOLLOWING" : " PRECEDING");
      case Kind::kFollowing:
        return Name(*bound.offset) + " FOLLOWING";
    }
    return {};
  }

  std::string_view time_zone_;
};

}  // namespace

std::string PrettyName(const Expr& expr, std::string_view time_zone) { return Namer(time_zone).Name(expr); }

}  // namespace firesteel::logical
