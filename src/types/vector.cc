// Reading and writing single cells of columns, whatever their type. Kernels on hot paths read the arrays themselves.
#include "types/vector.h"

namespace firesteel {
namespace {

// Where a decimal of a precision lives: DuckDB's choice.
enum class DecimalWidth { k16, k32, k64, k128 };

DecimalWidth WidthOf(int precision) {
  if (precision <= 4) return DecimalWidth::k16;
  if (precision <= 9) return DecimalWidth::k32;
  if (precision <= 18) return DecimalWidth::k64;
  return DecimalWidth::k128;
}

Value ListValue(const InputVector& vector, size_t row) {
  const ListCell cell = vector.At<ListCell>(row);
  const InputVector& child = vector.children[0];
  Value::List items;
  if (vector.type.Is(TypeId::kMap)) {
    items.reserve(cell.length * 2);
    for (uint64_t i = 0; i < cell.length; ++i) {
      items.push_back(child.children[0].ValueAt(cell.offset + i));
      items.push_back(child.children[1].ValueAt(cell.offset + i));
    }
  } else {
    items.reserve(cell.length);
    for (uint64_t i = 0; i < cell.length; ++i) items.push_back(child.ValueAt(cell.offset + i));
  }
  return Value(std::move(items));
}

}  // namespace

int128_t InputVector::DecimalAt(size_t row) const {
  switch (WidthOf(type.precision())) {
    case DecimalWidth::k16:
      return At<int16_t>(row);
    case DecimalWidth::k32:
      return At<int32_t>(row);
    case DecimalWidth::k64:
      return At<int64_t>(row);
    case DecimalWidth::k128:
      break;
  }
  int128_t unscaled;  // other libraries' arrays are aligned to 8 bytes only
  std::memcpy(&unscaled, static_cast<const char*>(data) + row * sizeof(unscaled), sizeof(unscaled));
  return unscaled;
}

Value InputVector::ValueAt(size_t row) const {
  if (IsNull(row)) return Value();
  switch (type.id()) {
    case TypeId::kNull:
      return Value();
    case TypeId::kBoolean:
      return Value(At<uint8_t>(row) != 0);
    case TypeId::kByte:
      return Value(int64_t{At<int8_t>(row)});
    case TypeId::kShort:
      return Value(int64_t{At<int16_t>(row)});
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      return Value(int64_t{At<int32_t>(row)});
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDayTimeInterval:
      return Value(At<int64_t>(row));
    case TypeId::kFloat:
      return Value(At<float>(row));
    case TypeId::kDouble:
      return Value(At<double>(row));
    case TypeId::kDecimal:
      return Value(DecimalAt(row));
    case TypeId::kString:
    case TypeId::kBinary:
      return Value(std::string(StringAt(row)));
    case TypeId::kCalendarInterval:
      return Value(At<CalendarInterval>(row));
    case TypeId::kArray:
    case TypeId::kMap:
      return ListValue(*this, row);
    case TypeId::kStruct:
    case TypeId::kVariant: {
      Value::List fields;
      fields.reserve(children.size());
      for (const InputVector& child : children) fields.push_back(child.ValueAt(row));
      return Value(std::move(fields));
    }
    case TypeId::kUdt: {
      InputVector storage = *this;
      storage.type = type.element();
      return storage.ValueAt(row);
    }
  }
  return Value();
}

void OutputVector::SetDecimal(size_t row, int128_t unscaled) {
  switch (WidthOf(type_.precision())) {
    case DecimalWidth::k16:
      Data<int16_t>()[row] = static_cast<int16_t>(unscaled);
      return;
    case DecimalWidth::k32:
      Data<int32_t>()[row] = static_cast<int32_t>(unscaled);
      return;
    case DecimalWidth::k64:
      Data<int64_t>()[row] = static_cast<int64_t>(unscaled);
      return;
    case DecimalWidth::k128:
      std::memcpy(static_cast<char*>(data_) + row * sizeof(unscaled), &unscaled, sizeof(unscaled));
      return;
  }
}

void OutputVector::SetValue(size_t row, const Value& value) {
  if (value.IsNull()) {
    SetNull(row);
    return;
  }
  const DataType& type = type_.Is(TypeId::kUdt) ? type_.element() : type_;
  switch (type.id()) {
    case TypeId::kNull:
    case TypeId::kUdt:
      SetNull(row);
      return;
    case TypeId::kBoolean:
      Data<uint8_t>()[row] = value.As<bool>();
      return;
    case TypeId::kByte:
      Data<int8_t>()[row] = static_cast<int8_t>(value.As<int64_t>());
      return;
    case TypeId::kShort:
      Data<int16_t>()[row] = static_cast<int16_t>(value.As<int64_t>());
      return;
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      Data<int32_t>()[row] = static_cast<int32_t>(value.As<int64_t>());
      return;
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDayTimeInterval:
      Data<int64_t>()[row] = value.As<int64_t>();
      return;
    case TypeId::kFloat:
      Data<float>()[row] = value.As<float>();
      return;
    case TypeId::kDouble:
      Data<double>()[row] = value.As<double>();
      return;
    case TypeId::kDecimal:
      SetDecimal(row, value.As<int128_t>());
      return;
    case TypeId::kString:
    case TypeId::kBinary:
      SetString(row, value.As<std::string>());
      return;
    case TypeId::kCalendarInterval:
      Data<CalendarInterval>()[row] = value.As<CalendarInterval>();
      return;
    case TypeId::kArray: {
      const auto& items = value.As<Value::List>();
      const uint64_t first = AppendList(row, items.size());
      for (size_t i = 0; i < items.size(); ++i) child(0).SetValue(first + i, items[i]);
      return;
    }
    case TypeId::kMap: {
      const auto& items = value.As<Value::List>();
      const uint64_t first = AppendList(row, items.size() / 2);
      OutputVector& entries = child(0);
      for (size_t i = 0; i + 1 < items.size(); i += 2) {
        entries.child(0).SetValue(first + i / 2, items[i]);
        entries.child(1).SetValue(first + i / 2, items[i + 1]);
      }
      return;
    }
    case TypeId::kStruct:
    case TypeId::kVariant: {
      const auto& fields = value.As<Value::List>();
      for (size_t i = 0; i < fields.size(); ++i) child(i).SetValue(row, fields[i]);
      return;
    }
  }
}

void OutputVector::Copy(size_t row, const InputVector& from, size_t from_row) {
  if (from.IsNull(from_row)) {
    SetNull(row);
    return;
  }
  const DataType& type = type_.Is(TypeId::kUdt) ? type_.element() : type_;
  switch (type.id()) {
    case TypeId::kNull:
    case TypeId::kUdt:
      SetNull(row);
      return;
    case TypeId::kBoolean:
    case TypeId::kByte:
      Data<uint8_t>()[row] = from.At<uint8_t>(from_row);
      return;
    case TypeId::kShort:
      Data<int16_t>()[row] = from.At<int16_t>(from_row);
      return;
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
    case TypeId::kFloat:
      Data<int32_t>()[row] = from.At<int32_t>(from_row);
      return;
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDayTimeInterval:
    case TypeId::kDouble:
      Data<int64_t>()[row] = from.At<int64_t>(from_row);
      return;
    case TypeId::kDecimal:
      SetDecimal(row, from.DecimalAt(from_row));
      return;
    case TypeId::kString:
    case TypeId::kBinary:
      SetString(row, from.StringAt(from_row));
      return;
    case TypeId::kCalendarInterval:
      Data<CalendarInterval>()[row] = from.At<CalendarInterval>(from_row);
      return;
    case TypeId::kArray:
    case TypeId::kMap: {
      const ListCell cell = from.At<ListCell>(from_row);
      const uint64_t first = AppendList(row, cell.length);
      OutputVector& items = child(0);
      for (uint64_t i = 0; i < cell.length; ++i) items.Copy(first + i, from.children[0], cell.offset + i);
      return;
    }
    case TypeId::kStruct:
    case TypeId::kVariant:
      for (size_t i = 0; i < from.children.size(); ++i) child(i).Copy(row, from.children[i], from_row);
      return;
  }
}

}  // namespace firesteel
