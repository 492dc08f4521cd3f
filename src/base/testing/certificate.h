#pragma once
// Self-signed certificates for tests of TLS. Link OpenSSL::Crypto.

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace tocsin::test {

struct Certificate {
  std::string pem;
  std::string key_pem;
};

namespace detail {

template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  write(bio.get());
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

inline void add_extension(X509* certificate, int which, const char* value) {
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, which, value), X509_EXTENSION_free);
  X509_add_ext(certificate, extension.get(), -1);
}

}  // namespace detail

// For `names` ("DNS:localhost,IP:127.0.0.1"); valid from an hour ago for `seconds`; P-256.
inline Certificate make_certificate(const std::string& common_name, const char* names = "IP:127.0.0.1",
                                    long seconds = 86'400) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> owner(X509_new(), X509_free);
  auto* certificate = owner.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3'600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), seconds);
  X509_set_pubkey(certificate, key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  detail::add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  detail::add_extension(certificate, NID_subject_alt_name, names);
  X509_sign(certificate, key.get(), EVP_sha256());
  return {detail::pem_of([&](BIO* to) { PEM_write_bio_X509(to, certificate); }), detail::pem_of([&](BIO* to) {
            PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace tocsin::test
