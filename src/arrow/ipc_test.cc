// Rows to Arrow IPC and back, broken streams, and Spark's schema in Arrow's words.
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <gtest/gtest.h>

#include "arrow/ipc_reader.h"
#include "arrow/ipc_writer.h"
#include "arrow/spark_schema.h"
#include "types/memory_vector.h"

namespace firesteel::arrow_ipc {
namespace {

DataType AllTypes() {
  return DataType::Struct(
      {{"n", TypeId::kNull},
       {"b", TypeId::kBoolean},
       {"i8", TypeId::kByte},
       {"i32", TypeId::kInteger},
       {"i64", TypeId::kLong},
       {"f", TypeId::kDouble},
       {"d4", DataType::Decimal(4, 2)},
       {"d18", DataType::Decimal(18, 2)},
       {"d38", DataType::Decimal(38, 10)},
       {"s", TypeId::kString},
       {"bin", TypeId::kBinary},
       {"date", TypeId::kDate},
       {"ts", TypeId::kTimestamp},
       {"ntz", TypeId::kTimestampNtz},
       {"t", DataType::Time(6)},
       {"ci", TypeId::kCalendarInterval},
       {"ym", DataType::YearMonth()},
       {"dt", DataType::DayTime()},
       {"list", DataType::Array(DataType::Array(TypeId::kString))},
       {"map", DataType::Map(TypeId::kString, TypeId::kLong)},
       {"st", DataType::Struct({{"x", TypeId::kInteger}, {"y", DataType::Array(TypeId::kInteger)}})}});
}

Value Text(std::string text) { return Value(std::move(text)); }
Value Int(int64_t value) { return Value(value); }
Value Items(Value::List items) { return Value(std::move(items)); }

// Row i: every third column null, the others of values that grow with i.
std::vector<Value> RowOf(int64_t i) {
  std::vector<Value> row = {
      Value(),
      Value(i % 2 == 0),
      Int(i % 100),
      Int(i),
      Int(i * 1'000'000'007),
      Value(i * 0.5),
      Value(int128_t{i % 9999}),
      Value(int128_t{i} * 1'000'000),
      Value(int128_t{i} * 1'000'000'000'000'000'000),
      Text(std::string(i % 40, 'x')),
      Text("bytes" + std::to_string(i)),
      Int(i),
      Int(i * 7),
      Int(-i),
      Int(i * 1000),
      Value(CalendarInterval{static_cast<int32_t>(i), 2, i * 3}),
      Int(i),
      Int(i * 5),
      Items({Items({Text("a"), Value()}), Value(), Items(Value::List(i % 5, Text("a text longer than twelve")))}),
      Items({Text("k"), Int(i), Text("l"), Value()}),
      Items({Int(i), Items({Int(1), Value(), Int(i)})})};
  for (size_t column = 1; column < row.size(); ++column) {
    if ((static_cast<int64_t>(column) + i) % 3 == 0) row[column] = Value();
  }
  return row;
}

class Table {
 public:
  Table(const DataType& type, int64_t first, size_t rows) {
    for (const StructField& field : type.fields()) columns_.push_back(std::make_unique<MemoryVector>(field.type, rows));
    for (size_t i = 0; i < rows; ++i) {
      const std::vector<Value> row = RowOf(first + static_cast<int64_t>(i));
      for (size_t c = 0; c < columns_.size(); ++c) columns_[c]->SetValue(i, row[c]);
    }
    chunk_.rows = rows;
    for (auto& column : columns_) chunk_.columns.push_back(column->View());
  }
  const Chunk& chunk() const { return chunk_; }

 private:
  std::vector<std::unique_ptr<MemoryVector>> columns_;
  Chunk chunk_;
};

TEST(Ipc, RoundTripOfAllTypes) {
  const DataType type = AllTypes();
  auto writer = IpcWriter::Make(type, {.time_zone = "Europe/Vienna"});
  ASSERT_TRUE(writer.ok()) << writer.error().Message();
  // Odd sizes: bits must be shifted right.
  for (auto [first, rows] : {std::pair<int64_t, size_t>{0, 100}, {100, 1}, {101, 1000}}) {
    Table table(type, first, rows);
    ASSERT_TRUE((*writer)->Append(table.chunk(), 0, rows / 2).ok());
    ASSERT_TRUE((*writer)->Append(table.chunk(), rows / 2, rows - rows / 2).ok());
  }
  EXPECT_EQ((*writer)->rows(), 1101);
  auto stream = (*writer)->Finish();
  ASSERT_TRUE(stream.ok()) << stream.error().Message();
  EXPECT_EQ((*writer)->rows(), 0);

  for (bool derived : {false, true}) {
    auto table = ReadIpc(*stream, derived ? std::nullopt : std::optional<DataType>(type));
    ASSERT_TRUE(table.ok()) << table.error().Message();
    ASSERT_EQ((*table)->rows(), 1101);
    EXPECT_EQ((*table)->content_hash().size(), 64);
    std::vector<std::unique_ptr<MemoryVector>> columns;
    std::vector<OutputVector*> outputs;
    for (const StructField& field : (*table)->schema().fields()) {
      columns.push_back(std::make_unique<MemoryVector>(field.type, 1000));
      outputs.push_back(columns.back().get());
    }
    (*table)->Read(101, 1000, outputs);
    for (int64_t i = 0; i < 1000; ++i) {
      const std::vector<Value> expected = RowOf(101 + i);
      for (size_t c = 0; c < columns.size(); ++c)
        EXPECT_EQ(columns[c]->View().ValueAt(i), expected[c]) << i << " " << c;
    }
  }
  auto empty = (*writer)->Finish();
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ((*ReadIpc(*empty, type))->rows(), 0);
}

TEST(Ipc, SchemaIsSparks) {
  auto schema = ToArrowSchema(
      DataType::Struct({{"t", TypeId::kTimestamp, false, "{}"},
                        {"m", DataType::Map(TypeId::kString, TypeId::kLong, false)},
                        {"s", DataType::Struct({{"a", TypeId::kLong}, {"a", TypeId::kString}, {"b", TypeId::kLong}})},
                        {"y", DataType::YearMonth()},
                        {"v", TypeId::kVariant}}),
      {.time_zone = "America/New_York", .large_var_types = true});
  ASSERT_TRUE(schema.ok());
  EXPECT_EQ((*schema)->field(0)->ToString(), "t: timestamp[us, tz=America/New_York] not null");
  EXPECT_EQ((*schema)->field(1)->type()->field(0)->name(), "entries");
  EXPECT_EQ((*schema)->field(2)->type()->ToString(), "struct<a_0: int64, a_1: large_string, b: int64>");
  EXPECT_EQ((*schema)->field(3)->type()->ToString(), "month_interval");
  EXPECT_TRUE((*schema)->field(4)->type()->field(1)->HasMetadata());
}

TEST(Ipc, BrokenStreamsAreErrors) {
  const DataType type = AllTypes();
  auto writer = IpcWriter::Make(type, {});
  Table table(type, 0, 50);
  ASSERT_TRUE((*writer)->Append(table.chunk()).ok());
  const std::string good = *(*writer)->Finish();
  EXPECT_FALSE(ReadIpc("", std::nullopt).ok());
  EXPECT_FALSE(ReadIpc("not arrow at all, whatever it is", std::nullopt).ok());
  for (size_t length = 0; length + 8 < good.size(); length += 97) (void)ReadIpc(good.substr(0, length), type).ok();
  uint32_t random = 1;
  for (int i = 0; i < 3000; ++i) {  // must not crash; may even be valid
    std::string bad = good;
    for (int k = 0; k < 3; ++k) {
      random = random * 1664525 + 1013904223;
      bad[random % bad.size()] = static_cast<char>(random >> 24);
    }
    (void)ReadIpc(bad, i % 2 == 0 ? std::optional<DataType>(type) : std::nullopt).ok();
  }
}

}  // namespace
}  // namespace firesteel::arrow_ipc
