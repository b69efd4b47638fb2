#include "catalog/file_formats.h"

#include <algorithm>

namespace firesteel::catalog {

namespace {

constexpr DataSourceFormat kFormats[] = {
    {"parquet", true, true, true},     {"csv", true, true, true},
    {"json", true, true, true},        {"text", true, true, true},
    {"binaryfile", true, true, false}, {"orc", true, false, false},
    {"avro", true, false, false},      {"xml", true, false, false},
    {"jdbc", false, false, false},     {"delta", false, false, false},
    {"iceberg", false, false, false},  {"hudi", false, false, false},
    {"rate", false, false, false},     {"rate-micro-batch", false, false, false},
    {"socket", false, false, false},   {"kafka", false, false, false},
    {"console", false, false, false},  {"memory", false, false, false},
    {"noop", false, false, true},
};

}  // namespace

std::span<const DataSourceFormat> DataSourceFormats() { return kFormats; }

const DataSourceFormat* FindDataSourceFormat(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kFormats), std::end(kFormats), [&](const DataSourceFormat& f) { return f.name == name; });
  return found == std::end(kFormats) ? nullptr : found;
}

}  // namespace firesteel::catalog
