// Order in arrays by a function, maps zipped by their keys: array_sort, map_zip_with, shuffle.
#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <sstream>

#include "base/cat.h"
#include "base/text.h"
#include "functions/collection.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/topics.h"
#include "plan/rewrite.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using logical::Lambda;
using Class = TypePattern::Class;

constexpr int kComparedMax = 2000;  // every pair is compared

// ---------------------------------------------------------------- array_sort

/// ArraySort.defaultComparator as names show it.
std::string DefaultComparator(std::string_view left, std::string_view right) {
  return Cat("lambdafunction((IF(((", left, " IS NULL) AND (", right, " IS NULL)), 0, (IF((", left,
             " IS NULL), 1, (IF((", right, " IS NULL), -1, (IF((", left, " < ", right, "), -1, (IF((", left, " > ",
             right, "), 1, 0)))))))))), ", left, ", ", right, ")");
}

std::string ArraySortName(std::span<const std::string> arguments, const Expr& call) {
  if (arguments.size() > 1) return Cat("array_sort(", arguments[0], ", ", arguments[1], ")");
  const bool resolved = call.type.Is(TypeId::kArray);
  return Cat("array_sort(", arguments[0], ", ",
             resolved ? DefaultComparator("namedlambdavariable()", "namedlambdavariable()")
                      : DefaultComparator("left", "right"),
             ")");
}

Result<ExprPtr> BindArraySort(CallSite& site) {
  if (!site.arguments[0]->type.Is(TypeId::kArray)) return UnexpectedInputType(site, 0, "\"ARRAY\"");
  const DataType list = site.arguments[0]->type;
  if (site.arguments.size() == 1) {
    if (!IsOrderable(list.element())) {
      return TypeMismatch(site, "INVALID_ORDERING_TYPE",
                          {{"functionName", "`<`"},
                           {"dataType", InDoubleQuotes(TypeSql(list.element()))},
                           {"sqlExpr", "\"(namedlambdavariable() < namedlambdavariable())\""}});
    }
    return Built(site, site.name, list, site.arguments[0]->nullable, site.mode);
  }
  const DataType types[] = {list.element(), list.element()};
  const bool nullable[] = {list.contains_null(), list.contains_null()};
  FS_TRY(site.arguments[1], site.bind_lambda(1, types, nullable));
  const auto& lambda = std::get<Lambda>(site.arguments[1]->node);
  if (lambda.parameters.size() != 2) {
    return Error::Condition("INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
                            {{"expectedNumArgs", Cat(lambda.parameters.size())}, {"actualNumArgs", "2"}},
                            site.arguments[1]->origin);
  }
  if (!lambda.body->type.Is(TypeId::kInteger)) {
    return TypeMismatch(site, "UNEXPECTED_RETURN_TYPE",
                        {{"functionName", "`lambdafunction`"},
                         {"expectedType", "\"INT\""},
                         {"actualType", InDoubleQuotes(TypeSql(lambda.body->type))}});
  }
  return Built(site, site.name, list, site.arguments[0]->nullable, site.mode);
}

Status WriteOrder(const Cell& list, std::span<const uint64_t> order, ResultCell result) {
  std::vector<Cell> cells;
  cells.reserve(order.size());
  for (uint64_t index : order) cells.push_back(list.Element(index));
  WriteList(cells, result);
  return {};
}

std::vector<uint64_t> Indices(const Cell& list) {
  std::vector<uint64_t> order(list.ListSize());
  std::iota(order.begin(), order.end(), uint64_t{0});
  return order;
}

/// NULL last.
Status SortAscending(Cell list, ResultCell result) {
  std::vector<uint64_t> order = Indices(list);
  std::stable_sort(order.begin(), order.end(), [&](uint64_t a, uint64_t b) {
    const Cell left = list.Element(a), right = list.Element(b);
    if (left.IsNull() || right.IsNull()) return !left.IsNull() && right.IsNull();
    return CompareCells(left, right) < 0;
  });
  return WriteOrder(list, order, result);
}

/// java.util.TimSort by what the function has said of each pair, which need not be an order: up to 31 elements come as there, whatever it
/// says; more of them by a merge that ends whatever it says.
class PairSort {
 public:
  PairSort(const Cell& list, const Cell& pairs) : list_(list), pairs_(pairs), order_(Indices(list)) {}

  Result<std::vector<uint64_t>> Sort() {
    constexpr size_t kInsertedMax = 31;
    FS_TRY(const size_t run, FirstRun());
    FS_CHECK(order_.size() <= kInsertedMax ? Insert(run) : Merge(run));
    return std::move(order_);
  }

 private:
  /// Less than 0: the first comes before the second.
  Result<int32_t> Said(uint64_t first, uint64_t second) const {
    const Cell said = pairs_.Element(first).Element(second);
    if (!said.IsNull()) return said.vector->At<int32_t>(said.row);
    const auto text = [&](uint64_t index) {
      return ValueText(list_.Element(index).Get(), list_.type().element(), "UTC");
    };
    return Error::Condition("COMPARATOR_RETURNS_NULL", {{"firstValue", text(first)}, {"secondValue", text(second)}})
        .As(ErrorClass::kRuntime);
  }

  /// The length of the elements at the start that are in order; those in strictly falling order are turned round.
  Result<size_t> FirstRun() {
    const size_t size = order_.size();
    if (size < 2) return size;
    FS_TRY(const int32_t said, Said(order_[1], order_[0]));
    size_t end = 2;
    for (; end < size; ++end) {
      FS_TRY(const int32_t next, Said(order_[end], order_[end - 1]));
      if ((next < 0) != (said < 0)) break;
    }
    if (said < 0) std::reverse(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(end));
    return end;
  }

  Status Insert(size_t sorted) {
    for (; sorted < order_.size(); ++sorted) {
      size_t left = 0, right = sorted;
      while (left < right) {
        const size_t middle = (left + right) / 2;
        FS_TRY(const int32_t said, Said(order_[sorted], order_[middle]));
        if (said < 0) {
          right = middle;
        } else {
          left = middle + 1;
        }
      }
      const auto at = [&](size_t index) { return order_.begin() + static_cast<std::ptrdiff_t>(index); };
      std::rotate(at(left), at(sorted), at(sorted + 1));
    }
    return {};
  }

  Status Merge(size_t sorted) {
    const size_t size = order_.size();
    std::vector<uint64_t> merged(size);
    for (size_t width = 1; width < size && sorted < size; width *= 2) {
      for (size_t first = 0; first < size; first += 2 * width) {
        const size_t middle = std::min(first + width, size), end = std::min(first + 2 * width, size);
        size_t a = first, b = middle;
        for (size_t out = first; out < end; ++out) {
          bool right = a == middle;
          if (!right && b < end) {
            FS_TRY(const int32_t said, Said(order_[b], order_[a]));
            right = said < 0;
          }
          merged[out] = right ? order_[b++] : order_[a++];
        }
      }
      order_.swap(merged);
    }
    return {};
  }

  const Cell& list_;
  const Cell& pairs_;
  std::vector<uint64_t> order_;
};

Status SortByPairs(Cell list, Cell pairs, ResultCell result) {
  FS_TRY(const std::vector<uint64_t> order, PairSort(list, pairs).Sort());
  return WriteOrder(list, order, result);
}

Result<std::string> LowerArraySort(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  if (arguments.size() == 1) return LowerKernel(RowKernel<&SortAscending>(), call, {arguments[0]}, lowering);
  const auto& node = std::get<Call>(call.node);
  const auto& lambda = std::get<Lambda>(node.arguments[1]->node);
  FS_TRY(std::string body, lowering.Sql(lambda.body));
  const auto variable = [&](size_t i) {
    return Cat("v", std::get<logical::LambdaVariable>(lambda.parameters[i]->node).id);
  };
  const std::string list = Cat("fs_l", std::get<logical::LambdaVariable>(lambda.parameters[0]->node).id);
  const std::string pairs = Cat("list_transform(", list, ", lambda ", variable(0), ": list_transform(", list,
                                ", lambda ", variable(1), ": ", body, "))");
  FS_TRY(std::string sorted, LowerKernel(RowKernel<&SortByPairs>(), {list, pairs},
                                         {call.type, DataType::Array(DataType::Array(TypeId::kInteger))}, call.type,
                                         node.mode, call.origin, lowering));
  const std::string refused = lowering.Fail(
      Error::Unsupported(Cat("array_sort by a function of more than ", kComparedMax, " elements"), call.origin),
      call.type);
  return Cat("(list_transform([", arguments[0], "], lambda ", list, ": CASE WHEN len(", list, ") > ", kComparedMax,
             " THEN ", refused, " ELSE ", sorted, " END)[1])");
}

// ---------------------------------------------------------------- map_zip_with

DataType ZippedType(const DataType& key, const DataType& left, const DataType& right) {
  return DataType::Array(DataType::Struct({{"k", key, false}, {"v1", left}, {"v2", right}}), false);
}

Result<ExprPtr> BindMapZipWith(CallSite& site) {
  for (size_t i = 0; i < 2; ++i) {
    if (!site.arguments[i]->type.Is(TypeId::kMap)) return UnexpectedInputType(site, i, "\"MAP\"");
  }
  const DataType keys[] = {site.arguments[0]->type.key(), site.arguments[1]->type.key()};
  DataType key = keys[0];
  if (!keys[0].SameType(keys[1])) {
    const std::optional<DataType> common = WiderTypeWithoutStrings(keys, site.settings.ansi);
    if (!common) {
      site.arguments.resize(2);
      return TypeMismatch(site, "MAP_ZIP_WITH_DIFF_TYPES",
                          {{"functionName", ToSqlId(site.name)},
                           {"leftType", InDoubleQuotes(TypeSql(keys[0]))},
                           {"rightType", InDoubleQuotes(TypeSql(keys[1]))}});
    }
    key = *common;
    for (size_t i = 0; i < 2; ++i) {
      const DataType& map = site.arguments[i]->type;
      site.arguments[i] =
          CastIfNotSameType(site.arguments[i], DataType::Map(key, map.value(), map.contains_null()), site);
    }
  }
  const DataType types[] = {key, site.arguments[0]->type.value(), site.arguments[1]->type.value()};
  const bool nullable[] = {false, true, true};
  FS_TRY(site.arguments[2], site.bind_lambda(2, types, nullable));
  const auto& lambda = std::get<Lambda>(site.arguments[2]->node);
  if (lambda.parameters.size() != 3) {
    return Error::Condition("INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
                            {{"expectedNumArgs", Cat(lambda.parameters.size())}, {"actualNumArgs", "3"}},
                            site.arguments[2]->origin);
  }
  return Built(site, site.name, DataType::Map(key, lambda.body->type, lambda.body->nullable),
               site.arguments[0]->nullable || site.arguments[1]->nullable, site.mode);
}

/// The keys of the first map in its order, then the other ones of the second, each with both values.
Status ZipMaps(Cell left, Cell right, ResultCell result) {
  std::map<Cell, Cell, CellLess> of_right;
  for (uint64_t i = 0; i < right.ListSize(); ++i) {
    const Cell entry = right.Element(i);
    of_right.emplace(entry.Field(0), entry.Field(1));
  }
  std::map<Cell, bool, CellLess> seen;
  struct Zipped {
    Cell key, left, right;
  };
  constexpr Cell kNone{nullptr, 0};
  std::vector<Zipped> zipped;
  for (uint64_t i = 0; i < left.ListSize(); ++i) {
    const Cell entry = left.Element(i);
    const auto found = of_right.find(entry.Field(0));
    zipped.push_back({entry.Field(0), entry.Field(1), found == of_right.end() ? kNone : found->second});
    seen.emplace(entry.Field(0), true);
  }
  for (uint64_t i = 0; i < right.ListSize(); ++i) {
    const Cell entry = right.Element(i);
    if (!seen.contains(entry.Field(0))) zipped.push_back({entry.Field(0), kNone, entry.Field(1)});
  }
  uint64_t at = result.vector->AppendList(result.row, zipped.size());
  OutputVector& rows = result.vector->child(0);
  for (const Zipped& row : zipped) {
    const Cell cells[] = {row.key, row.left, row.right};
    for (size_t i = 0; i < 3; ++i) {
      if (cells[i].vector == nullptr || cells[i].IsNull())
        rows.child(i).SetNull(at);
      else
        rows.child(i).Copy(at, *cells[i].vector, cells[i].row);
    }
    ++at;
  }
  return {};
}

Result<std::string> LowerMapZipWith(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const DataType &left = node.arguments[0]->type, &right = node.arguments[1]->type;
  const auto& lambda = std::get<Lambda>(node.arguments[2]->node);
  FS_TRY(std::string zipped,
         LowerKernel(RowKernel<&ZipMaps>(), {arguments[0], arguments[1]}, {left, right},
                     ZippedType(call.type.key(), left.value(), right.value()), node.mode, call.origin, lowering));
  FS_TRY(std::string body, lowering.Sql(lambda.body));
  for (size_t i = lambda.parameters.size(); i-- > 0;) {
    body = Cat("(list_transform([struct_extract_at(fs_x, ", i + 1, ")], lambda v",
               std::get<logical::LambdaVariable>(lambda.parameters[i]->node).id, ": ", body, ")[1])");
  }
  return Cat("map_from_entries(list_transform(", zipped,
             ", lambda fs_x: struct_pack(k := struct_extract_at(fs_x, 1), v := ", body, ")))");
}

// ---------------------------------------------------------------- shuffle

/// org.apache.commons.math3's MersenneTwister of one long, as Spark's RandomIndicesGenerator asks it.
class SeededOrder {
 public:
  explicit SeededOrder(int64_t seed) {
    const auto bits = static_cast<uint64_t>(seed);
    const uint32_t key[] = {static_cast<uint32_t>(bits >> 32), static_cast<uint32_t>(bits)};
    std::array<uint32_t, kWords> words{};
    words[0] = 19650218;
    for (uint32_t i = 1; i < kWords; ++i) words[i] = 1812433253u * Mixed(words, i) + i;
    uint32_t i = 1;
    const auto next = [&] {
      if (++i < kWords) return;
      words[0] = words[kWords - 1];
      i = 1;
    };
    for (uint32_t k = 0; k < kWords; ++k, next())
      words[i] = (words[i] ^ Mixed(words, i) * 1664525u) + key[k % 2] + k % 2;
    for (uint32_t k = 1; k < kWords; ++k, next()) words[i] = (words[i] ^ Mixed(words, i) * 1566083941u) - i;
    words[0] = 0x80000000u;
    std::stringstream state;  // the way to set the engine's words
    for (const uint32_t word : words) state << word << ' ';
    state << kWords;
    state >> engine_;
  }
  std::vector<uint64_t> Indices(size_t size) const {
    const std::lock_guard lock(mutex_);
    std::vector<uint64_t> indices(size);
    for (size_t i = 0; i < size; ++i) {
      const size_t other = Below(static_cast<int32_t>(i + 1));
      indices[i] = indices[other];
      indices[other] = i;
    }
    return indices;
  }

 private:
  static constexpr uint32_t kWords = std::mt19937::state_size;
  static uint32_t Mixed(const std::array<uint32_t, kWords>& words, uint32_t i) {
    return words[i - 1] ^ (words[i - 1] >> 30);
  }
  size_t Below(int32_t limit) const {
    const bool power_of_two = (limit & -limit) == limit;
    while (true) {
      const auto bits = static_cast<int64_t>(engine_() >> 1);
      if (power_of_two) return static_cast<size_t>(limit * bits >> 31);
      const int64_t value = bits % limit;
      if (bits - value + limit - 1 <= INT32_MAX) return static_cast<size_t>(value);
    }
  }
  mutable std::mutex mutex_;
  mutable std::mt19937 engine_;
};

/// With a seed the last argument is a number that no other call has: each call has an order of its own.
Result<ExprPtr> BindShuffle(CallSite& site) {
  static std::atomic<int64_t> calls{0};
  FS_CHECK(CoerceToArray(site, 0));
  if (site.arguments.size() > 1) {
    FS_CHECK(CoerceArgument(site, 1, TypeId::kLong));
    if (!logical::IsFoldable(site.arguments[1])) {
      return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                          {{"inputName", "`seed`"},
                           {"inputType", "\"BIGINT\""},
                           {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[1]))}});
    }
    FS_CHECK(Constant(site, 1));
    site.arguments.push_back(LiteralOf(Value(++calls), TypeId::kLong, site.origin));
  }
  return Built(site, site.name, site.arguments[0]->type, site.arguments[0]->nullable, site.mode);
}

Status Shuffle(Cell list, ResultCell result) {
  static thread_local std::mt19937_64 random{std::random_device()()};
  std::vector<uint64_t> order = Indices(list);
  std::shuffle(order.begin(), order.end(), random);
  return WriteOrder(list, order, result);
}

Result<std::shared_ptr<const void>> PrepareSeed(const KernelContext& context) {
  const Value& seed = *context.constants.at(1);
  return std::shared_ptr<const void>(
      std::make_shared<const SeededOrder>(seed.IsNull() ? std::random_device()() : seed.As<int64_t>()));
}
Status ShuffleWithSeed(const KernelContext& context, Cell list, std::optional<int64_t>, int64_t, ResultCell result) {
  return WriteOrder(list, context.Prepared<SeededOrder>().Indices(list.ListSize()), result);
}

Result<std::string> LowerShuffle(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  static constexpr ScalarKernel kPlain = RowKernel<&Shuffle>();
  static constexpr ScalarKernel kSeeded = RowKernel<&ShuffleWithSeed>(&PrepareSeed);
  return LowerKernel(arguments.size() > 1 ? kSeeded : kPlain, call, {arguments.begin(), arguments.end()}, lowering);
}
std::string ShuffleName(std::span<const std::string> arguments, const Expr&) {
  return Cat("shuffle(", arguments[0], ")");
}

}  // namespace

std::span<const Function> CollectionSortFunctions() {
  static const Argument kAny = {Class::kAny};
  static const Argument kOptional = {.type = Class::kAny, .optional = true};
  static const std::vector<Function> rows = {
      {.name = "array_sort",
       .arguments = {kAny, kOptional},
       .runs = &LowerArraySort,
       .bind = &BindArraySort,
       .form = Form::kSpecial,
       .name_of = &ArraySortName,
       .group = "lambda_funcs",
       .since = "2.4.0",
       .doc = "The elements in order, NULL last, or in that of a function of two.",
       .example = "array_sort(array(5, 6, 1))"},
      {.name = "map_zip_with",
       .arguments = {kAny, kAny, kAny},
       .runs = &LowerMapZipWith,
       .bind = &BindMapZipWith,
       .group = "lambda_funcs",
       .since = "3.0.0",
       .doc = "The function's values for the keys of two maps.",
       .example = "map_zip_with(map(1, 'a'), map(1, 'x'), (k, v1, v2) -> concat(v1, v2))"},
      {.name = "shuffle",
       .arguments = {kAny, kOptional},
       .runs = &LowerShuffle,
       .bind = &BindShuffle,
       .name_of = &ShuffleName,
       .deterministic = false,
       .group = "array_funcs",
       .since = "2.4.0",
       .doc = "The elements in a random order.",
       .example = "shuffle(array(1, 20, 3, 5))"},
  };
  return rows;
}

}  // namespace firesteel::functions
