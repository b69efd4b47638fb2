// df.write.save(path), INSERT OVERWRITE DIRECTORY: whether and what to write; the engine does the writing.
#include <algorithm>
#include <optional>

#include "base/java_exception.h"
#include "base/text.h"
#include "catalog/file_formats.h"
#include "catalog/file_listing.h"
#include "catalog/file_status.h"
#include "commands/commands.h"
#include "types/type_text.h"

namespace firesteel::commands {
namespace {

Status CheckPartitionColumns(const unresolved::WriteFiles& command, const logical::Plan& plan, const Origin& origin,
                             bool case_sensitive) {
  auto same = [&](const std::string& a, const std::string& b) {
    return case_sensitive ? a == b : EqualsIgnoreCase(a, b);
  };
  for (const auto& name : command.partition_by) {
    auto found = std::find_if(plan.output.begin(), plan.output.end(),
                              [&](const auto& column) { return same(column.name, name); });
    if (found == plan.output.end()) {
      return Error::Condition("_LEGACY_ERROR_TEMP_1155",
                              {{"col", name}, {"schemaCatalog", TypeCatalogString(logical::Schema(plan))}}, origin);
    }
    if (found->type.IsNested() || found->type.Is(TypeId::kVariant)) {
      return Error::Condition("INVALID_PARTITION_COLUMN_DATA_TYPE", {{"dataType", ""}}, origin);
    }
  }
  if (!command.partition_by.empty() && command.partition_by.size() == plan.output.size()) {
    return Error::Condition("ALL_PARTITION_COLUMNS_NOT_ALLOWED", {}, origin);
  }
  return {};
}

Status CheckDuplicateColumns(const logical::Plan& plan, const Origin& origin, bool case_sensitive) {
  for (size_t i = 0; i < plan.output.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const auto &a = plan.output[i].name, &b = plan.output[j].name;
      if (case_sensitive ? a == b : EqualsIgnoreCase(a, b)) {
        return Error::Condition("COLUMN_ALREADY_EXISTS", {{"columnName", ToSqlId(Lower(a))}}, origin);
      }
    }
  }
  return {};
}

std::optional<std::string> OptionOf(const unresolved::WriteFiles& command, std::string_view key) {
  for (const auto& [name, value] : command.options) {
    if (EqualsIgnoreCase(name, key)) return value;
  }
  return std::nullopt;
}

/// spark.sql.sources.partitionOverwriteMode and the option before it. A wrong value is refused whatever the save mode.
Result<bool> KeepsOtherPartitions(const unresolved::WriteFiles& command, Context& context) {
  const std::optional<std::string> option = OptionOf(command, "partitionOverwriteMode");
  const std::string mode =
      Upper(option ? *option : context.Configuration("spark.sql.sources.partitionOverwriteMode").value_or("STATIC"));
  if (mode != "STATIC" && mode != "DYNAMIC") {
    return JavaException("java.util.NoSuchElementException,java.lang.RuntimeException",
                         "No value found for '" + mode + "'");
  }
  return mode == "DYNAMIC" && command.mode == unresolved::SaveMode::kOverwrite && !command.partition_by.empty();
}

Status CheckNoopMode(unresolved::SaveMode mode, const Origin& origin) {
  if (mode == unresolved::SaveMode::kAppend || mode == unresolved::SaveMode::kOverwrite) return {};
  const std::string shown = mode == unresolved::SaveMode::kIgnore ? "Ignore" : "ErrorIfExists";
  return Error::Condition("UNSUPPORTED_DATA_SOURCE_SAVE_MODE",
                          {{"source", "noop"}, {"createMode", InDoubleQuotes(shown)}}, origin);
}

/// As given to save(), or by the option; only one of them.
Result<std::string> PathOf(const unresolved::WriteFiles& command, Context& context, const Origin& origin) {
  constexpr const char* kLegacy = "spark.sql.legacy.pathOptionBehavior.enabled";
  const std::optional<std::string> option = OptionOf(command, "path");
  if (!command.path.empty()) {
    if (option && context.Configuration(kLegacy) != "true")
      return Error::Condition("_LEGACY_ERROR_TEMP_1307", {{"config", kLegacy}}, origin);
    return catalog::LocalPath(command.path);
  }
  if (!option) return Error::Condition("_LEGACY_ERROR_TEMP_2047", {}, origin).As(ErrorClass::kIllegalArgument);
  return catalog::LocalPath(*option);
}

}  // namespace

Result<logical::PlanPtr> Run(const unresolved::WriteFiles& command, const Origin& origin, Context& context) {
  FS_TRY(logical::PlanPtr plan, context.Analyze(command.input));
  const std::string name =
      !command.format.empty() ? command.format : context.Configuration("spark.sql.sources.default").value_or("parquet");
  const auto* format = catalog::FindDataSourceFormat(name);
  if (format == nullptr) return Error::Condition("DATA_SOURCE_NOT_FOUND", {{"provider", name}}, origin);
  if (format->name == "binaryfile")
    return Error::Condition("UNSUPPORTED_FEATURE.WRITE_FOR_BINARY_SOURCE", {}, origin)
        .As(ErrorClass::kUnsupportedOperation);
  if (!format->writable) return Error::Unsupported("writing " + name, origin);
  unresolved::WriteFiles write = command;
  write.format = format->name;
  if (write.format == "noop") {  // the rows are computed and go nowhere
    FS_CHECK(CheckNoopMode(command.mode, origin));
    FS_CHECK(context.Write(plan, write, false));
    return NoRows();
  }
  FS_TRY(write.path, PathOf(command, context, origin));
  FS_CHECK(CheckPartitionColumns(command, *plan, origin, context.settings().case_sensitive));
  FS_TRY(const bool keeps_other_partitions, KeepsOtherPartitions(command, context));
  FS_CHECK(CheckDuplicateColumns(*plan, origin, context.settings().case_sensitive));
  FS_TRY(const std::optional<catalog::FileStatus> there, catalog::StatusOf(write.path));
  if (there && command.mode == unresolved::SaveMode::kErrorIfExists) {
    return Error::Condition("PATH_ALREADY_EXISTS", {{"outputPath", catalog::QualifiedPath(write.path)}}, origin);
  }
  if (there && command.mode == unresolved::SaveMode::kIgnore) return NoRows();
  FS_CHECK(context.Write(plan, write, keeps_other_partitions));
  return NoRows();
}

}  // namespace firesteel::commands
