// For tests: the answers of Apache Spark that tools/record_types.py wrote to src/types/testdata.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace firesteel {

/// Calls `check(row)` with every recorded row (a JSON object) of the file.
template <typename Check>
void ForEachRecorded(const std::string& name, Check check) {
  // The test binary stands in <build>/unit; the compiler's idea of the source path is relative.
  std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../../src/types/testdata" / name;
  std::ifstream file(path);
  ASSERT_TRUE(file.good()) << path;
  simdjson::dom::parser parser;
  std::string line;
  int rows = 0;
  while (std::getline(file, line)) {
    simdjson::dom::element row;
    ASSERT_EQ(parser.parse(line).get(row), simdjson::SUCCESS) << line;
    SCOPED_TRACE(line.substr(0, 600));
    check(row);
    ++rows;
  }
  EXPECT_GT(rows, 0);
}

inline std::string Text(simdjson::dom::element row, const char* name) {
  std::string_view text;
  return row[name].get_string().get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}
inline bool Has(simdjson::dom::element row, const char* name) {
  simdjson::dom::element value;
  return row[name].get(value) == simdjson::SUCCESS && !value.is_null();
}

}  // namespace firesteel
