// Query results as files in Spark's layout. DuckDB writes into a hidden folder beside the files' place; what it has written is
// then renamed as Spark names it.
#include "engine/write_files.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.h"
#include "catalog/file_listing.h"
#include "catalog/file_roots.h"
#include "engine/row_text.h"
#include "functions/csv_text.h"
#include "physical/scan_formats.h"
#include "types/type_text.h"

namespace firesteel::engine {
namespace {

namespace fs = std::filesystem;
using physical::QuoteName;
using physical::QuoteText;
using physical::SourceOptions;

std::string Uuid() {
  unsigned char bytes[16] = {};
  RAND_bytes(bytes, sizeof(bytes));
  bytes[6] = (bytes[6] & 0x0F) | 0x40;
  bytes[8] = (bytes[8] & 0x3F) | 0x80;
  std::string out;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += "0123456789abcdef"[bytes[i] >> 4];
    out += "0123456789abcdef"[bytes[i] & 15];
  }
  return out;
}

Error WriteFailed(const std::string& path, const std::string& why) {
  return Error::Condition("TASK_WRITE_FAILED", {{"path", catalog::QualifiedPath(path)}})
      .As(ErrorClass::kSpark)
      .CausedBy(Error::Internal(why));
}

Error UnsupportedColumn(const std::string& format, const logical::Attribute& column) {
  return Error::Condition("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                          {{"format", format},
                           {"columnName", QuoteIdentifier(column.name)},
                           {"columnType", InDoubleQuotes(TypeSql(column.type))}});
}

// The columns of a request, its options, and the COPY statement they make.
class Copy {
 public:
  Copy(const physical::Query& query, const WriteRequest& request)
      : query_(query), request_(request), options_(request.options), name_("fs_write_" + Uuid()) {}

  /// The statement that writes to `target`: a file, or a folder for partitions.
  Result<physical::Query> Statement(const std::string& target) {
    FS_CHECK(options_.Refuse({{"maxrecordsperfile", "0"}, {"encoding", "utf-8"}, {"linesep", "\n"}}));
    FS_CHECK(SplitColumns());
    std::string format;
    if (request_.format == "parquet") {
      FS_TRY(format, Parquet());
    } else if (request_.format == "csv") {
      FS_TRY(format, Csv());
    } else if (request_.format == "json") {
      FS_TRY(format, Json());
    } else if (request_.format == "text") {
      FS_TRY(format, Text());
    } else {
      return Error::Unsupported("writing the format " + request_.format);
    }
    physical::Query statement = query_;
    statement.output.clear();
    std::string select;
    for (const std::string& item : select_) select += (select.empty() ? "" : ", ") + item;
    std::string names;
    for (size_t i = 0; i < query_.output.size(); ++i) names += (i > 0 ? ", k" : "k") + std::to_string(i);
    if (!partitions_.empty()) {
      std::string list;
      for (size_t i = 0; i < partitions_.size(); ++i) {
        FS_TRY(std::string value, PartitionValue(partitions_[i]));
        const std::string name = QuoteName(request_.partition_by[i]);
        select += ", " + value + " AS " + name;
        list += (i > 0 ? ", " : "") + name;
      }
      format += ", PARTITION_BY (" + list + "), OVERWRITE true";
    }
    for (auto& kernel : kernels_) statement.kernels.push_back(std::move(kernel));
    std::string rows = "SELECT " + select + " FROM (" + query_.sql + ") AS rows(" + names + ")";
    if (request_.format == "csv") {
      const std::string line = QuoteName(name_);
      rows = "SELECT " + (header_.empty() ? line : line + " AS " + QuoteName(header_)) + ", * EXCLUDE " + line +
             " FROM (" + rows + ") WHERE " + line + " IS NOT NULL";
    }
    statement.sql = "COPY (" + rows + ") TO " + QuoteText(target) + " (" + format + ")";
    return statement;
  }
  const std::string& extension() const { return extension_; }

 private:
  Status SplitColumns() {
    for (const std::string& name : request_.partition_by) {
      for (size_t i = 0; i < query_.output.size(); ++i) {
        if (EqualsIgnoreCase(query_.output[i].name, name)) {
          partitions_.push_back(i);
          break;
        }
      }
    }
    for (size_t i = 0; i < query_.output.size(); ++i) {
      if (std::find(partitions_.begin(), partitions_.end(), i) == partitions_.end()) columns_.push_back(i);
    }
    if (partitions_.size() != request_.partition_by.size())
      return Error::Internal("a partition column is not in the output");
    if (columns_.empty()) return Error::Unsupported("writing rows without columns");
    return {};
  }

  static std::string Input(size_t column) { return "k" + std::to_string(column); }

  RowTextOptions TextOptions() const { return RowTextOptions::From(options_, request_.time_zone); }

  // Null and empty values share Hive's name; others are written as casts to STRING write them.
  Result<std::string> PartitionValue(size_t column) {
    RowTextOptions text = TextOptions();
    text.date_format = "yyyy-MM-dd";
    text.timestamp_format = text.timestamp_ntz_format = "yyyy-MM-dd HH:mm:ss[.SSSSSS]";
    const logical::Attribute& attribute = query_.output[column];
    if (attribute.type.IsNested() || attribute.type.Is(TypeId::kVariant))
      return UnsupportedColumn(request_.format, attribute);
    FS_TRY(std::string value, Field(column, text));
    return "coalesce(nullif(" + value + ", ''), " + QuoteText(catalog::kDefaultPartitionName) + ")";
  }

  Result<std::string> Field(size_t column, const RowTextOptions& text) {
    const DataType& type = query_.output[column].type;
    if (type.Is(TypeId::kString)) return Input(column);
    const std::string kernel = name_ + "_" + std::to_string(kernels_.size());
    FS_TRY(physical::KernelUse use, CsvFieldKernel(kernel, type, text));
    kernels_.push_back(std::move(use));
    return QuoteName(kernel) + "(" + Input(column) + ")";
  }

  Result<std::string> Parquet() {
    std::vector<StructField> fields;
    for (size_t column : columns_) {
      const logical::Attribute& attribute = query_.output[column];
      const DataType& type = attribute.type;
      if (type.Is(TypeId::kNull) || type.Is(TypeId::kCalendarInterval) || type.Is(TypeId::kVariant) ||
          type.Is(TypeId::kTime)) {
        return UnsupportedColumn("Parquet", attribute);
      }
      fields.push_back({attribute.name, type, attribute.nullable, attribute.metadata});
      std::string value = Input(column);
      // With a zone: that is how files say that values are points in time.
      if (type.Is(TypeId::kTimestamp))
        value = "make_timestamptz(epoch_us(" + value + "))";
      else if (const std::string zoned = ZonedType(type); zoned != functions::DuckType(type))
        value = "CAST(" + value + " AS " + zoned + ")";
      select_.push_back(value + " AS " + QuoteName(attribute.name));
    }
    std::string codec = Lower(options_.Text("compression", options_.Text("parquet.compression", "snappy")));
    if (codec == "none") codec = "uncompressed";
    static constexpr std::pair<const char*, const char*> kCodecs[] = {{"snappy", ".snappy"},  {"gzip", ".gz"},
                                                                      {"zstd", ".zstd"},      {"brotli", ".br"},
                                                                      {"lz4_raw", ".lz4raw"}, {"uncompressed", ""}};
    auto found = std::find_if(std::begin(kCodecs), std::end(kCodecs), [&](const auto& c) { return codec == c.first; });
    if (found == std::end(kCodecs)) {
      return NoCodec(codec, "brotli, uncompressed, lzo, snappy, lz4_raw, none, zstd, lz4, gzip");
    }
    extension_ = std::string(found->second) + ".parquet";
    return "FORMAT parquet, COMPRESSION " + codec + ", KV_METADATA {'org.apache.spark.version': '4.2.0', " +
           "'org.apache.spark.sql.parquet.row.metadata': " + QuoteText(TypeJson(DataType::Struct(std::move(fields)))) +
           "}";
  }

  // `available`: what Spark has, joined as it says them.
  static Error NoCodec(const std::string& codec, const std::string& available) {
    if (!codec.empty() && (", " + available + ",").find(", " + codec + ",") != std::string::npos)
      return Error::Unsupported("the codec " + codec);
    return Error::Condition("CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
                            {{"codecName", codec}, {"availableCodecs", available}})
        .As(ErrorClass::kIllegalArgument);
  }

  static std::string ZonedType(const DataType& type) {
    if (type.Is(TypeId::kTimestamp)) return "TIMESTAMP WITH TIME ZONE";
    if (type.Is(TypeId::kArray)) return ZonedType(type.element()) + "[]";
    if (type.Is(TypeId::kMap)) return "MAP(" + ZonedType(type.key()) + ", " + ZonedType(type.value()) + ")";
    if (!type.Is(TypeId::kStruct) || type.fields().empty()) return functions::DuckType(type);
    const std::vector<std::string> names = functions::DuckFieldNames(type);
    std::string out = "STRUCT(";
    for (size_t i = 0; i < names.size(); ++i)
      out += (i > 0 ? ", " : "") + QuoteName(names[i]) + " " + ZonedType(type.fields()[i].type);
    return out + ")";
  }

  Result<std::string> Csv() {
    for (const char* key : {"quote", "escape"}) {
      const std::string value = options_.Text(key, "");
      if (value.size() < 2) continue;
      return Error::Condition("OPTION_VALUE_EXCEEDS_ONE_CHARACTER", {{"paramName", key}, {"actualValue", value}})
          .As(ErrorClass::kRuntime);
    }
    for (size_t column : columns_) {
      const logical::Attribute& attribute = query_.output[column];
      if (attribute.type.IsNested() || attribute.type.Is(TypeId::kVariant) ||
          attribute.type.Is(TypeId::kCalendarInterval)) {
        return UnsupportedColumn("CSV", attribute);
      }
    }
    const auto [type, row] = Row();
    FS_TRY(physical::KernelUse use, CsvRowKernel(name_, type, request_.options, request_.time_zone));
    kernels_.push_back(std::move(use));
    AddLine(QuoteName(name_) + "(" + row + ")");
    if (options_.Flag("header", false)) {
      const functions::CsvDialect dialect = functions::CsvDialect::ForWriting(options_);
      for (const StructField& field : type.fields()) {
        if (!header_.empty()) header_ += dialect.separator;
        functions::AppendCsvField(field.name, dialect, header_);
      }
    }
    FS_TRY(std::string format, Lines());
    extension_ = ".csv" + extension_;
    return format;
  }

  // The columns as one struct, and its type.
  std::pair<DataType, std::string> Row() const {
    std::vector<StructField> fields;
    std::string packed;
    for (size_t column : columns_) {
      const logical::Attribute& attribute = query_.output[column];
      fields.push_back({attribute.name, attribute.type, true, "{}"});
      packed += (packed.empty() ? "" : ", ") + Input(column);
    }
    DataType type = DataType::Struct(std::move(fields));
    std::string row = "CAST(row(" + packed + ") AS " + functions::DuckType(type) + ")";
    return {std::move(type), std::move(row)};
  }

  // The line of a text format; where it is NULL, none is written.
  void AddLine(const std::string& sql) { select_.push_back(sql + " AS " + QuoteName(name_)); }

  // Lines of text as they are: a CSV file of one column without quotes, and a separator that text does not have.
  Result<std::string> Lines() {
    FS_TRY(std::string compression, Compression());
    return "FORMAT csv, HEADER " + std::string(header_.empty() ? "false" : "true") +
           ", QUOTE '', ESCAPE '', DELIMITER '\x1C\x1D\x1E\x1F'" + compression;
  }

  Result<std::string> Json() {
    const auto [type, row] = Row();
    FS_TRY(physical::KernelUse use, JsonRowKernel(name_, type, TextOptions()));
    kernels_.push_back(std::move(use));
    AddLine(QuoteName(name_) + "(" + row + ")");
    FS_TRY(std::string format, Lines());
    extension_ = ".json" + extension_;
    return format;
  }

  Result<std::string> Text() {
    if (columns_.size() != 1 || !query_.output[columns_[0]].type.Is(TypeId::kString)) {
      if (columns_.size() == 1) return UnsupportedColumn("Text", query_.output[columns_[0]]);
      return Error::Condition("_LEGACY_ERROR_TEMP_1290", {{"schemaSize", std::to_string(columns_.size())}});
    }
    AddLine("coalesce(" + Input(columns_[0]) + ", '')");
    FS_TRY(std::string format, Lines());
    extension_ = ".txt" + extension_;
    return format;
  }

  // Of text formats; sets the extension that goes behind the format's own.
  Result<std::string> Compression() {
    const std::string codec = Lower(options_.Text("compression", options_.Text("codec", "none")));
    extension_ = "";
    if (codec == "none" || codec == "uncompressed") return std::string();
    if (codec == "gzip") {
      extension_ = ".gz";
      return std::string(", COMPRESSION gzip");
    }
    return NoCodec(codec, "bzip2, deflate, uncompressed, snappy, none, lz4, gzip");
  }

  const physical::Query& query_;
  const WriteRequest& request_;
  const SourceOptions options_;
  const std::string name_;
  std::vector<size_t> columns_, partitions_;
  std::vector<std::string> select_;
  std::string header_;  // of CSV files; none if it is empty
  std::vector<physical::KernelUse> kernels_;
  std::string extension_;
};

constexpr const char* kReplaced = "replaced";
constexpr std::string_view kScratchPrefix = "_temporary-";
constexpr std::chrono::minutes kLeftoverAge(1);

bool IsScratch(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with(kScratchPrefix) && name.size() == kScratchPrefix.size() + Uuid().size();
}

// Held by one writer, and given back by the system when its process ends in whatever way.
class FolderLock {
 public:
  FolderLock(const fs::path& folder) : file_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
    locked_ = file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) == 0;
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (file_ >= 0) ::close(file_);
  }
  bool locked() const { return locked_; }

 private:
  int file_;
  bool locked_ = false;
};

// A writer's folder of work below the target, removed with all that is in it.
class Scratch {
 public:
  explicit Scratch(fs::path path) : path_(std::move(path)), lock_(Made()) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  const std::error_code& failed() const { return failed_; }

 private:
  const fs::path& Made() {
    fs::create_directory(path_, failed_);
    return path_;
  }

  const fs::path path_;
  std::error_code failed_;
  const FolderLock lock_;
};

// What writers left that were killed. Not what they were about to replace: that is the only place where it is then.
void RemoveLeftovers(const fs::path& target) {
  std::error_code failed;
  std::vector<fs::path> leftovers;
  fs::directory_iterator it(target, failed);
  for (const fs::directory_iterator end; !failed && it != end; it.increment(failed)) {
    if (IsScratch(it->path())) leftovers.push_back(it->path());
  }
  for (const fs::path& folder : leftovers) {
    const FolderLock lock(folder);
    const auto made = fs::last_write_time(folder, failed);  // a new one may not be locked yet
    if (failed || fs::file_time_type::clock::now() - made < kLeftoverAge) continue;
    if (lock.locked() && !fs::exists(folder / kReplaced, failed)) fs::remove_all(folder, failed);
  }
}

// Renames that are undone, the last one first, unless all of them are kept.
class Renames {
 public:
  ~Renames() {
    std::error_code ignored;
    for (; !done_.empty(); done_.pop_back()) {
      if (done_.back().from.empty())
        fs::remove(done_.back().to, ignored);
      else
        fs::rename(done_.back().to, done_.back().from, ignored);
    }
  }
  std::error_code Rename(const fs::path& from, const fs::path& to) {
    if (auto failed = MakeFolder(to.parent_path())) return failed;
    std::error_code failed;
    fs::rename(from, to, failed);
    if (!failed) done_.push_back({from, to});
    return failed;
  }
  void Keep() { done_.clear(); }

 private:
  std::error_code MakeFolder(const fs::path& folder) {
    std::error_code failed;
    if (fs::is_directory(folder, failed)) return {};
    if (auto above = MakeFolder(folder.parent_path())) return above;
    fs::create_directory(folder, failed);
    if (!failed) done_.push_back({{}, folder});
    return failed;
  }

  struct Done {
    fs::path from, to;  // `to` is a folder made new if there is no `from`
  };
  std::vector<Done> done_;
};

// DuckDB's folder names are URL-encoded; Spark's escape less.
fs::path SparkFolder(const fs::path& duck) {
  fs::path out;
  for (const fs::path& part : duck) {
    const std::string name = part.string();
    const size_t equals = name.find('=');
    if (equals == std::string::npos) continue;
    out /= catalog::EscapePartitionText(catalog::UnescapePartitionText(name.substr(0, equals))) + "=" +
           catalog::EscapePartitionText(catalog::UnescapePartitionText(name.substr(equals + 1)));
  }
  return out;
}

// A file, and where it belongs below the target.
struct Move {
  fs::path from, to;
};

Result<std::vector<Move>> PlanMoves(const fs::path& written, bool partitioned, const std::string& extension) {
  std::vector<Move> moves;
  const std::string uuid = Uuid();
  std::error_code failed;
  int part = 0;
  for (fs::recursive_directory_iterator it(written, failed), end; !failed && it != end; it.increment(failed)) {
    if (!it->is_regular_file()) continue;
    char number[16];
    std::snprintf(number, sizeof(number), "%05d", partitioned ? 0 : part++);
    const fs::path folder = SparkFolder(fs::relative(it->path().parent_path(), written, failed));
    // Several files of one folder must not get one name.
    std::string name;
    for (int counter = 0;; ++counter) {
      char count[16];
      std::snprintf(count, sizeof(count), "c%03d", counter);
      name = std::string("part-") + number + "-" + uuid + (partitioned ? "." : "-") + count + extension;
      if (std::none_of(moves.begin(), moves.end(), [&](const Move& move) { return move.to == folder / name; })) break;
    }
    moves.push_back({it->path(), folder / name});
  }
  if (failed) return WriteFailed(written.string(), failed.message());
  return moves;
}

Status Run(Engine& engine, const physical::Query& statement) {
  FS_TRY(std::unique_ptr<ResultStream> stream, engine.Execute(statement));
  while (true) {
    FS_TRY(const Chunk* chunk, stream->Next());
    if (chunk == nullptr) return {};
  }
}

bool IsFile(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// What stands where the new files go and must not stay.
Result<std::vector<fs::path>> Replaced(const fs::path& target, const std::vector<Move>& moves, Replaces replaces) {
  std::set<fs::path> replaced;
  std::error_code failed;
  switch (replaces) {
    case Replaces::kNothing:
      break;
    case Replaces::kEverything: {
      if (IsFile(target)) return std::vector<fs::path>{target};
      fs::directory_iterator it(target, failed);
      for (const fs::directory_iterator end; !failed && it != end; it.increment(failed)) {
        if (!IsScratch(it->path())) replaced.insert(it->path());  // other writers may be at work
      }
      if (failed) return WriteFailed(target.string(), failed.message());
      break;
    }
    case Replaces::kPartitions:
      for (const Move& move : moves) {
        const fs::path folder = target / move.to.parent_path();
        if (fs::exists(fs::symlink_status(folder, failed))) replaced.insert(folder);
      }
      break;
  }
  return std::vector<fs::path>(replaced.begin(), replaced.end());
}

// Errors of the statement that are about what it writes, not about what it reads.
Error AboutWriting(const Error& error, const std::string& target, const fs::path& written) {
  if (!error.condition().starts_with("FAILED_READ_FILE") || error.cause() == nullptr) return error;
  const std::string why = error.cause()->Message();
  return why.find(written.string()) != std::string::npos ? WriteFailed(target, why) : error;
}

}  // namespace

Status WriteFiles(Engine& engine, const physical::Query& query, const WriteRequest& request) {
  FS_TRY(std::string target_text, catalog::LocalPath(request.path));
  const fs::path target = target_text;
  std::error_code failed;
  const bool existed = fs::exists(target, failed);
  // A file goes like what is in a folder: work has its place beside it then.
  const bool on_file = request.replaces == Replaces::kEverything && IsFile(target);
  const fs::path home = on_file ? target.parent_path() : target;
  fs::create_directories(home, failed);
  if (failed || !fs::is_directory(home, failed))
    return WriteFailed(target_text, failed ? failed.message() : "not a folder");
  Status status = [&]() -> Status {
    RemoveLeftovers(home);
    const Scratch scratch(home / (std::string(kScratchPrefix) + Uuid()));
    if (scratch.failed()) return WriteFailed(target_text, scratch.failed().message());
    const fs::path written = scratch.path() / "written";
    fs::create_directory(written, failed);
    if (failed) return WriteFailed(target_text, failed.message());
    Copy copy(query, request);
    const bool partitioned = !request.partition_by.empty();
    FS_TRY(physical::Query statement, copy.Statement(partitioned ? written.string() : (written / "part").string()));
    if (Status run = Run(engine, statement); !run.ok()) return AboutWriting(run.error(), target_text, written);
    FS_TRY(std::vector<Move> moves, PlanMoves(written, partitioned, copy.extension()));
    // What stays in the folder may lead out of it.
    if (request.replaces != Replaces::kEverything) {
      for (const Move& move : moves) FS_CHECK(catalog::CheckFileAllowed((target / move.to).parent_path().string()));
    }
    // Partitions that are replaced do not make the whole folder a success, as in Spark.
    if (request.replaces != Replaces::kPartitions) {
      moves.push_back({scratch.path() / "_SUCCESS", "_SUCCESS"});
      if (!std::ofstream(moves.back().from)) return WriteFailed(target_text, "cannot write _SUCCESS");
    }
    FS_TRY(std::vector<fs::path> replaced, Replaced(target, moves, request.replaces));
    Renames renames;
    for (const fs::path& old : replaced) {
      failed = renames.Rename(old, scratch.path() / kReplaced / old.lexically_relative(home));
      if (failed) return WriteFailed(target_text, failed.message());
    }
    for (const Move& move : moves) {
      failed = renames.Rename(move.from, target / move.to);
      if (failed) return WriteFailed(target_text, failed.message());
    }
    renames.Keep();
    return {};
  }();
  if (!status.ok() && !existed) fs::remove(target, failed);  // empty: the folder was made for nothing
  return status;
}

}  // namespace firesteel::engine
