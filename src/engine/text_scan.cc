// Files are read side by side, each from its beginning to its end.
#include "engine/text_scan.h"

#include <absl/strings/str_split.h>
#include <unicode/unistr.h>

#include <atomic>
#include <vector>

#include "base/text.h"
#include "engine/duckdb_vectors.h"
#include "engine/text_reader.h"
#include "functions/charset.h"
#include "physical/scan_formats.h"

namespace firesteel::engine {
namespace {

/// Of one chunk: rows may be long.
constexpr size_t kChunkBytesMax = 16 << 20;

enum Column : idx_t { kLine, kFileName, kFileIndex };

template <typename T>
void Delete(void* object) {
  delete static_cast<T*>(object);
}

struct Bound {
  std::vector<std::string> files;
  TextLayout layout;
  bool strict = false, is_latin = false, header = false;
  std::string comment;
};
struct Shared {
  std::atomic<size_t> next_file{0};
  std::vector<idx_t> columns;
};
struct Reading {
  std::unique_ptr<TextReader> reader;
  size_t file = 0;
  bool at_header = false;
};

std::string TextParameter(duckdb_bind_info info, idx_t index) {
  DuckValue value(duckdb_bind_get_parameter(info, index));
  OwnedText text(duckdb_get_varchar(value.get()));
  return text.get();
}

bool FlagParameter(duckdb_bind_info info, idx_t index) {
  return duckdb_get_bool(DuckValue(duckdb_bind_get_parameter(info, index)).get());
}

void Bind(duckdb_bind_info info) {
  auto bound = std::make_unique<Bound>();
  DuckValue files(duckdb_bind_get_parameter(info, 0));
  for (idx_t i = 0; i < duckdb_get_list_size(files.get()); ++i) {
    DuckValue file(duckdb_get_list_child(files.get(), i));
    OwnedText path(duckdb_get_varchar(file.get()));
    bound->files.emplace_back(path.get());
  }
  bound->strict = FlagParameter(info, 3);
  bound->layout = {TextParameter(info, 1), FlagParameter(info, 2), bound->strict};
  bound->is_latin = TextParameter(info, 4) == "latin-1";
  bound->header = FlagParameter(info, 5);
  bound->comment = TextParameter(info, 6);
  if (const std::string quotes = TextParameter(info, 7); !quotes.empty()) {
    const std::vector<std::string> parts = absl::StrSplit(quotes, absl::MaxSplits('\x1F', 2));
    const auto first = [](const std::string& text) { return text.empty() ? '\0' : text[0]; };
    bound->layout.quoted = QuotedFields{first(parts[0]), first(parts[1]), parts[2]};
  }
  duckdb_bind_add_result_column(info, "line", ToLogicalType(TypeId::kString).get());
  duckdb_bind_add_result_column(info, "filename", ToLogicalType(TypeId::kString).get());
  duckdb_bind_add_result_column(info, "file_index", ToLogicalType(TypeId::kLong).get());
  duckdb_bind_set_bind_data(info, bound.release(), Delete<Bound>);
}

void Init(duckdb_init_info info) {
  const auto& bound = *static_cast<const Bound*>(duckdb_init_get_bind_data(info));
  auto shared = std::make_unique<Shared>();
  for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i)
    shared->columns.push_back(duckdb_init_get_column_index(info, i));
  duckdb_init_set_max_threads(info, std::max<size_t>(1, bound.files.size()));
  duckdb_init_set_init_data(info, shared.release(), Delete<Shared>);
}

void InitThread(duckdb_init_info info) { duckdb_init_set_init_data(info, new Reading, Delete<Reading>); }

Result<std::string_view> Utf8Of(std::string_view bytes, const std::string& path, const Bound& bound,
                                std::string& holder) {
  if (bound.is_latin) {
    holder = functions::DecodeText(bytes, functions::Charset::kLatin1).value_or("");
    return std::string_view(holder);
  }
  if (functions::IsUtf8(bytes)) return bytes;
  if (bound.strict) return physical::ReadFailure("NO_HINT", path, "a line is no UTF-8, which strings here must be");
  holder.clear();
  icu::UnicodeString::fromUTF8({bytes.data(), static_cast<int32_t>(bytes.size())}).toUTF8String(holder);
  return std::string_view(holder);
}

/// Line ends in quotes are read as \n, if they are those that end the file's records.
std::string_view WithNewlines(std::string_view text, const std::string& separator, std::string& holder) {
  if (separator.empty() || separator == "\n" || text.find(separator) == std::string_view::npos) return text;
  holder = text;
  for (size_t at = holder.find(separator); at != std::string::npos; at = holder.find(separator, at + 1))
    holder.replace(at, separator.size(), "\n");
  return holder;
}

/// Fills `output` from one file. 0 rows: there are no more files.
Result<idx_t> Fill(const Bound& bound, Shared& shared, Reading& reading, duckdb_data_chunk output) {
  std::vector<std::unique_ptr<DuckOutput>> columns;
  for (size_t i = 0; i < shared.columns.size(); ++i) {
    const DataType type = shared.columns[i] == kFileIndex ? TypeId::kLong : TypeId::kString;
    columns.push_back(std::make_unique<DuckOutput>(type, duckdb_data_chunk_get_vector(output, i)));
  }
  idx_t rows = 0;
  size_t bytes = 0;
  std::string holder, with_newlines;
  while (rows < duckdb_vector_size() && bytes < kChunkBytesMax) {
    if (reading.reader == nullptr) {
      reading.file = shared.next_file.fetch_add(1);
      if (reading.file >= bound.files.size()) return rows;
      FS_TRY(reading.reader, TextReader::Open(bound.files[reading.file], bound.layout));
      reading.at_header = bound.header;
    }
    const std::string& path = bound.files[reading.file];
    FS_TRY(const auto record, reading.reader->Next());
    if (!record) {
      reading.reader.reset();
      continue;
    }
    if (reading.at_header) {
      reading.at_header =
          TrimControls(*record).empty() || (!bound.comment.empty() && record->starts_with(bound.comment));
      continue;
    }
    for (size_t i = 0; i < columns.size(); ++i) {
      if (shared.columns[i] == kFileIndex) {
        columns[i]->Data<int64_t>()[rows] = static_cast<int64_t>(reading.file);
      } else if (shared.columns[i] == kFileName) {
        columns[i]->SetString(rows, path);
      } else {
        FS_TRY(std::string_view text, Utf8Of(*record, path, bound, holder));
        if (bound.layout.quoted) text = WithNewlines(text, reading.reader->separator(), with_newlines);
        columns[i]->SetString(rows, text);
      }
    }
    bytes += record->size();
    ++rows;
  }
  return rows;
}

void Scan(duckdb_function_info info, duckdb_data_chunk output) {
  try {
    const auto rows = Fill(*static_cast<const Bound*>(duckdb_function_get_bind_data(info)),
                           *static_cast<Shared*>(duckdb_function_get_init_data(info)),
                           *static_cast<Reading*>(duckdb_function_get_local_init_data(info)), output);
    if (rows.ok()) {
      duckdb_data_chunk_set_size(output, *rows);
    } else {
      duckdb_function_set_error(info, rows.error().Encode().c_str());
    }
  } catch (const std::exception& error) {
    duckdb_function_set_error(info, error.what());
  }
}

}  // namespace

Status InstallTextScan(duckdb_connection connection) {
  TableFunction function(duckdb_create_table_function());
  duckdb_table_function_set_name(function.get(), "fs_text");
  const LogicalType text = ToLogicalType(TypeId::kString), flag = ToLogicalType(TypeId::kBoolean);
  duckdb_table_function_add_parameter(function.get(), ToLogicalType(DataType::Array(TypeId::kString)).get());
  for (const LogicalType* type : {&text, &flag, &flag, &text, &flag, &text, &text})
    duckdb_table_function_add_parameter(function.get(), type->get());
  duckdb_table_function_set_bind(function.get(), Bind);
  duckdb_table_function_set_init(function.get(), Init);
  duckdb_table_function_set_local_init(function.get(), InitThread);
  duckdb_table_function_set_function(function.get(), Scan);
  duckdb_table_function_supports_projection_pushdown(function.get(), true);
  if (duckdb_register_table_function(connection, function.get()) != DuckDBSuccess)
    return Error::Internal("the scan of text files could not be registered");
  return {};
}

}  // namespace firesteel::engine
