// The way from a command to its file, and what all of them answer with.
#include "commands/commands.h"

#include "base/text.h"
#include "relations/resolver.h"

namespace firesteel::commands {

Result<logical::PlanPtr> Run(const unresolved::Command& command, Context& context) {
  return std::visit([&](const auto& node) { return Run(node, command.origin, context); }, command.node);
}

Result<logical::PlanPtr> Run(const unresolved::UnsupportedCommand& command, const Origin& origin, Context&) {
  return Error::Unsupported(command.what, origin);
}

Result<logical::PlanPtr> FindTable(const unresolved::Name& name, const Origin& origin, Context& context) {
  FS_TRY(auto found, context.FindTable(name));
  if (found) return *found;
  return relations::TableNotFound(name, origin);
}

Result<logical::PlanPtr> FindCatalogTable(const unresolved::Name& name, Context& context) {
  FS_TRY(auto found, context.FindTable(name));
  if (found) return *found;
  return Error::Condition(
      "TABLE_OR_VIEW_NOT_FOUND",
      {{"relationName", ToSqlId(name)}, {"searchPath", "[`system`.`session`, `spark_catalog`.`default`]"}});
}

logical::PlanPtr Rows(std::initializer_list<RowsColumn> columns, const std::vector<std::vector<Value>>& rows) {
  std::vector<logical::Attribute> output;
  for (const RowsColumn& column : columns) {
    output.push_back({.id = logical::NewAttributeId(), .name = column.name, .type = column.type, .nullable = false});
  }
  logical::Values values;
  for (const auto& row : rows) {
    std::vector<logical::ExprPtr> cells;
    for (size_t i = 0; i < row.size(); ++i) {
      output[i].nullable = output[i].nullable || row[i].IsNull();
      cells.push_back(logical::MakeExpr(logical::Literal{row[i]}, output[i].type, row[i].IsNull()));
    }
    values.rows.push_back(std::move(cells));
  }
  return logical::MakePlan(std::move(values), std::move(output));
}

logical::PlanPtr NoRows() { return Rows({}, {}); }

namespace {

bool Matches(std::string_view name, std::string_view pattern) {
  size_t star = std::string_view::npos, resume = 0, n = 0, p = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == name[n] || pattern[p] == '.')) {
      ++p, ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

bool MatchesPattern(std::string_view name, std::string_view pattern) {
  const std::string lower_name = Lower(name), lower_pattern = Lower(pattern);
  std::string_view rest = lower_pattern;
  while (true) {
    const size_t bar = rest.find('|');
    if (Matches(lower_name, TrimControls(rest.substr(0, bar)))) return true;
    if (bar == std::string_view::npos) return false;
    rest.remove_prefix(bar + 1);
  }
}

}  // namespace firesteel::commands
