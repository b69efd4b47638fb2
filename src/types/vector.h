#pragma once
// Columns of values as they pass between the engine, the kernels and Arrow: views on memory that somebody else owns.
// The layout is that of DuckDB's flat vectors; nothing here needs its headers.
//
//   BOOLEAN uint8_t · BYTE int8_t · SHORT int16_t · INTEGER, DATE (days), YEAR-MONTH INTERVAL (months) int32_t
//   LONG, TIME (nanoseconds), TIMESTAMP, TIMESTAMP_NTZ, DAY-TIME INTERVAL (microseconds) int64_t · FLOAT float · DOUBLE double
//   DECIMAL(p) int16_t p<=4, int32_t p<=9, int64_t p<=18, else int128_t · STRING, BINARY StringCell
//   CALENDAR INTERVAL CalendarInterval · ARRAY ListCell, children[0] the elements · MAP ListCell, children[0] a struct of
//   key and value · STRUCT nothing, children the fields · VARIANT a struct of two binaries, value and metadata
//   NULL int32_t, no row valid · UDT as its storage type
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "types/data_type.h"
#include "types/value.h"

namespace firesteel {

union StringCell {  ///< DuckDB's string_t: up to 12 bytes inline
  struct {
    uint32_t length;
    char bytes[12];
  } inlined;
  struct {
    uint32_t length;
    char prefix[4];
    const char* bytes;
  } pointer;
  /// Longer text stays where it is.
  static StringCell Of(std::string_view text) {
    StringCell cell{};
    cell.inlined.length = static_cast<uint32_t>(text.size());
    if (text.size() <= sizeof(cell.inlined.bytes)) {
      std::copy(text.begin(), text.end(), cell.inlined.bytes);
    } else {
      std::memcpy(cell.pointer.prefix, text.data(), sizeof(cell.pointer.prefix));
      cell.pointer.bytes = text.data();
    }
    return cell;
  }
  std::string_view View() const { return {inlined.length <= 12 ? inlined.bytes : pointer.bytes, inlined.length}; }
};
static_assert(sizeof(StringCell) == 16);

struct ListCell {
  uint64_t offset;  ///< first element in the child vector
  uint64_t length;
};

/// One readable column. `validity` null: every row is valid; else bit i of the 64-bit words is row i.
struct InputVector {
  DataType type;
  const void* data = nullptr;
  const uint64_t* validity = nullptr;
  std::vector<InputVector> children;

  bool IsNull(size_t row) const { return validity != nullptr && ((validity[row >> 6] >> (row & 63)) & 1) == 0; }
  template <typename T>
  const T& At(size_t row) const {
    return static_cast<const T*>(data)[row];
  }
  std::string_view StringAt(size_t row) const { return At<StringCell>(row).View(); }
  int64_t WholeAt(size_t row) const;     ///< what is stored as a whole number of any width, and booleans
  int128_t DecimalAt(size_t row) const;  ///< unscaled, whatever the width
  Value ValueAt(size_t row) const;       ///< any type; slow
};

inline int64_t InputVector::WholeAt(size_t row) const {
  switch (type.id()) {  // default: 64 bits
    case TypeId::kBoolean:
      return At<uint8_t>(row) != 0;
    case TypeId::kByte:
      return At<int8_t>(row);
    case TypeId::kShort:
      return At<int16_t>(row);
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      return At<int32_t>(row);
    default:
      return At<int64_t>(row);
  }
}

/// One writable column of a fixed number of rows; lists grow their child.
class OutputVector {
 public:
  virtual ~OutputVector() = default;
  const DataType& type() const { return type_; }
  template <typename T>
  T* Data() {
    return static_cast<T*>(data_);
  }
  virtual void SetNull(size_t row) = 0;  ///< a struct's fields become null too
  virtual void SetString(size_t row, std::string_view bytes) = 0;
  void SetDecimal(size_t row, int128_t unscaled);
  /// Lists and maps: makes room for `size` more elements, gives row its ListCell; the elements are then written to
  /// child(0) from the returned offset on. Earlier pointers of the child's Data() are void after this.
  virtual uint64_t AppendList(size_t row, uint64_t size) = 0;
  virtual OutputVector& child(size_t index) = 0;  ///< struct fields; a list's elements; a map's struct
  /// Any type; slow. The value must fit the type.
  void SetValue(size_t row, const Value& value);
  /// Copies a cell of the same type from an input, nested ones too.
  void Copy(size_t row, const InputVector& from, size_t from_row);

 protected:
  DataType type_;
  void* data_ = nullptr;
};

/// Some rows of a result; the memory belongs to whoever produced it and lives until the next one is asked for.
struct Chunk {
  size_t rows = 0;
  std::vector<InputVector> columns;
};

/// Rows that live outside the engine (local relations): the engine copies them in through this.
class LocalTable {
 public:
  virtual ~LocalTable() = default;
  virtual const DataType& schema() const = 0;  ///< a struct
  virtual size_t rows() const = 0;
  /// Fills `columns` (one per field, with room for `count` rows) with rows [first, first + count). A null
  /// entry is a column that nobody wants. Thread safe.
  virtual void Read(size_t first, size_t count, std::span<OutputVector* const> columns) const = 0;
  virtual const std::string& content_hash() const = 0;  ///< equal tables have equal hashes (hex SHA-256)
};

}  // namespace firesteel
