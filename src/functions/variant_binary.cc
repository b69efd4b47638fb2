// The variant encoding: a header byte holds the basic type and, behind it, what the type needs.
#include "functions/variant_binary.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/cat.h"
#include "functions/base64.h"
#include "functions/code_points.h"
#include "functions/json_generator.h"
#include "functions/text_values.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/number_text.h"
#include "types/time_zone.h"

namespace firesteel::functions {
namespace {

constexpr int kDepthMax = 1000;                           // as JSON's
constexpr int kShortString = 1, kObject = 2, kArray = 3;  // basic types; 0 is what Primitive lists
constexpr size_t kShortStringMax = 63;
enum Primitive {
  kNull,
  kTrue,
  kFalse,
  kInt1,
  kInt2,
  kInt4,
  kInt8,
  kDouble,
  kDecimal4,
  kDecimal8,
  kDecimal16,
  kDate,
  kTimestamp,
  kTimestampNtz,
  kFloat,
  kBinary,
  kLongString,
  kUuid = 20
};

Error Malformed() { return Error::Condition("MALFORMED_VARIANT").As(ErrorClass::kRuntime); }

/// Little-endian; false: beyond the end.
bool ReadNumber(std::string_view bytes, size_t at, size_t width, uint64_t& number) {
  if (width > bytes.size() || at > bytes.size() - width) return false;
  number = 0;
  for (size_t i = 0; i < width; ++i) number |= uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return true;
}

int64_t SignExtended(uint64_t number, size_t width) {
  const auto shift = static_cast<unsigned>(64 - 8 * width);
  return static_cast<int64_t>(number << shift) >> shift;
}

size_t NumberBytes(size_t number) { return number <= 0xFF ? 1 : number <= 0xFFFF ? 2 : number <= 0xFFFFFF ? 3 : 4; }

/// Where an object's or array's parts stand.
bool ReadShape(std::string_view value, int info, bool object, VariantNode& node) {
  const bool large = ((info >> (object ? 4 : 2)) & 1) != 0;
  const size_t size_bytes = large ? 4 : 1;
  uint64_t size = 0;
  if (!ReadNumber(value, 1, size_bytes, size) || size > value.size()) return false;
  node.type = object ? VariantType::kObject : VariantType::kArray;
  node.size = size;
  node.offset_bytes = static_cast<uint8_t>((info & 3) + 1);
  node.id_bytes = object ? static_cast<uint8_t>(((info >> 2) & 3) + 1) : uint8_t{0};
  node.ids_at = 1 + size_bytes;
  node.offsets_at = node.ids_at + size * node.id_bytes;
  node.data_at = node.offsets_at + (size + 1) * node.offset_bytes;
  node.value = value;
  return node.data_at <= value.size();
}

bool ReadBytes(std::string_view value, VariantNode& node) {
  uint64_t length = 0;
  if (!ReadNumber(value, 1, 4, length) || length > value.size() - 5) return false;
  node.bytes = value.substr(5, length);
  return true;
}

/// How many bytes a value takes that is no object or array.
size_t ScalarBytes(const VariantNode& node) {
  if (node.type == VariantType::kString || node.type == VariantType::kBinary || node.type == VariantType::kUuid)
    return static_cast<size_t>(node.bytes.data() - node.value.data()) + node.bytes.size();
  constexpr std::array<size_t, 15> kBytes = {1, 1, 1, 2, 3, 5, 9, 9, 6, 10, 18, 5, 9, 9, 5};
  return kBytes[static_cast<unsigned char>(node.value[0]) >> 2];
}

void AppendQuoted(std::string_view text, std::string& json) { JsonGenerator(json).String(text); }

/// ISO_LOCAL_DATE and ISO_LOCAL_TIME with a blank between: a fraction as long as it must be.
std::string TimeText(int64_t local_micros) {
  DateTimeBuffer buffer;
  return std::string(TimestampText(local_micros, buffer));
}

std::string OffsetText(int64_t seconds) {
  const int64_t size = seconds < 0 ? -seconds : seconds;
  const auto two = [](int64_t number) { return Cat(number < 10 ? "0" : "", number); };
  return Cat(seconds < 0 && size >= 60 ? "-" : "+", two(size / 3600), ":", two(size / 60 % 60));
}

std::string UuidText(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[static_cast<unsigned char>(bytes[i]) >> 4];
    text += kDigits[static_cast<unsigned char>(bytes[i]) & 15];
  }
  return text;
}

/// The unscaled value and scale of a number without exponent; false: more than 38 digits.
bool ReadDecimal(std::string_view text, int128_t& unscaled, int& scale) {
  unscaled = 0;
  scale = 0;
  int digits = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '-') continue;
    if (c == '.') {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return false;
    if (digits > 0 || c != '0') ++digits;
    scale += point ? 1 : 0;
    if (digits > kDecimalPrecisionMax || scale > kDecimalPrecisionMax) return false;
    unscaled = unscaled * 10 + (c - '0');
  }
  if (text[0] == '-') unscaled = -unscaled;
  return true;
}

/// Java's order of strings: by UTF-16 units.
bool KeyLess(std::string_view a, std::string_view b) {
  size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  while (at > 0 && at < a.size() && (static_cast<unsigned char>(a[at]) & 0xC0) == 0x80) --at;
  if (at >= a.size() || at >= b.size()) return a.size() < b.size();
  const auto x = static_cast<uint32_t>(CodePointAt(a, at)), y = static_cast<uint32_t>(CodePointAt(b, at));
  const auto unit = [](uint32_t c) { return c >= 0x10000 ? 0xD800 + ((c - 0x10000) >> 10) : c; };
  return unit(x) != unit(y) ? unit(x) < unit(y) : x < y;
}

}  // namespace

// ---------------------------------------------------------------- reading

Result<VariantNode> VariantReader::Read(std::string_view value) {
  if (value.empty() || nodes_left_ == 0) return Malformed();
  --nodes_left_;
  const auto header = static_cast<unsigned char>(value[0]);
  const int info = header >> 2;
  VariantNode node;
  node.value = value;
  uint64_t number = 0;
  switch (header & 3) {
    case kShortString:
      if (static_cast<size_t>(info) > value.size() - 1) return Malformed();
      node.type = VariantType::kString;
      node.bytes = value.substr(1, static_cast<size_t>(info));
      return node;
    case kObject:
    case kArray:
      if (!ReadShape(value, info, (header & 3) == kObject, node)) return Malformed();
      return node;
    default:
      break;
  }
  const auto integer = [&](VariantType type, size_t width) {
    node.type = type;
    const bool whole = ReadNumber(value, 1, width, number);
    node.integer = whole ? SignExtended(number, width) : 0;
    return whole;
  };
  const auto decimal = [&](size_t width) {
    node.type = VariantType::kDecimal;
    uint64_t scale = 0, high = 0;
    if (!ReadNumber(value, 1, 1, scale) || !ReadNumber(value, 2, std::min<size_t>(width, 8), number)) return false;
    if (width == 16) {
      if (!ReadNumber(value, 10, 8, high)) return false;
      node.unscaled = static_cast<int128_t>((static_cast<unsigned __int128>(high) << 64) | number);
    } else {
      node.unscaled = SignExtended(number, width);
    }
    node.scale = static_cast<int>(scale);
    return scale <= kDecimalPrecisionMax && DecimalDigits(node.unscaled) <= kDecimalPrecisionMax;
  };
  bool whole = true;
  switch (info) {
    case kNull:
      break;
    case kTrue:
    case kFalse:
      node.type = VariantType::kBoolean;
      node.boolean = info == kTrue;
      break;
    case kInt1:
    case kInt2:
    case kInt4:
    case kInt8:
      whole = integer(VariantType::kLong, size_t{1} << (info - kInt1));
      break;
    case kDouble:
      node.type = VariantType::kDouble;
      whole = ReadNumber(value, 1, 8, number);
      node.number = std::bit_cast<double>(number);
      break;
    case kFloat:
      node.type = VariantType::kFloat;
      whole = ReadNumber(value, 1, 4, number);
      node.number = static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(number)));
      break;
    case kDecimal4:
      whole = decimal(4);
      break;
    case kDecimal8:
      whole = decimal(8);
      break;
    case kDecimal16:
      whole = decimal(16);
      break;
    case kDate:
      whole = integer(VariantType::kDate, 4);
      break;
    case kTimestamp:
      whole = integer(VariantType::kTimestamp, 8);
      break;
    case kTimestampNtz:
      whole = integer(VariantType::kTimestampNtz, 8);
      break;
    case kBinary:
    case kLongString:
      node.type = info == kBinary ? VariantType::kBinary : VariantType::kString;
      whole = ReadBytes(value, node);
      break;
    case kUuid:
      node.type = VariantType::kUuid;
      whole = value.size() > 16;
      if (whole) node.bytes = value.substr(1, 16);
      break;
    default:
      return Error::Condition("UNKNOWN_PRIMITIVE_TYPE_IN_VARIANT", {{"id", Cat(info)}}).As(ErrorClass::kRuntime);
  }
  if (!whole) return Malformed();
  return node;
}

Result<VariantNode> VariantReader::Element(const VariantNode& parent, size_t index) {
  uint64_t offset = 0;
  if (index >= parent.size ||
      !ReadNumber(parent.value, parent.offsets_at + index * parent.offset_bytes, parent.offset_bytes, offset) ||
      offset >= parent.value.size() - parent.data_at)
    return Malformed();
  return Read(parent.value.substr(parent.data_at + offset));
}

Result<std::string_view> VariantReader::Key(const VariantNode& object, size_t index) const {
  uint64_t id = 0, keys = 0, start = 0, end = 0;
  if (metadata_.empty() || (metadata_[0] & 0x0F) != 1) return Malformed();
  const size_t width = (static_cast<unsigned char>(metadata_[0]) >> 6) + size_t{1};
  if (!ReadNumber(object.value, object.ids_at + index * object.id_bytes, object.id_bytes, id) ||
      !ReadNumber(metadata_, 1, width, keys) || id >= keys || keys > metadata_.size())
    return Malformed();
  const size_t offsets = 1 + width, strings = offsets + (keys + 1) * width;
  if (!ReadNumber(metadata_, offsets + id * width, width, start) ||
      !ReadNumber(metadata_, offsets + (id + 1) * width, width, end) || start > end || strings > metadata_.size() ||
      end > metadata_.size() - strings)
    return Malformed();
  return metadata_.substr(strings + start, end - start);
}

Result<std::optional<VariantNode>> VariantReader::Field(const VariantNode& object, std::string_view key) {
  for (size_t i = 0; i < object.size; ++i) {
    FS_TRY(const std::string_view name, Key(object, i));
    if (name != key) continue;
    FS_TRY(VariantNode node, Element(object, i));
    return std::optional(node);
  }
  return std::optional<VariantNode>();
}

std::pair<int128_t, int> StrippedDecimal(const VariantNode& node) {
  int128_t unscaled = node.unscaled;
  int scale = node.scale;
  while (scale > 0 && unscaled % 10 == 0) {
    unscaled /= 10;
    --scale;
  }
  return {unscaled, scale};
}

Status VariantReader::AppendJson(const VariantNode& node, std::string_view time_zone, std::string& json) {
  FS_TRY(const TimeZone* zone, FindTimeZone(time_zone));
  return AppendJson(node, *zone, json, 0);
}

Status VariantReader::AppendJson(const VariantNode& node, const TimeZone& zone, std::string& json, int depth) {
  if (depth > kDepthMax || json.size() > kVariantBytesMax * 2) return Malformed();
  NumberBuffer number;
  DateTimeBuffer time;
  switch (node.type) {
    case VariantType::kObject:
    case VariantType::kArray: {
      const bool object = node.type == VariantType::kObject;
      json += object ? '{' : '[';
      for (size_t i = 0; i < node.size; ++i) {
        if (i > 0) json += ',';
        if (object) {
          FS_TRY(const std::string_view key, Key(node, i));
          AppendQuoted(key, json);
          json += ':';
        }
        FS_TRY(const VariantNode item, Element(node, i));
        FS_CHECK(AppendJson(item, zone, json, depth + 1));
      }
      json += object ? '}' : ']';
      return {};
    }
    case VariantType::kNull:
      json += "null";
      return {};
    case VariantType::kBoolean:
      json += node.boolean ? "true" : "false";
      return {};
    case VariantType::kLong:
      json += IntegerText(node.integer, number);
      return {};
    case VariantType::kString:
      AppendQuoted(node.bytes, json);
      return {};
    case VariantType::kDouble:
    case VariantType::kFloat: {
      const std::string text(node.type == VariantType::kDouble ? DoubleText(node.number, number)
                                                               : FloatText(static_cast<float>(node.number), number));
      if (std::isfinite(node.number))
        json += text;
      else
        AppendQuoted(text, json);
      return {};
    }
    case VariantType::kDecimal: {
      const auto [unscaled, scale] = StrippedDecimal(node);
      json += DecimalPlainText(unscaled, scale, number);
      return {};
    }
    case VariantType::kDate:
      AppendQuoted(DateText(static_cast<int32_t>(node.integer), time), json);
      return {};
    case VariantType::kTimestamp: {
      const int64_t local = zone.ToLocalMicros(node.integer);
      AppendQuoted(Cat(TimeText(local), OffsetText((local - node.integer) / kMicrosPerSecond)), json);
      return {};
    }
    case VariantType::kTimestampNtz:
      AppendQuoted(TimeText(node.integer), json);
      return {};
    case VariantType::kBinary:
      JsonGenerator(json).Base64(node.bytes);
      return {};
    case VariantType::kUuid:
      AppendQuoted(UuidText(node.bytes), json);
      return {};
  }
  return {};
}

// ---------------------------------------------------------------- writing

void VariantBuilder::Number(uint64_t number, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) value_ += static_cast<char>(number >> (8 * i));
}

void VariantBuilder::Long(int64_t value) {
  size_t power = 0;
  while (power < 3 && SignExtended(static_cast<uint64_t>(value), size_t{1} << power) != value) ++power;
  Header(kInt1 + static_cast<int>(power));
  Number(static_cast<uint64_t>(value), size_t{1} << power);
}

void VariantBuilder::Double(double value) {
  Header(kDouble);
  Number(std::bit_cast<uint64_t>(value), 8);
}

void VariantBuilder::Float(float value) {
  Header(kFloat);
  Number(std::bit_cast<uint32_t>(value), 4);
}

void VariantBuilder::Decimal(int128_t unscaled, int scale) {
  const int digits = std::max(DecimalDigits(unscaled), scale);
  const size_t bytes = digits <= 9 ? 4 : digits <= 18 ? 8 : 16;
  Header(bytes == 4 ? kDecimal4 : bytes == 8 ? kDecimal8 : kDecimal16);
  value_ += static_cast<char>(scale);
  Number(static_cast<uint64_t>(unscaled), std::min<size_t>(bytes, 8));
  if (bytes == 16) Number(static_cast<uint64_t>(unscaled >> 64), 8);
}

void VariantBuilder::Date(int32_t days) {
  Header(kDate);
  Number(static_cast<uint32_t>(days), 4);
}

void VariantBuilder::Timestamp(int64_t micros, bool ntz) {
  Header(ntz ? kTimestampNtz : kTimestamp);
  Number(static_cast<uint64_t>(micros), 8);
}

void VariantBuilder::String(std::string_view text) {
  if (text.size() > kShortStringMax) {
    Header(kLongString);
    Number(text.size(), 4);
  } else {
    value_ += static_cast<char>((text.size() << 2) | kShortString);
  }
  value_ += text;
}

void VariantBuilder::Binary(std::string_view bytes) {
  Header(kBinary);
  Number(bytes.size(), 4);
  value_ += bytes;
}

uint32_t VariantBuilder::Key(std::string_view key) {
  if (const auto found = ids_.find(key); found != ids_.end()) return found->second;
  const auto id = static_cast<uint32_t>(keys_.size());
  keys_.emplace_back(key);
  key_bytes_ += key.size();
  ids_.emplace(keys_.back(), id);
  return id;
}

Status VariantBuilder::EndObject(size_t start, std::vector<Item> fields) {
  std::sort(fields.begin(), fields.end(),
            [this](const Item& a, const Item& b) { return a.id != b.id && KeyLess(keys_[a.id], keys_[b.id]); });
  uint32_t id_max = 0;
  for (size_t i = 0; i < fields.size(); ++i) {
    id_max = std::max(id_max, fields[i].id);
    if (i > 0 && fields[i].id == fields[i - 1].id)
      return Error::Condition("VARIANT_DUPLICATE_KEY", {{"key", keys_[fields[i].id]}}).As(ErrorClass::kRuntime);
  }
  const size_t data = value_.size() - start, id_bytes = NumberBytes(id_max), offset_bytes = NumberBytes(data);
  const bool large = fields.size() > 0xFF;
  const std::string items = value_.substr(start);
  value_.resize(start);
  value_ += static_cast<char>(((large ? 1 : 0) << 6) | ((id_bytes - 1) << 4) | ((offset_bytes - 1) << 2) | kObject);
  Number(fields.size(), large ? 4 : 1);
  for (const Item& field : fields) Number(field.id, id_bytes);
  for (const Item& field : fields) Number(field.offset - start, offset_bytes);
  Number(data, offset_bytes);
  value_ += items;
  return {};
}

void VariantBuilder::EndArray(size_t start, const std::vector<Item>& items) {
  const size_t data = value_.size() - start, offset_bytes = NumberBytes(data);
  const bool large = items.size() > 0xFF;
  const std::string written = value_.substr(start);
  value_.resize(start);
  value_ += static_cast<char>(((large ? 1 : 0) << 4) | ((offset_bytes - 1) << 2) | kArray);
  Number(items.size(), large ? 4 : 1);
  for (const Item& item : items) Number(item.offset - start, offset_bytes);
  Number(data, offset_bytes);
  value_ += written;
}

Status VariantBuilder::Append(VariantReader& reader, const VariantNode& node, int depth) {
  const bool object = node.type == VariantType::kObject;
  if (!object && node.type != VariantType::kArray) {
    value_ += node.value.substr(0, ScalarBytes(node));
    return {};
  }
  if (depth > kDepthMax || TooLarge()) return Malformed();
  const size_t start = Position();
  std::vector<Item> items;
  for (size_t i = 0; i < node.size; ++i) {
    uint32_t id = 0;
    if (object) {
      FS_TRY(const std::string_view key, reader.Key(node, i));
      id = Key(key);
    }
    items.push_back({id, Position()});
    FS_TRY(const VariantNode item, reader.Element(node, i));
    FS_CHECK(Append(reader, item, depth + 1));
  }
  if (object) return EndObject(start, std::move(items));
  EndArray(start, items);
  return {};
}

Result<bool> VariantBuilder::Json(JsonTokens& tokens) {
  switch (tokens.current()) {
    case JsonToken::kObjectStart:
    case JsonToken::kArrayStart: {
      const bool object = tokens.current() == JsonToken::kObjectStart;
      const size_t start = Position();
      std::vector<Item> items;
      while (tokens.Next() != (object ? JsonToken::kObjectEnd : JsonToken::kArrayEnd)) {
        if (tokens.current() == JsonToken::kError || TooLarge()) return false;
        uint32_t id = 0;
        if (object) {
          id = Key(tokens.value());
          tokens.Next();
        }
        items.push_back({id, Position()});
        FS_TRY(const bool good, Json(tokens));
        if (!good) return false;
      }
      if (object) {
        FS_CHECK(EndObject(start, std::move(items)));
      } else {
        EndArray(start, items);
      }
      return true;
    }
    case JsonToken::kString:
      String(tokens.value());
      return true;
    case JsonToken::kTrue:
    case JsonToken::kFalse:
      Boolean(tokens.current() == JsonToken::kTrue);
      return true;
    case JsonToken::kNull:
      Null();
      return true;
    case JsonToken::kInteger:
    case JsonToken::kFloat: {
      const std::string_view text = tokens.value();
      int64_t integer = 0;
      int128_t unscaled = 0;
      int scale = 0;
      if (tokens.current() == JsonToken::kInteger && ParseJavaInteger(text, integer))
        Long(integer);
      else if (ReadDecimal(text, unscaled, scale))
        Decimal(unscaled, scale);
      else
        Double(JsonDouble(text));
      return true;
    }
    case JsonToken::kNone:
    case JsonToken::kObjectEnd:
    case JsonToken::kArrayEnd:
    case JsonToken::kFieldName:
    case JsonToken::kError:
      return false;
  }
  return false;
}

std::string VariantBuilder::Metadata() const {
  const size_t width = NumberBytes(std::max(key_bytes_, keys_.size()));
  std::string out(1, static_cast<char>(1 | ((width - 1) << 6)));
  const auto number = [&](size_t value) {
    for (size_t i = 0; i < width; ++i) out += static_cast<char>(value >> (8 * i));
  };
  number(keys_.size());
  size_t end = 0;
  number(0);
  for (const std::string& key : keys_) number(end += key.size());
  for (const std::string& key : keys_) out += key;
  return out;
}

}  // namespace firesteel::functions
