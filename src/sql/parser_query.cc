// Queries: WITH, set operations, SELECT and its clauses, ORDER BY and LIMIT, VALUES.
#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

using unresolved::Aggregate;
using unresolved::Function;
using unresolved::MultiAliasTuple;
using unresolved::SetOperator;

constexpr int kPipeLevel = 1, kUnionLevel = 2, kIntersectLevel = 3;

// ORDER BY ALL and GROUP BY ALL: the word alone, not quoted.
bool IsWordAll(const ExprPtr& expression) {
  const auto* attribute = std::get_if<unresolved::Attribute>(&expression->node);
  return attribute != nullptr && attribute->name.size() == 1 && EqualsIgnoreCase(attribute->name[0], "ALL");
}

}  // namespace

// [WITH …] terms [ORDER BY …] [LIMIT …]
Result<RelationPtr> Parser::Query() {
  Nesting nesting(this);
  FS_CHECK(CheckNesting());
  size_t first = pos_;
  if (!Is(Tok::kWith)) {
    FS_TRY(RelationPtr term, QueryTerm(kPipeLevel));
    return QueryOrganization(std::move(term), first);
  }
  unresolved::With with;
  FS_TRY(with.tables, CommonTables(&with.recursive));
  size_t body_first = pos_;
  FS_TRY(RelationPtr term, QueryTerm(kPipeLevel));
  FS_TRY(with.input, QueryOrganization(std::move(term), body_first));
  std::vector<std::string> duplicates;
  absl::flat_hash_set<std::string> names;
  for (const auto& table : with.tables) {
    if (!names.insert(table.name).second) duplicates.push_back(ToSqlId(table.name));
    if (table.max_recursion_level && !with.recursive) {
      Defer(ConditionAt("_LEGACY_ERROR_TEMP_0035",
                        {{"message", "Cannot specify MAX RECURSION LEVEL when the CTE is not marked as RECURSIVE"}},
                        first));
    }
  }
  if (!duplicates.empty()) {
    Defer(ConditionAt("DUPLICATED_CTE_NAMES", {{"duplicateNames", Join(duplicates, ", ")}}, first));
  }
  return MakeRel(std::move(with), first);
}

Result<std::vector<unresolved::With::Table>> Parser::CommonTables(bool* recursive) {
  FS_CHECK(Expect(Tok::kWith));
  *recursive = Is(Tok::kRecursive) && IsIdentifierAt(pos_ + 1) && Kind(1) != Tok::kAs && Accept(Tok::kRecursive);
  std::vector<unresolved::With::Table> tables;
  do {
    size_t table_first = pos_;
    unresolved::With::Table table;
    FS_TRY(table.name, NamingIdentifier());
    if (Is(Tok::kLeftParen) && !ParenthesesHoldQuery(pos_)) {
      FS_TRY(table.column_names, IdentifierList());
    }
    if (Accept(Tok::kMax, Tok::kRecursion)) {
      FS_CHECK(Expect(Tok::kLevel));
      FS_TRY(table.max_recursion_level, Integer());
    }
    Accept(Tok::kAs);
    FS_CHECK(Expect(Tok::kLeftParen));
    FS_TRY(table.plan, Query());
    FS_CHECK(Expect(Tok::kRightParen));
    table.origin = OriginFrom(table_first);
    tables.push_back(std::move(table));
  } while (Accept(Tok::kComma));
  return tables;
}

// INTERSECT binds tighter than UNION, EXCEPT and MINUS, and these tighter than |>.
Result<RelationPtr> Parser::QueryTerm(int level_min) {
  size_t first = pos_;
  FS_TRY(RelationPtr left, QueryPrimary());
  while (true) {
    SetOperator op;
    int level = kUnionLevel;
    switch (Kind()) {  // default: no operator
      case Tok::kIntersect:
        op = SetOperator::kIntersect;
        level = kIntersectLevel;
        break;
      case Tok::kUnion:
        op = SetOperator::kUnion;
        break;
      case Tok::kExcept:
      case Tok::kMinusKeyword:
        op = SetOperator::kExcept;
        break;
      case Tok::kPipe:
      case Tok::kOperatorPipe: {
        if (kPipeLevel < level_min) return left;
        ++pos_;
        FS_CHECK(GrowTree());
        FS_TRY(left, PipeOperator(std::move(left), first));
        continue;
      }
      default:
        return left;
    }
    if (level < level_min) return left;
    ++pos_;
    unresolved::SetOperation operation;
    operation.op = op;
    operation.all = Accept(Tok::kAll);
    if (!operation.all) Accept(Tok::kDistinct);
    operation.left = std::move(left);
    FS_TRY(operation.right, QueryTerm(level + 1));
    FS_CHECK(GrowTree());
    left = MakeRel(std::move(operation), first);
  }
}

Result<RelationPtr> Parser::QueryPrimary() {
  size_t first = pos_;
  switch (Kind()) {  // default: no query
    case Tok::kSelect:
      return SelectBody(nullptr, first, false);
    case Tok::kFrom:
      return FromQuery();
    case Tok::kValues:
      return InlineTable();
    case Tok::kTable: {
      ++pos_;
      unresolved::ReadTable table;
      FS_TRY(Reference reference, IdentifierReference());
      table.name = std::move(reference.name);
      table.identifier = std::move(reference.clause);
      return MakeRel(std::move(table), first);
    }
    case Tok::kMap:
    case Tok::kReduce:
      if (StartsExpressionAt(pos_ + 1)) return Transform(first);
      return Syntax();
    case Tok::kLeftParen: {
      // Redundant parentheses are skipped, however many.
      size_t outer = pos_;
      while (Kind(1) == Tok::kLeftParen && tokens_[pos_].match != kNoMatch && tokens_[pos_ + 1].match != kNoMatch &&
             tokens_[pos_ + 1].match + 1 == tokens_[pos_].match) {
        ++pos_;
      }
      size_t redundant = pos_ - outer;
      ++pos_;
      FS_TRY(RelationPtr query, Query());
      for (size_t i = 0; i <= redundant; ++i) FS_CHECK(Expect(Tok::kRightParen));
      return query;
    }
    default:
      return Syntax();
  }
}

// SELECT TRANSFORM (…), MAP … and REDUCE … USING 'script'. Nothing here runs scripts: the text up to the clause's
// end is skipped.
Result<RelationPtr> Parser::Transform(size_t first) {
  int depth = 0;
  while (!Is(Tok::kEndOfInput) && !Is(Tok::kSemicolon)) {
    if (Is(Tok::kLeftParen)) ++depth;
    if (Is(Tok::kRightParen) && --depth < 0) break;
    ++pos_;
  }
  return MakeRel(unresolved::UnsupportedRelation{"TRANSFORM"}, first);
}

Result<std::vector<Parser::HintStatement>> Parser::Hints() {
  std::vector<HintStatement> hints;
  while (Accept(Tok::kHintStart)) {
    do {
      size_t first = pos_;
      HintStatement hint;
      if (!IsIdentifier()) return Syntax();
      hint.name = IdentifierText(pos_++);
      if (Accept(Tok::kLeftParen)) {
        do {
          FS_TRY(ExprPtr parameter, Primary());
          hint.parameters.push_back(std::move(parameter));
        } while (Accept(Tok::kComma));
        FS_CHECK(Expect(Tok::kRightParen));
      }
      hint.origin = OriginFrom(first);
      hints.push_back(std::move(hint));
      Accept(Tok::kComma);
    } while (!Is(Tok::kHintEnd));
    ++pos_;
  }
  return hints;
}

// At SELECT. `from` is what a FROM clause in front gave, or null. After a pipe few clauses may follow.
Result<RelationPtr> Parser::SelectBody(RelationPtr from, size_t first, bool piped) {
  FS_CHECK(Expect(Tok::kSelect));
  if (Is(Tok::kTransform, Tok::kLeftParen) && ScriptFollows(pos_ + 1)) return Transform(first);
  FS_TRY(auto hints, Hints());
  bool distinct = false;
  if ((Is(Tok::kDistinct) || Is(Tok::kAll)) && StartsExpressionAt(pos_ + 1) &&
      (Kind(1) != Tok::kFrom || !StartsClauseAt(pos_ + 1))) {
    distinct = Is(Tok::kDistinct);
    ++pos_;
  }
  FS_TRY(std::vector<ExprPtr> list, NamedExpressionSeq());

  std::shared_ptr<unresolved::Relation> where;  // stands for the whole select in errors, whose end comes later
  RelationPtr plan = std::move(from);
  if (plan == nullptr && Is(Tok::kFrom)) {
    FS_TRY(plan, FromClause());
  }
  if (plan == nullptr) plan = MakeRel(unresolved::OneRow{}, first);
  while (!piped && Is(Tok::kLateral, Tok::kView)) {
    FS_CHECK(GrowTree());
    FS_TRY(plan, LateralView(std::move(plan), first));
  }
  if (!piped && Accept(Tok::kWhere)) {
    FS_TRY(ExprPtr condition, Expression());
    where = std::make_shared<unresolved::Relation>();
    where->node = unresolved::Filter{std::move(plan), std::move(condition)};
    plan = where;
  }
  bool grouped = Is(Tok::kGroup, Tok::kBy);
  if (grouped) {
    FS_TRY(plan, GroupBy(std::move(plan), std::move(list), pos_));
  }
  if (!piped && Accept(Tok::kHaving)) {
    size_t at = pos_ - 1;
    FS_TRY(ExprPtr condition, Expression());
    if (!grouped) {  // a group of all rows
      Aggregate aggregate;
      aggregate.input = std::move(plan);
      aggregate.aggregates = std::move(list);
      aggregate.from_sql = true;
      plan = MakeRel(std::move(aggregate), first);
      grouped = true;
    }
    plan = MakeRel(unresolved::Having{std::move(plan), std::move(condition)}, at);
  }
  if (!grouped) plan = MakeRel(unresolved::Project{std::move(plan), std::move(list)}, first);
  std::vector<std::pair<std::string, WindowSpec>> windows;
  if (StartsWindowClause()) {
    FS_TRY(windows, WindowClause());
  }
  if (!piped && Accept(Tok::kQualify)) {
    size_t at = pos_ - 1;
    FS_TRY(ExprPtr condition, Expression());
    plan = MakeRel(unresolved::Qualify{std::move(plan), std::move(condition)}, at);
  }
  if (where != nullptr) where->origin = OriginFrom(first);
  if (distinct) plan = MakeRel(unresolved::Distinct{std::move(plan)}, first);
  if (!windows.empty()) plan = MakeRel(unresolved::WithWindows{std::move(plan), std::move(windows)}, first);
  for (auto hint = hints.rbegin(); hint != hints.rend(); ++hint) {
    plan = unresolved::MakeRelation(
        unresolved::Hint{std::move(plan), std::move(hint->name), std::move(hint->parameters)}, hint->origin);
  }
  return plan;
}

bool Parser::ScriptFollows(size_t parenthesis) const {
  uint32_t close = tokens_[parenthesis].match;
  if (close == kNoMatch) return false;
  Tok after = KindAt(close + 1);
  return after == Tok::kUsing || after == Tok::kRow || after == Tok::kRecordwriter;
}

// FROM … [SELECT …]…: several selects of one source are united.
Result<RelationPtr> Parser::FromQuery() {
  size_t first = pos_;
  FS_TRY(RelationPtr from, FromClause());
  RelationPtr result;
  while (Is(Tok::kSelect)) {
    size_t select_first = pos_;
    FS_TRY(RelationPtr select, SelectBody(from, select_first, false));
    FS_TRY(select, QueryOrganization(std::move(select), select_first));
    if (result == nullptr) {
      result = std::move(select);
      continue;
    }
    FS_CHECK(GrowTree());
    unresolved::SetOperation both;
    both.left = std::move(result);
    both.right = std::move(select);
    both.all = true;
    result = MakeRel(std::move(both), first);
  }
  return result == nullptr ? from : result;
}

bool Parser::StartsWindowClause() const { return Is(Tok::kWindow) && StartsClauseAt(pos_); }

Result<std::vector<std::pair<std::string, WindowSpec>>> Parser::WindowClause() {
  size_t first = pos_;
  FS_CHECK(Expect(Tok::kWindow));
  std::vector<std::pair<std::string, WindowSpec>> windows;
  absl::flat_hash_set<std::string> names;
  do {
    FS_TRY(std::string name, NamingIdentifier());
    if (!Accept(Tok::kAs)) return LeftOut(Tok::kAs);
    FS_TRY(WindowSpec spec, Window());
    if (!names.insert(name).second) {
      Defer(ConditionAt("INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION", {{"windowName", ToSqlId(name)}}, first));
    }
    windows.emplace_back(std::move(name), std::move(spec));
  } while (Accept(Tok::kComma));
  // A window may be another's name; Spark looks through one level.
  for (auto& [name, spec] : windows) {
    if (spec.reference.empty()) continue;
    auto target = std::find_if(windows.begin(), windows.end(),
                               [&spec = spec](const auto& window) { return window.first == spec.reference; });
    if (target == windows.end()) {
      Defer(
          ConditionAt("INVALID_SQL_SYNTAX.INVALID_WINDOW_REFERENCE", {{"windowName", ToSqlId(spec.reference)}}, first));
    } else if (!target->second.reference.empty()) {
      Defer(ConditionAt("INVALID_SQL_SYNTAX.UNRESOLVED_WINDOW_REFERENCE", {{"windowName", ToSqlId(spec.reference)}},
                        first));
    }
  }
  return windows;
}

Result<RelationPtr> Parser::GroupBy(RelationPtr input, std::vector<ExprPtr> aggregates, size_t first) {
  pos_ += 2;
  Aggregate aggregate;
  aggregate.input = std::move(input);
  aggregate.from_sql = true;
  bool analytics = false;
  do {
    size_t at = pos_;
    FS_TRY(ExprPtr key, GroupByClause());
    const auto* function = std::get_if<Function>(&key->node);
    analytics = analytics || (function != nullptr && function->is_operator && KindAt(at + 1) == Tok::kLeftParen);
    aggregate.grouping.push_back(std::move(key));
  } while (Accept(Tok::kComma));
  if (Is(Tok::kWith) && (Kind(1) == Tok::kRollup || Kind(1) == Tok::kCube)) {
    // Said before the grouping functions were: the same meaning.
    size_t at = pos_;
    std::string_view name = Kind(1) == Tok::kRollup ? "rollup" : "cube";
    pos_ += 2;
    ExprPtr sets = Operator(name, std::move(aggregate.grouping), at);
    aggregate.grouping = {std::move(sets)};
  } else if (Is(Tok::kGrouping, Tok::kSets)) {
    pos_ += 2;
    aggregate.type = unresolved::GroupType::kGroupingSets;
    FS_CHECK(Expect(Tok::kLeftParen));
    do {
      FS_TRY(ExprPtr set, GroupingSet());
      if (const auto* tuple = std::get_if<MultiAliasTuple>(&set->node)) {
        aggregate.grouping_sets.push_back(tuple->elements);
      } else {
        aggregate.grouping_sets.push_back({std::move(set)});
      }
    } while (Accept(Tok::kComma));
    FS_CHECK(Expect(Tok::kRightParen));
  } else if (aggregate.grouping.size() == 1 && IsWordAll(aggregate.grouping[0])) {
    aggregate.grouping.clear();
    aggregate.group_by_all = true;
  }
  aggregate.aggregates = std::move(aggregates);
  return MakeRel(std::move(aggregate), first);
}

// An expression, or ROLLUP (…), CUBE (…), GROUPING SETS (…) as functions whose arguments are the sets.
Result<ExprPtr> Parser::GroupByClause() {
  Nesting nesting(this);
  FS_CHECK(CheckNesting());
  size_t first = pos_;
  if ((Is(Tok::kRollup) || Is(Tok::kCube)) && Kind(1) == Tok::kLeftParen && Kind(2) != Tok::kRightParen) {
    std::string_view name = Is(Tok::kRollup) ? "rollup" : "cube";
    pos_ += 2;
    std::vector<ExprPtr> sets;
    do {
      FS_TRY(ExprPtr set, GroupingSet());
      sets.push_back(std::move(set));
    } while (Accept(Tok::kComma));
    FS_CHECK(Expect(Tok::kRightParen));
    for (const ExprPtr& set : sets) {
      const auto* tuple = std::get_if<MultiAliasTuple>(&set->node);
      if (tuple != nullptr && tuple->elements.empty()) {
        Defer(ConditionAt("_LEGACY_ERROR_TEMP_0051", {{"element", Upper(name)}}, first));
      }
    }
    return Operator(name, std::move(sets), first);
  }
  if (Is(Tok::kGrouping, Tok::kSets) && Kind(2) == Tok::kLeftParen) {
    pos_ += 3;
    std::vector<ExprPtr> sets;
    do {
      bool nested = IsAny(Tok::kRollup, Tok::kCube, Tok::kGrouping);
      auto set = nested ? GroupByClause() : GroupingSet();
      FS_TRY(ExprPtr element, std::move(set));
      sets.push_back(std::move(element));
    } while (Accept(Tok::kComma));
    FS_CHECK(Expect(Tok::kRightParen));
    return Operator("grouping_sets", std::move(sets), first);
  }
  FS_TRY(ExprPtr key, Expression());
  if (IsAny(Tok::kRollup, Tok::kCube)) return key;  // GROUP BY a WITH ROLLUP: WITH may have been the key
  return AliasOf(std::move(key), first);
}

// (a, b), (), or one expression. Sets of one are the expression itself.
Result<ExprPtr> Parser::GroupingSet() {
  size_t first = pos_;
  if (Accept(Tok::kLeftParen, Tok::kRightParen)) return Make(MultiAliasTuple{}, first);
  return Expression();
}

// [ORDER BY …] [CLUSTER BY …] [DISTRIBUTE BY …] [SORT BY …] [WINDOW …] [LIMIT …] [OFFSET …]
Result<RelationPtr> Parser::QueryOrganization(RelationPtr input, size_t first, bool piped) {
  std::vector<SortKey> order, sort;
  std::vector<ExprPtr> cluster, distribute;
  size_t clauses_first = pos_;
  if (Accept(Tok::kOrder, Tok::kBy)) {
    FS_TRY(order, SortItems());
  }
  if (Accept(Tok::kCluster, Tok::kBy)) {
    FS_TRY(cluster, ExpressionSeq());
  }
  if (Accept(Tok::kDistribute, Tok::kBy)) {
    FS_TRY(distribute, ExpressionSeq());
  }
  if (Accept(Tok::kSort, Tok::kBy)) {
    FS_TRY(sort, SortItems());
  }
  bool sorted = pos_ > clauses_first;
  std::string_view first_clause = !order.empty()        ? "ORDER BY"
                                  : !cluster.empty()    ? "CLUSTER BY"
                                  : !distribute.empty() ? "DISTRIBUTE BY"
                                                        : "SORT BY";
  int kinds = !order.empty() + !cluster.empty() + (!distribute.empty() || !sort.empty());
  if (kinds > 1) Defer(ConditionAt("UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES", {}, clauses_first));
  std::vector<std::pair<std::string, WindowSpec>> windows;
  if (StartsWindowClause()) {
    size_t window_first = pos_;
    FS_TRY(windows, WindowClause());
    if (piped) Defer(UnsupportedInPipe("the WINDOW clause", window_first));
  }
  ExprPtr limit, offset;
  size_t limit_first = pos_;
  if (Accept(Tok::kLimit)) {
    bool all = Is(Tok::kAll) && (!StartsExpressionAt(pos_ + 1) || Kind(1) == Tok::kOffset || StartsClauseAt(pos_ + 1));
    if (all) {
      ++pos_;
    } else {
      FS_TRY(limit, Expression());
    }
  }
  size_t offset_first = pos_;
  bool limited = offset_first > limit_first;
  // LIMIT and OFFSET are one stage.
  if (piped && sorted && (limited || Is(Tok::kOffset))) {
    Defer(ConditionAt("MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS",
                      {{"clause1", std::string(first_clause)}, {"clause2", limited ? "LIMIT" : "OFFSET"}}, first));
  }
  if (Accept(Tok::kOffset)) {
    FS_TRY(offset, Expression());
  }

  // All clauses together are what errors of each of them show.
  RelationPtr plan = std::move(input);
  if (!order.empty()) {
    unresolved::Sort node;
    if (order.size() == 1 && IsWordAll(order[0].child)) {
      node.order_by_all = true;
      order[0].child = nullptr;
    }
    node.input = std::move(plan);
    node.order = std::move(order);
    plan = MakeRel(std::move(node), clauses_first);
  } else {
    std::vector<ExprPtr>& by = cluster.empty() ? distribute : cluster;
    for (const ExprPtr& key : cluster) sort.push_back(SortKey{key});
    if (!by.empty()) {
      unresolved::Repartition repartition;
      repartition.input = std::move(plan);
      repartition.by = std::move(by);
      plan = MakeRel(std::move(repartition), clauses_first);
    }
    if (!sort.empty()) {
      unresolved::Sort node;
      node.input = std::move(plan);
      node.order = std::move(sort);
      node.global = false;
      plan = MakeRel(std::move(node), clauses_first);
    }
  }
  if (!windows.empty()) plan = MakeRel(unresolved::WithWindows{std::move(plan), std::move(windows)}, first);
  // The limit counts the rows after the offset.
  if (offset != nullptr) plan = MakeRel(unresolved::Offset{std::move(plan), std::move(offset)}, offset_first);
  if (limit != nullptr) plan = MakeRel(unresolved::Limit{std::move(plan), std::move(limit)}, limit_first);
  return plan;
}

// VALUES (1, 'a'), (2, 'b') [AS t(x, y)]
Result<RelationPtr> Parser::InlineTable() {
  size_t first = pos_;
  FS_CHECK(Expect(Tok::kValues));
  unresolved::Values values;
  do {
    FS_TRY(ExprPtr row, Expression());
    std::vector<ExprPtr> cells;
    const auto* function = std::get_if<Function>(&row->node);
    if (const auto* tuple = std::get_if<MultiAliasTuple>(&row->node)) {
      cells = tuple->elements;
    } else if (function != nullptr && function->name.size() == 1 && EqualsIgnoreCase(function->name[0], "struct")) {
      cells = function->arguments;
    } else {
      cells.push_back(std::move(row));
    }
    for (ExprPtr& cell : cells) {  // names of the row's fields mean nothing here
      if (const auto* alias = std::get_if<unresolved::Alias>(&cell->node)) cell = ExprPtr(alias->child);
    }
    values.rows.push_back(std::move(cells));
  } while (Accept(Tok::kComma));
  std::vector<size_t> widths;
  for (const auto& row : values.rows) widths.push_back(row.size());
  FS_TRY(RelationPtr plan, Aliased(MakeRel(std::move(values), first), first));
  const auto* alias = std::get_if<unresolved::SubqueryAlias>(&plan->node);
  size_t width = alias != nullptr && !alias->column_names.empty() ? alias->column_names.size() : widths[0];
  for (size_t row = 0; row < widths.size(); ++row) {
    if (widths[row] == width) continue;
    Defer(ConditionAt("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                      {{"expectedNumCols", std::to_string(width)},
                       {"actualNumCols", std::to_string(widths[row])},
                       {"rowIndex", std::to_string(row)}},
                      first));
    break;
  }
  return plan;
}

}  // namespace firesteel::sql
