// Functions that need OVER: row_number, rank, lag … Aggregates with OVER are in aggregate.cc.
#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/row.h"
#include "functions/topics.h"
#include "plan/rewrite.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using Class = TypePattern::Class;
using logical::ExprPtr;

Error NotFoldable(const CallSite& site, std::string_view input, std::string_view sql) {
  return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                      {{"inputName", Cat("`", input, "`")}, {"inputType", "\"INT\""}, {"inputExpr", ToSqlExpr(sql)}});
}

/// lag and lead: value, offset (1), default (NULL) of the value's type.
Result<DataType> BindLagLead(CallSite& site) {
  auto& arguments = site.arguments;
  if (arguments.size() < 2) arguments.push_back(LiteralOf(Value(int64_t{1}), TypeId::kInteger, site.origin));
  if (arguments.size() < 3) arguments.push_back(LiteralOf(Value(), DataType(), site.origin));
  FS_CHECK(CoerceArgument(site, 1, TypeId::kInteger));
  if (!logical::IsFoldable(arguments[1])) {
    const std::string offset = logical::PrettyName(*arguments[1]);
    return NotFoldable(site, "offset", site.name == "lag" ? Cat("(- ", offset, ")") : offset);
  }
  FS_TRY([[maybe_unused]] const Value offset, Constant(site, 1));
  const DataType type = arguments[0]->type;
  if (!arguments[2]->type.SameType(type)) {
    if (!CanCast(arguments[2]->type, type, site.settings.ansi)) return DataDiffTypes(site);
    arguments[2] = CastIfNotSameType(arguments[2], type, site);
  }
  return type;
}

/// IGNORE NULLS comes as the mode.
std::string_view NullsClause(const logical::Expr& call) {
  return std::get<logical::Call>(call.node).mode == logical::EvalMode::kTry ? " IGNORE NULLS)" : ")";
}

Result<std::string> LowerLag(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  return Cat("lag(", arguments[0], ", ", arguments[1], ", ", arguments[2], NullsClause(call));
}
Result<std::string> LowerLead(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  return Cat("lead(", arguments[0], ", ", arguments[1], ", ", arguments[2], NullsClause(call));
}

Result<DataType> BindNtile(CallSite& site) {
  if (!site.arguments[0]->type.Is(TypeId::kInteger)) return UnexpectedInputType(site, 0, "\"INT\"");
  if (!logical::IsFoldable(site.arguments[0]))
    return NotFoldable(site, "buckets", logical::PrettyName(*site.arguments[0]));
  FS_TRY(const Value buckets, Constant(site, 0));
  if (!buckets.IsNull() && buckets.As<int64_t>() <= 0) {
    return TypeMismatch(site, "VALUE_OUT_OF_RANGE",
                        {{"exprName", "buckets"},
                         {"valueRange", Cat("(0, ", INT32_MAX, "]")},
                         {"currentValue", Cat(buckets.As<int64_t>())}});
  }
  return DataType(TypeId::kInteger);
}

Result<DataType> BindNthValue(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 1, TypeId::kInteger));
  if (!logical::IsFoldable(site.arguments[1]))
    return NotFoldable(site, "offset", logical::PrettyName(*site.arguments[1]));
  FS_TRY(const Value offset, Constant(site, 1));
  if (!offset.IsNull() && offset.As<int64_t>() <= 0) {
    return TypeMismatch(site, "VALUE_OUT_OF_RANGE",
                        {{"exprName", "offset"},
                         {"valueRange", Cat("(0, ", INT64_MAX, "]")},
                         {"currentValue", Cat(offset.As<int64_t>(), "L")}});
  }
  return site.arguments[0]->type;
}

std::string NthValueName(std::span<const std::string> arguments, const logical::Expr& call) {
  const bool ignores_nulls = std::get<logical::Call>(call.node).mode == logical::EvalMode::kTry;
  return Cat("nth_value(", Join({arguments.begin(), arguments.end()}, ", "), ignores_nulls ? ") ignore nulls" : ")");
}

Result<std::string> LowerNthValue(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  return Cat("nth_value(", arguments[0], ", ", arguments[1], NullsClause(call));
}

/// Spark puts the window's order in the place of the arguments, which nobody reads.
std::string RankName(std::span<const std::string>, const logical::Expr& call) {
  return Cat(std::get<logical::Call>(call.node).function->shown_as, "()");
}
Function WithAnyArguments(Function rank) {
  rank.arguments = {{.type = Class::kAny, .optional = true, .repeated = true}};
  rank.name_of = &RankName;
  return rank;
}

Function Rank(std::string_view name, std::string_view shown_as, Sql sql, TypeId type, std::string_view doc,
              std::string_view example) {
  static const Function kShared{
      .kind = Kind::kWindow, .nulls = Nulls::kNever, .needs_order = true, .group = "window_funcs", .since = "2.0.0"};
  Function row = RowOf(kShared, name, {}, DataType(type), sql, doc, example);
  row.shown_as = shown_as;
  return row;
}

Function ValueRow(std::string_view name, std::vector<Argument> arguments, LowerFn lower,
                  Result<DataType> (*bind)(CallSite&), std::string_view doc, std::string_view example) {
  Function row = Rank(name, "", {}, TypeId::kNull, doc, example);
  row.arguments = std::move(arguments);
  row.result = SameAsFirst;
  row.nulls = Nulls::kMaybe;
  row.runs = lower;
  row.bind = bind;
  return row;
}

std::vector<Function> Rows() {
  const Argument any{Class::kAny}, maybe{.type = Class::kAny, .optional = true};
  // DuckDB's ranks are 64-bit.
  Function ntile = Rank(
      "ntile", "", Sql{"CAST(ntile({0}){over} AS INTEGER)"}, TypeId::kInteger,
      "Divides the partition's rows into n buckets, as equal as can be, and gives the bucket's number.", "ntile(4)");
  ntile.arguments = {{.type = Class::kAny, .optional = true, .default_sql = "1"}};
  ntile.bind = &BindNtile;
  Function nth_value = ValueRow("nth_value", {any, any}, &LowerNthValue, &BindNthValue,
                                "The value of the window frame's row with the given number.", "nth_value(col, 2)");
  nth_value.since = "3.1.0";
  nth_value.name_of = &NthValueName;
  return {
      Rank("row_number", "", Sql{"CAST(row_number(){over} AS INTEGER)"}, TypeId::kInteger,
           "Assigns a unique, sequential number to each row, starting with one, by the order of rows in the window "
           "partition.",
           "row_number()"),
      WithAnyArguments(Rank(
          "rank", "RANK", Sql{"CAST(rank(){over} AS INTEGER)"}, TypeId::kInteger,
          "One plus the number of rows that come before the current row in the partition's order; ties leave gaps.",
          "rank()")),
      WithAnyArguments(Rank("dense_rank", "DENSE_RANK", Sql{"CAST(dense_rank(){over} AS INTEGER)"}, TypeId::kInteger,
                            "The rank of the current row in the partition's order, without gaps.", "dense_rank()")),
      WithAnyArguments(Rank("percent_rank", "PERCENT_RANK", Sql{"percent_rank()"}, TypeId::kDouble,
                            "The share of rows in the partition that rank below the current row.", "percent_rank()")),
      Rank("cume_dist", "", Sql{"cume_dist()"}, TypeId::kDouble,
           "The share of rows in the partition that come up to and with the current row.", "cume_dist()"),
      std::move(ntile),
      ValueRow("lag", {any, maybe, maybe}, &LowerLag, &BindLagLead,
               "The value so many rows before the current one, or the default.", "lag(col, 1, 0)"),
      ValueRow("lead", {any, maybe, maybe}, &LowerLead, &BindLagLead,
               "The value so many rows after the current one, or the default.", "lead(col, 1, 0)"),
      std::move(nth_value),
  };
}

}  // namespace

std::span<const Function> WindowFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
