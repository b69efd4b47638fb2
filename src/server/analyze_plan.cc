// AnalyzePlan: questions about plans that are not run.
#include "proto/from_proto.h"
#include "proto/type_proto.h"
#include "server/service.h"
#include "session/pipeline.h"
#include "session/stage_trace.h"
#include "types/type_text.h"

namespace firesteel::server {

namespace {

using connect::AnalyzePlanRequest;
using connect::AnalyzePlanResponse;
using Mode = unresolved::ExplainQuery::Mode;

constexpr const char* kSparkVersion = "4.2.0";

Result<Mode> ModeOf(AnalyzePlanRequest::Explain::ExplainMode mode) {
  switch (mode) {
    case AnalyzePlanRequest::Explain::EXPLAIN_MODE_SIMPLE:
      return Mode::kSimple;
    case AnalyzePlanRequest::Explain::EXPLAIN_MODE_EXTENDED:
      return Mode::kExtended;
    case AnalyzePlanRequest::Explain::EXPLAIN_MODE_CODEGEN:
      return Mode::kCodegen;
    case AnalyzePlanRequest::Explain::EXPLAIN_MODE_COST:
      return Mode::kCost;
    case AnalyzePlanRequest::Explain::EXPLAIN_MODE_FORMATTED:
      return Mode::kFormatted;
    default:
      return Error::Condition("CONNECT_INVALID_PLAN.INVALID_ENUM",
                              {{"fullName", AnalyzePlanRequest::Explain::ExplainMode_descriptor()->full_name()},
                               {"name", AnalyzePlanRequest::Explain::ExplainMode_Name(mode)},
                               {"number", std::to_string(mode)}})
          .As(ErrorClass::kConnect);
  }
}

int32_t HashOf(const std::string& text) {
  uint32_t hash = 2166136261u;  // FNV-1a
  for (unsigned char c : text) hash = (hash ^ c) * 16777619u;
  return static_cast<int32_t>(hash);
}

struct Context {
  Service& service;
  session::Session& session;

  Result<unresolved::RelationPtr> Relation(const connect::Plan& plan) const {
    return proto::RelationOfPlan(plan, service.plan_limits);
  }
  Result<logical::PlanPtr> Analyzed(const connect::Plan& plan) const {
    FS_TRY(unresolved::RelationPtr relation, Relation(plan));
    return session::Stage(session::Analyze(session, relation));
  }
  Result<std::string> Canonical(const connect::Plan& plan) const {
    FS_TRY(unresolved::RelationPtr relation, Relation(plan));
    return session::CanonicalText(session, relation);
  }
};

bool IsLocal(const logical::Plan& plan) {
  return std::holds_alternative<logical::LocalRelation>(plan.node) ||
         std::holds_alternative<logical::Values>(plan.node);
}

Status Perform(const Context& context, const AnalyzePlanRequest& request, AnalyzePlanResponse& response) {
  session::Session& session = context.session;
  switch (request.analyze_case()) {
    case AnalyzePlanRequest::kSchema: {
      FS_TRY(logical::PlanPtr plan, context.Analyzed(request.schema().plan()));
      proto::TypeToProto(logical::Schema(*plan), response.mutable_schema()->mutable_schema());
      return {};
    }
    case AnalyzePlanRequest::kExplain: {
      FS_TRY(Mode mode, ModeOf(request.explain().explain_mode()));
      FS_TRY(unresolved::RelationPtr relation, context.Relation(request.explain().plan()));
      FS_TRY(std::string text, session::Explain(session, relation, mode));
      response.mutable_explain()->set_explain_string(std::move(text));
      return {};
    }
    case AnalyzePlanRequest::kTreeString: {
      FS_TRY(logical::PlanPtr plan, context.Analyzed(request.tree_string().plan()));
      const int level = request.tree_string().has_level() ? request.tree_string().level() : 0;
      response.mutable_tree_string()->set_tree_string(TreeString(logical::Schema(*plan), level));
      return {};
    }
    case AnalyzePlanRequest::kIsLocal: {
      FS_TRY(logical::PlanPtr plan, context.Analyzed(request.is_local().plan()));
      response.mutable_is_local()->set_is_local(IsLocal(*plan));
      return {};
    }
    case AnalyzePlanRequest::kIsStreaming: {
      FS_CHECK(context.Analyzed(request.is_streaming().plan()));
      response.mutable_is_streaming()->set_is_streaming(false);  // a streaming source does not pass the analyzer
      return {};
    }
    case AnalyzePlanRequest::kInputFiles: {
      FS_TRY(unresolved::RelationPtr relation, context.Relation(request.input_files().plan()));
      FS_TRY(std::vector<std::string> files, session::InputFiles(session, relation));
      response.mutable_input_files();
      for (std::string& file : files) response.mutable_input_files()->add_files(std::move(file));
      return {};
    }
    case AnalyzePlanRequest::kSparkVersion:
      response.mutable_spark_version()->set_version(kSparkVersion);
      return {};
    case AnalyzePlanRequest::kDdlParse: {
      FS_TRY(DataType type, ParseSchemaText(request.ddl_parse().ddl_string()));
      proto::TypeToProto(type, response.mutable_ddl_parse()->mutable_parsed());
      return {};
    }
    case AnalyzePlanRequest::kSameSemantics: {
      FS_TRY(std::string target, context.Canonical(request.same_semantics().target_plan()));
      FS_TRY(std::string other, context.Canonical(request.same_semantics().other_plan()));
      response.mutable_same_semantics()->set_result(target == other);
      return {};
    }
    case AnalyzePlanRequest::kSemanticHash: {
      FS_TRY(std::string text, context.Canonical(request.semantic_hash().plan()));
      response.mutable_semantic_hash()->set_result(HashOf(text));
      return {};
    }
    case AnalyzePlanRequest::kPersist: {
      FS_TRY(unresolved::RelationPtr relation, proto::RelationFromProto(request.persist().relation()));
      session::StorageLevel level;
      if (request.persist().has_storage_level()) {
        const auto& wanted = request.persist().storage_level();
        level = {.disk = wanted.use_disk(),
                 .memory = wanted.use_memory(),
                 .off_heap = wanted.use_off_heap(),
                 .deserialized = wanted.deserialized(),
                 .replication = wanted.replication()};
      }
      FS_CHECK(session::Persist(session, relation, level));
      response.mutable_persist();
      return {};
    }
    case AnalyzePlanRequest::kUnpersist: {
      FS_TRY(unresolved::RelationPtr relation, proto::RelationFromProto(request.unpersist().relation()));
      FS_CHECK(session::Unpersist(session, relation));
      response.mutable_unpersist();
      return {};
    }
    case AnalyzePlanRequest::kGetStorageLevel: {
      FS_TRY(unresolved::RelationPtr relation, proto::RelationFromProto(request.get_storage_level().relation()));
      FS_TRY(auto kept, session::StorageLevelOf(session, relation));
      const session::StorageLevel level =
          kept.value_or(session::StorageLevel{.disk = false, .memory = false, .deserialized = false});
      auto* told = response.mutable_get_storage_level()->mutable_storage_level();
      told->set_use_disk(level.disk);
      told->set_use_memory(level.memory);
      told->set_use_off_heap(level.off_heap);
      told->set_deserialized(level.deserialized);
      told->set_replication(level.replication);
      return {};
    }
    case AnalyzePlanRequest::kJsonToDdl: {
      FS_TRY(DataType type, ParseTypeJson(request.json_to_ddl().json_string()));
      response.mutable_json_to_ddl()->set_ddl_string(TypeDdl(type));
      return {};
    }
    case AnalyzePlanRequest::ANALYZE_NOT_SET:
      break;
  }
  return Error::Condition("CONNECT_INVALID_PLAN.UNKNOWN_ANALYZE_METHOD", {{"other", "ANALYZE_NOT_SET"}})
      .As(ErrorClass::kConnect);
}

}  // namespace

Reply AnalyzePlan(Service& service, const grpc::ByteBuffer& bytes) {
  google::protobuf::Arena arena;
  auto& request = *google::protobuf::Arena::CreateMessage<AnalyzePlanRequest>(&arena);
  if (Status parsed = Parse(bytes, service, request); !parsed.ok()) return ReplyWithError(parsed.error(), nullptr);
  Result<session::SessionPtr> session = SessionOf(service, request);
  if (!session.ok()) return ReplyWithError(session.error(), nullptr);
  auto& response = *google::protobuf::Arena::CreateMessage<AnalyzePlanResponse>(&arena);
  response.set_session_id(request.session_id());
  response.set_server_side_session_id((*session)->server_side_id());
  Status done = session::Stage(Perform({service, **session}, request, response));
  return done.ok() ? ReplyWith(response) : ReplyWithError(done.error(), session->get());
}

}  // namespace firesteel::server
