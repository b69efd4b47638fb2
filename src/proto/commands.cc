// Commands. sql_command and checkpoints are not among them (proto/plan.h): they answer with relations.
#include "base/java_exception.h"
#include "proto/from_proto.h"
#include "proto/invalid_plan.h"
#include "proto/not_yet.h"
#include "sql/parser.h"

namespace firesteel::proto {

namespace {

using CommandResult = Result<unresolved::Command>;

unresolved::Command Make(auto node) { return unresolved::Command{std::move(node), {}}; }

unresolved::Command Unsupported(std::string what) { return Make(unresolved::UnsupportedCommand{std::move(what)}); }

CommandResult FromWrite(const connect::WriteOperation& message) {
  unresolved::WriteFiles out;
  switch (message.mode()) {
    case connect::WriteOperation::SAVE_MODE_UNSPECIFIED:
    case connect::WriteOperation::SAVE_MODE_ERROR_IF_EXISTS:
      out.mode = unresolved::SaveMode::kErrorIfExists;
      break;
    case connect::WriteOperation::SAVE_MODE_APPEND:
      out.mode = unresolved::SaveMode::kAppend;
      break;
    case connect::WriteOperation::SAVE_MODE_OVERWRITE:
      out.mode = unresolved::SaveMode::kOverwrite;
      break;
    case connect::WriteOperation::SAVE_MODE_IGNORE:
      out.mode = unresolved::SaveMode::kIgnore;
      break;
    default:
      return InvalidEnum(connect::WriteOperation::SaveMode_descriptor(), message.mode());
  }
  switch (message.save_type_case()) {
    case connect::WriteOperation::kPath:
      if (message.path().empty())  // not the same as no path
        return JavaException(kIllegalArgumentClasses, "Can not create a Path from an empty string");
      out.path = message.path();
      break;
    case connect::WriteOperation::kTable:
      return Unsupported(message.table().save_method() ==
                                 connect::WriteOperation::SaveTable::TABLE_SAVE_METHOD_INSERT_INTO
                             ? "DataFrameWriter.insertInto"
                             : "DataFrameWriter.saveAsTable");
    case connect::WriteOperation::SAVE_TYPE_NOT_SET:
      break;  // by options, or a sink without a place (noop)
  }
  if (message.has_bucket_by()) return Unsupported("DataFrameWriter.bucketBy");
  FS_TRY(out.input, RelationFromProto(message.input()));
  out.format = message.source();
  out.options = {message.options().begin(), message.options().end()};
  out.partition_by = {message.partitioning_columns().begin(), message.partitioning_columns().end()};
  out.sort_by = {message.sort_column_names().begin(), message.sort_column_names().end()};
  return Make(std::move(out));
}

CommandResult FromView(const connect::CreateDataFrameViewCommand& message) {
  unresolved::CreateView out;
  auto name = sql::ParseMultipartIdentifier(message.name());
  if (!name.ok()) return Error::Condition("_LEGACY_ERROR_TEMP_1321", {{"viewName", message.name()}});
  out.name = std::move(name).value();
  FS_TRY(out.plan, RelationFromProto(message.input()));
  out.global = message.is_global();
  out.replace = message.replace();
  return Make(std::move(out));
}

}  // namespace

Result<unresolved::Command> CommandFromProto(const connect::Command& message) {
  using connect::Command;
  switch (message.command_type_case()) {
    case Command::kWriteOperation:
      return FromWrite(message.write_operation());
    case Command::kCreateDataframeView:
      return FromView(message.create_dataframe_view());
    case Command::kSqlCommand:
    case Command::kCheckpointCommand:
    case Command::kRemoveCachedRemoteRelationCommand:
      return OneOfNotSupported(Command::descriptor(), message.command_type_case());
    case Command::kRegisterFunction:
    case Command::kWriteOperationV2:
    case Command::kWriteStreamOperationStart:
    case Command::kStreamingQueryCommand:
    case Command::kGetResourcesCommand:
    case Command::kStreamingQueryManagerCommand:
    case Command::kRegisterTableFunction:
    case Command::kStreamingQueryListenerBusCommand:
    case Command::kRegisterDataSource:
    case Command::kCreateResourceProfileCommand:
    case Command::kMergeIntoTableCommand:
    case Command::kMlCommand:
    case Command::kExecuteExternalCommand:
    case Command::kPipelineCommand:
      return Unsupported(NotYet(Command::descriptor(), message.command_type_case()));
    case Command::kExtension:
      return InvalidPlan("NO_HANDLER_FOR_EXTENSION", {{"extensionTypeUrl", message.extension().type_url()}});
    case Command::COMMAND_TYPE_NOT_SET:
      break;
  }
  return OneOfNotSet(Command::descriptor(), "COMMANDTYPE_NOT_SET");
}

}  // namespace firesteel::proto
