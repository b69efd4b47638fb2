#pragma once
// Options of the text formats as the client gave them, for files (spark.read.json) and for functions (from_json) alike.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/coercion.h"
#include "types/vector.h"

namespace firesteel::functions {

/// Keys in lower case.
class SourceOptions {
 public:
  using Map = std::map<std::string, std::string>;
  explicit SourceOptions(const Map& options) : options_(options) {}
  std::optional<std::string> Find(const std::string& key) const;
  std::string Text(const std::string& key, std::string otherwise) const;
  bool Flag(const std::string& key, bool otherwise) const;
  /// UNSUPPORTED_FEATURE if one of the options is set to anything but `harmless`.
  Status Refuse(std::initializer_list<std::pair<const char*, const char*>> options) const;

  /// One text for all, to pass through a kernel's constants.
  static std::string Encode(const Map& options);
  static Map Decode(std::string_view text);

 private:
  const Map& options_;
};

/// The options of a source whose types are to be inferred: `spark.sql.timestampType` travels among them.
SourceOptions::Map ForInference(SourceOptions::Map options, const Settings& settings);
inline constexpr char kTimestampNtzOption[] = "@timestampntz";

/// PERMISSIVE, DROPMALFORMED, FAILFAST; others are PERMISSIVE, as in Spark.
enum class ParseMode { kPermissive, kDropMalformed, kFailFast };
ParseMode ParseModeOf(const SourceOptions& options);

/// What a kernel says of a malformed record: its third argument, if it has one, names the file that could not be read.
Error OfFile(Error error, std::span<const InputVector> arguments, size_t row);

}  // namespace firesteel::functions
