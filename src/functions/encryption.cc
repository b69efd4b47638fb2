// aes_encrypt and aes_decrypt, as Spark's ExpressionImplUtils has them: what is encrypted starts with its initialization vector.
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "base/cat.h"
#include "base/text.h"
#include "functions/row.h"
#include "functions/value_topics.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using Class = TypePattern::Class;

constexpr std::string_view kBoth = "`aes_encrypt`/`aes_decrypt`";
constexpr int kTagBytes = 16;

enum class Mode { kEcb, kCbc, kGcm };
int VectorBytes(Mode mode) { return mode == Mode::kEcb ? 0 : mode == Mode::kCbc ? 16 : 12; }
std::string_view ModeName(Mode mode) { return mode == Mode::kEcb ? "ECB" : mode == Mode::kCbc ? "CBC" : "GCM"; }

Error Parameter(std::string_view sub, Error::Parameters parameters, std::string_view parameter) {
  parameters.emplace("parameter", parameter);
  parameters.emplace("functionName", kBoth);
  return Error::Condition(Cat("INVALID_PARAMETER_VALUE.", sub), std::move(parameters)).As(ErrorClass::kRuntime);
}
Error CryptoError(std::string_view detail) {
  return Parameter("AES_CRYPTO_ERROR", {{"detailMessage", std::string(detail)}}, "`expr`, `key`");
}

Result<Mode> ModeOf(std::string_view mode, std::string_view padding) {
  const bool plain = EqualsIgnoreCase(padding, "DEFAULT");
  if (EqualsIgnoreCase(mode, "ECB") && (plain || EqualsIgnoreCase(padding, "PKCS"))) return Mode::kEcb;
  if (EqualsIgnoreCase(mode, "CBC") && (plain || EqualsIgnoreCase(padding, "PKCS"))) return Mode::kCbc;
  if (EqualsIgnoreCase(mode, "GCM") && (plain || EqualsIgnoreCase(padding, "NONE"))) return Mode::kGcm;
  return Error::Condition(
             "UNSUPPORTED_FEATURE.AES_MODE",
             {{"mode", std::string(mode)}, {"padding", std::string(padding)}, {"functionName", std::string(kBoth)}})
      .As(ErrorClass::kRuntime);
}

Result<const EVP_CIPHER*> CipherOf(Mode mode, size_t key_bytes) {
  switch (key_bytes) {
    case 16:
      return mode == Mode::kEcb ? EVP_aes_128_ecb() : mode == Mode::kCbc ? EVP_aes_128_cbc() : EVP_aes_128_gcm();
    case 24:
      return mode == Mode::kEcb ? EVP_aes_192_ecb() : mode == Mode::kCbc ? EVP_aes_192_cbc() : EVP_aes_192_gcm();
    case 32:
      return mode == Mode::kEcb ? EVP_aes_256_ecb() : mode == Mode::kCbc ? EVP_aes_256_cbc() : EVP_aes_256_gcm();
    default:
      return Parameter("AES_KEY_LENGTH", {{"actualLength", Cat(key_bytes)}}, "`key`");
  }
}

Error Unfit(std::string_view sub, Mode mode, std::string_view function) {
  return Error::Condition(Cat("UNSUPPORTED_FEATURE.", sub),
                          {{"mode", std::string(ModeName(mode))}, {"functionName", std::string(function)}})
      .As(ErrorClass::kRuntime);
}

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// One run of the cipher over `input`; `tag`: GCM's, written when encrypting, checked when decrypting.
Result<std::string> Run(bool encrypt, Mode mode, const EVP_CIPHER* cipher, std::string_view key,
                        std::string_view vector, std::string_view aad, std::string_view input, std::string& tag) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free);
  std::string output(input.size() + 32, '\0');
  int written = 0, rest = 0;
  const int whole = encrypt ? 1 : 0;
  bool good = context != nullptr && input.size() < (size_t{1} << 30) &&
              EVP_CipherInit_ex(context.get(), cipher, nullptr, Bytes(key),
                                mode == Mode::kEcb ? nullptr : Bytes(vector), whole) == 1;
  if (good && mode == Mode::kGcm && !aad.empty())
    good = EVP_CipherUpdate(context.get(), nullptr, &rest, Bytes(aad), static_cast<int>(aad.size())) == 1;
  if (good && mode == Mode::kGcm && !encrypt)
    good = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, Bytes(tag)) == 1;
  if (good)
    good = EVP_CipherUpdate(context.get(), Bytes(output), &written, Bytes(input), static_cast<int>(input.size())) == 1;
  if (!good) return CryptoError("Invalid buffer arguments");
  if (EVP_CipherFinal_ex(context.get(), Bytes(output) + written, &rest) != 1) {
    if (mode == Mode::kGcm) return CryptoError("Tag mismatch!");
    if (input.size() % 16 != 0)
      return CryptoError("Input length must be multiple of 16 when decrypting with padded cipher");
    return CryptoError(
        "Given final block not properly padded. Such issues can arise if a bad key is used during decryption.");
  }
  if (mode == Mode::kGcm && encrypt) {
    tag.resize(kTagBytes);
    if (EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, Bytes(tag)) != 1)
      return CryptoError("Invalid buffer arguments");
  }
  output.resize(static_cast<size_t>(written + rest));
  return output;
}

Result<std::string> Encrypt(std::string_view input, std::string_view key, std::string_view mode_name,
                            std::string_view padding, std::string_view vector, std::string_view aad) {
  FS_TRY(const Mode mode, ModeOf(mode_name, padding));
  FS_TRY(const EVP_CIPHER* cipher, CipherOf(mode, key.size()));
  const auto vector_bytes = static_cast<size_t>(VectorBytes(mode));
  std::string own(vector);
  if (!vector.empty()) {
    if (mode == Mode::kEcb) return Unfit("AES_MODE_IV", mode, "`aes_encrypt`");
    if (vector.size() != vector_bytes) {
      return Parameter("AES_IV_LENGTH", {{"mode", std::string(ModeName(mode))}, {"actualLength", Cat(vector.size())}},
                       "`iv`");
    }
  } else if (vector_bytes > 0) {
    own.resize(vector_bytes);
    if (RAND_bytes(Bytes(own), static_cast<int>(own.size())) != 1) return CryptoError("no random numbers");
  }
  if (!aad.empty() && mode != Mode::kGcm) return Unfit("AES_MODE_AAD", mode, "`aes_encrypt`");
  std::string tag;
  FS_TRY(const std::string encrypted, Run(true, mode, cipher, key, own, aad, input, tag));
  return Cat(own, encrypted, tag);
}

Result<std::string> Decrypted(std::string_view input, std::string_view key, std::string_view mode_name,
                              std::string_view padding, std::string_view aad) {
  FS_TRY(const Mode mode, ModeOf(mode_name, padding));
  FS_TRY(const EVP_CIPHER* cipher, CipherOf(mode, key.size()));
  if (!aad.empty() && mode != Mode::kGcm) return Unfit("AES_MODE_AAD", mode, "`aes_decrypt`");
  const auto vector_bytes = static_cast<size_t>(VectorBytes(mode));
  if (input.size() < vector_bytes) return CryptoError("Invalid buffer arguments");
  const std::string_view vector = input.substr(0, vector_bytes);
  std::string_view rest = input.substr(vector_bytes);
  std::string tag;
  if (mode == Mode::kGcm) {
    if (rest.size() < kTagBytes)
      return CryptoError("Input data too short to contain an expected tag length of 16bytes");
    tag = std::string(rest.substr(rest.size() - kTagBytes));
    rest.remove_suffix(kTagBytes);
  }
  return Run(false, mode, cipher, key, vector, aad, rest, tag);
}

Result<std::optional<std::string>> Decrypt(const KernelContext& context, std::string_view input, std::string_view key,
                                           std::string_view mode, std::string_view padding, std::string_view aad) {
  Result<std::string> text = Decrypted(input, key, mode, padding, aad);
  if (text.ok()) return std::optional(std::move(*text));
  if (context.mode == EvalMode::kTry) return std::optional<std::string>();
  return text.error();
}

std::vector<Function> Rows() {
  const Function shared{.nulls = Nulls::kMaybe, .group = "misc_funcs", .since = "3.3.0"};
  const DataType binary = TypeId::kBinary;
  const auto text = [](const char* sql) {
    return Argument{.type = TypeId::kString, .optional = true, .default_sql = sql};
  };
  const auto bytes = [](const char* sql) {
    return Argument{.type = TypeId::kBinary, .optional = true, .default_sql = sql};
  };
  const Argument input{TypeId::kBinary}, mode = text("'GCM'"), padding = text("'DEFAULT'"), none = bytes("''");
  Function encrypt =
      RowOf(shared, "aes_encrypt", {input, input, mode, padding, none, none}, binary, RowKernel<&Encrypt>(),
            "The bytes encrypted with AES.", "aes_encrypt('Spark', '0000111122223333')");
  encrypt.deterministic = false;  // unless it is given the initialization vector
  Function tries =
      RowOf(shared, "try_aes_decrypt", {input, input, mode, padding, none}, binary, RowKernel<&Decrypt>(),
            "As aes_decrypt, NULL for what can't be decrypted.", "try_aes_decrypt(X'00', '0000111122223333')");
  tries.since = "3.5.0";
  return {std::move(encrypt),
          RowOf(shared, "aes_decrypt", {input, input, mode, padding, none}, binary, RowKernel<&Decrypt>(),
                "The bytes that aes_encrypt encrypted.",
                "aes_decrypt(aes_encrypt('Spark', '0000111122223333'), '0000111122223333')"),
          std::move(tries)};
}

}  // namespace

std::span<const Function> EncryptionFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
