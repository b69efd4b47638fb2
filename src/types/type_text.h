#pragma once
// Text forms of types. Sources: Spark's DataType.sql, catalogString, simpleString, json, treeString.
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/data_type.h"

namespace firesteel {

std::string TypeSql(const DataType& type);            ///< "DECIMAL(10,2)", "ARRAY<INT>", "STRUCT<a: INT NOT NULL>"
std::string TypeSimpleString(const DataType& type);   ///< "decimal(10,2)", "array<int>", "struct<a:int>"; cut
                                                      ///< after 25 fields as Spark does
std::string TypeCatalogString(const DataType& type);  ///< as the simple string, never cut
std::string TypeJson(const DataType& type);           ///< DataType.json
std::string TypeDdl(const DataType& struct_type);     ///< StructType.toDDL
std::string TreeString(const DataType& struct_type,
                       int level_max = 0);  ///< printSchema's text; 0 = all levels
Result<DataType> ParseTypeJson(std::string_view json);
/// How type names read: what the settings change.
struct TypeParserOptions {
  bool timestamp_ntz = false;  ///< spark.sql.timestampType = TIMESTAMP_NTZ: what a plain TIMESTAMP is
};
/// One type ("array<int>", "STRUCT<a: INT>") as Spark's parser reads it: errors PARSE_SYNTAX_ERROR,
/// UNSUPPORTED_DATATYPE.
Result<DataType> ParseType(std::string_view text, const TypeParserOptions& options = {});
/// A table schema ("a INT, b STRING NOT NULL COMMENT 'x'"), nothing else.
Result<DataType> ParseTableSchema(std::string_view text, const TypeParserOptions& options = {});
/// DataType.fromDDL: one type or, failing that, a table schema; the error is that of the first.
Result<DataType> ParseDdl(std::string_view text, const TypeParserOptions& options = {});
/// What the Connect server makes of a client's schema text: a table schema, one type, or the fields of a
/// struct
/// ("a: INT"); the error is that of the first.
Result<DataType> ParseSchemaText(std::string_view text, const TypeParserOptions& options = {});

}  // namespace firesteel
