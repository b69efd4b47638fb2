// Session variables: DECLARE, SET VARIABLE, DROP TEMPORARY VARIABLE, and EXECUTE IMMEDIATE.
#include "sql/parser_state.h"

namespace firesteel::sql {

using unresolved::NamePlace;

Result<NamePlace> Parser::PlacedName() {
  const size_t first = pos_;
  NamePlace place;
  FS_TRY(place.name, MultipartIdentifier());
  place.origin = OriginFrom(first);
  return place;
}

Result<std::vector<NamePlace>> Parser::PlacedNames() {
  std::vector<NamePlace> names;
  do {
    FS_TRY(NamePlace name, PlacedName());
    names.push_back(std::move(name));
  } while (Accept(Tok::kComma));
  return names;
}

// DECLARE [OR REPLACE] [VARIABLE] name, … [type] [{DEFAULT | =} expression]
Result<Command> Parser::Declare() {
  const size_t first = pos_++;
  unresolved::DeclareVariable declare;
  if (Is(Tok::kOr, Tok::kReplace)) {
    pos_ += 2;
    declare.replace = true;
  }
  if (IsAny(Tok::kVariable, Tok::kVar) && IsIdentifierAt(pos_ + 1)) ++pos_;
  FS_TRY(declare.names, PlacedNames());
  const auto ends = [&] { return Is(Tok::kEndOfInput) || Is(Tok::kSemicolon); };
  if (!ends() && !IsAny(Tok::kDefault, Tok::kEq)) {
    FS_TRY(declare.type, Type());
  }
  if (Accept(Tok::kDefault) || Accept(Tok::kEq)) {
    FS_TRY(declare.default_value, Expression());
  } else if (!declare.type) {
    Defer(ConditionAt("INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED", {}, first));
  }
  return MakeCommand(std::move(declare), first);
}

// Behind SET: {VARIABLE | VAR} {name = expression, … | (name, …) = (query)}
Result<Command> Parser::SetVariable(size_t first) {
  ++pos_;
  unresolved::SetVariable set;
  if (Accept(Tok::kLeftParen)) {
    FS_TRY(set.names, PlacedNames());
    FS_CHECK(Expect(Tok::kRightParen, Tok::kEq));
    FS_CHECK(Expect(Tok::kLeftParen));
    FS_TRY(set.query, Query());
    FS_CHECK(Expect(Tok::kRightParen));
    return MakeCommand(std::move(set), first);
  }
  do {
    FS_TRY(NamePlace name, PlacedName());
    set.names.push_back(std::move(name));
    FS_CHECK(Expect(Tok::kEq));
    const bool by_default =
        Is(Tok::kDefault) && (Kind(1) == Tok::kComma || Kind(1) == Tok::kSemicolon || Kind(1) == Tok::kEndOfInput);
    ExprPtr value;
    if (by_default) {
      ++pos_;
    } else {
      FS_TRY(value, Expression());
    }
    set.values.push_back(std::move(value));
  } while (Accept(Tok::kComma));
  return MakeCommand(std::move(set), first);
}

// Behind DROP TEMPORARY: VARIABLE [IF EXISTS] name
Result<Command> Parser::DropVariable(size_t first) {
  ++pos_;
  unresolved::DropVariable drop;
  if (Is(Tok::kIf, Tok::kExists)) {
    pos_ += 2;
    drop.if_exists = true;
  }
  FS_TRY(drop.name, PlacedName());
  return MakeCommand(std::move(drop), first);
}

// EXECUTE IMMEDIATE expression [INTO name, …] [USING {expression [AS name], … | (…)}]
Result<Command> Parser::ExecuteImmediate() {
  const size_t first = pos_;
  pos_ += 2;
  unresolved::ExecuteImmediate execute;
  FS_TRY(execute.text, Expression());
  if (Accept(Tok::kInto)) {
    const size_t into = pos_;
    FS_TRY(execute.into, PlacedNames());
    for (NamePlace& target : execute.into) target.origin = OriginFrom(into);
  }
  if (Accept(Tok::kUsing)) {
    const size_t match = Is(Tok::kLeftParen) ? tokens_[pos_].match : kNoMatch;
    const bool all =
        match != kNoMatch && (KindAt(match + 1) == Tok::kEndOfInput || KindAt(match + 1) == Tok::kSemicolon);
    if (all) ++pos_;
    FS_TRY(execute.arguments, NamedExpressionSeq());
    if (all) FS_CHECK(Expect(Tok::kRightParen));
  }
  return MakeCommand(std::move(execute), first);
}

}  // namespace firesteel::sql
