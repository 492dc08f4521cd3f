#include "http/websocket.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <optional>

namespace tocsin::http {
namespace {

namespace beast = boost::beast;
namespace ws = beast::websocket;
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

// The loop's side. Kept alive by the operations under way. Callbacks instead of coroutines: g++ 12 gives
// coroutines in this file frames whose promise is not where coroutine_handle looks for it, and they crash at
// their first resume.
class Session final : public Client, public std::enable_shared_from_this<Session> {
 public:
  Session(Transport transport, IoLoop& loop, Shared& shared, Request request, const WebSocketHandler& handler)
      : stream_(std::move(transport)),
        request_(std::move(request)),
        loop_(loop),
        shared_(shared),
        handler_(handler),
        connection_(shared.connections),
        session_(shared.open_websockets) {
    connection_.hold(1);
    set_options(shared.options);
  }

  // Answers the upgrade, then reads until the end.
  void start(std::string_view target);

  // For the time until the close frame is out; the stream has timers for everything else.
  void on_tick(TimePoint now) override {
    if (now >= close_deadline_) abort();
  }
  void on_stop() override { close(ws::close_code::going_away); }
  void abort() override;

  // Sends what is queued and then, when that is wanted, the close frame.
  void pump();
  // At most once per session counts; never beside a handshake or a write, which Beast does not survive.
  void close(ws::close_code code);

 private:
  enum class State { kOpening, kOpen, kClosing, kAborted };

  void set_options(const ServerOptions& options);
  void open();
  void write();
  void send_close();
  void read();
  void on_message();
  void end();
  template <class Call>
  void guarded(Call call);

  ws::stream<Transport> stream_;
  Request request_;
  beast::http::request<beast::http::empty_body> upgrade_;
  beast::flat_buffer buffer_;
  IoLoop& loop_;
  Shared& shared_;
  const WebSocketHandler& handler_;
  Share<std::size_t> connection_;
  Share<std::size_t> session_;
  std::shared_ptr<Handle> handle_;
  Message writing_;
  asio::cancellation_signal cancel_read_;
  asio::cancellation_signal cancel_close_;
  State state_ = State::kOpening;
  std::optional<ws::close_code> close_code_;  // wanted, perhaps not yet sent
  TimePoint close_deadline_ = TimePoint::max();
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
  if (close) return session_->close(ws::close_code::normal);
  session_->pump();
}

void Session::pump() {
  if (state_ != State::kOpen || writing_) return;
  writing_ = handle_->pop();
  if (writing_) return write();
  if (close_code_) send_close();
}

void Session::write() {
  stream_.async_write(asio::buffer(*writing_),
                      [self = shared_from_this()](const error_code& ec, std::size_t) {
                        self->writing_ = nullptr;
                        if (ec) return self->abort();
                        self->pump();
                      });
}

void Session::close(ws::close_code code) {
  if (close_code_) return;
  close_code_ = code;
  close_deadline_ = std::chrono::steady_clock::now() + shared_.options.transfer_grace;
  pump();
}

void Session::send_close() {
  state_ = State::kClosing;
  stream_.async_close(
      ws::close_reason(*close_code_),
      asio::bind_cancellation_slot(cancel_close_.slot(),
                                   [self = shared_from_this()](const error_code&) { self->abort(); }));
}

// Closing the socket is not enough: a read that met a broken frame waits in Beast for the close to end, and
// the close for the read.
void Session::abort() {
  if (std::exchange(state_, State::kAborted) == State::kAborted) return;
  const auto self = shared_from_this();
  error_code ignored;
  stream_.next_layer().next_layer().close(ignored);
  cancel_close_.emit(asio::cancellation_type::terminal);
  cancel_read_.emit(asio::cancellation_type::terminal);
}

void Session::set_options(const ServerOptions& options) {
  stream_.set_option(ws::stream_base::timeout{options.header_timeout, options.ws_ping * 2, true});
  stream_.read_message_max(options.max_ws_message_bytes);
  stream_.auto_fragment(false);  // a message goes out in one piece, from its shared bytes
  stream_.text(true);
}

void Session::start(std::string_view target) {
  loop_.add(*this);
  upgrade_ = {beast::http::verb::get, {target.data(), target.size()}, 11};
  for (const auto& [name, value] : request_.headers) upgrade_.insert(name, value);
  stream_.async_accept(upgrade_, [self = shared_from_this()](const error_code& ec) {
    if (ec) return self->end();
    self->open();
  });
}

void Session::open() {
  if (state_ == State::kAborted) return end();
  state_ = State::kOpen;
  handle_ = std::make_shared<Handle>(*this, loop_, shared_.options);
  session_.hold(1);
  guarded([this] {
    if (handler_.on_open) handler_.on_open(handle_, request_);
  });
  if (loop_.stopping()) on_stop();
  pump();
  read();
}

// Not after an abort: Beast's bookkeeping does not survive a read begun on a closed socket beside a pending
// write.
void Session::read() {
  if (state_ == State::kAborted) return end();
  stream_.async_read(
      buffer_, asio::bind_cancellation_slot(cancel_read_.slot(),
                                            [self = shared_from_this()](const error_code& ec, std::size_t) {
                                              if (ec) return self->end();
                                              self->on_message();
                                              self->read();
                                            }));
}

void Session::on_message() {
  if (!stream_.got_text()) close(ws::close_code::unknown_data);
  const std::string_view text(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  guarded([&] {
    if (handler_.on_text && !close_code_) handler_.on_text(handle_, text);
  });
  buffer_.consume(buffer_.size());
}

// Nothing is read any more, so that a write that the client does not take must not stay either.
void Session::end() {
  abort();
  loop_.remove(*this);
  if (!handle_) return;
  handle_->detach();
  guarded([this] {
    if (handler_.on_close) handler_.on_close(handle_);
  });
}

// A handler that throws loses its session and nothing else.
template <class Call>
void Session::guarded(Call call) {
  try {
    call();
  } catch (const std::exception& broken) {
    shared_.fault("websocket_handler_failed", broken.what(), request_.trace_id);
    abort();
  }
}

}  // namespace

void start_websocket(Transport transport, IoLoop& loop, Shared& shared, Request request,
                     std::string_view target, const WebSocketHandler& handler) {
  std::make_shared<Session>(std::move(transport), loop, shared, std::move(request), handler)->start(target);
}

}  // namespace tocsin::http
