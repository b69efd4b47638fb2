// Executions without anything that runs: who gets which operation, who waits for whom.
#include "operation/manager.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "session/manager.h"

namespace firesteel::operation {
namespace {

struct SilentConsumer final : Consumer {
  void OnNews() override { ++news; }
  void OnDisconnected() override { disconnected = true; }
  std::atomic<int> news{0};
  std::atomic<bool> disconnected{false};
};

class Operations : public testing::Test {
 protected:
  session::SessionPtr NewSession() { return sessions.GetOrCreate({"user", session::NewUuid()}, "").value(); }
  static Start StartOf(uint64_t digest = 1) {
    Start start;
    start.operation_id = session::NewUuid();
    start.reattachable = true;
    start.plan_digest = digest;
    return start;
  }
  static Response OfSize(int64_t size) {
    Response response;
    response.id = session::NewUuid();
    response.size = size;
    return response;
  }
  static std::string ConditionOf(const auto& result) { return result.ok() ? "" : result.error().condition(); }

  session::SessionManager sessions{
      {.work_folder = (std::filesystem::temp_directory_path() / "firesteel-test").string()}};
  session::SessionPtr session = NewSession();
};

TEST_F(Operations, RepeatedRequestsGetTheirOperation) {
  OperationManager operations(OperationLimits{});
  Start start = StartOf();
  auto first = operations.Create(session, start);
  auto again = operations.Create(session, start);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_TRUE(first->is_new);
  EXPECT_FALSE(again->is_new);
  EXPECT_EQ(first->operation, again->operation);
  start.plan_digest = 2;
  EXPECT_EQ(ConditionOf(operations.Create(session, start)), "INVALID_HANDLE.OPERATION_ALREADY_EXISTS");
  // Another session's operation of the same id is another operation.
  EXPECT_TRUE(operations.Create(NewSession(), start).ok());
  start.operation_id = "x";
  EXPECT_EQ(ConditionOf(operations.Create(session, start)), "INVALID_HANDLE.FORMAT");
  first->operation->Finish(std::nullopt);
}

TEST_F(Operations, ReleasedOperationsNeverRunAgain) {
  OperationManager operations(OperationLimits{});
  const Start start = StartOf();
  auto created = operations.Create(session, start);
  created->operation->Finish(std::nullopt);
  EXPECT_TRUE(operations.Remove(session->key(), start.operation_id));
  EXPECT_FALSE(operations.Remove(session->key(), start.operation_id));
  EXPECT_EQ(ConditionOf(operations.Get(session->key(), start.operation_id)), "INVALID_HANDLE.OPERATION_NOT_FOUND");
  EXPECT_EQ(ConditionOf(operations.Create(session, start)), "INVALID_HANDLE.OPERATION_ALREADY_EXISTS");
  const auto statuses = operations.List(session->key(), {start.operation_id, "unknown"});
  ASSERT_EQ(statuses.size(), 2);
  EXPECT_EQ(statuses[0].state, State::kSucceeded);
  EXPECT_EQ(statuses[1].state, std::nullopt);
}

TEST_F(Operations, AreAbandonedWhenNobodyReads) {
  OperationManager operations({.detached_milliseconds_max = 0});
  const Start start = StartOf();
  OperationPtr operation = operations.Create(session, start)->operation;
  auto consumer = std::make_shared<SilentConsumer>();
  ASSERT_TRUE(operation->Attach(consumer, "").ok());
  operations.Maintain();
  EXPECT_TRUE(operations.Get(session->key(), start.operation_id).ok());  // somebody reads
  operation->Detach(consumer.get());
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  operations.Maintain();
  EXPECT_EQ(ConditionOf(operations.Get(session->key(), start.operation_id)), "INVALID_HANDLE.OPERATION_ABANDONED");
  EXPECT_EQ(ConditionOf(operations.Create(session, start)), "INVALID_HANDLE.OPERATION_ABANDONED");
  EXPECT_TRUE(operation->watch()->interrupted());
}

TEST_F(Operations, AreLimitedForEachSession) {
  OperationManager operations({.per_session_max = 1});
  OperationPtr operation = operations.Create(session, StartOf())->operation;
  EXPECT_EQ(ConditionOf(operations.Create(session, StartOf())), "INVALID_HANDLE.TOO_MANY_OPERATIONS");
  EXPECT_TRUE(operations.Create(NewSession(), StartOf()).ok());
  operation->Finish(std::nullopt);
  EXPECT_TRUE(operations.Create(session, StartOf()).ok());
}

TEST_F(Operations, AreLimitedForTheServer) {
  OperationManager operations({.running_max = 2});
  OperationPtr first = operations.Create(session, StartOf())->operation;
  OperationPtr second = operations.Create(NewSession(), StartOf())->operation;
  EXPECT_EQ(ConditionOf(operations.Create(NewSession(), StartOf())), "INVALID_HANDLE.SERVER_BUSY");
  first->Finish(std::nullopt);
  EXPECT_TRUE(operations.Create(NewSession(), StartOf()).ok());
}

TEST_F(Operations, AFullBufferStopsTheProducerUntilItIsRead) {
  Operation operation(session, StartOf(), 0);
  auto consumer = std::make_shared<SilentConsumer>();
  ASSERT_TRUE(operation.Attach(consumer, "").ok());
  ASSERT_TRUE(operation.Push(OfSize(kUnsentBytesMax)).ok());
  std::atomic<bool> pushed = false;
  std::thread producer([&] {
    EXPECT_TRUE(operation.Push(OfSize(1)).ok());
    pushed = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(pushed);
  EXPECT_TRUE(operation.Take(consumer.get()).response);
  producer.join();
  EXPECT_TRUE(operation.Take(consumer.get()).response);
  operation.Finish(std::nullopt);
  EXPECT_TRUE(operation.Take(consumer.get()).end);
}

TEST_F(Operations, InterruptFreesAWaitingProducerAndTellsTheConsumer) {
  Operation operation(session, StartOf(), 0);
  auto consumer = std::make_shared<SilentConsumer>();
  ASSERT_TRUE(operation.Attach(consumer, "").ok());
  ASSERT_TRUE(operation.Push(OfSize(kUnsentBytesMax)).ok());
  std::thread producer([&] { EXPECT_EQ(ConditionOf(operation.Push(OfSize(1))), "OPERATION_CANCELED"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_TRUE(operation.Interrupt());
  EXPECT_FALSE(operation.Interrupt());
  producer.join();
  operation.Finish(std::nullopt);
  const Operation::Next next = operation.Take(consumer.get());
  EXPECT_TRUE(next.end);
  ASSERT_TRUE(next.error);
  EXPECT_EQ(next.error->condition(), "OPERATION_CANCELED");
  EXPECT_EQ(operation.state(), State::kCancelled);
}

TEST_F(Operations, TheLastReaderWins) {
  Operation operation(session, StartOf(), 100);
  auto first = std::make_shared<SilentConsumer>(), second = std::make_shared<SilentConsumer>();
  ASSERT_TRUE(operation.Attach(first, "").ok());
  ASSERT_TRUE(operation.Push(OfSize(1)).ok());
  ASSERT_TRUE(operation.Attach(second, "").ok());
  EXPECT_TRUE(first->disconnected);
  EXPECT_FALSE(operation.Take(first.get()).response);
  EXPECT_TRUE(operation.Take(second.get()).response);
  EXPECT_EQ(ConditionOf(operation.Attach(first, "unknown")), "INVALID_CURSOR.POSITION_NOT_FOUND");
  EXPECT_FALSE(second->disconnected);
  operation.Finish(std::nullopt);
}

}  // namespace
}  // namespace firesteel::operation
