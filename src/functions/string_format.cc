// Numbers and other values in formats: format_number, format_string.
#include <unicode/dcfmtsym.h>
#include <unicode/decimfmt.h>

#include <cmath>
#include <cstdio>

#include "base/cat.h"
#include "base/java_exception.h"
#include "functions/bind.h"
#include "functions/decimal_digits.h"
#include "functions/java_formatter.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- format_number: java.text.DecimalFormat in Locale.US

constexpr int kPlacesMax = 340;  // what a DecimalFormat writes of a double or a long
constexpr int kDecimalPlacesMax = 1 << 20;

/// Text that Double.toString or BigDecimal.toPlainString give, and the exact one where a double is to be cut.
std::string NumberText(const Cell& number, int64_t places) {
  const InputVector& vector = *number.vector;
  switch (vector.type.id()) {
    case TypeId::kByte:
      return Cat(static_cast<int>(vector.At<int8_t>(number.row)));
    case TypeId::kShort:
      return Cat(vector.At<int16_t>(number.row));
    case TypeId::kInteger:
      return Cat(vector.At<int32_t>(number.row));
    case TypeId::kLong:
      return Cat(vector.At<int64_t>(number.row));
    case TypeId::kDecimal:
      return DecimalPlainText(vector.DecimalAt(number.row), vector.type.scale());
    default:
      break;
  }
  const double value = vector.type.Is(TypeId::kFloat) ? vector.At<float>(number.row) : vector.At<double>(number.row);
  std::string text = DoubleText(value);
  if (!std::isfinite(value) || DecimalDigits::Of(text).Places() <= places) return text;
  // Rounded half even as the binary number is, not as its shortest text.
  char exact[400];
  std::snprintf(exact, sizeof(exact), "%.*f", static_cast<int>(places), value);
  return exact;
}

/// Rounds half even; doubles come rounded already.
void RoundHalfEven(DecimalDigits& number, int64_t places) {
  if (number.Places() <= places) return;
  const int64_t kept = number.exponent + places;
  const bool half = kept >= 0 && kept + 1 == static_cast<int64_t>(number.digits.size()) &&
                    number.digits[static_cast<size_t>(kept)] == '5';
  if (half && (kept == 0 || (number.digits[static_cast<size_t>(kept - 1)] - '0') % 2 == 0))
    number.digits.pop_back();  // down: what is left has no more digits than wanted
  number.RoundToDigits(kept);
}

std::optional<double> NotFinite(const Cell& number) {
  const InputVector& vector = *number.vector;
  if (!vector.type.IsFractional()) return {};
  const double value = vector.type.Is(TypeId::kFloat) ? vector.At<float>(number.row) : vector.At<double>(number.row);
  if (std::isfinite(value)) return {};
  return value;
}

Result<std::optional<std::string>> FormatWithPlaces(Cell number, int32_t places) {
  if (places < 0) return std::optional<std::string>();
  if (const auto value = NotFinite(number))
    return std::optional<std::string>(std::isnan(*value) ? "NaN" : *value > 0 ? "∞" : "-∞");
  const bool decimal = number.type().Is(TypeId::kDecimal);
  if (!decimal) places = std::min(places, kPlacesMax);
  if (places > kDecimalPlacesMax) return Error::Unsupported(Cat("format_number with ", places, " decimal places"));
  DecimalDigits digits = DecimalDigits::Of(NumberText(number, places));
  RoundHalfEven(digits, places);
  return std::optional(Cat(digits.negative ? "-" : "", GroupedByThousands(digits.Whole()), places > 0 ? "." : "",
                           digits.Fraction(places)));
}

/// Java's pattern as ICU reads it. Java takes digits wherever they stand, also behind what then belongs to the suffix; letters that only
/// ICU knows are quoted.
std::string IcuPattern(std::string_view pattern) {
  std::string out, prefix, number, exponent, suffix;
  const auto finish = [&] {
    Append(out, prefix, number, exponent, suffix);
    for (std::string* part : {&prefix, &number, &exponent, &suffix}) part->clear();
  };
  bool in_quotes = false, in_number = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\'') in_quotes = !in_quotes;
    if (!in_quotes && std::string_view("#0,.").find(c) != std::string_view::npos) {
      number += c;
      in_number = true;
      continue;
    }
    if (in_number && c == 'E' && exponent.empty() && pattern.substr(i + 1).starts_with('0')) {
      exponent = "E";
      for (; i + 1 < pattern.size() && pattern[i + 1] == '0'; ++i) exponent += '0';
    } else if (!in_quotes && c == ';') {
      finish();
      out += c;
    } else {
      const bool foreign = !in_quotes && (c == '@' || c == '*' || c == '+' || (c >= '1' && c <= '9'));
      Append(number.empty() ? prefix : suffix, foreign ? "'" : "", std::string_view(&c, 1), foreign ? "'" : "");
    }
    in_number = false;
  }
  finish();
  return out;
}

using PatternFormat = std::shared_ptr<const icu::DecimalFormat>;

Result<PatternFormat> CompilePattern(std::string_view pattern) {
  if (pattern.empty()) pattern = "#,###,###,###,###,###,##0";
  UErrorCode status = U_ZERO_ERROR;
  const icu::DecimalFormatSymbols symbols(icu::Locale::getUS(), status);
  auto format =
      std::make_shared<icu::DecimalFormat>(icu::UnicodeString::fromUTF8(IcuPattern(pattern)), symbols, status);
  if (U_FAILURE(status)) return JavaException(kIllegalArgumentClasses, Cat("Malformed pattern \"", pattern, "\""));
  format->setSecondaryGroupingSize(0);
  format->setRoundingMode(icu::DecimalFormat::kRoundHalfEven);
  return PatternFormat(std::move(format));
}

Result<std::shared_ptr<const void>> PreparePattern(const KernelContext& context) {
  auto prepared = std::make_shared<PatternFormat>();
  if (context.constants[1] && !context.constants[1]->IsNull()) {
    FS_TRY(*prepared, CompilePattern(context.constants[1]->As<std::string>()));
  }
  return std::shared_ptr<const void>(std::move(prepared));
}

Result<std::string> FormatWithPattern(const KernelContext& context, Cell number, std::string_view pattern) {
  PatternFormat format = context.Prepared<PatternFormat>();
  if (format == nullptr) {
    FS_TRY(format, CompilePattern(pattern));
  }
  icu::UnicodeString text;
  UErrorCode status = U_ZERO_ERROR;
  if (const auto value = NotFinite(number)) {
    if (std::isnan(*value)) return std::string("NaN");
    format->format(*value, text, nullptr, status);
  } else {
    const bool scaled = format->getMultiplier() != 1 || format->isScientificNotation();
    const std::string digits = NumberText(number, scaled ? kPlacesMax : format->getMaximumFractionDigits());
    format->format(icu::StringPiece(digits), text, nullptr, status);
  }
  if (U_FAILURE(status)) return Error::Internal(Cat("ICU: ", u_errorName(status)));
  std::string out;
  text.toUTF8String(out);
  return out;
}

Result<std::string> LowerFormatNumber(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const bool pattern = std::get<logical::Call>(call.node).arguments[1]->type.Is(TypeId::kString);
  return LowerKernel(pattern ? RowKernel<&FormatWithPattern>(&PreparePattern) : RowKernel<&FormatWithPlaces>(), call,
                     {arguments.begin(), arguments.end()}, lowering);
}

// ---------------------------------------------------------------- format_string

Result<ExprPtr> BindFormatString(CallSite& site) {
  if (const auto* literal = std::get_if<logical::Literal>(&site.arguments[0]->node)) {
    const auto* format = std::get_if<std::string>(&literal->value.data);
    if (format != nullptr && format->find("%0$") != std::string::npos)
      return Error::Condition("INVALID_PARAMETER_VALUE.ZERO_INDEX",
                              {{"parameter", "`strfmt`"}, {"functionName", "`format_string`"}}, site.origin);
  }
  FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
  return Built(site, site.name, TypeId::kString, site.arguments[0]->nullable, site.mode);
}

using Compiled = std::optional<JavaFormatter>;

// A format that is no format fails when a row is printed: queries without rows succeed.
Result<std::shared_ptr<const void>> PrepareFormat(const KernelContext& context) {
  auto prepared = std::make_shared<Compiled>();
  if (context.constants[0] && !context.constants[0]->IsNull()) {
    Result<JavaFormatter> compiled = JavaFormatter::Compile(context.constants[0]->As<std::string>());
    if (compiled.ok()) *prepared = std::move(*compiled);
  }
  return std::shared_ptr<const void>(std::move(prepared));
}

Status FormatStringKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in,
                          OutputVector& out) {
  const Compiled& prepared = context.Prepared<Compiled>();
  std::vector<Cell> values;
  std::string text;
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    values.clear();
    for (const InputVector& argument : in.subspan(1)) values.push_back({&argument, row});
    text.clear();
    if (prepared) {
      FS_CHECK(prepared->Append(values, text));
    } else {
      FS_TRY(JavaFormatter formatter, JavaFormatter::Compile(in[0].StringAt(row)));
      FS_CHECK(formatter.Append(values, text));
    }
    out.SetString(row, text);
  }
  return {};
}

}  // namespace

std::span<const Function> StringFormatFunctions() {
  static const std::vector<Function> rows = {
      {.name = "format_number",
       .arguments = {{TypePattern(Class::kNumeric).Exactly()},
                     {TypePattern::OneOf({TypeId::kInteger, TypeId::kString}).Exactly()}},
       .result = DataType(TypeId::kString),
       .nulls = Nulls::kMaybe,
       .runs = &LowerFormatNumber,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "A number with thousands grouped and so many decimal places, or by a pattern.",
       .example = "format_number(12332.123456, 4)"},
      {.name = "format_string",
       .aliases = {"printf"},
       .arguments = {{Class::kAny}, {.type = Class::kAny, .repeated = true}},
       .runs = ScalarKernel{&FormatStringKernel, &PrepareFormat},
       .bind = &BindFormatString,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "Values put into a text as printf does.",
       .example = "format_string('Hello World %d %s', 100, 'days')"},
  };
  return rows;
}

}  // namespace firesteel::functions
