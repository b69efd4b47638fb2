// Temporary views: CREATE, DROP, createOrReplaceTempView.
#include "base/text.h"
#include "commands/commands.h"
#include "relations/resolver.h"

namespace firesteel::commands {
namespace {

/// Which table of views a name is for; the name's last part is the view's.
Result<catalog::TempViews*> ViewsOf(const unresolved::Name& name, bool global, const Origin& origin, Context& context) {
  if (name.empty()) return Error::Internal("a view without a name");
  const size_t parts_max = global ? 2 : 1;
  const bool named_global = name.size() == 2 && EqualsIgnoreCase(name[0], catalog::kGlobalTempDatabase);
  if (name.size() > parts_max || (name.size() == 2 && !named_global)) {
    return Error::Condition("TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS", {{"actualName", QuoteParts(name)}}, origin);
  }
  return global ? &context.global_views() : &context.views();
}

Status Put(const unresolved::Name& name, bool global, bool replace, bool if_not_exists, catalog::TempView view,
           const Origin& origin, Context& context) {
  // Views of DataFrames may have a name twice, those of SQL text may not.
  for (size_t i = 0; i < view.plan->output.size() && !view.text.empty(); ++i) {
    const std::string& column = view.plan->output[i].name;
    for (size_t j = 0; j < i; ++j) {
      const std::string& other = view.plan->output[j].name;
      if (context.settings().case_sensitive ? column != other : !EqualsIgnoreCase(column, other)) continue;
      return Error::Condition("COLUMN_ALREADY_EXISTS",
                              {{"columnName", ToSqlId(context.settings().case_sensitive ? column : Lower(column))}});
    }
  }
  FS_TRY(catalog::TempViews * views, ViewsOf(name, global, origin, context));
  if (views->Put(std::move(view), replace, context.settings().case_sensitive) || if_not_exists) return {};
  return Error::Condition("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", ToSqlId(name.back())}})
      .As(ErrorClass::kTempTableAlreadyExists);
}

/// The plan under the names of CREATE VIEW v(a, b).
Result<logical::PlanPtr> Renamed(logical::PlanPtr plan, const unresolved::CreateView& command) {
  if (command.columns.empty()) return plan;
  if (command.columns.size() != plan->output.size()) {
    const bool too_few = command.columns.size() > plan->output.size();
    std::vector<std::string> view_columns, data_columns;
    for (const auto& [name, comment] : command.columns) view_columns.push_back(ToSqlId(name));
    for (const auto& column : plan->output) data_columns.push_back(ToSqlId(column.name));
    return Error::Condition(too_few ? "CREATE_VIEW_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                                    : "CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
                            {{"viewName", ToSqlId(command.name)},
                             {"viewColumns", Join(view_columns, ", ")},
                             {"dataColumns", Join(data_columns, ", ")}});
  }
  std::vector<logical::ExprPtr> columns;
  std::vector<logical::Attribute> output;
  for (size_t i = 0; i < plan->output.size(); ++i) {
    logical::Attribute named = plan->output[i];
    auto child = logical::MakeExpr(logical::Column{named.id, named.name}, named.type, named.nullable);
    named.id = logical::NewAttributeId();
    named.name = command.columns[i].first;
    named.qualifier.clear();
    columns.push_back(logical::MakeExpr(logical::Alias{child, named}, named.type, named.nullable));
    output.push_back(std::move(named));
  }
  return logical::MakePlan(logical::Project{std::move(plan), std::move(columns)}, std::move(output));
}

}  // namespace

Result<logical::PlanPtr> Run(const unresolved::CreateView& command, const Origin& origin, Context& context) {
  if (command.identifier != nullptr) return Error::Unsupported("IDENTIFIER clause in CREATE VIEW", origin);
  FS_TRY(logical::PlanPtr plan, context.Analyze(command.plan));
  FS_TRY(plan, Renamed(std::move(plan), command));
  catalog::TempView view{
      .name = command.name.back(), .plan = std::move(plan), .text = command.text, .comments = command.columns};
  FS_CHECK(Put(command.name, command.global, command.replace, command.if_not_exists, std::move(view), origin, context));
  return NoRows();
}

Result<logical::PlanPtr> Run(const unresolved::CreateSourceView& command, const Origin& origin, Context& context) {
  FS_TRY(logical::PlanPtr plan, context.Analyze(unresolved::MakeRelation(command.source, origin)));
  catalog::TempView view{.name = command.name.back(), .plan = std::move(plan), .text = {}, .comments = {}};
  FS_CHECK(Put(command.name, command.global, command.replace, false, std::move(view), origin, context));
  return NoRows();
}

Result<logical::PlanPtr> Run(const unresolved::AlterView& command, const Origin& origin, Context& context) {
  const bool global = command.name.size() == 2 && EqualsIgnoreCase(command.name[0], catalog::kGlobalTempDatabase);
  auto& views = global ? context.global_views() : context.views();
  const bool case_sensitive = context.settings().case_sensitive;
  std::optional<catalog::TempView> view;
  if (global || command.name.size() == 1) view = views.Find(command.name.back(), case_sensitive);
  if (!view) return relations::TableNotFound(command.name, origin);
  if (command.plan == nullptr) {
    view->name = command.new_name.back();
    FS_CHECK(Put(command.new_name, global, false, false, *view, origin, context));
    views.Drop(command.name.back(), case_sensitive);
    return NoRows();
  }
  FS_TRY(view->plan, context.Analyze(command.plan));
  view->text = command.text;
  view->comments.clear();
  FS_CHECK(Put(command.name, global, true, false, *std::move(view), origin, context));
  return NoRows();
}

Result<logical::PlanPtr> Run(const unresolved::DropView& command, const Origin&, Context& context) {
  const bool global = command.name.size() == 2 && EqualsIgnoreCase(command.name[0], catalog::kGlobalTempDatabase);
  auto& views = global ? context.global_views() : context.views();
  const bool known =
      (global || command.name.size() == 1) && views.Drop(command.name.back(), context.settings().case_sensitive);
  if (!known && !command.if_exists) {
    unresolved::Name full = command.name;  // what is not a temporary view would be a table of the catalog
    if (full.size() < 2) full.insert(full.begin(), "default");
    if (full.size() < 3) full.insert(full.begin(), "spark_catalog");
    return Error::Condition("TABLE_OR_VIEW_NOT_FOUND",
                            {{"relationName", ToSqlId(full)}, {"searchPath", "[`spark_catalog`.`default`]"}})
        .As(ErrorClass::kNoSuchTable);
  }
  return NoRows();
}

}  // namespace firesteel::commands
