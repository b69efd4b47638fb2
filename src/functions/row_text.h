#pragma once
// Values as CSV and JSON hold them: Spark's UnivocityGenerator and JacksonGenerator. Files, to_json and to_csv are written with it.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "functions/cast.h"
#include "functions/json_generator.h"
#include "functions/kernel.h"
#include "functions/source_options.h"
#include "types/datetime_pattern.h"

namespace firesteel::functions {

struct RowTextOptions {
  std::string time_zone = "UTC";
  std::string date_format = "yyyy-MM-dd";
  std::string timestamp_format = "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXXXX]";
  std::string timestamp_ntz_format = "yyyy-MM-dd'T'HH:mm:ss[.SSS]";
  bool ignore_null_fields = true;
  bool pretty = false;
  bool sort_keys = false;  ///< JSON objects' names in their order as text

  static RowTextOptions From(const SourceOptions& options, const std::string& time_zone);
};

class RowText {
 public:
  static Result<std::shared_ptr<const RowText>> Make(const DataType& type, const RowTextOptions& options);

  /// The text that stands for a value that is not nested, without quotes.
  void AppendPlain(const Cell& cell, std::string& out) const;
  /// Errors: a variant that is malformed.
  Status AppendJson(const Cell& cell, JsonGenerator& json) const;
  bool pretty() const { return pretty_; }

 private:
  Status AddCasts(const DataType& type, const std::string& time_zone);

  /// Of a map or a struct.
  Status AppendObject(const Cell& cell, JsonGenerator& json) const;

  bool ignore_null_fields_ = true, pretty_ = false, sort_keys_ = false;
  std::string time_zone_;
  const TimeZone* zone_ = nullptr;
  const TimeZone* ntz_utc_ = nullptr;
  std::shared_ptr<const DateTimePattern> date_, timestamp_, timestamp_ntz_;
  std::vector<std::pair<DataType, std::shared_ptr<const CellText>>> casts_;
};

}  // namespace firesteel::functions
