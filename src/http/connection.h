#pragma once
// One client connection: reads requests one after the other, has them answered, writes the answers in order.

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>

#include "http/admission.h"
#include "http/exchange.h"
#include "http/input.h"
#include "http/io_loop.h"
#include "http/outgoing.h"
#include "http/request_parser.h"
#include "http/shared.h"
#include "http/transport.h"

namespace tocsin::http {

// Lives on its loop's thread, kept alive by its coroutine.
class Connection final : public Client,
                         public ExchangeOwner,
                         public std::enable_shared_from_this<Connection> {
 public:
  // Counts itself in Shared::connections from birth to death.
  Connection(Transport transport, IoLoop& loop, Shared& shared);
  ~Connection() override;

  // Call once, on the loop's thread.
  static void start(std::shared_ptr<Connection> self);

  void on_tick(TimePoint now) override;
  void on_stop() override;
  void abort() override;
  void on_answer() override;

 private:
  using State = RequestParser::State;
  struct Waiter {  // the coroutine, while an answer is being made elsewhere
    virtual ~Waiter() = default;
    virtual void resume() = 0;
  };
  template <class Handler>
  struct WaiterOf;
  struct StartWaiting;

  struct PieceWork {  // shared with the worker, which may outlive the connection
    std::function<std::optional<Piece>()> next;
    std::optional<Piece> piece;
  };

  asio::awaitable<void> run();
  asio::awaitable<void> serve();
  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> shake_hands();
  void refuse_plain_http();

  asio::awaitable<bool> wait_for_transport();
  asio::awaitable<bool> await_input();
  asio::awaitable<std::size_t> await_record(boost::system::error_code& ec);
  asio::awaitable<bool> receive();
  asio::awaitable<bool> read_head();
  asio::awaitable<bool> read_body(State state);
  bool read_available();
  State feed();
  bool take_memory();
  void begin_request();

  asio::awaitable<void> answer_failure(State state);
  std::optional<Problem> reading_problem(State state) const;
  asio::awaitable<bool> refuse(Response response);
  asio::awaitable<std::optional<Response>> inflate();
  asio::awaitable<bool> handle(Router::Match match);
  asio::awaitable<bool> await_answer(Exchange& exchange);
  std::shared_ptr<Exchange> new_exchange();
  bool hand_over(const Router::Match& match, const std::shared_ptr<Exchange>& exchange);
  void call_async(const AsyncHandler& handler, const std::shared_ptr<Exchange>& exchange);

  asio::awaitable<bool> write(const Response& response, bool keep_alive);
  asio::awaitable<bool> write_all(Outgoing out);
  asio::awaitable<bool> write_pieces(const Response& response, std::size_t& bytes_out);
  asio::awaitable<std::optional<Piece>> make_piece(std::shared_ptr<PieceWork> work);
  asio::awaitable<void> linger();
  void report(int status, std::size_t bytes_out);

  Transport transport_;
  IoLoop& loop_;
  Shared& shared_;
  Share<std::size_t> place_;
  Share<std::size_t> handshake_;
  Share<std::uint64_t> buffered_;
  RequestParser parser_;
  Input input_;
  std::array<char, 2048>
      first_;  // a small request comes whole in here; larger ones go on in the loop's scratch
  std::string remote_address_;
  std::string head_;  // of the answer; its memory is used again
  std::shared_ptr<Exchange> exchange_;
  std::unique_ptr<Waiter> waiter_;
  TimePoint deadline_ = TimePoint::max();
  TimePoint begun_;
  std::string_view pattern_;
  Method method_ = Method::kOther;
  std::uint64_t bytes_in_ = 0;
  std::string trace_id_;
  std::shared_ptr<const model::Principal> caller_;
  bool takes_gzip_ = false;
  bool idle_ = true;          // between two requests
  bool timed_out_ = false;    // the deadline has passed
  bool over_memory_ = false;  // all bodies together are too large
  bool ended_ = false;        // the client sends no more
  bool linger_ = false;       // it may still be sending when we close
};

}  // namespace tocsin::http
