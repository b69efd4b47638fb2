#pragma once
// Arrow IPC streams from clients as local tables: createDataFrame's data. The bytes may be hostile: all is checked before it
// is read.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/vector.h"

namespace firesteel::arrow_ipc {

struct IpcReadOptions {
  int64_t bytes_max = int64_t{2} << 30;  ///< of the stream, dictionaries and compression undone
  int nesting_max = 64;
};

/// The rows of a stream of any number of batches. `schema`: the struct type that the client gave; values must have it (a
/// column's Arrow type may be of another width or unit of time, then each value is converted). Without it the type
/// is derived from the Arrow schema as Spark does. Errors: UNSUPPORTED_ARROWTYPE, and invalid data as a Connect error
/// (INTERNAL_ERROR is never a client's fault).
Result<std::shared_ptr<const LocalTable>> ReadIpc(std::string_view stream, const std::optional<DataType>& schema,
                                                  const IpcReadOptions& options = {});

}  // namespace firesteel::arrow_ipc
