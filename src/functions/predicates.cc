// Tests of one value against others: IN, BETWEEN, LIKE, IS NULL, isnan.
#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/comparison.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- IN

Result<DataType> BindIn(CallSite& site) {
  const DataType first = site.arguments[0]->type;
  const bool differ = std::any_of(site.arguments.begin(), site.arguments.end(),
                                  [&](const ExprPtr& e) { return !EqualButForNames(e->type, first); });
  if (differ) {
    std::vector<DataType> types;
    std::vector<std::string> names;
    for (const ExprPtr& argument : site.arguments) {
      types.push_back(argument->type);
      names.push_back(InDoubleQuotes(TypeSql(argument->type)));
    }
    const auto common = WiderType(types, site.settings);
    if (!common) {
      return TypeMismatch(site, "DATA_DIFF_TYPES",
                          {{"functionName", ToSqlId("in")}, {"dataType", Cat("[", Join(names, ", "), "]")}});
    }
    for (ExprPtr& argument : site.arguments) argument = CastIfNotSameType(argument, *common, site);
  }
  // DuckDB compares structs by their fields' names.
  for (ExprPtr& argument : site.arguments) {
    if (!argument->type.SameType(site.arguments[0]->type)) argument = CastTo(argument, site.arguments[0]->type, site);
  }
  const DataType& type = site.arguments[0]->type;
  if (!IsOrderable(type)) {
    return TypeMismatch(site, "INVALID_ORDERING_TYPE",
                        {{"functionName", ToSqlId("in")}, {"dataType", InDoubleQuotes(TypeSql(type))}});
  }
  return DataType(TypeId::kBoolean);
}

Result<std::string> LowerIn(const Expr&, std::span<const std::string> arguments, Lowering&) {
  const std::vector<std::string> list(arguments.begin() + 1, arguments.end());
  if (list.empty()) return std::string("false");  // isin([])
  return Cat("(", arguments[0], " IN (", Join(list, ", "), "))");
}

std::string InName(std::span<const std::string> arguments, const Expr&) {
  const std::vector<std::string> list(arguments.begin() + 1, arguments.end());
  return Cat("(", arguments[0], " IN (", Join(list, ", "), "))");
}

// ---------------------------------------------------------------- BETWEEN

Result<DataType> BindBetween(CallSite& site) {
  const DataType type = site.arguments[0]->type;
  std::optional<DataType> common;
  for (size_t i = 1; i < 3; ++i) {
    const DataType& other = site.arguments[i]->type;
    auto pair = ComparisonType(type, other, site.settings);
    if (!pair && EqualButForNames(type, other)) pair = type.AsNullable();
    if (!pair) {
      // Spark compares x >= low and x <= high: the error names the comparison.
      std::vector<ExprPtr> sides = {site.arguments[0], site.arguments[i]};
      FS_TRY(ExprPtr comparison, site.call(i == 1 ? ">=" : "<=", sides));
      (void)comparison;
    }
    common = common && pair ? ComparisonType(*common, *pair, site.settings) : pair;
    if (!common) return BinaryOpDiffTypes(site);
  }
  for (ExprPtr& argument : site.arguments) argument = CastIfNotSameType(argument, *common, site);
  return DataType(TypeId::kBoolean);
}

Result<std::string> LowerBetween(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  if (!node.arguments[0]->type.IsNested())
    return Cat("(", arguments[0], " BETWEEN ", arguments[1], " AND ", arguments[2], ")");
  constexpr auto kKernel = [](const KernelContext&, size_t rows, std::span<const InputVector> in,
                              OutputVector& out) -> Status {
    for (size_t row = 0; row < rows; ++row) {
      const Cell x{&in[0], row}, low{&in[1], row}, high{&in[2], row};
      const bool below = !x.IsNull() && !low.IsNull() && CompareCells(x, low) < 0;
      const bool above = !x.IsNull() && !high.IsNull() && CompareCells(x, high) > 0;
      if (!below && !above && (x.IsNull() || low.IsNull() || high.IsNull())) {
        out.SetNull(row);
      } else {
        out.Data<uint8_t>()[row] = !below && !above;
      }
    }
    return {};
  };
  return LowerKernel({+kKernel}, call, {arguments.begin(), arguments.end()}, lowering);
}

// ---------------------------------------------------------------- LIKE

Error InvalidEscape(std::string_view pattern, std::string_view what, char character) {
  const std::string format = ErrorValueText(Value(std::string(pattern)), TypeId::kString, "UTC");
  if (what == "END") return Error::Condition("INVALID_FORMAT.ESC_AT_THE_END", {{"format", format}});
  return Error::Condition("INVALID_FORMAT.ESC_IN_THE_MIDDLE", {{"format", format}, {"char", Cat("'", character, "'")}});
}

/// Spark: the escape character may stand only before itself, % and _.
Status CheckPattern(std::string_view pattern, char escape) {
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != escape) continue;
    if (i + 1 == pattern.size()) return InvalidEscape(pattern, "END", 0);
    const char next = pattern[++i];
    if (next != '%' && next != '_' && next != escape) return InvalidEscape(pattern, "MIDDLE", next);
  }
  return {};
}

size_t CodePointBytes(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

/// Greedy match with one point to go back to: linear in practice, quadratic at worst.
bool LikeMatches(std::string_view text, std::string_view pattern, char escape) {
  size_t t = 0, p = 0;
  size_t star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    bool matched = false;
    if (p < pattern.size()) {
      const char c = pattern[p];
      if (c == escape && p + 1 < pattern.size()) {
        if (pattern[p + 1] == text[t]) {
          p += 2;
          ++t;
          matched = true;
        }
      } else if (c == '%') {
        star = ++p;
        mark = t;
        matched = true;
      } else if (c == '_') {
        ++p;
        t = std::min(text.size(), t + CodePointBytes(static_cast<unsigned char>(text[t])));
        matched = true;
      } else if (c == text[t]) {
        ++p;
        ++t;
        matched = true;
      }
    }
    if (matched) continue;
    if (star == std::string_view::npos) return false;
    p = star;
    mark += CodePointBytes(static_cast<unsigned char>(text[mark]));
    t = mark;
    if (t > text.size()) return false;
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

Result<bool> Like(std::string_view text, std::string_view pattern, std::string_view escape) {
  const char c = escape.empty() ? '\\' : escape[0];
  FS_CHECK(CheckPattern(pattern, c));
  return LikeMatches(text, pattern, c);
}
Result<bool> LikeWithDefaultEscape(std::string_view text, std::string_view pattern) {
  return Like(text, pattern, "\\");
}

std::string LowerCase(std::string_view text) { return Lower(text); }

const std::string* StringConstant(const Expr& expr) {
  const auto* literal = std::get_if<logical::Literal>(&expr.node);
  return literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value.data);
}

Result<DataType> BindLike(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, Class::kStringAny));
  FS_CHECK(CoerceArgument(site, 1, Class::kStringAny));
  if (site.arguments.size() == 3) {
    const std::string* escape = StringConstant(*site.arguments[2]);
    if (escape == nullptr || escape->size() != 1) {
      return TypeMismatch(site, "INVALID_ARG_VALUE",
                          {{"inputName", "escape"},
                           {"requireType", "\"STRING\""},
                           {"validValues", "a single character"},
                           {"inputValue", logical::PrettyName(*site.arguments[2])}});
    }
  }
  return DataType(TypeId::kBoolean);
}

Result<std::string> LowerLike(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  std::string text = arguments[0], pattern = arguments[1];
  if (node.function->name == "ilike") {
    for (std::string* side : {&text, &pattern}) {
      FS_TRY(*side, LowerKernel(RowKernel<&LowerCase>(), {*side}, {TypeId::kString}, TypeId::kString, node.mode,
                                call.origin, lowering));
    }
  }
  const char escape = arguments.size() == 3 ? (*StringConstant(*node.arguments[2]))[0] : '\\';
  const std::string* constant = StringConstant(*node.arguments[1]);
  // Without the escape character LIKE is DuckDB's, which turns prefixes and suffixes into faster tests.
  if (constant != nullptr && constant->find(escape) == std::string::npos) return Cat("(", text, " LIKE ", pattern, ")");
  std::vector<std::string> texts = {text, pattern};
  if (arguments.size() == 3) texts.push_back(arguments[2]);
  const ScalarKernel kernel = texts.size() == 3 ? RowKernel<&Like>() : RowKernel<&LikeWithDefaultEscape>();
  return LowerKernel(kernel, call, std::move(texts), lowering);
}

std::string LikeName(std::span<const std::string> arguments, const Expr& call) {
  const std::string_view name = std::get<Call>(call.node).function->name;
  if (name == "ilike") return Cat("ilike(", arguments[0], ", ", arguments[1], ")");
  const std::string escape = arguments.size() == 3 ? Cat(" ESCAPE '", arguments[2], "'") : "";
  return Cat(arguments[0], " ", Upper(name), " ", arguments[1], escape);
}

/// x LIKE ANY ('a%', 'b%') and its kin: one LIKE for each pattern.
Result<ExprPtr> BindLikeMany(CallSite& site) {
  const bool negated = site.name.starts_with("@not"), all = site.name.ends_with("all");
  const ExprPtr value = site.arguments[0];
  std::vector<ExprPtr> tests;
  for (size_t i = 1; i < site.arguments.size(); ++i) {
    FS_TRY(ExprPtr like, site.call("like", {value, site.arguments[i]}));
    if (negated) {
      FS_TRY(like, site.call("not", {like}));
    }
    tests.push_back(std::move(like));
  }
  while (tests.size() > 1) {  // in pairs, so that the tree stays low
    std::vector<ExprPtr> pairs;
    for (size_t i = 0; i < tests.size(); i += 2) {
      if (i + 1 == tests.size()) {
        pairs.push_back(tests[i]);
        continue;
      }
      FS_TRY(ExprPtr pair, site.call(all ? "and" : "or", {tests[i], tests[i + 1]}));
      pairs.push_back(std::move(pair));
    }
    tests = std::move(pairs);
  }
  Expr whole = *tests[0];
  whole.nullable = true;  // Spark does not look at the value
  return logical::Shown(std::make_shared<const Expr>(std::move(whole)),
                        Cat(site.name.substr(1), "(", logical::PrettyName(*value), ")"));
}

Function LikeManyRow(std::string_view name, std::string_view example) {
  return {.name = name,
          .arguments = {{Class::kAny}, {.type = Class::kAny, .repeated = true}},
          .result = DataType(TypeId::kBoolean),
          .bind = &BindLikeMany,
          .group = "predicate_funcs",
          .since = "3.0.0",
          .doc = "The text against several patterns.",
          .example = example};
}

// ---------------------------------------------------------------- IS NULL, isnan

std::string IsNullName(std::span<const std::string> arguments, const Expr&) {
  return Cat("(", arguments[0], " IS NULL)");
}
std::string IsNotNullName(std::span<const std::string> arguments, const Expr&) {
  return Cat("(", arguments[0], " IS NOT NULL)");
}

/// IS UNKNOWN is IS NULL of booleans. Spark forgets the difference where it casts.
Result<ExprPtr> BindIsUnknown(CallSite& site) {
  const bool negated = site.name == "@isnotunknown";
  const bool boolean = site.arguments[0]->type.Is(TypeId::kBoolean);
  FS_CHECK(CoerceArgument(site, 0, TypeId::kBoolean));
  if (boolean) return Built(site, site.name, TypeId::kBoolean, false, site.mode);
  FS_TRY(ExprPtr test, site.call(negated ? "isnotnull" : "isnull", site.arguments));
  return UnderOwnName(test);
}
std::string IsUnknownName(std::span<const std::string> arguments, const Expr& call) {
  const bool negated = std::get<Call>(call.node).function->name == "@isnotunknown";
  return Cat("(", arguments[0], negated ? " IS NOT UNKNOWN)" : " IS UNKNOWN)");
}

}  // namespace

std::span<const Function> PredicateFunctions() {
  static const DataType kBool = TypeId::kBoolean;
  static const std::vector<Function> rows = {
      {.name = "in",
       .arguments = {{Class::kAny}, {.type = Class::kAny, .repeated = true}},
       .result = kBool,
       .runs = &LowerIn,
       .bind = &BindIn,
       .form = Form::kSpecial,
       .name_of = &InName,
       .group = "predicate_funcs",
       .since = "1.0.0",
       .doc = "True if the value equals one of the list; NULL if not and a NULL is involved.",
       .example = "1 in (1, 2, 3)"},
      {.name = "between",
       .arguments = {{Class::kAny}, {Class::kAny}, {Class::kAny}},
       .result = kBool,
       .runs = &LowerBetween,
       .bind = &BindBetween,
       .group = "predicate_funcs",
       .since = "4.0.0",
       .doc = "True if the value is from low to high, both included.",
       .example = "2 between 1 and 3"},
      {.name = "like",
       .arguments = {{Class::kAny}, {Class::kAny}, {.type = Class::kAny, .optional = true}},
       .result = kBool,
       .runs = &LowerLike,
       .bind = &BindLike,
       .form = Form::kSpecial,
       .name_of = &LikeName,
       .group = "predicate_funcs",
       .since = "1.0.0",
       .doc = "True if the text matches the pattern: % any characters, _ one, \\ or the given character escapes.",
       .example = "'Spark' like 'S%k'"},
      LikeManyRow("@likeany", "'Spark' LIKE ANY ('S%', 'P%')"),
      LikeManyRow("@likeall", "'Spark' LIKE ALL ('S%', '%k')"),
      LikeManyRow("@notlikeany", "'Spark' NOT LIKE ANY ('S%', 'P%')"),
      LikeManyRow("@notlikeall", "'Spark' NOT LIKE ALL ('P%', 'Q%')"),
      {.name = "ilike",
       .arguments = {{Class::kAny}, {Class::kAny}, {.type = Class::kAny, .optional = true}},
       .result = kBool,
       .runs = &LowerLike,
       .bind = &BindLike,
       .form = Form::kSpecial,
       .name_of = &LikeName,
       .group = "predicate_funcs",
       .since = "3.3.0",
       .doc = "As like, without regard to case.",
       .example = "'Spark' ilike 's%K'"},
      {.name = "isnull",
       .arguments = {{Class::kAny}},
       .result = kBool,
       .nulls = Nulls::kNever,
       .runs = Sql{"({0} IS NULL)"},
       .form = Form::kSpecial,
       .name_of = &IsNullName,
       .group = "predicate_funcs",
       .since = "1.0.0",
       .doc = "True if the value is NULL.",
       .example = "isnull(1)"},
      {.name = "isnotnull",
       .arguments = {{Class::kAny}},
       .result = kBool,
       .nulls = Nulls::kNever,
       .runs = Sql{"({0} IS NOT NULL)"},
       .form = Form::kSpecial,
       .name_of = &IsNotNullName,
       .group = "predicate_funcs",
       .since = "1.0.0",
       .doc = "True if the value is not NULL.",
       .example = "isnotnull(1)"},
      {.name = "@isunknown",
       .arguments = {{Class::kAny}},
       .result = kBool,
       .nulls = Nulls::kNever,
       .runs = Sql{"({0} IS NULL)"},
       .bind = &BindIsUnknown,
       .form = Form::kSpecial,
       .name_of = &IsUnknownName,
       .group = "predicate_funcs",
       .since = "3.0.0",
       .doc = "True if the boolean is NULL.",
       .example = "NULL IS UNKNOWN"},
      {.name = "@isnotunknown",
       .arguments = {{Class::kAny}},
       .result = kBool,
       .nulls = Nulls::kNever,
       .runs = Sql{"({0} IS NOT NULL)"},
       .bind = &BindIsUnknown,
       .form = Form::kSpecial,
       .name_of = &IsUnknownName,
       .group = "predicate_funcs",
       .since = "3.0.0",
       .doc = "True if the boolean is not NULL.",
       .example = "true IS NOT UNKNOWN"},
      {.name = "isnan",
       .arguments = {{TypePattern::OneOf({TypeId::kDouble, TypeId::kFloat})}},
       .result = kBool,
       .nulls = Nulls::kNever,
       .runs = Sql{"coalesce(isnan({0}), false)"},
       .group = "predicate_funcs",
       .since = "1.5.0",
       .doc = "True if the number is NaN; false for NULL.",
       .example = "isnan(double('NaN'))"},
  };
  return rows;
}

}  // namespace firesteel::functions
