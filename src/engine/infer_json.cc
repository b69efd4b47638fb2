// The schema of JSON files.
#include "base/text.h"
#include "engine/source_schemas.h"
#include "functions/json_infer.h"
#include "physical/scan_formats.h"
#include "types/type_text.h"

namespace firesteel::engine {

using physical::SourceOptions;

Result<DataType> InferJson(const StartQuery& start, const std::vector<std::string>& files,
                           const std::map<std::string, std::string>& raw_options) {
  const SourceOptions options(raw_options);
  FS_CHECK(options.Refuse({{"samplingratio", "1.0"}, {"singlevariantcolumn", ""}}));
  FS_TRY(functions::JsonReadOptions read, functions::JsonReadOptions::From(options, "UTC"));
  FS_TRY(const functions::JsonInference inference, functions::JsonInference::Make(std::move(read)));
  const functions::ParseMode mode = inference.options().mode;
  const std::string& corrupt = inference.options().corrupt_column;
  const bool whole = options.Flag("multiline", false);
  const std::string sql =
      whole ? "SELECT content FROM read_text(" + physical::FileArray(files) + ")"
            : "SELECT line FROM " + physical::LinesOf(files) + " WHERE line IS NOT NULL AND trim(line) <> ''";
  DataType type = DataType::Struct({});
  FS_CHECK(ForEachRow(start, sql, 1, [&](const TextRow& row) -> Result<bool> {
    functions::JsonTokens tokens(row[0].value_or(""), inference.options().syntax);
    tokens.Next();
    std::optional<DataType> one = inference.Infer(tokens);
    if (!one) {
      switch (mode) {
        case functions::ParseMode::kPermissive:
          type = functions::JsonInference::Merge(type, DataType::Struct({{corrupt, TypeId::kString}}));
          return true;
        case functions::ParseMode::kDropMalformed:
          return true;
        case functions::ParseMode::kFailFast:
          return Error::Condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                                  {{"badRecord", std::string(row[0].value_or(""))}, {"failFastMode", "FAILFAST"}})
              .As(ErrorClass::kSpark);
      }
    }
    while (one->Is(TypeId::kArray))
      one = DataType(one->element());  // the elements of an array are records of their own
    if (one->Is(TypeId::kNull)) return true;
    if (!one->Is(TypeId::kStruct)) {
      if (mode == functions::ParseMode::kFailFast) {
        return Error::Condition("INVALID_JSON_RECORD_TYPE",
                                {{"failFastMode", "FAILFAST"}, {"invalidType", InDoubleQuotes(TypeSql(*one))}})
            .As(ErrorClass::kSpark);
      }
      if (mode == functions::ParseMode::kDropMalformed) return true;
      one = DataType::Struct({{corrupt, TypeId::kString}});
    }
    type = functions::JsonInference::Merge(type, *one);
    return true;
  }));
  return inference.Canonical(type).value_or(DataType::Struct({}));
}

}  // namespace firesteel::engine
