#pragma once
// Where a node of a tree came from: a stretch of SQL text, or a DataFrame call in the client's code.
// Errors carry it back to the user as Spark's query context.
#include <cstdint>
#include <memory>
#include <string>

namespace firesteel {

/// Immutable; shared by all nodes of one parsed text.
struct SqlText {
  std::string text;
  std::string object_type;  ///< "VIEW" when the text is a view's body, else empty
  std::string object_name;
};

struct Origin {
  std::shared_ptr<const SqlText> sql;            ///< null unless the node came from SQL text
  int32_t line = 0;                              ///< 1-based; 0 when unknown
  int32_t position = 0;                          ///< 0-based column in the line
  int32_t start = -1;                            ///< first byte in sql->text
  int32_t stop = -1;                             ///< last byte (inclusive) in sql->text
  std::shared_ptr<const std::string> call_site;  ///< DataFrame only: "file.py:12"
  std::shared_ptr<const std::string> fragment;   ///< DataFrame only: the method's name

  bool FromSql() const { return sql != nullptr && start >= 0; }
  bool FromDataFrame() const { return fragment != nullptr; }
};

}  // namespace firesteel
