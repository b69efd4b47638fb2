// Between DuckDB's vectors and ours.
#include "engine/duckdb_vectors.h"

#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "functions/function.h"
#include "types/memory_vector.h"

namespace firesteel::engine {
namespace {

const DataType& Storage(const DataType& type) { return type.Is(TypeId::kUdt) ? Storage(type.element()) : type; }

LogicalType Simple(duckdb_type type) { return LogicalType(duckdb_create_logical_type(type)); }

LogicalType StructType(std::vector<std::string> names, std::vector<LogicalType> types) {
  std::vector<const char*> raw_names;
  std::vector<duckdb_logical_type> raw_types;
  for (const std::string& name : names) raw_names.push_back(name.c_str());
  for (const LogicalType& type : types) raw_types.push_back(type.get());
  return LogicalType(duckdb_create_struct_type(raw_types.data(), raw_names.data(), raw_types.size()));
}

// Bytes that are not UTF-8 become U+FFFD, as where Java reads a string: DuckDB's own functions rely on valid text.
std::string Repaired(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + 8);
  for (size_t i = 0; i < bytes.size();) {
    const unsigned char lead = static_cast<unsigned char>(bytes[i]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length != 0 && i + length <= bytes.size() && simdjson::validate_utf8(bytes.data() + i, length)) {
      out.append(bytes, i, length);
      i += length;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  return out;
}

}  // namespace

LogicalType ToLogicalType(const DataType& type) {
  switch (type.id()) {
    case TypeId::kNull:
    case TypeId::kInteger:
    case TypeId::kYearMonthInterval:
      return Simple(DUCKDB_TYPE_INTEGER);
    case TypeId::kBoolean:
      return Simple(DUCKDB_TYPE_BOOLEAN);
    case TypeId::kByte:
      return Simple(DUCKDB_TYPE_TINYINT);
    case TypeId::kShort:
      return Simple(DUCKDB_TYPE_SMALLINT);
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kDayTimeInterval:
      return Simple(DUCKDB_TYPE_BIGINT);
    case TypeId::kFloat:
      return Simple(DUCKDB_TYPE_FLOAT);
    case TypeId::kDouble:
      return Simple(DUCKDB_TYPE_DOUBLE);
    case TypeId::kDecimal:
      return LogicalType(duckdb_create_decimal_type(type.precision(), type.scale()));
    case TypeId::kString:
      return Simple(DUCKDB_TYPE_VARCHAR);
    case TypeId::kBinary:
      return Simple(DUCKDB_TYPE_BLOB);
    case TypeId::kDate:
      return Simple(DUCKDB_TYPE_DATE);
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      return Simple(DUCKDB_TYPE_TIMESTAMP);
    case TypeId::kCalendarInterval:
      return Simple(DUCKDB_TYPE_INTERVAL);
    case TypeId::kArray: {
      LogicalType element = ToLogicalType(type.element());
      return LogicalType(duckdb_create_list_type(element.get()));
    }
    case TypeId::kMap: {
      LogicalType key = ToLogicalType(type.key());
      LogicalType value = ToLogicalType(type.value());
      return LogicalType(duckdb_create_map_type(key.get(), value.get()));
    }
    case TypeId::kStruct: {
      std::vector<LogicalType> types;
      for (const StructField& field : type.fields()) types.push_back(ToLogicalType(field.type));
      if (types.empty()) types.push_back(Simple(DUCKDB_TYPE_BOOLEAN));
      return StructType(functions::DuckFieldNames(type), std::move(types));
    }
    case TypeId::kVariant: {
      std::vector<LogicalType> types;
      types.push_back(Simple(DUCKDB_TYPE_BLOB));
      types.push_back(Simple(DUCKDB_TYPE_BLOB));
      return StructType({"value", "metadata"}, std::move(types));
    }
    case TypeId::kUdt:
      return ToLogicalType(type.element());
  }
  return Simple(DUCKDB_TYPE_INTEGER);
}

namespace {

bool HasLayout(duckdb_logical_type actual, const DataType& type) {
  const duckdb_type id = duckdb_get_type_id(actual);
  switch (type.id()) {
    case TypeId::kNull:
    case TypeId::kInteger:
    case TypeId::kYearMonthInterval:
      return id == DUCKDB_TYPE_INTEGER;
    case TypeId::kBoolean:
      return id == DUCKDB_TYPE_BOOLEAN;
    case TypeId::kByte:
      return id == DUCKDB_TYPE_TINYINT;
    case TypeId::kShort:
      return id == DUCKDB_TYPE_SMALLINT;
    case TypeId::kLong:
    case TypeId::kDayTimeInterval:
      return id == DUCKDB_TYPE_BIGINT;
    case TypeId::kTime:
      return id == DUCKDB_TYPE_BIGINT || id == DUCKDB_TYPE_TIME_NS;
    case TypeId::kFloat:
      return id == DUCKDB_TYPE_FLOAT;
    case TypeId::kDouble:
      return id == DUCKDB_TYPE_DOUBLE;
    case TypeId::kDecimal:
      return id == DUCKDB_TYPE_DECIMAL && duckdb_decimal_width(actual) == type.precision() &&
             duckdb_decimal_scale(actual) == type.scale();
    case TypeId::kString:
      return id == DUCKDB_TYPE_VARCHAR;
    case TypeId::kBinary:
      return id == DUCKDB_TYPE_BLOB;
    case TypeId::kDate:
      return id == DUCKDB_TYPE_DATE;
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      return id == DUCKDB_TYPE_TIMESTAMP || id == DUCKDB_TYPE_TIMESTAMP_TZ;
    case TypeId::kCalendarInterval:
      return id == DUCKDB_TYPE_INTERVAL;
    case TypeId::kArray:
      return id == DUCKDB_TYPE_LIST &&
             HasLayout(LogicalType(duckdb_list_type_child_type(actual)).get(), type.element());
    case TypeId::kMap:
      return id == DUCKDB_TYPE_MAP && HasLayout(LogicalType(duckdb_map_type_key_type(actual)).get(), type.key()) &&
             HasLayout(LogicalType(duckdb_map_type_value_type(actual)).get(), type.value());
    case TypeId::kStruct:
    case TypeId::kVariant: {
      const std::vector<DataType> children = ChildTypes(type);
      if (id != DUCKDB_TYPE_STRUCT) return false;
      if (duckdb_struct_type_child_count(actual) != std::max<size_t>(1, children.size())) return false;
      for (size_t i = 0; i < children.size(); ++i) {
        if (!HasLayout(LogicalType(duckdb_struct_type_child_type(actual, i)).get(), children[i])) return false;
      }
      return true;
    }
    case TypeId::kUdt:
      return HasLayout(actual, type.element());
  }
  return false;
}

}  // namespace

Status CheckLayout(duckdb_logical_type actual, const DataType& type) {
  if (HasLayout(actual, type)) return {};
  return Error::Internal("the engine's answer has another type (" + std::to_string(duckdb_get_type_id(actual)) +
                         ") than " + functions::DuckType(type));
}

InputVector MakeView(const DataType& type) {
  InputVector view;
  view.type = type;
  for (DataType& child : ChildTypes(Storage(type))) view.children.push_back(MakeView(child));
  return view;
}

void PointAt(duckdb_vector vector, InputVector& view) {
  view.data = duckdb_vector_get_data(vector);
  view.validity = duckdb_vector_get_validity(vector);
  if (view.children.empty()) return;
  const DataType& type = Storage(view.type);
  if (type.Is(TypeId::kArray) || type.Is(TypeId::kMap)) {
    PointAt(duckdb_list_vector_get_child(vector), view.children[0]);
    return;
  }
  for (size_t i = 0; i < view.children.size(); ++i) {
    PointAt(duckdb_struct_vector_get_child(vector, i), view.children[i]);
  }
}

namespace {

/// What one vector of a kernel's results may hold, texts and list elements each: DuckDB does not count this memory, so a call like
/// array_repeat(x, 1000000000) must end here and not with the process.
int64_t VectorBytesMax() {
  static const int64_t bytes = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE) / 4;
  return bytes;
}

}  // namespace

void Shift(InputVector& view, size_t first, std::deque<uint64_t>& words) {
  if (first == 0) return;
  const DataType& storage = Storage(view.type);
  view.data = static_cast<const char*>(view.data) + first * CellBytes(storage);
  if (view.validity != nullptr) {
    const size_t bit = first & 63;
    view.validity += first >> 6;
    if (bit != 0) view.validity = &words.emplace_back(*view.validity >> bit);
  }
  if (!storage.Is(TypeId::kStruct) && !storage.Is(TypeId::kVariant)) return;
  for (InputVector& child : view.children) Shift(child, first, words);
}

DuckOutput::DuckOutput(DataType type, duckdb_vector vector) {
  type_ = std::move(type);
  const DataType& storage = Storage(type_);
  is_text_ = storage.Is(TypeId::kString);
  children_.resize(ChildTypes(storage).size());
  PointAt(vector);
}

void DuckOutput::StartAt(size_t first) {
  first_row_ = first;
  const DataType& storage = Storage(type_);
  data_ = static_cast<char*>(duckdb_vector_get_data(vector_)) + first * CellBytes(storage);
  if (!storage.Is(TypeId::kStruct) && !storage.Is(TypeId::kVariant)) return;
  for (auto& child : children_) {
    if (child != nullptr) child->StartAt(first);
  }
}

void DuckOutput::PointAt(duckdb_vector vector) {
  vector_ = vector;
  first_row_ = 0;
  data_ = duckdb_vector_get_data(vector);
  validity_ = nullptr;
  const DataType& storage = Storage(type_);
  const bool is_list = storage.Is(TypeId::kArray) || storage.Is(TypeId::kMap);
  list_capacity_ = 0;
  text_bytes_ = 0;
  for (size_t i = 0; i < children_.size(); ++i) {
    if (children_[i] == nullptr) continue;
    children_[i]->PointAt(is_list ? duckdb_list_vector_get_child(vector) : duckdb_struct_vector_get_child(vector, i));
  }
}

void DuckOutput::SetNull(size_t row) {
  if (validity_ == nullptr) {
    duckdb_vector_ensure_validity_writable(vector_);
    validity_ = duckdb_vector_get_validity(vector_);
  }
  const size_t bit = first_row_ + row;
  validity_[bit >> 6] &= ~(uint64_t{1} << (bit & 63));
  switch (Storage(type_).id()) {
    case TypeId::kStruct:
    case TypeId::kVariant:
      for (size_t i = 0; i < children_.size(); ++i) child(i).SetNull(row);
      return;
    case TypeId::kArray:
    case TypeId::kMap:
      Data<ListCell>()[row] = {0, 0};
      return;
    case TypeId::kString:
    case TypeId::kBinary:
      std::memset(Data<StringCell>() + row, 0, sizeof(StringCell));
      return;
    case TypeId::kNull:
    case TypeId::kBoolean:
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDecimal:
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
    case TypeId::kUdt:
      return;
  }
}

void DuckOutput::SetString(size_t row, std::string_view bytes) {
  text_bytes_ += static_cast<int64_t>(bytes.size());
  if (text_bytes_ > VectorBytesMax()) throw std::bad_alloc();
  if (bytes.size() <= sizeof(StringCell{}.inlined.bytes)) {
    bool ascii = true;
    for (char c : bytes) ascii &= static_cast<signed char>(c) >= 0;
    if (ascii || !is_text_) {
      Data<StringCell>()[row] = StringCell::Of(bytes);
      return;
    }
  }
  if (is_text_ && !simdjson::validate_utf8(bytes.data(), bytes.size())) {
    const std::string repaired = Repaired(bytes);
    duckdb_unsafe_vector_assign_string_element_len(vector_, first_row_ + row, repaired.data(), repaired.size());
    return;
  }
  duckdb_unsafe_vector_assign_string_element_len(vector_, first_row_ + row, bytes.data(), bytes.size());
}

uint64_t DuckOutput::AppendList(size_t row, uint64_t size) {
  const uint64_t first = duckdb_list_vector_get_size(vector_);
  if (first + size > list_capacity_) {
    const uint64_t elements_max = static_cast<uint64_t>(VectorBytesMax()) / sizeof(StringCell);
    if (first + size > elements_max) throw std::bad_alloc();
    list_capacity_ =
        std::min(std::max<uint64_t>({first + size, list_capacity_ * 2, duckdb_vector_size()}), elements_max);
    duckdb_list_vector_reserve(vector_, list_capacity_);
    if (children_[0] != nullptr) children_[0]->PointAt(duckdb_list_vector_get_child(vector_));
  }
  duckdb_list_vector_set_size(vector_, first + size);
  Data<ListCell>()[row] = {first, size};
  return first;
}

OutputVector& DuckOutput::child(size_t index) {
  if (children_[index] == nullptr) {
    const DataType& storage = Storage(type_);
    const bool is_list = storage.Is(TypeId::kArray) || storage.Is(TypeId::kMap);
    children_[index] = std::make_unique<DuckOutput>(
        ChildTypes(storage)[index],
        is_list ? duckdb_list_vector_get_child(vector_) : duckdb_struct_vector_get_child(vector_, index));
    if (!is_list && first_row_ > 0) children_[index]->StartAt(first_row_);
  }
  return *children_[index];
}

}  // namespace firesteel::engine
