#pragma once
// JSON text put together, as Jackson's generators write it: compact, or pretty as its DefaultPrettyPrinter does.
#include <string>
#include <string_view>
#include <vector>

#include "functions/json_tokens.h"

namespace firesteel::functions {

class JsonGenerator {
 public:
  explicit JsonGenerator(std::string& out, bool pretty = false) : out_(out), pretty_(pretty) {}

  void StartObject();
  void EndObject();
  void StartArray();
  void EndArray();
  void Name(std::string_view name);
  void String(std::string_view text);
  void Base64(std::string_view bytes);
  /// A value as it stands: a number, a word, JSON made elsewhere.
  void RawValue(std::string_view text);
  /// No value: text between the others.
  void Raw(std::string_view text) { out_ += text; }

  /// Copies the value that `tokens` stands at, to its end; numbers are read and written anew. False: malformed.
  bool CopyStructure(JsonTokens& tokens);

 private:
  struct Level {
    bool object;
    size_t items;
  };
  void BeforeValue();
  void NewLine();
  void Quoted(std::string_view text);

  std::string& out_;
  const bool pretty_;
  std::vector<Level> stack_;
  size_t roots_ = 0;
  bool after_name_ = false;
};

}  // namespace firesteel::functions
