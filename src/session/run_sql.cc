// SQL text: a query to be run later, or a command that runs at once.
#include "base/text.h"
#include "commands/commands.h"
#include "session/environment.h"
#include "session/pipeline.h"
#include "session/stage_trace.h"
#include "session/substitution.h"
#include "sql/parser.h"
#include "types/type_text.h"

namespace firesteel::session {
namespace {

Result<SqlOutcome> RunText(Session& session, const unresolved::SqlQuery& written, int depth);

constexpr int kImmediateDepthMax = 100;
constexpr size_t kSubstitutedBytesMax = size_t{64} << 20;

/// EXECUTE IMMEDIATE: the text that its expression gives, run in its place.
Result<SqlOutcome> RunImmediate(Session& session, const unresolved::ExecuteImmediate& execute, const Origin& origin,
                                int depth) {
  if (depth > kImmediateDepthMax) return Error::Unsupported("EXECUTE IMMEDIATE so often inside of itself", origin);
  SessionCommands context(session);
  FS_TRY(unresolved::SqlQuery inner, commands::ImmediateStatement(execute, origin, context));
  const auto options = session.configuration().parser_options();
  FS_TRY(const unresolved::Statement statement, sql::ParseStatement(inner.text, *options));
  const auto* command = std::get_if<unresolved::Command>(&statement.node);
  FS_TRY(const sql::ParameterKinds parameters, sql::FindParameters(inner.text, *options));
  if (parameters.positional && parameters.named) return Error::Condition("INVALID_QUERY_MIXED_QUERY_PARAMETERS");
  if (parameters.named && inner.named_arguments.size() < inner.positional_arguments.size()) {
    std::vector<std::string> unnamed;
    for (const auto& argument : execute.arguments) {
      if (const auto* literal = std::get_if<unresolved::Literal>(&argument->node))
        unnamed.push_back(InDoubleQuotes(LiteralSql(literal->value, literal->type, "UTC")));
    }
    return Error::Condition("ALL_PARAMETERS_MUST_BE_NAMED", {{"exprs", Join(unnamed, ", ")}});
  }
  if (!execute.into.empty() && command != nullptr)
    return Error::Condition("INVALID_STATEMENT_FOR_EXECUTE_INTO", {{"sqlString", Upper(inner.text)}});
  if (execute.into.empty()) {
    FS_TRY(SqlOutcome outcome, RunText(session, inner, depth));
    outcome.new_arguments = true;
    return outcome;
  }
  for (const auto& target : execute.into) {  // to Spark, they are columns that nobody has
    const auto name = catalog::VariableNameOf(target.name, context.settings().case_sensitive);
    if (!name || !context.variables().Find(*name))
      return Error::Condition("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", {{"objectName", ToSqlId(target.name)}},
                              target.origin);
  }
  FS_TRY(logical::PlanPtr query, Analyze(session, unresolved::MakeRelation(inner)));
  FS_CHECK(commands::AssignFromQuery(execute.into, query, context));
  return SqlOutcome{.query = nullptr, .rows = commands::NoRows()};
}

Result<SqlOutcome> RunText(Session& session, const unresolved::SqlQuery& written, int depth) {
  unresolved::SqlQuery sql = written;
  const Configuration& configuration = session.configuration();
  if (sql.text.find("${") != std::string::npos && configuration.GetOption("spark.sql.variable.substitute") == "true") {
    FS_TRY(sql.text, Substituted(sql.text, configuration, kSubstitutedBytesMax));
  }
  FS_TRY(unresolved::Statement statement,
         Stage(sql::ParseStatement(sql.text, *session.configuration().parser_options())));
  SqlOutcome outcome;
  if (const auto* command = std::get_if<unresolved::Command>(&statement.node)) {
    if (const auto* execute = std::get_if<unresolved::ExecuteImmediate>(&command->node))
      return Stage(RunImmediate(session, *execute, command->origin, depth + 1));
    FS_TRY(CommandOutcome done, Stage(RunCommand(session, *command)));
    outcome.rows = std::move(done.rows);
    return outcome;
  }
  // Spark analyses at once: spark.sql("…") itself fails, not its first use.
  outcome.query = unresolved::MakeRelation(sql);
  FS_CHECK(Stage(Analyze(session, outcome.query)));
  return outcome;
}

}  // namespace

Result<SqlOutcome> RunSql(Session& session, const unresolved::SqlQuery& sql) { return RunText(session, sql, 0); }

}  // namespace firesteel::session
