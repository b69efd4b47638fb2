// The recursive-descent parser: one class, its methods by topic in parser_*.cc. It holds a cursor into the tokens
// and little else. Decisions look ahead, never back: a token is consumed once.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "plan/unresolved.h"
#include "sql/lexer.h"
#include "sql/parser.h"

namespace firesteel::sql {

using unresolved::Command;
using unresolved::ExprPtr;
using unresolved::Name;
using unresolved::RelationPtr;
using unresolved::SortKey;
using unresolved::Statement;
using unresolved::WindowSpec;

/// Levels of nested expressions, queries and types. Redundant parentheses do not count.
constexpr int kNestingMax = 1000;
/// Height of the tree: chains like a + b + c … nest without nested text. Low enough that the tree can be walked
/// and freed on an ordinary stack.
constexpr int kTreeHeightMax = 3000;

class Parser {
 public:
  Parser(std::string_view text, const ParserOptions& options);

  Result<Statement> SingleStatement();
  Result<RelationPtr> SingleQuery();
  Result<ExprPtr> SingleExpression();
  Result<Name> SingleMultipartIdentifier();
  Result<ParameterKinds> Parameters();

 private:
  // -------------------------------------------------------------- cursor and errors (parser_cursor.cc)
  Tok Kind(size_t ahead = 0) const { return KindAt(pos_ + ahead); }
  Tok KindAt(size_t index) const { return index < tokens_.size() ? tokens_[index].kind : Tok::kEndOfInput; }
  bool Is(Tok kind) const { return tokens_[pos_].kind == kind; }
  bool Is(Tok first, Tok second) const { return Is(first) && Kind(1) == second; }
  template <typename... Kinds>
  bool IsAny(Kinds... kinds) const {
    return (Is(kinds) || ...);
  }
  bool Accept(Tok kind) {
    if (!Is(kind)) return false;
    ++pos_;
    return true;
  }
  bool Accept(Tok first, Tok second) {
    if (!Is(first, second)) return false;
    pos_ += 2;
    return true;
  }
  Status Expect(Tok kind) {
    if (Accept(kind)) [[likely]]
      return {};
    return Missing(kind);
  }
  Status Expect(Tok first, Tok second) {
    FS_CHECK(Expect(first));
    return Expect(second);
  }
  /// The syntax error at the cursor.
  Error Syntax(std::string hint = {}) const;
  Error SyntaxAt(size_t index, std::string hint = {}) const;
  /// As Syntax, `kind` being the only token that fits: Spark names a missing or an extra token then.
  Error Missing(Tok kind) const;
  /// As Missing, where Spark is sure that `kind` was left out.
  Error LeftOut(Tok kind) const;
  std::string TokenDisplay(size_t index) const;
  std::string_view Text(size_t index) const {
    return std::string_view(sql_->text).substr(tokens_[index].start, tokens_[index].end - tokens_[index].start);
  }
  /// The text from token `first` to the last one consumed.
  std::string_view TextFrom(size_t first) const;
  Origin OriginFrom(size_t first) const { return OriginOf(first, pos_); }
  Origin OriginOf(size_t first, size_t end) const;
  Error ConditionAt(std::string_view name, Error::Parameters parameters, size_t first) const;
  /// What is wrong with a text whose syntax is right is reported after the whole text was read, as Spark does.
  void Defer(Error error);
  Status Finish();
  Status CheckText() const;

  template <typename T>
  ExprPtr Make(T node, size_t first) const {
    return unresolved::MakeExpr(std::move(node), OriginFrom(first));
  }
  template <typename T>
  RelationPtr MakeRel(T node, size_t first) const {
    return unresolved::MakeRelation(std::move(node), OriginFrom(first));
  }
  ExprPtr Operator(std::string_view name, std::vector<ExprPtr> arguments, size_t first) const;
  ExprPtr Call(std::string_view name, std::vector<ExprPtr> arguments, size_t first) const;
  ExprPtr StringValue(std::string text, size_t first) const;
  ExprPtr IntegerValue(int64_t value, size_t first) const;

  /// Counts a level of nesting for as long as it lives.
  class Nesting {
   public:
    explicit Nesting(Parser* parser) : parser_(parser), outer_height_(parser->height_) {
      ++parser_->depth_;
      parser_->height_ = 0;
    }
    ~Nesting() {
      --parser_->depth_;
      parser_->height_ = std::max(outer_height_, parser_->height_ + 1);
    }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser* parser_;
    int outer_height_;
  };
  Status CheckNesting() const;
  /// One more level on top of everything parsed at this level of nesting.
  Status GrowTree();

  // -------------------------------------------------------------- identifiers (parser_identifier.cc)
  bool IsIdentifierAt(size_t index) const;        ///< `identifier`
  bool IsStrictIdentifierAt(size_t index) const;  ///< `strictIdentifier`: may be a table's alias
  bool IsIdentifier() const { return IsIdentifierAt(pos_); }
  bool StartsExpressionAt(size_t index) const;
  bool StartsQueryAt(size_t index) const;
  bool StartsClauseAt(size_t index) const;
  bool StartsJoinAt(size_t index) const;
  bool StartsPipeStageAt(size_t index) const;
  /// The parenthesis at `index` holds a query.
  bool ParenthesesHoldQuery(size_t index) const;
  Result<std::string> Identifier();        ///< `identifier`, `strictIdentifier`
  Result<std::string> NamingIdentifier();  ///< `errorCapturingIdentifier`: refuses a-b by name
  std::string IdentifierText(size_t index);
  Result<Name> MultipartIdentifier();
  Result<std::vector<std::string>> IdentifierSeq();
  Result<std::vector<std::string>> IdentifierList();  ///< in parentheses
  struct Reference {
    Name name;
    ExprPtr clause;  ///< IDENTIFIER(…)
  };
  Result<Reference> IdentifierReference();

  // -------------------------------------------------------------- literals (parser_literal.cc, parser_datetime.cc, parser_interval.cc)
  bool StartsStringAt(size_t index) const;
  Result<std::string> String();
  std::string UnescapedString(size_t index) const;
  bool StartsNumberAt(size_t index) const;
  Result<ExprPtr> Number();
  Result<int64_t> Integer();
  bool StartsIntervalAt(size_t index) const;
  Result<ExprPtr> Interval();
  ExprPtr IntervalOf(const CalendarInterval& interval, const std::vector<std::string>& units, size_t first);
  ExprPtr IntervalFromTo(const std::string* value, Tok from, Tok to, size_t part_first, size_t first,
                         std::optional<Error>* error);
  ExprPtr TypedInterval(const std::string& text, size_t first);
  Error IntervalError(const Error& error, size_t first) const;
  Result<ExprPtr> TypedLiteral();
  Error InvalidTypedLiteral(std::string_view type, std::string_view text, size_t first) const;
  ExprPtr Parameter();
  Result<ExprPtr> ParameterText();

  // -------------------------------------------------------------- types (parser_type.cc)
  Status SkipType();
  Status SkipTypeParameters();
  Status SkipStructType();
  Status SkipIntervalType();
  Result<DataType> Type();
  Result<std::string> TypeText();

  // -------------------------------------------------------------- expressions (parser_expression.cc)
  Result<ExprPtr> Expression();
  Result<ExprPtr> NamedExpression();
  Result<ExprPtr> AliasOf(ExprPtr child, size_t first);
  Result<std::vector<ExprPtr>> NamedExpressionSeq();
  Result<std::vector<ExprPtr>> ExpressionSeq();
  Result<ExprPtr> Disjunction();
  Result<ExprPtr> Conjunction();
  Result<ExprPtr> Negation();
  Result<ExprPtr> Predicated();
  Result<ExprPtr> Predicate(ExprPtr value, size_t first);
  Result<ExprPtr> InPredicate(ExprPtr value, size_t first);
  Result<ExprPtr> LikePredicate(ExprPtr value, bool negated, size_t first);
  Result<ExprPtr> ValueExpression();
  Result<ExprPtr> BinaryExpression(int level_min);
  Result<ExprPtr> UnaryExpression();
  bool BinaryOperator(int* level, std::string_view* name) const;
  ExprPtr Not(ExprPtr child, size_t first) const;
  ExprPtr Balanced(std::string_view name, const std::vector<ExprPtr>& operands, size_t low, size_t high,
                   const Origin& origin) const;
  Result<SortKey> SortItem();
  Result<std::vector<SortKey>> SortItems();

  // -------------------------------------------------------------- primary expressions (parser_primary.cc)
  Result<ExprPtr> Primary();
  Result<ExprPtr> PrimaryStart();
  Result<ExprPtr> Postfix(ExprPtr base, size_t first);
  Result<ExprPtr> Dereference(ExprPtr base, size_t first);
  Result<ExprPtr> Parenthesized();
  Result<ExprPtr> CaseExpression();
  Result<ExprPtr> CaseBranches();
  Result<ExprPtr> CastExpression();
  Result<ExprPtr> SpecialForm(bool* matched);
  Result<ExprPtr> LambdaExpression(size_t parameter_count, bool parenthesized);
  bool LambdaParametersAt(size_t index, size_t* count) const;
  Result<ExprPtr> StarExpression(Name target, size_t first);
  Result<ExprPtr> NameExpression();
  Result<ExprPtr> SemiStructuredPath(ExprPtr base, size_t first);
  Result<ExprPtr> IdentifierExpression();
  ExprPtr ColumnReference(Name name, size_t first) const;
  bool IsLambdaParameter(std::string_view name) const;

  // -------------------------------------------------------------- functions (parser_function.cc)
  Result<ExprPtr> FunctionCall(Name name, size_t first);
  Result<ExprPtr> FunctionArgument();
  Result<ExprPtr> UnitFunction(bool* matched);
  size_t ArgumentCountAt(size_t parenthesis) const;
  bool ParenthesesContain(size_t parenthesis, Tok word) const;
  Result<WindowSpec> Window();
  Result<unresolved::Frame> WindowFrame();
  Result<unresolved::Frame::Bound> FrameBound();

  // -------------------------------------------------------------- queries (parser_query.cc)
  Result<RelationPtr> Query();
  Result<std::vector<unresolved::With::Table>> CommonTables(bool* recursive);
  Result<RelationPtr> QueryTerm(int level_min);
  Result<RelationPtr> QueryPrimary();
  Result<RelationPtr> QueryOrganization(RelationPtr input, size_t first, bool piped = false);
  Result<RelationPtr> SelectBody(RelationPtr from, size_t first, bool piped);
  Result<RelationPtr> Transform(size_t first);
  bool ScriptFollows(size_t parenthesis) const;
  bool StartsWindowClause() const;
  Result<RelationPtr> FromQuery();
  Result<RelationPtr> GroupBy(RelationPtr input, std::vector<ExprPtr> aggregates, size_t first);
  Result<ExprPtr> GroupByClause();
  Result<ExprPtr> GroupingSet();
  Result<std::vector<std::pair<std::string, WindowSpec>>> WindowClause();
  struct HintStatement {
    std::string name;
    std::vector<ExprPtr> parameters;
    Origin origin;
  };
  Result<std::vector<HintStatement>> Hints();
  Result<RelationPtr> InlineTable();

  // -------------------------------------------------------------- pipes (parser_pipe.cc)
  Result<RelationPtr> PipeOperator(RelationPtr input, size_t first);
  Error UnsupportedInPipe(std::string what, size_t first) const;
  Error UnsupportedAggregate(std::string what, size_t first) const;
  void CheckPipeAggregate(const unresolved::Expr& expression, size_t first);
  Result<RelationPtr> PipeSet(RelationPtr input, size_t first);
  Result<RelationPtr> PipeAggregate(RelationPtr input, size_t first);
  Result<RelationPtr> PipeSetOperation(RelationPtr input, size_t first);

  // -------------------------------------------------------------- relations (parser_relation.cc)
  Result<RelationPtr> FromClause();
  Result<RelationPtr> Relation(bool* lateral);
  Result<RelationPtr> RelationPrimary();
  Result<RelationPtr> TableReference();
  Result<RelationPtr> JoinWith(RelationPtr left, size_t first);
  Result<RelationPtr> Pivot(RelationPtr input, size_t first);
  Result<RelationPtr> Unpivot(RelationPtr input, size_t first);
  Result<RelationPtr> LateralView(RelationPtr input, size_t first);
  Result<RelationPtr> TableFunctionCall(Name name, size_t first);
  Status TemporalClause(unresolved::ReadTable* table);
  Result<ExprPtr> Version();
  Result<RelationPtr> ChangesClause(size_t first);
  Result<RelationPtr> StreamRelation();
  Result<RelationPtr> NearestJoin(size_t first);
  void CheckLateralJoin(const unresolved::Join& join, size_t first);
  Result<RelationPtr> PivotAlias(RelationPtr plan, size_t first);
  Status SampleClause(std::optional<unresolved::Sample>* sample, ExprPtr* rows);
  RelationPtr Sampled(RelationPtr input, std::optional<unresolved::Sample> sample, ExprPtr rows, size_t first) const;
  bool ParenthesesHoldSortItems(size_t parenthesis) const;
  Result<ExprPtr> TableFunctionArgument();
  Result<ExprPtr> TableArgument();
  Result<RelationPtr> Aliased(RelationPtr input, size_t first);
  Result<RelationPtr> Sample(RelationPtr input, size_t first);
  bool StartsTableAliasAt(size_t index) const;
  /// WATERMARK …, sample and alias after a relation in parentheses.
  Result<RelationPtr> Watermark(RelationPtr input, size_t first);

  // -------------------------------------------------------------- commands (parser_command.cc, parser_set.cc)
  Result<Statement> StatementStart();
  Result<Command> CommandAt();
  Result<unresolved::Options> PropertyList();
  Result<std::string> PropertyKey();
  Result<Command> Explain();
  Result<Command> Describe();
  Result<Command> Show();
  Result<std::optional<std::string>> ShowPattern();
  Result<Command> ShowDatabases(size_t first);
  Result<Command> ShowCatalogs(size_t first);
  Result<Command> Use();
  Result<Command> Refresh();
  Result<Command> AlterView();
  Result<Command> Create();
  Result<Command> CreateView(size_t first);
  Result<Command> CreateSourceView(size_t first);
  Result<Command> Drop();
  Result<Command> Cache();
  Result<Command> Uncache();
  Result<Command> Set();
  // parser_variable.cc
  Result<unresolved::NamePlace> PlacedName();
  Result<std::vector<unresolved::NamePlace>> PlacedNames();
  Result<Command> Declare();
  Result<Command> SetVariable(size_t first);
  Result<Command> DropVariable(size_t first);
  Result<Command> ExecuteImmediate();
  Result<Command> SetTimeZone(size_t first);
  Result<Command> Reset();
  Result<Command> Insert();
  Result<Command> InsertDirectory(size_t first);
  /// The rest of the statement is not read.
  Command Unsupported(std::string what, size_t first);
  Result<Command> RefusedStatement(std::string what, size_t first);
  void CheckTemporaryName(const Name& name, size_t first);
  void CheckZoneInterval(const unresolved::Expr& zone, size_t first);
  /// From the cursor to the statement's end, as written.
  std::string RestOfText();
  void SkipToEnd();
  template <typename T>
  Command MakeCommand(T node, size_t first) const {
    return Command{std::move(node), OriginFrom(first)};
  }

  std::shared_ptr<const SqlText> sql_;
  ParserOptions options_;
  std::vector<Token> tokens_;
  size_t pos_ = 0;
  bool ansi_keywords_;
  bool ascii_ = true;
  bool unclosed_comment_ = false;
  int depth_ = 0;
  int height_ = 0;
  int parameter_count_ = 0;
  bool named_parameters_ = false;
  std::vector<std::string> lambda_parameters_;
  std::optional<Error> deferred_;
};

}  // namespace firesteel::sql
