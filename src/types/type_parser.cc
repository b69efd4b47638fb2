// DDL text to types: the part of Spark's grammar (SqlBaseParser.g4) below dataType and colTypeList, by
// recursive descent. The SQL front end has its own reader of types within statements.
#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include "base/deep_stack.h"
#include "base/text.h"
#include "types/json_text.h"
#include "types/type_text.h"
#include "types/type_validation.h"

namespace firesteel {

namespace {

// ---------------------------------------------------------------- tokens
enum class TokenKind { kEnd, kWord, kQuoted, kNumber, kString, kSymbol };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  ///< as written
  int32_t start = 0;
};

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token Next() {
    SkipBlanks();
    Token token;
    token.start = static_cast<int32_t>(at_);
    if (at_ >= text_.size()) return token;
    const char c = text_[at_];
    if (c == '`') {
      token.kind = TokenKind::kQuoted;
      size_t end = at_ + 1;
      while (end < text_.size() && (text_[end] != '`' || (end + 1 < text_.size() && text_[end + 1] == '`'))) {
        end += text_[end] == '`' ? 2 : 1;
      }
      if (end >= text_.size()) return Symbol(token, 1);  // not closed
      return Take(token, end + 1 - at_);
    }
    if (c == '\'' || c == '"') {
      token.kind = TokenKind::kString;
      size_t end = at_ + 1;
      while (end < text_.size() && (text_[end] != c || (end + 1 < text_.size() && text_[end + 1] == c))) {
        end += text_[end] == '\\' || text_[end] == c ? 2 : 1;
      }
      if (end >= text_.size()) return Symbol(token, 1);
      return Take(token, end + 1 - at_);
    }
    if (IsWordByte(c)) {
      size_t end = at_;
      bool digits = true;
      while (end < text_.size() && IsWordByte(text_[end])) digits &= text_[end] >= '0' && text_[end] <= '9', ++end;
      token.kind = digits ? TokenKind::kNumber : TokenKind::kWord;
      return Take(token, end - at_);
    }
    if (text_.substr(at_).starts_with("<>") || text_.substr(at_).starts_with("||")) return Symbol(token, 2);
    return Symbol(token, 1);
  }

 private:
  Token Take(Token token, size_t length) {
    token.text = text_.substr(at_, length);
    at_ += length;
    return token;
  }
  Token Symbol(Token token, size_t length) {
    token.kind = TokenKind::kSymbol;
    return Take(token, length);
  }
  void SkipBlanks() {
    while (at_ < text_.size()) {
      std::string_view rest = text_.substr(at_);
      if (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n' || rest[0] == '\r') {
        ++at_;
      } else if (rest.starts_with("--")) {
        size_t end = rest.find('\n');
        at_ = end == std::string_view::npos ? text_.size() : at_ + end + 1;
      } else if (rest.starts_with("/*")) {
        size_t end = rest.find("*/", 2);
        at_ = end == std::string_view::npos ? text_.size() : at_ + end + 2;
      } else {
        return;
      }
    }
  }

  std::string_view text_;
  size_t at_ = 0;
};

/// 'it''s' and \-escapes as Spark's string literals read.
std::string Unescape(std::string_view quoted) {
  const char quote = quoted.front();
  quoted = quoted.substr(1, quoted.size() - 2);
  std::string out;
  for (size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == quote) {  // doubled
      out += quoted[i++];
      continue;
    }
    if (quoted[i] != '\\' || i + 1 >= quoted.size()) {
      out += quoted[i];
      continue;
    }
    AppendEscaped(quoted[++i], out);
  }
  return out;
}

class Parser {
 public:
  Parser(std::string_view text, const TypeParserOptions& options)
      : sql_(std::make_shared<const SqlText>(SqlText{std::string(text), "", ""})),
        options_(options),
        lexer_(sql_->text) {
    token_ = lexer_.Next();
    next_ = lexer_.Next();
  }

  Result<DataType> SingleType() {
    FS_TRY(DataType type, Type());
    FS_CHECK(End());
    if (bad_) return *bad_;
    return type;
  }

  Result<DataType> SingleSchema() {
    FS_TRY(std::vector<StructField> fields, Columns());
    FS_CHECK(End());
    if (bad_) return *bad_;
    return DataType::Struct(std::move(fields));
  }

 private:
  // -------------------------------------------------------------- tokens
  void Advance() {
    token_ = next_;
    next_ = lexer_.Next();
  }
  bool IsWord(const Token& token, std::string_view word) const {
    return token.kind == TokenKind::kWord && EqualsIgnoreCase(token.text, word);
  }
  bool AtWord(std::string_view word) const { return IsWord(token_, word); }
  bool AtSymbol(std::string_view symbol) const { return token_.kind == TokenKind::kSymbol && token_.text == symbol; }
  bool TakeWord(std::string_view word) {
    if (!AtWord(word)) return false;
    Advance();
    return true;
  }
  bool TakeSymbol(std::string_view symbol) {
    if (!AtSymbol(symbol)) return false;
    Advance();
    return true;
  }

  Origin PositionOf(int32_t start) const {
    Origin origin;
    origin.sql = sql_;
    origin.line = 1;
    int32_t line_start = 0;
    for (int32_t i = 0; i < start; ++i) {
      if (sql_->text[i] == '\n') ++origin.line, line_start = i + 1;
    }
    for (int32_t i = line_start; i < start; ++i) origin.position += (sql_->text[i] & 0xC0) != 0x80 ? 1 : 0;
    return origin;
  }
  /// A type's text alone is no statement: its errors have a position, but no query context.
  Origin TextOnly() const {
    Origin origin;
    origin.sql = sql_;
    return origin;
  }

  Error SyntaxError(std::string hint = "") const {
    if (TrimControls(sql_->text).empty()) {
      return Error::Condition("PARSE_EMPTY_STATEMENT", {}, PositionOf(token_.start)).As(ErrorClass::kParse);
    }
    // Spark's grammar lets a type name stand without "<…>", as an operand of "<": what goes wrong inside the
    // outermost brackets is blamed on the "<".
    const Token& token = brackets_ > 0 ? outermost_ : token_;
    if (brackets_ > 0) hint.clear();
    std::string what = token.kind == TokenKind::kEnd ? "end of input" : "'" + EscapeMetaCharacters(token.text) + "'";
    return Error::Condition("PARSE_SYNTAX_ERROR", {{"error", what}, {"hint", std::move(hint)}}, PositionOf(token.start))
        .As(ErrorClass::kParse);
  }
  /// What is wrong although the grammar takes it: told only when the whole text has been read without a
  /// syntax error.
  DataType Bad(std::string_view condition, Error::Parameters parameters, int32_t start) {
    return Bad(Error::Condition(condition, std::move(parameters), PositionOf(start)).As(ErrorClass::kParse));
  }
  DataType Bad(Error error) {
    if (!bad_) bad_ = std::make_unique<Error>(std::move(error));
    return DataType();
  }

  Status Expect(std::string_view symbol) {
    if (TakeSymbol(symbol)) return {};
    return SyntaxError();
  }
  void OpenBracket() {
    if (brackets_++ == 0) outermost_ = token_;
    Advance();
  }
  Status CloseBracket() {
    FS_CHECK(Expect(">"));
    --brackets_;
    after_keyword_ = false;
    return {};
  }
  Status End() {
    if (token_.kind == TokenKind::kEnd) return {};
    // One token too many is called extra, except after a type's keyword, which could be a name as well.
    if (next_.kind == TokenKind::kEnd && !after_keyword_)
      return SyntaxError(": extra input '" + EscapeMetaCharacters(token_.text) + "'");
    return SyntaxError();
  }

  Result<std::string> Identifier() {
    if (token_.kind == TokenKind::kQuoted) {
      std::string out;
      std::string_view inner = token_.text.substr(1, token_.text.size() - 2);
      for (size_t i = 0; i < inner.size(); ++i) {
        out += inner[i];
        if (inner[i] == '`') ++i;
      }
      Advance();
      return out;
    }
    if (token_.kind != TokenKind::kWord) return SyntaxError();
    std::string name(token_.text);
    int32_t start = token_.start;
    Advance();
    bool plain = !(name[0] >= '0' && name[0] <= '9');
    for (char c : name) plain = plain && static_cast<unsigned char>(c) < 0x80;
    if (AtSymbol("-")) plain = false;
    if (!plain && name[0] >= '0' && name[0] <= '9') return name;  // identifiers may start with a digit
    if (!plain) {  // found while the tree is built: before what else may be wrong
      return Error::Condition("INVALID_IDENTIFIER", {{"ident", name}}, PositionOf(start)).As(ErrorClass::kParse);
    }
    return name;
  }

  // -------------------------------------------------------------- types
  Result<DataType> Type() {
    FS_CHECK(CheckStack());
    if (++depth_ > kTypeDepthMax) return Error::Condition("FAILED_TO_PARSE_TOO_COMPLEX").As(ErrorClass::kParse);
    after_keyword_ = false;
    Result<DataType> type = ComplexOrPrimitive();
    --depth_;
    return type;
  }

  Result<DataType> ComplexOrPrimitive() {
    const int32_t start = token_.start;
    for (std::string_view name : {"ARRAY", "MAP", "STRUCT"}) {
      if (!AtWord(name)) continue;
      Advance();
      if (name == "STRUCT" && TakeSymbol("<>")) return DataType::Struct({});
      if (!AtSymbol("<")) {
        if (AtSymbol("<>")) return SyntaxError();
        return Bad("INCOMPLETE_TYPE_DEFINITION." + std::string(name),
                   name == "ARRAY" ? Error::Parameters{{"elementType", "<INT>"}} : Error::Parameters{}, start);
      }
      OpenBracket();
      if (name == "ARRAY") {
        FS_TRY(DataType element, Type());
        FS_CHECK(CloseBracket());
        return DataType::Array(std::move(element));
      }
      if (name == "MAP") {
        FS_TRY(DataType key, Type());
        FS_CHECK(Expect(","));
        FS_TRY(DataType value, Type());
        FS_CHECK(CloseBracket());
        return DataType::Map(std::move(key), std::move(value));
      }
      std::vector<StructField> fields;
      while (!AtSymbol(">") || !fields.empty()) {
        FS_TRY(StructField field, Field(/*colon_allowed=*/true));
        fields.push_back(std::move(field));
        if (!TakeSymbol(",")) break;
      }
      FS_CHECK(CloseBracket());
      return DataType::Struct(std::move(fields));
    }
    return Primitive(start);
  }

  Result<DataType> Primitive(int32_t start) {
    if (token_.kind != TokenKind::kWord && token_.kind != TokenKind::kQuoted) return SyntaxError();
    static const std::vector<std::pair<std::string_view, TypeId>> kPlain = {{"BOOLEAN", TypeId::kBoolean},
                                                                            {"TINYINT", TypeId::kByte},
                                                                            {"BYTE", TypeId::kByte},
                                                                            {"SMALLINT", TypeId::kShort},
                                                                            {"SHORT", TypeId::kShort},
                                                                            {"INT", TypeId::kInteger},
                                                                            {"INTEGER", TypeId::kInteger},
                                                                            {"BIGINT", TypeId::kLong},
                                                                            {"LONG", TypeId::kLong},
                                                                            {"FLOAT", TypeId::kFloat},
                                                                            {"REAL", TypeId::kFloat},
                                                                            {"DOUBLE", TypeId::kDouble},
                                                                            {"DATE", TypeId::kDate},
                                                                            {"TIMESTAMP_LTZ", TypeId::kTimestamp},
                                                                            {"TIMESTAMP_NTZ", TypeId::kTimestampNtz},
                                                                            {"BINARY", TypeId::kBinary},
                                                                            {"VOID", TypeId::kNull},
                                                                            {"VARIANT", TypeId::kVariant}};
    for (const auto& [name, id] : kPlain) {
      if (!AtWord(name)) continue;
      if (WithNumbers(0)) return Unknown(start);
      Advance();
      after_keyword_ = true;
      return DataType(id);
    }
    if (AtWord("STRING") && !WithNumbers(0)) {
      Advance();
      after_keyword_ = true;
      if (!TakeWord("COLLATE")) return DataType(TypeId::kString);
      after_keyword_ = false;
      FS_TRY(std::string collation, Identifier());
      while (TakeSymbol(".")) {
        FS_TRY(collation, Identifier());
      }
      return WithOrigin(CheckedCollation(collation));
    }
    if (AtWord("TIMESTAMP") && !WithNumbers(0)) {
      Advance();
      after_keyword_ = true;
      if (AtWord("WITHOUT") && IsWord(next_, "TIME")) {
        FS_CHECK(TimeZoneWords());
        return DataType(TypeId::kTimestampNtz);
      }
      if (AtWord("WITH") && IsWord(next_, "LOCAL")) {
        Advance();
        FS_CHECK(TimeZoneWords());
        return DataType(TypeId::kTimestamp);
      }
      return DataType(options_.timestamp_ntz ? TypeId::kTimestampNtz : TypeId::kTimestamp);
    }
    if (AtWord("TIME") && !WithNumbers(1)) {
      Advance();
      after_keyword_ = !AtSymbol("(");
      FS_TRY(std::vector<int64_t> precision, Numbers(1));
      if (AtWord("WITHOUT") && IsWord(next_, "TIME")) FS_CHECK(TimeZoneWords());
      return WithOrigin(CheckedTime(precision.empty() ? 6 : precision[0]));
    }
    if ((AtWord("CHAR") || AtWord("CHARACTER") || AtWord("VARCHAR")) && !WithNumbers(1)) {
      const bool varchar = AtWord("VARCHAR");
      std::string name(token_.text);
      Advance();
      FS_TRY(std::vector<int64_t> length, Numbers(1));
      if (length.empty()) {
        return Bad("DATATYPE_MISSING_SIZE", {{"type", InDoubleQuotes(Upper(name))}}, start);
      }
      return WithOrigin(varchar ? CheckedVarchar(length[0]) : CheckedChar(length[0]));
    }
    if ((AtWord("DECIMAL") || AtWord("DEC") || AtWord("NUMERIC")) && !WithNumbers(2)) {
      Advance();
      after_keyword_ = !AtSymbol("(");
      FS_TRY(std::vector<int64_t> numbers, Numbers(2));
      if (numbers.empty()) return DataType::Decimal(10, 0);
      return WithOrigin(CheckedDecimal(numbers[0], numbers.size() > 1 ? numbers[1] : 0));
    }
    if (AtWord("INTERVAL") && !WithNumbers(0)) {
      Advance();
      return Interval(start);
    }
    return Unknown(start);
  }

  /// Whether more numbers follow the current word than its type takes: then it is a name like any other.
  bool WithNumbers(int count_max) {
    if (next_.kind != TokenKind::kSymbol || next_.text != "(") return false;
    Lexer ahead = lexer_;
    int count = 0;
    for (Token token = ahead.Next(); token.kind == TokenKind::kNumber; token = ahead.Next()) {
      ++count;
      token = ahead.Next();
      if (token.kind != TokenKind::kSymbol || token.text != ",") break;
    }
    return count > count_max;
  }

  Result<DataType> Unknown(int32_t start) {
    if ((AtWord("GEOMETRY") || AtWord("GEOGRAPHY")) && next_.text == "(") {
      return Error::Unsupported("type " + Upper(token_.text), PositionOf(start));
    }
    // Anything else is a name that Spark does not know, perhaps with numbers.
    std::string name(token_.text);
    FS_TRY(std::string ignored, Identifier());
    FS_TRY(std::vector<int64_t> numbers, Numbers(-1));
    if (!numbers.empty()) {
      std::vector<std::string> texts;
      for (int64_t number : numbers) texts.push_back(std::to_string(number));
      name += "(" + Join(texts, ",") + ")";
    }
    return Bad("UNSUPPORTED_DATATYPE", {{"typeName", InDoubleQuotes(Upper(name))}}, start);
  }

  /// WITHOUT TIME ZONE, LOCAL TIME ZONE: the current word, then these two.
  Status TimeZoneWords() {
    Advance();
    for (std::string_view word : {"TIME", "ZONE"}) {
      if (!TakeWord(word)) return SyntaxError();
    }
    return {};
  }

  DataType WithOrigin(Result<DataType> type) {
    if (type.ok()) return *type;
    Error error = type.error();
    // Types throw while the text is being read, so Spark's parser rethrows them as its own, with the text.
    if (error.error_class() == ErrorClass::kAnalysis) return Bad(error.As(ErrorClass::kParse).At(TextOnly()));
    return Bad(std::move(error));
  }

  /// "(1, 2)", or nothing. `count_max` < 0: any number of them.
  Result<std::vector<int64_t>> Numbers(int count_max) {
    std::vector<int64_t> numbers;
    if (!TakeSymbol("(")) return numbers;
    while (true) {
      if (token_.kind != TokenKind::kNumber) return SyntaxError();
      int64_t number = 0;
      auto [end, code] = std::from_chars(token_.text.data(), token_.text.data() + token_.text.size(), number);
      if (code != std::errc() || number > INT32_MAX) {
        Bad(Error::Condition("INVALID_SCHEMA.PARSE_ERROR",
                             {{"inputSchema", InDoubleQuotes(sql_->text)},
                              {"reason", "For input string: \"" + std::string(token_.text) + "\""}}));
        number = 0;
      }
      Advance();
      numbers.push_back(number);
      if (static_cast<int>(numbers.size()) == count_max || !TakeSymbol(",")) break;
    }
    FS_CHECK(Expect(")"));
    return numbers;
  }

  std::optional<uint8_t> IntervalField(bool year_month) {
    constexpr std::string_view kYearMonth[] = {"YEAR", "MONTH"};
    constexpr std::string_view kDayTime[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
    auto find = [&](std::span<const std::string_view> names) -> std::optional<uint8_t> {
      for (size_t i = 0; i < names.size(); ++i) {
        if (AtWord(names[i])) return static_cast<uint8_t>(i);
      }
      return std::nullopt;
    };
    return year_month ? find(kYearMonth) : find(kDayTime);
  }

  Result<DataType> Interval(int32_t start) {
    for (bool year_month : {true, false}) {
      std::optional<uint8_t> first = IntervalField(year_month);
      if (!first) continue;
      std::string first_name = Lower(token_.text);
      Advance();
      uint8_t last = *first;
      // YEAR TO MONTH is the only year-month interval of two fields; no day-time interval ends in DAY.
      if (AtWord("TO") && (year_month ? *first == 0 && IsWord(next_, "MONTH")
                                      : IsWord(next_, "HOUR") || IsWord(next_, "MINUTE") || IsWord(next_, "SECOND"))) {
        Advance();
        std::optional<uint8_t> end = IntervalField(year_month);
        if (!end) return SyntaxError();
        std::string last_name = Lower(token_.text);
        Advance();
        if (*end <= *first) {
          return Bad("INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION",
                     {{"input", ""}, {"from", first_name}, {"to", last_name}}, start);
        }
        last = *end;
      }
      return year_month ? DataType::YearMonth(*first, last) : DataType::DayTime(*first, last);
    }
    after_keyword_ = true;
    return DataType(TypeId::kCalendarInterval);
  }

  // -------------------------------------------------------------- columns
  Result<StructField> Field(bool colon_allowed) {
    StructField field;
    FS_TRY(field.name, Identifier());
    if (colon_allowed) TakeSymbol(":");
    FS_TRY(field.type, Type());
    if (AtWord("NOT")) {
      Advance();
      if (!TakeWord("NULL")) return SyntaxError();
      field.nullable = false;
    }
    if (TakeWord("COMMENT")) {
      if (token_.kind != TokenKind::kString) return SyntaxError();
      std::string comment;
      while (token_.kind == TokenKind::kString) {
        comment += Unescape(token_.text);
        Advance();
      }
      field.metadata = "{\"comment\":";
      AppendJsonString(field.metadata, comment);
      field.metadata += "}";
    }
    return field;
  }

  Result<std::vector<StructField>> Columns() {
    std::vector<StructField> fields;
    do {
      FS_TRY(StructField field, Field(/*colon_allowed=*/false));
      fields.push_back(std::move(field));
    } while (TakeSymbol(","));
    return fields;
  }

  static constexpr int kTypeDepthMax = 2000;
  std::shared_ptr<const SqlText> sql_;
  TypeParserOptions options_;
  Lexer lexer_;
  Token token_;
  Token next_;
  int depth_ = 0;
  int brackets_ = 0;
  Token outermost_;  // the "<" of the outermost open bracket
  bool after_keyword_ = false;
  std::unique_ptr<Error> bad_;
};

}  // namespace

Result<DataType> ParseType(std::string_view text, const TypeParserOptions& options) {
  return Parser(text, options).SingleType();
}

Result<DataType> ParseTableSchema(std::string_view text, const TypeParserOptions& options) {
  return Parser(text, options).SingleSchema();
}

Result<DataType> ParseDdl(std::string_view text, const TypeParserOptions& options) {
  Result<DataType> type = ParseType(text, options);
  if (type.ok()) return type;
  Result<DataType> schema = ParseTableSchema(text, options);
  return schema.ok() ? schema : type;
}

Result<DataType> ParseSchemaText(std::string_view text, const TypeParserOptions& options) {
  Result<DataType> schema = ParseTableSchema(text, options);
  if (schema.ok()) return schema;
  Result<DataType> type = ParseType(text, options);
  if (type.ok()) return type;
  Result<DataType> fields = ParseType("struct<" + std::string(TrimControls(text)) + ">", options);
  return fields.ok() ? fields : schema;
}

}  // namespace firesteel
