#pragma once
// The client's thread: requests that wait, resolve or run, over one libcurl multi handle.
//
// Everything here but submit(), post() and the statistics belongs to that thread.

#include <curl/curl.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>

#include "outbound/credential.h"
#include "outbound/outbound.h"
#include "outbound/resolver.h"
#include "outbound/transfer.h"
#include "outbound/url.h"

namespace tocsin::outbound {

// Where a request goes next; redirects change it, a retry begins anew.
struct Hop {
  Url url;
  Method method = Method::kGet;
  bool with_body = false;
  bool with_secrets = true;
};

struct Job {
  enum class Stage { kWaiting, kResolving, kRunning };

  Request request;
  Client::Callback callback;
  Hop first;
  Hop hop;
  Stage stage = Stage::kWaiting;
  SteadyTime begun;
  SteadyTime due;       // kWaiting: not before
  SteadyTime deadline;  // of everything
  std::uint32_t attempts = 0;
  std::uint32_t redirects = 0;
  Credential* credential = nullptr;
  std::unique_ptr<Transfer> transfer;
  std::optional<Result<Response>> last;  // of the attempt before, for when there is no other
};

class Engine {
 public:
  explicit Engine(Options options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Thread-safe. False when too many requests are not finished.
  bool submit(Job job);
  void post(std::function<void()> task);
  bool on_own_thread() const { return std::this_thread::get_id() == thread_.get_id(); }
  const Options& options() const noexcept { return options_; }
  Client::Stats stats() const;
  void set_limits(const std::string& name, CredentialLimits limits) { limits_[name] = limits; }
  void refused_by_policy() { refused_by_policy_.fetch_add(1); }

 private:
  using JobId = std::uint64_t;

  void run();
  void drain();
  void start_due();
  void collect();
  void expire();
  void sleep();
  bool is_busy() const;

  void enter(Job job);
  Credential& credential_of(const Job& job);
  void try_start(JobId id, Job& job);
  void begin_hop(JobId id, Job& job);
  void on_resolved(JobId id, Addresses addresses);
  void run_transfer(JobId id, Job& job, std::vector<Address> addresses);
  void finish_attempt(JobId id, CURLcode code);
  void judge(JobId id, Job& job, Result<Response> result, Failure failure);
  void tell_breaker(Job& job, const Result<Response>& result);
  bool follow(JobId id, Job& job, const Result<Response>& result);
  std::optional<milliseconds> retry_delay(Job& job, const Result<Response>& result, Failure failure);
  void complete(JobId id, Result<Response> result);
  void fail_all();
  void stop_transfer(Job& job);

  Options options_;
  std::mt19937_64 random_;
  std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi_;
  std::map<JobId, Job> jobs_;  // in the order they came
  std::unordered_map<CURL*, JobId> running_;
  std::map<std::string, Credential> credentials_;
  std::map<std::string, CredentialLimits> limits_;
  JobId next_id_ = 1;

  std::mutex inbox_mutex_;
  std::vector<std::function<void()>> inbox_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::uint64_t> attempts_{0};
  std::atomic<std::uint64_t> refused_by_policy_{0};
  std::atomic<std::uint64_t> refused_by_breaker_{0};
  std::unique_ptr<ResolverPool> resolvers_;
  std::thread thread_;
};

}  // namespace tocsin::outbound
