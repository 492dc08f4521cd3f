#include "load/load_run.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <deque>

#include "load/connection.h"

namespace tocsin::bench {
namespace {

using SteadyClock = Connection::Clock;
using std::chrono::milliseconds;

constexpr milliseconds kBusyPause{20};  // before a body that met 429 is sent again
constexpr std::uint64_t kLostAtMost = 100;

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class LoadRun {
 public:
  LoadRun(const AlertWriter& writer, const LoadOptions& options)
      : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)), next_number_(options.first_number) {
    for (std::uint32_t i = 0; i < options.connections; ++i) connections_.emplace_back(writer, options, i);
  }
  ~LoadRun() { ::close(epoll_); }
  LoadRun(const LoadRun&) = delete;
  LoadRun& operator=(const LoadRun&) = delete;

  Result<LoadReport> run() {
    for (std::uint32_t i = 0; i < connections_.size(); ++i) {
      if (!connect(i)) {
        return error(ErrorKind::kUnavailable, "connect",
                     "nothing listens at " + options_.host + ':' + std::to_string(options_.port),
                     "start the server first, or name its port with --port");
      }
    }
    begin_ = SteadyClock::now();
    const double cpu_before = cpu_seconds();
    for (auto& connection : connections_) post_next(connection);
    while (in_flight_ > 0 && lost_in_a_row_ < kLostAtMost) poll_once();
    report_.seconds = std::chrono::duration<double>(SteadyClock::now() - begin_).count();
    report_.cpu_seconds = cpu_seconds() - cpu_before;
    return std::move(report_);
  }

 private:
  bool connect(std::uint32_t index) {
    auto& connection = connections_[index];
    if (!connection.open()) return false;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u32 = index;
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd(), &event) == 0;
  }

  bool finished() const {
    if (options_.alerts > 0 && next_number_ - options_.first_number >= options_.alerts) return true;
    return options_.duration.count() > 0 && SteadyClock::now() - begin_ >= options_.duration;
  }

  void post_next(Connection& connection) {
    if (!connection.idle) --in_flight_;
    connection.idle = true;
    if (finished()) return;
    connection.prepare(next_number_);
    next_number_ += options_.batch;
    connection.idle = false;
    ++in_flight_;
    connection.started = SteadyClock::now();
    send(connection);
  }

  void send(Connection& connection) {
    if (connection.write_some() == Connection::Progress::kLost) lost(connection);
  }

  void poll_once() {
    std::array<epoll_event, 64> events;
    const int count =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), parked_.empty() ? 1000 : 5);
    for (int i = 0; i < count; ++i) handle(connections_[events[static_cast<std::size_t>(i)].data.u32]);
    resume_parked();
  }

  void handle(Connection& connection) {
    if (connection.idle) return;
    if (connection.sending()) send(connection);
    auto progress = connection.read_some();
    while (progress == Connection::Progress::kDone) {
      take_answer(connection);
      if (connection.idle) return;
      progress = connection.read_some();
    }
    if (progress == Connection::Progress::kLost) lost(connection);
  }

  void take_answer(Connection& connection) {
    const auto answer = connection.answer();
    lost_in_a_row_ = 0;
    if (answer.status == 429) {
      ++report_.busy;
      connection.drop_answer();
      parked_.push_back({SteadyClock::now() + kBusyPause, &connection});
      return;
    }
    count(connection, read_outcome(answer, options_.dialect, options_.batch), answer);
    connection.drop_answer();
    post_next(connection);
  }

  void count(const Connection& connection, const Outcome& outcome, const Answer& answer) {
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - connection.started);
    report_.latencies.add(static_cast<std::uint64_t>(took.count()));
    report_.bytes_sent += connection.request_bytes();
    ++report_.requests;
    report_.accepted += outcome.accepted;
    report_.duplicates += outcome.duplicates;
    report_.rejected += outcome.rejected;
    if (outcome.error)
      note_error(std::to_string(answer.status) + ' ' + std::string(answer.body.substr(0, 300)));
  }

  void note_error(std::string what) {
    if (report_.errors++ == 0) report_.first_error = std::move(what);
  }

  // The post may or may not have been stored: it is sent again, and the client's own ids make that harmless.
  void lost(Connection& connection) {
    note_error("connection lost");
    if (++lost_in_a_row_ >= kLostAtMost) return;
    const auto index = static_cast<std::uint32_t>(&connection - connections_.data());
    if (!connect(index)) {
      parked_.push_back({SteadyClock::now() + kBusyPause, &connection});
      return;
    }
    connection.rewind();
    send(connection);
  }

  struct Parked {
    SteadyClock::time_point until;
    Connection* connection;
  };

  void resume_parked() {
    while (!parked_.empty() && parked_.front().until <= SteadyClock::now()) {
      auto* connection = parked_.front().connection;
      parked_.pop_front();
      connection->rewind();
      send(*connection);
    }
  }

  const LoadOptions& options_;
  const int epoll_;
  std::vector<Connection> connections_;
  std::deque<Parked> parked_;  // all wait equally long, so the first is due first
  std::uint64_t next_number_;
  std::uint32_t in_flight_ = 0;
  std::uint64_t lost_in_a_row_ = 0;
  SteadyClock::time_point begin_{};
  LoadReport report_;
};

}  // namespace

Result<LoadReport> run_load(const AlertWriter& writer, const LoadOptions& options) {
  return LoadRun(writer, options).run();
}

}  // namespace tocsin::bench
