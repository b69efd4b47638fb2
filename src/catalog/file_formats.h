#pragma once
// The data sources that Spark's users name, and what this server does with each.
#include <span>
#include <string_view>

namespace firesteel::catalog {

struct DataSourceFormat {
  std::string_view name;  ///< lower case
  bool files;             ///< a format of files, which may stand before a path in SQL
  bool readable;
  bool writable;
};

/// Every format that Spark has built in or that its users load most.
std::span<const DataSourceFormat> DataSourceFormats();
/// By its name, in any case, or by one of the classes that have stood for it; null if nobody knows it.
const DataSourceFormat* FindDataSourceFormat(std::string_view name);

}  // namespace firesteel::catalog
