#pragma once
// What a relation's resolution may ask for: its inputs resolved, expressions bound to the inputs' columns, small pieces of plan.
// One file per relation implements `Resolve(const unresolved::X&, const unresolved::Relation&, Resolver&)`, declared in
// relations.h; the analyzer implements this interface.
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "plan/logical.h"
#include "plan/unresolved.h"
#include "relations/environment.h"

namespace firesteel::relations {

using logical::Attribute;
using logical::ExprPtr;
using logical::PlanPtr;

/// The clause that an expression stands in: which functions it may hold, and which error says so.
enum class Clause {
  kSelect,  ///< aggregates, windows, generators
  kWhere,   ///< no aggregate: INVALID_WHERE_CONDITION
  kHaving,
  kQualify,
  kGroupBy,  ///< no aggregate: GROUP_BY_AGGREGATE
  kOrderBy,
  kJoinCondition,  ///< INVALID_JOIN_CONDITION…
  kConstant,       ///< no columns at all: table function arguments
  kInlineTable,    ///< VALUES: its own rules
  kMetrics,        ///< observe(): aggregates only
  kOther,          ///< DataFrame relations: no aggregates, windows, generators
};

/// An expression bound over a plan that may have had to hand more columns up to satisfy it.
struct Extended {
  PlanPtr plan;                      ///< the given plan, or it with more columns behind its own
  std::vector<ExprPtr> expressions;  ///< refer to `plan`'s output
};

/// An item of a select list: not bound yet, or bound already.
struct SelectItem {
  unresolved::ExprPtr unbound;
  ExprPtr bound;  ///< Alias or Column
};

class Resolver {
 public:
  virtual ~Resolver() = default;
  virtual Environment& environment() = 0;
  const Settings& settings() { return environment().settings(); }

  // ---- relations
  /// A whole relation. Each call gives fresh column ids, so a relation may be resolved twice for a self-join.
  virtual Result<PlanPtr> Resolve(const unresolved::RelationPtr& relation) = 0;
  /// Parsed with the session's settings.
  virtual Result<unresolved::RelationPtr> ParseQuery(std::string_view sql) = 0;
  virtual Result<unresolved::ExprPtr> ParseExpression(std::string_view sql) = 0;
  /// "a.`b c`.d" -> parts, as DataFrame column names read.
  virtual Result<unresolved::Name> ParseName(std::string_view name) = 0;
  /// The relation resolved where WITH's names, WithRelations' references or SQL parameters are known.
  virtual Result<PlanPtr> ResolveWith(const unresolved::With& with, const unresolved::Relation& relation) = 0;
  virtual Result<PlanPtr> ResolveWithReferences(const unresolved::WithRelations& relations) = 0;
  virtual Result<PlanPtr> ResolveSql(const unresolved::SqlQuery& query, const unresolved::Relation& relation) = 0;
  virtual Result<PlanPtr> ResolveWithWindows(const unresolved::WithWindows& windows) = 0;
  /// WITH's tables and CTEs by name; null if there is none of that name.
  virtual Result<PlanPtr> FindWithTable(const unresolved::Name& name) = 0;
  /// A plan with fresh column ids: for views and kept plans.
  virtual PlanPtr WithFreshIds(const PlanPtr& plan) = 0;
  /// For LATERAL: the right side, in whose outer scope the left's columns stand.
  virtual Result<PlanPtr> ResolveLateral(const unresolved::RelationPtr& relation, const PlanPtr& left) = 0;

  // ---- expressions
  /// One expression over the outputs of `inputs` (looked up together). Implicit casts are in place.
  virtual Result<ExprPtr> Bind(const unresolved::ExprPtr& expression, std::span<const PlanPtr> inputs,
                               Clause clause) = 0;
  Result<ExprPtr> Bind(const unresolved::ExprPtr& expression, const PlanPtr& input, Clause clause) {
    return Bind(expression, std::span(&input, 1), clause);
  }
  /// As Bind, with stars, regular expressions and structs' `.*` expanded; names given as Spark gives them: every result is an
  /// Alias or a Column (generators with several columns: not here, see Select).
  virtual Result<std::vector<ExprPtr>> BindList(std::span<const unresolved::ExprPtr> expressions, const PlanPtr& input,
                                                Clause clause) = 0;
  /// As Bind, but columns may also come from below `input` (ORDER BY and WHERE after a select): Spark's missing input
  /// resolution, aggregates and windows in ORDER BY. The plan returned puts out more columns if need be.
  virtual Result<Extended> BindOver(std::span<const unresolved::ExprPtr> expressions, const PlanPtr& input,
                                    Clause clause) = 0;
  /// SELECT's list over `input`: stars, generators, lateral aliases, windows, and, if there are aggregate functions, a
  /// global aggregate.
  virtual Result<PlanPtr> SelectItems(std::span<const SelectItem> list, PlanPtr input, const Origin& origin) = 0;
  Result<PlanPtr> Select(std::span<const unresolved::ExprPtr> list, PlanPtr input, const Origin& origin) {
    std::vector<SelectItem> items;
    for (const unresolved::ExprPtr& expression : list) items.push_back({expression, nullptr});
    return SelectItems(items, std::move(input), origin);
  }
  /// GROUP BY in all its forms, SQL's and DataFrame's, but for pivots.
  virtual Result<PlanPtr> Aggregate(const unresolved::Aggregate& aggregate, PlanPtr input, const Origin& origin) = 0;
  /// A generator call (LATERAL VIEW, table functions) over `input`; `names` empty: the generator's own.
  virtual Result<PlanPtr> Generate(const unresolved::ExprPtr& generator, PlanPtr input, bool outer,
                                   const std::vector<std::string>& names, const std::string& qualifier,
                                   const Origin& origin) = 0;
  /// A call of a built-in function with arguments that are bound: coercion and result type as in a query.
  virtual Result<ExprPtr> Call(std::string_view function, std::vector<ExprPtr> arguments, const Origin& origin) = 0;
  /// The value of a constant expression.
  virtual Result<Value> Evaluate(const ExprPtr& constant) = 0;
  /// IDENTIFIER(…): the name that a constant string spells.
  virtual Result<unresolved::Name> IdentifierName(const unresolved::ExprPtr& expression) = 0;
  /// A constant integer of LIMIT, OFFSET, TAIL: `name` is "limit", "offset" or "tail" (INVALID_LIMIT_LIKE_EXPRESSION.*).
  virtual Result<int64_t> BindLimit(const unresolved::ExprPtr& expression, std::string_view name,
                                    const PlanPtr& input) = 0;

  // ---- columns
  /// The column that a DataFrame name (`a`, `s.f`, "`a.b`") means in the plan: Dataset.resolve. Errors:
  /// UNRESOLVED_COLUMN.WITH_SUGGESTION, AMBIGUOUS_REFERENCE.
  virtual Result<ExprPtr> ColumnByName(std::string_view name, const PlanPtr& input, const Origin& origin) = 0;
  /// Names compare as spark.sql.caseSensitive says.
  virtual bool SameName(std::string_view a, std::string_view b) = 0;
  /// Notes that `plan` keeps columns that only a qualified name reaches (the sides' own columns of a USING join).
  virtual void Hide(const PlanPtr& plan, std::vector<Attribute> columns) = 0;
  /// The plan with those columns of `expression` that it hides put out behind its own.
  virtual PlanPtr Supply(const PlanPtr& plan, const ExprPtr& expression) = 0;
};

/// Any relation: calls the right Resolve of relations.h. Only the analyzer calls it; others use Resolver::Resolve.
Result<PlanPtr> Dispatch(const unresolved::Relation& relation, Resolver& resolver);

// ---------------------------------------------------------------- pieces of plan
/// The attribute as an expression.
ExprPtr ColumnOf(const Attribute& attribute);
/// An Alias with a fresh id.
ExprPtr Named(ExprPtr expression, std::string name, std::string metadata = "{}");
/// A Cast that Spark puts in by itself; the expression itself if the type is the same.
ExprPtr ImplicitCast(ExprPtr expression, const DataType& type, const Settings& settings);
ExprPtr ExplicitCast(ExprPtr expression, const DataType& type, const Settings& settings);
ExprPtr LiteralOf(Value value, DataType type);
/// A Project of Alias and Column expressions; its output follows from them.
PlanPtr ProjectTo(PlanPtr input, std::vector<ExprPtr> expressions, const Origin& origin = {});
/// A Filter, Sort … over `input`: same output.
template <typename T>
PlanPtr Over(T node, const PlanPtr& input, const Origin& origin = {}) {
  return logical::MakePlan(std::move(node), input->output, origin);
}
/// The columns that a generator's call makes, under its own names: col; pos, col; key, value; col0, col1 ….
std::vector<StructField> GeneratedColumns(const logical::Call& generator);
/// A test of column names against a Java regular expression (the whole name must match): colRegex, quoted names in SQL.
Result<std::function<bool(const std::string&)>> ColumnPattern(const std::string& pattern, bool case_sensitive);
/// What Scala's `require` answers: a Java exception with a text and no condition.
Error Requirement(std::string_view message);
/// Where Spark's server itself makes a column of a name, inside of its method: such names' errors say so.
Origin InMethod(const char* method);
/// ColumnByName, as methods do which look into the schema themselves: they propose its columns as they stand.
Result<ExprPtr> FieldByName(std::string_view name, const PlanPtr& input, const Origin& origin, Resolver& resolver);
/// TABLE_OR_VIEW_NOT_FOUND, with the path that was searched.
Error TableNotFound(const unresolved::Name& name, const Origin& origin);
/// Back to the first `count` columns.
PlanPtr KeepFirst(PlanPtr plan, size_t count, const Origin& origin = {});

}  // namespace firesteel::relations
