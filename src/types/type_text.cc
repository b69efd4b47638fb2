// Types to text. Reading them back: type_parser.cc (DDL), type_json.cc (JSON).
#include "types/type_text.h"

#include <limits>

#include "base/text.h"
#include "types/json_text.h"

namespace firesteel {
namespace {

constexpr int kFieldsShownMax = 25;  // spark.sql.debug.maxToStringFields
constexpr const char* kYearMonthNames[] = {"year", "month"};
constexpr const char* kDayTimeNames[] = {"day", "hour", "minute", "second"};

std::string IntervalName(const DataType& type) {
  auto [start, end] = type.interval();
  const bool year_month = type.Is(TypeId::kYearMonthInterval);
  auto name = [&](uint8_t field) {
    return std::string(year_month ? kYearMonthNames[field & 1] : kDayTimeNames[field & 3]);
  };
  return start == end ? "interval " + name(start) : "interval " + name(start) + " to " + name(end);
}

std::string StringName(const DataType& type) {
  switch (type.string_kind()) {
    case StringKind::kChar:
      return "char(" + std::to_string(type.length()) + ")";
    case StringKind::kVarchar:
      return "varchar(" + std::to_string(type.length()) + ")";
    case StringKind::kString:
      break;
  }
  return type.collation() == "UTF8_BINARY" ? "string" : "string collate " + type.collation();
}

/// Names as in the JSON form and in printSchema's tree.
std::string TypeName(const DataType& type) {
  switch (type.id()) {
    case TypeId::kNull:
      return "void";
    case TypeId::kBoolean:
      return "boolean";
    case TypeId::kByte:
      return "byte";
    case TypeId::kShort:
      return "short";
    case TypeId::kInteger:
      return "integer";
    case TypeId::kLong:
      return "long";
    case TypeId::kFloat:
      return "float";
    case TypeId::kDouble:
      return "double";
    case TypeId::kDecimal:
      return "decimal(" + std::to_string(type.precision()) + "," + std::to_string(type.scale()) + ")";
    case TypeId::kString:
      return StringName(type);
    case TypeId::kBinary:
      return "binary";
    case TypeId::kDate:
      return "date";
    case TypeId::kTime:
      return "time(" + std::to_string(type.precision()) + ")";
    case TypeId::kTimestamp:
      return "timestamp";
    case TypeId::kTimestampNtz:
      return "timestamp_ntz";
    case TypeId::kCalendarInterval:
      return "interval";
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
      return IntervalName(type);
    case TypeId::kArray:
      return "array";
    case TypeId::kMap:
      return "map";
    case TypeId::kStruct:
      return "struct";
    case TypeId::kVariant:
      return "variant";
    case TypeId::kUdt:
      return "pythonuserdefined";
  }
  return {};
}

/// `fields_max` < 0: all. The catalog's text shows a user-defined type as what it is stored as.
void AppendSimple(std::string& out, const DataType& type, int fields_max, bool catalog) {
  switch (type.id()) {
    case TypeId::kByte:
      out += "tinyint";
      return;
    case TypeId::kShort:
      out += "smallint";
      return;
    case TypeId::kInteger:
      out += "int";
      return;
    case TypeId::kLong:
      out += "bigint";
      return;
    case TypeId::kArray:
      out += "array<";
      AppendSimple(out, type.element(), fields_max, catalog);
      out += ">";
      return;
    case TypeId::kMap:
      out += "map<";
      AppendSimple(out, type.key(), fields_max, catalog);
      out += ",";
      AppendSimple(out, type.value(), fields_max, catalog);
      out += ">";
      return;
    case TypeId::kStruct: {
      const auto& fields = type.fields();
      size_t shown = fields.size();
      if (fields_max >= 0 && shown > static_cast<size_t>(fields_max)) shown = fields_max;
      out += "struct<";
      for (size_t i = 0; i < shown; ++i) {
        if (i > 0) out += ",";
        out += fields[i].name + ":";
        AppendSimple(out, fields[i].type, fields_max, catalog);
      }
      if (shown < fields.size()) {
        if (shown > 0) out += ",";
        out += "... " + std::to_string(fields.size() - shown) + " more fields";
      }
      out += ">";
      return;
    }
    case TypeId::kUdt:
      if (catalog) return AppendSimple(out, type.element(), fields_max, catalog);
      break;
    case TypeId::kNull:
    case TypeId::kBoolean:
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
      break;
  }
  out += TypeName(type);
}

std::string EscapeSingleQuoted(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\'') out += '\\';
    out += c;
  }
  return out;
}

std::string CommentClause(const StructField& field) {
  std::string comment;
  if (!JsonStringMember(field.metadata, "comment", &comment)) return {};
  return " COMMENT '" + EscapeSingleQuoted(comment) + "'";
}

void AppendSql(std::string& out, const DataType& type) {
  switch (type.id()) {
    case TypeId::kArray:
      out += "ARRAY<";
      AppendSql(out, type.element());
      out += ">";
      return;
    case TypeId::kMap:
      out += "MAP<";
      AppendSql(out, type.key());
      out += ", ";
      AppendSql(out, type.value());
      out += ">";
      return;
    case TypeId::kStruct: {
      out += "STRUCT<";
      bool first = true;
      for (const StructField& field : type.fields()) {
        if (!first) out += ", ";
        first = false;
        out += QuoteIfNeeded(field.name) + ": ";
        AppendSql(out, field.type);
        if (!field.nullable) out += " NOT NULL";
        out += CommentClause(field);
      }
      out += ">";
      return;
    }
    case TypeId::kUdt:
      return AppendSql(out, type.element());
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
      break;
  }
  std::string simple;
  AppendSimple(simple, type, -1, false);
  out += Upper(simple);
}

/// Collated strings are plain strings in JSON; the collations stand in the metadata of the field that holds
/// them, under the path to the string ("name", "name.element", "name.key" …), so that older readers can
/// ignore them.
void CollectCollations(const DataType& type, const std::string& path, std::string& json) {
  if (type.Is(TypeId::kArray)) return CollectCollations(type.element(), path + ".element", json);
  if (type.Is(TypeId::kMap)) {
    CollectCollations(type.key(), path + ".key", json);
    CollectCollations(type.value(), path + ".value", json);
    return;
  }
  if (!type.Is(TypeId::kString) || type.collation() == "UTF8_BINARY") return;
  if (!json.empty()) json += ",";
  AppendJsonString(json, path);
  json += ":";
  AppendJsonString(json, (type.collation().starts_with("UTF8_") ? "spark." : "icu.") + type.collation());
}

void AppendJson(std::string& out, const DataType& type);

void AppendFieldJson(std::string& out, const StructField& field) {
  out += "{\"name\":";
  AppendJsonString(out, field.name);
  out += ",\"type\":";
  AppendJson(out, field.type);
  out += field.nullable ? ",\"nullable\":true,\"metadata\":" : ",\"nullable\":false,\"metadata\":";
  std::string collations;
  CollectCollations(field.type, field.name, collations);
  std::string_view metadata = field.metadata.size() < 2 ? "{}" : std::string_view(field.metadata);
  if (collations.empty()) {
    out += metadata;
  } else {
    out += metadata.substr(0, metadata.size() - 1);
    out += metadata == "{}" ? "" : ",";
    out += "\"__COLLATIONS\":{" + collations + "}}";
  }
  out += "}";
}

void AppendJson(std::string& out, const DataType& type) {
  switch (type.id()) {
    case TypeId::kString:
      AppendJsonString(out, type.string_kind() == StringKind::kString ? "string" : StringName(type));
      return;
    case TypeId::kArray:
      out += "{\"type\":\"array\",\"elementType\":";
      AppendJson(out, type.element());
      out += type.contains_null() ? ",\"containsNull\":true}" : ",\"containsNull\":false}";
      return;
    case TypeId::kMap:
      out += "{\"type\":\"map\",\"keyType\":";
      AppendJson(out, type.key());
      out += ",\"valueType\":";
      AppendJson(out, type.value());
      out += type.contains_null() ? ",\"valueContainsNull\":true}" : ",\"valueContainsNull\":false}";
      return;
    case TypeId::kStruct: {
      out += "{\"type\":\"struct\",\"fields\":[";
      bool first = true;
      for (const StructField& field : type.fields()) {
        if (!first) out += ",";
        first = false;
        AppendFieldJson(out, field);
      }
      out += "]}";
      return;
    }
    case TypeId::kUdt:
      out += type.udt_json();
      return;
    case TypeId::kNull:
    case TypeId::kBoolean:
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDecimal:
    case TypeId::kBinary:
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
    case TypeId::kVariant:
      break;
  }
  AppendJsonString(out, TypeName(type));
}

// ---------------------------------------------------------------- the tree
const char* BooleanName(bool value) { return value ? "true" : "false"; }

/// What stands below a node of type `type`; `levels` are left.
void AppendTree(std::string& out, const DataType& type, const std::string& prefix, int levels) {
  if (levels <= 0) return;
  const std::string deeper = prefix + "    |";
  switch (type.id()) {
    case TypeId::kArray:
      out += prefix + "-- element: " + TypeName(type.element()) +
             " (containsNull = " + BooleanName(type.contains_null()) + ")\n";
      AppendTree(out, type.element(), deeper, levels - 1);
      return;
    case TypeId::kMap:
      out += prefix + "-- key: " + TypeName(type.key()) + "\n";
      AppendTree(out, type.key(), deeper, levels - 1);
      out += prefix + "-- value: " + TypeName(type.value()) +
             " (valueContainsNull = " + BooleanName(type.contains_null()) + ")\n";
      AppendTree(out, type.value(), deeper, levels - 1);
      return;
    case TypeId::kStruct:
      for (const StructField& field : type.fields()) {
        out += prefix + "-- " + EscapeMetaCharacters(field.name) + ": " + TypeName(field.type) +
               " (nullable = " + BooleanName(field.nullable) + ")\n";
        AppendTree(out, field.type, deeper, levels - 1);
      }
      return;
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
      return;
  }
}

}  // namespace

std::string TypeSql(const DataType& type) {
  std::string out;
  AppendSql(out, type);
  return out;
}

std::string TypeSimpleString(const DataType& type) {
  std::string out;
  AppendSimple(out, type, kFieldsShownMax, false);
  return out;
}

std::string TypeCatalogString(const DataType& type) {
  std::string out;
  AppendSimple(out, type, -1, true);
  return out;
}

std::string TypeJson(const DataType& type) {
  std::string out;
  if (type.Is(TypeId::kString)) {  // no field's metadata to hold a collation
    AppendJsonString(out, TypeName(type));
    return out;
  }
  AppendJson(out, type);
  return out;
}

std::string TypeDdl(const DataType& struct_type) {
  std::string out;
  for (const StructField& field : struct_type.fields()) {
    if (!out.empty()) out += ",";
    out += QuoteIfNeeded(field.name) + " " + TypeSql(field.type);
    if (!field.nullable) out += " NOT NULL";
    out += CommentClause(field);
  }
  return out;
}

std::string TreeString(const DataType& struct_type, int level_max) {
  std::string out = "root\n";
  AppendTree(out, struct_type, " |", level_max > 0 ? level_max : std::numeric_limits<int>::max());
  return out;
}

}  // namespace firesteel
