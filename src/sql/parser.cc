// The entries of sql/parser.h.
#include "sql/parser.h"

#include "sql/parser_state.h"

namespace firesteel::sql {

Result<Statement> Parser::SingleStatement() {
  FS_CHECK(CheckText());
  FS_TRY(Statement statement, StatementStart());
  FS_CHECK(Finish());
  return statement;
}

Result<RelationPtr> Parser::SingleQuery() {
  FS_CHECK(CheckText());
  FS_TRY(RelationPtr query, Query());
  FS_CHECK(Finish());
  return query;
}

Result<ExprPtr> Parser::SingleExpression() {
  FS_CHECK(CheckText());
  FS_TRY(ExprPtr expression, NamedExpression());
  if (Is(Tok::kSemicolon)) return Syntax();
  FS_CHECK(Finish());
  return expression;
}

Result<ParameterKinds> Parser::Parameters() {
  FS_CHECK(SingleStatement());
  return ParameterKinds{.positional = parameter_count_ > 0, .named = named_parameters_};
}

Result<Name> Parser::SingleMultipartIdentifier() {
  FS_CHECK(CheckText());
  FS_TRY(Name name, MultipartIdentifier());
  if (Is(Tok::kSemicolon)) return Syntax();
  FS_CHECK(Finish());
  return name;
}

Result<Statement> ParseStatement(std::string_view text, const ParserOptions& options) {
  return Parser(text, options).SingleStatement();
}

Result<RelationPtr> ParseQuery(std::string_view text, const ParserOptions& options) {
  return Parser(text, options).SingleQuery();
}

Result<ParameterKinds> FindParameters(std::string_view text, const ParserOptions& options) {
  return Parser(text, options).Parameters();
}

Result<ExprPtr> ParseExpression(std::string_view text, const ParserOptions& options) {
  return Parser(text, options).SingleExpression();
}

Result<Name> ParseMultipartIdentifier(std::string_view text) {
  return Parser(text, ParserOptions{}).SingleMultipartIdentifier();
}

}  // namespace firesteel::sql
