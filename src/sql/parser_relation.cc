// What stands in FROM: tables, subqueries, joins, table functions, samples, aliases.
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "sql/parser_state.h"
#include "types/number_text.h"

namespace firesteel::sql {
namespace {

using unresolved::Join;
using unresolved::JoinType;
using unresolved::SubqueryAlias;

constexpr double kFractionTolerance = 1e-6;
// Spark's name for subqueries without one; it hides what is inside.
constexpr std::string_view kAutoAlias = "__auto_generated_subquery_name";

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

// FROM relation, … [LATERAL VIEW …] [PIVOT …] [UNPIVOT …]
Result<RelationPtr> Parser::FromClause() {
  FS_CHECK(Expect(Tok::kFrom));
  size_t first = pos_;
  RelationPtr plan;
  do {
    bool lateral = false;
    FS_TRY(RelationPtr relation, Relation(&lateral));
    if (plan == nullptr && !lateral) {
      plan = std::move(relation);
      continue;
    }
    FS_CHECK(GrowTree());
    Join join;
    join.left = plan == nullptr ? MakeRel(unresolved::OneRow{}, first) : std::move(plan);
    join.right = std::move(relation);
    join.lateral = lateral;
    plan = MakeRel(std::move(join), first);
  } while (Accept(Tok::kComma));
  while (Is(Tok::kLateral, Tok::kView)) {
    FS_CHECK(GrowTree());
    FS_TRY(plan, LateralView(std::move(plan), first));
  }
  return plan;
}

// [LATERAL] relation [JOIN …] [PIVOT …] [UNPIVOT …] …
Result<RelationPtr> Parser::Relation(bool* lateral) {
  Nesting nesting(this);
  FS_CHECK(CheckNesting());
  size_t first = pos_;
  *lateral = Is(Tok::kLateral) && Kind(1) != Tok::kView && Accept(Tok::kLateral);
  FS_TRY(RelationPtr plan, RelationPrimary());
  while (true) {
    if (StartsJoinAt(pos_)) {
      FS_TRY(plan, JoinWith(std::move(plan), first));
    } else if (Is(Tok::kPivot, Tok::kLeftParen)) {
      FS_TRY(plan, Pivot(std::move(plan), first));
    } else if (Is(Tok::kUnpivot) && StartsClauseAt(pos_)) {
      FS_TRY(plan, Unpivot(std::move(plan), first));
    } else {
      return plan;
    }
    FS_CHECK(GrowTree());
  }
}

// [NATURAL] [type] JOIN [LATERAL] relation [ON … | USING (…)]
Result<RelationPtr> Parser::JoinWith(RelationPtr left, size_t first) {
  Join join;
  size_t at = pos_;
  join.left = std::move(left);
  join.natural = Accept(Tok::kNatural);
  bool side = false;
  switch (Kind()) {  // default: an inner join
    case Tok::kInner:
      ++pos_;
      break;
    case Tok::kCross:
      ++pos_;
      join.type = JoinType::kCross;
      break;
    case Tok::kFull:
      ++pos_;
      side = true;
      join.type = JoinType::kFullOuter;
      break;
    case Tok::kRight:
      ++pos_;
      side = true;
      join.type = JoinType::kRightOuter;
      break;
    case Tok::kLeft:
      ++pos_;
      side = true;
      join.type = JoinType::kLeftOuter;
      break;
    default:
      break;
  }
  if (join.type == JoinType::kInner || join.type == JoinType::kLeftOuter) {
    bool semi = Is(Tok::kSemi), anti = Is(Tok::kAnti);
    if (semi || anti) {
      ++pos_;
      side = false;
      join.type = semi ? JoinType::kLeftSemi : JoinType::kLeftAnti;
    }
  }
  if (side) Accept(Tok::kOuter);
  FS_CHECK(Expect(Tok::kJoin));
  join.lateral = Accept(Tok::kLateral);
  FS_TRY(join.right, RelationPrimary());
  if (!join.natural) {
    if (Accept(Tok::kOn)) {
      FS_TRY(join.condition, Expression());
    } else if (Accept(Tok::kUsing)) {
      if (!Is(Tok::kLeftParen)) return LeftOut(Tok::kLeftParen);
      FS_TRY(join.using_columns, IdentifierList());
    } else if ((Is(Tok::kApprox) || Is(Tok::kExact)) && Kind(1) == Tok::kNearest) {
      return NearestJoin(first);
    }
  }
  if (join.lateral) CheckLateralJoin(join, at);
  return MakeRel(std::move(join), at);
}

// What follows LATERAL sees the left side's rows one by one: some joins make no sense then.
void Parser::CheckLateralJoin(const Join& join, size_t first) {
  std::string_view type;
  switch (join.type) {
    case JoinType::kInner:
    case JoinType::kCross:
    case JoinType::kLeftOuter:
      break;
    case JoinType::kRightOuter:
      type = "RIGHT OUTER";
      break;
    case JoinType::kFullOuter:
      type = "FULL OUTER";
      break;
    case JoinType::kLeftSemi:
      type = "LEFT SEMI";
      break;
    case JoinType::kLeftAnti:
      type = "LEFT ANTI";
      break;
  }
  if (join.natural) {
    Defer(ConditionAt("INCOMPATIBLE_JOIN_TYPES", {{"joinType1", "LATERAL"}, {"joinType2", "NATURAL"}}, first));
  } else if (!join.using_columns.empty()) {
    Defer(ConditionAt("UNSUPPORTED_FEATURE.LATERAL_JOIN_USING", {}, first));
  } else if (!type.empty()) {
    Defer(ConditionAt("INVALID_LATERAL_JOIN_TYPE", {{"joinType", std::string(type)}}, first));
  }
}

// {APPROX | EXACT} NEAREST [n] BY {DISTANCE | SIMILARITY} expression
Result<RelationPtr> Parser::NearestJoin(size_t first) {
  pos_ += 2;
  Accept(Tok::kIntegerValue);
  FS_CHECK(Expect(Tok::kBy));
  if (!Accept(Tok::kDistance) && !Accept(Tok::kSimilarity)) return Syntax();
  FS_CHECK(Expression());
  return MakeRel(unresolved::UnsupportedRelation{"JOIN … NEAREST BY"}, first);
}

Result<RelationPtr> Parser::RelationPrimary() {
  size_t first = pos_;
  if (Is(Tok::kLeftParen)) {
    bool query = ParenthesesHoldQuery(pos_);
    RelationPtr plan;
    if (query) {
      // As in expressions, redundant parentheses are skipped by the query.
      ++pos_;
      FS_TRY(plan, Query());
    } else {
      Nesting nesting(this);
      FS_CHECK(CheckNesting());
      ++pos_;
      bool lateral = false;
      FS_TRY(plan, Relation(&lateral));
    }
    if (!Accept(Tok::kRightParen)) return query ? LeftOut(Tok::kRightParen) : Missing(Tok::kRightParen);
    if (Is(Tok::kTablesample, Tok::kLeftParen)) {
      FS_TRY(plan, Sample(std::move(plan), first));
    }
    FS_TRY(plan, Watermark(std::move(plan), first));
    if (query && !StartsTableAliasAt(pos_)) {
      return MakeRel(SubqueryAlias{std::move(plan), std::string(kAutoAlias), {}, {}}, first);
    }
    return Aliased(std::move(plan), first);
  }
  if (Is(Tok::kValues) && StartsExpressionAt(pos_ + 1) && Kind(1) != Tok::kDot &&
      !(Kind(1) == Tok::kLeftParen && Kind(2) == Tok::kRightParen) &&
      (Kind(1) == Tok::kLeftParen || !StartsClauseAt(pos_ + 1))) {
    return InlineTable();
  }
  if (Is(Tok::kStream) && (Kind(1) == Tok::kLeftParen || (IsIdentifierAt(pos_ + 1) && !StartsClauseAt(pos_ + 1)))) {
    return StreamRelation();
  }
  return TableReference();
}

// STREAM table, STREAM (table)
Result<RelationPtr> Parser::StreamRelation() {
  size_t first = pos_++;
  bool parenthesized = Accept(Tok::kLeftParen);
  FS_CHECK(MultipartIdentifier());
  if (parenthesized) FS_CHECK(Expect(Tok::kRightParen));
  if (Is(Tok::kWith, Tok::kLeftParen)) {
    ++pos_;
    FS_CHECK(PropertyList());
  }
  return Aliased(MakeRel(unresolved::UnsupportedRelation{"STREAM"}, first), first);
}

// A table's name or a function's call.
Result<RelationPtr> Parser::TableReference() {
  size_t first = pos_;
  unresolved::ReadTable table;
  if (IsAny(Tok::kLeft, Tok::kRight, Tok::kFilter) && Kind(1) == Tok::kLeftParen) {
    return TableFunctionCall({std::string(Text(pos_++))}, first);
  }
  FS_TRY(Reference reference, IdentifierReference());
  if (Is(Tok::kLeftParen)) {
    if (reference.clause != nullptr) {
      Defer(Error::Unsupported("IDENTIFIER(…) as a function's name", OriginFrom(first)));
      reference.name = {"identifier"};
    }
    return TableFunctionCall(std::move(reference.name), first);
  }
  table.name = std::move(reference.name);
  table.identifier = std::move(reference.clause);
  if (Is(Tok::kChanges, Tok::kFrom)) return ChangesClause(first);
  FS_CHECK(TemporalClause(&table));
  if (Is(Tok::kWith, Tok::kLeftParen)) {
    ++pos_;
    FS_TRY(table.options, PropertyList());
  }
  RelationPtr plan = MakeRel(std::move(table), first);
  // The sample is taken of the table under its alias.
  size_t sample_at = pos_;
  bool sampled = Is(Tok::kTablesample, Tok::kLeftParen);
  std::optional<unresolved::Sample> sample;
  ExprPtr rows;
  if (sampled) {
    FS_CHECK(SampleClause(&sample, &rows));
  }
  FS_TRY(plan, Watermark(std::move(plan), first));
  FS_TRY(plan, Aliased(std::move(plan), first));
  if (sampled) plan = Sampled(std::move(plan), std::move(sample), std::move(rows), sample_at);
  return plan;
}

// CHANGES FROM VERSION … TO …: a change feed, which no source here has.
Result<RelationPtr> Parser::ChangesClause(size_t first) {
  pos_ += 2;
  for (bool more = true; more; more = Accept(Tok::kTo)) {
    if (Accept(Tok::kVersion) || Accept(Tok::kSystemVersion)) {
      FS_CHECK(Version());
    } else if (Accept(Tok::kTimestamp) || Accept(Tok::kSystemTime)) {
      FS_CHECK(ValueExpression());
    } else {
      return Syntax();
    }
    if (!Accept(Tok::kInclusive)) Accept(Tok::kExclusive);
  }
  return Aliased(MakeRel(unresolved::UnsupportedRelation{"CHANGES"}, first), first);
}

Result<ExprPtr> Parser::Version() {
  size_t first = pos_;
  if (Accept(Tok::kIntegerValue)) return StringValue(std::string(Text(first)), first);
  FS_TRY(std::string text, String());
  return StringValue(std::move(text), first);
}

// [FOR] {VERSION | TIMESTAMP} AS OF …
Status Parser::TemporalClause(unresolved::ReadTable* table) {
  size_t ahead = Is(Tok::kFor) ? 1 : 0;
  if (Kind(ahead + 1) != Tok::kAs || Kind(ahead + 2) != Tok::kOf) return {};
  Tok kind = Kind(ahead);
  if (kind == Tok::kVersion || kind == Tok::kSystemVersion) {
    pos_ += ahead + 3;
    FS_TRY(table->time_travel_version, Version());
  } else if (kind == Tok::kTimestamp || kind == Tok::kSystemTime) {
    pos_ += ahead + 3;
    FS_TRY(table->time_travel_timestamp, ValueExpression());
  }
  return {};
}

bool Parser::StartsTableAliasAt(size_t index) const {
  if (KindAt(index) == Tok::kAs) return true;
  return IsStrictIdentifierAt(index) && !StartsClauseAt(index);
}

// [[AS] name [(column, …)]]
Result<RelationPtr> Parser::Aliased(RelationPtr input, size_t first) {
  if (!StartsTableAliasAt(pos_)) return input;
  // AS is a name itself when none follows.
  if (Is(Tok::kAs) && (ansi_keywords_ || IsStrictIdentifierAt(pos_ + 1))) ++pos_;
  if (!IsStrictIdentifierAt(pos_)) return Syntax();
  SubqueryAlias alias;
  alias.input = std::move(input);
  FS_TRY(alias.alias, Identifier());
  if (Is(Tok::kLeftParen)) {
    FS_TRY(alias.column_names, IdentifierList());
  }
  return MakeRel(std::move(alias), first);
}

// WATERMARK column DELAY OF interval
Result<RelationPtr> Parser::Watermark(RelationPtr input, size_t first) {
  if (!Is(Tok::kWatermark) || !StartsClauseAt(pos_)) return input;
  ++pos_;
  FS_CHECK(NamedExpression());
  FS_CHECK(Expect(Tok::kDelay, Tok::kOf));
  if (!StartsIntervalAt(pos_)) return Syntax();
  FS_CHECK(Interval());
  return MakeRel(unresolved::UnsupportedRelation{"WATERMARK"}, first);
}

// TABLESAMPLE (n PERCENT | n ROWS | BUCKET x OUT OF y) [REPEATABLE (seed)]. Rows are a limit, given in *rows.
Status Parser::SampleClause(std::optional<unresolved::Sample>* sample, ExprPtr* rows) {
  size_t first = pos_;
  pos_ += 2;
  unresolved::Sample result;
  bool negative = Is(Tok::kMinus);
  bool percent = (Kind(negative) == Tok::kIntegerValue || Kind(negative) == Tok::kDecimalValue) &&
                 Kind(negative + 1) == Tok::kPercentKeyword;
  std::string_view wrong;  // the condition, reported for the whole clause
  Error::Parameters parameters;
  auto fraction = [&](double value) {
    if (!(value >= -kFractionTolerance && value <= 1 + kFractionTolerance)) {
      wrong = "_LEGACY_ERROR_TEMP_0064";
      parameters = {{"msg", "Sampling fraction (" + DoubleText(value) + ") must be on interval [0, 1]"}};
    }
    result.upper_bound = value;
  };
  if (Is(Tok::kRightParen)) {
    wrong = "_LEGACY_ERROR_TEMP_0014";
  } else if (percent) {
    double value = std::strtod(std::string(Text(pos_ + negative)).c_str(), nullptr) * (negative ? -1 : 1);
    pos_ += negative + 2;
    fraction(value / 100);
  } else if (Is(Tok::kBucket, Tok::kIntegerValue)) {
    ++pos_;
    FS_TRY(int64_t numerator, Integer());
    FS_CHECK(Expect(Tok::kOut, Tok::kOf));
    FS_TRY(int64_t denominator, Integer());
    if (Accept(Tok::kOn)) {
      bool call = false;
      FS_CHECK(MultipartIdentifier());
      if (Accept(Tok::kLeftParen)) {
        call = true;
        FS_CHECK(Expect(Tok::kRightParen));
      }
      wrong = "_LEGACY_ERROR_TEMP_0015";
      parameters = {{"msg", call ? "BUCKET x OUT OF y ON function" : "BUCKET x OUT OF y ON colname"}};
    }
    if (wrong.empty()) fraction(static_cast<double>(numerator) / static_cast<double>(denominator));
  } else {
    size_t count_first = pos_;
    FS_TRY(ExprPtr count, Expression());
    if (Accept(Tok::kRows)) {
      *rows = std::move(count);
    } else {
      std::string text(TextFrom(count_first));
      bool bytes = IsDigits(std::string_view(text).substr(0, text.size() - 1)) &&
                   std::string_view("bBkKmMgG").find(text.back()) != std::string_view::npos;
      wrong = bytes ? "_LEGACY_ERROR_TEMP_0015" : "_LEGACY_ERROR_TEMP_0016";
      parameters = {{bytes ? "msg" : "bytesStr", bytes ? "byteLengthLiteral" : text}};
    }
  }
  FS_CHECK(Expect(Tok::kRightParen));
  if (Accept(Tok::kRepeatable)) {
    FS_CHECK(Expect(Tok::kLeftParen));
    FS_TRY(result.seed, Integer());
    FS_CHECK(Expect(Tok::kRightParen));
  }
  if (!wrong.empty()) Defer(ConditionAt(wrong, std::move(parameters), first));
  *sample = std::move(result);
  return {};
}

RelationPtr Parser::Sampled(RelationPtr input, std::optional<unresolved::Sample> sample, ExprPtr rows,
                            size_t first) const {
  if (rows != nullptr) return MakeRel(unresolved::Limit{std::move(input), std::move(rows)}, first);
  sample->input = std::move(input);
  return MakeRel(std::move(*sample), first);
}

Result<RelationPtr> Parser::Sample(RelationPtr input, size_t first) {
  std::optional<unresolved::Sample> sample;
  ExprPtr rows;
  if (Kind(1) != Tok::kLeftParen) {
    ++pos_;
    return Missing(Tok::kLeftParen);
  }
  FS_CHECK(SampleClause(&sample, &rows));
  return Sampled(std::move(input), std::move(sample), std::move(rows), first);
}

// At the parenthesis.
Result<RelationPtr> Parser::TableFunctionCall(Name name, size_t first) {
  unresolved::TableFunction function;
  function.name = std::move(name);
  ++pos_;
  if (!Is(Tok::kRightParen)) {
    do {
      FS_TRY(ExprPtr argument, TableFunctionArgument());
      function.arguments.push_back(std::move(argument));
    } while (Accept(Tok::kComma));
  }
  FS_CHECK(Expect(Tok::kRightParen));
  RelationPtr plan = MakeRel(std::move(function), first);
  if (Accept(Tok::kIdentified, Tok::kBy)) {
    FS_CHECK(NamingIdentifier());
    plan = MakeRel(unresolved::UnsupportedRelation{"IDENTIFIED BY"}, first);
  }
  FS_TRY(plan, Watermark(std::move(plan), first));
  if (Is(Tok::kTablesample, Tok::kLeftParen)) {  // functions have no samples: the word is an alias
    unresolved::SubqueryAlias alias;
    alias.input = std::move(plan);
    alias.alias = IdentifierText(pos_++);
    FS_TRY(alias.column_names, IdentifierList());
    return MakeRel(std::move(alias), first);
  }
  return Aliased(std::move(plan), first);
}

Result<ExprPtr> Parser::TableFunctionArgument() {
  bool table = Is(Tok::kTable) && (Kind(1) == Tok::kLeftParen || IsIdentifierAt(pos_ + 1));
  if (table) return TableArgument();
  if (IsIdentifier() && Kind(1) == Tok::kFatArrow && Kind(2) == Tok::kTable &&
      (Kind(3) == Tok::kLeftParen || IsIdentifierAt(pos_ + 3))) {
    size_t first = pos_;
    unresolved::NamedArgument argument;
    FS_TRY(argument.key, Identifier());
    ++pos_;
    FS_TRY(argument.value, TableArgument());
    return Make(std::move(argument), first);
  }
  return FunctionArgument();
}

// TABLE (name or query) [WITH SINGLE PARTITION | PARTITION BY …] [ORDER BY …]
Result<ExprPtr> Parser::TableArgument() {
  size_t first = pos_++;
  unresolved::Subquery subquery;
  subquery.kind = unresolved::SubqueryKind::kTableArgument;
  bool parenthesized = Is(Tok::kLeftParen);
  if (parenthesized && ParenthesesHoldQuery(pos_)) {
    ++pos_;
    FS_TRY(subquery.plan, Query());
    FS_CHECK(Expect(Tok::kRightParen));
  } else {
    pos_ += parenthesized;
    size_t table_first = pos_;
    unresolved::ReadTable table;
    FS_TRY(Reference reference, IdentifierReference());
    if (!parenthesized) {
      Defer(ConditionAt("INVALID_SQL_SYNTAX.INVALID_TABLE_FUNCTION_IDENTIFIER_ARGUMENT_MISSING_PARENTHESES",
                        {{"argumentName", ToSqlId(std::string(TextFrom(table_first)))}}, first));
    }
    table.name = std::move(reference.name);
    table.identifier = std::move(reference.clause);
    subquery.plan = MakeRel(std::move(table), table_first);
    if (parenthesized) FS_CHECK(Expect(Tok::kRightParen));
  }
  if (Is(Tok::kWith, Tok::kSingle)) {
    pos_ += 2;
    FS_CHECK(Expect(Tok::kPartition));
    subquery.with_single_partition = true;
  } else if (Accept(Tok::kPartition, Tok::kBy) || Accept(Tok::kDistribute, Tok::kBy)) {
    FS_TRY(ExprPtr key, Expression());
    if (const auto* tuple = std::get_if<unresolved::MultiAliasTuple>(&key->node)) {
      subquery.partition = tuple->elements;
    } else {
      subquery.partition.push_back(std::move(key));
    }
  }
  if (Accept(Tok::kOrder, Tok::kBy) || Accept(Tok::kSort, Tok::kBy)) {
    bool list = Is(Tok::kLeftParen) && tokens_[pos_].match != kNoMatch && ParenthesesHoldSortItems(pos_);
    pos_ += list;
    if (list) {
      FS_TRY(subquery.order, SortItems());
      FS_CHECK(Expect(Tok::kRightParen));
    } else {
      FS_TRY(SortKey key, SortItem());
      subquery.order.push_back(std::move(key));
    }
  }
  return Make(std::move(subquery), first);
}

// "(a DESC, b)" and not "(a + b) * 2".
bool Parser::ParenthesesHoldSortItems(size_t parenthesis) const {
  Tok after = KindAt(tokens_[parenthesis].match + 1);
  return after == Tok::kComma || after == Tok::kRightParen;
}

// LATERAL VIEW [OUTER] function (…) table [[AS] column, …]
Result<RelationPtr> Parser::LateralView(RelationPtr input, size_t first) {
  first = pos_;  // errors show the clause alone
  pos_ += 2;
  unresolved::LateralView view;
  view.input = std::move(input);
  view.outer = Is(Tok::kOuter) && Kind(1) != Tok::kLeftParen && Accept(Tok::kOuter);
  size_t call_first = pos_;
  Name name;
  do {
    FS_TRY(std::string part, Identifier());
    name.push_back(std::move(part));
  } while (Accept(Tok::kDot));
  FS_CHECK(Expect(Tok::kLeftParen));
  unresolved::Function generator;
  generator.name = std::move(name);
  if (!Is(Tok::kRightParen)) {
    FS_TRY(generator.arguments, ExpressionSeq());
  }
  FS_CHECK(Expect(Tok::kRightParen));
  view.generator = Make(std::move(generator), call_first);
  FS_TRY(view.table_alias, Identifier());
  if (Accept(Tok::kAs) || (IsIdentifier() && !StartsClauseAt(pos_))) {
    do {
      FS_TRY(std::string column, Identifier());
      view.column_names.push_back(std::move(column));
    } while (Accept(Tok::kComma));
  }
  return MakeRel(std::move(view), first);
}

}  // namespace firesteel::sql
