#pragma once
// Spark's data types as immutable values that are cheap to copy. Text forms (DDL, JSON, tree string) are in type_text.h.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel {

enum class TypeId : uint8_t {
  kNull,
  kBoolean,
  kByte,
  kShort,
  kInteger,
  kLong,
  kFloat,
  kDouble,
  kDecimal,
  kString,  // also CHAR(n), VARCHAR(n) (see DataType::length) and collated strings
  kBinary,
  kDate,
  kTime,
  kTimestamp,     // with local time zone: microseconds since the epoch, UTC
  kTimestampNtz,  // microseconds of the wall clock
  kCalendarInterval,
  kYearMonthInterval,  // int32 months
  kDayTimeInterval,    // int64 microseconds
  kArray,
  kMap,
  kStruct,
  kVariant,
  kUdt,  // a user-defined type: its storage type is element()
};

/// Fields of year-month (0 YEAR, 1 MONTH) and day-time (0 DAY, 1 HOUR, 2 MINUTE, 3 SECOND) intervals.
struct IntervalFields {
  uint8_t start = 0;
  uint8_t end = 0;
  bool operator==(const IntervalFields&) const = default;
};

enum class StringKind : uint8_t { kString, kChar, kVarchar };

struct StructField;

class DataType {
 public:
  DataType() = default;             ///< kNull ("void")
  DataType(TypeId id) : id_(id) {}  // NOLINT: the parameterless types convert

  static DataType Decimal(int precision, int scale);
  static DataType Char(int length);
  static DataType Varchar(int length);
  static DataType Collated(std::string collation);
  static DataType Time(int precision);
  static DataType YearMonth(uint8_t start = 0, uint8_t end = 1);
  static DataType DayTime(uint8_t start = 0, uint8_t end = 3);
  static DataType Array(DataType element, bool contains_null = true);
  static DataType Map(DataType key, DataType value, bool value_contains_null = true);
  static DataType Struct(std::vector<StructField> fields);
  /// `json` is the whole JSON form that the client sent; it is given back as it came.
  static DataType Udt(DataType storage, std::string json);

  TypeId id() const { return id_; }
  int precision() const { return a_; }  ///< decimal, time
  int scale() const { return b_; }      ///< decimal
  StringKind string_kind() const { return static_cast<StringKind>(b_); }
  int length() const { return a_; }      ///< CHAR(n), VARCHAR(n)
  const std::string& collation() const;  ///< "UTF8_BINARY" unless collated
  IntervalFields interval() const { return {static_cast<uint8_t>(a_), static_cast<uint8_t>(b_)}; }
  const DataType& element() const;                 ///< array, UDT's storage
  const DataType& key() const;                     ///< map
  const DataType& value() const;                   ///< map
  bool contains_null() const { return b_ != 0; }   ///< array elements, map values
  const std::vector<StructField>& fields() const;  ///< struct
  const std::string& udt_json() const;

  bool Is(TypeId id) const { return id_ == id; }
  bool IsIntegral() const { return id_ >= TypeId::kByte && id_ <= TypeId::kLong; }
  bool IsFractional() const { return id_ == TypeId::kFloat || id_ == TypeId::kDouble; }
  bool IsNumeric() const { return id_ >= TypeId::kByte && id_ <= TypeId::kDecimal; }
  bool IsAnsiInterval() const { return id_ == TypeId::kYearMonthInterval || id_ == TypeId::kDayTimeInterval; }
  bool IsNested() const { return id_ >= TypeId::kArray && id_ <= TypeId::kStruct; }
  bool IsDateOrTimestamp() const {
    return id_ == TypeId::kDate || id_ == TypeId::kTimestamp || id_ == TypeId::kTimestampNtz;
  }

  /// Equal in all: parameters, field names, nullability.
  bool operator==(const DataType& other) const;
  /// Spark's `sameType`: as ==, nullability ignored (field names compared without case).
  bool SameType(const DataType& other) const;
  /// As this, every nested nullability set to true.
  DataType AsNullable() const;

 private:
  struct Nested;
  TypeId id_ = TypeId::kNull;
  int32_t a_ = 0;
  int32_t b_ = 0;
  std::shared_ptr<const Nested> nested_;
};

struct StructField {
  std::string name;
  DataType type;
  bool nullable = true;
  std::string metadata = "{}";  ///< JSON object
  bool operator==(const StructField&) const = default;
};

constexpr int kDecimalPrecisionMax = 38;

/// Whether a type is or holds one of that kind.
bool HoldsType(const DataType& type, TypeId id);

}  // namespace firesteel
