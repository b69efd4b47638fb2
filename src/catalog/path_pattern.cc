// Braces are expanded into alternatives first, within a limit; each of them is matched by itself.
#include "catalog/path_pattern.h"

#include <algorithm>

#include "base/java_exception.h"

namespace firesteel::catalog {
namespace {

constexpr size_t kAlternativesMax = 10'000;  // that one pattern may expand to

// `at`: the character that opens what is not closed. Hadoop looks at the parts of a path one by one.
Error Unclosed(std::string_view what, std::string_view pattern, size_t at) {
  const size_t begin = pattern.rfind('/', at) + 1;  // 0 without any
  const std::string part(pattern.substr(begin, pattern.find('/', at) - begin));
  return JavaException("java.io.IOException", "Illegal file pattern: error parsing regexp: Unclosed " +
                                                  std::string(what) + " at pos " + std::to_string(part.size()) + ": `" +
                                                  part + "`");
}

Status CheckClasses(std::string_view pattern) {
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '[') {
      const size_t close = pattern.find_first_of("]/", i);
      if (close == std::string_view::npos || pattern[close] == '/') return Unclosed("character class", pattern, i);
      i = close;
    }
  }
  return {};
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// One character class; `i` stands on '[' and is moved to ']'. False for no match.
bool MatchClass(std::string_view pattern, size_t& i, char c) {
  const bool negated = i + 1 < pattern.size() && (pattern[i + 1] == '^' || pattern[i + 1] == '!');
  size_t k = i + 1 + negated;
  bool found = false;
  for (const size_t first = k; k < pattern.size() && (pattern[k] != ']' || k == first); ++k) {
    if (k + 2 < pattern.size() && pattern[k + 1] == '-' && pattern[k + 2] != ']') {
      found |= pattern[k] <= c && c <= pattern[k + 2];
      k += 2;
    } else {
      if (pattern[k] == '\\' && k + 1 < pattern.size()) ++k;
      found |= pattern[k] == c;
    }
  }
  i = std::min(k, pattern.size() - 1);
  return found != negated;
}

}  // namespace

bool IsPattern(std::string_view text) { return text.find_first_of("*?[{\\") != std::string_view::npos; }

std::string UnescapePattern(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

Result<std::vector<std::string>> ExpandBraces(const std::string& pattern) {
  std::vector<std::string> out, todo = {pattern};
  while (!todo.empty()) {
    const std::string text = std::move(todo.back());
    todo.pop_back();
    size_t open = std::string::npos;
    for (size_t i = 0; i < text.size() && open == std::string::npos; ++i) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '{')
        open = i;
    }
    if (open == std::string::npos) {
      FS_CHECK(CheckClasses(text));
      out.push_back(text);
    } else {
      int depth = 0;
      size_t start = open + 1, close = open;
      std::vector<std::string> choices;
      for (size_t i = open; i < text.size(); ++i) {
        if (text[i] == '\\') {
          ++i;
        } else if (text[i] == '{') {
          ++depth;
        } else if ((text[i] == ',' && depth == 1) || (text[i] == '}' && --depth == 0)) {
          choices.push_back(text.substr(start, i - start));
          start = i + 1;
          if (depth == 0) {
            close = i;
            break;
          }
        }
      }
      if (close == open) return Unclosed("group", text, open);
      for (size_t i = choices.size(); i-- > 0;) {
        todo.push_back(text.substr(0, open) + choices[i] + text.substr(close + 1));
      }
    }
    if (out.size() + todo.size() > kAlternativesMax) return Error::Condition("PATH_NOT_FOUND", {{"path", pattern}});
  }
  return out;
}

// Backtracks to the last star only: linear in practice, never exponential.
bool Matches(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = std::string_view::npos, star_name = 0;
  while (n < name.size()) {
    bool ok = false;
    size_t next = p;
    if (p < pattern.size()) {
      if (pattern[p] == '*') {
        star = p++;
        star_name = n;
        continue;
      }
      if (pattern[p] == '?') {
        ok = true;
      } else if (pattern[p] == '[') {
        ok = MatchClass(pattern, next, name[n]);
      } else {
        if (pattern[p] == '\\' && p + 1 < pattern.size()) next = p + 1;
        ok = pattern[next] == name[n];
      }
    }
    if (ok) {
      // One character is asked for, not one byte.
      if (pattern[p] == '?' || pattern[p] == '[') {
        while (n + 1 < name.size() && IsContinuation(name[n + 1])) ++n;
      }
      p = next + 1;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace firesteel::catalog
