// The bytes' order is that of CompareCells, pair by pair.
#include "functions/sort_key.h"

#include <gtest/gtest.h>

#include <limits>

#include "functions/comparison.h"
#include "types/memory_vector.h"

namespace firesteel::functions {
namespace {

int Sign(int x) { return x < 0 ? -1 : x > 0 ? 1 : 0; }

void ExpectSameOrder(const DataType& type, const std::vector<Value>& values) {
  MemoryVector in(type, values.size());
  for (size_t i = 0; i < values.size(); ++i) in.SetValue(i, values[i]);
  InputVector view = in.View();
  MemoryVector keys(TypeId::kBinary, values.size());
  KernelContext context{.argument_types = {type}, .result_type = TypeId::kBinary};
  ASSERT_TRUE(kSortKey.run(context, values.size(), std::span(&view, 1), keys).ok());
  InputVector key = keys.View();
  for (size_t i = 0; i < values.size(); ++i) {
    for (size_t j = 0; j < values.size(); ++j) {
      EXPECT_EQ(Sign(key.StringAt(i).compare(key.StringAt(j))), CompareCells({&view, i}, {&view, j})) << i << " " << j;
    }
  }
}

Value List(std::vector<Value> values) { return Value(Value::List(std::move(values))); }

TEST(SortKey, ComparesAsCells) {
  const double infinity = std::numeric_limits<double>::infinity();
  ExpectSameOrder(
      DataType::Array(TypeId::kDouble),
      {List({}), List({Value()}), List({Value(), Value(1.0)}), List({Value(-infinity)}), List({Value(-2.5)}),
       List({Value(-0.0)}), List({Value(0.0)}), List({Value(2.5)}), List({Value(2.5), Value()}),
       List({Value(infinity)}), List({Value(std::numeric_limits<double>::quiet_NaN())})});
  DataType pair = DataType::Struct({{"a", TypeId::kString}, {"b", TypeId::kInteger}});
  auto text = [](std::string_view t) { return Value(std::string(t)); };
  ExpectSameOrder(pair,
                  {List({Value(), Value()}), List({text(""), Value(int64_t{5})}), List({text("a"), Value(int64_t{-7})}),
                   List({text("a"), Value(int64_t{7})}), List({text(std::string_view("a\0", 2)), Value(int64_t{-9})}),
                   List({text(std::string_view("a\0b", 3)), Value()}), List({text("a\x01"), Value(int64_t{0})}),
                   List({text("ab"), Value()}), List({text("\xC3\xA9"), Value(int64_t{1})})});
  ExpectSameOrder(DataType::Array(DataType::Decimal(38, 2)),
                  {List({Value(int128_t{-1} << 100)}), List({Value(int128_t{-1})}), List({Value(int128_t{0})}),
                   List({Value(int128_t{1} << 64)}), List({Value(int128_t{1} << 100)})});
}

}  // namespace
}  // namespace firesteel::functions
