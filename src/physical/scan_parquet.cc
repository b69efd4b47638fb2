// Parquet files. Which types of a file's columns may be read as which of Spark's is one table here; DuckDB's reader is asked for
// the column as the file has it, never for a type that it would cast to in silence.
#include <algorithm>
#include <span>

#include "base/cat.h"
#include "base/text.h"
#include "physical/parquet_schema.h"
#include "physical/scan_formats.h"
#include "types/type_text.h"

namespace firesteel::physical {
namespace {

using Annotation = ParquetAnnotation;
using Element = ParquetElement;
using Physical = ParquetType;

bool Any(const Element&, const DataType&) { return true; }
bool IsPlain(const Element& e, const DataType&) {
  return e.annotation == Annotation::kNone || e.annotation == Annotation::kUnknown;
}
bool IsDate(const Element& e, const DataType&) { return e.annotation == Annotation::kDate; }
bool IsUuid(const Element& e, const DataType&) { return e.annotation == Annotation::kUuid; }
bool IsText(const Element& e, const DataType&) {
  return e.annotation == Annotation::kString || e.annotation == Annotation::kEnum || e.annotation == Annotation::kJson;
}
bool IsBytes(const Element& e, const DataType& wanted) {
  return IsPlain(e, wanted) || e.annotation == Annotation::kBson;
}
template <int kBits>
bool IsSigned(const Element& e, const DataType&) {
  return e.annotation == Annotation::kInteger && e.is_signed && e.bits == kBits;
}
template <int kBits>
bool IsUnsigned(const Element& e, const DataType&) {
  return e.annotation == Annotation::kInteger && !e.is_signed && e.bits == kBits;
}
bool IsUnsignedLong(const Element& e, const DataType& wanted) {
  return IsUnsigned<64>(e, wanted) && wanted.precision() == 20 && wanted.scale() == 0;
}
bool IsTimestamp(const Element& e, bool utc) {
  return e.annotation == Annotation::kTimestamp && e.unit != ParquetUnit::kNanos && e.is_utc == utc;
}
bool IsPoint(const Element& e, const DataType&) { return IsTimestamp(e, true); }
bool IsLocal(const Element& e, const DataType&) { return IsTimestamp(e, false); }
bool IsTimeOfMicros(const Element& e, const DataType&) {
  return e.annotation == Annotation::kTime && e.unit == ParquetUnit::kMicros;
}
// No digit is lost, before the point and behind it.
bool DecimalFits(const Element& e, const DataType& wanted) {
  if (e.annotation == Annotation::kDecimal) {
    const int scale_more = wanted.scale() - e.scale;
    return scale_more >= 0 && wanted.precision() - e.precision >= scale_more;
  }
  const bool is_integer = e.annotation == Annotation::kNone || (e.annotation == Annotation::kInteger && e.is_signed);
  const int digits = wanted.precision() - wanted.scale();
  return is_integer && ((e.type == Physical::kInt32 && digits >= 10) || (e.type == Physical::kInt64 && digits >= 20));
}

/// A column of a file as a type of Spark's: `$` in the SQL is what DuckDB's reader gives, alone: cast where that is another type.
struct Reading {
  Physical physical;
  bool (*of)(const Element& element, const DataType& wanted);
  TypeId wanted;
  std::string_view sql;
};

// All that Spark's vectorized reader reads (tried on each pair by tests/dataframe/parquet_foreign.py); the rest is
// PARQUET_COLUMN_DATA_TYPE_MISMATCH. The first row that fits counts.
constexpr Reading kReadings[] = {
    {Physical::kBoolean, Any, TypeId::kBoolean, "$"},
    {Physical::kFloat, Any, TypeId::kFloat, "$"},
    {Physical::kFloat, Any, TypeId::kDouble, "$"},
    {Physical::kDouble, Any, TypeId::kDouble, "$"},
    {Physical::kInt96, Any, TypeId::kTimestamp, "$"},
    {Physical::kInt96, Any, TypeId::kTimestampNtz, "$"},
    {Physical::kInt32, IsDate, TypeId::kDate, "$"},
    {Physical::kInt32, IsDate, TypeId::kTimestampNtz, "$"},
    {Physical::kInt32, IsSigned<8>, TypeId::kByte, "$"},
    {Physical::kInt32, IsSigned<8>, TypeId::kShort, "$"},
    {Physical::kInt32, IsSigned<16>, TypeId::kShort, "$"},
    {Physical::kInt32, IsUnsigned<8>, TypeId::kShort, "$"},
    {Physical::kInt32, IsUnsigned<32>, TypeId::kLong, "$"},
    {Physical::kInt32, DecimalFits, TypeId::kDecimal, "$"},
    {Physical::kInt64, DecimalFits, TypeId::kDecimal, "$"},
    {Physical::kInt64, IsUnsignedLong, TypeId::kDecimal, "$"},
    // DuckDB's cast from TIMESTAMP WITH TIME ZONE asks ICU for each value.
    {Physical::kInt64, IsPoint, TypeId::kTimestamp, "make_timestamp(epoch_us($))"},
    {Physical::kInt64, IsPoint, TypeId::kTimestampNtz, "make_timestamp(epoch_us($))"},
    {Physical::kInt64, IsLocal, TypeId::kTimestamp, "$"},
    {Physical::kInt64, IsLocal, TypeId::kTimestampNtz, "$"},
    {Physical::kInt64, IsTimeOfMicros, TypeId::kTime, "CAST(epoch_ns($) AS BIGINT)"},
    {Physical::kBinary, DecimalFits, TypeId::kDecimal, "$"},
    {Physical::kBinary, IsText, TypeId::kString, "$"},
    {Physical::kBinary, IsText, TypeId::kBinary, "encode(CAST($ AS VARCHAR))"},
    {Physical::kBinary, IsBytes, TypeId::kBinary, "$"},
    {Physical::kFixed, DecimalFits, TypeId::kDecimal, "$"},
    {Physical::kFixed, IsPlain, TypeId::kBinary, "$"},
    {Physical::kFixed, IsUuid, TypeId::kBinary, "unhex(replace(CAST($ AS VARCHAR), '-', ''))"},
};

// Spark reads the number that a file holds, whatever its annotation says that it means: days of dates, units of times, a
// decimal's digits. `$` is that number. Of narrower types it takes the lowest bits.
constexpr Reading kIntegerReadings[] = {
    {Physical::kInt32, Any, TypeId::kByte, "CAST(xor($ & 255, 128) - 128 AS TINYINT)"},
    {Physical::kInt32, Any, TypeId::kShort, "CAST(xor($ & 65535, 32768) - 32768 AS SMALLINT)"},
    {Physical::kInt32, Any, TypeId::kInteger, "$"},
    {Physical::kInt32, Any, TypeId::kLong, "$"},
    {Physical::kInt32, Any, TypeId::kDouble, "$"},
    {Physical::kInt32, Any, TypeId::kDate, "(DATE '1970-01-01' + CAST($ AS INTEGER))"},
    {Physical::kInt32, Any, TypeId::kYearMonthInterval, "$"},
    {Physical::kInt64, Any, TypeId::kLong, "$"},
    {Physical::kInt64, Any, TypeId::kDayTimeInterval, "$"},
};

const Reading* Find(std::span<const Reading> readings, const Element& element, const DataType& wanted) {
  for (const Reading& reading : readings) {
    if (reading.physical == element.type && wanted.Is(reading.wanted) && reading.of(element, wanted)) return &reading;
  }
  return nullptr;
}

/// DuckDB's type for a column of a file; empty for those which have no equal among the storage types.
std::string DuckTypeOf(const Element& e) {
  if (e.annotation == Annotation::kDecimal) return functions::DuckType(DataType::Decimal(e.precision, e.scale));
  const DataType any;
  switch (*e.type) {
    case Physical::kBoolean:
      return "BOOLEAN";
    case Physical::kFloat:
      return "FLOAT";
    case Physical::kDouble:
      return "DOUBLE";
    case Physical::kInt96:
      return "TIMESTAMP";
    case Physical::kInt32:
      if (e.annotation == Annotation::kNone || IsSigned<32>(e, any)) return "INTEGER";
      if (IsSigned<8>(e, any)) return "TINYINT";
      if (IsSigned<16>(e, any)) return "SMALLINT";
      return IsDate(e, any) ? "DATE" : "";
    case Physical::kInt64:
      if (e.annotation == Annotation::kNone || IsSigned<64>(e, any)) return "BIGINT";
      return IsLocal(e, any) ? "TIMESTAMP" : "";
    case Physical::kBinary:
      if (e.annotation == Annotation::kString) return "VARCHAR";
      return e.annotation == Annotation::kNone ? "BLOB" : "";
    case Physical::kFixed:
      return e.annotation == Annotation::kNone ? "BLOB" : "";
  }
  return "";
}

/// The number that the file holds, from what DuckDB makes of it; none: that can't be told.
std::optional<std::string> StoredInteger(const Element& e, const std::string& value) {
  switch (e.annotation) {
    case Annotation::kNone:
      return value;
    case Annotation::kUnknown:
      return "CAST(NULL AS INTEGER)";
    case Annotation::kInteger:
      // Spark fails as well, where such values are encoded by a dictionary.
      if (!e.is_signed && e.bits >= 32) return std::nullopt;
      return e.bits == 64 ? value : Cat("CAST(", value, " AS INTEGER)");
    case Annotation::kDate:
      return Cat("(", value, " - DATE '1970-01-01')");
    case Annotation::kDecimal:
      return Cat("CAST(", value, " * CAST(1", std::string(e.scale, '0'), " AS DECIMAL(", e.scale + 1,
                 ",0)) AS BIGINT)");
    case Annotation::kTime:
    case Annotation::kTimestamp:
      if (e.unit == ParquetUnit::kMillis) return Cat("epoch_ms(", value, ")");
      if (e.unit == ParquetUnit::kMicros) return Cat("epoch_us(", value, ")");
      if (e.annotation == Annotation::kTimestamp && !e.is_utc) return Cat("epoch_ns(", value, ")");
      return std::nullopt;  // DuckDB cuts them to microseconds
    default:
      return std::nullopt;
  }
}

/// The columns of files that have one schema.
class Columns {
 public:
  Columns(const Element& root, std::string first_file, bool case_sensitive, functions::Lowering& lowering)
      : root_(root), file_(std::move(first_file)), case_sensitive_(case_sensitive), lowering_(lowering) {}

  /// The SQL of a column that Spark calls so, in its storage type.
  Result<std::string> Sql(const StructField& field) {
    Result<std::string> sql = FieldSql(root_, field, [](size_t i) { return Cat("p", i); });
    // Only who reads such a column finds out.
    if (!sql.ok() && sql.error().condition().starts_with("FAILED_READ_FILE"))
      return lowering_.Fail(sql.error(), field.type);
    return sql;
  }

 private:
  template <typename ValueOf>
  Result<std::string> FieldSql(const Element& group, const StructField& field, ValueOf value_of) {
    std::optional<size_t> found;
    for (size_t i = 0; i < group.children.size(); ++i) {
      const std::string& name = group.children[i].name;
      if (case_sensitive_ ? name != field.name : !EqualsIgnoreCase(name, field.name)) continue;
      if (found) return ReadFailure("NO_HINT", file_, Cat("several columns are called ", field.name));
      found = i;
    }
    if (!found) return Cat("CAST(NULL AS ", functions::DuckType(field.type), ")");
    const Element& child = group.children[*found];
    if (child.repetition != ParquetRepetition::kRepeated) return ValueSql(child, field.type, value_of(*found));
    if (!field.type.Is(TypeId::kArray)) return Mismatch(child, field.type);
    return ListSql(child, field.type, value_of(*found), true);
  }

  Result<std::string> ValueSql(const Element& element, const DataType& wanted, const std::string& value) {
    path_.push_back(element.name);
    Result<std::string> sql = element.IsGroup() ? GroupSql(element, wanted, value) : ColumnSql(element, wanted, value);
    path_.pop_back();
    return sql;
  }

  Result<std::string> GroupSql(const Element& group, const DataType& wanted, const std::string& value) {
    switch (group.annotation) {
      case Annotation::kNone:
        if (wanted.Is(TypeId::kStruct)) return StructSql(group, wanted, value, false);
        break;
      case Annotation::kList: {
        const auto list = ListElementOf(group);
        if (!list || !wanted.Is(TypeId::kArray)) break;
        if (list->is_repeated) return ListSql(*list->element, wanted, value, true);
        path_.push_back(group.children[0].name);
        Result<std::string> sql = ListSql(*list->element, wanted, value, false);
        path_.pop_back();
        return sql;
      }
      case Annotation::kMap:
      case Annotation::kMapKeyValue: {
        const auto map = MapElementsOf(group);
        if (!map || !wanted.Is(TypeId::kMap)) break;
        path_.push_back(group.children[0].name);
        Result<std::string> sql = MapSql(*map, wanted, value);
        path_.pop_back();
        return sql;
      }
      default:
        return Error::Unsupported("reading Parquet columns of type " + group.TypeText());
    }
    return ReadFailure("NO_HINT", file_, "a group of columns is read as " + TypeSql(wanted));
  }

  /// `pulled_up`: DuckDB gives the only field of a repeated group without a struct around it.
  Result<std::string> StructSql(const Element& group, const DataType& wanted, const std::string& value,
                                bool pulled_up) {
    const std::vector<std::string> names = functions::DuckFieldNames(wanted);
    const auto value_of = [&](size_t i) {
      return pulled_up ? value : Cat("struct_extract_at(", value, ", ", i + 1, ")");
    };
    bool as_it_is = !pulled_up && names.size() == group.children.size() && !wanted.fields().empty();
    std::string fields;
    for (size_t i = 0; i < wanted.fields().size(); ++i) {
      FS_TRY(const std::string field, FieldSql(group, wanted.fields()[i], value_of));
      as_it_is = as_it_is && field == value_of(i) && names[i] == group.children[i].name;
      Append(fields, std::string_view(i > 0 ? ", " : ""), QuoteName(names[i]), " := ", field);
    }
    if (as_it_is) return value;
    if (wanted.fields().empty()) fields = QuoteName(names[0]) + " := CAST(NULL AS BOOLEAN)";
    if (pulled_up) return Cat("struct_pack(", fields, ")");
    return Cat("CASE WHEN ", value, " IS NOT NULL THEN struct_pack(", fields, ") END");
  }

  Result<std::string> ListSql(const Element& element, const DataType& wanted, const std::string& value,
                              bool is_repeated) {
    const std::string variable = Cat("e", path_.size());
    const bool pulled_up = is_repeated && element.IsGroup() && element.annotation == Annotation::kNone &&
                           element.children.size() == 1 && wanted.element().Is(TypeId::kStruct);
    FS_TRY(const std::string each, pulled_up ? StructSql(element, wanted.element(), variable, true)
                                             : ValueSql(element, wanted.element(), variable));
    return each == variable ? value : Cat("list_transform(", value, ", lambda ", variable, ": ", each, ")");
  }

  Result<std::string> MapSql(const ParquetMapElements& map, const DataType& wanted, const std::string& value) {
    const std::string variable = Cat("e", path_.size());
    const std::string key_before = variable + ".key", value_before = variable + ".value";
    FS_TRY(const std::string key_after, ValueSql(*map.key, wanted.key(), key_before));
    FS_TRY(const std::string value_after, ValueSql(*map.value, wanted.value(), value_before));
    if (key_after == key_before && value_after == value_before) return value;
    return Cat("map_from_entries(list_transform(map_entries(", value, "), lambda ", variable,
               ": struct_pack(k := ", key_after, ", v := ", value_after, ")))");
  }

  Result<std::string> ColumnSql(const Element& element, const DataType& wanted, const std::string& value) {
    if (wanted.Is(TypeId::kNull)) return std::string("CAST(NULL AS INTEGER)");
    if (wanted.Is(TypeId::kStruct)) return ReadFailure("NO_HINT", file_, "a column is read as a struct");
    if (element.type == Physical::kBinary && wanted.Is(TypeId::kString) && IsBytes(element, wanted))
      return lowering_.CastSql(value, TypeId::kBinary, TypeId::kString, logical::EvalMode::kLegacy, {});
    if (const Reading* reading = Find(kReadings, element, wanted))
      return Filled(reading->sql, value, DuckTypeOf(element), wanted);
    if (const Reading* reading = Find(kIntegerReadings, element, wanted)) {
      const std::optional<std::string> stored = StoredInteger(element, value);
      if (stored) return Filled(reading->sql, *stored, *stored == value ? DuckTypeOf(element) : "", wanted);
      if (element.annotation != Annotation::kInteger) return Unreadable(element, wanted);
    }
    // Spark gives the bytes; DuckDB has made a number of them.
    if (element.type == Physical::kFixed && wanted.Is(TypeId::kBinary)) return Unreadable(element, wanted);
    return Mismatch(element, wanted);
  }

  static std::string Filled(std::string_view sql, const std::string& value, const std::string& type,
                            const DataType& wanted) {
    const std::string wanted_type = functions::DuckType(wanted);
    if (sql == "$") return type == wanted_type ? value : Cat("CAST(", value, " AS ", wanted_type, ")");
    const size_t at = sql.find('$');
    return Cat(sql.substr(0, at), value, sql.substr(at + 1));
  }

  static Error Unreadable(const Element& element, const DataType& wanted) {
    return Error::Unsupported(Cat("reading Parquet columns of type ", element.TypeText(), " as ", TypeSql(wanted)));
  }

  Error Mismatch(const Element& element, const DataType& wanted) const {
    std::string path;
    for (const std::string& name : path_) Append(path, std::string_view(path.empty() ? "" : ", "), name);
    return Error::Condition("FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH",
                            {{"path", "file://" + file_},
                             {"column", "[" + path + "]"},
                             {"expectedType", TypeCatalogString(wanted)},
                             {"actualType", element.PhysicalText()}})
        .As(ErrorClass::kSpark);
  }

  const Element& root_;
  const std::string file_;
  const bool case_sensitive_;
  functions::Lowering& lowering_;
  std::vector<std::string> path_;  // names of the groups around what is being read
};

/// Files that follow one another and have one schema.
struct Group {
  std::shared_ptr<const Element> schema;
  std::vector<std::string> files;
};

bool SameSchema(const std::shared_ptr<const Element>& a, const std::shared_ptr<const Element>& b) {
  return a == b || *a == *b;
}

std::string ReaderSql(const Group& group) {
  std::string sql = "read_parquet(" + FileArray(group.files) + ") AS t(";
  // By position: DuckDB gives other names where the file's are alike.
  for (size_t i = 0; i < group.schema->children.size(); ++i) Append(sql, std::string_view(i > 0 ? ", p" : "p"), i);
  return sql + ")";
}

}  // namespace

Result<logical::Scan> ParquetFilesBySchema(logical::Scan scan) {
  std::vector<std::pair<std::shared_ptr<const Element>, std::vector<size_t>>> groups;
  for (size_t i = 0; i < scan.files.size(); ++i) {
    FS_TRY(const std::shared_ptr<const ParquetFooter> footer, ReadParquetFooter(scan.files[i]));
    if (footer == nullptr) continue;
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return SameSchema(g.first, footer->schema); });
    if (group == groups.end()) group = groups.insert(group, {footer->schema, {}});
    group->second.push_back(i);
  }
  std::vector<std::string> files;
  std::vector<std::vector<Value>> partition_values;
  for (const auto& [schema, indices] : groups) {
    for (size_t i : indices) {
      files.push_back(std::move(scan.files[i]));
      if (!scan.partition_values.empty()) partition_values.push_back(std::move(scan.partition_values[i]));
    }
  }
  scan.files = std::move(files);
  scan.partition_values = std::move(partition_values);
  return scan;
}

Result<ScanSource> ParquetSource(const logical::Scan& scan, const std::vector<bool>& wanted,
                                 functions::Lowering& lowering) {
  const SourceOptions options(scan.options);
  FS_CHECK(options.Refuse({{"ignorecorruptfiles", "false"}, {"ignoremissingfiles", "false"}}));
  const bool case_sensitive = options.Flag("sql.casesensitive", false);
  const auto& fields = scan.data_schema.fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (wanted[i] && (fields[i].type.Is(TypeId::kVariant) || fields[i].type.Is(TypeId::kCalendarInterval)))
      return Error::Unsupported("reading Parquet columns of type " + TypeSql(fields[i].type));
  }
  std::vector<Group> groups;
  for (const std::string& file : scan.files) {
    FS_TRY(const std::shared_ptr<const ParquetFooter> footer, ReadParquetFooter(file));
    if (groups.empty() || !SameSchema(groups.back().schema, footer->schema)) groups.push_back({footer->schema, {}});
    groups.back().files.push_back(file);
  }
  ScanSource source;
  size_t first_file = 0;
  for (const Group& group : groups) {
    Columns columns(*group.schema, group.files[0], case_sensitive, lowering);
    std::vector<std::string> values(fields.size());
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!wanted[i]) continue;
      FS_TRY(values[i], columns.Sql(fields[i]));
    }
    if (groups.size() == 1) return ScanSource{ReaderSql(group), std::move(values), {}};
    // Of a union of which nothing is read DuckDB keeps the first column: one that can't fail.
    Append(source.from, std::string_view(first_file == 0 ? "(SELECT " : " UNION ALL SELECT "), "file_index + ",
           first_file, " AS file_index, file_row_number");
    for (size_t i = 0; i < fields.size(); ++i) {
      if (wanted[i]) Append(source.from, ", ", values[i], " AS v", i);
    }
    Append(source.from, " FROM ", ReaderSql(group));
    first_file += group.files.size();
  }
  source.from += ")";
  for (size_t i = 0; i < fields.size(); ++i) source.columns.push_back(Cat("v", i));
  return source;
}

}  // namespace firesteel::physical
