// Values as CAST(… AS STRING) shows them: Spark's ToStringBase.
#include "base/cat.h"
#include "functions/cast.h"
#include "functions/interval_cast.h"
#include "functions/variant_cast.h"
#include "types/datetime.h"
#include "types/number_text.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

/// Bytes that are not UTF-8 as U+FFFD, like Java's decoder: DuckDB's strings must be valid.
void AppendValidUtf8(std::string_view bytes, std::string& text) {
  for (size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    size_t length = lead < 0x80                   ? 1
                    : lead >= 0xC2 && lead < 0xE0 ? 2
                    : lead >= 0xE0 && lead < 0xF0 ? 3
                    : lead >= 0xF0 && lead < 0xF5 ? 4
                                                  : 0;
    bool valid = length != 0 && i + length <= bytes.size();
    for (size_t k = 1; valid && k < length; ++k) valid = (static_cast<unsigned char>(bytes[i + k]) & 0xC0) == 0x80;
    if (valid && length >= 3) {
      const auto second = static_cast<unsigned char>(bytes[i + 1]);
      const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
      const bool beyond = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
      valid = !overlong && !beyond;
    }
    if (valid) {
      text.append(bytes.substr(i, length));
      i += length;
    } else {
      text.append("\xEF\xBF\xBD");
      ++i;
    }
  }
}

class FlatText final : public CellText {
 public:
  FlatText(DataType type, const TimeZone* zone, bool plain_decimals)
      : type_(std::move(type)), zone_(zone), plain_decimals_(plain_decimals) {}

  void Append(const Cell& cell, std::string& text) const override {
    const InputVector& v = *cell.vector;
    NumberBuffer number;
    DateTimeBuffer time;
    if (v.IsNull(cell.row)) {
      text += "null";
      return;
    }
    switch (type_.id()) {
      case TypeId::kBoolean:
        text += v.At<uint8_t>(cell.row) != 0 ? "true" : "false";
        break;
      case TypeId::kByte:
        text += IntegerText(v.At<int8_t>(cell.row), number);
        break;
      case TypeId::kShort:
        text += IntegerText(v.At<int16_t>(cell.row), number);
        break;
      case TypeId::kInteger:
        text += IntegerText(v.At<int32_t>(cell.row), number);
        break;
      case TypeId::kLong:
        text += IntegerText(v.At<int64_t>(cell.row), number);
        break;
      case TypeId::kFloat:
        text += FloatText(v.At<float>(cell.row), number);
        break;
      case TypeId::kDouble:
        text += DoubleText(v.At<double>(cell.row), number);
        break;
      case TypeId::kDecimal: {
        const int128_t value = v.DecimalAt(cell.row);
        text += plain_decimals_ ? DecimalPlainText(value, type_.scale(), number)
                                : DecimalText(value, type_.scale(), number);
        break;
      }
      case TypeId::kString:
        text += v.StringAt(cell.row);
        break;
      case TypeId::kBinary:
        AppendValidUtf8(v.StringAt(cell.row), text);
        break;
      case TypeId::kDate:
        text += DateText(v.At<int32_t>(cell.row), time);
        break;
      case TypeId::kTime:
        text += TimeText(v.At<int64_t>(cell.row), time);
        break;
      case TypeId::kTimestamp:
        text += TimestampText(zone_->ToLocalMicros(v.At<int64_t>(cell.row)), time);
        break;
      case TypeId::kTimestampNtz:
        text += TimestampText(v.At<int64_t>(cell.row), time);
        break;
      default:
        text += "null";
        break;
    }
  }

 private:
  DataType type_;
  const TimeZone* zone_;
  bool plain_decimals_;
};

using Part = std::shared_ptr<const CellText>;

/// How values inside of values are written.
struct Inner {
  std::string_view null = "null";
  void Append(const CellText& part, const Cell& cell, std::string& text) const {
    if (cell.IsNull()) {
      text += null;
    } else {
      part.Append(cell, text);
    }
  }
};

/// Bytes as [4A 0F].
class HexText final : public CellText {
 public:
  void Append(const Cell& cell, std::string& text) const override {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    text += '[';
    bool first = true;
    for (char c : cell.vector->StringAt(cell.row)) {
      if (!first) text += ' ';
      first = false;
      text += kDigits[static_cast<unsigned char>(c) >> 4];
      text += kDigits[static_cast<unsigned char>(c) & 15];
    }
    text += ']';
  }
};

/// A variant's JSON in UTC, as its Java object shows itself; of bytes that are none what could be read.
class VariantText final : public CellText {
 public:
  void Append(const Cell& cell, std::string& text) const override {
    if (cell.IsNull()) {
      text += "null";
      return;
    }
    VariantReader reader = ReaderOf(cell);
    if (const auto root = reader.Root(); root.ok()) (void)reader.AppendJson(*root, "UTC", text);
  }
};

class ArrayText final : public CellText {
 public:
  ArrayText(Part element, Inner inner) : element_(std::move(element)), inner_(inner) {}
  void Append(const Cell& cell, std::string& text) const override {
    if (cell.IsNull()) {
      text += "null";
      return;
    }
    text += '[';
    for (uint64_t i = 0; i < cell.ListSize(); ++i) {
      if (i > 0) text += ", ";
      inner_.Append(*element_, cell.Element(i), text);
    }
    text += ']';
  }

 private:
  Part element_;
  Inner inner_;
};

class MapText final : public CellText {
 public:
  MapText(Part key, Part value, Inner inner) : key_(std::move(key)), value_(std::move(value)), inner_(inner) {}
  void Append(const Cell& cell, std::string& text) const override {
    if (cell.IsNull()) {
      text += "null";
      return;
    }
    text += '{';
    for (uint64_t i = 0; i < cell.ListSize(); ++i) {
      if (i > 0) text += ", ";
      inner_.Append(*key_, cell.Element(i).Field(0), text);
      text += " -> ";
      inner_.Append(*value_, cell.Element(i).Field(1), text);
    }
    text += '}';
  }

 private:
  Part key_, value_;
  Inner inner_;
};

class StructText final : public CellText {
 public:
  StructText(std::vector<Part> fields, Inner inner) : fields_(std::move(fields)), inner_(inner) {}
  void Append(const Cell& cell, std::string& text) const override {
    if (cell.IsNull()) {
      text += "null";
      return;
    }
    text += '{';
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (i > 0) text += ", ";
      inner_.Append(*fields_[i], cell.Field(i), text);
    }
    text += '}';
  }

 private:
  std::vector<Part> fields_;
  Inner inner_;
};

}  // namespace

Result<Part> CellText::Make(const DataType& type, const std::string& time_zone, bool plain_decimals, bool shown) {
  const Inner inner{shown ? "NULL" : "null"};
  FS_TRY(const TimeZone* zone, FindTimeZone(time_zone));
  switch (type.id()) {
    case TypeId::kUdt:
      return Make(type.element(), time_zone, plain_decimals, shown);
    case TypeId::kArray: {
      FS_TRY(Part element, Make(type.element(), time_zone, plain_decimals, shown));
      return Part(std::make_shared<ArrayText>(std::move(element), inner));
    }
    case TypeId::kMap: {
      FS_TRY(Part key, Make(type.key(), time_zone, plain_decimals, shown));
      FS_TRY(Part value, Make(type.value(), time_zone, plain_decimals, shown));
      return Part(std::make_shared<MapText>(std::move(key), std::move(value), inner));
    }
    case TypeId::kStruct: {
      std::vector<Part> fields;
      for (const StructField& field : type.fields()) {
        FS_TRY(Part part, Make(field.type, time_zone, plain_decimals, shown));
        fields.push_back(std::move(part));
      }
      return Part(std::make_shared<StructText>(std::move(fields), inner));
    }
    case TypeId::kBinary:
      if (shown) return Part(std::make_shared<HexText>());
      return Part(std::make_shared<FlatText>(type, zone, plain_decimals));
    case TypeId::kVariant:
      return Part(std::make_shared<VariantText>());
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
      return MakeIntervalText(type);
    default:
      return Part(std::make_shared<FlatText>(type, zone, plain_decimals));
  }
}

}  // namespace firesteel::functions
