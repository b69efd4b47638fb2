// What the buffer keeps, drops and finds again for clients that come back.
#include "operation/responses.h"

#include <gtest/gtest.h>

namespace firesteel::operation {
namespace {

Response Sized(const std::string& id, int64_t size) {
  Response response;
  response.id = id;
  response.size = size;
  return response;
}

ResponseBuffer::Found Rewind(ResponseBuffer& buffer, const std::string& id) {
  int64_t index = 0;
  return buffer.Rewind(id, &index);
}

std::string Rest(ResponseBuffer& buffer) {
  std::string ids;
  while (buffer.HasNext()) ids += buffer.TakeNext().id;
  return ids;
}

using Found = ResponseBuffer::Found;

TEST(ResponseBuffer, SendsAgainFromAnyKeptResponse) {
  ResponseBuffer buffer(100);
  for (const char* id : {"a", "b", "c"}) buffer.Add(Sized(id, 10));
  EXPECT_EQ(Rest(buffer), "abc");
  EXPECT_EQ(Rewind(buffer, ""), Found::kYes);
  EXPECT_EQ(Rest(buffer), "abc");
  EXPECT_EQ(Rewind(buffer, "a"), Found::kYes);
  EXPECT_EQ(Rest(buffer), "bc");
  EXPECT_EQ(Rewind(buffer, "c"), Found::kYes);
  EXPECT_EQ(Rest(buffer), "");
  EXPECT_EQ(Rewind(buffer, "x"), Found::kNotFound);
}

TEST(ResponseBuffer, KeepsAsManySentBytesAsItMay) {
  ResponseBuffer buffer(25);
  for (const char* id : {"a", "b", "c", "d"}) buffer.Add(Sized(id, 10));
  EXPECT_EQ(Rest(buffer), "abcd");
  EXPECT_EQ(Rewind(buffer, ""), Found::kGone);
  EXPECT_EQ(Rewind(buffer, "a"), Found::kGone);  // b is gone as well
  EXPECT_EQ(Rewind(buffer, "b"), Found::kYes);   // all that follows is here
  EXPECT_EQ(Rest(buffer), "cd");
}

TEST(ResponseBuffer, KeepsTheLastResponseWhateverItsSize) {
  ResponseBuffer buffer(25);
  for (const char* id : {"a", "b"}) buffer.Add(Sized(id, 1000));
  EXPECT_EQ(Rest(buffer), "ab");
  EXPECT_EQ(Rewind(buffer, "a"), Found::kYes);
  EXPECT_EQ(Rest(buffer), "b");
}

TEST(ResponseBuffer, KeepsNothingForStreamsThatCannotComeBack) {
  ResponseBuffer buffer(-1);
  buffer.Add(Sized("a", 10));
  EXPECT_EQ(Rest(buffer), "a");
  EXPECT_EQ(Rewind(buffer, ""), Found::kGone);
}

TEST(ResponseBuffer, IsFullByUnsentBytes) {
  ResponseBuffer buffer(100);
  buffer.Add(Sized("a", kUnsentBytesMax - 1));
  EXPECT_FALSE(buffer.Full());
  buffer.Add(Sized("b", 1));
  EXPECT_TRUE(buffer.Full());
  buffer.TakeNext();
  EXPECT_FALSE(buffer.Full());
  EXPECT_EQ(Rewind(buffer, ""), Found::kYes);
  EXPECT_TRUE(buffer.Full());
}

TEST(ResponseBuffer, ReleasesOnlyWhatWasSent) {
  ResponseBuffer buffer(100);
  for (const char* id : {"a", "b", "c"}) buffer.Add(Sized(id, 10));
  buffer.TakeNext();
  EXPECT_EQ(buffer.ReleaseUntil("b"), Found::kNotFound);
  EXPECT_EQ(buffer.ReleaseUntil("a"), Found::kYes);
  EXPECT_EQ(buffer.ReleaseUntil("a"), Found::kGone);
  EXPECT_EQ(Rest(buffer), "bc");
  EXPECT_EQ(buffer.ReleaseUntil("c"), Found::kYes);
  EXPECT_EQ(Rewind(buffer, "c"), Found::kYes);
  EXPECT_EQ(Rest(buffer), "");
}

::spark::connect::ExecutePlanResponse Parsed(const Response& response) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(response.bytes.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  EXPECT_EQ(static_cast<int64_t>(bytes.size()), response.size);
  ::spark::connect::ExecutePlanResponse message;
  EXPECT_TRUE(message.ParseFromString(bytes));
  return message;
}

TEST(ResponseEncoder, WritesWhatProtobufReads) {
  const ResponseEncoder encoder("session", "server", "operation");
  const std::string data(300, 'x');
  const Response batch =
      encoder.EncodeBatch({.rows = 1000, .start_offset = 5, .chunk_index = 1, .chunk_count = 2}, data);
  const auto message = Parsed(batch);
  EXPECT_EQ(message.session_id(), "session");
  EXPECT_EQ(message.server_side_session_id(), "server");
  EXPECT_EQ(message.operation_id(), "operation");
  EXPECT_EQ(message.response_id(), batch.id);
  EXPECT_EQ(message.arrow_batch().row_count(), 1000);
  EXPECT_EQ(message.arrow_batch().start_offset(), 5);
  EXPECT_EQ(message.arrow_batch().chunk_index(), 1);
  EXPECT_EQ(message.arrow_batch().num_chunks_in_batch(), 2);
  EXPECT_EQ(message.arrow_batch().data(), data);

  ::spark::connect::ExecutePlanResponse complete;
  complete.mutable_result_complete();
  const Response end = encoder.Encode(complete);
  EXPECT_TRUE(Parsed(end).has_result_complete());
  EXPECT_EQ(Parsed(end).response_id(), end.id);
  EXPECT_NE(end.id, batch.id);
}

}  // namespace
}  // namespace firesteel::operation
