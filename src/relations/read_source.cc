// read.format(…).load(…): files with their schema, given or inferred.
#include <algorithm>

#include "base/text.h"
#include "catalog/file_formats.h"
#include "catalog/file_listing.h"
#include "catalog/file_status.h"
#include "functions/source_options.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

std::string FormatName(const std::string& format, Resolver& resolver) {
  if (!format.empty()) return format;
  std::string by_default = resolver.environment().Configuration("spark.sql.sources.default");
  return by_default.empty() ? "parquet" : by_default;
}

std::string ShownFormat(const std::string& format) {
  if (format == "parquet") return "Parquet";
  if (format == "csv") return "CSV";
  if (format == "json") return "JSON";
  if (format == "orc") return "ORC";
  return format;
}

/// Settings that say what a Parquet file's types are become options of the scan, as in Spark, whose readers know only these.
void AddParquetSettings(Resolver& resolver, std::map<std::string, std::string>& options) {
  static constexpr std::string_view kSettings[] = {
      "spark.sql.parquet.binaryAsString",
      "spark.sql.parquet.inferTimestampNTZ.enabled",
      "spark.sql.parquet.int96AsTimestamp",
      "spark.sql.legacy.parquet.nanosAsLong",
      "spark.sql.parquet.reader.respectUnknownTypeAnnotation.enabled",
      "spark.sql.caseSensitive",
  };
  for (const std::string_view setting : kSettings) {
    const std::string_view key = setting.substr(std::string_view("spark.").size());  // no user's option
    options[Lower(key)] = resolver.environment().Configuration(std::string(setting));
  }
  if (!options.contains("mergeschema"))
    options["mergeschema"] = resolver.environment().Configuration("spark.sql.parquet.mergeSchema");
}

DataType BinaryFileSchema() {
  return DataType::Struct({{"path", TypeId::kString, true, "{}"},
                           {"modificationTime", TypeId::kTimestamp, true, "{}"},
                           {"length", TypeId::kLong, true, "{}"},
                           {"content", TypeId::kBinary, true, "{}"}});
}

/// CHAR(n) and VARCHAR(n) read from files are STRINGs; every column of a file may be null.
DataType AsRead(const DataType& schema) {
  std::vector<StructField> fields;
  for (StructField field : schema.fields()) {
    if (field.type.Is(TypeId::kString) && field.type.string_kind() != StringKind::kString) field.type = TypeId::kString;
    field.type = field.type.AsNullable();
    field.nullable = true;
    fields.push_back(std::move(field));
  }
  return DataType::Struct(std::move(fields));
}

Result<DataType> Infer(const std::string& format, std::vector<catalog::ListedFile> listed,
                       const std::map<std::string, std::string>& options, Resolver& resolver) {
  // Lines of text are read as rows are: from the largest file on, from empty ones none. Parquet tells it in every file.
  if (format != "parquet") {
    std::erase_if(listed, [](const auto& file) { return file.bytes == 0; });
    std::stable_sort(listed.begin(), listed.end(), [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  }
  if (listed.empty()) return DataType::Struct({});
  std::vector<std::string> files;
  for (catalog::ListedFile& file : listed) files.push_back(std::move(file.path));
  return resolver.environment().sources().InferSchema(format, files,
                                                      functions::ForInference(options, resolver.settings()));
}

Attribute FileMetadata(const std::string& format) {
  std::vector<StructField> fields{
      {"file_path", TypeId::kString, false, "{}"},       {"file_name", TypeId::kString, false, "{}"},
      {"file_size", TypeId::kLong, false, "{}"},         {"file_block_start", TypeId::kLong, false, "{}"},
      {"file_block_length", TypeId::kLong, false, "{}"}, {"file_modification_time", TypeId::kTimestamp, false, "{}"}};
  if (format == "parquet") fields.push_back({"row_index", TypeId::kLong, false, "{}"});
  return {logical::NewAttributeId(),
          std::string(catalog::kFileMetadata),
          DataType::Struct(std::move(fields)),
          false,
          R"({"__file_source_metadata_col":true,"__metadata_col":"_metadata"})",
          {}};
}

}  // namespace

bool IsKnownFileFormat(std::string_view format) {
  const auto* known = catalog::FindDataSourceFormat(format);
  return known != nullptr && known->files;
}

namespace {

/// The scan of the files that are still there.
Result<logical::Scan> WithoutMissing(const logical::Scan& scan) {
  logical::Scan present = scan;
  present.files.clear();
  present.partition_values.clear();
  for (size_t i = 0; i < scan.files.size(); ++i) {
    FS_TRY(const auto status, catalog::StatusOf(scan.files[i]));
    if (!status) continue;
    present.files.push_back(scan.files[i]);
    if (!scan.partition_values.empty()) present.partition_values.push_back(scan.partition_values[i]);
  }
  return present;
}

/// The files and their schema: what takes long.
Result<logical::Scan> ScanOf(const unresolved::ReadSource& source, const Origin& origin, Resolver& resolver) {
  if (source.is_streaming) return Error::Unsupported("streaming reads", origin);
  if (!source.predicates.empty()) return Error::Unsupported("read by predicates", origin);
  const std::string name = FormatName(source.format, resolver);
  const auto* known = catalog::FindDataSourceFormat(name);
  if (known == nullptr) return Error::Condition("DATA_SOURCE_NOT_FOUND", {{"provider", name}}, origin);
  const std::string format(known->name);
  if (!known->readable) return Error::Unsupported("reading " + format, origin);
  logical::Scan scan;
  scan.format = format;
  for (const auto& [key, value] : source.options) scan.options[Lower(key)] = value;
  if (format == "parquet") AddParquetSettings(resolver, scan.options);
  scan.root_paths = source.paths;
  if (auto path = scan.options.find("path"); path != scan.options.end()) {
    constexpr const char* kLegacy = "spark.sql.legacy.pathOptionBehavior.enabled";
    if (scan.root_paths.empty()) {
      scan.root_paths.push_back(path->second);
    } else if (resolver.environment().Configuration(kLegacy) != "true") {
      return Error::Condition("_LEGACY_ERROR_TEMP_1306", {{"config", kLegacy}}, origin);
    }
  }
  DataType given;
  if (!source.schema.empty()) {
    if (source.schema[0] == '{' || source.schema[0] == '"') {
      FS_TRY(given, ParseTypeJson(source.schema));
    } else {
      FS_TRY(given, ParseDdl(source.schema));
    }
    if (!given.Is(TypeId::kStruct)) {
      return Error::Condition(
          "INVALID_SCHEMA.NON_STRUCT_TYPE",
          {{"inputSchema", InDoubleQuotes(source.schema)}, {"dataType", InDoubleQuotes(TypeSql(given))}}, origin);
    }
    given = AsRead(given);
  }
  std::optional<DataType> user_schema;
  if (given.Is(TypeId::kStruct)) user_schema = given;
  scan.user_schema = user_schema.has_value();
  const bool infers =
      resolver.environment().Configuration("spark.sql.sources.partitionColumnTypeInference.enabled") != "false";
  FS_TRY(catalog::FileList files,
         catalog::ListFiles(scan.root_paths, scan.options, user_schema, resolver.settings(), infers));
  DataType schema = given;
  if (!schema.Is(TypeId::kStruct)) {
    if (format == "text") {
      schema = DataType::Struct({{"value", TypeId::kString, true, "{}"}});
    } else if (format == "binaryfile") {
      schema = BinaryFileSchema();
    } else {
      if (files.listed.empty())
        return Error::Condition("UNABLE_TO_INFER_SCHEMA", {{"format", ShownFormat(format)}}, origin);
      FS_TRY(schema, Infer(format, std::move(files.listed), scan.options, resolver));
      schema = AsRead(schema);
    }
  }
  if (HoldsType(schema, TypeId::kTime) &&
      !EqualsIgnoreCase(resolver.environment().Configuration("spark.sql.timeType.enabled"), "true"))
    return Error::Condition("UNSUPPORTED_TIME_TYPE", {}, origin);
  // Partition columns are no columns of the files; a given schema keeps them where it has them.
  std::vector<StructField> data;
  auto is_partition = [&](const StructField& field) {
    for (const StructField& partition : files.partition_schema.fields()) {
      if (resolver.SameName(field.name, partition.name)) return true;
    }
    return false;
  };
  for (const StructField& field : schema.fields()) {
    if (!is_partition(field)) data.push_back(field);
  }
  scan.root_paths = std::move(files.root_paths);
  scan.files = std::move(files.files);
  scan.data_schema = DataType::Struct(std::move(data));
  scan.partition_schema = std::move(files.partition_schema);
  scan.partition_values = std::move(files.partition_values);
  return scan;
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::ReadSource& source, const unresolved::Relation& relation,
                        Resolver& resolver) {
  const Origin& origin = relation.origin;
  Environment& environment = resolver.environment();
  std::shared_ptr<const logical::Scan> scan;
  if (relation.plan_id) scan = environment.KnownScan(*relation.plan_id, source);
  if (scan != nullptr && environment.Configuration("spark.sql.files.ignoreMissingFiles") == "true") {
    FS_TRY(logical::Scan present, WithoutMissing(*scan));
    scan = std::make_shared<const logical::Scan>(std::move(present));
  }
  if (scan == nullptr) {
    FS_TRY(logical::Scan found, ScanOf(source, origin, resolver));
    scan = std::make_shared<const logical::Scan>(std::move(found));
    if (relation.plan_id) environment.RememberScan(*relation.plan_id, source, scan);
  }
  std::vector<Attribute> output;
  for (const DataType* schema : {&scan->data_schema, &scan->partition_schema}) {
    for (const StructField& field : schema->fields())
      output.push_back({logical::NewAttributeId(), field.name, field.type, true, field.metadata, {}});
  }
  for (size_t i = 0; i < output.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!resolver.SameName(output[i].name, output[j].name)) continue;
      std::string name = resolver.settings().case_sensitive ? output[i].name : Lower(output[i].name);
      return Error::Condition("COLUMN_ALREADY_EXISTS", {{"columnName", QuoteIdentifier(name)}}, origin);
    }
  }
  PlanPtr plan = logical::MakePlan(*scan, std::move(output), origin);
  resolver.Hide(plan, {FileMetadata(scan->format)});
  return plan;
}

}  // namespace firesteel::relations
