// Spark's types as Arrow's and back, as org.apache.spark.sql.util.ArrowUtils does it.
#include "arrow/spark_schema.h"

#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <arrow/util/key_value_metadata.h>

#include <map>

#include "arrow/ipc_writer.h"
#include "base/cat.h"
#include "types/type_text.h"

namespace firesteel::arrow_ipc {
namespace {

// The names of a nested struct's fields: those that occur twice get numbers, in order.
std::vector<std::string> FieldNames(const DataType& type) {
  std::map<std::string, int> counts;
  for (const StructField& field : type.fields()) ++counts[field.name];
  std::map<std::string, int> next;
  std::vector<std::string> names;
  for (const StructField& field : type.fields()) {
    names.push_back(counts[field.name] == 1 ? field.name : field.name + "_" + std::to_string(next[field.name]++));
  }
  return names;
}

class SchemaMaker {
 public:
  explicit SchemaMaker(const IpcOptions& options) : options_(options) {}

  std::shared_ptr<arrow::DataType> Type(const DataType& type) const {
    switch (type.id()) {
      case TypeId::kNull:
        return arrow::null();
      case TypeId::kBoolean:
        return arrow::boolean();
      case TypeId::kByte:
        return arrow::int8();
      case TypeId::kShort:
        return arrow::int16();
      case TypeId::kInteger:
        return arrow::int32();
      case TypeId::kLong:
        return arrow::int64();
      case TypeId::kFloat:
        return arrow::float32();
      case TypeId::kDouble:
        return arrow::float64();
      case TypeId::kDecimal:
        return std::make_shared<arrow::Decimal128Type>(type.precision(), type.scale());
      case TypeId::kString:
        return options_.large_var_types ? arrow::large_utf8() : arrow::utf8();
      case TypeId::kBinary:
        return options_.large_var_types ? arrow::large_binary() : arrow::binary();
      case TypeId::kDate:
        return arrow::date32();
      case TypeId::kTime:
        return arrow::time64(arrow::TimeUnit::NANO);
      case TypeId::kTimestamp:
        return arrow::timestamp(arrow::TimeUnit::MICRO, options_.time_zone);
      case TypeId::kTimestampNtz:
        return arrow::timestamp(arrow::TimeUnit::MICRO);
      case TypeId::kCalendarInterval:
        return arrow::month_day_nano_interval();
      case TypeId::kYearMonthInterval:
        return arrow::month_interval();
      case TypeId::kDayTimeInterval:
        return arrow::duration(arrow::TimeUnit::MICRO);
      case TypeId::kArray:
        return arrow::list(arrow::field("element", Type(type.element()), type.contains_null()));
      case TypeId::kMap:
        return std::make_shared<arrow::MapType>(
            arrow::field("entries",
                         arrow::struct_({arrow::field("key", Type(type.key()), false),
                                         arrow::field("value", Type(type.value()), type.contains_null())}),
                         false));
      case TypeId::kStruct: {
        const std::vector<std::string> names = FieldNames(type);
        arrow::FieldVector fields;
        for (size_t i = 0; i < names.size(); ++i) {
          fields.push_back(arrow::field(names[i], Type(type.fields()[i].type), type.fields()[i].nullable));
        }
        return arrow::struct_(std::move(fields));
      }
      case TypeId::kVariant: {
        const auto bytes = options_.large_var_types ? arrow::large_binary() : arrow::binary();
        return arrow::struct_(
            {arrow::field("value", bytes, false),
             arrow::field("metadata", bytes, false, arrow::key_value_metadata({"variant"}, {"true"}))});
      }
      case TypeId::kUdt:
        return Type(type.element());
    }
    return arrow::null();
  }

 private:
  const IpcOptions& options_;
};

Error UnsupportedArrowType(const arrow::DataType& type) {
  // As Java writes the types that clients do send.
  const bool is_unsigned = arrow::is_integer(type.id()) && !arrow::is_signed_integer(type.id());
  const std::string name = is_unsigned ? Cat("Int(", 8 * type.byte_width(), ", false)") : type.ToString();
  return Error::Condition("UNSUPPORTED_ARROWTYPE", {{"typeName", name}}).As(ErrorClass::kUnsupportedOperation);
}

Result<DataType> FromArrowType(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::NA:
      return DataType(TypeId::kNull);
    case arrow::Type::BOOL:
      return DataType(TypeId::kBoolean);
    case arrow::Type::INT8:
      return DataType(TypeId::kByte);
    case arrow::Type::INT16:
      return DataType(TypeId::kShort);
    case arrow::Type::INT32:
      return DataType(TypeId::kInteger);
    case arrow::Type::INT64:
      return DataType(TypeId::kLong);
    case arrow::Type::FLOAT:
      return DataType(TypeId::kFloat);
    case arrow::Type::DOUBLE:
      return DataType(TypeId::kDouble);
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::STRING_VIEW:
      return DataType(TypeId::kString);
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_BINARY:
    case arrow::Type::BINARY_VIEW:
    case arrow::Type::FIXED_SIZE_BINARY:
      return DataType(TypeId::kBinary);
    case arrow::Type::DATE32:
      return DataType(TypeId::kDate);
    case arrow::Type::TIME64:
      return DataType::Time(6);
    case arrow::Type::TIMESTAMP:
      return DataType(static_cast<const arrow::TimestampType&>(type).timezone().empty() ? TypeId::kTimestampNtz
                                                                                        : TypeId::kTimestamp);
    case arrow::Type::INTERVAL_MONTHS:
      return DataType::YearMonth();
    case arrow::Type::DURATION:
      return DataType::DayTime();
    case arrow::Type::INTERVAL_MONTH_DAY_NANO:
      return DataType(TypeId::kCalendarInterval);
    case arrow::Type::DECIMAL32:
    case arrow::Type::DECIMAL64:
    case arrow::Type::DECIMAL128: {
      const auto& decimal = static_cast<const arrow::DecimalType&>(type);
      if (decimal.precision() > kDecimalPrecisionMax || decimal.scale() < 0 || decimal.scale() > decimal.precision()) {
        return UnsupportedArrowType(type);
      }
      return DataType::Decimal(decimal.precision(), decimal.scale());
    }
    case arrow::Type::LIST:
    case arrow::Type::LARGE_LIST:
    case arrow::Type::FIXED_SIZE_LIST: {
      const auto& item = *static_cast<const arrow::BaseListType&>(type).value_field();
      FS_TRY(DataType element, FromArrowType(*item.type()));
      return DataType::Array(std::move(element), item.nullable());
    }
    case arrow::Type::MAP: {
      const auto& map = static_cast<const arrow::MapType&>(type);
      FS_TRY(DataType key, FromArrowType(*map.key_type()));
      FS_TRY(DataType value, FromArrowType(*map.item_type()));
      return DataType::Map(std::move(key), std::move(value), map.item_field()->nullable());
    }
    case arrow::Type::STRUCT: {
      const auto& fields = type.fields();
      if (fields.size() == 2 && fields[0]->name() == "value" && fields[1]->name() == "metadata" &&
          fields[1]->HasMetadata() && fields[1]->metadata()->Contains("variant")) {
        return DataType(TypeId::kVariant);
      }
      std::vector<StructField> own;
      for (const auto& field : fields) {
        FS_TRY(DataType field_type, FromArrowType(*field->type()));
        own.push_back({field->name(), std::move(field_type), field->nullable(), "{}"});
      }
      return DataType::Struct(std::move(own));
    }
    case arrow::Type::DICTIONARY:
      return FromArrowType(*static_cast<const arrow::DictionaryType&>(type).value_type());
    default:  // Arrow's list grows with its versions
      return UnsupportedArrowType(type);
  }
}

}  // namespace

Result<std::shared_ptr<arrow::Schema>> ToArrowSchema(const DataType& struct_type, const IpcOptions& options) {
  const SchemaMaker maker(options);
  arrow::FieldVector fields;
  for (const StructField& field : struct_type.fields()) {
    fields.push_back(arrow::field(field.name, maker.Type(field.type), field.nullable));
  }
  return arrow::schema(std::move(fields));
}

Result<DataType> FromArrowSchema(const arrow::Schema& schema) {
  std::vector<StructField> fields;
  for (const auto& field : schema.fields()) {
    FS_TRY(DataType type, FromArrowType(*field->type()));
    fields.push_back({field->name(), std::move(type), field->nullable(), "{}"});
  }
  return DataType::Struct(std::move(fields));
}

}  // namespace firesteel::arrow_ipc
