// Answers that are made while they are sent.
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "http/connection.h"

namespace tocsin::http {
namespace {

// While every worker is taken: how often and after which pause a piece asks again, since half of the answer
// has gone out and no 429 can follow it.
constexpr int kPieceTries = 100;
constexpr std::chrono::milliseconds kPiecePause{50};

// RFC 9112 §7.1: the size in hex; the last chunk has none.
std::string chunk_head(std::size_t bytes) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), bytes, 16).ptr;
  return std::string(text.data(), end) + "\r\n";
}

constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace

asio::awaitable<bool> Connection::write_pieces(const Response& response, std::size_t& bytes_out) {
  const bool chunked = !parser_.is_http_1_0();
  const auto work = std::make_shared<PieceWork>(PieceWork{response.next_piece, {}});
  bool sent = true;
  for (bool more = true; sent && more;) {
    auto piece = co_await make_piece(work);
    if (!piece) co_return false;
    more = !piece->last;
    if (piece->text.empty()) continue;  // an empty chunk would be the last one
    bytes_out += piece->text.size();
    const auto head = chunked ? chunk_head(piece->text.size()) : std::string();
    if (chunked) piece->text += "\r\n";
    sent = co_await write_all({head, piece->text});
  }
  if (sent && chunked) sent = co_await write_all({kLastChunk, {}});
  co_return sent;
}

// On a worker. Absent when it failed or the server is stopping.
asio::awaitable<std::optional<Piece>> Connection::make_piece(std::shared_ptr<PieceWork> work) {
  const auto exchange = new_exchange();
  const auto run = [work, exchange, &shared = shared_, trace_id = trace_id_] {
    try {
      work->piece = work->next();
    } catch (const std::exception& broken) {
      shared.fault("handler_failed", broken.what(), trace_id);
    }
    exchange->finish();
  };
  bool queued = shared_.workers.try_run(run);
  for (int tries = 0; !queued && tries < kPieceTries && !loop_.aborting(); ++tries) {
    asio::steady_timer timer(loop_.context(), kPiecePause);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    queued = shared_.workers.try_run(run);
  }
  if (!queued) co_return std::nullopt;
  const bool done = co_await await_answer(*exchange);
  if (!done) co_return std::nullopt;
  co_return std::move(work->piece);
}

}  // namespace tocsin::http
