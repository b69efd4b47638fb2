// Choices between values: CASE, if, coalesce and its kin, greatest and least.
#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/comparison.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/topics.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

Error BranchesDiffer(const CallSite& site, std::string_view function, std::span<const ExprPtr> branches) {
  std::vector<std::string> names;
  for (const ExprPtr& branch : branches) names.push_back(InDoubleQuotes(TypeSql(branch->type)));
  return TypeMismatch(site, "DATA_DIFF_TYPES",
                      {{"functionName", ToSqlId(function)}, {"dataType", Cat("[", Join(names, ", "), "]")}});
}

/// Brings the arguments at `indexes` to one type; the types that Spark looks at are theirs in that order.
Result<DataType> Unify(CallSite& site, const std::vector<size_t>& indexes, std::string_view function) {
  std::vector<DataType> types;
  std::vector<ExprPtr> branches;
  bool same = true;
  for (size_t i : indexes) {
    types.push_back(site.arguments[i]->type);
    branches.push_back(site.arguments[i]);
    same = same && types.back().SameType(types.front());
  }
  const auto common = WiderType(types, site.settings);
  if (!common) return BranchesDiffer(site, function, branches);
  if (!same) {
    for (size_t i : indexes) site.arguments[i] = CastIfNotSameType(site.arguments[i], *common, site);
  }
  return *common;
}

// ---------------------------------------------------------------- CASE and if

Result<ExprPtr> BindWhen(CallSite& site) {
  std::vector<size_t> values;
  const size_t count = site.arguments.size();
  for (size_t i = 1; i < count; i += 2) values.push_back(i);
  const bool has_else = count % 2 == 1;
  if (has_else) values.push_back(count - 1);
  for (size_t i = 0; i + 1 < count; i += 2) {
    if (!site.arguments[i]->type.Is(TypeId::kBoolean)) {
      // Spark counts the conditions, not the arguments.
      return TypeMismatch(site, "UNEXPECTED_INPUT_TYPE",
                          {{"paramIndex", Ordinal(i / 2)},
                           {"requiredType", "\"BOOLEAN\""},
                           {"inputSql", ToSqlExpr(logical::PrettyName(*site.arguments[i]))},
                           {"inputType", InDoubleQuotes(TypeSql(site.arguments[i]->type))}});
    }
  }
  FS_TRY(DataType type, Unify(site, values, "casewhen"));
  bool nullable = !has_else;
  bool value_nullable = false;
  for (size_t i = 0; i + 1 < count; i += 2) {
    value_nullable = value_nullable || site.arguments[i + 1]->nullable;
    // What stands behind a condition that is always true is never reached.
    const auto* constant = std::get_if<logical::Literal>(&site.arguments[i]->node);
    if (constant != nullptr && constant->value == Value(true)) {
      return Built(site, "when", type, value_nullable, site.mode);
    }
  }
  nullable = nullable || value_nullable || (has_else && site.arguments[count - 1]->nullable);
  return Built(site, "when", type, nullable, site.mode);
}

Result<std::string> LowerWhen(const Expr&, std::span<const std::string> arguments, Lowering&) {
  std::string sql = "CASE";
  size_t i = 0;
  for (; i + 1 < arguments.size(); i += 2) Append(sql, " WHEN ", arguments[i], " THEN ", arguments[i + 1]);
  if (i < arguments.size()) Append(sql, " ELSE ", arguments[i]);
  return Cat("(", sql, " END)");
}

std::string WhenName(std::span<const std::string> arguments, const Expr&) {
  std::string name = "CASE";
  size_t i = 0;
  for (; i + 1 < arguments.size(); i += 2) Append(name, " WHEN ", arguments[i], " THEN ", arguments[i + 1]);
  if (i < arguments.size()) Append(name, " ELSE ", arguments[i]);
  return name + " END";
}

Result<ExprPtr> BindIf(CallSite& site) {
  if (site.arguments[0]->type.Is(TypeId::kNull)) site.arguments[0] = CastTo(site.arguments[0], TypeId::kBoolean, site);
  if (!site.arguments[0]->type.Is(TypeId::kBoolean)) return UnexpectedInputType(site, 0, "\"BOOLEAN\"");
  FS_TRY(DataType type, Unify(site, {1, 2}, "if"));
  const bool nullable = site.arguments[1]->nullable || site.arguments[2]->nullable;
  return Built(site, site.name, type, nullable, site.mode);
}

std::string IfName(std::span<const std::string> arguments, const Expr&) {
  return Cat("(IF(", arguments[0], ", ", arguments[1], ", ", arguments[2], "))");
}

// ---------------------------------------------------------------- coalesce and its kin

Error DiffersAsCoalesce(const CallSite& site, std::vector<ExprPtr> arguments) {
  std::vector<ExprPtr> copy = std::move(arguments);
  CallSite coalesce{"coalesce", copy, site.mode, site.settings, site.origin, site.bind_lambda, site.call};
  return DataDiffTypes(coalesce);
}

/// Spark rewrites these to coalesce before it checks types, so errors speak of coalesce.
Result<ExprPtr> BindCoalesce(CallSite& site) {
  std::vector<DataType> types;
  for (const ExprPtr& argument : site.arguments) types.push_back(argument->type);
  const auto common = WiderType(types, site.settings);
  if (!common) return DiffersAsCoalesce(site, site.arguments);
  bool nullable = true;
  for (ExprPtr& argument : site.arguments) {
    argument = CastIfNotSameType(argument, *common, site);
    nullable = nullable && argument->nullable;
  }
  return Built(site, site.name, *common, nullable, site.mode);
}

Result<ExprPtr> BindNvl2(CallSite& site) {
  FS_TRY(DataType type, Unify(site, {1, 2}, "if"));
  const bool nullable = site.arguments[1]->nullable || site.arguments[2]->nullable;
  return Built(site, site.name, type, nullable, site.mode);
}

/// nullif(a, b) is if(a = b, NULL, a): the comparison coerces copies, the answer keeps a's type. The comparison is a hidden
/// third argument.
Result<ExprPtr> BindNullif(CallSite& site) {
  const ExprPtr& value = site.arguments[0];
  const ExprPtr& other = site.arguments[1];
  Result<ExprPtr> equal = site.call("=", {value, other});
  // Spark computes the value once and compares a reference to it.
  if (!equal.ok()) return site.call("=", {logical::Shown(value, "commonexpressionref()"), other});
  const DataType type = site.arguments[0]->type;
  site.arguments.push_back(*equal);
  return Built(site, site.name, type, true, site.mode);
}

Result<ExprPtr> BindNullifzero(CallSite& site) {
  FS_TRY(ExprPtr equal,
         site.call("=", {site.arguments[0], LiteralOf(Value(int64_t{0}), TypeId::kInteger, site.origin)}));
  const DataType type = site.arguments[0]->type;
  site.arguments.push_back(equal);
  return Built(site, site.name, type, true, site.mode);
}

std::string FirstTwoName(std::span<const std::string> arguments, const Expr& call) {
  return Cat(std::get<Call>(call.node).function->name, "(", arguments[0], ", ", arguments[1], ")");
}
std::string FirstName(std::span<const std::string> arguments, const Expr& call) {
  return Cat(std::get<Call>(call.node).function->name, "(", arguments[0], ")");
}

Result<ExprPtr> BindZeroifnull(CallSite& site) {
  site.arguments.push_back(LiteralOf(Value(int64_t{0}), TypeId::kInteger, site.origin));
  return BindCoalesce(site);
}

// ---------------------------------------------------------------- greatest, least, nanvl

Result<DataType> BindExtreme(CallSite& site) {
  if (site.arguments.size() < 2) {
    return WrongArgumentCount(site, "> 1", {});
  }
  std::vector<DataType> types;
  bool same = true;
  for (const ExprPtr& argument : site.arguments) {
    types.push_back(argument->type);
    same = same && types.back().SameType(types.front());
  }
  const auto common = WiderTypeWithoutStrings(types, site.settings.ansi);
  if (!common) return BranchesDiffer(site, site.name, site.arguments);
  if (!same) {
    for (ExprPtr& argument : site.arguments) argument = CastIfNotSameType(argument, *common, site);
  }
  if (!IsOrderable(*common)) {
    return TypeMismatch(site, "INVALID_ORDERING_TYPE",
                        {{"functionName", ToSqlId(site.name)}, {"dataType", InDoubleQuotes(TypeSql(*common))}});
  }
  return *common;
}

template <int kSign>
Status ExtremeKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    const InputVector* best = nullptr;
    for (const InputVector& argument : in) {
      if (argument.IsNull(row)) continue;
      if (best == nullptr || CompareCells({&argument, row}, {best, row}) * kSign > 0) best = &argument;
    }
    if (best == nullptr) {
      out.SetNull(row);
    } else {
      out.Copy(row, *best, row);
    }
  }
  return {};
}

Result<std::string> LowerExtreme(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const std::string_view name = std::get<Call>(call.node).function->name;
  const std::vector<std::string> texts(arguments.begin(), arguments.end());
  if (!call.type.IsNested()) return Cat(name, "(", Join(texts, ", "), ")");
  return LowerKernel({name == "greatest" ? &ExtremeKernel<1> : &ExtremeKernel<-1>}, call, texts, lowering);
}

Result<DataType> BindNanvl(CallSite& site) {
  ExprPtr& left = site.arguments[0];
  ExprPtr& right = site.arguments[1];
  const TypePattern floating = TypePattern::OneOf({TypeId::kDouble, TypeId::kFloat});
  if (left->type.Is(TypeId::kDouble) && right->type.Is(TypeId::kFloat)) right = CastTo(right, TypeId::kDouble, site);
  if (left->type.Is(TypeId::kFloat) && right->type.Is(TypeId::kDouble)) left = CastTo(left, TypeId::kDouble, site);
  if (right->type.Is(TypeId::kNull)) right = CastTo(right, left->type, site);
  FS_CHECK(CoerceArgument(site, 0, floating));
  FS_CHECK(CoerceArgument(site, 1, floating));
  if (!(left->type == right->type)) right = CastTo(right, left->type, site);
  return left->type;
}

const Argument kAny{Class::kAny};
const Argument kRest{.type = Class::kAny, .repeated = true};

}  // namespace

std::span<const Function> ConditionalFunctions() {
  static const std::vector<Function> rows = {
      {.name = "when",
       .arguments = {kAny, kAny, kRest},
       .runs = &LowerWhen,
       .bind = &BindWhen,
       .form = Form::kSpecial,
       .name_of = &WhenName,
       .group = "conditional_funcs",
       .since = "1.0.1",
       .doc = "The value of the first condition that is true, else the last value or NULL.",
       .example = "CASE WHEN 1 > 0 THEN 1 ELSE 2 END"},
      {.name = "if",
       .arguments = {kAny, kAny, kAny},
       .runs = Sql{"(CASE WHEN {0} THEN {1} ELSE {2} END)"},
       .bind = &BindIf,
       .form = Form::kSpecial,
       .name_of = &IfName,
       .group = "conditional_funcs",
       .since = "1.0.0",
       .doc = "The second argument if the first is true, else the third.",
       .example = "if(1 < 2, 'a', 'b')"},
      {.name = "coalesce",
       .arguments = {kAny, kRest},
       .runs = Sql{"coalesce({*})"},
       .bind = &BindCoalesce,
       .group = "conditional_funcs",
       .since = "1.0.0",
       .doc = "The first argument that is not NULL.",
       .example = "coalesce(NULL, 1, NULL)"},
      {.name = "nvl",
       .arguments = {kAny, kAny},
       .runs = Sql{"coalesce({*})"},
       .bind = &BindCoalesce,
       .group = "conditional_funcs",
       .since = "2.0.0",
       .doc = "The first argument, or the second if that is NULL.",
       .example = "nvl(NULL, 2)"},
      {.name = "ifnull",
       .arguments = {kAny, kAny},
       .runs = Sql{"coalesce({*})"},
       .bind = &BindCoalesce,
       .group = "conditional_funcs",
       .since = "2.0.0",
       .doc = "The first argument, or the second if that is NULL.",
       .example = "ifnull(NULL, 2)"},
      {.name = "nvl2",
       .arguments = {kAny, kAny, kAny},
       .runs = Sql{"(CASE WHEN {0} IS NOT NULL THEN {1} ELSE {2} END)"},
       .bind = &BindNvl2,
       .group = "conditional_funcs",
       .since = "2.0.0",
       .doc = "The second argument if the first is not NULL, else the third.",
       .example = "nvl2(NULL, 2, 1)"},
      {.name = "nullif",
       .arguments = {kAny, kAny},
       .runs = Sql{"(CASE WHEN {2} THEN NULL ELSE {0} END)"},
       .bind = &BindNullif,
       .form = Form::kSpecial,
       .name_of = &FirstTwoName,
       .group = "conditional_funcs",
       .since = "2.0.0",
       .doc = "NULL if both are equal, else the first.",
       .example = "nullif(2, 2)"},
      {.name = "nullifzero",
       .arguments = {kAny},
       .runs = Sql{"(CASE WHEN {1} THEN NULL ELSE {0} END)"},
       .bind = &BindNullifzero,
       .form = Form::kSpecial,
       .name_of = &FirstName,
       .group = "conditional_funcs",
       .since = "4.0.0",
       .doc = "NULL if the number is 0.",
       .example = "nullifzero(0)"},
      {.name = "zeroifnull",
       .arguments = {kAny},
       .runs = Sql{"coalesce({*})"},
       .bind = &BindZeroifnull,
       .form = Form::kSpecial,
       .name_of = &FirstName,
       .group = "conditional_funcs",
       .since = "4.0.0",
       .doc = "0 if the number is NULL.",
       .example = "zeroifnull(NULL)"},
      {.name = "greatest",
       .arguments = {kRest},
       .nulls = Nulls::kIfAll,
       .runs = &LowerExtreme,
       .bind = &BindExtreme,
       .group = "conditional_funcs",
       .since = "1.5.0",
       .doc = "The largest of the arguments that are not NULL.",
       .example = "greatest(10, 9, 2)"},
      {.name = "least",
       .arguments = {kRest},
       .nulls = Nulls::kIfAll,
       .runs = &LowerExtreme,
       .bind = &BindExtreme,
       .group = "conditional_funcs",
       .since = "1.5.0",
       .doc = "The smallest of the arguments that are not NULL.",
       .example = "least(10, 9, 2)"},
      {.name = "nanvl",
       .arguments = {kAny, kAny},
       .runs = Sql{"(CASE WHEN isnan({0}) THEN {1} ELSE {0} END)"},
       .bind = &BindNanvl,
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "The first argument, or the second if that is NaN.",
       .example = "nanvl(double('NaN'), 123)"},
  };
  return rows;
}

}  // namespace firesteel::functions
