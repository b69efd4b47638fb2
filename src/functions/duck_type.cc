// DuckDB's names of the storage types of Spark's types; the layout itself is told in types/vector.h.
#include "base/text.h"
#include "functions/function.h"

namespace firesteel::functions {
namespace {

std::string Quoted(std::string_view name) {
  std::string out = "\"";
  for (char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

}  // namespace

std::vector<std::string> DuckFieldNames(const DataType& type) {
  std::vector<std::string> names;
  const auto& fields = type.fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    std::string name;
    for (char c : fields[i].name) name += c == '\0' ? ' ' : c;
    auto taken = [&] {
      for (const std::string& earlier : names) {
        if (EqualsIgnoreCase(earlier, name)) return true;
      }
      return name.empty();
    };
    while (taken()) name += "#" + std::to_string(i);
    names.push_back(std::move(name));
  }
  if (names.empty()) names.push_back("#");  // DuckDB has no structs without fields: one BOOLEAN that nobody reads
  return names;
}

std::string DuckType(const DataType& type) {
  switch (type.id()) {
    case TypeId::kNull:
    case TypeId::kInteger:
    case TypeId::kYearMonthInterval:
      return "INTEGER";
    case TypeId::kBoolean:
      return "BOOLEAN";
    case TypeId::kByte:
      return "TINYINT";
    case TypeId::kShort:
      return "SMALLINT";
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kDayTimeInterval:
      return "BIGINT";
    case TypeId::kFloat:
      return "FLOAT";
    case TypeId::kDouble:
      return "DOUBLE";
    case TypeId::kDecimal:
      return "DECIMAL(" + std::to_string(type.precision()) + "," + std::to_string(type.scale()) + ")";
    case TypeId::kString:
      return "VARCHAR";
    case TypeId::kBinary:
      return "BLOB";
    case TypeId::kDate:
      return "DATE";
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      return "TIMESTAMP";
    case TypeId::kCalendarInterval:
      return "INTERVAL";
    case TypeId::kArray:
      return DuckType(type.element()) + "[]";
    case TypeId::kMap:
      return "MAP(" + DuckType(type.key()) + ", " + DuckType(type.value()) + ")";
    case TypeId::kStruct: {
      const std::vector<std::string> names = DuckFieldNames(type);
      std::string out = "STRUCT(";
      for (size_t i = 0; i < names.size(); ++i) {
        if (i > 0) out += ", ";
        out += Quoted(names[i]) + " " + (type.fields().empty() ? "BOOLEAN" : DuckType(type.fields()[i].type));
      }
      return out + ")";
    }
    case TypeId::kVariant:
      return "STRUCT(\"value\" BLOB, \"metadata\" BLOB)";
    case TypeId::kUdt:
      return DuckType(type.element());
  }
  return "INTEGER";
}

}  // namespace firesteel::functions
