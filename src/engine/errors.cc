// DuckDB's error messages as Spark's conditions. Its messages are not an interface: what is not recognised (any more) is
// an INTERNAL_ERROR with the text, and engine_test.cc (ErrorsAreSparks) runs statements that must be recognised.
#include "engine/errors.h"

#include <re2/re2.h>
#include <simdjson.h>

#include <map>
#include <string>

#include "physical/scan_formats.h"

namespace firesteel::engine {
namespace {

using physical::ReadFailure;

constexpr char kAnsiSetting[] = "\"spark.sql.ansi.enabled\"";

bool StartsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }
bool Contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// DuckDB's physical and logical type names as Spark writes them in messages.
std::string SparkTypeName(const std::string& duck) {
  static const auto& names = *new std::map<std::string, std::string>{
      {"INT8", "TINYINT"},   {"INT16", "SMALLINT"},       {"INT32", "INT"},
      {"INT64", "BIGINT"},   {"BOOL", "BOOLEAN"},         {"INTEGER", "INT"},
      {"VARCHAR", "STRING"}, {"BLOB", "BINARY"},          {"FLOAT", "FLOAT"},
      {"DOUBLE", "DOUBLE"},  {"INT128", "DECIMAL(38,0)"}, {"HUGEINT", "DECIMAL(38,0)"}};
  auto found = names.find(duck);
  return "\"" + (found != names.end() ? found->second : duck) + "\"";
}

std::string JavaTypeName(const std::string& duck) {
  if (duck == "INT64" || duck == "BIGINT") return "long";
  if (duck == "INT32" || duck == "INTEGER") return "integer";
  if (duck == "INT16" || duck == "SMALLINT") return "short";
  if (duck == "INT8" || duck == "TINYINT") return "byte";
  return duck;
}

Error Overflow(const std::string& operation, const std::string& type, const std::string& left,
               const std::string& right) {
  const std::string java = JavaTypeName(type);
  std::string function, symbol;
  if (operation == "addition") function = "try_add", symbol = "+";
  if (operation == "subtraction") function = "try_subtract", symbol = "-";
  if (operation == "multiplication") function = "try_multiply", symbol = "*";
  if ((java == "byte" || java == "short") && !symbol.empty()) {
    const std::string suffix = java == "byte" ? "Y" : "S";
    return Error::Condition("BINARY_ARITHMETIC_OVERFLOW", {{"value1", left + suffix},
                                                           {"symbol", symbol},
                                                           {"value2", right + suffix},
                                                           {"functionName", "`" + function + "`"}})
        .As(ErrorClass::kArithmetic);
  }
  std::string hint = function.empty() ? "" : " Use '" + function + "' to tolerate overflow and return NULL instead.";
  return Error::Condition("ARITHMETIC_OVERFLOW",
                          {{"message", java + " overflow"}, {"alternative", hint}, {"config", kAnsiSetting}})
      .As(ErrorClass::kArithmetic);
}

std::unique_ptr<Error> Arithmetic(const std::string& text) {
  static const RE2 kBinary(R"re(Overflow in (\w+) of (\w+) \((-?\d+) [-+*] (-?\d+)\))re");
  static const RE2 kUnary(R"re(Overflow in (?:negation|ABS) of (\w+)|Overflow on (?:abs|neg)\w*\(?)re");
  static const RE2 kDecimal(R"re(Overflow in (\w+) of DECIMAL\((\d+)\) \((-?\d+) [-+*] (-?\d+)\))re");
  std::string operation, type, left, right;
  if (RE2::PartialMatch(text, kBinary, &operation, &type, &left, &right)) {
    return std::make_unique<Error>(Overflow(operation, type, left, right));
  }
  if (RE2::PartialMatch(text, kDecimal, &operation, &type, &left, &right) || Contains(text, "Overflow in HUGEINT") ||
      Contains(text, "out of range in decimal") || Contains(text, "in DECIMAL")) {
    return std::make_unique<Error>(
        Error::Condition("ARITHMETIC_OVERFLOW",
                         {{"message", "decimal overflow"}, {"alternative", ""}, {"config", kAnsiSetting}})
            .As(ErrorClass::kArithmetic));
  }
  if (Contains(text, "Date out of range") || Contains(text, "date out of range")) {
    return std::make_unique<Error>(
        Error::Condition("ARITHMETIC_OVERFLOW",
                         {{"message", "integer overflow"}, {"alternative", ""}, {"config", kAnsiSetting}})
            .As(ErrorClass::kArithmetic));
  }
  if (Contains(text, "not in timestamp range")) {
    return std::make_unique<Error>(
        Error::Condition("ARITHMETIC_OVERFLOW",
                         {{"message", "long overflow"}, {"alternative", ""}, {"config", kAnsiSetting}})
            .As(ErrorClass::kArithmetic));
  }
  if (RE2::PartialMatch(text, kUnary, &type)) {
    return std::make_unique<Error>(Overflow("negation", type.empty() ? "INT64" : type, "", ""));
  }
  if (Contains(text, "sum is out of range") || Contains(text, "SUM is out of range") ||
      Contains(text, "Overflow in addition of hugeint") || Contains(text, "Overflow in HUGEINT addition")) {
    return std::make_unique<Error>(Overflow("addition", "INT64", "", ""));
  }
  if (Contains(text, "ivision by zero") || Contains(text, "divide by zero") || Contains(text, "Divide by zero")) {
    return std::make_unique<Error>(
        Error::Condition("DIVIDE_BY_ZERO", {{"config", kAnsiSetting}}).As(ErrorClass::kArithmetic));
  }
  return nullptr;
}

Error InvalidCast(const std::string& value, const std::string& from, const std::string& to) {
  ErrorClass kind = ErrorClass::kNumberFormat;
  if (to == "DATE" || StartsWith(to, "TIMESTAMP")) kind = ErrorClass::kDateTime;
  if (to == "BOOL" || to == "BOOLEAN") kind = ErrorClass::kRuntime;
  return Error::Condition("CAST_INVALID_INPUT", {{"expression", from == "VARCHAR" ? "'" + value + "'" : value},
                                                 {"sourceType", SparkTypeName(from)},
                                                 {"targetType", SparkTypeName(to)},
                                                 {"ansiConfig", kAnsiSetting}})
      .As(kind);
}

std::unique_ptr<Error> Conversion(const std::string& text) {
  // Values may hold line breaks and quotes: (?s) and greedy matches up to the last quote.
  static const RE2 kText(R"re((?s)Could not convert string ['"](.*)['"] to '?(\w+(?:\(\d+,\d+\))?)'?)re");
  static const RE2 kDateText(R"re((?s)(date|timestamp|time) field value out of range: "(.*)")re");
  static const RE2 kDateFormat(R"re((?s)invalid (date|timestamp|time) field format: "(.*)", expected)re");
  static const RE2 kRange(
      R"re((?s)Type (\w+(?:\(\d+,\d+\))?) with value (.*) can't be cast .*the destination type (\w+))re");
  static const RE2 kDecimal(
      R"re((?s)Could not (?:cast|convert)(?: value)? (?:string )?"?(.*?)"? to DECIMAL\((\d+),(\d+)\))re");
  static const RE2 kDecimalTo(R"re((?s)Casting value "(.*)" to type DECIMAL\((\d+),(\d+)\) failed)re");
  std::string value, from, to, precision, scale;
  if (RE2::PartialMatch(text, kDecimalTo, &value, &precision, &scale) ||
      (!Contains(text, "convert string") && RE2::PartialMatch(text, kDecimal, &value, &precision, &scale))) {
    return std::make_unique<Error>(
        Error::Condition("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
                         {{"value", value}, {"precision", precision}, {"scale", scale}, {"config", kAnsiSetting}})
            .As(ErrorClass::kArithmetic));
  }
  if (RE2::PartialMatch(text, kText, &value, &to)) return std::make_unique<Error>(InvalidCast(value, "VARCHAR", to));
  if (RE2::PartialMatch(text, kDateText, &to, &value) || RE2::PartialMatch(text, kDateFormat, &to, &value)) {
    for (char& c : to) c = static_cast<char>(c - 'a' + 'A');
    return std::make_unique<Error>(InvalidCast(value, "VARCHAR", to));
  }
  if (RE2::PartialMatch(text, kRange, &from, &value, &to)) {
    return std::make_unique<Error>(Error::Condition("CAST_OVERFLOW", {{"value", value},
                                                                      {"sourceType", SparkTypeName(from)},
                                                                      {"targetType", SparkTypeName(to)},
                                                                      {"ansiConfig", kAnsiSetting}})
                                       .As(ErrorClass::kArithmetic));
  }
  return nullptr;
}

// Of a file that may not be opened Spark says the same, as Java does.
bool IsNotThere(std::string_view reason) {
  return Contains(reason, "No such file") || Contains(reason, "Permission denied");
}

std::unique_ptr<Error> Files(const std::string& text, std::span<const std::string> parquet_files) {
  // Then the statement runs again with a reader that takes all lines (physical/scan_formats.h).
  if (Contains(text, "CSV Error on Line") || Contains(text, "CSV Parser state machine reached an invalid state")) {
    static const RE2 kLine(R"re((?s)Original Line: (.*?)\n)re");
    std::string line;
    RE2::PartialMatch(text, kLine, &line);
    return std::make_unique<Error>(Error::Condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                                                    {{"badRecord", "[" + line + "]"}, {"failFastMode", "FAILFAST"}})
                                       .As(ErrorClass::kSpark)
                                       .CausedBy(Error::Internal(text)));
  }
  static const RE2 kMissing(R"re(No files found that match the pattern "(.*?)")re");
  static const RE2 kCannotOpen(R"re(Cannot open file "(.*?)": (.*))re");
  static const RE2 kParquet(R"re((?i)(?:file|parquet file) ['"](.+?)['"])re");
  std::string path, reason;
  if (RE2::PartialMatch(text, kMissing, &path))
    return std::make_unique<Error>(ReadFailure("FILE_NOT_EXIST", path, text));
  if (RE2::PartialMatch(text, kCannotOpen, &path, &reason)) {
    return std::make_unique<Error>(ReadFailure(IsNotThere(reason) ? "FILE_NOT_EXIST" : "NO_HINT", path, text));
  }
  RE2::PartialMatch(text, kParquet, &path);
  if (Contains(text, "magic bytes") || Contains(text, "too small to be a Parquet file") ||
      Contains(text, "Footer length error") || Contains(text, "to be a Parquet file")) {
    return std::make_unique<Error>(ReadFailure("CANNOT_READ_FILE_FOOTER", path, text));
  }
  // "Invalid Error": an exception of what reads pages, and of nothing else.
  if (StartsWith(text, "IO Error") || Contains(text, "TProtocolException") || Contains(text, "Parquet") ||
      Contains(text, "parquet") || Contains(text, "Snappy") || Contains(text, "ZSTD") ||
      (!parquet_files.empty() && StartsWith(text, "Invalid Error"))) {
    if (path.empty() && parquet_files.size() == 1) path = parquet_files[0];
    return std::make_unique<Error>(ReadFailure("NO_HINT", path, text));
  }
  return nullptr;
}

std::unique_ptr<Error> Memory(const std::string& text) {
  // DuckDB puts words of its own before a kernel's.
  const bool memory = StartsWith(text, "Out of Memory Error") ||
                      StartsWith(text, "Invalid Input Error: Out of Memory Error") || Contains(text, "std::bad_alloc");
  if (!memory) return nullptr;
  // "failed to allocate data of size 1.0 GiB (900.0 MiB/953.6 MiB used)"
  static const RE2 kSizes(R"re(size ([\d.]+ ?\w*) \(([\d.]+ ?\w*)/)re");
  std::string requested = "more", used;
  RE2::PartialMatch(text, kSizes, &requested, &used);
  return std::make_unique<Error>(
      Error::Condition("UNABLE_TO_ACQUIRE_MEMORY", {{"requestedBytes", requested}, {"receivedBytes", "0"}})
          .As(ErrorClass::kSpark)
          .CausedBy(Error::Internal(text)));
}

// Exceptions that DuckDB lets through say {"exception_type":"IO","exception_message":"…"}.
std::string AsShown(std::string_view message) {
  if (!StartsWith(message, "{\"exception_type\"")) return std::string(message);
  simdjson::dom::parser parser;
  simdjson::dom::object error;
  std::string_view type, text;
  const simdjson::padded_string json(message);
  if (parser.parse(json).get(error) || error["exception_type"].get(type) || error["exception_message"].get(text))
    return std::string(message);
  return std::string(type) + " Error: " + std::string(text);
}

}  // namespace

Error Canceled() { return Error::Condition("OPERATION_CANCELED").As(ErrorClass::kSpark); }

bool InvalidatesDatabase(std::string_view message) {
  return StartsWith(message, "INTERNAL Error") || StartsWith(message, "FATAL Error") ||
         Contains(message, "database has been invalidated");
}

Error FromDuckDb(std::string_view message, const std::shared_ptr<const SqlText>& text,
                 std::span<const std::string> parquet_files) {
  const std::string duck = AsShown(message);
  if (auto own = Error::Decode(duck, text)) return *own;
  if (StartsWith(duck, "INTERRUPT Error")) return Canceled();
  if (auto error = Memory(duck)) return *error;
  if (Contains(duck, "More than one row returned by a subquery")) {
    return Error::Condition("SCALAR_SUBQUERY_TOO_MANY_ROWS").As(ErrorClass::kRuntime);
  }
  if (StartsWith(duck, "Out of Range Error") || StartsWith(duck, "Invalid Input Error") ||
      StartsWith(duck, "Conversion Error") || StartsWith(duck, "Divide By Zero")) {
    if (auto error = Arithmetic(duck)) return *error;
    if (auto error = Conversion(duck)) return *error;
  }
  if (auto error = Files(duck, parquet_files)) return *error;
  return Error::Internal("DuckDB: " + duck);
}

}  // namespace firesteel::engine
