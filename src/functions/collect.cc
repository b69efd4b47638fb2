// Aggregates that keep values: collect_list, collect_set, listagg, mode, approx_top_k. DuckDB holds the values; kernels pick from them.
#include <algorithm>
#include <bit>
#include <cmath>

#include "base/cat.h"
#include "base/text.h"
#include "functions/aggregate_sql.h"
#include "functions/bind.h"
#include "functions/comparison.h"
#include "functions/lower.h"
#include "functions/murmur3.h"
#include "functions/query_site.h"
#include "functions/row.h"
#include "functions/topics.h"
#include "plan/rewrite.h"
#include "types/decimal.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::AggregateCall;
using logical::ExprPtr;
using Class = TypePattern::Class;

std::string IsSet(std::string_view sql) { return Cat(sql, " IS NOT NULL"); }

// ---------------------------------------------------------------- collect_list, collect_set
DataType ListOfFirst(std::span<const ExprPtr> arguments) { return DataType::Array(arguments[0]->type, false); }

std::string OrEmpty(std::string_view list, const DataType& type) {
  return Cat("coalesce(", list, ", CAST([] AS ", DuckType(type), "))");
}

Result<std::string> LowerList(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  return OrEmpty(Cat("list(", kDistinctMark, arguments[0], ")", OverRows(IsSet(arguments[0]))), call.type);
}

Result<std::string> LowerSet(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  const DataType& type = CallOf(call).arguments[0]->type;
  // No negative zeros.
  const std::string value =
      type.IsFractional() ? Cat("(", arguments[0], " + CAST(0 AS ", DuckType(type), "))") : arguments[0];
  return OrEmpty(Cat("list(DISTINCT ", value, ")", OverRows(IsSet(arguments[0]))), call.type);
}

Result<DataType> BindSet(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  if (HoldsType(type, TypeId::kMap)) {
    return TypeMismatch(site, "UNSUPPORTED_INPUT_TYPE",
                        {{"functionName", "`collect_set`"}, {"dataType", "\"MAP\" or \"COLLATED STRING\""}});
  }
  return DataType::Array(type, false);
}

// ---------------------------------------------------------------- listagg
/// What a cast makes the text of; the expression itself if it is no cast.
ExprPtr BeforeCast(const ExprPtr& argument) {
  const auto* cast = std::get_if<logical::Cast>(&argument->node);
  return cast != nullptr ? cast->child : argument;
}

/// Whether values are equal exactly when their texts are: 0.0 and -0.0 are not, nor are times that a clock shows twice.
bool TextTellsApart(const DataType& type) { return !type.IsFractional() && !type.Is(TypeId::kTimestamp); }

Result<DataType> BindListagg(CallSite& site) {
  const TypePattern text = TypePattern::OneOf({Class::kStringAny, TypeId::kBinary});
  FS_CHECK(CoerceArgument(site, 0, text));
  const DataType type = site.arguments[0]->type;
  const DataType& delimiter = site.arguments[1]->type;
  if (type.Is(TypeId::kBinary) ? delimiter.Is(TypeId::kString) : delimiter.Is(TypeId::kBinary)) {
    return TypeMismatch(
        site, "DATA_DIFF_TYPES",
        {{"functionName", ToSqlId(site.name)},
         {"dataType", Cat("(", ErrorTypeText(type), " or ", ErrorTypeText(site.arguments[1]->type), ")")}});
  }
  FS_CHECK(CoerceArgument(site, 1, type.Is(TypeId::kBinary) ? TypePattern(TypeId::kBinary) : text));
  if (!logical::IsFoldable(site.arguments[1])) {
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", "`delimiter`"},
                         {"inputType", ErrorTypeText(site.arguments[1]->type)},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[1]))}});
  }
  const std::vector<logical::SortKey>& keys = InQuery(site).within_group;
  if (InQuery(site).distinct && !keys.empty()) {
    const ExprPtr& argument = site.arguments[0];
    const ExprPtr before = BeforeCast(argument);
    const bool of_cast = keys.size() == 1 && before != argument && logical::SemanticallyEqual(keys[0].child, before);
    if (of_cast && !TextTellsApart(before->type)) {
      return Error::Condition("INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT_UNSAFE_CAST",
                              {{"funcName", ToSqlId(site.name)},
                               {"inputType", InDoubleQuotes(TypeSql(before->type))},
                               {"castType", InDoubleQuotes(TypeSql(type))}});
    }
    if (!of_cast && (keys.size() > 1 || !logical::SemanticallyEqual(keys[0].child, argument))) {
      std::vector<std::string> shown;
      for (const logical::SortKey& key : keys) shown.push_back(ToSqlExpr(logical::PrettyName(*key.child)));
      return Error::Condition("INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT",
                              {{"funcName", ToSqlId(site.name)},
                               {"funcArg", ToSqlExpr(logical::PrettyName(*before))},
                               {"orderingExpr", Join(shown, ", ")}});
    }
  }
  return type;
}

/// WITHIN GROUP makes Spark forget by which name it was called.
std::string ListaggName(std::span<const std::string> arguments, const logical::Expr& call) {
  const auto* aggregate = std::get_if<AggregateCall>(&call.node);
  const bool other = aggregate != nullptr && aggregate->function->name == "string_agg" && aggregate->order.empty();
  return Cat(other ? "string_agg(" : "listagg(", aggregate != nullptr && aggregate->distinct ? "DISTINCT " : "",
             Join({arguments.begin(), arguments.end()}, ", "), ")");
}

Result<std::string> LowerListagg(const logical::Expr& call, std::span<const std::string> arguments,
                                 Lowering& lowering) {
  const bool binary = call.type.Is(TypeId::kBinary);
  const auto text = [&](const std::string& sql) { return binary ? Cat("hex(", sql, ")") : sql; };
  const AggregateCall& aggregate = CallOf(call);
  if (aggregate.distinct && !aggregate.order.empty()) {
    // DuckDB sorts distinct values by themselves alone: they are collected as what the key sorts, and become text afterwards.
    const ExprPtr& value = aggregate.order[0].child;
    FS_TRY(const std::string sql, FilteredSql(value, aggregate.filter, lowering));
    const std::string list = Cat("list(", kDistinctMark, sql, kOrderMark, ")", OverRows(IsSet(sql)));
    std::string element = "fs_x";
    if (!value->type.SameType(call.type)) {
      const ExprPtr& argument = aggregate.arguments[0];
      const auto* cast = std::get_if<logical::Cast>(&argument->node);
      const logical::EvalMode mode = cast != nullptr ? cast->mode : logical::EvalMode::kAnsi;
      FS_TRY(element, lowering.CastSql(element, value->type, call.type, mode, argument->origin));
    }
    const std::string joined = Cat("array_to_string(list_transform(", list, ", lambda fs_x: ", text(element),
                                   "), coalesce(", text(arguments[1]), ", ''))");
    return Cat("CASE WHEN len(", list, ") > 0 THEN ", binary ? Cat("unhex(", joined, ")") : joined, " END");
  }
  // Without an order of their own, different values come in theirs: DuckDB's hash table would give them in any.
  const bool sorted = aggregate.distinct && aggregate.order.empty();
  const std::string joined =
      Cat("string_agg(", kDistinctMark, text(arguments[0]), ", coalesce(", text(arguments[1]), ", '')",
          sorted ? Cat(" ORDER BY ", text(arguments[0])) : std::string(kOrderMark), ")", kOverMark);
  return binary ? Cat("unhex(", joined, ")") : joined;
}

// ---------------------------------------------------------------- mode
// Of values that are equally frequent Spark answers the first in its hash map's order, which is that of the Java hashes' slots.

int32_t FoldLong(int64_t value) {
  return static_cast<int32_t>(value ^ static_cast<int64_t>(static_cast<uint64_t>(value) >> 32));
}

/// Scala's ## of a number: whole ones hash as integers.
int32_t HashOfNumber(double value) {
  if (value >= -2147483648.0 && value <= 2147483647.0 && value == std::trunc(value)) return static_cast<int32_t>(value);
  if (std::fabs(value) < 9.2e18 && value == std::trunc(value)) return FoldLong(static_cast<int64_t>(value));
  const auto narrow = static_cast<float>(value);
  if (static_cast<double>(narrow) == value) return std::bit_cast<int32_t>(narrow);
  return FoldLong(std::bit_cast<int64_t>(value));
}

int32_t JavaHash(const InputVector& values, size_t row) {
  switch (values.type.id()) {
    case TypeId::kBoolean:
      return values.At<uint8_t>(row) != 0 ? 1231 : 1237;
    case TypeId::kByte:
      return values.At<int8_t>(row);
    case TypeId::kShort:
      return values.At<int16_t>(row);
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      return values.At<int32_t>(row);
    case TypeId::kFloat: {
      const float value = values.At<float>(row);
      return std::isnan(value) ? 0x7fc00000 : std::bit_cast<int32_t>(value);
    }
    case TypeId::kDouble: {
      const double value = values.At<double>(row);
      return FoldLong(std::isnan(value) ? 0x7ff8000000000000 : std::bit_cast<int64_t>(value));
    }
    case TypeId::kDecimal: {
      const double scale = std::pow(10.0, values.type.scale());
      return HashOfNumber(static_cast<double>(values.DecimalAt(row)) / scale);
    }
    case TypeId::kString:
    case TypeId::kBinary:
      return Murmur3::OfBytes(values.StringAt(row), 42);
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDayTimeInterval:
      return FoldLong(values.At<int64_t>(row));
    default:
      return 0;
  }
}

/// The slots of `count` keys in Spark's OpenHashSet, grown as they come.
std::vector<size_t> Slots(const InputVector& keys, const ListCell& list) {
  std::vector<size_t> slot_of(list.length);
  size_t capacity = 64;
  std::vector<uint8_t> taken(capacity);
  const auto place = [&](size_t i) {
    const int32_t hash = Murmur3::OfInt(JavaHash(keys, list.offset + i), 0);
    size_t at = static_cast<uint32_t>(hash) & (capacity - 1);
    for (size_t step = 1; taken[at] != 0; ++step) at = (at + step) & (capacity - 1);
    taken[at] = 1;
    slot_of[i] = at;
  };
  for (size_t i = 0; i < list.length; ++i) {
    place(i);
    if ((i + 1) * 10 <= capacity * 7) continue;
    std::vector<size_t> in_order(i + 1);
    for (size_t j = 0; j <= i; ++j) in_order[j] = j;
    std::ranges::sort(in_order, {}, [&](size_t j) { return slot_of[j]; });
    capacity *= 2;
    taken.assign(capacity, 0);
    for (size_t j : in_order) place(j);
  }
  return slot_of;
}

enum class Tie { kHash, kLowest, kHighest };

/// The argument is the map from values to their counts.
template <Tie kTie>
Status ModeKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const InputVector& counts = in[0].children[0].children[1];
  const InputVector& keys = in[0].children[0].children[0];
  for (size_t row = 0; row < rows; ++row) {
    const ListCell list = in[0].IsNull(row) ? ListCell{0, 0} : in[0].At<ListCell>(row);
    if (list.length == 0) {
      out.SetNull(row);
      continue;
    }
    int64_t most = 0;
    std::vector<size_t> best;
    for (size_t i = 0; i < list.length; ++i) {
      const int64_t count = counts.At<int64_t>(list.offset + i);
      if (count > most) best.clear();
      if (count >= most) best.push_back(i);
      most = std::max(most, count);
    }
    size_t chosen = best.front();
    if (best.size() > 1) {
      if constexpr (kTie == Tie::kHash) {
        const std::vector<size_t> slots = Slots(keys, list);
        chosen = *std::ranges::min_element(best, {}, [&](size_t i) { return slots[i]; });
      } else {
        for (size_t i : best) {
          const int order = CompareCells({&keys, list.offset + i}, {&keys, list.offset + chosen});
          if (kTie == Tie::kLowest ? order < 0 : order > 0) chosen = i;
        }
      }
    }
    out.Copy(row, keys, list.offset + chosen);
  }
  return {};
}

/// mode(x), mode(x, true) and mode() WITHIN GROUP (ORDER BY x [DESC]): the arguments become x and, where ties are ordered, whether
/// the lowest wins.
Result<DataType> BindMode(CallSite& site) {
  auto& arguments = site.arguments;
  if (arguments.size() > 2) return WrongArgumentCount(site, "0", site.origin);
  if (InQuery(site).distinct)
    return Error::Condition("INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED", {{"funcName", ToSqlId(site.name)}},
                            site.origin);
  if (arguments.empty()) {
    const std::string function = ToSqlId(site.name);
    if (InQuery(site).within_group.empty()) {
      return Error::Condition("INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING", {{"funcName", function}},
                              site.origin);
    }
    if (InQuery(site).distinct)
      return Error::Condition("INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED", {{"funcName", function}},
                              site.origin);
    if (InQuery(site).within_group.size() != 1) {
      return Error::Condition(
          "INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS",
          {{"funcName", function}, {"expectedNum", "1"}, {"actualNum", Cat(InQuery(site).within_group.size())}},
          site.origin);
    }
    const logical::SortKey key = InQuery(site).within_group.front();
    InQuery(site).within_group.clear();
    arguments.push_back(key.child);
    arguments.push_back(
        LiteralOf(Value(key.direction == logical::SortDirection::kAscending), TypeId::kBoolean, site.origin));
    return key.child->type;
  }
  if (arguments.size() == 2) {
    const auto* literal = std::get_if<logical::Literal>(&arguments[1]->node);
    if (literal == nullptr || !std::holds_alternative<bool>(literal->value.data)) {
      FS_CHECK(CoerceArgument(site, 1, TypeId::kBoolean));
      return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                          {{"inputName", "`deterministic`"},
                           {"inputType", "\"BOOLEAN\""},
                           {"inputExpr", ToSqlExpr(logical::PrettyName(*arguments[1]))}});
    }
    if (!literal->value.As<bool>()) arguments.pop_back();
  }
  return arguments[0]->type;
}

/// The order that Spark shows is the one in which it looks for the last.
std::string ModeName(std::span<const std::string> arguments, const logical::Expr& call) {
  const auto* aggregate = std::get_if<AggregateCall>(&call.node);
  if (aggregate == nullptr || arguments.size() < 2)
    return Cat("mode(", aggregate != nullptr && aggregate->distinct ? "DISTINCT " : "",
               Join({arguments.begin(), arguments.end()}, ", "), ")");
  return Cat("mode() WITHIN GROUP (ORDER BY ", arguments[0], arguments[1] == "true" ? " DESC)" : ")");
}

/// The map of a group's values to their counts.
std::string Counted(const std::string& argument, const DataType& map) {
  return Cat("CAST(histogram(", kDistinctMark, argument, ")", kOverMark, " AS ", DuckType(map), ")");
}

Result<std::string> LowerMode(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& aggregate = CallOf(call);
  const DataType map = DataType::Map(call.type, TypeId::kLong, false);
  ScalarKernel kernel{&ModeKernel<Tie::kHash>};
  if (aggregate.arguments.size() == 2) {
    const bool lowest = std::get<logical::Literal>(aggregate.arguments[1]->node).value.As<bool>();
    kernel.run = lowest ? &ModeKernel<Tie::kLowest> : &ModeKernel<Tie::kHighest>;
  }
  return LowerKernel(kernel, {Counted(arguments[0], map)}, {map}, call.type, aggregate.mode, call.origin, lowering);
}

// ---------------------------------------------------------------- approx_top_k
Result<DataType> BindTopK(CallSite& site) {
  static constexpr std::string_view kNames[] = {"expr", "k", "maxItemsTracked"};
  for (size_t i = 1; i < 3; ++i) {
    FS_CHECK(CoerceArgument(site, i, TypeId::kInteger));
    if (logical::IsFoldable(site.arguments[i])) continue;
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", Cat("`", kNames[i], "`")},
                         {"inputType", "\"INT\""},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[i]))}});
  }
  const DataType item = site.arguments[0]->type;
  return DataType::Array(DataType::Struct({{"item", item, true}, {"count", TypeId::kLong, false}}), false);
}

/// Arguments: the map from values to counts, how many are wanted. Values equally frequent come in their own order.
Status TopKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const InputVector& keys = in[0].children[0].children[0];
  const InputVector& counts = in[0].children[0].children[1];
  for (size_t row = 0; row < rows; ++row) {
    const ListCell list = in[0].IsNull(row) ? ListCell{0, 0} : in[0].At<ListCell>(row);
    std::vector<uint64_t> order(list.length);
    for (uint64_t i = 0; i < list.length; ++i) order[i] = list.offset + i;
    const auto more_frequent = [&](uint64_t a, uint64_t b) { return counts.At<int64_t>(a) > counts.At<int64_t>(b); };
    std::ranges::stable_sort(order, more_frequent);
    const uint64_t size = std::min<uint64_t>(list.length, static_cast<uint64_t>(std::max(in[1].At<int32_t>(row), 0)));
    const uint64_t first = out.AppendList(row, size);
    for (uint64_t i = 0; i < size; ++i) {
      out.child(0).child(0).Copy(first + i, keys, order[i]);
      out.child(0).child(1).Data<int64_t>()[first + i] = counts.At<int64_t>(order[i]);
    }
  }
  return {};
}

Result<std::string> LowerTopK(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& aggregate = CallOf(call);
  const DataType map = DataType::Map(aggregate.arguments[0]->type, TypeId::kLong, false);
  return LowerKernel({&TopKernel}, {Counted(arguments[0], map), arguments[1]}, {map, TypeId::kInteger}, call.type,
                     aggregate.mode, call.origin, lowering);
}

std::vector<Function> Rows() {
  const Function shared{
      .kind = Kind::kAggregate, .nulls = Nulls::kNever, .deterministic = false, .group = "agg_funcs", .since = "2.0.0"};
  const Argument any{Class::kAny};
  Function list = RowOf(shared, "collect_list", {any}, ListOfFirst, &LowerList,
                        "Collects the values of a group, NULLs left out.", "collect_list(col)");
  list.shown_as = "collect_list";
  list.takes_rows_in_order = true;
  Function set = RowOf(shared, "collect_set", {any}, ListOfFirst, &LowerSet,
                       "Collects the different values of a group, NULLs left out.", "collect_set(col)");
  set.bind = &BindSet;
  Function listagg = RowOf(shared, "listagg", {any, {.type = Class::kAny, .optional = true, .default_sql = "NULL"}},
                           SameAsFirst, &LowerListagg, "Joins the texts of a group, NULLs left out.",
                           "listagg(col, ',') WITHIN GROUP (ORDER BY col)");
  listagg.bind = &BindListagg;
  listagg.nulls = Nulls::kMaybe;
  listagg.name_of = &ListaggName;
  listagg.takes_rows_in_order = true;
  listagg.since = "4.0.0";
  Function mode = RowOf(shared, "mode", {{.type = Class::kAny, .repeated = true}}, SameAsFirst, &LowerMode,
                        "Returns the most frequent value of a group.", "mode(col)");
  mode.bind = &BindMode;
  mode.name_of = &ModeName;
  mode.nulls = Nulls::kMaybe;
  mode.since = "3.4.0";
  Function top = RowOf(shared, "approx_top_k",
                       {any,
                        {.type = Class::kAny, .optional = true, .default_sql = "5"},
                        {.type = Class::kAny, .optional = true, .default_sql = "10000"}},
                       SameAsFirst, &LowerTopK, "Returns the most frequent values of a group and how often each came.",
                       "approx_top_k(col, 3)");
  top.bind = &BindTopK;
  top.since = "4.1.0";
  return {list,          Synonym(list, "array_agg"),     std::move(set),
          listagg,       Synonym(listagg, "string_agg"), std::move(mode),
          std::move(top)};
}

}  // namespace

std::span<const Function> CollectFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
