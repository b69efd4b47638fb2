// libFuzzer's entry: any bytes as the Arrow IPC stream of a local relation must give rows or an error, with and without a schema of
// the client's. See ./dev fuzz.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "arrow/ipc_reader.h"
#include "types/memory_vector.h"
#include "types/type_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using firesteel::DataType;
  if (size == 0) return 0;
  // The first byte chooses the schema that the client says.
  static const std::optional<DataType> kSchemas[] = {
      std::nullopt,
      firesteel::ParseDdl("a INT, b STRING").value(),
      firesteel::ParseDdl("a ARRAY<STRUCT<x: BIGINT, y: DECIMAL(20, 3)>>").value(),
      firesteel::ParseDdl("a MAP<STRING, DATE>, b TIMESTAMP, c BINARY, d BOOLEAN, e INTERVAL DAY TO SECOND").value(),
  };
  const std::string_view stream(reinterpret_cast<const char*>(data + 1), size - 1);
  const firesteel::arrow_ipc::IpcReadOptions options{.bytes_max = int64_t{64} << 20};
  auto table = firesteel::arrow_ipc::ReadIpc(stream, kSchemas[data[0] % std::size(kSchemas)], options);
  if (!table.ok()) return 0;
  // What was accepted must be readable.
  constexpr size_t kRowsRead = 100;
  const size_t rows = std::min((*table)->rows(), kRowsRead);
  std::vector<std::unique_ptr<firesteel::MemoryVector>> columns;
  std::vector<firesteel::OutputVector*> outputs;
  for (const auto& field : (*table)->schema().fields()) {
    columns.push_back(std::make_unique<firesteel::MemoryVector>(field.type, kRowsRead));
    outputs.push_back(columns.back().get());
  }
  (*table)->Read((*table)->rows() - rows, rows, outputs);
  return 0;
}
