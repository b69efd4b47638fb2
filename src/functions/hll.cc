// HyperLogLog: modes, estimators, images. Sources: the papers of Flajolet et al. and Ting (historic inverse probability), and
// DataSketches' description of its images and of the composite estimator.
#include "functions/hll.h"

#include <bit>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>

namespace firesteel::functions::sketches {
namespace {

constexpr uint32_t kAddressMask = (1u << 26) - 1;
constexpr uint8_t kEmptyFlag = 4, kCompactFlag = 8, kOutOfOrderFlag = 16;

double InversePower(int exponent) { return std::ldexp(1.0, -exponent); }

/// The cubic through four points at `x`.
double Cubic(const double* xs, const double* ys, double x) {
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    double numerator = 1, denominator = 1;
    for (int j = 0; j < 4; ++j) {
      if (j == i) continue;
      numerator *= x - xs[j];
      denominator *= xs[i] - xs[j];
    }
    sum += ys[i] * numerator / denominator;
  }
  return sum;
}

/// Interpolates between points whose x rise.
double Interpolate(const std::vector<double>& xs, const std::vector<double>& ys, double x) {
  if (x == xs.back()) return ys.back();
  const auto above = static_cast<size_t>(std::upper_bound(xs.begin(), xs.end(), x) - xs.begin());
  const size_t below = above - 1;
  size_t first = below == 0 ? 0 : below - 1;
  first = std::min(first, xs.size() - 4);
  return Cubic(&xs[first], &ys[first], x);
}

/// How many items are behind a number of different coupons, which are 26 bits of address and a rank.
struct CouponTable {
  std::vector<double> coupons{0, 1, 20, 400, 8000, 160000, 300000, 600000}, items;
  CouponTable() {
    for (const double wanted : coupons) {
      double n = wanted;
      for (int step = 0; step < 60; ++step) n += (wanted - Expected(n)) / Slope(n);
      items.push_back(n);
    }
  }
  static double Expected(double n) {
    double sum = 0;
    for (int rank = 62; rank > 0; --rank) sum -= std::expm1(n * std::log1p(-InversePower(26 + rank))) * 0x1p26;
    return sum;
  }
  static double Slope(double n) {
    double sum = 0;
    for (int rank = 62; rank > 0; --rank) {
      const double log = std::log1p(-InversePower(26 + rank));
      sum -= log * std::exp(n * log) * 0x1p26;
    }
    return sum;
  }
};

double CorrectionFactor(int lg_k) {
  if (lg_k == 4) return 0.673;
  if (lg_k == 5) return 0.697;
  if (lg_k == 6) return 0.709;
  return 0.7213 / (1.0 + 1.079 / std::ldexp(1.0, lg_k));
}

/// What the raw estimator is expected to say of 0, stride, 2 · stride … items.
struct RawTable {
  std::vector<double> raw, items;
  explicit RawTable(int lg_k) {
    static constexpr int kStrides[] = {1, 2, 3, 5};
    constexpr int kPoints = 257;
    const double stride = lg_k < 8 ? kStrides[lg_k - 4] : std::ldexp(10.0, lg_k - 8);
    const double k = std::ldexp(1.0, lg_k), factor = CorrectionFactor(lg_k) * k * k;
    std::vector<double> poisson;
    for (int i = 0; i < kPoints; ++i) {
      items.push_back(i * stride);
      poisson.push_back(factor * MeanInverse(i * stride / k, k));
    }
    raw = poisson;
    // From a random number of items to a fixed one: the first term of the correction.
    for (int i = 1; i + 1 < kPoints; ++i) {
      const double curve = (poisson[i + 1] - 2 * poisson[i] + poisson[i - 1]) / (stride * stride);
      raw[i] -= items[i] / 2 * curve;
    }
  }
  /// E[1/S] of the sum S of 2^-rank over k slots that get Poisson(rate) items each: the integral of E[exp(-t S)].
  static double MeanInverse(double rate, double k) {
    double chance[64], mean = 0;
    double before = 0;
    for (int rank = 0; rank < 64; ++rank) {
      const double upto = rank == 63 ? 1 : std::exp(-rate * InversePower(rank));
      chance[rank] = upto - before;
      before = upto;
      mean += chance[rank] * InversePower(rank);
    }
    const double scale = mean * k;
    const auto integrand = [&](double y) {  // over y from 0 to 1, t = y / (1 - y) / scale
      const double t = y / (1 - y) / scale;
      double sum = 0;
      for (int rank = 0; rank < 64; ++rank) {
        if (chance[rank] > 0) sum += chance[rank] * std::expm1(-t * InversePower(rank));
      }
      return std::exp(k * std::log1p(sum)) / ((1 - y) * (1 - y));
    };
    constexpr int kSteps = 240;  // Simpson's rule; even
    double sum = integrand(0);
    for (int i = 1; i < kSteps; ++i) sum += integrand(static_cast<double>(i) / kSteps) * (i % 2 == 1 ? 4 : 2);
    return sum / kSteps / 3 / scale;
  }
};

const RawTable& RawTableOf(int lg_k) {
  static std::array<std::once_flag, Hll::kLgKMax + 1> once;
  static std::array<const RawTable*, Hll::kLgKMax + 1> tables{};
  std::call_once(once[static_cast<size_t>(lg_k)], [&] { tables[static_cast<size_t>(lg_k)] = new RawTable(lg_k); });
  return *tables[static_cast<size_t>(lg_k)];
}

double Harmonic(double n) {
  if (n < 100) {
    double sum = 0;
    for (int i = 1; i <= n; ++i) sum += 1.0 / i;
    return sum;
  }
  const double square = n * n;
  return std::log(n) + 0.57721566490153286061 + 1 / (2 * n) - 1 / (12 * square) + 1 / (120 * square * square);
}

}  // namespace

void Hll::Add(const Hash128& hash) {
  const auto rank = static_cast<uint32_t>(std::min(std::countl_zero(hash.second), 62)) + 1;
  Update(rank << 26 | static_cast<uint32_t>(hash.first & kAddressMask));
}

void Hll::Update(uint32_t coupon) {
  switch (mode_) {
    case Mode::kList:
      for (size_t i = 0; i < count_; ++i) {
        if (coupons_[i] == coupon) return;
      }
      coupons_[count_++] = coupon;
      if (count_ < coupons_.size()) return;
      if (lg_k_ < 8) return BecomeSlots();
      return BecomeSet();
    case Mode::kSet: {
      if (!Insert(coupon)) return;
      ++count_;
      if (count_ * 4 <= coupons_.size() * 3) return;
      if (std::countr_zero(coupons_.size()) >= lg_k_ - 3) return BecomeSlots();
      std::vector<uint32_t> old(coupons_.size() * 2);
      old.swap(coupons_);
      for (const uint32_t kept : old) {
        if (kept != 0) Insert(kept);
      }
      return;
    }
    case Mode::kSlots:
      return UpdateSlot(coupon);
  }
}

bool Hll::Insert(uint32_t coupon) {
  const auto mask = static_cast<uint32_t>(coupons_.size() - 1);
  const uint32_t stride = ((coupon & kAddressMask) >> std::countr_zero(coupons_.size())) | 1;
  for (uint32_t at = coupon & mask;; at = (at + stride) & mask) {
    if (coupons_[at] == coupon) return false;
    if (coupons_[at] != 0) continue;
    coupons_[at] = coupon;
    return true;
  }
}

void Hll::BecomeSet() {
  std::vector<uint32_t> list(size_t{1} << kLgSet);
  list.swap(coupons_);
  mode_ = Mode::kSet;
  for (size_t i = 0; i < count_; ++i) Insert(list[i]);
}

void Hll::BecomeSlots() {
  const double estimate = CouponEstimate();
  const std::vector<uint32_t> coupons = std::move(coupons_);
  coupons_.clear();
  mode_ = Mode::kSlots;
  slots_.assign(size_t{1} << lg_k_, 0);
  sum_low_ = static_cast<double>(slots_.size());
  sum_high_ = 0;
  least_ = 0;
  at_least_ = static_cast<uint32_t>(slots_.size());
  for (const uint32_t coupon : coupons) {
    if (coupon != 0) UpdateSlot(coupon);
  }
  accumulated_ = estimate;
}

void Hll::UpdateSlot(uint32_t coupon) {
  uint8_t& slot = slots_[coupon & (slots_.size() - 1)];
  const auto rank = static_cast<uint8_t>(coupon >> 26);
  if (rank <= slot) return;
  if (!out_of_order_) accumulated_ += static_cast<double>(slots_.size()) / (sum_low_ + sum_high_);
  (slot < 32 ? sum_low_ : sum_high_) -= InversePower(slot);
  (rank < 32 ? sum_low_ : sum_high_) += InversePower(rank);
  if (slot == 0) --at_least_;
  slot = rank;
}

void Hll::BecomeSmaller(int lg_k) {
  Hll smaller(lg_k);
  smaller.BecomeSlots();
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i] != 0) smaller.UpdateSlot(uint32_t{slots_[i]} << 26 | static_cast<uint32_t>(i));
  }
  smaller.accumulated_ = accumulated_;
  smaller.out_of_order_ = out_of_order_;
  *this = std::move(smaller);
}

void Hll::Merge(const Hll& other) {
  if (other.empty()) return;
  if (other.mode_ != Mode::kSlots) {
    if (empty() && other.mode_ == Mode::kSet && other.lg_k_ == lg_k_) {
      *this = other;
      return;
    }
    for (const uint32_t coupon : other.coupons_) {
      if (coupon != 0) Update(coupon);
    }
    return;
  }
  if (mode_ != Mode::kSlots) {
    Hll merged = other;
    if (other.lg_k_ > lg_k_) merged.BecomeSmaller(lg_k_);
    for (const uint32_t coupon : coupons_) {
      if (coupon != 0) merged.UpdateSlot(coupon);
    }
    *this = std::move(merged);
    return;
  }
  if (other.lg_k_ < lg_k_) BecomeSmaller(other.lg_k_);
  for (size_t i = 0; i < other.slots_.size(); ++i) {
    uint8_t& slot = slots_[i & (slots_.size() - 1)];
    slot = std::max(slot, other.slots_[i]);
  }
  out_of_order_ = true;
  unsettled_ = true;
  accumulated_ = 0;
}

void Hll::Settle() {
  if (!unsettled_) return;
  unsettled_ = false;
  least_ = 64;
  at_least_ = 0;
  sum_low_ = static_cast<double>(slots_.size());
  sum_high_ = 0;
  for (const uint8_t rank : slots_) {
    if (rank > 0) (rank < 32 ? sum_low_ : sum_high_) += InversePower(rank) - 1;
    if (rank < least_) at_least_ = 0;
    least_ = std::min(least_, rank);
    if (rank == least_) ++at_least_;
  }
}

double Hll::CouponEstimate() const {
  static const CouponTable* const kTable = new CouponTable();
  const auto count = static_cast<double>(count_);
  return std::max(Interpolate(kTable->coupons, kTable->items, count), count);
}

double Hll::CompositeEstimate() const {
  const auto k = static_cast<double>(slots_.size());
  const double raw = CorrectionFactor(lg_k_) * k * k / (sum_low_ + sum_high_);
  const RawTable& table = RawTableOf(lg_k_);
  if (raw < table.raw.front()) return 0;
  if (raw > table.raw.back()) return raw * (table.items.back() / table.raw.back());
  const double adjusted = Interpolate(table.raw, table.items, raw);
  if (adjusted > 3 * k) return adjusted;
  // Few items: counting the empty slots is better.
  const double free = least_ == 0 ? at_least_ : 0;
  const double linear = free == 0 ? k * std::log(k / 0.5) : k * (Harmonic(k) - Harmonic(free));
  const double crossing = lg_k_ == 4 ? 0.718 : lg_k_ == 5 ? 0.672 : 0.64;
  return (adjusted + linear) / 2 > crossing * k ? adjusted : linear;
}

double Hll::Estimate() const {
  if (mode_ != Mode::kSlots) return CouponEstimate();
  return out_of_order_ ? CompositeEstimate() : accumulated_;
}

std::string Hll::Image() const {
  static constexpr uint8_t kPreambleInts[] = {2, 3, 10};
  std::string image;
  Put(image, kPreambleInts[static_cast<int>(mode_)]);
  Put<uint8_t>(image, 1);  // version
  Put<uint8_t>(image, 7);  // family
  Put(image, static_cast<uint8_t>(lg_k_));
  Put(image, static_cast<uint8_t>(mode_ == Mode::kSlots ? 0 : std::countr_zero(coupons_.size())));
  Put(image, static_cast<uint8_t>((empty() ? kEmptyFlag : 0) | (out_of_order_ ? kOutOfOrderFlag : 0)));
  Put(image, mode_ == Mode::kList ? static_cast<uint8_t>(count_) : mode_ == Mode::kSet ? uint8_t{0} : least_);
  Put(image, static_cast<uint8_t>(static_cast<int>(mode_) | 2 << 2));  // HLL_8
  if (mode_ == Mode::kSet) Put(image, static_cast<uint32_t>(count_));
  if (mode_ != Mode::kSlots) {
    for (const uint32_t coupon : coupons_) Put(image, coupon);
    return image;
  }
  Put(image, accumulated_);
  Put(image, sum_low_);
  Put(image, sum_high_);
  Put(image, at_least_);
  Put<uint32_t>(image, 0);
  image.append(reinterpret_cast<const char*>(slots_.data()), slots_.size());
  return image;
}

std::optional<Hll> Hll::FromImage(std::string_view image) {
  ImageReader in(image);
  const auto preamble = in.Get<uint8_t>(), version = in.Get<uint8_t>(), family = in.Get<uint8_t>();
  const int lg_k = in.Get<uint8_t>();
  in.Get<uint8_t>();
  const auto flags = in.Get<uint8_t>(), count_or_least = in.Get<uint8_t>(), modes = in.Get<uint8_t>();
  if (in.failed() || version != 1 || family != 7 || lg_k < kLgKMin || lg_k > kLgKMax || modes >> 2 != 2)
    return std::nullopt;
  Hll hll(lg_k);
  if (const int mode = modes & 3; mode < 2) {
    if (preamble != (mode == 0 ? 2 : 3)) return std::nullopt;
    const size_t count = mode == 0 ? count_or_least : in.Get<uint32_t>();
    const size_t entries = (flags & kCompactFlag) != 0 ? count : in.left() / 4;
    if (in.failed() || count > entries || entries * 4 > in.left() || entries > (size_t{1} << kLgKMax))
      return std::nullopt;
    for (size_t i = 0; i < entries; ++i) {
      if (const auto coupon = in.Get<uint32_t>(); coupon != 0) hll.Update(coupon);
    }
    return hll;
  }
  if ((modes & 3) != 2 || preamble != 10) return std::nullopt;
  hll.BecomeSlots();
  hll.accumulated_ = in.Get<double>();
  hll.sum_low_ = in.Get<double>();
  hll.sum_high_ = in.Get<double>();
  hll.least_ = count_or_least;
  hll.at_least_ = in.Get<uint32_t>();
  in.Get<uint32_t>();
  const std::string_view slots = in.Bytes(hll.slots_.size());
  if (in.failed()) return std::nullopt;
  std::transform(slots.begin(), slots.end(), hll.slots_.begin(),
                 [](char slot) { return static_cast<uint8_t>(slot & 63); });
  hll.out_of_order_ = (flags & kOutOfOrderFlag) != 0;
  return hll;
}

}  // namespace firesteel::functions::sketches
