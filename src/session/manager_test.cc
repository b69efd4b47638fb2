// Whose a session is, how long it lives, what a clone takes along, what an idle one costs.
#include "session/manager.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <filesystem>
#include <thread>

#include "base/sanitized.h"

namespace firesteel::session {
namespace {

ServerOptions Options(ConfigurationMap configuration = {}) {
  return {.configuration = std::move(configuration),
          .work_folder = (std::filesystem::temp_directory_path() / "firesteel-test").string()};
}

std::string ConditionOf(const auto& result) { return result.ok() ? "" : result.error().condition(); }

TEST(SessionManager, SessionsAreOfTheirUser) {
  SessionManager sessions(Options());
  const std::string id = NewUuid();
  auto mine = sessions.GetOrCreate({"me", id}, "");
  auto yours = sessions.GetOrCreate({"you", id}, "");
  ASSERT_TRUE(mine.ok() && yours.ok());
  EXPECT_NE(*mine, *yours);
  EXPECT_NE((*mine)->server_side_id(), (*yours)->server_side_id());
  EXPECT_EQ(*sessions.GetOrCreate({"me", id}, (*mine)->server_side_id()), *mine);
  EXPECT_EQ(ConditionOf(sessions.GetOrCreate({"me", id}, NewUuid())), "INVALID_HANDLE.SESSION_CHANGED");
  EXPECT_EQ(ConditionOf(sessions.GetOrCreate({"me", NewUuid()}, NewUuid())), "INVALID_HANDLE.SESSION_CHANGED");
  EXPECT_EQ(ConditionOf(sessions.Get({"me", NewUuid()}, "")), "INVALID_HANDLE.SESSION_NOT_FOUND");
  EXPECT_EQ(ConditionOf(sessions.GetOrCreate({"me", "x"}, "")), "INVALID_HANDLE.FORMAT");
}

TEST(SessionManager, ClosedSessionsAreRememberedUpToALimit) {
  SessionManager sessions(Options({{"spark.connect.session.manager.closedSessionsTombstonesSize", "2"}}));
  std::vector<SessionKey> keys;
  for (int i = 0; i < 3; ++i) {
    keys.push_back({"me", NewUuid()});
    ASSERT_TRUE(sessions.GetOrCreate(keys.back(), "").ok());
    EXPECT_NE(sessions.Close(keys.back(), false), nullptr);
    EXPECT_EQ(sessions.Close(keys.back(), false), nullptr);
  }
  EXPECT_EQ(ConditionOf(sessions.GetOrCreate(keys[1], "")), "INVALID_HANDLE.SESSION_CLOSED");
  EXPECT_EQ(ConditionOf(sessions.GetOrCreate(keys[2], "")), "INVALID_HANDLE.SESSION_CLOSED");
  EXPECT_TRUE(sessions.GetOrCreate(keys[0], "").ok());
  EXPECT_NE(sessions.Close(keys[0], true), nullptr);
  EXPECT_TRUE(sessions.GetOrCreate(keys[0], "").ok());
}

TEST(SessionManager, IdleSessionsAreClosedUnlessTheyWork) {
  SessionManager sessions(Options({{"spark.connect.session.manager.defaultSessionTimeout", "20ms"}}));
  const SessionKey idle{"me", NewUuid()}, busy{"me", NewUuid()};
  ASSERT_TRUE(sessions.GetOrCreate(idle, "").ok());
  SessionPtr working = *sessions.GetOrCreate(busy, "");
  working->running_operations = 1;
  EXPECT_TRUE(sessions.CloseIdle().empty());
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  EXPECT_EQ(sessions.CloseIdle().size(), 1);
  EXPECT_EQ(ConditionOf(sessions.GetOrCreate(idle, "")), "INVALID_HANDLE.SESSION_CLOSED");
  EXPECT_TRUE(sessions.GetOrCreate(busy, "").ok());
}

TEST(SessionManager, ClonesHaveTheSettingsAndFilesOfTheirSource) {
  SessionManager sessions(Options());
  SessionPtr source = *sessions.GetOrCreate({"me", NewUuid()}, "");
  ASSERT_TRUE(source->configuration().Set("spark.sql.ansi.enabled", "false").ok());
  {
    auto upload = source->artifacts().Begin("files/a");
    ASSERT_TRUE(upload.ok() && upload->Append("abc").ok());
    ASSERT_TRUE(source->artifacts().Commit(std::move(*upload)).ok());
  }
  auto clone = sessions.Clone(source, "");
  ASSERT_TRUE(clone.ok());
  EXPECT_FALSE((*clone)->configuration().Boolean("spark.sql.ansi.enabled"));
  EXPECT_TRUE((*clone)->artifacts().Exists("files/a"));
  // From now on they go their own ways.
  ASSERT_TRUE((*clone)->configuration().Set("spark.sql.ansi.enabled", "true").ok());
  EXPECT_FALSE(source->configuration().Boolean("spark.sql.ansi.enabled"));

  const std::string clone_id = (*clone)->key().session_id;
  EXPECT_EQ(ConditionOf(sessions.Clone(source, clone_id)),
            "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_ALREADY_EXISTS");
  sessions.Close((*clone)->key(), false);
  EXPECT_EQ(ConditionOf(sessions.Clone(source, clone_id)),
            "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_ALREADY_CLOSED");
  EXPECT_EQ(ConditionOf(sessions.Clone(source, "x")), "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_FORMAT");
}

TEST(Session, ErrorsAreKeptUpToALimit) {
  SessionManager sessions(Options());
  SessionPtr session = *sessions.GetOrCreate({"me", NewUuid()}, "");
  Origin origin;
  origin.sql = std::make_shared<const SqlText>(SqlText{std::string(3 << 20, ' '), "", ""});
  origin.start = 0;
  origin.stop = 10;
  const std::string first = session->KeepError(Error::Condition("DIVIDE_BY_ZERO", {}, origin));
  const std::string second = session->KeepError(Error::Condition("DIVIDE_BY_ZERO", {}, origin));
  EXPECT_FALSE(session->TakeError(first));  // two such texts are too much
  EXPECT_TRUE(session->TakeError(second));
  EXPECT_FALSE(session->TakeError(second));
}

#ifndef FS_SANITIZED
TEST(SessionManager, IdleSessionsCostLittle) {
  constexpr int kSessions = 10'000;
  constexpr size_t kBytesMax = 20'000;
  SessionManager sessions(Options({{"spark.master", "local[2]"}, {"spark.app.name", "test"}}));
  const size_t before = mallinfo2().uordblks;
  for (int i = 0; i < kSessions; ++i) ASSERT_TRUE(sessions.GetOrCreate({"me", NewUuid()}, "").ok());
  EXPECT_LT((mallinfo2().uordblks - before) / kSessions, kBytesMax);
}
#endif

}  // namespace
}  // namespace firesteel::session
