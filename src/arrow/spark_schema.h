#pragma once
// Spark's types as Arrow's and back: ArrowUtils.toArrowSchema, fromArrowSchema.
#include <arrow/type_fwd.h>

#include <memory>

#include "base/result.h"
#include "types/data_type.h"

namespace firesteel::arrow_ipc {

struct IpcOptions;

Result<std::shared_ptr<arrow::Schema>> ToArrowSchema(const DataType& struct_type, const IpcOptions& options);
Result<DataType> FromArrowSchema(const arrow::Schema& schema);

}  // namespace firesteel::arrow_ipc
