#pragma once
// Errors are values that name one of Spark's error conditions; the text comes from Spark's own condition
// file.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/origin.h"

namespace firesteel {

/// The exception class that clients raise. One entry per class that Spark's Connect server names in
/// `classes`.
enum class ErrorClass {
  kAnalysis,  ///< org.apache.spark.sql.AnalysisException
  kParse,     ///< org.apache.spark.sql.catalyst.parser.ParseException
  kTempTableAlreadyExists,
  kNoSuchTable,
  kNoSuchNamespace,
  kNoSuchFunction,
  kArithmetic,  ///< org.apache.spark.SparkArithmeticException
  kArrayIndexOutOfBounds,
  kDateTime,  ///< org.apache.spark.SparkDateTimeException
  kIllegalArgument,
  kNumberFormat,
  kRuntime,  ///< org.apache.spark.SparkRuntimeException
  kUnsupportedOperation,
  kUpgrade,  ///< org.apache.spark.SparkUpgradeException
  kSpark,    ///< org.apache.spark.SparkException
  kNoSuchElement,
  kSecurity,
  kConnect,  ///< org.apache.spark.sql.connect.common.InvalidPlanInput and its kind
};

class Error {
 public:
  using Parameters = std::map<std::string, std::string>;

  /// An analysis error (the usual class); `As` changes the class. `name` must be in Spark's condition file
  /// (a test checks every name used in the source). Unset placeholders stay as written.
  static Error Condition(std::string_view name, Parameters parameters = {}, const Origin& origin = {});
  /// INTERNAL_ERROR: a bug of ours, found by a check.
  static Error Internal(std::string message);
  /// UNSUPPORTED_FEATURE with a sub-condition of ours when Spark has none: names what is missing.
  static Error Unsupported(std::string what, const Origin& origin = {});

  Error As(ErrorClass error_class) const;
  Error At(const Origin& origin) const;  ///< Sets the origin if none is set yet.
  Error CausedBy(Error cause) const;
  /// Analysis errors only: the tree that Spark prints after the message ("…;\n'Project …").
  Error WithPlan(std::string plan_text) const;

  const std::string& condition() const { return data_->condition; }
  const Parameters& parameters() const { return data_->parameters; }
  const Origin& origin() const { return data_->origin; }
  ErrorClass error_class() const { return data_->error_class; }
  const Error* cause() const { return data_->cause.get(); }
  std::string_view sql_state() const;  ///< Five characters; empty if the condition has none.
  std::string Message() const;  ///< "[CONDITION] text SQLSTATE: 42000" with the query context, as Spark prints it.
  /// The context block alone ("== SQL (line 1, position 8) ==\n…"), as a QueryContext message carries it; may
  /// be empty.
  std::string ContextSummary() const;
  /// The stretch of SQL text that the error is about; empty without one.
  std::string_view ContextFragment() const;
  std::string_view ClassName() const;  ///< The Java class that clients map to their exception.
  /// The class name and its Java ancestors, most specific first.
  std::vector<std::string_view> ClassHierarchy() const;
  /// Compact text that survives a trip through an engine's error message; see Decode.
  std::string Encode() const;
  /// The error that `text` contains (anywhere), or null. Origins come back as numbers; `sql` is attached to
  /// them.
  static std::unique_ptr<Error> Decode(std::string_view text, std::shared_ptr<const SqlText> sql);

 private:
  struct Data {
    std::string condition;
    Parameters parameters;
    Origin origin;
    ErrorClass error_class = ErrorClass::kAnalysis;
    std::shared_ptr<const Error> cause;
    std::string plan_text;
  };
  explicit Error(Data data) : data_(std::make_shared<const Data>(std::move(data))) {}
  std::shared_ptr<const Data> data_;  // never null
};

}  // namespace firesteel
