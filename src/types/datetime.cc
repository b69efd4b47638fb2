// The calendar, then the texts of dates, times and timestamps, read and written.
#include "types/datetime.h"

#include <chrono>
#include <cstring>

#include "types/number_text.h"

namespace firesteel {

// ---------------------------------------------------------------- calendar
// Howard Hinnant's algorithms: years that begin in March, in eras of 400 years.
int64_t DaysFromCivil(int64_t year, int64_t month, int64_t day) {
  year += FloorDivide(month - 1, 12);
  month = FloorModulo(month - 1, 12) + 1;
  year -= month <= 2 ? 1 : 0;
  const int64_t era = FloorDivide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468 + (day - 1);
}

CivilDate CivilFromDays(int64_t days) {
  days += 719'468;
  const int64_t era = FloorDivide(days, 146'097);
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int32_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  date.month = static_cast<int32_t>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

CivilTime CivilFromMicros(int64_t local_micros) {
  CivilTime civil;
  const int64_t days = FloorDivide(local_micros, kMicrosPerDay);
  const int64_t micros = FloorModulo(local_micros, kMicrosPerDay);
  civil.date = CivilFromDays(days);
  const int64_t seconds = micros / kMicrosPerSecond;
  civil.hour = static_cast<int32_t>(seconds / 3600);
  civil.minute = static_cast<int32_t>(seconds / 60 % 60);
  civil.second = static_cast<int32_t>(seconds % 60);
  civil.nanos = static_cast<int32_t>(micros % kMicrosPerSecond) * 1000;
  return civil;
}

bool IsLeapYear(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

int DayOfWeek(int64_t days) { return static_cast<int>(FloorModulo(days + 3, 7)) + 1; }

int DayOfYear(const CivilDate& date) {
  return static_cast<int>(DaysFromCivil(date.year, date.month, date.day) - DaysFromCivil(date.year, 1, 1)) + 1;
}

// A week belongs to the year of its Thursday.
int64_t WeekBasedYear(int64_t days) { return CivilFromDays(days - DayOfWeek(days) + 4).year; }

int WeekOfYear(int64_t days) {
  const int64_t thursday = days - DayOfWeek(days) + 4;
  return (DayOfYear(CivilFromDays(thursday)) - 1) / 7 + 1;
}

int64_t AddMonths(int64_t days, int64_t months) {
  const CivilDate date = CivilFromDays(days);
  const int64_t month_index = date.year * 12 + (date.month - 1) + months;
  const int64_t year = FloorDivide(month_index, 12);
  const int month = static_cast<int>(FloorModulo(month_index, 12)) + 1;
  return DaysFromCivil(year, month, std::min(date.day, DaysInMonth(year, month)));
}

// ---------------------------------------------------------------- reading
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Java's LocalDate.of, as days since the epoch.
std::optional<int64_t> CheckedDays(int64_t year, int32_t month, int32_t day) {
  if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) return std::nullopt;
  return DaysFromCivil(year, month, day);
}

/// A run of digits. Values beyond nine digits do not count: no field has so many.
struct Number {
  int64_t value = 0;
  int digits = 0;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool AtEnd() const { return at_ == text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  bool Take(char c) {
    if (Peek() != c || AtEnd()) return false;
    ++at_;
    return true;
  }
  Number Digits() {
    Number number;
    for (; !AtEnd() && IsDigit(text_[at_]); ++at_, ++number.digits) {
      if (number.digits < 9) number.value = number.value * 10 + (text_[at_] - '0');
    }
    return number;
  }
  std::string_view Rest() const { return text_.substr(at_); }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

bool IsOneOrTwo(const Number& number) { return number.digits == 1 || number.digits == 2; }

/// The parts of a timestamp's text; a part that is not written has its least value.
struct TimestampParts {
  bool has_date = false;
  int64_t year = 1;
  int32_t month = 1;
  int32_t day = 1;
  int32_t hour = 0;
  int32_t minute = 0;
  int32_t second = 0;
  int32_t micros = 0;
  std::string_view zone;
  bool has_zone = false;

  std::optional<int64_t> MicrosOfDay() const {
    if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond + micros;
  }
};

/// What follows the hour: [:[m]m[:[s]s[.fraction][zone]]]. A zone goes with seconds only.
bool ScanAfterHour(Scanner& scanner, TimestampParts& parts) {
  if (scanner.AtEnd()) return true;
  if (!scanner.Take(':')) return false;
  Number minute = scanner.Digits();
  if (!IsOneOrTwo(minute)) return false;
  parts.minute = static_cast<int32_t>(minute.value);
  if (scanner.AtEnd()) return true;
  if (!scanner.Take(':')) return false;
  Number second = scanner.Digits();
  if (!IsOneOrTwo(second)) return false;
  parts.second = static_cast<int32_t>(second.value);
  if (scanner.Take('.')) {
    std::string_view fraction = scanner.Rest();
    Number number = scanner.Digits();
    for (int i = 0; i < 6; ++i) parts.micros = parts.micros * 10 + (i < number.digits ? fraction[i] - '0' : 0);
  }
  if (!scanner.AtEnd()) {
    parts.has_zone = true;
    parts.zone = scanner.Rest();
  }
  return true;
}

std::optional<TimestampParts> ScanTimestamp(std::string_view text) {
  const bool untrimmed_t = !text.empty() && text[0] == 'T';
  text = TrimAll(text);
  if (text.empty()) return std::nullopt;
  TimestampParts parts;
  Scanner scanner(text);
  if (untrimmed_t) {
    scanner.Take('T');
    Number hour = scanner.Digits();
    if (!IsOneOrTwo(hour)) return std::nullopt;
    parts.hour = static_cast<int32_t>(hour.value);
    return ScanAfterHour(scanner, parts) ? std::optional(parts) : std::nullopt;
  }
  const bool negative = scanner.Peek() == '-';
  const bool has_sign = negative || scanner.Peek() == '+';
  if (has_sign) scanner.Take(scanner.Peek());
  Number first = scanner.Digits();
  if (scanner.Peek() == ':' && !has_sign) {  // a time alone
    if (!IsOneOrTwo(first)) return std::nullopt;
    parts.hour = static_cast<int32_t>(first.value);
    return ScanAfterHour(scanner, parts) ? std::optional(parts) : std::nullopt;
  }
  parts.has_date = true;
  constexpr int kYearDigitsMin = 4;
  constexpr int kYearDigitsMax = 6;
  if (first.digits < kYearDigitsMin || first.digits > kYearDigitsMax) return std::nullopt;
  parts.year = negative ? -first.value : first.value;
  if (scanner.AtEnd()) return parts;
  if (!scanner.Take('-')) return std::nullopt;
  Number month = scanner.Digits();
  if (!IsOneOrTwo(month)) return std::nullopt;
  parts.month = static_cast<int32_t>(month.value);
  if (scanner.AtEnd()) return parts;
  if (!scanner.Take('-')) return std::nullopt;
  Number day = scanner.Digits();
  if (!IsOneOrTwo(day)) return std::nullopt;
  parts.day = static_cast<int32_t>(day.value);
  if (scanner.AtEnd()) return parts;
  if (!scanner.Take(' ') && !scanner.Take('T')) return std::nullopt;
  Number hour = scanner.Digits();
  if (!IsOneOrTwo(hour)) return std::nullopt;
  parts.hour = static_cast<int32_t>(hour.value);
  return ScanAfterHour(scanner, parts) ? std::optional(parts) : std::nullopt;
}

int64_t NowMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The wall clock of the parts; `today` is for a time without a date.
std::optional<int64_t> LocalMicros(const TimestampParts& parts, int64_t today) {
  std::optional<int64_t> micros = parts.MicrosOfDay();
  std::optional<int64_t> days = parts.has_date ? CheckedDays(parts.year, parts.month, parts.day) : today;
  if (!micros || !days) return std::nullopt;
  // The least timestamp lies within a day whose start is out of range: carry the day down from above.
  __int128 total = static_cast<__int128>(*days) * kMicrosPerDay + *micros;
  if (total > INT64_MAX || total < INT64_MIN) return std::nullopt;
  return static_cast<int64_t>(total);
}

}  // namespace

std::optional<int32_t> ParseDate(std::string_view text) {
  text = TrimAll(text);
  if (text.empty()) return std::nullopt;
  Scanner scanner(text);
  const bool negative = scanner.Peek() == '-';
  if (negative || scanner.Peek() == '+') scanner.Take(scanner.Peek());
  constexpr int kYearDigitsMin = 4;
  constexpr int kYearDigitsMax = 7;
  Number year = scanner.Digits();
  Number month{1, 1};
  Number day{1, 1};
  if (year.digits < kYearDigitsMin || year.digits > kYearDigitsMax) return std::nullopt;
  if (!scanner.AtEnd()) {
    if (!scanner.Take('-')) return std::nullopt;
    month = scanner.Digits();
    if (!IsOneOrTwo(month)) return std::nullopt;
    if (!scanner.AtEnd()) {
      if (!scanner.Take('-')) return std::nullopt;
      day = scanner.Digits();
      // Whatever follows a whole date after a blank or a T is left out.
      if (!IsOneOrTwo(day) || (!scanner.AtEnd() && scanner.Peek() != ' ' && scanner.Peek() != 'T')) return std::nullopt;
    }
  }
  std::optional<int64_t> days = CheckedDays(negative ? -year.value : year.value, static_cast<int32_t>(month.value),
                                            static_cast<int32_t>(day.value));
  if (!days || *days > INT32_MAX || *days < INT32_MIN) return std::nullopt;
  return static_cast<int32_t>(*days);
}

std::optional<int64_t> ParseTimestamp(std::string_view text, const TimeZone& default_zone) {
  std::optional<TimestampParts> parts = ScanTimestamp(text);
  if (!parts) return std::nullopt;
  const TimeZone* zone = &default_zone;
  if (parts->has_zone) {
    zone = FindTimeZoneOrNull(TrimAll(parts->zone));
    if (zone == nullptr) return std::nullopt;
  }
  int64_t today = parts->has_date ? 0 : FloorDivide(zone->ToLocalMicros(NowMicros()), kMicrosPerDay);
  std::optional<int64_t> micros = parts->MicrosOfDay();
  std::optional<int64_t> days = parts->has_date ? CheckedDays(parts->year, parts->month, parts->day) : today;
  if (!micros || !days) return std::nullopt;
  // The wall clock may be out of 64 bits where the instant is not: so the offset first, in seconds.
  const int64_t local_second = *days * kSecondsPerDay + *micros / kMicrosPerSecond;
  const int64_t second = local_second - zone->OffsetAtLocal(local_second);
  __int128 total = static_cast<__int128>(second) * kMicrosPerSecond + *micros % kMicrosPerSecond;
  if (total > INT64_MAX || total < INT64_MIN) return std::nullopt;
  return static_cast<int64_t>(total);
}

std::optional<int64_t> ParseTimestampNtz(std::string_view text, bool allow_time_zone) {
  std::optional<TimestampParts> parts = ScanTimestamp(text);
  if (!parts || !parts->has_date) return std::nullopt;
  if (parts->has_zone) {
    if (!allow_time_zone || FindTimeZoneOrNull(TrimAll(parts->zone)) == nullptr) return std::nullopt;
  }
  return LocalMicros(*parts, 0);
}

bool HasTimeZone(std::string_view timestamp_text) {
  std::optional<TimestampParts> parts = ScanTimestamp(timestamp_text);
  return parts && parts->has_zone && FindTimeZoneOrNull(TrimAll(parts->zone)) != nullptr;
}

std::optional<int64_t> ParseTime(std::string_view text) {
  // AM and PM go with hours from 1 to 12.
  std::string_view trimmed = TrimAll(text);
  bool has_half = false;
  bool afternoon = false;
  if (trimmed.size() > 2 && (trimmed.back() | 0x20) == 'm') {
    char half = static_cast<char>(trimmed[trimmed.size() - 2] | 0x20);
    if (half == 'a' || half == 'p') {
      has_half = true;
      afternoon = half == 'p';
      text = TrimAll(trimmed.substr(0, trimmed.size() - 2));
    }
  }
  std::optional<TimestampParts> parts = ScanTimestamp(text);
  if (!parts || parts->has_date || parts->has_zone) return std::nullopt;
  if (has_half) {
    if (parts->hour < 1 || parts->hour > 12) return std::nullopt;
    parts->hour = parts->hour % 12 + (afternoon ? 12 : 0);
  }
  std::optional<int64_t> micros = parts->MicrosOfDay();
  return micros ? std::optional(*micros * 1000) : std::nullopt;
}

// ---------------------------------------------------------------- writing
namespace {

char* TwoDigits(char* out, int value) {
  *out++ = static_cast<char>('0' + value / 10);
  *out++ = static_cast<char>('0' + value % 10);
  return out;
}

char* WriteDate(char* out, const CivilDate& date) {
  int64_t year = date.year;
  if (year < 0) {
    *out++ = '-';
    year = -year;
  } else if (year > 9999) {
    *out++ = '+';
  }
  char digits[20];
  int count = 0;
  for (; year != 0 || count < 4; year /= 10) digits[count++] = static_cast<char>('0' + year % 10);
  while (count > 0) *out++ = digits[--count];
  *out++ = '-';
  out = TwoDigits(out, date.month);
  *out++ = '-';
  return TwoDigits(out, date.day);
}

/// `fraction` has `digits` digits; zeros at its end are left out.
char* WriteFraction(char* out, int64_t fraction, int digits) {
  if (fraction == 0) return out;
  *out++ = '.';
  while (fraction % 10 == 0) {
    fraction /= 10;
    --digits;
  }
  for (int i = digits - 1; i >= 0; --i, fraction /= 10) out[i] = static_cast<char>('0' + fraction % 10);
  return out + digits;
}

char* WriteClock(char* out, int64_t seconds) {
  out = TwoDigits(out, static_cast<int>(seconds / 3600));
  *out++ = ':';
  out = TwoDigits(out, static_cast<int>(seconds / 60 % 60));
  *out++ = ':';
  return TwoDigits(out, static_cast<int>(seconds % 60));
}

std::string_view WholeText(int64_t days, int64_t seconds, int64_t micros, DateTimeBuffer& buffer) {
  char* out = WriteDate(buffer.bytes, CivilFromDays(days));
  *out++ = ' ';
  out = WriteClock(out, seconds);
  out = WriteFraction(out, micros, 6);
  return {buffer.bytes, static_cast<size_t>(out - buffer.bytes)};
}

}  // namespace

std::string_view DateText(int64_t days, DateTimeBuffer& buffer) {
  char* out = WriteDate(buffer.bytes, CivilFromDays(days));
  return {buffer.bytes, static_cast<size_t>(out - buffer.bytes)};
}

std::string_view TimestampText(int64_t local_micros, DateTimeBuffer& buffer) {
  const int64_t days = FloorDivide(local_micros, kMicrosPerDay);
  const int64_t micros = FloorModulo(local_micros, kMicrosPerDay);
  return WholeText(days, micros / kMicrosPerSecond, micros % kMicrosPerSecond, buffer);
}

std::string TimestampText(int64_t utc_micros, const TimeZone& zone) {
  // In seconds, since the wall clock of the last timestamps is beyond 64 bits of microseconds.
  const int64_t second = FloorDivide(utc_micros, kMicrosPerSecond);
  const int64_t local = second + zone.OffsetAt(second);
  DateTimeBuffer buffer;
  return std::string(WholeText(FloorDivide(local, kSecondsPerDay), FloorModulo(local, kSecondsPerDay),
                               FloorModulo(utc_micros, kMicrosPerSecond), buffer));
}

std::string_view TimeText(int64_t nanos, DateTimeBuffer& buffer) {
  char* out = WriteClock(buffer.bytes, nanos / 1'000'000'000);
  out = WriteFraction(out, nanos % 1'000'000'000, 9);
  return {buffer.bytes, static_cast<size_t>(out - buffer.bytes)};
}

}  // namespace firesteel
