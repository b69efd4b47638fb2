// What commands ask of a session.
#include "plan/logical.h"
#include "session/environment.h"
#include "session/pipeline.h"

namespace firesteel::session {

Result<logical::PlanPtr> SessionCommands::Analyze(const unresolved::RelationPtr& relation) {
  return session::Analyze(session_, relation);
}

Result<std::string> SessionCommands::Explain(const unresolved::RelationPtr& relation,
                                             unresolved::ExplainQuery::Mode mode) {
  return session::Explain(session_, relation, mode);
}

Result<std::optional<logical::PlanPtr>> SessionCommands::FindTable(const unresolved::Name& name) {
  SessionEnvironment environment(session_);
  FS_TRY(auto entry, environment.Find(name));
  if (!entry) return std::optional<logical::PlanPtr>();
  return std::optional(entry->plan);
}

std::vector<commands::ConfigurationEntry> SessionCommands::AllConfiguration(bool defaults) {
  std::map<std::string, commands::ConfigurationEntry> entries;
  if (defaults) {
    for (const auto& known : ConfigurationTable()) {
      if (!known.is_public) continue;
      std::string key(known.key);
      entries[key] = {.key = key,
                      .value = session_.configuration().GetOption(key).value_or("<undefined>"),
                      .doc = std::string(known.doc),
                      .since = std::string(known.version)};
    }
  } else {
    for (auto& [key, value] : session_.configuration().All())
      entries[key] = {.key = key, .value = value, .doc = {}, .since = {}};
  }
  std::vector<commands::ConfigurationEntry> all;
  for (auto& [key, entry] : entries) all.push_back(std::move(entry));
  return all;
}

}  // namespace firesteel::session
