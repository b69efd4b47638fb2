// The hash of the sketches' items.
#include "functions/sketch_image.h"

#include <bit>
#include <cmath>
#include <limits>

namespace firesteel::functions::sketches {
namespace {

constexpr uint64_t kSeed = 9001, kFirst = 0x87c37b91114253d5, kSecond = 0x4cf5ad432745937f;

uint64_t Finish(uint64_t h) {
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccd;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53;
  return h ^ (h >> 33);
}
uint64_t MixFirst(uint64_t k) { return std::rotl(k * kFirst, 31) * kSecond; }
uint64_t MixSecond(uint64_t k) { return std::rotl(k * kSecond, 33) * kFirst; }

/// Up to eight bytes, the first the lowest.
uint64_t Word(std::string_view bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes.data(), std::min<size_t>(bytes.size(), 8));
  return word;
}

template <typename T>
Hash128 HashOfNumber(T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  return HashOfBytes({bytes, sizeof(T)});
}

Hash128 HashOfDouble(double value) {
  if (value == 0) value = 0;  // no negative zero
  if (std::isnan(value)) return HashOfNumber(int64_t{0x7ff8000000000000});
  return HashOfNumber(value);
}

}  // namespace

Hash128 HashOfBytes(std::string_view bytes) {
  uint64_t h1 = kSeed, h2 = kSeed;
  std::string_view rest = bytes;
  for (; rest.size() >= 16; rest.remove_prefix(16)) {
    h1 = (std::rotl(h1 ^ MixFirst(Word(rest)), 27) + h2) * 5 + 0x52dce729;
    h2 = (std::rotl(h2 ^ MixSecond(Word(rest.substr(8))), 31) + h1) * 5 + 0x38495ab5;
  }
  if (rest.size() > 8) h2 ^= MixSecond(Word(rest.substr(8)));
  if (!rest.empty()) h1 ^= MixFirst(Word(rest));
  h1 ^= bytes.size();
  h2 ^= bytes.size();
  h1 += h2;
  h2 += h1;
  h1 = Finish(h1);
  h2 = Finish(h2);
  h1 += h2;
  return {h1, h2 + h1};
}

std::optional<Hash128> HashOfItem(const InputVector& column, size_t row) {
  switch (column.type.id()) {
    case TypeId::kInteger:
      return HashOfNumber(int64_t{column.At<int32_t>(row)});
    case TypeId::kLong:
      return HashOfNumber(column.At<int64_t>(row));
    case TypeId::kFloat:
      return HashOfDouble(static_cast<double>(column.At<float>(row)));
    case TypeId::kDouble:
      return HashOfDouble(column.At<double>(row));
    case TypeId::kArray: {
      const ListCell list = column.At<ListCell>(row);
      if (list.length == 0) return std::nullopt;
      const InputVector& elements = column.children[0];
      std::string bytes;
      for (uint64_t i = list.offset; i < list.offset + list.length; ++i) {
        if (elements.type.Is(TypeId::kInteger)) {
          Put<int32_t>(bytes, elements.IsNull(i) ? 0 : elements.At<int32_t>(i));
        } else {
          Put<int64_t>(bytes, elements.IsNull(i) ? 0 : elements.At<int64_t>(i));
        }
      }
      return HashOfBytes(bytes);
    }
    default: {
      const std::string_view bytes = column.StringAt(row);
      if (bytes.empty()) return std::nullopt;
      return HashOfBytes(bytes);
    }
  }
}

int64_t RoundToLong(double value) {
  const double rounded = std::floor(value + 0.5);
  if (std::isnan(rounded)) return 0;
  if (rounded >= 0x1p63) return std::numeric_limits<int64_t>::max();
  if (rounded < -0x1p63) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(rounded);
}

}  // namespace firesteel::functions::sketches
