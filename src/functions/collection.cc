// Arrays, maps and structs from their parts; sizes and elements; maps in parts.
#include "functions/collection.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/cat.h"
#include "base/text.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/topics.h"
#include "plan/rewrite.h"
#include "types/type_text.h"

namespace firesteel::functions {

using logical::Call;
using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

bool ElementNullable(CallSite& site, bool from_one, bool fails) {
  const ExprPtr& list = site.arguments[0];
  const ExprPtr& index = site.arguments[1];
  if (!logical::IsFoldable(index) || index->nullable) return !fails || list->type.contains_null() || list->nullable;
  const auto* array = std::get_if<Call>(&list->node);
  const bool field = array != nullptr && array->function->name == "get_array_struct_fields";
  if (field) array = std::get_if<Call>(&array->arguments[0]->node);
  if (array == nullptr || array->function->name != "array") return true;
  const Result<Value> value = InQuery(site).evaluate(index);
  if (!value.ok()) return true;  // what fails says so when it runs
  const auto size = static_cast<int64_t>(array->arguments.size());
  int64_t at = value->As<int64_t>();
  if (from_one) at = at < 0 ? size + at : at - 1;
  if (at < 0 || at >= size) return !fails;
  return array->arguments[static_cast<size_t>(at)]->nullable || (field && list->type.contains_null());
}

Status CoerceToArray(CallSite& site, size_t index) {
  ExprPtr& argument = site.arguments[index];
  if (argument->type.Is(TypeId::kNull)) argument = CastTo(argument, DataType::Array(TypeId::kNull), site);
  if (!argument->type.Is(TypeId::kArray)) return UnexpectedInputType(site, index, "\"ARRAY\"");
  return {};
}

Status CoerceToMap(CallSite& site, size_t index) {
  ExprPtr& argument = site.arguments[index];
  if (argument->type.Is(TypeId::kNull)) argument = CastTo(argument, DataType::Map(TypeId::kNull, TypeId::kNull), site);
  if (!argument->type.Is(TypeId::kMap)) return UnexpectedInputType(site, index, "\"MAP\"");
  return {};
}

Result<DataType> CoerceElement(CallSite& site, size_t array, size_t value) {
  const DataType list = site.arguments[array]->type;
  const DataType other = site.arguments[value]->type;
  std::optional<DataType> common;
  if (list.Is(TypeId::kArray)) {
    const DataType types[] = {list.element(), other};
    common = WiderTypeWithoutStrings(types, site.settings.ansi);
  }
  if (!common) {
    return TypeMismatch(site, "ARRAY_FUNCTION_DIFF_TYPES",
                        {{"functionName", ToSqlId(site.name)},
                         {"dataType", "\"ARRAY\""},
                         {"leftType", InDoubleQuotes(TypeSql(list))},
                         {"rightType", InDoubleQuotes(TypeSql(other))}});
  }
  site.arguments[array] =
      CastIfNotSameType(site.arguments[array], DataType::Array(*common, list.contains_null()), site);
  site.arguments[value] = CastIfNotSameType(site.arguments[value], *common, site);
  return site.arguments[array]->type;
}

Status CheckOrderable(const CallSite& site, const DataType& type) {
  if (IsOrderable(type)) return {};
  return TypeMismatch(site, "INVALID_ORDERING_TYPE",
                      {{"functionName", ToSqlId(site.name)}, {"dataType", InDoubleQuotes(TypeSql(type))}});
}

int CompareWithNulls(const Cell& a, const Cell& b) {
  const bool a_null = a.vector == nullptr || a.IsNull(), b_null = b.vector == nullptr || b.IsNull();
  if (a_null || b_null) return static_cast<int>(b_null) - static_cast<int>(a_null);
  return CompareCells(a, b);
}

void CopyCell(OutputVector& out, size_t row, const Cell& cell) {
  if (cell.vector == nullptr || cell.IsNull()) {
    out.SetNull(row);
  } else {
    out.Copy(row, *cell.vector, cell.row);
  }
}

void WriteList(std::span<const Cell> cells, ResultCell result) {
  uint64_t at = result.vector->AppendList(result.row, cells.size());
  OutputVector& child = result.vector->child(0);
  for (const Cell& cell : cells) CopyCell(child, at++, cell);
}

Status WriteMap(const KernelContext& context, std::span<const std::pair<Cell, Cell>> entries, ResultCell result) {
  std::map<Cell, size_t, CellLess> places;
  std::vector<std::pair<Cell, Cell>> unique;  // each key where it came first
  for (const auto& [key, value] : entries) {
    if (key.IsNull()) return Error::Condition("NULL_MAP_KEY").As(ErrorClass::kRuntime);
    const auto [place, added] = places.try_emplace(key, unique.size());
    if (added) {
      unique.emplace_back(key, value);
    } else if (context.map_keys_last_win) {
      unique[place->second].second = value;
    } else {
      return Error::Condition("DUPLICATED_MAP_KEY", {{"key", ValueText(key.Get(), key.type(), context.time_zone)},
                                                     {"mapKeyDedupPolicy", "\"spark.sql.mapKeyDedupPolicy\""}})
          .As(ErrorClass::kRuntime);
    }
  }
  uint64_t at = result.vector->AppendList(result.row, unique.size());
  OutputVector& pairs = result.vector->child(0);
  for (const auto& [key, value] : unique) {
    CopyCell(pairs.child(0), at, key);
    CopyCell(pairs.child(1), at, value);
    ++at;
  }
  return {};
}

namespace {

// ---------------------------------------------------------------- array, struct, map

Result<DataType> BindArray(CallSite& site) {
  if (site.arguments.empty()) return DataType::Array(TypeId::kNull, false);
  FS_TRY(DataType element, CoerceToCommonType(site));
  return DataType::Array(element, AnyNullable(site.arguments));
}

std::string PackStruct(const DataType& type, std::span<const std::string> values) {
  const std::vector<std::string> names = DuckFieldNames(type);
  std::string sql = "struct_pack(";
  for (size_t i = 0; i < names.size(); ++i) {
    Append(sql, i == 0 ? "\"" : ", \"");
    for (char c : names[i]) sql += c == '"' ? std::string("\"\"") : std::string(1, c);
    Append(sql, "\" := ", i < values.size() ? values[i] : "false");
  }
  return sql + ")";
}

Result<DataType> BindNamedStruct(CallSite& site) {
  if (site.arguments.size() % 2 != 0) return WrongArgumentCount(site, "2n (n > 0)", {});
  std::vector<StructField> fields;
  std::vector<std::string> wrong;
  for (size_t i = 0; i < site.arguments.size(); i += 2) {
    const auto* name = std::get_if<logical::Literal>(&site.arguments[i]->node);
    if (name == nullptr || !site.arguments[i]->type.Is(TypeId::kString) || name->value.IsNull()) {
      wrong.push_back(ToSqlExpr(logical::PrettyName(*site.arguments[i])));
      continue;
    }
    fields.push_back({name->value.As<std::string>(), site.arguments[i + 1]->type, site.arguments[i + 1]->nullable});
  }
  if (!wrong.empty())
    return TypeMismatch(site, "CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING",
                        {{"inputExprs", Cat("[", Join(wrong, ", "), "]")}});
  return DataType::Struct(std::move(fields));
}

Result<std::string> LowerNamedStruct(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  std::vector<std::string> values;
  for (size_t i = 1; i < arguments.size(); i += 2) values.push_back(arguments[i]);
  return PackStruct(call.type, values);
}

Result<DataType> BindStruct(CallSite& site) {
  std::vector<StructField> fields;
  for (size_t i = 0; i < site.arguments.size(); ++i) {
    const ExprPtr& argument = site.arguments[i];
    std::string name = Cat("col", i + 1);
    if (const auto* column = std::get_if<logical::Column>(&argument->node)) name = column->name;
    if (const auto* alias = std::get_if<logical::Alias>(&argument->node)) name = alias->output.name;
    if (const auto* variable = std::get_if<logical::LambdaVariable>(&argument->node)) name = variable->name;
    if (const auto* call = std::get_if<Call>(&argument->node);
        call != nullptr && call->function->name == "get_struct_field") {
      name = call->arguments[0]
                 ->type.fields()
                 .at(static_cast<size_t>(std::get<logical::Literal>(call->arguments[1]->node).value.As<int64_t>()))
                 .name;
    }
    fields.push_back({name, argument->type, argument->nullable});
  }
  return DataType::Struct(std::move(fields));
}

Result<std::string> LowerStruct(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  return PackStruct(call.type, arguments);
}

Result<DataType> BindMap(CallSite& site) {
  if (site.arguments.size() % 2 != 0) return WrongArgumentCount(site, "2n (n > 0)", {});
  if (site.arguments.empty()) return DataType::Map(TypeId::kNull, TypeId::kNull, false);
  std::vector<DataType> types[2];
  for (size_t i = 0; i < site.arguments.size(); ++i) types[i % 2].push_back(site.arguments[i]->type);
  std::optional<DataType> common[2];
  for (size_t k = 0; k < 2; ++k) {
    common[k] = WiderType(types[k], site.settings);
    if (common[k]) continue;
    std::vector<std::string> names;
    for (const DataType& type : types[k]) names.push_back(InDoubleQuotes(TypeSql(type)));
    return TypeMismatch(site, k == 0 ? "CREATE_MAP_KEY_DIFF_TYPES" : "CREATE_MAP_VALUE_DIFF_TYPES",
                        {{"functionName", ToSqlId(site.name)}, {"dataType", Cat("[", Join(names, ", "), "]")}});
  }
  if (common[0]->Is(TypeId::kMap))
    return TypeMismatch(site, "INVALID_MAP_KEY_TYPE", {{"keyType", InDoubleQuotes(TypeSql(*common[0]))}});
  bool value_null = false;
  for (size_t i = 0; i < site.arguments.size(); ++i) {
    site.arguments[i] = CastIfNotSameType(site.arguments[i], *common[i % 2], site);
    if (i % 2 == 1) value_null = value_null || site.arguments[i]->nullable;
  }
  return DataType::Map(*common[0], *common[1], value_null);
}

Status MapKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  std::vector<std::pair<Cell, Cell>> entries(in.size() / 2, {Cell{nullptr, 0}, Cell{nullptr, 0}});
  for (size_t row = 0; row < rows; ++row) {
    for (size_t i = 0; i < entries.size(); ++i) entries[i] = {Cell{&in[2 * i], row}, Cell{&in[2 * i + 1], row}};
    FS_CHECK(WriteMap(context, entries, {&out, row}));
  }
  return {};
}

Result<std::string> LowerMap(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  if (arguments.empty()) return Cat("CAST(MAP {} AS ", DuckType(call.type), ")");
  return LowerKernel({&MapKernel}, call, {arguments.begin(), arguments.end()}, lowering);
}

Result<DataType> BindMapFromArrays(CallSite& site) {
  FS_CHECK(CoerceToArray(site, 0));
  FS_CHECK(CoerceToArray(site, 1));
  const DataType& key = site.arguments[0]->type.element();
  if (key.Is(TypeId::kMap))
    return TypeMismatch(site, "INVALID_MAP_KEY_TYPE", {{"keyType", InDoubleQuotes(TypeSql(key))}});
  return DataType::Map(key, site.arguments[1]->type.element(), site.arguments[1]->type.contains_null());
}

Status MapFromArrays(const KernelContext& context, Cell keys, Cell values, ResultCell result) {
  if (keys.ListSize() != values.ListSize()) return Error::Condition("_LEGACY_ERROR_TEMP_2128").As(ErrorClass::kRuntime);
  std::vector<std::pair<Cell, Cell>> entries;
  for (uint64_t i = 0; i < keys.ListSize(); ++i) entries.emplace_back(keys.Element(i), values.Element(i));
  return WriteMap(context, entries, result);
}

Result<ExprPtr> BindMapFromEntries(CallSite& site) {
  const DataType type = site.arguments[0]->type;
  if (!type.Is(TypeId::kArray) || !type.element().Is(TypeId::kStruct) || type.element().fields().size() != 2) {
    return UnexpectedInputType(site, 0, "\"ARRAY\" of pair \"STRUCT\"");
  }
  const auto& fields = type.element().fields();
  if (fields[0].type.Is(TypeId::kMap))
    return TypeMismatch(site, "INVALID_MAP_KEY_TYPE", {{"keyType", InDoubleQuotes(TypeSql(fields[0].type))}});
  return Built(site, site.name, DataType::Map(fields[0].type, fields[1].type, fields[1].nullable),
               site.arguments[0]->nullable || type.contains_null(), site.mode);
}

Status MapFromEntries(const KernelContext& context, Cell list, ResultCell result) {
  std::vector<std::pair<Cell, Cell>> entries;
  for (uint64_t i = 0; i < list.ListSize(); ++i) {
    const Cell entry = list.Element(i);
    if (entry.IsNull()) {
      result.vector->SetNull(result.row);
      return {};
    }
    entries.emplace_back(entry.Field(0), entry.Field(1));
  }
  return WriteMap(context, entries, result);
}

Result<DataType> BindMapConcat(CallSite& site) {
  if (site.arguments.empty()) return DataType::Map(TypeId::kString, TypeId::kString);
  bool value_null = false, maps = true;
  std::vector<std::string> names;
  for (const ExprPtr& argument : site.arguments) {
    names.push_back(InDoubleQuotes(TypeSql(argument->type)));
    maps = maps && argument->type.Is(TypeId::kMap);
    if (maps) value_null = value_null || argument->type.contains_null();
  }
  if (!maps)
    return TypeMismatch(site, "MAP_CONCAT_DIFF_TYPES",
                        {{"functionName", ToSqlId(site.name)}, {"dataType", Cat("[", Join(names, ", "), "]")}});
  FS_TRY(DataType common, CoerceToCommonType(site));
  return DataType::Map(common.key(), common.value(), value_null);
}

Status MapConcatKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    std::vector<std::pair<Cell, Cell>> entries;
    bool null = false;
    for (const InputVector& map : in) {
      const Cell cell{&map, row};
      null = null || cell.IsNull();
      for (uint64_t i = 0; !null && i < cell.ListSize(); ++i)
        entries.emplace_back(cell.Element(i).Field(0), cell.Element(i).Field(1));
    }
    if (null) {
      out.SetNull(row);
    } else {
      FS_CHECK(WriteMap(context, entries, {&out, row}));
    }
  }
  return {};
}

Result<std::string> LowerMapConcat(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  if (arguments.empty()) return Cat("CAST(MAP {} AS ", DuckType(call.type), ")");
  return LowerKernel({&MapConcatKernel}, call, {arguments.begin(), arguments.end()}, lowering);
}

// ---------------------------------------------------------------- sizes, keys, values

Result<ExprPtr> BindSize(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, Class::kArrayOrMap));
  const bool nullable = site.arguments[0]->nullable && !site.settings.legacy_size_of_null;
  return Built(site, site.name, TypeId::kInteger, nullable, site.mode);
}

/// A size that can't be NULL is -1 for NULL (spark.sql.legacy.sizeOfNull).
Result<std::string> LowerSize(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  const bool map = std::get<Call>(call.node).arguments[0]->type.Is(TypeId::kMap);
  const std::string size = Cat("CAST(", map ? "cardinality(" : "len(", arguments[0], ") AS INTEGER)");
  return call.nullable ? size : Cat("coalesce(", size, ", -1)");
}

Result<DataType> BindArraySize(CallSite& site) {
  FS_CHECK(CoerceToArray(site, 0));
  return DataType(TypeId::kInteger);
}
Result<DataType> BindMapKeys(CallSite& site) {
  FS_CHECK(CoerceToMap(site, 0));
  return DataType::Array(site.arguments[0]->type.key(), true);
}
Result<DataType> BindMapValues(CallSite& site) {
  FS_CHECK(CoerceToMap(site, 0));
  return DataType::Array(site.arguments[0]->type.value(), true);
}
Result<DataType> BindMapEntries(CallSite& site) {
  FS_CHECK(CoerceToMap(site, 0));
  const DataType& map = site.arguments[0]->type;
  return DataType::Array(DataType::Struct({{"key", map.key(), false}, {"value", map.value(), map.contains_null()}}),
                         false);
}

// ---------------------------------------------------------------- elements

Result<ExprPtr> BindElementAt(CallSite& site) {
  const DataType type = site.arguments[0]->type;
  const DataType index = site.arguments[1]->type;
  if (type.Is(TypeId::kArray)) {
    if (!index.Is(TypeId::kByte) && !index.Is(TypeId::kShort) && !index.Is(TypeId::kInteger))
      return UnexpectedInputType(site, 1, "\"INT\"");
    site.arguments[1] = CastTo(site.arguments[1], TypeId::kInteger, site);
    return Built(site, site.name, type.element(), ElementNullable(site, true, site.mode == EvalMode::kAnsi), site.mode);
  }
  if (!type.Is(TypeId::kMap)) return UnexpectedInputType(site, 0, "(\"ARRAY\" or \"MAP\")");
  const DataType types[] = {type.key(), index};
  const auto common = WiderTypeWithoutStrings(types, site.settings.ansi);
  if (!common) {
    return TypeMismatch(site, "MAP_FUNCTION_DIFF_TYPES",
                        {{"functionName", ToSqlId(site.name)},
                         {"dataType", "\"MAP\""},
                         {"leftType", InDoubleQuotes(TypeSql(type))},
                         {"rightType", InDoubleQuotes(TypeSql(index))}});
  }
  site.arguments[0] =
      CastIfNotSameType(site.arguments[0], DataType::Map(*common, type.value(), type.contains_null()), site);
  site.arguments[1] = CastIfNotSameType(site.arguments[1], *common, site);
  return Built(site, site.name, type.value(), true, site.mode);
}

Status ElementAt(const KernelContext& context, Cell list, int32_t index, ResultCell result) {
  const auto size = static_cast<int64_t>(list.ListSize());
  if (index == 0)
    return Error::Condition("INVALID_INDEX_OF_ZERO", {}, context.Ansi() ? context.origin : Origin())
        .As(ErrorClass::kRuntime);
  const int64_t at = index < 0 ? size + index : int64_t{index} - 1;
  if (at >= 0 && at < size) {
    CopyCell(*result.vector, result.row, list.Element(static_cast<uint64_t>(at)));
    return {};
  }
  if (context.Ansi()) {
    return Error::Condition("INVALID_ARRAY_INDEX_IN_ELEMENT_AT", {{"indexValue", Cat(index)}, {"arraySize", Cat(size)}},
                            context.origin)
        .As(ErrorClass::kArrayIndexOutOfBounds);
  }
  result.vector->SetNull(result.row);
  return {};
}

Result<std::string> LowerElementAt(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  if (std::get<Call>(call.node).arguments[0]->type.Is(TypeId::kMap))
    return Cat("(map_extract(", arguments[0], ", ", arguments[1], ")[1])");
  return LowerKernel(RowKernel<&ElementAt>(), call, {arguments.begin(), arguments.end()}, lowering);
}

Result<ExprPtr> BindGet(CallSite& site) {
  if (!site.arguments[0]->type.Is(TypeId::kArray)) return UnexpectedInputType(site, 0, "\"ARRAY\"");
  FS_CHECK(CoerceArgument(site, 1, Class::kIntegral));
  return Built(site, site.name, site.arguments[0]->type.element(), ElementNullable(site, false, false),
               EvalMode::kLegacy);
}

Result<ExprPtr> BindMapContainsKey(CallSite& site) {
  const DataType type = site.arguments[0]->type, key = site.arguments[1]->type;
  if (type.Is(TypeId::kMap) && key.Is(TypeId::kNull))
    return TypeMismatch(site, "NULL_TYPE", {{"functionName", ToSqlId(site.name)}});
  std::optional<DataType> common;
  if (type.Is(TypeId::kMap)) {
    const DataType types[] = {type.key(), key};
    common = WiderTypeWithoutStrings(types, site.settings.ansi);
  }
  if (!common) {
    return TypeMismatch(site, "MAP_FUNCTION_DIFF_TYPES",
                        {{"functionName", ToSqlId(site.name)},
                         {"dataType", "\"MAP\""},
                         {"leftType", InDoubleQuotes(TypeSql(type))},
                         {"rightType", InDoubleQuotes(TypeSql(key))}});
  }
  site.arguments[0] =
      CastIfNotSameType(site.arguments[0], DataType::Map(*common, type.value(), type.contains_null()), site);
  site.arguments[1] = CastIfNotSameType(site.arguments[1], *common, site);
  return Built(site, site.name, TypeId::kBoolean, true, site.mode);
}

bool MapContainsKey(Cell map, Cell key) {
  for (uint64_t i = 0; i < map.ListSize(); ++i) {
    if (CompareCells(map.Element(i).Field(0), key) == 0) return true;
  }
  return false;
}

const Argument kAny{Class::kAny};
const Argument kRest{.type = Class::kAny, .repeated = true};

}  // namespace

std::span<const Function> CollectionFunctions() {
  static const std::vector<Function> rows = {
      {.name = "array",
       .arguments = {kRest},
       .nulls = Nulls::kNever,
       .runs = Sql{"CAST([{*}] AS {type})"},
       .bind = &BindArray,
       .group = "array_funcs",
       .since = "1.1.0",
       .doc = "Returns an array of the arguments.",
       .example = "array(1, 2, 3)"},
      {.name = "named_struct",
       .arguments = {kRest},
       .nulls = Nulls::kNever,
       .runs = &LowerNamedStruct,
       .bind = &BindNamedStruct,
       .group = "struct_funcs",
       .since = "1.5.0",
       .doc = "Returns a struct of names and values.",
       .example = "named_struct('a', 1, 'b', 2)"},
      {.name = "struct",
       .arguments = {kRest},
       .nulls = Nulls::kNever,
       .runs = &LowerStruct,
       .bind = &BindStruct,
       .group = "struct_funcs",
       .since = "1.4.0",
       .doc = "Returns a struct of the values.",
       .example = "struct(1, 2, 3)"},
      {.name = "map",
       .arguments = {kRest},
       .nulls = Nulls::kNever,
       .runs = &LowerMap,
       .bind = &BindMap,
       .group = "map_funcs",
       .since = "2.0.0",
       .doc = "Returns a map of keys and values.",
       .example = "map(1.0, '2', 3.0, '4')"},
      {.name = "map_from_arrays",
       .arguments = {kAny, kAny},
       .runs = RowKernel<&MapFromArrays>(),
       .bind = &BindMapFromArrays,
       .group = "map_funcs",
       .since = "2.4.0",
       .doc = "Returns a map of an array of keys and one of values.",
       .example = "map_from_arrays(array(1.0, 3.0), array('2', '4'))"},
      {.name = "map_from_entries",
       .arguments = {kAny},
       .runs = RowKernel<&MapFromEntries>(),
       .bind = &BindMapFromEntries,
       .group = "map_funcs",
       .since = "2.4.0",
       .doc = "Returns a map of an array of pairs.",
       .example = "map_from_entries(array(struct(1, 'a'), struct(2, 'b')))"},
      {.name = "map_concat",
       .arguments = {kRest},
       .runs = &LowerMapConcat,
       .bind = &BindMapConcat,
       .group = "map_funcs",
       .since = "2.4.0",
       .doc = "Returns the union of maps.",
       .example = "map_concat(map(1, 'a'), map(3, 'c'))"},
      {.name = "size",
       .arguments = {kAny},
       .runs = &LowerSize,
       .bind = &BindSize,
       .group = "collection_funcs",
       .since = "1.5.0",
       .doc = "Returns the number of elements of an array or map.",
       .example = "size(array('b', 'd'))"},
      {.name = "cardinality",
       .arguments = {kAny},
       .runs = &LowerSize,
       .bind = &BindSize,
       .group = "collection_funcs",
       .since = "2.4.0",
       .doc = "Returns the number of elements of an array or map.",
       .example = "cardinality(array('b', 'd'))"},
      {.name = "array_size",
       .arguments = {kAny},
       .runs = Sql{"CAST(len({0}) AS INTEGER)"},
       .bind = &BindArraySize,
       .group = "array_funcs",
       .since = "3.3.0",
       .doc = "Returns the number of elements of an array.",
       .example = "array_size(array('b', 'd'))"},
      {.name = "map_keys",
       .arguments = {kAny},
       .runs = Sql{"map_keys({0})"},
       .bind = &BindMapKeys,
       .group = "map_funcs",
       .since = "2.0.0",
       .doc = "Returns a map's keys.",
       .example = "map_keys(map(1, 'a'))"},
      {.name = "map_values",
       .arguments = {kAny},
       .runs = Sql{"map_values({0})"},
       .bind = &BindMapValues,
       .group = "map_funcs",
       .since = "2.0.0",
       .doc = "Returns a map's values.",
       .example = "map_values(map(1, 'a'))"},
      {.name = "map_entries",
       .arguments = {kAny},
       .runs = Sql{"map_entries({0})"},
       .bind = &BindMapEntries,
       .group = "map_funcs",
       .since = "3.0.0",
       .doc = "Returns a map's entries as structs.",
       .example = "map_entries(map(1, 'a'))"},
      {.name = "map_contains_key",
       .arguments = {kAny, kAny},
       .runs = RowKernel<&MapContainsKey>(),
       .bind = &BindMapContainsKey,
       .group = "map_funcs",
       .since = "3.3.0",
       .doc = "Returns whether a map has the key.",
       .example = "map_contains_key(map(1, 'a'), 1)"},
      {.name = "element_at",
       .arguments = {kAny, kAny},
       .runs = &LowerElementAt,
       .bind = &BindElementAt,
       .group = "map_funcs",
       .since = "2.4.0",
       .doc = "Returns an array's element, from 1, or a map's value.",
       .example = "element_at(array(1, 2, 3), 2)"},
      {.name = "try_element_at",
       .arguments = {kAny, kAny},
       .runs = &LowerElementAt,
       .bind = &BindElementAt,
       .group = "map_funcs",
       .since = "3.5.0",
       .doc = "As element_at, NULL outside of the array.",
       .example = "try_element_at(array(1, 2, 3), 2)"},
      {.name = "get",
       .arguments = {kAny, kAny},
       .runs = Sql{"(CASE WHEN {1} >= 0 THEN list_extract({0}, CAST({1} AS BIGINT) + 1) END)"},
       .bind = &BindGet,
       .group = "array_funcs",
       .since = "3.4.0",
       .doc = "Returns an array's element, from 0, or NULL.",
       .example = "get(array(1, 2, 3), 0)"},
  };
  return rows;
}

}  // namespace firesteel::functions
