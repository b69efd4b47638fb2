// Constants as DuckDB SQL, exact and typed.
#include <absl/strings/str_format.h>

#include <cmath>

#include "base/cat.h"
#include "base/text.h"
#include "physical/generator.h"
#include "types/datetime.h"

namespace firesteel::physical {
namespace {

std::string BlobSql(std::string_view bytes) {
  std::string sql = "'";
  for (unsigned char c : bytes) absl::StrAppendFormat(&sql, "\\x%02X", c);
  return sql + "'::BLOB";
}

std::string StringSql(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return Cat("decode(", BlobSql(text), ")");
  std::string sql = "'";
  for (char c : text) {
    if (c == '\'') sql += '\'';
    sql += c;
  }
  return sql + "'";
}

/// Years that everybody writes with four digits.
bool IsPlainYear(int64_t days) { return days >= -354285 && days < 2932896; }  // 1000-01-01 to 9999-12-30

std::string DecimalText(int128_t unscaled, int scale) {
  const bool negative = unscaled < 0;
  auto magnitude = negative ? -static_cast<unsigned __int128>(unscaled) : static_cast<unsigned __int128>(unscaled);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude > 0);
  if (scale > 0) {
    if (digits.size() <= static_cast<size_t>(scale))
      digits.insert(0, static_cast<size_t>(scale) + 1 - digits.size(), '0');
    digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  }
  return negative ? "-" + digits : digits;
}

template <typename T>
std::string FloatSql(T value, std::string_view type) {
  if (std::isnan(value)) return Cat("'nan'::", type);
  if (std::isinf(value)) return Cat(value > 0 ? "'inf'::" : "'-inf'::", type);
  return absl::StrFormat("'%.*g'::%s", std::is_same_v<T, float> ? 9 : 17, value, type);
}

}  // namespace

std::string Generator::LiteralSql(const Value& value, const DataType& type) {
  const std::string duck_type = functions::DuckType(type);
  if (value.IsNull()) return Cat("CAST(NULL AS ", duck_type, ")");
  switch (type.id()) {
    case TypeId::kNull:
      return "CAST(NULL AS INTEGER)";
    case TypeId::kBoolean:
      return value.As<bool>() ? "true" : "false";
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
      return Cat("CAST(", value.As<int64_t>(), " AS ", duck_type, ")");
    case TypeId::kFloat:
      return FloatSql(value.As<float>(), "FLOAT");
    case TypeId::kDouble:
      return FloatSql(value.As<double>(), "DOUBLE");
    case TypeId::kDecimal:
      return Cat("CAST('", DecimalText(value.As<int128_t>(), type.scale()), "' AS ", duck_type, ")");
    case TypeId::kString:
      return StringSql(value.As<std::string>());
    case TypeId::kBinary:
      return BlobSql(value.As<std::string>());
    case TypeId::kDate:
      if (IsPlainYear(value.As<int64_t>())) return Cat("DATE '", DateText(value.As<int64_t>()), "'");
      return Cat("(DATE '1970-01-01' + CAST(", value.As<int64_t>(), " AS INTEGER))");
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      if (IsPlainYear(value.As<int64_t>() / kMicrosPerDay))
        return Cat("TIMESTAMP '", TimestampNtzText(value.As<int64_t>()), "'");
      return Cat("make_timestamp(CAST(", value.As<int64_t>(), " AS BIGINT))");
    case TypeId::kCalendarInterval: {
      const auto& interval = value.As<CalendarInterval>();
      return Cat("(to_months(CAST(", interval.months, " AS INTEGER)) + to_days(CAST(", interval.days,
                 " AS INTEGER)) + to_microseconds(CAST(", interval.micros, " AS BIGINT)))");
    }
    case TypeId::kArray: {
      std::vector<std::string> elements;
      for (const auto& element : value.As<Value::List>()) elements.push_back(LiteralSql(element, type.element()));
      return Cat("CAST([", Join(elements, ", "), "] AS ", duck_type, ")");
    }
    case TypeId::kMap: {
      const auto& list = value.As<Value::List>();
      std::vector<std::string> keys, values;
      for (size_t i = 0; i + 1 < list.size(); i += 2) {
        keys.push_back(LiteralSql(list[i], type.key()));
        values.push_back(LiteralSql(list[i + 1], type.value()));
      }
      return Cat("CAST(map([", Join(keys, ", "), "], [", Join(values, ", "), "]) AS ", duck_type, ")");
    }
    case TypeId::kStruct: {
      const auto& list = value.As<Value::List>();
      std::vector<std::string> fields;
      for (size_t i = 0; i < list.size(); ++i) fields.push_back(LiteralSql(list[i], type.fields()[i].type));
      if (fields.empty()) fields.push_back("false");
      return Cat("CAST(row(", Join(fields, ", "), ") AS ", duck_type, ")");
    }
    case TypeId::kVariant: {
      const auto& parts = value.As<Value::List>();
      return Cat("{'value': ", BlobSql(parts[0].As<std::string>()),
                 ", 'metadata': ", BlobSql(parts[1].As<std::string>()), "}");
    }
    case TypeId::kUdt:
      return LiteralSql(value, type.element());
  }
  return "NULL";
}

}  // namespace firesteel::physical
