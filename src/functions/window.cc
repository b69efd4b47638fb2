// Functions that need OVER: row_number, rank, lag … Aggregates with OVER are in aggregate.cc.
#include "base/cat.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using Class = TypePattern::Class;
using logical::ExprPtr;

// DuckDB's ranks are 64-bit.
constexpr Sql kRowNumber{"CAST(row_number(){over} AS INTEGER)"};

/// lag and lead: value, offset (1), default (NULL) of the value's type.
Result<DataType> BindLagLead(CallSite& site) {
  auto& arguments = site.arguments;
  if (arguments.size() < 2) arguments.push_back(LiteralOf(Value(int64_t{1}), TypeId::kInteger, site.origin));
  FS_CHECK(CoerceArgument(site, 1, TypeId::kInteger));
  if (arguments.size() < 3) arguments.push_back(LiteralOf(Value(), DataType(), site.origin));
  const DataType type = arguments[0]->type;
  if (!arguments[2]->type.SameType(type)) {
    const auto common = WiderType(type, arguments[2]->type, site.settings);
    if (!common) return DataDiffTypes(site);
    arguments[0] = CastIfNotSameType(arguments[0], *common, site);
    arguments[2] = CastIfNotSameType(arguments[2], *common, site);
    return *common;
  }
  return type;
}

Result<std::string> LowerLagLead(const logical::Expr& call, std::span<const std::string> arguments, Lowering&,
                                 std::string_view name) {
  return Cat(name, "(", arguments[0], ", ", arguments[1], ", ", arguments[2],
             std::get<logical::Call>(call.node).mode == logical::EvalMode::kTry ? " IGNORE NULLS)" : ")");
}
Result<std::string> LowerLag(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return LowerLagLead(call, arguments, lowering, "lag");
}
Result<std::string> LowerLead(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return LowerLagLead(call, arguments, lowering, "lead");
}

const Function kRows[] = {
    {.name = "row_number",
     .kind = Kind::kWindow,
     .result = DataType(TypeId::kInteger),
     .nulls = Nulls::kNever,
     .runs = kRowNumber,
     .needs_order = true,
     .group = "window_funcs",
     .since = "2.0.0",
     .doc = "Assigns a unique, sequential number to each row, starting with one, by the order of rows in the window "
            "partition.",
     .example = "row_number()"},
    {.name = "rank",
     .kind = Kind::kWindow,
     .result = DataType(TypeId::kInteger),
     .nulls = Nulls::kNever,
     .runs = Sql{"CAST(rank(){over} AS INTEGER)"},
     .shown_as = "RANK",
     .needs_order = true,
     .group = "window_funcs",
     .since = "2.0.0",
     .doc = "One plus the number of rows that come before the current row in the partition's order; ties leave gaps.",
     .example = "rank()"},
    {.name = "dense_rank",
     .kind = Kind::kWindow,
     .result = DataType(TypeId::kInteger),
     .nulls = Nulls::kNever,
     .runs = Sql{"CAST(dense_rank(){over} AS INTEGER)"},
     .shown_as = "DENSE_RANK",
     .needs_order = true,
     .group = "window_funcs",
     .since = "2.0.0",
     .doc = "The rank of the current row in the partition's order, without gaps.",
     .example = "dense_rank()"},
    {.name = "percent_rank",
     .kind = Kind::kWindow,
     .result = DataType(TypeId::kDouble),
     .nulls = Nulls::kNever,
     .runs = Sql{"percent_rank()"},
     .shown_as = "PERCENT_RANK",
     .needs_order = true,
     .group = "window_funcs",
     .since = "2.0.0",
     .doc = "The share of rows in the partition that rank below the current row.",
     .example = "percent_rank()"},
    {.name = "cume_dist",
     .kind = Kind::kWindow,
     .result = DataType(TypeId::kDouble),
     .nulls = Nulls::kNever,
     .runs = Sql{"cume_dist()"},
     .needs_order = true,
     .group = "window_funcs",
     .since = "2.0.0",
     .doc = "The share of rows in the partition that come up to and with the current row.",
     .example = "cume_dist()"},
    {.name = "ntile",
     .kind = Kind::kWindow,
     .arguments = {{.type = TypeId::kInteger, .optional = true, .foldable = true, .default_sql = "1"}},
     .result = DataType(TypeId::kInteger),
     .nulls = Nulls::kNever,
     .runs = Sql{"CAST(ntile({0}){over} AS INTEGER)"},
     .needs_order = true,
     .group = "window_funcs",
     .since = "2.0.0",
     .doc = "Divides the partition's rows into n buckets, as equal as can be, and gives the bucket's number.",
     .example = "ntile(4)"},
    {.name = "lag",
     .kind = Kind::kWindow,
     .arguments = {{Class::kAny},
                   {.type = TypeId::kInteger, .optional = true},
                   {.type = Class::kAny, .optional = true}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = LowerLag,
     .bind = BindLagLead,
     .needs_order = true,
     .group = "window_funcs",
     .since = "2.0.0",
     .doc = "The value so many rows before the current one, or the default.",
     .example = "lag(col, 1, 0)"},
    {.name = "lead",
     .kind = Kind::kWindow,
     .arguments = {{Class::kAny},
                   {.type = TypeId::kInteger, .optional = true},
                   {.type = Class::kAny, .optional = true}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = LowerLead,
     .bind = BindLagLead,
     .needs_order = true,
     .group = "window_funcs",
     .since = "2.0.0",
     .doc = "The value so many rows after the current one, or the default.",
     .example = "lead(col, 1, 0)"},
    {.name = "nth_value",
     .kind = Kind::kWindow,
     .arguments = {{Class::kAny}, {.type = TypeId::kInteger, .foldable = true}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = Sql{"nth_value({0}, {1})"},
     .needs_order = true,
     .group = "window_funcs",
     .since = "3.1.0",
     .doc = "The value of the window frame's row with the given number.",
     .example = "nth_value(col, 2)"},
};

}  // namespace

std::span<const Function> WindowFunctions() { return kRows; }

}  // namespace firesteel::functions
