// The RPCs about sessions and their operations as a whole: release, clone, status, interrupt, artifacts' status, error details.
#include "server/service.h"
#include "server/status.h"

namespace firesteel::server {

namespace {

template <typename Response, typename Request>
Response MakeResponse(const Request& request, const session::Session& session) {
  Response response;
  response.set_session_id(request.session_id());
  response.set_server_side_session_id(session.server_side_id());
  return response;
}

/// Parses, finds the session, and hands both to `body`, which gives Result<Response>.
template <typename Request, typename Response, typename Body>
Reply Answer(Service& service, const grpc::ByteBuffer& bytes, bool create, Body body) {
  Request request;
  if (Status parsed = Parse(bytes, service, request); !parsed.ok()) return ReplyWithError(parsed.error(), nullptr);
  const std::string& observed = request.client_observed_server_side_session_id();
  Result<session::SessionPtr> session =
      create ? service.sessions.GetOrCreate(KeyOf(request), observed) : service.sessions.Get(KeyOf(request), observed);
  if (!session.ok()) return ReplyWithError(session.error(), nullptr);
  Response response = MakeResponse<Response>(request, **session);
  Status done = body(request, *session, response);
  return done.ok() ? ReplyWith(response) : ReplyWithError(done.error(), session->get());
}

Error NotSet(const google::protobuf::Descriptor* message, std::string name) {
  return Error::Condition("CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
                          {{"fullName", message->full_name()}, {"name", std::move(name)}})
      .As(ErrorClass::kConnect);
}

}  // namespace

Reply Interrupt(Service& service, const grpc::ByteBuffer& bytes) {
  using connect::InterruptRequest;
  using Select = operation::OperationManager::Select;
  return Answer<InterruptRequest, connect::InterruptResponse>(
      service, bytes, true,
      [&](const InterruptRequest& request, const session::SessionPtr& session, auto& response) -> Status {
        Select select = Select::kAll;
        std::string what;
        switch (request.interrupt_type()) {
          case InterruptRequest::INTERRUPT_TYPE_ALL:
            break;
          case InterruptRequest::INTERRUPT_TYPE_TAG:
            if (!request.has_operation_tag()) return NotSet(InterruptRequest::descriptor(), "INTERRUPT_NOT_SET");
            select = Select::kTag;
            what = request.operation_tag();
            break;
          case InterruptRequest::INTERRUPT_TYPE_OPERATION_ID:
            if (!request.has_operation_id()) return NotSet(InterruptRequest::descriptor(), "INTERRUPT_NOT_SET");
            select = Select::kId;
            what = request.operation_id();
            break;
          default:
            return Error::Condition("CONNECT_INVALID_PLAN.INVALID_ENUM",
                                    {{"fullName", InterruptRequest::InterruptType_descriptor()->full_name()},
                                     {"name", InterruptRequest::InterruptType_Name(request.interrupt_type())},
                                     {"number", std::to_string(request.interrupt_type())}})
                .As(ErrorClass::kConnect);
        }
        for (std::string& id : service.operations.Interrupt(session->key(), select, what))
          response.add_interrupted_ids(std::move(id));
        return {};
      });
}

Reply ReleaseExecute(Service& service, const grpc::ByteBuffer& bytes) {
  using connect::ReleaseExecuteRequest;
  return Answer<ReleaseExecuteRequest, connect::ReleaseExecuteResponse>(
      service, bytes, true,
      [&](const ReleaseExecuteRequest& request, const session::SessionPtr& session, auto& response) -> Status {
        Result<operation::OperationPtr> operation = service.operations.Get(session->key(), request.operation_id());
        // Released already, or never there: nothing to do, and the answer has no operation.
        if (!operation.ok()) return {};
        response.set_operation_id(request.operation_id());
        switch (request.release_case()) {
          case ReleaseExecuteRequest::kReleaseAll:
            service.operations.Remove(session->key(), request.operation_id());
            return {};
          case ReleaseExecuteRequest::kReleaseUntil:
            return (*operation)->ReleaseUntil(request.release_until().response_id());
          case ReleaseExecuteRequest::RELEASE_NOT_SET:
            break;
        }
        return NotSet(ReleaseExecuteRequest::descriptor(), "RELEASE_NOT_SET");
      });
}

Reply ReleaseSession(Service& service, const grpc::ByteBuffer& bytes) {
  connect::ReleaseSessionRequest request;
  if (Status parsed = Parse(bytes, service, request); !parsed.ok()) return ReplyWithError(parsed.error(), nullptr);
  const session::SessionKey key = KeyOf(request);
  connect::ReleaseSessionResponse response;
  response.set_session_id(request.session_id());
  if (session::SessionPtr session = service.sessions.Close(key, request.allow_reconnect())) {
    response.set_server_side_session_id(session->server_side_id());
    service.operations.RemoveAll(key);
  }
  return ReplyWith(response);
}

Reply CloneSession(Service& service, const grpc::ByteBuffer& bytes) {
  return Answer<connect::CloneSessionRequest, connect::CloneSessionResponse>(
      service, bytes, false, [&](const auto& request, const session::SessionPtr& session, auto& response) -> Status {
        FS_TRY(session::SessionPtr clone, service.sessions.Clone(session, request.new_session_id()));
        response.set_new_session_id(clone->key().session_id);
        response.set_new_server_side_session_id(clone->server_side_id());
        return {};
      });
}

Reply GetStatus(Service& service, const grpc::ByteBuffer& bytes) {
  using OperationStatus = connect::GetStatusResponse::OperationStatus;
  return Answer<connect::GetStatusRequest, connect::GetStatusResponse>(
      service, bytes, false, [&](const auto& request, const session::SessionPtr& session, auto& response) -> Status {
        if (!request.has_operation_status()) return {};
        const auto& wanted = request.operation_status().operation_ids();
        for (const auto& status : service.operations.List(session->key(), {wanted.begin(), wanted.end()})) {
          OperationStatus* out = response.add_operation_statuses();
          out->set_operation_id(status.operation_id);
          out->set_state(OperationStatus::OPERATION_STATE_UNKNOWN);
          if (!status.state) continue;
          switch (*status.state) {
            case operation::State::kRunning:
              out->set_state(OperationStatus::OPERATION_STATE_RUNNING);
              break;
            case operation::State::kSucceeded:
              out->set_state(OperationStatus::OPERATION_STATE_SUCCEEDED);
              break;
            case operation::State::kFailed:
              out->set_state(OperationStatus::OPERATION_STATE_FAILED);
              break;
            case operation::State::kCancelled:
              out->set_state(OperationStatus::OPERATION_STATE_CANCELLED);
              break;
          }
        }
        return {};
      });
}

Reply ArtifactStatus(Service& service, const grpc::ByteBuffer& bytes) {
  return Answer<connect::ArtifactStatusesRequest, connect::ArtifactStatusesResponse>(
      service, bytes, true, [&](const auto& request, const session::SessionPtr& session, auto& response) -> Status {
        for (const std::string& name : request.names()) {
          (*response.mutable_statuses())[name].set_exists(session->artifacts().Exists(name));
        }
        return {};
      });
}

Reply FetchErrorDetails(Service& service, const grpc::ByteBuffer& bytes) {
  return Answer<connect::FetchErrorDetailsRequest, connect::FetchErrorDetailsResponse>(
      service, bytes, true, [&](const auto& request, const session::SessionPtr& session, auto& response) -> Status {
        auto kept = session->TakeError(request.error_id());
        if (!kept) return {};
        const bool traced = session->configuration().Boolean("spark.sql.connect.serverStacktrace.enabled");
        FillErrors(kept->error, traced ? kept->trace : session::StageTrace(), &response);
        return {};
      });
}

}  // namespace firesteel::server
