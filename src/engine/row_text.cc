// Values as CSV and JSON files hold them.
#include "engine/row_text.h"

#include <cmath>

#include "functions/cast.h"
#include "types/datetime_pattern.h"
#include "types/number_text.h"

namespace firesteel::engine {
namespace {

using functions::Cell;
using functions::KernelContext;
using functions::ScalarKernel;

constexpr int64_t kMicrosPerDay = 86'400'000'000;

class RowText {
 public:
  static Result<std::shared_ptr<const RowText>> Make(const DataType& type, const RowTextOptions& options) {
    auto made = std::make_shared<RowText>();
    made->ignore_null_fields_ = options.ignore_null_fields;
    made->ntz_utc_ = FindTimeZoneOrNull("UTC");
    FS_TRY(made->zone_, FindTimeZone(options.time_zone));
    FS_TRY(made->date_, Compile(options.date_format));
    FS_TRY(made->timestamp_, Compile(options.timestamp_format));
    FS_TRY(made->timestamp_ntz_, Compile(options.timestamp_ntz_format));
    FS_CHECK(made->AddCasts(type, options.time_zone));
    return std::shared_ptr<const RowText>(std::move(made));
  }

  /// The text that stands for a value, without quotes.
  void AppendPlain(const Cell& cell, std::string& out) const {
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

  void AppendJson(const Cell& cell, std::string& out) const {
    if (cell.IsNull()) {
      out += "null";
      return;
    }
    const DataType& type = cell.type();
    switch (type.id()) {
      case TypeId::kNull:
        out += "null";
        return;
      case TypeId::kFloat:
      case TypeId::kDouble: {
        const double value =
            type.Is(TypeId::kFloat) ? cell.vector->At<float>(cell.row) : cell.vector->At<double>(cell.row);
        if (std::isfinite(value)) return AppendPlain(cell, out);
        out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
        return;
      }
      case TypeId::kBoolean:
      case TypeId::kByte:
      case TypeId::kShort:
      case TypeId::kInteger:
      case TypeId::kLong:
      case TypeId::kDecimal:
        return AppendPlain(cell, out);
      case TypeId::kBinary:
        return AppendBase64(cell.vector->StringAt(cell.row), out);
      case TypeId::kArray:
        out += '[';
        for (uint64_t i = 0; i < cell.ListSize(); ++i) {
          if (i > 0) out += ',';
          AppendJson(cell.Element(i), out);
        }
        out += ']';
        return;
      case TypeId::kMap:
        out += '{';
        for (uint64_t i = 0; i < cell.ListSize(); ++i) {
          if (i > 0) out += ',';
          const Cell entry = cell.Element(i);
          std::string key;
          AppendPlain(entry.Field(0), key);
          AppendQuoted(key, out);
          out += ':';
          AppendJson(entry.Field(1), out);
        }
        out += '}';
        return;
      case TypeId::kStruct: {
        out += '{';
        bool first = true;
        for (size_t i = 0; i < type.fields().size(); ++i) {
          const Cell field = cell.Field(i);
          if (ignore_null_fields_ && field.IsNull()) continue;
          if (!first) out += ',';
          first = false;
          AppendQuoted(type.fields()[i].name, out);
          out += ':';
          AppendJson(field, out);
        }
        out += '}';
        return;
      }
      default: {
        std::string text;
        AppendPlain(cell, text);
        AppendQuoted(text, out);
      }
    }
  }

 private:
  static Result<std::shared_ptr<const DateTimePattern>> Compile(const std::string& pattern) {
    FS_TRY(DateTimePattern compiled, DateTimePattern::Compile(pattern, DateTimePattern::Use::kFormat));
    return std::make_shared<const DateTimePattern>(std::move(compiled));
  }

  // Every type within that is written as a cast writes it gets its cast made ready.
  Status AddCasts(const DataType& type, const std::string& time_zone) {
    if (type.Is(TypeId::kArray)) return AddCasts(type.element(), time_zone);
    if (type.Is(TypeId::kMap)) {
      FS_CHECK(AddCasts(type.key(), time_zone));
      return AddCasts(type.value(), time_zone);
    }
    if (type.Is(TypeId::kStruct)) {
      for (const StructField& field : type.fields()) FS_CHECK(AddCasts(field.type, time_zone));
      return {};
    }
    if (type.Is(TypeId::kVariant) || type.Is(TypeId::kUdt))
      return Error::Unsupported("writing VARIANT and user-defined types as text");
    for (const auto& [of, text] : casts_) {
      if (of == type) return {};
    }
    FS_TRY(std::shared_ptr<const functions::CellText> text, functions::CellText::Make(type, time_zone));
    casts_.emplace_back(type, std::move(text));
    return {};
  }

  static void AppendQuoted(std::string_view text, std::string& out) {
    out += '"';
    for (char c : text) {
      switch (c) {
        case '"':
          out += "\\\"";
          break;
        case '\\':
          out += "\\\\";
          break;
        case '\n':
          out += "\\n";
          break;
        case '\r':
          out += "\\r";
          break;
        case '\t':
          out += "\\t";
          break;
        case '\b':
          out += "\\b";
          break;
        case '\f':
          out += "\\f";
          break;
        default:
          if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += "0123456789ABCDEF"[c >> 4];
            out += "0123456789ABCDEF"[c & 15];
          } else {
            out += c;
          }
      }
    }
    out += '"';
  }

  static void AppendBase64(std::string_view bytes, std::string& out) {
    constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out += '"';
    for (size_t i = 0; i < bytes.size(); i += 3) {
      const size_t here = std::min<size_t>(3, bytes.size() - i);
      uint32_t group = 0;
      for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < here ? static_cast<unsigned char>(bytes[i + k]) : 0);
      for (size_t k = 0; k < 4; ++k) out += k <= here ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
    out += '"';
  }

  bool ignore_null_fields_ = true;
  const TimeZone* zone_ = nullptr;
  const TimeZone* ntz_utc_ = nullptr;
  std::shared_ptr<const DateTimePattern> date_, timestamp_, timestamp_ntz_;
  std::vector<std::pair<DataType, std::shared_ptr<const functions::CellText>>> casts_;
};

template <bool kJson>
Status Run(const KernelContext& context, size_t rows, std::span<const InputVector> arguments, OutputVector& result) {
  const auto& text = context.Prepared<RowText>();
  std::string out;
  for (size_t row = 0; row < rows; ++row) {
    const Cell cell{&arguments[0], row};
    if (cell.IsNull()) {
      result.SetNull(row);
      continue;
    }
    out.clear();
    if constexpr (kJson)
      text.AppendJson(cell, out);
    else
      text.AppendPlain(cell, out);
    result.SetString(row, out);
  }
  return {};
}

Result<physical::KernelUse> Use(const std::string& name, ScalarKernel kernel, const DataType& type,
                                const RowTextOptions& options) {
  auto context = std::make_shared<KernelContext>();
  context->argument_types = {type};
  context->result_type = TypeId::kString;
  context->constants.resize(1);
  context->time_zone = options.time_zone;
  FS_TRY(context->prepared, RowText::Make(type, options));
  physical::KernelUse use;
  use.name = name;
  use.kernel = kernel;
  use.context = std::move(context);
  return use;
}

}  // namespace

Result<physical::KernelUse> CsvFieldKernel(const std::string& name, const DataType& type,
                                           const RowTextOptions& options) {
  return Use(name, {Run<false>, nullptr}, type, options);
}

Result<physical::KernelUse> JsonRowKernel(const std::string& name, const DataType& type,
                                          const RowTextOptions& options) {
  return Use(name, {Run<true>, nullptr}, type, options);
}

}  // namespace firesteel::engine
