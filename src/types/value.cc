// Constants to text. How columns of values are cast to STRING by kernels follows ValueText.
#include "types/value.h"

#include <cmath>

#include "base/text.h"
#include "types/datetime.h"
#include "types/interval_text.h"
#include "types/number_text.h"
#include "types/type_text.h"

namespace firesteel {
namespace {

const TimeZone& ZoneOrUtc(std::string_view id) {
  const TimeZone* zone = FindTimeZoneOrNull(id);
  return zone != nullptr ? *zone : *Utc();
}

std::string Hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (unsigned char byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string QuotedString(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\\' || c == '\'') out += '\\';
    out += c;
  }
  return out + "'";
}

/// The text inside a typed literal, or the whole of what needs no type: types that are neither nested nor text.
std::string PlainText(const Value& value, const DataType& type, std::string_view time_zone) {
  switch (type.id()) {
    case TypeId::kNull:
      return "NULL";
    case TypeId::kBoolean:
      return value.As<bool>() ? "true" : "false";
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
      return std::to_string(value.As<int64_t>());
    case TypeId::kFloat:
      return FloatText(value.As<float>());
    case TypeId::kDouble:
      return DoubleText(value.As<double>());
    case TypeId::kDecimal:
      return DecimalText(value.As<int128_t>(), type.scale());
    case TypeId::kDate:
      return DateText(value.As<int64_t>());
    case TypeId::kTime:
      return TimeText(value.As<int64_t>());
    case TypeId::kTimestamp:
      return TimestampText(value.As<int64_t>(), ZoneOrUtc(time_zone));
    case TypeId::kTimestampNtz:
      return TimestampNtzText(value.As<int64_t>());
    case TypeId::kCalendarInterval:
      return CalendarIntervalText(value.As<CalendarInterval>());
    case TypeId::kYearMonthInterval:
      return YearMonthIntervalText(static_cast<int32_t>(value.As<int64_t>()), type.interval());
    case TypeId::kDayTimeInterval:
      return DayTimeIntervalText(value.As<int64_t>(), type.interval());
    case TypeId::kString:
    case TypeId::kBinary:
      return value.As<std::string>();
    case TypeId::kUdt:
      return PlainText(value, type.element(), time_zone);
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct:
    case TypeId::kVariant:
      return {};  // callers handle these
  }
  return {};
}

/// Elements of a nested value, each shown by `show(element, its type)`.
template <typename Show>
std::string JoinElements(const Value::List& list, const DataType& element, Show show) {
  std::string out;
  for (size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ", ";
    out += show(list[i], element);
  }
  return out;
}

}  // namespace

std::string LiteralSql(const Value& value, const DataType& type, std::string_view time_zone) {
  auto self = [&](const Value& inner, const DataType& inner_type) { return LiteralSql(inner, inner_type, time_zone); };
  if (value.IsNull()) return type.Is(TypeId::kNull) ? "NULL" : "CAST(NULL AS " + TypeSql(type) + ")";
  std::string plain = type.IsNested() || type.Is(TypeId::kVariant) ? std::string() : PlainText(value, type, time_zone);
  switch (type.id()) {
    case TypeId::kNull:
    case TypeId::kBoolean:
    case TypeId::kInteger:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
      return plain;
    case TypeId::kByte:
      return plain + "Y";
    case TypeId::kShort:
      return plain + "S";
    case TypeId::kLong:
      return plain + "L";
    case TypeId::kFloat:
      return "CAST('" + plain + "' AS FLOAT)";
    case TypeId::kDouble:
      return std::isfinite(value.As<double>()) ? plain + "D" : "CAST('" + plain + "' AS DOUBLE)";
    case TypeId::kDecimal:
      return plain + "BD";
    case TypeId::kString:
      if (type.collation() != "UTF8_BINARY") return QuotedString(plain) + " collate " + type.collation();
      return QuotedString(plain);
    case TypeId::kBinary:
      return "X'" + Hex(plain) + "'";
    case TypeId::kDate:
      return "DATE '" + plain + "'";
    case TypeId::kTime:
      return "TIME '" + plain + "'";
    case TypeId::kTimestamp:
      return "TIMESTAMP '" + plain + "'";
    case TypeId::kTimestampNtz:
      return "TIMESTAMP_NTZ '" + plain + "'";
    case TypeId::kCalendarInterval:
      return "INTERVAL '" + plain + "'";
    case TypeId::kArray:
      return "ARRAY(" + JoinElements(value.As<Value::List>(), type.element(), self) + ")";
    case TypeId::kMap: {
      std::string out = "MAP(";
      const auto& list = value.As<Value::List>();
      for (size_t i = 0; i + 1 < list.size(); i += 2) {
        if (i > 0) out += ", ";
        out += self(list[i], type.key()) + ", " + self(list[i + 1], type.value());
      }
      return out + ")";
    }
    case TypeId::kStruct: {
      std::string out = "NAMED_STRUCT(";
      const auto& list = value.As<Value::List>();
      for (size_t i = 0; i < list.size() && i < type.fields().size(); ++i) {
        if (i > 0) out += ", ";
        out += QuotedString(type.fields()[i].name) + ", " + self(list[i], type.fields()[i].type);
      }
      return out + ")";
    }
    case TypeId::kUdt:
      return LiteralSql(value, type.element(), time_zone);
    case TypeId::kVariant:
      return "variant";
  }
  return {};
}

std::string LiteralName(const Value& value, const DataType& type, std::string_view time_zone) {
  if (value.IsNull()) return "NULL";
  if (type.Is(TypeId::kString) || type.IsNumeric()) return PlainText(value, type, time_zone);
  return LiteralSql(value, type, time_zone);
}

std::string ErrorValueText(const Value& value, const DataType& type, std::string_view time_zone) {
  if (value.IsNull()) return "NULL";
  if (type.Is(TypeId::kFloat)) return FloatText(value.As<float>());
  if (type.Is(TypeId::kDouble) && !std::isfinite(value.As<double>())) return DoubleText(value.As<double>());
  return LiteralSql(value, type, time_zone);
}

std::string ErrorTypeText(const DataType& type) { return InDoubleQuotes(TypeSql(type)); }

std::string LiteralText(const Value& value, const DataType& type, std::string_view time_zone) {
  auto self = [&](const Value& inner, const DataType& inner_type) { return LiteralText(inner, inner_type, time_zone); };
  if (value.IsNull()) return "null";
  switch (type.id()) {
    case TypeId::kBinary:
      return "0x" + Hex(value.As<std::string>());
    case TypeId::kArray:
    case TypeId::kStruct: {
      std::string out = "[";
      const auto& list = value.As<Value::List>();
      for (size_t i = 0; i < list.size(); ++i) {
        if (i > 0) out += ",";
        out += self(list[i], type.Is(TypeId::kArray) ? type.element() : type.fields()[i].type);
      }
      return out + "]";
    }
    case TypeId::kMap: {
      std::string keys;
      std::string values;
      const auto& list = value.As<Value::List>();
      for (size_t i = 0; i + 1 < list.size(); i += 2) {
        keys += (i > 0 ? "," : "") + self(list[i], type.key());
        values += (i > 0 ? "," : "") + self(list[i + 1], type.value());
      }
      return "map(keys: [" + keys + "], values: [" + values + "])";
    }
    case TypeId::kUdt:
      return LiteralText(value, type.element(), time_zone);
    case TypeId::kVariant:
      return "variant";
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
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
      return PlainText(value, type, time_zone);
  }
  return {};
}

std::string ValueText(const Value& value, const DataType& type, std::string_view time_zone, bool ansi) {
  auto self = [&](const Value& inner, const DataType& inner_type) {
    return inner.IsNull() ? std::string("null") : ValueText(inner, inner_type, time_zone, ansi);
  };
  if (value.IsNull()) return "null";
  switch (type.id()) {
    case TypeId::kDecimal:
      return ansi ? DecimalPlainText(value.As<int128_t>(), type.scale())
                  : DecimalText(value.As<int128_t>(), type.scale());
    case TypeId::kArray:
      return "[" + JoinElements(value.As<Value::List>(), type.element(), self) + "]";
    case TypeId::kMap: {
      std::string out = "{";
      const auto& list = value.As<Value::List>();
      for (size_t i = 0; i + 1 < list.size(); i += 2) {
        if (i > 0) out += ", ";
        out += self(list[i], type.key()) + " -> " + self(list[i + 1], type.value());
      }
      return out + "}";
    }
    case TypeId::kStruct: {
      std::string out = "{";
      const auto& list = value.As<Value::List>();
      for (size_t i = 0; i < list.size() && i < type.fields().size(); ++i) {
        if (i > 0) out += ", ";
        out += self(list[i], type.fields()[i].type);
      }
      return out + "}";
    }
    case TypeId::kUdt:
      return ValueText(value, type.element(), time_zone, ansi);
    case TypeId::kVariant:
    case TypeId::kNull:
    case TypeId::kBoolean:
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kString:
    case TypeId::kBinary:
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
      return PlainText(value, type, time_zone);
  }
  return {};
}

}  // namespace firesteel
