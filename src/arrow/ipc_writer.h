#pragma once
// Result chunks as Arrow IPC streams: what an ExecutePlanResponse carries. One stream is one schema, one record batch and the
// end mark; each can be read alone.
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "types/vector.h"

namespace firesteel::arrow_ipc {

struct IpcOptions {
  std::string time_zone = "UTC";  ///< spark.sql.session.timeZone: only named in the schema, values are UTC
  bool large_var_types = false;   ///< spark.sql.execution.arrow.useLargeVarTypes
};

/// Collects rows and writes them out. The memory of one batch is kept for the next. Not thread safe.
class IpcWriter {
 public:
  /// `schema`: the struct type of the rows. Errors: UNSUPPORTED_DATATYPE.
  static Result<std::unique_ptr<IpcWriter>> Make(const DataType& schema, const IpcOptions& options);
  virtual ~IpcWriter() = default;

  /// Copies rows [first, first + count) of `chunk`, whose columns are the schema's fields in order. Nothing of the chunk is
  /// needed afterwards. Fails when a column of one batch would get longer than Arrow can say (2 GB of text without
  /// large_var_types).
  virtual Status Append(const Chunk& chunk, size_t first, size_t count) = 0;
  Status Append(const Chunk& chunk) { return Append(chunk, 0, chunk.rows); }

  virtual int64_t rows() const = 0;   ///< since the last Finish
  virtual int64_t bytes() const = 0;  ///< about what Finish would give now

  /// One complete IPC stream with the rows so far, perhaps none; the writer is empty then.
  virtual Result<std::string> Finish() = 0;
};

}  // namespace firesteel::arrow_ipc
