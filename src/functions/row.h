#pragma once
// How topics write their rows: what the rows of a topic share stands once, in a row without a name.
#include <string_view>
#include <utility>
#include <vector>

#include "functions/function.h"

namespace firesteel::functions {

/// A row of the topic `shared` (kind, null rule, group, since). Fields that few rows set are set on the answer.
inline Function RowOf(const Function& shared, std::string_view name, std::vector<Argument> arguments, ResultType result,
                      Runs runs, std::string_view doc, std::string_view example) {
  Function row = shared;
  row.name = name;
  row.arguments = std::move(arguments);
  row.result = std::move(result);
  row.runs = runs;
  row.doc = doc;
  row.example = example;
  return row;
}

/// … of a topic whose rows came at different times.
inline Function RowOf(const Function& shared, std::string_view name, std::vector<Argument> arguments, ResultType result,
                      Runs runs, std::string_view since, std::string_view doc, std::string_view example) {
  Function row = RowOf(shared, name, std::move(arguments), std::move(result), runs, doc, example);
  row.since = since;
  return row;
}

inline Function WithNulls(Function row, Nulls nulls) {
  row.nulls = nulls;
  return row;
}
inline Function ShownAs(std::string_view shown_as, Function row) {
  row.shown_as = shown_as;
  return row;
}
inline Function Bound(Function row, decltype(Function::bind) bind) {
  row.bind = bind;
  return row;
}

/// The row under another name, for synonyms that column names show as they were written.
inline Function Synonym(Function row, std::string_view name) {
  row.name = name;
  return row;
}

}  // namespace firesteel::functions
