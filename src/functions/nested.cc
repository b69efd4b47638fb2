// Values inside of values, as the analyzer makes them of a.b, a[1], m['k']; and grouping(), which it replaces by arithmetic on the
// grouping id. The names of the first are not SQL's: the parser can't write them.
#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/collection.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

size_t FieldOf(const Call& call) {
  return static_cast<size_t>(std::get<logical::Literal>(call.arguments[1]->node).value.As<int64_t>());
}

std::string SqlText(const std::string& text) {
  std::string sql = "'";
  for (char c : text) {
    if (c == '\'') sql += '\'';
    sql += c;
  }
  return sql + "'";
}

Result<ExprPtr> BindStructField(CallSite& site) {
  const StructField& field =
      site.arguments[0]->type.fields().at(std::get<logical::Literal>(site.arguments[1]->node).value.As<int64_t>());
  return Built(site, site.name, field.type, field.nullable || site.arguments[0]->nullable, site.mode);
}

Result<std::string> LowerStructField(const Expr& expr, std::span<const std::string> arguments, Lowering&) {
  const Call& call = std::get<Call>(expr.node);
  return Cat("struct_extract(", arguments[0], ", ", SqlText(DuckFieldNames(call.arguments[0]->type).at(FieldOf(call))),
             ")");
}

Result<ExprPtr> BindArrayStructFields(CallSite& site) {
  const DataType& array = site.arguments[0]->type;
  const StructField& field =
      array.element().fields().at(std::get<logical::Literal>(site.arguments[1]->node).value.As<int64_t>());
  return Built(site, site.name, DataType::Array(field.type, array.contains_null() || field.nullable),
               site.arguments[0]->nullable, site.mode);
}

Result<std::string> LowerArrayStructFields(const Expr& expr, std::span<const std::string> arguments, Lowering&) {
  const Call& call = std::get<Call>(expr.node);
  return Cat("list_transform(", arguments[0], ", lambda fs_x: struct_extract(fs_x, ",
             SqlText(DuckFieldNames(call.arguments[0]->type.element()).at(FieldOf(call))), "))");
}

Result<ExprPtr> BindArrayItem(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 1, TypePattern(Class::kIntegral)));
  const DataType& array = site.arguments[0]->type;
  return Built(site, site.name, array.element(), ElementNullable(site, false, site.settings.ansi), site.mode);
}

/// Only reached with an index that is out of bounds.
Status ArrayItemFails(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    out.SetNull(row);
    if (in[0].IsNull(row) || in[1].IsNull(row)) continue;
    const uint64_t size = in[0].At<ListCell>(row).length;
    const int64_t index = in[1].At<int64_t>(row);
    if (index >= 0 && static_cast<uint64_t>(index) < size) continue;
    return Error::Condition("INVALID_ARRAY_INDEX", {{"indexValue", Cat(index)}, {"arraySize", Cat(size)}},
                            context.origin)
        .As(ErrorClass::kArrayIndexOutOfBounds);
  }
  return {};
}

Result<std::string> LowerArrayItem(const Expr& expr, std::span<const std::string> arguments, Lowering& lowering) {
  const Call& call = std::get<Call>(expr.node);
  const std::string index = Cat("CAST(", arguments[1], " AS BIGINT)");
  if (call.mode != logical::EvalMode::kAnsi) {
    return Cat("(CASE WHEN ", index, " >= 0 THEN list_extract(", arguments[0], ", ", index, " + 1) END)");
  }
  FS_TRY(std::string fails,
         LowerKernel({&ArrayItemFails}, {arguments[0], index}, {call.arguments[0]->type, TypeId::kLong}, expr.type,
                     call.mode, expr.origin, lowering));
  return Cat("(CASE WHEN ", index, " >= 0 AND ", index, " < len(", arguments[0], ") THEN list_extract(", arguments[0],
             ", ", index, " + 1) WHEN ", arguments[0], " IS NULL OR ", index, " IS NULL THEN NULL ELSE ", fails,
             " END)");
}

Result<ExprPtr> BindMapValue(CallSite& site) {
  const DataType map = site.arguments[0]->type;
  FS_CHECK(CoerceArgument(site, 1, TypePattern(map.key())));
  return Built(site, site.name, map.value(), true, site.mode);
}

std::string ItemName(std::span<const std::string> arguments, const Expr&) {
  return Cat(arguments[0], "[", arguments[1], "]");
}

const Argument kAny{Class::kAny};

}  // namespace

std::span<const Function> NestedFunctions() {
  static const std::vector<Function> rows = {
      {.name = "get_struct_field",
       .arguments = {kAny, kAny},
       .runs = &LowerStructField,
       .bind = &BindStructField,
       .doc = "A field of a struct, by position.",
       .example = "named_struct('a', 1).a"},
      {.name = "get_array_struct_fields",
       .arguments = {kAny, kAny},
       .runs = &LowerArrayStructFields,
       .bind = &BindArrayStructFields,
       .doc = "One field of each struct of an array, by position.",
       .example = "array(named_struct('a', 1)).a"},
      {.name = "get_array_item",
       .arguments = {kAny, kAny},
       .runs = &LowerArrayItem,
       .bind = &BindArrayItem,
       .form = Form::kSpecial,
       .name_of = &ItemName,
       .doc = "An element of an array, counted from 0.",
       .example = "array(1, 2)[0]"},
      {.name = "get_map_value",
       .arguments = {kAny, kAny},
       .runs = Sql{"(map_extract({0}, {1})[1])"},
       .bind = &BindMapValue,
       .form = Form::kSpecial,
       .name_of = &ItemName,
       .doc = "A map's value at a key, or NULL.",
       .example = "map('a', 1)['a']"},
      {.name = "grouping",
       .arguments = {kAny},
       .result = DataType(TypeId::kByte),
       .nulls = Nulls::kNever,
       .group = "agg_funcs",
       .since = "2.0.0",
       .doc = "1 if the column is aggregated over in this grouping set, else 0.",
       .example = "grouping(a)"},
      {.name = "grouping_id",
       .arguments = {{.type = Class::kAny, .repeated = true}},
       .result = DataType(TypeId::kLong),
       .nulls = Nulls::kNever,
       .group = "agg_funcs",
       .since = "2.0.0",
       .doc = "The level of grouping: the bits of grouping() of every column.",
       .example = "grouping_id(a, b)"},
  };
  return rows;
}

}  // namespace firesteel::functions
