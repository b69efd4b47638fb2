#pragma once
// Casts to and from intervals.
#include "functions/cast.h"

namespace firesteel::functions {

bool IsIntervalCast(const DataType& from, const DataType& to);
Result<std::shared_ptr<const Caster>> MakeIntervalCaster(const DataType& from, const DataType& to,
                                                         logical::EvalMode mode, const std::string& time_zone,
                                                         const Origin& origin);

/// The text of an interval of any kind, as CAST(… AS STRING) gives it.
Result<std::shared_ptr<const CellText>> MakeIntervalText(const DataType& type);

}  // namespace firesteel::functions
