// spark.catalog.*: temporary views, functions and the cache, in the one database that there is.
#include <algorithm>

#include "base/text.h"
#include "commands/commands.h"
#include "functions/registry.h"
#include "functions/spark_functions.h"
#include "types/type_text.h"

namespace firesteel::commands {
namespace {

using unresolved::CatalogCall;

constexpr const char* kCatalogName = "spark_catalog";
constexpr const char* kDatabaseName = "default";

Value Text(std::string_view text) { return Value(std::string(text)); }
const DataType kBoolean = TypeId::kBoolean;

logical::PlanPtr One(bool value) { return Rows({{"value", kBoolean}}, {{Value(value)}}); }
logical::PlanPtr OneText(std::string_view value) { return Rows({"value"}, {{Text(value)}}); }

bool Matches(const CatalogCall& call, std::string_view name) {
  return !call.pattern || MatchesPattern(name, *call.pattern);
}

/// "default", "spark_catalog.default".
bool IsTheDatabase(const unresolved::Name& name) {
  return (name.size() == 1 || (name.size() == 2 && EqualsIgnoreCase(name[0], kCatalogName))) &&
         EqualsIgnoreCase(name.back(), kDatabaseName);
}

bool IsGlobalDatabase(const unresolved::Name& name) {
  return name.size() == 1 && EqualsIgnoreCase(name[0], catalog::kGlobalTempDatabase);
}

Status CheckCatalog(const std::string& name) {
  if (EqualsIgnoreCase(name, kCatalogName)) return {};
  return Error::Condition("CATALOG_NOT_FOUND",
                          {{"catalogName", ToSqlId(name)}, {"config", ToSqlConf("spark.sql.catalog." + name)}})
      .As(ErrorClass::kSpark);
}

Status CheckDatabase(const unresolved::Name& name) {
  if (IsTheDatabase(name)) return {};
  unresolved::Name full = name;
  if (full.size() == 1) full.insert(full.begin(), kCatalogName);
  return Error::Condition("SCHEMA_NOT_FOUND", {{"schemaName", ToSqlId(full)}}).As(ErrorClass::kNoSuchNamespace);
}

logical::PlanPtr DatabaseRows(bool any, Context& context) {
  std::vector<std::vector<Value>> rows;
  if (any) {
    rows.push_back({Text(kDatabaseName), Text(kCatalogName), Text("default database"),
                    Text(context.Configuration("spark.sql.warehouse.dir").value_or(""))});
  }
  return Rows({"name", "catalog", "description", "locationUri"}, rows);
}

std::vector<Value> ViewRow(const std::string& name, bool global) {
  Value::List space;
  if (global) space.push_back(Text(catalog::kGlobalTempDatabase));
  return {Text(name), Value(), Value(std::move(space)), Value(), Text("TEMPORARY"), Value(true)};
}

logical::PlanPtr TableRows(const std::vector<std::vector<Value>>& rows) {
  return Rows({"name",
               "catalog",
               {"namespace", DataType::Array(TypeId::kString)},
               "description",
               "tableType",
               {"isTemporary", kBoolean}},
              rows);
}

Result<logical::PlanPtr> ListViews(const CatalogCall& call, Context& context) {
  const bool global = IsGlobalDatabase(call.database);
  if (!call.database.empty() && !global) FS_CHECK(CheckDatabase(call.database));
  std::vector<std::vector<Value>> rows;
  auto add = [&](const catalog::TempViews& views, bool of_global) {
    for (const auto& view : views.List()) {
      if (Matches(call, view.name)) rows.push_back(ViewRow(view.name, of_global));
    }
  };
  if (global) add(context.global_views(), true);
  add(context.views(), false);
  return TableRows(rows);
}

Result<logical::PlanPtr> ListColumns(const CatalogCall& call, Context& context) {
  FS_TRY(logical::PlanPtr plan, FindCatalogTable(call.name, context));
  std::vector<std::vector<Value>> rows;
  for (const auto& column : plan->output) {
    rows.push_back({Text(column.name), Value(), Text(TypeSimpleString(column.type)), Value(column.nullable),
                    Value(false), Value(false), Value(false)});
  }
  return Rows({"name",
               "description",
               "dataType",
               {"nullable", kBoolean},
               {"isPartition", kBoolean},
               {"isBucket", kBoolean},
               {"isCluster", kBoolean}},
              rows);
}

std::vector<Value> FunctionRow(const functions::Function& function, std::string_view name) {
  return {Text(name), Value(), Value(), Text(function.doc), Text(""), Value(true)};
}

logical::PlanPtr FunctionRows(const std::vector<std::vector<Value>>& rows) {
  return Rows({"name",
               "catalog",
               {"namespace", DataType::Array(TypeId::kString)},
               "description",
               "className",
               {"isTemporary", kBoolean}},
              rows);
}

logical::PlanPtr ListFunctions(const CatalogCall& call) {
  std::vector<std::vector<Value>> rows;
  for (const functions::Function* function : functions::AllFunctions()) {
    if (Matches(call, function->name)) rows.push_back(FunctionRow(*function, function->name));
    for (std::string_view alias : function->aliases) {
      if (Matches(call, alias)) rows.push_back(FunctionRow(*function, alias));
    }
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a[0].template As<std::string>() < b[0].template As<std::string>();
  });
  return FunctionRows(rows);
}

}  // namespace

Result<logical::PlanPtr> Run(const unresolved::ShowTables& command, const Origin&, Context& context) {
  std::vector<std::vector<Value>> rows;
  auto add = [&](const catalog::TempViews& views, const std::string& database) {
    for (const auto& view : views.List()) {
      if (!command.pattern.empty() && !MatchesPattern(view.name, command.pattern)) continue;
      rows.push_back({Text(database), Text(view.name), Value(true)});
    }
  };
  if (IsGlobalDatabase(command.database)) {
    add(context.global_views(), std::string(catalog::kGlobalTempDatabase));
  } else if (!command.database.empty()) {
    FS_CHECK(CheckDatabase(command.database));
  }
  add(context.views(), "");
  return command.views_only ? Rows({"namespace", "viewName", {"isTemporary", TypeId::kBoolean}}, rows)
                            : Rows({"namespace", "tableName", {"isTemporary", TypeId::kBoolean}}, rows);
}

Result<logical::PlanPtr> Run(const CatalogCall& call, const Origin& origin, Context& context) {
  using Method = CatalogCall::Method;
  const bool case_sensitive = context.settings().case_sensitive;
  switch (call.method) {
    case Method::kCurrentCatalog:
      return OneText(kCatalogName);
    case Method::kSetCurrentCatalog:
      FS_CHECK(CheckCatalog(call.name[0]));
      return NoRows();
    case Method::kListCatalogs: {
      std::vector<std::vector<Value>> rows;
      if (Matches(call, kCatalogName)) rows.push_back({Text(kCatalogName), Value()});
      return Rows({"name", "description"}, rows);
    }
    case Method::kCurrentDatabase:
      return OneText(kDatabaseName);
    case Method::kSetCurrentDatabase:
      FS_CHECK(CheckDatabase(call.name));
      return NoRows();
    case Method::kListDatabases:
      return DatabaseRows(Matches(call, kDatabaseName), context);
    case Method::kGetDatabase:
      FS_CHECK(CheckDatabase(call.name));
      return DatabaseRows(true, context);
    case Method::kDatabaseExists:
      return One(IsTheDatabase(call.name));
    case Method::kListTables:
    case Method::kListViews:
      return ListViews(call, context);
    case Method::kGetTable: {
      FS_CHECK(FindCatalogTable(call.name, context));
      const bool global = call.name.size() > 1;
      const auto view = (global ? context.global_views() : context.views()).Find(call.name.back(), case_sensitive);
      return TableRows({ViewRow(view ? view->name : call.name.back(), global)});
    }
    case Method::kTableExists: {
      if (call.name.size() > 3) {
        return Error::Condition("REQUIRES_SINGLE_PART_NAMESPACE",
                                {{"sessionCatalog", kCatalogName}, {"identifier", ToSqlId(call.name)}});
      }
      FS_TRY(auto found, context.FindTable(call.name));
      return One(found.has_value());
    }
    case Method::kListColumns:
      return ListColumns(call, context);
    case Method::kListFunctions:
      return ListFunctions(call);
    case Method::kGetFunction: {
      const functions::Function* function = functions::FindBuiltin(call.name);
      if (function == nullptr) return functions::NoSuchFunction(call.name, origin);
      return FunctionRows({FunctionRow(*function, call.name.back())});
    }
    case Method::kFunctionExists:
      return One(functions::FindBuiltin(call.name) != nullptr);
    case Method::kDropTempView:
      return One(context.views().Drop(call.name[0], case_sensitive));
    case Method::kDropGlobalTempView:
      return One(context.global_views().Drop(call.name[0], case_sensitive));
    case Method::kIsCached: {
      FS_TRY(logical::PlanPtr plan, FindTable(call.name, origin, context));
      return One(context.IsPersisted(plan));
    }
    case Method::kCacheTable:
      return Run(unresolved::CacheTable{.name = call.name, .lazy = true}, origin, context);
    case Method::kUncacheTable:
      return Run(unresolved::UncacheTable{.name = call.name}, origin, context);
    case Method::kClearCache:
      return Run(unresolved::ClearCache{}, origin, context);
    case Method::kRefreshTable:
      FS_CHECK(FindTable(call.name, origin, context));
      return NoRows();
    case Method::kRefreshByPath:
      return NoRows();  // files are listed anew at every use
    case Method::kShowDatabases: {
      if (!call.name.empty()) FS_CHECK(CheckCatalog(call.name[0]));
      std::vector<std::vector<Value>> rows;
      if (call.name.size() < 2 && Matches(call, kDatabaseName)) rows.push_back({Text(kDatabaseName)});
      return Rows({"namespace"}, rows);
    }
    case Method::kShowCatalogs: {
      std::vector<std::vector<Value>> rows;
      if (Matches(call, kCatalogName)) rows.push_back({Text(kCatalogName)});
      return Rows({"catalog"}, rows);
    }
  }
  return Error::Internal("a method of spark.catalog that nobody knows");
}

}  // namespace firesteel::commands
