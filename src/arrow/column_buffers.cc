// Columns as Arrow's buffers. Appending is one copy, by whole stretches of rows wherever the layouts agree.
#include "arrow/column_buffers.h"

#include <arrow/buffer.h>
#include <arrow/type.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "types/memory_vector.h"

namespace firesteel::arrow_ipc {
namespace {

// Memory that grows and is kept; never filled with zeros that are overwritten anyway.
class Bytes {
 public:
  char* Extend(size_t more) {
    if (size_ + more > capacity_) Grow(size_ + more);
    char* at = data_.get() + size_;
    size_ += more;
    return at;
  }
  void Reserve(size_t more) {
    if (size_ + more > capacity_) Grow(size_ + more);
  }
  void Resize(size_t size) { size_ = size; }  // within what Extend or Reserve has made
  char* data() { return data_.get(); }
  size_t size() const { return size_; }
  void Clear() { size_ = 0; }
  std::shared_ptr<arrow::Buffer> Buffer() const {
    static const uint8_t kNothing[8] = {};
    return std::make_shared<arrow::Buffer>(data_ != nullptr ? reinterpret_cast<const uint8_t*>(data_.get()) : kNothing,
                                           static_cast<int64_t>(size_));
  }

 private:
  void Grow(size_t wanted) {
    const size_t capacity = std::max<size_t>({wanted + 64, capacity_ * 2, 4096});
    std::unique_ptr<char[]> grown(new char[capacity]);
    if (size_ > 0) std::memcpy(grown.get(), data_.get(), size_);
    data_ = std::move(grown);
    capacity_ = capacity;
  }
  std::unique_ptr<char[]> data_;
  size_t size_ = 0, capacity_ = 0;
};

// Bits, least significant first, as DuckDB's masks and Arrow's bitmaps both are.
class Bits {
 public:
  size_t size() const { return size_; }
  void Clear() {
    size_ = 0;
    words_.Clear();
  }
  void AppendOnes(size_t count) {
    AppendWith(count, [](size_t) { return ~uint64_t{0}; });
  }
  void Append(const uint64_t* source, size_t first, size_t count) {
    AppendWith(count, [&](size_t at) {
      const size_t bit = first + at;
      const size_t shift = bit & 63;
      uint64_t word = source[bit >> 6] >> shift;
      if (shift != 0 && count - at > 64 - shift) word |= source[(bit >> 6) + 1] << (64 - shift);
      return word;
    });
  }
  void AppendBooleans(const uint8_t* source, size_t count) {
    AppendWith(count, [&](size_t at) {
      const size_t here = std::min<size_t>(64, count - at);
      uint64_t word = 0;
      for (size_t i = 0; i < here; ++i) word |= uint64_t{source[at + i] != 0} << i;
      return word;
    });
  }
  std::shared_ptr<arrow::Buffer> Buffer() const { return words_.Buffer(); }
  int64_t CountZeros() const {
    int64_t ones = 0;
    const uint64_t* words = reinterpret_cast<const uint64_t*>(const_cast<Bytes&>(words_).data());
    for (size_t i = 0; i < size_ / 64; ++i) ones += __builtin_popcountll(words[i]);
    if (size_ % 64 != 0) ones += __builtin_popcountll(words[size_ / 64] & ((uint64_t{1} << (size_ % 64)) - 1));
    return static_cast<int64_t>(size_) - ones;
  }

 private:
  // word_at(i): up to 64 bits from the i-th new one on; those past the end are cut off here.
  template <typename WordAt>
  void AppendWith(size_t count, WordAt word_at) {
    const size_t words_needed = (size_ + count + 63) / 64;
    const size_t words_before = words_.size() / 8;
    if (words_needed > words_before) {
      std::memset(words_.Extend((words_needed - words_before) * 8), 0, (words_needed - words_before) * 8);
    }
    uint64_t* words = reinterpret_cast<uint64_t*>(words_.data());
    for (size_t at = 0; at < count; at += 64) {
      const size_t here = std::min<size_t>(64, count - at);
      uint64_t word = word_at(at);
      if (here < 64) word &= (uint64_t{1} << here) - 1;
      const size_t bit = size_ + at;
      const size_t shift = bit & 63;
      words[bit >> 6] |= word << shift;
      if (shift != 0 && here > 64 - shift) words[(bit >> 6) + 1] |= word >> (64 - shift);
    }
    size_ += count;
  }
  Bytes words_;
  size_t size_ = 0;
};

class ColumnBase : public ColumnBuffers {
 public:
  explicit ColumnBase(std::shared_ptr<arrow::DataType> type) : type_(std::move(type)) {}

  void Clear() override {
    rows_ = 0;
    validity_.Clear();
    has_nulls_ = false;
    ClearValues();
  }

 protected:
  virtual void ClearValues() = 0;

  void AppendValidity(const InputVector& from, size_t first, size_t count) {
    if (from.validity == nullptr) {
      if (has_nulls_) validity_.AppendOnes(count);
    } else {
      if (!has_nulls_) {
        validity_.AppendOnes(rows_);
        has_nulls_ = true;
      }
      validity_.Append(from.validity, first, count);
    }
    rows_ += static_cast<int64_t>(count);
  }
  std::shared_ptr<arrow::ArrayData> Made(std::vector<std::shared_ptr<arrow::Buffer>> values,
                                         std::vector<std::shared_ptr<arrow::ArrayData>> children = {}) const {
    const int64_t nulls = has_nulls_ ? validity_.CountZeros() : 0;
    values.insert(values.begin(), nulls > 0 ? validity_.Buffer() : nullptr);
    auto data = arrow::ArrayData::Make(type_, rows_, std::move(values), nulls);
    data->child_data = std::move(children);
    return data;
  }

  const std::shared_ptr<arrow::DataType> type_;
  int64_t rows_ = 0;
  bool has_nulls_ = false;
  Bits validity_;
};

class NullColumn final : public ColumnBase {
 public:
  using ColumnBase::ColumnBase;
  Status Append(const InputVector&, size_t, size_t count) override {
    rows_ += static_cast<int64_t>(count);
    return {};
  }
  int64_t bytes() const override { return 0; }
  std::shared_ptr<arrow::ArrayData> Data() const override {
    return arrow::ArrayData::Make(type_, rows_, {nullptr}, rows_);
  }

 private:
  void ClearValues() override {}
};

class BooleanColumn final : public ColumnBase {
 public:
  using ColumnBase::ColumnBase;
  Status Append(const InputVector& from, size_t first, size_t count) override {
    AppendValidity(from, first, count);
    values_.AppendBooleans(static_cast<const uint8_t*>(from.data) + first, count);
    return {};
  }
  int64_t bytes() const override { return rows_ / 8; }
  std::shared_ptr<arrow::ArrayData> Data() const override { return Made({values_.Buffer()}); }

 private:
  void ClearValues() override { values_.Clear(); }
  Bits values_;
};

// Types whose cells are Arrow's already.
class PlainColumn final : public ColumnBase {
 public:
  PlainColumn(std::shared_ptr<arrow::DataType> type, size_t width) : ColumnBase(std::move(type)), width_(width) {}
  Status Append(const InputVector& from, size_t first, size_t count) override {
    AppendValidity(from, first, count);
    std::memcpy(values_.Extend(count * width_), static_cast<const char*>(from.data) + first * width_, count * width_);
    return {};
  }
  int64_t bytes() const override { return static_cast<int64_t>(values_.size()); }
  std::shared_ptr<arrow::ArrayData> Data() const override { return Made({values_.Buffer()}); }

 private:
  void ClearValues() override { values_.Clear(); }
  const size_t width_;
  Bytes values_;
};

// Types whose cells are made one by one.
template <typename From, typename To, To (*kConvert)(const From&)>
class ConvertedColumn final : public ColumnBase {
 public:
  using ColumnBase::ColumnBase;
  Status Append(const InputVector& from, size_t first, size_t count) override {
    AppendValidity(from, first, count);
    const From* source = static_cast<const From*>(from.data) + first;
    char* target = values_.Extend(count * sizeof(To));
    for (size_t i = 0; i < count; ++i) {
      const To value = kConvert(source[i]);
      std::memcpy(target + i * sizeof(To), &value, sizeof(To));
    }
    return {};
  }
  int64_t bytes() const override { return static_cast<int64_t>(values_.size()); }
  std::shared_ptr<arrow::ArrayData> Data() const override { return Made({values_.Buffer()}); }

 private:
  void ClearValues() override { values_.Clear(); }
  Bytes values_;
};

template <typename From>
int128_t Widen(const From& value) {
  return value;
}

arrow::MonthDayNanoIntervalType::MonthDayNanos ToMonthDayNanos(const CalendarInterval& interval) {
  // Spark multiplies likewise; what does not fit in 64 bits wraps there too (Math.multiplyExact would fail the query).
  return {interval.months, interval.days,
          static_cast<int64_t>(static_cast<uint64_t>(interval.micros) * uint64_t{1000})};
}

template <typename Offset>
class StringColumn final : public ColumnBase {
 public:
  using ColumnBase::ColumnBase;
  Status Append(const InputVector& from, size_t first, size_t count) override {
    const StringCell* cells = static_cast<const StringCell*>(from.data) + first;
    if (offsets_.size() == 0) std::memset(offsets_.Extend(sizeof(Offset)), 0, sizeof(Offset));
    AppendValidity(from, first, count);
    Offset* ends = reinterpret_cast<Offset*>(offsets_.Extend(count * sizeof(Offset)));
    // Inline cells are copied whole, 12 bytes each, and cut by the next one.
    bytes_.Reserve(count * sizeof(StringCell));
    char* at = bytes_.data() + bytes_.size();
    size_t size = bytes_.size();
    size_t room = count * sizeof(StringCell);  // at least 16 bytes for every row that is left
    for (size_t i = 0; i < count; ++i) {
      const bool valid = from.validity == nullptr || !from.IsNull(first + i);
      const size_t length = valid ? cells[i].inlined.length : 0;
      if (length <= sizeof(cells[i].inlined.bytes)) {
        std::memcpy(at, cells[i].inlined.bytes, sizeof(cells[i].inlined.bytes));
      } else {
        if (length + (count - i) * sizeof(StringCell) > room) {
          bytes_.Resize(size);
          bytes_.Reserve(length + (count - i) * sizeof(StringCell));
          room = length + (count - i) * sizeof(StringCell);
          at = bytes_.data() + size;
        }
        std::memcpy(at, cells[i].pointer.bytes, length);
      }
      at += length;
      size += length;
      room -= std::min(room, length);
      ends[i] = static_cast<Offset>(size);
    }
    bytes_.Resize(size);
    if (size > static_cast<size_t>(std::numeric_limits<Offset>::max())) {
      return Error::Unsupported("more than 2 GB of text in a batch without spark.sql.execution.arrow.useLargeVarTypes");
    }
    return {};
  }
  int64_t bytes() const override { return static_cast<int64_t>(offsets_.size() + bytes_.size()); }
  std::shared_ptr<arrow::ArrayData> Data() const override {
    if (offsets_.size() == 0) {
      static const Offset kZero = 0;
      return Made(
          {std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(&kZero), sizeof(kZero)), bytes_.Buffer()});
    }
    return Made({offsets_.Buffer(), bytes_.Buffer()});
  }

 private:
  void ClearValues() override {
    offsets_.Clear();
    bytes_.Clear();
  }
  Bytes offsets_, bytes_;
};

class ListColumn final : public ColumnBase {
 public:
  ListColumn(std::shared_ptr<arrow::DataType> type, std::unique_ptr<ColumnBuffers> items)
      : ColumnBase(std::move(type)), items_(std::move(items)) {}

  Status Append(const InputVector& from, size_t first, size_t count) override {
    AppendValidity(from, first, count);
    if (offsets_.size() == 0) std::memset(offsets_.Extend(sizeof(int32_t)), 0, sizeof(int32_t));
    const ListCell* cells = static_cast<const ListCell*>(from.data) + first;
    // Neighbouring rows mostly have neighbouring elements: those are copied together.
    uint64_t run_first = 0, run_length = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t length = from.IsNull(first + i) ? 0 : cells[i].length;
      if (length > 0) {
        if (run_length > 0 && cells[i].offset == run_first + run_length) {
          run_length += length;
        } else {
          if (run_length > 0) FS_CHECK(items_->Append(from.children[0], run_first, run_length));
          run_first = cells[i].offset;
          run_length = length;
        }
        item_count_ += length;
      }
      if (item_count_ > std::numeric_limits<int32_t>::max()) {
        return Error::Unsupported("more than 2,147,483,647 array elements in a batch");
      }
      const int32_t end = static_cast<int32_t>(item_count_);
      std::memcpy(offsets_.Extend(sizeof(end)), &end, sizeof(end));
    }
    if (run_length > 0) FS_CHECK(items_->Append(from.children[0], run_first, run_length));
    return {};
  }
  int64_t bytes() const override { return static_cast<int64_t>(offsets_.size()) + items_->bytes(); }
  std::shared_ptr<arrow::ArrayData> Data() const override {
    static const int32_t kZero = 0;
    auto offsets = offsets_.size() == 0
                       ? std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(&kZero), sizeof(kZero))
                       : offsets_.Buffer();
    return Made({std::move(offsets)}, {items_->Data()});
  }

 private:
  void ClearValues() override {
    offsets_.Clear();
    items_->Clear();
    item_count_ = 0;
  }
  Bytes offsets_;
  uint64_t item_count_ = 0;
  std::unique_ptr<ColumnBuffers> items_;
};

class StructColumn final : public ColumnBase {
 public:
  StructColumn(std::shared_ptr<arrow::DataType> type, std::vector<std::unique_ptr<ColumnBuffers>> fields)
      : ColumnBase(std::move(type)), fields_(std::move(fields)) {}

  Status Append(const InputVector& from, size_t first, size_t count) override {
    AppendValidity(from, first, count);
    for (size_t i = 0; i < fields_.size(); ++i) FS_CHECK(fields_[i]->Append(from.children[i], first, count));
    return {};
  }
  int64_t bytes() const override {
    int64_t sum = rows_ / 8;
    for (const auto& field : fields_) sum += field->bytes();
    return sum;
  }
  std::shared_ptr<arrow::ArrayData> Data() const override {
    std::vector<std::shared_ptr<arrow::ArrayData>> children;
    for (const auto& field : fields_) children.push_back(field->Data());
    return Made({}, std::move(children));
  }

 private:
  void ClearValues() override {
    for (auto& field : fields_) field->Clear();
  }
  std::vector<std::unique_ptr<ColumnBuffers>> fields_;
};

std::unique_ptr<ColumnBuffers> MakeDecimal(std::shared_ptr<arrow::DataType> type, size_t width) {
  switch (width) {
    case 2:
      return std::make_unique<ConvertedColumn<int16_t, int128_t, Widen<int16_t>>>(std::move(type));
    case 4:
      return std::make_unique<ConvertedColumn<int32_t, int128_t, Widen<int32_t>>>(std::move(type));
    case 8:
      return std::make_unique<ConvertedColumn<int64_t, int128_t, Widen<int64_t>>>(std::move(type));
    default:
      return std::make_unique<PlainColumn>(std::move(type), 16);
  }
}

}  // namespace

std::unique_ptr<ColumnBuffers> ColumnBuffers::Make(const DataType& type, std::shared_ptr<arrow::DataType> arrow_type) {
  switch (type.id()) {
    case TypeId::kNull:
      return std::make_unique<NullColumn>(std::move(arrow_type));
    case TypeId::kBoolean:
      return std::make_unique<BooleanColumn>(std::move(arrow_type));
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
      return std::make_unique<PlainColumn>(std::move(arrow_type), CellBytes(type));
    case TypeId::kDecimal:
      return MakeDecimal(std::move(arrow_type), CellBytes(type));
    case TypeId::kString:
    case TypeId::kBinary:
      if (arrow_type->id() == arrow::Type::LARGE_STRING || arrow_type->id() == arrow::Type::LARGE_BINARY) {
        return std::make_unique<StringColumn<int64_t>>(std::move(arrow_type));
      }
      return std::make_unique<StringColumn<int32_t>>(std::move(arrow_type));
    case TypeId::kCalendarInterval:
      return std::make_unique<
          ConvertedColumn<CalendarInterval, arrow::MonthDayNanoIntervalType::MonthDayNanos, ToMonthDayNanos>>(
          std::move(arrow_type));
    case TypeId::kArray: {
      auto items = Make(type.element(), arrow_type->field(0)->type());
      return std::make_unique<ListColumn>(std::move(arrow_type), std::move(items));
    }
    case TypeId::kMap: {
      auto entries = Make(ChildTypes(type)[0], arrow_type->field(0)->type());
      return std::make_unique<ListColumn>(std::move(arrow_type), std::move(entries));
    }
    case TypeId::kStruct:
    case TypeId::kVariant: {
      std::vector<std::unique_ptr<ColumnBuffers>> fields;
      const std::vector<DataType> children = ChildTypes(type);
      for (size_t i = 0; i < children.size(); ++i) {
        fields.push_back(Make(children[i], arrow_type->field(static_cast<int>(i))->type()));
      }
      return std::make_unique<StructColumn>(std::move(arrow_type), std::move(fields));
    }
    case TypeId::kUdt:
      return Make(type.element(), std::move(arrow_type));
  }
  return nullptr;
}

}  // namespace firesteel::arrow_ipc
