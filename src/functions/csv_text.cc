// One line of CSV.
#include "functions/csv_text.h"

#include "base/text.h"

namespace firesteel::functions {
namespace {

CsvDialect Shared(const SourceOptions& options) {
  CsvDialect dialect;
  dialect.separator = options.Text("sep", options.Text("delimiter", ","));
  if (dialect.separator == "\\t") dialect.separator = "\t";
  for (auto [key, part] :
       {std::pair{"quote", &dialect.quote}, {"escape", &dialect.escape}, {"comment", &dialect.comment}}) {
    *part = options.Text(key, *part);
    if (*part == std::string_view("\0", 1)) part->clear();
  }
  dialect.null_value = options.Text("nullvalue", "");
  return dialect;
}

}  // namespace

CsvDialect CsvDialect::ForReading(const SourceOptions& options) {
  CsvDialect dialect = Shared(options);
  dialect.empty_value = options.Text("emptyvalue", "");
  dialect.trim_left = options.Flag("ignoreleadingwhitespace", false);
  dialect.trim_right = options.Flag("ignoretrailingwhitespace", false);
  return dialect;
}

CsvDialect CsvDialect::ForWriting(const SourceOptions& options) {
  CsvDialect dialect = Shared(options);
  dialect.empty_value = options.Text("emptyvalue", "\"\"");
  if (dialect.comment.empty()) dialect.comment = "#";  // univocity's own
  dialect.trim_left = options.Flag("ignoreleadingwhitespace", true);
  dialect.trim_right = options.Flag("ignoretrailingwhitespace", true);
  dialect.quote_all = options.Flag("quoteall", false);
  dialect.escape_quotes = options.Flag("escapequotes", true);
  // No character at all is the one of code 0.
  for (std::string* part : {&dialect.quote, &dialect.escape}) {
    if (part->empty()) part->push_back('\0');
  }
  dialect.escape_escape =
      options.Text("chartoescapequoteescaping", dialect.escape == dialect.quote ? "" : dialect.escape);
  return dialect;
}

std::vector<std::optional<std::string>> SplitCsvLine(std::string_view line, const CsvDialect& dialect) {
  const auto first_of = [](const std::string& text) { return text.empty() ? '\0' : text[0]; };
  const char quote = first_of(dialect.quote), escape = first_of(dialect.escape);
  std::vector<std::optional<std::string>> fields;
  std::string field;
  bool quoted = false, was_quoted = false, at_start = true;
  size_t field_start = 0;
  const auto finish = [&] {
    if (!was_quoted) {
      std::string_view text = field;
      while (dialect.trim_left && !text.empty() && text.front() <= ' ' && text.front() >= 0) text.remove_prefix(1);
      while (dialect.trim_right && !text.empty() && text.back() <= ' ' && text.back() >= 0) text.remove_suffix(1);
      field = std::string(text);
    }
    if (field.empty() && !was_quoted)
      fields.emplace_back();
    else
      fields.emplace_back(field.empty() ? dialect.empty_value : field);
    field.clear();
    was_quoted = false;
    at_start = true;
  };
  const auto at_separator = [&](size_t i) {
    return !dialect.separator.empty() && line.substr(i, dialect.separator.size()) == dialect.separator;
  };
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c == escape && i + 1 < line.size() && (line[i + 1] == quote || line[i + 1] == escape)) {
        field += line[++i];
      } else if (c == quote) {
        size_t next = i + 1;
        while (next < line.size() && line[next] == ' ') ++next;
        quoted = false;
        if (next == line.size() || at_separator(next)) {
          i = next - 1;
        } else {  // the quote stands inside: the whole field counts as it stands, up to the separator
          was_quoted = false;
          size_t end = i;
          while (end < line.size() && !at_separator(end)) ++end;
          field = line.substr(field_start, end - field_start);
          i = end - 1;
        }
      } else {
        field += c;
      }
    } else if (at_separator(i)) {
      finish();
      i += dialect.separator.size() - 1;
    } else if (quote != '\0' && at_start && c == quote) {
      quoted = was_quoted = true;
      at_start = false;
      field.clear();  // of spaces that do not count
      field_start = i;
    } else {
      field += c;
      at_start = at_start && dialect.trim_left && c == ' ';
    }
  }
  finish();
  return fields;
}

void AppendCsvField(std::optional<std::string_view> field, const CsvDialect& dialect, std::string& out) {
  std::string_view text = field.value_or(dialect.null_value);
  // Blanks that do not count may still be a reason for quotes.
  const char quote = dialect.quote[0];
  bool needed = dialect.quote_all || text.find(dialect.separator) != std::string_view::npos;
  for (char c : text) needed = needed || c == '\n' || c == '\r' || (dialect.escape_quotes && c == quote);
  while (dialect.trim_left && !text.empty() && text.front() <= ' ' && text.front() >= 0) text.remove_prefix(1);
  while (dialect.trim_right && !text.empty() && text.back() <= ' ' && text.back() >= 0) text.remove_suffix(1);
  if (field && text.empty()) {
    out += dialect.empty_value;
    return;
  }
  if (!dialect.comment.empty() && out.empty() && text.starts_with(dialect.comment)) needed = true;
  if (!needed) {
    out += text;
    return;
  }
  out += quote;
  for (char c : text) {
    if (c == quote) {
      out += dialect.escape;
    } else if (c == dialect.escape[0]) {
      out += dialect.escape_escape;
    }
    out += c;
  }
  out += quote;
}

}  // namespace firesteel::functions
