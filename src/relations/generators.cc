// The columns that generators make, and names chosen by regular expression.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "functions/function.h"
#include "relations/resolver.h"

namespace firesteel::relations {

std::vector<StructField> GeneratedColumns(const logical::Call& generator) {
  const functions::Function& row = *generator.function;
  std::vector<DataType> types;
  if (row.generated != nullptr) types = row.generated(generator.arguments);
  std::vector<StructField> fields;
  std::string_view name = row.name;
  if (name.ends_with("_outer")) name.remove_suffix(6);
  const DataType source = generator.arguments.empty() ? DataType() : generator.arguments[0]->type;
  bool is_map = source.Is(TypeId::kMap);
  bool element_null = (source.Is(TypeId::kArray) || is_map) ? source.contains_null() : true;
  for (size_t i = 0; i < types.size(); ++i) {
    StructField field{"col" + std::to_string(i), types[i], true, "{}"};
    if (name == "variant_explode") {
      field.name = i == 0 ? "pos" : i == 1 ? "key" : "value";
      field.nullable = i == 1;
    } else if (name == "explode" || name == "posexplode") {
      size_t at = i + (name == "explode" ? 1 : 0);
      if (at == 0) {
        field.name = "pos";
        field.nullable = false;
      } else if (types.size() - (name == "explode" ? 0 : 1) == 1) {
        field.name = "col";
        field.nullable = element_null;
      } else {
        field.name = at == 1 ? "key" : "value";
        field.nullable = at == 1 ? false : element_null;
      }
    } else if (name == "inline" && source.Is(TypeId::kArray) && source.element().Is(TypeId::kStruct) &&
               i < source.element().fields().size()) {
      const StructField& from = source.element().fields()[i];
      field.name = from.name;
      field.nullable = from.nullable || element_null;
    } else if (name == "json_tuple") {
      field.name = "c" + std::to_string(i);
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

Result<std::function<bool(const std::string&)>> ColumnPattern(const std::string& pattern, bool case_sensitive) {
  int code = 0;
  PCRE2_SIZE offset = 0;
  uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | (case_sensitive ? 0 : PCRE2_CASELESS);
  pcre2_code* compiled =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &code, &offset, nullptr);
  if (compiled == nullptr) {
    return Error::Condition("INVALID_REGEXP_REPLACE",
                            {{"source", pattern}, {"pattern", pattern}, {"replacement", ""}, {"position", "0"}});
  }
  std::shared_ptr<pcre2_code> regex(compiled, pcre2_code_free);
  return std::function<bool(const std::string&)>([regex](const std::string& name) {
    std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> match(
        pcre2_match_data_create_from_pattern(regex.get(), nullptr), pcre2_match_data_free);
    return pcre2_match(regex.get(), reinterpret_cast<PCRE2_SPTR>(name.data()), name.size(), 0, 0, match.get(),
                       nullptr) >= 0;
  });
}

}  // namespace firesteel::relations
