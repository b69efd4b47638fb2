// Config: reads and changes the session's settings.
#include "base/java_exception.h"
#include "server/service.h"

namespace firesteel::server {

namespace {

using connect::ConfigRequest;
using connect::ConfigResponse;

void AddPair(ConfigResponse& response, const std::string& key, const std::optional<std::string>& value) {
  connect::KeyValue* pair = response.add_pairs();
  pair->set_key(key);
  if (value) pair->set_value(*value);
  if (std::string warning = session::Configuration::WarningFor(key); !warning.empty())
    response.add_warnings(std::move(warning));
}

Error NoValue(const std::string& key) {
  return JavaException(kIllegalArgumentClasses, "requirement failed: value cannot be null for key: " + key);
}

Status Perform(session::Configuration& configuration, const ConfigRequest::Operation& operation,
               ConfigResponse& response) {
  switch (operation.op_type_case()) {
    case ConfigRequest::Operation::kSet:
      for (const auto& pair : operation.set().pairs()) {
        Status status = pair.has_value() ? configuration.Set(pair.key(), pair.value()) : NoValue(pair.key());
        if (!status.ok()) {
          if (!operation.set().silent()) return status;
          response.add_warnings(status.error().Message());
        }
        AddPair(response, pair.key(), std::nullopt);
      }
      return {};
    case ConfigRequest::Operation::kGet:
      for (const std::string& key : operation.get().keys()) {
        FS_CHECK(configuration.Get(key));
        AddPair(response, key, configuration.GetOption(key));  // known keys may have no value
      }
      return {};
    case ConfigRequest::Operation::kGetWithDefault:
      for (const auto& pair : operation.get_with_default().pairs()) {
        const auto otherwise = pair.has_value() ? std::optional<std::string>(pair.value()) : std::nullopt;
        FS_TRY(std::optional<std::string> value, configuration.GetWithDefault(pair.key(), otherwise));
        AddPair(response, pair.key(), value);
      }
      return {};
    case ConfigRequest::Operation::kGetOption:
      for (const std::string& key : operation.get_option().keys()) AddPair(response, key, configuration.GetOption(key));
      return {};
    case ConfigRequest::Operation::kGetAll: {
      const std::string& prefix = operation.get_all().prefix();
      for (const auto& [key, value] : configuration.All()) {
        if (key.starts_with(prefix)) AddPair(response, key.substr(prefix.size()), value);
      }
      return {};
    }
    case ConfigRequest::Operation::kUnset:
      for (const std::string& key : operation.unset().keys()) {
        FS_CHECK(configuration.Unset(key));
        AddPair(response, key, std::nullopt);
      }
      return {};
    case ConfigRequest::Operation::kIsModifiable:
      for (const std::string& key : operation.is_modifiable().keys()) {
        AddPair(response, key, configuration.IsModifiable(key) ? "true" : "false");
      }
      return {};
    case ConfigRequest::Operation::OP_TYPE_NOT_SET:
      break;
  }
  return Error::Condition(
             "CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
             {{"fullName", ConfigRequest::Operation::descriptor()->full_name()}, {"name", "OPTYPE_NOT_SET"}})
      .As(ErrorClass::kConnect);
}

}  // namespace

Reply Config(Service& service, const grpc::ByteBuffer& bytes) {
  ConfigRequest request;
  if (Status parsed = Parse(bytes, service, request); !parsed.ok()) return ReplyWithError(parsed.error(), nullptr);
  Result<session::SessionPtr> session = SessionOf(service, request);
  if (!session.ok()) return ReplyWithError(session.error(), nullptr);
  ConfigResponse response;
  response.set_session_id(request.session_id());
  response.set_server_side_session_id((*session)->server_side_id());
  Status done = Perform((*session)->configuration(), request.operation(), response);
  return done.ok() ? ReplyWith(response) : ReplyWithError(done.error(), session->get());
}

}  // namespace firesteel::server
