// What the binds of sketch functions share.
#include "functions/sketch_topics.h"

#include "base/cat.h"
#include "base/text.h"
#include "plan/rewrite.h"

namespace firesteel::functions {

Status CheckSketchedType(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  switch (type.id()) {
    case TypeId::kNull:
      site.arguments[0] = CastTo(site.arguments[0], TypeId::kBinary, site);
      return {};
    case TypeId::kBinary:
    case TypeId::kDouble:
    case TypeId::kFloat:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kString:
      return {};
    case TypeId::kArray:
      if (type.element().Is(TypeId::kInteger) || type.element().Is(TypeId::kLong)) return {};
      break;
    default:
      break;
  }
  return UnexpectedInputType(
      site, 0,
      R"(("ARRAY<INT>" or "ARRAY<BIGINT>" or "BINARY" or "DOUBLE" or "FLOAT" or "INT" or "BIGINT" or "STRING"))");
}

Status CheckNominal(CallSite& site, size_t index) {
  FS_CHECK(CoerceArgument(site, index, TypeId::kInteger));
  const std::string function = ToSqlId(site.name);
  if (!logical::IsFoldable(site.arguments[index]))
    return Error::Condition("THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT", {{"function", function}});
  FS_TRY(const Value value, Constant(site, index));
  const int64_t lg_nominal = value.IsNull() ? 0 : value.As<int64_t>();
  if (lg_nominal < 4 || lg_nominal > 26) return WrongNominal(function, lg_nominal);
  return {};
}

Error WrongNominal(const std::string& function, int64_t lg_nominal) {
  return Error::Condition("SKETCH_INVALID_LG_NOM_ENTRIES",
                          {{"function", function}, {"min", "4"}, {"max", "26"}, {"value", Cat(lg_nominal)}})
      .As(ErrorClass::kRuntime);
}

Error NoIntersection() { return Error::Unsupported("the intersection of no sketches"); }

}  // namespace firesteel::functions
