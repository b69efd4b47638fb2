// The engine of one session.
#include "engine/engine.h"

#include "engine/duckdb_vectors.h"
#include "engine/errors.h"
#include "engine/instance.h"
#include "engine/memory_budget.h"
#include "engine/source_schemas.h"
#include "engine/statement.h"

namespace firesteel::engine {
namespace {

// DuckDB can't take functions out again: a database that has seen this many kernels is exchanged for a new one as soon as
// nothing else needs it. At about 1 KB each.
constexpr size_t kKernelsMax = 20'000;

std::string Quoted(const std::string& name) {
  std::string out = "\"";
  for (char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

class DuckDbEngine final : public Engine {
 public:
  DuckDbEngine(const EngineOptions& options, std::shared_ptr<Instance> instance)
      : options_(options),
        instance_(std::move(instance)),
        sources_(MakeSourceReader([this](const physical::Query& query) { return Execute(query); })) {}

  Result<std::unique_ptr<ResultStream>> Execute(const physical::Query& query) override {
    std::vector<DataType> types;
    for (const logical::Attribute& attribute : query.output) types.push_back(attribute.type);
    return Begin(query, query.sql, std::move(types), {});
  }

  Status Keep(const std::string& name, const physical::Query& query) override {
    FS_TRY(std::unique_ptr<ResultStream> stream, StartKeep(name, query));
    while (true) {
      FS_TRY(const Chunk* chunk, stream->Next());
      if (chunk == nullptr) return {};
    }
  }

  Result<std::unique_ptr<ResultStream>> StartKeep(const std::string& name, const physical::Query& query) override {
    std::string columns;
    for (size_t i = 0; i < query.output.size(); ++i) columns += (i > 0 ? ", c" : "c") + std::to_string(i);
    std::string sql = "CREATE OR REPLACE TABLE " + Quoted(name) + " AS SELECT * FROM (" + query.sql + ") AS t";
    if (!columns.empty()) sql += "(" + columns + ")";
    FS_TRY(std::shared_ptr<Instance> instance, Current());
    return Begin(query, std::move(sql), {}, [instance, name] {
      std::lock_guard lock(instance->kept_mutex);
      instance->kept.insert(name);
    });
  }

  void Forget(const std::string& name) override {
    std::shared_ptr<Instance> instance = instance_now();
    {
      std::lock_guard lock(instance->kept_mutex);
      if (instance->kept.erase(name) == 0) return;
    }
    // A statement that still reads the table goes on with its own view of the catalog.
    if (auto connection = instance->Connect(); connection.ok()) {
      if (Run(connection->get(), "DROP TABLE IF EXISTS " + Quoted(name)).ok())
        instance->GiveBack(std::move(*connection));
    }
  }

  bool Has(const std::string& name) override {
    std::shared_ptr<Instance> instance = instance_now();
    std::lock_guard lock(instance->kept_mutex);
    return !instance->broken() && instance->kept.contains(name);
  }

  Result<std::string> Explain(const physical::Query& query) override {
    const DataType text{TypeId::kString};
    FS_TRY(std::unique_ptr<ResultStream> rows, Begin(query, "EXPLAIN " + query.sql, {text, text}, {}));
    std::string plan;
    while (true) {
      FS_TRY(const Chunk* chunk, rows->Next());
      if (chunk == nullptr) return plan;
      for (size_t row = 0; row < chunk->rows; ++row) plan += chunk->columns[1].StringAt(row);
    }
  }

  catalog::SourceReader& sources() override { return *sources_; }

 private:
  std::shared_ptr<Instance> instance_now() {
    std::lock_guard lock(mutex_);
    return instance_;
  }

  // The database, a new one if the old one is broken or worn out.
  Result<std::shared_ptr<Instance>> Current() {
    std::lock_guard lock(mutex_);
    bool exchange = instance_->broken();
    if (!exchange && instance_.use_count() == 1 && instance_->kernel_count() > kKernelsMax) {
      std::lock_guard kept_lock(instance_->kept_mutex);
      exchange = instance_->kept.empty();
    }
    if (exchange) {
      FS_TRY(instance_, Instance::Open(options_));
    }
    return instance_;
  }

  Result<std::unique_ptr<ResultStream>> Begin(const physical::Query& query, std::string sql,
                                              std::vector<DataType> types, std::function<void()> done) {
    FS_TRY(std::shared_ptr<Instance> instance, Current());
    FS_TRY(Connection connection, instance->Connect());
    FS_CHECK(instance->Register(connection.get(), query.kernels));
    std::vector<std::shared_ptr<const void>> tables;
    for (const physical::TableUse& table : query.tables) {
      tables.push_back(instance->local_tables().Add(table.name, table.table));
    }
    auto statement = std::make_unique<Statement>(instance, std::move(connection), std::move(sql), std::move(types),
                                                 query.text, std::move(tables), query.parquet_files, std::move(done));
    MemoryBudget::Get().Admit(*instance);
    return std::unique_ptr<ResultStream>(std::move(statement));
  }

  const EngineOptions options_;
  std::mutex mutex_;
  std::shared_ptr<Instance> instance_;
  std::unique_ptr<catalog::SourceReader> sources_;
};

}  // namespace

Result<std::unique_ptr<Engine>> Engine::Open(const EngineOptions& options) {
  FS_TRY(std::shared_ptr<Instance> instance, Instance::Open(options));
  return std::unique_ptr<Engine>(std::make_unique<DuckDbEngine>(options, std::move(instance)));
}

}  // namespace firesteel::engine
