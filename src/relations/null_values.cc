// fillna, dropna, replace: DataFrameNaFunctions.
#include "base/text.h"
#include "relations/relations.h"

namespace firesteel::relations {
namespace {

/// The positions of the named columns; all of them if none is named.
Result<std::vector<size_t>> Chosen(const std::vector<std::string>& names, const PlanPtr& input, const Origin& origin,
                                   Resolver& resolver) {
  std::vector<size_t> chosen;
  if (names.empty()) {
    for (size_t i = 0; i < input->output.size(); ++i) chosen.push_back(i);
    return chosen;
  }
  for (const std::string& name : names) {
    FS_TRY(const ExprPtr column, FieldByName(name, input, origin, resolver));
    const auto* plain = std::get_if<logical::Column>(&column->node);
    for (size_t i = 0; plain != nullptr && i < input->output.size(); ++i) {
      if (input->output[i].id == plain->id) chosen.push_back(i);
    }
  }
  return chosen;
}

/// Whether a value of type `value` fills a column of type `column`: numbers fill numbers, and so on.
bool Fits(const DataType& value, const DataType& column) {
  if (value.IsNumeric()) return column.IsNumeric();
  return value.id() == column.id();
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::FillNa& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  std::vector<const unresolved::Literal*> fill(input->output.size(), nullptr);
  if (node.values.size() == 1) {
    FS_TRY(std::vector<size_t> chosen, Chosen(node.columns, input, origin, resolver));
    for (size_t i : chosen) fill[i] = &node.values[0];
  } else {
    for (size_t v = 0; v < node.values.size() && v < node.columns.size(); ++v) {
      FS_TRY(std::vector<size_t> chosen, Chosen({node.columns[v]}, input, origin, resolver));
      for (size_t i : chosen) fill[i] = &node.values[v];
    }
  }
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < fill.size(); ++i) {
    const Attribute& attribute = input->output[i];
    if (fill[i] == nullptr || (node.values.size() == 1 && !Fits(fill[i]->type, attribute.type))) {
      columns.push_back(ColumnOf(attribute));
      continue;
    }
    ExprPtr column = ColumnOf(attribute);
    if (attribute.type.IsFractional()) {  // NaN is filled as NULL is
      FS_TRY(column, resolver.Call("nanvl", {column, LiteralOf(Value(), attribute.type)}, origin));
    }
    ExprPtr value = ImplicitCast(LiteralOf(fill[i]->value, fill[i]->type), attribute.type, resolver.settings());
    FS_TRY(ExprPtr filled, resolver.Call("coalesce", {column, value}, origin));
    columns.push_back(Named(std::move(filled), attribute.name));
  }
  return ProjectTo(std::move(input), std::move(columns), origin);
}

Result<PlanPtr> Resolve(const unresolved::DropNa& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  FS_TRY(std::vector<size_t> chosen, Chosen(node.columns, input, origin, resolver));
  if (chosen.empty()) return input;
  // The number of values that are there must reach the minimum.
  ExprPtr sum;
  for (size_t i : chosen) {
    const Attribute& attribute = input->output[i];
    ExprPtr column = ColumnOf(attribute);
    if (attribute.type.IsFractional()) {
      FS_TRY(column, resolver.Call("nanvl", {column, LiteralOf(Value(), attribute.type)}, origin));
    }
    FS_TRY(ExprPtr present, resolver.Call("isnotnull", {column}, origin));
    FS_TRY(ExprPtr one, resolver.Call("if",
                                      {present, LiteralOf(Value(int64_t{1}), TypeId::kInteger),
                                       LiteralOf(Value(int64_t{0}), TypeId::kInteger)},
                                      origin));
    if (!sum) {
      sum = one;
    } else {
      FS_TRY(sum, resolver.Call("+", {sum, one}, origin));
    }
  }
  int64_t wanted = node.min_non_nulls ? *node.min_non_nulls : static_cast<int64_t>(chosen.size());
  FS_TRY(ExprPtr enough, resolver.Call(">=", {sum, LiteralOf(Value(wanted), TypeId::kInteger)}, origin));
  return Over(logical::Filter{input, std::move(enough)}, input, origin);
}

Result<PlanPtr> Resolve(const unresolved::ReplaceNa& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  FS_TRY(std::vector<size_t> chosen, Chosen(node.columns, input, origin, resolver));
  std::vector<bool> is_chosen(input->output.size(), false);
  for (size_t i : chosen) is_chosen[i] = true;
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < input->output.size(); ++i) {
    const Attribute& attribute = input->output[i];
    bool fits = is_chosen[i] && !node.replacements.empty();
    for (const auto& [from, to] : node.replacements) {
      const DataType& type = from.value.IsNull() ? to.type : from.type;
      fits = fits && Fits(type, attribute.type);
    }
    if (!fits) {
      columns.push_back(ColumnOf(attribute));
      continue;
    }
    std::vector<ExprPtr> branches;
    for (const auto& [from, to] : node.replacements) {
      ExprPtr test;
      if (from.value.IsNull()) {
        FS_TRY(test, resolver.Call("isnull", {ColumnOf(attribute)}, origin));
      } else {
        // Compared as the two types are: NaN is no integer.
        FS_TRY(test, resolver.Call("=", {ColumnOf(attribute), LiteralOf(from.value, from.type)}, origin));
      }
      branches.push_back(std::move(test));
      branches.push_back(ImplicitCast(LiteralOf(to.value, to.value.IsNull() ? DataType() : to.type), attribute.type,
                                      resolver.settings()));
    }
    branches.push_back(ColumnOf(attribute));
    FS_TRY(ExprPtr replaced, resolver.Call("when", std::move(branches), origin));
    columns.push_back(Named(std::move(replaced), attribute.name, attribute.metadata));
  }
  return ProjectTo(std::move(input), std::move(columns), origin);
}

}  // namespace firesteel::relations
