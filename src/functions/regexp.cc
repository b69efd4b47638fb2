// Functions with regular expressions: rlike, regexp_extract, regexp_replace, split and their kin.
#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/code_points.h"
#include "functions/lower.h"
#include "functions/regexp_engine.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;

template <typename T>
const T* Constant(const ExprPtr& expr) {
  const auto* literal = std::get_if<logical::Literal>(&expr->node);
  return literal == nullptr ? nullptr : std::get_if<T>(&literal->value.data);
}

/// A pattern without special characters is a plain text.
bool IsPlain(std::string_view pattern) { return pattern.find_first_of("\\^$.|?*+()[]{}") == std::string_view::npos; }

// ---------------------------------------------------------------- rlike

enum class Named { kRlike, kRegexp, kRegexpLike };
template <Named kName>
Result<bool> Rlike(const KernelContext& context, std::string_view text, std::string_view pattern) {
  constexpr std::string_view kNames[] = {"rlike", "regexp", "regexp_like"};
  FS_TRY(const Regex* regex, CompiledRegex(pattern, kNames[static_cast<int>(kName)], context.origin));
  return regex->Find(text, 0, nullptr, context.origin);
}

Result<std::string> LowerRlike(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const std::string* pattern = Constant<std::string>(node.arguments[1]);
  if (pattern != nullptr && !pattern->empty() && IsPlain(*pattern))
    return Cat("contains(", arguments[0], ", ", arguments[1], ")");
  const ScalarKernel kernel = node.written == "regexp"        ? RowKernel<&Rlike<Named::kRegexp>>()
                              : node.written == "regexp_like" ? RowKernel<&Rlike<Named::kRegexpLike>>()
                                                              : RowKernel<&Rlike<Named::kRlike>>();
  return LowerKernel(kernel, call, {arguments.begin(), arguments.end()}, lowering);
}

std::string RlikeName(std::span<const std::string> arguments, const Expr& call) {
  const auto& node = std::get<Call>(call.node);
  return Cat(Upper(node.written.empty() ? node.function->name : node.written), "(", arguments[0], ", ", arguments[1],
             ")");
}

// ---------------------------------------------------------------- extract, count, position

// Spark's errors here and in replacements do not say where the call stands.
Status CheckGroup(const Regex& regex, int32_t group, std::string_view function) {
  if (group >= 0 && static_cast<size_t>(group) <= regex.group_count()) return {};
  return Error::Condition("INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
                          {{"functionName", ToSqlId(function)},
                           {"parameter", ToSqlId("idx")},
                           {"groupCount", std::to_string(regex.group_count())},
                           {"groupIndex", std::to_string(group)}})
      .As(ErrorClass::kRuntime);
}

// Spark looks at the group's number only once there is a match.
Result<std::string> RegexpExtract(const KernelContext& context, std::string_view text, std::string_view pattern,
                                  int32_t group) {
  FS_TRY(const Regex* regex, CompiledRegex(pattern, "regexp_extract", context.origin));
  Match match;
  FS_TRY(bool found, regex->Find(text, 0, &match, context.origin));
  if (!found) return std::string();
  FS_CHECK(CheckGroup(*regex, group, "regexp_extract"));
  return std::string(match.Text(text, static_cast<size_t>(group)));
}

Result<std::optional<std::string>> RegexpSubstr(const KernelContext& context, std::string_view text,
                                                std::string_view pattern) {
  FS_TRY(std::string found, RegexpExtract(context, text, pattern, 0));
  if (found.empty()) return std::optional<std::string>();
  return std::optional<std::string>(std::move(found));
}

Status RegexpExtractAll(const KernelContext& context, std::string_view text, std::string_view pattern, int32_t group,
                        ResultCell out) {
  FS_TRY(const Regex* regex, CompiledRegex(pattern, "regexp_extract_all", context.origin));
  std::vector<std::string_view> texts;
  Match match;
  for (size_t from = 0;; from = NextSearch(text, match)) {
    FS_TRY(bool found, regex->Find(text, from, &match, context.origin));
    if (!found) break;
    if (texts.empty()) FS_CHECK(CheckGroup(*regex, group, "regexp_extract_all"));
    texts.push_back(match.Text(text, static_cast<size_t>(group)));
  }
  const uint64_t at = out.vector->AppendList(out.row, texts.size());
  for (size_t i = 0; i < texts.size(); ++i) out.vector->child(0).SetString(at + i, texts[i]);
  return {};
}

Result<int32_t> RegexpCount(const KernelContext& context, std::string_view text, std::string_view pattern) {
  FS_TRY(const Regex* regex,
         CompiledRegex(pattern, "regexp_extract_all", context.origin));  // Spark counts what that finds
  Match match;
  int32_t count = 0;
  for (size_t from = 0;; from = NextSearch(text, match)) {
    FS_TRY(bool found, regex->Find(text, from, &match, context.origin));
    if (!found) return count;
    ++count;
  }
}

// Java counts UTF-16 units. The group's number means nothing.
Result<int32_t> RegexpInstr(const KernelContext& context, std::string_view text, std::string_view pattern, int32_t) {
  FS_TRY(const Regex* regex, CompiledRegex(pattern, "regexp_instr", context.origin));
  Match match;
  FS_TRY(bool found, regex->Find(text, 0, &match, context.origin));
  if (!found) return 0;
  int32_t position = 1;
  for (size_t at = 0; at < match.start(); at += CodePointBytes(text, at))
    position += CodePointBytes(text, at) == 4 ? 2 : 1;
  return position;
}

/// The group is not looked at where text or pattern is NULL.
Result<std::string> LowerRegexpInstr(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  FS_TRY(std::string sql, LowerKernel(RowKernel<&RegexpInstr>(), call, {arguments.begin(), arguments.end()}, lowering));
  if (std::holds_alternative<logical::Literal>(std::get<Call>(call.node).arguments[2]->node)) return sql;
  if (!MayRepeat(arguments[0]) || !MayRepeat(arguments[1])) return sql;
  return Cat("(CASE WHEN ", arguments[0], " IS NOT NULL AND ", arguments[1], " IS NOT NULL THEN ", sql, " END)");
}

// ---------------------------------------------------------------- replace

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Java's Matcher.appendReplacement: $1, ${name}, \x. False: the replacement is broken.
bool AppendReplacement(std::string& out, std::string_view replacement, std::string_view text, const Regex& regex,
                       const Match& match) {
  for (size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] == '\\') {
      if (++i == replacement.size()) return false;
      out += replacement[i];
    } else if (replacement[i] != '$') {
      out += replacement[i];
    } else if (++i == replacement.size()) {
      return false;
    } else if (replacement[i] == '{') {
      const size_t end = replacement.find('}', i);
      if (end == std::string_view::npos) return false;
      const int group = regex.GroupNumber(std::string(replacement.substr(i + 1, end - i - 1)));
      if (group < 0) return false;
      out += match.Text(text, static_cast<size_t>(group));
      i = end;
    } else if (IsDigit(replacement[i])) {
      // Further digits belong to the number as long as there is such a group.
      auto group = static_cast<size_t>(replacement[i] - '0');
      if (group > regex.group_count()) return false;
      while (i + 1 < replacement.size() && IsDigit(replacement[i + 1])) {
        const size_t longer = group * 10 + static_cast<size_t>(replacement[i + 1] - '0');
        if (longer > regex.group_count()) break;
        group = longer;
        ++i;
      }
      out += match.Text(text, group);
    } else {
      return false;
    }
  }
  return true;
}

Result<std::string> RegexpReplace(const KernelContext& context, std::string_view source, std::string_view pattern,
                                  std::string_view replacement, int32_t position) {
  FS_TRY(const Regex* regex, CompiledRegex(pattern, "regexp_replace", context.origin));
  // Positions count from 1; behind the end nothing is replaced. Anchors see the part from the position on.
  const size_t start = ByteOfCodePoint(source, std::max(0, position - 1));
  if (start >= source.size() && position > 1) return std::string(source);
  const std::string_view text = source.substr(start);
  std::string out(source.substr(0, start));
  Match match;
  size_t copied = 0;
  for (size_t from = 0;; from = NextSearch(text, match)) {
    FS_TRY(bool found, regex->Find(text, from, &match, context.origin));
    if (!found) break;
    out += text.substr(copied, match.start() - copied);
    copied = match.end();
    if (!AppendReplacement(out, replacement, text, *regex, match)) {
      return Error::Condition("INVALID_REGEXP_REPLACE", {{"source", std::string(source)},
                                                         {"pattern", std::string(pattern)},
                                                         {"replacement", std::string(replacement)},
                                                         {"position", std::to_string(position)}})
          .As(ErrorClass::kRuntime);
    }
  }
  out += text.substr(copied);
  return out;
}

Result<ExprPtr> BindRegexpReplace(CallSite& site) {
  for (size_t i = 0; i < 3; ++i) FS_CHECK(CoerceArgument(site, i, TypeId::kString));
  FS_CHECK(CoerceArgument(site, 3, TypeId::kInteger));
  const int64_t* position = Constant<int64_t>(site.arguments[3]);
  if (position != nullptr && *position <= 0) {
    return TypeMismatch(
        site, "VALUE_OUT_OF_RANGE",
        {{"exprName", "position"}, {"valueRange", "(0, 2147483647]"}, {"currentValue", std::to_string(*position)}});
  }
  return Built(site, site.name, TypeId::kString, AnyNullable(site.arguments), site.mode);
}

// ---------------------------------------------------------------- split

Status Split(const KernelContext& context, std::string_view text, std::string_view pattern, int32_t limit,
             ResultCell out) {
  std::vector<std::string_view> parts;
  if (pattern.empty() && !text.empty()) {
    size_t at = 0;
    while (at < text.size()) {
      const bool last = limit > 0 && parts.size() + 1 == static_cast<size_t>(limit);
      const size_t bytes = last ? text.size() - at : CodePointBytes(text, at);
      parts.push_back(text.substr(at, bytes));
      at += bytes;
    }
  } else {
    FS_TRY(const Regex* regex, CompiledRegex(pattern, "split", context.origin));
    Match match;
    size_t part = 0;
    for (size_t from = 0;; from = NextSearch(text, match)) {
      if (limit > 0 && parts.size() + 1 == static_cast<size_t>(limit)) break;
      FS_TRY(bool found, regex->Find(text, from, &match, context.origin));
      if (!found) break;
      if (match.end() == 0) continue;  // an empty match at the start gives no empty part
      parts.push_back(text.substr(part, match.start() - part));
      part = match.end();
    }
    parts.push_back(text.substr(part));
  }
  const uint64_t at = out.vector->AppendList(out.row, parts.size());
  for (size_t i = 0; i < parts.size(); ++i) out.vector->child(0).SetString(at + i, parts[i]);
  return {};
}

Result<std::string> LowerSplit(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const std::string* pattern = Constant<std::string>(node.arguments[1]);
  const int64_t* limit = Constant<int64_t>(node.arguments[2]);
  if (pattern != nullptr && limit != nullptr && *limit <= 0 && !pattern->empty() && IsPlain(*pattern)) {
    return Cat("string_split(", arguments[0], ", ", arguments[1], ")");
  }
  return LowerKernel(RowKernel<&Split>(), call, {arguments.begin(), arguments.end()}, lowering);
}

}  // namespace

std::span<const Function> RegexpFunctions() {
  static const DataType kString = TypeId::kString;
  static const DataType kInteger = TypeId::kInteger;
  static const TypePattern kText = TypeId::kString;
  static const Argument kGroup = {.type = TypeId::kInteger, .optional = true, .default_sql = "1"};
  static const std::vector<Function> rows = {
      {.name = "rlike",
       .aliases = {"regexp", "regexp_like"},
       .arguments = {{kText}, {kText}},
       .result = DataType(TypeId::kBoolean),
       .runs = &LowerRlike,
       .form = Form::kSpecial,
       .name_of = &RlikeName,
       .group = "predicate_funcs",
       .since = "1.0.0",
       .doc = "True if the pattern is found in the text.",
       .example = "rlike('Spark SQL', '^S.*L$')"},
      {.name = "regexp_extract",
       .arguments = {{kText}, {kText}, kGroup},
       .result = kString,
       .runs = RowKernel<&RegexpExtract>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "A group of the first match; empty if there is none.",
       .example = "regexp_extract('100-200', '(\\\\d+)-(\\\\d+)', 1)"},
      {.name = "regexp_extract_all",
       .arguments = {{kText}, {kText}, kGroup},
       .result = DataType::Array(kString, true),
       .runs = RowKernel<&RegexpExtractAll>(),
       .group = "string_funcs",
       .since = "3.1.0",
       .doc = "A group of every match.",
       .example = "regexp_extract_all('100-200, 300-400', '(\\\\d+)-(\\\\d+)', 1)"},
      {.name = "regexp_replace",
       .arguments = {{kText}, {kText}, {kText}, kGroup},
       .runs = RowKernel<&RegexpReplace>(),
       .bind = &BindRegexpReplace,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The text with every match replaced; $1 stands for a group.",
       .example = "regexp_replace('100-200', '(\\\\d+)', 'num')"},
      {.name = "regexp_count",
       .arguments = {{kText}, {kText}},
       .result = kInteger,
       .runs = RowKernel<&RegexpCount>(),
       .group = "string_funcs",
       .since = "3.4.0",
       .doc = "How often the pattern is found.",
       .example = "regexp_count('Steven and Stephen', 'Ste(v|ph)en')"},
      {.name = "regexp_substr",
       .arguments = {{kText}, {kText}},
       .result = kString,
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&RegexpSubstr>(),
       .group = "string_funcs",
       .since = "3.4.0",
       .doc = "The first match, or NULL.",
       .example = "regexp_substr('Steven and Stephen', 'Ste(v|ph)en')"},
      {.name = "regexp_instr",
       .arguments = {{kText}, {kText}, {.type = TypeId::kInteger, .optional = true, .default_sql = "0"}},
       .result = kInteger,
       .runs = &LowerRegexpInstr,
       .group = "string_funcs",
       .since = "3.4.0",
       .doc = "Where the first match starts, from 1; 0 if there is none.",
       .example = "regexp_instr('user@spark.apache.org', '@[^.]*')"},
      {.name = "split",
       .arguments = {{kText}, {kText}, {.type = TypeId::kInteger, .optional = true, .default_sql = "-1"}},
       .result = DataType::Array(kString, false),
       .runs = &LowerSplit,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The parts of the text between matches of a pattern.",
       .example = "split('oneAtwoBthreeC', '[ABC]')"},
  };
  return rows;
}

}  // namespace firesteel::functions
