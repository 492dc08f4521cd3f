#include "intake/intake.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "base/this_thread.h"
#include "intake/file_follower.h"
#include "intake/listener.h"

namespace tocsin::intake {
namespace {

constexpr std::chrono::milliseconds kStopStep{5};
constexpr std::chrono::seconds kTick{1};

std::string_view to_text(Transport transport) {
  constexpr std::string_view kNames[] = {"tcp", "udp", "tls"};
  return kNames[static_cast<std::size_t>(transport)];
}

// A listener with all it needs, in the order of construction.
struct Station {
  Station(const ListenerOptions& o, asio::io_context& io, Worker& worker, const Options& all,
          const Clock& clock)
      : options(o),
        channel{o.name, o.source, o.zone, {clock.now(), o.expected_interval}},
        builder(io, channel, worker, all),
        context{io, options, channel, builder, clock} {}

  Result<void> open() {
    constexpr Result<std::unique_ptr<Listener>> (*kMakers[])(const ListenerContext&) = {
        make_tcp_listener, make_udp_listener, make_tls_listener};
    TOCSIN_TRY(made, kMakers[static_cast<std::size_t>(options.transport)](context));
    listener = std::move(made);
    return {};
  }

  const ListenerOptions& options;
  Channel channel;
  BatchBuilder builder;
  ListenerContext context;
  std::unique_ptr<Listener> listener;
};

class IntakeImpl final : public Intake {
 public:
  IntakeImpl(Options options, Sink& sink, PositionStore& positions, const Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        worker_(sink, clock, options_, [this] { asio::post(io_, [this] { on_space(); }); }) {
    for (const auto& listener : options_.listeners) {
      stations_.push_back(std::make_unique<Station>(listener, io_, worker_, options_, clock));
    }
    for (const auto& files : options_.files) {
      followers_.push_back(std::make_unique<FileFollower>(files, options_, worker_, positions, clock));
    }
  }
  ~IntakeImpl() override { stop(); }

  Result<void> open() {
    for (auto& station : stations_) TOCSIN_CHECK(station->open());
    return {};
  }

  void start() override {
    for (auto& station : stations_) station->listener->start();
    asio::co_spawn(io_, tick(), asio::detached);
    thread_ = std::thread([this] {
      name_this_thread("intake-net");
      io_.run();
    });
    for (auto& follower : followers_) follower->start();
  }

  void stop() override {
    if (!thread_.joinable()) return;
    const auto deadline = std::chrono::steady_clock::now() + options_.stop_deadline;
    for (auto& follower : followers_) follower->stop();
    std::promise<void> drained;
    asio::co_spawn(io_, drain(deadline), [&](const std::exception_ptr&) { drained.set_value(); });
    drained.get_future().wait();
    const auto left = deadline - std::chrono::steady_clock::now();
    worker_.stop(std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), kStopStep));
    io_.stop();
    thread_.join();
    for (auto& follower : followers_) follower->save();
  }

  std::vector<ChannelReport> report() const override {
    std::vector<ChannelReport> channels;
    const auto now = clock_.now();
    for (const auto& station : stations_) {
      const auto& o = station->options;
      channels.push_back({o.name, std::string(to_text(o.transport)), station->listener->address(), o.source,
                          o.expected_interval, station->channel.stats.report(now)});
    }
    for (const auto& follower : followers_) channels.push_back(follower->report(now));
    return channels;
  }

 private:
  void on_space() {
    for (auto& station : stations_) {
      if (station->builder.blocked()) station->builder.flush();
    }
  }

  asio::awaitable<void> pause(std::chrono::milliseconds time) {
    boost::system::error_code cancelled;
    asio::steady_timer timer(io_, time);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }

  asio::awaitable<void> tick() {
    for (;;) {
      co_await pause(kTick);
      for (auto& station : stations_) station->listener->on_tick();
    }
  }

  bool all_handed_over() const {
    return std::all_of(stations_.begin(), stations_.end(), [](const auto& station) {
      return station->listener->stopped() && station->builder.empty();
    });
  }

  asio::awaitable<void> drain(std::chrono::steady_clock::time_point deadline) {
    for (auto& station : stations_) station->listener->stop();
    while (!all_handed_over() && std::chrono::steady_clock::now() < deadline) {
      co_await pause(kStopStep);
      for (auto& station : stations_) station->builder.flush();
    }
    for (auto& station : stations_) station->listener->abort();
  }

  const Options options_;
  const Clock& clock_;
  asio::io_context io_{1};
  Worker worker_;
  std::vector<std::unique_ptr<Station>> stations_;
  std::vector<std::unique_ptr<FileFollower>> followers_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Intake>> Intake::create(Options options, Sink& sink, PositionStore& positions,
                                               const Clock& clock) {
  auto made = std::make_unique<IntakeImpl>(std::move(options), sink, positions, clock);
  TOCSIN_CHECK(made->open());
  return std::unique_ptr<Intake>(std::move(made));
}

}  // namespace tocsin::intake
