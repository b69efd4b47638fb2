// libFuzzer's entry: any bytes as a Plan message must be decoded, analyzed, optimized and turned into a statement for the engine, or
// give an error. Nothing is run and no file's schema is read. See ./dev fuzz.
#include <google/protobuf/arena.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <cstddef>
#include <cstdint>

#include "analyzer/analyzer.h"
#include "analyzer/test_environment.h"
#include "base/deep_stack.h"
#include "optimizer/optimizer.h"
#include "physical/query.h"
#include "plan/canonical.h"
#include "plan/explain.h"
#include "proto/plan.h"

namespace firesteel {
namespace {

class NoSources final : public catalog::SourceReader {
 public:
  Result<DataType> InferSchema(const std::string&, const std::vector<std::string>&,
                               const std::map<std::string, std::string>&) override {
    return Error::Unsupported("files");
  }
};

class Environment final : public analyzer::TestEnvironment {
 public:
  catalog::SourceReader& sources() override { return sources_; }

 private:
  NoSources sources_;
};

void Plan(const unresolved::RelationPtr& relation) {
  Environment environment;
  (void)unresolved::TreeString(relation);
  auto analyzed = analyzer::Analyze(relation, environment, {});
  if (!analyzed.ok()) return;
  (void)logical::PlanIdentity(*analyzed);
  (void)logical::TreeString(*analyzed);
  auto optimized = optimizer::Optimize(*analyzed, environment.settings());
  if (optimized.ok()) (void)physical::Generate(*optimized, {.narrow_decimals = true});
}

void Run(const uint8_t* data, size_t size) {
  google::protobuf::Arena arena;
  auto* message = google::protobuf::Arena::CreateMessage<spark::connect::Plan>(&arena);
  google::protobuf::io::ArrayInputStream stream(data, static_cast<int>(size));
  const proto::PlanLimits limits{.plan_bytes_max = 1 << 20};
  if (!proto::ParseMessage(stream, limits.nesting_max, *message).ok()) return;
  auto plan = proto::PlanFromProto(*message, limits);
  if (!plan.ok()) return;
  if (const auto* relation = std::get_if<unresolved::RelationPtr>(&plan->node)) return Plan(*relation);
  if (const auto* statement = std::get_if<proto::SqlStatement>(&plan->node)) {
    auto parsed = sql::ParseStatement(statement->query.text, {});
    if (!parsed.ok()) return;
    if (const auto* query = std::get_if<unresolved::RelationPtr>(&parsed->node)) Plan(*query);
  }
}

}  // namespace
}  // namespace firesteel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  firesteel::RunOnDeepStack([&] { firesteel::Run(data, size); });
  return 0;
}
