// The page's chapters, each read off the table that the server itself works with, so that it can't lie.
#include "main/compatibility.h"

#include <spark/connect/base.pb.h>

#include <map>
#include <set>
#include <vector>

#include "base/cat.h"
#include "base/text.h"
#include "catalog/file_formats.h"
#include "functions/registry.h"
#include "functions/spark_functions.h"
#include "main/serve.h"
#include "proto/not_yet.h"
#include "session/configuration.h"
#include "session/effective_settings.h"
#include "sql/parser.h"
#include "sql/statements.h"

namespace firesteel::main_program {

namespace {

// Text of a table's cell or of a list.
std::string Code(std::string_view text) {
  std::string out = "`";
  for (char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out + "`";
}

std::string List(const std::vector<std::string>& items) { return items.empty() ? "–" : Join(items, ", "); }

void Heading(std::string& out, std::string_view title, std::string_view text) {
  out += Cat("\n## ", title, "\n\n", text, text.empty() ? "" : "\n\n");
}

// What Spark registers as a function and Firesteel's parser and relations know by itself.
bool IsSyntax(std::string_view name) { return name == "range"; }

void Functions(std::string& out) {
  struct Group {
    std::vector<std::string> here, missing;
  };
  std::map<std::string_view, Group> groups;
  size_t count = 0;
  for (const functions::SparkFunction& function : functions::SparkFunctions()) {
    const bool here = functions::FindFunction(function.name) != nullptr || IsSyntax(function.name);
    Group& group = groups[function.group];
    (here ? group.here : group.missing).push_back(Code(function.name));
    count += here;
  }
  Heading(out, "Functions",
          Cat(std::to_string(count), " of the ", std::to_string(functions::SparkFunctions().size()),
              " names in Spark's function registries. A call of a missing one fails with `UNSUPPORTED_FEATURE`."));
  out += "| group | supported | missing |\n|---|---|---|\n";
  for (const auto& [name, group] : groups) {
    out += Cat("| ", name, " | ", List(group.here), " | ", List(group.missing), " |\n");
  }
}

std::string Unsupported(std::string_view text) {
  Result<unresolved::Statement> parsed = sql::ParseStatement(text, {});
  if (!parsed.ok()) return parsed.error().Message();
  if (const auto* command = std::get_if<unresolved::Command>(&parsed->node)) {
    const auto* unsupported = std::get_if<unresolved::UnsupportedCommand>(&command->node);
    return unsupported != nullptr ? unsupported->what : "";
  }
  const auto& relation = std::get<unresolved::RelationPtr>(parsed->node);
  const auto* unsupported = std::get_if<unresolved::UnsupportedRelation>(&relation->node);
  return unsupported != nullptr ? unsupported->what : "";
}

void Statements(std::string& out) {
  std::vector<std::string> here, missing;
  for (const sql::StatementExample& example : sql::StatementExamples()) {
    (Unsupported(example.text).empty() ? here : missing).push_back(std::string(example.name));
  }
  Heading(out, "SQL statements", "");
  out += Cat("Supported: ", List(here), ".\n\nMissing: ", List(missing), ".\n");
}

// The cases of a message's oneof, by the table of what is missing.
void Cases(std::string& out, const google::protobuf::Descriptor* message, std::string_view what) {
  std::vector<std::string> here;
  std::map<std::string_view, std::vector<std::string>> missing;
  std::map<std::string_view, std::string_view> not_yet;
  for (const proto::NotYetRow& row : proto::NotYetRows()) not_yet[row.field] = row.feature;
  const google::protobuf::OneofDescriptor* cases = message->oneof_decl(0);
  for (int i = 0; i < cases->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = cases->field(i);
    const auto row = not_yet.find(field->full_name());
    if (row == not_yet.end()) {
      here.push_back(Code(field->name()));
    } else {
      missing[row->second].push_back(Code(field->name()));
    }
  }
  out += Cat("\n", what, ": ", List(here), ".\n\nMissing:\n\n");
  for (const auto& [feature, names] : missing) out += Cat("- ", feature, " (", List(names), ")\n");
}

void Messages(std::string& out) {
  Heading(out, "Messages of the protocol", "What DataFrame code sends, by the names of `spark/connect/*.proto`.");
  Cases(out, spark::connect::Relation::descriptor(), "Relations");
  Cases(out, spark::connect::Expression::descriptor(), "Expressions");
  Cases(out, spark::connect::Command::descriptor(), "Commands");
  Cases(out, spark::connect::Catalog::descriptor(), "spark.catalog");
}

void Formats(std::string& out) {
  Heading(out, "Data sources", "");
  out += "| format | read | write |\n|---|---|---|\n";
  for (const catalog::DataSourceFormat& format : catalog::DataSourceFormats()) {
    out += Cat("| ", format.name, " | ", format.readable ? "yes" : "–", " | ", format.writable ? "yes" : "–", " |\n");
  }
}

void Settings(std::string& out) {
  Heading(out, "Settings",
          Cat("These have an effect. The others of Spark's ", std::to_string(session::ConfigurationTable().size()),
              " keys are kept and given back with Spark's defaults, and do nothing."));
  out += "| key | default | |\n|---|---|---|\n";
  for (std::string_view key : session::EffectiveSettings()) {
    const session::ConfigurationEntry* entry = session::FindConfiguration(key);
    out += Cat("| ", Code(key), " | ", entry != nullptr ? Code(entry->default_text) : "", " | ",
               entry != nullptr ? entry->doc : "", " |\n");
  }
}

}  // namespace

std::string CompatibilityText() {
  std::string out = "# Compatibility with Apache Spark " FIRESTEEL_SPARK_VERSION
                    "\n\nWritten by `./dev docs` from the tables that the server works with; not edited by hand. What "
                    "is missing fails with Spark's\n"
                    "`UNSUPPORTED_FEATURE` condition that names it. Answers that differ from Spark's are listed in "
                    "`tests/known_gaps/`.\n";
  Functions(out);
  Statements(out);
  Messages(out);
  Formats(out);
  Settings(out);
  return out;
}

}  // namespace firesteel::main_program
