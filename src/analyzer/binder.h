#pragma once
// The recursive binder behind analyzer.h. One object per statement. Its parts, one file each:
//   names.cc       what a name means: columns, hidden columns, DataFrame columns by plan id, lateral aliases, outer columns
//   expressions.cc every kind of expression but those below
//   calls.cc       functions and operators: arguments, coercion, types
//   fields.cc      a.b, a[1], m['k'], withField, dropFields
//   windows.cc     OVER
//   subqueries.cc  scalar, EXISTS, IN, LATERAL, WITH
//   select_list.cc select lists: stars, names, generators, lateral aliases
//   grouping.cc    what is grouped by
//   aggregate.cc   the plan of a GROUP BY
//   places.cc      what an expression may hold in its clause
//   supply.cc      columns that come from below a plan's output
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "functions/function.h"
#include "plan/logical.h"
#include "plan/rewrite.h"
#include "relations/resolver.h"
#include "sql/parser.h"

namespace firesteel::analyzer {

using logical::Attribute;
using logical::AttributeId;
using logical::ExprPtr;
using logical::PlanPtr;
using relations::Clause;
using relations::Extended;
using relations::SelectItem;
using unresolved::RelationPtr;
using UnresolvedPtr = unresolved::ExprPtr;
using unresolved::Name;

constexpr size_t kProposalsMax = 5;           // as Spark shows in UNRESOLVED_COLUMN
constexpr size_t kGroupingSetsMax = 1 << 16;  // a CUBE of 16 columns

/// A call of grouping() or grouping_id().
bool IsGroupingCall(const logical::Expr& expr);

/// How the name of an expression that is a session variable starts.
constexpr std::string_view kVariableReference = "variablereference(";

class Binder final : public relations::Resolver {
 public:
  Binder(relations::Environment& environment, sql::ParserOptions parser_options)
      : environment_(environment), parser_options_(std::move(parser_options)) {}

  relations::Environment& environment() override { return environment_; }
  Result<PlanPtr> Resolve(const RelationPtr& relation) override;
  Result<RelationPtr> ParseQuery(std::string_view sql) override;
  Result<UnresolvedPtr> ParseExpression(std::string_view sql) override;
  Result<Name> ParseName(std::string_view name) override;
  Result<PlanPtr> ResolveWith(const unresolved::With& with, const unresolved::Relation& relation) override;
  Result<PlanPtr> ResolveWithReferences(const unresolved::WithRelations& relations) override;
  Result<PlanPtr> ResolveSql(const unresolved::SqlQuery& query, const unresolved::Relation& relation) override;
  Result<PlanPtr> ResolveWithWindows(const unresolved::WithWindows& windows) override;
  Result<PlanPtr> FindWithTable(const Name& name) override;
  PlanPtr WithFreshIds(const PlanPtr& plan) override { return logical::WithFreshIds(plan); }
  Result<PlanPtr> ResolveLateral(const RelationPtr& relation, const PlanPtr& left) override;

  using Resolver::Bind;
  Result<ExprPtr> Bind(const UnresolvedPtr& expression, std::span<const PlanPtr> inputs, Clause clause) override;
  Result<std::vector<ExprPtr>> BindList(std::span<const UnresolvedPtr> expressions, const PlanPtr& input,
                                        Clause clause) override;
  Result<Extended> BindOver(std::span<const UnresolvedPtr> expressions, const PlanPtr& input, Clause clause) override;
  Result<PlanPtr> SelectItems(std::span<const SelectItem> list, PlanPtr input, const Origin& origin) override;
  Result<PlanPtr> Aggregate(const unresolved::Aggregate& aggregate, PlanPtr input, const Origin& origin) override;
  Result<PlanPtr> Generate(const UnresolvedPtr& generator, PlanPtr input, bool outer,
                           const std::vector<std::string>& names, const std::string& qualifier,
                           const Origin& origin) override;
  Result<ExprPtr> Call(std::string_view function, std::vector<ExprPtr> arguments, const Origin& origin) override;
  Result<Value> Evaluate(const ExprPtr& constant) override;
  Result<Name> IdentifierName(const UnresolvedPtr& expression) override;
  Result<int64_t> BindLimit(const UnresolvedPtr& expression, std::string_view name, const PlanPtr& input) override;
  Result<ExprPtr> ColumnByName(std::string_view name, const PlanPtr& input, const Origin& origin) override;
  bool SameName(std::string_view a, std::string_view b) override;
  void Hide(const PlanPtr& plan, std::vector<Attribute> columns) override;
  PlanPtr Supply(const PlanPtr& plan, const ExprPtr& expression) override;

 private:
  /// An alias of the select list that later items may refer to.
  struct LateralAlias {
    std::string name;
    Attribute output;
    bool generated = false;  ///< a generator's: no alias, but in the way of one
  };
  struct Item;
  /// Where an expression's names are looked up and what it may hold.
  struct Context {
    std::vector<PlanPtr> inputs;
    Clause clause = Clause::kOther;
    Origin whole;                   ///< of the whole expression, or the select: errors of names inside of lambdas
    bool below = false;             ///< names may come from below the one input
    PlanPtr aggregate;              ///< below the input: HAVING and ORDER BY may use what it groups
    std::set<AttributeId> refused;  ///< columns of the aggregate's input that may not be used
    const std::vector<LateralAlias>* lateral = nullptr;
    int aggregate_depth = 0;     ///< inside an aggregate function's arguments
    bool of_window = false;      ///< the function that stands before OVER
    bool of_parameter = false;   ///< inside of a parameter's value
    bool keep_alias = false;     ///< arguments of struct(): aliases name fields
    bool other_reading = false;  ///< a name that the first reading gave the wrong type: HAVING and ORDER BY have two
    const std::vector<Item>* group_aliases = nullptr;  ///< GROUP BY: the select list
  };
  struct NameMatch {
    std::vector<const Attribute*> candidates;
    size_t used = 0;  ///< parts of the name that mean the column; the rest are fields
  };
  struct OuterScope {
    std::vector<PlanPtr> inputs;
    PlanPtr aggregate;  ///< in HAVING: what it groups can be named too
  };
  struct LambdaFrame {
    std::vector<std::pair<std::string, ExprPtr>> variables;
  };
  struct ParameterFrame {
    const std::map<std::string, UnresolvedPtr>* named = nullptr;
    const std::vector<UnresolvedPtr>* positional = nullptr;
  };
  struct WithTable {
    std::string name;
    int64_t id = 0;
    PlanPtr plan;  ///< null: resolved anew at each use
    const unresolved::With::Table* definition = nullptr;
    RelationPtr relation;  ///< resolved anew at each use
    size_t depth = 0;      ///< frames visible to the definition
    bool used = false;
    bool visible = true;
    bool recursive = false;
    std::vector<Attribute> columns;  ///< recursive: the anchor's
  };
  /// One item of a select list after binding.
  struct Item {
    ExprPtr expr;      ///< without its alias
    Attribute output;  ///< id, name, …; a plain column's own
    bool is_column = false;
    bool is_generator = false;
    bool generator_outer = false;
    std::vector<std::string> names;  ///< a generator's aliases
    int level = 0;                   ///< lateral aliases: how many projections must come before
  };
  /// GROUP BY, bound: the expressions, and the sets of them.
  struct Grouping {
    std::vector<ExprPtr> expressions;  ///< without aliases
    std::vector<std::vector<int>> sets;
    bool has_sets = false;
  };
  class AggregateRewriter;

  // names.cc
  Result<ExprPtr> BindAttribute(const unresolved::Attribute& attribute, const Origin& origin, Context& context);
  Result<ExprPtr> ReadAttribute(const unresolved::Attribute& attribute, const Origin& origin, Context& context);
  /// In HAVING and ORDER BY a name may mean the select list's column or the input's: `read` again if the first has the wrong type.
  Result<ExprPtr> EitherReading(const std::function<Result<ExprPtr>()>& read, Context& context);
  Result<std::optional<ExprPtr>> LookUpGroupAlias(const Name& name, const Origin& origin, const Context& context);
  NameMatch Match(const Name& name, std::span<const Attribute* const> attributes, bool qualified_only) const;
  std::vector<const Attribute*> Visible(std::span<const PlanPtr> inputs) const;
  std::vector<Attribute> HiddenOf(const PlanPtr& plan) const;
  /// The expression for a match; none if there is no candidate; AMBIGUOUS_REFERENCE for several.
  Result<std::optional<ExprPtr>> FromMatch(const NameMatch& match, const Name& name, const Origin& origin);
  Result<std::optional<ExprPtr>> LookUp(const Name& name, std::span<const PlanPtr> inputs, const Origin& origin);
  Result<std::optional<ExprPtr>> LookUpBelow(const Name& name, const Origin& origin, Context& context);
  Result<std::optional<ExprPtr>> LookUpOverAggregate(const Name& name, const Origin& origin, Context& context);
  Result<std::optional<ExprPtr>> LookUpLateral(const Name& name, const Origin& origin, const Context& context);
  Result<std::optional<ExprPtr>> LookUpOuter(const Name& name, const Origin& origin);
  /// An expression over the enclosing query's columns as the inner query refers to it.
  static ExprPtr AsOuter(const ExprPtr& expression, const OuterScope& scope, const Origin& origin);
  /// An aggregate function in a query inside of HAVING whose columns are all the enclosing query's: computed there.
  std::optional<ExprPtr> OuterAggregate(const ExprPtr& call);
  /// A session variable, whose value is a constant of the statement.
  Result<std::optional<ExprPtr>> LookUpVariable(const Name& name, const Origin& origin);
  std::optional<ExprPtr> LookUpLambda(const std::string& name) const;
  Result<ExprPtr> BindByPlanId(const unresolved::Attribute& attribute, const Origin& origin, Context& context);
  struct PlanIdMatch {
    std::optional<ExprPtr> expr;
    int depth = 0;
    std::optional<Error> error;
  };
  PlanIdMatch FindByPlanId(const unresolved::Attribute& attribute, const Origin& origin, const PlanPtr& plan,
                           int depth);
  Error UnresolvedColumn(const Name& name, const Origin& origin, const Context& context) const;
  PlanPtr PlanWithId(const PlanPtr& plan, int64_t id) const;

  // expressions.cc
  Result<ExprPtr> BindExpr(const UnresolvedPtr& expression, Context& context);
  Result<ExprPtr> BindCast(const unresolved::Cast& cast, const Origin& origin, Context& context);
  /// INVALID_SQL_ARG unless all are literals, or arrays, maps and structs of them.
  Status CheckSqlArguments(const unresolved::SqlQuery& query);
  Result<bool> IsSqlArgument(const UnresolvedPtr& argument);
  Result<ExprPtr> BindParameter(const unresolved::Parameter& parameter, const Origin& origin, Context& context);
  Result<ExprPtr> BindTuple(const std::vector<UnresolvedPtr>& elements, const Origin& origin, Context& context);
  /// expr("…") parsed, IDENTIFIER(…) evaluated: what the text stands for.
  Result<UnresolvedPtr> Unwrap(UnresolvedPtr expression);
  logical::EvalMode DefaultMode() const {
    return environment_.settings().ansi ? logical::EvalMode::kAnsi : logical::EvalMode::kLegacy;
  }

  // calls.cc
  Result<ExprPtr> BindFunction(const unresolved::Function& function, const Origin& origin, Context& context);
  Result<std::vector<UnresolvedPtr>> ArrangeArguments(const unresolved::Function& call, const functions::Function& row,
                                                      const Origin& origin);
  Result<ExprPtr> BuildCall(const functions::Function& row, std::string_view written, std::vector<ExprPtr> arguments,
                            const unresolved::Function* source, const std::vector<UnresolvedPtr>& unbound,
                            const Origin& origin, Context& context);
  Result<ExprPtr> BindLambda(const unresolved::Lambda& lambda, std::span<const DataType> types,
                             std::span<const bool> nullable, const Origin& origin, Context& context);
  /// A lambda's text in errors, when no types are known for its parameters.
  std::string LambdaText(const UnresolvedPtr& lambda, Context& context);
  Status CheckCount(const functions::Function& row, std::string_view written, size_t count, const Origin& origin);
  Status Coerce(const functions::Function& row, std::string_view written, std::vector<ExprPtr>& arguments,
                const Origin& origin);
  std::string CallName(const functions::Function& row, std::string_view written,
                       const std::vector<ExprPtr>& arguments) const;

  // fields.cc
  /// Errors of types and names carry `error_origin`, the value itself `origin`.
  Result<ExprPtr> Extract(ExprPtr child, ExprPtr extraction, const Origin& origin, const Origin& error_origin);
  Result<ExprPtr> ExtractField(ExprPtr child, const std::string& field, const Origin& origin);
  Result<ExprPtr> BindUpdateFields(const unresolved::UpdateFields& update, const Origin& origin, Context& context);
  Result<ExprPtr> UpdateField(const ExprPtr& child, std::span<const std::string> path, const ExprPtr& value,
                              const Origin& origin);

  // windows.cc
  std::string SortedAggregateText(const logical::AggregateCall& call) const;
  Result<ExprPtr> BindWindow(const unresolved::Window& window, const Origin& origin, Context& context);
  Result<unresolved::WindowSpec> WindowNamed(const unresolved::WindowSpec& spec, const Origin& origin);
  /// DATATYPE_MISMATCH of a frame that its keys or distances do not allow.
  Status CheckFrame(const unresolved::Frame& frame, const logical::WindowCall& window, const Origin& origin,
                    Context& context);
  Result<logical::FrameBound> BindBound(const unresolved::Frame::Bound& bound, unresolved::Frame::Unit unit,
                                        const logical::WindowCall& window, bool is_lower, const Origin& origin,
                                        Context& context);
  Result<std::vector<logical::SortKey>> BindKeys(std::span<const unresolved::SortKey> keys, Context& context);

  // subqueries.cc
  Result<ExprPtr> BindSubquery(const unresolved::Subquery& subquery, const Origin& origin, Context& context);
  bool LegacyNullInEmptyList();
  Result<ExprPtr> BindInSubquery(std::vector<ExprPtr> values, PlanPtr plan, const Origin& origin);
  Result<PlanPtr> ResolveInside(const RelationPtr& relation, OuterScope scope);
  Result<PlanPtr> RenameColumns(PlanPtr plan, const std::vector<std::string>& names, const Origin& origin);
  Status ResolveRecursive(const unresolved::With::Table& table, WithTable& entry);
  /// Adds the tables to the last of with_; frames behind it may come too.
  Status DefineTables(const unresolved::With& with, const Origin& origin);
  Result<PlanPtr> ResolveDefinition(const RelationPtr& relation);
  bool LegacyPrecedence();
  /// Which of with_ to look a name up in, in this order.
  std::vector<size_t> WithFrames();

  // select_list.cc
  Result<std::vector<UnresolvedPtr>> ExpandStars(const UnresolvedPtr& expression, Context& context,
                                                 std::vector<ExprPtr>& bound);
  Result<std::vector<ExprPtr>> ExpandStar(const unresolved::Star& star, const Origin& origin, const Context& context);
  Result<std::vector<ExprPtr>> ExpandRegex(const unresolved::Regex& regex, const Context& context);
  Result<std::vector<ExprPtr>> ApplyExcept(std::vector<ExprPtr> columns, const std::vector<Name>& except,
                                           const Origin& origin, const Context& context);
  Result<std::vector<Item>> BindItems(std::span<const SelectItem> list, Context& context);
  /// Errors that Spark finds when the whole select is there carry its origin.
  static Result<std::vector<Item>> AtSelect(Result<std::vector<Item>> items, const Origin& origin);
  Result<Item> BindItem(const UnresolvedPtr& expression, Context& context);
  /// Null if the list has no generator, or an aggregate function.
  Result<PlanPtr> SelectOverGenerator(std::span<const SelectItem> list, const PlanPtr& input, const Origin& origin);
  Result<PlanPtr> Layer(PlanPtr plan, std::vector<Item> items, const Origin& origin);
  Result<PlanPtr> GenerateOver(PlanPtr plan, const ExprPtr& generator, bool outer,
                               const std::vector<std::string>& names, const std::string& qualifier,
                               const Origin& origin);
  std::string NameOf(const ExprPtr& expr) const {
    return logical::PrettyName(*expr, environment_.settings().time_zone);
  }
  std::string Sql(const ExprPtr& expr) const;

  // aggregate.cc
  Result<PlanPtr> BuildAggregate(PlanPtr input, Grouping grouping, std::vector<Item> items, const Origin& origin);
  /// A call of grouping() or grouping_id() as an expression over the aggregate's column `grouping_id` (0: there is none).
  Result<ExprPtr> GroupingValue(const ExprPtr& call, const std::vector<ExprPtr>& groups, AttributeId grouping_id);

  // grouping.cc
  Result<Grouping> BindGrouping(const unresolved::Aggregate& aggregate, const std::vector<Item>& items,
                                Context& context);
  Result<std::vector<std::vector<ExprPtr>>> GroupingSets(const UnresolvedPtr& element, const std::vector<Item>& items,
                                                         Context& context);
  Result<std::vector<ExprPtr>> GroupingElement(const UnresolvedPtr& element, const std::vector<Item>& items,
                                               Context& context);
  Result<ExprPtr> BindGroupingExpression(const UnresolvedPtr& expression, const std::vector<Item>& items,
                                         Context& context);
  Grouping UniteSets(std::vector<std::vector<ExprPtr>> sets, bool has_sets);

  // places.cc
  /// Errors of WHERE, ORDER BY and ON have no origin here: it is that of the clause.
  Status CheckPlaces(const ExprPtr& expr, Clause clause, const Origin& origin, std::span<const PlanPtr> inputs) const;
  /// The queries in a join's condition.
  Status CheckJoinQueries(const ExprPtr& expr, std::span<const PlanPtr> inputs) const;
  std::string JoinQueryParts(const logical::Subquery& subquery, const std::vector<ExprPtr>& outer,
                             std::span<const PlanPtr> inputs) const;
  /// As column names, but columns are qualified: Spark's Expression.sql.
  std::string QualifiedName(const ExprPtr& expr, std::span<const PlanPtr> inputs) const;

  // supply.cc
  struct Supplied {
    PlanPtr plan;
    std::vector<ExprPtr> expressions;
    std::vector<AttributeId> missing;  ///< columns that cannot be had
  };
  Supplied SupplyAll(const PlanPtr& plan, std::vector<ExprPtr> expressions, std::unordered_set<AttributeId> available);
  PlanPtr WithFileMetadata(const PlanPtr& plan, const std::vector<AttributeId>& missing);
  Supplied SupplyFromAggregate(const PlanPtr& plan, std::vector<ExprPtr> expressions,
                               const std::unordered_set<AttributeId>& available);
  static PlanPtr InputBelow(const PlanPtr& plan);
  static PlanPtr AggregateBelow(const PlanPtr& plan);
  /// HAVING and ORDER BY over grouping sets: their calls of grouping() and grouping_id() as what the aggregate can give.
  Result<ExprPtr> ResolveGroupingCalls(const ExprPtr& expression, const logical::Aggregate& aggregate);
  void KeepNotes(const PlanPtr& from, const PlanPtr& to);

  Origin aggregate_origin_;  ///< of the select that is grouped now: for errors
  relations::Environment& environment_;
  sql::ParserOptions parser_options_;
  std::vector<OuterScope> outer_;
  std::unordered_map<AttributeId, ExprPtr>
      outer_aggregates_;  ///< see OuterAggregate: the calls by the column of their value
  std::vector<LambdaFrame> lambdas_;
  std::vector<ParameterFrame> parameters_;
  std::vector<std::vector<std::pair<std::string, unresolved::WindowSpec>>> windows_;
  std::vector<std::vector<std::shared_ptr<WithTable>>> with_;
  size_t with_hidden_ = 0;  ///< so many of them are out of sight
  /// The definitions of tables and the expression queries that are being resolved, with how many of with_ are around them.
  struct QueryStart {
    size_t frames;
    const unresolved::Relation* relation;
  };
  std::vector<QueryStart> query_starts_;
  std::vector<const unresolved::WithRelations*> references_;
  /// Plans stay alive as long as notes about them do.
  std::unordered_map<const logical::Plan*, std::pair<PlanPtr, std::vector<Attribute>>> hidden_;
  std::unordered_map<const logical::Plan*, std::pair<PlanPtr, std::vector<int64_t>>> plan_ids_;
  std::map<std::string, std::optional<int64_t>> metrics_;  ///< names of observe(), with the relation's id
};

/// "first", "second", "third", "4th": as Spark's errors count.
std::string OrdinalWord(size_t index);

}  // namespace firesteel::analyzer
