#include "api/query_text.h"

#include <gtest/gtest.h>

namespace tocsin::api {
namespace {

Error failure(std::string_view q) {
  auto filter = alert_filter(q, "ana");
  EXPECT_FALSE(filter) << q;
  return filter ? Error{} : filter.error();
}

TEST(QueryText, TermsAreAndedWithFreeWords) {
  const auto filter =
      alert_filter(R"(severity:>=high status:new,in_progress host:"web 01" "failed login" ssh)", "ana");
  ASSERT_TRUE(filter) << to_string(filter.error());
  const auto& query = filter->query;
  EXPECT_EQ(query.severities, (std::vector{model::Severity::kHigh, model::Severity::kCritical}));
  EXPECT_EQ(query.statuses, (std::vector{model::AlertStatus::kNew, model::AlertStatus::kInProgress}));
  EXPECT_EQ(query.entity, "web 01");
  EXPECT_EQ(query.text, "failed login ssh");
  EXPECT_FALSE(filter->matches_nothing);
}

TEST(QueryText, AssigneeWordsNameTheCallerAndNobody) {
  EXPECT_EQ(alert_filter("assignee:me", "ana")->query.assignee, "ana");
  EXPECT_EQ(alert_filter("assignee:none", "ana")->query.assignee, "");
  EXPECT_EQ(alert_filter("assignee:ben", "ana")->query.assignee, "ben");
}

TEST(QueryText, OpenMeansNotClosed) {
  EXPECT_EQ(alert_filter("status:open", "ana")->query.statuses,
            (std::vector{model::AlertStatus::kNew, model::AlertStatus::kInProgress}));
}

TEST(QueryText, PriorityTakesTheStrictestOfSeveral) {
  EXPECT_EQ(alert_filter("priority:>=40 priority:>=80", "ana")->query.min_priority, 80);
}

TEST(QueryText, TermsThatExcludeEachOtherMatchNothing) {
  EXPECT_TRUE(alert_filter("severity:low severity:>=high", "ana")->matches_nothing);
  EXPECT_TRUE(alert_filter("source:suricata source:wazuh", "ana")->matches_nothing);
  EXPECT_FALSE(alert_filter("severity:low,high severity:>=high", "ana")->matches_nothing);
}

TEST(QueryText, AddressesAndLinksAreFreeWords) {
  EXPECT_EQ(alert_filter("10.0.0.1:443 http://evil.example/a?b=c 2001:db8::1", "ana")->query.text,
            "10.0.0.1:443 http://evil.example/a?b=c 2001:db8::1");
}

struct Wrong {
  std::string_view q;
  std::string_view where;
  std::string_view hint;
};
void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.q;
}
class QueryTextErrors : public testing::TestWithParam<Wrong> {};

TEST_P(QueryTextErrors, PointAtTheColumnWithASuggestion) {
  const auto error = failure(GetParam().q);
  EXPECT_EQ(error.kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(error.where, GetParam().where);
  EXPECT_NE(error.hint.find(GetParam().hint), std::string::npos) << error.hint;
}

INSTANTIATE_TEST_SUITE_P(
    All, QueryTextErrors,
    testing::Values(Wrong{"status:new sevrity:high", "q:12", "did you mean \"severity\"?"},
                    Wrong{"severity:hihg", "q:10", "did you mean \"high\"?"},
                    Wrong{"größe status:opne", "q:14", "did you mean \"open\"?"}, Wrong{"status:", "q:1", ""},
                    Wrong{R"(host:"web)", "q:6", "second"}, Wrong{"priority:80", "q:10", "priority:>=80"},
                    Wrong{"-status:closed", "q:1", "name the values"}, Wrong{"incident:7", "q:10", "IN-"},
                    Wrong{"user:a host:b", "q:13", "free word"},
                    Wrong{"requires_review:maybe", "q:17", "true"}));

TEST(QueryText, LengthAndTermsAreBounded) {
  EXPECT_EQ(failure(std::string(1001, 'a')).where, "q");
  std::string many;
  for (int i = 0; i < 51; ++i) many += "a ";
  EXPECT_EQ(failure(many).where, "q:101");
}

http::Request with(std::vector<std::pair<std::string, std::string>> query) {
  http::Request request;
  request.query = std::move(query);
  return request;
}

TEST(ListParameters, PlainOnesAreAndedWithTheText) {
  const auto filter = alert_filter(
      with({{"q", "severity:>=medium"}, {"severity", "medium,low"}, {"limit", "7"}, {"sort", "priority"}}),
      "");
  ASSERT_TRUE(filter) << to_string(filter.error());
  EXPECT_EQ(filter->query.severities, std::vector{model::Severity::kMedium});
  EXPECT_EQ(filter->query.limit, 7U);
  EXPECT_EQ(filter->query.sort, store::AlertSort::kPriority);
}

TEST(ListParameters, WrongOnesAreNamed) {
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"limit", "0"},
                                                                                    {"limit", "1001"},
                                                                                    {"limit", "x"},
                                                                                    {"sort", "prio"},
                                                                                    {"severity", "hi"},
                                                                                    {"min_priority", "101"},
                                                                                    {"from", "yesterday"}}) {
    const auto filter = alert_filter(with({{name, value}}), "");
    ASSERT_FALSE(filter) << name << "=" << value;
    EXPECT_EQ(filter.error().where, name);
  }
}

TEST(ListParameters, IncidentsHaveTheirOwnStatuses) {
  const auto filter = incident_filter(with({{"q", "status:triaged priority:>=80"}}), "");
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->query.statuses, std::vector{model::IncidentStatus::kTriaged});
  EXPECT_FALSE(incident_filter(with({{"status", "new"}}), ""));
}

}  // namespace
}  // namespace tocsin::api
