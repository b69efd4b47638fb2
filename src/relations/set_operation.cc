// UNION, INTERSECT, EXCEPT: by position or by name, column types widened.
#include "base/text.h"
#include "relations/comparable.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

using logical::SetOperator;

std::string OperatorName(const unresolved::SetOperation& node) {
  std::string name;
  switch (node.op) {
    case SetOperator::kUnion:
      return "UNION";
    case SetOperator::kIntersect:
      name = "INTERSECT";
      break;
    case SetOperator::kExcept:
      name = "EXCEPT";
      break;
  }
  return node.all ? name + " ALL" : name;
}

std::string Ordinal(size_t index) {
  static constexpr const char* kWords[] = {"first", "second", "third"};
  return index < 3 ? kWords[index] : std::to_string(index + 1) + "th";
}

/// Structs under unionByName(allowMissingColumns): the first one's fields, then what the second one has beside them; a field that a side
/// lacks is null there.
std::optional<DataType> MergedStruct(const DataType& a, const DataType& b, Resolver& resolver) {
  if (!a.Is(TypeId::kStruct) || !b.Is(TypeId::kStruct)) return std::nullopt;
  std::vector<StructField> fields = a.fields();
  std::vector<bool> seen(fields.size(), false);
  for (const StructField& other : b.fields()) {
    size_t i = 0;
    while (i < a.fields().size() && !resolver.SameName(a.fields()[i].name, other.name)) ++i;
    if (i == a.fields().size()) {
      fields.push_back(other);
      fields.back().nullable = true;
      continue;
    }
    seen[i] = true;
    if (auto merged = MergedStruct(fields[i].type, other.type, resolver)) fields[i].type = std::move(*merged);
  }
  for (size_t i = 0; i < seen.size(); ++i) fields[i].nullable = fields[i].nullable || !seen[i];
  return DataType::Struct(std::move(fields));
}

/// The struct with the fields of `type`, found by name.
Result<ExprPtr> WithFields(const ExprPtr& value, const DataType& type, const Origin& origin, Resolver& resolver) {
  std::vector<ExprPtr> arguments;
  const auto& own = value->type.fields();
  for (const StructField& field : type.fields()) {
    arguments.push_back(LiteralOf(Value(field.name), TypeId::kString));
    size_t i = 0;
    while (i < own.size() && !resolver.SameName(own[i].name, field.name)) ++i;
    if (i == own.size()) {
      arguments.push_back(ImplicitCast(LiteralOf(Value(), TypeId::kNull), field.type, resolver.settings()));
      continue;
    }
    FS_TRY(ExprPtr part, resolver.Call("get_struct_field",
                                       {value, LiteralOf(Value(static_cast<int64_t>(i)), TypeId::kInteger)}, origin));
    const bool differs = field.type.Is(TypeId::kStruct) && part->type.Is(TypeId::kStruct) &&
                         !(field.type.AsNullable() == part->type.AsNullable());
    if (differs) {
      FS_TRY(part, WithFields(part, field.type, origin, resolver));
    }
    arguments.push_back(std::move(part));
  }
  FS_TRY(ExprPtr whole, resolver.Call("named_struct", std::move(arguments), origin));
  if (!value->nullable) return whole;
  FS_TRY(ExprPtr is_null, resolver.Call("isnull", {value}, origin));
  const DataType whole_type = whole->type;
  return resolver.Call(
      "if",
      {std::move(is_null), ImplicitCast(LiteralOf(Value(), TypeId::kNull), whole_type, resolver.settings()), whole},
      origin);
}

/// unionByName: the right side's columns in the left's order; missing ones are null where that is allowed.
Result<std::pair<PlanPtr, PlanPtr>> ByName(const unresolved::SetOperation& node, PlanPtr left, PlanPtr right,
                                           const Origin& origin, Resolver& resolver) {
  auto check_unique = [&](const PlanPtr& side) -> Status {
    for (size_t i = 0; i < side->output.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (resolver.SameName(side->output[i].name, side->output[j].name)) {
          return Error::Condition("COLUMN_ALREADY_EXISTS",
                                  {{"columnName", QuoteIdentifier(Lower(side->output[i].name))}}, origin);
        }
      }
    }
    return {};
  };
  FS_CHECK(check_unique(left));
  FS_CHECK(check_unique(right));
  std::vector<ExprPtr> columns, left_columns;
  std::vector<bool> used(right->output.size(), false);
  bool left_grows = false;
  for (const Attribute& wanted : left->output) {
    left_columns.push_back(ColumnOf(wanted));
    size_t i = 0;
    while (i < right->output.size() && !resolver.SameName(right->output[i].name, wanted.name)) ++i;
    if (i < right->output.size()) {
      used[i] = true;
      columns.push_back(ColumnOf(right->output[i]));
      const DataType& other = right->output[i].type;
      const bool differs = node.allow_missing_columns && !(wanted.type.AsNullable() == other.AsNullable());
      if (const auto merged = differs ? MergedStruct(wanted.type, other, resolver) : std::nullopt) {
        FS_TRY(ExprPtr of_right, WithFields(columns.back(), *merged, origin, resolver));
        FS_TRY(ExprPtr of_left, WithFields(left_columns.back(), *merged, origin, resolver));
        columns.back() = Named(std::move(of_right), wanted.name);
        left_columns.back() = Named(std::move(of_left), wanted.name);
        left_grows = true;
      }
    } else if (node.allow_missing_columns) {
      columns.push_back(
          Named(ImplicitCast(LiteralOf(Value(), TypeId::kNull), wanted.type, resolver.settings()), wanted.name));
    } else {
      std::vector<std::string> names;
      for (const Attribute& attribute : right->output) names.push_back(attribute.name);
      return Error::Condition("UNRESOLVED_COLUMN_AMONG_FIELD_NAMES",
                              {{"colName", wanted.name}, {"fieldNames", firesteel::Join(names, ", ")}}, origin);
    }
  }
  for (size_t i = 0; i < used.size() && node.allow_missing_columns; ++i) {
    if (used[i]) continue;
    const Attribute& extra = right->output[i];
    columns.push_back(ColumnOf(extra));
    left_columns.push_back(
        Named(ImplicitCast(LiteralOf(Value(), TypeId::kNull), extra.type, resolver.settings()), extra.name));
    left_grows = true;
  }
  if (left_grows) left = ProjectTo(std::move(left), std::move(left_columns), origin);
  right = ProjectTo(std::move(right), std::move(columns), origin);
  return std::make_pair(std::move(left), std::move(right));
}

PlanPtr CastTo(PlanPtr side, const std::vector<DataType>& types, const Origin& origin, Resolver& resolver) {
  bool changed = false;
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < types.size(); ++i) {
    const Attribute& attribute = side->output[i];
    ExprPtr column = logical::MakeExpr(logical::Column{attribute.id, attribute.name}, attribute.type,
                                       attribute.nullable, origin);  // a cast that fails shows the whole operation
    if (attribute.type.AsNullable() == types[i].AsNullable()) {
      columns.push_back(std::move(column));
    } else {
      columns.push_back(
          Named(ImplicitCast(std::move(column), types[i], resolver.settings()), attribute.name, attribute.metadata));
      changed = true;
    }
  }
  return changed ? ProjectTo(std::move(side), std::move(columns), origin) : side;
}

/// The same values by position, whatever their fields are called.
bool SameStructure(const DataType& a, const DataType& b) {
  if (a.id() != b.id()) return false;
  if (a.Is(TypeId::kArray)) return SameStructure(a.element(), b.element());
  if (a.Is(TypeId::kMap)) return SameStructure(a.key(), b.key()) && SameStructure(a.value(), b.value());
  if (!a.Is(TypeId::kStruct)) return a.SameType(b);
  if (a.fields().size() != b.fields().size()) return false;
  for (size_t i = 0; i < a.fields().size(); ++i) {
    if (!SameStructure(a.fields()[i].type, b.fields()[i].type)) return false;
  }
  return true;
}

/// Of two types of the same structure: the first, what may be null in either may be null.
DataType MergeNullability(const DataType& a, const DataType& b) {
  if (a == b) return a;
  if (a.Is(TypeId::kArray)) {
    return DataType::Array(MergeNullability(a.element(), b.element()), a.contains_null() || b.contains_null());
  }
  if (a.Is(TypeId::kMap)) {
    return DataType::Map(MergeNullability(a.key(), b.key()), MergeNullability(a.value(), b.value()),
                         a.contains_null() || b.contains_null());
  }
  if (!a.Is(TypeId::kStruct)) return a;
  std::vector<StructField> fields = a.fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    fields[i].type = MergeNullability(fields[i].type, b.fields()[i].type);
    fields[i].nullable = fields[i].nullable || b.fields()[i].nullable;
  }
  return DataType::Struct(std::move(fields));
}

}  // namespace

Status CheckComparable(const logical::Plan& plan, const Origin& origin) {
  for (const Attribute& attribute : plan.output) {
    const bool map = HoldsType(attribute.type, TypeId::kMap);
    if (!map && !HoldsType(attribute.type, TypeId::kVariant)) continue;
    return Error::Condition(
        map ? "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE" : "UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE",
        {{"colName", QuoteIdentifier(attribute.name)}, {"dataType", InDoubleQuotes(TypeSql(attribute.type))}}, origin);
  }
  return {};
}

Result<PlanPtr> Resolve(const unresolved::SetOperation& node, const unresolved::Relation& relation,
                        Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr left, resolver.Resolve(node.left));
  FS_TRY(PlanPtr right, resolver.Resolve(node.right));
  if (node.by_name) {
    FS_TRY(auto sides, ByName(node, std::move(left), std::move(right), origin, resolver));
    std::tie(left, right) = std::move(sides);
  }
  if (left->output.size() != right->output.size()) {
    return Error::Condition("NUM_COLUMNS_MISMATCH",
                            {{"operator", OperatorName(node)},
                             {"firstNumColumns", std::to_string(left->output.size())},
                             {"invalidOrdinalNum", "second"},
                             {"invalidNumColumns", std::to_string(right->output.size())}},
                            origin);
  }
  if (node.op != SetOperator::kUnion || !node.all) FS_CHECK(CheckComparable(*left, origin));
  std::vector<DataType> types;
  std::vector<Attribute> output;
  for (size_t i = 0; i < left->output.size(); ++i) {
    const Attribute &l = left->output[i], &r = right->output[i];
    std::optional<DataType> wider;
    if (l.type.AsNullable() == r.type.AsNullable()) {
      wider = MergeNullability(l.type, r.type);
    } else if (node.op == SetOperator::kUnion && SameStructure(l.type, r.type)) {
      wider = MergeNullability(l.type, r.type);
    } else {
      wider = WiderType(l.type, r.type, resolver.settings());
    }
    if (!wider) {
      return Error::Condition("INCOMPATIBLE_COLUMN_TYPE",
                              {{"operator", OperatorName(node)},
                               {"columnOrdinalNumber", Ordinal(i)},
                               {"tableOrdinalNumber", "second"},
                               {"dataType1", InDoubleQuotes(TypeSql(r.type))},
                               {"dataType2", InDoubleQuotes(TypeSql(l.type))},
                               {"hint", ""}},
                              origin);
    }
    Attribute attribute = l;
    attribute.type = *wider;
    switch (node.op) {
      case SetOperator::kUnion:
        attribute.nullable = l.nullable || r.nullable;
        break;
      case SetOperator::kIntersect:
        attribute.nullable = l.nullable && r.nullable;
        break;
      case SetOperator::kExcept:
        break;
    }
    types.push_back(*wider);
    output.push_back(std::move(attribute));
  }
  left = CastTo(std::move(left), types, origin, resolver);
  right = CastTo(std::move(right), types, origin, resolver);
  for (size_t i = 0; i < output.size(); ++i) {
    // A union's columns are new ones; intersect and except hand the left's through.
    output[i].id = node.op == SetOperator::kUnion ? logical::NewAttributeId() : left->output[i].id;
    if (node.op == SetOperator::kUnion) output[i].qualifier.clear();
  }
  std::vector<PlanPtr> inputs;
  const auto* nested = std::get_if<logical::SetOperation>(&left->node);
  if (node.op == SetOperator::kUnion && node.all && nested != nullptr && nested->op == SetOperator::kUnion &&
      nested->all) {
    inputs = nested->inputs;  // a loop of unions stays one
  } else {
    inputs.push_back(std::move(left));
  }
  inputs.push_back(std::move(right));
  return logical::MakePlan(logical::SetOperation{std::move(inputs), node.op, node.all}, std::move(output), origin);
}

}  // namespace firesteel::relations
