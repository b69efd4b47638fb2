// Hashes of values (Spark's Murmur3 and xxHash64 over all types) and digests of bytes.
#include <openssl/evp.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/murmur3.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- xxHash64

struct XxHash64 {
  using Hash = int64_t;
  static constexpr uint64_t kPrime1 = 0x9E3779B185EBCA87u, kPrime2 = 0xC2B2AE3D27D4EB4Fu, kPrime3 = 0x165667B19E3779F9u,
                            kPrime4 = 0x85EBCA77C2B2AE63u, kPrime5 = 0x27D4EB2F165667C5u;

  static Hash Finish(uint64_t h) {
    h ^= h >> 33;
    h *= kPrime2;
    h ^= h >> 29;
    h *= kPrime3;
    h ^= h >> 32;
    return static_cast<Hash>(h);
  }
  static Hash OfInt(int32_t value, Hash seed) {
    uint64_t h = static_cast<uint64_t>(seed) + kPrime5 + 4;
    h ^= static_cast<uint64_t>(static_cast<uint32_t>(value)) * kPrime1;
    return Finish(std::rotl(h, 23) * kPrime2 + kPrime3);
  }
  static Hash OfLong(int64_t value, Hash seed) {
    uint64_t h = static_cast<uint64_t>(seed) + kPrime5 + 8;
    h ^= std::rotl(static_cast<uint64_t>(value) * kPrime2, 31) * kPrime1;
    return Finish(std::rotl(h, 27) * kPrime1 + kPrime4);
  }
  static uint64_t Read64(const char* p) {
    uint64_t v = 0;
    std::memcpy(&v, p, 8);
    return v;
  }
  static uint64_t Round(uint64_t acc, uint64_t input) { return std::rotl(acc + input * kPrime2, 31) * kPrime1; }
  static uint64_t Merge(uint64_t h, uint64_t v) { return (h ^ Round(0, v)) * kPrime1 + kPrime4; }
  static Hash OfBytes(std::string_view bytes, Hash seed_value) {
    const auto seed = static_cast<uint64_t>(seed_value);
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    uint64_t h = seed + kPrime5;
    if (bytes.size() >= 32) {
      uint64_t v1 = seed + kPrime1 + kPrime2, v2 = seed + kPrime2, v3 = seed, v4 = seed - kPrime1;
      for (; p + 32 <= end; p += 32) {
        v1 = Round(v1, Read64(p));
        v2 = Round(v2, Read64(p + 8));
        v3 = Round(v3, Read64(p + 16));
        v4 = Round(v4, Read64(p + 24));
      }
      h = std::rotl(v1, 1) + std::rotl(v2, 7) + std::rotl(v3, 12) + std::rotl(v4, 18);
      h = Merge(Merge(Merge(Merge(h, v1), v2), v3), v4);
    }
    h += bytes.size();
    for (; p + 8 <= end; p += 8) h = std::rotl(h ^ Round(0, Read64(p)), 27) * kPrime1 + kPrime4;
    if (p + 4 <= end) {
      uint32_t word = 0;
      std::memcpy(&word, p, 4);
      h = std::rotl(h ^ (word * kPrime1), 23) * kPrime2 + kPrime3;
      p += 4;
    }
    for (; p < end; ++p) h = std::rotl(h ^ (static_cast<unsigned char>(*p) * kPrime5), 11) * kPrime1;
    return Finish(h);
  }
};

/// BigInteger.toByteArray: the shortest two's complement, big-endian.
std::string BigIntegerBytes(int128_t value) {
  std::string bytes;
  for (int shift = 120; shift >= 0; shift -= 8)
    bytes += static_cast<char>(static_cast<unsigned __int128>(value) >> shift);
  size_t first = 0;
  while (first + 1 < bytes.size()) {
    const auto byte = static_cast<unsigned char>(bytes[first]);
    const bool next_negative = (static_cast<unsigned char>(bytes[first + 1]) & 0x80) != 0;
    if ((byte == 0 && !next_negative) || (byte == 0xFF && next_negative)) {
      ++first;
    } else {
      break;
    }
  }
  return bytes.substr(first);
}

/// NULL leaves the hash as it is.
template <typename H>
typename H::Hash HashCell(const Cell& cell, typename H::Hash seed) {
  if (cell.IsNull()) return seed;
  const InputVector& v = *cell.vector;
  const size_t row = cell.row;
  switch (v.type.id()) {
    case TypeId::kNull:
      return seed;
    case TypeId::kBoolean:
      return H::OfInt(v.At<uint8_t>(row) != 0 ? 1 : 0, seed);
    case TypeId::kByte:
      return H::OfInt(v.At<int8_t>(row), seed);
    case TypeId::kShort:
      return H::OfInt(v.At<int16_t>(row), seed);
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      return H::OfInt(v.At<int32_t>(row), seed);
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDayTimeInterval:
      return H::OfLong(v.At<int64_t>(row), seed);
    case TypeId::kFloat: {
      const float f = v.At<float>(row);
      const int32_t bits = std::isnan(f) ? 0x7fc00000 : f == 0 ? 0 : std::bit_cast<int32_t>(f);
      return H::OfInt(bits, seed);
    }
    case TypeId::kDouble: {
      const double d = v.At<double>(row);
      const int64_t bits = std::isnan(d) ? 0x7ff8000000000000 : d == 0 ? 0 : std::bit_cast<int64_t>(d);
      return H::OfLong(bits, seed);
    }
    case TypeId::kDecimal:
      if (v.type.precision() <= 18) return H::OfLong(static_cast<int64_t>(v.DecimalAt(row)), seed);
      return H::OfBytes(BigIntegerBytes(v.DecimalAt(row)), seed);
    case TypeId::kString:
    case TypeId::kBinary:
      return H::OfBytes(v.StringAt(row), seed);
    case TypeId::kCalendarInterval: {
      const auto& i = v.At<CalendarInterval>(row);
      return H::OfInt(i.months, H::OfInt(i.days, H::OfLong(i.micros, seed)));
    }
    case TypeId::kArray:
    case TypeId::kMap:
      for (uint64_t i = 0; i < cell.ListSize(); ++i) seed = HashCell<H>(cell.Element(i), seed);
      return seed;
    case TypeId::kStruct:
    case TypeId::kVariant:
    case TypeId::kUdt:
      for (size_t i = 0; i < v.children.size(); ++i) seed = HashCell<H>(cell.Field(i), seed);
      return seed;
  }
  return seed;
}

template <typename H>
Status HashRows(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    typename H::Hash hash = 42;
    for (const InputVector& argument : in) hash = HashCell<H>({&argument, row}, hash);
    out.Data<typename H::Hash>()[row] = hash;
  }
  return {};
}

Result<DataType> BindHash(CallSite& site) {
  for (const ExprPtr& argument : site.arguments) {
    if (HoldsType(argument->type, TypeId::kMap))
      return TypeMismatch(site, "HASH_MAP_TYPE", {{"functionName", ToSqlId(site.name)}});
  }
  return DataType(EqualsIgnoreCase(site.name, "hash") ? TypeId::kInteger : TypeId::kLong);
}

// ---------------------------------------------------------------- digests

std::string Digest(std::string_view bytes, const EVP_MD* algorithm) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, algorithm, nullptr);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(size * 2);
  for (unsigned int i = 0; i < size; ++i) {
    text += kHex[digest[i] >> 4];
    text += kHex[digest[i] & 15];
  }
  return text;
}
std::string Sha1(std::string_view bytes) { return Digest(bytes, EVP_sha1()); }
std::optional<std::string> Sha2(std::string_view bytes, int32_t bits) {
  switch (bits) {
    case 0:
    case 256:
      return Digest(bytes, EVP_sha256());
    case 224:
      return Digest(bytes, EVP_sha224());
    case 384:
      return Digest(bytes, EVP_sha384());
    case 512:
      return Digest(bytes, EVP_sha512());
    default:
      return std::nullopt;
  }
}

int64_t Crc32(std::string_view bytes) {
  static const std::array<uint32_t, 256> kTable = [] {
    std::array<uint32_t, 256> table{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t c = i;
      for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
      table[i] = c;
    }
    return table;
  }();
  uint32_t crc = 0xFFFFFFFFu;
  for (char b : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(b)) & 0xFF] ^ (crc >> 8);
  return crc ^ 0xFFFFFFFFu;
}

Function DigestRow(std::string_view name, Runs runs, std::string_view doc, std::string_view example) {
  return {.name = name,
          .arguments = {{TypeId::kBinary}},
          .result = DataType(TypeId::kString),
          .runs = std::move(runs),
          .group = "hash_funcs",
          .since = "1.5.0",
          .doc = doc,
          .example = example};
}

}  // namespace

std::span<const Function> HashFunctions() {
  static const std::vector<Argument> kSome = {{Class::kAny}, {.type = Class::kAny, .repeated = true}};
  static const std::vector<Function> rows = {
      {.name = "hash",
       .arguments = kSome,
       .nulls = Nulls::kNever,
       .runs = ScalarKernel{&HashRows<Murmur3>},
       .bind = &BindHash,
       .group = "hash_funcs",
       .since = "2.0.0",
       .doc = "Murmur3 of the values, 32 bits, seed 42.",
       .example = "hash('Spark', array(123), 2)"},
      {.name = "xxhash64",
       .arguments = kSome,
       .nulls = Nulls::kNever,
       .runs = ScalarKernel{&HashRows<XxHash64>},
       .bind = &BindHash,
       .group = "hash_funcs",
       .since = "3.0.0",
       .doc = "xxHash of the values, 64 bits, seed 42.",
       .example = "xxhash64('Spark', array(123), 2)"},
      DigestRow("md5", Sql{"md5({0})"}, "The MD5 digest in base 16.", "md5('Spark')"),
      DigestRow("sha", RowKernel<&Sha1>(), "The SHA-1 digest in base 16.", "sha('Spark')"),
      DigestRow("sha1", RowKernel<&Sha1>(), "The SHA-1 digest in base 16.", "sha1('Spark')"),
      {.name = "sha2",
       .arguments = {{TypeId::kBinary}, {TypeId::kInteger}},
       .result = DataType(TypeId::kString),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&Sha2>(),
       .group = "hash_funcs",
       .since = "1.5.0",
       .doc = "A SHA-2 digest of 224, 256 (also 0), 384 or 512 bits in base 16.",
       .example = "sha2('Spark', 256)"},
      {.name = "crc32",
       .arguments = {{TypeId::kBinary}},
       .result = DataType(TypeId::kLong),
       .runs = RowKernel<&Crc32>(),
       .group = "hash_funcs",
       .since = "1.5.0",
       .doc = "The cyclic redundancy check, 32 bits.",
       .example = "crc32('Spark')"},
  };
  return rows;
}

}  // namespace firesteel::functions
