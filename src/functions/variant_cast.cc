// Casts from and to VARIANT.
#include "functions/variant_cast.h"

#include <array>
#include <cstring>

#include "base/cat.h"
#include "base/text.h"
#include "types/coercion.h"
#include "types/decimal.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;

constexpr size_t kDecimalsAt = static_cast<size_t>(VariantType::kUuid) + 1;

/// The Spark type of a variant's scalars; none for the others.
std::optional<DataType> ScalarType(VariantType type) {
  switch (type) {
    case VariantType::kBoolean:
      return TypeId::kBoolean;
    case VariantType::kLong:
      return TypeId::kLong;
    case VariantType::kString:
      return TypeId::kString;
    case VariantType::kDouble:
      return TypeId::kDouble;
    case VariantType::kDate:
      return TypeId::kDate;
    case VariantType::kTimestamp:
      return TypeId::kTimestamp;
    case VariantType::kTimestampNtz:
      return TypeId::kTimestampNtz;
    case VariantType::kFloat:
      return TypeId::kFloat;
    case VariantType::kBinary:
      return TypeId::kBinary;
    case VariantType::kObject:
    case VariantType::kArray:
    case VariantType::kNull:
    case VariantType::kDecimal:
    case VariantType::kUuid:
      return std::nullopt;
  }
  return std::nullopt;
}

Result<std::shared_ptr<const Caster>> ScalarCaster(const DataType& from, const DataType& to,
                                                   const std::string& time_zone) {
  if (!CanCast(from, to, true)) return std::shared_ptr<const Caster>();
  return Caster::Make(from, to, EvalMode::kAnsi, time_zone, Origin());
}

class FromVariantCaster final : public Caster {
 public:
  explicit FromVariantCaster(std::shared_ptr<const VariantValues> values) : values_(std::move(values)) {}
  Status Cast(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const override {
    if (in.IsNull(row)) {
      out.SetNull(out_row);
      return {};
    }
    VariantReader reader = ReaderOf({&in, row});
    FS_TRY(const VariantNode node, reader.Root());
    return values_->Put(reader, node, out, out_row);
  }

 private:
  std::shared_ptr<const VariantValues> values_;
};

class ToVariantCaster final : public Caster {
 public:
  Status Cast(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const override {
    if (in.IsNull(row)) {
      out.SetNull(out_row);
      return {};
    }
    VariantBuilder builder;
    FS_CHECK(AppendToVariant({&in, row}, builder));
    if (builder.TooLarge()) return VariantTooLarge("cast");
    PutVariant(builder, out, out_row);
    return {};
  }
};

}  // namespace

Error VariantTooLarge(std::string_view function) {
  return Error::Condition("VARIANT_SIZE_LIMIT", {{"sizeLimit", "128.0 MiB"}, {"functionName", ToSqlId(function)}})
      .As(ErrorClass::kRuntime);
}

Result<std::shared_ptr<const VariantValues>> VariantValues::Make(const DataType& to, bool fails,
                                                                 const std::string& time_zone) {
  using Made = std::shared_ptr<const VariantValues>;
  auto made = std::make_shared<VariantValues>();
  made->to_ = to;
  made->fails_ = fails;
  made->time_zone_ = time_zone;
  const auto child = [&](const DataType& type) -> Status {
    FS_TRY(Made one, Make(type, fails, time_zone));
    made->children_.push_back(std::move(one));
    return {};
  };
  if (to.Is(TypeId::kArray)) {
    FS_CHECK(child(to.element()));
  } else if (to.Is(TypeId::kMap)) {
    FS_CHECK(child(to.value()));
  } else if (to.Is(TypeId::kStruct)) {
    for (const StructField& field : to.fields()) FS_CHECK(child(field.type));
  } else if (!to.Is(TypeId::kVariant)) {
    made->scalars_.resize(kDecimalsAt + kDecimalPrecisionMax + 1);
    for (size_t i = 0; i < kDecimalsAt; ++i) {
      const auto from = ScalarType(static_cast<VariantType>(i));
      if (!from) continue;
      FS_TRY(made->scalars_[i], ScalarCaster(*from, to, time_zone));
    }
    for (int scale = 0; scale <= kDecimalPrecisionMax; ++scale) {
      FS_TRY(made->scalars_[kDecimalsAt + static_cast<size_t>(scale)],
             ScalarCaster(DataType::Decimal(kDecimalPrecisionMax, scale), to, time_zone));
    }
  }
  return Made(std::move(made));
}

Status VariantValues::Invalid(VariantReader& reader, const VariantNode& node, OutputVector& out, size_t row) const {
  if (!fails_) {
    out.SetNull(row);
    return {};
  }
  std::string json;
  FS_CHECK(reader.AppendJson(node, time_zone_, json));
  return Error::Condition("INVALID_VARIANT_CAST", {{"value", std::move(json)}, {"dataType", ErrorTypeText(to_)}})
      .As(ErrorClass::kRuntime);
}

Status VariantValues::PutScalar(VariantReader& reader, const VariantNode& node, OutputVector& out, size_t row) const {
  size_t at = static_cast<size_t>(node.type);
  alignas(16) unsigned char memory[16];
  InputVector cell;
  cell.data = memory;
  const auto hold = [&](auto value) {
    static_assert(sizeof(value) <= sizeof(memory));
    std::memcpy(memory, &value, sizeof(value));
  };
  if (node.type == VariantType::kDecimal) {
    const auto [unscaled, scale] = StrippedDecimal(node);
    at = kDecimalsAt + static_cast<size_t>(scale);
    cell.type = DataType::Decimal(kDecimalPrecisionMax, scale);
    hold(unscaled);
  } else if (const auto type = ScalarType(node.type)) {
    cell.type = *type;
  }
  if (scalars_[at] == nullptr) return Invalid(reader, node, out, row);
  switch (node.type) {
    case VariantType::kBoolean:
      hold(uint8_t{node.boolean});
      break;
    case VariantType::kLong:
    case VariantType::kTimestamp:
    case VariantType::kTimestampNtz:
      hold(node.integer);
      break;
    case VariantType::kDate:
      hold(static_cast<int32_t>(node.integer));
      break;
    case VariantType::kDouble:
      hold(node.number);
      break;
    case VariantType::kFloat:
      hold(static_cast<float>(node.number));
      break;
    case VariantType::kString:
    case VariantType::kBinary:
      hold(StringCell::Of(node.bytes));
      break;
    default:
      break;
  }
  if (scalars_[at]->Cast(cell, 0, out, row).ok()) return {};
  return Invalid(reader, node, out, row);
}

Status VariantValues::Put(VariantReader& reader, const VariantNode& node, OutputVector& out, size_t row) const {
  if (to_.Is(TypeId::kVariant)) {
    VariantBuilder builder;  // anew: without keys that are not its own
    FS_CHECK(builder.Append(reader, node));
    PutVariant(builder, out, row);
    return {};
  }
  if (node.type == VariantType::kNull) {
    out.SetNull(row);
    return {};
  }
  const bool object = node.type == VariantType::kObject;
  switch (to_.id()) {
    case TypeId::kArray: {
      if (node.type != VariantType::kArray) return Invalid(reader, node, out, row);
      const uint64_t first = out.AppendList(row, node.size);
      for (size_t i = 0; i < node.size; ++i) {
        FS_TRY(const VariantNode item, reader.Element(node, i));
        FS_CHECK(children_[0]->Put(reader, item, out.child(0), first + i));
      }
      return {};
    }
    case TypeId::kMap: {
      if (!object) return Invalid(reader, node, out, row);
      const uint64_t first = out.AppendList(row, node.size);
      for (size_t i = 0; i < node.size; ++i) {
        FS_TRY(const std::string_view key, reader.Key(node, i));
        FS_TRY(const VariantNode item, reader.Element(node, i));
        out.child(0).child(0).SetString(first + i, key);
        FS_CHECK(children_[0]->Put(reader, item, out.child(0).child(1), first + i));
      }
      return {};
    }
    case TypeId::kStruct: {
      if (!object) return Invalid(reader, node, out, row);
      for (size_t i = 0; i < children_.size(); ++i) {
        FS_TRY(const std::optional<VariantNode> field, reader.Field(node, to_.fields()[i].name));
        if (field) {
          FS_CHECK(children_[i]->Put(reader, *field, out.child(i), row));
        } else {
          out.child(i).SetNull(row);
        }
      }
      return {};
    }
    case TypeId::kString:
      if (object || node.type == VariantType::kArray || node.type == VariantType::kUuid) {
        std::string json;
        FS_CHECK(reader.AppendJson(node, time_zone_, json));
        if (node.type == VariantType::kUuid) json = json.substr(1, json.size() - 2);
        out.SetString(row, json);
        return {};
      }
      return PutScalar(reader, node, out, row);
    default:
      return PutScalar(reader, node, out, row);
  }
}

VariantReader ReaderOf(const Cell& variant) {
  const auto& parts = variant.vector->children;
  return {parts[0].StringAt(variant.row), parts[1].StringAt(variant.row)};
}

void PutVariant(const VariantBuilder& builder, OutputVector& out, size_t row) {
  out.child(0).SetString(row, builder.value());
  out.child(1).SetString(row, builder.Metadata());
}

Status AppendToVariant(const Cell& cell, VariantBuilder& builder) {
  if (cell.IsNull()) {
    builder.Null();
    return {};
  }
  const InputVector& v = *cell.vector;
  const size_t row = cell.row;
  switch (v.type.id()) {
    case TypeId::kBoolean:
      builder.Boolean(v.At<uint8_t>(row) != 0);
      return {};
    case TypeId::kByte:
      builder.Long(v.At<int8_t>(row));
      return {};
    case TypeId::kShort:
      builder.Long(v.At<int16_t>(row));
      return {};
    case TypeId::kInteger:
      builder.Long(v.At<int32_t>(row));
      return {};
    case TypeId::kLong:
      builder.Long(v.At<int64_t>(row));
      return {};
    case TypeId::kFloat:
      builder.Float(v.At<float>(row));
      return {};
    case TypeId::kDouble:
      builder.Double(v.At<double>(row));
      return {};
    case TypeId::kDecimal:
      builder.Decimal(v.DecimalAt(row), v.type.scale());
      return {};
    case TypeId::kString:
      builder.String(v.StringAt(row));
      return {};
    case TypeId::kBinary:
      builder.Binary(v.StringAt(row));
      return {};
    case TypeId::kDate:
      builder.Date(v.At<int32_t>(row));
      return {};
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      builder.Timestamp(v.At<int64_t>(row), v.type.Is(TypeId::kTimestampNtz));
      return {};
    case TypeId::kVariant: {
      VariantReader reader = ReaderOf(cell);
      FS_TRY(const VariantNode node, reader.Root());
      return builder.Append(reader, node);
    }
    case TypeId::kArray:
    case TypeId::kMap: {
      const bool map = v.type.Is(TypeId::kMap);
      const size_t start = builder.Position();
      std::vector<VariantBuilder::Item> items;
      for (uint64_t i = 0; i < cell.ListSize(); ++i) {
        const Cell element = cell.Element(i);
        const Cell key = map ? element.Field(0) : element;
        const uint32_t id = map ? builder.Key(key.vector->StringAt(key.row)) : 0;
        items.push_back({id, builder.Position()});
        FS_CHECK(AppendToVariant(map ? element.Field(1) : element, builder));
      }
      if (map) return builder.EndObject(start, std::move(items));
      builder.EndArray(start, items);
      return {};
    }
    case TypeId::kStruct: {
      const size_t start = builder.Position();
      std::vector<VariantBuilder::Item> items;
      for (size_t i = 0; i < v.type.fields().size(); ++i) {
        items.push_back({builder.Key(v.type.fields()[i].name), builder.Position()});
        FS_CHECK(AppendToVariant(cell.Field(i), builder));
      }
      return builder.EndObject(start, std::move(items));
    }
    case TypeId::kNull:
    case TypeId::kTime:
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
    case TypeId::kUdt:
      break;
  }
  return Error::Unsupported(Cat("a cast from ", TypeSql(v.type), " to VARIANT"));
}

Result<std::shared_ptr<const Caster>> MakeVariantCaster(const DataType& /*from*/, const DataType& to, EvalMode mode,
                                                        const std::string& time_zone) {
  using Made = std::shared_ptr<const Caster>;
  if (to.Is(TypeId::kVariant)) return Made(std::make_shared<ToVariantCaster>());
  FS_TRY(auto values, VariantValues::Make(to, mode != EvalMode::kTry, time_zone));
  return Made(std::make_shared<FromVariantCaster>(std::move(values)));
}

}  // namespace firesteel::functions
