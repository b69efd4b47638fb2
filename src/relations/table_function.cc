// Table functions in FROM: range(…), and every generator (explode, inline, stack …).
#include "base/text.h"
#include "functions/registry.h"
#include "plan/rewrite.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

Result<PlanPtr> RangeFunction(const unresolved::TableFunction& call, const unresolved::Relation& relation,
                              Resolver& resolver) {
  if (call.arguments.empty() || call.arguments.size() > 4) {
    return Error::Condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                            {{"functionName", "`range`"},
                             {"expectedNum", "[1, 2, 3, 4]"},
                             {"actualNum", std::to_string(call.arguments.size())},
                             {"docroot", "https://spark.apache.org/docs/latest"}},
                            relation.origin);
  }
  std::vector<int64_t> numbers;
  static constexpr const char* kNames[] = {"start", "end", "step", "numSlices"};
  static constexpr const char* kOrdinals[] = {"first", "second", "third", "fourth"};
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    FS_TRY(ExprPtr argument, resolver.Bind(call.arguments[i], std::span<const PlanPtr>(), Clause::kConstant));
    logical::Expr whole = *argument;  // errors show the whole call
    whole.origin = relation.origin;
    ExprPtr bound = std::make_shared<const logical::Expr>(std::move(whole));
    const char* name = call.arguments.size() == 1 ? "end" : kNames[i];
    if (!logical::IsFoldable(bound)) {
      return Error::Condition("NON_FOLDABLE_ARGUMENT",
                              {{"funcName", "`range`"},
                               {"paramName", QuoteIdentifier(name)},
                               {"paramType", i == 3 ? "\"INT\"" : "\"BIGINT\""}},
                              bound->origin);
    }
    DataType wanted = i == 3 ? TypeId::kInteger : TypeId::kLong;
    const auto unexpected = [&] {
      return Error::Condition("UNEXPECTED_INPUT_TYPE",
                              {{"paramIndex", call.arguments.size() == 1 ? "second" : kOrdinals[i]},
                               {"functionName", "`range`"},
                               {"requiredType", InDoubleQuotes(TypeSql(wanted))},
                               {"inputSql", InDoubleQuotes(logical::PrettyName(*bound))},
                               {"inputType", InDoubleQuotes(TypeSql(bound->type))}},
                              bound->origin);
    };
    if (!firesteel::ImplicitCast(bound->type, TypePattern(wanted), resolver.settings().ansi)) return unexpected();
    FS_TRY(Value value, resolver.Evaluate(ImplicitCast(bound, wanted, resolver.settings())));
    if (value.IsNull()) return unexpected();
    numbers.push_back(value.As<int64_t>());
  }
  unresolved::Range range;
  if (numbers.size() == 1) {
    range.end = numbers[0];
  } else {
    range.start = numbers[0];
    range.end = numbers[1];
    if (numbers.size() > 2) range.step = numbers[2];
    if (range.step == 0) return Error::Condition("FAILED_FUNCTION_CALL", {{"funcName", "`range`"}}, relation.origin);
    if (numbers.size() > 3) range.partitions = static_cast<int32_t>(numbers[3]);
  }
  return Resolve(range, relation, resolver);
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::TableFunction& call, const unresolved::Relation& relation,
                        Resolver& resolver) {
  if (call.name.size() == 1 && EqualsIgnoreCase(call.name[0], "range")) return RangeFunction(call, relation, resolver);
  const functions::Function* function = call.name.size() == 1 ? functions::FindFunction(call.name[0]) : nullptr;
  if (function == nullptr) {
    return Error::Condition("UNRESOLVABLE_TABLE_VALUED_FUNCTION", {{"name", ToSqlId(call.name)}}, relation.origin);
  }
  if (function->kind != functions::Kind::kGenerator) {
    return Error::Condition("NOT_A_TABLE_FUNCTION", {{"functionName", ToSqlId(call.name)}}, relation.origin);
  }
  unresolved::Function generator;
  generator.name = call.name;
  generator.arguments = call.arguments;
  PlanPtr one_row = logical::MakePlan(logical::OneRow{}, {}, relation.origin);
  return resolver.Generate(unresolved::MakeExpr(std::move(generator), relation.origin), std::move(one_row), false, {},
                           "", relation.origin);
}

}  // namespace firesteel::relations
