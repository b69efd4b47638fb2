// Kernels that write values as the text of CSV and JSON files.
#include "engine/row_text.h"

#include "functions/csv_text.h"

namespace firesteel::engine {
namespace {

using functions::Cell;
using functions::KernelContext;
using functions::ScalarKernel;

template <bool kJson>
Status Run(const KernelContext& context, size_t rows, std::span<const InputVector> arguments, OutputVector& result) {
  const auto& text = context.Prepared<functions::RowText>();
  std::string out;
  for (size_t row = 0; row < rows; ++row) {
    const Cell cell{&arguments[0], row};
    if (cell.IsNull()) {
      result.SetNull(row);
      continue;
    }
    out.clear();
    if constexpr (kJson) {
      functions::JsonGenerator json(out);
      FS_CHECK(text.AppendJson(cell, json));
    } else {
      text.AppendPlain(cell, out);
    }
    result.SetString(row, out);
  }
  return {};
}

Result<physical::KernelUse> Use(const std::string& name, ScalarKernel kernel, const DataType& type,
                                const RowTextOptions& options) {
  auto context = std::make_shared<KernelContext>();
  context->argument_types = {type};
  context->result_type = TypeId::kString;
  context->constants.resize(1);
  context->time_zone = options.time_zone;
  FS_TRY(context->prepared, functions::RowText::Make(type, options));
  physical::KernelUse use;
  use.name = name;
  use.kernel = kernel;
  use.context = std::move(context);
  return use;
}

}  // namespace

Result<physical::KernelUse> CsvFieldKernel(const std::string& name, const DataType& type,
                                           const RowTextOptions& options) {
  return Use(name, {Run<false>, nullptr}, type, options);
}

Result<physical::KernelUse> CsvRowKernel(const std::string& name, const DataType& type,
                                         const functions::SourceOptions::Map& options, const std::string& time_zone) {
  auto context = std::make_shared<KernelContext>();
  context->argument_types = {type};
  context->result_type = TypeId::kString;
  context->constants = {std::nullopt, Value(functions::SourceOptions::Encode(options))};
  context->time_zone = time_zone;
  FS_TRY(context->prepared, functions::kWriteCsvRecord.prepare(*context));
  return physical::KernelUse{.name = name, .kernel = functions::kWriteCsvRecord, .context = std::move(context)};
}

Result<physical::KernelUse> JsonRowKernel(const std::string& name, const DataType& type,
                                          const RowTextOptions& options) {
  return Use(name, {Run<true>, nullptr}, type, options);
}

}  // namespace firesteel::engine
