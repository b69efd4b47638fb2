// JSON to types (DataType.fromJson), and the JSON functions of json_text.h.
#include <simdjson.h>

#include <charconv>
#include <map>
#include <optional>

#include "base/deep_stack.h"
#include "base/text.h"
#include "types/json_text.h"
#include "types/type_text.h"
#include "types/type_validation.h"

namespace firesteel {

void AppendJsonString(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
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
          out += "\\u00";
          out += kHex[c >> 4];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

bool JsonStringMember(std::string_view json, std::string_view name, std::string* value) {
  if (json.size() <= 2) return false;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view found;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return false;
  if (root[name].get_string().get(found) != simdjson::SUCCESS) return false;
  *value = std::string(found);
  return true;
}

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;
/// Path to the string inside a field -> collation, from the field's metadata.
using Collations = std::map<std::string, std::string>;

Error InvalidType(const std::string& text) {
  return Error::Condition("INVALID_JSON_DATA_TYPE", {{"invalidType", text}}).As(ErrorClass::kIllegalArgument);
}
Error InvalidType(const element& json) { return InvalidType(simdjson::minify(json)); }

/// "decimal( 10 , 2 )" with `name` = "decimal": the numbers between the parentheses.
std::optional<std::vector<int>> NumbersOf(std::string_view text, std::string_view name) {
  if (!text.starts_with(name) || text.size() < name.size() + 2) return std::nullopt;
  text.remove_prefix(name.size());
  if (text.front() != '(' || text.back() != ')') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<int> numbers;
  while (true) {
    std::string_view part = TrimControls(text.substr(0, text.find(',')));
    int number = 0;
    auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (code != std::errc() || end != part.data() + part.size()) return std::nullopt;
    numbers.push_back(number);
    if (text.find(',') == std::string_view::npos) return numbers;
    text.remove_prefix(text.find(',') + 1);
  }
}

std::optional<uint8_t> FieldNumber(std::string_view name, std::initializer_list<std::string_view> names) {
  uint8_t number = 0;
  for (std::string_view candidate : names) {
    if (candidate == name) return number;
    ++number;
  }
  return std::nullopt;
}

std::optional<DataType> IntervalFromName(std::string_view name) {
  constexpr std::string_view kPrefix = "interval ";
  constexpr std::string_view kTo = " to ";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  std::string_view start = name;
  std::string_view end = name;
  if (size_t at = name.find(kTo); at != std::string_view::npos) {
    start = name.substr(0, at);
    end = name.substr(at + kTo.size());
    if (start == end) return std::nullopt;
  }
  for (bool year_month : {true, false}) {
    auto first =
        year_month ? FieldNumber(start, {"year", "month"}) : FieldNumber(start, {"day", "hour", "minute", "second"});
    auto last =
        year_month ? FieldNumber(end, {"year", "month"}) : FieldNumber(end, {"day", "hour", "minute", "second"});
    if (first && last && *first <= *last) {
      return year_month ? DataType::YearMonth(*first, *last) : DataType::DayTime(*first, *last);
    }
  }
  return std::nullopt;
}

Result<DataType> TypeFromName(const std::string& name) {
  static const std::map<std::string, TypeId, std::less<>> kNames = {{"void", TypeId::kNull},
                                                                    {"null", TypeId::kNull},
                                                                    {"boolean", TypeId::kBoolean},
                                                                    {"byte", TypeId::kByte},
                                                                    {"short", TypeId::kShort},
                                                                    {"integer", TypeId::kInteger},
                                                                    {"long", TypeId::kLong},
                                                                    {"float", TypeId::kFloat},
                                                                    {"double", TypeId::kDouble},
                                                                    {"string", TypeId::kString},
                                                                    {"binary", TypeId::kBinary},
                                                                    {"date", TypeId::kDate},
                                                                    {"timestamp", TypeId::kTimestamp},
                                                                    {"timestamp_ltz", TypeId::kTimestamp},
                                                                    {"timestamp_ntz", TypeId::kTimestampNtz},
                                                                    {"interval", TypeId::kCalendarInterval},
                                                                    {"variant", TypeId::kVariant}};
  if (auto found = kNames.find(name); found != kNames.end()) return DataType(found->second);
  if (name == "decimal") return DataType::Decimal(10, 0);
  if (auto numbers = NumbersOf(name, "decimal"); numbers && numbers->size() == 2) {
    return CheckedDecimal((*numbers)[0], (*numbers)[1]);
  }
  if (auto numbers = NumbersOf(name, "char"); numbers && numbers->size() == 1) return CheckedChar((*numbers)[0]);
  if (auto numbers = NumbersOf(name, "varchar"); numbers && numbers->size() == 1) {
    return CheckedVarchar((*numbers)[0]);
  }
  if (auto numbers = NumbersOf(name, "time"); numbers && numbers->size() == 1) return CheckedTime((*numbers)[0]);
  if (name.starts_with("string collate ")) {
    std::string collation = name.substr(15);
    if (collation.size() > 2 && collation.front() == '`' && collation.back() == '`') {
      collation = collation.substr(1, collation.size() - 2);
    }
    return CheckedCollation(collation);
  }
  if (auto interval = IntervalFromName(name)) return *interval;
  return InvalidType(name);
}

class Reader {
 public:
  Result<DataType> Type(const element& json, const Collations& collations, const std::string& path) {
    FS_CHECK(CheckStack());
    std::string_view name;
    if (json.get_string().get(name) == simdjson::SUCCESS) {
      if (auto found = collations.find(path); found != collations.end()) {
        if (name != "string") {
          return Error::Condition("INVALID_JSON_DATA_TYPE_FOR_COLLATIONS", {{"jsonType", std::string(name)}})
              .As(ErrorClass::kIllegalArgument);
        }
        return CheckedCollation(found->second);
      }
      return TypeFromName(std::string(name));
    }
    object members;
    std::string_view kind;
    if (json.get_object().get(members) != simdjson::SUCCESS ||
        members["type"].get_string().get(kind) != simdjson::SUCCESS) {
      return InvalidType(json);
    }
    if (kind == "array") {
      element inner;
      bool contains_null;
      if (members.size() != 3 || members["elementType"].get(inner) != simdjson::SUCCESS ||
          members["containsNull"].get_bool().get(contains_null) != simdjson::SUCCESS) {
        return InvalidType(json);
      }
      FS_TRY(DataType type, Type(inner, collations, path + ".element"));
      return DataType::Array(std::move(type), contains_null);
    }
    if (kind == "map") {
      element key_json;
      element value_json;
      bool contains_null;
      if (members.size() != 4 || members["keyType"].get(key_json) != simdjson::SUCCESS ||
          members["valueType"].get(value_json) != simdjson::SUCCESS ||
          members["valueContainsNull"].get_bool().get(contains_null) != simdjson::SUCCESS) {
        return InvalidType(json);
      }
      FS_TRY(DataType key, Type(key_json, collations, path + ".key"));
      FS_TRY(DataType value, Type(value_json, collations, path + ".value"));
      return DataType::Map(std::move(key), std::move(value), contains_null);
    }
    if (kind == "struct") {
      array fields_json;
      if (members["fields"].get_array().get(fields_json) != simdjson::SUCCESS) return InvalidType(json);
      std::vector<StructField> fields;
      for (element field_json : fields_json) {
        FS_TRY(StructField field, Field(field_json));
        fields.push_back(std::move(field));
      }
      return DataType::Struct(std::move(fields));
    }
    if (kind == "udt") {
      element storage;
      if (members["sqlType"].get(storage) != simdjson::SUCCESS) return InvalidType(json);
      FS_TRY(DataType type, Type(storage, {}, ""));
      return DataType::Udt(std::move(type), simdjson::minify(json));
    }
    return InvalidType(json);
  }

 private:
  Result<StructField> Field(const element& json) {
    object members;
    std::string_view name;
    element type_json;
    if (json.get_object().get(members) != simdjson::SUCCESS ||
        members["name"].get_string().get(name) != simdjson::SUCCESS ||
        members["type"].get(type_json) != simdjson::SUCCESS) {
      return InvalidType(json);
    }
    StructField field;
    field.name = std::string(name);
    bool nullable = true;
    if (members["nullable"].get_bool().get(nullable) == simdjson::SUCCESS) field.nullable = nullable;
    Collations collations;
    object metadata;
    if (members["metadata"].get_object().get(metadata) == simdjson::SUCCESS) {
      field.metadata = Metadata(metadata, collations);
    }
    FS_TRY(field.type, Type(type_json, collations, field.name));
    return field;
  }

  /// The members in compact form; the collations are taken out of them.
  static std::string Metadata(const object& metadata, Collations& collations) {
    std::string out = "{";
    for (auto [key, value] : metadata) {
      object paths;
      if (key == "__COLLATIONS" && value.get_object().get(paths) == simdjson::SUCCESS) {
        for (auto [path, text] : paths) {
          std::string_view collation;
          if (text.get_string().get(collation) != simdjson::SUCCESS) continue;
          if (size_t dot = collation.find('.'); dot != std::string_view::npos) collation.remove_prefix(dot + 1);
          collations[std::string(path)] = std::string(collation);
        }
        continue;
      }
      if (out.size() > 1) out += ",";
      AppendJsonString(out, key);
      out += ":" + simdjson::minify(value);
    }
    return out + "}";
  }
};

}  // namespace

Result<DataType> ParseTypeJson(std::string_view json) {
  simdjson::dom::parser parser;
  element root;
  if (auto code = parser.parse(json.data(), json.size()).get(root); code != simdjson::SUCCESS) {
    return InvalidType(std::string(json));
  }
  return Reader().Type(root, {}, "");
}

}  // namespace firesteel
