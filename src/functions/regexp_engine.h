#pragma once
// Java's regular expressions run by PCRE2: patterns are rewritten where the two differ, steps are limited, and compiled
// patterns are kept for each thread.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/origin.h"
#include "base/result.h"

namespace firesteel::functions {

/// Where a match and its groups lie: bytes [start, end), or kNone for a group that took no part.
struct Match {
  static constexpr size_t kNone = static_cast<size_t>(-1);
  std::vector<size_t> bounds;  ///< start and end of each group; group 0 is all
  size_t start(size_t group = 0) const { return bounds[2 * group]; }
  size_t end(size_t group = 0) const { return bounds[2 * group + 1]; }
  std::string_view Text(std::string_view subject, size_t group) const {
    return start(group) == kNone ? std::string_view() : subject.substr(start(group), end(group) - start(group));
  }
};

class Regex {
 public:
  Regex();
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  size_t group_count() const { return group_count_; }  ///< without group 0
  /// The first match at or after byte `from`; false if there is none. An error if it takes too many steps.
  Result<bool> Find(std::string_view subject, size_t from, Match* match, const Origin& origin) const;
  /// The number of a named group, or -1.
  int GroupNumber(const std::string& name) const;

 private:
  friend Result<const Regex*> CompiledRegex(std::string_view pattern, std::string_view function, const Origin& origin);
  struct Code;
  std::unique_ptr<Code> code_;
  size_t group_count_ = 0;
};

/// The compiled pattern, valid until the next call in this thread; INVALID_PARAMETER_VALUE.PATTERN naming `function` if it is broken.
Result<const Regex*> CompiledRegex(std::string_view pattern, std::string_view function, const Origin& origin);

/// Where Java's Matcher.find goes on after a match: behind it, one character further if it was empty.
size_t NextSearch(std::string_view subject, const Match& match);

}  // namespace firesteel::functions
