// df.na and df.stat, summary and describe.
#include <random>

#include "proto/invalid_plan.h"
#include "proto/relations.h"

namespace firesteel::proto {

using unresolved::Literal;
using unresolved::RelationPtr;

RelationResult From(const connect::NAFill& message, const Place& place) {
  if (message.values_size() == 0) return InvalidPlan("NA_FILL_VALUES_EMPTY");
  if (message.values_size() > 1 && message.values_size() != message.cols_size()) {
    return InvalidPlan("NA_FILL_VALUES_LENGTH_MISMATCH");
  }
  unresolved::FillNa out;
  FS_TRY(out.input, RelationFromProto(message.input()));
  out.columns = StringsOf(message.cols());
  for (const auto& value : message.values()) {
    FS_TRY(Literal literal, LiteralFromProto(value));
    out.values.push_back(std::move(literal));
  }
  return place.Make(std::move(out));
}

RelationResult From(const connect::NADrop& message, const Place& place) {
  unresolved::DropNa out;
  FS_TRY(out.input, RelationFromProto(message.input()));
  out.columns = StringsOf(message.cols());
  if (message.has_min_non_nulls()) out.min_non_nulls = message.min_non_nulls();
  return place.Make(std::move(out));
}

RelationResult From(const connect::NAReplace& message, const Place& place) {
  unresolved::ReplaceNa out;
  FS_TRY(out.input, RelationFromProto(message.input()));
  out.columns = StringsOf(message.cols());
  for (const auto& replacement : message.replacements()) {
    FS_TRY(Literal from, LiteralFromProto(replacement.old_value()));
    FS_TRY(Literal to, LiteralFromProto(replacement.new_value()));
    out.replacements.emplace_back(std::move(from), std::move(to));
  }
  return place.Make(std::move(out));
}

RelationResult From(const connect::StatSummary& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Summary{std::move(input), StringsOf(message.statistics())});
}

RelationResult From(const connect::StatDescribe& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Describe{std::move(input), StringsOf(message.cols())});
}

RelationResult From(const connect::StatCrosstab& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Crosstab{std::move(input), message.col1(), message.col2()});
}

RelationResult From(const connect::StatCov& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Covariance{std::move(input), message.col1(), message.col2()});
}

RelationResult From(const connect::StatCorr& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Correlation{std::move(input), message.col1(), message.col2(),
                                            message.has_method() ? message.method() : "pearson"});
}

RelationResult From(const connect::StatApproxQuantile& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::ApproxQuantile{std::move(input),
                                               StringsOf(message.cols()),
                                               {message.probabilities().begin(), message.probabilities().end()},
                                               message.relative_error()});
}

RelationResult From(const connect::StatFreqItems& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::FreqItems{std::move(input), StringsOf(message.cols()),
                                          message.has_support() ? message.support() : 0.01});
}

RelationResult From(const connect::StatSampleBy& message, const Place& place) {
  unresolved::SampleBy out;
  FS_TRY(out.input, RelationFromProto(message.input()));
  FS_TRY(out.column, ExpressionFromProto(message.col()));
  for (const auto& fraction : message.fractions()) {
    FS_TRY(Literal stratum, LiteralFromProto(fraction.stratum()));
    out.fractions.emplace_back(std::move(stratum), fraction.fraction());
  }
  out.seed = message.has_seed() ? message.seed() : static_cast<int64_t>(std::random_device()());
  return place.Make(std::move(out));
}

}  // namespace firesteel::proto
