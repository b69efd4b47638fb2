// Types with children or a text share an immutable node; all others fit into the value itself.
#include "types/data_type.h"

#include <utility>

#include "base/text.h"

namespace firesteel {

struct DataType::Nested {
  std::vector<DataType> children;   // element, or key and value, or a UDT's storage
  std::vector<StructField> fields;  // struct
  std::string text;                 // collation, or a UDT's JSON
};

namespace {
const std::string kBinaryCollation = "UTF8_BINARY";
const std::string kNoText;
}  // namespace

DataType DataType::Decimal(int precision, int scale) {
  DataType type(TypeId::kDecimal);
  type.a_ = precision;
  type.b_ = scale;
  return type;
}

DataType DataType::Char(int length) {
  DataType type(TypeId::kString);
  type.a_ = length;
  type.b_ = static_cast<int32_t>(StringKind::kChar);
  return type;
}

DataType DataType::Varchar(int length) {
  DataType type(TypeId::kString);
  type.a_ = length;
  type.b_ = static_cast<int32_t>(StringKind::kVarchar);
  return type;
}

DataType DataType::Collated(std::string collation) {
  DataType type(TypeId::kString);
  if (collation != kBinaryCollation) {
    auto nested = std::make_shared<Nested>();
    nested->text = std::move(collation);
    type.nested_ = std::move(nested);
  }
  return type;
}

DataType DataType::Time(int precision) {
  DataType type(TypeId::kTime);
  type.a_ = precision;
  return type;
}

DataType DataType::YearMonth(uint8_t start, uint8_t end) {
  DataType type(TypeId::kYearMonthInterval);
  type.a_ = start;
  type.b_ = end;
  return type;
}

DataType DataType::DayTime(uint8_t start, uint8_t end) {
  DataType type(TypeId::kDayTimeInterval);
  type.a_ = start;
  type.b_ = end;
  return type;
}

DataType DataType::Array(DataType element, bool contains_null) {
  DataType type(TypeId::kArray);
  type.b_ = contains_null ? 1 : 0;
  auto nested = std::make_shared<Nested>();
  nested->children.push_back(std::move(element));
  type.nested_ = std::move(nested);
  return type;
}

DataType DataType::Map(DataType key, DataType value, bool value_contains_null) {
  DataType type(TypeId::kMap);
  type.b_ = value_contains_null ? 1 : 0;
  auto nested = std::make_shared<Nested>();
  nested->children.push_back(std::move(key));
  nested->children.push_back(std::move(value));
  type.nested_ = std::move(nested);
  return type;
}

DataType DataType::Struct(std::vector<StructField> fields) {
  DataType type(TypeId::kStruct);
  auto nested = std::make_shared<Nested>();
  nested->fields = std::move(fields);
  type.nested_ = std::move(nested);
  return type;
}

DataType DataType::Udt(DataType storage, std::string json) {
  DataType type(TypeId::kUdt);
  auto nested = std::make_shared<Nested>();
  nested->children.push_back(std::move(storage));
  nested->text = std::move(json);
  type.nested_ = std::move(nested);
  return type;
}

const std::string& DataType::collation() const {
  return id_ == TypeId::kString && nested_ != nullptr ? nested_->text : kBinaryCollation;
}

const DataType& DataType::element() const { return nested_->children[0]; }
const DataType& DataType::key() const { return nested_->children[0]; }
const DataType& DataType::value() const { return nested_->children[1]; }

const std::vector<StructField>& DataType::fields() const {
  static const std::vector<StructField> kNone;
  return nested_ != nullptr ? nested_->fields : kNone;
}

const std::string& DataType::udt_json() const { return nested_ != nullptr ? nested_->text : kNoText; }

bool DataType::operator==(const DataType& other) const {
  if (id_ != other.id_ || a_ != other.a_ || b_ != other.b_) return false;
  if (nested_ == other.nested_) return true;
  if (id_ == TypeId::kStruct) return fields() == other.fields();
  if (nested_ == nullptr || other.nested_ == nullptr) return false;  // one collated, one not
  return nested_->text == other.nested_->text && nested_->children == other.nested_->children;
}

bool DataType::SameType(const DataType& other) const {
  if (id_ != other.id_) return false;
  switch (id_) {
    case TypeId::kArray:
      return element().SameType(other.element());
    case TypeId::kMap:
      return key().SameType(other.key()) && value().SameType(other.value());
    case TypeId::kStruct: {
      const auto& left = fields();
      const auto& right = other.fields();
      if (left.size() != right.size()) return false;
      for (size_t i = 0; i < left.size(); ++i) {
        if (!EqualsIgnoreCase(left[i].name, right[i].name) || !left[i].type.SameType(right[i].type)) return false;
      }
      return true;
    }
    case TypeId::kNull:
    case TypeId::kBoolean:
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDecimal:
    case TypeId::kString:
    case TypeId::kBinary:
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
    case TypeId::kVariant:
    case TypeId::kUdt:
      return *this == other;
  }
  return false;
}

DataType DataType::AsNullable() const {
  switch (id_) {
    case TypeId::kArray:
      return Array(element().AsNullable(), true);
    case TypeId::kMap:
      return Map(key().AsNullable(), value().AsNullable(), true);
    case TypeId::kStruct: {
      std::vector<StructField> nullable = fields();
      for (StructField& field : nullable) {
        field.type = field.type.AsNullable();
        field.nullable = true;
      }
      return Struct(std::move(nullable));
    }
    case TypeId::kNull:
    case TypeId::kBoolean:
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDecimal:
    case TypeId::kString:
    case TypeId::kBinary:
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
    case TypeId::kVariant:
    case TypeId::kUdt:
      return *this;
  }
  return *this;
}

bool HoldsType(const DataType& type, TypeId id) {
  if (type.Is(id)) return true;
  if (type.Is(TypeId::kArray)) return HoldsType(type.element(), id);
  if (type.Is(TypeId::kMap)) return HoldsType(type.key(), id) || HoldsType(type.value(), id);
  if (!type.Is(TypeId::kStruct)) return false;
  for (const StructField& field : type.fields()) {
    if (HoldsType(field.type, id)) return true;
  }
  return false;
}

}  // namespace firesteel
