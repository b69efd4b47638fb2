#pragma once
// The schema that Spark sees in a Parquet file (its ParquetToSparkSchemaConverter), and schemas merged.
#include "functions/source_options.h"
#include "physical/parquet_footer.h"
#include "types/data_type.h"

namespace firesteel::physical {

using functions::SourceOptions;

/// What `spark.sql.parquet.*` settings say of the types; a scan's options hold them (relations/read_source.cc).
struct ParquetTypes {
  explicit ParquetTypes(const SourceOptions& options);
  bool binary_as_string, int96_as_timestamp, infer_timestamp_ntz, nanos_as_long, respect_unknown;
};

/// The columns below a file's root.
Result<DataType> SparkSchema(const ParquetElement& root, const ParquetTypes& types);

/// StructType.merge: fields of both, in order, into structs, arrays and maps too; decimals of one scale take the larger precision.
/// None: some types differ.
std::optional<DataType> MergeTypes(const DataType& left, const DataType& right, bool case_sensitive);

/// The one element of a LIST group's values, and whether it is the repeated element itself (old writers' lists of two levels).
struct ParquetListElement {
  const ParquetElement* element;
  bool is_repeated;
};
/// Null: no list or map that the format knows.
std::optional<ParquetListElement> ListElementOf(const ParquetElement& list);
struct ParquetMapElements {
  const ParquetElement* key;
  const ParquetElement* value;
};
std::optional<ParquetMapElements> MapElementsOf(const ParquetElement& map);

}  // namespace firesteel::physical
