#pragma once
// The session as the analyzer and the commands see it.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/context.h"
#include "relations/environment.h"
#include "session/pipeline.h"
#include "session/session.h"

namespace firesteel::session {

/// Lives for one statement: settings are read once, so that a statement sees one state of them.
class SessionEnvironment final : public relations::Environment, public catalog::Catalog {
 public:
  explicit SessionEnvironment(Session& session) : session_(session), settings_(session.configuration().settings()) {}

  const Settings& settings() const override { return *settings_; }
  std::string Configuration(const std::string& key) const override;
  catalog::Catalog& catalog() override { return *this; }
  catalog::SourceReader& sources() override;
  Result<std::shared_ptr<const LocalTable>> DecodeLocal(const std::string& arrow_ipc,
                                                        const std::string& schema) override;
  Result<std::string> CachedArtifact(const std::string& hash) override;
  Result<logical::PlanPtr> CachedRemote(const std::string& relation_id) override;
  std::shared_ptr<const logical::Scan> KnownScan(int64_t plan_id, const unresolved::ReadSource& source) override {
    return session_.known_scans().Find(plan_id, source, settings_);
  }
  void RememberScan(int64_t plan_id, const unresolved::ReadSource& source,
                    std::shared_ptr<const logical::Scan> scan) override;
  Result<std::vector<std::vector<Value>>> Collect(const logical::PlanPtr& plan, int64_t rows_max) override;
  Status ForEachText(const logical::PlanPtr& plan,
                     const std::function<Result<bool>(std::string_view)>& on_text) override;

  Result<std::optional<catalog::TableEntry>> Find(const std::vector<std::string>& name) override;
  std::optional<catalog::Variable> FindVariable(const std::string& name) override {
    return session_.variables().Find(name);
  }
  std::string current_catalog() const override { return "spark_catalog"; }
  std::string current_database() const override { return "default"; }
  std::string current_user() const override { return session_.key().user_id; }

 private:
  Session& session_;
  std::shared_ptr<const Settings> settings_;
  std::unique_ptr<catalog::SourceReader> sources_;
};

class SessionCommands final : public commands::Context {
 public:
  explicit SessionCommands(Session& session) : session_(session), settings_(session.configuration().settings()) {}

  const Settings& settings() const override { return *settings_; }
  Result<logical::PlanPtr> Analyze(const unresolved::RelationPtr& relation) override;
  Result<std::string> Explain(const unresolved::RelationPtr& relation, unresolved::ExplainQuery::Mode mode) override;
  Result<std::optional<logical::PlanPtr>> FindTable(const unresolved::Name& name) override;
  catalog::TempViews& views() override { return session_.temp_views(); }
  catalog::TempViews& global_views() override { return session_.global_temp_views(); }
  catalog::Variables& variables() override { return session_.variables(); }
  Result<std::vector<std::vector<Value>>> Collect(const logical::PlanPtr& plan, int64_t rows_max) override {
    return SessionEnvironment(session_).Collect(plan, rows_max);
  }
  std::optional<std::string> Configuration(const std::string& key) override {
    return session_.configuration().GetOption(key);
  }
  Status SetConfiguration(const std::string& key, const std::string& value) override {
    return session_.configuration().Set(key, value);
  }
  Status ResetConfiguration(const std::string& key) override { return session_.configuration().Unset(key); }
  void ResetAllConfiguration() override { session_.configuration().Reset(session_.options().configuration); }
  std::vector<commands::ConfigurationEntry> AllConfiguration(bool defaults) override;
  Status Persist(const logical::PlanPtr& plan, bool lazy) override;
  Status Unpersist(const logical::PlanPtr& plan) override;
  void UnpersistAll() override;
  bool IsPersisted(const logical::PlanPtr& plan) override;
  Status Write(const logical::PlanPtr& plan, const unresolved::WriteFiles& write, bool keeps_other_partitions) override;

  /// What the plans that were written have been observed with.
  std::vector<ObservedMetrics> TakeMetrics() { return std::move(metrics_); }

 private:
  Session& session_;
  std::shared_ptr<const Settings> settings_;
  std::vector<ObservedMetrics> metrics_;
};

}  // namespace firesteel::session
