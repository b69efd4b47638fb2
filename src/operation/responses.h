#pragma once
// The responses of one execution, written straight as bytes: a response is slices of memory, and the rows among them are never
// copied again. The buffer holds them until they are sent and released.
#include <grpcpp/support/byte_buffer.h>
#include <spark/connect/base.pb.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace firesteel::operation {

struct Response {
  std::string id;
  int64_t index = 0;  ///< 1 for the first of an execution
  grpc::ByteBuffer bytes;
  int64_t size = 0;
};

/// Writes the fields that all responses of one execution have in common.
class ResponseEncoder {
 public:
  ResponseEncoder(const std::string& session_id, const std::string& server_side_session_id,
                  const std::string& operation_id);

  /// `message` holds everything but the ids.
  Response Encode(const ::spark::connect::ExecutePlanResponse& message) const;
  /// An Arrow batch; takes the memory of `data`.
  struct Batch {
    int64_t rows = 0;
    int64_t start_offset = 0;
    std::optional<int64_t> chunk_index, chunk_count;
  };
  Response EncodeBatch(const Batch& batch, std::string data) const;

 private:
  const std::string prefix_;  // the common fields, serialized
};

/// Bytes that wait to be sent: with more, the producer waits.
constexpr int64_t kUnsentBytesMax = 16 << 20;

/// Not thread safe: the operation's mutex guards it.
class ResponseBuffer {
 public:
  /// `sent_bytes_max`: what is kept after it was sent, for clients that come back, and the last response in any case; negative:
  /// nothing at all.
  explicit ResponseBuffer(int64_t sent_bytes_max) : sent_bytes_max_(sent_bytes_max) {}

  void Add(Response response);
  bool Full() const { return unsent_bytes_ >= kUnsentBytesMax; }
  bool HasNext() const { return next_ < responses_.size(); }
  /// The next to send; marks it as sent.
  Response TakeNext();
  /// Whether anything would follow the next one.
  bool HasAfterNext() const { return next_ + 1 < responses_.size(); }

  enum class Found { kYes, kNotFound, kGone };
  /// Sending goes on after response `id`, or from the start when `id` is empty. kGone: it is not kept any more;
  /// `index` says which it was.
  Found Rewind(const std::string& id, int64_t* index);
  /// Drops what was sent up to response `id`.
  Found ReleaseUntil(const std::string& id);
  void Clear();
  int64_t last_index() const { return last_index_; }

 private:
  void DropFront();

  const int64_t sent_bytes_max_;
  std::deque<Response> responses_;
  size_t next_ = 0;  // in responses_: the first not sent
  int64_t unsent_bytes_ = 0;
  int64_t sent_bytes_ = 0;
  int64_t last_index_ = 0;
  std::deque<std::pair<std::string, int64_t>> dropped_;  // ids of the last dropped responses
};

}  // namespace firesteel::operation
