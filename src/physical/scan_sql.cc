// Files as DuckDB table functions: the parts that all formats share, and text and binary files.
#include "physical/scan_sql.h"

#include <algorithm>
#include <filesystem>

#include "base/cat.h"
#include "base/text.h"
#include "physical/scan_formats.h"
#include "physical/text_shape.h"

namespace firesteel::physical {
namespace {

using logical::Attribute;

std::string ColumnName(const Attribute& attribute) { return "c" + std::to_string(attribute.id); }

std::optional<size_t> FindField(const DataType& type, const std::string& name) {
  const auto& fields = type.fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return i;
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    if (EqualsIgnoreCase(fields[i].name, name)) return i;
  }
  return std::nullopt;
}

/// The hidden `_metadata` of Parquet files ends with the row's number in its file.
bool HasRowIndex(const DataType& type) {
  return type.Is(TypeId::kStruct) && !type.fields().empty() && type.fields().back().name == "row_index";
}

// A partition column's values: one constant, or a list of constants that the file's number picks from.
std::string PartitionColumn(const logical::Scan& scan, size_t column, functions::Lowering& lowering) {
  const DataType& type = scan.partition_schema.fields()[column].type;
  if (HasRowIndex(type)) {
    logical::Scan constants = scan;
    std::vector<StructField> fields = type.fields();
    fields.pop_back();
    std::vector<StructField> columns = scan.partition_schema.fields();
    columns[column].type = DataType::Struct(std::move(fields));
    constants.partition_schema = DataType::Struct(std::move(columns));
    for (auto& row : constants.partition_values) std::get<Value::List>(row[column].data).pop_back();
    return "struct_insert(" + PartitionColumn(constants, column, lowering) + ", row_index := file_row_number)";
  }
  const auto& values = scan.partition_values;
  const bool same =
      std::all_of(values.begin(), values.end(), [&](const auto& row) { return row[column] == values[0][column]; });
  if (same) return lowering.LiteralSql(values[0][column], type);
  std::string list = "list_value(";
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) list += ", ";
    list += lowering.LiteralSql(values[i][column], type);
  }
  return "list_extract(" + list + "), CAST(file_index AS BIGINT) + 1)";
}

std::string NullOf(const DataType& type) { return "CAST(NULL AS " + functions::DuckType(type) + ")"; }

/// Only the wanted fields decide which records are malformed. Without any, all do: rows are counted.
Result<ScanSource> WantedJsonSource(const logical::Scan& scan, const std::vector<bool>& wanted,
                                    functions::Lowering& lowering) {
  const auto& fields = scan.data_schema.fields();
  logical::Scan pruned = scan;
  std::vector<StructField> kept;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (wanted[i]) kept.push_back(fields[i]);
  }
  if (kept.empty()) return JsonSource(scan, lowering);
  pruned.data_schema = DataType::Struct(std::move(kept));
  FS_TRY(ScanSource source, JsonSource(pruned, lowering));
  std::vector<std::string> columns(fields.size());
  for (size_t i = 0, next = 0; i < fields.size(); ++i) {
    if (wanted[i]) columns[i] = std::move(source.columns[next++]);
  }
  source.columns = std::move(columns);
  return source;
}

Result<ScanSource> SourceOf(const logical::Scan& scan, const std::vector<bool>& wanted, functions::Lowering& lowering) {
  if (scan.format == "parquet") return ParquetSource(scan, wanted, lowering);
  if (scan.format == "csv") return CsvSource(scan, wanted, lowering);
  if (scan.format == "json") return WantedJsonSource(scan, wanted, lowering);
  if (scan.format == "text") return TextSource(scan, lowering);
  if (scan.format == "binaryfile") return BinaryFileSource(scan, lowering);
  return Error::Unsupported("reading the format " + scan.format);
}

}  // namespace

std::string QuoteText(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out += '\'';
}

std::string QuoteName(std::string_view name) {
  std::string out = "\"";
  for (char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

Error ReadFailure(std::string_view kind, const std::string& path, std::string_view reason) {
  return Error::Condition(
             "FAILED_READ_FILE." + std::string(kind),
             {{"path", path.empty() ? "" : (kind == "CANNOT_READ_FILE_FOOTER" ? "file:" : "file://") + path}})
      .As(ErrorClass::kSpark)
      .CausedBy(Error::Internal(std::string(reason)));
}

std::string FileArray(const std::vector<std::string>& files) {
  std::string out = "[";
  for (size_t i = 0; i < files.size(); ++i) {
    if (i > 0) out += ", ";
    // DuckDB would take these as patterns.
    for (char c : QuoteText(files[i])) {
      if (c == '*' || c == '?' || c == '[') {
        out += '[';
        out += c;
        out += ']';
      } else {
        out += c;
      }
    }
  }
  return out + "]";
}

namespace {

/// Spark reads large files first: rows that nobody orders come as they do there.
logical::Scan LargestFirst(logical::Scan scan) {
  if (scan.files.size() < 2) return scan;
  std::vector<std::pair<uintmax_t, size_t>> sized;  // bytes, index
  for (size_t i = 0; i < scan.files.size(); ++i) {
    std::error_code gone;
    const uintmax_t bytes = std::filesystem::file_size(scan.files[i], gone);
    sized.emplace_back(gone ? 0 : bytes, i);
  }
  std::stable_sort(sized.begin(), sized.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> files;
  std::vector<std::vector<Value>> partition_values;
  for (const auto& [bytes, index] : sized) {
    files.push_back(std::move(scan.files[index]));
    if (!scan.partition_values.empty()) partition_values.push_back(std::move(scan.partition_values[index]));
  }
  scan.files = std::move(files);
  scan.partition_values = std::move(partition_values);
  return scan;
}

}  // namespace

Result<std::string> ScanSql(const logical::Scan& as_listed, const logical::Plan& plan, const Options&,
                            functions::Lowering& lowering) {
  logical::Scan scan = LargestFirst(as_listed);
  if (scan.format == "parquet") {
    FS_TRY(scan, ParquetFilesBySchema(std::move(scan)));
  }
  struct Place {
    bool in_partition;
    size_t index;
  };
  std::vector<Place> places;
  std::vector<bool> wanted(scan.data_schema.fields().size(), false);
  for (const Attribute& attribute : plan.output) {
    if (auto index = FindField(scan.partition_schema, attribute.name); index && !scan.partition_values.empty()) {
      places.push_back({true, *index});
    } else if (auto field = FindField(scan.data_schema, attribute.name)) {
      places.push_back({false, *field});
      wanted[*field] = true;
    } else {
      return Error::Internal("a scan has no column " + attribute.name);
    }
  }
  ScanSource source;
  if (!scan.files.empty()) {
    FS_TRY(source, SourceOf(scan, wanted, lowering));
  } else {
    source.from = "range(0)";
    for (const StructField& field : scan.data_schema.fields()) source.columns.push_back(NullOf(field.type));
  }
  std::string sql = "SELECT ";
  for (size_t i = 0; i < places.size(); ++i) {
    if (i > 0) sql += ", ";
    sql += places[i].in_partition ? PartitionColumn(scan, places[i].index, lowering) : source.columns[places[i].index];
    sql += " AS " + ColumnName(plan.output[i]);
  }
  if (places.empty()) sql += "1 AS one";
  sql += " FROM " + source.from;
  for (size_t i = 0; i < source.conditions.size(); ++i) sql += (i == 0 ? " WHERE " : " AND ") + source.conditions[i];
  return sql;
}

namespace {

std::string TextScan(const std::vector<std::string>& files, const LineLayout& layout, bool whole) {
  const auto flag = [](bool value) { return std::string_view(value ? ", true" : ", false"); };
  std::string sql = "fs_text([";
  for (size_t i = 0; i < files.size(); ++i) Append(sql, std::string_view(i > 0 ? ", " : ""), QuoteText(files[i]));
  return Cat(sql, "], ", QuoteText(layout.separator), flag(whole), flag(layout.strict), ", ",
             QuoteText(layout.encoding), flag(layout.header), ", ", QuoteText(layout.comment), ", ",
             QuoteText(layout.quotes), ")");
}

}  // namespace

// DuckDB reads lines as CSV of one column that no separator is in: four bytes that text does not have. It is faster, as several
// threads read one file, but takes only lines that end alike and are not too long.
std::string LinesOf(const std::vector<std::string>& files, const LineLayout& layout) {
  const bool is_wide = layout.encoding == "utf-16";  // DuckDB's alone
  if (!is_wide && (layout.any || !layout.quotes.empty() || !layout.separator.empty() ||
                   (layout.header && !layout.comment.empty()) || !LinesAreRegular(files)))
    return TextScan(files, layout, false);
  return "read_csv(" + FileArray(files) + ", encoding = " + QuoteText(layout.encoding) +
         ", header = " + (layout.header ? "true" : "false") +
         ", columns = {'line': 'VARCHAR'}, auto_detect = false, delim = '\x1C\x1D\x1E\x1F', quote = '', "
         "escape = '', nullstr = '', max_line_size = 16777216)";
}

std::string WholeTextOf(const std::vector<std::string>& files, bool strict) {
  return TextScan(files, {.strict = strict}, true);
}

bool IsCorruptColumn(const StructField& field, const SourceOptions& options) {
  return field.name == options.Text("columnnameofcorruptrecord", "_corrupt_record") && field.type.Is(TypeId::kString);
}

Result<ScanSource> TextSource(const logical::Scan& scan, functions::Lowering& lowering) {
  const SourceOptions options(scan.options);
  ScanSource source;
  if (options.Flag("wholetext", false)) {
    source.from = WholeTextOf(scan.files, true);
    source.columns.assign(scan.data_schema.fields().size(), "line");
    return source;
  }
  FS_CHECK(options.Refuse({{"encoding", "utf-8"}}));
  source.from =
      LinesOf(scan.files, {.separator = options.Text("linesep", ""), .strict = true, .any = lowering.precise_errors()});
  source.columns.assign(scan.data_schema.fields().size(), "coalesce(line, '')");
  return source;
}

Result<ScanSource> BinaryFileSource(const logical::Scan& scan, functions::Lowering&) {
  ScanSource source;
  source.from = "read_blob(" + FileArray(scan.files) + ")";
  for (const StructField& field : scan.data_schema.fields()) {
    if (EqualsIgnoreCase(field.name, "path"))
      source.columns.push_back("('file:' || filename)");
    else if (EqualsIgnoreCase(field.name, "modificationTime"))
      source.columns.push_back("make_timestamp(epoch_us(last_modified))");
    else if (EqualsIgnoreCase(field.name, "length"))
      source.columns.push_back("CAST(size AS BIGINT)");
    else if (EqualsIgnoreCase(field.name, "content"))
      source.columns.push_back("content");
    else
      source.columns.push_back(NullOf(field.type));
  }
  return source;
}

}  // namespace firesteel::physical
