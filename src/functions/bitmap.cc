// Bitmaps of 32,768 bits that count distinct integers exactly, one per bucket of so many consecutive numbers.
#include <algorithm>
#include <array>
#include <bit>

#include "base/cat.h"
#include "functions/aggregate_sql.h"
#include "functions/row.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

constexpr int64_t kBitmapBytes = 4096;
constexpr int64_t kBitmapBits = kBitmapBytes * 8;

int64_t BucketNumber(int64_t value) { return value > 0 ? 1 + (value - 1) / kBitmapBits : value / kBitmapBits; }
/// Java's remainder and wrap-around.
int64_t BitPosition(int64_t value) {
  if (value > 0) return (value - 1) % kBitmapBits;
  return static_cast<int64_t>(-static_cast<uint64_t>(value)) % kBitmapBits;
}
int64_t CountBits(std::string_view bytes) {
  int64_t count = 0;
  for (const char byte : bytes) count += std::popcount(static_cast<uint8_t>(byte));
  return count;
}

struct Bitmap {
  std::array<uint8_t, kBitmapBytes> bytes = {};

  Status Finish(const KernelContext&, ResultCell result) const {
    result.vector->SetString(result.row, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return {};
  }
};

struct Constructed : Bitmap {
  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    const int64_t position = in[0].At<int64_t>(row);
    if (position < 0 || position >= kBitmapBits) {
      return Error::Condition("INVALID_BITMAP_POSITION",
                              {{"bitPosition", Cat(position)},
                               {"bitmapNumBits", Cat(kBitmapBits)},
                               {"bitmapNumBytes", Cat(kBitmapBytes)}},
                              context.origin)
          .As(ErrorClass::kArrayIndexOutOfBounds);
    }
    bytes[static_cast<size_t>(position / 8)] |= static_cast<uint8_t>(1 << (position % 8));
    return {};
  }
  Status Merge(const KernelContext&, const Constructed& other) {
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] |= other.bytes[i];
    return {};
  }
};

template <bool kAnd>
struct Combined : Bitmap {
  Combined() { bytes.fill(kAnd ? 0xff : 0); }
  Status Add(const KernelContext&, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    const std::string_view other = in[0].StringAt(row);
    const size_t size = std::min(other.size(), bytes.size());
    for (size_t i = 0; i < size; ++i) Combine(i, static_cast<uint8_t>(other[i]));
    for (size_t i = size; i < bytes.size(); ++i) Combine(i, 0);
    return {};
  }
  Status Merge(const KernelContext&, const Combined& other) {
    for (size_t i = 0; i < bytes.size(); ++i) Combine(i, other.bytes[i]);
    return {};
  }
  void Combine(size_t at, uint8_t byte) { bytes[at] = kAnd ? bytes[at] & byte : bytes[at] | byte; }
};

std::vector<Function> Rows() {
  const Function scalar{.group = "misc_funcs", .since = "3.5.0"};
  const Function aggregate{.kind = Kind::kAggregate, .nulls = Nulls::kNever, .group = "agg_funcs", .since = "3.5.0"};
  const DataType number = TypeId::kLong, bytes = TypeId::kBinary;
  const std::vector<Argument> one_number = {{TypeId::kLong}}, one_bitmap = {{TypeId::kBinary}};
  return {
      RowOf(scalar, "bitmap_bucket_number", one_number, number, RowKernel<&BucketNumber>(),
            "The number of the bitmap that holds an integer.", "bitmap_bucket_number(123)"),
      RowOf(scalar, "bitmap_bit_position", one_number, number, RowKernel<&BitPosition>(),
            "The position of an integer's bit in its bitmap.", "bitmap_bit_position(123)"),
      RowOf(scalar, "bitmap_count", one_bitmap, number, RowKernel<&CountBits>(), "The number of bits that are set.",
            "bitmap_count(X'1010')"),
      RowOf(aggregate, "bitmap_construct_agg", one_number, bytes, StateKernel<Constructed>(),
            "Returns the bitmap with the bits at the group's positions set.",
            "bitmap_construct_agg(bitmap_bit_position(col))"),
      RowOf(aggregate, "bitmap_or_agg", one_bitmap, bytes, StateKernel<Combined<false>>(),
            "Returns the bits set in any of the group's bitmaps.", "bitmap_or_agg(col)"),
      RowOf(aggregate, "bitmap_and_agg", one_bitmap, bytes, StateKernel<Combined<true>>(),
            "Returns the bits set in all of the group's bitmaps.", "bitmap_and_agg(col)"),
  };
}

}  // namespace

std::span<const Function> BitmapFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
