// What the analyzer asks of a session.
#include "session/environment.h"

#include "arrow/ipc_reader.h"
#include "base/text.h"
#include "session/pipeline.h"
#include "types/type_text.h"

namespace firesteel::session {
namespace {

/// Opens the session's engine only when a file's schema is really asked for.
class LazySources final : public catalog::SourceReader {
 public:
  explicit LazySources(Session& session) : session_(session) {}
  Result<DataType> InferSchema(const std::string& format, const std::vector<std::string>& files,
                               const std::map<std::string, std::string>& options) override {
    FS_TRY(auto engine, session_.OpenEngine());
    return engine->sources().InferSchema(format, files, options);
  }

 private:
  Session& session_;
};

}  // namespace

std::string SessionEnvironment::Configuration(const std::string& key) const {
  return session_.configuration().GetOption(key).value_or("");
}

catalog::SourceReader& SessionEnvironment::sources() {
  if (sources_ == nullptr) sources_ = std::make_unique<LazySources>(session_);
  return *sources_;
}

Result<std::shared_ptr<const LocalTable>> SessionEnvironment::DecodeLocal(const std::string& arrow_ipc,
                                                                          const std::string& schema) {
  std::optional<DataType> type;
  if (!schema.empty()) {
    // Clients send JSON or DDL.
    auto parsed = schema.front() == '{' || schema.front() == '"' ? ParseTypeJson(schema) : ParseSchemaText(schema);
    if (!parsed.ok()) return parsed.error();
    type = std::move(parsed).value();
    if (!type->Is(TypeId::kStruct)) type = DataType::Struct({StructField{.name = "value", .type = *type}});
  }
  return arrow_ipc::ReadIpc(arrow_ipc, type);
}

Result<std::string> SessionEnvironment::CachedArtifact(const std::string& hash) {
  return session_.artifacts().Cached(hash, session_.key().session_id,
                                     session_.configuration().Bytes("spark.sql.session.localRelationChunkSizeLimit"));
}

Result<logical::PlanPtr> SessionEnvironment::CachedRemote(const std::string& relation_id) {
  if (logical::PlanPtr plan = FindCheckpoint(session_, relation_id)) return plan;
  return Error::Condition("CONNECT_INVALID_PLAN.DATAFRAME_NOT_FOUND",
                          {{"dfId", relation_id}, {"sessionId", session_.key().session_id}})
      .As(ErrorClass::kConnect);
}

void SessionEnvironment::RememberScan(int64_t plan_id, const unresolved::ReadSource& source,
                                      std::shared_ptr<const logical::Scan> scan) {
  const class Configuration& configuration = session_.configuration();
  if (!configuration.Boolean("spark.connect.session.planCache.enabled")) return;
  const int64_t count_max = configuration.Integer("spark.connect.session.planCache.maxSize");
  if (count_max > 0)
    session_.known_scans().Add(plan_id, source, settings_, std::move(scan), static_cast<size_t>(count_max));
}

Result<std::vector<std::vector<Value>>> SessionEnvironment::Collect(const logical::PlanPtr& plan, int64_t rows_max) {
  FS_TRY(Running running, Execute(session_, plan));
  std::vector<std::vector<Value>> rows;
  while (true) {
    FS_TRY(const Chunk* chunk, running.stream->Next());
    if (chunk == nullptr) return rows;
    for (size_t row = 0; row < chunk->rows; ++row) {
      if (static_cast<int64_t>(rows.size()) >= rows_max) return Error::Internal("an inner query gave too many rows");
      auto& values = rows.emplace_back();
      for (const auto& column : chunk->columns) values.push_back(column.ValueAt(row));
    }
  }
}

Status SessionEnvironment::ForEachText(const logical::PlanPtr& plan,
                                       const std::function<Result<bool>(std::string_view)>& on_text) {
  FS_TRY(Running running, Execute(session_, plan));
  while (true) {
    FS_TRY(const Chunk* chunk, running.stream->Next());
    if (chunk == nullptr) return {};
    const InputVector& column = chunk->columns[0];
    for (size_t row = 0; row < chunk->rows; ++row) {
      if (column.IsNull(row)) continue;
      FS_TRY(const bool more, on_text(column.StringAt(row)));
      if (!more) return {};
    }
  }
}

Result<std::optional<catalog::TableEntry>> SessionEnvironment::Find(const std::vector<std::string>& name) {
  const bool case_sensitive = settings_->case_sensitive;
  const bool global = name.size() == 2 && EqualsIgnoreCase(name[0], catalog::kGlobalTempDatabase);
  if (name.size() != 1 && !global) return std::optional<catalog::TableEntry>();
  auto view = (global ? session_.global_temp_views() : session_.temp_views()).Find(name.back(), case_sensitive);
  if (!view) return std::optional<catalog::TableEntry>();
  catalog::TableEntry entry{.plan = view->plan, .qualifier = {view->name}};
  if (global) entry.qualifier.insert(entry.qualifier.begin(), std::string(catalog::kGlobalTempDatabase));
  return std::optional(std::move(entry));
}

}  // namespace firesteel::session
