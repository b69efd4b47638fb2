#pragma once
// What the formats' files (scan_csv.cc, scan_json.cc …) share: a reader's SQL with the names of what it reads.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "functions/function.h"
#include "functions/source_options.h"
#include "plan/logical.h"

namespace firesteel::physical {

using functions::ParseMode;
using functions::ParseModeOf;
using functions::SourceOptions;

/// FROM item and, per field of Scan::data_schema, the expression of its value in the type's storage type.
struct ScanSource {
  std::string from;
  std::vector<std::string> columns;
  std::vector<std::string> conditions;  ///< rows that count
};

/// `wanted[i]`: somebody reads field i.
Result<ScanSource> ParquetSource(const logical::Scan& scan, const std::vector<bool>& wanted,
                                 functions::Lowering& lowering);
/// The scan with its files in groups of one schema each; empty files are left out.
Result<logical::Scan> ParquetFilesBySchema(logical::Scan scan);
Result<ScanSource> CsvSource(const logical::Scan& scan, const std::vector<bool>& wanted, functions::Lowering& lowering);
/// DuckDB's reader with the scan's options; fields are text, called f0, f1 …
Result<std::string> CsvReaderSql(const logical::Scan& scan);
/// DuckDB's reader would find other records or fields than Spark.
bool ReadsCsvByLines(const std::vector<std::string>& files, const SourceOptions& options);
/// FROM item: the lines that are records, as columns `line`, `filename` and `file_index`.
/// `any`: as LineLayout says.
Result<std::string> CsvLinesSql(const std::vector<std::string>& files, const SourceOptions& options, bool any);
Result<ScanSource> JsonSource(const logical::Scan& scan, functions::Lowering& lowering);
Result<ScanSource> TextSource(const logical::Scan& scan, functions::Lowering& lowering);
Result<ScanSource> BinaryFileSource(const logical::Scan& scan, functions::Lowering& lowering);

/// FAILED_READ_FILE.`kind`, for people with the `reason`; the path as Spark writes it there.
Error ReadFailure(std::string_view kind, const std::string& path, std::string_view reason);

std::string QuoteText(std::string_view text);  ///< 'it''s'
std::string QuoteName(std::string_view name);  ///< "a""b"
std::string FileArray(const std::vector<std::string>& files);
struct LineLayout {
  std::string encoding = "utf-8";  ///< DuckDB's name of it
  std::string separator;           ///< between lines; empty: \n, \r\n and \r
  std::string comment;             ///< what lines begin with that are no header
  bool header = false;             ///< each file's first line that is neither blank nor a comment is left out
  bool strict = false;             ///< bytes that are no characters fail the query; else they become U+FFFD
  std::string quotes;              ///< quote, escape, separator of fields by \x1F: line ends in quotes end no record
  bool any = false;                ///< whatever the lines hold, however long they are: slower
};
/// FROM item: each line of the files as column `line` (NULL or empty for empty lines), with `filename` and `file_index`.
std::string LinesOf(const std::vector<std::string>& files, const LineLayout& layout);
/// FROM item: each file's whole text as column `line`, with `filename` and `file_index`.
std::string WholeTextOf(const std::vector<std::string>& files, bool strict);
/// The column that takes the text of malformed records. Alone it is not read.
bool IsCorruptColumn(const StructField& field, const SourceOptions& options);
/// DuckDB's name of the character set that the options name.
Result<std::string> EncodingOf(const SourceOptions& options);

}  // namespace firesteel::physical
