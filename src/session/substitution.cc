// Variables in SQL text, as Spark's ConfigReader finds them: ${(word:)?anything without spaces}.
#include "session/substitution.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/cat.h"
#include "relations/resolver.h"

namespace firesteel::session {
namespace {

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return c < 0x80 && (std::isalnum(c) != 0 || c == '_'); });
}

class Substitution {
 public:
  Substitution(const Configuration& configuration, size_t bytes_max) : bytes_max_(bytes_max) {
    for (const auto& [key, value] : configuration.All()) values_.emplace(key, value);
  }

  Status Append(std::string_view text) {
    while (true) {
      const size_t start = text.find("${");
      if (start == std::string_view::npos) break;
      const size_t end = text.find_first_of("} \t\r\n\f\v", start + 2);
      if (end == std::string_view::npos || text[end] != '}' || end == start + 2) {
        FS_CHECK(Put(text.substr(0, start + 2)));
        text.remove_prefix(start + 2);
        continue;
      }
      FS_CHECK(Put(text.substr(0, start)));
      FS_CHECK(Reference(text.substr(start, end + 1 - start)));
      text.remove_prefix(end + 1);
    }
    return Put(text);
  }

  std::string Take() { return std::move(out_); }

 private:
  Status Put(std::string_view text) {
    if (out_.size() + text.size() > bytes_max_) {
      return Error::Unsupported(Cat("SQL text of more than ", bytes_max_, " bytes with its variables"));
    }
    out_ += text;
    return {};
  }

  Status Reference(std::string_view reference) {
    std::string_view key = reference.substr(2, reference.size() - 3);
    std::string_view prefix;
    if (const size_t colon = key.find(':');
        colon != std::string_view::npos && colon + 1 < key.size() && IsWord(key.substr(0, colon))) {
      prefix = key.substr(0, colon);
      key.remove_prefix(colon + 1);
    }
    if (prefix == "env" || prefix == "system")
      return Error::Unsupported(Cat("variables of the server's environment in SQL text: ", reference));
    const bool settings =
        prefix.empty() || prefix == "spark" || prefix == "sparkconf" || prefix == "hivevar" || prefix == "hiveconf";
    const auto found = settings ? values_.find(key) : values_.end();
    if (found == values_.end()) return settings ? Status() : Put(reference);
    if (std::find(open_.begin(), open_.end(), key) != open_.end())
      return relations::Requirement(Cat("Circular reference in ", found->second, ": ", key));
    open_.push_back(found->first);
    FS_CHECK(Append(found->second));
    open_.pop_back();
    return {};
  }

  const size_t bytes_max_;
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> open_;  // being replaced now
  std::string out_;
};

}  // namespace

Result<std::string> Substituted(std::string_view text, const Configuration& configuration, size_t bytes_max) {
  Substitution substitution(configuration, bytes_max);
  FS_CHECK(substitution.Append(text));
  return substitution.Take();
}

}  // namespace firesteel::session
