// What operators ask first: grpc.health.v1 and server reflection (v1 and v1alpha). Their messages are so small that they are
// read and written by field numbers.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <mutex>
#include <set>

#include "server/unary.h"

namespace firesteel::server {

namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

constexpr const char* kServiceName = "spark.connect.SparkConnectService";
constexpr uint64_t kServing = 1, kNotServing = 2, kServiceUnknown = 3;
constexpr int kNotFound = 5;

bool ParseFields(const grpc::ByteBuffer& bytes, UnknownFieldSet& fields) {
  grpc::ByteBuffer shared = bytes;
  grpc::ProtoBufferReader reader(&shared);
  return reader.status().ok() && fields.ParseFromZeroCopyStream(&reader);
}

grpc::ByteBuffer Bytes(const UnknownFieldSet& fields) {
  std::string text;
  fields.SerializeToString(&text);
  grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

std::string TextField(const UnknownFieldSet& fields, int number) {
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() == number && field.type() == UnknownField::TYPE_LENGTH_DELIMITED)
      return field.length_delimited();
  }
  return {};
}

grpc::ByteBuffer HealthOf(const Service& service, const std::string& name, bool* known) {
  *known = name.empty() || name == kServiceName;
  UnknownFieldSet out;
  out.AddVarint(1, !*known ? kServiceUnknown : service.draining.load() ? kNotServing : kServing);
  return Bytes(out);
}

/// Watch: the state now; the stream stays open.
class HealthWatch final : public grpc::ServerGenericBidiReactor {
 public:
  explicit HealthWatch(Service& service) : service_(service) { StartRead(&request_); }
  void OnReadDone(bool ok) override {
    UnknownFieldSet fields;
    if (!ok || !ParseFields(request_, fields))
      return End(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "No request"));
    bool known;
    response_ = HealthOf(service_, TextField(fields, 1), &known);
    {
      std::lock_guard lock(mutex_);
      if (finished_) return;
      writing_ = true;
    }
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    {
      std::lock_guard lock(mutex_);
      writing_ = false;
      if (ok && !cancelled_) return;
    }
    End(grpc::Status::CANCELLED);
  }
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

 private:
  /// gRPC ends the process when a stream is finished twice, or written to after that. The client's cancelling comes at any time.
  void End(const grpc::Status& status) {
    {
      std::lock_guard lock(mutex_);
      cancelled_ = true;
      if (finished_ || writing_) return;
      finished_ = true;
    }
    Finish(status);
  }

  Service& service_;
  std::mutex mutex_;
  bool writing_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
  grpc::ByteBuffer request_, response_;
};

// ---------------------------------------------------------------- reflection
void AddFileAndItsImports(const FileDescriptor* file, std::set<std::string>& seen, UnknownFieldSet& out) {
  if (!seen.insert(file->name()).second) return;
  google::protobuf::FileDescriptorProto proto;
  file->CopyTo(&proto);
  out.AddLengthDelimited(1, proto.SerializeAsString());
  for (int i = 0; i < file->dependency_count(); ++i) AddFileAndItsImports(file->dependency(i), seen, out);
}

void AddError(UnknownFieldSet& response, const std::string& what) {
  UnknownFieldSet inner;
  inner.AddVarint(1, kNotFound);
  inner.AddLengthDelimited(2, what + " is not known here");
  std::string text;
  inner.SerializeToString(&text);
  response.AddLengthDelimited(7, text);
}

class Reflection final : public grpc::ServerGenericBidiReactor {
 public:
  Reflection() { StartRead(&request_); }
  void OnReadDone(bool ok) override {
    UnknownFieldSet request;
    if (!ok) return Finish(grpc::Status::OK);
    if (!ParseFields(request_, request))
      return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "Broken request"));
    UnknownFieldSet response;
    std::string original;
    request.SerializeToString(&original);
    response.AddLengthDelimited(1, TextField(request, 1));
    response.AddLengthDelimited(2, original);
    for (int i = 0; i < request.field_count(); ++i) {
      const UnknownField& field = request.field(i);
      if (field.number() >= 3 && field.type() == UnknownField::TYPE_LENGTH_DELIMITED) {
        Answer(field.number(), field.length_delimited(), response);
      }
    }
    response_ = Bytes(response);
    request_.Clear();
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  static void AddFile(const FileDescriptor* file, const std::string& what, UnknownFieldSet& response) {
    if (file == nullptr) return AddError(response, what);
    UnknownFieldSet files;
    std::set<std::string> seen;
    AddFileAndItsImports(file, seen, files);
    std::string text;
    files.SerializeToString(&text);
    response.AddLengthDelimited(4, text);
  }

  static void Answer(int question, const std::string& what, UnknownFieldSet& response) {
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    switch (question) {
      case 3:
        return AddFile(pool->FindFileByName(what), what, response);
      case 4:
        return AddFile(pool->FindFileContainingSymbol(what), what, response);
      case 7: {
        UnknownFieldSet list;
        for (const char* name : {kServiceName, "grpc.health.v1.Health"}) {
          UnknownFieldSet service;
          service.AddLengthDelimited(1, name);
          std::string text;
          service.SerializeToString(&text);
          list.AddLengthDelimited(1, text);
        }
        std::string text;
        list.SerializeToString(&text);
        response.AddLengthDelimited(6, text);
        return;
      }
      default:
        return AddError(response, what);
    }
  }

  grpc::ByteBuffer request_, response_;
};

}  // namespace

Reply HealthCheck(Service& service, const grpc::ByteBuffer& request) {
  UnknownFieldSet fields;
  if (!ParseFields(request, fields)) return {{}, grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "Broken request")};
  bool known;
  grpc::ByteBuffer bytes = HealthOf(service, TextField(fields, 1), &known);
  if (!known) return {{}, grpc::Status(grpc::StatusCode::NOT_FOUND, "Unknown service")};
  return {std::move(bytes), grpc::Status::OK};
}

grpc::ServerGenericBidiReactor* MakeReflection(Service&) { return new Reflection; }
grpc::ServerGenericBidiReactor* MakeHealthWatch(Service& service) { return new HealthWatch(service); }

}  // namespace firesteel::server
