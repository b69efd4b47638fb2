// PIVOT and UNPIVOT.
#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {

using unresolved::Attribute;

// PIVOT (aggregates FOR column | (columns) IN (values))
Result<RelationPtr> Parser::Pivot(RelationPtr input, size_t first) {
  size_t clause_first = pos_++;
  FS_CHECK(Expect(Tok::kLeftParen));
  unresolved::SqlPivot pivot;
  pivot.input = std::move(input);
  FS_TRY(pivot.aggregates, NamedExpressionSeq());
  FS_CHECK(Expect(Tok::kFor));
  std::vector<std::string> columns;
  if (Is(Tok::kLeftParen)) {
    FS_TRY(columns, IdentifierList());
  } else {
    FS_TRY(std::string column, NamingIdentifier());
    columns.push_back(std::move(column));
  }
  FS_CHECK(Expect(Tok::kIn));
  FS_CHECK(Expect(Tok::kLeftParen));
  FS_TRY(pivot.values, NamedExpressionSeq());
  FS_CHECK(Expect(Tok::kRightParen));
  FS_CHECK(Expect(Tok::kRightParen));
  for (std::string& column : columns) {
    pivot.columns.push_back(Make(Attribute{{std::move(column)}, {}, false}, clause_first));
  }
  return PivotAlias(MakeRel(std::move(pivot), clause_first), first);
}

// UNPIVOT [INCLUDE NULLS | EXCLUDE NULLS] (value FOR name IN (columns)) [[AS] alias]
Result<RelationPtr> Parser::Unpivot(RelationPtr input, size_t first) {
  ++pos_;
  unresolved::Unpivot unpivot;
  unpivot.input = std::move(input);
  unpivot.include_nulls = Is(Tok::kInclude);
  if (Accept(Tok::kInclude) || Accept(Tok::kExclude)) FS_CHECK(Expect(Tok::kNulls));
  unpivot.ids_from_rest = true;
  FS_CHECK(Expect(Tok::kLeftParen));
  bool several = Is(Tok::kLeftParen);
  if (several) {
    ++pos_;
    do {
      FS_TRY(std::string name, Identifier());
      unpivot.value_names.push_back(std::move(name));
    } while (Accept(Tok::kComma));
    FS_CHECK(Expect(Tok::kRightParen));
  } else {
    FS_TRY(std::string name, Identifier());
    unpivot.value_names.push_back(std::move(name));
  }
  FS_CHECK(Expect(Tok::kFor));
  FS_TRY(unpivot.variable_name, Identifier());
  FS_CHECK(Expect(Tok::kIn));
  FS_CHECK(Expect(Tok::kLeftParen));
  unpivot.values.emplace();
  do {
    std::vector<ExprPtr> group;
    if (several) FS_CHECK(Expect(Tok::kLeftParen));
    do {
      size_t column_first = pos_;
      FS_TRY(Name name, MultipartIdentifier());
      group.push_back(Make(Attribute{std::move(name), {}, false}, column_first));
    } while (several && Accept(Tok::kComma));
    if (several) FS_CHECK(Expect(Tok::kRightParen));
    std::optional<std::string> alias;
    if (Accept(Tok::kAs) || IsIdentifier()) {
      FS_TRY(alias, NamingIdentifier());
    }
    unpivot.values->push_back(std::move(group));
    unpivot.value_aliases.push_back(std::move(alias));
  } while (Accept(Tok::kComma));
  FS_CHECK(Expect(Tok::kRightParen));
  FS_CHECK(Expect(Tok::kRightParen));
  return PivotAlias(MakeRel(std::move(unpivot), first), first);
}

// [[AS] name]
Result<RelationPtr> Parser::PivotAlias(RelationPtr plan, size_t first) {
  if (Accept(Tok::kAs) || (IsIdentifier() && !StartsClauseAt(pos_))) {
    unresolved::SubqueryAlias alias;
    FS_TRY(alias.alias, NamingIdentifier());
    alias.input = std::move(plan);
    return MakeRel(std::move(alias), first);
  }
  return plan;
}

}  // namespace firesteel::sql
