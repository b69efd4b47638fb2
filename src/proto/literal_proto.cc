// One case for each type that an observed metric or an argument can have.
#include "proto/literal_proto.h"

#include "proto/type_proto.h"

namespace firesteel::proto {

namespace {

using Message = ::spark::connect::Expression::Literal;

std::string DecimalText(int128_t unscaled, int scale) {
  const bool negative = unscaled < 0;
  std::string reversed;
  for (int i = 0; unscaled != 0 || i <= scale; ++i) {
    const int digit = static_cast<int>(unscaled % 10);
    if (scale > 0 && i == scale) reversed += '.';
    reversed += static_cast<char>('0' + (digit < 0 ? -digit : digit));
    unscaled /= 10;
  }
  if (negative) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

/// The value alone: inside arrays, maps and structs the outermost literal's type says the rest.
void Fill(const Value& value, const DataType& type, Message* out) {
  if (value.IsNull()) {
    TypeToProto(type, out->mutable_null());
    return;
  }
  auto number = [&] { return value.As<int64_t>(); };
  switch (type.id()) {
    case TypeId::kNull:
      TypeToProto(type, out->mutable_null());
      return;
    case TypeId::kBoolean:
      out->set_boolean(value.As<bool>());
      return;
    case TypeId::kByte:
      out->set_byte(static_cast<int32_t>(number()));
      return;
    case TypeId::kShort:
      out->set_short_(static_cast<int32_t>(number()));
      return;
    case TypeId::kInteger:
      out->set_integer(static_cast<int32_t>(number()));
      return;
    case TypeId::kLong:
      out->set_long_(number());
      return;
    case TypeId::kFloat:
      out->set_float_(value.As<float>());
      return;
    case TypeId::kDouble:
      out->set_double_(value.As<double>());
      return;
    case TypeId::kDecimal:
      out->mutable_decimal()->set_value(DecimalText(value.As<int128_t>(), type.scale()));
      out->mutable_decimal()->set_precision(type.precision());
      out->mutable_decimal()->set_scale(type.scale());
      return;
    case TypeId::kString:
      out->set_string(value.As<std::string>());
      return;
    case TypeId::kBinary:
      out->set_binary(value.As<std::string>());
      return;
    case TypeId::kDate:
      out->set_date(static_cast<int32_t>(number()));
      return;
    case TypeId::kTime:
      out->mutable_time()->set_nano(number());
      out->mutable_time()->set_precision(type.precision());
      return;
    case TypeId::kTimestamp:
      out->set_timestamp(number());
      return;
    case TypeId::kTimestampNtz:
      out->set_timestamp_ntz(number());
      return;
    case TypeId::kCalendarInterval: {
      const auto& interval = value.As<CalendarInterval>();
      out->mutable_calendar_interval()->set_months(interval.months);
      out->mutable_calendar_interval()->set_days(interval.days);
      out->mutable_calendar_interval()->set_microseconds(interval.micros);
      return;
    }
    case TypeId::kYearMonthInterval:
      out->set_year_month_interval(static_cast<int32_t>(number()));
      return;
    case TypeId::kDayTimeInterval:
      out->set_day_time_interval(number());
      return;
    case TypeId::kArray: {
      auto* array = out->mutable_array();
      TypeToProto(type.element(), array->mutable_element_type());  // for clients before 4.1
      for (const Value& element : value.As<Value::List>()) Fill(element, type.element(), array->add_elements());
      return;
    }
    case TypeId::kMap: {
      auto* map = out->mutable_map();
      TypeToProto(type.key(), map->mutable_key_type());
      TypeToProto(type.value(), map->mutable_value_type());
      const auto& entries = value.As<Value::List>();
      for (size_t i = 0; i + 1 < entries.size(); i += 2) {
        Fill(entries[i], type.key(), map->add_keys());
        Fill(entries[i + 1], type.value(), map->add_values());
      }
      return;
    }
    case TypeId::kStruct: {
      auto* fields = out->mutable_struct_();
      TypeToProto(type, fields->mutable_struct_type());
      const auto& values = value.As<Value::List>();
      for (size_t i = 0; i < values.size(); ++i) Fill(values[i], type.fields()[i].type, fields->add_elements());
      return;
    }
    case TypeId::kVariant:
      TypeToProto(type, out->mutable_null());
      return;
    case TypeId::kUdt:
      Fill(value, type.element(), out);
      return;
  }
}

}  // namespace

void LiteralToProto(const Value& value, const DataType& type, Message* message) {
  Fill(value, type, message);
  if (type.IsNested()) TypeToProto(type, message->mutable_data_type());
}

}  // namespace firesteel::proto
