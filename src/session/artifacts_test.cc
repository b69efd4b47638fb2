// Names stay in their folder, uploads are whole or not there, and limits hold.
#include "session/artifacts.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "session/session.h"

namespace firesteel::session {
namespace {

namespace fs = std::filesystem;

std::string ConditionOf(const auto& result) { return result.ok() ? "" : result.error().condition(); }

class ArtifactFolder : public testing::Test {
 protected:
  ~ArtifactFolder() override { fs::remove_all(folder); }
  const std::string folder = (fs::temp_directory_path() / ("firesteel-test-" + NewUuid())).string();
};

TEST(Artifacts, NamesStayBelowTheirFolder) {
  for (const char* good : {"a", "cache/abc", "files/a.b/c", "files/..a", "jars/a b.jar"})
    EXPECT_TRUE(CheckArtifactName(good).ok()) << good;
  const std::string with_zero("a\0b", 3);
  for (const std::string& bad :
       {std::string(), std::string("/a"), std::string("../a"), std::string("a/../b"), std::string("a/.."),
        std::string("./a"), std::string("a/"), with_zero, std::string(2000, 'a')})
    EXPECT_EQ(ConditionOf(CheckArtifactName(bad)), "INVALID_ARTIFACT_PATH") << bad;
}

TEST(Artifacts, CrcIsZlibs) {
  EXPECT_EQ(Crc32(0, "123456789"), 0xCBF43926u);
  EXPECT_EQ(Crc32(Crc32(0, "1234"), "56789"), 0xCBF43926u);
  EXPECT_EQ(Crc32(0, ""), 0u);
}

TEST_F(ArtifactFolder, UploadsThatAreNotCommittedLeaveNothing) {
  Artifacts artifacts(folder, 10);
  {
    auto upload = artifacts.Begin("a");
    ASSERT_TRUE(upload.ok() && upload->Append("12345678").ok());
    EXPECT_EQ(ConditionOf(upload->Append("123")), "CONNECT_INVALID_PLAN.ARTIFACTS_SIZE_LIMIT_EXCEEDED");
  }
  EXPECT_FALSE(artifacts.Exists("a"));
  EXPECT_TRUE(fs::is_empty(folder));
  auto upload = artifacts.Begin("b");
  ASSERT_TRUE(upload.ok() && upload->Append("1234567890").ok());  // the room came back
  EXPECT_TRUE(artifacts.Commit(std::move(*upload)).ok());
  EXPECT_TRUE(artifacts.Exists("b"));
}

TEST_F(ArtifactFolder, FilesAreNotReplacedAndCachedOnesNeedNotBe) {
  Artifacts artifacts(folder, 100);
  auto put = [&](const std::string& name) -> Status {
    FS_TRY(Artifacts::Upload upload, artifacts.Begin(name));
    FS_CHECK(upload.Append("abc"));
    return artifacts.Commit(std::move(upload));
  };
  EXPECT_TRUE(put("files/a").ok());
  EXPECT_EQ(ConditionOf(put("files/a")), "ARTIFACT_ALREADY_EXISTS");
  EXPECT_TRUE(put("cache/hash").ok());
  EXPECT_TRUE(put("cache/hash").ok());
  EXPECT_EQ(artifacts.Cached("hash", "s").value(), "abc");
  EXPECT_EQ(ConditionOf(artifacts.Cached("other", "s")), "CONNECT_INVALID_PLAN.NOT_FOUND_CACHED_LOCAL_RELATION");
}

}  // namespace
}  // namespace firesteel::session
