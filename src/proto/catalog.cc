// spark.catalog.*: every call is a message of its own; those that this server knows become one command.
#include "proto/from_proto.h"
#include "proto/invalid_plan.h"
#include "proto/not_yet.h"
#include "sql/parser.h"

namespace firesteel::proto {

namespace {

using connect::Catalog;
using Method = unresolved::CatalogCall::Method;

std::optional<Method> MethodOf(Catalog::CatTypeCase call) {
  switch (call) {
    case Catalog::kCurrentCatalog:
      return Method::kCurrentCatalog;
    case Catalog::kSetCurrentCatalog:
      return Method::kSetCurrentCatalog;
    case Catalog::kListCatalogs:
      return Method::kListCatalogs;
    case Catalog::kCurrentDatabase:
      return Method::kCurrentDatabase;
    case Catalog::kSetCurrentDatabase:
      return Method::kSetCurrentDatabase;
    case Catalog::kListDatabases:
      return Method::kListDatabases;
    case Catalog::kGetDatabase:
      return Method::kGetDatabase;
    case Catalog::kDatabaseExists:
      return Method::kDatabaseExists;
    case Catalog::kListTables:
      return Method::kListTables;
    case Catalog::kListViews:
      return Method::kListViews;
    case Catalog::kGetTable:
      return Method::kGetTable;
    case Catalog::kTableExists:
      return Method::kTableExists;
    case Catalog::kListColumns:
      return Method::kListColumns;
    case Catalog::kListFunctions:
      return Method::kListFunctions;
    case Catalog::kGetFunction:
      return Method::kGetFunction;
    case Catalog::kFunctionExists:
      return Method::kFunctionExists;
    case Catalog::kDropTempView:
      return Method::kDropTempView;
    case Catalog::kDropGlobalTempView:
      return Method::kDropGlobalTempView;
    case Catalog::kIsCached:
      return Method::kIsCached;
    case Catalog::kCacheTable:
      return Method::kCacheTable;
    case Catalog::kUncacheTable:
      return Method::kUncacheTable;
    case Catalog::kClearCache:
      return Method::kClearCache;
    case Catalog::kRefreshTable:
      return Method::kRefreshTable;
    case Catalog::kRefreshByPath:
      return Method::kRefreshByPath;
    case Catalog::kCreateExternalTable:
    case Catalog::kCreateTable:
    case Catalog::kRecoverPartitions:
    case Catalog::kDropTable:
    case Catalog::kDropView:
    case Catalog::kCreateDatabase:
    case Catalog::kDropDatabase:
    case Catalog::kListPartitions:
    case Catalog::kGetTableProperties:
    case Catalog::kGetCreateTableString:
    case Catalog::kTruncateTable:
    case Catalog::kAnalyzeTable:
    case Catalog::CAT_TYPE_NOT_SET:
      break;
  }
  return std::nullopt;
}

/// Whether the call's name is dotted parts; the others take it as it is written.
bool TakesDottedName(Method method) {
  switch (method) {
    case Method::kGetTable:
    case Method::kTableExists:
    case Method::kListColumns:
    case Method::kGetFunction:
    case Method::kFunctionExists:
    case Method::kIsCached:
    case Method::kCacheTable:
    case Method::kUncacheTable:
    case Method::kRefreshTable:
    case Method::kSetCurrentDatabase:
    case Method::kGetDatabase:
    case Method::kDatabaseExists:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<unresolved::Command> CatalogFromProto(const Catalog& message) {
  if (message.cat_type_case() == Catalog::CAT_TYPE_NOT_SET) {
    return OneOfNotSet(Catalog::descriptor(), "CATTYPE_NOT_SET");
  }
  const std::optional<Method> method = MethodOf(message.cat_type_case());
  if (!method) {
    return unresolved::Command{unresolved::UnsupportedCommand{NotYet(Catalog::descriptor(), message.cat_type_case())},
                               {}};
  }
  unresolved::CatalogCall out{.method = *method};
  const auto* field = Catalog::descriptor()->FindFieldByNumber(message.cat_type_case());
  const google::protobuf::Message& call = message.GetReflection()->GetMessage(message, field);
  // The fields of all calls: what they are about, db_name beside it, pattern.
  const google::protobuf::Descriptor* fields = call.GetDescriptor();
  for (int i = 0; i < fields->field_count(); ++i) {
    const auto* part = fields->field(i);
    if (part->type() != google::protobuf::FieldDescriptor::TYPE_STRING) continue;
    if (part->has_presence() && !call.GetReflection()->HasField(call, part)) continue;
    std::string value = call.GetReflection()->GetString(call, part);
    if (part->name() == "pattern") {
      out.pattern = std::move(value);
    } else if (part->name() == "db_name" && part->has_presence()) {
      FS_TRY(out.database, sql::ParseMultipartIdentifier(value));
    } else if (TakesDottedName(*method)) {
      FS_TRY(out.name, sql::ParseMultipartIdentifier(value));
    } else {
      out.name = {std::move(value)};
    }
  }
  return unresolved::Command{std::move(out), {}};
}

}  // namespace firesteel::proto
