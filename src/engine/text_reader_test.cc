// Records of text files, at the edges of buffers above all. What Spark makes of such files is in tests/dataframe/text_shapes.py.
#include "engine/text_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

namespace firesteel::engine {
namespace {

namespace fs = std::filesystem;

class TextReaderTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string File(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
  }
  static std::vector<std::string> Records(const std::string& path, TextLayout layout = {}) {
    std::vector<std::string> out;
    auto reader = TextReader::Open(path, std::move(layout));
    EXPECT_TRUE(reader.ok());
    while (true) {
      auto record = (*reader)->Next();
      if (!record.ok()) return {"error " + record.error().condition()};
      if (!*record) return out;
      out.emplace_back(**record);
    }
  }
  const fs::path folder_ = fs::temp_directory_path() / ("text_reader_test_" + std::to_string(::getpid()));
};

using Lines = std::vector<std::string>;

TEST_F(TextReaderTest, Lines) {
  EXPECT_EQ(Records(File("a", "")), Lines{});
  EXPECT_EQ(Records(File("b", "\n")), Lines{""});
  EXPECT_EQ(Records(File("c", "a\nb\r\nc\r\n\rd")), (Lines{"a", "b", "c", "", "d"}));
  EXPECT_EQ(Records(File("d",
                         "\xEF\xBB\xBF"
                         "a\r")),
            Lines{"a"});
  EXPECT_EQ(Records(File("e", "a--b-c--"), {.separator = "--"}), (Lines{"a", "b-c"}));
  EXPECT_EQ(Records(File("f", "a\nb\n"), {.whole = true}), Lines{"a\nb\n"});
  EXPECT_EQ(Records(File("g", ""), {.whole = true}), Lines{""});
}

TEST_F(TextReaderTest, LineEndsAtTheEdgesOfBuffers) {
  constexpr size_t kBuffer = 1 << 20;
  for (const size_t bytes : {kBuffer - 2, kBuffer - 1, kBuffer, kBuffer + 1, 3 * kBuffer}) {
    for (const std::string end : {"\n", "\r", "\r\n"}) {
      const std::string line(bytes, 'x');
      EXPECT_EQ(Records(File("edge", line + end + "y" + end + "z")), (Lines{line, "y", "z"})) << bytes;
      EXPECT_EQ(Records(File("edge", line + end + "y"), {.separator = end}), (Lines{line, "y"})) << bytes;
      EXPECT_EQ(Records(File("edge", "a" + end + "\"" + line + end + "\"" + end + "y"),
                        {.quoted = QuotedFields{'"', '\\', ","}}),
                (Lines{"a", "\"" + line + end + "\"", "y"}))
          << bytes;
    }
  }
}

TEST_F(TextReaderTest, QuotedRecords) {
  const TextLayout csv{.quoted = QuotedFields{'"', '\\', ","}};
  EXPECT_EQ(Records(File("a", "a,\"b\nc\"\nd\n"), csv), (Lines{"a,\"b\nc\"", "d"}));
  EXPECT_EQ(Records(File("b", "a,\"b\\\"\nc\"\nd"), csv), (Lines{"a,\"b\\\"\nc\"", "d"}));
  EXPECT_EQ(Records(File("c", "a\"b\nc\"\n"), csv), (Lines{"a\"b", "c\""})) << "quotes begin a field";
  EXPECT_EQ(Records(File("d", "\"open\nd\n"), csv), Lines{"\"open\nd\n"});
  EXPECT_EQ(Records(File("e", "\"b\"\"\nc\"\nd"), {.quoted = QuotedFields{'"', '"', ","}}),
            (Lines{"\"b\"\"\nc\"", "d"}));
}

TEST_F(TextReaderTest, Compressed) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += std::to_string(i) + "\n";
  std::string packed(compressBound(text.size()), '\0');
  uLongf size = packed.size();
  ASSERT_EQ(compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
                     text.size()),
            Z_OK);
  packed.resize(size);
  const Lines lines = Records(File("a.deflate", packed));
  ASSERT_EQ(lines.size(), 200'000);
  EXPECT_EQ(lines[199'999], "199999");
  EXPECT_EQ(Records(File("twice.deflate", packed + packed)).size(), 400'000) << "members follow one another";
  EXPECT_EQ(Records(File("cut.gz", packed.substr(0, size / 2))), Lines{"error FAILED_READ_FILE.NO_HINT"});
  EXPECT_EQ(Records(File("plain.gz", "no gzip")), Lines{"error FAILED_READ_FILE.NO_HINT"});
}

// A file of a size that no test should write: its end is never asked for.
TEST_F(TextReaderTest, EndlessRecordsFail) {
  const std::string path = File("huge", "x");
  fs::resize_file(path, kRecordBytesMax + (1 << 20));  // a hole of zeros
  EXPECT_EQ(Records(path), Lines{"error FAILED_READ_FILE.NO_HINT"});
}

}  // namespace
}  // namespace firesteel::engine
