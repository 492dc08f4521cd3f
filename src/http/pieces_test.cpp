// Answers made in pieces, some of which are empty and not the last.

#include <gtest/gtest.h>

#include <atomic>

#include "http/server.h"
#include "http/test_client.h"

namespace tocsin::http {
namespace {

constexpr int kPieces = 400;
constexpr std::size_t kPieceBytes = 64U << 10;

class PiecesTest : public testing::Test {
 protected:
  void SetUp() override {
    Router router;
    router.add(Method::kGet, "/pieces", [this](const Request& request) {
      Response response;
      response.headers.emplace_back("Content-Type", "text/plain");
      const bool fails = request.query_param("fail").has_value();
      response.next_piece = [this, fails, left = kPieces]() mutable -> std::optional<Piece> {
        if (++made_ % 100 == 1) return Piece{};  // nothing yet
        if (fails && left < kPieces - 1) return std::nullopt;
        --left;
        return Piece{std::string(kPieceBytes, 'x'), left == 0};
      };
      return response;
    });
    server_ = std::make_unique<Server>(ServerOptions{}, std::move(router));
    const auto started = server_->start();
    ASSERT_TRUE(started) << to_string(started.error());
  }
  void TearDown() override { server_->stop(std::chrono::seconds(5)); }
  std::string host() const { return server_->address().substr(server_->address().find("://") + 3); }
  std::uint16_t port() const {
    return static_cast<std::uint16_t>(std::stoi(host().substr(host().rfind(':') + 1)));
  }
  std::string request(std::string_view target, std::string_view version = "1.1") const {
    return "GET " + std::string(target) + " HTTP/" + std::string(version) + "\r\nHost: " + host() +
           "\r\n\r\n";
  }

  std::atomic<int> made_{0};
  std::unique_ptr<Server> server_;
};

TEST_F(PiecesTest, ComeAsChunksAndTheConnectionGoesOn) {
  test::Client client(port());
  ASSERT_TRUE(client.send(request("/pieces") + request("/nowhere")));
  std::string head = client.read(1);
  while (!head.ends_with("\r\n\r\n")) head += client.read(1);
  EXPECT_NE(head.find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
  const std::string chunk = "10000\r\n" + std::string(kPieceBytes, 'x') + "\r\n";
  for (int n = 0; n < kPieces; ++n) ASSERT_EQ(client.read(chunk.size()), chunk) << n;
  EXPECT_EQ(client.read(5), "0\r\n\r\n");
  EXPECT_EQ(client.answer().status, 404);
}

TEST_F(PiecesTest, AreMadeOnlyAsFastAsTheClientTakesThem) {
  test::Client client(port(), 4096);
  ASSERT_TRUE(client.send(request("/pieces")));
  client.read(kPieceBytes);  // some of it, and then no more
  test::Client other(port());
  ASSERT_TRUE(other.send(request("/nowhere")));
  EXPECT_EQ(other.answer().status, 404);
  EXPECT_LT(made_.load(), kPieces / 2);  // what the kernel's buffers hold, not the whole
}

TEST_F(PiecesTest, AFailureCutsTheConnectionBeforeTheLastChunk) {
  test::Client client(port());
  ASSERT_TRUE(client.send(request("/pieces?fail=1")));
  const auto all = client.read_to_end();
  EXPECT_EQ(all.find("\r\n0\r\n\r\n"), std::string::npos);
  EXPECT_GT(all.size(), kPieceBytes);
}

TEST_F(PiecesTest, WithoutChunksTheEndOfTheConnectionEndsTheBody) {
  test::Client client(port());
  ASSERT_TRUE(client.send(request("/pieces", "1.0")));
  const auto all = client.read_to_end();
  EXPECT_EQ(all.find("Transfer-Encoding"), std::string::npos);
  EXPECT_EQ(all.size() - all.find("\r\n\r\n") - 4, kPieces * kPieceBytes);
}

}  // namespace
}  // namespace tocsin::http
