#include "api/query_text.h"

#include <gtest/gtest.h>

namespace tocsin::api {
namespace {

const query::Scope kAna{*parse_time("2026-11-21T12:00:00Z"), "ana"};

TEST(QueryText, IsParsedAndResolvedForWhoeverAsks) {
  const auto filter = alert_filter("assignee:me \"failed login\" ssh", kAna);
  ASSERT_TRUE(filter) << to_string(filter.error());
  ASSERT_EQ(filter->query.where->parts.size(), 2U);
  EXPECT_EQ(filter->query.where->parts[0].test.values, std::vector<model::Operand>{"ana"});
  EXPECT_EQ(filter->query.where->parts[1].words, "failed login ssh");
  EXPECT_FALSE(alert_filter("  ", kAna)->query.where);
}

TEST(QueryText, ErrorsPointAtTheColumn) {
  const auto filter = alert_filter("status:new sevrity:high", kAna);
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().where, "q:12");
}

http::Request with(std::vector<std::pair<std::string, std::string>> query) {
  http::Request request;
  request.query = std::move(query);
  return request;
}

TEST(ListParameters, PlainOnesAreAndedWithTheText) {
  const auto filter = alert_filter(
      with({{"q", "severity:>=medium"}, {"severity", "medium,low"}, {"limit", "7"}, {"sort", "priority"}}),
      kAna);
  ASSERT_TRUE(filter) << to_string(filter.error());
  EXPECT_TRUE(filter->query.where);
  EXPECT_EQ(filter->query.severities, (std::vector{model::Severity::kMedium, model::Severity::kLow}));
  EXPECT_EQ(filter->query.limit, 7U);
  EXPECT_EQ(filter->query.sort, store::AlertSort::kPriority);
}

TEST(ListParameters, SeveralEntitiesMustAllBeThere) {
  auto request = with({{"entity", "web-01"}, {"entity", "ana"}, {"entity", "ana"}});
  EXPECT_EQ(alert_filter(request, kAna)->query.entities, (std::vector<std::string>{"web-01", "ana"}));
  for (int i = 0; i < 7; ++i) request.query.emplace_back("entity", std::to_string(i));
  EXPECT_EQ(alert_filter(request, kAna).error().where, "entity");
}

TEST(ListParameters, WrongOnesAreNamed) {
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"limit", "0"},
                                                                                    {"limit", "1001"},
                                                                                    {"limit", "x"},
                                                                                    {"sort", "prio"},
                                                                                    {"severity", "hi"},
                                                                                    {"min_priority", "101"},
                                                                                    {"from", "yesterday"}}) {
    const auto filter = alert_filter(with({{name, value}}), kAna);
    ASSERT_FALSE(filter) << name << "=" << value;
    EXPECT_EQ(filter.error().where, name);
  }
}

TEST(ListParameters, IncidentsHaveTheirOwnStatuses) {
  const auto filter = incident_filter(with({{"q", "status:triaged priority:>=80"}}), kAna);
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->query.where->parts.size(), 2U);
  EXPECT_FALSE(incident_filter(with({{"status", "new"}}), kAna));
  EXPECT_FALSE(incident_filter(with({{"q", "source:cef"}}), kAna));
}

}  // namespace
}  // namespace tocsin::api
