// Which text files DuckDB's parallel reader may take.
#include "physical/text_shape.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace firesteel::physical {
namespace {

class TextShape : public testing::Test {
 protected:
  ~TextShape() override { std::filesystem::remove(path_); }
  std::vector<std::string> File(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return {path_};
  }
  bool Regular(const std::string& text) { return FieldsAreRegular(File(text), {}); }
  const std::string path_ = testing::TempDir() + "text_shape_" + std::to_string(::getpid());
};

TEST_F(TextShape, LineEnds) {
  for (const char* same : {"", "a", "a\nb\n\n", "a\r\nb\r\n\r\nc", "a\rb\r\r"})
    EXPECT_TRUE(LinesAreRegular(File(same)));
  for (const char* other : {"a\nb\r\n", "a\r\nb\n", "a\rb\n", "a\r\nb\r"}) EXPECT_FALSE(LinesAreRegular(File(other)));
}

TEST_F(TextShape, Fields) {
  for (const char* yes : {"a,b\n", "\"a,b\",c\r\n", "\"a\\\"b\",\"c\\\\\"\n", "a,\"\"\n\"b\""})
    EXPECT_TRUE(Regular(yes));
  for (const char* no : {"a\"b\n", "\"a\"b\n", "\"a\nb\"\n", "C:\\dir\n", "\"C:\\dir\"\n", " \"a\"\n", "a\rb\n", "\"a"})
    EXPECT_FALSE(Regular(no)) << no;
}

TEST_F(TextShape, AcrossBlocks) {
  const std::string block((64 << 10) - 1, 'x');
  EXPECT_FALSE(Regular(block + "\"\n"));
  EXPECT_TRUE(Regular(block + "\n\"a\"\n"));
  EXPECT_TRUE(Regular(block + ",\"a\"\n"));
  EXPECT_FALSE(Regular("\"" + block + "\nb\"\n"));
  EXPECT_TRUE(LinesAreRegular(File(block + "\r\nb\r\n")));
  EXPECT_FALSE(LinesAreRegular(File(block + "\r\nb\n")));
}

}  // namespace
}  // namespace firesteel::physical
