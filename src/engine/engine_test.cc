// The engine as the session uses it: statements, kernels, local tables, failures.
#include "engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "types/memory_vector.h"

namespace firesteel::engine {
namespace {

using functions::KernelContext;

std::unique_ptr<Engine> OpenEngine(EngineOptions options = {.threads = 2}) {
  auto engine = Engine::Open(options);
  EXPECT_TRUE(engine.ok()) << engine.error().Message();
  return std::move(*engine);
}

physical::Query QueryOf(std::string sql, std::vector<DataType> types) {
  physical::Query query;
  query.sql = std::move(sql);
  for (DataType& type : types) query.output.push_back({1, "x", type, true, "{}", {}});
  return query;
}

Result<std::vector<std::vector<Value>>> Rows(Engine& engine, const physical::Query& query) {
  FS_TRY(std::unique_ptr<ResultStream> stream, engine.Execute(query));
  std::vector<std::vector<Value>> rows;
  while (true) {
    FS_TRY(const Chunk* chunk, stream->Next());
    if (chunk == nullptr) return rows;
    for (size_t row = 0; row < chunk->rows; ++row) {
      rows.emplace_back();
      for (const InputVector& column : chunk->columns) rows.back().push_back(column.ValueAt(row));
    }
  }
}

std::string ConditionOf(Engine& engine, const std::string& sql, DataType type = TypeId::kInteger) {
  auto rows = Rows(engine, QueryOf(sql, {type}));
  return rows.ok() ? "no error" : rows.error().condition();
}

TEST(Engine, AnswersAllTypes) {
  auto engine = OpenEngine();
  auto rows = Rows(
      *engine, QueryOf("SELECT 42, 'text longer than twelve', [1, NULL], MAP {'a': 1.5::DECIMAL(20,2)}, "
                       "{'x': DATE '1970-01-03', 'y': NULL::VARCHAR}, INTERVAL 1 MONTH",
                       {TypeId::kInteger, TypeId::kString, DataType::Array(TypeId::kInteger),
                        DataType::Map(TypeId::kString, DataType::Decimal(20, 2)),
                        DataType::Struct({{"x", TypeId::kDate}, {"y", TypeId::kString}}), TypeId::kCalendarInterval}));
  ASSERT_TRUE(rows.ok()) << rows.error().Message();
  ASSERT_EQ(rows->size(), 1);
  const auto& row = (*rows)[0];
  EXPECT_EQ(row[0], Value(int64_t{42}));
  EXPECT_EQ(row[1], Value(std::string("text longer than twelve")));
  EXPECT_EQ(row[2], Value(Value::List{Value(int64_t{1}), Value()}));
  EXPECT_EQ(row[3], Value(Value::List{Value(std::string("a")), Value(int128_t{150})}));
  EXPECT_EQ(row[4], Value(Value::List{Value(int64_t{2}), Value()}));
  EXPECT_EQ(row[5], Value(CalendarInterval{1, 0, 0}));
}

TEST(Engine, StreamsInOrder) {
  auto engine = OpenEngine();
  auto stream = engine->Execute(QueryOf("SELECT range FROM range(3000000)", {TypeId::kLong}));
  ASSERT_TRUE(stream.ok());
  int64_t next = 0;
  while (true) {
    auto chunk = (*stream)->Next();
    ASSERT_TRUE(chunk.ok()) << chunk.error().Message();
    if (*chunk == nullptr) break;
    for (size_t row = 0; row < (*chunk)->rows; ++row) ASSERT_EQ((*chunk)->columns[0].At<int64_t>(row), next++);
  }
  EXPECT_EQ(next, 3000000);
}

TEST(Engine, RefusesAnswersOfAnotherLayout) {
  auto engine = OpenEngine();
  EXPECT_EQ(ConditionOf(*engine, "SELECT 1::BIGINT"), "INTERNAL_ERROR");
  EXPECT_EQ(ConditionOf(*engine, "SELECT 1, 2"), "INTERNAL_ERROR");
  EXPECT_EQ(ConditionOf(*engine, "SELECT 1"), "no error");
}

int64_t PlusOne(int64_t x) { return x + 1; }
Result<int32_t> FailOnSeven(const KernelContext& context, int32_t x) {
  if (x == 7)
    return Error::Condition("DIVIDE_BY_ZERO", {{"config", "seven"}}, context.origin).As(ErrorClass::kArithmetic);
  return x;
}
Status Twice(std::string_view text, functions::ResultCell out) {
  const uint64_t first = out.vector->AppendList(out.row, 2);
  out.vector->child(0).SetString(first, text);
  out.vector->child(0).SetNull(first + 1);
  return {};
}

physical::KernelUse Use(std::string name, auto kernel, std::vector<DataType> arguments, DataType result) {
  auto context = std::make_shared<KernelContext>();
  context->argument_types = std::move(arguments);
  context->result_type = std::move(result);
  return {std::move(name), kernel, std::move(context)};
}

TEST(Engine, CallsKernels) {
  auto engine = OpenEngine();
  physical::Query query =
      QueryOf("SELECT sum(k1(CASE WHEN range % 2 = 0 THEN range END)) FROM range(10000)", {DataType::Decimal(38, 0)});
  query.sql = "SELECT CAST(sum(k1(CASE WHEN range % 2 = 0 THEN range END)) AS DECIMAL(38,0)) FROM range(10000)";
  query.kernels = {Use("k1", functions::RowKernel<&PlusOne>(), {TypeId::kLong}, TypeId::kLong)};
  auto rows = Rows(*engine, query);
  ASSERT_TRUE(rows.ok()) << rows.error().Message();
  EXPECT_EQ((*rows)[0][0], Value(int128_t{24995000 + 5000}));

  query = QueryOf("SELECT k2('x' || range) FROM range(2)", {DataType::Array(TypeId::kString)});
  query.kernels = {Use("k2", functions::RowKernel<&Twice>(), {TypeId::kString}, DataType::Array(TypeId::kString))};
  rows = Rows(*engine, query);
  ASSERT_TRUE(rows.ok()) << rows.error().Message();
  EXPECT_EQ((*rows)[1][0], Value(Value::List{Value(std::string("x1")), Value()}));

  query = QueryOf("SELECT k3(range::INTEGER) FROM range(10)", {TypeId::kInteger});
  query.kernels = {Use("k3", functions::RowKernel<&FailOnSeven>(), {TypeId::kInteger}, TypeId::kInteger)};
  rows = Rows(*engine, query);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().condition(), "DIVIDE_BY_ZERO");
  EXPECT_EQ(rows.error().error_class(), ErrorClass::kArithmetic);
}

struct Longest {
  Status Add(const KernelContext&, std::span<const InputVector> in, size_t row) {
    if (!in[0].IsNull(row) && in[0].StringAt(row).size() > text.size()) text = in[0].StringAt(row);
    return {};
  }
  Status Merge(const KernelContext&, const Longest& other) {
    if (other.text.size() > text.size()) text = other.text;
    return {};
  }
  Status Finish(const KernelContext&, functions::ResultCell out) const {
    out.vector->SetString(out.row, text);
    return {};
  }
  std::string text;
};

TEST(Engine, CallsAggregateKernels) {
  auto engine = OpenEngine();
  physical::Query query =
      QueryOf("SELECT longest(repeat('a', (range % 100)::INTEGER)) FROM range(300000) GROUP BY range % 3 ORDER BY 1",
              {TypeId::kString});
  query.kernels = {Use("longest", functions::StateKernel<Longest>(), {TypeId::kString}, TypeId::kString)};
  auto rows = Rows(*engine, query);
  ASSERT_TRUE(rows.ok()) << rows.error().Message();
  ASSERT_EQ(rows->size(), 3);
  EXPECT_EQ((*rows)[0][0], Value(std::string(99, 'a')));
}

class Numbers final : public LocalTable {
 public:
  const DataType& schema() const override { return schema_; }
  size_t rows() const override { return 100'000; }
  void Read(size_t first, size_t count, std::span<OutputVector* const> columns) const override {
    for (size_t i = 0; i < count; ++i) {
      if (columns[0] != nullptr) columns[0]->Data<int64_t>()[i] = first + i;
      if (columns[1] != nullptr) columns[1]->SetString(i, "row number " + std::to_string(first + i));
    }
  }
  const std::string& content_hash() const override { return hash_; }

 private:
  DataType schema_ = DataType::Struct({{"n", TypeId::kLong}, {"s", TypeId::kString}});
  std::string hash_ = "00";
};

TEST(Engine, ReadsLocalTables) {
  auto engine = OpenEngine();
  physical::Query query = QueryOf("SELECT max(a.c1), count(*) FROM fs_local_00 a JOIN fs_local_00 b ON a.c0 = b.c0",
                                  {TypeId::kString, TypeId::kLong});
  query.tables = {{"fs_local_00", std::make_shared<Numbers>()}};
  auto rows = Rows(*engine, query);
  ASSERT_TRUE(rows.ok()) << rows.error().Message();
  EXPECT_EQ((*rows)[0][0], Value(std::string("row number 99999")));
  EXPECT_EQ((*rows)[0][1], Value(int64_t{100'000}));
  // The name is gone with the statement.
  EXPECT_EQ(ConditionOf(*engine, "SELECT 1 FROM fs_local_00"), "INTERNAL_ERROR");
}

TEST(Engine, KeepsTables) {
  auto engine = OpenEngine();
  ASSERT_TRUE(
      engine
          ->Keep("fs_kept_1", QueryOf("SELECT range::INTEGER, 'x' FROM range(10)", {TypeId::kInteger, TypeId::kString}))
          .ok());
  EXPECT_TRUE(engine->Has("fs_kept_1"));
  EXPECT_EQ(ConditionOf(*engine, "SELECT c0 FROM fs_kept_1"), "no error");
  engine->Forget("fs_kept_1");
  EXPECT_FALSE(engine->Has("fs_kept_1"));
  EXPECT_EQ(ConditionOf(*engine, "SELECT c0 FROM fs_kept_1"), "INTERNAL_ERROR");
}

TEST(Engine, ErrorsAreSparks) {
  auto engine = OpenEngine();
  EXPECT_EQ(ConditionOf(*engine, "SELECT 2147483647::INTEGER + range::INTEGER FROM range(2)"), "ARITHMETIC_OVERFLOW");
  EXPECT_EQ(ConditionOf(*engine, "SELECT 9223372036854775807 * range FROM range(3)", TypeId::kLong),
            "ARITHMETIC_OVERFLOW");
  EXPECT_EQ(ConditionOf(*engine, "SELECT 100::TINYINT + (27 + range)::TINYINT FROM range(3)", TypeId::kByte),
            "BINARY_ARITHMETIC_OVERFLOW");
  EXPECT_EQ(ConditionOf(*engine, "SELECT ('a' || range)::INTEGER FROM range(2)"), "CAST_INVALID_INPUT");
  EXPECT_EQ(ConditionOf(*engine, "SELECT ('2020-13-0' || range)::DATE FROM range(2)", TypeId::kDate),
            "CAST_INVALID_INPUT");
  EXPECT_EQ(ConditionOf(*engine, "SELECT (range + 3000000000)::INTEGER FROM range(2)"), "CAST_OVERFLOW");
  EXPECT_EQ(ConditionOf(*engine, "SELECT (range + 3000000)::DECIMAL(5,2) FROM range(2)", DataType::Decimal(5, 2)),
            "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");
  EXPECT_EQ(ConditionOf(*engine, "SELECT (SELECT range::INTEGER FROM range(2))"), "SCALAR_SUBQUERY_TOO_MANY_ROWS");
  EXPECT_EQ(ConditionOf(*engine, "SELECT 1 FROM read_parquet(['/nowhere.parquet'])"),
            "FAILED_READ_FILE.FILE_NOT_EXIST");
  EXPECT_EQ(ConditionOf(*engine, "SELECT 1 FROM read_parquet(['/proc/self/status'])"),
            "FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER");
  EXPECT_EQ(ConditionOf(*engine, "SELECT 1"), "no error");
}

TEST(Engine, MemoryLimitFailsOneStatement) {
  auto engine = OpenEngine({.threads = 1, .memory_bytes_max = 30 << 20});
  EXPECT_EQ(
      ConditionOf(
          *engine,
          "SELECT max(len(l))::INTEGER FROM (SELECT list(range || 'some text that is long') l FROM range(10000000))"),
      "UNABLE_TO_ACQUIRE_MEMORY");
  EXPECT_EQ(ConditionOf(*engine, "SELECT 1"), "no error");
}

TEST(Engine, InterruptsWithin200Milliseconds) {
  auto engine = OpenEngine();
  for (const char* sql :
       {"SELECT count(*) FROM range(100000000000) a(x) WHERE x * 3 % 7 = 8", "SELECT range FROM range(100000000000)"}) {
    auto stream = engine->Execute(QueryOf(sql, {TypeId::kLong}));
    ASSERT_TRUE(stream.ok());
    std::chrono::steady_clock::time_point at;
    std::thread interrupter([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      at = std::chrono::steady_clock::now();
      (*stream)->Interrupt();
    });
    std::string condition;
    while (condition.empty()) {
      auto chunk = (*stream)->Next();
      if (!chunk.ok())
        condition = chunk.error().condition();
      else if (*chunk == nullptr)
        condition = "end";
    }
    interrupter.join();
    EXPECT_EQ(condition, "OPERATION_CANCELED");
    EXPECT_LT(std::chrono::steady_clock::now() - at, std::chrono::milliseconds(200));
  }
  EXPECT_EQ(ConditionOf(*engine, "SELECT 1"), "no error");
}

TEST(Engine, PlansDeepExpressions) {
  auto engine = OpenEngine();
  std::string sum = std::string(2000, '(') + "range";
  for (int i = 0; i < 2000; ++i) sum += " + 1)";
  std::string nested(2000, '(');
  nested += "range" + std::string(2000, ')');
  EXPECT_EQ(ConditionOf(*engine, "SELECT " + sum + " FROM range(2)", TypeId::kLong), "no error");
  EXPECT_EQ(ConditionOf(*engine, "SELECT " + nested + " FROM range(2)", TypeId::kLong), "no error");
}

}  // namespace
}  // namespace firesteel::engine
