// The checks of parameters and their conditions.
#include "types/type_validation.h"

#include <unicode/locid.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace firesteel {

Result<DataType> CheckedDecimal(int64_t precision, int64_t scale) {
  if (scale < 0) {
    return Error::Condition(
        "NEGATIVE_SCALE_DISALLOWED",
        {{"scale", std::to_string(scale)}, {"sqlConf", ToSqlConf("spark.sql.legacy.allowNegativeScaleOfDecimal")}});
  }
  if (scale > precision) {
    return Error::Condition("_LEGACY_ERROR_TEMP_1228",
                            {{"scale", std::to_string(scale)}, {"precision", std::to_string(precision)}});
  }
  if (precision > kDecimalPrecisionMax) {
    return Error::Condition(
               "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
               {{"precision", std::to_string(precision)}, {"maxPrecision", std::to_string(kDecimalPrecisionMax)}})
        .As(ErrorClass::kArithmetic);
  }
  return DataType::Decimal(static_cast<int>(precision), static_cast<int>(scale));
}

Result<DataType> CheckedTime(int64_t precision) {
  constexpr int kTimePrecisionMax = 6;
  if (precision < 0 || precision > kTimePrecisionMax) {
    return Error::Condition("UNSUPPORTED_TIME_PRECISION", {{"precision", std::to_string(precision)}})
        .As(ErrorClass::kSpark);
  }
  return DataType::Time(static_cast<int>(precision));
}

Result<DataType> CheckedChar(int64_t length) {
  if (length < 0) {
    return Error::Condition("INTERNAL_ERROR", {{"message", "The length of char type cannot be negative."}})
        .As(ErrorClass::kSpark);
  }
  return DataType::Char(static_cast<int>(length));
}

Result<DataType> CheckedVarchar(int64_t length) {
  if (length < 0) {
    return Error::Condition("INTERNAL_ERROR", {{"message", "The length of varchar type cannot be negative."}})
        .As(ErrorClass::kSpark);
  }
  return DataType::Varchar(static_cast<int>(length));
}

namespace {
std::string NearestRoot(const std::string& name, const std::vector<std::string>& roots) {
  return *std::min_element(roots.begin(), roots.end(), [&](const std::string& a, const std::string& b) {
    return LevenshteinDistance(a, name) < LevenshteinDistance(b, name);
  });
}

/// "DE", "SR_CYRL_SRB": Spark has collations for ICU's locales, by language, script and three-letter country.
bool NamesLocale(const std::string& upper) {
  std::string language = Lower(upper.substr(0, upper.find('_')));
  int32_t count = 0;
  const icu::Locale* locales = icu::Locale::getAvailableLocales(count);
  for (int32_t i = 0; i < count; ++i) {
    if (language == locales[i].getLanguage()) return true;
  }
  return false;
}
}  // namespace

Result<DataType> CheckedCollation(const std::string& name) {
  static const std::vector<std::string> kRoots = {"UTF8_BINARY", "UTF8_LCASE", "UNICODE"};
  std::string upper = Upper(name);
  // A name is a root or a locale, then modifiers in any order: case, accent sensitivity and trimming.
  std::string rest = upper;
  std::string kept;
  bool known = false;
  for (const std::string& root : kRoots) {
    if (rest == root || rest.starts_with(root + "_")) {
      known = true;
      kept = root;
      rest = rest.substr(root.size());
      break;
    }
  }
  bool case_insensitive = false;
  bool accent_insensitive = false;
  bool trim = false;
  while (known && !rest.empty()) {
    auto take = [&](std::string_view modifier) {
      if (rest != modifier && !rest.starts_with(std::string(modifier) + "_")) return false;
      rest = rest.substr(modifier.size());
      return true;
    };
    const bool icu = kept == "UNICODE";
    if (take("_RTRIM"))
      trim = true;
    else if (icu && (take("_CS") || take("_AS")))
      continue;
    else if (icu && take("_CI"))
      case_insensitive = true;
    else if (icu && take("_AI"))
      accent_insensitive = true;
    else
      known = false;
  }
  if (!known && NamesLocale(upper)) return Error::Unsupported("collation " + name);
  if (!known) {
    return Error::Condition("COLLATION_INVALID_NAME",
                            {{"collationName", name}, {"proposals", NearestRoot(upper, kRoots)}})
        .As(ErrorClass::kSpark);
  }
  return DataType::Collated(kept + (case_insensitive ? "_CI" : "") + (accent_insensitive ? "_AI" : "") +
                            (trim ? "_RTRIM" : ""));
}

}  // namespace firesteel
