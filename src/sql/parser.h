#pragma once
// SQL text to the unresolved tree. Spark's grammar (SqlBaseParser.g4) by recursive descent; a nesting limit guards the stack.
#include <memory>
#include <string_view>

#include "base/result.h"
#include "plan/unresolved.h"

namespace firesteel::sql {

/// Settings that change how text reads (spark.sql.ansi.*, spark.sql.parser.*, …).
struct ParserOptions {
  bool ansi = true;
  bool enforce_reserved_keywords = false;   ///< spark.sql.ansi.enforceReservedKeywords
  bool double_quoted_identifiers = false;   ///< spark.sql.ansi.doubleQuotedIdentifiers
  bool escaped_string_literals = false;     ///< spark.sql.parser.escapedStringLiterals
  bool quoted_regex_column_names = false;   ///< spark.sql.parser.quotedRegexColumnNames
  bool timestamp_ntz = false;               ///< spark.sql.timestampType = TIMESTAMP_NTZ
  bool legacy_exponent_as_decimal = false;  ///< spark.sql.legacy.exponentLiteralAsDecimal.enabled
  bool legacy_intervals = false;            ///< spark.sql.legacy.interval.enabled
  std::string time_zone = "UTC";            ///< session zone: TIMESTAMP '…' literals without a zone
};

/// One statement (a trailing ';' is fine). Errors: PARSE_SYNTAX_ERROR and its kin, ErrorClass::kParse, origin set.
Result<unresolved::Statement> ParseStatement(std::string_view text, const ParserOptions& options);
/// As ParseStatement, and the statement must be a query: what spark.sql(…).create and views hold.
Result<unresolved::RelationPtr> ParseQuery(std::string_view text, const ParserOptions& options);
/// Which parameters a statement has: ?, :name.
struct ParameterKinds {
  bool positional = false, named = false;
};
Result<ParameterKinds> FindParameters(std::string_view text, const ParserOptions& options);
/// One expression, possibly with alias: expr("…"), filter("…"), selectExpr.
Result<unresolved::ExprPtr> ParseExpression(std::string_view text, const ParserOptions& options);
/// "a.b.`c d`" to its parts. Errors as Spark's.
Result<unresolved::Name> ParseMultipartIdentifier(std::string_view text);
/// As DataFrame column names read: dots part, backticks quote (UnresolvedAttribute.parseAttributeName).
Result<unresolved::Name> ParseAttributeName(std::string_view text);

}  // namespace firesteel::sql
