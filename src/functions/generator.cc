// Generators: each lowers to a list, of values for one column, of structs for several; the physical stage unnests it.
#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

const DataType& SourceOf(const Expr& call) { return std::get<Call>(call.node).arguments[0]->type; }

Result<DataType> BindExplode(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  if (!type.Is(TypeId::kArray) && !type.Is(TypeId::kMap)) return UnexpectedInputType(site, 0, "(\"ARRAY\" or \"MAP\")");
  // Expressions around a generator are refused later, but need a type until then.
  return type.Is(TypeId::kArray) ? type.element() : DataType(TypeId::kNull);
}

std::vector<DataType> ExplodedTypes(std::span<const ExprPtr> arguments) {
  const DataType& type = arguments[0]->type;
  if (type.Is(TypeId::kMap)) return {type.key(), type.value()};
  return {type.element()};
}
std::vector<DataType> PosExplodedTypes(std::span<const ExprPtr> arguments) {
  std::vector<DataType> types = ExplodedTypes(arguments);
  types.insert(types.begin(), DataType(TypeId::kInteger));
  return types;
}

Result<std::string> LowerExplode(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  return SourceOf(call).Is(TypeId::kMap) ? Cat("map_entries(", arguments[0], ")") : std::string(arguments[0]);
}

Result<std::string> LowerPosExplode(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  if (SourceOf(call).Is(TypeId::kMap)) {
    return Cat("list_transform(map_entries(", arguments[0],
               "), lambda fs_x, fs_i: struct_pack(p := CAST(fs_i - 1 AS INTEGER), k := struct_extract_at(fs_x, 1), v "
               ":= struct_extract_at(fs_x, 2)))");
  }
  return Cat("list_transform(", arguments[0],
             ", lambda fs_x, fs_i: struct_pack(p := CAST(fs_i - 1 AS INTEGER), v := fs_x))");
}

Result<DataType> BindInline(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  if (!type.Is(TypeId::kArray) || !type.element().Is(TypeId::kStruct))
    return UnexpectedInputType(site, 0, "\"ARRAY<STRUCT>\"");
  return DataType(TypeId::kNull);
}

std::vector<DataType> InlinedTypes(std::span<const ExprPtr> arguments) {
  std::vector<DataType> types;
  for (const StructField& field : arguments[0]->type.element().fields()) types.push_back(field.type);
  return types;
}

Result<std::string> LowerInline(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  if (SourceOf(call).element().fields().size() != 1) return std::string(arguments[0]);
  return Cat("list_transform(", arguments[0], ", lambda fs_x: struct_extract_at(fs_x, 1))");
}

struct StackShape {
  size_t rows, columns;
};
StackShape ShapeOf(std::span<const ExprPtr> arguments) {
  const auto rows = static_cast<size_t>(std::get<logical::Literal>(arguments[0]->node).value.As<int64_t>());
  const size_t values = arguments.size() - 1;
  return {rows, (values + rows - 1) / rows};
}

/// A column's type is that of its first value that is not NULL; others must have it too.
Result<DataType> BindStack(CallSite& site) {
  if (site.arguments.size() < 2) {
    return WrongArgumentCount(site, "> 1", {});
  }
  if (!site.arguments[0]->type.Is(TypeId::kInteger)) return UnexpectedInputType(site, 0, "\"INT\"");
  const auto* literal = std::get_if<logical::Literal>(&site.arguments[0]->node);
  if (literal == nullptr) {
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", "`n`"},
                         {"inputType", "\"INT\""},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[0]))}});
  }
  if (literal->value.IsNull() || literal->value.As<int64_t>() < 1) {
    return TypeMismatch(site, "VALUE_OUT_OF_RANGE",
                        {{"exprName", "`n`"},
                         {"valueRange", "(0, 2147483647]"},
                         {"currentValue", literal->value.IsNull() ? "null" : Cat(literal->value.As<int64_t>())}});
  }
  const StackShape shape = ShapeOf(site.arguments);
  for (size_t column = 0; column < shape.columns; ++column) {
    size_t first = 0;
    for (size_t i = 1 + column; i < site.arguments.size(); i += shape.columns) {
      const DataType& type = site.arguments[i]->type;
      if (type.Is(TypeId::kNull)) continue;
      if (first == 0) {
        first = i;
      } else if (!type.SameType(site.arguments[first]->type)) {
        return TypeMismatch(site, "STACK_COLUMN_DIFF_TYPES",
                            {{"columnIndex", Cat(column)},
                             {"leftParamIndex", Cat(first)},
                             {"leftType", InDoubleQuotes(TypeSql(site.arguments[first]->type))},
                             {"rightParamIndex", Cat(i)},
                             {"rightType", InDoubleQuotes(TypeSql(type))}});
      }
    }
    for (size_t i = 1 + column; first != 0 && i < site.arguments.size(); i += shape.columns) {
      site.arguments[i] = CastIfNotSameType(site.arguments[i], site.arguments[first]->type, site);
    }
  }
  return DataType(TypeId::kNull);
}

std::vector<DataType> StackedTypes(std::span<const ExprPtr> arguments) {
  std::vector<DataType> types;
  for (size_t column = 0; column < ShapeOf(arguments).columns; ++column) types.push_back(arguments[1 + column]->type);
  return types;
}

Result<std::string> LowerStack(const Expr& expr, std::span<const std::string> arguments, Lowering&) {
  const auto& call = std::get<Call>(expr.node);
  const StackShape shape = ShapeOf(call.arguments);
  // Rows beyond the values are all NULL: a repeated one, however many the query asks for.
  const size_t written = std::min(shape.rows, (arguments.size() - 1 + shape.columns - 1) / shape.columns);
  std::vector<std::string> rows;
  auto row_of = [&](size_t row) {
    std::string sql;
    for (size_t column = 0; column < shape.columns; ++column) {
      const size_t at = 1 + row * shape.columns + column;
      const std::string value =
          at < arguments.size() ? arguments[at] : Cat("CAST(NULL AS ", DuckType(call.arguments[1 + column]->type), ")");
      if (shape.columns == 1) return value;
      Append(sql, column == 0 ? "" : ", ", "c", column, " := ", value);
    }
    return Cat("struct_pack(", sql, ")");
  };
  for (size_t row = 0; row < written; ++row) rows.push_back(row_of(row));
  std::string list = Cat("[", Join(rows, ", "), "]");
  if (written < shape.rows) {
    list = Cat("list_concat([", Join(rows, ", "), "], list_transform(range(", shape.rows - written,
               "), lambda fs_i: ", row_of(shape.rows), "))");
  }
  return list;
}

Function Row(std::string_view name, std::string_view shown_as, std::vector<Argument> arguments,
             Result<DataType> (*bind)(CallSite&), LowerFn lower,
             std::vector<DataType> (*generated)(std::span<const ExprPtr>), std::string_view doc,
             std::string_view example) {
  return {.name = name,
          .kind = Kind::kGenerator,
          .arguments = std::move(arguments),
          .nulls = Nulls::kMaybe,
          .runs = lower,
          .bind = bind,
          .shown_as = shown_as,
          .generated = generated,
          .group = "generator_funcs",
          .since = "1.0.0",
          .doc = doc,
          .example = example};
}

}  // namespace

std::span<const Function> GeneratorFunctions() {
  const Argument collection{.type = Class::kAny, .name = "collection"}, structs{.type = Class::kAny, .name = "input"},
      rest{.type = Class::kAny, .repeated = true};
  static const std::vector<Function> rows = {
      Row("explode", "", {collection}, &BindExplode, &LowerExplode, &ExplodedTypes, "One row for each element.",
          "explode(array(10, 20))"),
      Row("explode_outer", "explode", {collection}, &BindExplode, &LowerExplode, &ExplodedTypes,
          "As explode, one row of NULL for none.", "explode_outer(array(10, 20))"),
      Row("posexplode", "", {collection}, &BindExplode, &LowerPosExplode, &PosExplodedTypes,
          "One row for each element with its position.", "posexplode(array(10, 20))"),
      Row("posexplode_outer", "posexplode", {collection}, &BindExplode, &LowerPosExplode, &PosExplodedTypes,
          "As posexplode, one row of NULL for none.", "posexplode_outer(array(10, 20))"),
      Row("inline", "", {structs}, &BindInline, &LowerInline, &InlinedTypes, "One row for each struct of an array.",
          "inline(array(struct(1, 'a')))"),
      Row("inline_outer", "inline", {structs}, &BindInline, &LowerInline, &InlinedTypes,
          "As inline, one row of NULL for none.", "inline_outer(array(struct(1, 'a')))"),
      Row("stack", "", {rest}, &BindStack, &LowerStack, &StackedTypes, "Splits the values into rows.",
          "stack(2, 1, 2, 3)"),
  };
  return rows;
}

}  // namespace firesteel::functions
