// Values inside of values: struct fields, array elements, map values by key; withField and dropFields.
#include "analyzer/binder.h"
#include "base/text.h"
#include "types/type_text.h"

namespace firesteel::analyzer {

using relations::LiteralOf;

namespace {

/// The field's position; FIELD_NOT_FOUND, AMBIGUOUS_REFERENCE_TO_FIELDS.
Result<size_t> FieldIndex(const DataType& type, const std::string& field, Binder& binder, const Origin& origin) {
  std::optional<size_t> found;
  std::vector<std::string> names;
  int count = 0;
  for (size_t i = 0; i < type.fields().size(); ++i) {
    names.push_back(QuoteIdentifier(type.fields()[i].name));
    if (!binder.SameName(type.fields()[i].name, field)) continue;
    ++count;
    found = i;
  }
  if (!found) {
    return Error::Condition("FIELD_NOT_FOUND", {{"fieldName", QuoteIdentifier(field)}, {"fields", Join(names, ", ")}},
                            origin);
  }
  if (count > 1) {
    return Error::Condition("AMBIGUOUS_REFERENCE_TO_FIELDS",
                            {{"field", QuoteIdentifier(field)}, {"count", std::to_string(count)}}, origin);
  }
  return *found;
}

}  // namespace

Result<ExprPtr> Binder::ExtractField(ExprPtr child, const std::string& field, const Origin& origin) {
  return Extract(std::move(child), LiteralOf(Value(field), TypeId::kString), origin, origin);
}

Result<ExprPtr> Binder::Extract(ExprPtr child, ExprPtr extraction, const Origin& origin, const Origin& error_origin) {
  const DataType type = child->type;
  const auto* literal = std::get_if<logical::Literal>(&extraction->node);
  const std::string* field = literal != nullptr && extraction->type.Is(TypeId::kString)
                                 ? std::get_if<std::string>(&literal->value.data)
                                 : nullptr;
  const bool array_of_structs = type.Is(TypeId::kArray) && type.element().Is(TypeId::kStruct);
  if ((type.Is(TypeId::kStruct) || array_of_structs) && field != nullptr) {
    const DataType& fields = array_of_structs ? type.element() : type;
    FS_TRY(size_t index, FieldIndex(fields, *field, *this, error_origin));
    std::string shown = NameOf(child) + "." + fields.fields()[index].name;
    FS_TRY(ExprPtr value,
           Call(array_of_structs ? "get_array_struct_fields" : "get_struct_field",
                {std::move(child), LiteralOf(Value(static_cast<int64_t>(index)), TypeId::kInteger)}, origin));
    return logical::Shown(value, std::move(shown));
  }
  if (type.Is(TypeId::kArray) || type.Is(TypeId::kMap)) {
    return Call(type.Is(TypeId::kArray) ? "get_array_item" : "get_map_value", {std::move(child), std::move(extraction)},
                origin);
  }
  if (type.Is(TypeId::kNull)) {
    const bool named = field != nullptr && error_origin.start >= 0;
    return logical::Shown(LiteralOf(Value(), DataType()),
                          NameOf(child) + (named ? "." + *field : "[" + NameOf(extraction) + "]"));
  }
  if (type.Is(TypeId::kStruct)) {
    return Error::Condition("INVALID_EXTRACT_FIELD_TYPE", {{"extraction", Sql(extraction)}}, error_origin);
  }
  return Error::Condition("INVALID_EXTRACT_BASE_FIELD_TYPE",
                          {{"base", Sql(child)}, {"other", InDoubleQuotes(TypeSql(type))}}, error_origin);
}

namespace {

/// Updates of an update are one to Spark, of several fields.
std::string UpdateText(std::string name, const std::string& change) {
  if (name.starts_with("update_fields(") && name.ends_with(')')) {
    name.pop_back();
  } else {
    name = "update_fields(" + name;
  }
  return name + ", " + change + ")";
}

}  // namespace

Result<ExprPtr> Binder::UpdateField(const ExprPtr& child, std::span<const std::string> path, const ExprPtr& value,
                                    const Origin& origin) {
  if (!child->type.Is(TypeId::kStruct)) {
    return Error::Condition("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                            {{"sqlExpr", InDoubleQuotes("update_fields(" + NameOf(child) + ")")},
                             {"paramIndex", "first"},
                             {"requiredType", "\"STRUCT\""},
                             {"inputSql", Sql(child)},
                             {"inputType", InDoubleQuotes(TypeSql(child->type))}},
                            origin);
  }
  std::vector<ExprPtr> arguments;
  auto add = [&](const std::string& name, ExprPtr field) {
    arguments.push_back(LiteralOf(Value(name), TypeId::kString));
    arguments.push_back(std::move(field));
  };
  bool found = false;
  for (const StructField& field : child->type.fields()) {
    FS_TRY(ExprPtr old, ExtractField(child, field.name, origin));
    if (!SameName(field.name, path[0])) {
      add(field.name, std::move(old));
      continue;
    }
    found = true;
    if (path.size() > 1) {
      FS_TRY(ExprPtr updated, UpdateField(old, path.subspan(1), value, origin));
      add(field.name, std::move(updated));
    } else if (value) {
      add(path[0], value);
    }
  }
  if (!found) {
    if (path.size() > 1) {
      FS_CHECK(FieldIndex(child->type, path[0], *this, origin));
    }
    if (value) add(path[0], value);
  }
  if (arguments.empty()) {
    return Error::Condition("DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS",
                            {{"sqlExpr", InDoubleQuotes(UpdateText(NameOf(child), "dropfield()"))}}, origin);
  }
  FS_TRY(ExprPtr made, Call("named_struct", std::move(arguments), origin));
  if (!child->nullable) return made;
  FS_TRY(ExprPtr is_null, Call("isnull", {child}, origin));
  return Call("if", {is_null, LiteralOf(Value(), made->type), made}, origin);
}

Result<ExprPtr> Binder::BindUpdateFields(const unresolved::UpdateFields& update, const Origin& origin,
                                         Context& context) {
  FS_TRY(ExprPtr child, BindExpr(update.child, context));
  FS_TRY(Name path, ParseName(update.field));
  ExprPtr value;
  if (update.value) {
    FS_TRY(value, BindExpr(update.value, context));
  }
  FS_TRY(ExprPtr result, UpdateField(child, path, value, origin));
  const std::string change = value ? "WithField(" + NameOf(value) + ")" : "dropfield()";
  return logical::Shown(result, UpdateText(NameOf(child), change));
}

}  // namespace firesteel::analyzer
