// Images of theta sketches. Version 3 lists the hashes, version 4 the differences of the sorted ones in as few bits as they need.
#include "functions/theta_sketch.h"

#include <bit>

namespace firesteel::functions::sketches {
namespace {

constexpr uint8_t kFamily = 3, kPlain = 3, kCompressed = 4;
constexpr uint8_t kReadOnlyFlag = 2, kEmptyFlag = 4, kCompactFlag = 8, kOrderedFlag = 16, kSingleFlag = 32;
constexpr size_t kEntriesMax = size_t{1} << (kLgNominalMax + 1);

/// Numbers of a fixed width, the highest bit first.
class BitWriter {
 public:
  explicit BitWriter(std::string& out) : out_(out) {}
  void Put(uint64_t value, int width) {
    for (int bit = width - 1; bit >= 0; --bit) {
      if (used_ == 0) out_ += '\0';
      if (((value >> bit) & 1) != 0) out_.back() = static_cast<char>(out_.back() | (0x80 >> used_));
      used_ = (used_ + 1) % 8;
    }
  }

 private:
  std::string& out_;
  int used_ = 0;
};

class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}
  uint64_t Get(int width) {
    uint64_t value = 0;
    for (int i = 0; i < width; ++i, ++at_)
      value = value << 1 | ((static_cast<uint8_t>(bytes_[at_ / 8]) >> (7 - at_ % 8)) & 1);
    return value;
  }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

std::string Preamble(uint8_t longs, uint8_t version, uint8_t bits, uint8_t count_bytes, uint8_t flags) {
  std::string image;
  Put(image, longs);
  Put(image, version);
  Put(image, kFamily);
  Put(image, bits);
  Put(image, count_bytes);
  Put(image, static_cast<uint8_t>(flags | kReadOnlyFlag | kCompactFlag | kOrderedFlag));
  Put<uint16_t>(image, (flags & kEmptyFlag) != 0 ? 0 : kSeedHash);
  return image;
}

}  // namespace

std::string ThetaImage(const ThetaSketch& sketch) {
  const bool exact = sketch.theta == kThetaMax;
  if (sketch.empty) return Preamble(1, kPlain, 0, 0, kEmptyFlag);
  std::vector<uint64_t> hashes;
  for (const auto& entry : sketch.entries) hashes.push_back(entry.first);
  std::sort(hashes.begin(), hashes.end());
  if (exact && hashes.size() == 1) {
    std::string image = Preamble(1, kPlain, 0, 0, kSingleFlag);
    Put(image, hashes[0]);
    return image;
  }
  if (hashes.empty()) {
    std::string image = Preamble(3, kPlain, 0, 0, 0);
    Put<uint32_t>(image, 0);
    Put(image, 1.0F);  // the probability of sampling
    Put(image, sketch.theta);
    return image;
  }
  uint64_t all = 0, before = 0;
  for (const uint64_t hash : hashes) {
    all |= hash - before;
    before = hash;
  }
  const int bits = 64 - std::countl_zero(all);
  const auto count = static_cast<uint32_t>(hashes.size());
  const int count_bytes = (39 - std::countl_zero(count)) / 8;
  std::string image =
      Preamble(exact ? 1 : 2, kCompressed, static_cast<uint8_t>(bits), static_cast<uint8_t>(count_bytes), 0);
  if (!exact) Put(image, sketch.theta);
  for (int i = 0; i < count_bytes; ++i) Put(image, static_cast<uint8_t>(count >> (8 * i)));
  BitWriter out(image);
  before = 0;
  for (const uint64_t hash : hashes) {
    out.Put(hash - before, bits);
    before = hash;
  }
  return image;
}

std::optional<ThetaSketch> ThetaFromImage(std::string_view image) {
  ImageReader in(image);
  const auto longs = static_cast<uint8_t>(in.Get<uint8_t>() & 63);
  const auto version = in.Get<uint8_t>(), family = in.Get<uint8_t>(), bits = in.Get<uint8_t>(),
             count_bytes = in.Get<uint8_t>(), flags = in.Get<uint8_t>();
  const auto seed_hash = in.Get<uint16_t>();
  if (in.failed() || family != kFamily || (flags & kCompactFlag) == 0) return std::nullopt;
  ThetaSketch sketch;
  if ((flags & kEmptyFlag) != 0) return sketch;
  if (seed_hash != kSeedHash) return std::nullopt;
  sketch.empty = false;
  uint32_t count = 1;
  std::string_view packed;
  if (version == kCompressed) {
    if (longs > 2 || bits == 0 || bits > 63 || count_bytes == 0 || count_bytes > 4) return std::nullopt;
    if (longs == 2) sketch.theta = in.Get<uint64_t>();
    count = 0;
    for (int i = 0; i < count_bytes; ++i) count |= uint32_t{in.Get<uint8_t>()} << (8 * i);
    packed = in.Bytes((size_t{count} * bits + 7) / 8);
  } else if (version == kPlain) {
    if (longs < 1 || longs > 3) return std::nullopt;
    if (longs > 1) {
      count = in.Get<uint32_t>();
      in.Get<float>();
    }
    if (longs == 3) sketch.theta = in.Get<uint64_t>();
  } else {
    return std::nullopt;
  }
  if (in.failed() || count > kEntriesMax || sketch.theta == 0 || sketch.theta > kThetaMax) return std::nullopt;
  if (version == kPlain && in.left() / 8 < count) return std::nullopt;
  sketch.entries.reserve(count);
  BitReader deltas(packed);
  uint64_t hash = 0;
  for (uint32_t i = 0; i < count; ++i) {
    hash = version == kCompressed ? hash + deltas.Get(bits) : in.Get<uint64_t>();
    if (hash == 0 || hash >= sketch.theta) return std::nullopt;
    sketch.entries.try_emplace(hash);
  }
  return sketch;
}

}  // namespace firesteel::functions::sketches
