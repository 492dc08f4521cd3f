#include "http/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGPIPE is POSIX, not C++

#include <fstream>

#include "base/testing/certificate.h"
#include "base/testing/temp_dir.h"
#include "http/test_client.h"

namespace tocsin::http {
namespace {

using test::eventually;
using test::get;
using test::post;
using testing::Contains;
using testing::HasSubstr;
using tocsin::test::Certificate;
using tocsin::test::make_certificate;
using tocsin::test::TempDir;

// A blocking client over TLS; verifies nothing, so that it can look at any certificate.
class TlsClient final : public test::Client {
 public:
  explicit TlsClient(std::uint16_t port, int newest = TLS1_3_VERSION, std::string_view protocols = {})
      : Client(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), newest);
    tls_.reset(SSL_new(context_.get()));
    if (!protocols.empty()) {
      SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                          static_cast<unsigned>(protocols.size()));
    }
    SSL_set_fd(tls_.get(), fd());
    secured_ = SSL_connect(tls_.get()) == 1;
    ERR_clear_error();
  }
  bool secured() const { return secured_; }
  std::string version() const { return SSL_get_version(tls_.get()); }
  std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(tls_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  // The common name of the server's certificate.
  std::string server_name() const {
    char text[64] = "";
    if (auto* certificate = SSL_get0_peer_certificate(tls_.get())) {
      X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text, sizeof text);
    }
    return text;
  }

 private:
  ssize_t put(const char* bytes, std::size_t size) override {
    return SSL_write(tls_.get(), bytes, static_cast<int>(size));
  }
  ssize_t take(char* bytes, std::size_t size) override {
    const int count = SSL_read(tls_.get(), bytes, static_cast<int>(size));
    return count <= 0 && SSL_get_error(tls_.get(), count) == SSL_ERROR_ZERO_RETURN ? 0 : count;
  }

  TlsContext context_;
  TlsSession tls_;
  bool secured_ = false;
};

class TlsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { signal(SIGPIPE, SIG_IGN); }

  void SetUp() override {
    use(make_certificate("first"));
    ServerOptions options;
    options.tls = TlsFiles{dir_.file("cert.pem"), dir_.file("key.pem")};
    options.max_body_bytes = 8 << 20;
    options.header_timeout = std::chrono::milliseconds(400);  // a tick of 50 ms
    options.handshake_timeout = std::chrono::milliseconds(400);
    options.max_handshakes = 3;
    options.hooks.on_fault = [this](std::string_view event, std::string_view detail, std::string_view) {
      note(std::string(event) + ": " + std::string(detail));
    };
    options.hooks.on_notice = [this](std::string_view event, std::string_view) { note(std::string(event)); };
    Router router;
    router.add_async(Method::kPost, "/echo", [](Request request, Responder respond) {
      respond(json_response(request.secure ? 200 : 500, std::move(request.body)));
    });
    router.add(Method::kGet, "/large",
               [](const Request&) { return json_response(200, std::string(3'000'000, 'x')); });
    server_ = std::make_unique<Server>(std::move(options), std::move(router));
    server_->websocket(
        "/ws",
        {.on_open =
             [](const auto& session, const Request& request) {
               session->send(std::make_shared<const std::string>(request.secure ? "secure" : "plain"));
             },
         .on_text = [](const auto& session,
                       std::string_view text) { session->send(std::make_shared<const std::string>(text)); }});
    ASSERT_TRUE(server_->start());
  }

  // Both files, each put in place by a rename.
  void use(const Certificate& identity) {
    write("key.pem", identity.key_pem);
    write("cert.pem", identity.pem);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir_.file("new")) << text;
    std::filesystem::rename(dir_.file("new"), dir_.file(name));
  }
  void note(std::string line) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(std::move(line));
  }
  std::vector<std::string> notes() {
    const std::lock_guard lock(mutex_);
    return notes_;
  }
  bool is_noted(const std::string& what) {
    return eventually([&] {
      for (const auto& line : notes()) {
        if (line.starts_with(what)) return true;
      }
      return false;
    });
  }
  std::uint16_t port() const { return server_->port(); }

  TempDir dir_;
  std::mutex mutex_;
  std::vector<std::string> notes_;
  std::unique_ptr<Server> server_;
};

TEST_F(TlsTest, RequestsGoThroughAndAreSecure) {
  TlsClient client(port());
  ASSERT_TRUE(client.secured());
  for (const auto size : {0UL, 10UL, 5'000UL, 2'000'000UL}) {
    const auto answer = client.ask(post("/echo", std::string(size, 'y')));
    EXPECT_EQ(answer.status, 200) << size;
    EXPECT_EQ(answer.body.size(), size);
  }
  const auto large = client.ask(get("/large"));
  EXPECT_EQ(large.body.size(), 3'000'000U);
  EXPECT_EQ(large.headers.at("strict-transport-security"), "max-age=31536000; includeSubDomains");
}

TEST_F(TlsTest, RequestsInOneRecordAreAllAnswered) {
  TlsClient client(port());
  std::string many;
  for (int i = 0; i < 50; ++i) many += post("/echo", std::to_string(i));
  client.send(many);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.answer().body, std::to_string(i));
}

TEST_F(TlsTest, TakesNewVersionsOnly) {
  EXPECT_EQ(TlsClient(port()).version(), "TLSv1.3");
  EXPECT_EQ(TlsClient(port(), TLS1_2_VERSION).version(), "TLSv1.2");
  EXPECT_FALSE(TlsClient(port(), TLS1_1_VERSION).secured());
}

TEST_F(TlsTest, ChoosesHttp11) {
  EXPECT_EQ(TlsClient(port(), TLS1_3_VERSION, "\x02h2\x08http/1.1").protocol(), "http/1.1");
  TlsClient other(port(), TLS1_3_VERSION, "\x02h2");
  EXPECT_EQ(other.protocol(), "");
  EXPECT_TRUE(other.secured());
}

TEST_F(TlsTest, PlainHttpIsToldWhatToDo) {
  test::Client client(port());
  const auto answer = client.ask(get("/large"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("https://"));
  EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
  EXPECT_TRUE(client.closed_by_server());
  test::Client garbage(port());
  garbage.send(std::string(100, '\0'));
  EXPECT_TRUE(garbage.closed_by_server());
}

TEST_F(TlsTest, SlowHandshakesAreFewAndEnd) {
  std::vector<std::unique_ptr<test::Client>> silent;
  for (int i = 0; i < 3; ++i) silent.push_back(std::make_unique<test::Client>(port()));
  ASSERT_TRUE(eventually([&] { return server_->stats().connections == 3; }));
  test::Client beyond(port());
  EXPECT_TRUE(beyond.closed_by_server());
  EXPECT_EQ(server_->stats().refused_connections, 1U);
  for (auto& one : silent) EXPECT_TRUE(one->closed_by_server());
  EXPECT_TRUE(eventually([&] { return server_->stats().connections == 0; }));
  EXPECT_TRUE(TlsClient(port()).secured());
}

TEST_F(TlsTest, HandshakesThatAreDoneDoNotCount) {
  std::vector<std::unique_ptr<TlsClient>> open;
  for (int i = 0; i < 10; ++i) {
    open.push_back(std::make_unique<TlsClient>(port()));
    EXPECT_EQ(open.back()->ask(post("/echo", "x")).status, 200) << i;
  }
}

TEST_F(TlsTest, ANewCertificateIsTakenWhileConnectionsStayOpen) {
  TlsClient before(port());
  EXPECT_EQ(before.ask(post("/echo", "1")).body, "1");
  use(make_certificate("second"));
  ASSERT_TRUE(is_noted("certificate_reloaded"));
  TlsClient after(port());
  EXPECT_EQ(after.server_name(), "second");
  EXPECT_EQ(after.ask(post("/echo", "2")).body, "2");
  EXPECT_EQ(before.server_name(), "first");
  EXPECT_EQ(before.ask(post("/echo", "3")).body, "3");
}

TEST_F(TlsTest, ABadCertificateIsKeptOutAndTold) {
  const auto other = make_certificate("other");
  const std::vector<std::pair<std::string, std::string>> bad{
      {"cert.pem", "no PEM"}, {"cert.pem", other.pem}, {"key.pem", other.key_pem.substr(0, 80)}};
  std::size_t told = 0;
  for (const auto& [name, text] : bad) {
    write(name, text);
    ++told;
    ASSERT_TRUE(eventually([&] { return notes().size() == told; })) << name;
    EXPECT_THAT(notes().back(), testing::StartsWith("certificate_not_reloaded: the old one stays"));
    EXPECT_EQ(TlsClient(port()).server_name(), "first");
  }
  use(make_certificate("expired", "IP:127.0.0.1", -60));
  ASSERT_TRUE(eventually([&] { return notes().size() == told + 1; }));
  EXPECT_THAT(notes().back(), HasSubstr("expired at"));
  EXPECT_EQ(TlsClient(port()).server_name(), "first");
  use(make_certificate("good"));
  ASSERT_TRUE(is_noted("certificate_reloaded"));
  EXPECT_EQ(TlsClient(port()).server_name(), "good");
}

TEST_F(TlsTest, WebSocketsGoOverTls) {
  TlsClient client(port());
  client.send(
      "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
      "13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_EQ(client.answer().status, 101);
  EXPECT_EQ(client.read(2 + 6), "\x81\x06secure");
  const std::string zero_mask(4, '\0');
  client.send("\x81\x85" + zero_mask + "hello");
  EXPECT_EQ(client.read(2 + 5), "\x81\x05hello");
  // In two records, and larger than what one read takes.
  const std::string text(40'000, 'z');
  const auto frame = std::string("\x81\xFE\x9C\x40", 4) + zero_mask + text;
  client.send(frame.substr(0, 20'000));
  client.send(frame.substr(20'000));
  EXPECT_EQ(client.read(4 + text.size()).substr(4), text);
  client.send("\x88\x82" + zero_mask + "\x03\xE8");
  EXPECT_EQ(client.read(4), "\x88\x02\x03\xE8");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(TlsTest, StoppingClosesWebSocketsAndIdleConnections) {
  TlsClient idle(port());
  TlsClient socket(port());
  socket.send(
      "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
      "13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_EQ(socket.answer().status, 101);
  EXPECT_EQ(socket.read(8), "\x81\x06secure");
  std::thread stopping([&] { server_->stop(std::chrono::seconds(20)); });
  EXPECT_TRUE(idle.closed_by_server());
  EXPECT_EQ(socket.read(4), "\x88\x02\x03\xE9");
  socket.send("\x88\x82" + std::string(4, '\0') + "\x03\xE9");
  EXPECT_TRUE(socket.closed_by_server());
  stopping.join();
}

TEST(Tls, ABadPairStopsTheStart) {
  const TempDir dir;
  const auto identity = make_certificate("x");
  std::ofstream(dir.file("cert.pem")) << identity.pem;
  std::ofstream(dir.file("key.pem")) << make_certificate("y").key_pem;
  const auto wrong_key = load_identity({dir.file("cert.pem"), dir.file("key.pem")});
  ASSERT_FALSE(wrong_key);
  EXPECT_EQ(wrong_key.error().where, dir.file("key.pem"));
  const auto missing = load_identity({dir.file("missing.pem"), dir.file("key.pem")});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().where, dir.file("missing.pem"));
  ServerOptions options;
  options.tls = TlsFiles{dir.file("cert.pem"), dir.file("key.pem")};
  EXPECT_FALSE(Server(std::move(options), Router()).start());
}

}  // namespace
}  // namespace tocsin::http
