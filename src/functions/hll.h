#pragma once
// A HyperLogLog sketch of Apache DataSketches (HLL_8): how many different items came, from a fixed number of bytes.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/sketch_image.h"

namespace firesteel::functions::sketches {

/// Few items are kept as coupons, in a list, then in a hash set; many as the highest rank seen in each of 2^lg_k slots.
class Hll {
 public:
  static constexpr int kLgKMin = 4, kLgKMax = 21;

  explicit Hll(int lg_k) : lg_k_(lg_k), coupons_(size_t{1} << kLgList) {}
  /// From an image, compact or updatable; nothing if it is none.
  static std::optional<Hll> FromImage(std::string_view image);
  std::string Image() const;

  int lg_k() const { return lg_k_; }
  bool empty() const { return mode_ == Mode::kList && count_ == 0; }
  void Add(const Hash128& hash);
  /// The union with another sketch; the result has the fewer slots of both, and no more than it was made with.
  void Merge(const Hll& other);
  /// Makes the union's slots as countable as those that were filled one by one.
  void Settle();
  double Estimate() const;

 private:
  enum class Mode : uint8_t { kList, kSet, kSlots };
  static constexpr int kLgList = 3, kLgSet = 5;

  void Update(uint32_t coupon);
  void UpdateSlot(uint32_t coupon);
  bool Insert(uint32_t coupon);  // into the set; false if it was there
  void BecomeSet();
  void BecomeSlots();
  void BecomeSmaller(int lg_k);
  double CouponEstimate() const;
  double CompositeEstimate() const;

  int lg_k_;
  Mode mode_ = Mode::kList;
  std::vector<uint32_t> coupons_;  // list or hash table, 0: free
  size_t count_ = 0;
  std::vector<uint8_t> slots_;
  double accumulated_ = 0, sum_low_ = 0,
         sum_high_ = 0;  // historic inverse probability; sums of 2^-rank below and from rank 32
  bool out_of_order_ = false, unsettled_ = false;
  uint8_t least_ = 0;      // the lowest rank in the slots, as far as it is known
  uint32_t at_least_ = 0;  // how many slots have it
};

}  // namespace firesteel::functions::sketches
