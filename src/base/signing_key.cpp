#include "base/signing_key.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>

#include "base/sha256.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

struct FreeBio {
  void operator()(BIO* given) const { BIO_free(given); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
using Key = std::shared_ptr<EVP_PKEY>;

Key owned(EVP_PKEY* key) {
  return {key, EVP_PKEY_free};
}

std::string bytes_of(BIO* bio) {
  char* data = nullptr;
  const auto length = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(length)};
}

Error unusable(const fs::path& file, std::string why) {
  return error(ErrorKind::kUnavailable, "open the signing key", file.string() + ": " + std::move(why),
               "Make it readable for the server, or move it away: a new one is made then");
}

Result<Key> read_key(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string pem{std::istreambuf_iterator<char>(in), {}};
  if (!in.good() && !in.eof()) return unusable(file, "it cannot be read");
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto key = owned(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    return unusable(file, "it holds no Ed25519 key in PEM");
  }
  return key;
}

Result<Key> new_key() {
  auto key = owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (!key) return error(ErrorKind::kInternal, "make a signing key", "OpenSSL failed");
  return key;
}

// Readable for nobody else at any moment; two servers that start at once keep one key.
Result<void> write_key(const fs::path& file, EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  const auto pem = bytes_of(bio.get());
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (out < 0) return unusable(file, std::error_code(errno, std::generic_category()).message());
  const bool written = ::write(out, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size());
  const bool kept = written && ::fsync(out) == 0;
  ::close(out);
  if (kept) return {};
  std::error_code ignored;
  fs::remove(file, ignored);
  return unusable(file, "it cannot be written");
}

std::string der_of(EVP_PKEY* key) {
  const Bio der(BIO_new(BIO_s_mem()));
  return i2d_PUBKEY_bio(der.get(), key) == 1 ? bytes_of(der.get()) : std::string();
}

}  // namespace

Result<SigningKey> SigningKey::from(std::shared_ptr<evp_pkey_st> key) {
  SigningKey made(std::move(key));
  const Bio pem(BIO_new(BIO_s_mem()));
  const auto der = der_of(made.key_.get());
  if (PEM_write_bio_PUBKEY(pem.get(), made.key_.get()) != 1 || der.empty()) {
    return error(ErrorKind::kInternal, "read the public key", "OpenSSL failed");
  }
  made.public_pem_ = bytes_of(pem.get());
  made.fingerprint_ = sha256_hex(der);
  return made;
}

Result<SigningKey> SigningKey::open(const fs::path& file) {
  std::error_code trouble;
  if (!fs::exists(file, trouble) && !trouble) {
    TOCSIN_TRY(made, new_key());
    TOCSIN_CHECK(write_key(file, made.get()));
  }
  TOCSIN_TRY(key, read_key(file));
  return from(std::move(key));
}

Result<SigningKey> SigningKey::make() {
  TOCSIN_TRY(key, new_key());
  return from(std::move(key));
}

Result<std::string> SigningKey::sign(std::string_view message) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, 64> signature{};
  std::size_t length = signature.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &length, bytes, message.size()) != 1) {
    return error(ErrorKind::kInternal, "sign", "OpenSSL failed");
  }
  return std::string(signature.begin(), signature.begin() + static_cast<std::ptrdiff_t>(length));
}

std::optional<PublicKey> PublicKey::parse(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto key = owned(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) return std::nullopt;
  auto fingerprint = sha256_hex(der_of(key.get()));
  return PublicKey(std::move(key), std::move(fingerprint));
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message),
                          message.size()) == 1;
}

}  // namespace tocsin
