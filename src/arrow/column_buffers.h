#pragma once
// Columns as Arrow's buffers, filled from our vectors.
#include <arrow/array/data.h>

#include <memory>

#include "base/result.h"
#include "types/vector.h"

namespace firesteel::arrow_ipc {

class ColumnBuffers {
 public:
  static std::unique_ptr<ColumnBuffers> Make(const DataType& type, std::shared_ptr<arrow::DataType> arrow_type);
  virtual ~ColumnBuffers() = default;

  virtual Status Append(const InputVector& from, size_t first, size_t count) = 0;
  virtual int64_t bytes() const = 0;
  /// The rows so far; its buffers point into this column, until Clear.
  virtual std::shared_ptr<arrow::ArrayData> Data() const = 0;
  virtual void Clear() = 0;  ///< keeps the memory
};

}  // namespace firesteel::arrow_ipc
