// AddArtifacts: a stream of files, whole in batches or cut in chunks, each piece with its CRC.
#include <map>

#include "base/deep_stack.h"
#include "server/status.h"
#include "server/unary.h"

namespace firesteel::server {

namespace {

using connect::AddArtifactsRequest;
using session::Artifacts;

/// An artifact of which some chunks have come.
struct Chunked {
  std::string name;
  Artifacts::Upload upload;
  int64_t chunks_left = 0;
  int64_t bytes_left = 0;
  bool crc_good = true;
};

class ArtifactUpload final : public grpc::ServerGenericBidiReactor {
 public:
  explicit ArtifactUpload(Service& service) : service_(service), count_(service) { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    PostToDeepStack([this, ok] {
      if (!ok) return End();
      Status done = Receive();
      if (!done.ok()) return Finish(StatusOf(done.error(), session_.get()));
      request_.Clear();
      StartRead(&request_);
    });
  }
  void OnDone() override { delete this; }

 private:
  Error Broken(std::string what) {
    return Error::Condition("CONNECT_INVALID_PLAN.ASSERTION_FAILURE", {{"message", std::move(what)}})
        .As(ErrorClass::kConnect);
  }

  static bool CrcGood(const AddArtifactsRequest::ArtifactChunk& chunk) {
    return static_cast<int64_t>(session::Crc32(0, chunk.data())) == chunk.crc();
  }

  Status Receive() {
    AddArtifactsRequest request;
    FS_CHECK(Parse(request_, service_, request));
    if (session_ == nullptr) {
      FS_TRY(session_, SessionOf(service_, request));
      response_.set_session_id(request.session_id());
      response_.set_server_side_session_id(session_->server_side_id());
    }
    switch (request.payload_case()) {
      case AddArtifactsRequest::kBatch:
        return ReceiveBatch(request.batch());
      case AddArtifactsRequest::kBeginChunk:
        return Begin(request.begin_chunk());
      case AddArtifactsRequest::kChunk:
        return Continue(request.chunk());
      case AddArtifactsRequest::PAYLOAD_NOT_SET:
        break;
    }
    return Error::Condition("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                            {{"fullName", AddArtifactsRequest::descriptor()->full_name()}, {"name", "PAYLOAD_NOT_SET"}})
        .As(ErrorClass::kConnect);
  }

  void Summarize(const std::string& name, bool crc_good) {
    auto* summary = response_.add_artifacts();
    summary->set_name(name);
    summary->set_is_crc_successful(crc_good);
  }

  Status ReceiveBatch(const AddArtifactsRequest::Batch& batch) {
    if (chunked_) return Broken("A batch arrived inside the chunks of artifact " + chunked_->name);
    for (const auto& artifact : batch.artifacts()) {
      FS_TRY(Artifacts::Upload upload, session_->artifacts().Begin(artifact.name()));
      const bool good = CrcGood(artifact.data());
      if (good) {  // a damaged file is reported, not kept
        FS_CHECK(upload.Append(artifact.data().data()));
        FS_CHECK(session_->artifacts().Commit(std::move(upload)));
      }
      Summarize(artifact.name(), good);
    }
    return {};
  }

  Status Begin(const AddArtifactsRequest::BeginChunkedArtifact& begin) {
    if (chunked_) return Broken("A chunked artifact began inside the chunks of artifact " + chunked_->name);
    if (begin.num_chunks() <= 0 || begin.total_bytes() < 0) return Broken("A chunked artifact needs chunks");
    FS_TRY(Artifacts::Upload upload, session_->artifacts().Begin(begin.name()));
    chunked_.emplace(Chunked{.name = begin.name(),
                             .upload = std::move(upload),
                             .chunks_left = begin.num_chunks(),
                             .bytes_left = begin.total_bytes()});
    return Continue(begin.initial_chunk());
  }

  Status Continue(const AddArtifactsRequest::ArtifactChunk& chunk) {
    if (!chunked_) return Broken("A chunk arrived without the beginning of its artifact");
    chunked_->crc_good = chunked_->crc_good && CrcGood(chunk);
    chunked_->bytes_left -= static_cast<int64_t>(chunk.data().size());
    if (chunked_->bytes_left < 0) return Broken("Artifact " + chunked_->name + " is longer than announced");
    FS_CHECK(chunked_->upload.Append(chunk.data()));
    if (--chunked_->chunks_left > 0) return {};
    if (chunked_->bytes_left != 0) return Broken("Artifact " + chunked_->name + " is shorter than announced");
    if (chunked_->crc_good) FS_CHECK(session_->artifacts().Commit(std::move(chunked_->upload)));
    Summarize(chunked_->name, chunked_->crc_good);
    chunked_.reset();
    return {};
  }

  void End() {
    if (chunked_) {
      Error cut = Broken("The stream ended inside artifact " + chunked_->name);
      chunked_.reset();
      return Finish(StatusOf(cut, session_.get()));
    }
    bytes_ = Serialize(response_);
    StartWriteAndFinish(&bytes_, grpc::WriteOptions(), grpc::Status::OK);
  }

  Service& service_;
  RpcCount count_;
  session::SessionPtr session_;
  std::optional<Chunked> chunked_;  // after session_: an unfinished upload is removed first
  connect::AddArtifactsResponse response_;
  grpc::ByteBuffer request_, bytes_;
};

}  // namespace

grpc::ServerGenericBidiReactor* MakeAddArtifacts(Service& service) { return new ArtifactUpload(service); }

}  // namespace firesteel::server
