// Column names as DataFrame calls write them: "a.b", "`a.b`.c".
#include "sql/parser.h"

namespace firesteel::sql {

Result<unresolved::Name> ParseAttributeName(std::string_view text) {
  auto invalid = [&] { return Error::Condition("INVALID_ATTRIBUTE_NAME_SYNTAX", {{"name", std::string(text)}}); };
  unresolved::Name parts;
  std::string part;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoted) {
      if (c != '`') {
        part += c;
      } else if (i + 1 < text.size() && text[i + 1] == '`') {
        part += c;
        ++i;
      } else {
        quoted = false;
        if (i + 1 < text.size() && text[i + 1] != '.') return invalid();
      }
    } else if (c == '`') {
      if (!part.empty()) return invalid();
      quoted = true;
    } else if (c == '.') {
      if (i == 0 || text[i - 1] == '.' || i + 1 == text.size()) return invalid();
      parts.push_back(std::move(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (quoted) return invalid();
  parts.push_back(std::move(part));
  return parts;
}

}  // namespace firesteel::sql
