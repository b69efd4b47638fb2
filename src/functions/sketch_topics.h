#pragma once
// The sketches' topics, and what their binds share: which values sketches take, how large they may be.
#include <span>

#include "functions/bind.h"
#include "functions/query_site.h"
#include "functions/row.h"
#include "functions/sketch_image.h"

namespace firesteel::functions {

std::span<const Function> HllFunctions();
std::span<const Function> ThetaFunctions();
std::span<const Function> TupleFunctions();
std::span<const Function> KllFunctions();

/// The first argument of theta_sketch_agg and tuple_sketch_agg.
Status CheckSketchedType(CallSite& site);
/// lgNomEntries of an aggregate: a constant from 4 to 26.
Status CheckNominal(CallSite& site, size_t index);
inline size_t NominalOf(const KernelContext& context, size_t index) {
  return size_t{1} << context.constants[index]->As<int64_t>();
}
Error WrongNominal(const std::string& function, int64_t lg_nominal);
/// lgNomEntries of a scalar function.
template <sketches::Name kFunction>
Result<size_t> Nominal(int32_t lg_nominal) {
  if (lg_nominal < 4 || lg_nominal > 26) return WrongNominal(kFunction.Quoted(), lg_nominal);
  return size_t{1} << lg_nominal;
}
/// The intersection of no sketches at all would be everything.
Error NoIntersection();

}  // namespace firesteel::functions
