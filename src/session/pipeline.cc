// The stages in order, and what surrounds them: kept plans, observed metrics, the second run for an error in Spark's words.
#include "session/pipeline.h"

#include <algorithm>
#include <functional>
#include <set>

#include "analyzer/analyzer.h"
#include "base/cat.h"
#include "base/text.h"
#include "catalog/file_listing.h"
#include "commands/commands.h"
#include "engine/write_files.h"
#include "functions/function.h"
#include "functions/raises.h"
#include "optimizer/optimizer.h"
#include "physical/query.h"
#include "plan/canonical.h"
#include "plan/explain.h"
#include "plan/rewrite.h"
#include "plan/subqueries.h"
#include "session/environment.h"
#include "session/kept_plans.h"
#include "session/show_string.h"
#include "session/stage_trace.h"
#include "types/memory_vector.h"
#include "types/type_text.h"

namespace firesteel::session {

/// What the pipeline keeps with a session.
class PipelineState {
 public:
  KeptPlans kept;
};

std::shared_ptr<PipelineState> MakePipelineState() { return std::make_shared<PipelineState>(); }

namespace {

/// Whether the plan has an AND or OR behind whose first term something may raise an error: the first run computes all terms.
bool MayLookTooFar(const logical::PlanPtr& plan) {
  bool found = false;
  logical::ForEachExpression(*plan, [&](const logical::ExprPtr& expr) {
    found = found || logical::Any(expr, [](const logical::Expr& e) {
              const auto* call = std::get_if<logical::Call>(&e.node);
              return call != nullptr && (call->function->name == "and" || call->function->name == "or") &&
                     functions::MayRaise(*call->arguments[1]);
            });
  });
  const auto inputs = logical::Inputs(*plan);
  return found || std::ranges::any_of(inputs, MayLookTooFar);
}

/// Whether a second run would find better words for the error, or that there is none: data exceptions (overflow, division by zero, bad
/// casts) and subqueries of too many rows that do not say yet where in the query they happened, or need not have happened.
bool NeedsSecondRun(const Error& error, const logical::PlanPtr& plan) {
  if (!error.sql_state().starts_with("22") && !error.sql_state().starts_with("21")) return false;
  const bool has_origin = error.origin().FromSql() || error.origin().FromDataFrame();
  return !has_origin || MayLookTooFar(plan);
}

/// The text that runtime errors of the plan point into.
std::shared_ptr<const SqlText> TextOf(const logical::PlanPtr& plan) {
  if (plan->origin.sql != nullptr) return plan->origin.sql;
  std::shared_ptr<const SqlText> text;
  logical::ForEachExpression(*plan, [&](const logical::ExprPtr& expr) {
    if (text == nullptr) text = expr->origin.sql;
  });
  if (text != nullptr) return text;
  for (const auto& input : logical::Inputs(*plan)) {
    if ((text = TextOf(input)) != nullptr) return text;
  }
  return nullptr;
}

/// Runs fast first: DuckDB's own arithmetic, narrow decimals. When that fails over the data before any row was given out, the statement
/// is generated again with kernels that know Spark's words for the error (or find that there is none).
class CarefulStream final : public engine::ResultStream {
 public:
  CarefulStream(std::shared_ptr<engine::Engine> engine, logical::PlanPtr plan, physical::Options options,
                std::shared_ptr<const SqlText> text)
      : engine_(std::move(engine)), plan_(std::move(plan)), options_(std::move(options)), text_(std::move(text)) {}

  Status Start() {
    FS_TRY(physical::Query query, Stage(physical::Generate(plan_, options_)));
    query.text = text_;
    FS_TRY(auto stream, Stage(engine_->Execute(query)));
    std::lock_guard lock(mutex_);
    stream_ = std::move(stream);
    if (interrupted_) stream_->Interrupt();
    return {};
  }

  Result<const Chunk*> Next() override {
    auto chunk = stream_->Next();
    if (chunk.ok()) {
      given_ = given_ || *chunk != nullptr;
      return chunk;
    }
    const Error& error = chunk.error();
    if (options_.precise_errors || !NeedsSecondRun(error, plan_)) return chunk;
    const Error first = error;
    options_.MakeCareful();
    FS_CHECK(Start());
    if (!given_) return stream_->Next();
    // Rows are out already: only the error may still change.
    while (true) {
      auto again = stream_->Next();
      if (!again.ok()) return again;
      if (*again == nullptr) return first;
    }
  }

  void Interrupt() override {
    std::lock_guard lock(mutex_);
    interrupted_ = true;
    if (stream_ != nullptr) stream_->Interrupt();
  }

  double Progress() const override {
    std::lock_guard lock(mutex_);
    return stream_ == nullptr ? -1 : stream_->Progress();
  }
  std::vector<engine::OperatorRows> Operators() const override { return stream_->Operators(); }

 private:
  std::shared_ptr<engine::Engine> engine_;
  logical::PlanPtr plan_;
  physical::Options options_;
  std::shared_ptr<const SqlText> text_;
  mutable std::mutex mutex_;  // guards stream_'s replacement against Interrupt and Progress
  std::unique_ptr<engine::ResultStream> stream_;
  bool interrupted_ = false;
  bool given_ = false;
};

/// show(): the input's rows as one text.
class ShowStream final : public engine::ResultStream {
 public:
  ShowStream(std::unique_ptr<engine::ResultStream> input, logical::ShowString show, std::vector<std::string> header)
      : input_(std::move(input)), show_(std::move(show)), text_(TypeId::kString, 1) {
    shown_.header = std::move(header);
  }

  Result<const Chunk*> Next() override {
    if (done_) return nullptr;
    done_ = true;
    while (true) {
      FS_TRY(const Chunk* chunk, input_->Next());
      if (chunk == nullptr) break;
      for (size_t row = 0; row < chunk->rows; ++row) {
        if (shown_.rows.size() >= static_cast<size_t>(std::max(show_.rows, 0))) {
          shown_.has_more = true;
          continue;
        }
        auto& cells = shown_.rows.emplace_back();
        for (const auto& column : chunk->columns)
          cells.push_back(column.IsNull(row) ? "NULL" : EscapeMetaCharacters(column.StringAt(row)));
      }
    }
    const std::string text = show_.html       ? ShowHtml(shown_, show_.truncate)
                             : show_.vertical ? ShowVertical(shown_, show_.truncate)
                                              : ShowRows(shown_, show_.truncate);
    text_.SetString(0, text);
    chunk_.rows = 1;
    chunk_.columns = {text_.View()};
    return &chunk_;
  }

  void Interrupt() override { input_->Interrupt(); }
  double Progress() const override { return input_->Progress(); }
  std::vector<engine::OperatorRows> Operators() const override { return input_->Operators(); }

 private:
  std::unique_ptr<engine::ResultStream> input_;
  logical::ShowString show_;
  ShownRows shown_;
  MemoryVector text_;
  Chunk chunk_;
  bool done_ = false;
};

physical::Options OptionsOf(const Settings& settings) {
  return {.time_zone = settings.time_zone, .map_keys_last_win = settings.map_keys_last_win, .narrow_decimals = true};
}

/// As CarefulStream for plans whose rows go to no client: `run` is called once or twice.
Status RunCarefully(const logical::PlanPtr& plan, const Settings& settings, const std::shared_ptr<const SqlText>& text,
                    const std::function<Status(const physical::Query&)>& run) {
  physical::Options options = OptionsOf(settings);
  const auto attempt = [&]() -> Status {
    FS_TRY(physical::Query query, Stage(physical::Generate(plan, options)));
    query.text = text;
    return Stage(run(query));
  };
  const Status status = attempt();
  if (status.ok() || !NeedsSecondRun(status.error(), plan)) return status;
  options.MakeCareful();
  return attempt();
}

Result<logical::PlanPtr> Prepare(Session& session, engine::Engine& engine, const logical::PlanPtr& plan);

/// Computes the checkpoints that a plan reads and that are not there yet: those that were not asked for at once.
Status KeepCheckpoints(Session& session, engine::Engine& engine, const logical::PlanPtr& plan) {
  if (const auto* cached = std::get_if<logical::CachedTable>(&plan->node)) {
    if (!KeptPlans::IsCheckpoint(*cached) || engine.Has(cached->table)) return {};
    FS_TRY(logical::PlanPtr kept, Prepare(session, engine, cached->plan));
    return RunCarefully(kept, *session.configuration().settings(), TextOf(cached->plan),
                        [&](const physical::Query& query) { return engine.Keep(cached->table, query); });
  }
  for (const auto& input : logical::Inputs(*plan)) FS_CHECK(KeepCheckpoints(session, engine, input));
  return logical::ForEachSubquery(
      *plan, [&](const logical::Subquery& subquery) { return KeepCheckpoints(session, engine, subquery.plan); });
}

/// The optimized plan, with every kept plan that it uses in place.
Result<logical::PlanPtr> Prepare(Session& session, engine::Engine& engine, const logical::PlanPtr& plan) {
  const auto settings = session.configuration().settings();
  if (session.pipeline_state().kept.HasCheckpoints()) FS_CHECK(KeepCheckpoints(session, engine, plan));
  std::vector<KeptPlans::Use> uses;
  FS_TRY(logical::PlanPtr ready,
         Stage(optimizer::Optimize(session.pipeline_state().kept.Replace(plan, uses), *settings)));
  for (const auto& use : uses) {
    if (engine.Has(use.table)) continue;
    FS_TRY(logical::PlanPtr kept, Stage(optimizer::Optimize(use.plan, *settings)));
    FS_CHECK(RunCarefully(kept, *settings, TextOf(use.plan),
                          [&](const physical::Query& query) { return engine.Keep(use.table, query); }));
  }
  return ready;
}

Result<std::unique_ptr<engine::ResultStream>> StartPlan(Session& session, const logical::PlanPtr& plan) {
  if (const auto* show = std::get_if<logical::ShowString>(&plan->node)) {
    std::vector<std::string> header;
    for (const auto& column : show->input->output) header.push_back(EscapeMetaCharacters(column.name));
    FS_TRY(auto input, StartPlan(session, show->input));
    return std::unique_ptr<engine::ResultStream>(
        std::make_unique<ShowStream>(std::move(input), *show, std::move(header)));
  }
  FS_TRY(auto engine, Stage(session.OpenEngine()));
  FS_TRY(logical::PlanPtr ready, Stage(Prepare(session, *engine, plan)));
  physical::Options options = OptionsOf(*session.configuration().settings());
  auto stream = std::make_unique<CarefulStream>(std::move(engine), std::move(ready), std::move(options), TextOf(plan));
  FS_CHECK(Stage(stream->Start()));
  return std::unique_ptr<engine::ResultStream>(std::move(stream));
}

/// One row of values for each observe() in the plan.
Status Observe(Session& session, const logical::PlanPtr& plan, std::vector<ObservedMetrics>& all) {
  for (const auto& input : logical::Inputs(*plan)) FS_CHECK(Observe(session, input, all));
  const auto* metrics = std::get_if<logical::CollectMetrics>(&plan->node);
  if (metrics == nullptr) return {};
  // A frame that is read twice is observed once.
  if (std::ranges::any_of(all, [&](const ObservedMetrics& other) { return other.name == metrics->name; })) return {};
  ObservedMetrics observed{.name = metrics->name, .plan_id = metrics->plan_id, .keys = {}, .values = {}, .types = {}};
  std::vector<logical::Attribute> output;
  for (const auto& expr : metrics->metrics) {
    const auto& alias = std::get<logical::Alias>(expr->node);
    output.push_back(alias.output);
    observed.keys.push_back(alias.output.name);
    observed.types.push_back(alias.output.type);
  }
  logical::Aggregate aggregate;
  aggregate.input = metrics->input;
  aggregate.aggregates = metrics->metrics;
  FS_TRY(auto rows, SessionEnvironment(session).Collect(logical::MakePlan(std::move(aggregate), std::move(output)), 1));
  observed.values = std::move(rows.at(0));
  all.push_back(std::move(observed));
  return {};
}

}  // namespace

Result<logical::PlanPtr> Analyze(Session& session, const unresolved::RelationPtr& relation) {
  SessionEnvironment environment(session);
  return Stage(analyzer::Analyze(relation, environment, *session.configuration().parser_options()));
}

Result<Running> Execute(Session& session, const logical::PlanPtr& plan) {
  Running running{.schema = logical::Schema(*plan), .stream = nullptr, .metrics = {}};
  FS_CHECK(Stage(Observe(session, plan, running.metrics)));
  FS_TRY(running.stream, Stage(StartPlan(session, plan)));
  return running;
}

Result<CommandOutcome> RunCommand(Session& session, const unresolved::Command& command) {
  SessionCommands context(session);
  FS_TRY(logical::PlanPtr rows, Stage(commands::Run(command, context)));
  return CommandOutcome{.rows = std::move(rows), .metrics = context.TakeMetrics()};
}

Result<std::string> Explain(Session& session, const unresolved::RelationPtr& relation,
                            unresolved::ExplainQuery::Mode mode) {
  using Mode = unresolved::ExplainQuery::Mode;
  FS_TRY(logical::PlanPtr analyzed, Analyze(session, relation));
  FS_TRY(auto engine, session.OpenEngine());
  std::vector<KeptPlans::Use> uses;
  FS_TRY(logical::PlanPtr optimized, optimizer::Optimize(session.pipeline_state().kept.Replace(analyzed, uses),
                                                         *session.configuration().settings()));
  const logical::PlanPtr runs = std::holds_alternative<logical::ShowString>(optimized->node)
                                    ? std::get<logical::ShowString>(optimized->node).input
                                    : optimized;
  FS_TRY(physical::Query query, physical::Generate(runs, OptionsOf(*session.configuration().settings())));
  std::string physical;
  if (uses.empty()) {
    FS_TRY(physical, engine->Explain(query));
    physical += "\n";
  }
  for (const auto& use : uses) {  // their tables may not be there yet, so that the engine can't explain them
    std::string columns;
    for (const auto& column : use.plan->output) Append(columns, columns.empty() ? "" : ", ", column.name);
    Append(physical, "InMemoryTableScan [", columns, "]\n");
  }
  const std::string text = Cat("== Physical Plan ==\n", physical, "\n", query.sql, "\n");
  if (mode != Mode::kExtended) return text;
  std::string columns;
  for (const auto& column : analyzed->output)
    Append(columns, columns.empty() ? "" : ", ", column.name, ": ", TypeSimpleString(column.type));
  return Cat("== Parsed Logical Plan ==\n", unresolved::TreeString(relation), "\n== Analyzed Logical Plan ==\n",
             columns, "\n", logical::TreeString(analyzed), "\n== Optimized Logical Plan ==\n",
             logical::TreeString(optimized), "\n", text);
}

Status Persist(Session& session, const unresolved::RelationPtr& relation, const StorageLevel& level) {
  FS_TRY(logical::PlanPtr plan, Analyze(session, relation));
  session.pipeline_state().kept.Mark(plan, level);
  return {};
}

Status Unpersist(Session& session, const unresolved::RelationPtr& relation) {
  FS_TRY(logical::PlanPtr plan, Analyze(session, relation));
  return SessionCommands(session).Unpersist(plan);
}

Result<std::optional<StorageLevel>> StorageLevelOf(Session& session, const unresolved::RelationPtr& relation) {
  FS_TRY(logical::PlanPtr plan, Analyze(session, relation));
  return session.pipeline_state().kept.Find(plan);
}

Result<std::string> Checkpoint(Session& session, const logical::PlanPtr& plan, bool eager) {
  std::string id = NewUuid();
  KeptPlans& kept = session.pipeline_state().kept;
  kept.AddCheckpoint(id, plan);
  session.KeepEngineOpen(true);
  if (!eager) return id;
  FS_TRY(auto engine, session.OpenEngine());
  Status status = KeepCheckpoints(session, *engine, kept.FindCheckpoint(id));
  if (status.ok()) return id;
  FS_CHECK(RemoveCheckpoint(session, id));
  return status.error();
}

Status RemoveCheckpoint(Session& session, const std::string& id) {
  KeptPlans& kept = session.pipeline_state().kept;
  const std::string table = kept.RemoveCheckpoint(id);
  if (table.empty()) return {};
  session.KeepEngineOpen(kept.HasCheckpoints());
  FS_TRY(auto engine, session.OpenEngine());
  engine->Forget(table);
  return {};
}

logical::PlanPtr FindCheckpoint(Session& session, const std::string& id) {
  return session.pipeline_state().kept.FindCheckpoint(id);
}

Result<std::string> CanonicalText(Session& session, const unresolved::RelationPtr& relation) {
  FS_TRY(logical::PlanPtr plan, Analyze(session, relation));
  return logical::PlanIdentity(plan);
}

Result<std::vector<std::string>> InputFiles(Session& session, const unresolved::RelationPtr& relation) {
  FS_TRY(logical::PlanPtr plan, Analyze(session, relation));
  std::set<std::string> files;
  std::vector<logical::PlanPtr> pending = {plan};
  while (!pending.empty()) {
    const logical::PlanPtr next = pending.back();
    pending.pop_back();
    if (const auto* scan = std::get_if<logical::Scan>(&next->node)) {
      const bool partitioned = !scan->partition_schema.fields().empty();
      FS_TRY(std::vector<std::string> found, catalog::InputFiles(scan->root_paths, scan->options, partitioned));
      files.insert(found.begin(), found.end());
    }
    for (const auto& input : logical::Inputs(*next)) pending.push_back(input);
  }
  return std::vector<std::string>(files.begin(), files.end());
}

// ---------------------------------------------------------------- of SessionCommands: what runs plans
Status SessionCommands::Persist(const logical::PlanPtr& plan, bool lazy) {
  session_.pipeline_state().kept.Mark(plan, {});
  if (lazy) return {};
  logical::Limit none{.input = plan, .limit = 0};
  FS_TRY(Running running, Execute(session_, logical::MakePlan(std::move(none), plan->output)));
  return {};
}

Status SessionCommands::Unpersist(const logical::PlanPtr& plan) {
  const std::string table = session_.pipeline_state().kept.Unmark(plan);
  if (table.empty()) return {};
  FS_TRY(auto engine, session_.OpenEngine());
  engine->Forget(table);
  return {};
}

bool SessionCommands::IsPersisted(const logical::PlanPtr& plan) { return session_.pipeline_state().kept.Has(plan); }

void SessionCommands::UnpersistAll() {
  const auto tables = session_.pipeline_state().kept.UnmarkAll();
  if (tables.empty()) return;
  auto engine = session_.OpenEngine();
  if (!engine.ok()) return;
  for (const auto& table : tables) (*engine)->Forget(table);
}

namespace {

/// Spark computes kept plans anew when the session writes to the files that they read, and looks these up again. Frames that are not kept
/// go on with the files that they know.
Status ForgetReaders(Session& session, engine::Engine& engine, const std::string& path) {
  FS_TRY(std::string folder, catalog::LocalPath(path));
  folder += '/';
  const auto reads = [&](const logical::Scan& scan) {
    return std::ranges::any_of(scan.files, [&](const std::string& file) { return file.starts_with(folder); });
  };
  const std::vector<std::string> tables = session.pipeline_state().kept.UnmarkReaders(reads);
  for (const std::string& table : tables) engine.Forget(table);
  if (!tables.empty()) session.known_scans().ForgetIf(reads);
  return {};
}

}  // namespace

Status SessionCommands::Write(const logical::PlanPtr& plan, const unresolved::WriteFiles& write,
                              bool keeps_other_partitions) {
  const auto settings = session_.configuration().settings();
  FS_CHECK(Observe(session_, plan, metrics_));
  FS_TRY(auto engine, session_.OpenEngine());
  FS_TRY(logical::PlanPtr ready, Prepare(session_, *engine, plan));
  engine::WriteRequest request;
  request.format = write.format;
  request.path = write.path;
  for (const auto& [key, value] : write.options) request.options[Lower(key)] = value;
  request.partition_by = write.partition_by;
  if (write.mode == unresolved::SaveMode::kOverwrite)
    request.replaces = keeps_other_partitions ? engine::Replaces::kPartitions : engine::Replaces::kEverything;
  request.time_zone = settings->time_zone;
  const Status written = RunCarefully(ready, *settings, TextOf(plan), [&](const physical::Query& query) -> Status {
    if (request.format != "noop") return engine::WriteFiles(*engine, query, request);
    FS_TRY(auto stream, engine->Execute(query));
    while (true) {
      FS_TRY(const Chunk* chunk, stream->Next());
      if (chunk == nullptr) return {};
    }
  });
  if (written.ok() && request.format != "noop") FS_CHECK(ForgetReaders(session_, *engine, request.path));
  return written;
}

}  // namespace firesteel::session
