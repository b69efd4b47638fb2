// Arrays: searching, sorting, sets, and arrays made of others.
#include <algorithm>
#include <numeric>
#include <set>

#include "base/cat.h"
#include "base/text.h"
#include "functions/collection.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/datetime.h"
#include "types/time_zone.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

std::vector<Cell> CellsOf(const Cell& list) {
  std::vector<Cell> cells;
  const uint64_t size = list.ListSize();
  cells.reserve(size);
  for (uint64_t i = 0; i < size; ++i) cells.push_back(list.Element(i));
  return cells;
}

// ---------------------------------------------------------------- one array

Result<DataType> BindOrderedSame(CallSite& site) {
  FS_CHECK(CoerceToArray(site, 0));
  FS_CHECK(CheckOrderable(site, site.arguments[0]->type.element()));
  return site.arguments[0]->type;
}
Result<ExprPtr> BindExtreme(CallSite& site) {
  FS_CHECK(CoerceToArray(site, 0));
  const DataType element = site.arguments[0]->type.element();
  FS_CHECK(CheckOrderable(site, element));
  return Built(site, site.name, element, true, site.mode);
}

/// Sets hold 0.0 where both zeros are met.
void WriteSet(std::span<const Cell> cells, ResultCell result) {
  WriteList(cells, result);
  OutputVector& child = result.vector->child(0);
  const uint64_t first = result.vector->Data<ListCell>()[result.row].offset;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].IsNull()) continue;
    if (child.type().Is(TypeId::kDouble) && child.Data<double>()[first + i] == 0) child.Data<double>()[first + i] = 0.0;
    if (child.type().Is(TypeId::kFloat) && child.Data<float>()[first + i] == 0) child.Data<float>()[first + i] = 0.0F;
  }
}

Status Distinct(Cell list, ResultCell result) {
  std::set<Cell, CellLess> seen;
  std::vector<Cell> kept;
  for (const Cell& cell : CellsOf(list)) {
    if (seen.insert(cell).second) kept.push_back(cell);
  }
  WriteSet(kept, result);
  return {};
}

template <int kSign>
Status Extreme(Cell list, ResultCell result) {
  const Cell* best = nullptr;
  const std::vector<Cell> cells = CellsOf(list);
  for (const Cell& cell : cells) {
    if (!cell.IsNull() && (best == nullptr || CompareCells(cell, *best) * kSign > 0)) best = &cell;
  }
  if (best == nullptr) {
    result.vector->SetNull(result.row);
  } else {
    result.vector->Copy(result.row, *best->vector, best->row);
  }
  return {};
}

Result<ExprPtr> BindSortArray(CallSite& site) {
  FS_CHECK(CoerceToArray(site, 0));
  const DataType type = site.arguments[0]->type;
  if (!IsOrderable(type.element())) {
    return TypeMismatch(site, "INVALID_ORDERING_TYPE",
                        {{"functionName", ToSqlId(site.name)}, {"dataType", InDoubleQuotes(TypeSql(type))}});
  }
  if (site.arguments[1]->type.Is(TypeId::kNull)) site.arguments[1] = CastTo(site.arguments[1], TypeId::kBoolean, site);
  if (!site.arguments[1]->type.Is(TypeId::kBoolean)) return UnexpectedInputType(site, 1, "\"BOOLEAN\"");
  return Built(site, site.name, type, AnyNullable(site.arguments), site.mode);
}

Status SortArray(Cell list, bool ascending, ResultCell result) {
  std::vector<Cell> cells = CellsOf(list);
  std::stable_sort(cells.begin(), cells.end(), [&](const Cell& a, const Cell& b) {
    const int c = CompareWithNulls(a, b);
    return ascending ? c < 0 : c > 0;
  });
  WriteList(cells, result);
  return {};
}

Status Compact(Cell list, ResultCell result) {
  std::vector<Cell> cells = CellsOf(list);
  std::erase_if(cells, [](const Cell& cell) { return cell.IsNull(); });
  WriteList(cells, result);
  return {};
}
Result<DataType> BindCompact(CallSite& site) {
  FS_CHECK(CoerceToArray(site, 0));
  return DataType::Array(site.arguments[0]->type.element(), false);
}

Result<ExprPtr> BindFlatten(CallSite& site) {
  const DataType type = site.arguments[0]->type;
  if (!type.Is(TypeId::kArray) || !type.element().Is(TypeId::kArray))
    return UnexpectedInputType(site, 0, "\"ARRAY\" of \"ARRAY\"");
  return Built(site, site.name, type.element(), site.arguments[0]->nullable || type.contains_null(), site.mode);
}

Status Flatten(Cell list, ResultCell result) {
  std::vector<Cell> cells;
  for (const Cell& inner : CellsOf(list)) {
    if (inner.IsNull()) {
      result.vector->SetNull(result.row);
      return {};
    }
    for (uint64_t i = 0; i < inner.ListSize(); ++i) cells.push_back(inner.Element(i));
  }
  WriteList(cells, result);
  return {};
}

Result<DataType> BindSlice(CallSite& site) {
  FS_CHECK(CoerceToArray(site, 0));
  FS_CHECK(CoerceArgument(site, 1, TypeId::kInteger));
  FS_CHECK(CoerceArgument(site, 2, TypeId::kInteger));
  return site.arguments[0]->type;
}

Status Slice(Cell list, int32_t start, int32_t length, ResultCell result) {
  if (start == 0)
    return Error::Condition("INVALID_PARAMETER_VALUE.START", {{"parameter", "`start`"}, {"functionName", "`slice`"}})
        .As(ErrorClass::kRuntime);
  if (length < 0) {
    return Error::Condition("INVALID_PARAMETER_VALUE.LENGTH",
                            {{"parameter", "`length`"}, {"length", Cat(length)}, {"functionName", "`slice`"}})
        .As(ErrorClass::kRuntime);
  }
  const auto size = static_cast<int64_t>(list.ListSize());
  const int64_t first = start < 0 ? size + start : int64_t{start} - 1;
  std::vector<Cell> cells;
  for (int64_t i = first; first >= 0 && i < size && i < first + length; ++i)
    cells.push_back(list.Element(static_cast<uint64_t>(i)));
  WriteList(cells, result);
  return {};
}

Result<DataType> BindJoin(CallSite& site) {
  const DataType& list = site.arguments[0]->type;
  const bool joins = list.Is(TypeId::kNull) || (list.Is(TypeId::kArray) && !list.element().IsNested());
  if (!joins) return UnexpectedInputType(site, 0, "\"ARRAY<STRING>\"");
  FS_CHECK(CoerceToArray(site, 0));
  site.arguments[0] = CastIfNotSameType(
      site.arguments[0], DataType::Array(TypeId::kString, site.arguments[0]->type.contains_null()), site);
  for (size_t i = 1; i < site.arguments.size(); ++i) FS_CHECK(CoerceArgument(site, i, TypeId::kString));
  return DataType(TypeId::kString);
}

Status JoinKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (std::any_of(in.begin(), in.end(), [&](const InputVector& v) { return v.IsNull(row); })) {
      out.SetNull(row);
      continue;
    }
    std::string text;
    bool first = true;
    for (const Cell& cell : CellsOf({&in[0], row})) {
      if (cell.IsNull() && in.size() < 3) continue;
      if (!first) text += in[1].StringAt(row);
      first = false;
      text += cell.IsNull() ? in[2].StringAt(row) : cell.vector->StringAt(cell.row);
    }
    out.SetString(row, text);
  }
  return {};
}

// ---------------------------------------------------------------- an array and a value

Result<ExprPtr> BindSearch(CallSite& site) {
  if (site.arguments[0]->type.Is(TypeId::kNull) ||
      (site.arguments[1]->type.Is(TypeId::kNull) && site.name == "array_contains")) {
    return TypeMismatch(site, "NULL_TYPE", {{"functionName", ToSqlId(site.name)}});
  }
  if (!site.arguments[0]->type.Is(TypeId::kArray)) return UnexpectedInputType(site, 0, "\"ARRAY\"");
  FS_TRY(DataType list, CoerceElement(site, 0, 1));
  FS_CHECK(CheckOrderable(site, list.element()));
  const bool contains = site.name == "array_contains";
  return Built(site, site.name, contains ? TypeId::kBoolean : TypeId::kLong,
               AnyNullable(site.arguments) || (contains && list.contains_null()), site.mode);
}

std::optional<bool> Contains(Cell list, Cell value) {
  bool null = false;
  for (uint64_t i = 0; i < list.ListSize(); ++i) {
    const Cell cell = list.Element(i);
    if (cell.IsNull()) {
      null = true;
    } else if (CompareCells(cell, value) == 0) {
      return true;
    }
  }
  return null ? std::nullopt : std::optional<bool>(false);
}

int64_t Position(Cell list, Cell value) {
  for (uint64_t i = 0; i < list.ListSize(); ++i) {
    if (!list.Element(i).IsNull() && CompareCells(list.Element(i), value) == 0) return static_cast<int64_t>(i + 1);
  }
  return 0;
}

Result<ExprPtr> BindRemove(CallSite& site) {
  FS_TRY(DataType list, CoerceElement(site, 0, 1));
  FS_CHECK(CheckOrderable(site, list.element()));
  return Built(site, site.name, list, AnyNullable(site.arguments), site.mode);
}
Status Remove(Cell list, Cell value, ResultCell result) {
  std::vector<Cell> cells = CellsOf(list);
  std::erase_if(cells, [&](const Cell& cell) { return !cell.IsNull() && CompareCells(cell, value) == 0; });
  WriteList(cells, result);
  return {};
}

Result<ExprPtr> BindAdd(CallSite& site) {
  if (!site.arguments[0]->type.Is(TypeId::kArray)) return UnexpectedInputType(site, 0, "\"ARRAY\"");
  FS_TRY(DataType list, CoerceElement(site, 0, 1));
  return Built(site, site.name, DataType::Array(list.element(), true), site.arguments[0]->nullable, site.mode);
}
template <bool kFront>
Status AddKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    std::vector<Cell> cells = CellsOf({&in[0], row});
    cells.insert(kFront ? cells.begin() : cells.end(), Cell{&in[1], row});
    WriteList(cells, {&out, row});
  }
  return {};
}

Result<ExprPtr> BindInsert(CallSite& site) {
  FS_TRY(DataType list, CoerceElement(site, 0, 2));
  const DataType& index = site.arguments[1]->type;
  if (!index.Is(TypeId::kByte) && !index.Is(TypeId::kShort) && !index.Is(TypeId::kInteger))
    return UnexpectedInputType(site, 1, "\"INT\"");
  site.arguments[1] = CastTo(site.arguments[1], TypeId::kInteger, site);
  return Built(site, site.name, DataType::Array(list.element(), true),
               site.arguments[0]->nullable || site.arguments[1]->nullable, site.mode);
}
Status InsertKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  constexpr int64_t kMaxArray = 2147483632;
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const int64_t index = in[1].At<int32_t>(row);
    if (index == 0) return Error::Condition("INVALID_INDEX_OF_ZERO", {}, context.origin).As(ErrorClass::kRuntime);
    if (std::abs(index) > kMaxArray) {
      return Error::Condition("COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION", {{"functionName", "`array_insert`"},
                                                                          {"numberOfElements", Cat(std::abs(index))},
                                                                          {"maxRoundedArrayLength", Cat(kMaxArray)}})
          .As(ErrorClass::kRuntime);
    }
    const std::vector<Cell> cells = CellsOf({&in[0], row});
    const uint64_t size = cells.size(), distance = static_cast<uint64_t>(std::abs(index));
    const uint64_t total = std::max(size + 1, distance);  // what lies between the array and the new element is NULL
    const uint64_t place = index > 0 ? distance - 1 : total - distance;
    uint64_t at = out.AppendList(row, total), copied = 0;
    const auto copy_until = [&](uint64_t end) {
      while (copied < end) CopyCell(out.child(0), at++, cells[copied++]);
    };
    const auto add_nulls = [&] {
      for (uint64_t i = size + 1; i < total; ++i) CopyCell(out.child(0), at++, {nullptr, 0});
    };
    copy_until(std::min(place, size));
    if (index > 0) add_nulls();
    CopyCell(out.child(0), at++, {&in[2], row});
    if (index < 0) add_nulls();
    copy_until(size);
  }
  return {};
}

Result<ExprPtr> BindRepeat(CallSite& site) {
  const DataType& count = site.arguments[1]->type;
  if (!count.Is(TypeId::kByte) && !count.Is(TypeId::kShort) && !count.Is(TypeId::kInteger) &&
      !count.Is(TypeId::kNull)) {
    return UnexpectedInputType(site, 1, "\"INT\"");
  }
  site.arguments[1] = CastTo(site.arguments[1], TypeId::kInteger, site);
  return Built(site, site.name, DataType::Array(site.arguments[0]->type, site.arguments[0]->nullable),
               site.arguments[1]->nullable, site.mode);
}
Status RepeatKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const auto times = static_cast<uint64_t>(std::max(in[1].At<int32_t>(row), 0));
    const uint64_t first = out.AppendList(row, times);
    for (uint64_t i = 0; i < times; ++i) CopyCell(out.child(0), first + i, {&in[0], row});
  }
  return {};
}

// ---------------------------------------------------------------- two arrays

Result<DataType> CoercePair(CallSite& site) {
  const DataType a = site.arguments[0]->type, b = site.arguments[1]->type;
  std::optional<DataType> common;
  if (a.Is(TypeId::kArray) && b.Is(TypeId::kArray)) {
    const DataType types[] = {a.element(), b.element()};
    common = WiderTypeWithoutStrings(types, site.settings.ansi);
  }
  if (!common) {
    return TypeMismatch(site, "BINARY_ARRAY_DIFF_TYPES",
                        {{"functionName", ToSqlId(site.name)},
                         {"arrayType", "\"ARRAY\""},
                         {"leftType", InDoubleQuotes(TypeSql(a))},
                         {"rightType", InDoubleQuotes(TypeSql(b))}});
  }
  FS_CHECK(CheckOrderable(site, *common));
  site.arguments[0] = CastIfNotSameType(site.arguments[0], DataType::Array(*common, a.contains_null()), site);
  site.arguments[1] = CastIfNotSameType(site.arguments[1], DataType::Array(*common, b.contains_null()), site);
  return *common;
}

Result<ExprPtr> BindSet(CallSite& site) {
  const bool a = site.arguments[0]->type.Is(TypeId::kArray) && site.arguments[0]->type.contains_null();
  const bool b = site.arguments[1]->type.Is(TypeId::kArray) && site.arguments[1]->type.contains_null();
  FS_TRY(DataType element, CoercePair(site));
  const bool null = site.name == "array_union" ? a || b : site.name == "array_intersect" ? a && b : a;
  return Built(site, site.name, DataType::Array(element, null), AnyNullable(site.arguments), site.mode);
}

Status Union(Cell a, Cell b, ResultCell result) {
  std::set<Cell, CellLess> seen;
  std::vector<Cell> kept;
  for (const Cell& list : {a, b}) {
    for (const Cell& cell : CellsOf(list)) {
      if (seen.insert(cell).second) kept.push_back(cell);
    }
  }
  WriteSet(kept, result);
  return {};
}

template <bool kWanted>
Status Filtered(Cell a, Cell b, ResultCell result) {
  const std::vector<Cell> others = CellsOf(b);
  const std::set<Cell, CellLess> other(others.begin(), others.end());
  std::set<Cell, CellLess> seen;
  std::vector<Cell> kept;
  for (const Cell& cell : CellsOf(a)) {
    if (other.contains(cell) == kWanted && seen.insert(cell).second) kept.push_back(cell);
  }
  WriteSet(kept, result);
  return {};
}

Result<ExprPtr> BindOverlap(CallSite& site) {
  FS_TRY(DataType element, CoercePair(site));
  const bool null = site.arguments[0]->type.contains_null() || site.arguments[1]->type.contains_null();
  return Built(site, site.name, TypeId::kBoolean, AnyNullable(site.arguments) || null, site.mode);
}
std::optional<bool> Overlap(Cell a, Cell b) {
  const std::vector<Cell> left = CellsOf(a), right = CellsOf(b);
  const std::set<Cell, CellLess> other(right.begin(), right.end());
  bool null = false;
  for (const Cell& cell : right) null = null || cell.IsNull();
  for (const Cell& cell : left) {
    if (cell.IsNull()) {
      null = true;
    } else if (other.contains(cell)) {
      return true;
    }
  }
  return null && !left.empty() && !right.empty() ? std::nullopt : std::optional<bool>(false);
}

Result<ExprPtr> BindZip(CallSite& site) {
  std::vector<StructField> fields;
  for (size_t i = 0; i < site.arguments.size(); ++i) {
    FS_CHECK(CoerceToArray(site, i));
    const ExprPtr& argument = site.arguments[i];
    std::string name = Cat(i);
    if (const auto* column = std::get_if<logical::Column>(&argument->node)) name = column->name;
    if (const auto* variable = std::get_if<logical::LambdaVariable>(&argument->node)) name = variable->name;
    fields.push_back({name, argument->type.element(), true});
  }
  return Built(site, site.name, DataType::Array(DataType::Struct(std::move(fields)), false),
               AnyNullable(site.arguments), site.mode);
}
Status ZipKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    uint64_t size = 0;
    bool null = false;
    for (const InputVector& list : in) {
      null = null || list.IsNull(row);
      if (!null) size = std::max(size, list.At<ListCell>(row).length);
    }
    if (null) {
      out.SetNull(row);
      continue;
    }
    const uint64_t first = out.AppendList(row, size);
    for (uint64_t i = 0; i < size; ++i) {
      for (size_t field = 0; field < in.size(); ++field) {
        const Cell list{&in[field], row};
        OutputVector& target = out.child(0).child(field);
        if (i >= list.ListSize() || list.Element(i).IsNull()) {
          target.SetNull(first + i);
        } else {
          target.Copy(first + i, *list.Element(i).vector, list.Element(i).row);
        }
      }
    }
  }
  return {};
}
Result<std::string> LowerZip(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  if (arguments.empty()) return Cat("CAST([] AS ", DuckType(call.type), ")");
  return LowerKernel({&ZipKernel}, call, {arguments.begin(), arguments.end()}, lowering);
}

Function Row(std::string_view name, size_t arity, Runs runs, decltype(Function::bind) bind, std::string_view since,
             std::string_view doc, std::string_view example) {
  return {.name = name,
          .arguments = std::vector<Argument>(arity, Argument{Class::kAny}),
          .runs = runs,
          .bind = bind,
          .group = "array_funcs",
          .since = since,
          .doc = doc,
          .example = example};
}

std::vector<Function> Rows() {
  std::vector<Function> rows = {
      Row("array_distinct", 1, RowKernel<&Distinct>(), &BindOrderedSame, "2.4.0", "Removes duplicates.",
          "array_distinct(array(1, 2, 3, 3))"),
      Row("array_max", 1, RowKernel<&Extreme<1>>(), &BindExtreme, "2.4.0", "Returns the largest element.",
          "array_max(array(1, 20, NULL, 3))"),
      Row("array_min", 1, RowKernel<&Extreme<-1>>(), &BindExtreme, "2.4.0", "Returns the smallest element.",
          "array_min(array(1, 20, NULL, 3))"),
      Row("array_compact", 1, RowKernel<&Compact>(), &BindCompact, "3.4.0", "Removes NULLs.",
          "array_compact(array(1, 2, NULL))"),
      Row("flatten", 1, RowKernel<&Flatten>(), &BindFlatten, "2.4.0", "Joins an array of arrays.",
          "flatten(array(array(1, 2), array(3, 4)))"),
      Row("slice", 3, RowKernel<&Slice>(), &BindSlice, "2.4.0", "Returns a part of an array.",
          "slice(array(1, 2, 3, 4), 2, 2)"),
      Row("array_contains", 2, RowKernel<&Contains>(), &BindSearch, "1.5.0", "Returns whether the array has the value.",
          "array_contains(array(1, 2, 3), 2)"),
      Row("array_position", 2, RowKernel<&Position>(), &BindSearch, "2.4.0",
          "Returns where the value is, from 1, or 0.", "array_position(array(312, 773), 312)"),
      Row("array_remove", 2, RowKernel<&Remove>(), &BindRemove, "2.4.0", "Removes the elements equal to the value.",
          "array_remove(array(1, 2, 3), 3)"),
      Row("array_append", 2, ScalarKernel{&AddKernel<false>}, &BindAdd, "3.4.0", "Adds a value at the end.",
          "array_append(array('b', 'd'), 'c')"),
      Row("array_prepend", 2, ScalarKernel{&AddKernel<true>}, &BindAdd, "3.5.0", "Adds a value at the start.",
          "array_prepend(array('b', 'd'), 'c')"),
      Row("array_insert", 3, ScalarKernel{&InsertKernel}, &BindInsert, "3.4.0", "Puts a value at a place.",
          "array_insert(array(1, 2, 3, 4), 5, 5)"),
      Row("array_repeat", 2, ScalarKernel{&RepeatKernel}, &BindRepeat, "2.4.0",
          "Returns an array of one value so many times.", "array_repeat('123', 2)"),
      Row("array_union", 2, RowKernel<&Union>(), &BindSet, "2.4.0", "Returns the elements of either array.",
          "array_union(array(1, 2), array(1, 3))"),
      Row("array_intersect", 2, RowKernel<&Filtered<true>>(), &BindSet, "2.4.0", "Returns the elements of both arrays.",
          "array_intersect(array(1, 2), array(1, 3))"),
      Row("array_except", 2, RowKernel<&Filtered<false>>(), &BindSet, "2.4.0",
          "Returns the elements of the first array only.", "array_except(array(1, 2), array(1, 3))"),
      Row("arrays_overlap", 2, RowKernel<&Overlap>(), &BindOverlap, "2.4.0",
          "Returns whether arrays have an element in common.", "arrays_overlap(array(1, 2), array(2))"),
  };
  Function sort = Row("sort_array", 2, RowKernel<&SortArray>(), &BindSortArray, "1.5.0", "Sorts an array.",
                      "sort_array(array('b', 'd', NULL))");
  sort.arguments[1].optional = true;
  sort.arguments[1].default_sql = "true";
  rows.push_back(std::move(sort));
  Function join = Row("array_join", 3, ScalarKernel{&JoinKernel}, &BindJoin, "2.4.0", "Joins the elements as text.",
                      "array_join(array('hello', 'world'), ' ')");
  join.arguments[2].optional = true;
  rows.push_back(std::move(join));
  Function zip = Row("arrays_zip", 1, &LowerZip, &BindZip, "2.4.0",
                     "Returns an array of structs of the arrays' elements.", "arrays_zip(array(1, 2), array(2, 3))");
  zip.arguments[0].repeated = true;
  rows.push_back(std::move(zip));
  return rows;
}

}  // namespace

std::span<const Function> ArrayFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
