// Every value becomes a text of bytes of which none is another's beginning, so that texts one after the other compare part by part.
#include "functions/sort_key.h"

#include <bit>
#include <cmath>

namespace firesteel::functions {
namespace {

constexpr char kNull = 0, kValue = 1;   // before every inner value
constexpr char kEnd = 0, kElement = 1;  // of an array: before every element, and at its end
constexpr char kEscape = 0, kZero = 1;  // of a text: a zero byte is kEscape kZero, the end kEscape kEnd

template <typename Unsigned>
void PutOrdered(Unsigned bits, std::string& key) {
  for (int shift = static_cast<int>(sizeof(Unsigned)) * 8 - 8; shift >= 0; shift -= 8)
    key += static_cast<char>(static_cast<unsigned char>(bits >> shift));
}

template <typename Signed>
void PutInteger(Signed value, std::string& key) {
  using Unsigned = std::make_unsigned_t<Signed>;
  PutOrdered<Unsigned>(static_cast<Unsigned>(value) ^ (Unsigned{1} << (sizeof(Unsigned) * 8 - 1)), key);
}

void PutDouble(double value, std::string& key) {
  if (std::isnan(value)) value = std::bit_cast<double>(uint64_t{0x7FF8000000000000});
  if (value == 0) value = 0;  // -0.0 is 0.0
  auto bits = std::bit_cast<uint64_t>(value);
  constexpr uint64_t kSign = uint64_t{1} << 63;
  PutOrdered<uint64_t>((bits & kSign) != 0 ? ~bits : bits | kSign, key);
}

void PutText(std::string_view text, std::string& key) {
  for (char c : text) {
    key += c;
    if (c == kEscape) key += kZero;
  }
  key += kEscape;
  key += kEnd;
}

void Put(const Cell& cell, std::string& key);

void PutNullable(const Cell& cell, std::string& key) {
  key += cell.IsNull() ? kNull : kValue;
  if (!cell.IsNull()) Put(cell, key);
}

void Put(const Cell& cell, std::string& key) {
  const InputVector& v = *cell.vector;
  switch (cell.type().id()) {
    case TypeId::kBoolean:
      key += static_cast<char>(v.At<uint8_t>(cell.row));
      break;
    case TypeId::kByte:
      PutInteger(v.At<int8_t>(cell.row), key);
      break;
    case TypeId::kShort:
      PutInteger(v.At<int16_t>(cell.row), key);
      break;
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      PutInteger(v.At<int32_t>(cell.row), key);
      break;
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDayTimeInterval:
      PutInteger(v.At<int64_t>(cell.row), key);
      break;
    case TypeId::kFloat:
      PutDouble(v.At<float>(cell.row), key);
      break;
    case TypeId::kDouble:
      PutDouble(v.At<double>(cell.row), key);
      break;
    case TypeId::kDecimal: {
      const int128_t value = v.DecimalAt(cell.row);
      PutInteger(static_cast<int64_t>(value >> 64), key);
      PutOrdered(static_cast<uint64_t>(value), key);
      break;
    }
    case TypeId::kString:
    case TypeId::kBinary:
      PutText(v.StringAt(cell.row), key);
      break;
    case TypeId::kArray:
      for (uint64_t i = 0; i < cell.ListSize(); ++i) {
        key += kElement;
        PutNullable(cell.Element(i), key);
      }
      key += kEnd;
      break;
    case TypeId::kStruct:
      for (size_t i = 0; i < v.children.size(); ++i) PutNullable(cell.Field(i), key);
      break;
    case TypeId::kNull:
    case TypeId::kMap:  // these have no order: the analyzer refuses them
    case TypeId::kCalendarInterval:
    case TypeId::kVariant:
    case TypeId::kUdt:
      break;
  }
}

std::string SortKey(Cell cell) {
  std::string key;
  Put(cell, key);
  return key;
}

}  // namespace

const ScalarKernel kSortKey = RowKernel<&SortKey>();

}  // namespace firesteel::functions
