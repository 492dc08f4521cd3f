#include "store/postgres/notice_listener.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>

#include "base/this_thread.h"

namespace tocsin::store {
namespace {

constexpr int kProbeMs = 10'000;  // a quiet connection is asked whether it still stands
constexpr int kReconnectMs = 500;

struct FreeNotify {
  void operator()(PGnotify* notify) const { PQfreemem(notify); }
};
using Notify = std::unique_ptr<PGnotify, FreeNotify>;

}  // namespace

NoticeListener::NoticeListener(std::string url, std::string channel, std::string origin)
    : url_(std::move(url)), channel_(std::move(channel)), origin_(std::move(origin)) {}

Result<void> NoticeListener::start(NoticeHandler handler) {
  handler_ = std::move(handler);
  closing_ = eventfd(0, EFD_CLOEXEC);
  TOCSIN_CHECK(connect());
  thread_ = std::thread([this] { loop(); });
  return {};
}

void NoticeListener::close() {
  closed_.store(true);
  const std::uint64_t one = 1;
  if (closing_ >= 0) (void)!write(closing_, &one, sizeof one);
  if (thread_.joinable()) thread_.join();
  if (closing_ >= 0) ::close(closing_);
  closing_ = -1;
}

Result<void> NoticeListener::connect() {
  TOCSIN_TRY(fresh, PgConnection::open(url_, ("LISTEN " + channel_).c_str()));
  db_ = std::move(fresh);
  return {};
}

void NoticeListener::loop() {
  name_this_thread("store-notices");
  while (!closed_.load()) {
    if (db_ && db_->usable()) {
      wait(kProbeMs);
      hear();
      continue;
    }
    db_.reset();
    if (!connect()) {
      wait(kReconnectMs);
      continue;
    }
    Notice missed;
    missed.everything = true;
    handler_(missed);
  }
}

// Until the server says something, it is time to end, or the time is up.
void NoticeListener::wait(int timeout_ms) {
  std::array<pollfd, 2> watched{{{closing_, POLLIN, 0}, {db_ ? PQsocket(db_->handle()) : -1, POLLIN, 0}}};
  if (poll(watched.data(), watched.size(), timeout_ms) == 0 && db_) (void)db_->exec("SELECT 1");
}

void NoticeListener::hear() {
  PQconsumeInput(db_->handle());
  for (Notify notify(PQnotifies(db_->handle())); notify; notify.reset(PQnotifies(db_->handle()))) {
    const auto received = decode_notice(notify->extra);
    if (received && received->origin != origin_) handler_(received->notice);
  }
}

}  // namespace tocsin::store
