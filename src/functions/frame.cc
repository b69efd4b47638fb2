// What only DataFrame relations call: show()'s text of a value, freqItems.
#include "functions/frame.h"

#include "base/cat.h"
#include "functions/cast.h"
#include "functions/lower.h"

namespace firesteel::functions {
namespace {

using Class = TypePattern::Class;

Result<std::shared_ptr<const void>> PrepareShownText(const KernelContext& context) {
  FS_TRY(auto text, CellText::Make(context.argument_types[0], context.time_zone, true, true));
  return std::shared_ptr<const void>(std::move(text));
}

std::string ShownText(const KernelContext& context, Cell cell) {
  std::string text;
  context.Prepared<CellText>().Append(cell, text);
  return text;
}

DataType ArrayOfFirst(std::span<const logical::ExprPtr> arguments) {
  return DataType::Array(arguments[0]->type, arguments[0]->nullable);
}

DataType StorageOfFirst(std::span<const logical::ExprPtr> arguments) {
  const DataType& type = arguments[0]->type;
  return type.Is(TypeId::kUdt) ? type.element() : type;
}

// Spark counts with as many counters as the second argument says (Misra and Gries): all values as long as there are no more than
// that, and certainly those that make up more than that share of the rows.
Result<std::string> LowerFrequentItems(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  const std::string& value = arguments[0];
  const std::string& counters = arguments[1];
  const std::string nulls = Cat("(count(*) - count(", value, "))");
  const std::string counts = Cat("histogram(", value, ")");
  const std::string least = Cat("(CASE WHEN count(DISTINCT ", value, ") + CAST(", nulls,
                                " > 0 AS INTEGER) <= ", counters, " THEN 0 ELSE count(*) // ", counters, " END)");
  return Cat("CAST(list_concat(list_transform(list_filter(map_entries(", counts, "), lambda e: e.value > ", least,
             "), lambda e: e.key), CASE WHEN ", nulls, " > ", least, " THEN [NULL] ELSE [] END) AS ",
             DuckType(call.type), ")");
}

}  // namespace

std::span<const Function> FrameFunctions() {
  static const std::vector<Function> rows = {
      {.name = "@shown_text",
       .arguments = {{Class::kAny}},
       .result = DataType(TypeId::kString),
       .runs = RowKernel<&ShownText>(&PrepareShownText),
       .doc = "The text that show() prints for a value.",
       .example = "@shown_text(array(1, NULL))"},
      {.name = "@product",
       .kind = Kind::kAggregate,
       .arguments = {{TypeId::kDouble}},
       .result = DataType(TypeId::kDouble),
       .nulls = Nulls::kMaybe,
       .runs = Sql{"product({0})"},
       .shown_as = "product",
       .doc = "The product of the values of a group.",
       .example = "@product(a)"},
      {.name = "@unwrap_udt",
       .arguments = {{Class::kAny}},
       .result = &StorageOfFirst,
       .runs = Sql{"{0}"},
       .shown_as = "unwrap_udt",
       .doc = "The value as it is stored.",
       .example = "@unwrap_udt(a)"},
      {.name = "@frequent_items",
       .kind = Kind::kAggregate,
       .arguments = {{Class::kAny}, {.type = TypeId::kInteger, .foldable = true}},
       .result = &ArrayOfFirst,
       .nulls = Nulls::kNever,
       .runs = &LowerFrequentItems,
       .whole_call = true,
       .doc = "The values that are more than one in so many.",
       .example = "@frequent_items(a, 100)"},
  };
  return rows;
}

}  // namespace firesteel::functions
