// Golden plans: tests/plans/*.test hold, for each SQL statement, its analyzed tree, its optimized tree and the SQL that DuckDB is given,
// as EXPLAIN EXTENDED finds them. They are ours, not Spark's: a change of plans shows here and is reviewed by eye.
// FIRESTEEL_UPDATE_PLANS=1 build/unit/session_test --gtest_filter='Plans*' writes the files anew.
//
// Blocks are separated by blank lines; a block is a statement, with `--` comments before it, and what follows it:
//   ---- analyzed, ---- optimized, ---- sql     of a query
//   ---- rows                                   the columns of a command's answer; none, no section
//   ---- error CONDITION                        no plan
// Statements have nothing in them that depends on the machine, the user or the version, and no rand(): its calls are counted.
// Each file is a session of its own. {files} is an empty folder that its statements may fill. Ids are numbered in the order of their
// appearance; so are the names of kernels and kept tables, which are hashes.
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>

#include "base/deep_stack.h"
#include "base/text.h"
#include "plan/explain.h"
#include "session/manager.h"
#include "session/pipeline.h"

namespace firesteel::session {
namespace {

namespace fs = std::filesystem;

fs::path PlansFolder() { return fs::read_symlink("/proc/self/exe").parent_path() / "../../tests/plans"; }

constexpr size_t kIdDigitsMin = 4;  // that no position or alias has

struct Block {
  std::string statement;  ///< with its comments
  std::string answer;     ///< from the first "---- " on
};

std::vector<Block> ReadBlocks(const fs::path& path) {
  std::ifstream file(path);
  std::vector<Block> blocks;
  std::string line;
  for (bool between = true; std::getline(file, line); between = line.empty()) {
    if (line.empty()) continue;
    if (between) blocks.emplace_back();
    Block& block = blocks.back();
    const bool answers = !block.answer.empty() || line.starts_with("---- ");
    (answers ? block.answer : block.statement) += line + "\n";
  }
  return blocks;
}

/// What differs between runs and compilers, numbered in the order of its appearance: ids, the aliases of FROM items, hashes.
class Renumbering {
 public:
  std::string operator()(const std::string& text) {
    static const std::regex kName(
        R"((#|\bc|\bcte_|\bfs_l|CTERelation(?:Ref|Def) |\bfs_k|\b[egnrstuv])([0-9]+)|(\bfs_kept_|\bpart-[0-9]+-)([0-9a-f-]+))");
    std::string out;
    size_t last = 0;
    for (std::sregex_iterator it(text.begin(), text.end(), kName), end; it != end; ++it) {
      out.append(text, last, static_cast<size_t>(it->position()) - last);
      out += (*it)[1].matched ? Named((*it)[1], (*it)[2]) : Named((*it)[3], (*it)[4]);
      last = static_cast<size_t>(it->position() + it->length());
    }
    return out + text.substr(last);
  }

 private:
  std::string Named(const std::string& prefix, const std::string& name) {
    if (prefix.starts_with("part-")) return "part-" + Number("part-", name);
    if (prefix.starts_with("fs_k")) return prefix + Number(prefix, name);
    if (name.size() >= kIdDigitsMin) return prefix + Number("id", name);
    // Positions (c0) stay, aliases are numbered.
    return prefix.size() > 1 || prefix == "c" ? prefix + name : prefix + Number("alias", prefix + name);
  }
  std::string Number(const std::string& kind, const std::string& name) {
    auto& numbers = numbers_[kind];
    return std::to_string(numbers.emplace(name, numbers.size() + 1).first->second);
  }

  std::map<std::string, std::map<std::string, size_t>> numbers_;
};

/// The statement for DuckDB with a line for each clause.
std::string Folded(const std::string& sql) {
  static const std::regex kClause(
      R"( (?=(?:FROM|WHERE|GROUP BY|ORDER BY|LIMIT|UNION|INTERSECT|EXCEPT|(?:INNER|LEFT|RIGHT|FULL|CROSS|SEMI|ANTI|ASOF) JOIN) ))");
  return absl::StrReplaceAll(std::regex_replace(sql, kClause, "\n"), {{"DISTINCT\nFROM", "DISTINCT FROM"}});
}

/// What EXPLAIN EXTENDED says between two texts.
std::string Between(const std::string& text, const std::string& begin, const std::string& end) {
  const size_t from = text.find(begin) + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

/// A session and a folder for the statements of one file.
class PlansSession {
 public:
  PlansSession()
      : files_((fs::temp_directory_path() / ("firesteel-plans-" + NewUuid())).string()),
        sessions_({.configuration = {{"spark.sql.session.timeZone", "UTC"}},
                   .work_folder = (fs::temp_directory_path() / "firesteel-test").string()}),
        session_(*sessions_.GetOrCreate({"me", NewUuid()}, "")) {
    fs::create_directories(files_);
  }
  ~PlansSession() { fs::remove_all(files_); }

  std::string Answer(const std::string& statement) {
    std::string answer;
    RunOnDeepStack([&] {
      const auto plans = Plans(absl::StrReplaceAll(statement, {{"{files}", files_}}));
      answer = plans.ok() ? Renumbering()(absl::StrReplaceAll(*plans, {{files_, "{files}"}}))
                          : "---- error " + plans.error().condition() + "\n";
    });
    // Scans of metadata hold the files' times.
    for (const auto& file : fs::recursive_directory_iterator(files_)) fs::last_write_time(file, fs::file_time_type());
    return answer;
  }

 private:
  Result<std::string> Plans(const std::string& statement) {
    unresolved::SqlQuery sql;
    sql.text = statement;
    FS_TRY(const SqlOutcome outcome, RunSql(*session_, sql));
    if (outcome.query == nullptr)
      return outcome.rows->output.empty() ? "" : "---- rows\n" + logical::TreeString(outcome.rows);
    FS_TRY(const std::string text, Explain(*session_, outcome.query, unresolved::ExplainQuery::Mode::kExtended));
    const std::string analyzed = Between(text, "== Analyzed Logical Plan ==\n", "\n== Optimized Logical Plan ==\n");
    const std::string optimized = Between(text, "== Optimized Logical Plan ==\n", "\n== Physical Plan ==\n");
    const std::string query = text.substr(text.rfind("\n\n") + 2);
    return "---- analyzed\n" + analyzed + "---- optimized\n" + optimized + "---- sql\n" + Folded(query);
  }

  const std::string files_;
  SessionManager sessions_;
  const SessionPtr session_;
};

TEST(Plans, AreAsReviewed) {
  while (std::to_string(logical::NewAttributeId()).size() < kIdDigitsMin) {
  }
  const bool updates = std::getenv("FIRESTEEL_UPDATE_PLANS") != nullptr;
  size_t statements = 0;
  for (const auto& entry : fs::directory_iterator(PlansFolder())) {
    if (entry.path().extension() != ".test") continue;
    std::vector<Block> blocks = ReadBlocks(entry.path());
    statements += blocks.size();
    PlansSession session;
    for (Block& block : blocks) {
      const std::string answer = session.Answer(block.statement);
      if (!updates) {
        EXPECT_EQ(answer, block.answer) << entry.path().filename() << "\n" << block.statement;
      }
      block.answer = answer;
    }
    if (!updates) continue;
    std::ofstream file(entry.path());
    for (const Block& block : blocks) file << (&block == blocks.data() ? "" : "\n") << block.statement << block.answer;
  }
  EXPECT_GT(statements, 150u);
}

}  // namespace
}  // namespace firesteel::session
