#pragma once
// Casts from and to VARIANT, also inside of others (Spark's VariantGet.cast and VariantExpressionEvalUtils.castToVariant).
#include <memory>
#include <string>
#include <vector>

#include "functions/cast.h"
#include "functions/variant_binary.h"

namespace firesteel::functions {

/// A variant's value as another type. Thread safe once made.
class VariantValues {
 public:
  /// `fails`: what cannot be cast raises INVALID_VARIANT_CAST, else it gives NULL.
  static Result<std::shared_ptr<const VariantValues>> Make(const DataType& to, bool fails,
                                                           const std::string& time_zone);
  /// A variant null gives NULL, except as a VARIANT.
  Status Put(VariantReader& reader, const VariantNode& node, OutputVector& out, size_t row) const;

 private:
  using Scalars = std::vector<std::shared_ptr<const Caster>>;  // by VariantType; decimals by scale behind them
  Status PutScalar(VariantReader& reader, const VariantNode& node, OutputVector& out, size_t row) const;
  Status Invalid(VariantReader& reader, const VariantNode& node, OutputVector& out, size_t row) const;

  DataType to_;
  bool fails_ = true;
  std::string time_zone_;
  Scalars scalars_;                                             // of types that are not nested
  std::vector<std::shared_ptr<const VariantValues>> children_;  // of an array's elements, a map's values, fields
};

VariantReader ReaderOf(const Cell& variant);
/// Writes a variant as out[row].
void PutVariant(const VariantBuilder& builder, OutputVector& out, size_t row);
/// Adds a cell of any type to what is built; NULL is the variant null.
Status AppendToVariant(const Cell& cell, VariantBuilder& builder);
/// VARIANT_SIZE_LIMIT.
Error VariantTooLarge(std::string_view function);

/// One of the types is VARIANT.
Result<std::shared_ptr<const Caster>> MakeVariantCaster(const DataType& from, const DataType& to,
                                                        logical::EvalMode mode, const std::string& time_zone);

}  // namespace firesteel::functions
