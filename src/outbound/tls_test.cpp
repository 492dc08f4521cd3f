// Who is trusted, over real handshakes.
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGPIPE is POSIX, not C++

#include <fstream>

#include "base/testing/certificate.h"
#include "base/testing/temp_dir.h"
#include "outbound/outbound.h"
#include "outbound/testing/local_server.h"

namespace tocsin::outbound {
namespace {

using tocsin::test::Certificate;
using tocsin::test::make_certificate;

// Speaks TLS on accepted sockets and answers every request with "ok".
class TlsServer {
 public:
  explicit TlsServer(const Certificate& identity, int newest = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free),
        server_([this](int fd, const std::string&) { serve(fd); }, false) {
    const auto read = [](const std::string& pem) {
      return std::unique_ptr<BIO, decltype(&BIO_free)>(
          BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    };
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(read(identity.pem).get(), nullptr, nullptr, nullptr), X509_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(read(identity.key_pem).get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    SSL_CTX_use_certificate(context_.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), key.get());
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), newest);
  }
  std::uint16_t port() const { return server_.port(); }

 private:
  void serve(int fd) {
    const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(tls.get(), fd);
    if (SSL_accept(tls.get()) != 1) return;
    char bytes[4096];
    SSL_read(tls.get(), bytes, sizeof bytes);
    const auto text = test::answer(200, "ok");
    SSL_write(tls.get(), text.data(), static_cast<int>(text.size()));
    SSL_shutdown(tls.get());
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  test::LocalServer server_;
};

class Tls : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { signal(SIGPIPE, SIG_IGN); }  // as `tocsin serve` does

  Result<Response> ask(const TlsServer& server, const std::string& ca_pem, std::uint32_t retries = 0) {
    Options options;
    options.policy = *parse_policy({"127.0.0.1"});
    if (!ca_pem.empty()) {
      options.ca_file = dir_.path() / "ca.pem";
      std::ofstream(options.ca_file) << ca_pem;
    }
    const auto client = *Client::create(std::move(options));
    Request request;
    request.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/hunter2";
    request.limits.retries = retries;
    auto result = client->send(request);
    attempts_ = client->stats().attempts;
    return result;
  }
  tocsin::test::TempDir dir_;
  std::uint64_t attempts_ = 0;
};

TEST_F(Tls, ACertificateOfTheCaFileIsTrusted) {
  const auto identity = make_certificate("local");
  const TlsServer server(identity);
  const auto response = ask(server, identity.pem);
  ASSERT_TRUE(response) << to_string(response.error());
  EXPECT_EQ(response->body, "ok");
}

TEST_F(Tls, AnUnknownOneIsRefusedOnceAndForAll) {
  const TlsServer server(make_certificate("local"));
  for (const auto& ca : {std::string(), make_certificate("local").pem}) {
    const auto response = ask(server, ca, 3);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
    EXPECT_THAT(response.error().message, ::testing::HasSubstr("not trusted"));
    EXPECT_THAT(to_string(response.error()), ::testing::Not(::testing::HasSubstr("hunter2")));
    EXPECT_EQ(attempts_, 1U);
  }
}

TEST_F(Tls, OneForAnotherNameIsRefused) {
  const auto identity = make_certificate("local", "IP:127.0.0.2,DNS:localhost");
  const TlsServer server(identity);
  EXPECT_FALSE(ask(server, identity.pem));
}

TEST_F(Tls, AnExpiredOneIsRefused) {
  const auto identity = make_certificate("local", "IP:127.0.0.1", -60);
  const TlsServer server(identity);
  EXPECT_FALSE(ask(server, identity.pem));
}

TEST_F(Tls, OldVersionsAreRefused) {
  const auto identity = make_certificate("local");
  const TlsServer old(identity, TLS1_1_VERSION);
  EXPECT_FALSE(ask(old, identity.pem));
  const TlsServer usable(identity, TLS1_2_VERSION);
  EXPECT_TRUE(ask(usable, identity.pem));
}

TEST_F(Tls, AMissingCaFileIsSaidAtTheStart) {
  Options options;
  options.ca_file = dir_.path() / "missing.pem";
  const auto client = Client::create(std::move(options));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().where, (dir_.path() / "missing.pem").string());
}

}  // namespace
}  // namespace tocsin::outbound
