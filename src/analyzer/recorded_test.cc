// The statements of tests/sql with Apache Spark's answers: what can be told without running a query is compared here, the schema
// (names, types, nullability) and analysis errors. Statements whose functions or commands are not there yet do not count.
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "analyzer/analyzer.h"
#include "analyzer/test_environment.h"
#include "base/deep_stack.h"
#include "plan/validate.h"
#include "types/type_text.h"

namespace firesteel::analyzer {
namespace {

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
    text += std::regex_match(field.name, kPlain) ? field.name : QuoteIdentifier(field.name);
    text += " " + TypeText(field.type) + (field.nullable ? "" : "!");
  }
  return text;
}

struct Statement {
  std::string sql;
  std::string schema_on;  ///< the first line of the answer with ANSI on
  std::string parameters;
  std::string mode;
};

std::vector<Statement> ReadStatements(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line, mode = "both";
  std::vector<Statement> out;
  Statement now;
  bool answering = false, first = false;
  auto finish = [&] {
    if (!now.sql.empty() && !now.schema_on.empty()) out.push_back(now);
    now = {};
    answering = false;
  };
  while (std::getline(file, line)) {
    if (line.starts_with("---- ") || line == "----") {
      std::string rest = line.size() > 5 ? line.substr(5) : "";
      if (rest.starts_with("ansi off:")) {
        first = false;
      } else {
        if (rest.starts_with("ansi on: ")) rest = rest.substr(9);
        now.schema_on = rest.empty() ? " " : rest;
        now.mode = mode;
        first = true;
      }
      answering = true;
    } else if (line.empty()) {
      finish();
    } else if (answering) {
      if (first && line.starts_with("{")) now.parameters = line;
      first = false;
    } else if (line.starts_with("-- ") && now.sql.empty()) {
      if (line.starts_with("-- ansi ")) mode = line.substr(8);
    } else {
      now.sql += (now.sql.empty() ? "" : "\n") + line;
    }
  }
  finish();
  return out;
}

std::string ParametersText(const Error& error) {
  std::string text;
  for (const auto& [key, value] : error.parameters()) {
    std::string escaped;
    for (char c : value) {
      if (c == '"' || c == '\\') escaped += '\\';
      if (c == '\n') {
        escaped += "\\n";
      } else {
        escaped += c;
      }
    }
    text += (text.empty() ? "\"" : ", \"") + key + "\": \"" + escaped + "\"";
  }
  return "{" + text + "}";
}

class Recorded {
 public:
  int right = 0, wrong = 0, skipped = 0;
  std::string report;

  void Run(const std::filesystem::path& path) {
    TestEnvironment environment;
    for (const Statement& statement : ReadStatements(path)) {
      if (statement.mode == "off") continue;
      RunOnDeepStack([&] { One(path.filename().string(), statement, environment); });
    }
  }

 private:
  void One(const std::string& file, const Statement& expected, TestEnvironment& environment) {
    sql::ParserOptions options;
    auto parsed = sql::ParseStatement(expected.sql, options);
    std::string answer, parameters;
    if (!parsed.ok()) {
      ++skipped;  // the parser's tests' business
      return;
    }
    if (auto* command = std::get_if<unresolved::Command>(&parsed.value().node)) {
      if (auto* view = std::get_if<unresolved::CreateView>(&command->node)) {
        auto plan = Analyze(view->plan, environment, options);
        if (!plan.ok()) return Note(file, expected, plan.error().Message());
        logical::PlanPtr made = *plan;
        if (!view->columns.empty()) {
          std::vector<logical::Attribute> output = made->output;
          for (size_t i = 0; i < output.size() && i < view->columns.size(); ++i)
            output[i].name = view->columns[i].first;
          made = logical::MakePlan(logical::SubqueryAlias{made, "v"}, std::move(output));
        }
        environment.catalog_.views[Lower(view->name.back())] = made;
        return;
      }
      ++skipped;
      return;
    }
    auto plan = Analyze(std::get<unresolved::RelationPtr>(parsed.value().node), environment, options);
    if (plan.ok()) {
      Status valid = logical::Validate(*plan, "analyzer");
      if (!valid.ok()) return Note(file, expected, valid.error().Message());
      answer = FieldsText(logical::Schema(**plan).fields());
    } else {
      const Error& error = plan.error();
      if (error.condition() == "UNSUPPORTED_FEATURE.CATALOG_OPERATION" ||
          (error.condition() == "UNRESOLVED_ROUTINE" &&
           expected.schema_on.find("UNRESOLVED_ROUTINE") == std::string::npos)) {
        ++skipped;
        missing[error.condition() == "UNRESOLVED_ROUTINE" ? error.parameters().at("routineName") : error.Message()]++;
        return;
      }
      answer = "error " + error.condition();
      parameters = ParametersText(error);
    }
    bool wants_error = expected.schema_on.starts_with("error ");
    if (plan.ok() && wants_error) {
      // An error of running the query, or one that should have been found here.
      bool analysis = expected.schema_on.ends_with("AnalysisException");
      if (!analysis) {
        ++right;
        return;
      }
    }
    std::string want = expected.schema_on;
    if (wants_error) {
      std::istringstream words(want);
      std::string error, condition;
      words >> error >> condition;
      want = "error " + condition;
    }
    if (want == " ") want = "";
    if (answer == want && (parameters.empty() || parameters == expected.parameters || expected.parameters.empty())) {
      ++right;
      return;
    }
    Note(file, expected, answer + (parameters.empty() ? "" : "\n    " + parameters));
  }

  void Note(const std::string& file, const Statement& expected, const std::string& answer) {
    ++wrong;
    report += file + ": " + expected.sql + "\n  want " + expected.schema_on +
              (expected.parameters.empty() ? "" : "\n    " + expected.parameters) + "\n  have " + answer + "\n\n";
  }

 public:
  std::map<std::string, int> missing;
};

TEST(Recorded, SchemasAndErrors) {
  std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../../tests/sql";
  if (const char* other = std::getenv("FIRESTEEL_RECORDED")) folder = other;
  Recorded recorded;
  ASSERT_TRUE(std::filesystem::exists(folder));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".test") recorded.Run(entry.path());
  }
  for (const auto& [what, count] : recorded.missing)
    recorded.report += "missing " + what + ": " + std::to_string(count) + "\n";
  if (const char* path = std::getenv("FIRESTEEL_REPORT")) std::ofstream(path) << recorded.report;
  std::cout << "recorded: " << recorded.right << " right, " << recorded.wrong << " wrong, " << recorded.skipped
            << " not there yet\n";
  EXPECT_GT(recorded.right, 0);
}

}  // namespace
}  // namespace firesteel::analyzer
