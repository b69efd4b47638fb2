// JSON text put together.
#include "functions/json_generator.h"

#include <algorithm>
#include <cmath>

#include "functions/base64.h"
#include "types/number_text.h"

namespace firesteel::functions {

void JsonGenerator::NewLine() {
  out_ += '\n';
  out_.append(2 * static_cast<size_t>(std::count_if(stack_.begin(), stack_.end(), [](Level l) { return l.object; })),
              ' ');
}

void JsonGenerator::BeforeValue() {
  if (after_name_) {
    after_name_ = false;
    return;
  }
  if (stack_.empty()) {
    if (roots_++ > 0) out_ += ' ';
    return;
  }
  if (stack_.back().items++ > 0) out_ += ',';
  if (pretty_) out_ += ' ';
}

void JsonGenerator::StartObject() {
  BeforeValue();
  out_ += '{';
  stack_.push_back({true, 0});
}

void JsonGenerator::EndObject() {
  const bool empty = stack_.back().items == 0;
  stack_.pop_back();
  if (pretty_) {
    if (empty)
      out_ += ' ';
    else
      NewLine();
  }
  out_ += '}';
}

void JsonGenerator::StartArray() {
  BeforeValue();
  out_ += '[';
  stack_.push_back({false, 0});
}

void JsonGenerator::EndArray() {
  stack_.pop_back();
  if (pretty_) out_ += ' ';
  out_ += ']';
}

void JsonGenerator::Name(std::string_view name) {
  if (stack_.back().items++ > 0) out_ += ',';
  if (pretty_) NewLine();
  Quoted(name);
  out_ += pretty_ ? " : " : ":";
  after_name_ = true;
}

void JsonGenerator::Quoted(std::string_view text) {
  out_ += '"';
  for (char c : text) {
    switch (c) {
      case '"':
        out_ += "\\\"";
        break;
      case '\\':
        out_ += "\\\\";
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      case '\b':
        out_ += "\\b";
        break;
      case '\f':
        out_ += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out_ += "\\u00";
          out_ += "0123456789ABCDEF"[c >> 4];
          out_ += "0123456789ABCDEF"[c & 15];
        } else {
          out_ += c;
        }
    }
  }
  out_ += '"';
}

void JsonGenerator::String(std::string_view text) {
  BeforeValue();
  Quoted(text);
}

void JsonGenerator::Base64(std::string_view bytes) {
  BeforeValue();
  out_ += '"';
  AppendBase64(bytes, out_);
  out_ += '"';
}

void JsonGenerator::RawValue(std::string_view text) {
  BeforeValue();
  out_ += text;
}

bool JsonGenerator::CopyStructure(JsonTokens& tokens) {
  const bool nested = tokens.current() == JsonToken::kObjectStart || tokens.current() == JsonToken::kArrayStart;
  const size_t depth = tokens.Depth() - (nested ? 1 : 0);
  for (;;) {
    switch (tokens.current()) {
      case JsonToken::kNone:
      case JsonToken::kError:
        return false;
      case JsonToken::kObjectStart:
        StartObject();
        break;
      case JsonToken::kObjectEnd:
        EndObject();
        break;
      case JsonToken::kArrayStart:
        StartArray();
        break;
      case JsonToken::kArrayEnd:
        EndArray();
        break;
      case JsonToken::kFieldName:
        Name(tokens.value());
        break;
      case JsonToken::kString:
        String(tokens.value());
        break;
      case JsonToken::kInteger:
        RawValue(tokens.value() == "-0" ? "0" : tokens.value());
        break;
      case JsonToken::kFloat: {
        const double number = JsonDouble(tokens.value());
        if (std::isfinite(number))
          RawValue(DoubleText(number));
        else
          String(DoubleText(number));
        break;
      }
      case JsonToken::kTrue:
      case JsonToken::kFalse:
      case JsonToken::kNull:
        RawValue(tokens.value());
        break;
    }
    if (tokens.current() != JsonToken::kFieldName && tokens.Depth() == depth) return true;
    tokens.Next();
  }
}

}  // namespace firesteel::functions
