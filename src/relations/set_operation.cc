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

bool HoldsStruct(const DataType& type) {
  return type.Is(TypeId::kArray) ? HoldsStruct(type.element()) : type.Is(TypeId::kStruct);
}

/// What unionByName does with columns of one name: structs get the fields of `target`, found by name, and then those that `target`
/// lacks. In arrays too; maps go by position, as in Spark.
class FieldMerger {
 public:
  FieldMerger(bool allow_missing, const Origin& origin, Resolver& resolver)
      : allow_missing_(allow_missing), origin_(origin), resolver_(resolver) {}

  Result<ExprPtr> Merge(const ExprPtr& value, const DataType& target) {
    const DataType& type = value->type;
    if (type.id() != target.id() || !HoldsStruct(type) || type.AsNullable() == target.AsNullable()) return value;
    return type.Is(TypeId::kArray) ? MergeElements(value, target.element()) : MergeStruct(value, target);
  }

 private:
  Result<ExprPtr> MergeElements(const ExprPtr& array, const DataType& target) {
    ExprPtr element = logical::MakeExpr(logical::LambdaVariable{logical::NewAttributeId(), "x"}, array->type.element(),
                                        array->type.contains_null(), origin_);
    FS_TRY(ExprPtr merged, Merge(element, target));
    const DataType type = merged->type;
    const bool nullable = merged->nullable;
    logical::Lambda lambda{.parameters = {std::move(element)}, .body = std::move(merged)};
    return resolver_.Call("transform", {array, logical::MakeExpr(std::move(lambda), type, nullable, origin_)}, origin_);
  }

  Result<ExprPtr> MergeStruct(const ExprPtr& value, const DataType& target) {
    const std::vector<StructField>& own = value->type.fields();
    std::vector<bool> used(own.size(), false);
    std::vector<ExprPtr> arguments;
    for (const StructField& field : target.fields()) {
      arguments.push_back(LiteralOf(Value(field.name), TypeId::kString));
      FS_TRY(const std::optional<size_t> index, Find(field.name, own));
      if (!index) {
        arguments.push_back(LiteralOf(Value(), field.type));
        continue;
      }
      used[*index] = true;
      FS_TRY(const ExprPtr part, Field(value, *index));
      FS_TRY(ExprPtr merged, Merge(part, field.type));
      arguments.push_back(std::move(merged));
    }
    for (size_t i = 0; i < own.size(); ++i) {
      if (used[i]) continue;
      arguments.push_back(LiteralOf(Value(own[i].name), TypeId::kString));
      FS_TRY(ExprPtr part, Field(value, i));
      arguments.push_back(std::move(part));
    }
    FS_TRY(ExprPtr whole, resolver_.Call("named_struct", std::move(arguments), origin_));
    if (!value->nullable) return whole;
    FS_TRY(ExprPtr is_null, resolver_.Call("isnull", {value}, origin_));
    const DataType type = whole->type;
    return resolver_.Call("if", {std::move(is_null), LiteralOf(Value(), type), std::move(whole)}, origin_);
  }

  Result<std::optional<size_t>> Find(const std::string& name, const std::vector<StructField>& fields) {
    std::vector<size_t> found;
    std::vector<std::string> names;
    for (size_t i = 0; i < fields.size(); ++i) {
      names.push_back(QuoteIdentifier(fields[i].name));
      if (resolver_.SameName(fields[i].name, name)) found.push_back(i);
    }
    if (found.size() > 1) {
      return Error::Condition("AMBIGUOUS_REFERENCE_TO_FIELDS",
                              {{"field", QuoteIdentifier(name)}, {"count", std::to_string(found.size())}}, origin_);
    }
    if (found.size() == 1) return std::optional(found[0]);
    if (allow_missing_) return std::optional<size_t>();
    return Error::Condition("FIELD_NOT_FOUND",
                            {{"fieldName", QuoteIdentifier(name)}, {"fields", firesteel::Join(names, ", ")}}, origin_);
  }

  Result<ExprPtr> Field(const ExprPtr& value, size_t index) {
    return resolver_.Call("get_struct_field", {value, LiteralOf(Value(static_cast<int64_t>(index)), TypeId::kInteger)},
                          origin_);
  }

  const bool allow_missing_;
  const Origin& origin_;
  Resolver& resolver_;
};

Status CheckUnique(const PlanPtr& side, const Origin& origin, Resolver& resolver) {
  for (size_t i = 0; i < side->output.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (resolver.SameName(side->output[i].name, side->output[j].name)) {
        return Error::Condition("COLUMN_ALREADY_EXISTS", {{"columnName", QuoteIdentifier(Lower(side->output[i].name))}},
                                origin);
      }
    }
  }
  return {};
}

/// The columns of `side` in the order of `target`'s, merged with those, and then its own others; missing ones are null where that is
/// allowed. Spark does so to the right side, and then to the left with the right one's answer.
Result<PlanPtr> LikeColumns(PlanPtr side, const std::vector<Attribute>& target, bool allow_missing,
                            const Origin& origin, Resolver& resolver) {
  FieldMerger merger(allow_missing, origin, resolver);
  std::vector<ExprPtr> columns;
  std::vector<bool> used(side->output.size(), false);
  bool same = target.size() <= used.size();  // a loop of unions has no projections in it
  for (const Attribute& wanted : target) {
    size_t i = 0;
    while (i < side->output.size() && !resolver.SameName(side->output[i].name, wanted.name)) ++i;
    if (i < side->output.size()) {
      used[i] = true;
      const ExprPtr column = ColumnOf(side->output[i]);
      FS_TRY(ExprPtr merged, merger.Merge(column, wanted.type));
      same = same && i == columns.size() && merged == column;
      columns.push_back(merged == column ? column : Named(std::move(merged), side->output[i].name));
    } else if (allow_missing) {
      same = false;
      columns.push_back(Named(LiteralOf(Value(), wanted.type), wanted.name));
    } else {
      std::vector<std::string> names;
      for (const Attribute& attribute : side->output) names.push_back(attribute.name);
      return Error::Condition("UNRESOLVED_COLUMN_AMONG_FIELD_NAMES",
                              {{"colName", wanted.name}, {"fieldNames", firesteel::Join(names, ", ")}}, origin);
    }
  }
  for (size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) columns.push_back(ColumnOf(side->output[i]));
  }
  return same ? side : ProjectTo(std::move(side), std::move(columns), origin);
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
    FS_CHECK(CheckUnique(left, origin, resolver));
    FS_CHECK(CheckUnique(right, origin, resolver));
    FS_TRY(right, LikeColumns(std::move(right), left->output, node.allow_missing_columns, origin, resolver));
    if (node.allow_missing_columns) {
      FS_TRY(left, LikeColumns(std::move(left), right->output, true, origin, resolver));
    }
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
