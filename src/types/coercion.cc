// Type coercion: which types go together, and as what. Everything here is a function of types alone.
#include "types/coercion.h"

#include <algorithm>

#include "base/text.h"
#include "types/decimal.h"
#include "types/type_text.h"

namespace firesteel {
namespace {

using Class = TypePattern::Class;
using MaybeType = std::optional<DataType>;
constexpr TypeId kNumericPrecedence[] = {TypeId::kByte, TypeId::kShort, TypeId::kInteger,
                                         TypeId::kLong, TypeId::kFloat, TypeId::kDouble};

bool IsFractionalOrDecimal(const DataType& t) { return t.IsFractional() || t.Is(TypeId::kDecimal); }
bool IsDatetime(const DataType& t) { return t.IsDateOrTimestamp() || t.Is(TypeId::kTime); }
bool IsAtomic(const DataType& t) {
  return !t.Is(TypeId::kNull) && !t.Is(TypeId::kCalendarInterval) && !t.IsNested() && !t.Is(TypeId::kUdt) &&
         !t.Is(TypeId::kVariant);
}
const DataType& Storage(const DataType& t) { return t.Is(TypeId::kUdt) ? Storage(t.element()) : t; }

/// DecimalType.isWiderThan: holds every value of an integral or decimal type.
bool IsWiderThan(const DataType& decimal, const DataType& other) {
  if (!other.Is(TypeId::kDecimal) && !other.IsIntegral()) return false;
  const DataType o = DecimalForType(other);
  return decimal.precision() - decimal.scale() >= o.precision() - o.scale() && decimal.scale() >= o.scale();
}

template <typename Find>
MaybeType ComplexType(const DataType& a, const DataType& b, const Find& find) {
  if (a.Is(TypeId::kArray) && b.Is(TypeId::kArray)) {
    MaybeType element = find(a.element(), b.element());
    if (!element) return {};
    const bool nulls = a.contains_null() || b.contains_null() || CastMayBeNull(a.element(), *element, true) ||
                       CastMayBeNull(b.element(), *element, true);
    return DataType::Array(*element, nulls);
  }
  if (a.Is(TypeId::kMap) && b.Is(TypeId::kMap)) {
    MaybeType key = find(a.key(), b.key());
    if (!key || CastMayBeNull(a.key(), *key, true) || CastMayBeNull(b.key(), *key, true)) return {};
    MaybeType value = find(a.value(), b.value());
    if (!value) return {};
    const bool nulls = a.contains_null() || b.contains_null() || CastMayBeNull(a.value(), *value, true) ||
                       CastMayBeNull(b.value(), *value, true);
    return DataType::Map(*key, *value, nulls);
  }
  if (a.Is(TypeId::kStruct) && b.Is(TypeId::kStruct) && a.fields().size() == b.fields().size()) {
    std::vector<StructField> fields;
    for (size_t i = 0; i < a.fields().size(); ++i) {
      const StructField& fa = a.fields()[i];
      const StructField& fb = b.fields()[i];
      if (!EqualsIgnoreCase(fa.name, fb.name)) return {};
      MaybeType type = find(fa.type, fb.type);
      if (!type) return {};
      const bool nullable =
          fa.nullable || fb.nullable || CastMayBeNull(fa.type, *type, true) || CastMayBeNull(fb.type, *type, true);
      fields.push_back({fa.name, *type, nullable});
    }
    return DataType::Struct(std::move(fields));
  }
  return {};
}

MaybeType WiderDatetime(const DataType& a, const DataType& b) {
  if (a.Is(TypeId::kTime) && b.Is(TypeId::kTime)) return DataType::Time(std::max(a.precision(), b.precision()));
  if (a.Is(TypeId::kTime) || b.Is(TypeId::kTime)) return {};
  if (a.Is(TypeId::kTimestamp) || b.Is(TypeId::kTimestamp)) return DataType(TypeId::kTimestamp);
  return DataType(TypeId::kTimestampNtz);
}

MaybeType WiderTypeForDecimal(const DataType& a, const DataType& b) {
  const bool da = a.Is(TypeId::kDecimal), db = b.Is(TypeId::kDecimal);
  if (!da && !db) return {};
  if ((da || a.IsIntegral()) && (db || b.IsIntegral())) return WiderDecimal(DecimalForType(a), DecimalForType(b));
  if ((da || a.IsFractional()) && (db || b.IsFractional())) return DataType(TypeId::kDouble);
  return {};
}

/// Without ANSI a string wins over every atomic type but BINARY and BOOLEAN.
MaybeType LegacyStringPromotion(const DataType& a, const DataType& b) {
  const auto promotes = [](const DataType& t) {
    return IsAtomic(t) && !t.Is(TypeId::kBinary) && !t.Is(TypeId::kBoolean);
  };
  if (a.Is(TypeId::kString) && promotes(b)) return a.length() > 0 ? DataType(TypeId::kString) : a;
  if (b.Is(TypeId::kString) && promotes(a)) return b.length() > 0 ? DataType(TypeId::kString) : b;
  return {};
}

MaybeType WiderOfTwo(const DataType& a, const DataType& b, bool ansi) {
  if (MaybeType t = TightestCommonType(a, b, ansi)) return t;
  if (MaybeType t = WiderTypeForDecimal(a, b)) return t;
  if (MaybeType t = ansi ? StringPromotion(a, b) : LegacyStringPromotion(a, b)) return t;
  return ComplexType(a, b, [&](const DataType& x, const DataType& y) { return WiderOfTwo(x, y, ansi); });
}

MaybeType WiderWithoutStrings(const DataType& a, const DataType& b, bool ansi) {
  if (MaybeType t = TightestCommonType(a, b, ansi)) return t;
  if (MaybeType t = WiderTypeForDecimal(a, b)) return t;
  return ComplexType(a, b, [&](const DataType& x, const DataType& y) { return WiderWithoutStrings(x, y, ansi); });
}

bool HasString(const DataType& t) { return t.Is(TypeId::kString) || (t.Is(TypeId::kArray) && HasString(t.element())); }

bool AlternativeAccepts(const TypePattern::Alternative& a, const DataType& t) {
  switch (a.kind) {
    case Class::kExact:
      // Parameters left out (DECIMAL without precision, a CHAR for a STRING, any interval fields) match any.
      if (a.exact.id() != t.id()) return false;
      if (a.exact.Is(TypeId::kDecimal)) return a.exact.precision() == 0 || a.exact == t;
      if (t.IsNested()) return a.exact.SameType(t);
      return true;
    case Class::kAny:
      return true;
    case Class::kNumeric:
      return t.IsNumeric();
    case Class::kIntegral:
      return t.IsIntegral();
    case Class::kFractionalOrDecimal:
      return IsFractionalOrDecimal(t);
    case Class::kDecimal:
      return t.Is(TypeId::kDecimal);
    case Class::kStringAny:
      return t.Is(TypeId::kString);
    case Class::kStringOrBinary:
      return t.Is(TypeId::kString) || t.Is(TypeId::kBinary);
    case Class::kAnyTimestamp:
      return t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz);
    case Class::kAnsiInterval:
      return t.IsAnsiInterval();
    case Class::kYearMonthInterval:
      return t.Is(TypeId::kYearMonthInterval);
    case Class::kDayTimeInterval:
      return t.Is(TypeId::kDayTimeInterval);
    case Class::kArray:
      return t.Is(TypeId::kArray) && (a.element == nullptr || a.element->Accepts(t.element()));
    case Class::kMap:
      return t.Is(TypeId::kMap);
    case Class::kStruct:
      return t.Is(TypeId::kStruct);
    case Class::kArrayOrMap:
      return t.Is(TypeId::kArray) || t.Is(TypeId::kMap);
    case Class::kOrderable:
      return IsOrderable(t);
    case Class::kAtomic:
      return IsAtomic(t);
  }
  return false;
}

/// defaultConcreteType: what a NULL becomes.
MaybeType DefaultType(const TypePattern::Alternative& a) {
  switch (a.kind) {
    case Class::kExact:
      return a.exact.Is(TypeId::kDecimal) && a.exact.precision() == 0 ? DataType::Decimal(38, 18) : a.exact;
    case Class::kAny:
    case Class::kOrderable:
    case Class::kAtomic:
      return DataType();
    case Class::kNumeric:
    case Class::kFractionalOrDecimal:
      return DataType(TypeId::kDouble);
    case Class::kIntegral:
      return DataType(TypeId::kInteger);
    case Class::kDecimal:
      return DataType::Decimal(38, 18);
    case Class::kStringAny:
    case Class::kStringOrBinary:
      return DataType(TypeId::kString);
    case Class::kAnyTimestamp:
      return DataType(TypeId::kTimestamp);
    case Class::kAnsiInterval:
    case Class::kDayTimeInterval:
      return DataType::DayTime();
    case Class::kYearMonthInterval:
      return DataType::YearMonth();
    case Class::kArray:
    case Class::kArrayOrMap: {
      MaybeType element = DataType();
      if (a.element != nullptr) element = DefaultType(a.element->alternatives().front());
      return DataType::Array(element.value_or(DataType()));
    }
    case Class::kMap:
      return DataType::Map(DataType(), DataType());
    case Class::kStruct:
      return DataType::Struct({});
  }
  return {};
}

MaybeType AnsiImplicitCast(const DataType& from, const TypePattern::Alternative& to) {
  if (AlternativeAccepts(to, from)) return from;
  const MaybeType target = DefaultType(to);
  const bool to_decimal = to.kind == Class::kDecimal || (to.kind == Class::kExact && to.exact.Is(TypeId::kDecimal));
  if (from.IsNumeric() && to_decimal && to.kind == Class::kDecimal) return DecimalForType(from);
  if (from.Is(TypeId::kString)) {
    switch (to.kind) {
      case Class::kExact:
        return IsAtomic(*target) ? target : MaybeType();
      case Class::kNumeric:
      case Class::kDecimal:
      case Class::kAnyTimestamp:
        return target;
      case Class::kYearMonthInterval:
      case Class::kDayTimeInterval:
        return target;
      default:
        return {};
    }
  }
  if (IsFractionalOrDecimal(from) && to.kind == Class::kIntegral) return {};
  if (to.kind == Class::kArray && from.Is(TypeId::kArray)) {
    const MaybeType element = ImplicitCast(from.element(), *to.element, true);
    return element ? MaybeType(DataType::Array(*element)) : MaybeType();
  }
  if (target && CanStoreAssign(from, *target)) return target;
  return {};
}

MaybeType LegacyImplicitCast(const DataType& from, const TypePattern::Alternative& to) {
  if (AlternativeAccepts(to, from)) return from;
  const MaybeType target = DefaultType(to);
  if (from.Is(TypeId::kNull)) return target;
  if (to.kind == Class::kArray && from.Is(TypeId::kArray)) {
    const MaybeType element = ImplicitCast(from.element(), *to.element, false);
    return element ? MaybeType(DataType::Array(*element)) : MaybeType();
  }
  if (from.Is(TypeId::kString)) {
    if (to.kind == Class::kNumeric || to.kind == Class::kDecimal || to.kind == Class::kAnyTimestamp) return target;
    if (to.kind != Class::kExact) return {};
    const bool castable =
        target->IsNumeric() || target->IsDateOrTimestamp() || target->Is(TypeId::kBinary) || target->Is(TypeId::kTime);
    return castable ? target : MaybeType();
  }
  if (from.IsNumeric() && to.kind == Class::kDecimal) return DecimalForType(from);
  if (from.IsNumeric() && to.kind == Class::kExact && target->IsNumeric()) return target;
  const bool date_or_timestamp = target && (target->IsDateOrTimestamp()) && to.kind != Class::kAny;
  if (from.IsDateOrTimestamp() && date_or_timestamp) return target;
  const bool to_string = (to.kind == Class::kExact && to.exact.Is(TypeId::kString)) || to.kind == Class::kStringAny ||
                         to.kind == Class::kStringOrBinary;
  if (IsAtomic(from) && to_string) return DataType(TypeId::kString);
  if (to.kind == Class::kExact && from.IsNested() && target->id() == from.id()) {
    if (from.Is(TypeId::kArray)) {
      const MaybeType e = ImplicitCast(from.element(), TypePattern(target->element()), false);
      return e ? MaybeType(DataType::Array(*e, target->contains_null())) : MaybeType();
    }
    if (from.Is(TypeId::kMap)) {
      const MaybeType k = ImplicitCast(from.key(), TypePattern(target->key()), false);
      const MaybeType v = ImplicitCast(from.value(), TypePattern(target->value()), false);
      return k && v ? MaybeType(DataType::Map(*k, *v, target->contains_null())) : MaybeType();
    }
  }
  return {};
}

std::string AlternativeSql(const TypePattern::Alternative& a) {
  const auto quoted = [](std::string_view name) { return InDoubleQuotes(name); };
  switch (a.kind) {
    case Class::kExact:
      if (a.exact.Is(TypeId::kDecimal) && a.exact.precision() == 0) return quoted("DECIMAL");
      if (a.exact.Is(TypeId::kTime)) return quoted("TIME");
      return quoted(TypeSql(a.exact));
    case Class::kAny:
      return quoted("ANY");
    case Class::kNumeric:
      return quoted("NUMERIC");
    case Class::kIntegral:
      return quoted("INTEGRAL");
    case Class::kFractionalOrDecimal:
      return quoted("FRACTIONAL");
    case Class::kDecimal:
      return quoted("DECIMAL");
    case Class::kStringAny:
      return quoted("STRING");
    case Class::kStringOrBinary:
      return "(\"STRING\" or \"BINARY\")";
    case Class::kAnyTimestamp:
      return quoted("(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)");
    case Class::kAnsiInterval:
      return "(\"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\")";
    case Class::kYearMonthInterval:
      return quoted("INTERVAL YEAR TO MONTH");
    case Class::kDayTimeInterval:
      return quoted("INTERVAL DAY TO SECOND");
    case Class::kArray: {
      if (a.element == nullptr) return quoted("ARRAY");
      std::string element = a.element->Sql();
      std::erase(element, '"');
      return quoted("ARRAY<" + element + ">");
    }
    case Class::kMap:
      return quoted("MAP");
    case Class::kStruct:
      return quoted("STRUCT");
    case Class::kArrayOrMap:
      return "(\"ARRAY\" or \"MAP\")";
    case Class::kOrderable:
      return quoted("ORDERABLE");
    case Class::kAtomic:
      return quoted("ATOMIC");
  }
  return "";
}

template <typename CanCastElement>
bool CanCastNested(const DataType& from, const DataType& to, bool ansi, const CanCastElement& can) {
  const auto nulls_fit = [&](const DataType& f, bool f_null, const DataType& t, bool t_null) {
    return (!f_null || t_null) && can(f, t) && (t_null || !CastMayBeNull(f, t, ansi));
  };
  if (from.Is(TypeId::kArray)) return nulls_fit(from.element(), from.contains_null(), to.element(), to.contains_null());
  if (from.Is(TypeId::kMap)) {
    return nulls_fit(from.key(), false, to.key(), false) &&
           nulls_fit(from.value(), from.contains_null(), to.value(), to.contains_null());
  }
  if (from.fields().size() != to.fields().size()) return false;
  for (size_t i = 0; i < from.fields().size(); ++i) {
    const StructField& f = from.fields()[i];
    const StructField& t = to.fields()[i];
    if (!nulls_fit(f.type, f.nullable, t.type, t.nullable)) return false;
  }
  return true;
}

bool CanCastToVariant(const DataType& from) {
  if (from.Is(TypeId::kArray)) return CanCastToVariant(from.element());
  if (from.Is(TypeId::kMap)) return from.key().Is(TypeId::kString) && CanCastToVariant(from.value());
  return from.Is(TypeId::kVariant) || (IsAtomic(from) && !from.IsAnsiInterval() && !from.Is(TypeId::kTime));
}

bool CanCastFromVariant(const DataType& to) {
  if (to.Is(TypeId::kArray)) return CanCastFromVariant(to.element());
  if (to.Is(TypeId::kMap)) return to.key().Is(TypeId::kString) && CanCastFromVariant(to.value());
  if (to.Is(TypeId::kStruct)) {
    return std::all_of(to.fields().begin(), to.fields().end(),
                       [](const StructField& f) { return CanCastFromVariant(f.type); });
  }
  return to.Is(TypeId::kVariant) || (IsAtomic(to) && !to.IsAnsiInterval() && !to.Is(TypeId::kTime));
}

}  // namespace

// ---------------------------------------------------------------- common types

std::optional<DataType> TightestCommonType(const DataType& a, const DataType& b, bool ansi) {
  if (a == b) return a;
  if (a.Is(TypeId::kNull)) return b;
  if (b.Is(TypeId::kNull)) return a;
  if (a.Is(TypeId::kString) && b.Is(TypeId::kString))
    return a.collation() == b.collation() ? MaybeType(DataType(TypeId::kString)) : MaybeType();
  if (a.IsIntegral() && b.Is(TypeId::kDecimal)) return IsWiderThan(b, a) ? MaybeType(b) : MaybeType();
  if (b.IsIntegral() && a.Is(TypeId::kDecimal)) return IsWiderThan(a, b) ? MaybeType(a) : MaybeType();
  if (a.IsNumeric() && b.IsNumeric() && !a.Is(TypeId::kDecimal) && !b.Is(TypeId::kDecimal)) {
    TypeId wider = a.id();
    for (TypeId id : kNumericPrecedence) {
      if (id == a.id() || id == b.id()) wider = id;
    }
    // ANSI: an integer and a FLOAT meet in DOUBLE, since FLOAT would lose digits.
    return DataType(ansi && wider == TypeId::kFloat ? TypeId::kDouble : wider);
  }
  if (IsDatetime(a) && IsDatetime(b)) return WiderDatetime(a, b);
  if (a.IsAnsiInterval() && a.id() == b.id()) {
    const uint8_t start = std::min(a.interval().start, b.interval().start);
    const uint8_t end = std::max(a.interval().end, b.interval().end);
    return a.Is(TypeId::kDayTimeInterval) ? DataType::DayTime(start, end) : DataType::YearMonth(start, end);
  }
  return ComplexType(a, b, [&](const DataType& x, const DataType& y) { return TightestCommonType(x, y, ansi); });
}

std::optional<DataType> StringPromotion(const DataType& a, const DataType& b) {
  if (!a.Is(TypeId::kString)) return b.Is(TypeId::kString) ? StringPromotion(b, a) : MaybeType();
  if (b.IsIntegral()) return DataType(TypeId::kLong);
  if (IsFractionalOrDecimal(b)) return DataType(TypeId::kDouble);
  if (b.Is(TypeId::kNull)) return a;
  if (b.IsAnsiInterval() || !IsAtomic(b)) return {};
  if (b.Is(TypeId::kString) && a.collation() != b.collation()) return {};
  return b;
}

std::optional<DataType> WiderType(const DataType& a, const DataType& b, const Settings& settings) {
  return WiderOfTwo(a, b, settings.ansi);
}

std::optional<DataType> WiderType(std::span<const DataType> types, const Settings& settings) {
  std::vector<DataType> order(types.begin(), types.end());
  // Without ANSI strings go first: the rule for two is not associative.
  if (!settings.ansi) std::stable_partition(order.begin(), order.end(), HasString);
  MaybeType wider = DataType();
  for (const DataType& type : order) {
    wider = WiderOfTwo(*wider, type, settings.ansi);
    if (!wider) return {};
  }
  return wider;
}

std::optional<DataType> WiderTypeWithoutStrings(std::span<const DataType> types, bool ansi) {
  MaybeType wider = DataType();
  for (const DataType& type : types) {
    wider = WiderWithoutStrings(*wider, type, ansi);
    if (!wider) return {};
  }
  return wider;
}

std::optional<DataType> ComparisonType(const DataType& a, const DataType& b, const Settings& settings) {
  if (a == b) return a;
  if (a.Is(TypeId::kString) != b.Is(TypeId::kString)) {
    if (settings.ansi) return StringPromotion(a, b);
    const DataType& other = a.Is(TypeId::kString) ? b : a;
    if (other.Is(TypeId::kNull)) return DataType(TypeId::kString);
    if (other.Is(TypeId::kDecimal)) return DataType(TypeId::kDouble);
    return IsAtomic(other) && !other.IsAnsiInterval() ? MaybeType(other) : MaybeType();
  }
  if (MaybeType t = WiderTypeForDecimal(a, b)) return t;
  return TightestCommonType(a, b, settings.ansi);
}

// ---------------------------------------------------------------- patterns

TypePattern TypePattern::ArrayOf(TypePattern element) {
  TypePattern p(Class::kArray);
  p.alternatives_[0].element = std::make_shared<const TypePattern>(std::move(element));
  return p;
}

TypePattern TypePattern::OneOf(std::initializer_list<TypePattern> alternatives) {
  TypePattern p(Class::kAny);
  p.alternatives_.clear();
  for (const TypePattern& a : alternatives) {
    p.alternatives_.insert(p.alternatives_.end(), a.alternatives_.begin(), a.alternatives_.end());
  }
  return p;
}

bool TypePattern::Accepts(const DataType& type) const {
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](const Alternative& a) { return AlternativeAccepts(a, type); });
}

std::string TypePattern::Sql() const {
  if (alternatives_.size() == 1) return AlternativeSql(alternatives_[0]);
  std::vector<std::string> parts;
  for (const Alternative& a : alternatives_) parts.push_back(AlternativeSql(a));
  return "(" + Join(parts, " or ") + ")";
}

std::optional<DataType> ImplicitCast(const DataType& from, const TypePattern& pattern, bool ansi) {
  if (pattern.Accepts(from)) return from;
  // A NULL takes the type of the first alternative, even where nothing else is cast.
  if (from.Is(TypeId::kNull)) return DefaultType(pattern.alternatives().front());
  if (!pattern.implicit_cast) return {};
  for (const TypePattern::Alternative& a : pattern.alternatives()) {
    if (MaybeType t = ansi ? AnsiImplicitCast(from, a) : LegacyImplicitCast(from, a)) return t;
  }
  return {};
}

// ---------------------------------------------------------------- casts

bool CanCast(const DataType& from_type, const DataType& to_type, bool ansi) {
  const DataType& from = Storage(from_type);
  const DataType& to = Storage(to_type);
  if (from_type.Is(TypeId::kUdt) || to_type.Is(TypeId::kUdt)) {
    return from_type == to_type || from_type.Is(TypeId::kNull) || to.Is(TypeId::kString) ||
           (from_type.Is(TypeId::kUdt) && to_type.Is(TypeId::kUdt) && from.SameType(to));
  }
  if (from == to || from.Is(TypeId::kNull)) return true;
  if (to.Is(TypeId::kVariant)) return CanCastToVariant(from);
  if (from.Is(TypeId::kVariant)) return CanCastFromVariant(to);
  const bool string = from.Is(TypeId::kString);
  switch (to.id()) {
    case TypeId::kString:
      return true;
    case TypeId::kBinary:
      return string || (!ansi && from.IsIntegral());
    case TypeId::kBoolean:
      return string || from.IsNumeric() || (!ansi && (from.Is(TypeId::kDate) || from.Is(TypeId::kTimestamp)));
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDecimal:
      if (string || from.IsNumeric() || from.Is(TypeId::kBoolean) || from.Is(TypeId::kTimestamp)) return true;
      if (from.Is(TypeId::kDate)) return !ansi;
      return (from.IsAnsiInterval() || from.Is(TypeId::kTime)) && (to.IsIntegral() || to.Is(TypeId::kDecimal));
    case TypeId::kDate:
      return string || from.Is(TypeId::kTimestamp) || from.Is(TypeId::kTimestampNtz);
    case TypeId::kTimestamp:
      return string || from.Is(TypeId::kDate) || from.Is(TypeId::kTimestampNtz) || from.IsNumeric() ||
             (!ansi && from.Is(TypeId::kBoolean));
    case TypeId::kTimestampNtz:
      return string || from.Is(TypeId::kDate) || from.Is(TypeId::kTimestamp);
    case TypeId::kTime:
      return string || from.Is(TypeId::kTime);
    case TypeId::kCalendarInterval:
      return string;
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
      return string || from.id() == to.id() || from.IsIntegral() || from.Is(TypeId::kDecimal);
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct:
      return from.id() == to.id() && CanCastNested(from, to, ansi, [ansi](const DataType& f, const DataType& t) {
               return CanCast(f, t, ansi);
             });
    case TypeId::kNull:
    case TypeId::kVariant:
    case TypeId::kUdt:
      return false;
  }
  return false;
}

bool CastMayBeNull(const DataType& from, const DataType& to, bool /*ansi*/) {
  // Spark declares these nullable even where ANSI mode would raise instead.
  if (from.Is(TypeId::kNull)) return false;
  if (from == to) return false;
  if (from.Is(TypeId::kString)) return !to.Is(TypeId::kBinary) && !to.Is(TypeId::kString);
  if (from.Is(TypeId::kVariant)) return true;
  if (to.Is(TypeId::kString)) return false;
  if (from.IsFractional() && to.Is(TypeId::kTimestamp)) return true;
  if (from.Is(TypeId::kTimestamp) && to.IsIntegral()) return !to.Is(TypeId::kLong);
  if (from.Is(TypeId::kTimestamp) && to.Is(TypeId::kDate)) return false;
  if (to.Is(TypeId::kDate)) return true;
  if (from.Is(TypeId::kDate)) return !to.Is(TypeId::kTimestamp);
  if (to.Is(TypeId::kCalendarInterval)) return true;
  if (to.Is(TypeId::kDecimal)) {
    if (from.Is(TypeId::kBoolean)) return to.precision() - to.scale() < 1;
    if (IsWiderThan(to, from)) return false;
    if (from.Is(TypeId::kDecimal)) return to.precision() - to.scale() <= from.precision() - from.scale();
    return true;
  }
  if (IsFractionalOrDecimal(from) && to.IsIntegral()) return true;
  return false;
}

bool CanStoreAssign(const DataType& from, const DataType& to) {
  if (from == to || from.Is(TypeId::kNull)) return true;
  if (from.IsNumeric() && to.IsNumeric()) return true;
  if (to.Is(TypeId::kString)) return IsAtomic(from) || from.Is(TypeId::kCalendarInterval);
  if (from.IsDateOrTimestamp() && to.IsDateOrTimestamp()) return true;
  if (from.Is(TypeId::kTime) && to.Is(TypeId::kTime)) return true;
  if (from.IsAnsiInterval() && from.id() == to.id()) return true;
  if (from.Is(TypeId::kUdt) && to.Is(TypeId::kUdt)) return from.element().SameType(to.element());
  if (from.IsNested() && from.id() == to.id()) return CanCastNested(from, to, true, CanStoreAssign);
  return false;
}

bool CanUpCast(const DataType& from, const DataType& to) {
  if (from == to || from.Is(TypeId::kNull)) return true;
  if (from.IsNumeric() && to.Is(TypeId::kDecimal)) return IsWiderThan(to, from);
  if (from.Is(TypeId::kDecimal)) return false;
  if (from.IsNumeric() && to.IsNumeric()) return from.id() < to.id();
  if (from.Is(TypeId::kDate))
    return to.Is(TypeId::kTimestamp) || to.Is(TypeId::kTimestampNtz) || to.Is(TypeId::kString);
  if (from.Is(TypeId::kTimestamp) && to.Is(TypeId::kTimestampNtz)) return true;
  if (from.Is(TypeId::kTimestampNtz) && to.Is(TypeId::kTimestamp)) return true;
  if (to.Is(TypeId::kString)) return IsAtomic(from) || from.Is(TypeId::kCalendarInterval);
  if (from.IsAnsiInterval() && from.id() == to.id()) return true;
  if (from.IsNested() && from.id() == to.id()) return CanCastNested(from, to, true, CanUpCast);
  return false;
}

bool IsOrderable(const DataType& type) {
  switch (type.id()) {
    case TypeId::kCalendarInterval:
    case TypeId::kMap:
    case TypeId::kVariant:
      return false;
    case TypeId::kArray:
    case TypeId::kUdt:
      return IsOrderable(type.element());
    case TypeId::kStruct:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const StructField& f) { return IsOrderable(f.type); });
    default:
      return true;
  }
}

}  // namespace firesteel
