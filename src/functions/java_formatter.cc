// java.util.Formatter in Locale.US. Source: its documentation and the exceptions that its specifiers raise.
#include "functions/java_formatter.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/code_points.h"
#include "functions/decimal_digits.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

constexpr int64_t kTextBytesMax = 64 << 20;

Error FormatException(std::string_view name, std::string message) {
  return JavaException(Cat("java.util.", name, ",java.util.IllegalFormatException,", kIllegalArgumentClasses),
                       std::move(message));
}
Error UnknownConversion(std::string_view conversion) {
  return FormatException("UnknownFormatConversionException", Cat("Conversion = '", conversion, "'"));
}

/// The class that holds a value of the type inside Spark, as Java's exceptions name it.
std::string_view JavaClass(const DataType& type) {
  switch (type.id()) {
    case TypeId::kNull:
      return "null";
    case TypeId::kBoolean:
      return "java.lang.Boolean";
    case TypeId::kByte:
      return "java.lang.Byte";
    case TypeId::kShort:
      return "java.lang.Short";
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      return "java.lang.Integer";
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDayTimeInterval:
      return "java.lang.Long";
    case TypeId::kFloat:
      return "java.lang.Float";
    case TypeId::kDouble:
      return "java.lang.Double";
    case TypeId::kDecimal:
      return "org.apache.spark.sql.types.Decimal";
    case TypeId::kString:
      return "org.apache.spark.unsafe.types.UTF8String";
    case TypeId::kBinary:
      return "[B";
    case TypeId::kCalendarInterval:
      return "org.apache.spark.unsafe.types.CalendarInterval";
    case TypeId::kVariant:
      return "org.apache.spark.unsafe.types.VariantVal";
    case TypeId::kArray:
      return "org.apache.spark.sql.catalyst.util.GenericArrayData";
    case TypeId::kMap:
      return "org.apache.spark.sql.catalyst.util.ArrayBasedMapData";
    case TypeId::kStruct:
      return "org.apache.spark.sql.catalyst.expressions.GenericInternalRow";
    case TypeId::kUdt:
      return JavaClass(type.element());
  }
  return {};
}

struct IntegerCell {
  int64_t value = 0;
  int bits = 0;  ///< 0: no integer
};
IntegerCell ReadInteger(const Cell& cell) {
  const std::string_view name = JavaClass(cell.type());
  if (name == "java.lang.Byte") return {cell.vector->At<int8_t>(cell.row), 8};
  if (name == "java.lang.Short") return {cell.vector->At<int16_t>(cell.row), 16};
  if (name == "java.lang.Integer") return {cell.vector->At<int32_t>(cell.row), 32};
  if (name == "java.lang.Long") return {cell.vector->At<int64_t>(cell.row), 64};
  return {};
}

int Number(std::string_view digits) {
  int value = 0;
  auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return failed == std::errc() ? value : INT32_MIN;
}

}  // namespace

Status AppendJavaText(const Cell& cell, std::string& out) {
  if (cell.IsNull()) {
    out += "null";
    return {};
  }
  const InputVector& vector = *cell.vector;
  if (const IntegerCell integer = ReadInteger(cell); integer.bits != 0) {
    Append(out, integer.value);
    return {};
  }
  switch (vector.type.id()) {
    case TypeId::kBoolean:
      out += vector.At<uint8_t>(cell.row) != 0 ? "true" : "false";
      return {};
    case TypeId::kFloat:
      out += FloatText(vector.At<float>(cell.row));
      return {};
    case TypeId::kDouble:
      out += DoubleText(vector.At<double>(cell.row));
      return {};
    case TypeId::kDecimal:
      out += DecimalText(vector.DecimalAt(cell.row), vector.type.scale());
      return {};
    case TypeId::kString:
      out += vector.StringAt(cell.row);
      return {};
    case TypeId::kArray:
    case TypeId::kStruct: {
      const bool list = vector.type.Is(TypeId::kArray);
      const uint64_t size = list ? cell.ListSize() : vector.type.fields().size();
      for (uint64_t i = 0; i < size; ++i) {
        out += i == 0 ? '[' : ',';
        FS_CHECK(AppendJavaText(list ? cell.Element(i) : cell.Field(i), out));
      }
      if (size == 0) out += '[';
      out += ']';
      return {};
    }
    default:
      return Error::Unsupported(Cat("the Java text of values of ", JavaClass(vector.type)));
  }
}

// ---------------------------------------------------------------- parsing

std::string JavaFormatter::FlagText(uint8_t flags) {
  std::string text;
  for (auto [flag, letter] : {std::pair{kLeft, '-'},
                              {kAlternate, '#'},
                              {kPlus, '+'},
                              {kSpace, ' '},
                              {kZero, '0'},
                              {kGroup, ','},
                              {kParentheses, '('},
                              {kPrevious, '<'}}) {
    if ((flags & flag) != 0) text += letter;
  }
  return text;
}

Status JavaFormatter::CheckFlags(const Piece& piece) {
  const auto mismatch = [&](uint8_t flags) -> Status {
    if (flags == 0) return {};
    return FormatException(
        "FormatFlagsConversionMismatchException",
        Cat("Conversion = ", std::string(1, piece.conversion), ", Flags = ", FlagText(flags & (~flags + 1))));
  };
  const auto precision = [&]() { return FormatException("IllegalFormatPrecisionException", Cat(piece.precision)); };
  const auto width = [&]() { return FormatException("MissingFormatWidthException", piece.text); };
  const bool no_width = piece.width < 0;
  const uint8_t numeric = kPlus | kSpace | kZero | kGroup | kParentheses;
  switch (piece.conversion) {
    case 'b':
    case 's':
      if (piece.conversion == 'b' && piece.Has(kAlternate)) return mismatch(kAlternate);
      if (piece.Has(kLeft) && no_width) return width();
      return mismatch(piece.flags & numeric);
    case 'c':
      if (piece.precision >= 0) return precision();
      FS_CHECK(mismatch(piece.flags & (numeric | kAlternate)));
      if (piece.Has(kLeft) && no_width) return width();
      return {};
    case 'd':
    case 'o':
    case 'x':
    case 'e':
    case 'f':
    case 'g': {
      const bool integer = piece.conversion == 'd' || piece.conversion == 'o' || piece.conversion == 'x';
      if ((piece.Has(kLeft) || piece.Has(kZero)) && no_width) return width();
      if ((piece.Has(kPlus) && piece.Has(kSpace)) || (piece.Has(kLeft) && piece.Has(kZero)))
        return FormatException("IllegalFormatFlagsException", Cat("Flags = '", FlagText(piece.flags), "'"));
      if (integer && piece.precision >= 0) return precision();
      if (piece.conversion == 'd' || piece.conversion == 'g') FS_CHECK(mismatch(piece.flags & kAlternate));
      if (piece.conversion == 'e' || piece.conversion == 'o' || piece.conversion == 'x')
        return mismatch(piece.flags & kGroup);
      return {};
    }
    case '%':
      if (piece.precision >= 0) return precision();
      if ((piece.flags & ~(kLeft | kPrevious)) != 0)
        return FormatException("IllegalFormatFlagsException", Cat("Flags = '", FlagText(piece.flags), "'"));
      if (piece.Has(kLeft) && no_width) return width();
      return {};
    case 'n':
      if (piece.width >= 0) return FormatException("IllegalFormatWidthException", Cat(piece.width));
      if (piece.precision >= 0) return precision();
      if (piece.flags != 0)
        return FormatException("IllegalFormatFlagsException", Cat("Flags = '", FlagText(piece.flags), "'"));
      return {};
    default:
      return {};
  }
}

Result<JavaFormatter> JavaFormatter::Compile(std::string_view format) {
  constexpr std::string_view kFlags = "-#+ 0,(<";
  constexpr auto npos = std::string_view::npos;
  JavaFormatter out;
  for (size_t at = 0; at < format.size();) {
    const size_t percent = std::min(format.find('%', at), format.size());
    if (percent > at) {
      Piece literal;
      literal.text = format.substr(at, percent - at);
      out.pieces_.push_back(std::move(literal));
    }
    at = percent;
    if (at == format.size()) break;
    const auto digits_from = [&](size_t from) {
      size_t end = from;
      while (end < format.size() && format[end] >= '0' && format[end] <= '9') ++end;
      return end;
    };
    Piece piece;
    size_t i = at + 1;
    if (const size_t end = digits_from(i); end > i && end < format.size() && format[end] == '$') {
      piece.index = Number(format.substr(i, end - i));
      if (piece.index <= 0)
        return FormatException(
            "IllegalFormatArgumentIndexException",
            piece.index == 0 ? "Illegal format argument index = 0" : "Illegal format argument index = -2147483648");
      i = end + 1;
    }
    for (size_t flag = npos; i < format.size() && (flag = kFlags.find(format[i])) != npos; ++i) {
      if ((piece.flags & (1 << flag)) != 0)
        return FormatException("DuplicateFormatFlagsException", Cat("Flags = '", std::string(1, format[i]), "'"));
      piece.flags |= static_cast<uint8_t>(1 << flag);
    }
    if (const size_t end = digits_from(i); end > i) {
      piece.width = Number(format.substr(i, end - i));
      if (piece.width < 0) return FormatException("IllegalFormatWidthException", "-2147483648");
      i = end;
    }
    if (i < format.size() && format[i] == '.') {
      const size_t end = digits_from(i + 1);
      if (end == i + 1) return UnknownConversion(".");
      piece.precision = Number(format.substr(i + 1, end - i - 1));
      if (piece.precision < 0) return FormatException("IllegalFormatPrecisionException", "-2147483648");
      i = end;
    }
    if (i >= format.size()) return UnknownConversion("%");
    const char written = format[i];
    if (written == 't' || written == 'T') return Error::Unsupported("%t in format_string");
    const size_t bytes = CodePointBytes(format, i);
    piece.text = format.substr(at, i + bytes - at);
    piece.upper = written >= 'A' && written <= 'Z';
    piece.conversion = piece.upper ? static_cast<char>(written - 'A' + 'a') : written;
    const bool has_upper = std::string_view("bhscxega").find(piece.conversion) != npos;
    if (bytes > 1 || std::string_view("bhscdoxefgan%").find(piece.conversion) == npos || (piece.upper && !has_upper))
      return UnknownConversion(format.substr(i, bytes));
    if (piece.conversion == 'h' || piece.conversion == 'a')
      return Error::Unsupported(Cat("%", std::string(1, written), " in format_string"));
    FS_CHECK(CheckFlags(piece));
    out.pieces_.push_back(std::move(piece));
    at = i + bytes;
  }
  return out;
}

// ---------------------------------------------------------------- printing

void JavaFormatter::Pad(const Piece& piece, std::string& text) {
  const int64_t missing = piece.width - CodePointCount(text);
  if (missing <= 0) return;
  text.insert(piece.Has(kLeft) ? text.size() : 0, static_cast<size_t>(missing), ' ');
}

Result<std::string> JavaFormatter::PrintInteger(const Piece& piece, const Cell& value) {
  const IntegerCell integer = ReadInteger(value);
  if (piece.conversion != 'd') {
    FS_CHECK([&]() -> Status {
      const uint8_t wrong = piece.flags & (kPlus | kSpace | kParentheses);
      if (wrong == 0) return {};
      return FormatException(
          "FormatFlagsConversionMismatchException",
          Cat("Conversion = ", std::string(1, piece.conversion), ", Flags = ", FlagText(wrong & (~wrong + 1))));
    }());
    auto bits = static_cast<uint64_t>(integer.value);
    if (integer.bits < 64) bits &= (uint64_t{1} << integer.bits) - 1;
    char digits[24];
    char* const end = std::to_chars(digits, digits + sizeof(digits), bits, piece.conversion == 'x' ? 16 : 8).ptr;
    std::string text(digits, end);
    std::string prefix = !piece.Has(kAlternate) ? "" : piece.conversion == 'x' ? "0x" : "0";
    const int64_t size = static_cast<int64_t>(prefix.size() + text.size());
    if (piece.Has(kZero) && piece.width > size) text.insert(0, static_cast<size_t>(piece.width - size), '0');
    return prefix + text;
  }
  NumberBuffer buffer;
  std::string digits(IntegerText(integer.value, buffer));
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  if (piece.Has(kGroup)) digits = GroupedByThousands(digits);
  std::string lead = !negative                 ? piece.Has(kPlus)    ? "+"
                                                 : piece.Has(kSpace) ? " "
                                                                     : ""
                     : piece.Has(kParentheses) ? "("
                                               : "-";
  const std::string tail = negative && piece.Has(kParentheses) ? ")" : "";
  const int64_t size = static_cast<int64_t>(lead.size() + digits.size() + tail.size());
  if (piece.Has(kZero) && piece.width > size) digits.insert(0, static_cast<size_t>(piece.width - size), '0');
  return Cat(lead, digits, tail);
}

Result<std::string> JavaFormatter::PrintFloating(const Piece& piece, double value, bool is_float) {
  const bool negative = std::signbit(value) && !std::isnan(value);
  std::string lead = std::isnan(value)         ? ""
                     : !negative               ? piece.Has(kPlus)    ? "+"
                                                 : piece.Has(kSpace) ? " "
                                                                     : ""
                     : piece.Has(kParentheses) ? "("
                                               : "-";
  const std::string tail = negative && piece.Has(kParentheses) ? ")" : "";
  std::string body;
  if (!std::isfinite(value)) {
    body = std::isnan(value) ? "NaN" : "Infinity";
    return Cat(lead, body, tail);
  }
  int64_t precision = piece.precision < 0 ? 6 : piece.precision;
  const double magnitude = std::fabs(value);
  DecimalDigits digits = DecimalDigits::Of(is_float ? FloatText(static_cast<float>(magnitude)) : DoubleText(magnitude));
  char conversion = piece.conversion;
  if (conversion == 'g') {
    if (precision == 0) precision = 1;
    if (digits.digits.empty()) {
      conversion = 'f';
      precision -= 1;
    } else {
      digits.RoundToDigits(precision);
      if (digits.exponent >= -3 && digits.exponent <= precision) {
        conversion = 'f';
        precision -= digits.exponent;
      } else {
        conversion = 'e';
        precision -= 1;
      }
    }
  }
  const auto fraction = [&](const std::string& text) {
    return text.empty() ? (piece.Has(kAlternate) ? "." : "") : Cat(".", text);
  };
  if (conversion == 'f') {
    digits.RoundToPlaces(precision);
    std::string whole = digits.Whole();
    if (piece.Has(kGroup)) whole = GroupedByThousands(whole);
    body = whole + fraction(digits.Fraction(precision));
  } else {
    if (!digits.digits.empty()) digits.RoundToDigits(precision + 1);
    std::string mantissa = digits.digits.empty() ? "0" : digits.digits;
    mantissa.resize(static_cast<size_t>(precision + 1), '0');
    const int64_t exponent = digits.digits.empty() ? 0 : digits.exponent - 1;
    const std::string number = Cat(std::abs(exponent));
    body = Cat(mantissa.substr(0, 1), fraction(mantissa.substr(1)), "e", exponent < 0 ? "-" : "+",
               number.size() < 2 ? "0" : "", number);
  }
  const int64_t size = static_cast<int64_t>(lead.size() + body.size() + tail.size());
  if (piece.Has(kZero) && piece.width > size) body.insert(0, static_cast<size_t>(piece.width - size), '0');
  return Cat(lead, body, tail);
}

Result<std::string> JavaFormatter::Print(const Piece& piece, const Cell& value) {
  const auto wrong_type = [&]() {
    return FormatException("IllegalFormatConversionException",
                           Cat(std::string(1, piece.conversion), " != ", JavaClass(value.type())));
  };
  const auto cut = [&](std::string text) {
    if (piece.precision >= 0) text.resize(ByteOfCodePoint(text, piece.precision));
    return text;
  };
  const bool null = value.IsNull();
  switch (piece.conversion) {
    case 'b':
      if (null || !value.type().Is(TypeId::kBoolean)) return cut(null ? "false" : "true");
      return cut(value.vector->At<uint8_t>(value.row) != 0 ? "true" : "false");
    case 's': {
      if (piece.Has(kAlternate))
        return FormatException("FormatFlagsConversionMismatchException", "Conversion = s, Flags = #");
      std::string text;
      FS_CHECK(AppendJavaText(value, text));
      return cut(std::move(text));
    }
    case 'c': {
      if (null) return std::string("null");
      const IntegerCell integer = ReadInteger(value);
      if (integer.bits == 0 || integer.bits > 32) return wrong_type();
      if (integer.value < 0 || integer.value > 0x10FFFF) {
        char hex[16];
        char* const end = std::to_chars(hex, hex + sizeof(hex), static_cast<uint32_t>(integer.value), 16).ptr;
        return FormatException("IllegalFormatCodePointException", Cat("Code point = 0x", std::string_view(hex, end)));
      }
      std::string text;
      AppendCodePoint(text, static_cast<char32_t>(integer.value));
      return text;
    }
    case 'd':
    case 'o':
    case 'x':
      if (null) return std::string("null");
      if (ReadInteger(value).bits == 0) return wrong_type();
      return PrintInteger(piece, value);
    default: {
      if (null) return cut("null");
      const bool is_float = value.type().Is(TypeId::kFloat);
      if (!is_float && !value.type().Is(TypeId::kDouble)) return wrong_type();
      return PrintFloating(piece, is_float ? value.vector->At<float>(value.row) : value.vector->At<double>(value.row),
                           is_float);
    }
  }
}

Status JavaFormatter::Append(std::span<const Cell> arguments, std::string& out) const {
  size_t ordinary = 0;
  std::optional<size_t> last;
  for (const Piece& piece : pieces_) {
    if (piece.conversion == 0) {
      out += piece.text;
      continue;
    }
    if (piece.width > kTextBytesMax || piece.precision > kTextBytesMax ||
        static_cast<int64_t>(out.size()) > kTextBytesMax)
      return Error::Unsupported("a format_string result beyond 64 MiB");
    std::string text;
    if (piece.conversion == 'n') {
      text = "\n";
    } else if (piece.conversion == '%') {
      text = "%";
    } else {
      if (!piece.Has(kPrevious)) last = piece.index > 0 ? static_cast<size_t>(piece.index - 1) : ordinary++;
      if (!last || *last >= arguments.size())
        return FormatException("MissingFormatArgumentException", Cat("Format specifier '", piece.text, "'"));
      FS_TRY(text, Print(piece, arguments[*last]));
    }
    if (piece.upper) text = Upper(text);
    Pad(piece, text);
    out += text;
  }
  return {};
}

}  // namespace firesteel::functions
