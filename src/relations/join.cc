// Joins: on a condition, USING, NATURAL, LATERAL, and joinWith's pairs of structs.
#include <algorithm>

#include "base/text.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

using logical::JoinType;

void AppendOutput(std::vector<Attribute>& output, const PlanPtr& side, bool nullable) {
  for (Attribute attribute : side->output) {
    if (nullable) attribute.nullable = true;
    output.push_back(std::move(attribute));
  }
}

std::vector<Attribute> JoinOutput(const PlanPtr& left, const PlanPtr& right, JoinType type) {
  std::vector<Attribute> output;
  switch (type) {
    case JoinType::kInner:
    case JoinType::kCross:
      AppendOutput(output, left, false);
      AppendOutput(output, right, false);
      break;
    case JoinType::kLeftOuter:
      AppendOutput(output, left, false);
      AppendOutput(output, right, true);
      break;
    case JoinType::kRightOuter:
      AppendOutput(output, left, true);
      AppendOutput(output, right, false);
      break;
    case JoinType::kFullOuter:
      AppendOutput(output, left, true);
      AppendOutput(output, right, true);
      break;
    case JoinType::kLeftSemi:
    case JoinType::kLeftAnti:
      AppendOutput(output, left, false);
      break;
  }
  return output;
}

std::string_view JoinTypeSql(JoinType type) {
  switch (type) {
    case JoinType::kInner:
      return "INNER";
    case JoinType::kFullOuter:
      return "FULL OUTER";
    case JoinType::kLeftOuter:
      return "LEFT OUTER";
    case JoinType::kRightOuter:
      return "RIGHT OUTER";
    case JoinType::kLeftAnti:
      return "LEFT ANTI";
    case JoinType::kLeftSemi:
      return "LEFT SEMI";
    case JoinType::kCross:
      return "CROSS";
  }
  return {};
}

/// The column that USING (name) takes of one side.
Result<Attribute> UsingColumn(const std::string& name, const PlanPtr& side, std::string_view side_name, bool natural,
                              const Origin& origin, Resolver& resolver) {
  const Attribute* found = nullptr;
  for (const Attribute& attribute : side->output) {
    if (!resolver.SameName(attribute.name, name)) continue;
    if (natural) return attribute;  // the first of that name
    if (found != nullptr && found->id != attribute.id) {
      std::vector<std::string> references;
      for (const Attribute& other : side->output) {
        if (!resolver.SameName(other.name, name)) continue;
        std::vector<std::string> parts = other.qualifier;
        parts.push_back(other.name);
        references.push_back(QuoteParts(parts));
      }
      return Error::Condition(
          "AMBIGUOUS_REFERENCE",
          {{"name", QuoteIdentifier(name)}, {"referenceNames", "[" + firesteel::Join(references, ", ") + "]"}}, origin);
    }
    found = &attribute;
  }
  if (found == nullptr) {
    std::vector<std::string> suggestions;
    for (const Attribute& attribute : side->output) suggestions.push_back(QuoteIdentifier(attribute.name));
    std::sort(suggestions.begin(), suggestions.end());
    return Error::Condition("UNRESOLVED_USING_COLUMN_FOR_JOIN",
                            {{"colName", QuoteIdentifier(name)},
                             {"side", std::string(side_name)},
                             {"suggestion", firesteel::Join(suggestions, ", ")}},
                            {});
  }
  return *found;
}

Result<PlanPtr> JoinUsing(const unresolved::Join& join, PlanPtr left, PlanPtr right,
                          const std::vector<std::string>& names, const Origin& origin, Resolver& resolver) {
  std::vector<Attribute> left_keys, right_keys;
  for (const std::string& name : names) {
    FS_TRY(Attribute key, UsingColumn(name, left, "left", join.natural, origin, resolver));
    left_keys.push_back(std::move(key));
  }
  for (const std::string& name : names) {
    FS_TRY(Attribute key, UsingColumn(name, right, "right", join.natural, origin, resolver));
    right_keys.push_back(std::move(key));
  }
  ExprPtr condition;
  for (size_t i = 0; i < names.size(); ++i) {
    FS_TRY(ExprPtr equal, resolver.Call("=", {ColumnOf(left_keys[i]), ColumnOf(right_keys[i])}, origin));
    if (condition) {
      FS_TRY(condition, resolver.Call("and", {condition, equal}, origin));
    } else {
      condition = equal;
    }
  }
  std::vector<Attribute> output = JoinOutput(left, right, join.type);
  auto position = [&](const Attribute& key, bool from_right) {
    size_t first = from_right ? left->output.size() : 0;
    for (size_t i = first; i < output.size(); ++i) {
      if (output[i].id == key.id) return i;
    }
    return output.size();
  };
  PlanPtr joined = logical::MakePlan(logical::Join{left, right, join.type, condition, false}, output, origin);
  if (join.type == JoinType::kLeftSemi || join.type == JoinType::kLeftAnti) {
    std::vector<ExprPtr> columns;
    for (const Attribute& key : left_keys) columns.push_back(ColumnOf(key));
    for (const Attribute& attribute : output) {
      bool is_key = false;
      for (const Attribute& key : left_keys) is_key |= key.id == attribute.id;
      if (!is_key) columns.push_back(ColumnOf(attribute));
    }
    return ProjectTo(std::move(joined), std::move(columns), origin);
  }
  // The USING columns come first and once: clients address rows by position.
  std::vector<ExprPtr> columns;
  std::vector<Attribute> hidden;
  std::vector<bool> used(output.size(), false);
  for (size_t i = 0; i < names.size(); ++i) {
    size_t l = position(left_keys[i], false), r = position(right_keys[i], true);
    used[l] = used[r] = true;
    if (join.type == JoinType::kFullOuter) {
      FS_TRY(ExprPtr both, resolver.Call("coalesce", {ColumnOf(output[l]), ColumnOf(output[r])}, origin));
      columns.push_back(Named(std::move(both), left_keys[i].name));
      hidden.push_back(output[l]);
      hidden.push_back(output[r]);
    } else if (join.type == JoinType::kRightOuter) {
      columns.push_back(ColumnOf(output[r]));
      hidden.push_back(output[l]);
    } else {
      columns.push_back(ColumnOf(output[l]));
      hidden.push_back(output[r]);
    }
  }
  for (size_t i = 0; i < output.size(); ++i) {
    if (!used[i]) columns.push_back(ColumnOf(output[i]));
  }
  PlanPtr projected = ProjectTo(std::move(joined), std::move(columns), origin);
  resolver.Hide(projected, std::move(hidden));
  return projected;
}

std::vector<std::string> NaturalColumns(const PlanPtr& left, const PlanPtr& right, Resolver& resolver) {
  std::vector<std::string> names;
  std::vector<bool> taken(right->output.size(), false);
  for (const Attribute& l : left->output) {
    for (size_t i = 0; i < right->output.size(); ++i) {
      if (!taken[i] && resolver.SameName(l.name, right->output[i].name)) {
        taken[i] = true;
        names.push_back(l.name);
        break;
      }
    }
  }
  return names;
}

Result<PlanPtr> Pairs(PlanPtr joined, size_t left_count, std::pair<bool, bool> is_struct, const Origin& origin,
                      Resolver& resolver) {
  std::vector<ExprPtr> columns;
  for (int side = 0; side < 2; ++side) {
    size_t first = side == 0 ? 0 : left_count;
    size_t last = side == 0 ? left_count : joined->output.size();
    if (!(side == 0 ? is_struct.first : is_struct.second)) {
      columns.push_back(Named(ColumnOf(joined->output.at(first)), side == 0 ? "_1" : "_2"));
      continue;
    }
    std::vector<ExprPtr> arguments;
    for (size_t i = first; i < last; ++i) {
      arguments.push_back(LiteralOf(Value(joined->output[i].name), TypeId::kString));
      arguments.push_back(ColumnOf(joined->output[i]));
    }
    FS_TRY(ExprPtr pair, resolver.Call("named_struct", std::move(arguments), origin));
    columns.push_back(Named(std::move(pair), side == 0 ? "_1" : "_2"));
  }
  return ProjectTo(std::move(joined), std::move(columns), origin);
}

/// A generator's rows, and at most projections of them.
bool GeneratesFromOneRow(const logical::Plan& plan) {
  if (const auto* generate = std::get_if<logical::Generate>(&plan.node))
    return std::holds_alternative<logical::OneRow>(generate->input->node);
  if (const auto* project = std::get_if<logical::Project>(&plan.node)) return GeneratesFromOneRow(*project->input);
  const auto* alias = std::get_if<logical::SubqueryAlias>(&plan.node);
  return alias != nullptr && GeneratesFromOneRow(*alias->input);
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::Join& join, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr left, resolver.Resolve(join.left));
  PlanPtr right;
  if (join.lateral) {
    if (join.type != JoinType::kInner && join.type != JoinType::kLeftOuter && join.type != JoinType::kCross) {
      return Error::Condition("INVALID_LATERAL_JOIN_TYPE", {{"joinType", std::string(JoinTypeSql(join.type))}}, origin);
    }
    FS_TRY(right, resolver.ResolveLateral(join.right, left));
  } else {
    FS_TRY(right, resolver.Resolve(join.right));
  }
  JoinType type = join.type;
  // What Spark computes in the projection of the left side's row forgets that such rows were to stay without a match.
  const bool inlined = join.lateral && !join.condition && GeneratesFromOneRow(*right);
  std::vector<std::string> names = join.using_columns;
  if (join.natural) names = NaturalColumns(left, right, resolver);
  if (!names.empty()) return JoinUsing(join, std::move(left), std::move(right), names, origin, resolver);
  PlanPtr joined =
      logical::MakePlan(logical::Join{left, right, inlined ? JoinType::kInner : type, nullptr, join.lateral},
                        JoinOutput(left, right, type), origin);
  if (join.condition) {
    PlanPtr sides[] = {left, right};
    Result<ExprPtr> bound = resolver.Bind(join.condition, sides, Clause::kJoinCondition);
    if (!bound.ok())
      return bound.error().condition() == "UNSUPPORTED_EXPR_FOR_OPERATOR" ||
                     bound.error().condition().ends_with(".UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY")
                 ? bound.error().At(origin)
                 : bound.error();
    ExprPtr condition = *bound;
    if (!condition->type.Is(TypeId::kBoolean)) {
      return Error::Condition("JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
                              {{"joinCondition", InDoubleQuotes(logical::PrettyName(*condition))},
                               {"conditionType", InDoubleQuotes(TypeSql(condition->type))}},
                              origin);
    }
    PlanPtr all_left = resolver.Supply(left, condition), all_right = resolver.Supply(right, condition);
    std::vector<Attribute> wanted = joined->output;
    joined = logical::MakePlan(logical::Join{all_left, all_right, type, std::move(condition), join.lateral},
                               JoinOutput(all_left, all_right, type), origin);
    if (joined->output.size() != wanted.size()) {
      std::vector<ExprPtr> columns;
      for (const Attribute& attribute : wanted) columns.push_back(ColumnOf(attribute));
      joined = ProjectTo(std::move(joined), std::move(columns), origin);
    }
  }
  if (join.struct_sides) return Pairs(std::move(joined), left->output.size(), *join.struct_sides, origin, resolver);
  return joined;
}

}  // namespace firesteel::relations
