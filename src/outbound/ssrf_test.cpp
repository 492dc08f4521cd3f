// Requests that must not leave: how many were made, and how many connections came of it.
#include <gtest/gtest.h>

#include <set>

#include "outbound/outbound.h"
#include "outbound/testing/connect_hook.h"
#include "outbound/testing/fakes.h"
#include "outbound/testing/local_server.h"
#include "outbound/testing/ssrf_forms.h"

namespace tocsin::outbound {
namespace {

using test::answer;
using test::FakeResolver;
using test::LocalServer;
using test::take_connects;

std::unique_ptr<Client> make_client(Policy policy, std::shared_ptr<Resolver> resolver) {
  Options options;
  options.policy = std::move(policy);
  options.policy.allow_http = true;
  options.resolver = std::move(resolver);
  options.credential = {1e6, 1e6, 1'000'000, milliseconds(1), milliseconds(1)};
  return *Client::create(std::move(options));
}

Request get(std::string url, std::uint32_t redirects = 0) {
  Request request;
  request.url = std::move(url);
  request.limits.redirects = redirects;
  request.limits.connect = milliseconds(2'000);
  request.limits.retries = 0;
  return request;
}

bool is_refusal(const Result<Response>& result) {
  return !result &&
         (result.error().kind == ErrorKind::kForbidden || result.error().kind == ErrorKind::kInvalidInput);
}

Policy only(const LocalServer& server) {
  auto policy = *parse_policy({"127.0.0.1"});
  policy.ports = {server.port()};
  return policy;
}

TEST(Ssrf, NoFormIsConnectedTo) {
  const auto client = make_client(
      {}, std::make_shared<FakeResolver>(std::map<std::string, FakeResolver::Answers>{}, "127.0.0.1"));
  take_connects();
  std::set<std::string_view> forms;
  for (const auto form : test::kSsrfForms) {
    forms.insert(form);
    EXPECT_TRUE(is_refusal(client->send(get(std::string(form))))) << form;
  }
  EXPECT_THAT(take_connects(), testing::IsEmpty());
  EXPECT_EQ(forms.size(), std::size(test::kSsrfForms)) << "a form is listed twice";
  EXPECT_GE(forms.size(), 150U);
  std::printf("%zu forms\n", forms.size());
}

// Each name leads to each kind of address, also behind a public one that answers first with nothing.
TEST(Ssrf, NoNameLeadsInside) {
  const std::vector<std::string> inside{
      "127.0.0.1",        "10.0.0.1",     "172.16.0.1",  "192.168.1.1",
      "169.254.169.254",  "100.64.0.1",   "0.0.0.0",     "224.0.0.1",
      "255.255.255.1",    "192.0.2.1",    "::1",         "::",
      "fe80::1",          "fec0::1",      "fc00::1",     "ff02::1",
      "::ffff:127.0.0.1", "::127.0.0.1",  "2002:7f00::", "2001::1",
      "64:ff9b::7f00:1",  "64:ff9b:1::1", "2001:db8::1", "2600::5efe:127.0.0.1"};
  std::map<std::string, FakeResolver::Answers> names;
  for (std::size_t i = 0; i < inside.size(); ++i) names["n" + std::to_string(i) + ".example"] = {{inside[i]}};
  const auto client = make_client({}, std::make_shared<FakeResolver>(names));
  take_connects();
  for (const auto& [name, addresses] : names) {
    const auto result = client->send(get("http://" + name + "/"));
    EXPECT_TRUE(!result && result.error().kind == ErrorKind::kForbidden) << addresses[0][0];
  }
  EXPECT_THAT(take_connects(), testing::IsEmpty());
  EXPECT_EQ(client->stats().refused_by_policy, inside.size());
}

// An answer of several addresses: the first one that is denied ends it.
TEST(Ssrf, OneDeniedAddressEndsTheTransfer) {
  const auto client =
      make_client({}, std::make_shared<FakeResolver>(std::map<std::string, FakeResolver::Answers>{
                          {"two.example", {{"127.0.0.1", "10.0.0.1", "8.8.8.8"}}}}));
  take_connects();
  EXPECT_TRUE(is_refusal(client->send(get("http://two.example/"))));
  EXPECT_THAT(take_connects(), testing::IsEmpty());
}

TEST(Ssrf, NoRedirectLeadsInside) {
  std::vector<std::string> locations;
  for (const auto form : test::kSsrfForms) {
    // Some are relative here, and lead back to the server, which is allowed.
    const bool absolute = form.find("://") != std::string_view::npos || form.starts_with("//");
    if (absolute && form.find_first_of("\r\n") == std::string_view::npos) locations.emplace_back(form);
  }
  LocalServer server([&](int fd, const std::string& request) {
    const auto index = std::stoul(request.substr(request.find("/r") + 2));
    test::send_all(fd, answer(302, "", "Location: " + locations.at(index) + "\r\n"));
  });
  const auto client = make_client(
      only(server),
      std::make_shared<FakeResolver>(std::map<std::string, FakeResolver::Answers>{}, "127.0.0.2"));
  take_connects();
  for (std::size_t i = 0; i < locations.size(); ++i) {
    const auto result = client->send(get(server.url("/r" + std::to_string(i)), 3));
    EXPECT_TRUE(is_refusal(result)) << locations[i];
  }
  const auto connects = take_connects();
  EXPECT_THAT(connects, testing::Each("127.0.0.1:" + std::to_string(server.port())));
  EXPECT_EQ(connects.size(), locations.size());
  EXPECT_EQ(server.requests().size(), locations.size());
  EXPECT_GE(locations.size(), 150U);
  std::printf("%zu redirects\n", locations.size());
}

// The name is allowed at first and leads elsewhere when it is asked again.
TEST(Ssrf, RebindingFindsNothing) {
  LocalServer server([](int fd, const std::string&) { test::send_all(fd, answer(200, "ok")); });
  const std::map<std::string, FakeResolver::Answers> names{
      {"turn.example", {{"127.0.0.1"}, {"127.0.0.2"}, {"169.254.169.254"}, {"10.0.0.1"}, {"::1"}}}};
  const auto resolver = std::make_shared<FakeResolver>(names);
  const auto client = make_client(only(server), resolver);
  take_connects();
  const auto url = "http://turn.example:" + std::to_string(server.port()) + "/";
  const auto first = client->send(get(url));
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_EQ(resolver->asked(), 1U) << "the answer that was judged is the one that is used";
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(is_refusal(client->send(get(url))));
  EXPECT_EQ(resolver->asked(), 5U);
  EXPECT_THAT(take_connects(), testing::ElementsAre("127.0.0.1:" + std::to_string(server.port())));
}

// A redirect to the same name asks for its address anew; the new one is judged too.
TEST(Ssrf, RebindingBetweenRedirectsFindsNothing) {
  std::string location;
  LocalServer server([&](int fd, const std::string&) {
    test::send_all(fd, answer(307, "", "Location: " + location + "\r\n"));
  });
  location = "http://turn.example:" + std::to_string(server.port()) + "/next";
  const auto resolver = std::make_shared<FakeResolver>(
      std::map<std::string, FakeResolver::Answers>{{"turn.example", {{"127.0.0.1"}, {"127.0.0.3"}}}});
  const auto client = make_client(only(server), resolver);
  take_connects();
  EXPECT_TRUE(is_refusal(client->send(get("http://turn.example:" + std::to_string(server.port()) + "/", 5))));
  EXPECT_EQ(take_connects().size(), 1U);
  EXPECT_EQ(resolver->asked(), 2U);
}

TEST(Ssrf, ProxiesOfTheEnvironmentAreNotUsed) {
  LocalServer proxy([](int fd, const std::string&) { test::send_all(fd, answer(200, "from the proxy")); });
  const auto there = "http://127.0.0.1:" + std::to_string(proxy.port());
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"}) {
    setenv(name, there.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): before the client's threads start
  }
  const auto client = make_client(
      {}, std::make_shared<FakeResolver>(std::map<std::string, FakeResolver::Answers>{}, "10.0.0.1"));
  take_connects();
  EXPECT_TRUE(is_refusal(client->send(get("http://outside.example/"))));
  EXPECT_THAT(take_connects(), testing::IsEmpty());
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"})
    unsetenv(name);
  EXPECT_THAT(proxy.requests(), testing::IsEmpty());
}

// Without it the zeros above would mean nothing.
TEST(SsrfControl, TheHookSeesAConnection) {
  LocalServer server([](int fd, const std::string&) { test::send_all(fd, answer(200, "ok")); });
  const auto client = make_client(only(server), system_resolver());
  take_connects();
  ASSERT_TRUE(client->send(get(server.url())));
  EXPECT_THAT(take_connects(), testing::ElementsAre("127.0.0.1:" + std::to_string(server.port())));
}

}  // namespace
}  // namespace tocsin::outbound
