// The type of JSON values.
#include "functions/json_infer.h"

#include <algorithm>

#include "base/text.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

constexpr int kNestingMax = 500;

/// new BigDecimal(text) as DECIMAL, if it is a number of at most 38 digits.
std::optional<DataType> DecimalOf(std::string_view text) {
  if (text.empty()) return std::nullopt;
  size_t digits = 0, significant = 0;
  int64_t scale = 0;
  size_t i = text[0] == '-' || text[0] == '+' ? 1 : 0;
  bool point = false;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.' && !point) {
      point = true;
    } else if (text[i] >= '0' && text[i] <= '9') {
      ++digits;
      if (significant > 0 || text[i] != '0') ++significant;
      scale += point;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  if (i < text.size()) {
    int32_t exponent = 0;
    if (!ParseJavaInteger(text.substr(i + 1), exponent)) return std::nullopt;
    scale -= exponent;
  }
  const int64_t precision = std::max<int64_t>({static_cast<int64_t>(significant), scale, 1});
  if (precision > kDecimalPrecisionMax || scale < 0) return std::nullopt;
  return DataType::Decimal(static_cast<int>(precision), static_cast<int>(scale));
}

}  // namespace

Result<JsonInference> JsonInference::Make(JsonReadOptions options) {
  JsonInference inference;
  FS_TRY(inference.values_, TextValues::Make(options.formats));
  inference.options_ = std::move(options);
  return inference;
}

DataType JsonInference::Merge(const DataType& a, const DataType& b, const DataType& other) {
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
        fields.back().type = Merge(fields.back().type, right++->type, other);
      }
    }
    return DataType::Struct(std::move(fields));
  }
  if (a.Is(TypeId::kArray) && b.Is(TypeId::kArray)) return DataType::Array(Merge(a.element(), b.element(), other));
  if (a.IsNumeric() && b.IsNumeric()) {
    if (a.IsFractional() || b.IsFractional()) {
      const bool whole = a.IsIntegral() || b.IsIntegral();
      return whole && !a.Is(TypeId::kDouble) && !b.Is(TypeId::kDouble) ? TypeId::kFloat : TypeId::kDouble;
    }
    auto digits = [](const DataType& type) { return type.Is(TypeId::kDecimal) ? type.precision() - type.scale() : 20; };
    const int scale = std::max(a.Is(TypeId::kDecimal) ? a.scale() : 0, b.Is(TypeId::kDecimal) ? b.scale() : 0);
    const int range = std::max(digits(a), digits(b));
    if (range + scale > kDecimalPrecisionMax) return TypeId::kDouble;
    return DataType::Decimal(range + scale, scale);
  }
  if (a.IsDateOrTimestamp() && b.IsDateOrTimestamp()) return TypeId::kTimestamp;
  return other;
}

DataType JsonInference::Number(JsonToken token, std::string_view text) const {
  if (options_.primitives_as_string) return TypeId::kString;
  if (token == JsonToken::kInteger) {
    int64_t value = 0;
    if (ParseJavaInteger(text, value)) return TypeId::kLong;
  } else if (!options_.prefers_decimal) {
    return TypeId::kDouble;
  }
  return DecimalOf(text).value_or(TypeId::kDouble);
}

DataType JsonInference::Text(std::string_view text) const {
  if (text.empty()) return TypeId::kNull;  // writers that do not tell the two apart
  if (options_.prefers_decimal) {
    if (const auto decimal = DecimalOf(text)) return *decimal;
  }
  if (options_.infer_timestamp) {
    if (const auto type = values_->TimestampType(text)) return *type;
  }
  return TypeId::kString;
}

std::optional<DataType> JsonInference::Infer(JsonTokens& tokens) const {
  switch (tokens.current()) {
    case JsonToken::kError:
      return std::nullopt;
    case JsonToken::kNone:
    case JsonToken::kNull:
    case JsonToken::kObjectEnd:
    case JsonToken::kArrayEnd:
      return TypeId::kNull;
    case JsonToken::kFieldName:
      tokens.Next();
      return Infer(tokens);
    case JsonToken::kTrue:
    case JsonToken::kFalse:
      return options_.primitives_as_string ? TypeId::kString : TypeId::kBoolean;
    case JsonToken::kInteger:
    case JsonToken::kFloat:
      return Number(tokens.current(), tokens.value());
    case JsonToken::kString:
      return Text(tokens.value());
    case JsonToken::kArrayStart: {
      if (tokens.Depth() > kNestingMax)
        return tokens.SkipChildren() ? std::optional<DataType>(TypeId::kString) : std::nullopt;
      DataType item;
      while (tokens.Next() != JsonToken::kArrayEnd) {
        const std::optional<DataType> one = Infer(tokens);
        if (!one) return std::nullopt;
        item = Merge(item, *one);
      }
      return DataType::Array(item);
    }
    case JsonToken::kObjectStart: {
      if (tokens.Depth() > kNestingMax)
        return tokens.SkipChildren() ? std::optional<DataType>(TypeId::kString) : std::nullopt;
      std::vector<StructField> fields;
      while (tokens.Next() != JsonToken::kObjectEnd) {
        if (tokens.current() == JsonToken::kError) return std::nullopt;
        std::string name(tokens.value());
        const std::optional<DataType> one = Infer(tokens);
        if (!one) return std::nullopt;
        fields.push_back({std::move(name), *one, true, "{}"});
      }
      std::stable_sort(fields.begin(), fields.end(),
                       [](const StructField& a, const StructField& b) { return a.name < b.name; });
      return DataType::Struct(std::move(fields));
    }
  }
  return std::nullopt;
}

std::optional<DataType> JsonInference::Canonical(const DataType& type) const {
  if (type.Is(TypeId::kNull))
    return options_.drop_if_all_null ? std::nullopt : std::optional<DataType>(TypeId::kString);
  if (type.Is(TypeId::kArray)) {
    auto element = Canonical(type.element());
    if (!element) return std::nullopt;
    return DataType::Array(*element);
  }
  if (type.Is(TypeId::kStruct)) {
    std::vector<StructField> fields;
    for (const StructField& field : type.fields()) {
      auto inner = Canonical(field.type);
      if (inner && !field.name.empty()) fields.push_back({field.name, *inner, true, "{}"});
    }
    if (fields.empty()) return std::nullopt;
    return DataType::Struct(std::move(fields));
  }
  return type;
}

Status JsonRecordTypes::Add(std::string_view record) {
  const JsonReadOptions& options = inference_.options();
  const DataType corrupt = DataType::Struct({{options.corrupt_column, TypeId::kString}});
  JsonTokens tokens(record, options.syntax);
  tokens.Next();
  std::optional<DataType> one = inference_.Infer(tokens);
  if (!one) {
    switch (options.mode) {
      case ParseMode::kPermissive:
        type_ = JsonInference::Merge(type_, corrupt);
        return {};
      case ParseMode::kDropMalformed:
        return {};
      case ParseMode::kFailFast:
        return Error::Condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                                {{"badRecord", std::string(record)}, {"failFastMode", "FAILFAST"}})
            .As(ErrorClass::kSpark);
    }
  }
  while (one->Is(TypeId::kArray)) one = DataType(one->element());  // the elements of an array are records of their own
  if (one->Is(TypeId::kNull)) return {};
  if (!one->Is(TypeId::kStruct)) {
    if (options.mode == ParseMode::kFailFast) {
      return Error::Condition("INVALID_JSON_RECORD_TYPE",
                              {{"failFastMode", "FAILFAST"}, {"invalidType", InDoubleQuotes(TypeSql(*one))}})
          .As(ErrorClass::kSpark);
    }
    if (options.mode == ParseMode::kDropMalformed) return {};
    one = corrupt;
  }
  type_ = JsonInference::Merge(type_, *one);
  return {};
}

}  // namespace firesteel::functions
