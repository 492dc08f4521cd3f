#pragma once
// The server's certificate: read at the start, read again when its files change.

#include <openssl/ssl.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/io_loop.h"
#include "http/server.h"

namespace tocsin::http {

struct FreeTls {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTls>;
using TlsSession = std::unique_ptr<SSL, FreeTls>;  // keeps its context alive

struct TlsIdentity {
  TlsContext context;
  std::string expires;  // "2027-01-31T12:00:00Z"
  bool expired = false;
};

// TLS 1.2 with forward secrecy and authenticated ciphers, or 1.3; offers http/1.1 by ALPN. kInvalidInput
// names the file that is wrong.
Result<TlsIdentity> load_identity(const TlsFiles& files);

// Gives each connection the newest good certificate. Lives on one loop's thread, which looks at the files at
// each tick; a pair that is unreadable, does not fit or has expired is told and the old one kept.
class TlsKeeper final : public Client {
 public:
  TlsKeeper(TlsFiles files, TlsIdentity identity, ServerHooks hooks);

  TlsSession new_session() const { return TlsSession(SSL_new(identity_.context.get())); }

  void on_tick(TimePoint now) override;
  void on_stop() override {}
  void abort() override {}

 private:
  struct Stamp {  // of both files
    std::filesystem::file_time_type certificate{}, key{};
    std::uintmax_t certificate_size = 0, key_size = 0;
    bool operator==(const Stamp&) const = default;
  };
  Stamp look() const;
  void reload();
  void complain(std::string_view event, const std::string& detail) const;

  TlsFiles files_;
  TlsIdentity identity_;
  ServerHooks hooks_;
  Stamp used_;  // of the pair that was last read, good or not
  Stamp seen_;  // at the last tick
  TimePoint looked_{};
};

}  // namespace tocsin::http
