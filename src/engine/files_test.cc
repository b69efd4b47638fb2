// Files there and back: written, listed, inferred, scanned. The schemas and texts expected are what Apache Spark 4.2.0 answered.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "catalog/file_listing.h"
#include "engine/engine.h"
#include "engine/write_files.h"
#include "physical/scan_sql.h"
#include "types/type_text.h"

namespace firesteel::engine {
namespace {

namespace fs = std::filesystem;

// Registers what a scan calls; expressions are not needed.
class ScanLowering final : public functions::Lowering {
 public:
  Result<std::string> Sql(const logical::ExprPtr&) override { return Error::Internal("no expressions here"); }
  Result<std::string> CallKernel(const functions::ScalarKernel& kernel, std::vector<std::string> arguments,
                                 functions::KernelContext context) override {
    if (kernel.prepare != nullptr) {
      FS_TRY(context.prepared, kernel.prepare(context));
    }
    static int next = 0;
    physical::KernelUse use;
    use.name = "scan_kernel_" + std::to_string(next++);
    use.kernel = kernel;
    use.context = std::make_shared<functions::KernelContext>(std::move(context));
    kernels.push_back(use);
    std::string call = use.name + "(";
    for (size_t i = 0; i < arguments.size(); ++i) call += (i > 0 ? ", " : "") + arguments[i];
    return call + ")";
  }
  Result<std::string> CallKernel(const functions::AggregateKernel&, std::vector<std::string>,
                                 functions::KernelContext) override {
    return Error::Internal("no aggregates here");
  }
  std::string Fail(const Error&, const DataType&) override { return "NULL"; }
  Result<std::string> CastSql(std::string sql, const DataType&, const DataType& to, logical::EvalMode,
                              const Origin&) override {
    return "CAST(" + sql + " AS " + functions::DuckType(to) + ")";
  }
  std::string LiteralSql(const Value& value, const DataType& type) override {
    std::string text = value.IsNull()             ? "NULL"
                       : type.Is(TypeId::kString) ? "'" + value.As<std::string>() + "'"
                                                  : std::to_string(value.As<int64_t>());
    return "CAST(" + text + " AS " + functions::DuckType(type) + ")";
  }
  const std::string& time_zone() const override { return zone_; }
  std::vector<physical::KernelUse> kernels;

 private:
  std::string zone_ = "UTC";
};

class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("firesteel-files-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    auto engine = Engine::Open({.threads = 2});
    ASSERT_TRUE(engine.ok());
    engine_ = std::move(*engine);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  std::string Inferred(const std::string& format, const std::string& path,
                       std::map<std::string, std::string> options = {}) {
    auto files = catalog::ListFiles({path}, options, std::nullopt, settings_);
    if (!files.ok()) return files.error().condition();
    auto schema = engine_->sources().InferSchema(format, files->files, options);
    return schema.ok() ? TypeCatalogString(*schema) : schema.error().Message();
  }

  // All rows as text, one per line, sorted by DuckDB's order of the first column.
  std::string Read(const std::string& format, const std::string& path, std::map<std::string, std::string> options = {},
                   std::optional<DataType> schema = std::nullopt) {
    auto read = [&]() -> Result<std::string> {
      FS_TRY(catalog::FileList files, catalog::ListFiles({path}, options, schema, settings_));
      logical::Scan scan;
      scan.format = format;
      scan.files = files.files;
      scan.options = options;
      scan.user_schema = schema.has_value();
      if (schema) {
        scan.data_schema = *schema;
      } else {
        FS_TRY(scan.data_schema, engine_->sources().InferSchema(format, files.files, options));
      }
      scan.partition_schema = files.partition_schema;
      scan.partition_values = files.partition_values;
      logical::Plan plan{scan, {}, {}};
      int64_t id = 1;
      std::string columns;
      for (const DataType& part : {scan.data_schema, scan.partition_schema}) {
        for (const StructField& field : part.fields()) {
          columns += (id > 1 ? ", c" : "c") + std::to_string(id);
          plan.output.push_back({id++, field.name, field.type, true, "{}", {}});
        }
      }
      ScanLowering lowering;
      FS_TRY(std::string sql, physical::ScanSql(scan, plan, {}, lowering));
      physical::Query query;
      query.sql = "SELECT CAST(row(" + columns + ") AS VARCHAR) FROM (" + sql + ") ORDER BY 1";
      query.kernels = lowering.kernels;
      query.output = {{1, "row", TypeId::kString, true, "{}", {}}};
      FS_TRY(std::unique_ptr<ResultStream> stream, engine_->Execute(query));
      std::string out;
      while (true) {
        FS_TRY(const Chunk* chunk, stream->Next());
        if (chunk == nullptr) return out;
        for (size_t i = 0; i < chunk->rows; ++i) out += std::string(chunk->columns[0].StringAt(i)) + "\n";
      }
    }();
    return read.ok() ? *read : read.error().Message();
  }

  Status Save(const std::string& format, const std::string& name, std::vector<std::string> partition_by = {},
              std::map<std::string, std::string> options = {}, Replaces replaces = Replaces::kEverything) {
    physical::Query query;
    query.sql =
        "SELECT * FROM (VALUES (1, 'x', NULL, TIMESTAMP '2020-01-02 03:04:05.678'), (2, 'a\"b,c\nd', ' sp ', NULL))";
    query.output = {{1, "a", TypeId::kInteger, true, "{}", {}},
                    {2, "b", TypeId::kString, true, "{}", {}},
                    {3, "c", TypeId::kString, true, "{}", {}},
                    {4, "t", TypeId::kTimestamp, true, "{}", {}}};
    return WriteFiles(
        *engine_, query,
        {format, (folder_ / name).string(), std::move(options), std::move(partition_by), replaces, "UTC"});
  }

  std::string Texts(const std::string& name) {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / name)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path());
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  fs::path folder_;
  std::unique_ptr<Engine> engine_;
  Settings settings_;
};

TEST_F(Files, InfersCsv) {
  const std::string path =
      Write("i.csv",
            "a,b,c,d,e,,a,h,i\n"
            "1,2013-01-01T10:00:00Z,2013-01-01,2013-01-01 10:00:00,1.5,x,2147483648,true,99999999999999999999\n"
            "2,2013-01-02T10:00:00Z,2013-01-02,2013-01-01 11:00:00,NaN,,,false,1\n");
  EXPECT_EQ(Inferred("csv", path, {{"header", "true"}, {"inferschema", "true"}}),
            "struct<a0:int,b:timestamp,c:date,d:timestamp,e:double,_c5:string,a6:bigint,h:boolean,i:decimal(20,0)>");
  EXPECT_EQ(Inferred("csv", path, {{"header", "true"}}),
            "struct<a0:string,b:string,c:string,d:string,e:string,_c5:string,a6:string,h:string,i:string>");
  EXPECT_EQ(
      Inferred("csv", path),
      "struct<_c0:string,_c1:string,_c2:string,_c3:string,_c4:string,_c5:string,_c6:string,_c7:string,_c8:string>");
}

TEST_F(Files, InfersJson) {
  const std::string path = Write(
      "j.json",
      R"({"a": 1, "b": "x", "c": 1.5, "d": [1, 2.5], "e": {"z": 1, "y": null}, "f": null, "g": true, "h": 12345678901234567890, "i": "2020-01-01"})"
      "\n"
      R"({"a": "s", "b": 2, "d": [], "e": {"x": "q"}, "g": "t"})"
      "\n");
  EXPECT_EQ(Inferred("json", path),
            "struct<a:string,b:string,c:double,d:array<double>,e:struct<x:string,y:string,z:bigint>,f:string,g:string,"
            "h:decimal(20,0),i:string>");
  EXPECT_EQ(Inferred("json", path, {{"primitivesasstring", "true"}}),
            "struct<a:string,b:string,c:string,d:array<string>,e:struct<x:string,y:string,z:string>,f:string,g:string,"
            "h:string,i:string>");
  const std::string bad = Write("bad.json", "{\"a\":1}\nnot json\n");
  EXPECT_EQ(Inferred("json", bad), "struct<_corrupt_record:string,a:bigint>");
  EXPECT_EQ(Read("json", bad), "(NULL, 1)\n(not json, NULL)\n");
  EXPECT_EQ(Read("json", Write("arr.json", "[{\"a\":1},{\"a\":2}]\n{\"a\":3}\n")), "(1)\n(2)\n(3)\n");
}

TEST_F(Files, ReadsCsvLeniently) {
  const std::string path = Write("t.csv", "a,b,c\n1,\"x, y\",3\n2,,\n3,\"\",4,extra,more\n4\n\n7,NA,'z\n");
  const DataType schema = DataType::Struct({{"a", TypeId::kInteger}, {"b", TypeId::kString}, {"c", TypeId::kInteger}});
  EXPECT_EQ(Read("csv", path, {{"header", "true"}}, schema),
            "(1, 'x, y', 3)\n(2, NULL, NULL)\n(3, NULL, 4)\n(4, NULL, NULL)\n(7, NA, NULL)\n");
}

TEST_F(Files, WritesAndReadsBack) {
  for (const char* format : {"parquet", "csv", "json"}) {
    SCOPED_TRACE(format);
    auto status = Save(format, format, {}, {{"header", "true"}});
    ASSERT_TRUE(status.ok()) << status.error().Message();
    EXPECT_TRUE(fs::exists(folder_ / format / "_SUCCESS"));
  }
  EXPECT_EQ(Inferred("parquet", (folder_ / "parquet").string()), "struct<a:int,b:string,c:string,t:timestamp>");
  EXPECT_EQ(Read("parquet", (folder_ / "parquet").string()),
            "(1, x, NULL, '2020-01-02 03:04:05.678')\n(2, 'a\"b,c\nd', ' sp ', NULL)\n");
  EXPECT_EQ(Texts("csv"), "a,b,c,t\n1,x,,2020-01-02T03:04:05.678Z\n2,\"a\\\"b,c\nd\",sp,\n");
  EXPECT_EQ(
      Texts("json"),
      "{\"a\":1,\"b\":\"x\",\"t\":\"2020-01-02T03:04:05.678Z\"}\n{\"a\":2,\"b\":\"a\\\"b,c\\nd\",\"c\":\" sp \"}\n");
}

TEST_F(Files, WritesPartitions) {
  auto status = Save("parquet", "parts", {"c", "a"});
  ASSERT_TRUE(status.ok()) << status.error().Message();
  EXPECT_TRUE(fs::exists(folder_ / "parts" / "c=__HIVE_DEFAULT_PARTITION__" / "a=1"));
  EXPECT_TRUE(fs::exists(folder_ / "parts" / "c= sp " / "a=2"));
  EXPECT_EQ(Read("parquet", (folder_ / "parts").string()),
            "('a\"b,c\nd', NULL, ' sp ', 2)\n(x, '2020-01-02 03:04:05.678', NULL, 1)\n");
}

TEST_F(Files, ReplacesOnlyWhatIsWritten) {
  ASSERT_TRUE(Save("parquet", "parts", {"a"}).ok());
  const fs::path parts = folder_ / "parts";
  fs::create_directories(parts / "a=1" / "below");
  fs::create_directories(parts / "a=3");
  Write("parts/a=3/kept", "");
  fs::remove(parts / "_SUCCESS");
  auto status = Save("parquet", "parts", {"a"}, {}, Replaces::kPartitions);
  ASSERT_TRUE(status.ok()) << status.error().Message();
  EXPECT_FALSE(fs::exists(parts / "a=1" / "below"));
  EXPECT_TRUE(fs::exists(parts / "a=3" / "kept"));
  EXPECT_FALSE(fs::exists(parts / "_SUCCESS"));
  EXPECT_EQ(std::distance(fs::directory_iterator(parts), fs::directory_iterator()), 3);
}

TEST_F(Files, FailedOverwritesKeepWhatWasThere) {
  ASSERT_TRUE(Save("csv", "back").ok());
  const std::string before = Texts("back");
  Write("back/zz", "old");
  for (const Replaces replaces : {Replaces::kEverything, Replaces::kPartitions}) {
    physical::Query query;
    query.sql = "SELECT 1 / 0::INTEGER, ('a' || range)::INTEGER FROM range(3)";
    query.output = {{1, "p", TypeId::kInteger, true, "{}", {}}, {2, "a", TypeId::kInteger, true, "{}", {}}};
    EXPECT_FALSE(WriteFiles(*engine_, query, {"csv", (folder_ / "back").string(), {}, {"p"}, replaces, "UTC"}).ok());
    EXPECT_EQ(Texts("back"), before + "old");
  }
}

TEST_F(Files, RemovesWhatKilledWritersLeft) {
  const fs::path back = folder_ / "left";
  const std::string uuid = "00000000-0000-4000-8000-00000000000";  // and a digit
  fs::create_directories(back / "_temporary-mine");
  for (int i = 0; i < 4; ++i) fs::create_directories(back / ("_temporary-" + uuid + std::to_string(i)) / "written");
  fs::create_directories(back / ("_temporary-" + uuid + "1") / "replaced");
  const int writer = ::open((back / ("_temporary-" + uuid + "2")).c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(writer, LOCK_EX), 0);
  for (int i = 0; i < 3; ++i)
    fs::last_write_time(back / ("_temporary-" + uuid + std::to_string(i)),
                        fs::file_time_type::clock::now() - std::chrono::hours(1));
  ASSERT_TRUE(Save("csv", "left").ok());
  EXPECT_FALSE(fs::exists(back / ("_temporary-" + uuid + "0")));
  EXPECT_TRUE(fs::exists(back / ("_temporary-" + uuid + "1"))) << "old rows are in it";
  EXPECT_TRUE(fs::exists(back / ("_temporary-" + uuid + "2"))) << "its writer is at work";
  EXPECT_TRUE(fs::exists(back / ("_temporary-" + uuid + "3"))) << "it is too new to know";
  EXPECT_FALSE(fs::exists(back / "_temporary-mine")) << "not ours: overwritten like everything";
  ::close(writer);
}

TEST_F(Files, FailedWritesLeaveNothing) {
  physical::Query query;
  query.sql = "SELECT ('a' || range)::INTEGER FROM range(10)";
  query.output = {{1, "a", TypeId::kInteger, true, "{}", {}}};
  auto status =
      WriteFiles(*engine_, query, {"parquet", (folder_ / "failed").string(), {}, {}, Replaces::kNothing, "UTC"});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().condition(), "CAST_INVALID_INPUT");
  EXPECT_FALSE(fs::exists(folder_ / "failed"));
  EXPECT_EQ(Inferred("parquet", (folder_ / "failed").string()), "PATH_NOT_FOUND");
}

}  // namespace
}  // namespace firesteel::engine
