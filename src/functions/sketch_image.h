#pragma once
// What the sketches of Apache DataSketches have in common: the hash of their items and their little-endian images.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/cat.h"
#include "base/error.h"
#include "types/vector.h"

namespace firesteel::functions::sketches {

struct Hash128 {
  uint64_t first, second;
};
/// MurmurHash3 (x64, 128 bits) with DataSketches' seed.
Hash128 HashOfBytes(std::string_view bytes);
/// The hash of a value as sketches take it: integers as LONG, FLOAT as DOUBLE, texts, binaries, arrays of INT and LONG by their
/// bytes. Nothing for what they pass over: empty texts and arrays. The cell must not be NULL.
std::optional<Hash128> HashOfItem(const InputVector& column, size_t row);
/// Of the seed: images of other seeds can't be mixed with ours.
inline constexpr uint16_t kSeedHash = 0x93CC;

template <typename T>
void Put(std::string& image, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  image.append(bytes, sizeof(T));
}

/// Reads an image; behind its end there are zeros and `failed` is set.
class ImageReader {
 public:
  explicit ImageReader(std::string_view image) : image_(image) {}
  template <typename T>
  T Get() {
    T value{};
    if (image_.size() - at_ < sizeof(T)) {
      failed_ = true;
      at_ = image_.size();
      return value;
    }
    std::memcpy(&value, image_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  std::string_view Bytes(size_t count) {
    if (image_.size() - at_ < count) failed_ = true;
    const std::string_view bytes = image_.substr(at_, count);
    at_ += bytes.size();
    return bytes;
  }
  size_t left() const { return image_.size() - at_; }
  bool failed() const { return failed_; }

 private:
  std::string_view image_;
  size_t at_ = 0;
  bool failed_ = false;
};

/// A function's name as a template argument: kernels name themselves in errors.
template <size_t kSize>
struct Name {
  std::array<char, kSize> text{};
  constexpr Name(const char (&from)[kSize]) { std::copy_n(from, kSize, text.begin()); }  // NOLINT
  std::string Quoted() const { return Cat("`", std::string_view(text.data(), kSize - 1), "`"); }
};

/// Java's Math.round.
int64_t RoundToLong(double value);

}  // namespace firesteel::functions::sketches
