// A Spark Connect server that answers without doing anything: every query gets the same ready-made row. What a client
// needs on top of it is the cost of a real server. bench/run starts it; it is not installed.
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "spark/connect/base.grpc.pb.h"

namespace {

namespace connect = spark::connect;

constexpr char kSession[] = "00000000-0000-0000-0000-000000000000";

class NullService final : public connect::SparkConnectService::Service {
 public:
  explicit NullService(std::string ipc_stream) : ipc_stream_(std::move(ipc_stream)) {}

 private:
  static void Describe(connect::DataType& schema) {
    auto* field = schema.mutable_struct_()->add_fields();
    field->set_name("1");
    field->mutable_data_type()->mutable_integer();
  }

  static void Address(const auto& request, auto& response) {
    response.set_session_id(request.session_id());
    response.set_server_side_session_id(kSession);
  }

  grpc::Status ExecutePlan(grpc::ServerContext*, const connect::ExecutePlanRequest* request,
                           grpc::ServerWriter<connect::ExecutePlanResponse>* writer) override {
    int id = 0;
    auto send = [&](auto&& fill) {
      connect::ExecutePlanResponse response;
      Address(*request, response);
      response.set_operation_id(request->operation_id());
      response.set_response_id(std::to_string(++id));
      fill(response);
      writer->Write(response);
    };
    if (request->plan().command().has_sql_command()) {
      send([&](auto& r) {
        *r.mutable_sql_command_result()->mutable_relation() = request->plan().command().sql_command().input();
      });
    } else {
      send([&](auto& r) { Describe(*r.mutable_schema()); });
      send([&](auto& r) {
        r.mutable_arrow_batch()->set_row_count(1);
        r.mutable_arrow_batch()->set_data(ipc_stream_);
      });
    }
    send([](auto& r) { r.mutable_result_complete(); });
    return grpc::Status::OK;
  }

  grpc::Status AnalyzePlan(grpc::ServerContext*, const connect::AnalyzePlanRequest* request,
                           connect::AnalyzePlanResponse* response) override {
    Address(*request, *response);
    if (request->has_schema()) Describe(*response->mutable_schema()->mutable_schema());
    if (request->has_spark_version()) response->mutable_spark_version()->set_version("4.2.0");
    return grpc::Status::OK;
  }

  grpc::Status Config(grpc::ServerContext*, const connect::ConfigRequest* request,
                      connect::ConfigResponse* response) override {
    Address(*request, *response);
    for (const auto& pair : request->operation().get_with_default().pairs()) *response->add_pairs() = pair;
    return grpc::Status::OK;
  }

  grpc::Status ReleaseExecute(grpc::ServerContext*, const connect::ReleaseExecuteRequest* request,
                              connect::ReleaseExecuteResponse* response) override {
    Address(*request, *response);
    response->set_operation_id(request->operation_id());
    return grpc::Status::OK;
  }

  grpc::Status ReleaseSession(grpc::ServerContext*, const connect::ReleaseSessionRequest* request,
                              connect::ReleaseSessionResponse* response) override {
    Address(*request, *response);
    return grpc::Status::OK;
  }

  const std::string ipc_stream_;
};

}  // namespace

/// null_server PORT FILE: FILE holds the Arrow IPC stream (schema and one batch of one row) that every query gets.
int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: null_server PORT ARROW_IPC_FILE\n";
    return 2;
  }
  std::ifstream file(argv[2], std::ios::binary);
  NullService service(std::string(std::istreambuf_iterator<char>(file), {}));
  grpc::ServerBuilder builder;
  builder.AddListeningPort(std::string("127.0.0.1:") + argv[1], grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (server == nullptr) return EXIT_FAILURE;
  std::cout << "listening" << std::endl;
  server->Wait();
}
