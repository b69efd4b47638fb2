#pragma once
// The type of JSON values: Spark's JsonInferSchema, for files and schema_of_json.
#include <memory>
#include <optional>

#include "functions/json_records.h"

namespace firesteel::functions {

class JsonInference {
 public:
  static Result<JsonInference> Make(JsonReadOptions options);

  const JsonReadOptions& options() const { return options_; }
  /// The type of the value that `tokens` stand at, which are then at its end; none: malformed. VOID: nothing is known.
  std::optional<DataType> Infer(JsonTokens& tokens) const;
  /// VOID becomes STRING, or nothing (dropFieldIfAllNull); structs without fields become nothing.
  std::optional<DataType> Canonical(const DataType& type) const;

  /// The type that holds both, `other` where none does. Struct fields stay sorted by name.
  static DataType Merge(const DataType& a, const DataType& b, const DataType& other = TypeId::kString);

 private:
  DataType Number(JsonToken token, std::string_view text) const;
  DataType Text(std::string_view text) const;

  JsonReadOptions options_;
  std::shared_ptr<const TextValues> values_;
};

/// The schema of records that come one after the other: spark.read.json.
class JsonRecordTypes {
 public:
  explicit JsonRecordTypes(JsonInference inference) : inference_(std::move(inference)) {}

  /// Errors: what FAILFAST refuses.
  Status Add(std::string_view record);
  DataType Schema() const { return inference_.Canonical(type_).value_or(DataType::Struct({})); }

 private:
  JsonInference inference_;
  DataType type_ = DataType::Struct({});
};

}  // namespace firesteel::functions
