// CSV text to and from structs: from_csv, to_csv, schema_of_csv.
#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/cast.h"
#include "functions/csv_infer.h"
#include "functions/csv_text.h"
#include "functions/function_options.h"
#include "functions/java_formatter.h"
#include "functions/lower.h"
#include "functions/row_text.h"
#include "functions/topics.h"
#include "types/memory_vector.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

std::string FirstOnlyName(std::span<const std::string> arguments, const Expr& call) {
  return Cat(std::get<Call>(call.node).function->name, "(", arguments[0], ")");
}

bool IsCsvType(const DataType& type) {
  return !type.IsNested() && !type.Is(TypeId::kVariant) && !type.Is(TypeId::kCalendarInterval) &&
         !type.IsAnsiInterval() && !type.Is(TypeId::kUdt) && !type.Is(TypeId::kNull);
}

// ---------------------------------------------------------------- from_csv

Result<ExprPtr> BindFromCsv(CallSite& site) {
  FS_TRY(const DataType parsed, SchemaArgument(site, 1));
  FS_TRY(SourceOptions::Map map, OptionsArgument(site, 2));
  if (!parsed.Is(TypeId::kStruct)) {
    return Error::Condition("INVALID_SCHEMA.NON_STRUCT_TYPE",
                            {{"inputSchema", ToSqlExpr(logical::PrettyName(*site.arguments[1]))},
                             {"dataType", InDoubleQuotes(TypeSql(parsed))}},
                            site.origin);
  }
  const DataType type = parsed.AsNullable();
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kString).Exactly()));
  const SourceOptions options(map);
  FS_CHECK(CheckFunctionMode(options, "from_csv"));
  FS_CHECK(options.Refuse({{"chartoescapequoteescaping", ""}, {"locale", "en-US"}, {"singlevariantcolumn", ""}}));
  const std::string corrupt = options.Text("columnnameofcorruptrecord", "_corrupt_record");
  FS_CHECK(CheckCorruptColumn(type, corrupt));
  for (const StructField& field : type.fields()) {
    if (IsCsvType(field.type)) continue;
    return Error::Unsupported(Cat("from_csv of ", TypeSql(field.type)), site.origin);
  }
  FS_CHECK(TextValues::Make(CsvFormats(options, site.settings.time_zone)));
  site.arguments.resize(1);
  site.arguments.push_back(LiteralOf(Value(SourceOptions::Encode(map)), TypeId::kString, site.origin));
  return Built(site, site.name, type, site.arguments[0]->nullable, site.mode);
}

struct CsvReader {
  CsvDialect dialect;
  std::string corrupt_column;
  ParseMode mode = ParseMode::kPermissive;
  std::shared_ptr<const TextValues> values;
  std::string wanted;  ///< kWantedFieldsOption; empty: all

  /// False: malformed; what could be read is there.
  bool Read(std::string_view text, const DataType& type, OutputVector& out, size_t row) const {
    const auto& fields = type.fields();
    std::vector<std::optional<std::string>> texts;
    const bool empty = text.empty();
    if (!empty) texts = SplitCsvLine(text, dialect);
    std::optional<size_t> corrupt;
    size_t next = 0;
    bool good = !empty;
    for (size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name == corrupt_column && fields[i].type.Is(TypeId::kString)) {
        corrupt = i;
        continue;
      }
      const bool there = next < texts.size();
      good = good && (there || !wanted.empty());
      const bool read = there && (wanted.empty() || wanted[i] == '1');
      const std::optional<std::string> field = read ? std::move(texts[next]) : std::nullopt;
      ++next;
      if (!field || *field == dialect.null_value) {
        out.child(i).SetNull(row);
      } else if (!values->Read(*field, out.child(i), row)) {
        out.child(i).SetNull(row);
        good = false;
      }
    }
    good = good && (next == texts.size() || !wanted.empty());
    if (corrupt) {
      if (good || empty)
        out.child(*corrupt).SetNull(row);
      else
        out.child(*corrupt).SetString(row, text);
    }
    return good;
  }
};

Result<std::shared_ptr<const void>> PrepareFromCsv(const KernelContext& context) {
  const SourceOptions::Map map = SourceOptions::Decode(context.constants[1]->As<std::string>());
  const SourceOptions options(map);
  auto reader = std::make_shared<CsvReader>();
  reader->dialect = CsvDialect::ForReading(options);
  reader->corrupt_column = options.Text("columnnameofcorruptrecord", "_corrupt_record");
  reader->mode = ParseModeOf(options);
  FS_TRY(reader->values, TextValues::Make(CsvFormats(options, context.time_zone)));
  reader->wanted = options.Text(kWantedFieldsOption, "");
  return std::shared_ptr<const void>(std::move(reader));
}

Status FromCsv(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const auto& reader = context.Prepared<CsvReader>();
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const std::string_view text = in[0].StringAt(row);
    if (reader.Read(text, context.result_type, out, row) || reader.mode == ParseMode::kPermissive) continue;
    if (reader.mode == ParseMode::kDropMalformed) {
      out.SetNull(row);
      continue;
    }
    MemoryVector record(context.result_type, 1);
    reader.Read(text, context.result_type, record, 0);
    const InputVector view = record.View();
    std::string shown;
    FS_CHECK(AppendJavaText({&view, 0}, shown));
    return OfFile(Error::Condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                                   {{"badRecord", shown}, {"failFastMode", "FAILFAST"}})
                      .As(ErrorClass::kSpark),
                  in, row);
  }
  return {};
}

// ---------------------------------------------------------------- to_csv

Result<ExprPtr> BindToCsv(CallSite& site) {
  SourceOptions::Map map;
  if (site.arguments.size() > 1) {
    FS_TRY(map, OptionsArgument(site, 1));
  }
  site.arguments.resize(1);
  const DataType type = site.arguments[0]->type;
  if (!type.Is(TypeId::kStruct)) {
    return TypeMismatch(site, "UNSUPPORTED_INPUT_TYPE",
                        {{"functionName", "`to_csv`"}, {"dataType", InDoubleQuotes(TypeSql(type))}});
  }
  const SourceOptions options(map);
  FS_CHECK(options.Refuse({{"locale", "en-US"}}));
  FS_CHECK(RowText::Make(type, RowTextOptions::From(options, site.settings.time_zone)));
  site.arguments.push_back(LiteralOf(Value(SourceOptions::Encode(map)), TypeId::kString, site.origin));
  return Built(site, site.name, TypeId::kString, true, site.mode);
}

struct CsvWriter {
  CsvDialect dialect;
  std::shared_ptr<const RowText> text;

  /// A null within an array, a map or a struct is nothing: not even the space before it is there.
  void Append(const Cell& cell, std::string& out) const {
    switch (cell.type().id()) {
      case TypeId::kBinary:
        return AppendHex(cell.vector->StringAt(cell.row), out);
      case TypeId::kArray:
        out += '[';
        for (uint64_t i = 0; i < cell.ListSize(); ++i) AppendPart(cell.Element(i), i, out);
        out += ']';
        return;
      case TypeId::kStruct:
        out += '{';
        for (size_t i = 0; i < cell.type().fields().size(); ++i) AppendPart(cell.Field(i), i, out);
        out += '}';
        return;
      case TypeId::kMap:
        out += '{';
        for (uint64_t i = 0; i < cell.ListSize(); ++i) {
          AppendPart(cell.Element(i).Field(0), i, out);
          out += " ->";
          const Cell value = cell.Element(i).Field(1);
          if (value.IsNull() || value.type().Is(TypeId::kNull)) continue;
          out += ' ';
          Append(value, out);
        }
        out += '}';
        return;
      default:
        text->AppendPlain(cell, out);
    }
  }

 private:
  void AppendPart(const Cell& cell, size_t index, std::string& out) const {
    if (index > 0) out += ',';
    if (cell.IsNull() || cell.type().Is(TypeId::kNull)) return;
    if (index > 0) out += ' ';
    Append(cell, out);
  }
  static void AppendHex(std::string_view bytes, std::string& out) {
    constexpr char kHex[] = "0123456789ABCDEF";
    out += '[';
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (i > 0) out += ' ';
      out += kHex[static_cast<unsigned char>(bytes[i]) >> 4];
      out += kHex[static_cast<unsigned char>(bytes[i]) & 15];
    }
    out += ']';
  }
};

Result<std::shared_ptr<const void>> PrepareToCsv(const KernelContext& context) {
  const SourceOptions::Map map = SourceOptions::Decode(context.constants[1]->As<std::string>());
  const SourceOptions options(map);
  auto writer = std::make_shared<CsvWriter>();
  writer->dialect = CsvDialect::ForWriting(options);
  const DataType& type = context.argument_types[0];
  FS_TRY(writer->text, RowText::Make(type, RowTextOptions::From(options, context.time_zone)));
  return std::shared_ptr<const void>(std::move(writer));
}

Status ToCsv(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const auto& writer = context.Prepared<CsvWriter>();
  std::string line, field;
  for (size_t row = 0; row < rows; ++row) {
    const Cell record{&in[0], row};
    if (record.IsNull()) {
      out.SetNull(row);
      continue;
    }
    line.clear();
    for (size_t i = 0; i < record.type().fields().size(); ++i) {
      if (i > 0) line += writer.dialect.separator;
      const Cell cell = record.Field(i);
      if (cell.IsNull() || cell.type().Is(TypeId::kNull)) {
        AppendCsvField(std::nullopt, writer.dialect, line);
        continue;
      }
      field.clear();
      writer.Append(cell, field);
      AppendCsvField(field, writer.dialect, line);
    }
    if (line.empty())
      out.SetNull(row);
    else
      out.SetString(row, line);
  }
  return {};
}

// ---------------------------------------------------------------- schema_of_csv

/// A constant: the schema's text.
Result<ExprPtr> BindSchemaOfCsv(CallSite& site) {
  SourceOptions::Map map;
  if (site.arguments.size() > 1) {
    FS_TRY(map, OptionsArgument(site, 1));
  }
  map = ForInference(std::move(map), site.settings);
  site.arguments.resize(1);
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kString).Exactly()));
  FS_TRY(const std::string text, ConstantText(site, 0, "csv"));
  const SourceOptions options(map);
  const auto fields = SplitCsvLine(text, CsvDialect::ForReading(options));
  FS_TRY(const std::shared_ptr<const TextValues> values,
         TextValues::Make(CsvFormats(options, site.settings.time_zone)));
  const CsvFieldTypes types(*values, options);
  std::vector<StructField> columns;
  for (size_t i = 0; i < fields.size(); ++i) {
    const DataType type = fields[i] ? types.Next(TypeId::kNull, *fields[i]) : DataType();
    columns.push_back({Cat("_c", i), type.Is(TypeId::kNull) ? DataType(TypeId::kString) : type});
  }
  return LiteralOf(Value(TypeSql(DataType::Struct(std::move(columns)))), TypeId::kString, site.origin);
}

}  // namespace

const ScalarKernel kReadCsvRecord = {&FromCsv, &PrepareFromCsv};
const ScalarKernel kWriteCsvRecord = {&ToCsv, &PrepareToCsv};

std::span<const Function> CsvFunctions() {
  static const Argument kAny = {Class::kAny};
  static const Argument kOptions = {.type = Class::kAny, .optional = true};
  static const std::vector<Function> rows = {
      {.name = "from_csv",
       .arguments = {kAny, kAny, kOptions},
       .runs = kReadCsvRecord,
       .bind = &BindFromCsv,
       .form = Form::kSpecial,
       .name_of = &FirstOnlyName,
       .group = "csv_funcs",
       .since = "3.0.0",
       .doc = "A line of CSV as a struct.",
       .example = "from_csv('1, 0.8', 'a INT, b DOUBLE')"},
      {.name = "to_csv",
       .arguments = {kAny, kOptions},
       .nulls = Nulls::kMaybe,
       .runs = kWriteCsvRecord,
       .bind = &BindToCsv,
       .form = Form::kSpecial,
       .name_of = &FirstOnlyName,
       .group = "csv_funcs",
       .since = "3.0.0",
       .doc = "A struct as a line of CSV.",
       .example = "to_csv(named_struct('a', 1, 'b', 2))"},
      {.name = "schema_of_csv",
       .arguments = {kAny, kOptions},
       .result = DataType(TypeId::kString),
       .nulls = Nulls::kNever,
       .bind = &BindSchemaOfCsv,
       .form = Form::kSpecial,
       .name_of = &FirstOnlyName,
       .group = "csv_funcs",
       .since = "3.0.0",
       .doc = "The schema of a line of CSV.",
       .example = "schema_of_csv('1,abc')"},
  };
  return rows;
}

}  // namespace firesteel::functions
