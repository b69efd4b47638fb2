// Errors: their text, their Java classes, and the compact form that goes through an engine's error message.
#include "base/error.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "base/java_exception.h"
#include "base/own_conditions.h"

namespace firesteel {

const ConditionInfo* FindAnyCondition(std::string_view name) {
  for (const ConditionInfo& own : kOwnConditions) {
    if (own.name == name) return &own;
  }
  return FindCondition(name);
}

Error Error::Condition(std::string_view name, Parameters parameters, const Origin& origin) {
#ifdef FIRESTEEL_DEBUG
  // tools/check_conditions.py reads the names in the source; this sees those that are put together.
  if (!name.empty() && FindAnyCondition(name) == nullptr) {
    std::fprintf(stderr, "there is no error condition %s\n", std::string(name).c_str());
    std::abort();
  }
#endif
  Data data;
  data.condition = std::string(name);
  data.parameters = std::move(parameters);
  data.origin = origin;
  return Error(std::move(data));
}

Error Error::Internal(std::string message) {
  return Condition("INTERNAL_ERROR", {{"message", std::move(message)}}).As(ErrorClass::kSpark);
}

namespace {

// What a condition's parameters are for the errors that have none.
constexpr const char* kJavaClasses = "classes";
constexpr const char* kJavaMessage = "message";

}  // namespace

Error JavaException(std::string_view classes, std::string message) {
  return Error::Condition("", {{kJavaClasses, std::string(classes)}, {kJavaMessage, std::move(message)}})
      .As(ErrorClass::kRuntime);
}

bool IsJavaException(const Error& error) { return error.condition().empty(); }

Error Error::Unsupported(std::string what, const Origin& origin) {
  // Of Spark's own conditions the one whose text names any feature: its clients refuse to show conditions that they do not know.
  return Condition("UNSUPPORTED_FEATURE.CATALOG_OPERATION",
                   {{"catalogName", "`firesteel`"}, {"operation", std::move(what)}}, origin);
}

Error Error::As(ErrorClass error_class) const {
  Data data = *data_;
  data.error_class = error_class;
  return Error(std::move(data));
}

Error Error::At(const Origin& origin) const {
  if (data_->origin.FromSql() || data_->origin.FromDataFrame() || data_->origin.line > 0) return *this;
  Data data = *data_;
  data.origin = origin;
  return Error(std::move(data));
}

Error Error::CausedBy(Error cause) const {
  Data data = *data_;
  data.cause = std::make_shared<const Error>(std::move(cause));
  return Error(std::move(data));
}

Error Error::WithPlan(std::string plan_text) const {
  Data data = *data_;
  data.plan_text = std::move(plan_text);
  return Error(std::move(data));
}

std::string_view Error::sql_state() const {
  if (data_->condition.empty()) return {};
  const ConditionInfo* info = FindAnyCondition(data_->condition);
  return info != nullptr ? info->sql_state : std::string_view();
}

// ---------------------------------------------------------------- the message
namespace {

bool IsPlaceholderChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string FillTemplate(std::string_view text, const Error::Parameters& parameters) {
  std::string out;
  out.reserve(text.size() + 64);
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '<') {
      size_t end = i + 1;
      while (end < text.size() && IsPlaceholderChar(text[end])) ++end;
      if (end < text.size() && text[end] == '>' && end > i + 1) {
        auto found = parameters.find(std::string(text.substr(i + 1, end - i - 1)));
        if (found != parameters.end()) {
          out += found->second;
          i = end + 1;
          continue;
        }
      }
    }
    out += text[i++];
  }
  return out;
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool ContextIsValid(const Origin& origin) {
  return origin.FromSql() && origin.stop >= origin.start && static_cast<size_t>(origin.stop) < origin.sql->text.size();
}

// Columns are counted in code points, as a reader sees them; the origin's numbers are bytes.
std::string SqlContextSummary(const Origin& origin) {
  constexpr int64_t kExtraContextMax = 32;
  std::string out = "== SQL";
  if (!origin.sql->object_type.empty()) {
    out += " of " + origin.sql->object_type + " " + origin.sql->object_name;
  }
  if (origin.line > 0) {
    out += " (line " + std::to_string(origin.line) + ", position " + std::to_string(origin.position + 1) + ")";
  }
  out += " ==\n";

  const std::string& text = origin.sql->text;
  auto previous = [&](int64_t i) {
    do --i;
    while (i >= 0 && IsContinuation(text[i]));
    return i;
  };
  auto next = [&](int64_t i) {
    do ++i;
    while (i < static_cast<int64_t>(text.size()) && IsContinuation(text[i]));
    return i;
  };
  const int64_t size = static_cast<int64_t>(text.size());
  int64_t before = 0;
  int64_t line_start = origin.start;
  while (line_start >= 0 && before <= kExtraContextMax && text[line_start] != '\n') {
    line_start = previous(line_start);
    ++before;
  }
  const bool start_cut = before > kExtraContextMax;
  int64_t after = 0;
  int64_t line_stop = origin.stop;
  while (line_stop < size && IsContinuation(text[line_stop])) ++line_stop;
  if (line_stop > origin.stop && line_stop < size) line_stop = previous(line_stop);
  while (line_stop < size && after <= kExtraContextMax && text[line_stop] != '\n') {
    line_stop = next(line_stop);
    ++after;
  }
  const bool stop_cut = after > kExtraContextMax;
  // The node can start at a line's end ('\n' itself): then the text shown is what follows it.
  const int64_t first = std::min<int64_t>(line_start < 0 ? 0 : next(line_start), std::max<int64_t>(line_stop, 0));

  int64_t index = first;
  std::string line = start_cut ? "..." : "";
  std::string marks(line.size(), ' ');
  auto flush = [&] {
    // Marks end at the node: Spark writes blanks before it, carets under it and nothing after it.
    out += line + "\n" + marks + "\n";
    line.clear();
    marks.clear();
  };
  while (index < line_stop) {
    if (text[index] == '\n') {
      flush();
      ++index;
      continue;
    }
    const int64_t end = next(index);
    line.append(text, index, end - index);
    if (index < origin.start) {
      marks += ' ';
    } else if (index <= origin.stop) {
      marks += '^';
    }
    index = end;
  }
  if (stop_cut) line += "...";
  flush();
  return out;
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  while (lines.size() > 1 && lines.back().empty()) lines.pop_back();  // as Java's split
  return lines;
}

// Errors of the parser itself know a position, but no node: the text is shown with a line of dashes under its
// line.
std::string SyntaxErrorContext(const Origin& origin) {
  std::string out = " (line " + std::to_string(origin.line) + ", pos " + std::to_string(origin.position) + ")\n";
  if (origin.sql == nullptr) return out;
  std::vector<std::string_view> lines = LinesOf(origin.sql->text);
  out += "\n== SQL ==\n";
  size_t above = std::min<size_t>(lines.size(), origin.line);
  for (size_t i = 0; i < above; ++i) out.append(lines[i]).append("\n");
  out.append(std::max(0, origin.position), '-').append("^^^\n");
  for (size_t i = above; i < lines.size(); ++i) out.append(lines[i]).append("\n");
  return out;
}

bool IsAnalysisKind(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::kAnalysis:
    case ErrorClass::kTempTableAlreadyExists:
    case ErrorClass::kNoSuchTable:
    case ErrorClass::kNoSuchNamespace:
    case ErrorClass::kNoSuchFunction:
      return true;
    case ErrorClass::kParse:
    case ErrorClass::kArithmetic:
    case ErrorClass::kArrayIndexOutOfBounds:
    case ErrorClass::kDateTime:
    case ErrorClass::kIllegalArgument:
    case ErrorClass::kNumberFormat:
    case ErrorClass::kRuntime:
    case ErrorClass::kUnsupportedOperation:
    case ErrorClass::kUpgrade:
    case ErrorClass::kSpark:
    case ErrorClass::kNoSuchElement:
    case ErrorClass::kSecurity:
    case ErrorClass::kConnect:
      return false;
  }
  return false;
}

}  // namespace

std::string_view Error::ContextFragment() const {
  const Origin& origin = data_->origin;
  if (!ContextIsValid(origin)) return {};
  return std::string_view(origin.sql->text).substr(origin.start, origin.stop - origin.start + 1);
}

std::string Error::ContextSummary() const {
  const Origin& origin = data_->origin;
  if (ContextIsValid(origin)) return SqlContextSummary(origin);
  if (origin.FromDataFrame()) {
    return "== DataFrame ==\n\"" + *origin.fragment + "\" was called from\n" +
           (origin.call_site != nullptr ? *origin.call_site : std::string()) + "\n";
  }
  return {};
}

std::string Error::Message() const {
  if (IsJavaException(*this)) return data_->parameters.at(kJavaMessage);
  const ConditionInfo* info = FindAnyCondition(data_->condition);
  std::string text;
  if (!data_->condition.starts_with("_LEGACY_ERROR_")) text = "[" + data_->condition + "] ";
  if (info != nullptr) {
    text += FillTemplate(info->message, data_->parameters);
    if (!info->sql_state.empty()) text.append(" SQLSTATE: ").append(info->sql_state);
  } else {
    text += "Unknown error condition.";
  }
  const Origin& origin = data_->origin;
  if (IsAnalysisKind(data_->error_class)) {
    if (origin.line > 0) {
      text += "; line " + std::to_string(origin.line) + " pos " + std::to_string(origin.position);
    }
    if (!data_->plan_text.empty()) text += ";\n" + data_->plan_text;
    return text;
  }
  std::string summary = ContextSummary();
  if (data_->error_class == ErrorClass::kParse) {
    text = "\n" + text;
    if (!summary.empty()) return text + "\n" + summary;
    if (origin.line > 0) return text + SyntaxErrorContext(origin);
    return origin.sql != nullptr ? text + "\n== SQL ==\n" + origin.sql->text : text;
  }
  return summary.empty() ? text : text + "\n" + summary;
}

// ---------------------------------------------------------------- Java classes
std::vector<std::string_view> Error::ClassHierarchy() const {
  std::vector<std::string_view> names;
  auto add = [&](std::initializer_list<std::string_view> classes) { names.insert(names.end(), classes); };
  constexpr std::string_view kAnalysisException = "org.apache.spark.sql.AnalysisException";
  constexpr std::string_view kRuntimeException = "java.lang.RuntimeException";
  constexpr std::string_view kIllegalArgumentException = "java.lang.IllegalArgumentException";
  if (IsJavaException(*this)) {
    std::string_view classes = data_->parameters.at(kJavaClasses);
    for (size_t end = 0; end != std::string_view::npos; classes.remove_prefix(std::min(end + 1, classes.size()))) {
      end = classes.find(',');
      add({classes.substr(0, end)});
    }
    add({"java.lang.Exception", "java.lang.Throwable", "java.lang.Object"});
    return names;
  }
  switch (data_->error_class) {
    case ErrorClass::kAnalysis:
      if (!data_->plan_text.empty()) add({"org.apache.spark.sql.catalyst.ExtendedAnalysisException"});
      add({kAnalysisException});
      break;
    case ErrorClass::kParse:
      add({"org.apache.spark.sql.catalyst.parser.ParseException", kAnalysisException});
      break;
    case ErrorClass::kTempTableAlreadyExists:
      add({"org.apache.spark.sql.catalyst.analysis.TempTableAlreadyExistsException",
           "org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException", kAnalysisException});
      break;
    case ErrorClass::kNoSuchTable:
      add({"org.apache.spark.sql.catalyst.analysis.NoSuchTableException", kAnalysisException});
      break;
    case ErrorClass::kNoSuchNamespace:
      add({"org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException", kAnalysisException});
      break;
    case ErrorClass::kNoSuchFunction:
      add({"org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException", kAnalysisException});
      break;
    case ErrorClass::kArithmetic:
      add({"org.apache.spark.SparkArithmeticException", "java.lang.ArithmeticException", kRuntimeException});
      break;
    case ErrorClass::kArrayIndexOutOfBounds:
      add({"org.apache.spark.SparkArrayIndexOutOfBoundsException", "java.lang.ArrayIndexOutOfBoundsException",
           "java.lang.IndexOutOfBoundsException", kRuntimeException});
      break;
    case ErrorClass::kDateTime:
      add({"org.apache.spark.SparkDateTimeException", "java.time.DateTimeException", kRuntimeException});
      break;
    case ErrorClass::kIllegalArgument:
      add({"org.apache.spark.SparkIllegalArgumentException", kIllegalArgumentException, kRuntimeException});
      break;
    case ErrorClass::kNumberFormat:
      add({"org.apache.spark.SparkNumberFormatException", "java.lang.NumberFormatException", kIllegalArgumentException,
           kRuntimeException});
      break;
    case ErrorClass::kRuntime:
      add({"org.apache.spark.SparkRuntimeException", kRuntimeException});
      break;
    case ErrorClass::kUnsupportedOperation:
      add({"org.apache.spark.SparkUnsupportedOperationException", "java.lang.UnsupportedOperationException",
           kRuntimeException});
      break;
    case ErrorClass::kUpgrade:
      add({"org.apache.spark.SparkUpgradeException", kRuntimeException});
      break;
    case ErrorClass::kSpark:
      add({"org.apache.spark.SparkException"});
      break;
    case ErrorClass::kNoSuchElement:
      add({"org.apache.spark.SparkNoSuchElementException", "java.util.NoSuchElementException", kRuntimeException});
      break;
    case ErrorClass::kSecurity:
      add({"org.apache.spark.SparkSecurityException", "java.lang.SecurityException", kRuntimeException});
      break;
    case ErrorClass::kConnect:
      add({"org.apache.spark.sql.connect.common.InvalidPlanInput"});
      break;
  }
  add({"java.lang.Exception", "java.lang.Throwable", "java.lang.Object"});
  return names;
}

std::string_view Error::ClassName() const { return ClassHierarchy().front(); }

// ---------------------------------------------------------------- the compact form
// "{{firesteel-error " length-prefixed fields "}}": every field is <bytes in decimal>:<bytes>, so that no
// text needs escaping. Bytes outside printable ASCII (and '%') are written %XX, since engines may refuse or
// rewrite such bytes.
namespace {

constexpr std::string_view kMark = "{{firesteel-error ";
constexpr int kCauseDepthMax = 8;

void AppendField(std::string& out, std::string_view bytes) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string escaped;
  escaped.reserve(bytes.size());
  for (unsigned char c : bytes) {
    if (c < 0x20 || c >= 0x7F || c == '%') {
      escaped += '%';
      escaped += kHex[c >> 4];
      escaped += kHex[c & 15];
    } else {
      escaped += static_cast<char>(c);
    }
  }
  out += std::to_string(escaped.size()) + ":" + escaped;
}

void AppendNumber(std::string& out, int64_t number) { AppendField(out, std::to_string(number)); }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Reads what AppendField wrote; every failure leaves `ok` false and gives empty values.
struct FieldReader {
  std::string_view rest;
  bool ok = true;

  std::string Text() {
    size_t length = 0;
    auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
    if (!ok || code != std::errc() || end == rest.data() + rest.size() || *end != ':') return Fail();
    rest.remove_prefix(end + 1 - rest.data());
    if (length > rest.size()) return Fail();
    std::string_view escaped = rest.substr(0, length);
    rest.remove_prefix(length);
    std::string out;
    for (size_t i = 0; i < escaped.size(); ++i) {
      if (escaped[i] != '%') {
        out += escaped[i];
        continue;
      }
      int high = i + 2 < escaped.size() ? HexDigit(escaped[i + 1]) : -1;
      int low = i + 2 < escaped.size() ? HexDigit(escaped[i + 2]) : -1;
      if (high < 0 || low < 0) return Fail();
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
    return out;
  }
  int64_t Number() {
    std::string text = Text();
    int64_t number = 0;
    auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) ok = false;
    return ok ? number : 0;
  }
  std::string Fail() {
    ok = false;
    return {};
  }
};

}  // namespace

std::string Error::Encode() const {
  std::string out(kMark);
  AppendField(out, data_->condition);
  AppendNumber(out, static_cast<int>(data_->error_class));
  AppendNumber(out, data_->origin.line);
  AppendNumber(out, data_->origin.position);
  AppendNumber(out, data_->origin.start);
  AppendNumber(out, data_->origin.stop);
  AppendField(out, data_->origin.fragment != nullptr ? "+" + *data_->origin.fragment : "");
  AppendField(out, data_->origin.call_site != nullptr ? *data_->origin.call_site : "");
  AppendNumber(out, static_cast<int64_t>(data_->parameters.size()));
  for (const auto& [name, value] : data_->parameters) {
    AppendField(out, name);
    AppendField(out, value);
  }
  AppendField(out, data_->cause != nullptr ? data_->cause->Encode() : "");
  out += "}}";
  return out;
}

std::unique_ptr<Error> Error::Decode(std::string_view text, std::shared_ptr<const SqlText> sql) {
  size_t at = text.find(kMark);
  if (at == std::string_view::npos) return nullptr;
  FieldReader reader{text.substr(at + kMark.size())};
  Data data;
  data.condition = reader.Text();
  int64_t error_class = reader.Number();
  if (error_class < 0 || error_class > static_cast<int>(ErrorClass::kConnect)) return nullptr;
  data.error_class = static_cast<ErrorClass>(error_class);
  data.origin.line = static_cast<int32_t>(reader.Number());
  data.origin.position = static_cast<int32_t>(reader.Number());
  data.origin.start = static_cast<int32_t>(reader.Number());
  data.origin.stop = static_cast<int32_t>(reader.Number());
  std::string fragment = reader.Text();
  std::string call_site = reader.Text();
  if (!fragment.empty()) {
    data.origin.fragment = std::make_shared<const std::string>(fragment.substr(1));
    data.origin.call_site = std::make_shared<const std::string>(std::move(call_site));
  }
  int64_t count = reader.Number();
  for (int64_t i = 0; i < count && reader.ok; ++i) {
    std::string name = reader.Text();
    data.parameters[std::move(name)] = reader.Text();
  }
  std::string cause = reader.Text();
  if (!reader.ok) return nullptr;
  if (data.condition.empty()) {
    if (!data.parameters.contains(kJavaClasses) || !data.parameters.contains(kJavaMessage)) return nullptr;
  } else if (FindAnyCondition(data.condition) == nullptr) {
    return nullptr;
  }
  if (data.origin.start >= 0) data.origin.sql = sql;
  if (!cause.empty()) {
    static thread_local int depth = 0;  // hostile text must not recurse far
    if (depth < kCauseDepthMax) {
      ++depth;
      if (auto decoded = Decode(cause, sql)) data.cause = std::make_shared<const Error>(*decoded);
      --depth;
    }
  }
  return std::unique_ptr<Error>(new Error(std::move(data)));
}

}  // namespace firesteel
