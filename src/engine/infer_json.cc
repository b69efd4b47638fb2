// The schema of JSON files: Spark's JsonInferSchema.
#include <simdjson.h>

#include <algorithm>

#include "base/text.h"
#include "engine/source_schemas.h"
#include "physical/scan_formats.h"
#include "physical/text_values.h"

namespace firesteel::engine {
namespace {

using physical::SourceOptions;
using physical::TextValues;
using simdjson::dom::element;
using simdjson::dom::element_type;

constexpr int kNestingMax = 500;

struct Rules {
  bool primitives_as_string = false, prefers_decimal = false, infer_timestamp = false, drop_if_all_null = false;
  std::shared_ptr<const TextValues> values;
};

// What NULL and nothing-yet are: void. Struct fields stay sorted by name.
DataType Merge(const DataType& a, const DataType& b) {
  if (a.Is(TypeId::kNull) || a == b) return b;
  if (b.Is(TypeId::kNull)) return a;
  if (a.Is(TypeId::kStruct) && b.Is(TypeId::kStruct)) {
    std::vector<StructField> fields;
    auto left = a.fields().begin(), right = b.fields().begin();
    while (left != a.fields().end() || right != b.fields().end()) {
      if (right == b.fields().end() || (left != a.fields().end() && left->name < right->name)) {
        fields.push_back(*left++);
      } else if (left == a.fields().end() || right->name < left->name) {
        fields.push_back(*right++);
      } else {
        fields.push_back(*left++);
        fields.back().type = Merge(fields.back().type, right++->type);
      }
    }
    return DataType::Struct(std::move(fields));
  }
  if (a.Is(TypeId::kArray) && b.Is(TypeId::kArray)) return DataType::Array(Merge(a.element(), b.element()));
  if (a.IsNumeric() && b.IsNumeric()) {
    if (a.Is(TypeId::kDouble) || b.Is(TypeId::kDouble)) return TypeId::kDouble;
    auto digits = [](const DataType& type) { return type.Is(TypeId::kDecimal) ? type.precision() - type.scale() : 20; };
    const int scale = std::max(a.Is(TypeId::kDecimal) ? a.scale() : 0, b.Is(TypeId::kDecimal) ? b.scale() : 0);
    const int range = std::max(digits(a), digits(b));
    if (range + scale > kDecimalPrecisionMax) return TypeId::kDouble;
    return DataType::Decimal(range + scale, scale);
  }
  if (a.IsDateOrTimestamp() && b.IsDateOrTimestamp()) return TypeId::kTimestamp;
  return TypeId::kString;
}

DataType Infer(const element& value, const Rules& rules, int level) {
  if (level > kNestingMax) return TypeId::kString;
  switch (value.type()) {
    case element_type::NULL_VALUE:
      return TypeId::kNull;
    case element_type::BOOL:
      return rules.primitives_as_string ? TypeId::kString : TypeId::kBoolean;
    case element_type::INT64:
      return rules.primitives_as_string ? TypeId::kString : TypeId::kLong;
    case element_type::UINT64:
      return rules.primitives_as_string ? DataType(TypeId::kString) : DataType::Decimal(20, 0);
    case element_type::DOUBLE: {
      if (rules.primitives_as_string) return TypeId::kString;
      if (!rules.prefers_decimal) return TypeId::kDouble;
      const std::string text = simdjson::minify(value);
      if (text.find_first_of("eE") != std::string::npos) return TypeId::kDouble;
      const size_t point = text.find('.');
      const int scale = point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
      const int precision = std::max<int>(
          scale,
          static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })));
      return precision <= kDecimalPrecisionMax ? DataType::Decimal(precision, scale) : DataType(TypeId::kDouble);
    }
    case element_type::STRING:
      if (rules.infer_timestamp && rules.values->Timestamp(value.get_string().value_unsafe()))
        return TypeId::kTimestamp;
      return TypeId::kString;
    case element_type::ARRAY: {
      DataType item;
      const simdjson::dom::array items = value.get_array().value_unsafe();
      for (const element one : items) item = Merge(item, Infer(one, rules, level + 1));
      return DataType::Array(item);
    }
    case element_type::OBJECT: {
      std::vector<StructField> fields;
      const simdjson::dom::object object = value.get_object().value_unsafe();
      for (const auto field : object) {
        fields.push_back({std::string(field.key), Infer(field.value, rules, level + 1), true, "{}"});
      }
      std::stable_sort(fields.begin(), fields.end(),
                       [](const StructField& a, const StructField& b) { return a.name < b.name; });
      // A name that comes twice keeps its last value.
      for (size_t i = 1; i < fields.size();) {
        if (fields[i].name == fields[i - 1].name)
          fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(i) - 1);
        else
          ++i;
      }
      return DataType::Struct(std::move(fields));
    }
  }
  return TypeId::kString;
}

// Void becomes STRING, or nothing; structs without fields become nothing.
std::optional<DataType> Canonical(const DataType& type, const Rules& rules) {
  if (type.Is(TypeId::kNull)) return rules.drop_if_all_null ? std::nullopt : std::optional<DataType>(TypeId::kString);
  if (type.Is(TypeId::kArray)) {
    auto element = Canonical(type.element(), rules);
    if (!element) return std::nullopt;
    return DataType::Array(*element);
  }
  if (type.Is(TypeId::kStruct)) {
    std::vector<StructField> fields;
    for (const StructField& field : type.fields()) {
      auto inner = Canonical(field.type, rules);
      if (inner && !field.name.empty()) fields.push_back({field.name, *inner, true, "{}"});
    }
    if (fields.empty()) return std::nullopt;
    return DataType::Struct(std::move(fields));
  }
  return type;
}

}  // namespace

Result<DataType> InferJson(const StartQuery& start, const std::vector<std::string>& files,
                           const std::map<std::string, std::string>& raw_options) {
  const SourceOptions options(raw_options);
  FS_CHECK(options.Refuse({{"samplingratio", "1.0"}, {"singlevariantcolumn", ""}}));
  Rules rules;
  rules.primitives_as_string = options.Flag("primitivesasstring", false);
  rules.prefers_decimal = options.Flag("prefersdecimal", false);
  rules.infer_timestamp = options.Flag("infertimestamp", false);
  rules.drop_if_all_null = options.Flag("dropfieldifallnull", false);
  TextValues::Formats formats;
  formats.timestamp = options.Text("timestampformat", "");
  formats.time_zone = options.Text("timezone", "UTC");
  FS_TRY(rules.values, TextValues::Make(formats));
  const physical::ParseMode mode = physical::ParseModeOf(options);
  const std::string corrupt = options.Text("columnnameofcorruptrecord", "_corrupt_record");
  const bool whole = options.Flag("multiline", false);
  const std::string sql =
      whole ? "SELECT content FROM read_text(" + physical::FileArray(files) + ")"
            : "SELECT line FROM " + physical::LinesOf(files) + " WHERE line IS NOT NULL AND trim(line) <> ''";
  DataType type = DataType::Struct({});
  simdjson::dom::parser parser;
  FS_CHECK(ForEachRow(start, sql, 1, [&](const TextRow& row) -> Result<bool> {
    element document;
    const bool parsed = row[0] && parser.parse(row[0]->data(), row[0]->size(), true).get(document) == simdjson::SUCCESS;
    auto add = [&](const element& record) -> Status {
      DataType one = Infer(record, rules, 0);
      if (one.Is(TypeId::kNull)) return {};
      if (!one.Is(TypeId::kStruct)) {
        if (mode == physical::ParseMode::kFailFast) {
          return Error::Condition("INVALID_JSON_RECORD_TYPE",
                                  {{"failFastMode", "FAILFAST"}, {"invalidType", "\"STRING\""}})
              .As(ErrorClass::kSpark);
        }
        if (mode == physical::ParseMode::kDropMalformed) return {};
        one = DataType::Struct({{corrupt, TypeId::kString}});
      }
      type = Merge(type, one);
      return {};
    };
    if (parsed && document.is_array()) {
      const simdjson::dom::array items = document.get_array().value_unsafe();
      for (const element item : items) FS_CHECK(add(item));
    } else if (parsed) {
      FS_CHECK(add(document));
    } else if (mode == physical::ParseMode::kFailFast) {
      return Error::Condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                              {{"badRecord", std::string(row[0].value_or(""))}, {"failFastMode", "FAILFAST"}})
          .As(ErrorClass::kSpark);
    } else if (mode == physical::ParseMode::kPermissive) {
      type = Merge(type, DataType::Struct({{corrupt, TypeId::kString}}));
    }
    return true;
  }));
  auto canonical = Canonical(type, rules);
  return canonical.value_or(DataType::Struct({}));
}

}  // namespace firesteel::engine
