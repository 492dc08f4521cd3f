#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <ctime>

namespace tocsin::http {
namespace {

constexpr std::chrono::seconds kLookEvery{1};

// TLS 1.2; those of 1.3 are all good.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

Error wrong_file(const std::string& file, std::string_view what, std::string hint) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  std::string message(what);
  if (ERR_peek_last_error() != 0) message += std::string(": ") + text.data();
  ERR_clear_error();
  return error(ErrorKind::kInvalidInput, "read the server's certificate", std::move(message), std::move(hint),
               file);
}

// HTTP/1.1 when it is offered; a client that offers others only is told none.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs - 1, offered, size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void set_options(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kCiphers);
  SSL_CTX_set_options(context,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // A write may be tried again from other memory; an idle connection holds no buffers.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

void read_expiry(TlsIdentity& identity) {
  const auto* until = X509_get0_notAfter(SSL_CTX_get0_certificate(identity.context.get()));
  std::tm when{};
  ASN1_TIME_to_tm(until, &when);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &when);
  identity.expires = text.data();
  identity.expired = X509_cmp_current_time(until) < 0;
}

// No passphrase: a server starts without anybody to ask.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

}  // namespace

Result<TlsIdentity> load_identity(const TlsFiles& files) {
  ERR_clear_error();
  TlsIdentity identity;
  identity.context.reset(SSL_CTX_new(TLS_server_method()));
  auto* context = identity.context.get();
  set_options(context);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate_file.c_str()) != 1) {
    return wrong_file(files.certificate_file, "it is no certificate",
                      "a PEM file: the certificate, then its chain");
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return wrong_file(files.key_file, "it is not the key of the certificate",
                      "a PEM file without a passphrase, readable by the server");
  }
  read_expiry(identity);
  return identity;
}

TlsKeeper::TlsKeeper(TlsFiles files, TlsIdentity identity, ServerHooks hooks)
    : files_(std::move(files)),
      identity_(std::move(identity)),
      hooks_(std::move(hooks)),
      used_(look()),
      seen_(used_) {
  if (identity_.expired) complain("certificate_expired", "it expired at " + identity_.expires);
}

TlsKeeper::Stamp TlsKeeper::look() const {
  std::error_code missing;  // reads as the earliest time and the largest size
  return {std::filesystem::last_write_time(files_.certificate_file, missing),
          std::filesystem::last_write_time(files_.key_file, missing),
          std::filesystem::file_size(files_.certificate_file, missing),
          std::filesystem::file_size(files_.key_file, missing)};
}

void TlsKeeper::on_tick(TimePoint now) {
  if (now < looked_ + kLookEvery) return;
  looked_ = now;
  const auto stamp = look();
  const bool settled = stamp == seen_;  // two files are not replaced at once
  seen_ = stamp;
  if (!settled || stamp == used_) return;
  used_ = stamp;
  reload();
}

void TlsKeeper::complain(std::string_view event, const std::string& detail) const {
  if (hooks_.on_fault) hooks_.on_fault(event, detail, {});
}

void TlsKeeper::reload() {
  constexpr std::string_view kKept = "certificate_not_reloaded";
  auto fresh = load_identity(files_);
  if (!fresh) return complain(kKept, "the old one stays: " + to_string(fresh.error()));
  if (fresh->expired) return complain(kKept, "the old one stays: the new one expired at " + fresh->expires);
  identity_ = *std::move(fresh);
  if (hooks_.on_notice) hooks_.on_notice("certificate_reloaded", "it expires at " + identity_.expires);
}

}  // namespace tocsin::http
