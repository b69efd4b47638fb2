// DataFrame relations that only choose or rename columns: withColumn, drop, toDF.
#include "base/text.h"
#include "relations/relations.h"

namespace firesteel::relations {

Result<PlanPtr> Resolve(const unresolved::WithColumns& node, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  for (size_t i = 0; i < node.aliases.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const std::string& name = std::get<unresolved::Alias>(node.aliases[i]->node).names.at(0);
      if (resolver.SameName(name, std::get<unresolved::Alias>(node.aliases[j]->node).names.at(0))) {
        return Error::Condition(
            "COLUMN_ALREADY_EXISTS",
            {{"columnName", QuoteIdentifier(resolver.settings().case_sensitive ? name : Lower(name))}},
            relation.origin);
      }
    }
  }
  // Existing columns are replaced where they stand, new ones come last.
  std::vector<bool> used(node.aliases.size(), false);
  std::vector<relations::SelectItem> items;
  for (const Attribute& attribute : input->output) {
    const unresolved::ExprPtr* replacement = nullptr;
    for (size_t i = 0; i < node.aliases.size(); ++i) {
      if (resolver.SameName(attribute.name, std::get<unresolved::Alias>(node.aliases[i]->node).names.at(0))) {
        replacement = &node.aliases[i];
        used[i] = true;
      }
    }
    if (replacement != nullptr) {
      items.push_back({*replacement, nullptr});
    } else {
      items.push_back({nullptr, ColumnOf(attribute)});
    }
  }
  for (size_t i = 0; i < node.aliases.size(); ++i) {
    if (!used[i]) items.push_back({node.aliases[i], nullptr});
  }
  return resolver.SelectItems(items, std::move(input), relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::Drop& drop, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(drop.input));
  std::vector<bool> dropped(input->output.size(), false);
  for (const std::string& name : drop.names) {
    for (size_t i = 0; i < dropped.size(); ++i) {
      if (resolver.SameName(input->output[i].name, name)) dropped[i] = true;
    }
  }
  for (const unresolved::ExprPtr& column : drop.columns) {
    // What cannot be found is not there to be dropped.
    Result<ExprPtr> bound = resolver.Bind(column, input, Clause::kOther);
    if (!bound.ok()) {
      const std::string& condition = bound.error().condition();
      if (condition.starts_with("UNRESOLVED_COLUMN") || condition == "CANNOT_RESOLVE_DATAFRAME_COLUMN") continue;
      return bound.error();
    }
    if (const auto* found = std::get_if<logical::Column>(&(*bound)->node)) {
      for (size_t i = 0; i < dropped.size(); ++i) {
        if (input->output[i].id == found->id) dropped[i] = true;
      }
    }
  }
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < dropped.size(); ++i) {
    if (!dropped[i]) columns.push_back(ColumnOf(input->output[i]));
  }
  return ProjectTo(std::move(input), std::move(columns), relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::ToDF& node, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  if (node.names.size() != input->output.size()) {
    return Error::Condition(
        "ASSIGNMENT_ARITY_MISMATCH",
        {{"numExpr", std::to_string(node.names.size())}, {"numTarget", std::to_string(input->output.size())}},
        relation.origin);
  }
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < node.names.size(); ++i) {
    const Attribute& attribute = input->output[i];
    columns.push_back(attribute.name == node.names[i] ? ColumnOf(attribute)
                                                      : Named(ColumnOf(attribute), node.names[i], attribute.metadata));
  }
  return ProjectTo(std::move(input), std::move(columns), relation.origin);
}

}  // namespace firesteel::relations
