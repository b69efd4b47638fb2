#pragma once
// KLL quantile sketches of Apache DataSketches: a sample of the items in levels, an item of level i standing for 2^i of them.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/sketch_image.h"

namespace firesteel::functions::sketches {

template <typename T>
class Kll {
 public:
  static constexpr int kMin = 8, kMax = 65535, kDefault = 200;

  explicit Kll(int k) : k_(k), k_least_(k), levels_(1) {}
  /// From a compact image; nothing if it is none.
  static std::optional<Kll> FromImage(std::string_view image);
  std::string Image() const;
  std::string Text(std::string_view name, std::string (*number)(T)) const;

  int k() const { return k_; }
  uint64_t count() const { return count_; }
  void Add(T item) {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(item)) return;
    }
    if (count_ == 0) {
      low_ = high_ = item;
    } else {
      low_ = std::min(low_, item);
      high_ = std::max(high_, item);
    }
    if (Retained() == Capacity(levels_.size())) Compress();
    ++count_;
    levels_[0].push_back(item);
  }
  void Merge(const Kll& other);
  /// The share of items that are not above `item`; the sketch must not be empty.
  double Rank(T item) const;
  /// The least item that as many are not above as `rank` says; the sketch must not be empty.
  T Quantile(double rank) const;

 private:
  static constexpr size_t kLeastCapacity = 8;  // DataSketches' m
  using Level = std::vector<T>;

  /// Of a level of `levels`: the higher ones hold k items, each lower one two thirds of that above.
  size_t Capacity(size_t levels, size_t level) const {
    const size_t depth = levels - level - 1;
    double thirds = static_cast<double>(k_) * 2;
    for (size_t i = 0; i < depth; ++i) thirds *= 2.0 / 3.0;
    return std::max(kLeastCapacity, static_cast<size_t>(std::floor((std::floor(thirds + 1e-9) + 1) / 2)));
  }
  size_t Capacity(size_t levels) const {
    size_t sum = 0;
    for (size_t level = 0; level < levels; ++level) sum += Capacity(levels, level);
    return sum;
  }
  size_t Retained() const {
    size_t sum = 0;
    for (const Level& level : levels_) sum += level.size();
    return sum;
  }
  void Compress();
  /// Every other item of a level, at random the even or the odd ones, goes up.
  void HalveUp(size_t level);
  /// Items with what they stand for, in order.
  std::vector<std::pair<T, uint64_t>> Sorted() const;

  int k_, k_least_;
  uint64_t count_ = 0;
  T low_ = 0, high_ = 0;
  std::vector<Level> levels_;  // level 0 as its items came, the others sorted
};

template <typename T>
void Kll<T>::HalveUp(size_t level) {
  static thread_local std::minstd_rand random{std::random_device()()};
  Level items = std::move(levels_[level]);
  levels_[level].clear();
  if (level + 1 == levels_.size()) levels_.emplace_back();
  size_t first = 0;
  if (items.size() % 2 == 1) {  // the last one that came stays
    const size_t left = level == 0 ? items.size() - 1 : 0;
    levels_[level].push_back(items[left]);
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(left));
  }
  if (level == 0) std::sort(items.begin(), items.end());
  first = random() % 2;
  Level up;
  for (size_t i = first; i < items.size(); i += 2) up.push_back(items[i]);
  Level merged;
  std::merge(up.begin(), up.end(), levels_[level + 1].begin(), levels_[level + 1].end(), std::back_inserter(merged));
  levels_[level + 1] = std::move(merged);
}

template <typename T>
void Kll<T>::Compress() {
  for (size_t level = 0; level < levels_.size(); ++level) {
    if (levels_[level].size() >= Capacity(levels_.size(), level)) return HalveUp(level);
  }
}

template <typename T>
void Kll<T>::Merge(const Kll& other) {
  if (other.count_ == 0) return;
  const uint64_t count = count_ + other.count_;
  const T low = count_ == 0 ? other.low_ : std::min(low_, other.low_);
  const T high = count_ == 0 ? other.high_ : std::max(high_, other.high_);
  // As DataSketches reads them: the last one first.
  for (auto item = other.levels_[0].rbegin(); item != other.levels_[0].rend(); ++item) Add(*item);
  if (other.levels_.size() > 1) {
    levels_.resize(std::max(levels_.size(), other.levels_.size()));
    for (size_t level = 1; level < other.levels_.size(); ++level) {
      Level merged;
      std::merge(levels_[level].begin(), levels_[level].end(), other.levels_[level].begin(), other.levels_[level].end(),
                 std::back_inserter(merged));
      levels_[level] = std::move(merged);
    }
    for (size_t level = 0; level < levels_.size(); ++level) {
      if (Retained() >= Capacity(levels_.size()) && levels_[level].size() >= Capacity(levels_.size(), level))
        HalveUp(level);
    }
    k_least_ = std::min(k_least_, other.k_least_);
  }
  count_ = count;
  low_ = low;
  high_ = high;
}

template <typename T>
std::vector<std::pair<T, uint64_t>> Kll<T>::Sorted() const {
  std::vector<std::pair<T, uint64_t>> items;
  for (size_t level = 0; level < levels_.size(); ++level) {
    for (const T item : levels_[level]) items.emplace_back(item, uint64_t{1} << level);
  }
  std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return items;
}

template <typename T>
double Kll<T>::Rank(T item) const {
  uint64_t upto = 0;
  for (size_t level = 0; level < levels_.size(); ++level) {
    for (const T kept : levels_[level]) upto += kept <= item ? uint64_t{1} << level : 0;
  }
  return static_cast<double>(upto) / static_cast<double>(count_);
}

template <typename T>
T Kll<T>::Quantile(double rank) const {
  constexpr double kRounding = 1e7;
  double wanted = rank * static_cast<double>(count_);
  if (static_cast<double>(count_) <= kRounding) wanted = std::round(wanted * kRounding) / kRounding;
  const auto least = static_cast<uint64_t>(std::ceil(wanted));
  const auto items = Sorted();
  uint64_t upto = 0;
  for (const auto& [item, weight] : items) {
    upto += weight;
    // The ends of the sample are the ends of the items.
    if (upto >= least) return &item == &items.front().first ? low_ : &item == &items.back().first ? high_ : item;
  }
  return high_;
}

constexpr uint8_t kKllFamily = 15, kKllEmptyFlag = 1, kKllSingleFlag = 4;

template <typename T>
std::string Kll<T>::Image() const {
  std::string image;
  const bool single = count_ == 1;
  Put<uint8_t>(image, count_ < 2 ? 2 : 5);  // ints before the levels
  Put<uint8_t>(image, single ? 2 : 1);      // version
  Put(image, kKllFamily);
  Put(image, count_ == 0 ? kKllEmptyFlag : single ? kKllSingleFlag : uint8_t{0});
  Put(image, static_cast<uint16_t>(k_));
  Put<uint8_t>(image, kLeastCapacity);
  Put<uint8_t>(image, 0);
  if (count_ == 0) return image;
  if (single) {
    Put(image, levels_[0][0]);
    return image;
  }
  Put(image, count_);
  Put(image, static_cast<uint16_t>(k_least_));
  Put(image, static_cast<uint8_t>(levels_.size()));
  Put<uint8_t>(image, 0);
  size_t at = Capacity(levels_.size()) - Retained();
  for (const Level& level : levels_) {
    Put(image, static_cast<uint32_t>(at));
    at += level.size();
  }
  Put(image, low_);
  Put(image, high_);
  for (size_t level = 0; level < levels_.size(); ++level) {
    if (level == 0) {  // it grows downwards
      for (auto item = levels_[0].rbegin(); item != levels_[0].rend(); ++item) Put(image, *item);
    } else {
      for (const T item : levels_[level]) Put(image, item);
    }
  }
  return image;
}

template <typename T>
std::optional<Kll<T>> Kll<T>::FromImage(std::string_view image) {
  ImageReader in(image);
  const auto ints = in.Get<uint8_t>(), version = in.Get<uint8_t>(), family = in.Get<uint8_t>(),
             flags = in.Get<uint8_t>();
  const int k = in.Get<uint16_t>();
  const auto least = in.Get<uint8_t>();
  in.Get<uint8_t>();
  if (in.failed() || family != kKllFamily || version < 1 || version > 2 || k < kMin || least != kLeastCapacity)
    return std::nullopt;
  Kll kll(k);
  if ((flags & kKllEmptyFlag) != 0) return kll;
  if (version == 2 || (flags & kKllSingleFlag) != 0) {
    kll.Add(in.Get<T>());
    return in.failed() ? std::nullopt : std::optional(std::move(kll));
  }
  if (ints != 5) return std::nullopt;
  kll.count_ = in.Get<uint64_t>();
  kll.k_least_ = in.Get<uint16_t>();
  const size_t levels = in.Get<uint8_t>();
  in.Get<uint8_t>();
  if (in.failed() || levels == 0 || levels > 61) return std::nullopt;
  std::vector<size_t> starts;
  for (size_t i = 0; i < levels; ++i) starts.push_back(in.Get<uint32_t>());
  starts.push_back(kll.Capacity(levels));
  kll.low_ = in.Get<T>();
  kll.high_ = in.Get<T>();
  if (in.failed()) return std::nullopt;
  kll.levels_.assign(levels, {});
  uint64_t weight = 0;
  for (size_t level = 0; level < levels; ++level) {
    if (starts[level] > starts[level + 1]) return std::nullopt;
    const size_t size = starts[level + 1] - starts[level];
    if (size > in.left() / sizeof(T)) return std::nullopt;
    for (size_t i = 0; i < size; ++i) kll.levels_[level].push_back(in.Get<T>());
    if (level == 0)
      std::reverse(kll.levels_[0].begin(), kll.levels_[0].end());
    else if (!std::is_sorted(kll.levels_[level].begin(), kll.levels_[level].end()))
      return std::nullopt;
    weight += static_cast<uint64_t>(size) << level;
  }
  if (weight != kll.count_ || kll.count_ == 0) return std::nullopt;
  return kll;
}

template <typename T>
std::string Kll<T>::Text(std::string_view name, std::string (*number)(T)) const {
  const auto percents = [&](double factor, double exponent) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.3f%%", factor / std::pow(k_least_, exponent) * 100);
    return std::string(text);
  };
  const auto truth = [](bool is) { return std::string(is ? "true" : "false"); };
  const size_t retained = Retained(), capacity = Capacity(levels_.size()), levels = levels_.size();
  const size_t compact = count_ == 0 ? 8 : count_ == 1 ? 8 + sizeof(T) : 20 + levels * 4 + (2 + retained) * sizeof(T);
  std::string text = Cat("\n### Kll", name, "Sketch Summary:\n");
  const auto line = [&](std::string_view label, const std::string& value) {
    text += Cat("   ", label, std::string(23 - label.size(), ' '), ": ", value, "\n");
  };
  line("K", Cat(k_));
  line("Dynamic min K", Cat(k_least_));
  line("M", Cat(kLeastCapacity));
  line("N", Cat(count_));
  line("Epsilon", percents(2.296, 0.9723));
  line("Epsilon PMF", percents(2.446, 0.9433));
  line("Empty", truth(count_ == 0));
  line("Estimation Mode", truth(levels > 1));
  line("Levels", Cat(levels));
  line("Level 0 Sorted", "false");
  line("Capacity Items", Cat(capacity));
  line("Retained Items", Cat(retained));
  line("Free Space", Cat(capacity - retained));
  line("ReadOnly", "false");
  line("Updatable Storage Bytes", Cat(20 + (levels + 1) * 4 + (2 + capacity) * sizeof(T)));
  line("Compact Storage Bytes", Cat(compact));
  line("Min Item", number(low_));
  line("Max Item", number(high_));
  return text + "### End sketch summary\n";
}

}  // namespace firesteel::functions::sketches
