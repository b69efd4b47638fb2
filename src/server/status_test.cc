// What clients read of an error without asking again, and what is cut.
#include "server/status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "session/manager.h"

namespace firesteel::server {
namespace {

google::rpc::ErrorInfo InfoOf(const grpc::Status& status) {
  google::rpc::Status outer;
  EXPECT_TRUE(outer.ParseFromString(status.error_details()));
  EXPECT_EQ(outer.message(), status.error_message());
  google::rpc::ErrorInfo info;
  EXPECT_EQ(outer.details_size(), 1);
  EXPECT_TRUE(outer.details(0).UnpackTo(&info));
  return info;
}

TEST(Status, SaysWhatClientsNeedWithoutAskingAgain) {
  const Error error = Error::Condition("DIVIDE_BY_ZERO", {{"config", "\"a\nb\""}}).As(ErrorClass::kArithmetic);
  const grpc::Status status = StatusOf(error, nullptr);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  const google::rpc::ErrorInfo info = InfoOf(status);
  EXPECT_EQ(info.domain(), "org.apache.spark");
  EXPECT_EQ(info.reason(), "org.apache.spark.SparkArithmeticException");
  EXPECT_EQ(info.metadata().at("errorClass"), "DIVIDE_BY_ZERO");
  EXPECT_EQ(info.metadata().at("sqlState"), "22012");
  EXPECT_EQ(info.metadata().at("messageParameters"), R"({"config":"\"a\nb\""})");
  EXPECT_TRUE(info.metadata().at("classes").starts_with(R"(["org.apache.spark.SparkArithmeticException",)"));
  EXPECT_FALSE(info.metadata().contains("errorId"));  // no session to ask
}

TEST(Status, FitsIntoHeadersWhateverTheMessage) {
  for (const std::string& letter :
       {std::string("x"), std::string("ß"), std::string("\xF0\x9F\x94\xA5"), std::string("\n")}) {
    std::string text;
    while (text.size() < 100'000) text += letter;
    const grpc::Status status = StatusOf(Error::Internal(text), nullptr);
    EXPECT_LT(status.error_message().size(), 1300);
    EXPECT_LT(status.error_details().size(), 3000);
    EXPECT_FALSE(InfoOf(status).metadata().contains("messageParameters"));
    // Cut between characters.
    google::rpc::Status outer;
    outer.ParseFromString(status.error_details());
    const std::string kept = outer.message().substr(0, outer.message().size() - 3);
    EXPECT_TRUE(kept.ends_with(letter));
  }
}

TEST(Status, TheSessionKeepsTheChain) {
  session::SessionManager sessions(
      {.work_folder = (std::filesystem::temp_directory_path() / "firesteel-test").string()});
  session::SessionPtr session = *sessions.GetOrCreate({"me", session::NewUuid()}, "");
  Origin origin;
  origin.sql = std::make_shared<const SqlText>(SqlText{"SELECT 'ß', 1/0", "", ""});
  origin.start = 13;
  origin.stop = 15;
  const Error error = Error::Condition("DIVIDE_BY_ZERO", {{"config", "c"}}, origin)
                          .As(ErrorClass::kArithmetic)
                          .CausedBy(Error::Internal("the cause"));
  const std::string id = InfoOf(StatusOf(error, session.get())).metadata().at("errorId");
  auto kept = session->TakeError(id);
  ASSERT_TRUE(kept);
  ::spark::connect::FetchErrorDetailsResponse response;
  FillErrors(kept->error, kept->trace, &response);
  ASSERT_EQ(response.errors_size(), 2);
  EXPECT_EQ(response.root_error_idx(), 0);
  EXPECT_EQ(response.errors(0).cause_idx(), 1);
  EXPECT_FALSE(response.errors(1).has_cause_idx());
  ASSERT_EQ(response.errors(0).spark_throwable().query_contexts_size(), 1);
  const auto& context = response.errors(0).spark_throwable().query_contexts(0);
  EXPECT_EQ(context.start_index(), 12);  // Java counts characters, not bytes
  EXPECT_EQ(context.stop_index(), 14);
  EXPECT_EQ(context.fragment(), "1/0");
  EXPECT_EQ(response.errors(1).spark_throwable().error_class(), "INTERNAL_ERROR");
}

}  // namespace
}  // namespace firesteel::server
