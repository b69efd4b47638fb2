#pragma once
// Spark's SQL statements, each by an example: what docs/compatibility.md lists. The parser itself says what it takes.
#include <span>
#include <string_view>

namespace firesteel::sql {

struct StatementExample {
  std::string_view name;
  std::string_view text;
};

/// Every kind of statement of Spark's grammar (SqlBaseParser.g4).
std::span<const StatementExample> StatementExamples();

}  // namespace firesteel::sql
