// Arrow IPC streams from clients as local tables. Everything is validated and converted when it arrives, so that reading it
// later can't fail; the client's bytes are not kept.
#include "arrow/ipc_reader.h"

#include <arrow/array.h>
#include <arrow/extension_type.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/options.h>
#include <arrow/ipc/reader.h>
#include <arrow/memory_pool.h>
#include <arrow/record_batch.h>
#include <arrow/util/align_util.h>
#include <arrow/util/bit_util.h>
#include <openssl/sha.h>
#include <simdjson.h>

#include <algorithm>
#include <limits>

#include "arrow/spark_schema.h"
#include "base/deep_stack.h"
#include "types/memory_vector.h"
#include "types/type_text.h"

namespace firesteel::arrow_ipc {
namespace {

Error Invalid(const std::string& what) {
  return Error::Condition("CONNECT_INVALID_PLAN.ASSERTION_FAILURE", {{"message", "invalid Arrow data: " + what}})
      .As(ErrorClass::kConnect);
}

Error Mismatch(const arrow::DataType& actual, const DataType& wanted) {
  return Error::Condition("ARROW_TYPE_MISMATCH", {{"operation", "local relation"},
                                                  {"outputTypes", TypeSimpleString(wanted)},
                                                  {"actualDataTypes", actual.ToString()}});
}

const DataType& Storage(const DataType& type) { return type.Is(TypeId::kUdt) ? Storage(type.element()) : type; }

// Values per unit, and units per value, of what the target counts in.
struct Scaling {
  int64_t multiply = 1, divide = 1;
};
Scaling ScalingOf(arrow::TimeUnit::type unit, arrow::TimeUnit::type target) {
  // SECOND, MILLI, MICRO, NANO are 0 to 3: a thousand each.
  Scaling scaling;
  for (int i = unit; i < target; ++i) scaling.multiply *= 1000;
  for (int i = target; i < unit; ++i) scaling.divide *= 1000;
  return scaling;
}

/// Bytes that a value of the type takes at least, what it points to not counted.
int64_t WidthOf(const DataType& type) {
  int64_t width = static_cast<int64_t>(CellBytes(type));
  if (width == 0) {
    for (const DataType& child : ChildTypes(type)) width += WidthOf(child);
  }
  return std::max<int64_t>(width, 1);
}

class Converter {
 public:
  /// Fails when what it writes takes more than `bytes_max`: dictionaries, runs and lists of nulls are small in the stream and
  /// may be of any size here.
  explicit Converter(int64_t bytes_max) : bytes_left_(bytes_max) {}

  /// Room for rows of a batch.
  Status Rows(int64_t count, const DataType& type) { return Spend(count, WidthOf(type)); }
  /// Rows [first, first + count) of `from` to rows from `row` on of `to`.
  Status Convert(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row) {
    FS_CHECK(CheckStack());
    switch (from.type_id()) {
      case arrow::Type::NA:
        for (int64_t i = 0; i < count; ++i) to.SetNull(row + i);
        return {};
      case arrow::Type::DICTIONARY:
        return FromDictionary(static_cast<const arrow::DictionaryArray&>(from), first, count, to, row);
      case arrow::Type::EXTENSION:
        return Convert(*static_cast<const arrow::ExtensionArray&>(from).storage(), first, count, to, row);
      default:  // the target decides
        break;
    }
    const DataType& type = Storage(to.type());
    switch (type.id()) {
      case TypeId::kNull:
        for (int64_t i = 0; i < count; ++i) to.SetNull(row + i);
        return {};
      case TypeId::kBoolean: {
        if (from.type_id() != arrow::Type::BOOL) return Mismatch(*from.type(), type);
        const auto& values = static_cast<const arrow::BooleanArray&>(from);
        return EachRow(from, first, count, to, row, [&](int64_t i, size_t at) -> Status {
          to.Data<uint8_t>()[at] = values.Value(i);
          return {};
        });
      }
      case TypeId::kByte:
        return Integers<int8_t>(from, first, count, to, row);
      case TypeId::kShort:
        return Integers<int16_t>(from, first, count, to, row);
      case TypeId::kInteger:
        return Integers<int32_t>(from, first, count, to, row);
      case TypeId::kLong:
        return Integers<int64_t>(from, first, count, to, row);
      case TypeId::kFloat:
        return Plain<arrow::Type::FLOAT, float>(from, first, count, to, row);
      case TypeId::kDouble:
        if (from.type_id() == arrow::Type::FLOAT) {
          const auto& values = static_cast<const arrow::FloatArray&>(from);
          return EachRow(from, first, count, to, row, [&](int64_t i, size_t at) -> Status {
            to.Data<double>()[at] = values.Value(i);
            return {};
          });
        }
        return Plain<arrow::Type::DOUBLE, double>(from, first, count, to, row);
      case TypeId::kDecimal:
        return Decimals(from, first, count, to, row, type);
      case TypeId::kString:
      case TypeId::kBinary:
        return Strings(from, first, count, to, row, type);
      case TypeId::kDate:
        if (from.type_id() == arrow::Type::DATE64) {
          return Scaled<arrow::Date64Array, int32_t>(from, first, count, to, row, {1, 86'400'000});
        }
        return Plain<arrow::Type::DATE32, int32_t>(from, first, count, to, row);
      case TypeId::kTime:
        if (from.type_id() == arrow::Type::TIME32) {
          const auto unit = static_cast<const arrow::Time32Type&>(*from.type()).unit();
          return Scaled<arrow::Time32Array, int64_t>(from, first, count, to, row,
                                                     ScalingOf(unit, arrow::TimeUnit::NANO));
        }
        if (from.type_id() != arrow::Type::TIME64) return Mismatch(*from.type(), type);
        return Scaled<arrow::Time64Array, int64_t>(
            from, first, count, to, row,
            ScalingOf(static_cast<const arrow::Time64Type&>(*from.type()).unit(), arrow::TimeUnit::NANO));
      case TypeId::kTimestamp:
      case TypeId::kTimestampNtz:
        if (from.type_id() != arrow::Type::TIMESTAMP) return Mismatch(*from.type(), type);
        return Scaled<arrow::TimestampArray, int64_t>(
            from, first, count, to, row,
            ScalingOf(static_cast<const arrow::TimestampType&>(*from.type()).unit(), arrow::TimeUnit::MICRO));
      case TypeId::kDayTimeInterval:
        if (from.type_id() != arrow::Type::DURATION) return Mismatch(*from.type(), type);
        return Scaled<arrow::DurationArray, int64_t>(
            from, first, count, to, row,
            ScalingOf(static_cast<const arrow::DurationType&>(*from.type()).unit(), arrow::TimeUnit::MICRO));
      case TypeId::kYearMonthInterval:
        if (from.type_id() == arrow::Type::INT32) return Integers<int32_t>(from, first, count, to, row);
        return Plain<arrow::Type::INTERVAL_MONTHS, int32_t>(from, first, count, to, row);
      case TypeId::kCalendarInterval: {
        if (from.type_id() != arrow::Type::INTERVAL_MONTH_DAY_NANO) return Mismatch(*from.type(), type);
        const auto& values = static_cast<const arrow::MonthDayNanoIntervalArray&>(from);
        return EachRow(from, first, count, to, row, [&](int64_t i, size_t at) -> Status {
          const auto value = values.GetValue(i);
          to.Data<CalendarInterval>()[at] = {value.months, value.days, value.nanoseconds / 1000};
          return {};
        });
      }
      case TypeId::kArray:
        return Lists(from, first, count, to, row, type);
      case TypeId::kMap:
        if (from.type_id() != arrow::Type::MAP) return Mismatch(*from.type(), type);
        return Lists(from, first, count, to, row, type);
      case TypeId::kStruct:
      case TypeId::kVariant:
        return Structs(from, first, count, to, row, type);
      case TypeId::kUdt:
        break;  // Storage never gives it
    }
    return Mismatch(*from.type(), type);
  }

 private:
  Status Spend(int64_t count, int64_t bytes_each) {
    int64_t bytes = 0;
    if (__builtin_mul_overflow(count, bytes_each, &bytes) || bytes > bytes_left_) return Invalid("too large");
    bytes_left_ -= bytes;
    return {};
  }

  template <typename Write>
  static Status EachRow(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row,
                        const Write& write) {
    const bool has_nulls = from.null_count() > 0;
    for (int64_t i = 0; i < count; ++i) {
      if (has_nulls && from.IsNull(first + i)) {
        to.SetNull(row + i);
      } else {
        FS_CHECK(write(first + i, row + i));
      }
    }
    return {};
  }

  template <arrow::Type::type kId, typename T>
  Status Plain(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row) {
    if (from.type_id() != kId) return Mismatch(*from.type(), to.type());
    const T* values = from.data()->GetValues<T>(1) + first;
    std::copy(values, values + count, to.Data<T>() + row);
    return EachRow(from, first, from.null_count() > 0 ? count : 0, to, row,
                   [](int64_t, size_t) -> Status { return {}; });
  }

  template <typename Array, typename T>
  Status Narrow(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row) {
    const auto& values = static_cast<const Array&>(from);
    return EachRow(from, first, count, to, row, [&](int64_t i, size_t at) -> Status {
      const auto value = values.Value(i);
      if (!std::in_range<T>(value)) {
        return Error::Condition("CAST_OVERFLOW", {{"value", std::to_string(value)},
                                                  {"sourceType", "\"" + from.type()->ToString() + "\""},
                                                  {"targetType", "\"" + TypeSql(to.type()) + "\""},
                                                  {"ansiConfig", "\"spark.sql.ansi.enabled\""}})
            .As(ErrorClass::kArithmetic);
      }
      to.Data<T>()[at] = static_cast<T>(value);
      return {};
    });
  }

  template <typename T>
  Status Integers(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row) {
    switch (from.type_id()) {
      case arrow::Type::INT8:
        return Narrow<arrow::Int8Array, T>(from, first, count, to, row);
      case arrow::Type::INT16:
        return Narrow<arrow::Int16Array, T>(from, first, count, to, row);
      case arrow::Type::INT32:
        return Narrow<arrow::Int32Array, T>(from, first, count, to, row);
      case arrow::Type::INT64:
        return Narrow<arrow::Int64Array, T>(from, first, count, to, row);
      case arrow::Type::UINT8:
        return Narrow<arrow::UInt8Array, T>(from, first, count, to, row);
      case arrow::Type::UINT16:
        return Narrow<arrow::UInt16Array, T>(from, first, count, to, row);
      case arrow::Type::UINT32:
        return Narrow<arrow::UInt32Array, T>(from, first, count, to, row);
      case arrow::Type::UINT64:
        return Narrow<arrow::UInt64Array, T>(from, first, count, to, row);
      default:
        return Mismatch(*from.type(), to.type());
    }
  }

  template <typename Array, typename T>
  Status Scaled(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row, Scaling by) {
    const auto& values = static_cast<const Array&>(from);
    return EachRow(from, first, count, to, row, [&](int64_t i, size_t at) -> Status {
      int64_t value = values.Value(i);
      if (by.divide > 1) {  // towards the past, as Math.floorDiv
        value = value / by.divide - (value % by.divide < 0 ? 1 : 0);
      } else if (__builtin_mul_overflow(value, by.multiply, &value)) {
        return Invalid("a value of type " + from.type()->ToString() + " is out of range");
      }
      if (!std::in_range<T>(value)) return Invalid("a value of type " + from.type()->ToString() + " is out of range");
      to.Data<T>()[at] = static_cast<T>(value);
      return {};
    });
  }

  Status Decimals(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row,
                  const DataType& type) {
    size_t width = 0;
    switch (from.type_id()) {
      case arrow::Type::DECIMAL32:
        width = 4;
        break;
      case arrow::Type::DECIMAL64:
        width = 8;
        break;
      case arrow::Type::DECIMAL128:
        width = 16;
        break;
      default:
        return Mismatch(*from.type(), type);
    }
    const int scale = static_cast<const arrow::DecimalType&>(*from.type()).scale();
    if (scale > type.scale()) return Mismatch(*from.type(), type);
    int128_t limit = 1;
    for (int i = 0; i < type.precision(); ++i) limit *= 10;
    int128_t factor = 1;
    bool factor_fits = true;  // else only zeros do: a sender may name any scale
    for (int64_t digits = scale; digits < type.scale() && factor_fits; ++digits)
      factor_fits = !__builtin_mul_overflow(factor, int128_t{10}, &factor);
    const uint8_t* bytes = from.data()->buffers[1]->data() + from.offset() * static_cast<int64_t>(width);
    return EachRow(from, first, count, to, row, [&](int64_t i, size_t at) -> Status {
      int128_t value = 0;
      if (width == 4) {
        int32_t narrow;
        std::memcpy(&narrow, bytes + i * 4, 4);
        value = narrow;
      } else if (width == 8) {
        int64_t narrow;
        std::memcpy(&narrow, bytes + i * 8, 8);
        value = narrow;
      } else {
        std::memcpy(&value, bytes + i * 16, 16);
      }
      const bool fits = value == 0 || (factor_fits && !__builtin_mul_overflow(value, factor, &value));
      if (!fits || value >= limit || value <= -limit) {
        return Invalid("a decimal does not fit " + TypeSimpleString(type));
      }
      to.SetDecimal(at, value);
      return {};
    });
  }

  template <typename Array>
  Status StringCells(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row,
                     bool is_text) {
    const auto& values = static_cast<const Array&>(from);
    return EachRow(from, first, count, to, row, [&](int64_t i, size_t at) -> Status {
      const std::string_view value = values.GetView(i);
      if (value.size() > std::numeric_limits<uint32_t>::max()) return Invalid("a string of more than 4 GB");
      FS_CHECK(Spend(static_cast<int64_t>(value.size()), 1));
      if (is_text && !simdjson::validate_utf8(value.data(), value.size())) return Invalid("text that is not UTF-8");
      to.SetString(at, value);
      return {};
    });
  }

  Status Strings(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row,
                 const DataType& type) {
    const bool is_text = type.Is(TypeId::kString);
    switch (from.type_id()) {
      case arrow::Type::STRING:
      case arrow::Type::BINARY:
        return StringCells<arrow::BinaryArray>(from, first, count, to, row, is_text);
      case arrow::Type::LARGE_STRING:
      case arrow::Type::LARGE_BINARY:
        return StringCells<arrow::LargeBinaryArray>(from, first, count, to, row, is_text);
      case arrow::Type::STRING_VIEW:
      case arrow::Type::BINARY_VIEW:
        return StringCells<arrow::BinaryViewArray>(from, first, count, to, row, is_text);
      case arrow::Type::FIXED_SIZE_BINARY:
        return StringCells<arrow::FixedSizeBinaryArray>(from, first, count, to, row, is_text);
      default:
        return Mismatch(*from.type(), type);
    }
  }

  template <typename Array>
  Status ListCells(const Array& from, int64_t first, int64_t count, OutputVector& to, size_t row) {
    const int64_t width = WidthOf(ChildTypes(to.type())[0]);
    return EachRow(from, first, count, to, row, [&](int64_t i, size_t at) -> Status {
      const int64_t length = from.value_length(i);
      FS_CHECK(Spend(length, width));
      const uint64_t item = to.AppendList(at, static_cast<uint64_t>(length));
      return length == 0 ? Status() : Convert(*from.values(), from.value_offset(i), length, to.child(0), item);
    });
  }

  Status Lists(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row,
               const DataType& type) {
    switch (from.type_id()) {
      case arrow::Type::LIST:
      case arrow::Type::MAP:
        if (type.Is(TypeId::kArray) != (from.type_id() == arrow::Type::LIST)) return Mismatch(*from.type(), type);
        return ListCells(static_cast<const arrow::ListArray&>(from), first, count, to, row);
      case arrow::Type::LARGE_LIST:
        return ListCells(static_cast<const arrow::LargeListArray&>(from), first, count, to, row);
      case arrow::Type::FIXED_SIZE_LIST:
        return ListCells(static_cast<const arrow::FixedSizeListArray&>(from), first, count, to, row);
      default:
        return Mismatch(*from.type(), type);
    }
  }

  Status Structs(const arrow::Array& from, int64_t first, int64_t count, OutputVector& to, size_t row,
                 const DataType& type) {
    if (from.type_id() != arrow::Type::STRUCT) return Mismatch(*from.type(), type);
    const auto& values = static_cast<const arrow::StructArray&>(from);
    const size_t fields = type.Is(TypeId::kVariant) ? 2 : type.fields().size();
    if (static_cast<size_t>(values.num_fields()) != fields) return Mismatch(*from.type(), type);
    for (size_t i = 0; i < fields; ++i) {
      FS_CHECK(Convert(*values.field(static_cast<int>(i)), first, count, to.child(i), row));
    }
    // After the fields: a null struct makes them null too.
    return EachRow(from, first, from.null_count() > 0 ? count : 0, to, row,
                   [](int64_t, size_t) -> Status { return {}; });
  }

  Status FromDictionary(const arrow::DictionaryArray& from, int64_t first, int64_t count, OutputVector& to,
                        size_t row) {
    return EachRow(from, first, count, to, row, [&](int64_t i, size_t at) -> Status {
      return Convert(*from.dictionary(), from.GetValueIndex(i), 1, to, at);
    });
  }

  int64_t bytes_left_;
};

struct Batch {
  size_t first_row = 0, rows = 0;
  std::vector<std::unique_ptr<MemoryVector>> columns;
  std::vector<InputVector> views;
};

class IpcTable final : public LocalTable {
 public:
  IpcTable(DataType schema, std::vector<Batch> batches, std::string hash)
      : schema_(std::move(schema)), batches_(std::move(batches)), hash_(std::move(hash)) {
    for (Batch& batch : batches_) {
      batch.first_row = rows_;
      rows_ += batch.rows;
    }
  }
  const DataType& schema() const override { return schema_; }
  size_t rows() const override { return rows_; }
  const std::string& content_hash() const override { return hash_; }

  void Read(size_t first, size_t count, std::span<OutputVector* const> columns) const override {
    auto batch = std::upper_bound(batches_.begin(), batches_.end(), first,
                                  [](size_t row, const Batch& b) { return row < b.first_row + b.rows; });
    for (size_t done = 0; done < count && batch != batches_.end(); ++batch) {
      const size_t from = first + done - batch->first_row;
      const size_t here = std::min(count - done, batch->rows - from);
      for (size_t i = 0; i < columns.size(); ++i) {
        if (columns[i] != nullptr) ReadColumn(batch->views[i], from, here, *columns[i], done);
      }
      done += here;
    }
  }

 private:
  static void ReadColumn(const InputVector& from, size_t first, size_t count, OutputVector& to, size_t row) {
    const DataType& type = Storage(from.type);
    const size_t width = CellBytes(type);
    const bool plain = width > 0 && !type.Is(TypeId::kString) && !type.Is(TypeId::kBinary) &&
                       !type.Is(TypeId::kArray) && !type.Is(TypeId::kMap);
    if (!plain) {
      for (size_t i = 0; i < count; ++i) to.Copy(row + i, from, first + i);
      return;
    }
    std::memcpy(to.Data<char>() + row * width, static_cast<const char*>(from.data) + first * width, count * width);
    for (size_t i = 0; i < count; ++i) {
      if (from.IsNull(first + i)) to.SetNull(row + i);
    }
  }

  const DataType schema_;
  std::vector<Batch> batches_;
  const std::string hash_;
  size_t rows_ = 0;
};

std::string Sha256(std::string_view schema, std::string_view stream) {
  SHA256_CTX context;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  SHA256_Init(&context);
  SHA256_Update(&context, schema.data(), schema.size());
  SHA256_Update(&context, stream.data(), stream.size());
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256_Final(digest, &context);
#pragma GCC diagnostic pop
  std::string hex;
  for (unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

Status CheckLevels(const DataType& type, int levels) {
  if (levels == 0) return Invalid("types nested too deeply");
  for (const DataType& child : ChildTypes(type)) FS_CHECK(CheckLevels(child, levels - 1));
  return {};
}

}  // namespace

Result<std::shared_ptr<const LocalTable>> ReadIpc(std::string_view stream, const std::optional<DataType>& schema,
                                                  const IpcReadOptions& options) {
  if (static_cast<int64_t>(stream.size()) > options.bytes_max) return Invalid("too large");
  if (stream.empty() && schema) {  // clients send no data at all for no rows
    return std::shared_ptr<const LocalTable>(
        std::make_shared<IpcTable>(*schema, std::vector<Batch>(), Sha256(TypeJson(*schema), "")));
  }
  arrow::CappedMemoryPool pool(arrow::default_memory_pool(), options.bytes_max);
  auto read_options = arrow::ipc::IpcReadOptions::Defaults();
  read_options.max_recursion_depth = options.nesting_max;
  read_options.memory_pool = &pool;
  read_options.use_threads = false;
  auto input = std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(
      reinterpret_cast<const uint8_t*>(stream.data()), static_cast<int64_t>(stream.size())));
  auto reader = arrow::ipc::RecordBatchStreamReader::Open(input, read_options);
  if (!reader.ok()) return Invalid(reader.status().message());
  DataType type;
  if (schema) {
    type = *schema;
    if (static_cast<int>(type.fields().size()) != (*reader)->schema()->num_fields()) {
      return Error::Condition("ARROW_SCHEMA_FIELD_COUNT_MISMATCH",
                              {{"encoderFieldCount", std::to_string(type.fields().size())},
                               {"arrowColumnCount", std::to_string((*reader)->schema()->num_fields())}});
    }
  } else {
    FS_TRY(type, FromArrowSchema(*(*reader)->schema()));
  }
  FS_CHECK(CheckLevels(type, options.nesting_max));

  std::vector<Batch> batches;
  Converter converter(options.bytes_max);
  while (true) {
    std::shared_ptr<arrow::RecordBatch> read;
    if (auto status = (*reader)->ReadNext(&read); !status.ok()) return Invalid(status.message());
    if (read == nullptr) break;
    if (auto status = read->ValidateFull(); !status.ok()) return Invalid(status.message());
    // Columns would have told, but there may be none.
    if (read->num_rows() < 0) return Invalid("a negative number of rows");
    // A sender may choose any. The reader's own option for this looks at bitmaps that are not validated yet.
    auto aligned = arrow::util::EnsureAlignment(std::move(read), arrow::util::kValueAlignment, &pool);
    if (!aligned.ok()) return Invalid(aligned.status().message());
    read = std::move(*aligned);
    Batch batch;
    batch.rows = static_cast<size_t>(read->num_rows());
    FS_CHECK(converter.Rows(read->num_rows(), type));
    for (size_t i = 0; i < type.fields().size(); ++i) {
      auto column = std::make_unique<MemoryVector>(type.fields()[i].type, batch.rows);
      FS_CHECK(converter.Convert(*read->column(static_cast<int>(i)), 0, read->num_rows(), *column, 0));
      batch.views.push_back(column->View());
      batch.columns.push_back(std::move(column));
    }
    if (batch.rows > 0) batches.push_back(std::move(batch));
  }
  std::string hash = Sha256(TypeJson(type), stream);
  return std::shared_ptr<const LocalTable>(
      std::make_shared<IpcTable>(std::move(type), std::move(batches), std::move(hash)));
}

}  // namespace firesteel::arrow_ipc
