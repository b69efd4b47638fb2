// Result chunks as Arrow IPC streams: collected column by column, then written once into the string that the response takes.
#include "arrow/ipc_writer.h"

#include <arrow/io/interfaces.h>
#include <arrow/ipc/options.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "arrow/column_buffers.h"
#include "arrow/spark_schema.h"

namespace firesteel::arrow_ipc {
namespace {

// The continuation mark and a length of zero.
constexpr std::string_view kEndOfStream{"\xFF\xFF\xFF\xFF\0\0\0\0", 8};
constexpr size_t kMessageBytes = 4096;  // a guess at the metadata, for the string's capacity

Error FromArrow(const arrow::Status& status) { return Error::Internal("Arrow: " + status.ToString()); }

class StringSink final : public arrow::io::OutputStream {
 public:
  explicit StringSink(std::string& out) : out_(out) {}
  ~StringSink() override { (void)Close(); }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return static_cast<int64_t>(out_.size()); }
  arrow::Status Write(const void* data, int64_t size) override {
    out_.append(static_cast<const char*>(data), static_cast<size_t>(size));
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;

 private:
  std::string& out_;
  bool closed_ = false;
};

class Writer final : public IpcWriter {
 public:
  Writer(const DataType& type, std::shared_ptr<arrow::Schema> schema, std::string schema_message)
      : schema_(std::move(schema)), schema_message_(std::move(schema_message)) {
    for (size_t i = 0; i < type.fields().size(); ++i) {
      columns_.push_back(ColumnBuffers::Make(type.fields()[i].type, schema_->field(static_cast<int>(i))->type()));
    }
  }

  Status Append(const Chunk& chunk, size_t first, size_t count) override {
    if (chunk.columns.size() != columns_.size()) {
      return Error::Internal("a chunk of " + std::to_string(chunk.columns.size()) + " columns for a schema of " +
                             std::to_string(columns_.size()));
    }
    for (size_t i = 0; i < columns_.size(); ++i) FS_CHECK(columns_[i]->Append(chunk.columns[i], first, count));
    rows_ += static_cast<int64_t>(count);
    return {};
  }

  int64_t rows() const override { return rows_; }

  int64_t bytes() const override {
    int64_t sum = 0;
    for (const auto& column : columns_) sum += column->bytes();
    return sum;
  }

  Result<std::string> Finish() override {
    std::vector<std::shared_ptr<arrow::ArrayData>> data;
    for (const auto& column : columns_) data.push_back(column->Data());
    auto batch = arrow::RecordBatch::Make(schema_, rows_, std::move(data));
    std::string out;
    out.reserve(schema_message_.size() + static_cast<size_t>(bytes() + bytes() / 32) + kMessageBytes);
    out += schema_message_;
    StringSink sink(out);
    int32_t metadata_length = 0;
    int64_t body_length = 0;
    arrow::ipc::IpcWriteOptions options = arrow::ipc::IpcWriteOptions::Defaults();
    options.use_threads = false;
    options.max_recursion_depth = 1024;
    options.allow_64bit = true;
    const arrow::Status status =
        arrow::ipc::WriteRecordBatch(*batch, 0, &sink, &metadata_length, &body_length, options);
    for (auto& column : columns_) column->Clear();
    rows_ = 0;
    if (!status.ok()) return FromArrow(status);
    out += kEndOfStream;
    return out;
  }

 private:
  const std::shared_ptr<arrow::Schema> schema_;
  const std::string schema_message_;
  std::vector<std::unique_ptr<ColumnBuffers>> columns_;
  int64_t rows_ = 0;
};

}  // namespace

Result<std::unique_ptr<IpcWriter>> IpcWriter::Make(const DataType& schema, const IpcOptions& options) {
  FS_TRY(std::shared_ptr<arrow::Schema> arrow_schema, ToArrowSchema(schema, options));
  auto message = arrow::ipc::SerializeSchema(*arrow_schema);
  if (!message.ok()) return FromArrow(message.status());
  return std::unique_ptr<IpcWriter>(std::make_unique<Writer>(schema, arrow_schema, (*message)->ToString()));
}

}  // namespace firesteel::arrow_ipc
