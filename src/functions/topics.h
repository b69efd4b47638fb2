#pragma once
// The topic files of the function table. A new topic declares its rows here and is joined in registry.cc.
#include <span>

#include "functions/function.h"

namespace firesteel::functions {

std::span<const Function> ArithmeticFunctions();
std::span<const Function> IntervalOperators();
std::span<const Function> ComparisonFunctions();
std::span<const Function> PredicateFunctions();
std::span<const Function> ConditionalFunctions();
std::span<const Function> MathFunctions();
std::span<const Function> RoundingFunctions();
std::span<const Function> AggregateFunctions();
std::span<const Function> WindowFunctions();
std::span<const Function> DatetimeFunctions();
std::span<const Function> DatetimeTextFunctions();
std::span<const Function> DatetimeMakeFunctions();
std::span<const Function> DatetimeUnitFunctions();
std::span<const Function> IntervalMakeFunctions();
std::span<const Function> TimeWindowFunctions();
std::span<const Function> StatisticsFunctions();
std::span<const Function> NestedFunctions();
std::span<const Function> NumberBaseFunctions();
std::span<const Function> BitwiseFunctions();
std::span<const Function> HashFunctions();
std::span<const Function> RandomFunctions();
std::span<const Function> SessionFunctions();
std::span<const Function> StringFunctions();
std::span<const Function> StringSearchFunctions();
std::span<const Function> StringFormatFunctions();
std::span<const Function> JsonFunctions();
std::span<const Function> JsonPathFunctions();
std::span<const Function> StringEncodingFunctions();
std::span<const Function> UrlFunctions();
std::span<const Function> StringWordFunctions();
std::span<const Function> StringNumberFunctions();
std::span<const Function> CsvFunctions();
std::span<const Function> CollectionSortFunctions();
std::span<const Function> SequenceFunctions();
std::span<const Function> RegexpFunctions();
std::span<const Function> CollectionFunctions();
std::span<const Function> ArrayFunctions();
std::span<const Function> LambdaFunctions();
std::span<const Function> GeneratorFunctions();

}  // namespace firesteel::functions
