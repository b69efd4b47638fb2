// DataFrame relations about the columns' names and types: withColumnsRenamed, to(schema).
#include <map>

#include "base/text.h"
#include "relations/relations.h"
#include "types/interval_text.h"
#include "types/type_text.h"

namespace firesteel::relations {

Result<PlanPtr> Resolve(const unresolved::WithColumnsRenamed& node, const unresolved::Relation& relation,
                        Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  std::vector<ExprPtr> columns;
  for (const Attribute& attribute : input->output) {
    std::string name = attribute.name;
    for (const auto& [from, to] : node.renames) {
      if (resolver.SameName(name, from)) name = to;
    }
    columns.push_back(name == attribute.name ? ColumnOf(attribute)
                                             : Named(ColumnOf(attribute), name, attribute.metadata));
  }
  return ProjectTo(std::move(input), std::move(columns), relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::ToSchema& node, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  std::vector<ExprPtr> columns;
  for (const StructField& field : node.schema.fields()) {
    const Attribute* found = nullptr;
    for (const Attribute& attribute : input->output) {
      if (!resolver.SameName(attribute.name, field.name)) continue;
      if (found != nullptr) {
        return Error::Condition("AMBIGUOUS_COLUMN_OR_FIELD", {{"name", QuoteIdentifier(field.name)}, {"n", "2"}},
                                relation.origin);
      }
      found = &attribute;
    }
    if (found == nullptr) {
      if (!field.nullable) {
        std::vector<std::vector<std::string>> names;
        for (const Attribute& attribute : input->output) names.push_back({attribute.name});
        return Error::Condition("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                                {{"objectName", QuoteIdentifier(field.name)},
                                 {"proposal", firesteel::Join(SuggestBySimilarity(field.name, 1, names), ", ")}},
                                relation.origin);
      }
      columns.push_back(Named(LiteralOf(Value(), field.type), field.name, field.metadata));
      continue;
    }
    if (found->nullable && !field.nullable) {
      return Error::Condition("NULLABLE_COLUMN_OR_FIELD", {{"name", QuoteIdentifier(field.name)}}, relation.origin);
    }
    if (!found->type.SameType(field.type) && !CanCast(found->type, field.type, true)) {
      return Error::Condition("INVALID_COLUMN_OR_FIELD_DATA_TYPE",
                              {{"name", QuoteIdentifier(field.name)},
                               {"type", InDoubleQuotes(TypeSql(found->type))},
                               {"expectedType", InDoubleQuotes(TypeSql(field.type))}},
                              relation.origin);
    }
    columns.push_back(
        Named(ImplicitCast(ColumnOf(*found), field.type, resolver.settings()), field.name, field.metadata));
  }
  return ProjectTo(std::move(input), std::move(columns), relation.origin);
}

// A watermark says when streams may forget rows; those that are there stay as they are.
Result<PlanPtr> Resolve(const unresolved::WithWatermark& node, const unresolved::Relation& relation,
                        Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  FS_CHECK(resolver.ColumnByName(node.event_time, input, relation.origin));
  FS_CHECK(ParseCalendarInterval(node.delay_threshold));
  return input;
}

Result<PlanPtr> Resolve(const unresolved::Deduplicate& node, const unresolved::Relation& relation, Resolver& resolver) {
  if (node.within_watermark) return Error::Unsupported("dropDuplicatesWithinWatermark", relation.origin);
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  if (node.all_columns) return Over(logical::Distinct{input}, input, relation.origin);
  logical::DistinctOn distinct{input, {}};
  for (const std::string& name : node.columns) {
    bool found = false;
    for (const Attribute& attribute : input->output) {
      if (!resolver.SameName(attribute.name, name)) continue;
      distinct.keys.push_back(attribute.id);
      found = true;
    }
    if (!found) {
      std::vector<std::string> names;
      for (const Attribute& attribute : input->output) names.push_back(attribute.name);
      return Error::Condition("CONNECT_INVALID_PLAN.UNRESOLVED_COLUMN_AMONG_FIELD_NAMES",
                              {{"colName", name}, {"fieldNames", firesteel::Join(names, ", ")}})
          .As(ErrorClass::kConnect);
    }
  }
  return Over(std::move(distinct), input, relation.origin);
}

}  // namespace firesteel::relations
