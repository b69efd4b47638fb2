// Numbers as text in formats and back: to_number, try_to_number, to_char, to_varchar.
#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/function_options.h"
#include "functions/lower.h"
#include "functions/number_pattern.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

/// The format, a constant: none if it is NULL.
Result<std::optional<std::string>> FormatArgument(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 1, TypeId::kString));
  const auto* literal = std::get_if<logical::Literal>(&site.arguments[1]->node);
  if (literal != nullptr && literal->value.IsNull()) return std::optional<std::string>();
  FS_TRY(std::string text, ConstantText(site, 1, "format"));
  return std::optional(std::move(text));
}

Result<ExprPtr> BindToNumber(CallSite& site) {
  const bool is_try = site.name.starts_with("try_");
  FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
  FS_TRY(const std::optional<std::string> format, FormatArgument(site));
  DataType type = DataType::Decimal(10, 0);
  if (format) {
    FS_TRY(const NumberPattern pattern, NumberPattern::Compile(*format, site.origin));
    type = pattern.type();
  }
  return Built(site, site.name, type, is_try || !format || site.arguments[0]->nullable,
               is_try ? EvalMode::kTry : site.mode);
}

using Prepared = std::optional<NumberPattern>;

Result<std::shared_ptr<const void>> PreparePattern(const KernelContext& context) {
  auto prepared = std::make_shared<Prepared>();
  if (context.constants[1] && !context.constants[1]->IsNull()) {
    FS_TRY(*prepared, NumberPattern::Compile(context.constants[1]->As<std::string>(), Origin()));
  }
  return std::shared_ptr<const void>(std::move(prepared));
}

Result<std::optional<DecimalCell>> ToNumber(const KernelContext& context, std::string_view text, std::string_view) {
  const auto& pattern = context.Prepared<Prepared>();
  if (const auto value = pattern->Parse(text)) return std::optional(DecimalCell{*value});
  if (context.mode == EvalMode::kTry) return std::optional<DecimalCell>();
  return Error::Condition("INVALID_FORMAT.MISMATCH_INPUT",
                          {{"inputType", "\"STRING\""}, {"input", std::string(text)}, {"format", pattern->format()}})
      .As(ErrorClass::kIllegalArgument);
}

std::string ToChar(const KernelContext& context, DecimalCell number, std::string_view) {
  return context.Prepared<Prepared>()->Format(number.unscaled, context.argument_types[0].scale());
}

/// Dates, bytes and numbers are different functions under one name.
Result<ExprPtr> BindToChar(CallSite& site) {
  const bool varchar = EqualsIgnoreCase(site.name, "to_varchar");
  const DataType type = site.arguments[0]->type;
  if (type.IsDateOrTimestamp()) {
    FS_TRY(ExprPtr text, site.call("date_format", site.arguments));
    return UnderOwnName(text);
  }
  FS_TRY(const std::optional<std::string> format, FormatArgument(site));
  if (type.Is(TypeId::kBinary)) {
    const std::string lower = Lower(format.value_or(""));
    std::vector<ExprPtr> arguments = site.arguments;
    std::string_view name = "decode";
    if (lower == "hex" || lower == "base64") {
      name = lower == "hex" ? "hex" : "base64";
      arguments.resize(1);
    } else if (lower != "utf-8" && lower != "utf8") {
      return Error::Condition("INVALID_PARAMETER_VALUE.BINARY_FORMAT",
                              {{"functionName", ToSqlId(site.name)},
                               {"parameter", "`format`"},
                               {"invalidFormat", format ? Cat("'", *format, "'") : "NULL"}},
                              site.origin);
    }
    std::string shown = "to_varchar(";
    for (const ExprPtr& argument : arguments)
      Append(shown, shown.back() == '(' ? "" : ", ", logical::PrettyName(*argument));
    FS_TRY(ExprPtr text, site.call(name, std::move(arguments)));
    return varchar ? logical::Shown(text, shown + ")") : UnderOwnName(text);
  }
  FS_CHECK(CoerceArgument(site, 0, Class::kDecimal));
  if (format) FS_CHECK(NumberPattern::Compile(*format, site.origin));
  // to_varchar goes on under to_char's name.
  return UnderOwnName(Built(site, "to_char", TypeId::kString, !format || site.arguments[0]->nullable, site.mode));
}

Function Row(std::string_view name, Runs runs, Result<ExprPtr> (*bind)(CallSite&), std::string_view since,
             std::string_view doc, std::string_view example) {
  return {.name = name,
          .arguments = {{Class::kAny}, {Class::kAny}},
          .nulls = Nulls::kMaybe,
          .runs = std::move(runs),
          .bind = bind,
          .group = "string_funcs",
          .since = since,
          .doc = doc,
          .example = example};
}

}  // namespace

std::span<const Function> StringNumberFunctions() {
  static const std::vector<Function> rows = {
      Row("to_number", RowKernel<&ToNumber>(&PreparePattern), &BindToNumber, "3.3.0",
          "The number that a text in a format stands for.", "to_number('454', '999')"),
      Row("try_to_number", RowKernel<&ToNumber>(&PreparePattern), &BindToNumber, "3.3.0",
          "As to_number, NULL for text that does not match.", "try_to_number('454', '999')"),
      Row("to_char", RowKernel<&ToChar>(&PreparePattern), &BindToChar, "3.4.0",
          "A number, date or binary value as text in a format.", "to_char(454, '999')"),
      Row("to_varchar", RowKernel<&ToChar>(&PreparePattern), &BindToChar, "3.5.0",
          "A number, date or binary value as text in a format.", "to_varchar(454, '999')"),
  };
  return rows;
}

}  // namespace firesteel::functions
