// Facts about types, values and the running system; errors on demand; casts as functions.
#include <pwd.h>
#include <unistd.h>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

Result<std::string> LowerTypeof(const Expr& call, std::span<const std::string>, Lowering& lowering) {
  const DataType& type = std::get<Call>(call.node).arguments[0]->type;
  return lowering.LiteralSql(Value(TypeCatalogString(type)), TypeId::kString);
}

Result<std::string> LowerVersion(const Expr&, std::span<const std::string>, Lowering& lowering) {
  return lowering.LiteralSql(Value(std::string("4.2.0 firesteel-" FIRESTEEL_VERSION)), TypeId::kString);
}

Result<std::string> LowerUser(const Expr&, std::span<const std::string>, Lowering& lowering) {
  char buffer[1024];
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(geteuid(), &entry, buffer, sizeof(buffer), &found);
  return lowering.LiteralSql(Value(std::string(found != nullptr ? found->pw_name : "")), TypeId::kString);
}

// ---------------------------------------------------------------- errors on demand

Error UserRaised(std::string_view message, const Origin&) {
  return Error::Condition("USER_RAISED_EXCEPTION", {{"errorMessage", std::string(message)}}).As(ErrorClass::kRuntime);
}
Result<std::optional<int32_t>> AssertTrue(const KernelContext& context, std::optional<bool> condition,
                                          std::optional<std::string_view> message) {
  if (condition.value_or(false)) return std::optional<int32_t>();
  return UserRaised(message.value_or("null"), context.origin);
}
Result<std::optional<int32_t>> RaiseError(const KernelContext& context, std::optional<std::string_view> message) {
  return UserRaised(message.value_or("null"), context.origin);
}

std::string RaiseErrorOf(std::string_view message) {
  return Cat("raise_error(USER_RAISED_EXCEPTION, map(errorMessage, ", message, "))");
}
std::string RaiseErrorName(std::span<const std::string> arguments, const Expr&) { return RaiseErrorOf(arguments[0]); }

Result<DataType> BindAssertTrue(CallSite& site) {
  if (site.arguments.size() == 1) {
    const std::string text = Cat("'", logical::PrettyName(*site.arguments[0]), "' is not true!");
    site.arguments.push_back(LiteralOf(Value(text), TypeId::kString, site.origin));
  }
  if (site.arguments[0]->type.Is(TypeId::kNull)) site.arguments[0] = CastTo(site.arguments[0], TypeId::kBoolean, site);
  if (!site.arguments[0]->type.Is(TypeId::kBoolean)) {
    const std::string condition = logical::PrettyName(*site.arguments[0], site.settings.time_zone);
    const std::string raises = RaiseErrorOf(logical::PrettyName(*site.arguments[1], site.settings.time_zone));
    return TypeMismatch(site, "UNEXPECTED_INPUT_TYPE",
                        {{"sqlExpr", ToSqlExpr(Cat("(IF(", condition, ", NULL, ", raises, "))"))},
                         {"paramIndex", "first"},
                         {"requiredType", "\"BOOLEAN\""},
                         {"inputSql", ToSqlExpr(condition)},
                         {"inputType", InDoubleQuotes(TypeSql(site.arguments[0]->type))}});
  }
  FS_CHECK(CoerceArgument(site, 1, TypeId::kString));
  return DataType(TypeId::kNull);
}

// ---------------------------------------------------------------- casts as functions

DataType CastTarget(std::string_view name) {
  if (name == "boolean") return TypeId::kBoolean;
  if (name == "tinyint") return TypeId::kByte;
  if (name == "smallint") return TypeId::kShort;
  if (name == "int") return TypeId::kInteger;
  if (name == "bigint") return TypeId::kLong;
  if (name == "float") return TypeId::kFloat;
  if (name == "double") return TypeId::kDouble;
  if (name == "decimal") return DataType::Decimal(10, 0);
  if (name == "date") return TypeId::kDate;
  if (name == "timestamp") return TypeId::kTimestamp;
  if (name == "time") return DataType::Time(6);
  if (name == "binary") return TypeId::kBinary;
  return TypeId::kString;
}

/// Spark names such a column after the argument.
Result<ExprPtr> BindCastFunction(CallSite& site) {
  const std::string name = Lower(site.name);
  const DataType to = CastTarget(name);
  const ExprPtr& child = site.arguments[0];
  if (!CanCast(child->type, to, site.settings.ansi)) {
    return Error::Condition("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
                            {{"sqlExpr", ToSqlExpr(logical::PrettyName(*child))},
                             {"srcType", InDoubleQuotes(TypeSql(child->type))},
                             {"targetType", InDoubleQuotes(TypeSql(to))}},
                            site.origin);
  }
  const std::string shown = logical::PrettyName(*child);
  return logical::Shown(CastTo(child, to, site), shown);
}

Function CastRow(std::string_view name, std::string_view example) {
  return {.name = name,
          .arguments = {{Class::kAny}},
          .bind = &BindCastFunction,
          .group = "conversion_funcs",
          .since = "2.0.1",
          .doc = "The value cast to the type of that name.",
          .example = example};
}

/// cast(1): the words of a cast are missing, and as a function it takes nothing.
Result<ExprPtr> BindCast(CallSite& site) { return WrongArgumentCount(site, "0", site.origin); }

Function UserRow(std::string_view name) {
  return {.name = name,
          .result = DataType(TypeId::kString),
          .nulls = Nulls::kNever,
          .runs = &LowerUser,
          .group = "misc_funcs",
          .since = "3.2.0",
          .doc = "The name of the user who runs the server.",
          .example = "length(current_user()) > 0"};
}

}  // namespace

std::span<const Function> SessionFunctions() {
  static const DataType kString = TypeId::kString;
  static const std::vector<Function> rows = {
      {.name = "typeof",
       .arguments = {{Class::kAny}},
       .result = kString,
       .nulls = Nulls::kNever,
       .runs = &LowerTypeof,
       .group = "misc_funcs",
       .since = "3.0.0",
       .doc = "The name of the value's type.",
       .example = "typeof(array(1))"},
      {.name = "version",
       .result = kString,
       .nulls = Nulls::kNever,
       .runs = &LowerVersion,
       .group = "misc_funcs",
       .since = "3.0.0",
       .doc = "The version of Spark whose answers these are, and of Firesteel.",
       .example = "version() LIKE '4.2.0%'"},
      // There is one catalog, and one database in it.
      {.name = "current_catalog",
       .result = kString,
       .nulls = Nulls::kNever,
       .runs = Sql{"'spark_catalog'"},
       .group = "misc_funcs",
       .since = "3.1.0",
       .doc = "The current catalog.",
       .example = "current_catalog()"},
      {.name = "current_schema",
       .aliases = {"current_database"},
       .result = kString,
       .nulls = Nulls::kNever,
       .runs = Sql{"'default'"},
       .shown_as = "current_schema",
       .group = "misc_funcs",
       .since = "1.6.0",
       .doc = "The current database.",
       .example = "current_schema()"},
      UserRow("current_user"),
      UserRow("user"),
      UserRow("session_user"),
      {.name = "spark_partition_id",
       .result = DataType(TypeId::kInteger),
       .nulls = Nulls::kNever,
       .runs = Sql{"CAST(0 AS INTEGER)"},
       .shown_as = "SPARK_PARTITION_ID",
       .deterministic = false,
       .group = "misc_funcs",
       .since = "1.4.0",
       .doc = "The partition: always 0.",
       .example = "spark_partition_id()"},
      {.name = "input_file_name",
       .result = kString,
       .nulls = Nulls::kNever,
       .runs = Sql{"''"},
       .deterministic = false,
       .group = "misc_funcs",
       .since = "1.5.0",
       .doc = "The file that a row comes from; empty when it comes from none.",
       .example = "input_file_name()"},
      {.name = "input_file_block_start",
       .result = DataType(TypeId::kLong),
       .nulls = Nulls::kNever,
       .runs = Sql{"CAST(-1 AS BIGINT)"},
       .deterministic = false,
       .group = "misc_funcs",
       .since = "2.2.0",
       .doc = "Where a row's block of a file begins; -1 without one.",
       .example = "input_file_block_start()"},
      {.name = "input_file_block_length",
       .result = DataType(TypeId::kLong),
       .nulls = Nulls::kNever,
       .runs = Sql{"CAST(-1 AS BIGINT)"},
       .deterministic = false,
       .group = "misc_funcs",
       .since = "2.2.0",
       .doc = "How long a row's block of a file is; -1 without one.",
       .example = "input_file_block_length()"},
      {.name = "assert_true",
       .arguments = {{Class::kAny}, {.type = Class::kAny, .optional = true}},
       .result = DataType(TypeId::kNull),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&AssertTrue>(),
       .bind = &BindAssertTrue,
       .group = "misc_funcs",
       .since = "2.0.0",
       .doc = "Fails the query unless the condition is true.",
       .example = "assert_true(0 < 1)"},
      {.name = "raise_error",
       .arguments = {{TypeId::kString}},
       .result = DataType(TypeId::kNull),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&RaiseError>(),
       .form = Form::kSpecial,
       .name_of = &RaiseErrorName,
       .deterministic = false,
       .group = "misc_funcs",
       .since = "3.1.0",
       .doc = "Fails the query with the message.",
       .example = "raise_error('custom error message')"},
      {.name = "cast",
       .arguments = {{.type = Class::kAny, .repeated = true}},
       .bind = &BindCast,
       .group = "conversion_funcs",
       .since = "1.0.0",
       .doc = "The value cast to a type: CAST(value AS type).",
       .example = "cast('10' AS INT)"},
      CastRow("boolean", "boolean('true')"),
      CastRow("tinyint", "tinyint('1')"),
      CastRow("smallint", "smallint('1')"),
      CastRow("int", "int('1')"),
      CastRow("bigint", "bigint('1')"),
      CastRow("float", "float('1.5')"),
      CastRow("double", "double('1.5')"),
      CastRow("decimal", "decimal('1')"),
      CastRow("date", "date('2020-01-01')"),
      CastRow("timestamp", "timestamp('2020-01-01')"),
      CastRow("time", "time('10:20:30')"),
      CastRow("binary", "binary('a')"),
      CastRow("string", "string(1)"),
  };
  return rows;
}

}  // namespace firesteel::functions
