// Function calls: arguments, the clauses after them, windows, and the functions with a syntax of their own.
#include <array>

#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

using unresolved::Frame;
using unresolved::Function;

bool IsDatetimeUnit(Tok kind) {
  switch (kind) {  // default: no unit
    case Tok::kYear:
    case Tok::kQuarter:
    case Tok::kMonth:
    case Tok::kWeek:
    case Tok::kDay:
    case Tok::kDayofyear:
    case Tok::kHour:
    case Tok::kMinute:
    case Tok::kSecond:
    case Tok::kMillisecond:
    case Tok::kMicrosecond:
      return true;
    default:
      return false;
  }
}

// Known without analysis: constants, and operators and casts of them.
bool IsConstantExpression(const unresolved::Expr& expression) {
  if (std::holds_alternative<unresolved::Literal>(expression.node)) return true;
  if (std::holds_alternative<unresolved::Parameter>(expression.node)) return true;
  if (const auto* cast = std::get_if<unresolved::Cast>(&expression.node)) return IsConstantExpression(*cast->child);
  const auto* function = std::get_if<Function>(&expression.node);
  if (function == nullptr || !function->is_operator) return false;
  for (const ExprPtr& argument : function->arguments) {
    if (!IsConstantExpression(*argument)) return false;
  }
  return true;
}

}  // namespace

// Commas of the call itself, plus one; 0 without arguments or without a closing parenthesis.
size_t Parser::ArgumentCountAt(size_t parenthesis) const {
  uint32_t close = tokens_[parenthesis].match;
  if (close == kNoMatch || close == parenthesis + 1) return 0;
  size_t count = 1;
  for (size_t i = parenthesis + 1; i < close; ++i) {
    if (KindAt(i) == Tok::kLeftParen && tokens_[i].match != kNoMatch) i = tokens_[i].match;
    count += KindAt(i) == Tok::kComma;
  }
  return count;
}

// The word stands in the parentheses themselves, not deeper. "IS DISTINCT FROM" is no FROM.
bool Parser::ParenthesesContain(size_t parenthesis, Tok word) const {
  uint32_t close = tokens_[parenthesis].match;
  // Not closed: the text is wrong, and not worth a long search.
  if (close == kNoMatch) close = static_cast<uint32_t>(std::min(tokens_.size() - 1, parenthesis + kNestingMax));
  for (size_t i = parenthesis + 1; i < close; ++i) {
    if (KindAt(i) == Tok::kLeftParen && tokens_[i].match != kNoMatch) i = tokens_[i].match;
    if (KindAt(i) == word && KindAt(i - 1) != Tok::kDistinct) return true;
  }
  return false;
}

// Functions whose arguments are parted by words. Without the words they are ordinary calls.
Result<ExprPtr> Parser::SpecialForm(bool* matched) {
  size_t first = pos_;
  *matched = true;
  switch (Kind()) {  // default: no syntax of its own
    case Tok::kExtract: {
      if (!IsIdentifierAt(pos_ + 2) || Kind(3) != Tok::kFrom) break;
      size_t at = pos_ += 2;
      std::string field = IdentifierText(pos_++);
      ++pos_;
      FS_TRY(ExprPtr source, ValueExpression());
      FS_CHECK(Expect(Tok::kRightParen));
      return Call("extract", {StringValue(std::move(field), at), std::move(source)}, first);
    }
    case Tok::kSubstr:
    case Tok::kSubstring: {
      if (!ParenthesesContain(pos_ + 1, Tok::kFrom)) break;
      pos_ += 2;
      std::vector<ExprPtr> arguments(2);
      FS_TRY(arguments[0], ValueExpression());
      FS_CHECK(Expect(Tok::kFrom));
      FS_TRY(arguments[1], ValueExpression());
      if (Accept(Tok::kFor) || Accept(Tok::kComma)) {
        FS_TRY(ExprPtr length, ValueExpression());
        arguments.push_back(std::move(length));
      }
      FS_CHECK(Expect(Tok::kRightParen));
      return Call("substring", std::move(arguments), first);
    }
    case Tok::kTrim: {
      if (!ParenthesesContain(pos_ + 1, Tok::kFrom)) break;
      pos_ += 2;
      std::string_view name = "trim";
      if (IsAny(Tok::kBoth, Tok::kLeading, Tok::kTrailing)) {
        name = Is(Tok::kLeading) ? "ltrim" : Is(Tok::kTrailing) ? "rtrim" : "trim";
        ++pos_;
      }
      std::vector<ExprPtr> arguments;
      if (!Is(Tok::kFrom)) {
        FS_TRY(ExprPtr characters, ValueExpression());
        arguments.push_back(std::move(characters));
      }
      FS_CHECK(Expect(Tok::kFrom));
      FS_TRY(ExprPtr source, ValueExpression());
      arguments.push_back(std::move(source));
      FS_CHECK(Expect(Tok::kRightParen));
      return Call(name, std::move(arguments), first);
    }
    case Tok::kOverlay: {
      if (!ParenthesesContain(pos_ + 1, Tok::kPlacing)) break;
      pos_ += 2;
      std::vector<ExprPtr> arguments(3);
      FS_TRY(arguments[0], ValueExpression());
      FS_CHECK(Expect(Tok::kPlacing));
      FS_TRY(arguments[1], ValueExpression());
      FS_CHECK(Expect(Tok::kFrom));
      FS_TRY(arguments[2], ValueExpression());
      if (Accept(Tok::kFor)) {
        FS_TRY(ExprPtr length, ValueExpression());
        arguments.push_back(std::move(length));
      }
      FS_CHECK(Expect(Tok::kRightParen));
      return Call("overlay", std::move(arguments), first);
    }
    case Tok::kPosition: {
      if (!ParenthesesContain(pos_ + 1, Tok::kIn) || ArgumentCountAt(pos_ + 1) > 1) break;
      pos_ += 2;
      FS_TRY(ExprPtr substring, ValueExpression());
      FS_CHECK(Expect(Tok::kIn));
      FS_TRY(ExprPtr text, ValueExpression());
      FS_CHECK(Expect(Tok::kRightParen));
      return Call("locate", {std::move(substring), std::move(text)}, first);
    }
    case Tok::kTimestampadd:
    case Tok::kDateadd:
    case Tok::kDateAdd:
    case Tok::kTimestampdiff:
    case Tok::kDatediff:
    case Tok::kDateDiff:
    case Tok::kTimediff:
      return UnitFunction(matched);
    default:
      break;
  }
  *matched = false;
  return ExprPtr();
}

// timestampadd(unit, amount, time), timestampdiff(unit, start, end) and their other names.
Result<ExprPtr> Parser::UnitFunction(bool* matched) {
  size_t first = pos_;
  bool unit = IsDatetimeUnit(Kind(2)) && Kind(3) == Tok::kComma;
  bool text = StartsStringAt(pos_ + 2) && Kind(3) == Tok::kComma;
  if (!(unit || text) || ArgumentCountAt(pos_ + 1) != 3) {
    *matched = false;
    return ExprPtr();
  }
  bool adds = IsAny(Tok::kTimestampadd, Tok::kDateadd, Tok::kDateAdd);
  size_t at = pos_ + 2;
  pos_ += 4;
  std::vector<ExprPtr> arguments(3);
  arguments[0] = StringValue(text ? UnescapedString(at) : std::string(Text(at)), at);
  FS_TRY(arguments[1], ValueExpression());
  FS_CHECK(Expect(Tok::kComma));
  FS_TRY(arguments[2], ValueExpression());
  FS_CHECK(Expect(Tok::kRightParen));
  if (text) {
    Defer(ConditionAt("INVALID_PARAMETER_VALUE.DATETIME_UNIT",
                      {{"functionName", ToSqlId(Lower(Text(first)))},
                       {"parameter", ToSqlId("unit")},
                       {"invalidValue", "'" + UnescapedString(at) + "'"}},
                      first));
  }
  return Call(adds ? "@timestampadd" : "@timestampdiff", std::move(arguments), first);
}

// expression, or key => expression
Result<ExprPtr> Parser::FunctionArgument() {
  if (!IsIdentifier() || Kind(1) != Tok::kFatArrow) return Expression();
  size_t first = pos_;
  unresolved::NamedArgument argument;
  FS_TRY(argument.key, Identifier());
  ++pos_;
  FS_TRY(argument.value, Expression());
  return Make(std::move(argument), first);
}

// At the parenthesis.
Result<ExprPtr> Parser::FunctionCall(Name name, size_t first) {
  Function function;
  function.name = std::move(name);
  Tok word = pos_ == first + 1 ? KindAt(first) : Tok::kIdentifier;
  ++pos_;
  if ((Is(Tok::kDistinct) || Is(Tok::kAll)) && StartsExpressionAt(pos_ + 1)) {
    function.distinct = Is(Tok::kDistinct);
    ++pos_;
  }
  if (!Is(Tok::kRightParen)) {
    do {
      if (word == Tok::kStruct) {
        FS_TRY(ExprPtr argument, NamedExpression());
        function.arguments.push_back(std::move(argument));
      } else {
        FS_TRY(ExprPtr argument, FunctionArgument());
        function.arguments.push_back(std::move(argument));
      }
    } while (Accept(Tok::kComma));
  }
  bool may_ignore = word == Tok::kFirst || word == Tok::kLast || word == Tok::kAnyValue;
  if (may_ignore && function.arguments.size() == 1 && Accept(Tok::kIgnore, Tok::kNulls)) {
    function.ignore_nulls = true;
  }
  if (StartsClauseAt(pos_)) {
    return function.arguments.size() > 1 ? Syntax(": extra input " + TokenDisplay(pos_)) : LeftOut(Tok::kRightParen);
  }
  FS_CHECK(Expect(Tok::kRightParen));
  // count(*) counts rows: the star stands for no column.
  if (function.arguments.size() == 1 && !function.distinct && function.name.size() == 1 &&
      EqualsIgnoreCase(function.name[0], "count")) {
    const auto* star = std::get_if<unresolved::Star>(&function.arguments[0]->node);
    if (star != nullptr && star->target.empty() && star->except.empty()) {
      function.arguments[0] = IntegerValue(1, first);
    }
  }
  if (Is(Tok::kWithin, Tok::kGroup)) {
    pos_ += 2;
    FS_CHECK(Expect(Tok::kLeftParen));
    FS_CHECK(Expect(Tok::kOrder, Tok::kBy));
    FS_TRY(function.within_group, SortItems());
    FS_CHECK(Expect(Tok::kRightParen));
  }
  if (Is(Tok::kFilter, Tok::kLeftParen) && Kind(2) == Tok::kWhere) {
    pos_ += 3;
    FS_TRY(function.filter, Expression());
    FS_CHECK(Expect(Tok::kRightParen));
  }
  if ((Is(Tok::kIgnore) || Is(Tok::kRespect)) && Kind(1) == Tok::kNulls) {
    function.ignore_nulls = Is(Tok::kIgnore);
    pos_ += 2;
  }
  bool over = Is(Tok::kOver) && (Kind(1) == Tok::kLeftParen || (IsIdentifierAt(pos_ + 1) && !StartsClauseAt(pos_ + 1)));
  if (over && Kind(1) == Tok::kLeftParen) {
    // What else stands in the parentheses makes OVER an alias, with something in excess.
    Tok inner = Kind(2), next = Kind(3);
    bool by = inner == Tok::kPartition || inner == Tok::kDistribute || inner == Tok::kCluster || inner == Tok::kOrder ||
              inner == Tok::kSort;
    bool window = inner == Tok::kRightParen || (by && next == Tok::kBy) || inner == Tok::kRows ||
                  inner == Tok::kRange ||
                  (IsIdentifierAt(pos_ + 2) && (next == Tok::kRightParen || next == Tok::kMinus)) ||
                  inner == Tok::kIdentifierKeyword;
    if (!window) return SyntaxAt(pos_ + 1);
  }
  if (!over) return Make(std::move(function), first);
  ExprPtr call = Make(std::move(function), first);
  ++pos_;
  unresolved::Window window;
  window.function = std::move(call);
  FS_TRY(window.spec, Window());
  return Make(std::move(window), first);
}

// name, (name), ([PARTITION BY …] [ORDER BY …] [frame])
Result<WindowSpec> Parser::Window() {
  WindowSpec spec;
  const size_t first = pos_;
  if (!Is(Tok::kLeftParen)) {
    FS_TRY(spec.reference, NamingIdentifier());
    return spec;
  }
  ++pos_;
  if (IsIdentifier() && (Kind(1) == Tok::kRightParen || Kind(1) == Tok::kMinus)) {
    FS_TRY(spec.reference, NamingIdentifier());
    FS_CHECK(Expect(Tok::kRightParen));
    return spec;
  }
  if (Accept(Tok::kCluster, Tok::kBy)) {
    FS_TRY(spec.partition, ExpressionSeq());
  } else {
    if (Accept(Tok::kPartition, Tok::kBy) || Accept(Tok::kDistribute, Tok::kBy)) {
      FS_TRY(spec.partition, ExpressionSeq());
    }
    if (Accept(Tok::kOrder, Tok::kBy) || Accept(Tok::kSort, Tok::kBy)) {
      FS_TRY(spec.order, SortItems());
    }
  }
  if (IsAny(Tok::kRows, Tok::kRange)) {
    FS_TRY(spec.frame, WindowFrame());
  }
  FS_CHECK(Expect(Tok::kRightParen));
  spec.origin = OriginFrom(first);
  return spec;
}

Result<Frame> Parser::WindowFrame() {
  Frame frame;
  frame.unit = Is(Tok::kRows) ? Frame::Unit::kRows : Frame::Unit::kRange;
  ++pos_;
  if (Accept(Tok::kBetween)) {
    FS_TRY(frame.lower, FrameBound());
    FS_CHECK(Expect(Tok::kAnd));
    FS_TRY(frame.upper, FrameBound());
    return frame;
  }
  FS_TRY(frame.lower, FrameBound());
  frame.upper.kind = Frame::BoundKind::kCurrentRow;
  return frame;
}

Result<Frame::Bound> Parser::FrameBound() {
  Frame::Bound bound;
  size_t first = pos_;
  if (Is(Tok::kUnbounded) && (Kind(1) == Tok::kPreceding || Kind(1) == Tok::kFollowing)) {
    bound.kind =
        Kind(1) == Tok::kPreceding ? Frame::BoundKind::kUnboundedPreceding : Frame::BoundKind::kUnboundedFollowing;
    pos_ += 2;
    return bound;
  }
  if (Accept(Tok::kCurrent, Tok::kRow)) return bound;
  FS_TRY(bound.offset, Expression());
  if (Accept(Tok::kPreceding)) {
    bound.kind = Frame::BoundKind::kPreceding;
  } else if (Accept(Tok::kFollowing)) {
    bound.kind = Frame::BoundKind::kFollowing;
  } else {
    return Syntax(": missing {'FOLLOWING', 'PRECEDING'}");
  }
  if (!IsConstantExpression(*bound.offset)) {
    Defer(ConditionAt("_LEGACY_ERROR_TEMP_0064", {{"msg", "Frame bound value must be a literal."}}, first));
  }
  return bound;
}

}  // namespace firesteel::sql
