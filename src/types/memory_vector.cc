// Columns in plain memory.
#include "types/memory_vector.h"

#include <algorithm>

namespace firesteel {

size_t CellBytes(const DataType& type) {
  switch (type.id()) {
    case TypeId::kBoolean:
    case TypeId::kByte:
      return 1;
    case TypeId::kShort:
      return 2;
    case TypeId::kNull:
    case TypeId::kInteger:
    case TypeId::kFloat:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      return 4;
    case TypeId::kLong:
    case TypeId::kDouble:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDayTimeInterval:
      return 8;
    case TypeId::kDecimal:
      return type.precision() <= 4 ? 2 : type.precision() <= 9 ? 4 : type.precision() <= 18 ? 8 : 16;
    case TypeId::kString:
    case TypeId::kBinary:
    case TypeId::kCalendarInterval:
    case TypeId::kArray:
    case TypeId::kMap:
      return 16;
    case TypeId::kStruct:
    case TypeId::kVariant:
      return 0;
    case TypeId::kUdt:
      return CellBytes(type.element());
  }
  return 0;
}

std::vector<DataType> ChildTypes(const DataType& type) {
  std::vector<DataType> types;
  if (type.Is(TypeId::kArray)) {
    types.push_back(type.element());
  } else if (type.Is(TypeId::kMap)) {
    types.push_back(
        DataType::Struct({{"key", type.key(), false, "{}"}, {"value", type.value(), type.contains_null(), "{}"}}));
  } else if (type.Is(TypeId::kStruct)) {
    for (const StructField& field : type.fields()) types.push_back(field.type);
  } else if (type.Is(TypeId::kVariant)) {
    types.assign(2, DataType(TypeId::kBinary));
  } else if (type.Is(TypeId::kUdt)) {
    return ChildTypes(type.element());
  }
  return types;
}

MemoryVector::MemoryVector(DataType type, size_t rows) {
  type_ = std::move(type);
  for (DataType& child : ChildTypes(type_)) {
    const bool is_list = type_.Is(TypeId::kArray) || type_.Is(TypeId::kMap) ||
                         (type_.Is(TypeId::kUdt) && !type_.element().Is(TypeId::kStruct));
    children_.push_back(std::make_unique<MemoryVector>(std::move(child), is_list ? 0 : rows));
  }
  Grow(rows);
}

MemoryVector::~MemoryVector() = default;

void MemoryVector::Grow(size_t rows) {
  if (rows <= rows_ && rows_ != 0) return;
  words_.resize((rows * CellBytes(type_) + 15) / 8);
  validity_.resize((rows + 63) / 64, ~uint64_t{0});
  data_ = words_.data();
  rows_ = rows;
  if (type_.Is(TypeId::kStruct) || type_.Is(TypeId::kVariant) ||
      (type_.Is(TypeId::kUdt) && type_.element().Is(TypeId::kStruct))) {
    for (auto& child : children_) child->Grow(rows);
  }
  if (type_.Is(TypeId::kNull)) std::fill(validity_.begin(), validity_.end(), 0);
}

void MemoryVector::SetNull(size_t row) {
  validity_[row >> 6] &= ~(uint64_t{1} << (row & 63));
  if (CellBytes(type_) == 0) {
    for (auto& child : children_) child->SetNull(row);
  } else if (CellBytes(type_) == 16) {
    std::memset(static_cast<char*>(data_) + row * 16, 0, 16);
  }
}

void MemoryVector::SetString(size_t row, std::string_view bytes) {
  StringCell& cell = Data<StringCell>()[row];
  if (bytes.size() <= sizeof(cell.inlined.bytes)) {
    cell = StringCell::Of(bytes);
    return;
  }
  constexpr size_t kBlockBytes = 64 << 10;
  if (bytes.size() > block_free_) {
    block_free_ = std::max(bytes.size(), std::min(kBlockBytes, rows_ * 32));
    strings_.emplace_back(new char[block_free_]);
    block_next_ = strings_.back().get();
  }
  std::copy(bytes.begin(), bytes.end(), block_next_);
  cell = StringCell::Of({block_next_, bytes.size()});
  block_next_ += bytes.size();
  block_free_ -= bytes.size();
}

uint64_t MemoryVector::AppendList(size_t row, uint64_t size) {
  const uint64_t first = list_size_;
  list_size_ += size;
  MemoryVector& items = *children_[0];
  if (list_size_ > items.rows_) items.Grow(std::max<size_t>(list_size_, items.rows_ * 2));
  Data<ListCell>()[row] = {first, size};
  return first;
}

InputVector MemoryVector::View() const {
  InputVector view;
  view.type = type_;
  view.data = data_;
  view.validity = validity_.data();
  for (const auto& child : children_) view.children.push_back(child->View());
  return view;
}

}  // namespace firesteel
