#pragma once
// Variants in the open encoding that Spark and Parquet share: a value and the dictionary of its keys, two binaries. What is read may
// be anybody's: every offset is checked, and walks over values that overlap end.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "functions/json_tokens.h"
#include "types/value.h"

namespace firesteel {
class TimeZone;
}

namespace firesteel::functions {

constexpr size_t kVariantBytesMax = size_t{128} << 20;

enum class VariantType : uint8_t {
  kObject,
  kArray,
  kNull,
  kBoolean,
  kLong,
  kString,
  kDouble,
  kDecimal,
  kDate,
  kTimestamp,
  kTimestampNtz,
  kFloat,
  kBinary,
  kUuid
};

/// One value of a variant, read.
struct VariantNode {
  VariantType type = VariantType::kNull;
  bool boolean = false;
  int64_t integer = 0;  ///< LONG, DATE (days), TIMESTAMP(_NTZ) (microseconds)
  double number = 0;    ///< DOUBLE, FLOAT
  int128_t unscaled = 0;
  int scale = 0;           ///< of DECIMAL, as written
  std::string_view bytes;  ///< STRING, BINARY, UUID
  /// Objects and arrays: how many there are, and where they stand in `value`.
  size_t size = 0;
  uint8_t id_bytes = 0, offset_bytes = 0;
  size_t ids_at = 0, offsets_at = 0, data_at = 0;
  std::string_view value;  ///< from this value's header on
};

/// Errors: MALFORMED_VARIANT, UNKNOWN_PRIMITIVE_TYPE_IN_VARIANT.
class VariantReader {
 public:
  VariantReader(std::string_view value, std::string_view metadata)
      : value_(value), metadata_(metadata), nodes_left_(value.size() + 1) {}

  Result<VariantNode> Root() { return Read(value_); }
  /// An array's element or an object's value.
  Result<VariantNode> Element(const VariantNode& parent, size_t index);
  Result<std::string_view> Key(const VariantNode& object, size_t index) const;
  Result<std::optional<VariantNode>> Field(const VariantNode& object, std::string_view key);

  /// As Spark's Variant.toJson: decimals without trailing zeros, times with their offset in `time_zone`.
  Status AppendJson(const VariantNode& node, std::string_view time_zone, std::string& json);

 private:
  Result<VariantNode> Read(std::string_view value);
  Status AppendJson(const VariantNode& node, const TimeZone& zone, std::string& json, int depth);

  std::string_view value_, metadata_;
  size_t nodes_left_;  // more than the bytes can hold: they overlap
};

/// A DECIMAL without trailing zeros: its unscaled value and a scale of at least 0.
std::pair<int128_t, int> StrippedDecimal(const VariantNode& node);

class VariantBuilder {
 public:
  void Null() { Header(0); }
  void Boolean(bool value) { Header(value ? 1 : 2); }
  void Long(int64_t value);
  void Double(double value);
  void Float(float value);
  void Decimal(int128_t unscaled, int scale);
  void Date(int32_t days);
  void Timestamp(int64_t micros, bool ntz);
  void String(std::string_view text);
  void Binary(std::string_view bytes);

  /// Objects and arrays: note where they start and where each item stands, write the items, end.
  struct Item {
    uint32_t id;  ///< of the key; objects only
    size_t offset;
  };
  size_t Position() const { return value_.size(); }
  uint32_t Key(std::string_view key);
  Status EndObject(size_t start, std::vector<Item> fields);  ///< VARIANT_DUPLICATE_KEY
  void EndArray(size_t start, const std::vector<Item>& items);

  /// A value of another variant, with its keys written anew.
  Status Append(VariantReader& reader, const VariantNode& node, int depth = 0);
  /// The value that the tokens stand at; false if they are malformed. VARIANT_DUPLICATE_KEY.
  Result<bool> Json(JsonTokens& tokens);

  bool TooLarge() const { return value_.size() > kVariantBytesMax || key_bytes_ > kVariantBytesMax; }
  const std::string& value() const { return value_; }
  std::string Metadata() const;

 private:
  void Header(int primitive) { value_ += static_cast<char>(primitive << 2); }
  void Number(uint64_t number, size_t bytes);

  std::string value_;
  std::deque<std::string> keys_;
  std::unordered_map<std::string_view, uint32_t> ids_;
  size_t key_bytes_ = 0;
};

}  // namespace firesteel::functions
