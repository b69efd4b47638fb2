#pragma once
// A function is a row: name, argument and result types, null rule, how it runs, one line of doc, one example.
// Rows live by topic in string.cc, math.cc, datetime.cc …, kernels beside them; registry.h finds them by name.
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "functions/kernel.h"
#include "plan/logical.h"
#include "types/coercion.h"

namespace firesteel::functions {

enum class Kind { kScalar, kAggregate, kWindow, kGenerator };

/// When the result is null, for the schema's nullability; kernels handle values themselves.
enum class Nulls {
  kIfAny,   ///< null exactly when an argument is: nullable if any argument is
  kNever,   ///< never null
  kMaybe,   ///< may be null whatever the arguments
  kIfAll,   ///< null only when all are (coalesce): nullable if all are
  kSpecial  ///< the row's `bind` says
};

/// How a call is written in Spark's column names and plans.
enum class Form {
  kCall,    ///< name(a, b)
  kInfix,   ///< (a NAME b)
  kPrefix,  ///< (NAME a)
  kSpecial  ///< the row's `name_of` says
};

/// A function call as the binder sees it: arguments resolved, not coerced. `arguments` may be changed in place.
struct CallSite {
  std::string_view name;  ///< as written
  std::vector<logical::ExprPtr>& arguments;
  logical::EvalMode mode;    ///< from the session, or kTry inside try_ functions
  const Settings& settings;  ///< spark.sql.* that change meaning; see types/coercion.h
  const Origin& origin;
  /// The binder turns an unresolved lambda argument into logical::Lambda once its parameter types are known.
  std::function<Result<logical::ExprPtr>(size_t index, std::span<const DataType> parameter_types,
                                         std::span<const bool> nullable)>
      bind_lambda;
  /// A call of another function, with arguments resolved (macros: nvl -> coalesce).
  std::function<Result<logical::ExprPtr>(std::string_view name, std::vector<logical::ExprPtr> arguments)> call;
};

/// One argument's rule: the types that it takes, in order of preference (see types/coercion.h).
struct Argument {
  TypePattern type;
  std::string_view name = {};         ///< for named arguments
  bool optional = false;              ///< may be left out; later ones too
  bool repeated = false;              ///< the last one: zero or more times
  bool foldable = false;              ///< must be a constant: DATATYPE_MISMATCH.NON_FOLDABLE_INPUT
  const char* default_sql = nullptr;  ///< optional ones: the literal to fill in; null: stays left out
};

/// What the SQL generator offers a row that writes its own SQL.
class Lowering {
 public:
  virtual ~Lowering() = default;
  /// DuckDB SQL of a resolved expression.
  virtual Result<std::string> Sql(const logical::ExprPtr& expr) = 0;
  /// A call of a kernel, registered for this query: `arguments` are SQL texts of the types given. Returns "fs_k7(a, b)".
  virtual Result<std::string> CallKernel(const ScalarKernel& kernel, std::vector<std::string> arguments,
                                         KernelContext context) = 0;
  virtual Result<std::string> CallKernel(const AggregateKernel& kernel, std::vector<std::string> arguments,
                                         KernelContext context) = 0;
  /// SQL that fails the query with `error` when evaluated, typed as `type`.
  virtual std::string Fail(const Error& error, const DataType& type) = 0;
  /// A cast with Spark's meaning.
  virtual Result<std::string> CastSql(std::string sql, const DataType& from, const DataType& to, logical::EvalMode mode,
                                      const Origin& origin) = 0;
  /// A constant as DuckDB SQL, exact and typed.
  virtual std::string LiteralSql(const Value& value, const DataType& type) = 0;
  virtual const std::string& time_zone() const = 0;
  /// Options::narrow_decimals: products and sums wider than 18 digits may be computed in 64 bits as long as overflow raises.
  virtual bool narrow_decimals() const { return false; }
  /// True when a first run has failed and is repeated for its error's sake: arithmetic then runs in kernels, which know Spark's words
  /// and the origin of each operator, instead of DuckDB's operators.
  virtual bool precise_errors() const { return false; }
};

/// DuckDB's name of the storage type of a Spark type: "DECIMAL(10,2)", "STRUCT(a INTEGER)", "TIMESTAMP" (see types/vector.h).
std::string DuckType(const DataType& type);
/// The names of a struct's fields in DuckDB, where they must be unique without case and not empty: Spark's own wherever
/// possible. A struct without fields has one there, a BOOLEAN that nobody reads.
std::vector<std::string> DuckFieldNames(const DataType& struct_type);

/// A DuckDB SQL template: {0} {1} … are the arguments, {*} all of them joined by commas, {type} the result's DuckDB type.
/// Aggregates and window functions: {distinct} is "DISTINCT " or nothing (without it DISTINCT goes behind the first parenthesis),
/// {over} is where FILTER (…) and OVER (…) go (without it, at the end): "coalesce(sum({distinct}{0}){over}, 0)".
struct Sql {
  std::string_view ansi;  ///< also legacy and try if those are empty
  std::string_view legacy = {};
  std::string_view try_mode = {};
  /// Without a cast the template must answer in exactly the storage type of the result type; with it a cast is added.
  bool cast_result = false;
};
/// The row writes its SQL itself. For aggregates the answer excludes FILTER, DISTINCT, ORDER BY only if `whole_call` (below) is false.
using LowerFn = Result<std::string> (*)(const logical::Expr& call, std::span<const std::string> arguments,
                                        Lowering& lowering);

using Runs = std::variant<std::monostate, Sql, ScalarKernel, AggregateKernel, LowerFn>;

/// Result types: a fixed type, or a function of the coerced arguments.
using ResultFn = DataType (*)(std::span<const logical::ExprPtr> arguments);
using ResultType = std::variant<DataType, ResultFn>;
DataType SameAsFirst(std::span<const logical::ExprPtr> arguments);
DataType ElementOfFirst(std::span<const logical::ExprPtr> arguments);

struct Function {
  std::string_view name = {};  ///< Spark's; lower case
  std::vector<std::string_view> aliases = {};
  Kind kind = Kind::kScalar;
  std::vector<Argument> arguments = {};
  ResultType result = {};
  Nulls nulls = Nulls::kIfAny;
  Runs runs = {};
  /// After counting the arguments and before their coercion: for functions whose types need more than patterns. Coerces
  /// `site.arguments` itself and returns the call's type; or returns a whole other expression (a macro).
  std::variant<std::monostate, Result<DataType> (*)(CallSite& site), Result<logical::ExprPtr> (*)(CallSite& site)>
      bind = {};
  Form form = Form::kCall;
  std::string_view shown_as = {};  ///< the name in column names where it differs ("+", "AND", "ceil" …)
  std::string (*name_of)(std::span<const std::string> arguments, const logical::Expr& call) = nullptr;
  bool deterministic = true;
  bool whole_call = false;  ///< LowerFn of an aggregate writes FILTER, DISTINCT and ORDER BY too
  bool takes_rows_in_order =
      false;  ///< aggregates: without an ORDER BY of the call's own, the order of the rows tells the answer
  bool needs_order = false;  ///< window functions that require ORDER BY
  std::vector<DataType> (*generated)(std::span<const logical::ExprPtr> arguments) =
      nullptr;                    ///< generators: column types
  std::string_view group = {};    ///< Spark's: "math_funcs", "string_funcs" …
  std::string_view since = {};    ///< Spark's version
  std::string_view doc = {};      ///< one line
  std::string_view example = {};  ///< one call
};

}  // namespace firesteel::functions
