// transpose: rows become columns, so the rows are read when the relation is analysed.
#include <absl/strings/numbers.h>

#include "base/cat.h"
#include "base/text.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

/// DataType.toString of types that hold others: "ArrayType(IntegerType,true)".
std::string ClassString(const DataType& type) {
  const auto flag = [](bool is) { return is ? ",true)" : ",false)"; };
  if (type.Is(TypeId::kArray)) return Cat("ArrayType(", ClassString(type.element()), flag(type.contains_null()));
  if (type.Is(TypeId::kMap))
    return Cat("MapType(", ClassString(type.key()), ",", ClassString(type.value()), flag(type.contains_null()));
  if (type.Is(TypeId::kStruct)) {
    std::vector<std::string> fields;
    for (const StructField& field : type.fields())
      fields.push_back(Cat("StructField(", field.name, ",", ClassString(field.type), flag(field.nullable)));
    return Cat("StructType(", firesteel::Join(fields, ","), ")");
  }
  if (type.Is(TypeId::kTimestampNtz)) return "TimestampNTZType";
  std::string name = TypeJson(type);  // "decimal(10,2)", quotes and all
  name = Upper(name.substr(1, 1)) + name.substr(2, name.size() - 3);
  return name.insert(std::min(name.find('('), name.size()), "Type");
}

constexpr char kRowsMaxKey[] = "spark.sql.transposeMaxValues";
constexpr int64_t kRowsMax = 500;  // that setting's default

Result<Attribute> IndexColumn(const unresolved::Transpose& node, const PlanPtr& input, Resolver& resolver) {
  auto invalid = [](std::string reason) {
    return Error::Condition("TRANSPOSE_INVALID_INDEX_COLUMN", {{"reason", std::move(reason)}});
  };
  Attribute index = input->output.at(0);
  if (!node.index_columns.empty()) {
    if (node.index_columns.size() > 1) return invalid("Multiple index columns are not supported");
    FS_TRY(ExprPtr bound, resolver.Bind(node.index_columns[0], input, Clause::kOther));
    const auto* column = std::get_if<logical::Column>(&bound->node);
    if (column == nullptr) return invalid("Index column must be a column of the input");
    for (const Attribute& attribute : input->output) {
      if (attribute.id == column->id) index = attribute;
    }
  }
  if (index.type.IsNested() || index.type.Is(TypeId::kVariant))
    return invalid("Index column must be of atomic type, but found: " + ClassString(index.type));
  return index;
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::Transpose& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  if (input->output.empty()) return input;
  FS_TRY(Attribute index, IndexColumn(node, input, resolver));
  std::vector<Attribute> others;
  for (const Attribute& attribute : input->output) {
    if (attribute.id != index.id) others.push_back(attribute);
  }
  DataType type = others.empty() ? DataType(TypeId::kString) : others[0].type;
  for (const Attribute& other : others) {
    const std::vector<DataType> both = {type, other.type};
    std::optional<DataType> wider =
        other.type.SameType(type) ? type : WiderTypeWithoutStrings(both, resolver.settings().ansi);
    if (!wider) {
      return Error::Condition("TRANSPOSE_NO_LEAST_COMMON_TYPE",
                              {{"dt1", InDoubleQuotes(TypeSql(type))}, {"dt2", InDoubleQuotes(TypeSql(other.type))}});
    }
    type = *wider;
  }
  std::vector<ExprPtr> cells{Named(ImplicitCast(ColumnOf(index), TypeId::kString, resolver.settings()), "key")};
  for (const Attribute& other : others)
    cells.push_back(Named(ImplicitCast(ColumnOf(other), type, resolver.settings()), other.name));
  FS_TRY(ExprPtr present, resolver.Call("isnotnull", {ColumnOf(index)}, origin));
  PlanPtr rows = Over(logical::Filter{input, std::move(present)}, input, origin);
  rows = Over(logical::Sort{rows, {{ColumnOf(index)}}, true}, rows, origin);
  rows = ProjectTo(std::move(rows), std::move(cells), origin);
  int64_t rows_max = kRowsMax;
  if (!absl::SimpleAtoi(resolver.environment().Configuration(kRowsMaxKey), &rows_max)) rows_max = kRowsMax;
  rows = Over(logical::Limit{rows, rows_max + 1, 0}, rows, origin);
  FS_TRY(auto values, resolver.environment().Collect(rows, rows_max + 1));
  if (static_cast<int64_t>(values.size()) > rows_max) {
    return Error::Condition("TRANSPOSE_EXCEED_ROW_LIMIT",
                            {{"maxValues", std::to_string(rows_max)}, {"config", kRowsMaxKey}});
  }
  std::vector<Attribute> output{{logical::NewAttributeId(), "key", TypeId::kString, false, "{}", {}}};
  for (const auto& row : values)
    output.push_back({logical::NewAttributeId(), row[0].As<std::string>(), type, true, "{}", {}});
  logical::Values turned;
  for (size_t i = 0; i < others.size(); ++i) {
    std::vector<ExprPtr> cells_of{LiteralOf(Value(others[i].name), TypeId::kString)};
    for (const auto& row : values) cells_of.push_back(LiteralOf(row[i + 1], type));
    turned.rows.push_back(std::move(cells_of));
  }
  return logical::MakePlan(std::move(turned), std::move(output), origin);
}

}  // namespace firesteel::relations
