// Primary expressions: constants, names, parentheses, CASE, CAST, lambdas, stars, and what may follow each (fields,
// subscripts, ::type, COLLATE, :path).
#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

using unresolved::Attribute;
using unresolved::LambdaVariable;
using unresolved::Literal;

}  // namespace

Result<ExprPtr> Parser::Primary() {
  size_t first = pos_;
  FS_TRY(ExprPtr base, PrimaryStart());
  return Postfix(std::move(base), first);
}

Result<ExprPtr> Parser::PrimaryStart() {
  size_t first = pos_;
  if (StartsStringAt(pos_)) {
    FS_TRY(std::string text, String());
    return StringValue(std::move(text), first);
  }
  if (StartsNumberAt(pos_) || (Is(Tok::kMinus) && StartsNumberAt(pos_ + 1))) return Number();
  switch (Kind()) {  // default: names
    case Tok::kLeftParen:
      return Parenthesized();
    case Tok::kAsterisk:
      ++pos_;
      return StarExpression({}, first);
    case Tok::kNull:
      ++pos_;
      return Make(Literal{TypeId::kNull, Value()}, first);
    case Tok::kTrue:
    case Tok::kFalse:
      ++pos_;
      return Make(Literal{TypeId::kBoolean, Value(KindAt(first) == Tok::kTrue)}, first);
    case Tok::kQuestion:
      return ParameterText();
    case Tok::kColon:
      if (!IsIdentifierAt(pos_ + 1)) {
        ++pos_;
        return Syntax();
      }
      return ParameterText();
    case Tok::kCase: {
      // A column can have this name, too: then no expression or WHEN follows.
      bool name = !StartsExpressionAt(pos_ + 1) || StartsClauseAt(pos_ + 1) || Kind(1) == Tok::kPlus ||
                  Kind(1) == Tok::kMinus || Kind(1) == Tok::kAsterisk;
      if (Kind(1) == Tok::kMinus && StartsNumberAt(pos_ + 2)) name = false;
      if (!name) return CaseExpression();
      break;
    }
    case Tok::kCast:
    case Tok::kTryCast:
      if (Kind(1) == Tok::kLeftParen) return CastExpression();
      break;
    case Tok::kInterval:
      if (StartsIntervalAt(pos_)) return Interval();
      break;
    default:
      break;
  }
  bool string_next = KindAt(pos_ + 1) == Tok::kStringLiteral || StartsStringAt(pos_ + 1);
  if (string_next && (IsIdentifier() || Is(Tok::kTime))) return TypedLiteral();
  if (Kind(1) == Tok::kLeftParen) {
    bool matched = false;
    FS_TRY(ExprPtr special, SpecialForm(&matched));
    if (matched) return special;
  }
  if (ansi_keywords_ && Kind(1) != Tok::kLeftParen && !IsIdentifier()) {
    switch (Kind()) {  // default: not a function without parentheses
      case Tok::kCurrentDate:
      case Tok::kCurrentPath:
      case Tok::kCurrentTime:
      case Tok::kCurrentTimestamp:
      case Tok::kCurrentUser:
      case Tok::kSessionUser:
      case Tok::kUser:
        ++pos_;
        return Call(Lower(Text(first)), {}, first);
      default:
        break;
    }
  }
  return NameExpression();
}

Result<ExprPtr> Parser::Postfix(ExprPtr base, size_t first) {
  while (true) {
    switch (Kind()) {  // default: the expression ends here
      case Tok::kDot: {
        if (!IsIdentifierAt(pos_ + 1)) {
          ++pos_;
          return Syntax();
        }
        FS_TRY(base, Dereference(std::move(base), first));
        break;
      }
      case Tok::kLeftBracket: {
        ++pos_;
        Nesting nesting(this);
        FS_CHECK(CheckNesting());
        FS_TRY(ExprPtr index, ValueExpression());
        if (!Accept(Tok::kRightBracket)) return LeftOut(Tok::kRightBracket);
        base = Make(unresolved::ExtractValue{std::move(base), std::move(index)}, first);
        break;
      }
      case Tok::kDoubleColon: {
        ++pos_;
        unresolved::Cast cast;
        cast.child = std::move(base);
        FS_TRY(cast.type, Type());
        base = Make(std::move(cast), first);
        break;
      }
      case Tok::kColon: {
        if (!IsIdentifierAt(pos_ + 1) && Kind(1) != Tok::kLeftBracket) {
          ++pos_;
          return Syntax();
        }
        FS_TRY(base, SemiStructuredPath(std::move(base), first));
        break;
      }
      case Tok::kCollate: {
        if (!IsIdentifierAt(pos_ + 1) || StartsClauseAt(pos_ + 1)) return base;
        size_t at = ++pos_;
        FS_TRY(Name collation, MultipartIdentifier());
        base = Call("collate", {std::move(base), StringValue(Join(collation, "."), at)}, first);
        break;
      }
      default:
        return base;
    }
    FS_CHECK(GrowTree());
  }
}

// At the dot. Fields of names are names still: what they mean is decided when tables are known.
Result<ExprPtr> Parser::Dereference(ExprPtr base, size_t first) {
  ++pos_;
  size_t at = pos_;
  FS_TRY(std::string field, Identifier());
  if (const auto* attribute = std::get_if<Attribute>(&base->node)) {
    Attribute longer = *attribute;
    longer.name.push_back(std::move(field));
    return Make(std::move(longer), first);
  }
  if (const auto* variable = std::get_if<LambdaVariable>(&base->node)) {
    LambdaVariable longer = *variable;
    longer.name.push_back(std::move(field));
    return Make(std::move(longer), first);
  }
  return Make(unresolved::ExtractValue{std::move(base), StringValue(std::move(field), at)}, first);
}

Result<ExprPtr> Parser::Parenthesized() {
  size_t outer = pos_;
  size_t parameter_count = 0;
  if (LambdaParametersAt(pos_, &parameter_count)) return LambdaExpression(parameter_count, true);
  // Redundant parentheses are skipped, however many.
  while (Kind(1) == Tok::kLeftParen && tokens_[pos_].match != kNoMatch && tokens_[pos_ + 1].match != kNoMatch &&
         tokens_[pos_ + 1].match + 1 == tokens_[pos_].match && !LambdaParametersAt(pos_ + 1, &parameter_count)) {
    ++pos_;
  }
  size_t redundant = pos_ - outer;
  size_t first = pos_;
  ExprPtr result;
  if (ParenthesesHoldQuery(pos_)) {
    ++pos_;
    unresolved::Subquery subquery;
    FS_TRY(subquery.plan, Query());
    FS_CHECK(Expect(Tok::kRightParen));
    result = Make(std::move(subquery), first);
  } else {
    ++pos_;
    FS_TRY(result, Expression());
    if (!Accept(Tok::kRightParen)) {
      FS_TRY(ExprPtr element, AliasOf(std::move(result), first + 1));
      if (!Is(Tok::kComma)) return Missing(Tok::kRightParen);
      unresolved::MultiAliasTuple tuple;
      tuple.elements.push_back(std::move(element));
      while (Accept(Tok::kComma)) {
        FS_TRY(ExprPtr next, NamedExpression());
        tuple.elements.push_back(std::move(next));
      }
      FS_CHECK(Expect(Tok::kRightParen));
      result = Make(std::move(tuple), first);
    }
  }
  for (size_t i = 0; i < redundant; ++i) FS_CHECK(Expect(Tok::kRightParen));
  return result;
}

// name -> or (name, name …) ->
bool Parser::LambdaParametersAt(size_t index, size_t* count) const {
  uint32_t close = tokens_[index].match;
  if (close == kNoMatch || KindAt(close + 1) != Tok::kArrow) return false;
  *count = 0;
  for (size_t i = index + 1; i < close; i += 2) {
    if (!IsIdentifierAt(i)) return false;
    ++*count;
    if (i + 1 != close && KindAt(i + 1) != Tok::kComma) return false;
  }
  return *count >= 2;
}

Result<ExprPtr> Parser::LambdaExpression(size_t parameter_count, bool parenthesized) {
  size_t first = pos_;
  unresolved::Lambda lambda;
  pos_ += parenthesized;
  for (size_t i = 0; i < parameter_count; ++i) {
    FS_TRY(std::string name, Identifier());
    lambda.parameters.push_back(std::move(name));
    if (i + 1 < parameter_count) FS_CHECK(Expect(Tok::kComma));
  }
  if (parenthesized) FS_CHECK(Expect(Tok::kRightParen));
  FS_CHECK(Expect(Tok::kArrow));
  size_t outer = lambda_parameters_.size();
  lambda_parameters_.insert(lambda_parameters_.end(), lambda.parameters.begin(), lambda.parameters.end());
  auto body = Expression();
  lambda_parameters_.resize(outer);
  FS_TRY(lambda.body, std::move(body));
  return Make(std::move(lambda), first);
}

bool Parser::IsLambdaParameter(std::string_view name) const {
  for (const std::string& parameter : lambda_parameters_) {
    if (EqualsIgnoreCase(parameter, name)) return true;
  }
  return false;
}

// A name, or a call of the function with that name.
Result<ExprPtr> Parser::NameExpression() {
  size_t first = pos_;
  if (Is(Tok::kIdentifierKeyword, Tok::kLeftParen)) return IdentifierExpression();
  bool function_word = IsAny(Tok::kLeft, Tok::kRight, Tok::kFilter) && Kind(1) == Tok::kLeftParen;
  if (!IsIdentifier() && !function_word) return Syntax();
  if (Kind(1) == Tok::kArrow) return LambdaExpression(1, false);
  Name name;
  if (function_word) {
    name.push_back(std::string(Text(pos_++)));
  } else {
    FS_TRY(std::string part, Identifier());
    name.push_back(std::move(part));
  }
  while (Is(Tok::kDot) && IsIdentifierAt(pos_ + 1)) {
    ++pos_;
    FS_TRY(std::string part, Identifier());
    name.push_back(std::move(part));
  }
  if (Is(Tok::kDot, Tok::kAsterisk)) {
    pos_ += 2;
    return StarExpression(std::move(name), first);
  }
  if (Is(Tok::kLeftParen)) return FunctionCall(std::move(name), first);
  return ColumnReference(std::move(name), first);
}

ExprPtr Parser::ColumnReference(Name name, size_t first) const {
  if (IsLambdaParameter(name[0])) return Make(LambdaVariable{std::move(name)}, first);
  if (options_.quoted_regex_column_names && name.size() <= 2 && KindAt(pos_ - 1) == Tok::kBackQuoted) {
    std::string table = name.size() == 2 ? std::move(name[0]) : std::string();
    return Make(unresolved::Regex{std::move(name.back()), std::move(table)}, first);
  }
  return Make(Attribute{std::move(name), {}, false}, first);
}

// IDENTIFIER(expression): a column, or before a parenthesis a function.
Result<ExprPtr> Parser::IdentifierExpression() {
  size_t first = pos_;
  FS_TRY(Reference reference, IdentifierReference());
  if (reference.clause != nullptr) {
    if (Is(Tok::kLeftParen)) {
      Defer(Error::Unsupported("IDENTIFIER(…) as a function's name", OriginFrom(first)));
      return FunctionCall({"identifier"}, first);
    }
    return std::move(reference.clause);
  }
  if (Is(Tok::kDot, Tok::kAsterisk)) {
    pos_ += 2;
    return StarExpression(std::move(reference.name), first);
  }
  if (Is(Tok::kLeftParen)) return FunctionCall(std::move(reference.name), first);
  return ColumnReference(std::move(reference.name), first);
}

// After the asterisk. EXCEPT may start a set operation as well.
Result<ExprPtr> Parser::StarExpression(Name target, size_t first) {
  unresolved::Star star;
  star.target = std::move(target);
  if (Is(Tok::kExcept, Tok::kLeftParen) && IsIdentifierAt(pos_ + 2) && !ParenthesesHoldQuery(pos_ + 1)) {
    pos_ += 2;
    do {
      FS_TRY(Name name, MultipartIdentifier());
      star.except.push_back(std::move(name));
    } while (Accept(Tok::kComma));
    FS_CHECK(Expect(Tok::kRightParen));
  }
  return Make(std::move(star), first);
}

Result<ExprPtr> Parser::CaseExpression() {
  size_t first = pos_;
  bool searched = Kind(1) == Tok::kWhen;
  auto result = CaseBranches();
  if (result.ok() || !searched || ansi_keywords_ || result.error().condition() != "PARSE_SYNTAX_ERROR") return result;
  // Spark reads the words as a column named CASE under the alias WHEN then, and finds what follows in excess.
  bool last = KindAt(first + 3) == Tok::kEndOfInput;
  return SyntaxAt(first + 2, last ? ": extra input " + TokenDisplay(first + 2) : "");
}

Result<ExprPtr> Parser::CaseBranches() {
  size_t first = pos_++;
  ExprPtr value;
  if (!Is(Tok::kWhen)) {
    FS_TRY(value, Expression());
  }
  std::vector<ExprPtr> arguments;
  if (!Is(Tok::kWhen)) return Syntax();
  while (Accept(Tok::kWhen)) {
    FS_TRY(ExprPtr condition, Expression());
    FS_CHECK(Expect(Tok::kThen));
    FS_TRY(ExprPtr result, Expression());
    arguments.push_back(std::move(condition));
    arguments.push_back(std::move(result));
  }
  if (Accept(Tok::kElse)) {
    FS_TRY(ExprPtr otherwise, Expression());
    arguments.push_back(std::move(otherwise));
  }
  FS_CHECK(Expect(Tok::kEnd));
  if (value != nullptr) {
    for (size_t i = 0; i + 1 < arguments.size(); i += 2) arguments[i] = Operator("==", {value, arguments[i]}, first);
  }
  return Operator("when", std::move(arguments), first);
}

Result<ExprPtr> Parser::CastExpression() {
  size_t first = pos_;
  unresolved::Cast cast;
  if (Is(Tok::kTryCast)) cast.mode = unresolved::EvalMode::kTry;
  pos_ += 2;
  if (!Is(Tok::kRightParen)) {
    FS_TRY(cast.child, Expression());
  }
  if (IsAny(Tok::kRightParen, Tok::kComma)) {  // no cast, but the call of a function of that name
    pos_ = first + 1;
    return FunctionCall({std::string(Text(first))}, first);
  }
  FS_CHECK(Expect(Tok::kAs));
  FS_TRY(cast.type, Type());
  FS_CHECK(Expect(Tok::kRightParen));
  return Make(std::move(cast), first);
}

// v:a.b[0]['c'], at the colon: a path as variant_get takes it.
Result<ExprPtr> Parser::SemiStructuredPath(ExprPtr base, size_t first) {
  size_t at = ++pos_;
  std::string path = "$";
  bool first_part = true;
  while (true) {
    if (first_part ? IsIdentifier() : Is(Tok::kDot) && IsIdentifierAt(pos_ + 1)) {
      if (!first_part) ++pos_;
      FS_TRY(std::string part, Identifier());
      path += "." + part;
    } else if (Is(Tok::kLeftBracket) && (StartsStringAt(pos_ + 1) || Kind(1) == Tok::kIntegerValue)) {
      size_t bracket = pos_++;
      if (StartsStringAt(pos_)) {
        FS_CHECK(String());
      } else {
        ++pos_;
      }
      FS_CHECK(Expect(Tok::kRightBracket));
      for (size_t i = bracket; i < pos_; ++i) path += Text(i);
    } else {
      break;
    }
    first_part = false;
  }
  if (first_part) return Syntax();
  ExprPtr path_literal = StringValue(std::move(path), at);
  return Operator("@variant_field", {std::move(base), std::move(path_literal)}, first);
}

}  // namespace firesteel::sql
