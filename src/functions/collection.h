#pragma once
// What the collection topics share: type rules of arrays and maps, the writing of lists and maps by kernels, sorted sets of cells.
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "functions/bind.h"
#include "functions/comparison.h"
#include "functions/kernel.h"

namespace firesteel::functions {

/// Whether an array's element at an index, the first two arguments, may be NULL: constants tell for arrays written out. An index that
/// is NULL is forgotten, as Spark does, where other wrong ones raise (`fails`).
bool ElementNullable(CallSite& site, bool from_one, bool fails);
/// The argument must be an array (a map): NULL becomes an array (a map) of VOID.
Status CoerceToArray(CallSite& site, size_t index);
Status CoerceToMap(CallSite& site, size_t index);
/// Brings an array's elements and a value to one type, without promotion to strings; ARRAY_FUNCTION_DIFF_TYPES.
Result<DataType> CoerceElement(CallSite& site, size_t array, size_t value);
/// INVALID_ORDERING_TYPE unless values of `type` can be compared.
Status CheckOrderable(const CallSite& site, const DataType& type);

/// A map from its entries; NULL_MAP_KEY, DUPLICATED_MAP_KEY.
Status WriteMap(const KernelContext& context, std::span<const std::pair<Cell, Cell>> entries, ResultCell result);
/// A copy of the cell; a null vector stands for NULL.
void CopyCell(OutputVector& out, size_t row, const Cell& cell);
/// A list of copies of cells.
void WriteList(std::span<const Cell> cells, ResultCell result);

/// -1, 0, 1 with NULL first.
int CompareWithNulls(const Cell& a, const Cell& b);
struct CellLess {
  bool operator()(const Cell& a, const Cell& b) const { return CompareWithNulls(a, b) < 0; }
};

}  // namespace firesteel::functions
