// + - * / with dates, times and intervals: which function each combination of types is.
#include "functions/arithmetic.h"

namespace firesteel::functions {

Result<logical::ExprPtr> BindDatetimeOperator(CallSite&, std::string_view) { return logical::ExprPtr(); }

}  // namespace firesteel::functions
