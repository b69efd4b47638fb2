#pragma once
// What a Parquet file says of itself at its end: its schema, the number of its rows, its writer's words. Values are not read here.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace firesteel::physical {

enum class ParquetType { kBoolean, kInt32, kInt64, kInt96, kFloat, kDouble, kBinary, kFixed };

/// Logical types; the older converted types are told as these, as Parquet's format says.
enum class ParquetAnnotation {
  kNone,
  kString,
  kMap,
  kMapKeyValue,
  kList,
  kEnum,
  kDecimal,
  kDate,
  kTime,
  kTimestamp,
  kInteger,
  kUnknown,  ///< "always null"
  kJson,
  kBson,
  kUuid,
  kFloat16,
  kInterval,
  kVariant,
  kGeometry,
  kGeography
};
enum class ParquetUnit { kMillis, kMicros, kNanos };
enum class ParquetRepetition { kRequired, kOptional, kRepeated };

/// A column, or a group of them.
struct ParquetElement {
  std::string name;
  std::optional<ParquetType> type;  ///< none: a group
  ParquetRepetition repetition = ParquetRepetition::kRequired;
  ParquetAnnotation annotation = ParquetAnnotation::kNone;
  int32_t length = 0;                       ///< of kFixed, in bytes
  int32_t precision = 0, scale = 0;         ///< of kDecimal
  int32_t bits = 0;                         ///< of kInteger
  bool is_signed = true;                    ///< of kInteger
  bool is_utc = false;                      ///< of kTime and kTimestamp
  ParquetUnit unit = ParquetUnit::kMillis;  ///< of kTime and kTimestamp
  std::vector<ParquetElement> children;
  bool operator==(const ParquetElement&) const = default;

  bool IsGroup() const { return !type.has_value(); }
  /// As Parquet's own library writes a column's type: "INT64 (TIMESTAMP(NANOS,true))".
  std::string TypeText() const;
  std::string PhysicalText() const;  ///< "INT64"
};

struct ParquetFooter {
  std::shared_ptr<const ParquetElement> schema;  ///< the root group; files with equal schemas share one
  int64_t rows = 0;
  std::optional<std::string> spark_schema;  ///< JSON, if Spark has written the file
};

/// The footer of a file, remembered until the file changes. None: the file is empty (Spark reads no rows of it). Errors are
/// FAILED_READ_FILE: FILE_NOT_EXIST or NO_HINT.
Result<std::shared_ptr<const ParquetFooter>> ReadParquetFooter(const std::string& path);

/// The footer's own bytes, without their length and the mark behind them.
Result<ParquetFooter> ParseParquetFooter(std::string_view bytes);

}  // namespace firesteel::physical
