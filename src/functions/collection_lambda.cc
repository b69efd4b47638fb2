// Functions that take lambdas, by DuckDB's list functions.
#include <functional>

#include "base/cat.h"
#include "base/text.h"
#include "functions/collection.h"
#include "functions/comparison.h"
#include "functions/lower.h"
#include "functions/raises.h"
#include "functions/topics.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using logical::Lambda;
using Class = TypePattern::Class;

const Lambda& LambdaOf(const Expr& call, size_t index) {
  return std::get<Lambda>(std::get<Call>(call.node).arguments[index]->node);
}
std::string VariableSql(const ExprPtr& parameter) {
  return Cat("v", std::get<logical::LambdaVariable>(parameter->node).id);
}

/// A lambda's body with its variables given: lambdas over lists of one value, since DuckDB has no LET.
Result<std::string> Let(const Lambda& lambda, std::span<const std::string> values, Lowering& lowering) {
  FS_TRY(std::string sql, LowerBody(lambda, lowering));
  for (size_t i = lambda.parameters.size(); i-- > 0;) {
    sql = Cat("(list_transform([", values[i], "], lambda ", VariableSql(lambda.parameters[i]), ": ", sql, ")[1])");
  }
  return sql;
}

Status Bind(CallSite& site, size_t index, std::initializer_list<DataType> types, std::initializer_list<bool> nullable) {
  const std::vector<DataType> parameter_types(types);
  bool nulls[4] = {};
  std::copy(nullable.begin(), nullable.end(), nulls);
  FS_TRY(site.arguments[index], site.bind_lambda(index, parameter_types, std::span<const bool>(nulls, types.size())));
  return {};
}

Status CheckParameters(CallSite& site, size_t index, size_t count) {
  const size_t has = std::get<Lambda>(site.arguments[index]->node).parameters.size();
  if (has == count) return {};
  return Error::Condition("INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
                          {{"expectedNumArgs", Cat(has)}, {"actualNumArgs", Cat(count)}},
                          site.arguments[index]->origin);
}

Status CheckBoolean(CallSite& site, size_t index) {
  const DataType& type = site.arguments[index]->type;
  if (type.Is(TypeId::kBoolean) || type.Is(TypeId::kNull)) return {};
  return UnexpectedInputType(site, index, "\"BOOLEAN\"");
}

Status NeedArray(CallSite& site, size_t index) {
  if (site.arguments[index]->type.Is(TypeId::kArray)) return {};
  return UnexpectedInputType(site, index, "\"ARRAY\"");
}
Status NeedMap(CallSite& site, size_t index) {
  if (site.arguments[index]->type.Is(TypeId::kMap)) return {};
  return UnexpectedInputType(site, index, "\"MAP\"");
}

Status BindOverElements(CallSite& site) {
  FS_CHECK(NeedArray(site, 0));
  const DataType& type = site.arguments[0]->type;
  return Bind(site, 1, {type.element(), TypeId::kInteger}, {type.contains_null(), false});
}

/// The lambda over elements and, if it wants them, positions from 0 (DuckDB's are from 1).
Result<std::string> OverElements(std::string_view function, const Expr& call, std::span<const std::string> arguments,
                                 Lowering& lowering) {
  const Lambda& lambda = LambdaOf(call, 1);
  if (lambda.parameters.size() == 1) return Cat(function, "(", arguments[0], ", ", arguments[1], ")");
  const std::string values[] = {"fs_x", "CAST(fs_i - 1 AS INTEGER)"};
  FS_TRY(std::string body, Let(lambda, values, lowering));
  return Cat(function, "(", arguments[0], ", lambda fs_x, fs_i: ", body, ")");
}

/// The state after the list's last element, from `start` by `step` (SQL of the next state from that of state and element); NULL for a
/// NULL list. list_reduce takes captured columns for constants behind an initial value that is one (DuckDB 1.5.5), so the list begins
/// with it. It wants state and elements of one type: where they are not, it reduces structs of both.
Result<std::string> Fold(const std::string& list, const DataType& element, const std::string& start,
                         const DataType& state,
                         const std::function<Result<std::string>(const std::string&, const std::string&)>& step) {
  const std::string state_type = DuckType(state), element_type = DuckType(element);
  if (state_type == element_type) {
    FS_TRY(const std::string next, step("fs_a", "fs_b"));
    return Cat("list_reduce([CAST(", start, " AS ", state_type, ")] || ", list, ", lambda fs_a, fs_b: ", next, ")");
  }
  FS_TRY(const std::string next, step("struct_extract(fs_a, 'a')", "struct_extract(fs_b, 'e')"));
  const std::string no_element = Cat("CAST(NULL AS ", element_type, ")");
  return Cat("struct_extract(list_reduce([struct_pack(a := CAST(", start, " AS ", state_type, "), e := ", no_element,
             ")] || list_transform(", list, ", lambda fs_x: struct_pack(a := CAST(NULL AS ", state_type,
             "), e := fs_x)), lambda fs_a, fs_b: struct_pack(a := ", next, ", e := ", no_element, ")), 'a')");
}

// ---------------------------------------------------------------- transform, filter, exists, forall

Result<ExprPtr> BindTransform(CallSite& site) {
  FS_CHECK(BindOverElements(site));
  return Built(site, site.name, DataType::Array(site.arguments[1]->type, site.arguments[1]->nullable),
               site.arguments[0]->nullable, site.mode);
}
Result<std::string> LowerTransform(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return OverElements("list_transform", call, arguments, lowering);
}

Result<ExprPtr> BindFilter(CallSite& site) {
  FS_CHECK(BindOverElements(site));
  FS_CHECK(CheckBoolean(site, 1));
  return Built(site, site.name, site.arguments[0]->type, site.arguments[0]->nullable, site.mode);
}
Result<std::string> LowerFilter(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return OverElements("list_filter", call, arguments, lowering);
}

Result<ExprPtr> BindTest(CallSite& site) {
  FS_CHECK(NeedArray(site, 0));
  const DataType& type = site.arguments[0]->type;
  FS_CHECK(Bind(site, 1, {type.element()}, {type.contains_null()}));
  FS_CHECK(CheckBoolean(site, 1));
  return Built(site, site.name, TypeId::kBoolean, site.arguments[0]->nullable || site.arguments[1]->nullable,
               site.mode);
}

/// The answer is kDecides if any element says so, else NULL if any is NULL, else the opposite.
template <bool kDecides>
std::optional<bool> Decide(Cell list) {
  bool null = false;
  for (uint64_t i = 0; i < list.ListSize(); ++i) {
    const Cell cell = list.Element(i);
    if (cell.IsNull()) {
      null = true;
    } else if ((cell.vector->At<uint8_t>(cell.row) != 0) == kDecides) {
      return kDecides;
    }
  }
  return null ? std::nullopt : std::optional<bool>(!kDecides);
}
template <bool kDecides>
Result<std::string> LowerTest(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const Lambda& lambda = LambdaOf(call, 1);
  if (!MayRaise(*lambda.body)) {
    return LowerKernel(RowKernel<&Decide<kDecides>>(),
                       {Cat("CAST(list_transform(", arguments[0], ", ", arguments[1], ") AS BOOLEAN[])")},
                       {DataType::Array(TypeId::kBoolean)}, TypeId::kBoolean, node.mode, call.origin, lowering);
  }
  // Elements behind the one that decides are not looked at.
  const auto step = [&](const std::string& state, const std::string& element) -> Result<std::string> {
    const std::string values[] = {element};
    FS_TRY(const std::string said, Let(lambda, values, lowering));
    return Cat("CASE WHEN ", state, " IS ", kDecides ? "TRUE THEN TRUE" : "FALSE THEN FALSE", " ELSE (", state,
               kDecides ? " OR " : " AND ", "CAST(", said, " AS BOOLEAN)) END");
  };
  return Fold(arguments[0], node.arguments[0]->type.element(), kDecides ? "FALSE" : "TRUE", TypeId::kBoolean, step);
}

// ---------------------------------------------------------------- aggregate

Result<ExprPtr> BindAggregate(CallSite& site) {
  if (!site.arguments[0]->type.Is(TypeId::kArray)) {
    if (site.arguments.size() == 3)
      site.arguments.push_back(logical::Shown(LiteralOf(Value(), DataType(), site.origin), "lambdafunction(id, id)"));
    return UnexpectedInputType(site, 0, "\"ARRAY\"");
  }
  const DataType list = site.arguments[0]->type, zero = site.arguments[1]->type;
  FS_CHECK(Bind(site, 2, {zero, list.element()}, {true, list.contains_null()}));
  FS_CHECK(CheckParameters(site, 2, 2));
  if (site.arguments.size() > 3) {
    FS_CHECK(Bind(site, 3, {zero}, {true}));
  } else {
    ExprPtr variable =
        logical::MakeExpr(logical::LambdaVariable{logical::NewAttributeId(), "id"}, zero, true, site.origin);
    site.arguments.push_back(logical::MakeExpr(Lambda{{variable}, variable}, zero, true, site.origin));
  }
  if (!EqualButForNames(site.arguments[2]->type, zero))
    return UnexpectedInputType(site, 2, InDoubleQuotes(TypeSql(zero)));
  if (!site.arguments[2]->type.SameType(zero)) {  // fields called otherwise
    Lambda merge = std::get<Lambda>(site.arguments[2]->node);
    merge.body = CastTo(merge.body, zero, site);
    site.arguments[2] =
        logical::MakeExpr(std::move(merge), zero, site.arguments[2]->nullable, site.arguments[2]->origin);
  }
  return Built(site, site.name, site.arguments[3]->type, true, site.mode);
}

Result<std::string> LowerAggregate(const Expr& expr, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& call = std::get<Call>(expr.node);
  const Lambda &merge = LambdaOf(expr, 2), &finish = LambdaOf(expr, 3);
  const auto step = [&](const std::string& state, const std::string& element) {
    const std::string values[] = {state, element};
    return Let(merge, values, lowering);
  };
  FS_TRY(std::string folded,
         Fold(arguments[0], call.arguments[0]->type.element(), arguments[1], call.arguments[1]->type, step));
  if (finish.body == finish.parameters[0]) return folded;
  FS_TRY(const std::string finished, Let(finish, std::vector<std::string>{std::move(folded)}, lowering));
  return Cat("(CASE WHEN ", arguments[0], " IS NOT NULL THEN ", finished, " END)");
}

// ---------------------------------------------------------------- zip_with and maps

Result<ExprPtr> BindZipWith(CallSite& site) {
  FS_CHECK(NeedArray(site, 0));
  FS_CHECK(NeedArray(site, 1));
  FS_CHECK(Bind(site, 2, {site.arguments[0]->type.element(), site.arguments[1]->type.element()}, {true, true}));
  FS_CHECK(CheckParameters(site, 2, 2));
  return Built(site, site.name, DataType::Array(site.arguments[2]->type, site.arguments[2]->nullable),
               site.arguments[0]->nullable || site.arguments[1]->nullable, site.mode);
}
Result<std::string> LowerZipWith(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const std::string values[] = {"struct_extract_at(fs_x, 1)", "struct_extract_at(fs_x, 2)"};
  FS_TRY(std::string body, Let(LambdaOf(call, 2), values, lowering));
  return Cat("(CASE WHEN ", arguments[0], " IS NOT NULL AND ", arguments[1],
             " IS NOT NULL THEN list_transform(list_zip(", arguments[0], ", ", arguments[1], "), lambda fs_x: ", body,
             ") END)");
}

Status BindOverEntries(CallSite& site) {
  FS_CHECK(NeedMap(site, 0));
  const DataType& map = site.arguments[0]->type;
  FS_CHECK(Bind(site, 1, {map.key(), map.value()}, {false, map.contains_null()}));
  return CheckParameters(site, 1, 2);
}
Result<std::string> OverEntries(std::string_view function, const Expr& call, std::span<const std::string> arguments,
                                Lowering& lowering) {
  const std::string values[] = {"struct_extract_at(fs_x, 1)", "struct_extract_at(fs_x, 2)"};
  FS_TRY(std::string body, Let(LambdaOf(call, 1), values, lowering));
  return Cat(function, "(map_entries(", arguments[0], "), lambda fs_x: ", body, ")");
}

Result<ExprPtr> BindMapFilter(CallSite& site) {
  FS_CHECK(BindOverEntries(site));
  FS_CHECK(CheckBoolean(site, 1));
  return Built(site, site.name, site.arguments[0]->type, site.arguments[0]->nullable, site.mode);
}
Result<std::string> LowerMapFilter(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  FS_TRY(std::string entries, OverEntries("list_filter", call, arguments, lowering));
  return Cat("map_from_entries(", entries, ")");
}

Result<ExprPtr> BindTransformValues(CallSite& site) {
  FS_CHECK(BindOverEntries(site));
  const ExprPtr& body = site.arguments[1];
  return Built(site, site.name, DataType::Map(site.arguments[0]->type.key(), body->type, body->nullable),
               site.arguments[0]->nullable, site.mode);
}
Result<ExprPtr> BindTransformKeys(CallSite& site) {
  FS_CHECK(BindOverEntries(site));
  const DataType& map = site.arguments[0]->type;
  return Built(site, site.name, DataType::Map(site.arguments[1]->type, map.value(), map.contains_null()),
               site.arguments[0]->nullable, site.mode);
}

Status MapOf(const KernelContext& context, Cell keys, Cell values, ResultCell result) {
  std::vector<std::pair<Cell, Cell>> entries;
  for (uint64_t i = 0; i < keys.ListSize() && i < values.ListSize(); ++i)
    entries.emplace_back(keys.Element(i), values.Element(i));
  return WriteMap(context, entries, result);
}
template <bool kKeys>
Result<std::string> LowerTransformMap(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  FS_TRY(std::string made, OverEntries("list_transform", call, arguments, lowering));
  std::string keys = Cat("map_keys(", arguments[0], ")"), values = Cat("map_values(", arguments[0], ")");
  (kKeys ? keys : values) = made;
  return LowerKernel(RowKernel<&MapOf>(), {keys, values},
                     {DataType::Array(call.type.key()), DataType::Array(call.type.value())}, call.type,
                     std::get<Call>(call.node).mode, call.origin, lowering);
}

Function Row(std::string_view name, size_t arity, LowerFn lower, decltype(Function::bind) bind, std::string_view since,
             std::string_view doc, std::string_view example) {
  return {.name = name,
          .arguments = std::vector<Argument>(arity, Argument{Class::kAny}),
          .runs = lower,
          .bind = bind,
          .group = "lambda_funcs",
          .since = since,
          .doc = doc,
          .example = example};
}

std::vector<Function> Rows() {
  std::vector<Function> rows = {
      Row("transform", 2, &LowerTransform, &BindTransform, "2.4.0", "Returns the function's values for each element.",
          "transform(array(1, 2, 3), x -> x + 1)"),
      Row("filter", 2, &LowerFilter, &BindFilter, "2.4.0", "Returns the elements for which the function is true.",
          "filter(array(1, 2, 3), x -> x % 2 = 1)"),
      Row("exists", 2, &LowerTest<true>, &BindTest, "2.4.0", "Returns whether the function is true for an element.",
          "exists(array(1, 2, 3), x -> x % 2 = 0)"),
      Row("forall", 2, &LowerTest<false>, &BindTest, "3.0.0", "Returns whether the function is true for all elements.",
          "forall(array(1, 2, 3), x -> x > 0)"),
      Row("zip_with", 3, &LowerZipWith, &BindZipWith, "2.4.0", "Returns the function's values for pairs of elements.",
          "zip_with(array(1, 2), array(3, 4), (x, y) -> x + y)"),
      Row("map_filter", 2, &LowerMapFilter, &BindMapFilter, "3.0.0",
          "Returns the entries for which the function is true.", "map_filter(map(1, 0, 2, 2), (k, v) -> k > v)"),
      Row("transform_keys", 2, &LowerTransformMap<true>, &BindTransformKeys, "3.0.0", "Returns a map with other keys.",
          "transform_keys(map(1, 1), (k, v) -> k + 1)"),
      Row("transform_values", 2, &LowerTransformMap<false>, &BindTransformValues, "3.0.0",
          "Returns a map with other values.", "transform_values(map(1, 1), (k, v) -> v + 1)"),
  };
  for (std::string_view name : {"aggregate", "reduce"}) {
    Function row = Row(name, 4, &LowerAggregate, &BindAggregate, "2.4.0", "Folds the elements into one value.",
                       "aggregate(array(1, 2, 3), 0, (acc, x) -> acc + x)");
    row.arguments[3].optional = true;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::span<const Function> LambdaFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
