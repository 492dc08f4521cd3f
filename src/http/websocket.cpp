#include "http/websocket.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

namespace tocsin::http {
namespace {

namespace beast = boost::beast;
namespace ws = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using Message = std::shared_ptr<const std::string>;

class Session;

// What the product holds: a queue that any thread may fill, and that may outlive the connection.
class Handle final : public WebSocketSession, public Wakeable, public std::enable_shared_from_this<Handle> {
 public:
  Handle(Session& session, IoLoop& loop, const ServerOptions& options)
      : session_(&session),
        mailbox_(loop.mailbox()),
        max_messages_(options.max_ws_queue),
        max_bytes_(options.max_ws_queue_bytes) {}

  void send(Message text) override {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      if (closing_) return;
      wake = queue_.empty();
      bytes_ += text->size();
      queue_.push_back(std::move(text));
      if (queue_.size() > max_messages_ || bytes_ > max_bytes_) wake = overflow();
    }
    if (wake) mailbox_->notify(shared_from_this());
  }

  void close() override {
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(closing_, true)) return;
    }
    mailbox_->notify(shared_from_this());
  }

  void on_wake() override;

  // The loop's thread only, like session_.
  Message pop() {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return nullptr;
    auto message = std::move(queue_.front());
    queue_.pop_front();
    bytes_ -= message->size();
    return message;
  }

  void detach() {
    session_ = nullptr;
    const std::lock_guard lock(mutex_);
    closing_ = true;
    queue_.clear();
  }

 private:
  bool overflow() {
    closing_ = overflowed_ = true;
    queue_.clear();
    return true;
  }

  Session* session_;
  std::shared_ptr<Mailbox> mailbox_;
  const std::size_t max_messages_;
  const std::size_t max_bytes_;
  std::mutex mutex_;
  std::deque<Message> queue_;
  std::size_t bytes_ = 0;
  bool closing_ = false;
  bool overflowed_ = false;
};

// The loop's side. Kept alive by its coroutine and by the operations under way.
class Session final : public Client, public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, IoLoop& loop, Shared& shared, const WebSocketHandler& handler)
      : stream_(std::move(socket)),
        loop_(loop),
        shared_(shared),
        handler_(handler),
        place_(shared.open_websockets) {
    const auto& options = shared.options;
    ws::stream_base::timeout timeouts{options.header_timeout, options.ws_ping * 2, true};
    stream_.set_option(timeouts);
    stream_.read_message_max(options.max_ws_message_bytes);
    stream_.auto_fragment(false);  // a message goes out in one piece, from its shared bytes
    stream_.text(true);
  }
  ~Session() override = default;

  asio::awaitable<void> run(Request request, std::string_view target);

  void on_tick(TimePoint) override {}  // the stream has its own timers
  void on_stop() override { close(ws::close_code::going_away); }
  void abort() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

  void pump();
  void close(ws::close_code code);

 private:
  asio::awaitable<bool> accept(const Request& request, std::string_view target);
  asio::awaitable<void> read_messages();
  asio::awaitable<bool> read_message(beast::flat_buffer& buffer);

  ws::stream<tcp::socket> stream_;
  IoLoop& loop_;
  Shared& shared_;
  const WebSocketHandler& handler_;
  Share<std::size_t> place_;
  std::shared_ptr<Handle> handle_;
  Message writing_;
  bool closing_ = false;
};

void Handle::on_wake() {
  if (session_ == nullptr) return;
  bool cut = false;
  bool close = false;
  {
    const std::lock_guard lock(mutex_);
    cut = overflowed_;
    close = closing_;
  }
  // A client that does not read would not read the close frame either.
  if (cut) return session_->abort();
  session_->pump();
  if (close) session_->close(ws::close_code::normal);
}

void Session::pump() {
  if (writing_ || closing_) return;
  writing_ = handle_->pop();
  if (!writing_) return;
  stream_.async_write(asio::buffer(*writing_),
                      [self = shared_from_this()](const error_code& ec, std::size_t) {
                        self->writing_ = nullptr;
                        if (ec) return self->abort();
                        self->pump();
                      });
}

void Session::close(ws::close_code code) {
  if (std::exchange(closing_, true)) return;
  stream_.async_close(ws::close_reason(code),
                      [self = shared_from_this()](const error_code&) { self->abort(); });
}

asio::awaitable<bool> Session::accept(const Request& request, std::string_view target) {
  beast::http::request<beast::http::empty_body> upgrade{
      beast::http::verb::get, {target.data(), target.size()}, 11};
  for (const auto& [name, value] : request.headers) upgrade.insert(name, value);
  error_code ec;
  co_await stream_.async_accept(upgrade, asio::redirect_error(asio::use_awaitable, ec));
  co_return !ec;
}

asio::awaitable<bool> Session::read_message(beast::flat_buffer& buffer) {
  error_code ec;
  co_await stream_.async_read(buffer, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return false;
  if (!stream_.got_text()) {
    close(ws::close_code::unknown_data);
    co_return true;
  }
  const std::string_view text(static_cast<const char*>(buffer.data().data()), buffer.size());
  if (handler_.on_text && !closing_) handler_.on_text(handle_, text);
  buffer.consume(buffer.size());
  co_return true;
}

asio::awaitable<void> Session::read_messages() {
  try {
    beast::flat_buffer buffer;
    while (co_await read_message(buffer)) {
    }
  } catch (const std::exception& broken) {
    shared_.fault("websocket_handler_failed", broken.what());
    abort();
  }
}

asio::awaitable<void> Session::run(Request request, std::string_view target) {
  if (!co_await accept(request, target)) co_return;
  handle_ = std::make_shared<Handle>(*this, loop_, shared_.options);
  place_.hold(1);
  loop_.add(*this);
  if (loop_.stopping()) on_stop();
  if (handler_.on_open) handler_.on_open(handle_, request);
  co_await read_messages();
  loop_.remove(*this);
  handle_->detach();
  if (handler_.on_close) handler_.on_close(handle_);
}

}  // namespace

asio::awaitable<void> serve_websocket(tcp::socket socket, IoLoop& loop, Shared& shared, Request request,
                                      std::string_view target, const WebSocketHandler& handler) {
  const auto session = std::make_shared<Session>(std::move(socket), loop, shared, handler);
  co_await session->run(std::move(request), target);
}

}  // namespace tocsin::http
