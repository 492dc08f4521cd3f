#pragma once
// Every route over a store in a folder of its own; requests go through the router, without sockets.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>

#include "api/access.h"
#include "api/event_desk.h"
#include "api/routes.h"
#include "api/testing/services.h"
#include "api/verbs.h"
#include "auth/gate.h"
#include "detect/engine/rule_library.h"
#include "http/target.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::api::test {

using http::Method;

struct Reply {
  int status = 0;
  std::vector<http::Header> headers;
  std::string text;
  boost::json::value json;  // null when the body is none

  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
  const boost::json::value& at(std::string_view pointer) const { return json.at_pointer(pointer); }
  std::string text_at(std::string_view pointer) const { return std::string(at(pointer).as_string()); }
  std::size_t size_at(std::string_view pointer) const { return at(pointer).as_array().size(); }
};

class ApiTest : public testing::Test {
 protected:
  ApiTest() : ApiTest(Site{}) {}
  explicit ApiTest(Site site) {
    EXPECT_TRUE(library_.load());
    EXPECT_TRUE(directory_.load());
    site.access = &access_;
    // One desk for every tenant: who may do what is tested, not whose data it is.
    register_routes(
        router_,
        [this](store::TenantId) -> Result<Desk> {
          return Desk{&services_, &live_};
        },
        std::move(site));
  }
  ~ApiTest() override { database_->close(); }

  Reply call(Method method, std::string_view target, std::string body = {},
             std::vector<http::Header> headers = {}) {
    auto parsed = http::parse_target(target);
    EXPECT_TRUE(parsed) << target;
    auto match = router_.match(method, parsed->raw_path);
    http::Request request;
    request.method = method;
    request.path = parsed->path;
    request.query = parsed->query;
    request.path_params = match.params;
    request.trace_id = "0af7651916cd43dd8448eb211c80319c";
    request.headers = std::move(headers);
    if (!body.empty() && request.header("Content-Type").empty()) {
      request.headers.emplace_back("Content-Type", "application/json");
    }
    request.body = std::move(body);
    if (with_gate_ && !match.pattern.empty()) {
      if (auto refusal = gate_.admit(request, match.pattern, false)) return read(*std::move(refusal));
    }
    return read(run(match, std::move(request)));
  }
  Reply get(std::string_view target, std::vector<http::Header> headers = {}) {
    return call(Method::kGet, target, {}, std::move(headers));
  }
  Reply post(std::string_view target, std::string body = {}, std::vector<http::Header> headers = {}) {
    return call(Method::kPost, target, std::move(body), std::move(headers));
  }
  Reply patch(std::string_view target, std::string body, std::vector<http::Header> headers = {}) {
    return call(Method::kPatch, target, std::move(body), std::move(headers));
  }

  // Ids of the stored alert, and of an incident of all alerts so far.
  std::string add_alert(const std::string& json) { return post("/api/v1/alerts", json).text_at("/id"); }
  std::string add_incident() {
    post("/api/v1/incidents/rebuild");
    return get("/api/v1/incidents?sort=newest").text_at("/items/0/id");
  }

  store::test::TempDir folder_;
  store::test::FakeClock clock_;
  std::unique_ptr<store::Database> database_ = open();
  store::TenantStore& store_ = database_->tenant(store::kDefaultTenant);
  TestPipeline pipeline_{store_, clock_};
  TestCorrelation correlation_{store_, clock_};
  TestDemo demo_{pipeline_, store_, clock_};
  std::vector<std::string> not_ready_;
  enrich::Library library_{store_, clock_, folder_.file("enrichment")};
  EventDesk events_{store_, pipeline_, clock_, bundled_rules(), {}};
  Services services_{store_,
                     pipeline_,
                     correlation_,
                     demo_,
                     clock_,
                     {.scoring = {},
                      .version = "0.1.0",
                      .sentinel_workspace_id = "",
                      .not_ready = [this] { return not_ready_; },
                      .rules = &bundled_rules(),
                      .events = &events_,
                      .enrichment = &library_}};
  LiveHub live_{clock_};
  auth::Directory directory_{database_->people(), clock_};
  auth::PasswordPool passwords_;
  auth::SignInThrottle throttle_{clock_};
  auth::SecretBox secrets_ = auth::SecretBox::create();
  static constexpr auth::PasswordCost kCheap{8 << 10, 1};
  auth::SignIn sign_in_{directory_, passwords_, throttle_, secrets_, clock_, kCheap};
  auth::RefusalLog refusals_{directory_, store_.audit(), clock_, "a key of the test"};
  Access access_{directory_, sign_in_, passwords_, secrets_, clock_, true, kCheap, nullptr, &refusals_};
  auth::Gate gate_{directory_, verb_of, true};
  bool with_gate_ = false;  // requests are judged as the server does
  http::Router router_;

 private:
  // Loaded once: no test changes it.
  static detect::RuleLibrary& bundled_rules() {
    static const auto library = detect::RuleLibrary::open({}, {});
    return **library;
  }
  std::unique_ptr<store::Database> open() {
    store::SqliteOptions options;
    options.file = folder_.file("tocsin.db");
    options.clock = &clock_;
    auto opened = store::open_sqlite(options);
    if (!opened) throw std::runtime_error(to_string(opened.error()));
    return *std::move(opened);
  }

  static http::Response run(const http::Router::Match& match, http::Request request) {
    if (match.handler != nullptr) return (*match.handler)(request);
    if (match.async_handler == nullptr)
      return {.status = match.allowed.empty() ? 404 : 405, .headers = {}, .body = {}, .static_body = {}};
    auto promise = std::make_shared<std::promise<http::Response>>();
    auto future = promise->get_future();
    (*match.async_handler)(std::move(request),
                           [promise](http::Response response) { promise->set_value(std::move(response)); });
    return future.get();
  }

  static Reply read(http::Response response) {
    for (bool more = static_cast<bool>(response.next_piece); more;) {
      const auto piece = response.next_piece();
      EXPECT_TRUE(piece);
      if (piece) response.body += piece->text;
      more = piece && !piece->last;
    }
    Reply reply{response.status, std::move(response.headers), std::move(response.body), nullptr};
    if (!response.static_body.empty()) reply.text = response.static_body;
    boost::system::error_code failed;
    auto json = boost::json::parse(reply.text, failed);
    if (!failed) reply.json = std::move(json);
    return reply;
  }
};

}  // namespace tocsin::api::test
