// The table of data sources.
#include "catalog/file_formats.h"

#include <algorithm>

#include "base/text.h"

namespace firesteel::catalog {

namespace {

constexpr DataSourceFormat kFormats[] = {
    {"parquet", true, true, true},     {"csv", true, true, true},
    {"json", true, true, true},        {"text", true, true, true},
    {"binaryfile", true, true, false}, {"orc", true, false, false},
    {"avro", true, false, false},      {"xml", true, false, false},
    {"jdbc", false, false, false},     {"delta", false, false, false},
    {"iceberg", false, false, false},  {"hudi", false, false, false},
    {"rate", false, false, false},     {"rate-micro-batch", false, false, false},
    {"socket", false, false, false},   {"kafka", false, false, false},
    {"console", false, false, false},  {"memory", false, false, false},
    {"noop", false, false, true},
};

// Classes that may be named instead: those that Spark 4.2 has, and older ones that it still takes.
struct SourceClass {
  std::string_view prefix;      // of the class
  std::string_view class_name;  // may be left out, as the older DefaultSource
  std::string_view format;
};

constexpr SourceClass kClasses[] = {
    {"org.apache.spark.sql.json", "DefaultSource", "json"},
    {"org.apache.spark.sql.execution.datasources.json", "DefaultSource", "json"},
    {"org.apache.spark.sql.execution.datasources.json", "JsonFileFormat", "json"},
    {"org.apache.spark.sql.execution.datasources.v2.json", "JsonDataSourceV2", "json"},
    {"org.apache.spark.sql.parquet", "DefaultSource", "parquet"},
    {"org.apache.spark.sql.execution.datasources.parquet", "DefaultSource", "parquet"},
    {"org.apache.spark.sql.execution.datasources.parquet", "ParquetFileFormat", "parquet"},
    {"org.apache.spark.sql.execution.datasources.v2.parquet", "ParquetDataSourceV2", "parquet"},
    {"com.databricks.spark.csv", "", "csv"},
    {"org.apache.spark.sql.execution.datasources.csv", "CSVFileFormat", "csv"},
    {"org.apache.spark.sql.execution.datasources.v2.csv", "CSVDataSourceV2", "csv"},
    {"org.apache.spark.sql.execution.datasources.text", "TextFileFormat", "text"},
    {"org.apache.spark.sql.execution.datasources.v2.text", "TextDataSourceV2", "text"},
    {"org.apache.spark.sql.execution.datasources.binaryfile", "BinaryFileFormat", "binaryfile"},
    {"org.apache.spark.sql.execution.datasources.noop", "NoopDataSource", "noop"},
    {"org.apache.spark.sql.hive.orc", "DefaultSource", "orc"},
    {"org.apache.spark.sql.execution.datasources.orc", "DefaultSource", "orc"},
    {"org.apache.spark.sql.execution.datasources.orc", "OrcFileFormat", "orc"},
    {"org.apache.spark.sql.jdbc", "DefaultSource", "jdbc"},
    {"org.apache.spark.sql.execution.datasources.jdbc", "DefaultSource", "jdbc"},
    {"com.databricks.spark.avro", "", "avro"},
};

bool IsClass(std::string_view name, const SourceClass& known) {
  if (!name.starts_with(known.prefix)) return false;
  name.remove_prefix(known.prefix.size());
  if (name.empty()) return known.class_name.empty() || known.class_name == "DefaultSource";
  return name[0] == '.' && name.substr(1) == known.class_name;
}

}  // namespace

std::span<const DataSourceFormat> DataSourceFormats() { return kFormats; }

const DataSourceFormat* FindDataSourceFormat(std::string_view name) {
  for (const SourceClass& known : kClasses) {
    if (IsClass(name, known)) name = known.format;
  }
  const auto* found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const DataSourceFormat& f) { return EqualsIgnoreCase(f.name, name); });
  return found == std::end(kFormats) ? nullptr : found;
}

}  // namespace firesteel::catalog
