#pragma once
// For tests: an environment with temporary views and nothing else; SQL text to plans in it.
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "analyzer/analyzer.h"
#include "base/text.h"
#include "plan/rewrite.h"
#include "relations/environment.h"
#include "sql/parser.h"

namespace firesteel::analyzer {

class TestCatalog : public catalog::Catalog {
 public:
  std::map<std::string, logical::PlanPtr> views;  ///< by lower-case name
  Result<std::optional<catalog::TableEntry>> Find(const std::vector<std::string>& name) override {
    auto it = views.find(Lower(name.back()));
    if (it == views.end() || (name.size() > 1 && Lower(name[0]) != "global_temp"))
      return std::optional<catalog::TableEntry>();
    return std::optional<catalog::TableEntry>(catalog::TableEntry{it->second, {Lower(name.back())}});
  }
  std::string current_catalog() const override { return "spark_catalog"; }
  std::string current_database() const override { return "default"; }
  std::string current_user() const override { return "test"; }
};

class TestEnvironment : public relations::Environment {
 public:
  Settings settings_;
  TestCatalog catalog_;
  const Settings& settings() const override { return settings_; }
  std::string Configuration(const std::string&) const override { return {}; }
  catalog::Catalog& catalog() override { return catalog_; }
  catalog::SourceReader& sources() override { std::abort(); }
  Result<std::shared_ptr<const LocalTable>> DecodeLocal(const std::string&, const std::string&) override {
    return Error::Unsupported("local rows in this test");
  }
  Result<std::string> CachedArtifact(const std::string&) override {
    return Error::Unsupported("artifacts in this test");
  }
  Result<logical::PlanPtr> CachedRemote(const std::string&) override {
    return Error::Unsupported("kept plans in this test");
  }
  Result<std::vector<std::vector<Value>>> Collect(const logical::PlanPtr&, int64_t) override {
    return Error::Unsupported("running queries in this test");
  }
};

/// Ids in the order of their appearance.
inline std::string Renumbered(const std::string& text) {
  static const std::regex kId("#([0-9]+)");
  std::map<std::string, int> numbers;
  std::string out;
  auto begin = std::sregex_iterator(text.begin(), text.end(), kId);
  size_t last = 0;
  for (auto it = begin; it != std::sregex_iterator(); ++it) {
    out += text.substr(last, it->position() - last);
    auto [entry, added] = numbers.emplace((*it)[1], static_cast<int>(numbers.size()));
    out += "#" + std::to_string(entry->second);
    last = it->position() + it->length();
  }
  return out + text.substr(last);
}

inline Result<logical::PlanPtr> AnalyzeSql(const std::string& sql, TestEnvironment& environment) {
  auto relation = sql::ParseQuery(sql, {});
  if (!relation.ok()) return relation.error();
  return Analyze(relation.value(), environment, {});
}

}  // namespace firesteel::analyzer
