#pragma once
// The unresolved tree: exactly what the client said, as DataFrame messages or as SQL text, before any name is looked up.
// Both front ends end here, so everything after it exists once. Operators are functions by Spark's names: "+", "and", "==",
// "in", "when" (CASE: condition, value, …, else), "between", "like", "isnull", "not", "negative", "%", "<=>" …
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/origin.h"
#include "types/data_type.h"
#include "types/value.h"

namespace firesteel::unresolved {

struct Expr;
struct Relation;
using ExprPtr = std::shared_ptr<const Expr>;
using RelationPtr = std::shared_ptr<const Relation>;
using Name = std::vector<std::string>;  ///< a multi-part identifier
using Options = std::map<std::string, std::string>;

// ---------------------------------------------------------------- expressions
struct Literal {
  DataType type;
  Value value;
};
struct Attribute {
  Name name;
  std::optional<int64_t> plan_id;  ///< df["x"]: the relation of the tree that it belongs to
  bool is_metadata = false;
};
struct Star {
  Name target;  ///< empty: all
  std::optional<int64_t> plan_id;
  std::vector<Name> except;
};
struct Regex {  ///< df.colRegex, or a quoted regular expression in SQL
  std::string pattern;
  std::string table;  ///< the columns of this one; or empty
};
enum class SortDirection { kAscending, kDescending };
enum class NullOrder { kDefault, kFirst, kLast };
struct SortKey {
  ExprPtr child;
  SortDirection direction = SortDirection::kAscending;
  NullOrder nulls = NullOrder::kDefault;
};
struct Function {
  Name name;
  std::vector<ExprPtr> arguments;  ///< may hold NamedArgument, Lambda
  bool distinct = false;
  ExprPtr filter;                     ///< FILTER (WHERE …), or null
  std::optional<bool> ignore_nulls;   ///< IGNORE NULLS / RESPECT NULLS
  std::vector<SortKey> within_group;  ///< WITHIN GROUP (ORDER BY …)
  bool is_operator = false;           ///< written as an operator in SQL text (errors and names say so)
  bool user_defined = false;          ///< the client asks for a user-defined or catalog function
};
enum class EvalMode { kDefault, kAnsi, kLegacy, kTry };  ///< kDefault: as spark.sql.ansi.enabled says
struct Cast {
  ExprPtr child;
  DataType type;
  std::string type_text;  ///< when not empty, parse this instead of `type`
  EvalMode mode = EvalMode::kDefault;
};
struct Alias {
  ExprPtr child;
  std::vector<std::string> names;  ///< several for a generator
  std::string metadata;            ///< JSON, or empty
};
struct Frame {
  enum class Unit { kRows, kRange };
  enum class BoundKind { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };
  struct Bound {
    BoundKind kind = BoundKind::kCurrentRow;
    ExprPtr offset;  ///< kPreceding and kFollowing; may be a negative constant
  };
  Unit unit = Unit::kRange;
  Bound lower, upper;
};
struct WindowSpec {
  std::string reference;  ///< OVER name, or OVER (name …): looked up in the query's WINDOW clause
  std::vector<ExprPtr> partition;
  std::vector<SortKey> order;
  std::optional<Frame> frame;
  Origin origin;  ///< of what stands in the parentheses: errors of frames point there
};
struct Window {
  ExprPtr function;
  WindowSpec spec;
};
struct Lambda {
  std::vector<std::string> parameters;
  ExprPtr body;
};
struct LambdaVariable {
  Name name;
};
struct ExtractValue {  ///< child[extraction], child.field
  ExprPtr child, extraction;
};
struct UpdateFields {  ///< withField (value set) or dropFields (value null)
  ExprPtr child;
  std::string field;
  ExprPtr value;
};
enum class SubqueryKind { kScalar, kExists, kIn, kTableArgument };
struct Subquery {
  SubqueryKind kind = SubqueryKind::kScalar;
  RelationPtr plan;  ///< null when plan_id names a reference of WithRelations
  std::optional<int64_t> plan_id;
  std::vector<ExprPtr> in_values;      ///< kIn: the left side
  std::vector<ExprPtr> partition;      ///< kTableArgument
  std::vector<SortKey> order;          ///< kTableArgument
  bool with_single_partition = false;  ///< kTableArgument
};
struct NamedArgument {
  std::string key;
  ExprPtr value;
};
struct SqlExpression {  ///< expr("…"), selectExpr: parsed by the analyzer with the session's settings
  std::string text;
};
struct Parameter {  ///< :name, or ? (the position is its index among the ?s)
  std::string name;
  int position = -1;
};
struct IdentifierClause {  ///< IDENTIFIER(expression): names a column or, in Function::name's place, is refused
  ExprPtr child;
};
struct MultiAliasTuple {  ///< (a, b, c): a row constructor in SQL text; one element is no tuple
  std::vector<ExprPtr> elements;
};
struct PythonUdf {
  std::string name;
  bool deterministic = true;
  std::vector<ExprPtr> arguments;
  DataType return_type;
  int eval_type = 0;
  std::string command;  ///< pickled function
  std::string python_version;
};

struct Expr {
  std::variant<Literal, Attribute, Star, Regex, Function, Cast, Alias, SortKey, Window, Lambda, LambdaVariable,
               ExtractValue, UpdateFields, Subquery, NamedArgument, SqlExpression, Parameter, IdentifierClause,
               MultiAliasTuple, PythonUdf>
      node;
  Origin origin;
};

// ---------------------------------------------------------------- relations
struct OneRow {};  ///< SELECT without FROM
struct ReadTable {
  Name name;
  ExprPtr identifier;  ///< IDENTIFIER(…), instead of a name
  Options options;
  bool is_streaming = false;
  ExprPtr time_travel_timestamp, time_travel_version;  ///< TIMESTAMP / VERSION AS OF
};
struct ReadSource {  ///< spark.read.format(…).load(…), or SQL's format.`path`
  std::string format;
  std::string schema;  ///< DDL or JSON; empty: inferred
  Options options;
  std::vector<std::string> paths;
  std::vector<std::string> predicates;
  bool is_streaming = false;
};
struct SqlQuery {  ///< a relation given as SQL text
  std::string text;
  std::map<std::string, ExprPtr> named_arguments;
  std::vector<ExprPtr> positional_arguments;
};
struct WithRelations {
  RelationPtr root;
  std::vector<RelationPtr> references;  ///< found by Relation::plan_id
};
struct Project {
  RelationPtr input;
  std::vector<ExprPtr> expressions;
};
struct Filter {
  RelationPtr input;
  ExprPtr condition;
};
enum class JoinType { kInner, kFullOuter, kLeftOuter, kRightOuter, kLeftAnti, kLeftSemi, kCross };
struct Join {
  RelationPtr left, right;
  JoinType type = JoinType::kInner;
  ExprPtr condition;  ///< or null
  std::vector<std::string> using_columns;
  bool natural = false;
  bool lateral = false;                               ///< the right side may refer to the left's columns
  std::optional<std::pair<bool, bool>> struct_sides;  ///< joinWith
};
struct AsOfJoin {
  RelationPtr left, right;
  ExprPtr left_as_of, right_as_of, condition;
  std::vector<std::string> using_columns;
  std::string type;
  ExprPtr tolerance;
  bool allow_exact_matches = true;
  std::string direction;
};
enum class SetOperator { kUnion, kIntersect, kExcept };
struct SetOperation {
  RelationPtr left, right;
  SetOperator op = SetOperator::kUnion;
  bool all = false;
  bool by_name = false;
  bool allow_missing_columns = false;
};
struct Sort {
  RelationPtr input;
  std::vector<SortKey> order;
  bool global = true;
  bool order_by_all = false;  ///< ORDER BY ALL: `order` holds one key whose child is null and whose direction counts
};
struct Limit {
  RelationPtr input;
  ExprPtr limit;
};
struct Offset {
  RelationPtr input;
  ExprPtr offset;
};
struct Tail {
  RelationPtr input;
  ExprPtr limit;
};
enum class GroupType { kGroupBy, kRollup, kCube, kPivot, kGroupingSets };
/// DataFrame aggregation (output: the grouping columns, then the aggregates) and SQL's (output: `aggregates` alone).
struct Aggregate {
  RelationPtr input;
  GroupType type = GroupType::kGroupBy;
  std::vector<ExprPtr> grouping;  ///< in SQL may hold Function{"rollup"|"cube"|"grouping_sets"} mixed with others
  std::vector<ExprPtr> aggregates;
  ExprPtr pivot_column;
  std::vector<ExprPtr> pivot_values;  ///< literals (or aliases of them); empty: found by a query
  std::vector<std::vector<ExprPtr>> grouping_sets;
  bool from_sql = false;  ///< SELECT … GROUP BY …
  bool group_by_all = false;
};
/// SELECT's other clauses need the aggregate's or project's own resolution, so HAVING and QUALIFY stay apart from Filter.
struct Having {
  RelationPtr input;  ///< an Aggregate or Project with from_sql
  ExprPtr condition;
};
struct Qualify {  ///< QUALIFY: a condition over the select's window functions
  RelationPtr input;
  ExprPtr condition;
};
struct WithWindows {  ///< the WINDOW clause: definitions for the select below
  RelationPtr input;
  std::vector<std::pair<std::string, WindowSpec>> definitions;
};
struct Drop {
  RelationPtr input;
  std::vector<ExprPtr> columns;
  std::vector<std::string> names;
};
struct Deduplicate {
  RelationPtr input;
  std::vector<std::string> columns;
  bool all_columns = false;
  bool within_watermark = false;
};
struct Distinct {  ///< SELECT DISTINCT
  RelationPtr input;
};
struct LocalRelation {
  std::string arrow_ipc;  ///< an IPC stream, or empty
  std::string schema;     ///< DDL or JSON; empty: Arrow's
};
struct CachedLocalRelation {             ///< data that came as artifacts
  std::vector<std::string> data_hashes;  ///< one for the unchunked form, whose artifact holds a LocalRelation message
  std::string schema_hash;
  bool chunked = false;
};
struct CachedRemoteRelation {
  std::string relation_id;
};
struct Values {  ///< VALUES (…), (…)
  std::vector<std::vector<ExprPtr>> rows;
};
struct Sample {
  RelationPtr input;
  double lower_bound = 0, upper_bound = 0;
  bool with_replacement = false;
  std::optional<int64_t> seed;
  bool deterministic_order = false;
};
struct Range {
  std::optional<int64_t> start;
  int64_t end = 0, step = 1;
  std::optional<int32_t> partitions;
};
struct SubqueryAlias {
  RelationPtr input;
  std::string alias;
  Name qualifier;
  std::vector<std::string> column_names;  ///< t(a, b)
};
struct Repartition {
  RelationPtr input;
  std::optional<int32_t> partitions;
  bool shuffle = true;
  std::vector<ExprPtr> by;  ///< by expressions (SortKeys: by range); empty: round robin
  /// SQL's DISTRIBUTE BY / CLUSTER BY end here too (a CLUSTER BY under a local Sort).
};
struct ToDF {
  RelationPtr input;
  std::vector<std::string> names;
};
struct ToSchema {
  RelationPtr input;
  DataType schema;
};
struct WithColumnsRenamed {
  RelationPtr input;
  std::vector<std::pair<std::string, std::string>> renames;
};
struct WithColumns {
  RelationPtr input;
  std::vector<ExprPtr> aliases;  ///< each an Alias
};
struct Hint {
  RelationPtr input;
  std::string name;
  std::vector<ExprPtr> parameters;
};
struct Unpivot {
  RelationPtr input;
  std::vector<ExprPtr> ids;
  std::optional<std::vector<std::vector<ExprPtr>>> values;  ///< groups of columns; not set: all but the ids
  std::vector<std::optional<std::string>> value_aliases;    ///< per group (SQL)
  std::string variable_name;
  std::vector<std::string> value_names;
  bool include_nulls = true;
  bool ids_from_rest = false;  ///< SQL: the ids are all columns that are not values
};
struct SqlPivot {  ///< FROM t PIVOT (aggregates FOR (columns) IN (values))
  RelationPtr input;
  std::vector<ExprPtr> aggregates;  ///< possibly aliased
  std::vector<ExprPtr> columns;     ///< several: values are tuples
  std::vector<ExprPtr> values;      ///< possibly aliased
};
struct Transpose {
  RelationPtr input;
  std::vector<ExprPtr> index_columns;
};
struct TableFunction {  ///< range(10), explode(…) in FROM
  Name name;
  std::vector<ExprPtr> arguments;
};
struct LateralView {
  RelationPtr input;
  ExprPtr generator;
  bool outer = false;
  std::string table_alias;
  std::vector<std::string> column_names;
};
struct With {
  RelationPtr input;
  struct Table {
    std::string name;
    std::vector<std::string> column_names;
    RelationPtr plan;
    Origin origin;
    std::optional<int64_t> max_recursion_level;
  };
  std::vector<Table> tables;
  bool recursive = false;
};
struct CollectMetrics {
  RelationPtr input;
  std::string name;
  std::vector<ExprPtr> metrics;
};
struct Parse {
  RelationPtr input;
  std::string format;  ///< csv, json, xml
  std::optional<DataType> schema;
  Options options;
};
struct WithWatermark {
  RelationPtr input;
  std::string event_time, delay_threshold;
};
struct ShowString {
  RelationPtr input;
  int32_t rows = 20, truncate = 20;
  bool vertical = false;
};
struct HtmlString {
  RelationPtr input;
  int32_t rows = 20, truncate = 20;
};
struct FillNa {
  RelationPtr input;
  std::vector<std::string> columns;
  std::vector<Literal> values;
};
struct DropNa {
  RelationPtr input;
  std::vector<std::string> columns;
  std::optional<int32_t> min_non_nulls;
};
struct ReplaceNa {
  RelationPtr input;
  std::vector<std::string> columns;
  std::vector<std::pair<Literal, Literal>> replacements;
};
struct Summary {
  RelationPtr input;
  std::vector<std::string> statistics;
};
struct Describe {
  RelationPtr input;
  std::vector<std::string> columns;
};
struct Crosstab {
  RelationPtr input;
  std::string column1, column2;
};
struct Covariance {
  RelationPtr input;
  std::string column1, column2;
};
struct Correlation {
  RelationPtr input;
  std::string column1, column2, method;
};
struct ApproxQuantile {
  RelationPtr input;
  std::vector<std::string> columns;
  std::vector<double> probabilities;
  double relative_error = 0;
};
struct FreqItems {
  RelationPtr input;
  std::vector<std::string> columns;
  double support = 0.01;
};
struct SampleBy {
  RelationPtr input;
  ExprPtr column;
  std::vector<std::pair<Literal, double>> fractions;
  int64_t seed = 0;
};
/// What the protocol can say and this server cannot do yet: fails when analysed, naming the feature.
struct UnsupportedRelation {
  std::string what;
};

struct Relation {
  std::variant<OneRow, ReadTable, ReadSource, SqlQuery, WithRelations, Project, Filter, Join, AsOfJoin, SetOperation,
               Sort, Limit, Offset, Tail, Aggregate, Having, Qualify, WithWindows, Drop, Deduplicate, Distinct,
               LocalRelation, CachedLocalRelation, CachedRemoteRelation, Values, Sample, Range, SubqueryAlias,
               Repartition, ToDF, ToSchema, WithColumnsRenamed, WithColumns, Hint, Unpivot, SqlPivot, Transpose,
               TableFunction, LateralView, With, CollectMetrics, Parse, WithWatermark, ShowString, HtmlString, FillNa,
               DropNa, ReplaceNa, Summary, Describe, Crosstab, Covariance, Correlation, ApproxQuantile, FreqItems,
               SampleBy, UnsupportedRelation>
      node;
  std::optional<int64_t> plan_id;
  Origin origin;
};

// ---------------------------------------------------------------- commands
struct CreateView {
  Name name;
  ExprPtr identifier;  ///< IDENTIFIER(…)
  RelationPtr plan;
  bool global = false;
  bool replace = false;
  bool if_not_exists = false;
  std::vector<std::pair<std::string, std::string>> columns;  ///< name, comment
  std::string text;                                          ///< the body's SQL text, or empty
};
struct CreateSourceView {  ///< CREATE TEMPORARY VIEW … USING format OPTIONS (…)
  Name name;
  ReadSource source;
  bool global = false;
  bool replace = false;
};
struct DropView {  ///< DROP VIEW, DROP TABLE
  Name name;
  bool if_exists = false;
};
struct AlterView {  ///< ALTER VIEW … AS query, ALTER VIEW … RENAME TO new_name
  Name name;
  RelationPtr plan;
  std::string text;
  Name new_name;
};
/// A name and where it was written.
struct NamePlace {
  Name name;
  Origin origin;
};
struct DeclareVariable {
  std::vector<NamePlace> names;
  std::optional<DataType> type;  ///< not set: that of the default
  ExprPtr default_value;         ///< or null
  bool replace = false;
};
struct SetVariable {
  std::vector<NamePlace> names;
  std::vector<ExprPtr> values;  ///< one for each name; null: its default. Or:
  RelationPtr query;            ///< one row with a column for each
};
struct DropVariable {
  NamePlace name;
  bool if_exists = false;
};
struct ExecuteImmediate {
  ExprPtr text;
  std::vector<NamePlace> into;
  std::vector<ExprPtr> arguments;  ///< Alias: of named parameters
};
struct SetConfiguration {  ///< SET k=v; SET k; SET; SET -v (key empty: all)
  std::string key;
  std::optional<std::string> value;
  bool verbose = false;
};
struct ResetConfiguration {
  std::optional<std::string> key;
};
struct SetTimeZone {
  ExprPtr zone;  ///< a string or interval literal; null: LOCAL
};
struct CacheTable {
  Name name;
  RelationPtr plan;  ///< CACHE TABLE n AS query, or null
  bool lazy = false;
  Options options;
};
struct UncacheTable {
  Name name;
  bool if_exists = false;
};
struct ClearCache {};
struct ExplainQuery {
  enum class Mode { kSimple, kExtended, kCodegen, kCost, kFormatted };
  RelationPtr plan;
  Mode mode = Mode::kSimple;
};
struct DescribeQuery {
  RelationPtr plan;
};
struct DescribeTable {
  Name name;
  bool extended = false;
  NamePlace column = {};  ///< DESCRIBE t column; or empty
};
struct DescribeFunction {
  Name name;
  Origin name_origin;
  bool extended = false;
};
struct ShowTables {
  Name database;
  std::string pattern;
  bool views_only = false;
};
struct ShowFunctions {
  std::string pattern;
  std::string scope;  ///< USER, SYSTEM, ALL or empty
};
struct ShowColumns {
  Name name;
};
enum class SaveMode { kErrorIfExists, kAppend, kOverwrite, kIgnore };
struct WriteFiles {  ///< df.write…save(path); INSERT OVERWRITE DIRECTORY
  RelationPtr input;
  std::string format;
  std::string path;
  SaveMode mode = SaveMode::kErrorIfExists;
  std::vector<std::string> partition_by, sort_by;
  Options options;
};
struct CatalogCall {  ///< spark.catalog.METHOD(name, database, pattern), and the statements that do the same
  enum class Method {
    kCurrentCatalog,
    kSetCurrentCatalog,
    kListCatalogs,
    kCurrentDatabase,
    kSetCurrentDatabase,
    kListDatabases,
    kGetDatabase,
    kDatabaseExists,
    kListTables,
    kListViews,
    kGetTable,
    kTableExists,
    kListColumns,
    kListFunctions,
    kGetFunction,
    kFunctionExists,
    kDropTempView,
    kDropGlobalTempView,
    kIsCached,
    kCacheTable,
    kUncacheTable,
    kClearCache,
    kRefreshTable,
    kRefreshByPath,
    kShowDatabases,
    kShowCatalogs
  };
  Method method;
  Name name;      ///< of a table, view, function, database or catalog, or a path; empty: the method takes none
  Name database;  ///< empty: not given
  std::optional<std::string> pattern;
};
/// A command that this server cannot do yet: fails naming the feature.
struct UnsupportedCommand {
  std::string what;
};
struct Command {
  std::variant<CreateView, CreateSourceView, DropView, AlterView, DeclareVariable, SetVariable, DropVariable,
               ExecuteImmediate, SetConfiguration, ResetConfiguration, SetTimeZone, CacheTable, UncacheTable,
               ClearCache, ExplainQuery, DescribeQuery, DescribeTable, DescribeFunction, ShowTables, ShowFunctions,
               ShowColumns, WriteFiles, CatalogCall, UnsupportedCommand>
      node;
  Origin origin;
};

/// A SQL statement is either.
struct Statement {
  std::variant<RelationPtr, Command> node;
};

template <typename T>
ExprPtr MakeExpr(T node, Origin origin = {}) {
  return std::make_shared<const Expr>(Expr{std::move(node), std::move(origin)});
}
template <typename T>
RelationPtr MakeRelation(T node, Origin origin = {}, std::optional<int64_t> plan_id = {}) {
  return std::make_shared<const Relation>(Relation{std::move(node), plan_id, std::move(origin)});
}

}  // namespace firesteel::unresolved
