// Expressions around operators: AND, OR, NOT, predicates, arithmetic. What they join is in parser_primary.cc.
#include <algorithm>

#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

using unresolved::Literal;
using unresolved::NullOrder;
using unresolved::SortDirection;

constexpr int kComparisonLevel = 1, kOrLevel = 2, kXorLevel = 3, kAndLevel = 4, kShiftLevel = 5, kSumLevel = 6,
              kProductLevel = 7;

struct BinaryOperatorInfo {
  Tok kind;
  int level;
  std::string_view name;
};

constexpr BinaryOperatorInfo kBinaryOperators[] = {
    {Tok::kEq, kComparisonLevel, "=="},    {Tok::kNullSafeEq, kComparisonLevel, "<=>"},
    {Tok::kNeq, kComparisonLevel, "!="},   {Tok::kNeqJ, kComparisonLevel, "!="},
    {Tok::kLt, kComparisonLevel, "<"},     {Tok::kLte, kComparisonLevel, "<="},
    {Tok::kGt, kComparisonLevel, ">"},     {Tok::kGte, kComparisonLevel, ">="},
    {Tok::kPipe, kOrLevel, "|"},           {Tok::kHat, kXorLevel, "^"},
    {Tok::kAmpersand, kAndLevel, "&"},     {Tok::kShiftLeft, kShiftLevel, "<<"},
    {Tok::kShiftRight, kShiftLevel, ">>"}, {Tok::kShiftRightUnsigned, kShiftLevel, ">>>"},
    {Tok::kPlus, kSumLevel, "+"},          {Tok::kMinus, kSumLevel, "-"},
    {Tok::kConcatPipe, kSumLevel, "||"},   {Tok::kAsterisk, kProductLevel, "*"},
    {Tok::kSlash, kProductLevel, "/"},     {Tok::kPercent, kProductLevel, "%"},
    {Tok::kDiv, kProductLevel, "div"},
};

}  // namespace

Result<ExprPtr> Parser::Expression() {
  Nesting nesting(this);
  FS_CHECK(CheckNesting());
  return Disjunction();
}

// expression [[AS] name | [AS] (name, …)]
Result<ExprPtr> Parser::NamedExpression() {
  size_t first = pos_;
  FS_TRY(ExprPtr child, Expression());
  return AliasOf(std::move(child), first);
}

Result<ExprPtr> Parser::AliasOf(ExprPtr child, size_t first) {
  // "SELECT 1 AS" names the column AS.
  bool as = Is(Tok::kAs) && (ansi_keywords_ || IsIdentifierAt(pos_ + 1) || Kind(1) == Tok::kLeftParen);
  pos_ += as;
  if (as ? Is(Tok::kLeftParen) : Is(Tok::kLeftParen) && IsIdentifierAt(pos_ + 1)) {
    FS_TRY(auto names, IdentifierList());
    return Make(unresolved::Alias{std::move(child), std::move(names), {}}, first);
  }
  if (as || (IsIdentifier() && !StartsClauseAt(pos_))) {
    FS_TRY(std::string name, NamingIdentifier());
    return Make(unresolved::Alias{std::move(child), {std::move(name)}, {}}, first);
  }
  return child;
}

Result<std::vector<ExprPtr>> Parser::NamedExpressionSeq() {
  std::vector<ExprPtr> list;
  do {
    FS_TRY(ExprPtr expression, NamedExpression());
    list.push_back(std::move(expression));
  } while (Accept(Tok::kComma));
  return list;
}

Result<std::vector<ExprPtr>> Parser::ExpressionSeq() {
  std::vector<ExprPtr> list;
  do {
    FS_TRY(ExprPtr expression, Expression());
    list.push_back(std::move(expression));
  } while (Accept(Tok::kComma));
  return list;
}

// A chain of one operator becomes a balanced tree, as in Spark: it stays shallow.
ExprPtr Parser::Balanced(std::string_view name, const std::vector<ExprPtr>& operands, size_t low, size_t high,
                         const Origin& origin) const {
  if (low == high) return operands[low];
  size_t middle = low + (high - low) / 2;
  unresolved::Function function;
  function.name = {std::string(name)};
  function.is_operator = true;
  function.arguments = {Balanced(name, operands, low, middle, origin),
                        Balanced(name, operands, middle + 1, high, origin)};
  return unresolved::MakeExpr(std::move(function), origin);
}

Result<ExprPtr> Parser::Disjunction() {
  size_t first = pos_;
  FS_TRY(ExprPtr operand, Conjunction());
  if (!Is(Tok::kOr) || !StartsExpressionAt(pos_ + 1)) return operand;
  std::vector<ExprPtr> operands = {std::move(operand)};
  while (Is(Tok::kOr) && StartsExpressionAt(pos_ + 1)) {
    ++pos_;
    FS_TRY(ExprPtr next, Conjunction());
    operands.push_back(std::move(next));
  }
  return Balanced("or", operands, 0, operands.size() - 1, OriginFrom(first));
}

Result<ExprPtr> Parser::Conjunction() {
  size_t first = pos_;
  FS_TRY(ExprPtr operand, Negation());
  if (!Is(Tok::kAnd) || !StartsExpressionAt(pos_ + 1)) return operand;
  std::vector<ExprPtr> operands = {std::move(operand)};
  while (Is(Tok::kAnd) && StartsExpressionAt(pos_ + 1)) {
    ++pos_;
    FS_TRY(ExprPtr next, Negation());
    operands.push_back(std::move(next));
  }
  return Balanced("and", operands, 0, operands.size() - 1, OriginFrom(first));
}

ExprPtr Parser::Not(ExprPtr child, size_t first) const { return Operator("not", {std::move(child)}, first); }

// NOT and ! bind tighter than AND.
Result<ExprPtr> Parser::Negation() {
  // Operands do not add up: the tree above them is balanced.
  int outer_height = height_;
  height_ = 0;
  std::vector<size_t> nots;
  while ((Is(Tok::kNot) || Is(Tok::kBang)) && StartsExpressionAt(pos_ + 1)) {
    nots.push_back(pos_++);
    FS_CHECK(GrowTree());
  }
  FS_TRY(ExprPtr operand, Predicated());
  while (!nots.empty()) {
    operand = Not(std::move(operand), nots.back());
    nots.pop_back();
  }
  height_ = std::max(outer_height, height_);
  return operand;
}

Result<ExprPtr> Parser::Predicated() {
  size_t first = pos_;
  if (Is(Tok::kExists, Tok::kLeftParen) && ParenthesesHoldQuery(pos_ + 1)) {
    pos_ += 2;
    FS_TRY(RelationPtr plan, Query());
    FS_CHECK(Expect(Tok::kRightParen));
    unresolved::Subquery subquery;
    subquery.kind = unresolved::SubqueryKind::kExists;
    subquery.plan = std::move(plan);
    return Make(std::move(subquery), first);
  }
  FS_TRY(ExprPtr value, ValueExpression());
  return Predicate(std::move(value), pos_);
}

// The origin of predicates leaves the value before them out, as Spark's does.
Result<ExprPtr> Parser::Predicate(ExprPtr value, size_t first) {
  bool negated = false;
  size_t ahead = 0;
  if (Is(Tok::kNot) || Is(Tok::kBang)) {
    negated = true;
    ahead = 1;
  }
  // A word that nothing follows is no operator, but an alias.
  if (!StartsExpressionAt(pos_ + ahead + 1)) return value;
  switch (Kind(ahead)) {  // default: no predicate
    case Tok::kBetween: {
      pos_ += ahead + 1;
      FS_TRY(ExprPtr lower, ValueExpression());
      FS_CHECK(Expect(Tok::kAnd));
      FS_TRY(ExprPtr upper, ValueExpression());
      ExprPtr between = Operator("between", {std::move(value), std::move(lower), std::move(upper)}, first);
      return negated ? Not(std::move(between), first) : between;
    }
    case Tok::kIn: {
      if (Kind(ahead + 1) != Tok::kLeftParen) return value;
      pos_ += ahead + 1;
      FS_TRY(ExprPtr in, InPredicate(std::move(value), first));
      return negated ? Not(std::move(in), first) : in;
    }
    case Tok::kRlike: {
      pos_ += ahead + 1;
      FS_TRY(ExprPtr pattern, ValueExpression());
      ExprPtr rlike = Operator("rlike", {std::move(value), std::move(pattern)}, first);
      return negated ? Not(std::move(rlike), first) : rlike;
    }
    case Tok::kLike:
    case Tok::kIlike:
      pos_ += ahead;
      return LikePredicate(std::move(value), negated, first);
    case Tok::kIs:
      break;
    default:
      return value;
  }
  if (negated) return value;  // NOT IS …
  size_t at = pos_ + 1;
  bool is_not = KindAt(at) == Tok::kNot || KindAt(at) == Tok::kBang;
  at += is_not;
  switch (KindAt(at)) {  // default: no predicate
    case Tok::kNull: {
      pos_ = at + 1;
      return Operator(is_not ? "isnotnull" : "isnull", {std::move(value)}, first);
    }
    case Tok::kTrue:
    case Tok::kFalse: {
      pos_ = at + 1;
      ExprPtr constant = Make(Literal{TypeId::kBoolean, Value(KindAt(at) == Tok::kTrue)}, first);
      ExprPtr same = Operator("<=>", {std::move(value), std::move(constant)}, first);
      return is_not ? Not(std::move(same), first) : same;
    }
    case Tok::kUnknown: {
      pos_ = at + 1;
      return Operator(is_not ? "@isnotunknown" : "@isunknown", {std::move(value)}, first);
    }
    case Tok::kDistinct: {
      pos_ = at + 1;
      FS_CHECK(Expect(Tok::kFrom));
      FS_TRY(ExprPtr right, ValueExpression());
      ExprPtr same = Operator("<=>", {std::move(value), std::move(right)}, first);
      return is_not ? same : Not(std::move(same), first);
    }
    default:
      pos_ = at;
      return Syntax();
  }
}

// At the parenthesis after IN.
Result<ExprPtr> Parser::InPredicate(ExprPtr value, size_t first) {
  // A query, unless it reads as a list of expressions as well: ((SELECT 1)), (VALUES (1)).
  bool query = StartsQueryAt(pos_ + 1) && KindAt(pos_ + 1) != Tok::kValues;
  if (!query && KindAt(pos_ + 1) == Tok::kValues) query = KindAt(pos_ + 2) != Tok::kLeftParen;
  if (!query && KindAt(pos_ + 1) == Tok::kLeftParen && ParenthesesHoldQuery(pos_)) {
    uint32_t inner_close = tokens_[pos_ + 1].match;
    query = inner_close != kNoMatch && inner_close + 1 != tokens_[pos_].match;
  }
  ++pos_;
  if (query) {
    unresolved::Subquery subquery;
    subquery.kind = unresolved::SubqueryKind::kIn;
    if (const auto* tuple = std::get_if<unresolved::MultiAliasTuple>(&value->node)) {
      subquery.in_values = tuple->elements;
    } else {
      subquery.in_values = {std::move(value)};
    }
    FS_TRY(subquery.plan, Query());
    FS_CHECK(Expect(Tok::kRightParen));
    return Make(std::move(subquery), first);
  }
  std::vector<ExprPtr> arguments = {std::move(value)};
  if (Accept(Tok::kRightParen)) {
    bool negated = pos_ > 3 && (KindAt(pos_ - 4) == Tok::kNot || KindAt(pos_ - 4) == Tok::kBang);
    Defer(ConditionAt("INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE", {}, pos_ - 3 - negated));
    return Operator("in", std::move(arguments), first);
  }
  FS_TRY(auto list, ExpressionSeq());
  FS_CHECK(Expect(Tok::kRightParen));
  for (auto& item : list) arguments.push_back(std::move(item));
  return Operator("in", std::move(arguments), first);
}

// At LIKE or ILIKE.
Result<ExprPtr> Parser::LikePredicate(ExprPtr value, bool negated, size_t first) {
  size_t at = pos_ - negated;
  size_t like_at = pos_;
  std::string name = Is(Tok::kIlike) ? "ilike" : "like";
  ++pos_;
  if (IsAny(Tok::kAny, Tok::kSome, Tok::kAll) && Kind(1) == Tok::kLeftParen) {
    bool all = Is(Tok::kAll);
    pos_ += 2;
    std::vector<ExprPtr> patterns;
    if (!Is(Tok::kRightParen)) {
      FS_TRY(patterns, ExpressionSeq());
    }
    FS_CHECK(Expect(Tok::kRightParen));
    if (patterns.empty()) {
      Defer(ConditionAt("_LEGACY_ERROR_TEMP_0064", {{"msg", "Expected something between '(' and ')'."}}, at));
      return value;
    }
    bool constants = std::all_of(patterns.begin(), patterns.end(), [](const ExprPtr& pattern) {
      const auto* literal = std::get_if<Literal>(&pattern->node);
      return literal != nullptr && literal->type.Is(TypeId::kString);
    });
    if (constants) {  // one function, which Spark shows without the patterns
      bool ignore_case = name == "ilike";
      auto folded = [&](ExprPtr text) { return ignore_case ? Call("lower", {std::move(text)}, first) : text; };
      std::vector<ExprPtr> arguments = {folded(std::move(value))};
      for (auto& pattern : patterns) arguments.push_back(folded(std::move(pattern)));
      return Operator(all ? (negated ? "@notlikeall" : "@likeall") : (negated ? "@notlikeany" : "@likeany"),
                      std::move(arguments), first);
    }
    ExprPtr result;
    for (auto& pattern : patterns) {
      ExprPtr like = Operator(name, {value, std::move(pattern)}, first);
      if (negated) like = Not(std::move(like), first);
      if (result == nullptr) {
        result = std::move(like);
      } else {
        FS_CHECK(GrowTree());
        result = Operator(all ? "and" : "or", {std::move(result), std::move(like)}, first);
      }
    }
    return result;
  }
  FS_TRY(ExprPtr pattern, ValueExpression());
  std::vector<ExprPtr> arguments = {std::move(value), std::move(pattern)};
  if (Is(Tok::kEscape) && StartsStringAt(pos_ + 1)) {
    size_t at = ++pos_;
    FS_TRY(std::string escape, String());
    if (escape.size() != 1 && (escape.empty() || CodePointBytes(escape) != escape.size())) {
      Defer(ConditionAt("INVALID_ESC", {{"invalidEscape", "'" + escape + "'"}}, like_at));
    }
    arguments.push_back(StringValue(std::move(escape), at));
  }
  ExprPtr like = Operator(name, std::move(arguments), first);
  return negated ? Not(std::move(like), first) : like;
}

Result<ExprPtr> Parser::ValueExpression() { return BinaryExpression(kComparisonLevel); }

bool Parser::BinaryOperator(int* level, std::string_view* name) const {
  Tok kind = Kind();
  if (kind > Tok::kHat && kind != Tok::kDiv) return false;
  for (const BinaryOperatorInfo& info : kBinaryOperators) {
    if (info.kind != kind) continue;
    if (kind == Tok::kDiv && !StartsExpressionAt(pos_ + 1)) return false;
    if (kind == Tok::kPipe && StartsPipeStageAt(pos_ + 1)) return false;
    *level = info.level;
    *name = info.name;
    return true;
  }
  return false;
}

// Left-associative, by climbing: operators of level_min and above.
Result<ExprPtr> Parser::BinaryExpression(int level_min) {
  size_t first = pos_;
  FS_TRY(ExprPtr left, UnaryExpression());
  int level;
  std::string_view name;
  while (BinaryOperator(&level, &name) && level >= level_min) {
    ++pos_;
    FS_TRY(ExprPtr right, BinaryExpression(level + 1));
    FS_CHECK(GrowTree());
    if (name == "!=") {
      left = Not(Operator("==", {std::move(left), std::move(right)}, first), first);
    } else if (name == "||") {
      left = Operator("concat", {std::move(left), std::move(right)}, first);
    } else {
      left = Operator(name, {std::move(left), std::move(right)}, first);
    }
  }
  return left;
}

// Signs bind tighter than any binary operator; a minus before a number belongs to the number.
Result<ExprPtr> Parser::UnaryExpression() {
  std::vector<size_t> signs;
  while (IsAny(Tok::kMinus, Tok::kPlus, Tok::kTilde)) {
    if (Is(Tok::kMinus) && StartsNumberAt(pos_ + 1)) break;
    signs.push_back(pos_++);
    FS_CHECK(GrowTree());
  }
  FS_TRY(ExprPtr operand, Primary());
  while (!signs.empty()) {
    size_t at = signs.back();
    signs.pop_back();
    Tok sign = KindAt(at);
    std::string_view name = sign == Tok::kMinus ? "-" : sign == Tok::kPlus ? "+" : "~";
    operand = Operator(name, {std::move(operand)}, at);
  }
  return operand;
}

// expression [ASC | DESC] [NULLS FIRST | NULLS LAST]
Result<SortKey> Parser::SortItem() {
  SortKey key;
  FS_TRY(key.child, Expression());
  if (Accept(Tok::kDesc)) {
    key.direction = SortDirection::kDescending;
  } else {
    Accept(Tok::kAsc);
  }
  if (Accept(Tok::kNulls)) {
    if (Accept(Tok::kFirst)) {
      key.nulls = NullOrder::kFirst;
    } else if (Accept(Tok::kLast)) {
      key.nulls = NullOrder::kLast;
    } else {
      return Syntax();
    }
  }
  return key;
}

Result<std::vector<SortKey>> Parser::SortItems() {
  std::vector<SortKey> keys;
  do {
    FS_TRY(SortKey key, SortItem());
    keys.push_back(std::move(key));
  } while (Accept(Tok::kComma));
  return keys;
}

}  // namespace firesteel::sql
