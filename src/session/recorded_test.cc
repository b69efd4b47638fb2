// The statements of tests/sql with Apache Spark's answers, ANSI on and off: what can be told without running queries is compared here,
// the schema (names, types, nullability) and analysis errors, and every tree of the analyzer and the optimizer is validated. Commands run,
// each file in a session of its own. Functions and commands that are not there yet do not count.
//
// testdata/recorded_gaps.txt lists what is wrong today: errors in other words, errors that come only when the query runs, and names with
// unprintable signs, which the files write as escapes. It only shrinks: a statement that is wrong and not listed fails, so does a listed one
// that is right. FIRESTEEL_UPDATE_GAPS=1 build/unit/session_test --gtest_filter='Recorded*'
// writes it anew; FIRESTEEL_REPORT=FILE says of each what is wanted and what came.
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "base/deep_stack.h"
#include "base/text.h"
#include "optimizer/optimizer.h"
#include "plan/validate.h"
#include "session/manager.h"
#include "session/pipeline.h"
#include "types/type_text.h"

namespace firesteel::session {
namespace {

namespace fs = std::filesystem;

fs::path SourceFolder() { return fs::read_symlink("/proc/self/exe").parent_path() / "../.."; }

/// As the files write names and parameters; see tests/answers.py.
std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\n", "\\n"}, {"\t", "\\t"}});
}

std::string FieldsText(const std::vector<StructField>& fields);

std::string TypeText(const DataType& type) {
  switch (type.id()) {
    case TypeId::kArray:
      return "array<" + TypeText(type.element()) + (type.contains_null() ? "" : "!") + ">";
    case TypeId::kMap:
      return "map<" + TypeText(type.key()) + ", " + TypeText(type.value()) + (type.contains_null() ? "" : "!") + ">";
    case TypeId::kStruct:
      return "struct<" + FieldsText(type.fields()) + ">";
    default:
      return TypeSimpleString(type);
  }
}

std::string FieldsText(const std::vector<StructField>& fields) {
  static const std::regex kPlain("[A-Za-z_][A-Za-z0-9_]*");
  std::string text;
  for (const StructField& field : fields) {
    if (!text.empty()) text += ", ";
    text += std::regex_match(field.name, kPlain) ? field.name : QuoteIdentifier(Escaped(field.name));
    text += " " + TypeText(field.type) + (field.nullable ? "" : "!");
  }
  return text;
}

struct Answer {
  std::string schema;  ///< or "error CONDITION …"
  std::string parameters;
};

struct Statement {
  std::string sql;
  std::map<std::string, Answer> expected;  ///< by ANSI mode: "on", "off"
};

/// tests/recorded.py describes the form.
std::vector<Statement> ReadStatements(const fs::path& path) {
  std::ifstream file(path);
  std::string line, modes = "both";
  std::vector<Statement> out;
  Statement now;
  Answer* answer = nullptr;
  bool second = false;  // line of an answer
  auto finish = [&] {
    if (modes == "both" && now.expected.contains("on")) now.expected.try_emplace("off", now.expected["on"]);
    if (!now.sql.empty()) out.push_back(now);
    now = {};
    answer = nullptr;
  };
  while (std::getline(file, line)) {
    if (line.starts_with("---- ") || line == "----") {
      std::string rest = line.size() > 5 ? line.substr(5) : "";
      std::string mode = modes == "off" ? "off" : "on";
      for (const std::string named : {"on", "off"}) {
        const std::string prefix = "ansi " + named + ": ";
        if (!rest.starts_with(prefix)) continue;
        mode = named;
        rest = rest.substr(prefix.size());
      }
      answer = &now.expected[mode];
      answer->schema = rest;
      second = true;
    } else if (line.empty()) {
      finish();
    } else if (answer != nullptr) {
      if (second && line.starts_with("{")) answer->parameters = line;
      second = false;
    } else if (line.starts_with("-- ") && now.sql.empty()) {
      if (line.starts_with("-- ansi ")) modes = line.substr(8);
    } else {
      now.sql += (now.sql.empty() ? "" : "\n") + line;
    }
  }
  finish();
  return out;
}

std::string ParametersText(const Error& error) {
  static const std::regex kId("#[0-9]+");
  std::string text;
  for (const auto& [key, value] : error.parameters()) {
    const std::string escaped = std::regex_replace(absl::StrReplaceAll(Escaped(value), {{"\"", "\\\""}}), kId, "#x");
    text += (text.empty() ? "\"" : ", \"") + key + "\": \"" + escaped + "\"";
  }
  return "{" + text + "}";
}

class Recorded {
 public:
  int right = 0, skipped = 0;
  std::map<std::string, std::string> wrong;  ///< by key: what was wanted and what came

  void Run(const fs::path& path, const std::string& name, const std::string& mode) {
    std::map<std::string, int> ordinals;
    SessionManager sessions({.configuration = {{"spark.sql.session.timeZone", "UTC"},
                                               {"spark.sql.ansi.enabled", mode == "on" ? "true" : "false"}},
                             .work_folder = (fs::temp_directory_path() / "firesteel-test").string()});
    const SessionPtr session = *sessions.GetOrCreate({"me", NewUuid()}, "");
    for (const Statement& statement : ReadStatements(path)) {
      const auto expected = statement.expected.find(mode);
      if (expected == statement.expected.end()) continue;
      const int ordinal = ordinals[statement.sql]++;
      const std::string key =
          name + " " + mode + " " + (ordinal > 0 ? std::to_string(ordinal) + " " : "") + Escaped(statement.sql);
      RunOnDeepStack([&] { One(key, statement.sql, expected->second, *session); });
    }
  }

 private:
  /// The columns of the answer.
  static Result<std::string> Schema(Session& session, const std::string& text) {
    unresolved::SqlQuery sql;
    sql.text = text;
    FS_TRY(const SqlOutcome outcome, RunSql(session, sql));
    logical::PlanPtr plan = outcome.rows;
    if (outcome.query != nullptr) {
      FS_TRY(plan, Analyze(session, outcome.query));
      FS_CHECK(logical::Validate(plan, "analyzer"));
      FS_TRY(const logical::PlanPtr optimized, optimizer::Optimize(plan, *session.configuration().settings()));
      FS_CHECK(logical::Validate(optimized, "optimizer"));
    }
    return FieldsText(logical::Schema(*plan).fields());
  }

  void One(const std::string& key, const std::string& sql, const Answer& expected, Session& session) {
    const bool wants_error = expected.schema.starts_with("error ");
    const auto schema = Schema(session, sql);
    if (schema.ok()) {
      // An error of running the query is none here.
      const bool later = wants_error && !expected.schema.ends_with("AnalysisException");
      return Judge(key, expected, later || *schema == expected.schema, *schema);
    }
    const Error& error = schema.error();
    if (error.condition() == "UNSUPPORTED_FEATURE.CATALOG_OPERATION" ||
        (error.condition() == "UNRESOLVED_ROUTINE" &&
         expected.schema.find("UNRESOLVED_ROUTINE") == std::string::npos)) {
      ++skipped;
      return;
    }
    std::string condition;
    if (wants_error) std::istringstream(expected.schema.substr(6)) >> condition;
    const std::string parameters = ParametersText(error);
    const bool same_parameters =
        error.parameters().empty() || expected.parameters.empty() || parameters == expected.parameters;
    Judge(key, expected, error.condition() == condition && same_parameters,
          "error " + error.condition() + "\n    " + parameters);
  }

  void Judge(const std::string& key, const Answer& expected, bool is_right, const std::string& answer) {
    if (is_right) {
      ++right;
    } else {
      wrong[key] = key + "\n  want " + expected.schema + "\n    " + expected.parameters + "\n  have " + answer + "\n";
    }
  }
};

std::set<std::string> ReadGaps(const fs::path& path) {
  std::set<std::string> gaps;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && !line.starts_with("#")) gaps.insert(line);
  }
  return gaps;
}

TEST(Recorded, SchemasAndErrors) {
  const fs::path folder = SourceFolder() / "tests/sql",
                 list = SourceFolder() / "src/session/testdata/recorded_gaps.txt";
  Recorded recorded;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".test") continue;
    const std::string name = fs::relative(entry.path(), folder).replace_extension();
    for (const std::string mode : {"on", "off"}) recorded.Run(entry.path(), name, mode);
  }
  std::cout << "recorded: " << recorded.right << " right, " << recorded.wrong.size() << " wrong, " << recorded.skipped
            << " not there yet\n";
  EXPECT_GT(recorded.right, 10'000);
  if (const char* path = std::getenv("FIRESTEEL_REPORT")) {
    std::ofstream report(path);
    for (const auto& [key, difference] : recorded.wrong) report << difference << "\n";
  }
  if (std::getenv("FIRESTEEL_UPDATE_GAPS") != nullptr) {
    std::ofstream file(list);
    file << "# What recorded_test.cc gets wrong today; the list only shrinks. Written by FIRESTEEL_UPDATE_GAPS=1, see "
            "there.\n";
    for (const auto& [key, difference] : recorded.wrong) file << key << "\n";
    return;
  }
  const std::set<std::string> gaps = ReadGaps(list);
  for (const auto& [key, difference] : recorded.wrong) EXPECT_TRUE(gaps.contains(key)) << difference;
  for (const std::string& gap : gaps)
    EXPECT_TRUE(recorded.wrong.contains(gap)) << "is right, take it out of recorded_gaps.txt:\n" << gap;
}

}  // namespace
}  // namespace firesteel::session
