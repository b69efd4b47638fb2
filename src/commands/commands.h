#pragma once
// Statements with side effects: one Run for each, in files by topic. What Spark answers with rows comes back as a plan of constants;
// the others answer with no columns.
#include <initializer_list>
#include <string>
#include <vector>

#include "base/result.h"
#include "commands/context.h"
#include "plan/logical.h"
#include "plan/unresolved.h"

namespace firesteel::commands {

/// Runs any command.
Result<logical::PlanPtr> Run(const unresolved::Command& command, Context& context);

Result<logical::PlanPtr> Run(const unresolved::CreateView& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::CreateSourceView& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::DropView& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::AlterView& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::DeclareVariable& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::SetVariable& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::DropVariable& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::ExecuteImmediate& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::SetConfiguration& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::ResetConfiguration& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::SetTimeZone& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::CacheTable& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::UncacheTable& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::ClearCache& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::ExplainQuery& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::DescribeQuery& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::DescribeTable& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::DescribeFunction& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::ShowTables& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::ShowFunctions& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::ShowColumns& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::WriteFiles& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::CatalogCall& command, const Origin& origin, Context& context);
Result<logical::PlanPtr> Run(const unresolved::UnsupportedCommand& command, const Origin& origin, Context& context);

/// What EXECUTE IMMEDIATE runs: the statement with its arguments as literals.
Result<unresolved::SqlQuery> ImmediateStatement(const unresolved::ExecuteImmediate& command, const Origin& origin,
                                                Context& context);
/// SET VARIABLE by a query of one row.
Status AssignFromQuery(const std::vector<unresolved::NamePlace>& names, const logical::PlanPtr& query,
                       Context& context);
/// The plan that a table's or view's name stands for, or TABLE_OR_VIEW_NOT_FOUND.
Result<logical::PlanPtr> FindTable(const unresolved::Name& name, const Origin& origin, Context& context);
/// As FindTable for spark.catalog's methods, whose errors know another search path.
Result<logical::PlanPtr> FindCatalogTable(const unresolved::Name& name, Context& context);
struct RowsColumn {
  RowsColumn(const char* name_in, DataType type_in = TypeId::kString) : name(name_in), type(std::move(type_in)) {}
  std::string name;
  DataType type;
};
/// A plan of constant rows.
logical::PlanPtr Rows(std::initializer_list<RowsColumn> columns, const std::vector<std::vector<Value>>& rows);
/// No columns, no rows.
logical::PlanPtr NoRows();
/// SHOW … LIKE patterns: `*` for any characters, `|` between alternatives, case does not count.
bool MatchesPattern(std::string_view name, std::string_view pattern);

}  // namespace firesteel::commands
