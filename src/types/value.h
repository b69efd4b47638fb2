#pragma once
// A constant of any Spark type: what literals hold and local relations are made of. Its type travels beside it.
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "types/data_type.h"

namespace firesteel {

__extension__ typedef __int128 int128_t;

struct CalendarInterval {
  int32_t months = 0;
  int32_t days = 0;
  int64_t micros = 0;
  bool operator==(const CalendarInterval&) const = default;
};

/// std::monostate is NULL. Integers, DATE (days since the epoch), TIME (nanoseconds), TIMESTAMP(_NTZ) (microseconds)
/// and ANSI intervals are int64_t; DECIMAL is its unscaled int128_t; STRING and BINARY are bytes; ARRAY and STRUCT are
/// the elements or fields in order; MAP is key, value, key, value ….
struct Value {
  using List = std::vector<Value>;
  std::variant<std::monostate, bool, int64_t, float, double, int128_t, std::string, CalendarInterval, List> data;

  Value() = default;
  template <typename T>
  explicit Value(T v) : data(std::move(v)) {}
  bool IsNull() const { return data.index() == 0; }
  template <typename T>
  const T& As() const {
    return std::get<T>(data);
  }
  bool operator==(const Value&) const = default;
};

/// Spark's text of a constant as in column names: `1`, `abc` (unquoted), `1.50`, `NULL`, `DATE '2020-01-01'`, `INTERVAL
/// '1' DAY`.
std::string LiteralName(const Value& value, const DataType& type, std::string_view time_zone);
/// Spark's `Literal.sql`: as a SQL literal: `'abc'`, `1L`, `CAST('NaN' AS DOUBLE)`.
std::string LiteralSql(const Value& value, const DataType& type, std::string_view time_zone);
/// Spark's `Literal.toString`, as plans show it: `abc`, `null`, `0x1F`, `2020-01-02`, `[1,2]`.
std::string LiteralText(const Value& value, const DataType& type, std::string_view time_zone);
/// What errors show of a value (toSQLValue): as LiteralSql, but numbers that are none by name: `NaN`, `Infinity`.
std::string ErrorValueText(const Value& value, const DataType& type, std::string_view time_zone);
/// What errors show of a type (toSQLType): `"ARRAY<INT>"`, quotes included.
std::string ErrorTypeText(const DataType& type);
/// CAST(value AS STRING) for values that are not null: `1.0`, `{1, x}`, `[a, null]`, `{k -> v}`. `ansi` keeps small
/// decimals plain.
std::string ValueText(const Value& value, const DataType& type, std::string_view time_zone, bool ansi = true);

}  // namespace firesteel
