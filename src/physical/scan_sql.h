#pragma once
// Files as DuckDB table functions, with Spark's reading of their values.
#include <string>

#include "functions/function.h"
#include "physical/query.h"
#include "plan/logical.h"

namespace firesteel::physical {

/// A SELECT that gives the columns of `plan.output`, in order, called c<attribute id>. Columns are found by name: the partition
/// columns first, then those of the files.
Result<std::string> ScanSql(const logical::Scan& scan, const logical::Plan& plan, const Options& options,
                            functions::Lowering& lowering);

}  // namespace firesteel::physical
