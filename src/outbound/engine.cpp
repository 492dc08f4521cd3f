#include "outbound/engine.h"

#include <algorithm>

#include "base/this_thread.h"
#include "outbound/redirect.h"
#include "outbound/request_check.h"
#include "outbound/retry.h"

namespace tocsin::outbound {
namespace {

constexpr milliseconds kLongestSleep{60'000};
constexpr std::size_t kMaxCredentials = 1024;
constexpr long kMaxIdleConnections = 32;
constexpr long kMaxPerHost = 8;

Error unavailable(const Job& job, ErrorKind kind, std::string message, std::string hint) {
  return error(kind, "call another service", std::move(message), std::move(hint), job.hop.url.origin());
}

Error out_of_time(const Job& job) {
  if (job.stage == Job::Stage::kResolving) {
    return unavailable(job, ErrorKind::kUnavailable, "its name was not resolved in time",
                       "check this machine's DNS servers");
  }
  return unavailable(job, ErrorKind::kBusy, "it was not this request's turn in time",
                     "ask less often, or raise the rate of the credential");
}

milliseconds left(SteadyTime now, SteadyTime then) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(then - now));
}

}  // namespace

Engine::Engine(Options options)
    : options_(std::move(options)),
      random_(std::random_device{}()),
      multi_(curl_multi_init(), &curl_multi_cleanup),
      resolvers_(std::make_unique<ResolverPool>(options_.resolver, options_.resolver_threads,
                                                options_.max_waiting)) {
  if (!options_.random) {
    options_.random = [this] { return std::uniform_real_distribution<>(0, 1)(random_); };
  }
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kMaxIdleConnections);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, kMaxPerHost);
  thread_ = std::thread([this] {
    name_this_thread("outbound");
    run();
  });
}

Engine::~Engine() {
  stopping_ = true;
  curl_multi_wakeup(multi_.get());
  thread_.join();
  resolvers_.reset();
}

bool Engine::submit(Job job) {
  if (waiting_.fetch_add(1) >= options_.max_waiting || stopping_) {
    waiting_.fetch_sub(1);
    return false;
  }
  auto shared = std::make_shared<Job>(std::move(job));  // std::function copies
  post([this, shared] { enter(std::move(*shared)); });
  return true;
}

void Engine::post(std::function<void()> task) {
  {
    const std::lock_guard lock(inbox_mutex_);
    inbox_.push_back(std::move(task));
  }
  curl_multi_wakeup(multi_.get());
}

Client::Stats Engine::stats() const {
  return {waiting_.load(), attempts_.load(), refused_by_policy_.load(), refused_by_breaker_.load()};
}

// --- The loop

void Engine::run() {
  while (!stopping_) {
    drain();
    start_due();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    collect();
    expire();
    if (!stopping_) sleep();
  }
  drain();
  fail_all();
}

void Engine::drain() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(inbox_mutex_);
    tasks.swap(inbox_);
  }
  for (const auto& task : tasks) task();
}

// A job may end, and leave the map, while it is looked at.
void Engine::start_due() {
  const auto now = options_.time->now();
  for (auto it = jobs_.begin(); it != jobs_.end();) {
    const auto here = it++;
    if (here->second.stage == Job::Stage::kWaiting && here->second.due <= now) {
      try_start(here->first, here->second);
    }
  }
}

void Engine::collect() {
  int left_over = 0;
  while (const auto* message = curl_multi_info_read(multi_.get(), &left_over)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto code = message->data.result;  // the message dies with its handle
    const auto found = running_.find(message->easy_handle);
    if (found != running_.end()) finish_attempt(found->second, code);
  }
}

// Running transfers keep their own time.
void Engine::expire() {
  const auto now = options_.time->now();
  for (auto it = jobs_.begin(); it != jobs_.end();) {
    const auto here = it++;
    auto& job = here->second;
    if (job.stage == Job::Stage::kRunning || now < job.deadline) continue;
    auto result = job.last ? *std::move(job.last) : Result<Response>(out_of_time(job));
    complete(here->first, std::move(result));
  }
}

bool Engine::is_busy() const {
  return std::any_of(jobs_.begin(), jobs_.end(),
                     [](const auto& one) { return one.second.stage != Job::Stage::kWaiting; });
}

void Engine::sleep() {
  auto wait = kLongestSleep;
  if (!jobs_.empty()) {
    auto due = SteadyTime::max();
    const auto now = options_.time->now();
    for (const auto& [id, job] : jobs_) {
      // One that is due and waits for a place is woken by what ends.
      const bool own_turn = job.stage == Job::Stage::kWaiting && job.due > now;
      due = std::min(due, own_turn ? std::min(job.due, job.deadline) : job.deadline);
    }
    wait = std::min(wait, options_.time->until(due, is_busy()));
  }
  curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
}

// --- One request

void Engine::enter(Job job) {
  job.begun = job.due = options_.time->now();
  job.deadline = job.begun + job.request.limits.total;
  job.hop = job.first;
  job.credential = &credential_of(job);
  ++job.credential->users;
  jobs_.emplace(next_id_++, std::move(job));
}

Credential& Engine::credential_of(const Job& job) {
  const auto& name = job.request.credential;
  const auto key = name.empty() ? job.first.url.origin() : name;
  if (const auto it = credentials_.find(key); it != credentials_.end()) return it->second;
  if (credentials_.size() >= kMaxCredentials) {
    std::erase_if(credentials_, [](const auto& one) { return one.second.users == 0; });
  }
  const auto limits = limits_.find(key);
  return credentials_
      .try_emplace(key, limits == limits_.end() ? options_.credential : limits->second, options_.time->now())
      .first->second;
}

void Engine::try_start(JobId id, Job& job) {
  const auto now = options_.time->now();
  const auto under_way = std::count_if(
      jobs_.begin(), jobs_.end(), [](const auto& one) { return one.second.stage != Job::Stage::kWaiting; });
  if (static_cast<std::size_t>(under_way) >= options_.max_in_flight) return;
  if (const auto closed_until = job.credential->breaker.admit(now)) {
    refused_by_breaker_.fetch_add(1);
    const auto wait = left(now, *closed_until);
    return complete(id, job.last
                            ? *std::move(job.last)
                            : unavailable(job, ErrorKind::kUnavailable, "it failed too often of late",
                                          "it is tried again in " + std::to_string(wait.count()) + " ms"));
  }
  if (const auto turn = job.credential->bucket.take(now)) {
    job.credential->breaker.undecided();
    job.due = *turn;
    return;
  }
  ++job.attempts;
  attempts_.fetch_add(1);
  begin_hop(id, job);
}

void Engine::begin_hop(JobId id, Job& job) {
  const auto& url = job.hop.url;
  if (url.is_address) return run_transfer(id, job, {});
  job.stage = Job::Stage::kResolving;
  const bool queued = resolvers_->look_up(url.host, [this, id](Addresses found) {
    auto shared = std::make_shared<Addresses>(std::move(found));
    post([this, id, shared] { on_resolved(id, std::move(*shared)); });
  });
  if (!queued) {
    job.credential->breaker.undecided();
    complete(id, unavailable(job, ErrorKind::kBusy, "too many names wait to be resolved", "try again later"));
  }
}

void Engine::on_resolved(JobId id, Addresses addresses) {
  const auto it = jobs_.find(id);
  if (it == jobs_.end() || it->second.stage != Job::Stage::kResolving) return;
  auto& job = it->second;
  if (addresses) return run_transfer(id, job, *std::move(addresses));
  auto why = std::move(addresses).error();
  why.where = job.hop.url.origin();
  judge(id, job, std::move(why), Failure::kUnsent);
}

void Engine::run_transfer(JobId id, Job& job, std::vector<Address> addresses) {
  job.stage = Job::Stage::kRunning;
  const auto& limits = job.request.limits;
  const auto time = std::min(limits.attempt, left(options_.time->now(), job.deadline));
  TransferSpec spec{job.hop.url,
                    job.hop.method,
                    header_lines(job.request, job.hop.with_secrets),
                    job.request.body,
                    job.hop.with_body,
                    limits,
                    std::max(time, milliseconds(1)),
                    std::move(addresses)};
  job.transfer =
      std::make_unique<Transfer>(std::move(spec), options_.policy, options_.ca_file, options_.user_agent);
  running_.emplace(job.transfer->handle(), id);
  curl_multi_add_handle(multi_.get(), job.transfer->handle());
}

void Engine::stop_transfer(Job& job) {
  if (!job.transfer) return;
  running_.erase(job.transfer->handle());
  curl_multi_remove_handle(multi_.get(), job.transfer->handle());
  job.transfer.reset();
}

void Engine::finish_attempt(JobId id, CURLcode code) {
  auto& job = jobs_.at(id);
  auto result = job.transfer->take(code);
  stop_transfer(job);
  judge(id, job, std::move(result), failure_of(code));
}

// `failure` counts when there is no answer.
void Engine::judge(JobId id, Job& job, Result<Response> result, Failure failure) {
  if (!result && result.error().kind == ErrorKind::kForbidden) refused_by_policy();
  tell_breaker(job, result);
  if (follow(id, job, result)) return;
  const auto wait = retry_delay(job, result, failure);
  if (!wait) return complete(id, std::move(result));
  job.last = std::move(result);
  job.hop = job.first;
  job.redirects = 0;
  job.stage = Job::Stage::kWaiting;
  job.due = options_.time->now() + *wait;
}

void Engine::tell_breaker(Job& job, const Result<Response>& result) {
  auto& breaker = job.credential->breaker;
  const bool down = result ? result->status >= 500 && result->status != 501
                           : result.error().kind == ErrorKind::kUnavailable;
  if (down) return breaker.failed(options_.time->now());
  if (result) return breaker.succeeded();
  breaker.undecided();
}

// True when the request goes on elsewhere, or has ended there.
bool Engine::follow(JobId id, Job& job, const Result<Response>& result) {
  if (!result || !is_redirect(*result) || job.request.limits.redirects == 0) return false;
  auto next = job.redirects < job.request.limits.redirects
                  ? next_hop(job.hop, *result, options_.policy)
                  : Result<Hop>(unavailable(job, ErrorKind::kUnavailable, "it redirects too often",
                                            "ask the service's final address directly"));
  if (!next) {
    if (next.error().kind == ErrorKind::kForbidden) refused_by_policy();
    complete(id, std::move(next).error());
    return true;
  }
  ++job.redirects;
  job.hop = *std::move(next);
  begin_hop(id, job);
  return true;
}

std::optional<milliseconds> Engine::retry_delay(Job& job, const Result<Response>& result, Failure failure) {
  const bool transient = result
                             ? is_transient(result->status)
                             : result.error().kind == ErrorKind::kUnavailable && failure != Failure::kFinal;
  const auto now = options_.time->now();
  auto wait = backoff_delay(options_.backoff, job.attempts, options_.random());
  if (result) {
    const auto asked = parse_retry_after(result->header("retry-after"), options_.time->wall(),
                                         options_.backoff.longest_retry_after);
    if (asked && transient) {
      job.credential->bucket.pause(now + *asked);
      wait = std::max(wait, *asked);
    }
  }
  const bool again = transient && job.attempts <= job.request.limits.retries && now + wait < job.deadline;
  const bool unsent = !result && failure == Failure::kUnsent;
  const bool allowed = may_repeat(job.request) || (unsent && job.request.retry != Retry::kNever);
  return again && allowed ? std::optional(wait) : std::nullopt;
}

void Engine::complete(JobId id, Result<Response> result) {
  const auto it = jobs_.find(id);
  auto job = std::move(it->second);
  stop_transfer(job);
  --job.credential->users;
  jobs_.erase(it);
  waiting_.fetch_sub(1);
  if (result) {
    result->attempts = job.attempts;
    result->redirects = job.redirects;
    result->timings.total = std::chrono::duration_cast<milliseconds>(options_.time->now() - job.begun);
  }
  job.callback(std::move(result));
}

void Engine::fail_all() {
  while (!jobs_.empty()) {
    const auto& [id, job] = *jobs_.begin();
    complete(id, unavailable(job, ErrorKind::kUnavailable, "this program is stopping", {}));
  }
}

}  // namespace tocsin::outbound
