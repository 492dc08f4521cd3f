#include <curl/curl.h>

#include <algorithm>
#include <fstream>
#include <future>

#include "outbound/engine.h"
#include "outbound/outbound.h"
#include "outbound/request_check.h"

namespace tocsin::outbound {
namespace {

// Once a process; libcurl's own way of doing it by itself is not thread-safe everywhere.
void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(started);
}

}  // namespace

std::string_view Response::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return one.first == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

milliseconds Time::until(SteadyTime due, bool) {
  const auto wait = std::chrono::ceil<milliseconds>(due - std::min(now(), due));
  return std::min(wait, milliseconds(3'600'000));
}

struct Client::Impl {
  explicit Impl(Options options) : engine(std::move(options)) {}
  Engine engine;
};

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;

Result<void> check_ca_file(const std::string& ca_file) {
  if (ca_file.empty() || std::ifstream(ca_file)) return {};
  return error(ErrorKind::kInvalidInput, "set up the outbound client", "the CA file cannot be read",
               "outbound.ca_file names a PEM file", ca_file);
}

Result<std::unique_ptr<Client>> Client::create(Options options) {
  start_libcurl();
  TOCSIN_CHECK(check_ca_file(options.ca_file));
  return std::unique_ptr<Client>(new Client(std::make_unique<Impl>(std::move(options))));
}

void Client::send_async(Request request, Callback callback) {
  auto& engine = impl_->engine;
  auto url = check_request(request, engine.options().policy);
  if (!url) {
    if (url.error().kind == ErrorKind::kForbidden) engine.refused_by_policy();
    return callback(std::move(url).error());
  }
  const auto origin = url->origin();
  const bool with_body =
      !request.body.empty() || request.method == Method::kPost || request.method == Method::kPut;
  Job job;
  job.first = {*std::move(url), request.method, with_body, true};
  job.request = std::move(request);
  job.callback = callback;
  if (engine.submit(std::move(job))) return;
  callback(error(ErrorKind::kBusy, "call another service", "too many requests wait for other services",
                 "try again later", origin));
}

Result<Response> Client::send(Request request) {
  if (impl_->engine.on_own_thread()) {
    return error(ErrorKind::kInternal, "call another service", "a callback waits for its own thread");
  }
  std::promise<Result<Response>> promise;
  auto answer = promise.get_future();
  send_async(std::move(request), [&](Result<Response> result) { promise.set_value(std::move(result)); });
  return answer.get();
}

void Client::set_credential(const std::string& name, CredentialLimits limits) {
  impl_->engine.post([&engine = impl_->engine, name, limits] { engine.set_limits(name, limits); });
}

Client::Stats Client::stats() const {
  return impl_->engine.stats();
}

}  // namespace tocsin::outbound
