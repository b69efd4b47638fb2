// Texts of ANSI intervals, read field by field with the bounds that IntervalUtils checks, and calendar intervals' texts.
#include "types/interval_text.h"

#include <cctype>
#include <limits>
#include <optional>

#include "base/text.h"
#include "types/datetime.h"
#include "types/number_text.h"
#include "types/type_text.h"

namespace firesteel {
namespace {

constexpr std::string_view kYearMonthNames[] = {"YEAR", "MONTH"};
constexpr std::string_view kDayTimeNames[] = {"DAY", "HOUR", "MINUTE", "SECOND"};

std::string FieldNames(const std::string_view* names, IntervalFields fields) {
  std::string out(names[fields.start]);
  if (fields.start != fields.end) out.append(" TO ").append(names[fields.end]);
  return out;
}

void AppendTwo(std::string& out, uint64_t number) {
  if (number < 10) out += '0';
  out += std::to_string(number);
}

/// ".5": micros below a second, zeros at the end left out.
void AppendFraction(std::string& out, uint64_t micros) {
  if (micros == 0) return;
  std::string digits = std::to_string(micros);
  digits.insert(0, 6 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  out += "." + digits;
}

}  // namespace

std::string YearMonthIntervalText(int32_t months, IntervalFields fields) {
  uint32_t magnitude = months < 0 ? -static_cast<uint32_t>(months) : static_cast<uint32_t>(months);
  std::string number;
  if (fields.start == 0 && fields.end == 1) {
    number = std::to_string(magnitude / 12) + "-" + std::to_string(magnitude % 12);
  } else {
    if (fields.start == 0) magnitude /= 12;
    number = std::to_string(magnitude);
    if (magnitude == 0) months = 0;  // "0" has no sign, "-0-1" has
  }
  return "INTERVAL '" + std::string(months < 0 ? "-" : "") + number + "' " + FieldNames(kYearMonthNames, fields);
}

std::string DayTimeIntervalText(int64_t micros, IntervalFields fields) {
  constexpr uint64_t kMicrosPer[] = {kMicrosPerDay, kMicrosPerHour, kMicrosPerMinute, kMicrosPerSecond};
  constexpr char kBefore[] = {'\0', ' ', ':', ':'};
  uint64_t rest = micros < 0 ? -static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  std::string out = "INTERVAL '";
  if (micros < 0) out += '-';
  for (int field = fields.start; field <= fields.end; ++field) {
    if (field > fields.start) out += kBefore[field];
    if (field == 0) {
      out += std::to_string(rest / kMicrosPer[field]);
    } else {
      AppendTwo(out, rest / kMicrosPer[field]);
    }
    rest %= kMicrosPer[field];
  }
  if (fields.end == 3) AppendFraction(out, rest);
  return out + "' " + FieldNames(kDayTimeNames, fields);
}

std::string CalendarIntervalText(const CalendarInterval& interval) {
  std::string out;
  auto add = [&](int64_t number, const char* unit) {
    if (number != 0) out += std::to_string(number) + unit;
  };
  add(interval.months / 12, " years ");
  add(interval.months % 12, " months ");
  add(interval.days, " days ");
  add(interval.micros / kMicrosPerHour, " hours ");
  const int64_t below_hour = interval.micros % kMicrosPerHour;
  add(below_hour / kMicrosPerMinute, " minutes ");
  const int64_t below_minute = below_hour % kMicrosPerMinute;
  if (below_minute != 0) {
    const uint64_t magnitude = static_cast<uint64_t>(below_minute < 0 ? -below_minute : below_minute);
    if (below_minute < 0) out += '-';
    out += std::to_string(magnitude / kMicrosPerSecond);
    AppendFraction(out, magnitude % kMicrosPerSecond);
    out += " seconds ";
  }
  if (out.empty()) return "0 seconds";
  out.pop_back();
  return out;
}

// ---------------------------------------------------------------- reading ANSI intervals
namespace {

/// The number part of "INTERVAL [+|-]'…' <fields>", or the text itself; `negative` tells the sign before the quote.
std::optional<std::string_view> InnerText(std::string_view text, std::string_view fields, bool* negative) {
  *negative = false;
  constexpr std::string_view kInterval = "INTERVAL";
  auto skip_blanks = [&] {
    size_t start = text.size();
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text[0]))) text.remove_prefix(1);
    return text.size() < start;
  };
  if (text.size() < kInterval.size() || !EqualsIgnoreCase(text.substr(0, kInterval.size()), kInterval)) return text;
  text.remove_prefix(kInterval.size());
  if (!skip_blanks() || text.empty()) return std::nullopt;
  if (text[0] == '+' || text[0] == '-' || text[0] == '|') {
    *negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text[0] != '\'') return std::nullopt;
  text.remove_prefix(1);
  size_t quote = text.find('\'');
  if (quote == std::string_view::npos) return std::nullopt;
  std::string_view inner = text.substr(0, quote);
  text.remove_prefix(quote + 1);
  // The field names: every blank of theirs is any number of blanks.
  while (!fields.empty()) {
    if (!skip_blanks()) return std::nullopt;
    size_t end = fields.find(' ');
    std::string_view word = fields.substr(0, end);
    if (text.size() < word.size() || !EqualsIgnoreCase(text.substr(0, word.size()), word)) return std::nullopt;
    text.remove_prefix(word.size());
    fields = end == std::string_view::npos ? std::string_view() : fields.substr(end + 1);
  }
  return text.empty() ? std::optional(inner) : std::nullopt;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  bool AtEnd() const { return rest_.empty(); }
  bool Take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// [+|-]: the bar is there because Spark's expression has it.
  bool Sign() {
    bool negative = !rest_.empty() && rest_[0] == '-';
    if (!rest_.empty() && (negative || rest_[0] == '+' || rest_[0] == '|')) rest_.remove_prefix(1);
    return negative;
  }
  /// The digits, at most `digits_max` of them and at least one.
  bool Digits(size_t digits_max, std::string_view* digits) {
    size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    if (count == 0 || count > digits_max) return false;
    *digits = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return true;
  }

 private:
  std::string_view rest_;
};

constexpr size_t kAnyDigits = std::numeric_limits<size_t>::max();

/// Java's toLong: none beyond 64 bits.
std::optional<int64_t> ToLong(std::string_view digits) {
  return ParseInteger(digits, 0, std::numeric_limits<int64_t>::max(), Fraction::kRefused);
}

Error::Parameters Formats(std::string_view number, std::string_view fields, bool year_month, const DataType& type,
                          std::string_view input) {
  std::string plain = "[+|-]" + std::string(number);
  std::string literal = "INTERVAL [+|-]'" + plain + "' " + std::string(fields);
  return {{"typeName", TypeSimpleString(type)},
          {"intervalStr", year_month ? "year-month" : "day-time"},
          {"supportedFormat", "`" + plain + "`, `" + literal + "`"},
          {"input", std::string(input)}};
}

Error Invalid(std::string_view sub_condition, Error::Parameters parameters) {
  return Error::Condition("INVALID_INTERVAL_FORMAT." + std::string(sub_condition), std::move(parameters))
      .As(ErrorClass::kIllegalArgument);
}

}  // namespace

Result<int32_t> ParseYearMonthInterval(std::string_view original, IntervalFields fields) {
  const std::string names = FieldNames(kYearMonthNames, fields);
  const bool both = fields.start != fields.end;
  bool outer_negative = false;
  std::optional<std::string_view> text = InnerText(TrimAll(original), names, &outer_negative);
  bool matched = text.has_value();
  bool negative = false;
  std::string_view first;
  std::string_view second;
  if (matched) {
    Scanner scanner(*text);
    negative = scanner.Sign() != outer_negative;
    matched = scanner.Digits(kAnyDigits, &first) &&
              (!both || (scanner.Take('-') && scanner.Digits(kAnyDigits, &second))) && scanner.AtEnd();
  }
  if (!matched) {
    const char* number = both ? "y-m" : fields.start == 0 ? "y" : "m";
    return Invalid("UNMATCHED_FORMAT_STRING",
                   Formats(number, names, true, DataType::YearMonth(fields.start, fields.end), original));
  }
  constexpr int64_t kYearsMax = std::numeric_limits<int32_t>::max() / 12;
  std::optional<int64_t> number = ToLong(first);
  std::optional<int64_t> month = both ? ToLong(second) : std::optional<int64_t>(0);
  const int64_t number_max = fields.start == 0 ? kYearsMax : std::numeric_limits<int32_t>::max();
  if (number && month && *number <= number_max && *month <= 11) {
    int64_t months = (fields.start == 0 ? *number * 12 : *number) + *month;
    if (negative) months = -months;
    if (months >= std::numeric_limits<int32_t>::min() && months <= std::numeric_limits<int32_t>::max()) {
      return static_cast<int32_t>(months);
    }
  }
  return Invalid("INTERVAL_PARSING", {{"interval", "year-month"}, {"input", std::string(TrimAll(original))}});
}

Result<int64_t> ParseDayTimeInterval(std::string_view original, IntervalFields fields) {
  constexpr int64_t kMicrosPer[] = {kMicrosPerDay, kMicrosPerHour, kMicrosPerMinute, kMicrosPerSecond};
  constexpr int64_t kLeadingMax[] = {106'751'991, 2'562'047'788, 153'722'867'280, 9'223'372'036'854};
  constexpr size_t kLeadingDigitsMax[] = {9, 10, 12, 13};
  constexpr int64_t kInnerMax[] = {0, 23, 59, 59};
  constexpr const char* kFieldNames[] = {"day", "hour", "minute", "second"};
  constexpr const char* kLetters[] = {"d", "h", "m", "s.n"};
  const std::string names = FieldNames(kDayTimeNames, fields);
  bool outer_negative = false;
  std::optional<std::string_view> text = InnerText(TrimAll(original), names, &outer_negative);
  bool matched = text.has_value();
  bool negative = false;
  std::string_view numbers[4];
  std::string_view fraction;
  if (matched) {
    Scanner scanner(*text);
    negative = scanner.Sign() != outer_negative;
    for (int field = fields.start; matched && field <= fields.end; ++field) {
      if (field > fields.start) matched = scanner.Take(field == 1 ? ' ' : ':');
      matched = matched && scanner.Digits(field == fields.start ? kLeadingDigitsMax[field] : 2, &numbers[field]);
    }
    if (matched && fields.end == 3 && scanner.Take('.')) matched = scanner.Digits(9, &fraction);
    matched = matched && scanner.AtEnd();
  }
  if (!matched) {
    std::string number;
    for (int field = fields.start; field <= fields.end; ++field) {
      if (field > fields.start) number += field == 1 ? ' ' : ':';
      number += kLetters[field];
    }
    return Invalid("UNMATCHED_FORMAT_STRING_WITH_NOTICE",
                   Formats(number, names, false, DataType::DayTime(fields.start, fields.end), original));
  }
  auto out_of_range = [&](std::string message) {
    if (fields.start == fields.end) {
      return Invalid("INTERVAL_PARSING", {{"interval", "day-time"}, {"input", std::string(TrimAll(original))}});
    }
    return Invalid("DAY_TIME_PARSING", {{"msg", std::move(message)}, {"input", std::string(TrimAll(original))}});
  };
  int128_t micros = 0;
  for (int field = fields.start; field <= fields.end; ++field) {
    const int64_t max = field == fields.start ? kLeadingMax[field] : kInnerMax[field];
    std::optional<int64_t> number = ToLong(numbers[field]);
    if (!number) return out_of_range("For input string: \"" + std::string(numbers[field]) + "\"");
    if (*number > max) {
      return out_of_range("requirement failed: " + std::string(kFieldNames[field]) + " " + std::to_string(*number) +
                          " outside range [0, " + std::to_string(max) + "]");
    }
    micros += static_cast<int128_t>(*number) * kMicrosPer[field];
  }
  int64_t fraction_micros = 0;
  for (size_t i = 0; i < 6; ++i) fraction_micros = fraction_micros * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  micros += fraction_micros;
  if (negative) micros = -micros;
  if (micros > std::numeric_limits<int64_t>::max() || micros < std::numeric_limits<int64_t>::min()) {
    return out_of_range("long overflow");
  }
  return static_cast<int64_t>(micros);
}

// ---------------------------------------------------------------- calendar intervals
namespace {

bool IsBlankOrControl(char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; }

class CalendarReader {
 public:
  explicit CalendarReader(std::string_view text) : original_(text), text_(Lower(TrimAll(text))) {}

  Result<CalendarInterval> Read() {
    if (text_.empty()) return Bad("INPUT_IS_EMPTY", {});
    constexpr std::string_view kPrefix = "interval";
    if (text_.starts_with(kPrefix)) {
      if (text_.size() == kPrefix.size()) return Bad("INPUT_IS_EMPTY", {});
      if (!IsBlankOrControl(text_[kPrefix.size()])) return Bad("INVALID_PREFIX", {{"prefix", Word()}});
      at_ = kPrefix.size() + 1;
    }
    while (SkipBlanks()) {
      FS_CHECK(Term());
    }
    return interval_;
  }

 private:
  /// [+|-] number unit.
  Status Term() {
    bool negative = false;
    bool fraction_allowed_alone = false;
    if (Peek() == '-' || Peek() == '+') {
      negative = Peek() == '-';
      ++at_;
      if (!SkipBlanks()) return Bad("MISSING_NUMBER", {{"word", Word()}});
    } else if (Peek() == '.') {
      fraction_allowed_alone = true;
    } else if (!IsDigit()) {
      return Bad("UNRECOGNIZED_NUMBER", {{"number", Word()}});
    }
    int64_t value = 0;
    while (IsDigit()) {
      if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, Peek() - '0', &value)) {
        return Bad("ARITHMETIC_EXCEPTION", {});
      }
      ++at_;
    }
    bool has_fraction = false;
    int64_t nanos = 0;
    if (Peek() == '.' && at_ < text_.size()) {
      has_fraction = true;
      ++at_;
      int digits = 0;
      for (; IsDigit(); ++at_, ++digits) {
        if (digits == 9) return Bad("INVALID_PRECISION", {{"value", Word()}});
        nanos = nanos * 10 + (Peek() - '0');
      }
      if (digits == 0 && fraction_allowed_alone && at_ < text_.size()) return Bad("INVALID_VALUE", {{"value", Word()}});
      for (; digits < 9; ++digits) nanos *= 10;
    }
    if (at_ == text_.size()) return Bad("MISSING_UNIT", {{"word", Word()}});
    if (!IsBlankOrControl(Peek())) return Bad("INVALID_VALUE", {{"value", Word()}});
    SkipBlanks();  // the text is trimmed: a unit follows
    return Unit(negative, value, has_fraction, nanos / 1000);
  }

  Status Unit(bool negative, int64_t value, bool has_fraction, int64_t fraction_micros) {
    if (has_fraction && Peek() != 's') {
      const std::string unit = Word();  // no quotes here, unlike elsewhere
      return Bad("INVALID_FRACTION", {{"unit", unit.substr(1, unit.size() - 2)}});
    }
    if (negative) {
      value = -value;
      fraction_micros = -fraction_micros;
    }
    struct Kind {
      std::string_view name;
      int64_t factor;
      enum { kMonths, kDays, kMicros } part;
    };
    static constexpr Kind kKinds[] = {{"year", 12, Kind::kMonths},
                                      {"month", 1, Kind::kMonths},
                                      {"week", 7, Kind::kDays},
                                      {"day", 1, Kind::kDays},
                                      {"hour", kMicrosPerHour, Kind::kMicros},
                                      {"minute", kMicrosPerMinute, Kind::kMicros},
                                      {"second", kMicrosPerSecond, Kind::kMicros},
                                      {"millisecond", 1000, Kind::kMicros},
                                      {"microsecond", 1, Kind::kMicros}};
    std::string_view rest = std::string_view(text_).substr(at_);
    const Kind* found = nullptr;
    for (const Kind& kind : kKinds) {
      if (rest.starts_with(kind.name)) found = &kind;
    }
    if (found == nullptr) return Bad("INVALID_UNIT", {{"unit", Word()}});
    int64_t amount;
    bool overflow = __builtin_mul_overflow(value, found->factor, &amount) ||
                    __builtin_add_overflow(amount, fraction_micros, &amount);
    switch (found->part) {
      case Kind::kMonths:
        overflow = overflow || __builtin_add_overflow(interval_.months, amount, &interval_.months);
        break;
      case Kind::kDays:
        overflow = overflow || __builtin_add_overflow(interval_.days, amount, &interval_.days);
        break;
      case Kind::kMicros:
        overflow = overflow || __builtin_add_overflow(interval_.micros, amount, &interval_.micros);
        break;
    }
    if (overflow) return Bad("ARITHMETIC_EXCEPTION", {});
    at_ += found->name.size();
    if (Peek() == 's' && at_ < text_.size()) ++at_;
    if (at_ < text_.size() && !IsBlankOrControl(Peek())) return Bad("INVALID_UNIT", {{"unit", Word()}});
    return {};
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool IsDigit() const { return Peek() >= '0' && Peek() <= '9'; }
  /// True if something is left.
  bool SkipBlanks() {
    while (at_ < text_.size() && IsBlankOrControl(text_[at_])) ++at_;
    return at_ < text_.size();
  }
  /// The word that the reader is in, quoted: what errors name.
  std::string Word() const {
    size_t start = std::min(at_, text_.size());
    if (start == text_.size() && start > 0) --start;
    while (start > 0 && !IsBlankOrControl(text_[start - 1])) --start;
    size_t end = start;
    while (end < text_.size() && !IsBlankOrControl(text_[end])) ++end;
    return "'" + text_.substr(start, end - start) + "'";
  }
  Error Bad(std::string_view sub_condition, Error::Parameters parameters) const {
    parameters["input"] = std::string(original_);
    return Invalid(sub_condition, std::move(parameters));
  }

  std::string_view original_;
  std::string text_;
  size_t at_ = 0;
  CalendarInterval interval_;
};

}  // namespace

Result<CalendarInterval> ParseCalendarInterval(std::string_view text) { return CalendarReader(text).Read(); }

}  // namespace firesteel
