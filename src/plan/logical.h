#pragma once
// The logical tree: what the analyzer makes of the unresolved tree. Every expression has a Spark type, every column an id,
// every implicit cast is a Cast. Immutable and shared. Printing is in explain.h, checking in validate.h.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/origin.h"
#include "plan/unresolved.h"
#include "types/data_type.h"
#include "types/value.h"
#include "types/vector.h"

namespace firesteel::functions {
struct Function;
}

namespace firesteel::logical {

struct Expr;
struct Plan;
using ExprPtr = std::shared_ptr<const Expr>;
using PlanPtr = std::shared_ptr<const Plan>;
using AttributeId = int64_t;
using unresolved::JoinType;
using unresolved::NullOrder;
using unresolved::SetOperator;
using unresolved::SortDirection;

/// A column that a plan puts out. Ids are unique in a tree, and in a statement: no two plans put out the same id but by
/// handing it through.
struct Attribute {
  AttributeId id = 0;
  std::string name;
  DataType type;
  bool nullable = true;
  std::string metadata = "{}";
  std::vector<std::string> qualifier = {};  ///< table alias, or catalog.database.table
};

AttributeId NewAttributeId();

// ---------------------------------------------------------------- expressions
enum class EvalMode { kAnsi, kLegacy, kTry };

struct Literal {
  Value value;
};
struct Column {
  AttributeId id;
  std::string name;
  bool outer = false;  ///< of an enclosing query: a correlated reference
};
/// A scalar function or operator. Arguments have the types that the function's row asks for.
struct Call {
  const functions::Function* function;
  std::vector<ExprPtr> arguments;
  EvalMode mode = EvalMode::kAnsi;
  std::string_view written = {};  ///< the row's alias that the query used (static text), or empty: for column names
};
struct Cast {
  ExprPtr child;
  EvalMode mode = EvalMode::kAnsi;
  bool implicit = false;  ///< put in by coercion: not shown in column names
};
struct SortKey {
  ExprPtr child;
  SortDirection direction = SortDirection::kAscending;
  NullOrder nulls = NullOrder::kFirst;  ///< never kDefault
};
struct AggregateCall {
  const functions::Function* function;
  std::vector<ExprPtr> arguments;
  EvalMode mode = EvalMode::kAnsi;
  bool distinct = false;
  ExprPtr filter;
  bool ignore_nulls = false;
  std::vector<SortKey> order;     ///< WITHIN GROUP
  std::string_view written = {};  ///< as Call::written
};
struct FrameBound {
  unresolved::Frame::BoundKind kind;
  ExprPtr offset;  ///< a constant of the order key's difference type, or null
};
struct WindowCall {
  ExprPtr function;  ///< a Call of a window function, or an AggregateCall
  std::vector<ExprPtr> partition;
  std::vector<SortKey> order;
  unresolved::Frame::Unit unit;
  FrameBound lower, upper;
};
struct LambdaVariable {
  AttributeId id;
  std::string name;
};
struct Lambda {
  std::vector<ExprPtr> parameters;  ///< LambdaVariable each
  ExprPtr body;
};
enum class SubqueryKind { kScalar, kExists, kIn };
struct Subquery {
  SubqueryKind kind;
  PlanPtr plan;                    ///< may hold Columns with outer = true
  std::vector<ExprPtr> in_values;  ///< kIn: as many as the plan's columns, types equal to theirs
};
/// Gives an expression its name in an output. Only at the top of a projection or aggregate.
struct Alias {
  ExprPtr child;
  Attribute output;
};

struct Expr {
  std::variant<Literal, Column, Call, Cast, AggregateCall, WindowCall, LambdaVariable, Lambda, Subquery, Alias> node;
  DataType type;
  bool nullable = true;
  Origin origin;
  /// Its name in columns and errors where the tree no longer tells (nvl(a, b) became coalesce, a.b a call); else null.
  std::shared_ptr<const std::string> shown;
};

template <typename T>
ExprPtr MakeExpr(T node, DataType type, bool nullable, Origin origin = {}) {
  return std::make_shared<const Expr>(Expr{std::move(node), std::move(type), nullable, std::move(origin), nullptr});
}

// ---------------------------------------------------------------- plans
struct OneRow {};  ///< one row, no columns
struct LocalRelation {
  std::shared_ptr<const LocalTable> table;  ///< columns as Plan::output
};
struct Values {  ///< rows of constant expressions
  std::vector<std::vector<ExprPtr>> rows;
};
struct Range {
  int64_t start = 0, end = 0, step = 1;
  std::optional<int32_t> partitions;
};
struct Scan {                                        ///< files, read by the engine
  std::string format;                                ///< parquet, csv, json, text, binaryfile, orc …, lower case
  std::vector<std::string> files;                    ///< expanded: no globs, no folders
  std::map<std::string, std::string> options;        ///< keys in lower case
  DataType data_schema;                              ///< columns in the files
  DataType partition_schema;                         ///< columns from folder names key=value
  std::vector<std::vector<Value>> partition_values;  ///< per file, as partition_schema; empty when not partitioned
  std::vector<std::string> root_paths;               ///< as the user gave them, for explain
  bool user_schema = false;  ///< data_schema was given, not read from the files: they may lack some of it
};
struct Project {
  PlanPtr input;
  std::vector<ExprPtr> expressions;  ///< Alias or Column each; may hold WindowCalls
};
struct Filter {
  PlanPtr input;
  ExprPtr condition;
};
struct Join {
  PlanPtr left, right;
  JoinType type = JoinType::kInner;
  ExprPtr condition;     ///< or null
  bool lateral = false;  ///< the right side's outer columns come from the left
};
struct AsOfJoin {
  PlanPtr left, right;
  JoinType type = JoinType::kLeftOuter;  ///< inner or left
  ExprPtr condition;                     ///< equality conditions and tolerance; or null
  ExprPtr as_of_condition;               ///< left >= right, …
  ExprPtr distance;                      ///< the smallest wins
};
struct Aggregate {
  PlanPtr input;
  std::vector<ExprPtr> grouping;    ///< Alias or Column each
  std::vector<ExprPtr> aggregates;  ///< Alias or Column each: the output; refer to grouping ids or hold AggregateCalls
  /// Not empty: grouping sets, each a list of indexes into `grouping`. A grouping column left out of a set is null.
  /// The column with `grouping_id` (LONG, bit order as Spark's grouping_id()) is then available to `aggregates`.
  std::vector<std::vector<int>> grouping_sets;
  AttributeId grouping_id = 0;
};
struct Sort {
  PlanPtr input;
  std::vector<SortKey> order;
  bool global = true;
};
struct Limit {
  PlanPtr input;
  std::optional<int64_t> limit;
  int64_t offset = 0;
};
struct Tail {
  PlanPtr input;
  int64_t limit = 0;
};
struct Distinct {
  PlanPtr input;
};
/// The first row of each group of equal keys (dropDuplicates with columns).
struct DistinctOn {
  PlanPtr input;
  std::vector<AttributeId> keys;
};
struct SetOperation {           ///< columns match by position and have equal types; output ids are the plan's own
  std::vector<PlanPtr> inputs;  ///< two, or more for a union
  SetOperator op = SetOperator::kUnion;
  bool all = false;
};
struct Generate {  ///< the input's columns, then the generator's
  PlanPtr input;
  ExprPtr generator;  ///< a Call of a generator
  bool outer = false;
  std::vector<Attribute> generated;
};
struct Expand {  ///< each input row once per projection (unpivot, stack)
  PlanPtr input;
  std::vector<std::vector<ExprPtr>> projections;
};
struct Sample {
  PlanPtr input;
  double lower_bound = 0, upper_bound = 1;
  bool with_replacement = false;
  int64_t seed = 0;
};
struct Repartition {
  PlanPtr input;
  std::optional<int32_t> partitions;
  bool shuffle = true;
  std::vector<ExprPtr> by;
};
/// A query that is used by name (WITH) below `input`; computed once where the engine sees fit.
struct With {
  PlanPtr input;
  struct Table {
    int64_t id;
    std::string name;
    PlanPtr plan;  ///< recursive: a union (all) of the anchor and of what refers to CteRef{id}
    bool recursive = false;
    int64_t max_recursion_level = 100;
    int64_t max_rows = -1;
  };
  std::vector<Table> tables;
};
struct CteRef {
  int64_t id;
  std::string name;
  std::vector<AttributeId> columns;  ///< the definition's output ids, in order; Plan::output has fresh ids
};
/// A subplan whose rows the engine keeps (cache, persist): the name of the kept table.
struct CachedTable {
  std::string table;
  std::vector<std::string> columns;  ///< the kept table's column names
  PlanPtr plan;                      ///< what it stands for
};
struct CollectMetrics {  ///< observe
  PlanPtr input;
  std::string name;
  std::optional<int64_t> plan_id;  ///< of the client's relation: its Observation waits for it
  std::vector<ExprPtr> metrics;    ///< Alias each
};
/// A name given to a subtree: only for explain.
struct SubqueryAlias {
  PlanPtr input;
  std::string alias;
};
/// show(): one row, one string column, made from the input's rows after the query has run (Spark's Dataset.showString).
struct ShowString {
  PlanPtr input;  ///< cut to rows + 1, every column already a string
  int32_t rows = 20, truncate = 20;
  bool vertical = false, html = false;
};

struct Plan {
  std::variant<OneRow, LocalRelation, Values, Range, Scan, Project, Filter, Join, AsOfJoin, Aggregate, Sort, Limit,
               Tail, Distinct, DistinctOn, SetOperation, Generate, Expand, Sample, Repartition, With, CteRef,
               CachedTable, CollectMetrics, SubqueryAlias, ShowString>
      node;
  std::vector<Attribute> output;
  Origin origin;
};

template <typename T>
PlanPtr MakePlan(T node, std::vector<Attribute> output, Origin origin = {}) {
  return std::make_shared<const Plan>(Plan{std::move(node), std::move(output), std::move(origin)});
}

/// The plan's result type as clients see it.
DataType Schema(const Plan& plan);
/// Spark's name of an expression without alias: `(a + 1)`, `count(1)`: toPrettySQL. Implicit casts are not shown.
std::string PrettyName(const Expr& expr, std::string_view time_zone = "UTC");
/// The same expression under another name: Expr::shown.
ExprPtr Shown(const ExprPtr& expr, std::string name);
/// Direct inputs of a plan, in order.
std::vector<PlanPtr> Inputs(const Plan& plan);
/// Direct children of an expression, in order (not the plan of a subquery).
std::vector<ExprPtr> Children(const Expr& expr);

}  // namespace firesteel::logical
