// Values as CSV and JSON hold them.
#include "functions/row_text.h"

#include <algorithm>
#include <cmath>

#include "functions/java_formatter.h"
#include "functions/variant_cast.h"
#include "types/datetime.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

Result<std::shared_ptr<const DateTimePattern>> Compile(const std::string& pattern) {
  FS_TRY(DateTimePattern compiled, DateTimePattern::Compile(pattern, DateTimePattern::Use::kFormat));
  return std::make_shared<const DateTimePattern>(std::move(compiled));
}

}  // namespace

RowTextOptions RowTextOptions::From(const SourceOptions& options, const std::string& time_zone) {
  RowTextOptions text;
  text.time_zone = options.Text("timezone", time_zone);
  text.date_format = options.Text("dateformat", text.date_format);
  text.timestamp_format = options.Text("timestampformat", text.timestamp_format);
  text.timestamp_ntz_format = options.Text("timestampntzformat", text.timestamp_ntz_format);
  text.ignore_null_fields = options.Flag("ignorenullfields", true);
  text.sort_keys = options.Flag("sortkeys", false);
  text.pretty = options.Flag("pretty", false);
  return text;
}

Result<std::shared_ptr<const RowText>> RowText::Make(const DataType& type, const RowTextOptions& options) {
  auto made = std::make_shared<RowText>();
  made->ignore_null_fields_ = options.ignore_null_fields;
  made->pretty_ = options.pretty;
  made->sort_keys_ = options.sort_keys;
  made->time_zone_ = options.time_zone;
  made->ntz_utc_ = FindTimeZoneOrNull("UTC");
  FS_TRY(made->zone_, FindTimeZone(options.time_zone));
  FS_TRY(made->date_, Compile(options.date_format));
  FS_TRY(made->timestamp_, Compile(options.timestamp_format));
  FS_TRY(made->timestamp_ntz_, Compile(options.timestamp_ntz_format));
  FS_CHECK(made->AddCasts(type, options.time_zone));
  return std::shared_ptr<const RowText>(std::move(made));
}

// Every type within that is written as a cast writes it gets its cast made ready.
Status RowText::AddCasts(const DataType& type, const std::string& time_zone) {
  if (type.Is(TypeId::kArray)) return AddCasts(type.element(), time_zone);
  if (type.Is(TypeId::kMap)) {
    FS_CHECK(AddCasts(type.key(), time_zone));
    return AddCasts(type.value(), time_zone);
  }
  if (type.Is(TypeId::kStruct)) {
    for (const StructField& field : type.fields()) FS_CHECK(AddCasts(field.type, time_zone));
    return {};
  }
  if (type.Is(TypeId::kVariant)) return {};
  if (type.Is(TypeId::kUdt)) return Error::Unsupported("writing user-defined types as text");
  for (const auto& [of, text] : casts_) {
    if (of == type) return {};
  }
  FS_TRY(std::shared_ptr<const CellText> text, CellText::Make(type, time_zone));
  casts_.emplace_back(type, std::move(text));
  return {};
}

void RowText::AppendPlain(const Cell& cell, std::string& out) const {
  NumberBuffer buffer;
  const DataType& type = cell.type();
  switch (type.id()) {
    case TypeId::kString:
      out += cell.vector->StringAt(cell.row);
      return;
    case TypeId::kDate:
      date_->Format(int64_t{cell.vector->At<int32_t>(cell.row)} * kMicrosPerDay, *ntz_utc_, out);
      return;
    case TypeId::kTimestamp:
      timestamp_->Format(cell.vector->At<int64_t>(cell.row), *zone_, out);
      return;
    case TypeId::kTimestampNtz:
      timestamp_ntz_->Format(cell.vector->At<int64_t>(cell.row), *ntz_utc_, out);
      return;
    case TypeId::kDecimal:
      out += DecimalPlainText(cell.vector->DecimalAt(cell.row), type.scale(), buffer);
      return;
    default:  // as a cast to STRING
      for (const auto& [of, text] : casts_) {
        if (of == type) return text->Append(cell, out);
      }
  }
}

Status RowText::AppendJson(const Cell& cell, JsonGenerator& json) const {
  if (cell.IsNull()) {
    json.RawValue("null");
    return {};
  }
  const DataType& type = cell.type();
  switch (type.id()) {
    case TypeId::kNull:
      json.RawValue("null");
      return {};
    case TypeId::kFloat:
    case TypeId::kDouble: {
      const double value =
          type.Is(TypeId::kFloat) ? cell.vector->At<float>(cell.row) : cell.vector->At<double>(cell.row);
      if (!std::isfinite(value)) {
        json.String(std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        return {};
      }
      [[fallthrough]];
    }
    case TypeId::kBoolean:
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kDecimal: {
      std::string number;
      AppendPlain(cell, number);
      json.RawValue(number);
      return {};
    }
    case TypeId::kString:
      json.String(cell.vector->StringAt(cell.row));
      return {};
    case TypeId::kBinary:
      json.Base64(cell.vector->StringAt(cell.row));
      return {};
    case TypeId::kArray:
      json.StartArray();
      for (uint64_t i = 0; i < cell.ListSize(); ++i) FS_CHECK(AppendJson(cell.Element(i), json));
      json.EndArray();
      return {};
    case TypeId::kMap:
    case TypeId::kStruct:
      return AppendObject(cell, json);
    case TypeId::kVariant: {
      VariantReader reader = ReaderOf(cell);
      FS_TRY(const VariantNode root, reader.Root());
      std::string text;
      FS_CHECK(reader.AppendJson(root, time_zone_, text));
      json.RawValue(text);
      return {};
    }
    default: {
      std::string text;
      AppendPlain(cell, text);
      json.String(text);
      return {};
    }
  }
}

Status RowText::AppendObject(const Cell& cell, JsonGenerator& json) const {
  std::vector<std::string> keys;  // of a map
  std::vector<std::pair<std::string_view, Cell>> members;
  if (cell.type().Is(TypeId::kMap)) {
    keys.resize(cell.ListSize());
    for (uint64_t i = 0; i < keys.size(); ++i) {
      const Cell entry = cell.Element(i);
      if (!AppendJavaText(entry.Field(0), keys[i]).ok()) AppendPlain(entry.Field(0), keys[i]);
      members.emplace_back(keys[i], entry.Field(1));
    }
  } else {
    members.reserve(cell.type().fields().size());
    for (size_t i = 0; i < cell.type().fields().size(); ++i) {
      const Cell field = cell.Field(i);
      if (!ignore_null_fields_ || !field.IsNull()) members.emplace_back(cell.type().fields()[i].name, field);
    }
  }
  if (sort_keys_) std::ranges::stable_sort(members, {}, &std::pair<std::string_view, Cell>::first);
  json.StartObject();
  for (const auto& [name, value] : members) {
    json.Name(name);
    FS_CHECK(AppendJson(value, json));
  }
  json.EndObject();
  return {};
}

}  // namespace firesteel::functions
