#pragma once
// Theta and tuple sketches of Apache DataSketches: a sample of the items, those whose hash is below a threshold, each with a summary.
// A sketch keeps the k items of lowest hash; the threshold is then the next hash above them.
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "functions/sketch_image.h"

namespace firesteel::functions::sketches {

constexpr uint64_t kThetaMax = INT64_MAX;
constexpr int kLgNominalMin = 4, kLgNominalMax = 26;

/// A theta sketch's items carry nothing.
struct NoSummary {};

template <typename Summary>
class Sample {
 public:
  using Entry = std::pair<uint64_t, Summary>;

  bool empty = true;  ///< has seen nothing at all
  uint64_t theta = kThetaMax;
  absl::flat_hash_map<uint64_t, Summary> entries;

  /// Makes the item's entry, or finds it; null if it is not sampled. `first` says which.
  Summary* Take(uint64_t hash, bool& first) {
    empty = false;
    if (hash == 0 || hash >= theta) return nullptr;
    const auto [entry, added] = entries.try_emplace(hash);
    first = added;
    return &entry->second;
  }

  /// Keeps the `nominal` entries of lowest hash.
  void Trim(size_t nominal) {
    if (entries.size() <= nominal) return;
    std::vector<uint64_t> hashes;
    hashes.reserve(entries.size());
    for (const auto& entry : entries) hashes.push_back(entry.first);
    const auto next = hashes.begin() + static_cast<std::ptrdiff_t>(nominal);
    std::nth_element(hashes.begin(), next, hashes.end());
    Lower(*next);
  }
  /// Lowers the threshold.
  void Lower(uint64_t to) {
    if (to >= theta) return;
    theta = to;
    absl::erase_if(entries, [&](const auto& entry) { return entry.first >= theta; });
  }
  /// While items come one by one: a sketch may hold more than it will keep.
  void TrimSometimes(size_t nominal) {
    if (entries.size() >= 2 * nominal) Trim(nominal);
  }

  /// Adds another sketch's entries; `join` brings two summaries of one item together.
  template <typename Other, typename Make, typename Join>
  void Unite(const Sample<Other>& other, size_t nominal, const Make& make, const Join& join) {
    if (other.empty) return;
    empty = false;
    Lower(other.theta);
    for (const auto& [hash, summary] : other.entries) {
      if (hash >= theta) continue;
      const auto [entry, added] = entries.try_emplace(hash);
      entry->second = added ? make(summary) : join(entry->second, summary);
    }
    Trim(nominal);
  }
  /// Keeps what both have.
  template <typename Other, typename Join>
  void Intersect(const Sample<Other>& other, const Join& join) {
    if (empty || other.empty) {
      *this = Sample();
      return;
    }
    Lower(other.theta);
    absl::erase_if(entries, [&](auto& entry) {
      const auto both = other.entries.find(entry.first);
      if (both == other.entries.end()) return true;
      entry.second = join(entry.second, both->second);
      return false;
    });
    BecomeEmptyIfExact();
  }
  /// Leaves out what the other has.
  template <typename Other>
  void Subtract(const Sample<Other>& other) {
    if (empty || other.empty) return;
    Lower(other.theta);
    absl::erase_if(entries, [&](const auto& entry) { return other.entries.contains(entry.first); });
    BecomeEmptyIfExact();
  }

  double Fraction() const { return static_cast<double>(theta) / static_cast<double>(kThetaMax); }
  double Estimate() const {
    return static_cast<double>(entries.size()) * (static_cast<double>(kThetaMax) / static_cast<double>(theta));
  }

 private:
  void BecomeEmptyIfExact() {
    if (entries.empty() && theta == kThetaMax) empty = true;
  }
};

using ThetaSketch = Sample<NoSummary>;

/// The compact image, compressed where that is DataSketches' way.
std::string ThetaImage(const ThetaSketch& sketch);
/// From a compact image, compressed or not; nothing if it is none.
std::optional<ThetaSketch> ThetaFromImage(std::string_view image);

}  // namespace firesteel::functions::sketches
