// Joins the topic files and finds rows by name.
#include "functions/registry.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>

#include "base/text.h"
#include "functions/aggregate_sql.h"
#include "functions/frame.h"
#include "functions/sketch_topics.h"
#include "functions/spark_functions.h"
#include "functions/topics.h"
#include "functions/value_topics.h"
#include "types/type_text.h"

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
             DatetimeMakeFunctions(),
             DatetimeUnitFunctions(),
             IntervalMakeFunctions(),
             StatisticsFunctions(),
             PercentileFunctions(),
             CollectFunctions(),
             BitmapFunctions(),
             TimeWindowFunctions(),
             NestedFunctions(),
             NumberBaseFunctions(),
             BitwiseFunctions(),
             HashFunctions(),
             RandomFunctions(),
             SessionFunctions(),
             StringFunctions(),
             StringSearchFunctions(),
             StringFormatFunctions(),
             JsonFunctions(),
             JsonPathFunctions(),
             StringEncodingFunctions(),
             UrlFunctions(),
             StringWordFunctions(),
             StringNumberFunctions(),
             CsvFunctions(),
             CollectionSortFunctions(),
             SequenceFunctions(),
             RegexpFunctions(),
             CollectionFunctions(),
             ArrayFunctions(),
             LambdaFunctions(),
             GeneratorFunctions(),
             VariantFunctions(),
             EncryptionFunctions(),
             VectorFunctions(),
             SketchFunctions(),
             HllFunctions(),
             ThetaFunctions(),
             TupleFunctions(),
             KllFunctions(),
             TimeFunctions(),
             XPathFunctions(),
             FrameFunctions(),
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

/// Built-in functions have no place in their names, or system.builtin.
bool NamesBuiltin(const std::vector<std::string>& name) {
  return name.size() == 1 || (name.size() == 2 && EqualsIgnoreCase(name[0], "builtin")) ||
         (name.size() == 3 && EqualsIgnoreCase(name[0], "system") && EqualsIgnoreCase(name[1], "builtin"));
}

}  // namespace

const Function* FindFunction(std::string_view name) {
  const auto found = Rows().by_name.find(name);
  return found == Rows().by_name.end() ? nullptr : found->second;
}

const Function* FindBuiltin(const std::vector<std::string>& name) {
  return NamesBuiltin(name) ? FindFunction(name.back()) : nullptr;
}

const SparkFunction* FindSparkFunction(std::string_view name) {
  const std::string lower = Lower(name);
  const auto known = SparkFunctions();
  const auto found = std::find_if(known.begin(), known.end(), [&](const SparkFunction& f) { return f.name == lower; });
  return found == known.end() ? nullptr : &*found;
}

Error NoSuchFunction(const std::vector<std::string>& name, const Origin& origin) {
  const std::string last = name.empty() ? "" : Lower(name.back());
  if (NamesBuiltin(name) && FindSparkFunction(last) != nullptr) {
    return Error::Unsupported("the function " + last, origin);
  }
  // The session's catalog has databases, but none in databases.
  const std::vector<std::string> in_catalog(
      name.begin() + (!name.empty() && EqualsIgnoreCase(name[0], "spark_catalog") ? 1 : 0), name.end());
  const bool in_system = name.size() == 3 && EqualsIgnoreCase(name[0], "system") &&
                         (EqualsIgnoreCase(name[1], "builtin") || EqualsIgnoreCase(name[1], "session"));
  if (name.size() > 1 && in_catalog.size() != 2 && !in_system) {
    return Error::Condition("REQUIRES_SINGLE_PART_NAMESPACE",
                            {{"sessionCatalog", "spark_catalog"}, {"identifier", ToSqlId(in_catalog)}});
  }
  return Error::Condition("UNRESOLVED_ROUTINE",
                          {{"routineName", ToSqlId(name)},
                           {"searchPath", "[`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]"}},
                          origin);
}

std::span<const Function* const> AllFunctions() { return Rows().rows; }

}  // namespace firesteel::functions
