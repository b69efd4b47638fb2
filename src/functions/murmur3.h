#pragma once
// Murmur3 as Spark has it: each tail byte is a block of its own.
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace firesteel::functions {

struct Murmur3 {
  using Hash = int32_t;

  static uint32_t MixK(uint32_t k) { return std::rotl(k * 0xcc9e2d51u, 15) * 0x1b873593u; }
  static uint32_t MixH(uint32_t h, uint32_t k) { return std::rotl(h ^ k, 13) * 5 + 0xe6546b64u; }
  static Hash Finish(uint32_t h, uint32_t length) {
    h ^= length;
    h ^= h >> 16;
    h *= 0x85ebca6bu;
    h ^= h >> 13;
    h *= 0xc2b2ae35u;
    h ^= h >> 16;
    return static_cast<Hash>(h);
  }
  static Hash OfInt(int32_t value, Hash seed) {
    return Finish(MixH(static_cast<uint32_t>(seed), MixK(static_cast<uint32_t>(value))), 4);
  }
  static Hash OfLong(int64_t value, Hash seed) {
    const auto bits = static_cast<uint64_t>(value);
    uint32_t h = MixH(static_cast<uint32_t>(seed), MixK(static_cast<uint32_t>(bits)));
    h = MixH(h, MixK(static_cast<uint32_t>(bits >> 32)));
    return Finish(h, 8);
  }
  static Hash OfBytes(std::string_view bytes, Hash seed) {
    auto h = static_cast<uint32_t>(seed);
    size_t i = 0;
    for (; i + 4 <= bytes.size(); i += 4) {
      uint32_t word = 0;
      std::memcpy(&word, bytes.data() + i, 4);
      h = MixH(h, MixK(word));
    }
    for (; i < bytes.size(); ++i)
      h = MixH(h, MixK(static_cast<uint32_t>(static_cast<int32_t>(static_cast<signed char>(bytes[i])))));
    return Finish(h, static_cast<uint32_t>(bytes.size()));
  }
};

}  // namespace firesteel::functions
