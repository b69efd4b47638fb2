#pragma once
// Casts between all types as Spark's, in ANSI, legacy and TRY mode. Which exist is CanCast's answer (types/coercion.h).
#include <memory>
#include <optional>
#include <string>

#include "functions/function.h"

namespace firesteel::functions {

/// DuckDB SQL of CAST(sql AS to): DuckDB's own cast where it means the same, else a kernel. Under ANSI a DuckDB cast may raise
/// DuckDB's error; with precise_errors() it is always Spark's.
Result<std::string> CastSql(std::string sql, const DataType& from, const DataType& to, logical::EvalMode mode,
                            const Origin& origin, Lowering& lowering);

/// What a cast of a constant text to DATE, TIMESTAMP or TIMESTAMP_NTZ gives where the text is 'now', 'today' and their kind
/// (Spark's SpecialDatetimeValues); none for others.
std::optional<Value> SpecialTimeOf(const logical::Expr& child, const DataType& to, std::string_view time_zone);

/// A cast made ready: cells of one type to cells of another, nested ones too. Thread safe once made.
class Caster {
 public:
  static Result<std::shared_ptr<const Caster>> Make(const DataType& from, const DataType& to, logical::EvalMode mode,
                                                    const std::string& time_zone, const Origin& origin);
  virtual ~Caster() = default;
  /// Writes the cast of in[row] to out[out_row]; a NULL gives NULL.
  virtual Status Cast(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const = 0;
};

/// A cell as CAST(… AS STRING) shows it, appended to `text`; NULL as "null" (inside arrays, maps and structs). `shown`: as show()
/// prints it, where NULL is "NULL" and bytes are hexadecimal (ToPrettyString).
class CellText {
 public:
  static Result<std::shared_ptr<const CellText>> Make(const DataType& type, const std::string& time_zone,
                                                      bool plain_decimals = true, bool shown = false);
  virtual ~CellText() = default;
  virtual void Append(const Cell& cell, std::string& text) const = 0;
};

}  // namespace firesteel::functions
