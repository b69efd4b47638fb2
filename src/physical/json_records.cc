// JSON records as rows.
#include "physical/json_records.h"

#include <simdjson.h>

#include <cmath>
#include <optional>

#include "physical/text_values.h"

namespace firesteel::physical {
namespace {

using functions::KernelContext;
using simdjson::dom::element;
using simdjson::dom::element_type;

constexpr int kNestingMax = 500;

struct Prepared {
  JsonOptions options;
  std::shared_ptr<const TextValues> values;
};

Result<std::shared_ptr<const void>> Prepare(const KernelContext& context) {
  auto prepared = std::make_shared<Prepared>();
  prepared->options = JsonOptions::Decode(context.constants[1]->As<std::string>());
  FS_TRY(prepared->values, TextValues::Make(TextValues::Formats::Decode(prepared->options.formats)));
  return std::shared_ptr<const void>(std::move(prepared));
}

// One document at a time; the parser's memory serves all of a thread.
simdjson::dom::parser& Parser() {
  static thread_local simdjson::dom::parser parser;
  return parser;
}

class RecordReader {
 public:
  RecordReader(const Prepared& prepared, const DataType& type) : prepared_(prepared), type_(type) {
    const auto& fields = type.fields();
    for (size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name == prepared.options.corrupt_column && fields[i].type.Is(TypeId::kString)) corrupt_ = i;
    }
  }

  /// False: dropped (DROPMALFORMED).
  Result<bool> Record(const std::optional<element>& document, std::string_view text, OutputVector& out,
                      size_t row) const {
    bool good = document && document->type() == element_type::OBJECT;
    if (good) {
      good = Struct(*document, type_, out, row, 0, corrupt_);
    } else {
      for (size_t i = 0; i < type_.fields().size(); ++i) {
        if (i != corrupt_) out.child(i).SetNull(row);
      }
    }
    if (!good && prepared_.options.mode == 'F') {
      return Error::Condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                              {{"badRecord", std::string(text)}, {"failFastMode", "FAILFAST"}})
          .As(ErrorClass::kSpark);
    }
    if (corrupt_) {
      if (good)
        out.child(*corrupt_).SetNull(row);
      else
        out.child(*corrupt_).SetString(row, text);
    }
    return good || prepared_.options.mode != 'D';
  }

 private:
  // All fields but `except`, which is written afterwards: what has been made null stays null.
  bool Struct(const element& value, const DataType& type, OutputVector& out, size_t row, int level,
              std::optional<size_t> except = std::nullopt) const {
    bool good = true;
    const auto& fields = type.fields();
    const auto object = value.get_object().value_unsafe();
    for (size_t i = 0; i < fields.size(); ++i) {
      if (i == except) continue;
      element field;
      if (object.at_key(fields[i].name).get(field) != simdjson::SUCCESS) {
        out.child(i).SetNull(row);
      } else if (!Cell(field, fields[i].type, out.child(i), row, level + 1)) {
        out.child(i).SetNull(row);
        good = false;
      }
    }
    return good;
  }

  // False: malformed; the caller writes the null.
  bool Cell(const element& value, const DataType& type, OutputVector& out, size_t row, int level) const {
    if (level > kNestingMax) return false;
    if (value.is_null()) {
      out.SetNull(row);
      return true;
    }
    switch (type.id()) {
      case TypeId::kString:
        if (value.is_string())
          out.SetString(row, value.get_string().value_unsafe());
        else
          out.SetString(row, simdjson::minify(value));
        return true;
      case TypeId::kBoolean: {
        bool flag;
        if (value.get_bool().get(flag) != simdjson::SUCCESS) return false;
        out.Data<uint8_t>()[row] = flag;
        return true;
      }
      case TypeId::kByte:
        return Integer<int8_t>(value, out, row);
      case TypeId::kShort:
        return Integer<int16_t>(value, out, row);
      case TypeId::kInteger:
        return Integer<int32_t>(value, out, row);
      case TypeId::kLong:
        return Integer<int64_t>(value, out, row);
      case TypeId::kFloat:
      case TypeId::kDouble: {
        double number;
        if (value.is_string()) {
          const std::string_view text = value.get_string().value_unsafe();
          // Only the names of what is not a number may stand in quotes.
          if (text != "NaN" && text.find("nf") == std::string_view::npos) return false;
          return prepared_.values->Read(text, out, row);
        }
        if (value.get_double().get(number) != simdjson::SUCCESS) return false;
        if (type.Is(TypeId::kDouble))
          out.Data<double>()[row] = number;
        else
          out.Data<float>()[row] = static_cast<float>(number);
        return true;
      }
      case TypeId::kDecimal:
        if (!value.is_number() && !value.is_string()) return false;
        if (value.is_string()) return prepared_.values->Read(value.get_string().value_unsafe(), out, row);
        return prepared_.values->Read(simdjson::minify(value), out, row);
      case TypeId::kDate:
      case TypeId::kTimestamp:
      case TypeId::kTimestampNtz:
      case TypeId::kTime:
        if (value.is_string()) return prepared_.values->Read(value.get_string().value_unsafe(), out, row);
        if (type.Is(TypeId::kTimestamp) && value.is_int64()) {  // seconds
          return !__builtin_mul_overflow(value.get_int64().value_unsafe(), int64_t{1'000'000},
                                         &out.Data<int64_t>()[row]);
        }
        return false;
      case TypeId::kArray: {
        if (!value.is_array()) return false;
        const auto items = value.get_array().value_unsafe();
        uint64_t at = out.AppendList(row, Count(items));
        bool good = true;
        for (const element item : items) {
          if (!Cell(item, type.element(), out.child(0), at, level + 1)) {
            out.child(0).SetNull(at);
            good = false;
          }
          ++at;
        }
        return good;
      }
      case TypeId::kMap: {
        if (!value.is_object() || !type.key().Is(TypeId::kString)) return false;
        const auto object = value.get_object().value_unsafe();
        uint64_t size = 0;
        for ([[maybe_unused]] const auto field : object) ++size;
        uint64_t at = out.AppendList(row, size);
        for (const auto field : object) {
          out.child(0).child(0).SetString(at, field.key);
          if (!Cell(field.value, type.value(), out.child(0).child(1), at, level + 1)) out.child(0).child(1).SetNull(at);
          ++at;
        }
        return true;
      }
      case TypeId::kStruct:
        return value.is_object() && Struct(value, type, out, row, level);
      case TypeId::kNull:
      case TypeId::kBinary:
      case TypeId::kCalendarInterval:
      case TypeId::kYearMonthInterval:
      case TypeId::kDayTimeInterval:
      case TypeId::kVariant:
      case TypeId::kUdt:
        return false;
    }
    return false;
  }

  static uint64_t Count(const simdjson::dom::array& items) {
    uint64_t size = 0;
    for ([[maybe_unused]] const element item : items) ++size;  // size() stops counting at 2^24
    return size;
  }

  template <typename T>
  static bool Integer(const element& value, OutputVector& out, size_t row) {
    int64_t number;
    if (!value.is_int64() || value.get_int64().get(number) != simdjson::SUCCESS || !std::in_range<T>(number))
      return false;
    out.Data<T>()[row] = static_cast<T>(number);
    return true;
  }

  const Prepared& prepared_;
  const DataType& type_;
  std::optional<size_t> corrupt_;
};

// A line or a file; the elements of an array are records of their own.
Status ReadRecords(const KernelContext& context, size_t rows, std::span<const InputVector> arguments,
                   OutputVector& result) {
  const RecordReader reader(context.Prepared<Prepared>(), context.result_type.element());
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].IsNull(row)) {
      result.SetNull(row);
      continue;
    }
    const std::string_view text = arguments[0].StringAt(row);
    std::vector<element> records;
    simdjson::dom::parser& parser = Parser();
    element document;
    if (parser.parse(text.data(), text.size(), true).get(document) == simdjson::SUCCESS) {
      if (document.is_array()) {
        const simdjson::dom::array items = document.get_array().value_unsafe();
        for (const element item : items) records.push_back(item);
      } else {
        records.push_back(document);
      }
      const uint64_t first = result.AppendList(row, records.size());
      for (size_t i = 0; i < records.size(); ++i) {
        FS_TRY(bool kept, reader.Record(records[i], text, result.child(0), first + i));
        if (!kept) result.child(0).SetNull(first + i);
      }
    } else {
      const uint64_t first = result.AppendList(row, 1);
      FS_TRY(bool kept, reader.Record(std::nullopt, text, result.child(0), first));
      if (!kept) result.child(0).SetNull(first);
    }
  }
  return {};
}

}  // namespace

const functions::ScalarKernel kReadJsonRecords{ReadRecords, Prepare};

std::string JsonOptions::Encode() const {
  return std::string(1, mode) + (primitives_as_string ? "1" : "0") + corrupt_column + "\x1E" + formats;
}

JsonOptions JsonOptions::Decode(std::string_view text) {
  JsonOptions options;
  if (text.size() < 2) return options;
  options.mode = text[0];
  options.primitives_as_string = text[1] == '1';
  text.remove_prefix(2);
  const size_t end = std::min(text.find('\x1E'), text.size());
  options.corrupt_column = text.substr(0, end);
  options.formats = text.substr(std::min(end + 1, text.size()));
  return options;
}

}  // namespace firesteel::physical
