// The parser's cursor, the errors it gives and the nodes every topic makes.
#include <algorithm>

#include "base/deep_stack.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

int32_t CodePointCount(std::string_view text) {
  int32_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

}  // namespace

Parser::Parser(std::string_view text, const ParserOptions& options)
    : sql_(std::make_shared<const SqlText>(SqlText{std::string(text), {}, {}})),
      options_(options),
      ansi_keywords_(options.ansi && options.enforce_reserved_keywords) {
  if (text.size() > kTextBytesMax) {
    tokens_.emplace_back();
    return;
  }
  Tokens tokens = Tokenize(sql_->text);
  tokens_ = std::move(tokens.list);
  unclosed_comment_ = tokens.unclosed_comment;
  ascii_ = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Status Parser::CheckText() const {
  if (sql_->text.size() > kTextBytesMax) {
    return Error::Condition("FAILED_TO_PARSE_TOO_COMPLEX").As(ErrorClass::kParse);
  }
  // Whatever else is wrong, the comment hides it.
  if (unclosed_comment_) return Error::Condition("UNCLOSED_BRACKETED_COMMENT").As(ErrorClass::kParse);
  return {};
}

Origin Parser::OriginOf(size_t first, size_t end) const {
  const Token& start = tokens_[first];
  Origin origin;
  origin.sql = sql_;
  origin.line = static_cast<int32_t>(start.line);
  origin.position = static_cast<int32_t>(start.start - start.line_start);
  if (!ascii_) {
    origin.position =
        CodePointCount(std::string_view(sql_->text).substr(start.line_start, start.start - start.line_start));
  }
  origin.start = static_cast<int32_t>(start.start);
  size_t last = end > first ? end - 1 : first;
  origin.stop = static_cast<int32_t>(tokens_[last].end) - 1;
  return origin;
}

std::string_view Parser::TextFrom(size_t first) const {
  if (pos_ <= first) return {};
  return std::string_view(sql_->text).substr(tokens_[first].start, tokens_[pos_ - 1].end - tokens_[first].start);
}

std::string Parser::TokenDisplay(size_t index) const {
  if (KindAt(index) == Tok::kEndOfInput) return "end of input";
  if (KindAt(index) == Tok::kDollarString) {
    std::string_view text = Text(index);
    return "'" + std::string(text.substr(0, text.find('$', 1) + 1)) + "'";
  }
  return "'" + std::string(Text(index)) + "'";
}

Error Parser::Syntax(std::string hint) const { return SyntaxAt(pos_, std::move(hint)); }

Error Parser::SyntaxAt(size_t index, std::string hint) const {
  index = std::min(index, tokens_.size() - 1);
  Origin origin = OriginOf(index, index + 1);
  origin.start = origin.stop = -1;  // Spark knows the position of a syntax error, but no node
  if (IsBlank(sql_->text)) {
    origin.position = 0;
    return Error::Condition("PARSE_EMPTY_STATEMENT", {}, origin).As(ErrorClass::kParse);
  }
  return Error::Condition("PARSE_SYNTAX_ERROR", {{"error", TokenDisplay(index)}, {"hint", std::move(hint)}}, origin)
      .As(ErrorClass::kParse);
}

Error Parser::Missing(Tok kind) const {
  if (!Is(Tok::kEndOfInput) && Kind(1) == kind) return Syntax(": extra input " + TokenDisplay(pos_));
  return Syntax();
}

Error Parser::LeftOut(Tok kind) const {
  if (!Is(Tok::kEndOfInput) && Kind(1) == kind) return Syntax(": extra input " + TokenDisplay(pos_));
  return Syntax(": missing '" + std::string(TokenText(kind)) + "'");
}

Error Parser::ConditionAt(std::string_view name, Error::Parameters parameters, size_t first) const {
  return Error::Condition(name, std::move(parameters), OriginFrom(first)).As(ErrorClass::kParse);
}

void Parser::Defer(Error error) {
  if (!deferred_) deferred_ = std::move(error);
}

Status Parser::Finish() {
  bool semicolon = false;
  while (Accept(Tok::kSemicolon)) semicolon = true;
  if (!Is(Tok::kEndOfInput)) {
    bool extra = semicolon || Kind(1) == Tok::kEndOfInput || Kind(1) == Tok::kSemicolon;
    return extra ? Syntax(": extra input " + TokenDisplay(pos_)) : Syntax();
  }
  if (deferred_) return *deferred_;
  return {};
}

Status Parser::CheckNesting() const {
  if (depth_ > kNestingMax) {
    return Error::Condition("FAILED_TO_PARSE_TOO_COMPLEX", {}, OriginOf(pos_, pos_)).As(ErrorClass::kParse);
  }
  return CheckStack();
}

Status Parser::GrowTree() {
  if (++height_ > kTreeHeightMax) {
    return Error::Condition("FAILED_TO_PARSE_TOO_COMPLEX", {}, OriginOf(pos_, pos_)).As(ErrorClass::kParse);
  }
  return {};
}

ExprPtr Parser::Operator(std::string_view name, std::vector<ExprPtr> arguments, size_t first) const {
  unresolved::Function function;
  function.name = {std::string(name)};
  function.arguments = std::move(arguments);
  function.is_operator = true;
  return Make(std::move(function), first);
}

ExprPtr Parser::Call(std::string_view name, std::vector<ExprPtr> arguments, size_t first) const {
  unresolved::Function function;
  function.name = {std::string(name)};
  function.arguments = std::move(arguments);
  return Make(std::move(function), first);
}

ExprPtr Parser::StringValue(std::string text, size_t first) const {
  return Make(unresolved::Literal{TypeId::kString, Value(std::move(text))}, first);
}

ExprPtr Parser::IntegerValue(int64_t value, size_t first) const {
  return Make(unresolved::Literal{TypeId::kInteger, Value(value)}, first);
}

}  // namespace firesteel::sql
