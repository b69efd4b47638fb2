// Tables, views and WITH's tables by name; aliases of relations; local rows; range(); VALUES.
#include <algorithm>

#include "base/text.h"
#include "plan/rewrite.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

PlanPtr Qualified(const PlanPtr& plan, std::vector<std::string> qualifier, const std::string& alias,
                  const Origin& origin) {
  std::vector<Attribute> output = plan->output;
  for (Attribute& attribute : output) attribute.qualifier = qualifier;
  return logical::MakePlan(logical::SubqueryAlias{plan, alias}, std::move(output), origin);
}

/// An inline table's columns are called by its alias in its errors too.
Error UnderNames(const Error& error, const unresolved::SubqueryAlias& alias, const Origin& origin) {
  if (!std::holds_alternative<unresolved::Values>(alias.input->node) ||
      error.condition() != "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE")
    return error;
  for (size_t i = 0; i < alias.column_names.size(); ++i) {
    auto named = error.parameters().find("colName");
    if (named == error.parameters().end() || named->second != QuoteIdentifier("col" + std::to_string(i + 1))) continue;
    return Error::Condition("INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
                            {{"colName", QuoteIdentifier(alias.column_names[i])}}, origin)
        .As(error.error_class());
  }
  return error;
}

bool IsLiteral(const ExprPtr& expr) { return std::holds_alternative<logical::Literal>(expr->node); }

}  // namespace

Result<PlanPtr> Resolve(const unresolved::ReadTable& table, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  if (table.is_streaming) return Error::Unsupported("streaming tables", origin);
  if (table.time_travel_timestamp || table.time_travel_version) {
    return Error::Condition("UNSUPPORTED_FEATURE.TIME_TRAVEL", {{"relationId", ToSqlId(table.name)}}, origin);
  }
  unresolved::Name name = table.name;
  if (table.identifier) {
    FS_TRY(name, resolver.IdentifierName(table.identifier));
  }
  FS_TRY(PlanPtr local, resolver.FindWithTable(name));
  if (local) return Qualified(local, {name.back()}, name.back(), origin);
  FS_TRY(std::optional<catalog::TableEntry> entry, resolver.environment().catalog().Find(name));
  if (!entry) {
    if (name.size() == 2 && IsKnownFileFormat(name[0])) {  // parquet.`/a/path`
      unresolved::ReadSource source;
      source.format = name[0];
      source.paths = {name[1]};
      source.options = table.options;
      return Resolve(source, relation, resolver);
    }
    if (name.size() > 2) {
      return Error::Condition(
          "REQUIRES_SINGLE_PART_NAMESPACE",
          {{"sessionCatalog", resolver.environment().catalog().current_catalog()}, {"identifier", ToSqlId(name)}});
    }
    return TableNotFound(name, origin);
  }
  PlanPtr plan = resolver.WithFreshIds(entry->plan);
  std::string alias = firesteel::Join(entry->qualifier, ".");
  return Qualified(plan, std::move(entry->qualifier), alias, origin);
}

Result<PlanPtr> Resolve(const unresolved::SubqueryAlias& alias, const unresolved::Relation& relation,
                        Resolver& resolver) {
  Result<PlanPtr> resolved = resolver.Resolve(alias.input);
  if (!resolved.ok()) return UnderNames(resolved.error(), alias, relation.origin);
  PlanPtr input = std::move(resolved).value();
  if (!alias.column_names.empty()) {
    if (alias.column_names.size() != input->output.size() && std::holds_alternative<logical::Values>(input->node)) {
      return Error::Condition("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                              {{"expectedNumCols", std::to_string(alias.column_names.size())},
                               {"actualNumCols", std::to_string(input->output.size())},
                               {"rowIndex", "0"}},
                              alias.input->origin)
          .As(ErrorClass::kParse);
    }
    if (alias.column_names.size() != input->output.size()) {
      if (const auto* function = std::get_if<unresolved::TableFunction>(&alias.input->node)) {
        return Error::Condition("NUM_TABLE_VALUE_ALIASES_MISMATCH",
                                {{"funcName", ToSqlId(function->name)},
                                 {"aliasesNum", std::to_string(alias.column_names.size())},
                                 {"outColsNum", std::to_string(input->output.size())}},
                                relation.origin);
      }
      return Error::Condition(
          "ASSIGNMENT_ARITY_MISMATCH",
          {{"numExpr", std::to_string(alias.column_names.size())}, {"numTarget", std::to_string(input->output.size())}},
          relation.origin);
    }
    std::vector<ExprPtr> columns;
    for (size_t i = 0; i < input->output.size(); ++i) {
      columns.push_back(Named(ColumnOf(input->output[i]), alias.column_names[i], input->output[i].metadata));
    }
    input = ProjectTo(std::move(input), std::move(columns), relation.origin);
  }
  if (alias.alias.empty()) return input;  // a subquery without a name: its columns keep no qualifier that could be used
  std::vector<std::string> qualifier(alias.qualifier);
  qualifier.push_back(alias.alias);
  PlanPtr named = Qualified(input, std::move(qualifier), alias.alias, relation.origin);
  return named;
}

Result<PlanPtr> Resolve(const unresolved::With& with, const unresolved::Relation& relation, Resolver& resolver) {
  return resolver.ResolveWith(with, relation);
}

Result<PlanPtr> Resolve(const unresolved::WithRelations& relations, const unresolved::Relation&, Resolver& resolver) {
  return resolver.ResolveWithReferences(relations);
}

Result<PlanPtr> Resolve(const unresolved::SqlQuery& query, const unresolved::Relation& relation, Resolver& resolver) {
  return resolver.ResolveSql(query, relation);
}

Result<PlanPtr> Resolve(const unresolved::LocalRelation& local, const unresolved::Relation& relation,
                        Resolver& resolver) {
  FS_TRY(std::shared_ptr<const LocalTable> table, resolver.environment().DecodeLocal(local.arrow_ipc, local.schema));
  std::vector<Attribute> output;
  for (const StructField& field : table->schema().fields()) {
    output.push_back({logical::NewAttributeId(), field.name, field.type, field.nullable, field.metadata, {}});
  }
  return logical::MakePlan(logical::LocalRelation{std::move(table)}, std::move(output), relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::Range& range, const unresolved::Relation& relation, Resolver&) {
  if (range.step == 0) {
    return Requirement("step (0) cannot be 0");
  }
  logical::Range node{range.start.value_or(0), range.end, range.step, range.partitions};
  return logical::MakePlan(std::move(node), {{logical::NewAttributeId(), "id", TypeId::kLong, false, "{}", {}}},
                           relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::Values& values, const unresolved::Relation& relation, Resolver& resolver) {
  std::vector<std::vector<ExprPtr>> rows;
  size_t width = values.rows.empty() ? 0 : values.rows.front().size();
  std::vector<PlanPtr> no_inputs;
  for (size_t r = 0; r < values.rows.size(); ++r) {
    if (values.rows[r].size() != width) {
      return Error::Condition("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                              {{"expectedNumCols", std::to_string(width)},
                               {"actualNumCols", std::to_string(values.rows[r].size())},
                               {"rowIndex", std::to_string(r)}},
                              relation.origin);
    }
    std::vector<ExprPtr> row;
    for (const unresolved::ExprPtr& cell : values.rows[r]) {
      FS_TRY(ExprPtr bound, resolver.Bind(cell, no_inputs, Clause::kInlineTable));
      bool refused = logical::Any(bound, [](const logical::Expr& e) {
        return std::holds_alternative<logical::Column>(e.node) ||
               std::holds_alternative<logical::AggregateCall>(e.node) ||
               std::holds_alternative<logical::WindowCall>(e.node);
      });
      if (refused || !logical::IsDeterministic(bound)) {
        return Error::Condition("INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE",
                                {{"expr", InDoubleQuotes(logical::PrettyName(*bound))}}, cell->origin);
      }
      row.push_back(std::move(bound));
    }
    rows.push_back(std::move(row));
  }
  std::vector<Attribute> output;
  for (size_t c = 0; c < width; ++c) {
    std::string name = "col" + std::to_string(c + 1);
    std::vector<DataType> types;
    bool nullable = false;
    for (const auto& row : rows) {
      types.push_back(row[c]->type);
      nullable = nullable || row[c]->nullable;
    }
    std::optional<DataType> type = types.front();
    for (const DataType& other : types) {
      if (!(other == *type)) {
        type = WiderTypeWithoutStrings(types, /*ansi=*/false);  // the same rule in both modes
        break;
      }
    }
    if (!type) {
      Error error = Error::Condition("INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
                                     {{"colName", QuoteIdentifier(name)}}, relation.origin);
      // Spark's parser evaluates tables of literals at once.
      bool literals = true;
      for (const auto& row : rows) literals &= std::ranges::all_of(row, IsLiteral);
      return literals ? error.As(ErrorClass::kParse) : error;
    }
    for (auto& row : rows) row[c] = ImplicitCast(row[c], *type, resolver.settings());
    output.push_back({logical::NewAttributeId(), std::move(name), *type, nullable, "{}", {}});
  }
  return logical::MakePlan(logical::Values{std::move(rows)}, std::move(output), relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::UnsupportedRelation& unsupported, const unresolved::Relation& relation,
                        Resolver&) {
  return Error::Unsupported(unsupported.what, relation.origin);
}

}  // namespace firesteel::relations
