// spark.read.json and spark.read.csv of a DataFrame of texts: its rows are what lines are in files.
#include "base/text.h"
#include "functions/csv_infer.h"
#include "functions/csv_text.h"
#include "functions/json_infer.h"
#include "functions/registry.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

using functions::SourceOptions;

/// A call whose type the reader's schema is.
ExprPtr ReaderCall(std::string_view function, ExprPtr text, const SourceOptions::Map& options, DataType type,
                   const Origin& origin) {
  std::vector<ExprPtr> arguments = {std::move(text), LiteralOf(Value(SourceOptions::Encode(options)), TypeId::kString)};
  return logical::MakeExpr(
      logical::Call{functions::FindFunction(function), std::move(arguments), logical::EvalMode::kLegacy},
      std::move(type), true, origin);
}

/// One row for each struct of the array, with its fields as columns.
Result<PlanPtr> RowsOf(PlanPtr input, ExprPtr structs, const Origin& origin, Resolver& resolver) {
  FS_TRY(ExprPtr generator, resolver.Call("inline", {std::move(structs)}, origin));
  logical::Generate node;
  std::vector<Attribute> output = input->output;
  std::vector<ExprPtr> columns;
  for (const StructField& field : GeneratedColumns(std::get<logical::Call>(generator->node))) {
    node.generated.push_back({logical::NewAttributeId(), field.name, field.type, field.nullable, field.metadata, {}});
    output.push_back(node.generated.back());
    columns.push_back(ColumnOf(node.generated.back()));
  }
  node.input = std::move(input);
  node.generator = std::move(generator);
  PlanPtr generated = logical::MakePlan(std::move(node), std::move(output), origin);
  return ProjectTo(std::move(generated), std::move(columns), origin);
}

Result<DataType> InferJson(const PlanPtr& input, const SourceOptions::Map& map, Resolver& resolver) {
  const SourceOptions::Map for_inference = functions::ForInference(map, resolver.settings());
  const SourceOptions options(for_inference);
  FS_TRY(functions::JsonReadOptions read, functions::JsonReadOptions::From(options, resolver.settings().time_zone));
  FS_TRY(functions::JsonInference inference, functions::JsonInference::Make(std::move(read)));
  functions::JsonRecordTypes types(std::move(inference));
  FS_CHECK(resolver.environment().ForEachText(input, [&](std::string_view text) -> Result<bool> {
    if (TrimControls(text).empty()) return true;
    FS_CHECK(types.Add(text));
    return true;
  }));
  return types.Schema();
}

Result<PlanPtr> ParseJson(PlanPtr input, const unresolved::Parse& parse, const SourceOptions::Map& map,
                          const Origin& origin, Resolver& resolver) {
  const SourceOptions options(map);
  FS_CHECK(options.Refuse({{"samplingratio", "1.0"}, {"singlevariantcolumn", ""}}));
  FS_CHECK(functions::JsonReadOptions::From(options, resolver.settings().time_zone));
  DataType schema;
  if (parse.schema) {
    schema = *parse.schema;
  } else {
    FS_TRY(schema, InferJson(input, map, resolver));
  }
  ExprPtr text = ColumnOf(input->output[0]);
  ExprPtr records = ReaderCall("@read_json", std::move(text), map, DataType::Array(schema.AsNullable()), origin);
  return RowsOf(std::move(input), std::move(records), origin, resolver);
}

/// Lines that hold something.
Result<PlanPtr> WithoutBlank(PlanPtr input, const functions::CsvDialect& dialect, const std::string* header,
                             const Origin& origin, Resolver& resolver) {
  const ExprPtr text = ColumnOf(input->output[0]);
  const auto keep = [&](std::string_view function, std::vector<ExprPtr> arguments, bool negated) -> Status {
    FS_TRY(ExprPtr condition, resolver.Call(function, std::move(arguments), origin));
    if (negated) {
      FS_TRY(condition, resolver.Call("not", {condition}, origin));
    }
    input = Over(logical::Filter{input, std::move(condition)}, input, origin);
    return {};
  };
  FS_TRY(ExprPtr trimmed, resolver.Call("trim", {text}, origin));
  FS_CHECK(keep("==", {std::move(trimmed), LiteralOf(Value(std::string()), TypeId::kString)}, true));
  if (!dialect.comment.empty())
    FS_CHECK(keep("startswith", {text, LiteralOf(Value(std::string(dialect.comment)), TypeId::kString)}, true));
  if (header != nullptr) FS_CHECK(keep("==", {text, LiteralOf(Value(*header), TypeId::kString)}, true));
  return input;
}

Result<PlanPtr> ParseCsv(PlanPtr input, const unresolved::Parse& parse, const SourceOptions::Map& map,
                         const Origin& origin, Resolver& resolver) {
  const SourceOptions options(map);
  FS_CHECK(options.Refuse(
      {{"samplingratio", "1.0"}, {"singlevariantcolumn", ""}, {"chartoescapequoteescaping", ""}, {"locale", "en-US"}}));
  if (functions::ParseModeOf(options) == functions::ParseMode::kDropMalformed)
    return Error::Unsupported("DROPMALFORMED for CSV in a DataFrame", origin);
  const functions::CsvDialect dialect = functions::CsvDialect::ForReading(options);
  FS_TRY(PlanPtr lines, WithoutBlank(input, dialect, nullptr, origin, resolver));
  std::optional<std::string> first;
  FS_CHECK(resolver.environment().ForEachText(lines, [&](std::string_view text) -> Result<bool> {
    first = std::string(text);
    return false;
  }));
  if (options.Flag("header", false) && first) {
    FS_TRY(lines, WithoutBlank(input, dialect, &*first, origin, resolver));
  }
  DataType schema;
  if (parse.schema) {
    schema = *parse.schema;
  } else {
    std::vector<std::string> cells;
    if (first) {
      for (const auto& field : functions::SplitCsvLine(*first, dialect)) cells.push_back(field.value_or(""));
    }
    std::vector<DataType> types(cells.size(), options.Flag("inferschema", false) ? TypeId::kNull : TypeId::kString);
    if (options.Flag("inferschema", false)) {
      const SourceOptions::Map for_inference = functions::ForInference(map, resolver.settings());
      FS_TRY(auto values, functions::TextValues::Make(
                              functions::CsvFormats(SourceOptions(for_inference), resolver.settings().time_zone)));
      const functions::CsvFieldTypes next(*values, options);
      FS_CHECK(resolver.environment().ForEachText(lines, [&](std::string_view text) -> Result<bool> {
        next.Add(functions::SplitCsvLine(text, dialect), types);
        return true;
      }));
    }
    const std::vector<std::string> names = functions::CsvColumnNames(cells, options);
    std::vector<StructField> fields;
    for (size_t i = 0; i < names.size(); ++i) {
      const DataType type = types[i].Is(TypeId::kNull) ? DataType(TypeId::kString) : types[i];
      fields.push_back({names[i], type, true, "{}"});
    }
    schema = DataType::Struct(std::move(fields));
  }
  ExprPtr text = ColumnOf(lines->output[0]);
  ExprPtr record = ReaderCall("from_csv", std::move(text), map, schema.AsNullable(), origin);
  FS_TRY(ExprPtr records, resolver.Call("array", {std::move(record)}, origin));
  return RowsOf(std::move(lines), std::move(records), origin, resolver);
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::Parse& parse, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(parse.input));
  if (input->output.size() != 1) {
    return Error::Condition("DATAFRAME_INPUT_NOT_SINGLE_COLUMN",
                            {{"numColumns", std::to_string(input->output.size())}});
  }
  if (const DataType& type = input->output[0].type; !type.Is(TypeId::kString))
    return Error::Condition("DATAFRAME_INPUT_NOT_STRING_TYPE", {{"dataType", InDoubleQuotes(TypeSql(type))}});
  if (parse.schema && !parse.schema->Is(TypeId::kStruct)) {
    return Error::Condition(
        "INVALID_SCHEMA.NON_STRUCT_TYPE",
        {{"inputSchema", InDoubleQuotes(TypeSql(*parse.schema))}, {"dataType", InDoubleQuotes(TypeSql(*parse.schema))}},
        origin);
  }
  SourceOptions::Map options;
  for (const auto& [key, value] : parse.options) options[Lower(key)] = value;
  if (parse.format == "json") return ParseJson(std::move(input), parse, options, origin, resolver);
  if (parse.format == "csv") return ParseCsv(std::move(input), parse, options, origin, resolver);
  return Error::Unsupported("reading " + parse.format + " in a DataFrame", origin);
}

}  // namespace firesteel::relations
