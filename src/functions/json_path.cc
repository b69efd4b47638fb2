// Parts of JSON text by path or name: get_json_object, json_tuple, json_array_length, json_object_keys.
#include <algorithm>
#include <charconv>
#include <variant>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/json_generator.h"
#include "functions/json_tokens.h"
#include "functions/lower.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using logical::ExprPtr;
using Class = TypePattern::Class;

/// What these functions read JSON with, as Hive does.
constexpr JsonSyntax kHiveSyntax{.control_characters = true, .non_numbers = false};

// ---------------------------------------------------------------- paths
struct Step {
  enum Kind { kKey, kNamed, kSubscript, kIndex, kWildcard } kind;
  std::string name = {};
  int64_t index = 0;
};
using Path = std::vector<Step>;

/// Spark's JsonPathParser: $, .name, ['name'], [0], [*], .*, ['*']. None: no path.
std::optional<Path> ParsePath(std::string_view text) {
  if (text.empty() || text[0] != '$') return std::nullopt;
  Path path;
  for (text.remove_prefix(1); !text.empty();) {
    if (text.starts_with(".*") || text.starts_with("['*']")) {
      path.push_back({Step::kWildcard});
      text.remove_prefix(text[0] == '.' ? 2 : 5);
    } else if (text.starts_with("['")) {
      const size_t end = text.find_first_of("'?", 2);
      if (end == std::string_view::npos || end == 2 || text.substr(end, 2) != "']") return std::nullopt;
      path.push_back({Step::kKey});
      path.push_back({Step::kNamed, std::string(text.substr(2, end - 2))});
      text.remove_prefix(end + 2);
    } else if (text[0] == '.') {
      const size_t end = std::min(text.find_first_of(".[", 1), text.size());
      if (end == 1) return std::nullopt;
      path.push_back({Step::kKey});
      path.push_back({Step::kNamed, std::string(text.substr(1, end - 1))});
      text.remove_prefix(end);
    } else if (text.starts_with("[*]")) {
      path.push_back({Step::kSubscript});
      path.push_back({Step::kWildcard});
      text.remove_prefix(3);
    } else if (text[0] == '[') {
      Step step{Step::kIndex};
      const auto [end, failed] = std::from_chars(text.data() + 1, text.data() + text.size(), step.index);
      if (failed != std::errc() || step.index < 0 || text[1] == '-' || end == text.data() + text.size() || *end != ']')
        return std::nullopt;
      text.remove_prefix(static_cast<size_t>(end + 1 - text.data()));
      path.push_back({Step::kSubscript});
      path.push_back(std::move(step));
    } else {
      return std::nullopt;
    }
  }
  return path;
}

// ---------------------------------------------------------------- get_json_object, as Hive's
enum class Style { kRaw, kQuoted, kFlatten };

class PathEvaluator {
 public:
  explicit PathEvaluator(std::string_view text) : tokens_(text, kHiveSyntax) {}

  std::optional<std::string> Run(std::span<const Step> path) {
    std::string out;
    JsonGenerator json(out);
    tokens_.Next();
    if (!tokens_.IsValue()) return std::nullopt;
    const bool found = Evaluate(json, Style::kRaw, path);
    if (!found || tokens_.current() == JsonToken::kError) return std::nullopt;
    return out;
  }

 private:
  static bool Starts(std::span<const Step> path, std::initializer_list<Step::Kind> kinds) {
    return path.size() >= kinds.size() &&
           std::equal(kinds.begin(), kinds.end(), path.begin(),
                      [](Step::Kind kind, const Step& step) { return kind == step.kind; });
  }
  /// The next token unless it is `end`. Malformed text ends every loop; Run sees it.
  bool NextUntil(JsonToken end) {
    const JsonToken token = tokens_.Next();
    return token != end && token != JsonToken::kError && token != JsonToken::kNone;
  }

  /// True if something was written. The tokens end at the end of what they stand at.
  bool Evaluate(JsonGenerator& json, Style style, std::span<const Step> path) {
    const JsonToken token = tokens_.current();
    if (path.empty()) {
      if (token == JsonToken::kString && style == Style::kRaw) {
        json.Raw(tokens_.value());
        return true;
      }
      if (token == JsonToken::kArrayStart && style == Style::kFlatten) {
        bool found = false;
        while (NextUntil(JsonToken::kArrayEnd)) found |= Evaluate(json, style, path);
        return found;
      }
      return json.CopyStructure(tokens_);
    }
    if (token == JsonToken::kObjectStart && Starts(path, {Step::kKey})) {
      bool found = false;
      while (NextUntil(JsonToken::kObjectEnd)) {
        if (found)
          tokens_.SkipChildren();
        else
          found = Evaluate(json, style, path.subspan(1));
      }
      return found;
    }
    if (token == JsonToken::kArrayStart && Starts(path, {Step::kSubscript})) return Elements(json, style, path);
    if (token == JsonToken::kFieldName && path[0].kind == Step::kNamed && path[0].name == tokens_.value())
      return tokens_.Next() != JsonToken::kNull && Evaluate(json, style, path.subspan(1));
    if (token == JsonToken::kFieldName && path[0].kind == Step::kWildcard) {
      tokens_.Next();
      return Evaluate(json, style, path.subspan(1));
    }
    tokens_.SkipChildren();
    return false;
  }

  bool Elements(JsonGenerator& json, Style style, std::span<const Step> path) {
    if (path[1].kind == Step::kIndex) {
      // Several matches may follow: they need quotes.
      if (Starts(path.subspan(2), {Step::kSubscript, Step::kWildcard})) style = Style::kQuoted;
      bool found = false;
      int64_t index = 0;
      while (NextUntil(JsonToken::kArrayEnd)) {
        if (index++ == path[1].index)
          found = Evaluate(json, style, path.subspan(2));
        else
          tokens_.SkipChildren();
      }
      return found;
    }
    const bool twice = Starts(path.subspan(2), {Step::kSubscript, Step::kWildcard});
    if (!twice && style != Style::kQuoted) {
      // One match stands alone, several are an array.
      std::string matches;
      JsonGenerator array(matches);
      array.StartArray();
      size_t count = 0;
      const Style next = style == Style::kRaw ? Style::kQuoted : style;
      while (NextUntil(JsonToken::kArrayEnd)) count += Evaluate(array, next, path.subspan(2)) ? 1 : 0;
      if (tokens_.current() == JsonToken::kError) return false;
      array.EndArray();
      if (count == 1) matches = matches.substr(1, matches.size() - 2);
      if (count > 0) json.RawValue(matches);
      return count > 0;
    }
    bool found = false;
    json.StartArray();
    while (NextUntil(JsonToken::kArrayEnd))
      found |= Evaluate(json, twice ? Style::kFlatten : Style::kQuoted, path.subspan(twice ? 4 : 2));
    if (tokens_.current() == JsonToken::kError) return false;
    json.EndArray();
    return found;
  }

  JsonTokens tokens_;
};

struct PreparedPath {
  bool constant = false;
  std::optional<Path> path;
};

Result<std::shared_ptr<const void>> PreparePath(const KernelContext& context) {
  auto prepared = std::make_shared<PreparedPath>();
  if (context.constants[1] && !context.constants[1]->IsNull()) {
    prepared->constant = true;
    prepared->path = ParsePath(context.constants[1]->As<std::string>());
  }
  return std::shared_ptr<const void>(std::move(prepared));
}

std::optional<std::string> GetJsonObject(const KernelContext& context, std::string_view json, std::string_view path) {
  const auto& prepared = context.Prepared<PreparedPath>();
  if (prepared.constant) return prepared.path ? PathEvaluator(json).Run(*prepared.path) : std::nullopt;
  const std::optional<Path> parsed = ParsePath(path);
  return parsed ? PathEvaluator(json).Run(*parsed) : std::nullopt;
}

// ---------------------------------------------------------------- json_tuple

Result<ExprPtr> BindJsonTuple(CallSite& site) {
  if (site.arguments.size() < 2) {
    return WrongArgumentCount(site, "> 1", {});
  }
  for (const ExprPtr& argument : site.arguments) {
    if (!argument->type.Is(TypeId::kString))
      return TypeMismatch(site, "NON_STRING_TYPE", {{"funcName", ToSqlId(site.name)}});
  }
  DataType row = TypeId::kString;
  if (site.arguments.size() > 2) {
    std::vector<StructField> fields;
    for (size_t i = 0; i + 1 < site.arguments.size(); ++i) fields.push_back({Cat("c", i), TypeId::kString});
    row = DataType::Struct(std::move(fields));
  }
  return Built(site, site.name, DataType::Array(row), false, site.mode);
}

std::vector<DataType> TupleTypes(std::span<const ExprPtr> arguments) {
  return std::vector<DataType>(arguments.size() - 1, DataType(TypeId::kString));
}

/// The texts of the fields with these names; all none if the text is no object.
void ReadTuple(std::string_view text, std::span<const std::optional<std::string_view>> names,
               std::vector<std::optional<std::string>>& values) {
  std::fill(values.begin(), values.end(), std::nullopt);
  JsonTokens tokens(text, kHiveSyntax);
  if (tokens.Next() != JsonToken::kObjectStart) return;
  while (tokens.Next() == JsonToken::kFieldName) {
    const std::string name(tokens.value());
    const bool wanted = std::any_of(names.begin(), names.end(), [&](const auto& n) { return n == name; });
    const JsonToken token = tokens.Next();
    if (!wanted || token == JsonToken::kNull) {
      tokens.SkipChildren();
      continue;
    }
    std::string value;
    if (token == JsonToken::kString)
      value = tokens.value();
    else if (!JsonGenerator(value).CopyStructure(tokens))
      break;
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) values[i] = value;
    }
  }
  if (tokens.current() == JsonToken::kError) std::fill(values.begin(), values.end(), std::nullopt);
}

Status JsonTuple(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const size_t count = in.size() - 1;
  std::vector<std::optional<std::string_view>> names(count);
  std::vector<std::optional<std::string>> values(count);
  for (size_t row = 0; row < rows; ++row) {
    for (size_t i = 0; i < count; ++i) {
      names[i].reset();
      if (!in[i + 1].IsNull(row)) names[i] = in[i + 1].StringAt(row);
    }
    if (in[0].IsNull(row))
      std::fill(values.begin(), values.end(), std::nullopt);
    else
      ReadTuple(in[0].StringAt(row), names, values);
    const uint64_t at = out.AppendList(row, 1);
    for (size_t i = 0; i < count; ++i) {
      OutputVector& column = count == 1 ? out.child(0) : out.child(0).child(i);
      if (values[i])
        column.SetString(at, *values[i]);
      else
        column.SetNull(at);
    }
  }
  return {};
}

// ---------------------------------------------------------------- sizes and keys
constexpr JsonSyntax kPlainSyntax{};

std::optional<int32_t> JsonArrayLength(std::string_view text) {
  JsonTokens tokens(text, kPlainSyntax);
  if (tokens.Next() != JsonToken::kArrayStart) return std::nullopt;
  int32_t length = 0;
  while (tokens.Next() != JsonToken::kArrayEnd) {
    if (tokens.current() == JsonToken::kError || !tokens.SkipChildren()) return std::nullopt;
    ++length;
  }
  return length;
}

Status JsonObjectKeys(std::string_view text, ResultCell result) {
  JsonTokens tokens(text, kPlainSyntax);
  std::vector<std::string> keys;
  bool good = tokens.Next() == JsonToken::kObjectStart;
  while (good && tokens.Next() != JsonToken::kObjectEnd) {
    good = tokens.current() == JsonToken::kFieldName;
    if (!good) break;
    keys.emplace_back(tokens.value());
    tokens.Next();
    good = tokens.SkipChildren();
  }
  if (!good) {
    result.vector->SetNull(result.row);
    return {};
  }
  uint64_t at = result.vector->AppendList(result.row, keys.size());
  for (const std::string& key : keys) result.vector->child(0).SetString(at++, key);
  return {};
}

}  // namespace

std::span<const Function> JsonPathFunctions() {
  static const TypePattern kText = TypePattern(TypeId::kString).Exactly();
  static const std::vector<Function> rows = {
      {.name = "get_json_object",
       .arguments = {{kText}, {kText}},
       .result = DataType(TypeId::kString),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&GetJsonObject>(&PreparePath),
       .group = "json_funcs",
       .since = "1.5.0",
       .doc = "What a path finds in a JSON text.",
       .example = "get_json_object('{\"a\":\"b\"}', '$.a')"},
      {.name = "json_tuple",
       .kind = Kind::kGenerator,
       .arguments = {{.type = Class::kAny, .repeated = true}},
       .nulls = Nulls::kMaybe,
       .runs = ScalarKernel{&JsonTuple},
       .bind = &BindJsonTuple,
       .generated = &TupleTypes,
       .group = "json_funcs",
       .since = "1.6.0",
       .doc = "The fields of a JSON object as columns.",
       .example = "json_tuple('{\"a\":1, \"b\":2}', 'a', 'b')"},
      {.name = "json_array_length",
       .arguments = {{kText}},
       .result = DataType(TypeId::kInteger),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&JsonArrayLength>(),
       .group = "json_funcs",
       .since = "3.1.0",
       .doc = "How many elements a JSON array has.",
       .example = "json_array_length('[1,2,3,4]')"},
      {.name = "json_object_keys",
       .arguments = {{kText}},
       .result = DataType::Array(TypeId::kString),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&JsonObjectKeys>(),
       .group = "json_funcs",
       .since = "3.1.0",
       .doc = "The names of a JSON object's fields.",
       .example = "json_object_keys('{\"key\": \"value\"}')"},
  };
  return rows;
}

}  // namespace firesteel::functions
