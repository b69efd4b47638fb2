#pragma once
// Spark's type coercion as rules on types alone: wider types, implicit casts, the patterns that function arguments ask for.
// Sources: Spark's TypeCoercion and AnsiTypeCoercion. What expressions do with the answers is the analyzer's.
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "types/data_type.h"

namespace firesteel {

/// The settings that change what expressions mean. Read once per statement from the session's configuration.
struct Settings {
  bool ansi = true;                          ///< spark.sql.ansi.enabled
  bool case_sensitive = false;               ///< spark.sql.caseSensitive
  std::string time_zone = "UTC";             ///< spark.sql.session.timeZone
  bool decimal_allow_precision_loss = true;  ///< spark.sql.decimalOperations.allowPrecisionLoss
  bool group_by_ordinal = true;              ///< spark.sql.groupByOrdinal
  bool order_by_ordinal = true;              ///< spark.sql.orderByOrdinal
  bool group_by_aliases = true;              ///< spark.sql.groupByAliases
  bool cross_join_enabled = true;            ///< spark.sql.crossJoin.enabled
  bool timestamp_ntz_default = false;        ///< spark.sql.timestampType = TIMESTAMP_NTZ
  bool legacy_size_of_null = false;          ///< spark.sql.legacy.sizeOfNull
  bool legacy_datetime_parser = false;       ///< spark.sql.legacy.timeParserPolicy = LEGACY
  bool corrected_datetime_parser = false;    ///< spark.sql.legacy.timeParserPolicy = CORRECTED
  bool map_keys_last_win = false;            ///< spark.sql.mapKeyDedupPolicy = LAST_WIN
  int max_to_string_fields = 25;             ///< spark.sql.debug.maxToStringFields
  int64_t pivot_max_values = 10000;          ///< spark.sql.pivotMaxValues
};

/// What an argument may be: alternatives in order of preference, each a concrete type or a class of types.
class TypePattern {
 public:
  enum class Class : uint8_t {
    kExact,
    kAny,
    kNumeric,
    kIntegral,
    kFractionalOrDecimal,
    kDecimal,
    kStringAny,
    kStringOrBinary,
    kAnyTimestamp,
    kAnsiInterval,
    kYearMonthInterval,
    kDayTimeInterval,
    kArray,
    kMap,
    kStruct,
    kArrayOrMap,
    kOrderable,
    kAtomic,
  };
  struct Alternative {
    Class kind = Class::kAny;
    DataType exact;                              ///< kExact
    std::shared_ptr<const TypePattern> element;  ///< kArray: of the elements; null: any
  };

  TypePattern(TypeId id) : alternatives_{{Class::kExact, DataType(id), nullptr}} {}         // NOLINT
  TypePattern(DataType type) : alternatives_{{Class::kExact, std::move(type), nullptr}} {}  // NOLINT
  TypePattern(Class kind) : alternatives_{{kind, {}, nullptr}} {}                           // NOLINT
  static TypePattern ArrayOf(TypePattern element);
  static TypePattern OneOf(std::initializer_list<TypePattern> alternatives);

  /// False: the argument must match (ExpectsInputTypes); true: it is implicitly cast if that gives a match.
  bool implicit_cast = true;
  TypePattern Exactly() const {
    TypePattern p = *this;
    p.implicit_cast = false;
    return p;
  }

  const std::vector<Alternative>& alternatives() const { return alternatives_; }
  bool Accepts(const DataType& type) const;
  /// As errors show it, with its quotes: ("STRING" or "BINARY"), "NUMERIC", "ARRAY".
  std::string Sql() const;

 private:
  std::vector<Alternative> alternatives_;
};

/// The type to cast `from` to so that it fits `pattern`; `from` itself if it fits; none if no implicit cast does.
std::optional<DataType> ImplicitCast(const DataType& from, const TypePattern& pattern, bool ansi);
/// The common type of two (set operations, CASE, coalesce …): Spark's findWiderTypeForTwo / ANSI's findTightest….
std::optional<DataType> WiderType(const DataType& a, const DataType& b, const Settings& settings);
std::optional<DataType> WiderType(std::span<const DataType> types, const Settings& settings);
/// The common type of two compared values, which is not always WiderType (strings against dates and numbers).
std::optional<DataType> ComparisonType(const DataType& a, const DataType& b, const Settings& settings);
/// Whether CAST(from AS to) exists in the mode: Cast.canCast, canAnsiCast.
bool CanCast(const DataType& from, const DataType& to, bool ansi);
/// Whether a cast may turn a value into NULL: Cast.forceNullable.
bool CastMayBeNull(const DataType& from, const DataType& to, bool ansi);
/// Whether storing a value of `from` in a column of `to` is allowed under ANSI rules: Cast.canANSIStoreAssign.
bool CanStoreAssign(const DataType& from, const DataType& to);
/// Whether every value survives the cast: Cast.canUpCast.
bool CanUpCast(const DataType& from, const DataType& to);
/// Values of the type can be compared and sorted.
bool IsOrderable(const DataType& type);

/// The common type when only losslessness counts: findTightestCommonType.
std::optional<DataType> TightestCommonType(const DataType& a, const DataType& b, bool ansi);
/// As WiderType, but nothing is promoted to or from strings (greatest, least).
std::optional<DataType> WiderTypeWithoutStrings(std::span<const DataType> types, bool ansi);
/// ANSI's common type of a string and another atomic type; none if neither is a string or they have none.
std::optional<DataType> StringPromotion(const DataType& a, const DataType& b);

}  // namespace firesteel
