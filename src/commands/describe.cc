// EXPLAIN, DESCRIBE, SHOW: commands that only look.
#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "commands/commands.h"
#include "functions/registry.h"
#include "functions/spark_functions.h"
#include "types/type_text.h"

namespace firesteel::commands {
namespace {

Value Text(std::string text) { return Value(std::move(text)); }

logical::PlanPtr ColumnRows(const logical::Plan& plan,
                            const std::vector<std::pair<std::string, std::string>>& comments) {
  std::vector<std::vector<Value>> rows;
  for (size_t i = 0; i < plan.output.size(); ++i) {
    const bool commented = i < comments.size() && !comments[i].second.empty();
    rows.push_back({Text(plan.output[i].name), Text(TypeSimpleString(plan.output[i].type)),
                    commented ? Text(comments[i].second) : Value()});
  }
  return Rows({"col_name", "data_type", "comment"}, rows);
}

}  // namespace

Result<logical::PlanPtr> Run(const unresolved::ExplainQuery& command, const Origin&, Context& context) {
  auto text = context.Explain(command.plan, command.mode);
  if (!text.ok()) return Rows({"plan"}, {{Text("Error occurred during query planning: \n" + text.error().Message())}});
  return Rows({"plan"}, {{Text(*text)}});
}

Result<logical::PlanPtr> Run(const unresolved::DescribeQuery& command, const Origin&, Context& context) {
  FS_TRY(logical::PlanPtr plan, context.Analyze(command.plan));
  return ColumnRows(*plan, {});
}

Result<logical::PlanPtr> Run(const unresolved::DescribeTable& command, const Origin& origin, Context& context) {
  FS_TRY(logical::PlanPtr plan, FindTable(command.name, origin, context));
  const bool case_sensitive = context.settings().case_sensitive;
  auto view = context.views().Find(command.name.back(), case_sensitive);
  if (!command.column.name.empty()) {
    if (command.extended) return Error::Unsupported("DESCRIBE EXTENDED of a column", origin);
    const std::string& wanted = command.column.name.back();
    for (size_t i = 0; i < plan->output.size(); ++i) {
      const auto& column = plan->output[i];
      if (case_sensitive ? column.name != wanted : !EqualsIgnoreCase(column.name, wanted)) continue;
      const bool commented = view && i < view->comments.size() && !view->comments[i].second.empty();
      return Rows({"info_name", "info_value"},
                  {{Text("col_name"), Text(column.name)},
                   {Text("data_type"), Text(TypeSimpleString(column.type))},
                   {Text("comment"), Text(commented ? view->comments[i].second : "NULL")}});
    }
    std::vector<std::string> proposals;
    for (const auto& column : plan->output) proposals.push_back(ToSqlId(column.name));
    return Error::Condition("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                            {{"objectName", ToSqlId(command.column.name)}, {"proposal", Join(proposals, ", ")}},
                            command.column.origin);
  }
  return ColumnRows(*plan, view ? view->comments : std::vector<std::pair<std::string, std::string>>());
}

Result<logical::PlanPtr> Run(const unresolved::DescribeFunction& command, const Origin&, Context&) {
  const functions::Function* function = command.name.empty() ? nullptr : functions::FindFunction(command.name.back());
  if (function == nullptr) {
    return functions::NoSuchFunction(command.name, command.name_origin);
  }
  const functions::SparkFunction* known = functions::FindSparkFunction(command.name.back());
  std::vector<std::vector<Value>> rows = {{Text(Cat("Function: ", Lower(command.name.back())))}};
  if (known != nullptr) rows.push_back({Text(Cat("Class: ", known->java_class))});
  rows.push_back({Text(
      Cat("Usage: ", known != nullptr ? std::string(known->usage) : Cat(function->example, " - ", function->doc)))});
  if (command.extended)
    rows.push_back({Text(Cat("Extended Usage:\n    Examples:\n      > SELECT ", function->example,
                             ";\n  \n    Since: ", function->since, "\n"))});
  return Rows({"function_desc"}, rows);
}

Result<logical::PlanPtr> Run(const unresolved::ShowFunctions& command, const Origin&, Context&) {
  std::vector<std::string> names;
  if (!EqualsIgnoreCase(command.scope, "USER")) {
    for (const functions::Function* function : functions::AllFunctions()) {
      if (function->name.starts_with('@')) continue;  // what operators and relations become
      names.emplace_back(function->name);
      for (std::string_view alias : function->aliases) names.emplace_back(alias);
    }
  }
  std::sort(names.begin(), names.end());
  std::vector<std::vector<Value>> rows;
  for (auto& name : names) {
    if (command.pattern.empty() || MatchesPattern(name, command.pattern)) rows.push_back({Text(name)});
  }
  return Rows({"function"}, rows);
}

Result<logical::PlanPtr> Run(const unresolved::ShowColumns& command, const Origin& origin, Context& context) {
  FS_TRY(logical::PlanPtr plan, FindTable(command.name, origin, context));
  std::vector<std::vector<Value>> rows;
  for (const auto& column : plan->output) rows.push_back({Text(column.name)});
  return Rows({"col_name"}, rows);
}

}  // namespace firesteel::commands
