// Parquet's types as Spark's, and schemas merged.
#include "physical/parquet_schema.h"

#include <algorithm>
#include <array>

#include "base/cat.h"
#include "base/text.h"

namespace firesteel::physical {
namespace {

using Annotation = ParquetAnnotation;

constexpr int kIntDigitsMax = 9, kLongDigitsMax = 18;

Error Illegal(const ParquetElement& element) {
  return Error::Condition("PARQUET_TYPE_ILLEGAL", {{"parquetType", element.TypeText()}});
}
Error NotSupported(const ParquetElement& element) {
  return Error::Condition("PARQUET_TYPE_NOT_SUPPORTED", {{"parquetType", element.TypeText()}});
}
Error Requirement(std::string message) {
  return Error::Condition("_LEGACY_ERROR_TEMP_3071", {{"msg", std::move(message)}});
}

/// The most decimal digits that so many bytes hold.
int DigitsOfBytes(int bytes) { return static_cast<int>((8 * static_cast<int64_t>(bytes) - 1) * 0.30102999566398120); }

Result<DataType> DecimalOf(const ParquetElement& element, int digits_max) {
  if (element.precision < 1 || element.precision > digits_max) {
    return Requirement(Cat("Invalid decimal precision: ", element.PhysicalText(), " cannot store ", element.precision,
                           " digits (max ", digits_max, ")"));
  }
  if (element.precision > kDecimalPrecisionMax) {
    return Error::Condition("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                            {{"precision", std::to_string(element.precision)},
                             {"maxPrecision", std::to_string(kDecimalPrecisionMax)}})
        .As(ErrorClass::kArithmetic);
  }
  return DataType::Decimal(element.precision, element.scale);
}

Result<DataType> IntegerOf(const ParquetElement& element, std::initializer_list<std::pair<int, DataType>> widths) {
  for (const auto& [bits, type] : widths) {
    if (bits == element.bits) return type;
  }
  return Illegal(element);
}

Result<DataType> ColumnType(const ParquetElement& element, const ParquetTypes& types) {
  const Annotation annotation = element.annotation;
  if (annotation == Annotation::kUnknown && types.respect_unknown) return DataType(TypeId::kNull);
  const bool plain = annotation == Annotation::kNone || annotation == Annotation::kUnknown;
  switch (*element.type) {
    case ParquetType::kBoolean:
      return DataType(TypeId::kBoolean);
    case ParquetType::kFloat:
      return DataType(TypeId::kFloat);
    case ParquetType::kDouble:
      return DataType(TypeId::kDouble);
    case ParquetType::kInt32:
      if (plain) return DataType(TypeId::kInteger);
      if (annotation == Annotation::kDate) return DataType(TypeId::kDate);
      if (annotation == Annotation::kDecimal) return DecimalOf(element, kIntDigitsMax);
      if (annotation != Annotation::kInteger) return Illegal(element);
      if (element.is_signed)
        return IntegerOf(element, {{8, TypeId::kByte}, {16, TypeId::kShort}, {32, TypeId::kInteger}});
      return IntegerOf(element, {{8, TypeId::kShort}, {16, TypeId::kInteger}, {32, TypeId::kLong}});
    case ParquetType::kInt64:
      if (plain) return DataType(TypeId::kLong);
      if (annotation == Annotation::kDecimal) return DecimalOf(element, kLongDigitsMax);
      if (annotation == Annotation::kInteger)
        return IntegerOf(element, {{64, element.is_signed ? DataType(TypeId::kLong) : DataType::Decimal(20, 0)}});
      if (annotation == Annotation::kTimestamp && element.unit != ParquetUnit::kNanos)
        return DataType(element.is_utc || !types.infer_timestamp_ntz ? TypeId::kTimestamp : TypeId::kTimestampNtz);
      if (annotation == Annotation::kTimestamp && types.nanos_as_long) return DataType(TypeId::kLong);
      if (annotation == Annotation::kTime && element.unit == ParquetUnit::kMicros && !element.is_utc)
        return DataType::Time(6);
      return Illegal(element);
    case ParquetType::kInt96:
      if (types.int96_as_timestamp) return DataType(TypeId::kTimestamp);
      return Requirement(
          "INT96 is not supported unless it's interpreted as timestamp. Please try to set "
          "spark.sql.parquet.int96AsTimestamp to true.");
    case ParquetType::kBinary:
      if (annotation == Annotation::kString || annotation == Annotation::kEnum || annotation == Annotation::kJson)
        return DataType(TypeId::kString);
      if (plain) return DataType(types.binary_as_string ? TypeId::kString : TypeId::kBinary);
      if (annotation == Annotation::kBson) return DataType(TypeId::kBinary);
      if (annotation == Annotation::kDecimal) return DecimalOf(element, element.precision);
      return Illegal(element);
    case ParquetType::kFixed:
      if (annotation == Annotation::kDecimal) return DecimalOf(element, DigitsOfBytes(element.length));
      if (annotation == Annotation::kInterval) return NotSupported(element);
      if (plain) return DataType(TypeId::kBinary);
      return Illegal(element);
  }
  return Illegal(element);
}

Result<DataType> TypeOf(const ParquetElement& element, const ParquetTypes& types) {
  if (!element.IsGroup()) return ColumnType(element, types);
  switch (element.annotation) {
    case Annotation::kNone:
      return SparkSchema(element, types);
    case Annotation::kVariant:
      return DataType(TypeId::kVariant);
    case Annotation::kList: {
      const auto list = ListElementOf(element);
      if (!list) return Requirement("Invalid list type " + element.name);
      FS_TRY(DataType type, TypeOf(*list->element, types));
      return DataType::Array(std::move(type), list->element->repetition == ParquetRepetition::kOptional);
    }
    case Annotation::kMap:
    case Annotation::kMapKeyValue: {
      const auto map = MapElementsOf(element);
      if (!map) return Requirement("Invalid map type: " + element.name);
      FS_TRY(DataType key, TypeOf(*map->key, types));
      FS_TRY(DataType value, TypeOf(*map->value, types));
      return DataType::Map(std::move(key), std::move(value), map->value->repetition == ParquetRepetition::kOptional);
    }
    default:
      return Error::Condition("PARQUET_TYPE_NOT_RECOGNIZED", {{"field", element.name}});
  }
}

}  // namespace

ParquetTypes::ParquetTypes(const SourceOptions& options)
    : binary_as_string(options.Flag("sql.parquet.binaryasstring", false)),
      int96_as_timestamp(options.Flag("sql.parquet.int96astimestamp", true)),
      infer_timestamp_ntz(options.Flag("sql.parquet.infertimestampntz.enabled", true)),
      nanos_as_long(options.Flag("sql.legacy.parquet.nanosaslong", false)),
      respect_unknown(options.Flag("sql.parquet.reader.respectunknowntypeannotation.enabled", false)) {}

Result<DataType> SparkSchema(const ParquetElement& root, const ParquetTypes& types) {
  std::vector<StructField> fields;
  for (const ParquetElement& child : root.children) {
    FS_TRY(DataType type, TypeOf(child, types));
    // A repeated column outside of lists and maps is a list of values, none of them null.
    if (child.repetition == ParquetRepetition::kRepeated) type = DataType::Array(std::move(type), false);
    fields.push_back({child.name, std::move(type), child.repetition == ParquetRepetition::kOptional, "{}"});
  }
  return DataType::Struct(std::move(fields));
}

std::optional<ParquetListElement> ListElementOf(const ParquetElement& list) {
  if (list.children.size() != 1 || list.children[0].repetition != ParquetRepetition::kRepeated) return std::nullopt;
  const ParquetElement& repeated = list.children[0];
  // Parquet's rules for lists of two levels, by which writers older than the three levels are known.
  const bool is_element = !repeated.IsGroup() || repeated.children.size() > 1 || repeated.name == "array" ||
                          repeated.name == list.name + "_tuple";
  if (is_element) return ParquetListElement{&repeated, true};
  if (repeated.children.empty()) return std::nullopt;
  return ParquetListElement{repeated.children.data(), false};
}

std::optional<ParquetMapElements> MapElementsOf(const ParquetElement& map) {
  if (map.children.size() != 1) return std::nullopt;
  const ParquetElement& entries = map.children[0];
  if (entries.repetition != ParquetRepetition::kRepeated || entries.children.size() != 2) return std::nullopt;
  return ParquetMapElements{&entries.children[0], &entries.children[1]};
}

std::optional<DataType> MergeTypes(const DataType& left, const DataType& right, bool case_sensitive) {
  if (left.Is(TypeId::kArray) && right.Is(TypeId::kArray)) {
    auto element = MergeTypes(left.element(), right.element(), case_sensitive);
    if (!element) return std::nullopt;
    return DataType::Array(std::move(*element), left.contains_null() || right.contains_null());
  }
  if (left.Is(TypeId::kMap) && right.Is(TypeId::kMap)) {
    auto key = MergeTypes(left.key(), right.key(), case_sensitive);
    auto value = MergeTypes(left.value(), right.value(), case_sensitive);
    if (!key || !value) return std::nullopt;
    return DataType::Map(std::move(*key), std::move(*value), left.contains_null() || right.contains_null());
  }
  if (left.Is(TypeId::kStruct) && right.Is(TypeId::kStruct)) {
    std::vector<StructField> fields = left.fields();
    for (const StructField& field : right.fields()) {
      auto same = std::find_if(fields.begin(), fields.end(), [&](const StructField& f) {
        return case_sensitive ? f.name == field.name : EqualsIgnoreCase(f.name, field.name);
      });
      if (same == fields.end()) {
        fields.push_back(field);
        continue;
      }
      auto merged = MergeTypes(same->type, field.type, case_sensitive);
      if (!merged) return std::nullopt;
      same->type = std::move(*merged);
      same->nullable |= field.nullable;
    }
    return DataType::Struct(std::move(fields));
  }
  if (left.Is(TypeId::kDecimal) && right.Is(TypeId::kDecimal) && left.scale() == right.scale())
    return DataType::Decimal(std::max(left.precision(), right.precision()), left.scale());
  return left.SameType(right) ? std::optional(left) : std::nullopt;
}

}  // namespace firesteel::physical
