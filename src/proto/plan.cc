// Bytes are parsed with our own nesting limit and, if compressed, within a size; then the plan's kind is found.
#include "proto/plan.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <zstd.h>

#include <memory>

#include "proto/from_proto.h"
#include "proto/invalid_plan.h"

namespace firesteel::proto {

namespace {

namespace io = google::protobuf::io;
using PlanMessage = connect::Plan;

bool ParseWithLimit(io::ZeroCopyInputStream& bytes, int nesting_max, google::protobuf::MessageLite& message) {
  // protobuf prints a line for every text that is not UTF-8: clients must not be able to fill the log. They get an error.
  [[maybe_unused]] static const auto before = google::protobuf::SetLogHandler(nullptr);
  io::CodedInputStream stream(&bytes);
  stream.SetRecursionLimit(nesting_max);
  stream.SetTotalBytesLimit(INT32_MAX);
  return message.ParsePartialFromCodedStream(&stream) && stream.ConsumedEntireMessage();
}

Error CannotParse(std::string why) { return InvalidPlan("CANNOT_PARSE", {{"errorMsg", std::move(why)}}); }

Result<std::string> Decompress(const PlanMessage::CompressedOperation& message, const PlanLimits& limits) {
  if (message.compression_codec() != connect::COMPRESSION_CODEC_ZSTD) {
    return InvalidEnum(connect::CompressionCodec_descriptor(), message.compression_codec());
  }
  auto too_large = [&](const std::string& size) {
    return InvalidPlan("PLAN_SIZE_LARGER_THAN_MAX",
                       {{"planSize", size}, {"maxPlanSize", std::to_string(limits.plan_bytes_max)}});
  };
  const std::string& data = message.data();
  unsigned long long declared = ZSTD_getFrameContentSize(data.data(), data.size());
  if (declared == ZSTD_CONTENTSIZE_ERROR) return CannotParse("not a ZSTD frame");
  if (declared != ZSTD_CONTENTSIZE_UNKNOWN && declared > static_cast<unsigned long long>(limits.plan_bytes_max)) {
    return too_large(std::to_string(declared));
  }
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  std::string out;
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  const size_t step = ZSTD_DStreamOutSize();
  while (true) {
    size_t old = out.size();
    out.resize(old + step);
    ZSTD_outBuffer to{out.data() + old, step, 0};
    size_t left = ZSTD_decompressStream(context.get(), &to, &in);
    if (ZSTD_isError(left)) return CannotParse(ZSTD_getErrorName(left));
    out.resize(old + to.pos);
    if (static_cast<int64_t>(out.size()) > limits.plan_bytes_max) return too_large(std::to_string(out.size()));
    if (left == 0 && in.pos == in.size) return out;
    if (to.pos == 0 && in.pos == in.size) return CannotParse("the ZSTD frame is cut off");
  }
}

Result<Plan> FromSqlCommand(const connect::SqlCommand& message) {
  SqlStatement out;
  const connect::SQL* sql = nullptr;
  connect::SQL old_form;
  if (message.has_input()) {
    const connect::Relation& input = message.input();
    switch (input.rel_type_case()) {
      case connect::Relation::kSql:
        sql = &input.sql();
        break;
      case connect::Relation::kWithRelations:
        if (!input.with_relations().root().has_sql()) {
          return InvalidPlan("SQL_COMMAND_EXPECTS_SQL_OR_WITH_RELATIONS",
                             {{"other", std::to_string(input.with_relations().root().rel_type_case())}});
        }
        sql = &input.with_relations().root().sql();
        for (const auto& reference : input.with_relations().references()) {
          FS_TRY(unresolved::RelationPtr relation, RelationFromProto(reference));
          out.references.push_back(std::move(relation));
        }
        break;
      default: {
        const auto* field = connect::Relation::descriptor()->FindFieldByNumber(input.rel_type_case());
        return InvalidPlan("SQL_COMMAND_EXPECTS_SQL_OR_WITH_RELATIONS",
                           {{"other", field != nullptr ? field->name() : "RELTYPE_NOT_SET"}});
      }
    }
    out.relation = input;
  } else {  // clients before Spark 4
    old_form.set_query(message.sql());
    *old_form.mutable_args() = message.args();
    *old_form.mutable_pos_args() = message.pos_args();
    *old_form.mutable_named_arguments() = message.named_arguments();
    *old_form.mutable_pos_arguments() = message.pos_arguments();
    sql = &old_form;
    *out.relation.mutable_sql() = old_form;
  }
  FS_TRY(out.query, SqlFromProto(*sql));
  return Plan{std::move(out)};
}

Result<Plan> FromCommand(const connect::Command& message) {
  if (message.has_sql_command()) return FromSqlCommand(message.sql_command());
  if (message.has_checkpoint_command()) {
    FS_TRY(unresolved::RelationPtr plan, RelationFromProto(message.checkpoint_command().relation()));
    return Plan{Checkpoint{std::move(plan), message.checkpoint_command().eager()}};
  }
  if (message.has_remove_cached_remote_relation_command())
    return Plan{RemoveCheckpoint{message.remove_cached_remote_relation_command().relation().relation_id()}};
  FS_TRY(unresolved::Command command, CommandFromProto(message));
  return Plan{std::move(command)};
}

Result<Plan> FromCompressed(const PlanMessage::CompressedOperation& message, const PlanLimits& limits) {
  FS_TRY(std::string bytes, Decompress(message, limits));
  io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::Arena arena;
  switch (message.op_type()) {
    case PlanMessage::CompressedOperation::OP_TYPE_RELATION: {
      auto* relation = google::protobuf::Arena::CreateMessage<connect::Relation>(&arena);
      FS_CHECK(ParseMessage(stream, limits.nesting_max, *relation));
      FS_TRY(unresolved::RelationPtr out, RelationFromProto(*relation));
      return Plan{std::move(out)};
    }
    case PlanMessage::CompressedOperation::OP_TYPE_COMMAND: {
      auto* command = google::protobuf::Arena::CreateMessage<connect::Command>(&arena);
      FS_CHECK(ParseMessage(stream, limits.nesting_max, *command));
      return FromCommand(*command);
    }
    default:
      return InvalidEnum(PlanMessage::CompressedOperation::OpType_descriptor(), message.op_type());
  }
}

}  // namespace

Status ParseMessage(io::ZeroCopyInputStream& bytes, int nesting_max, google::protobuf::MessageLite& message) {
  if (ParseWithLimit(bytes, nesting_max, message)) return {};
  return CannotParse("Protocol message is broken or has more than " + std::to_string(nesting_max) +
                     " levels of nesting");
}

Result<Plan> PlanFromProto(const PlanMessage& message, const PlanLimits& limits) {
  switch (message.op_type_case()) {
    case PlanMessage::kRoot: {
      if (message.root().has_catalog()) {
        FS_TRY(unresolved::Command command, CatalogFromProto(message.root().catalog()));
        return Plan{std::move(command)};
      }
      FS_TRY(unresolved::RelationPtr relation, RelationFromProto(message.root()));
      return Plan{std::move(relation)};
    }
    case PlanMessage::kCommand:
      return FromCommand(message.command());
    case PlanMessage::kCompressedOperation:
      return FromCompressed(message.compressed_operation(), limits);
    case PlanMessage::OP_TYPE_NOT_SET:
      break;
  }
  return OneOfNotSet(PlanMessage::descriptor(), "OPTYPE_NOT_SET");
}

Result<unresolved::RelationPtr> RelationOfPlan(const PlanMessage& message, const PlanLimits& limits) {
  FS_TRY(Plan plan, PlanFromProto(message, limits));
  if (auto* relation = std::get_if<unresolved::RelationPtr>(&plan.node)) return std::move(*relation);
  return InvalidPlan("ASSERTION_FAILURE", {{"message", "The plan must be a relation."}});
}

}  // namespace firesteel::proto
