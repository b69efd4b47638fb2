// Error texts against what Apache Spark's Connect server sent: every recorded error of tests/sql that has its message.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/error_conditions.h"

namespace firesteel {
namespace {

struct RecordedError {
  std::string statement;
  std::string condition;
  std::string client_class;
  Error::Parameters parameters;
  std::string message;
  int start = -1;  // of the query context, in characters
  int stop = -1;
};

std::optional<ErrorClass> ClassOf(const std::string& client_class) {
  static const std::map<std::string, ErrorClass> kClasses = {
      {"AnalysisException", ErrorClass::kAnalysis},
      {"ParseException", ErrorClass::kParse},
      {"ArithmeticException", ErrorClass::kArithmetic},
      {"ArrayIndexOutOfBoundsException", ErrorClass::kArrayIndexOutOfBounds},
      {"DateTimeException", ErrorClass::kDateTime},
      {"NumberFormatException", ErrorClass::kNumberFormat},
      {"SparkRuntimeException", ErrorClass::kRuntime}};
  auto found = kClasses.find(client_class);
  return found == kClasses.end() ? std::nullopt : std::optional(found->second);
}

std::vector<RecordedError> ReadFile(const std::filesystem::path& path) {
  std::vector<RecordedError> errors;
  std::ifstream file(path);
  std::string line;
  RecordedError current;
  std::string statement;
  bool in_error = false;
  auto finish = [&] {
    if (in_error && !current.message.empty()) errors.push_back(current);
    current = {};
    statement.clear();
    in_error = false;
  };
  simdjson::dom::parser parser;
  while (std::getline(file, line)) {
    if (line.empty()) {
      finish();
    } else if (line.starts_with("---- error ")) {
      in_error = true;
      current.statement = statement;
      size_t condition_end = line.find(' ', 11);
      current.condition = line.substr(11, condition_end - 11);
      current.client_class = line.substr(line.rfind(' ') + 1);
    } else if (!in_error) {
      statement += (statement.empty() ? "" : "\n") + line;
    } else if (line.starts_with("{")) {
      for (auto [name, value] : parser.parse(line).get_object()) {
        std::string_view text = "null";
        if (value.get_string().get(text) != simdjson::SUCCESS) text = "null";
        current.parameters[std::string(name)] = std::string(text);
      }
    } else if (line.starts_with("message:")) {
      current.message += (current.message.empty() ? "" : "\n") + (line.size() > 9 ? line.substr(9) : std::string());
    } else if (line.starts_with("context ")) {
      std::sscanf(line.c_str(), "context %d-%d", &current.start, &current.stop);
    }
  }
  finish();
  return errors;
}

int32_t ByteOf(const std::string& text, int character) {
  int32_t byte = 0;
  for (; character > 0 && byte < static_cast<int32_t>(text.size()); --character) {
    do ++byte;
    while (byte < static_cast<int32_t>(text.size()) && (text[byte] & 0xC0) == 0x80);
  }
  return byte;
}

Origin OriginOf(const RecordedError& recorded) {
  Origin origin;
  origin.sql = std::make_shared<const SqlText>(SqlText{recorded.statement, "", ""});
  if (recorded.start >= 0) {
    origin.start = ByteOf(recorded.statement, recorded.start);
    origin.stop = ByteOf(recorded.statement, recorded.stop + 1) - 1;
    origin.line = 1;
    for (int32_t i = 0; i < origin.start; ++i) {
      unsigned char c = static_cast<unsigned char>(recorded.statement[i]);
      if (c == '\n') {
        ++origin.line;
        origin.position = 0;
      } else if ((c & 0xC0) != 0x80) {
        ++origin.position;
      }
    }
  } else if (size_t at = recorded.message.rfind("(line "); at != std::string::npos) {
    std::sscanf(recorded.message.c_str() + at, "(line %d, pos %d)", &origin.line, &origin.position);
  }
  // Some analysis errors have a context but no position.
  if (recorded.client_class == "AnalysisException" && recorded.message.find("; line ") == std::string::npos)
    origin.line = 0;
  return origin;
}

/// Without what stands after the last line, which the recording leaves out, and without analysis errors' plans.
std::string Comparable(std::string message, ErrorClass error_class) {
  if (error_class == ErrorClass::kAnalysis) {
    if (size_t plan = message.find(";\n"); plan != std::string::npos) message.resize(plan);
  }
  while (!message.empty() && message.front() == '\n') message.erase(0, 1);
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.pop_back();
  return message;
}

TEST(ErrorRecorded, MessagesAreSparks) {
  std::filesystem::path root = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../../tests/sql";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << "no recorded answers";
  int compared = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".test") continue;
    for (const RecordedError& recorded : ReadFile(entry.path())) {
      std::optional<ErrorClass> error_class = ClassOf(recorded.client_class);
      if (!error_class || FindCondition(recorded.condition) == nullptr) continue;
      Error error = Error::Condition(recorded.condition, recorded.parameters, OriginOf(recorded)).As(*error_class);
      EXPECT_EQ(Comparable(error.Message(), *error_class), Comparable(recorded.message, *error_class))
          << entry.path() << "\n"
          << recorded.statement;
      ++compared;
    }
  }
  EXPECT_GT(compared, 50);
}

}  // namespace
}  // namespace firesteel
