#pragma once
// Between DuckDB's vectors and ours: views for reading, writers, and the logical types of Spark's types.
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/duckdb_handles.h"
#include "types/vector.h"

namespace firesteel::engine {

/// DuckDB's type for the storage of a Spark type: functions::DuckType as a handle.
LogicalType ToLogicalType(const DataType& type);

/// INTERNAL_ERROR unless vectors of DuckDB's type `actual` have the layout of `type`.
Status CheckLayout(duckdb_logical_type actual, const DataType& type);

/// Points `view` at a flat vector; its children are made once and pointed anew on later calls.
void PointAt(duckdb_vector vector, InputVector& view);
InputVector MakeView(const DataType& type);  ///< a view with its children, pointing nowhere
/// Row `first` becomes row 0. Of rows that are not at a multiple of 64, at most those up to the next multiple can be read then:
/// `words` holds their validity and must live as long as the view is read.
void Shift(InputVector& view, size_t first, std::deque<uint64_t>& words);

/// Writes into a DuckDB vector.
class DuckOutput final : public OutputVector {
 public:
  DuckOutput(DataType type, duckdb_vector vector);
  void PointAt(duckdb_vector vector);
  /// Row 0 is the vector's row `first` from now on.
  void StartAt(size_t first);

  void SetNull(size_t row) override;
  void SetString(size_t row, std::string_view bytes) override;
  uint64_t AppendList(size_t row, uint64_t size) override;
  OutputVector& child(size_t index) override;

 private:
  duckdb_vector vector_ = nullptr;
  uint64_t* validity_ = nullptr;
  size_t first_row_ = 0;
  bool is_text_ = false;
  uint64_t list_capacity_ = 0;
  int64_t text_bytes_ = 0;
  std::vector<std::unique_ptr<DuckOutput>> children_;  // made when first asked for
};

}  // namespace firesteel::engine
