// df.write.save(path), INSERT OVERWRITE DIRECTORY: whether and what to write; the engine does the writing.
#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "catalog/file_formats.h"
#include "catalog/file_listing.h"
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

}  // namespace

Result<logical::PlanPtr> Run(const unresolved::WriteFiles& command, const Origin& origin, Context& context) {
  if (!command.format.empty()) {
    const auto* format = catalog::FindDataSourceFormat(Lower(command.format));
    if (format == nullptr) return Error::Condition("DATA_SOURCE_NOT_FOUND", {{"provider", command.format}}, origin);
    if (!format->writable) return Error::Unsupported("writing " + command.format, origin);
  }
  FS_TRY(logical::PlanPtr plan, context.Analyze(command.input));
  if (EqualsIgnoreCase(command.format, "noop")) {  // the rows are computed and go nowhere
    FS_CHECK(context.Write(plan, command));
    return NoRows();
  }
  FS_CHECK(CheckDuplicateColumns(*plan, origin, context.settings().case_sensitive));
  FS_CHECK(CheckPartitionColumns(command, *plan, origin, context.settings().case_sensitive));
  FS_TRY(std::string path, catalog::LocalPath(command.path));
  std::error_code failure;
  const bool exists = std::filesystem::exists(path, failure);
  if (exists && command.mode == unresolved::SaveMode::kErrorIfExists) {
    return Error::Condition("PATH_ALREADY_EXISTS", {{"outputPath", catalog::QualifiedPath(path)}}, origin);
  }
  if (exists && command.mode == unresolved::SaveMode::kIgnore) return NoRows();
  FS_CHECK(context.Write(plan, command));
  return NoRows();
}

}  // namespace firesteel::commands
