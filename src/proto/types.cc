// Types of messages to our types and back; the types' own text is types/type_text.h.
#include <simdjson.h>

#include "base/deep_stack.h"
#include "proto/invalid_plan.h"
#include "proto/type_proto.h"
#include "types/type_text.h"

namespace firesteel::proto {

using Message = ::spark::connect::DataType;

namespace {

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char buffer[8];
          std::snprintf(buffer, sizeof buffer, "\\u%04x", c);
          out += buffer;
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

Result<DataType> UdtFromProto(const Message::UDT& udt) {
  if (udt.type() != "udt") return InvalidPlan("UDT_TYPE_FIELD_INVALID", {{"udtType", udt.type()}});
  if (!udt.has_sql_type()) return InvalidPlan("PYTHON_UDT_MISSING_FIELDS");
  if (!udt.has_jvm_class() && (!udt.has_python_class() || !udt.has_serialized_python_class()))
    return InvalidPlan("PYTHON_UDT_MISSING_FIELDS");
  FS_TRY(DataType storage, TypeFromProto(udt.sql_type()));
  // Spark's order of keys: UserDefinedType.jsonValue and PythonUserDefinedType.jsonValue.
  std::string json = "{\"type\":\"udt\"";
  if (udt.has_jvm_class()) json += ",\"class\":" + JsonString(udt.jvm_class());
  if (udt.has_python_class()) json += ",\"pyClass\":" + JsonString(udt.python_class());
  if (udt.has_serialized_python_class()) json += ",\"serializedClass\":" + JsonString(udt.serialized_python_class());
  json += ",\"sqlType\":" + TypeJson(storage) + "}";
  return DataType::Udt(std::move(storage), std::move(json));
}

Result<DataType> StructFromProto(const Message::Struct& message) {
  std::vector<StructField> fields;
  fields.reserve(message.fields_size());
  for (const auto& field : message.fields()) {
    FS_TRY(DataType type, TypeFromProto(field.data_type()));
    StructField out{field.name(), std::move(type), field.nullable()};
    if (field.has_metadata() && !field.metadata().empty()) out.metadata = field.metadata();
    fields.push_back(std::move(out));
  }
  return DataType::Struct(std::move(fields));
}

Error BadInterval(std::string_view what, int start, int end) {
  return InvalidPlan(
      "DATA_TYPE_UNSUPPORTED_PROTO_TO_CATALYST",
      {{"kindCase", std::string(what) + "(" + std::to_string(start) + ", " + std::to_string(end) + ")"}});
}

Result<DataType> YearMonthFromProto(const Message::YearMonthInterval& message) {
  int start = message.has_start_field() ? message.start_field() : 0;
  int end = message.has_end_field() ? message.end_field() : (message.has_start_field() ? start : 1);
  if (start < 0 || end > 1 || start > end) return BadInterval("YEAR_MONTH_INTERVAL", start, end);
  return DataType::YearMonth(start, end);
}

Result<DataType> DayTimeFromProto(const Message::DayTimeInterval& message) {
  int start = message.has_start_field() ? message.start_field() : 0;
  int end = message.has_end_field() ? message.end_field() : (message.has_start_field() ? start : 3);
  if (start < 0 || end > 3 || start > end) return BadInterval("DAY_TIME_INTERVAL", start, end);
  return DataType::DayTime(start, end);
}

Result<DataType> DecimalFromProto(const Message::Decimal& message) {
  int precision = message.has_precision() ? message.precision() : 10;
  int scale = message.has_scale() ? message.scale() : 0;
  if (precision > kDecimalPrecisionMax) {
    return Error::Condition(
               "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
               {{"precision", std::to_string(precision)}, {"maxPrecision", std::to_string(kDecimalPrecisionMax)}})
        .As(ErrorClass::kArithmetic);
  }
  if (scale < 0) {
    return Error::Condition(
        "NEGATIVE_SCALE_DISALLOWED",
        {{"scale", std::to_string(scale)}, {"sqlConf", "\"spark.sql.legacy.allowNegativeScaleOfDecimal\""}});
  }
  if (precision < 1 || scale > precision) {
    return Error::Condition("_LEGACY_ERROR_TEMP_1228",
                            {{"decimalScale", std::to_string(scale)}, {"decimalPrecision", std::to_string(precision)}});
  }
  return DataType::Decimal(precision, scale);
}

Error Unconvertible(const Message& message) {
  const auto* field = Message::descriptor()->FindFieldByNumber(message.kind_case());
  std::string name = field == nullptr ? "KIND_NOT_SET" : field->name();
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return InvalidPlan("DATA_TYPE_UNSUPPORTED_PROTO_TO_CATALYST", {{"kindCase", name}});
}

}  // namespace

Result<DataType> TypeFromProto(const Message& message) {
  FS_CHECK(CheckStack());
  switch (message.kind_case()) {
    case Message::kNull:
      return DataType(TypeId::kNull);
    case Message::kBinary:
      return DataType(TypeId::kBinary);
    case Message::kBoolean:
      return DataType(TypeId::kBoolean);
    case Message::kByte:
      return DataType(TypeId::kByte);
    case Message::kShort:
      return DataType(TypeId::kShort);
    case Message::kInteger:
      return DataType(TypeId::kInteger);
    case Message::kLong:
      return DataType(TypeId::kLong);
    case Message::kFloat:
      return DataType(TypeId::kFloat);
    case Message::kDouble:
      return DataType(TypeId::kDouble);
    case Message::kDecimal:
      return DecimalFromProto(message.decimal());
    case Message::kString:
      if (!message.string().collation().empty() && message.string().collation() != "UTF8_BINARY")
        return DataType::Collated(message.string().collation());
      return DataType(TypeId::kString);
    case Message::kChar:
      return DataType::Char(message.char_().length());
    case Message::kVarChar:
      return DataType::Varchar(message.var_char().length());
    case Message::kDate:
      return DataType(TypeId::kDate);
    case Message::kTimestamp:
      return DataType(TypeId::kTimestamp);
    case Message::kTimestampNtz:
      return DataType(TypeId::kTimestampNtz);
    case Message::kCalendarInterval:
      return DataType(TypeId::kCalendarInterval);
    case Message::kYearMonthInterval:
      return YearMonthFromProto(message.year_month_interval());
    case Message::kDayTimeInterval:
      return DayTimeFromProto(message.day_time_interval());
    case Message::kArray: {
      FS_TRY(DataType element, TypeFromProto(message.array().element_type()));
      return DataType::Array(std::move(element), message.array().contains_null());
    }
    case Message::kStruct:
      return StructFromProto(message.struct_());
    case Message::kMap: {
      FS_TRY(DataType key, TypeFromProto(message.map().key_type()));
      FS_TRY(DataType value, TypeFromProto(message.map().value_type()));
      return DataType::Map(std::move(key), std::move(value), message.map().value_contains_null());
    }
    case Message::kVariant:
      return DataType(TypeId::kVariant);
    case Message::kUdt:
      return UdtFromProto(message.udt());
    case Message::kUnparsed:
      return ParseDdl(message.unparsed().data_type_string());
    case Message::kTime:
      return DataType::Time(message.time().has_precision() ? message.time().precision() : 6);
    case Message::kGeometry:
    case Message::kGeography:
      return Error::Unsupported("the data type " + std::string(message.has_geometry() ? "GEOMETRY" : "GEOGRAPHY"));
    case Message::KIND_NOT_SET:
      return Unconvertible(message);
  }
  return Unconvertible(message);
}

namespace {

void UdtToProto(const DataType& type, Message::UDT* udt) {
  udt->set_type("udt");
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(type.udt_json()).get(root) == simdjson::SUCCESS) {
    std::string_view text;
    if (root["class"].get(text) == simdjson::SUCCESS) udt->set_jvm_class(std::string(text));
    if (root["pyClass"].get(text) == simdjson::SUCCESS) udt->set_python_class(std::string(text));
    if (root["serializedClass"].get(text) == simdjson::SUCCESS) udt->set_serialized_python_class(std::string(text));
  }
  TypeToProto(type.element(), udt->mutable_sql_type());
}

void StringToProto(const DataType& type, Message* message) {
  switch (type.string_kind()) {
    case StringKind::kString:
      message->mutable_string()->set_collation(type.collation());
      return;
    case StringKind::kChar:
      message->mutable_char_()->set_length(type.length());
      return;
    case StringKind::kVarchar:
      message->mutable_var_char()->set_length(type.length());
      return;
  }
}

}  // namespace

void TypeToProto(const DataType& type, Message* message) {
  switch (type.id()) {
    case TypeId::kNull:
      message->mutable_null();
      return;
    case TypeId::kBoolean:
      message->mutable_boolean();
      return;
    case TypeId::kByte:
      message->mutable_byte();
      return;
    case TypeId::kShort:
      message->mutable_short_();
      return;
    case TypeId::kInteger:
      message->mutable_integer();
      return;
    case TypeId::kLong:
      message->mutable_long_();
      return;
    case TypeId::kFloat:
      message->mutable_float_();
      return;
    case TypeId::kDouble:
      message->mutable_double_();
      return;
    case TypeId::kDecimal:
      message->mutable_decimal()->set_precision(type.precision());
      message->mutable_decimal()->set_scale(type.scale());
      return;
    case TypeId::kString:
      StringToProto(type, message);
      return;
    case TypeId::kBinary:
      message->mutable_binary();
      return;
    case TypeId::kDate:
      message->mutable_date();
      return;
    case TypeId::kTime:
      message->mutable_time()->set_precision(type.precision());
      return;
    case TypeId::kTimestamp:
      message->mutable_timestamp();
      return;
    case TypeId::kTimestampNtz:
      message->mutable_timestamp_ntz();
      return;
    case TypeId::kCalendarInterval:
      message->mutable_calendar_interval();
      return;
    case TypeId::kYearMonthInterval:
      message->mutable_year_month_interval()->set_start_field(type.interval().start);
      message->mutable_year_month_interval()->set_end_field(type.interval().end);
      return;
    case TypeId::kDayTimeInterval:
      message->mutable_day_time_interval()->set_start_field(type.interval().start);
      message->mutable_day_time_interval()->set_end_field(type.interval().end);
      return;
    case TypeId::kArray:
      TypeToProto(type.element(), message->mutable_array()->mutable_element_type());
      message->mutable_array()->set_contains_null(type.contains_null());
      return;
    case TypeId::kMap:
      TypeToProto(type.key(), message->mutable_map()->mutable_key_type());
      TypeToProto(type.value(), message->mutable_map()->mutable_value_type());
      message->mutable_map()->set_value_contains_null(type.contains_null());
      return;
    case TypeId::kStruct: {
      auto* out = message->mutable_struct_();
      for (const StructField& field : type.fields()) {
        auto* to = out->add_fields();
        to->set_name(field.name);
        to->set_nullable(field.nullable);
        if (field.metadata != "{}" && !field.metadata.empty()) to->set_metadata(field.metadata);
        TypeToProto(field.type, to->mutable_data_type());
      }
      return;
    }
    case TypeId::kVariant:
      message->mutable_variant();
      return;
    case TypeId::kUdt:
      UdtToProto(type, message->mutable_udt());
      return;
  }
}

}  // namespace firesteel::proto
