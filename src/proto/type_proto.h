#pragma once
// DataType <-> spark.connect.DataType.
#include <spark/connect/types.pb.h>

#include "base/result.h"
#include "types/data_type.h"

namespace firesteel::proto {

Result<DataType> TypeFromProto(const ::spark::connect::DataType& message);
void TypeToProto(const DataType& type, ::spark::connect::DataType* message);

}  // namespace firesteel::proto
