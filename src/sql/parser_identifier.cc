// Identifiers, and what a keyword means where it could be one. Almost every keyword is an identifier in Spark
// unless reserved keywords are enforced; what follows it tells.
#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

bool IsAnsiIdentifier(std::string_view text) {
  for (char c : text) {
    bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!fits) return false;
  }
  return true;
}

// 'a' || 'b'; false if it is no constant string.
bool AppendConstantText(const unresolved::Expr& expression, std::string* text) {
  if (const auto* literal = std::get_if<unresolved::Literal>(&expression.node)) {
    if (!literal->type.Is(TypeId::kString) || literal->value.IsNull()) return false;
    *text += literal->value.As<std::string>();
    return true;
  }
  const auto* function = std::get_if<unresolved::Function>(&expression.node);
  if (function == nullptr || !function->is_operator || function->name[0] != "concat") return false;
  return AppendConstantText(*function->arguments[0], text) && AppendConstantText(*function->arguments[1], text);
}

std::string Unquote(std::string_view quoted) {
  std::string out;
  out.reserve(quoted.size());
  char quote = quoted[0];
  for (size_t i = 1; i + 1 < quoted.size(); ++i) {
    out += quoted[i];
    if (quoted[i] == quote) ++i;  // doubled
  }
  return out;
}

/// INVALID_IDENTIFIER where a syntax error would be: at a position, in no node.
Error InvalidIdentifier(const std::string& text, const Error& syntax) {
  return Error::Condition("INVALID_IDENTIFIER", {{"ident", text}}, syntax.origin()).As(ErrorClass::kParse);
}

}  // namespace

bool Parser::IsIdentifierAt(size_t index) const {
  Tok kind = KindAt(index);
  if (kind == Tok::kIdentifier || kind == Tok::kBackQuoted) return true;
  if (kind == Tok::kDoubleQuoted) return options_.ansi && options_.double_quoted_identifiers;
  if (!IsKeyword(kind)) return false;
  return !ansi_keywords_ || IsAnsiNonReserved(kind);
}

bool Parser::IsStrictIdentifierAt(size_t index) const {
  if (!IsIdentifierAt(index)) return false;
  Tok kind = KindAt(index);
  return !IsKeyword(kind) || ansi_keywords_ || ClassOf(kind) != KeywordClass::kStrictNonReserved;
}

bool Parser::StartsExpressionAt(size_t index) const {
  Tok kind = KindAt(index);
  if (IsIdentifierAt(index) || StartsStringAt(index)) return true;
  switch (kind) {  // default: no token that an expression starts with
    case Tok::kLeftParen:
    case Tok::kPlus:
    case Tok::kMinus:
    case Tok::kTilde:
    case Tok::kAsterisk:
    case Tok::kBang:
    case Tok::kQuestion:
    case Tok::kColon:
    case Tok::kBigIntLiteral:
    case Tok::kSmallIntLiteral:
    case Tok::kTinyIntLiteral:
    case Tok::kIntegerValue:
    case Tok::kExponentValue:
    case Tok::kDecimalValue:
    case Tok::kFloatLiteral:
    case Tok::kDoubleLiteral:
    case Tok::kBigDecimalLiteral:
    // Reserved words that start expressions.
    case Tok::kCase:
    case Tok::kCast:
    case Tok::kNot:
    case Tok::kNull:
    case Tok::kFalse:
    case Tok::kTime:
    case Tok::kCurrentDate:
    case Tok::kCurrentPath:
    case Tok::kCurrentTime:
    case Tok::kCurrentTimestamp:
    case Tok::kCurrentUser:
    case Tok::kSessionUser:
    case Tok::kUser:
    case Tok::kLeft:
    case Tok::kRight:
    case Tok::kFilter:
      return true;
    default:
      return false;
  }
}

bool Parser::StartsQueryAt(size_t index) const {
  switch (KindAt(index)) {  // default: no word that a query starts with
    case Tok::kSelect: {
      Tok next = KindAt(index + 1);
      return next == Tok::kHintStart || next == Tok::kDistinct || next == Tok::kAll || StartsExpressionAt(index + 1);
    }
    case Tok::kWith: {
      if (KindAt(index + 1) == Tok::kRecursive && IsIdentifierAt(index + 2)) return true;
      Tok after = KindAt(index + 2);
      return IsIdentifierAt(index + 1) &&
             (after == Tok::kLeftParen || after == Tok::kAs || after == Tok::kMax || after == Tok::kMinus);
    }
    case Tok::kValues:
      return StartsExpressionAt(index + 1);
    case Tok::kFrom:
      return IsIdentifierAt(index + 1) || KindAt(index + 1) == Tok::kLeftParen || KindAt(index + 1) == Tok::kLateral;
    case Tok::kTable:
      return IsIdentifierAt(index + 1);
    default:
      return false;
  }
}

// Clauses that may follow where an alias may stand. The word starts its clause if what comes next continues it.
bool Parser::StartsClauseAt(size_t index) const {
  Tok next = KindAt(index + 1);
  switch (KindAt(index)) {  // default: no clause starts with it
    case Tok::kFrom:
      return IsIdentifierAt(index + 1) || next == Tok::kLeftParen || next == Tok::kLateral || next == Tok::kValues ||
             StartsStringAt(index + 1);
    case Tok::kWhere:
    case Tok::kHaving:
    case Tok::kQualify:
    case Tok::kLimit:
    case Tok::kOffset:
      return StartsExpressionAt(index + 1);
    case Tok::kGroup:
    case Tok::kOrder:
    case Tok::kSort:
    case Tok::kCluster:
    case Tok::kDistribute:
    case Tok::kPartition:
      return next == Tok::kBy && StartsExpressionAt(index + 2);
    case Tok::kWindow:
      return IsIdentifierAt(index + 1) && (KindAt(index + 2) == Tok::kAs ||
                                           (next == Tok::kIdentifierKeyword && KindAt(index + 2) == Tok::kLeftParen));
    case Tok::kLateral:
      return next == Tok::kView;
    case Tok::kUnion:
    case Tok::kExcept:
    case Tok::kIntersect:
    case Tok::kMinusKeyword:
      return next == Tok::kAll || next == Tok::kDistinct || next == Tok::kLeftParen || next == Tok::kSelect ||
             StartsQueryAt(index + 1);
    case Tok::kPivot:
      return next == Tok::kLeftParen;
    case Tok::kUnpivot:
      return next == Tok::kLeftParen || next == Tok::kInclude || next == Tok::kExclude;
    case Tok::kTablesample:
      return next == Tok::kLeftParen;
    case Tok::kWatermark:
      return StartsExpressionAt(index + 1) && next != Tok::kLeftParen;
    case Tok::kIdentified:
      return next == Tok::kBy;
    case Tok::kWith:
      return next == Tok::kLeftParen || next == Tok::kRollup || next == Tok::kCube;
    case Tok::kGrouping:
      return next == Tok::kSets;
    case Tok::kVersion:
    case Tok::kSystemVersion:
    case Tok::kTimestamp:
    case Tok::kSystemTime:
      return next == Tok::kAs && KindAt(index + 2) == Tok::kOf;
    case Tok::kFor:
      if (KindAt(index + 2) == Tok::kAs && KindAt(index + 3) == Tok::kOf) return true;
      return KindAt(index + 2) == Tok::kIn || next == Tok::kLeftParen;  // PIVOT (… FOR column IN
    case Tok::kChanges:
      return next == Tok::kFrom;
    case Tok::kSelect:
      return StartsExpressionAt(index + 1) || next == Tok::kHintStart;  // FROM t SELECT …
    case Tok::kInsert:
      return next == Tok::kInto || next == Tok::kOverwrite || next == Tok::kWith;
    case Tok::kMap:
    case Tok::kReduce:
      return false;
    case Tok::kApprox:
    case Tok::kExact:
      return next == Tok::kNearest;
    default:
      return StartsJoinAt(index);
  }
}

// Spark takes "|" for "|>" as well: a stage of a pipe must follow then.
bool Parser::StartsPipeStageAt(size_t index) const {
  Tok next = KindAt(index + 1);
  switch (KindAt(index)) {  // default: clauses and joins
    case Tok::kExtend:
    case Tok::kWhere:
    case Tok::kAggregate:
    case Tok::kDrop:
    case Tok::kAs:
      return IsIdentifierAt(index + 1) || StartsStringAt(index + 1) || next == Tok::kIntegerValue;
    case Tok::kSet:
      return IsIdentifierAt(index + 1) && KindAt(index + 2) == Tok::kEq;
    case Tok::kFrom:
    case Tok::kVersion:
    case Tok::kTimestamp:
    case Tok::kFor:
    case Tok::kWith:
      return false;
    default:
      return StartsClauseAt(index);
  }
}

bool Parser::StartsJoinAt(size_t index) const {
  auto at = [&](size_t ahead) { return KindAt(index + ahead); };
  switch (at(0)) {  // default: no join starts with it
    case Tok::kJoin:
      return true;
    case Tok::kNatural:
      return StartsJoinAt(index + 1) && at(1) != Tok::kNatural;
    case Tok::kInner:
    case Tok::kCross:
    case Tok::kSemi:
    case Tok::kAnti:
      return at(1) == Tok::kJoin;
    case Tok::kLeft:
      return at(1) == Tok::kJoin ||
             ((at(1) == Tok::kOuter || at(1) == Tok::kSemi || at(1) == Tok::kAnti) && at(2) == Tok::kJoin);
    case Tok::kRight:
    case Tok::kFull:
      return at(1) == Tok::kJoin || (at(1) == Tok::kOuter && at(2) == Tok::kJoin);
    default:
      return false;
  }
}

// "(((SELECT 1)))": the innermost parentheses hold a query; those around them too, unless what follows makes the
// inner ones an operand or a relation.
bool Parser::ParenthesesHoldQuery(size_t index) const {
  size_t inner = index;
  // Where the parentheses are not closed the text is wrong; looking far ahead again and again would take long.
  size_t inner_max = tokens_[index].match == kNoMatch ? index + kNestingMax : tokens_.size();
  while (KindAt(inner) == Tok::kLeftParen && inner < inner_max) ++inner;
  if (!StartsQueryAt(inner)) return false;
  for (size_t i = inner - 1; i > index; --i) {
    if (tokens_[i].match == kNoMatch) return true;
    size_t after = tokens_[i].match + 1;
    if (after == tokens_[i - 1].match) continue;
    switch (KindAt(after)) {  // default: an operand, or a relation with more to it
      case Tok::kUnion:
      case Tok::kExcept:
      case Tok::kIntersect:
      case Tok::kMinusKeyword:
      case Tok::kOrder:
      case Tok::kSort:
      case Tok::kCluster:
      case Tok::kDistribute:
      case Tok::kLimit:
      case Tok::kOffset:
      case Tok::kWindow:
        if (!StartsClauseAt(after)) return false;
        break;
      case Tok::kOperatorPipe:
        break;
      default:
        return false;
    }
  }
  return true;
}

// The identifier's text; the token must be one.
std::string Parser::IdentifierText(size_t index) {
  std::string_view text = Text(index);
  Tok kind = KindAt(index);
  if (kind == Tok::kBackQuoted || kind == Tok::kDoubleQuoted) return Unquote(text);
  return std::string(text);
}

Result<std::string> Parser::Identifier() {
  // IDENTIFIER('name') is a name written as a string.
  if (Is(Tok::kIdentifierKeyword, Tok::kLeftParen) && StartsStringAt(pos_ + 2)) {
    size_t first = pos_;
    pos_ += 2;
    FS_TRY(std::string text, String());
    FS_CHECK(Expect(Tok::kRightParen));
    FS_TRY(Name parts, ParseMultipartIdentifier(text));
    if (parts.size() != 1) {
      Defer(ConditionAt("IDENTIFIER_TOO_MANY_NAME_PARTS", {{"identifier", ToSqlId(parts)}, {"limit", "1"}}, first));
    }
    return parts[0];
  }
  if (!IsIdentifier()) return Syntax();
  std::string text = IdentifierText(pos_);
  bool unquoted = Is(Tok::kIdentifier);
  ++pos_;
  if (unquoted && !IsAnsiIdentifier(text)) {
    return InvalidIdentifier(text, SyntaxAt(pos_ - 1));
  }
  return text;
}

Result<std::string> Parser::NamingIdentifier() {
  size_t first = pos_;
  FS_TRY(std::string text, Identifier());
  if (!Is(Tok::kMinus) || !IsIdentifierAt(pos_ + 1)) return text;
  size_t minus = pos_;
  while (Is(Tok::kMinus) && IsIdentifierAt(pos_ + 1)) pos_ += 2;
  std::string written;
  for (size_t i = first; i < pos_; ++i) written += Text(i);
  return InvalidIdentifier(written, SyntaxAt(minus));
}

Result<Name> Parser::MultipartIdentifier() {
  Name name;
  do {
    FS_TRY(std::string part, NamingIdentifier());
    name.push_back(std::move(part));
  } while (Accept(Tok::kDot));
  return name;
}

Result<std::vector<std::string>> Parser::IdentifierSeq() {
  std::vector<std::string> names;
  do {
    FS_TRY(std::string name, NamingIdentifier());
    names.push_back(std::move(name));
  } while (Accept(Tok::kComma));
  return names;
}

Result<std::vector<std::string>> Parser::IdentifierList() {
  FS_CHECK(Expect(Tok::kLeftParen));
  FS_TRY(auto names, IdentifierSeq());
  FS_CHECK(Expect(Tok::kRightParen));
  return names;
}

Result<Parser::Reference> Parser::IdentifierReference() {
  Reference reference;
  size_t first = pos_;
  if (Is(Tok::kIdentifierKeyword, Tok::kLeftParen)) {
    pos_ += 2;
    FS_TRY(ExprPtr child, Expression());
    FS_CHECK(Expect(Tok::kRightParen));
    std::string text;
    if (AppendConstantText(*child, &text)) {
      // A constant needs no analysis: the parts are known now.
      auto name = ParseMultipartIdentifier(text);
      if (!name.ok()) {
        const Error& error = name.error();
        return ConditionAt(error.condition(), error.parameters(), first);
      }
      reference.name = *name;
      while (Accept(Tok::kDot)) {
        FS_TRY(std::string part, NamingIdentifier());
        reference.name.push_back(std::move(part));
      }
      return reference;
    }
    reference.clause = Make(unresolved::IdentifierClause{std::move(child)}, first);
    return reference;
  }
  FS_TRY(reference.name, MultipartIdentifier());
  return reference;
}

}  // namespace firesteel::sql
