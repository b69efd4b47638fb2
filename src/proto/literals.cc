// Literals: the value, and its type from data_type, from the older type fields, or from the value itself.
#include <algorithm>

#include "base/deep_stack.h"
#include "proto/from_proto.h"
#include "proto/invalid_plan.h"
#include "proto/type_proto.h"
#include "types/type_text.h"

namespace firesteel::proto {

using Message = connect::Expression::Literal;
using unresolved::Literal;

namespace {

std::string CaseName(const Message& message) {
  const auto* field = Message::descriptor()->FindFieldByNumber(message.literal_type_case());
  std::string name = field == nullptr ? "LITERALTYPE_NOT_SET" : field->name();
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

Error Incompatible(const Message& message, const DataType& type) {
  return InvalidPlan("INCOMPATIBLE_LITERAL_DATA_TYPE",
                     {{"dataTypeKindCase", TypeSql(type)}, {"literalTypeCase", CaseName(message)}});
}

struct ParsedDecimal {
  int128_t unscaled = 0;
  int precision = 1;
  int scale = 0;
};

// java.math.BigDecimal's text: sign, digits with an optional point, exponent.
bool ParseDecimal(std::string_view text, ParsedDecimal& out) {
  size_t i = 0;
  bool negative = false;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
  int digits = 0;
  int scale = 0;
  bool any = false;
  bool point = false;
  for (; i < text.size(); ++i) {
    char c = text[i];
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      any = true;
      if (digits > 0 || c != '0') ++digits;
      if (digits > kDecimalPrecisionMax) return false;
      out.unscaled = out.unscaled * 10 + (c - '0');
      if (point) ++scale;
    } else {
      break;
    }
  }
  if (!any) return false;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return false;
    ++i;
    bool exponent_negative = false;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) exponent_negative = text[i++] == '-';
    int exponent = 0;
    if (i == text.size()) return false;
    for (; i < text.size(); ++i) {
      if (text[i] < '0' || text[i] > '9' || exponent > 10000) return false;
      exponent = exponent * 10 + (text[i] - '0');
    }
    scale += exponent_negative ? exponent : -exponent;
  }
  while (scale < 0) {  // Spark's Decimal has no negative scale
    if (out.unscaled != 0 && ++digits > kDecimalPrecisionMax) return false;
    out.unscaled *= 10;
    ++scale;
  }
  if (scale > kDecimalPrecisionMax) return false;
  out.scale = scale;
  out.precision = std::max({digits, scale, 1});
  if (negative) out.unscaled = -out.unscaled;
  return true;
}

Result<Literal> DecimalLiteral(const Message& message, const DataType* type) {
  ParsedDecimal parsed;
  if (!ParseDecimal(message.decimal().value(), parsed)) {
    return InvalidPlan("UNSUPPORTED_LITERAL_TYPE", {{"typeInfo", "DECIMAL(" + message.decimal().value() + ")"}});
  }
  int scale = parsed.scale;
  int precision = parsed.precision;
  if (type != nullptr) {
    if (!type->Is(TypeId::kDecimal)) return Incompatible(message, *type);
    scale = type->scale();
    precision = type->precision();
  } else {
    if (message.decimal().has_scale()) scale = std::max(scale, message.decimal().scale());
    precision = std::max(precision, parsed.precision - parsed.scale + scale);
    if (message.decimal().has_precision()) precision = std::max(precision, message.decimal().precision());
  }
  // The value is kept at the type's scale; a value that does not fit it is an error, never rounded.
  if (scale < parsed.scale || precision > kDecimalPrecisionMax || parsed.precision + scale - parsed.scale > precision) {
    return InvalidPlan("UNSUPPORTED_LITERAL_TYPE", {{"typeInfo", "DECIMAL(" + message.decimal().value() + ")"}});
  }
  for (int i = parsed.scale; i < scale; ++i) parsed.unscaled *= 10;
  return Literal{DataType::Decimal(precision, scale), Value(parsed.unscaled)};
}

Result<Literal> Convert(const Message& message, const DataType* type);

template <typename Values>
Value ListOf(const Values& values) {
  Value::List list;
  list.reserve(values.size());
  for (const auto& v : values) {
    using T = std::decay_t<decltype(v)>;
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, float> || std::is_same_v<T, double> ||
                  std::is_same_v<T, std::string>) {
      list.push_back(Value(v));
    } else {
      list.push_back(Value(static_cast<int64_t>(v)));
    }
  }
  return Value(std::move(list));
}

Result<Literal> SpecializedArray(const Message& message, const DataType* type) {
  const auto& array = message.specialized_array();
  Literal out;
  TypeId element = TypeId::kNull;
  switch (array.value_type_case()) {
    case Message::SpecializedArray::kBools:
      element = TypeId::kBoolean;
      out.value = ListOf(array.bools().values());
      break;
    case Message::SpecializedArray::kInts:
      element = TypeId::kInteger;
      out.value = ListOf(array.ints().values());
      break;
    case Message::SpecializedArray::kLongs:
      element = TypeId::kLong;
      out.value = ListOf(array.longs().values());
      break;
    case Message::SpecializedArray::kFloats:
      element = TypeId::kFloat;
      out.value = ListOf(array.floats().values());
      break;
    case Message::SpecializedArray::kDoubles:
      element = TypeId::kDouble;
      out.value = ListOf(array.doubles().values());
      break;
    case Message::SpecializedArray::kStrings:
      element = TypeId::kString;
      out.value = ListOf(array.strings().values());
      break;
    case Message::SpecializedArray::VALUE_TYPE_NOT_SET:
      return OneOfNotSet(Message::SpecializedArray::descriptor(), "VALUETYPE_NOT_SET");
  }
  // The elements of the ints form may be narrower by data_type: BYTE and SHORT have no form of their own.
  if (type != nullptr) {
    if (!type->Is(TypeId::kArray)) return Incompatible(message, *type);
    const bool narrower =
        element == TypeId::kInteger && (type->element().Is(TypeId::kByte) || type->element().Is(TypeId::kShort));
    if (!type->element().Is(element) && !narrower) return Incompatible(message, *type);
  }
  out.type = type != nullptr ? *type : DataType::Array(element, false);
  return out;
}

Result<Literal> ArrayLiteral(const Message& message, const DataType* type) {
  DataType element;
  bool element_known = false;
  if (type != nullptr) {
    if (!type->Is(TypeId::kArray)) return Incompatible(message, *type);
    element = type->element();
    element_known = true;
  } else if (message.array().has_element_type()) {
    FS_TRY(element, TypeFromProto(message.array().element_type()));
    element_known = true;
  }
  Value::List list;
  list.reserve(message.array().elements_size());
  for (const auto& item : message.array().elements()) {
    FS_TRY(Literal converted, Convert(item, element_known ? &element : nullptr));
    if (!element_known) {
      element = converted.type;
      element_known = true;
    }
    list.push_back(std::move(converted.value));
  }
  if (!element_known) return InvalidPlan("ARRAY_LITERAL_MISSING_DATA_TYPE");
  return Literal{type != nullptr ? *type : DataType::Array(element, true), Value(std::move(list))};
}

Result<Literal> MapLiteral(const Message& message, const DataType* type) {
  const auto& map = message.map();
  std::optional<DataType> key, value;
  if (type != nullptr) {
    if (!type->Is(TypeId::kMap)) return Incompatible(message, *type);
    key = type->key();
    value = type->value();
  } else {
    if (map.has_key_type()) {
      FS_TRY(key, TypeFromProto(map.key_type()));
    }
    if (map.has_value_type()) {
      FS_TRY(value, TypeFromProto(map.value_type()));
    }
  }
  if (map.keys_size() != map.values_size()) return InvalidPlan("MAP_LITERAL_NOT_SET");
  Value::List list;
  list.reserve(map.keys_size() * 2);
  for (int i = 0; i < map.keys_size(); ++i) {
    FS_TRY(Literal k, Convert(map.keys(i), key ? &*key : nullptr));
    FS_TRY(Literal v, Convert(map.values(i), value ? &*value : nullptr));
    if (!key) key = k.type;
    if (!value) value = v.type;
    list.push_back(std::move(k.value));
    list.push_back(std::move(v.value));
  }
  if (!key || !value) return InvalidPlan("MAP_LITERAL_MISSING_DATA_TYPE");
  return Literal{type != nullptr ? *type : DataType::Map(*key, *value, true), Value(std::move(list))};
}

Result<Literal> StructLiteral(const Message& message, const DataType* type) {
  DataType of_struct;
  if (type != nullptr) {
    of_struct = *type;
  } else if (message.struct_().has_struct_type()) {
    FS_TRY(of_struct, TypeFromProto(message.struct_().struct_type()));
  } else {
    return InvalidPlan("STRUCT_LITERAL_MISSING_DATA_TYPE");
  }
  if (!of_struct.Is(TypeId::kStruct)) return Incompatible(message, of_struct);
  const auto& fields = of_struct.fields();
  if (fields.size() != static_cast<size_t>(message.struct_().elements_size())) return Incompatible(message, of_struct);
  Value::List list;
  list.reserve(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    FS_TRY(Literal converted, Convert(message.struct_().elements(static_cast<int>(i)), &fields[i].type));
    list.push_back(std::move(converted.value));
  }
  return Literal{std::move(of_struct), Value(std::move(list))};
}

/// A literal without parameters in its type; `type`, when given, must agree.
Result<Literal> Plain(const Message& message, const DataType* type, DataType own, Value value) {
  if (type == nullptr) return Literal{std::move(own), std::move(value)};
  if (!type->Is(own.id())) return Incompatible(message, *type);
  return Literal{*type, std::move(value)};
}

Result<Literal> Integral(const Message& message, const DataType* type, TypeId own, int64_t value, int64_t low,
                         int64_t high) {
  if (value < low || value > high) return Incompatible(message, DataType(own));
  return Plain(message, type, own, Value(value));
}

Result<Literal> Convert(const Message& message, const DataType* outer) {
  FS_CHECK(CheckStack());
  DataType own_type;
  const DataType* type = outer;
  if (message.has_data_type()) {
    FS_TRY(own_type, TypeFromProto(message.data_type()));
    type = &own_type;
  }
  switch (message.literal_type_case()) {
    case Message::kNull: {
      if (type != nullptr) return Literal{*type, Value()};
      FS_TRY(DataType null_type, TypeFromProto(message.null()));
      return Literal{std::move(null_type), Value()};
    }
    case Message::kBinary:
      return Plain(message, type, TypeId::kBinary, Value(message.binary()));
    case Message::kBoolean:
      return Plain(message, type, TypeId::kBoolean, Value(message.boolean()));
    case Message::kByte:
      return Integral(message, type, TypeId::kByte, message.byte(), INT8_MIN, INT8_MAX);
    case Message::kShort:
      return Integral(message, type, TypeId::kShort, message.short_(), INT16_MIN, INT16_MAX);
    case Message::kInteger:
      return Integral(message, type, TypeId::kInteger, message.integer(), INT32_MIN, INT32_MAX);
    case Message::kLong:
      return Plain(message, type, TypeId::kLong, Value(static_cast<int64_t>(message.long_())));
    case Message::kFloat:
      return Plain(message, type, TypeId::kFloat, Value(message.float_()));
    case Message::kDouble:
      return Plain(message, type, TypeId::kDouble, Value(message.double_()));
    case Message::kDecimal:
      return DecimalLiteral(message, type);
    case Message::kString:
      return Plain(message, type, TypeId::kString, Value(message.string()));
    case Message::kDate:
      return Plain(message, type, TypeId::kDate, Value(static_cast<int64_t>(message.date())));
    case Message::kTimestamp:
      return Plain(message, type, TypeId::kTimestamp, Value(static_cast<int64_t>(message.timestamp())));
    case Message::kTimestampNtz:
      return Plain(message, type, TypeId::kTimestampNtz, Value(static_cast<int64_t>(message.timestamp_ntz())));
    case Message::kCalendarInterval: {
      const auto& interval = message.calendar_interval();
      return Plain(message, type, TypeId::kCalendarInterval,
                   Value(CalendarInterval{interval.months(), interval.days(), interval.microseconds()}));
    }
    case Message::kYearMonthInterval:
      return Plain(message, type, DataType::YearMonth(), Value(static_cast<int64_t>(message.year_month_interval())));
    case Message::kDayTimeInterval:
      return Plain(message, type, DataType::DayTime(), Value(static_cast<int64_t>(message.day_time_interval())));
    case Message::kArray:
      return ArrayLiteral(message, type);
    case Message::kMap:
      return MapLiteral(message, type);
    case Message::kStruct:
      return StructLiteral(message, type);
    case Message::kSpecializedArray:
      return SpecializedArray(message, type);
    case Message::kTime:
      return Plain(message, type, DataType::Time(message.time().has_precision() ? message.time().precision() : 6),
                   Value(static_cast<int64_t>(message.time().nano())));
    case Message::LITERAL_TYPE_NOT_SET:
      return InvalidPlan("UNSUPPORTED_LITERAL_TYPE", {{"typeInfo", "LITERALTYPE_NOT_SET(0)"}});
  }
  return InvalidPlan("UNSUPPORTED_LITERAL_TYPE", {{"typeInfo", CaseName(message)}});
}

}  // namespace

Result<Literal> LiteralFromProto(const Message& message) { return Convert(message, nullptr); }

}  // namespace firesteel::proto
