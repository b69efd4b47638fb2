// Joins the topic files and finds rows by name.
#include "functions/registry.h"

#include <absl/container/flat_hash_map.h>

#include "base/text.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

struct Registry {
  std::vector<const Function*> rows;
  absl::flat_hash_map<std::string, const Function*, IgnoreCaseHash, IgnoreCaseEqual> by_name;

  Registry() {
    // clang-format off
    for (std::span<const Function> topic : {
             ArithmeticFunctions(),
             IntervalOperators(),
             ComparisonFunctions(),
             PredicateFunctions(),
             ConditionalFunctions(),
             MathFunctions(),
             RoundingFunctions(),
             AggregateFunctions(),
             WindowFunctions(),
             DatetimeFunctions(),
             DatetimeTextFunctions(),
             StatisticsFunctions(),
             NestedFunctions(),
             NumberBaseFunctions(),
             BitwiseFunctions(),
             HashFunctions(),
             RandomFunctions(),
             SessionFunctions(),
             StringFunctions(),
             StringSearchFunctions(),
             RegexpFunctions(),
             CollectionFunctions(),
             ArrayFunctions(),
             LambdaFunctions(),
             GeneratorFunctions(),
         }) {
      for (const Function& row : topic) Add(row);
    }
    // clang-format on
  }

  void Add(const Function& row) {
    rows.push_back(&row);
    by_name.emplace(std::string(row.name), &row);
    for (std::string_view alias : row.aliases) by_name.emplace(std::string(alias), &row);
  }
};

const Registry& Rows() {
  static const Registry* const registry = new Registry();  // lives as long as the process
  return *registry;
}

}  // namespace

const Function* FindFunction(std::string_view name) {
  const auto found = Rows().by_name.find(name);
  return found == Rows().by_name.end() ? nullptr : found->second;
}

std::span<const Function* const> AllFunctions() { return Rows().rows; }

}  // namespace firesteel::functions
