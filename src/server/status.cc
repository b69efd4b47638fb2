// A status must fit into a client's headers: texts and parameters are cut to a size, the whole is kept for FetchErrorDetails.
#include "server/status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>

#include "base/java_exception.h"

namespace firesteel::server {

namespace {

// A client takes about 8 kB of headers. The text comes twice, percent-encoded and in base64.
constexpr size_t kMessageBytesMax = 1200;
constexpr size_t kParametersBytesMax = 1024;
constexpr int64_t kTraceBytesMax = 1024;

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", c);
      out += buffer;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

bool IsUtf8Continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::string CutTo(std::string text, size_t limit) {
  if (text.size() <= limit) return text;
  size_t end = limit;
  while (end > 0 && IsUtf8Continuation(text[end])) --end;
  return text.substr(0, end) + "...";
}

std::string Abbreviated(std::string text) {
  size_t wide = 0;  // percent-encoded these take three bytes
  for (char c : text) wide += static_cast<unsigned char>(c) >= 0x80 || static_cast<unsigned char>(c) < 0x20 ? 1 : 0;
  const size_t limit = wide > kMessageBytesMax / 10 ? kMessageBytesMax / 2 : kMessageBytesMax;
  return CutTo(std::move(text), limit);
}

/// As a Java exception prints itself.
std::string JavaTrace(const Error& error, const session::StageTrace& trace, int64_t bytes_max) {
  std::string text = std::string(error.ClassName()) + ": " + error.Message();
  // The message comes by itself: of a long one the beginning is enough here.
  text = CutTo(std::move(text), static_cast<size_t>(bytes_max) / 2);
  for (const session::StageFrame& frame : trace) {
    text += "\n\tat " + frame.function_class + "." + frame.function + "(" + frame.file + ":" +
            std::to_string(frame.line) + ")";
  }
  return CutTo(std::move(text), static_cast<size_t>(bytes_max) - 3);
}

/// UTF-16 units before byte `offset`: Spark's indexes count Java characters.
int32_t Utf16Index(std::string_view text, int32_t offset) {
  int32_t units = 0;
  for (size_t i = 0; i < text.size() && i < static_cast<size_t>(offset); ++i) {
    if (IsUtf8Continuation(text[i])) continue;
    units += static_cast<unsigned char>(text[i]) >= 0xF0 ? 2 : 1;
  }
  return units;
}

void FillContext(const Error& error, ::spark::connect::FetchErrorDetailsResponse::SparkThrowable* throwable) {
  using Context = ::spark::connect::FetchErrorDetailsResponse::QueryContext;
  const Origin& origin = error.origin();
  if (origin.FromSql()) {
    Context* context = throwable->add_query_contexts();
    context->set_context_type(Context::SQL);
    context->set_object_type(origin.sql->object_type);
    context->set_object_name(origin.sql->object_name);
    context->set_start_index(Utf16Index(origin.sql->text, origin.start));
    context->set_stop_index(Utf16Index(origin.sql->text, origin.stop));
    context->set_fragment(std::string(error.ContextFragment()));
    context->set_summary(error.ContextSummary());
  } else if (origin.FromDataFrame()) {
    Context* context = throwable->add_query_contexts();
    context->set_context_type(Context::DATAFRAME);
    context->set_fragment(*origin.fragment);
    if (origin.call_site != nullptr) context->set_call_site(*origin.call_site);
    context->set_summary(error.ContextSummary());
  }
}

}  // namespace

grpc::Status StatusOf(const Error& error, session::Session* session, session::StageTrace trace) {
  if (trace.empty()) trace = session::TakeTrace(error);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(error.ClassName()));
  info.set_domain("org.apache.spark");
  auto& metadata = *info.mutable_metadata();
  std::string classes;
  for (std::string_view name : error.ClassHierarchy()) {
    classes += classes.empty() ? "[" : ",";
    classes += JsonString(name);
  }
  metadata["classes"] = classes + "]";
  if (!IsJavaException(error)) metadata["errorClass"] = error.condition();
  if (!error.sql_state().empty()) metadata["sqlState"] = std::string(error.sql_state());
  std::string parameters = "{";
  for (const auto& [name, value] : error.parameters()) {
    if (parameters.size() > 1) parameters += ',';
    parameters += JsonString(name) + ":" + JsonString(value);
  }
  parameters += "}";
  if (parameters.size() <= kParametersBytesMax && !IsJavaException(error)) metadata["messageParameters"] = parameters;
  if (session != nullptr && session->configuration().Boolean("spark.sql.pyspark.jvmStacktrace.enabled")) {
    const int64_t size_max = session->configuration().Integer("spark.connect.jvmStacktrace.maxSize");
    metadata["stackTrace"] = JavaTrace(error, trace, std::clamp<int64_t>(size_max, 4, kTraceBytesMax));
  }
  if (session != nullptr && session->configuration().Boolean("spark.sql.connect.enrichError.enabled")) {
    metadata["errorId"] = session->KeepError(error, std::move(trace));
  }
  const std::string message = Abbreviated(error.Message());
  // Clients ask again by themselves.
  const auto code =
      error.condition() == "INVALID_HANDLE.SERVER_BUSY" ? grpc::StatusCode::UNAVAILABLE : grpc::StatusCode::INTERNAL;
  google::rpc::Status status;
  status.set_code(static_cast<int>(code));
  status.set_message(message);
  status.add_details()->PackFrom(info);
  return grpc::Status(code, message, status.SerializeAsString());
}

void FillErrors(const Error& error, const session::StageTrace& trace,
                ::spark::connect::FetchErrorDetailsResponse* response) {
  constexpr int kCausesMax = 5;  // as Spark
  response->set_root_error_idx(0);
  const Error* current = &error;
  for (int i = 0; current != nullptr && i < kCausesMax; ++i, current = current->cause()) {
    auto* out = response->add_errors();
    for (std::string_view name : current->ClassHierarchy()) out->add_error_type_hierarchy(std::string(name));
    out->set_message(current->Message());
    for (const session::StageFrame& frame : i == 0 ? trace : session::StageTrace()) {
      auto* element = out->add_stack_trace();
      element->set_declaring_class(frame.function_class);
      element->set_method_name(frame.function);
      element->set_file_name(frame.file);
      element->set_line_number(frame.line);
    }
    if (!IsJavaException(*current)) {
      auto* throwable = out->mutable_spark_throwable();
      throwable->set_error_class(current->condition());
      if (!current->sql_state().empty()) throwable->set_sql_state(std::string(current->sql_state()));
      for (const auto& [name, value] : current->parameters()) (*throwable->mutable_message_parameters())[name] = value;
      FillContext(*current, throwable);
    }
    if (current->cause() != nullptr && i + 1 < kCausesMax) out->set_cause_idx(i + 1);
  }
}

}  // namespace firesteel::server
