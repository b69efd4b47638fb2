// Which casts are DuckDB's own and which are kernels.
#include "functions/cast.h"

#include "base/cat.h"
#include "functions/lower.h"
#include "types/special_times.h"
#include "types/time_zone.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;

bool IsUtc(std::string_view zone) {
  return zone == "UTC" || zone == "Etc/UTC" || zone == "Z" || zone == "GMT" || zone == "+00:00";
}

std::string Plain(std::string_view sql, const DataType& to) { return Cat("CAST(", sql, " AS ", DuckType(to), ")"); }

/// A cast that DuckDB refuses where Spark does, but with its own words.
std::string Checked(std::string_view sql, const DataType& to, EvalMode mode) {
  return Cat(mode == EvalMode::kAnsi ? "CAST(" : "TRY_CAST(", sql, " AS ", DuckType(to), ")");
}

int IntegralDigits(TypeId id) {
  switch (id) {
    case TypeId::kByte:
      return 3;
    case TypeId::kShort:
      return 5;
    case TypeId::kInteger:
      return 10;
    default:
      return 19;
  }
}

/// DuckDB's SQL where it means the same as Spark's cast; empty where it does not.
std::string DuckCast(const std::string& sql, const DataType& from, const DataType& to, EvalMode mode,
                     const Lowering& lowering) {
  const bool may_raise = mode == EvalMode::kAnsi && lowering.precise_errors();
  switch (to.id()) {
    case TypeId::kBoolean:
      if (from.IsIntegral()) return Cat("(", sql, " <> 0)");
      return "";
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
      if (from.Is(TypeId::kBoolean)) return Plain(sql, to);
      if (!from.IsIntegral()) return "";
      if (from.id() < to.id()) return Plain(sql, to);
      // Legacy casts wrap.
      return mode == EvalMode::kLegacy || may_raise ? "" : Checked(sql, to, mode);
    case TypeId::kFloat:
      return from.Is(TypeId::kBoolean) || from.IsIntegral() ? Plain(sql, to) : "";
    case TypeId::kDouble:
      if (from.Is(TypeId::kBoolean) || from.IsIntegral() || from.Is(TypeId::kFloat)) return Plain(sql, to);
      // Up to 15 digits both the digits and the power of ten are exact, so one division rounds rightly.
      return from.Is(TypeId::kDecimal) && from.precision() <= 15 ? Plain(sql, to) : "";
    case TypeId::kDecimal: {
      const int integral = to.precision() - to.scale();
      if (from.IsIntegral()) {
        if (integral >= IntegralDigits(from.id())) return Plain(sql, to);
        return may_raise ? "" : Checked(sql, to, mode);
      }
      if (!from.Is(TypeId::kDecimal)) return "";
      const int carry = to.scale() < from.scale() ? 1 : 0;  // rounding may add a digit
      if (integral >= from.precision() - from.scale() + carry) return Plain(sql, to);
      return may_raise ? "" : Checked(sql, to, mode);
    }
    case TypeId::kString:
      if (from.IsIntegral() || from.Is(TypeId::kBoolean)) return Plain(sql, to);
      return "";
    case TypeId::kBinary:
      return from.Is(TypeId::kString) ? Cat("encode(", sql, ")") : "";
    case TypeId::kDate:
      if (from.Is(TypeId::kTimestampNtz) || (from.Is(TypeId::kTimestamp) && IsUtc(lowering.time_zone())))
        return Plain(sql, to);
      return "";
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz: {
      const bool zone_counts =
          !(from.Is(TypeId::kDate) && to.Is(TypeId::kTimestampNtz)) && !IsUtc(lowering.time_zone());
      // A date beyond what 64-bit microseconds hold: DuckDB raises.
      if (from.Is(TypeId::kDate) && !zone_counts && !may_raise)
        return Checked(sql, to, mode == EvalMode::kLegacy ? EvalMode::kAnsi : mode);
      const bool same_storage = from.Is(TypeId::kTimestamp) || from.Is(TypeId::kTimestampNtz);
      return same_storage && !zone_counts ? sql : "";
    }
    default:
      return "";
  }
}

Status CastRows(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const auto& caster = context.Prepared<std::shared_ptr<const Caster>>();
  for (size_t row = 0; row < rows; ++row) FS_CHECK(caster->Cast(in[0], row, out, row));
  return {};
}

Result<std::shared_ptr<const void>> PrepareCast(const KernelContext& context) {
  FS_TRY(auto caster,
         Caster::Make(context.argument_types[0], context.result_type, context.mode, context.time_zone, context.origin));
  return std::shared_ptr<const void>(std::make_shared<const std::shared_ptr<const Caster>>(std::move(caster)));
}

bool IsStringKind(const DataType& t) { return t.Is(TypeId::kString); }

}  // namespace

Result<std::string> CastSql(std::string sql, const DataType& from_type, const DataType& to_type, EvalMode mode,
                            const Origin& origin, Lowering& lowering) {
  const DataType& from = from_type.Is(TypeId::kUdt) ? from_type.element() : from_type;
  const DataType& to = to_type.Is(TypeId::kUdt) ? to_type.element() : to_type;
  // Nullability is no part of DuckDB's types; field names are.
  if (from == to || (from.AsNullable() == to.AsNullable()) || (IsStringKind(from) && IsStringKind(to))) return sql;
  if (std::string duck = DuckCast(sql, from, to, mode, lowering); !duck.empty()) return duck;
  static const ScalarKernel kKernel = {&CastRows, &PrepareCast};
  return LowerKernel(kKernel, {std::move(sql)}, {from}, to, mode, origin, lowering);
}

std::optional<Value> SpecialTimeOf(const logical::Expr& child, const DataType& to, std::string_view time_zone) {
  const auto* literal = std::get_if<logical::Literal>(&child.node);
  if (literal == nullptr || literal->value.IsNull() || !child.type.Is(TypeId::kString) || !to.IsDateOrTimestamp())
    return std::nullopt;
  const TimeZone* zone = FindTimeZoneOrNull(time_zone);
  if (zone == nullptr) return std::nullopt;
  const std::string& text = literal->value.As<std::string>();
  const auto value = to.Is(TypeId::kDate)        ? SpecialDate(text, *zone)
                     : to.Is(TypeId::kTimestamp) ? SpecialTimestamp(text, *zone)
                                                 : SpecialTimestampNtz(text, *zone);
  return value ? std::optional(Value(*value)) : std::nullopt;
}

}  // namespace firesteel::functions
