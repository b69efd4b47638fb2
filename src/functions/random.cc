// Random numbers. With a seed they are Spark's own sequence (XORShiftRandom) for a single partition, in the order that rows come.
#include <atomic>
#include <cmath>
#include <mutex>
#include <random>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/topics.h"
#include "plan/rewrite.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

/// Scala's MurmurHash3.bytesHash of 8 bytes.
uint32_t BytesHash(const unsigned char (&bytes)[8], uint32_t seed) {
  uint32_t h = seed;
  for (int i = 0; i < 8; i += 4) {
    uint32_t k = bytes[i] | bytes[i + 1] << 8 | bytes[i + 2] << 16 | static_cast<uint32_t>(bytes[i + 3]) << 24;
    k *= 0xcc9e2d51u;
    k = std::rotl(k, 15) * 0x1b873593u;
    h = std::rotl(h ^ k, 13) * 5 + 0xe6546b64u;
  }
  h ^= 8;
  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  return h ^ (h >> 16);
}

/// org.apache.spark.util.random.XORShiftRandom with java.util.Random's methods.
class XorShiftRandom {
 public:
  explicit XorShiftRandom(int64_t seed) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(static_cast<uint64_t>(seed) >> (56 - 8 * i));
    const uint32_t low = BytesHash(bytes, 0x3c074a61u);
    const uint32_t high = BytesHash(bytes, low);
    seed_ = static_cast<uint64_t>(high) << 32 | low;
  }
  int32_t Next(int bits) {
    seed_ ^= seed_ << 21;
    seed_ ^= seed_ >> 35;
    seed_ ^= seed_ << 4;
    return static_cast<int32_t>(seed_ & ((uint64_t{1} << bits) - 1));
  }
  double NextDouble() {
    const int64_t high = static_cast<int64_t>(Next(26)) << 27;
    return static_cast<double>(high + Next(27)) * 0x1.0p-53;
  }
  double NextGaussian() {
    if (has_gaussian_) {
      has_gaussian_ = false;
      return gaussian_;
    }
    double v1 = 0, v2 = 0, s = 0;
    do {
      v1 = 2 * NextDouble() - 1;
      v2 = 2 * NextDouble() - 1;
      s = v1 * v1 + v2 * v2;
    } while (s >= 1 || s == 0);
    const double multiplier = std::sqrt(-2 * std::log(s) / s);
    gaussian_ = v2 * multiplier;
    has_gaussian_ = true;
    return v1 * multiplier;
  }

 private:
  uint64_t seed_;
  double gaussian_ = 0;
  bool has_gaussian_ = false;
};

/// One sequence for each call in a query: its last argument is a number that no other call has.
struct Sequence {
  explicit Sequence(int64_t seed) : random(seed) {}
  mutable std::mutex mutex;
  mutable XorShiftRandom random;
};

int64_t NextNonce() {
  static std::atomic<int64_t> last{0};
  return ++last;
}
int64_t FreshSeed() {
  static std::mutex mutex;
  static std::mt19937_64 source{std::random_device{}()};
  const std::lock_guard lock(mutex);
  return static_cast<int64_t>(source());
}

/// The seed is the constant before the nonce; without one it is fresh.
Result<std::shared_ptr<const void>> PrepareSequence(const KernelContext& context) {
  int64_t seed = 0;
  const size_t count = context.constants.size();
  const std::optional<Value>* constant = count >= 2 ? &context.constants[count - 2] : nullptr;
  const int64_t* given = constant != nullptr && *constant ? std::get_if<int64_t>(&(*constant)->data) : nullptr;
  const bool is_null = constant != nullptr && *constant && (*constant)->IsNull();
  seed = given != nullptr ? *given : is_null ? 0 : FreshSeed();
  return std::shared_ptr<const void>(std::make_shared<const Sequence>(seed));
}

template <double (XorShiftRandom::*kNext)()>
Status RandomKernel(const KernelContext& context, size_t rows, std::span<const InputVector>, OutputVector& out) {
  const auto& sequence = context.Prepared<Sequence>();
  const std::lock_guard lock(sequence.mutex);
  for (size_t row = 0; row < rows; ++row) out.Data<double>()[row] = (sequence.random.*kNext)();
  return {};
}

template <typename T>
double ReadAs(const InputVector& in, size_t row) {
  return static_cast<double>(in.At<T>(row));
}
template <typename T>
Status UniformKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const auto& sequence = context.Prepared<Sequence>();
  const std::lock_guard lock(sequence.mutex);
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const double low = ReadAs<T>(in[0], row), high = ReadAs<T>(in[1], row);
    out.Data<T>()[row] = static_cast<T>(low + (high - low) * sequence.random.NextDouble());
  }
  return {};
}

Status RandomTextKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  static constexpr char kPool[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr int32_t kLengthMax = 1 << 24;
  const auto& sequence = context.Prepared<Sequence>();
  const std::lock_guard lock(sequence.mutex);
  for (size_t row = 0; row < rows; ++row) {
    const int32_t length = in[0].IsNull(row) ? 0 : in[0].At<int32_t>(row);
    if (length < 0 || length > kLengthMax) {
      return Error::Condition("INVALID_PARAMETER_VALUE.LENGTH",
                              {{"functionName", "`randstr`"}, {"parameter", "`length`"}, {"length", Cat(length)}},
                              context.origin)
          .As(ErrorClass::kRuntime);
    }
    std::string text;
    for (int32_t i = 0; i < length; ++i) {
      // nextInt is 32 bits; its remainder may be negative.
      const auto value = static_cast<int64_t>(sequence.random.Next(32)) % 62;
      text += kPool[value < 0 ? -value : value];
    }
    out.SetString(row, text);
  }
  return {};
}

Result<std::string> LowerRandom(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const std::string_view name = node.function->name;
  KernelContext context = ContextOf(call, lowering);
  std::vector<std::string> texts(arguments.begin(), arguments.end());
  const int64_t nonce = NextNonce();
  texts.push_back(lowering.LiteralSql(Value(nonce), TypeId::kLong));
  context.argument_types.push_back(TypeId::kLong);
  context.constants.push_back(Value(nonce));
  ScalarKernel kernel{nullptr, &PrepareSequence};
  if (name == "rand") kernel.run = &RandomKernel<&XorShiftRandom::NextDouble>;
  if (name == "randn") kernel.run = &RandomKernel<&XorShiftRandom::NextGaussian>;
  if (name == "randstr") {
    kernel.run = &RandomTextKernel;
    if (arguments.size() == 1) context.constants[0].reset();  // the length is no seed
  }
  if (name == "uniform") {
    if (arguments.size() == 2) context.constants[1].reset();
    switch (call.type.id()) {
      case TypeId::kByte:
        kernel.run = &UniformKernel<int8_t>;
        break;
      case TypeId::kShort:
        kernel.run = &UniformKernel<int16_t>;
        break;
      case TypeId::kInteger:
        kernel.run = &UniformKernel<int32_t>;
        break;
      case TypeId::kLong:
        kernel.run = &UniformKernel<int64_t>;
        break;
      case TypeId::kFloat:
        kernel.run = &UniformKernel<float>;
        break;
      default:
        kernel.run = &UniformKernel<double>;
        break;
    }
  }
  return lowering.CallKernel(kernel, std::move(texts), std::move(context));
}

const TypePattern kSeedType = TypePattern::OneOf({TypeId::kInteger, TypeId::kLong}).Exactly();

Result<DataType> BindRandom(CallSite& site) {
  if (!site.arguments.empty()) FS_CHECK(CoerceArgument(site, 0, kSeedType));
  return DataType(TypeId::kDouble);
}

Status CheckFoldable(const CallSite& site, size_t index, std::string_view name, std::string_view kind) {
  if (logical::IsFoldable(site.arguments[index])) return {};
  return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                      {{"inputName", Cat("`", name, "`")},
                       {"inputType", std::string(kind)},
                       {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[index]))}});
}

Result<DataType> BindRandomText(CallSite& site) {
  static constexpr std::string_view kNames[] = {"length", "seed"};
  FS_CHECK(CoerceArgument(site, 0, TypeId::kInteger));
  if (site.arguments.size() > 1) FS_CHECK(CoerceArgument(site, 1, kSeedType));
  for (size_t i = 0; i < site.arguments.size(); ++i) FS_CHECK(CheckFoldable(site, i, kNames[i], "integer"));
  return DataType(TypeId::kString);
}

Result<ExprPtr> BindUniform(CallSite& site) {
  static constexpr std::string_view kNames[] = {"min", "max", "seed"};
  for (size_t i = 0; i < 2; ++i) {
    const DataType& type = site.arguments[i]->type;
    if (!type.IsNumeric() && !type.Is(TypeId::kNull)) return UnexpectedInputType(site, i, "\"NUMERIC\"");
  }
  if (site.arguments.size() > 2) FS_CHECK(CoerceArgument(site, 2, kSeedType));
  for (size_t i = 0; i < site.arguments.size(); ++i)
    FS_CHECK(CheckFoldable(site, i, kNames[i], "integer or floating-point"));
  const DataType a = site.arguments[0]->type, b = site.arguments[1]->type;
  const auto either = [&](TypeId type) { return a.Is(type) || b.Is(type); };
  DataType type = TypeId::kDouble;
  if (either(TypeId::kNull) || either(TypeId::kDouble)) {
    type = TypeId::kDouble;
  } else if (either(TypeId::kFloat)) {
    type = TypeId::kFloat;
  } else if (either(TypeId::kDecimal)) {
    type = !b.Is(TypeId::kDecimal) || (a.Is(TypeId::kDecimal) && a.precision() >= b.precision()) ? a : b;
  } else if (const auto common = TightestCommonType(a, b, site.settings.ansi)) {
    type = *common;
  }
  const DataType drawn = type.Is(TypeId::kDecimal) ? DataType(TypeId::kDouble) : type;
  for (size_t i = 0; i < 2; ++i) site.arguments[i] = CastTo(site.arguments[i], drawn, site);
  // Spark takes it for never null, though it is where a bound is.
  const ExprPtr number = Built(site, "uniform", drawn, false, site.mode);
  if (drawn.SameType(type)) return number;
  return logical::MakeExpr(logical::Cast{number, SessionMode(site), true}, type, false, site.origin);
}

// ---------------------------------------------------------------- numbers of rows

struct Counter {
  mutable std::atomic<int64_t> next{0};
};
Result<std::shared_ptr<const void>> PrepareCounter(const KernelContext&) {
  return std::shared_ptr<const void>(std::make_shared<const Counter>());
}
Status NumberRows(const KernelContext& context, size_t rows, std::span<const InputVector>, OutputVector& out) {
  int64_t id = context.Prepared<Counter>().next.fetch_add(static_cast<int64_t>(rows));
  for (size_t row = 0; row < rows; ++row) out.Data<int64_t>()[row] = id++;
  return {};
}
Result<std::string> LowerRowNumber(const Expr& call, std::span<const std::string>, Lowering& lowering) {
  KernelContext context = ContextOf(call, lowering);
  const int64_t nonce = NextNonce();
  context.argument_types.push_back(TypeId::kLong);
  context.constants.push_back(Value(nonce));
  return lowering.CallKernel(ScalarKernel{&NumberRows, &PrepareCounter},
                             {lowering.LiteralSql(Value(nonce), TypeId::kLong)}, std::move(context));
}

}  // namespace

std::span<const Function> RandomFunctions() {
  static const Argument kSeed{.type = Class::kAny, .optional = true, .foldable = true};
  static const Argument kOptional{.type = Class::kAny, .optional = true};
  static const std::vector<Function> rows = {
      {.name = "rand",
       .aliases = {"random"},
       .arguments = {kSeed},
       .nulls = Nulls::kNever,
       .runs = &LowerRandom,
       .bind = &BindRandom,
       .shown_as = "rand",
       .deterministic = false,
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "A random number from 0 to 1, 1 excluded.",
       .example = "rand(0)"},
      {.name = "randn",
       .arguments = {kSeed},
       .nulls = Nulls::kNever,
       .runs = &LowerRandom,
       .bind = &BindRandom,
       .deterministic = false,
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "A random number of the standard normal distribution.",
       .example = "randn(0)"},
      {.name = "uniform",
       .arguments = {{Class::kAny}, {Class::kAny}, kOptional},
       .runs = &LowerRandom,
       .bind = &BindUniform,
       .deterministic = false,
       .group = "math_funcs",
       .since = "4.0.0",
       .doc = "A random number from the first to the second.",
       .example = "uniform(10, 20, 0) > 0"},
      {.name = "randstr",
       .arguments = {{Class::kAny}, kOptional},
       .nulls = Nulls::kNever,
       .runs = &LowerRandom,
       .bind = &BindRandomText,
       .deterministic = false,
       .group = "string_funcs",
       .since = "4.0.0",
       .doc = "So many random letters and digits.",
       .example = "length(randstr(3, 0))"},
      {.name = "uuid",
       .arguments = {kSeed},
       .result = DataType(TypeId::kString),
       .nulls = Nulls::kNever,
       .runs = Sql{"CAST(uuid() AS VARCHAR)"},
       .deterministic = false,
       .group = "misc_funcs",
       .since = "2.3.0",
       .doc = "A random UUID.",
       .example = "length(uuid())"},
      {.name = "monotonically_increasing_id",
       .result = DataType(TypeId::kLong),
       .nulls = Nulls::kNever,
       .runs = &LowerRowNumber,
       .deterministic = false,
       .group = "misc_funcs",
       .since = "1.4.0",
       .doc = "A number for each row, unique and increasing.",
       .example = "monotonically_increasing_id()"},
      // What DataFrame.zipWithIndex calls; not in Spark's lists. In the rows' order, unlike monotonically_increasing_id.
      {.name = "distributed_sequence_id",
       .result = DataType(TypeId::kLong),
       .nulls = Nulls::kNever,
       .runs = Sql{"(row_number() OVER () - 1)"},
       .deterministic = false,
       .doc = "A number for each row, from 0 on, without gaps."},
  };
  return rows;
}

}  // namespace firesteel::functions
