// Messages are encoded by hand around the rows, so that these are not copied.
#include "operation/responses.h"

#include <google/protobuf/io/coded_stream.h>

#include "session/session.h"

namespace firesteel::operation {

namespace {

using google::protobuf::io::CodedOutputStream;
constexpr size_t kDroppedIdsMax = 1000;

void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void AppendTag(std::string& out, int field, int wire_type) {
  AppendVarint(out, static_cast<uint64_t>(field) << 3 | wire_type);
}

void AppendText(std::string& out, int field, const std::string& text) {
  AppendTag(out, field, 2);
  AppendVarint(out, text.size());
  out += text;
}

void AppendNumber(std::string& out, int field, int64_t value) {
  AppendTag(out, field, 0);
  AppendVarint(out, static_cast<uint64_t>(value));
}

grpc::Slice OwnedSlice(std::string data) {
  auto* owned = new std::string(std::move(data));
  return grpc::Slice(
      owned->data(), owned->size(), [](void* string) { delete static_cast<std::string*>(string); }, owned);
}

using connect_response = ::spark::connect::ExecutePlanResponse;

std::string CommonFields(const std::string& session_id, const std::string& server_side_session_id,
                         const std::string& operation_id) {
  std::string out;
  AppendText(out, connect_response::kSessionIdFieldNumber, session_id);
  AppendText(out, connect_response::kServerSideSessionIdFieldNumber, server_side_session_id);
  AppendText(out, connect_response::kOperationIdFieldNumber, operation_id);
  return out;
}

}  // namespace

ResponseEncoder::ResponseEncoder(const std::string& session_id, const std::string& server_side_session_id,
                                 const std::string& operation_id)
    : prefix_(CommonFields(session_id, server_side_session_id, operation_id)) {}

Response ResponseEncoder::Encode(const ::spark::connect::ExecutePlanResponse& message) const {
  Response out;
  out.id = session::NewUuid();
  std::string bytes = prefix_;
  AppendText(bytes, connect_response::kResponseIdFieldNumber, out.id);
  message.AppendPartialToString(&bytes);
  out.size = static_cast<int64_t>(bytes.size());
  grpc::Slice slice = OwnedSlice(std::move(bytes));
  out.bytes = grpc::ByteBuffer(&slice, 1);
  return out;
}

Response ResponseEncoder::EncodeBatch(const Batch& batch, std::string data) const {
  using ArrowBatch = connect_response::ArrowBatch;
  Response out;
  out.id = session::NewUuid();
  std::string inner;
  AppendNumber(inner, ArrowBatch::kRowCountFieldNumber, batch.rows);
  AppendNumber(inner, ArrowBatch::kStartOffsetFieldNumber, batch.start_offset);
  if (batch.chunk_index) AppendNumber(inner, ArrowBatch::kChunkIndexFieldNumber, *batch.chunk_index);
  if (batch.chunk_count) AppendNumber(inner, ArrowBatch::kNumChunksInBatchFieldNumber, *batch.chunk_count);
  AppendTag(inner, ArrowBatch::kDataFieldNumber, 2);
  AppendVarint(inner, data.size());
  std::string head = prefix_;
  AppendText(head, connect_response::kResponseIdFieldNumber, out.id);
  AppendTag(head, connect_response::kArrowBatchFieldNumber, 2);
  AppendVarint(head, inner.size() + data.size());
  head += inner;
  out.size = static_cast<int64_t>(head.size() + data.size());
  grpc::Slice slices[2] = {OwnedSlice(std::move(head)), OwnedSlice(std::move(data))};
  out.bytes = grpc::ByteBuffer(slices, 2);
  return out;
}

// ---------------------------------------------------------------- the buffer
void ResponseBuffer::Add(Response response) {
  response.index = ++last_index_;
  unsent_bytes_ += response.size;
  responses_.push_back(std::move(response));
}

void ResponseBuffer::DropFront() {
  sent_bytes_ -= responses_.front().size;
  dropped_.emplace_back(std::move(responses_.front().id), responses_.front().index);
  if (dropped_.size() > kDroppedIdsMax) dropped_.pop_front();
  responses_.pop_front();
  --next_;
}

Response ResponseBuffer::TakeNext() {
  Response out = responses_[next_];  // slices are counted references: the bytes are not copied
  ++next_;
  unsent_bytes_ -= out.size;
  sent_bytes_ += out.size;
  // What was sent last is kept whatever its size: a client may have lost it.
  const size_t keep = sent_bytes_max_ < 0 ? 0 : 1;
  while (next_ > keep && sent_bytes_ > sent_bytes_max_) DropFront();
  return out;
}

ResponseBuffer::Found ResponseBuffer::Rewind(const std::string& id, int64_t* index) {
  size_t to = 0;
  if (id.empty()) {
    if (!dropped_.empty()) {
      *index = 1;
      return Found::kGone;
    }
  } else {
    bool found = false;
    for (size_t i = 0; i < responses_.size() && !found; ++i) {
      if (responses_[i].id != id) continue;
      found = true;
      to = i + 1;
    }
    for (size_t i = 0; i < dropped_.size() && !found; ++i) {
      if (dropped_[i].first != id) continue;
      if (i + 1 < dropped_.size()) {  // responses after it are gone too
        *index = dropped_[i].second;
        return Found::kGone;
      }
      found = true;
      to = 0;
    }
    if (!found) return Found::kNotFound;
  }
  next_ = to;
  unsent_bytes_ = sent_bytes_ = 0;
  for (size_t i = 0; i < responses_.size(); ++i) (i < next_ ? sent_bytes_ : unsent_bytes_) += responses_[i].size;
  return Found::kYes;
}

ResponseBuffer::Found ResponseBuffer::ReleaseUntil(const std::string& id) {
  for (size_t i = 0; i < next_; ++i) {
    if (responses_[i].id != id) continue;
    for (size_t dropped = 0; dropped <= i; ++dropped) DropFront();
    return Found::kYes;
  }
  for (const auto& [old, index] : dropped_) {
    if (old == id) return Found::kGone;
  }
  return Found::kNotFound;
}

void ResponseBuffer::Clear() {
  responses_.clear();
  next_ = 0;
  unsent_bytes_ = sent_bytes_ = 0;
}

}  // namespace firesteel::operation
