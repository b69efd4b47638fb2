// JSON text to and from values: from_json, to_json, schema_of_json.
#include "functions/json_infer.h"

#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/function_options.h"
#include "functions/lower.h"
#include "functions/row_text.h"
#include "functions/topics.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- from_json

/// A map whose keys are no strings, if there is one in the type.
const DataType* MapOfOtherKeys(const DataType& type) {
  if (type.Is(TypeId::kMap)) return type.key().Is(TypeId::kString) ? MapOfOtherKeys(type.value()) : &type;
  if (type.Is(TypeId::kArray)) return MapOfOtherKeys(type.element());
  if (!type.Is(TypeId::kStruct)) return nullptr;
  for (const StructField& field : type.fields()) {
    if (const DataType* map = MapOfOtherKeys(field.type)) return map;
  }
  return nullptr;
}

std::string FromJsonName(std::span<const std::string> arguments, const Expr& call) {
  return call.type.Is(TypeId::kMap) ? "entries" : Cat("from_json(", arguments[0], ")");
}

Result<ExprPtr> BindFromJson(CallSite& site) {
  FS_TRY(const DataType parsed, SchemaArgument(site, 1));
  FS_TRY(SourceOptions::Map map, OptionsArgument(site, 2));
  const DataType type = parsed.AsNullable();
  if (!type.Is(TypeId::kStruct) && !type.Is(TypeId::kArray) && !type.Is(TypeId::kMap) && !type.Is(TypeId::kVariant))
    return TypeMismatch(site, "INVALID_JSON_SCHEMA", {{"schema", InDoubleQuotes(TypeSql(parsed))}});
  if (const DataType* wrong = MapOfOtherKeys(type)) {
    Error::Parameters parameters{{"schema", InDoubleQuotes(TypeSql(*wrong))}};
    if (type.Is(TypeId::kMap)) parameters.emplace("sqlExpr", "\"entries\"");
    return TypeMismatch(site, "INVALID_JSON_MAP_KEY_TYPE", std::move(parameters));
  }
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kString).Exactly()));
  const SourceOptions options(map);
  FS_CHECK(CheckFunctionMode(options, "from_json"));
  FS_TRY(const JsonReadOptions read, JsonReadOptions::From(options, site.settings.time_zone));
  if (type.Is(TypeId::kStruct)) FS_CHECK(CheckCorruptColumn(type, read.corrupt_column));
  site.arguments.resize(1);
  site.arguments.push_back(LiteralOf(Value(SourceOptions::Encode(map)), TypeId::kString, site.origin));
  return Built(site, site.name, type, true, site.mode);
}

// ---------------------------------------------------------------- to_json

std::string FirstOnlyName(std::span<const std::string> arguments, const Expr& call) {
  return Cat(std::get<Call>(call.node).function->name, "(", arguments[0], ")");
}

Result<ExprPtr> BindToJson(CallSite& site) {
  SourceOptions::Map map;
  if (site.arguments.size() > 1) {
    FS_TRY(map, OptionsArgument(site, 1));
  }
  site.arguments.resize(1);
  const DataType given = site.arguments[0]->type;
  if (given.Is(TypeId::kNull)) site.arguments[0] = CastTo(site.arguments[0], DataType::Array(TypeId::kNull), site);
  const DataType& type = site.arguments[0]->type;
  if (!type.IsNested() && !type.Is(TypeId::kVariant))
    return TypeMismatch(site, "INVALID_JSON_SCHEMA", {{"schema", InDoubleQuotes(TypeSql(given))}});
  const SourceOptions options(map);
  FS_CHECK(options.Refuse({{"locale", "en-US"}, {"writenonasciicharacterascodepoint", "false"}}));
  FS_CHECK(RowText::Make(type, RowTextOptions::From(options, site.settings.time_zone)));
  site.arguments.push_back(LiteralOf(Value(SourceOptions::Encode(map)), TypeId::kString, site.origin));
  return Built(site, site.name, TypeId::kString, true, site.mode);
}

Result<std::shared_ptr<const void>> PrepareRowText(const KernelContext& context) {
  const SourceOptions::Map map = SourceOptions::Decode(context.constants[1]->As<std::string>());
  FS_TRY(std::shared_ptr<const RowText> text,
         RowText::Make(context.argument_types[0], RowTextOptions::From(SourceOptions(map), context.time_zone)));
  return std::shared_ptr<const void>(std::move(text));
}

Status ToJson(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const auto& text = context.Prepared<RowText>();
  std::string json;
  for (size_t row = 0; row < rows; ++row) {
    const Cell cell{&in[0], row};
    if (cell.IsNull()) {
      out.SetNull(row);
      continue;
    }
    json.clear();
    JsonGenerator generator(json, text.pretty());
    FS_CHECK(text.AppendJson(cell, generator));
    out.SetString(row, json);
  }
  return {};
}

// ---------------------------------------------------------------- schema_of_json

/// A constant: the schema's text.
Result<ExprPtr> BindSchemaOfJson(CallSite& site) {
  SourceOptions::Map map;
  if (site.arguments.size() > 1) {
    FS_TRY(map, OptionsArgument(site, 1));
  }
  map = ForInference(std::move(map), site.settings);
  site.arguments.resize(1);
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kString).Exactly()));
  FS_TRY(const std::string text, ConstantText(site, 0, "json"));
  const SourceOptions options(map);
  FS_TRY(JsonReadOptions read, JsonReadOptions::From(options, site.settings.time_zone));
  JsonTokens tokens(text, read.syntax);
  FS_TRY(const JsonInference inference, JsonInference::Make(std::move(read)));
  tokens.Next();
  const std::optional<DataType> inferred = inference.Infer(tokens);
  if (!inferred) {
    return JavaException(
        "com.fasterxml.jackson.core.JsonParseException,com.fasterxml.jackson.core.exc.StreamReadException,"
        "com.fasterxml.jackson.core.JsonProcessingException,com.fasterxml.jackson.core.JacksonException,"
        "java.io.IOException",
        tokens.error());
  }
  const bool of_structs = inferred->Is(TypeId::kArray) && inferred->element().Is(TypeId::kStruct);
  DataType type = inference.Canonical(*inferred).value_or(inferred->Is(TypeId::kStruct) ? DataType::Struct({})
                                                          : of_structs ? DataType::Array(DataType::Struct({}))
                                                                       : DataType(TypeId::kString));
  return LiteralOf(Value(TypeSql(type)), TypeId::kString, site.origin);
}

}  // namespace

std::span<const Function> JsonFunctions() {
  static const Argument kAny = {Class::kAny};
  static const Argument kOptions = {.type = Class::kAny, .optional = true};
  static const std::vector<Function> rows = {
      {.name = "@read_json",
       .arguments = {{TypeId::kString}, {.type = TypeId::kString, .foldable = true}},
       .runs = kReadJsonRecords,
       .doc = "The records of a text, as an array of the structs that the call's type says.",
       .example = "@read_json(text, options)"},
      {.name = "from_json",
       .arguments = {kAny, kAny, kOptions},
       .nulls = Nulls::kMaybe,
       .runs = kFromJson,
       .bind = &BindFromJson,
       .form = Form::kSpecial,
       .name_of = &FromJsonName,
       .group = "json_funcs",
       .since = "2.2.0",
       .doc = "A JSON text as a value of a schema.",
       .example = "from_json('{\"a\":1, \"b\":0.8}', 'a INT, b DOUBLE')"},
      {.name = "to_json",
       .arguments = {kAny, kOptions},
       .nulls = Nulls::kMaybe,
       .runs = ScalarKernel{&ToJson, &PrepareRowText},
       .bind = &BindToJson,
       .form = Form::kSpecial,
       .name_of = &FirstOnlyName,
       .group = "json_funcs",
       .since = "2.2.0",
       .doc = "A struct, array or map as JSON text.",
       .example = "to_json(named_struct('a', 1, 'b', 2))"},
      {.name = "schema_of_json",
       .arguments = {kAny, kOptions},
       .result = DataType(TypeId::kString),
       .nulls = Nulls::kNever,
       .bind = &BindSchemaOfJson,
       .form = Form::kSpecial,
       .name_of = &FirstOnlyName,
       .group = "json_funcs",
       .since = "2.4.0",
       .doc = "The schema of a JSON text.",
       .example = "schema_of_json('[{\"col\":0}]')"},
  };
  return rows;
}

}  // namespace firesteel::functions
