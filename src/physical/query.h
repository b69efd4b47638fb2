#pragma once
// What the engine runs: one DuckDB statement with everything it needs beside it.
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "functions/kernel.h"
#include "plan/logical.h"
#include "types/vector.h"

namespace firesteel::physical {

struct KernelUse {
  std::string name;  ///< as the SQL calls it; equal names mean equal content in one engine
  std::variant<functions::ScalarKernel, functions::AggregateKernel> kernel;
  std::shared_ptr<const functions::KernelContext> context;
  bool deterministic = true;
};
struct TableUse {
  std::string name;  ///< as the SQL calls it: "fs_local_<hash>"; its columns are c0, c1, …
  std::shared_ptr<const LocalTable> table;
};

struct Query {
  std::string sql;
  std::vector<KernelUse> kernels;
  std::vector<TableUse> tables;
  std::vector<logical::Attribute> output;  ///< columns of the result, in order, in the storage types of types/vector.h
  std::vector<std::string> parquet_files;  ///< that it reads, for errors
  std::shared_ptr<const SqlText> text;     ///< of the statement, for errors with a query context
};

/// Settings that the physical stage needs beyond the plan.
struct Options {
  std::string time_zone = "UTC";
  /// A map's repeated key takes its last value instead of failing.
  bool map_keys_last_win = false;
  /// Decimal products and sums in 64 bits where they fit; the engine's overflow error means: generate again without.
  bool narrow_decimals = false;
  /// The statement failed in DuckDB and is generated again for the error in Spark's words.
  bool precise_errors = false;

  /// For the run after one that failed.
  void MakeCareful() {
    narrow_decimals = false;
    precise_errors = true;
  }
};

Result<Query> Generate(const logical::PlanPtr& plan, const Options& options);

}  // namespace firesteel::physical
