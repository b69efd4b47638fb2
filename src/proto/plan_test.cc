// Whole requests: limits on nesting and size, compression, the forms that older clients send.
#include "proto/plan.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>
#include <zstd.h>

namespace firesteel::proto {
namespace {

namespace connect = ::spark::connect;
using Compressed = connect::Plan::CompressedOperation;

std::string ConditionOf(const auto& result) { return result.ok() ? "" : result.error().condition(); }

std::string Zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
  return out;
}

connect::Relation Numbers() {
  connect::Relation relation;
  relation.mutable_range()->set_end(3);
  relation.mutable_range()->set_step(1);
  return relation;
}

connect::Plan CompressedPlan(std::string data, Compressed::OpType type = Compressed::OP_TYPE_RELATION) {
  connect::Plan plan;
  auto* operation = plan.mutable_compressed_operation();
  operation->set_data(std::move(data));
  operation->set_op_type(type);
  operation->set_compression_codec(connect::COMPRESSION_CODEC_ZSTD);
  return plan;
}

TEST(Plan, CompressedOnesAreAsTheOthers) {
  auto plan = PlanFromProto(CompressedPlan(Zstd(Numbers().SerializeAsString())), {});
  ASSERT_TRUE(plan.ok()) << plan.error().Message();
  EXPECT_TRUE(std::holds_alternative<unresolved::RelationPtr>(plan->node));
  connect::Command command;
  command.mutable_sql_command()->set_sql("SELECT 1");
  plan = PlanFromProto(CompressedPlan(Zstd(command.SerializeAsString()), Compressed::OP_TYPE_COMMAND), {});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(std::get<SqlStatement>(plan->node).query.text, "SELECT 1");
}

TEST(Plan, BrokenCompressionIsAnError) {
  const std::string good = Zstd(Numbers().SerializeAsString());
  EXPECT_EQ(ConditionOf(PlanFromProto(CompressedPlan("nonsense"), {})), "CONNECT_INVALID_PLAN.CANNOT_PARSE");
  EXPECT_EQ(ConditionOf(PlanFromProto(CompressedPlan(""), {})), "CONNECT_INVALID_PLAN.CANNOT_PARSE");
  for (size_t cut = 1; cut < good.size(); ++cut)
    EXPECT_EQ(ConditionOf(PlanFromProto(CompressedPlan(good.substr(0, cut)), {})), "CONNECT_INVALID_PLAN.CANNOT_PARSE");
  connect::Plan unknown = CompressedPlan(good);
  unknown.mutable_compressed_operation()->set_compression_codec(connect::COMPRESSION_CODEC_UNSPECIFIED);
  EXPECT_EQ(ConditionOf(PlanFromProto(unknown, {})), "CONNECT_INVALID_PLAN.INVALID_ENUM");
  unknown = CompressedPlan(good, Compressed::OP_TYPE_UNSPECIFIED);
  EXPECT_EQ(ConditionOf(PlanFromProto(unknown, {})), "CONNECT_INVALID_PLAN.INVALID_ENUM");
}

TEST(Plan, BombsAreNotUnpacked) {
  const PlanLimits limits{.plan_bytes_max = 1000};
  const std::string zeros(1 << 20, '\0');
  EXPECT_EQ(ConditionOf(PlanFromProto(CompressedPlan(Zstd(zeros)), limits)),
            "CONNECT_INVALID_PLAN.PLAN_SIZE_LARGER_THAN_MAX");
  // A frame that does not say its size.
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  std::string out(ZSTD_compressBound(zeros.size()), '\0');
  out.resize(ZSTD_compress2(context.get(), out.data(), out.size(), zeros.data(), zeros.size()));
  EXPECT_EQ(ConditionOf(PlanFromProto(CompressedPlan(out), limits)), "CONNECT_INVALID_PLAN.PLAN_SIZE_LARGER_THAN_MAX");
}

TEST(Plan, NestingIsLimited) {
  connect::Relation relation = Numbers();
  for (int i = 0; i < 50; ++i) {
    connect::Relation outer;
    *outer.mutable_limit()->mutable_input() = std::move(relation);
    relation = std::move(outer);
  }
  connect::Plan plan;
  *plan.mutable_root() = std::move(relation);
  const std::string bytes = plan.SerializeAsString();
  auto parse = [&](int nesting_max, std::string_view text) {
    google::protobuf::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
    connect::Plan message;
    return ParseMessage(stream, nesting_max, message);
  };
  EXPECT_TRUE(parse(150, bytes).ok());
  EXPECT_EQ(ConditionOf(parse(90, bytes)), "CONNECT_INVALID_PLAN.CANNOT_PARSE");
  EXPECT_EQ(ConditionOf(parse(150, std::string_view(bytes).substr(1))), "CONNECT_INVALID_PLAN.CANNOT_PARSE");
}

TEST(Plan, OldClientsPutTheTextIntoTheCommand) {
  connect::Plan plan;
  auto* command = plan.mutable_command()->mutable_sql_command();
  command->set_sql("SELECT :x");
  (*command->mutable_args())["x"].set_integer(7);
  auto read = PlanFromProto(plan, {});
  ASSERT_TRUE(read.ok());
  const auto& statement = std::get<SqlStatement>(read->node);
  EXPECT_EQ(statement.query.text, "SELECT :x");
  EXPECT_EQ(statement.relation.sql().query(), "SELECT :x");
  EXPECT_EQ(ConditionOf(PlanFromProto(connect::Plan(), {})), "CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET");
  EXPECT_EQ(ConditionOf(RelationOfPlan(plan, {})), "CONNECT_INVALID_PLAN.ASSERTION_FAILURE");
}

}  // namespace
}  // namespace firesteel::proto
