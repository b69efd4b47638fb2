#pragma once
// Values to spark.connect.Expression.Literal: observed metrics.
#include <spark/connect/expressions.pb.h>

#include "types/value.h"

namespace firesteel::proto {

void LiteralToProto(const Value& value, const DataType& type, ::spark::connect::Expression::Literal* message);

}  // namespace firesteel::proto
