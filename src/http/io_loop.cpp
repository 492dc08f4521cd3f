#include "http/io_loop.h"

#include <boost/asio/post.hpp>

#include "base/this_thread.h"
#include "http/response_head.h"

namespace tocsin::http {
namespace {

constexpr std::size_t kScratchBytes = 64 * 1024;  // a body of 60 KB comes in one read

thread_local const IoLoop* this_threads_loop = nullptr;

}  // namespace

void Mailbox::notify(std::shared_ptr<Wakeable> item) {
  bool first = false;
  {
    const std::lock_guard lock(items_mutex_);
    if (closed_) return;
    first = items_.empty();
    items_.push_back(std::move(item));
  }
  if (first) post();
}

void Mailbox::post() {
  const std::lock_guard lock(context_mutex_);
  if (context_ == nullptr) return;
  posts_.fetch_add(1, std::memory_order_relaxed);
  asio::post(*context_, [self = shared_from_this()] { self->drain(); });
}

void Mailbox::close() {
  {
    const std::lock_guard lock(context_mutex_);
    context_ = nullptr;
  }
  std::vector<std::shared_ptr<Wakeable>> items;  // destroyed without the lock
  const std::lock_guard lock(items_mutex_);
  closed_ = true;
  items.swap(items_);
}

void Mailbox::drain() {
  std::vector<std::shared_ptr<Wakeable>> items;
  {
    const std::lock_guard lock(items_mutex_);
    items.swap(items_);
  }
  for (const auto& item : items) item->on_wake();
}

IoLoop::IoLoop(std::chrono::milliseconds tick)
    : work_(asio::make_work_guard(context_)),
      mailbox_(std::make_shared<Mailbox>(context_)),
      timer_(context_),
      tick_(tick),
      scratch_(kScratchBytes, '\0') {}

IoLoop::~IoLoop() {
  join();
  mailbox_->close();
}

void IoLoop::start() {
  arm();
  thread_ = std::thread([this] {
    name_this_thread("http");
    this_threads_loop = this;
    context_.run();
  });
}

const IoLoop* IoLoop::current() noexcept {
  return this_threads_loop;
}

void IoLoop::arm() {
  if (ended_) return;
  timer_.expires_after(tick_);
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) sweep();
  });
}

void IoLoop::sweep() {
  const auto now = std::chrono::steady_clock::now();
  for_each_client([&](Client& client) { client.on_tick(now); });
  arm();
}

// A client may end, and leave the set, while it is being called.
template <class Act>
void IoLoop::for_each_client(Act act) {
  const std::vector<Client*> all(clients_.begin(), clients_.end());
  for (auto* client : all) {
    if (clients_.contains(client)) act(*client);
  }
}

void IoLoop::begin_stop() {
  asio::post(context_, [this] {
    stopping_ = true;
    for_each_client([](Client& client) { client.on_stop(); });
  });
}

void IoLoop::abort_clients() {
  asio::post(context_, [this] {
    stopping_ = aborting_ = true;
    for_each_client([](Client& client) { client.abort(); });
  });
}

void IoLoop::join() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    ended_ = true;
    timer_.cancel();
    work_.reset();
  });
  thread_.join();
}

const std::string& IoLoop::date() {
  const auto now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    date_ = http_date(now);
  }
  return date_;
}

}  // namespace tocsin::http
