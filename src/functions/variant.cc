// Functions of VARIANT: parse_json, variant_get, schema_of_variant, variant_explode and their kin.
#include <algorithm>
#include <charconv>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/function_options.h"
#include "functions/json_infer.h"
#include "functions/lower.h"
#include "functions/row.h"
#include "functions/value_topics.h"
#include "functions/variant_cast.h"
#include "types/decimal.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- parse_json

Result<ExprPtr> BindParseJson(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kString).Exactly()));
  const bool tries = site.mode == EvalMode::kTry;
  return Built(site, site.name, TypeId::kVariant, tries || site.arguments[0]->nullable, site.mode);
}

/// Strict, unlike from_json.
constexpr JsonSyntax kStrict{.single_quotes = false, .non_numbers = false};

Status ParseJson(const KernelContext& context, std::string_view text, ResultCell result) {
  JsonTokens tokens(text, kStrict);
  tokens.Next();
  VariantBuilder builder;
  const Result<bool> parsed = builder.Json(tokens);
  const bool large = builder.TooLarge();
  if (parsed.ok() && *parsed && !large) {
    PutVariant(builder, *result.vector, result.row);
    return {};
  }
  if (context.mode == EvalMode::kTry) {
    result.vector->SetNull(result.row);
    return {};
  }
  if (large) return VariantTooLarge("parse_json");
  return Error::Condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                          {{"badRecord", std::string(text)}, {"failFastMode", "FAILFAST"}})
      .As(ErrorClass::kSpark);
}

// ---------------------------------------------------------------- variant_get

struct Step {
  bool index;
  std::string key;
  size_t at = 0;
};
using Path = std::vector<Step>;

/// `$`, then `.name`, `[123]`, `['name']`, `["name"]`.
std::optional<Path> ParsePath(std::string_view text) {
  if (text.empty() || text[0] != '$') return std::nullopt;
  Path path;
  for (size_t at = 1; at < text.size();) {
    const size_t start = at + 1;
    if (text[at] == '.') {
      at = std::min(text.find_first_of(".[", start), text.size());
      if (at == start) return std::nullopt;
      path.push_back({false, std::string(text.substr(start, at - start))});
      continue;
    }
    if (text[at] != '[' || start >= text.size()) return std::nullopt;
    if (const char quote = text[start]; quote == '\'' || quote == '"') {
      const size_t end = text.find_first_of(quote == '\'' ? "'?" : "\"?", start + 1);
      if (end == std::string_view::npos || end == start + 1 || text.substr(end, 2) != Cat(std::string(1, quote), "]"))
        return std::nullopt;
      path.push_back({false, std::string(text.substr(start + 1, end - start - 1))});
      at = end + 2;
      continue;
    }
    uint32_t index = 0;
    const auto [end, failed] = std::from_chars(text.data() + start, text.data() + text.size(), index);
    if (failed != std::errc() || end == text.data() + text.size() || *end != ']') return std::nullopt;
    path.push_back({true, "", index});
    at = static_cast<size_t>(end - text.data()) + 1;
  }
  return path;
}

Error BadPath(const KernelContext& context, std::string_view path) {
  return Error::Condition("INVALID_VARIANT_GET_PATH",
                          {{"path", std::string(path)},
                           {"functionName", context.mode == EvalMode::kTry ? "`try_variant_get`" : "`variant_get`"}})
      .As(ErrorClass::kRuntime);
}

struct PreparedGet {
  std::optional<Path> path;  ///< of a constant
  std::shared_ptr<const VariantValues> values;
};

Result<std::shared_ptr<const void>> PrepareGet(const KernelContext& context) {
  auto made = std::make_shared<PreparedGet>();
  FS_TRY(made->values, VariantValues::Make(context.result_type, context.mode != EvalMode::kTry, context.time_zone));
  if (context.constants[1] && !context.constants[1]->IsNull()) {
    const auto& text = context.constants[1]->As<std::string>();
    made->path = ParsePath(text);
    if (!made->path) return BadPath(context, text);
  }
  return std::shared_ptr<const void>(std::move(made));
}

/// Where the path leads; none if there is nothing.
Result<std::optional<VariantNode>> Follow(VariantReader& reader, const Path& path) {
  FS_TRY(VariantNode node, reader.Root());
  for (const Step& step : path) {
    if (step.index) {
      if (node.type != VariantType::kArray || step.at >= node.size) return std::optional<VariantNode>();
      FS_TRY(node, reader.Element(node, step.at));
    } else {
      if (node.type != VariantType::kObject) return std::optional<VariantNode>();
      FS_TRY(const std::optional<VariantNode> field, reader.Field(node, step.key));
      if (!field) return std::optional<VariantNode>();
      node = *field;
    }
  }
  return std::optional(node);
}

Status VariantGet(const KernelContext& context, Cell variant, std::string_view path_text, ResultCell result) {
  const auto& prepared = context.Prepared<PreparedGet>();
  Path own;
  if (!prepared.path) {
    std::optional<Path> parsed = ParsePath(path_text);
    if (!parsed) return BadPath(context, path_text);
    own = std::move(*parsed);
  }
  VariantReader reader = ReaderOf(variant);
  FS_TRY(const std::optional<VariantNode> node, Follow(reader, prepared.path ? *prepared.path : own));
  if (node) return prepared.values->Put(reader, *node, *result.vector, result.row);
  result.vector->SetNull(result.row);
  return {};
}

/// Variant, path and, left out for VARIANT, the type's name.
Result<ExprPtr> BindVariantGet(CallSite& site) {
  DataType type = TypeId::kVariant;
  if (site.arguments.size() == 3) {
    FS_TRY(const DataType parsed, SchemaArgument(site, 2));
    type = parsed.AsNullable();
  }
  site.arguments.resize(2);
  FS_CHECK(CoerceArgument(site, 0, TypeId::kVariant));
  FS_CHECK(CoerceArgument(site, 1, TypeId::kString));
  if (!CanCast(TypeId::kVariant, type, true)) {
    return TypeMismatch(site, "CAST_WITHOUT_SUGGESTION",
                        {{"srcType", "\"VARIANT\""}, {"targetType", InDoubleQuotes(TypeSql(type))}});
  }
  return Built(site, site.name, type, true, site.mode);
}

/// v:a.b[0]: variant_get under the name of the path's last field.
Result<ExprPtr> BindField(CallSite& site) {
  FS_TRY(const std::string path_text, ConstantText(site, 1, "path"));
  std::string name = path_text;
  if (const std::optional<Path> path = ParsePath(path_text)) {
    for (const Step& step : *path) {
      if (!step.index) name = step.key;
    }
  }
  FS_TRY(ExprPtr got, site.call("variant_get", site.arguments));
  return logical::Shown(got, std::move(name));
}

// ---------------------------------------------------------------- what a variant holds

bool IsVariantNull(std::optional<Cell> variant) {
  if (!variant) return false;
  VariantReader reader = ReaderOf(*variant);
  const auto root = reader.Root();
  return root.ok() && root->type == VariantType::kNull;
}

constexpr int kDepthMax = 1000;

Result<DataType> SchemaOf(VariantReader& reader, const VariantNode& node, int depth = 0) {
  if (depth > kDepthMax) return Error::Condition("MALFORMED_VARIANT").As(ErrorClass::kRuntime);
  switch (node.type) {
    case VariantType::kObject: {
      std::vector<StructField> fields;
      for (size_t i = 0; i < node.size; ++i) {
        FS_TRY(const std::string_view key, reader.Key(node, i));
        FS_TRY(const VariantNode item, reader.Element(node, i));
        FS_TRY(const DataType type, SchemaOf(reader, item, depth + 1));
        fields.push_back({std::string(key), type, true, "{}"});
      }
      return DataType::Struct(std::move(fields));
    }
    case VariantType::kArray: {
      DataType element;
      for (size_t i = 0; i < node.size; ++i) {
        FS_TRY(const VariantNode item, reader.Element(node, i));
        FS_TRY(const DataType type, SchemaOf(reader, item, depth + 1));
        element = JsonInference::Merge(element, type, TypeId::kVariant);
      }
      return DataType::Array(element);
    }
    case VariantType::kNull:
      return DataType(TypeId::kNull);
    case VariantType::kBoolean:
      return DataType(TypeId::kBoolean);
    case VariantType::kLong:
      return DataType(TypeId::kLong);
    case VariantType::kString:
    case VariantType::kUuid:
      return DataType(TypeId::kString);
    case VariantType::kDouble:
      return DataType(TypeId::kDouble);
    case VariantType::kDecimal: {
      const auto [unscaled, scale] = StrippedDecimal(node);
      return DataType::Decimal(std::max(DecimalDigits(unscaled), scale), scale);
    }
    case VariantType::kDate:
      return DataType(TypeId::kDate);
    case VariantType::kTimestamp:
      return DataType(TypeId::kTimestamp);
    case VariantType::kTimestampNtz:
      return DataType(TypeId::kTimestampNtz);
    case VariantType::kFloat:
      return DataType(TypeId::kFloat);
    case VariantType::kBinary:
      return DataType(TypeId::kBinary);
  }
  return DataType();
}

std::string SchemaText(const DataType& type) {
  if (type.Is(TypeId::kArray)) return Cat("ARRAY<", SchemaText(type.element()), ">");
  if (!type.Is(TypeId::kStruct)) return TypeSql(type);
  std::string text = "OBJECT<";
  for (size_t i = 0; i < type.fields().size(); ++i)
    Append(text, i == 0 ? "" : ", ", QuoteIfNeeded(type.fields()[i].name), ": ", SchemaText(type.fields()[i].type));
  return text + ">";
}

Result<std::string> SchemaOfVariant(Cell variant) {
  VariantReader reader = ReaderOf(variant);
  FS_TRY(const VariantNode root, reader.Root());
  FS_TRY(const DataType type, SchemaOf(reader, root));
  return SchemaText(type);
}

struct SchemaState {
  DataType type;

  Status Add(const KernelContext&, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    VariantReader reader = ReaderOf({&in[0], row});
    FS_TRY(const VariantNode root, reader.Root());
    FS_TRY(const DataType one, SchemaOf(reader, root));
    type = JsonInference::Merge(type, one, TypeId::kVariant);
    return {};
  }
  Status Merge(const KernelContext&, const SchemaState& other) {
    type = JsonInference::Merge(type, other.type, TypeId::kVariant);
    return {};
  }
  Status Finish(const KernelContext&, ResultCell result) const {
    result.vector->SetString(result.row, SchemaText(type));
    return {};
  }
};

bool IsValidVariant(std::optional<Cell> variant) {
  if (!variant) return false;
  VariantReader reader = ReaderOf(*variant);
  const auto root = reader.Root();
  return root.ok() && SchemaOf(reader, *root).ok();
}

// ---------------------------------------------------------------- to_variant_object

Status ToVariantObject(Cell value, ResultCell result) {
  VariantBuilder builder;
  FS_CHECK(AppendToVariant(value, builder));
  if (builder.TooLarge()) return VariantTooLarge("to_variant_object");
  PutVariant(builder, *result.vector, result.row);
  return {};
}

bool FitsObject(const DataType& type) {
  if (type.Is(TypeId::kArray)) return FitsObject(type.element());
  if (type.Is(TypeId::kMap)) return type.key().Is(TypeId::kString) && FitsObject(type.value());
  if (type.Is(TypeId::kStruct))
    return std::all_of(type.fields().begin(), type.fields().end(),
                       [](const StructField& field) { return FitsObject(field.type); });
  return !type.Is(TypeId::kNull) && CanCast(type, TypeId::kVariant, true);
}

Result<DataType> BindToVariantObject(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  if (!type.IsNested() || !FitsObject(type)) {
    return TypeMismatch(site, "CAST_WITHOUT_SUGGESTION",
                        {{"srcType", InDoubleQuotes(TypeSql(type))}, {"targetType", "\"VARIANT\""}});
  }
  return DataType(TypeId::kVariant);
}

// ---------------------------------------------------------------- variant_explode

DataType EntryType() {
  return DataType::Struct(
      {{"pos", TypeId::kInteger, false}, {"key", TypeId::kString}, {"value", TypeId::kVariant, false}});
}

Status Entries(Cell variant, ResultCell result) {
  VariantReader reader = ReaderOf(variant);
  FS_TRY(const VariantNode root, reader.Root());
  const bool object = root.type == VariantType::kObject;
  const size_t size = object || root.type == VariantType::kArray ? root.size : 0;
  OutputVector& out = *result.vector;
  const uint64_t first = out.AppendList(result.row, size);
  OutputVector& entries = out.child(0);
  for (size_t i = 0; i < size; ++i) {
    entries.child(0).Data<int32_t>()[first + i] = static_cast<int32_t>(i);
    if (object) {
      FS_TRY(const std::string_view key, reader.Key(root, i));
      entries.child(1).SetString(first + i, key);
    } else {
      entries.child(1).SetNull(first + i);
    }
    FS_TRY(const VariantNode item, reader.Element(root, i));
    VariantBuilder builder;
    FS_CHECK(builder.Append(reader, item));
    PutVariant(builder, entries.child(2), first + i);
  }
  return {};
}

Result<std::string> LowerExplode(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  static constexpr ScalarKernel kEntries = RowKernel<&Entries>();
  return LowerKernel(kEntries, {arguments.begin(), arguments.end()}, {TypeId::kVariant}, DataType::Array(EntryType()),
                     EvalMode::kAnsi, call.origin, lowering);
}

Result<DataType> BindExplode(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypeId::kVariant));
  return DataType();
}

Function ExplodeRow(std::string_view name, std::string_view doc, std::string_view example) {
  const Function shared{.kind = Kind::kGenerator, .nulls = Nulls::kMaybe, .group = "variant_funcs", .since = "4.0.0"};
  Function row = RowOf(shared, name, {{.type = Class::kAny, .name = "input"}}, {}, &LowerExplode, doc, example);
  row.bind = &BindExplode;
  row.shown_as = "variant_explode";
  row.generated = [](std::span<const ExprPtr>) {
    return std::vector<DataType>{TypeId::kInteger, TypeId::kString, TypeId::kVariant};
  };
  return row;
}

std::vector<Function> Rows() {
  const Function shared{.group = "variant_funcs", .since = "4.0.0"};
  const Argument any{Class::kAny}, more{.type = Class::kAny, .optional = true}, variant{TypeId::kVariant};
  const DataType text = TypeId::kString, boolean = TypeId::kBoolean;
  const auto parse = RowKernel<&ParseJson>();
  const auto get = RowKernel<&VariantGet>(&PrepareGet);
  Function schema_agg = RowOf(shared, "schema_of_variant_agg", {variant}, text, StateKernel<SchemaState>(),
                              "The schema that holds all variants of a group.", "schema_of_variant_agg(parse_json(j))");
  schema_agg.kind = Kind::kAggregate;
  const Function field = RowOf(shared, "@variant_field", {any, any}, {}, {}, "What v:path means.", "");
  return {
      Bound(RowOf(shared, "parse_json", {any}, {}, parse, "A JSON text as a variant.", "parse_json('{\"a\":1}')"),
            &BindParseJson),
      Bound(RowOf(shared, "try_parse_json", {any}, {}, parse, "As parse_json, NULL for malformed text.",
                  "try_parse_json('{\"a\":1}')"),
            &BindParseJson),
      Bound(RowOf(shared, "variant_get", {any, any, more}, {}, get, "What a path leads to in a variant, as a type.",
                  "variant_get(parse_json('{\"a\":1}'), '$.a', 'int')"),
            &BindVariantGet),
      Bound(RowOf(shared, "try_variant_get", {any, any, more}, {}, get, "As variant_get, NULL for what can't be cast.",
                  "try_variant_get(parse_json('{\"a\":1}'), '$.a', 'int')"),
            &BindVariantGet),
      Bound(field, &BindField),
      WithNulls(RowOf(shared, "is_variant_null", {variant}, boolean, RowKernel<&IsVariantNull>(),
                      "Whether a variant is the JSON null.", "is_variant_null(parse_json('null'))"),
                Nulls::kNever),
      WithNulls(RowOf(shared, "is_valid_variant", {variant}, boolean, RowKernel<&IsValidVariant>(), "4.2.0",
                      "Whether a variant's bytes are well formed.", "is_valid_variant(parse_json('1'))"),
                Nulls::kNever),
      RowOf(shared, "schema_of_variant", {variant}, text, RowKernel<&SchemaOfVariant>(), "A variant's schema.",
            "schema_of_variant(parse_json('{\"a\":1}'))"),
      WithNulls(std::move(schema_agg), Nulls::kNever),
      Bound(RowOf(shared, "to_variant_object", {any}, {}, RowKernel<&ToVariantObject>(),
                  "A struct, array or map as a variant.", "to_variant_object(named_struct('a', 1))"),
            &BindToVariantObject),
      ExplodeRow("variant_explode", "One row for each item of an object or array.",
                 "variant_explode(parse_json('[1, 2]'))"),
      ExplodeRow("variant_explode_outer", "As variant_explode, one row of NULL for none.",
                 "variant_explode_outer(parse_json('[1, 2]'))"),
  };
}

}  // namespace

std::span<const Function> VariantFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
