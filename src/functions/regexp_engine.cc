// Java's patterns in PCRE2's syntax, and the cache of compiled ones.
#include "functions/regexp_engine.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <absl/container/flat_hash_map.h>
#include <pcre2.h>

#include <array>
#include <optional>
#include <utility>

#include "base/cat.h"
#include "base/error.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/code_points.h"

namespace firesteel::functions {
namespace {

// Enough for honest patterns on long texts; patterns that explode fail within a second or so.
constexpr uint32_t kMatchSteps = 20'000'000;
constexpr uint32_t kHeapKibibytes = 64 * 1024;
constexpr size_t kKeptPatterns = 256;

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kPosixClasses = {{
    {"Lower", "lower"},
    {"Upper", "upper"},
    {"ASCII", "ascii"},
    {"Alpha", "alpha"},
    {"Digit", "digit"},
    {"Alnum", "alnum"},
    {"Punct", "punct"},
    {"Graph", "graph"},
    {"Print", "print"},
    {"Blank", "blank"},
    {"Cntrl", "cntrl"},
    {"XDigit", "xdigit"},
    {"Space", "space"},
}};

std::optional<uint32_t> FourHexDigits(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  return value;
}

std::string Hex(uint32_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 20; shift >= 0; shift -= 4) text += kDigits[value >> shift & 15];
  return Cat("\\x{", text, "}");
}

class Rewriter {
 public:
  Rewriter(std::string_view pattern, const Origin& origin) : pattern_(pattern), origin_(origin) {}

  Result<std::string> Run() {
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      if (c == '\\') {
        FS_CHECK(Escape());
      } else if (in_class_) {
        FS_CHECK(InClass(c));
      } else if (c == '[') {
        in_class_ = true;
        out_ += c;
        ++at_;
        if (at_ < pattern_.size() && pattern_[at_] == '^') out_ += pattern_[at_++];
        if (at_ < pattern_.size() && pattern_[at_] == ']') {  // Java: literal here as in PCRE2
          out_ += "\\]";
          ++at_;
        }
      } else if (c == '(' && pattern_.substr(at_).starts_with("(?") && !pattern_.substr(at_).starts_with("(?<")) {
        FS_CHECK(Flags());
      } else {
        out_ += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  Error Missing(std::string_view what) const {
    return Error::Unsupported(Cat("regular expressions with ", what), origin_);
  }

  Status InClass(char c) {
    if (c == '[') return Missing("character classes in character classes");
    if (c == '&' && pattern_.substr(at_).starts_with("&&")) return Missing("intersections of character classes");
    if (c == ']') in_class_ = false;
    out_ += c;
    ++at_;
    return {};
  }

  // Java's u and d mean nothing here: PCRE2 knows Unicode's letters anyway.
  Status Flags() {
    out_ += "(?";
    at_ += 2;
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && c != '-') break;
      if (c == 'U') return Missing("the flag U");
      if (c != 'u' && c != 'd') out_ += c;
      ++at_;
    }
    return {};
  }

  Status Escape() {
    if (at_ + 1 >= pattern_.size()) {
      out_ += '\\';
      ++at_;
      return {};
    }
    const char next = pattern_[at_ + 1];
    if (next == 'Q') {
      const size_t end = pattern_.find("\\E", at_);
      const size_t stop = end == std::string_view::npos ? pattern_.size() : end;
      for (char c : pattern_.substr(at_ + 2, stop - at_ - 2)) {
        if (static_cast<unsigned char>(c) < 0x80 &&
            !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
          out_ += '\\';
        out_ += c;
      }
      at_ = end == std::string_view::npos ? stop : stop + 2;
      return {};
    }
    if (next == 'u') {
      const auto high = FourHexDigits(pattern_, at_ + 2);
      if (!high) {
        out_ += "\\u";  // PCRE2 refuses it as Java does
        at_ += 2;
        return {};
      }
      at_ += 6;
      uint32_t point = *high;
      if (point >= 0xD800 && point < 0xDC00 && pattern_.substr(at_).starts_with("\\u")) {
        const auto low = FourHexDigits(pattern_, at_ + 2);
        if (low && *low >= 0xDC00 && *low < 0xE000) {
          point = 0x10000 + ((point - 0xD800) << 10) + (*low - 0xDC00);
          at_ += 6;
        }
      }
      out_ += Hex(point);
      return {};
    }
    if (next == '0') {  // \0n, \0nn, \0mnn
      size_t i = at_ + 2;
      uint32_t value = 0;
      while (i < pattern_.size() && i < at_ + 5 && pattern_[i] >= '0' && pattern_[i] <= '7' &&
             value * 8 + static_cast<uint32_t>(pattern_[i] - '0') <= 255) {
        value = value * 8 + static_cast<uint32_t>(pattern_[i++] - '0');
      }
      out_ += Hex(value);
      at_ = i;
      return {};
    }
    if ((next == 'p' || next == 'P') && at_ + 2 < pattern_.size() && pattern_[at_ + 2] == '{') {
      const size_t end = pattern_.find('}', at_);
      if (end != std::string_view::npos) return Property(next == 'P', pattern_.substr(at_ + 3, end - at_ - 3), end);
    }
    if (next == 'E') {
      at_ += 2;
      return {};
    }
    out_ += '\\';
    out_ += next;
    at_ += 2;
    return {};
  }

  Status Property(bool negated, std::string_view name, size_t end) {
    for (const auto& [java, posix] : kPosixClasses) {
      if (name != java) continue;
      const std::string text = Cat("[:", negated ? "^" : "", posix, ":]");
      out_ += in_class_ ? text : Cat("[", text, "]");
      at_ = end + 1;
      return {};
    }
    if (name.starts_with("In") || name.starts_with("java") || name.find('=') != std::string_view::npos) {
      return Missing(Cat("\\p{", name, "}"));
    }
    if (name == "IsAlphabetic") {
      name = "L";
    } else if (name == "IsDigit") {
      name = "Nd";
    } else if (name == "IsLowercase") {
      name = "Ll";
    } else if (name == "IsUppercase") {
      name = "Lu";
    } else if (name == "IsPunctuation") {
      name = "P";
    } else if (name == "IsWhite_Space") {
      name = "Xps";
    } else if (name.starts_with("Is")) {
      name.remove_prefix(2);
    }
    Append(out_, negated ? "\\P{" : "\\p{", name, "}");
    at_ = end + 1;
    return {};
  }

  std::string_view pattern_;
  const Origin& origin_;
  std::string out_;
  size_t at_ = 0;
  bool in_class_ = false;
};

/// What java.util.regex says of the mistakes that are made most often; nothing for others.
std::optional<Error> JavaSyntaxError(std::string_view pattern, int error, size_t offset) {
  std::string what;
  switch (error) {
    case PCRE2_ERROR_MISSING_SQUARE_BRACKET:
      what = "Unclosed character class";
      offset = pattern.size() - 1;
      break;
    case PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS:
      what = "Unclosed group";
      offset = pattern.size();
      break;
    case PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS:
      if (offset == 0) return std::nullopt;
      what = "Unmatched closing ')'";
      --offset;
      break;
    case PCRE2_ERROR_QUANTIFIER_INVALID:
      if (offset >= pattern.size()) return std::nullopt;
      Append(what, "Dangling meta character '", pattern.substr(offset, 1), "'");
      break;
    default:
      return std::nullopt;
  }
  std::string message = Cat(what, " near index ", offset, "\n", pattern);
  if (offset < pattern.size()) Append(message, "\n", std::string(offset, ' '), "^");
  return JavaException(kIllegalArgumentClasses, std::move(message));
}

}  // namespace

struct Regex::Code {
  pcre2_code* code = nullptr;
  pcre2_match_data* data = nullptr;
  pcre2_match_context* context = nullptr;
  ~Code() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
  }
};

Regex::Regex() : code_(std::make_unique<Code>()) {}
Regex::~Regex() = default;

Result<bool> Regex::Find(std::string_view subject, size_t from, Match* match, const Origin& origin) const {
  if (from > subject.size()) return false;
  const char* text = subject.data() == nullptr ? "" : subject.data();
  const int found = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text), subject.size(), from, 0, code_->data,
                                code_->context);
  if (found == PCRE2_ERROR_NOMATCH) return false;
  if (found < 0) return Error::Unsupported("a regular expression that takes too many steps", origin);
  if (match != nullptr) {
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(code_->data);
    match->bounds.assign(bounds, bounds + 2 * (group_count_ + 1));
    if (match->bounds[0] > match->bounds[1]) match->bounds[0] = match->bounds[1];  // \K in a lookahead
  }
  return true;
}

int Regex::GroupNumber(const std::string& name) const {
  const int number = pcre2_substring_number_from_name(code_->code, reinterpret_cast<PCRE2_SPTR>(name.c_str()));
  return number < 0 ? -1 : number;
}

Result<const Regex*> CompiledRegex(std::string_view pattern, std::string_view function, const Origin& origin) {
  // A thread's own: match data must not be shared.
  thread_local absl::flat_hash_map<std::string, std::unique_ptr<Regex>> kept;
  thread_local std::string last_pattern;
  thread_local const Regex* last = nullptr;
  if (last != nullptr && last_pattern == pattern) return last;
  const std::string key(pattern);
  auto found = kept.find(key);
  if (found == kept.end()) {
    FS_TRY(std::string rewritten, Rewriter(pattern, origin).Run());
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_compile_context* settings = pcre2_compile_context_create(nullptr);
    pcre2_set_newline(settings, PCRE2_NEWLINE_ANYCRLF);
    pcre2_set_parens_nest_limit(settings, 200);
    auto regex = std::make_unique<Regex>();
    regex->code_->code =
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(rewritten.data()), rewritten.size(),
                      PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &offset, settings);
    pcre2_compile_context_free(settings);
    if (regex->code_->code == nullptr) {
      if (function == "split" || function == "str_to_map") {  // Spark's own code does not look for mistakes there
        if (const auto said = JavaSyntaxError(pattern, error, offset)) return *said;
      }
      return Error::Condition("INVALID_PARAMETER_VALUE.PATTERN", {{"functionName", ToSqlId(function)},
                                                                  {"parameter", ToSqlId("regexp")},
                                                                  {"value", Cat("'", pattern, "'")}})
          .As(ErrorClass::kRuntime);
    }
    pcre2_jit_compile(regex->code_->code, PCRE2_JIT_COMPLETE);  // without it matching is slower, that is all
    regex->code_->data = pcre2_match_data_create_from_pattern(regex->code_->code, nullptr);
    regex->code_->context = pcre2_match_context_create(nullptr);
    pcre2_set_match_limit(regex->code_->context, kMatchSteps);
    pcre2_set_heap_limit(regex->code_->context, kHeapKibibytes);
    uint32_t groups = 0;
    pcre2_pattern_info(regex->code_->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    regex->group_count_ = groups;
    if (kept.size() >= kKeptPatterns) {
      kept.clear();
      last = nullptr;
    }
    found = kept.emplace(key, std::move(regex)).first;
  }
  last = found->second.get();
  last_pattern = key;
  return last;
}

size_t NextSearch(std::string_view subject, const Match& match) {
  if (match.end() > match.start()) return match.end();
  return match.end() >= subject.size() ? subject.size() + 1 : match.end() + CodePointBytes(subject, match.end());
}

}  // namespace firesteel::functions
