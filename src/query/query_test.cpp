#include "query/query.h"

#include <gtest/gtest.h>

#include "query/testing/generator.h"

namespace tocsin::query {

void PrintTo(const Subject& subject, std::ostream* out) {
  *out << (subject == Subject::kAlerts ? "alerts" : "incidents");
}

namespace {

using model::Comparison;
using model::Condition;

std::string canonical(std::string_view text, Subject subject = Subject::kAlerts) {
  const auto read = parse(text, subject);
  EXPECT_TRUE(read) << text << ": " << to_string(read.error());
  return read ? print(*read, subject) : std::string();
}

struct Same {
  std::string_view text;
  std::string_view canonical;
};
void PrintTo(const Same& same, std::ostream* out) {
  *out << same.text;
}
class Canonical : public testing::TestWithParam<Same> {};

TEST_P(Canonical, TextIsWhatTheTreePrints) {
  const auto text = canonical(GetParam().text);
  EXPECT_EQ(text, GetParam().canonical);
  EXPECT_EQ(canonical(text), text);
}

INSTANTIATE_TEST_SUITE_P(
    Values, Canonical,
    testing::Values(
        Same{"", ""}, Same{"   ", ""}, Same{"severity:high", "severity:high"},
        Same{"severity:>=high", "severity>=high"}, Same{"severity:high,critical", "severity:(high,critical)"},
        Same{"severity:(critical, high,high)", "severity:(high,critical)"},
        Same{"status:open", "status:(new,in_progress)"}, Same{"-status:closed", "-status:closed"},
        Same{"NOT status:closed", "-status:closed"}, Same{"status!=closed", "-status:closed"},
        Same{"prio:70..90", "priority:70..90"}, Same{"priority>80", "priority>80"},
        Same{"priority:..90", "priority<=90"}, Same{"priority:(1..5,90)", "priority:1..5 OR priority:90"},
        Same{"has:assignee", "has:assignee"}, Same{"assignee:none", "-has:assignee"},
        Same{"assignee:*", "has:assignee"}, Same{"assignee:me", "assignee:@me"},
        Same{R"(assignee:"me")", R"(assignee:"me")"},
        Same{"owner:(me,none)", "assignee:@me OR -has:assignee"},
        Same{"title:*mimikatz*", "title:*mimikatz*"}, Same{"title:mimikatz", "title~mimikatz"},
        Same{R"(title~"failed login")", R"(title~"failed login")"}, Same{R"(title="x")", "title=x"},
        Same{R"(title:*"failed login"*)", R"(title:*"failed login"*)"},
        Same{R"(title:*"50%"*"*"*)", R"(title:*"50%"*"*"*)"},
        Same{R"(file:c:\windows\*.exe)", R"(file:"c:\\windows\\"*.exe)"},
        Same{R"(file:"c:\windows\cmd.exe")", R"(file:"c:\\windows\\cmd.exe")"},
        Same{R"(host:\\srv\share)", R"(host:"\\\\srv\\share")"},
        Same{"ip:cidr(10.1.2.3/8)", "ip:cidr(10.0.0.0/8)"},
        Same{"ip:2001:db8::/32", "ip:cidr(2001:db8::/32)"},
        Same{"ip:(10.0.0.1,cidr(192.168.0.0/16))", "ip:10.0.0.1 OR ip:cidr(192.168.0.0/16)"},
        Same{"age<4h", "age<4h"}, Same{"age:60m..48h", "age:1h..2d"},
        Same{"occurred:2026-11-01..2026-11-05",
             "occurred:2026-11-01T00:00:00.000Z..<2026-11-06T00:00:00.000Z"},
        Same{"occurred:2026-11-01T12:00:00Z", "occurred:2026-11-01T12:00:00.000Z..2026-11-01T12:00:00.000Z"},
        Same{"occurred>2026-11-01", "occurred>=2026-11-02T00:00:00.000Z"},
        Same{"occurred>=now-1d", "occurred>=now-1d"}, Same{"occurred:yesterday", "occurred:today-1d..<today"},
        Same{"technique:t1110.001", "technique:T1110.001"}, Same{"tactic:credential-access", "tactic:TA0006"},
        Same{"fp<0.20", "fp_probability<0.2"}, Same{"source:cef,suricata", "source:(cef,suricata)"}));

INSTANTIATE_TEST_SUITE_P(
    Shapes, Canonical,
    testing::Values(Same{"failed login", "failed login"}, Same{R"("failed login" x)", R"("failed login" x)"},
                    Same{"a AND b", "a b"}, Same{"a OR b c", "a OR (b c)"}, Same{"(a OR b) c", "(a OR b) c"},
                    Same{"((a)) ((b c))", "a b c"}, Same{"NOT (a OR b)", "-(a OR b)"},
                    Same{"- a", R"("-" a)"}, Same{"--a", "-(-a)"}, Same{"a -b", "a -b"},
                    Same{R"("AND" "or" and)", R"("AND" or and)"}, Same{"foo(bar) x", "\"foo(bar)\" x"},
                    Same{"10.0.0.1:443 http://evil.example/a?b=c",
                         R"("10.0.0.1:443" "http://evil.example/a?b=c")"},
                    Same{"key=value", R"("key=value")"},
                    Same{"(status:new) OR host:a,b", R"(status:new OR host:"a,b")"}));

struct Wrong {
  std::string_view text;
  std::string_view where;
  std::string_view what;
  std::string_view hint;
};
void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.text;
}
class Errors : public testing::TestWithParam<Wrong> {};

TEST_P(Errors, PointAtTheColumnWithASuggestion) {
  const auto read = parse(GetParam().text, Subject::kAlerts);
  ASSERT_FALSE(read) << print(*read, Subject::kAlerts);
  EXPECT_EQ(read.error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(read.error().where, GetParam().where);
  EXPECT_NE(read.error().message.find(GetParam().what), std::string::npos) << read.error().message;
  EXPECT_NE(read.error().hint.find(GetParam().hint), std::string::npos) << read.error().hint;
}

INSTANTIATE_TEST_SUITE_P(
    All, Errors,
    testing::Values(
        Wrong{"status:new sevrity:high", "q:12", "unknown field", "did you mean \"severity\"?"},
        Wrong{"severity:hihg", "q:10", "hihg", "did you mean \"high\"?"},
        Wrong{"größe status:opne", "q:14", "opne", "did you mean \"open\"?"},
        Wrong{"status:", "q:1", "no value", "status:open"},
        Wrong{R"(host:"web)", "q:6", "never closed", "second"}, Wrong{"(a OR b", "q:1", "never closed", ")"},
        Wrong{"a) b", "q:2", "closes nothing", "remove"}, Wrong{"host:(a,b", "q:6", "never closed", ")"},
        Wrong{"a OR", "q:5", "missing", "word"}, Wrong{"OR a", "q:1", "nothing before", "quotes"},
        Wrong{"NOT", "q:4", "missing", ""},
        Wrong{"priority >= 80", "q:10", "without a field", "priority>=80"},
        Wrong{"priority:101", "q:10", "0 to 100", "priority:70..90"},
        Wrong{"priority:..", "q:10", "without ends", "70..90"},
        Wrong{"source>=a", "q:1", "does not take >=", ": ~ !="},
        Wrong{"severity:h*", "q:10", "takes no *", "severity>=high"},
        Wrong{"incident:7", "q:10", "not an id", "IN-"}, Wrong{"has:assigne", "q:5", "unknown", "assignee"},
        Wrong{"has:severity", "q:5", "always there", "has:assignee"},
        Wrong{"ip:cidr(10.0.0.0/33)", "q:4", "not a network", "cidr(10.0.0.0/8)"},
        Wrong{"occurred:yesterdya", "q:10", "not a time", "now-1d"},
        Wrong{"occurred:now-1d", "q:10", "hardly ever", "occurred>=now-1d"},
        Wrong{"age:4h", "q:5", "hardly ever", "age<4h"}, Wrong{"age<4", "q:5", "not a duration", "units"},
        Wrong{"age<99999999999w", "q:5", "not a duration", ""},
        Wrong{"technique:T9999", "q:11", "ATT&CK", "T1110"}, Wrong{"tactic:exfil", "q:8", "exfil", "known"},
        Wrong{"requires_review:maybe", "q:17", "maybe", "true"}, Wrong{R"("")", "q:1", "no word", ""}));

TEST(Limits, EachIsToldAndHolds) {
  const auto where = [](const std::string& text) {
    const auto read = parse(text, Subject::kAlerts);
    return read ? std::string("fine") : read.error().where;
  };
  const auto repeated = [](std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
  };
  EXPECT_EQ(where(std::string(kMaxBytes + 1, 'a')), "q");
  EXPECT_EQ(where(repeated("a ", kMaxTerms)), "fine");
  EXPECT_EQ(where(repeated("a ", kMaxTerms + 1)), "q:" + std::to_string(2 * kMaxTerms + 1));
  EXPECT_EQ(where(repeated("(", kMaxDepth) + "a" + repeated(")", kMaxDepth)), "fine");
  EXPECT_EQ(where(repeated("(", kMaxDepth + 1) + "a" + repeated(")", kMaxDepth + 1)), "q:17");
  EXPECT_EQ(where(repeated("NOT ", 900) + "a"), "q:65");
  std::string list;
  for (std::size_t i = 0; i <= kMaxListValues; ++i) list += "h" + std::to_string(i) + ",";
  EXPECT_NE(where("host:(" + list + "x)"), "fine");
  EXPECT_EQ(where("host:(" + list.substr(0, list.find("h99")) + "x)"), "fine");
  EXPECT_EQ(where("title:" + repeated("*a", kMaxStars)), "fine");
  EXPECT_EQ(where("title:" + repeated("*a", kMaxStars + 1)), "q:7");
  EXPECT_EQ(where("title:" + std::string(kMaxValueBytes + 1, 'a')), "q:7");
}

class RoundTrip : public testing::TestWithParam<Subject> {};

TEST_P(RoundTrip, TheTextOfATreeReadsAsThatTree) {
  test::Generator generator(GetParam(), 20261101);
  int printed = 0;
  while (printed < 20'000) {
    const auto tree = generator.condition();
    const auto text = print(tree, GetParam());
    if (text.size() > kMaxBytes) continue;
    ++printed;
    const auto read = parse(text, GetParam());
    ASSERT_TRUE(read) << text << "\n" << to_string(read.error());
    ASSERT_EQ(print(*read, GetParam()), text);
    ASSERT_TRUE(*read == tree) << text;
  }
}
INSTANTIATE_TEST_SUITE_P(Subjects, RoundTrip, testing::Values(Subject::kAlerts, Subject::kIncidents));

class Examples : public testing::TestWithParam<Subject> {};

TEST_P(Examples, OfEveryFieldAskForThatField) {
  for (const auto& field : fields(GetParam())) {
    auto read = parse(field.example, GetParam());
    ASSERT_TRUE(read) << field.example << ": " << to_string(read.error());
    while (!read->parts.empty()) read = Condition(read->parts.front());
    EXPECT_EQ(read->test.field, field.field) << field.example;
    EXPECT_EQ(find_field(GetParam(), field.name), &field);
    for (const auto alias : field.aliases)
      EXPECT_TRUE(alias.empty() || find_field(GetParam(), alias) == &field) << alias;
  }
}
INSTANTIATE_TEST_SUITE_P(Subjects, Examples, testing::Values(Subject::kAlerts, Subject::kIncidents));

TEST(Resolve, TimesAgesAndTheCallerBecomeValues) {
  const Scope scope{*parse_time("2026-11-21T12:00:00Z"), "ana"};
  const auto resolved = [&](std::string_view text) {
    return resolve(*parse(text, Subject::kAlerts), Subject::kAlerts, scope);
  };
  const auto at = [](std::string_view time) { return model::Operand(to_unix_nanos(*parse_time(time))); };
  EXPECT_EQ(resolved("assignee:@me").test.values, std::vector<model::Operand>{"ana"});
  EXPECT_EQ(resolved("occurred>=now-1h").test.low->value, at("2026-11-21T11:00:00Z"));
  EXPECT_EQ(resolved("occurred>=today-1d").test.low->value, at("2026-11-20T00:00:00Z"));
  const auto young = resolved("age<4h").test;
  EXPECT_EQ(young.field, model::Field::kOccurred);
  EXPECT_EQ(young.low->value, at("2026-11-21T08:00:00.000000001Z"));
  EXPECT_TRUE(young.low->inclusive);
  EXPECT_FALSE(young.high);
  EXPECT_EQ(resolved("priority>70").test.low->value, model::Operand(std::int64_t{71}));
}

TEST(Resolve, WordsThatAllMustHoldAreOneQuestionWithAnOpenEnd) {
  const auto condition =
      resolve(*parse("failed status:new login", Subject::kAlerts), Subject::kAlerts, {{}, ""});
  ASSERT_EQ(condition.parts.size(), 2U);
  EXPECT_EQ(condition.parts[1].words, "failed login");
  EXPECT_TRUE(condition.parts[1].prefix);
  EXPECT_FALSE(resolve(*parse("a OR b", Subject::kAlerts), Subject::kAlerts, {{}, ""}).parts[0].prefix);
}

}  // namespace
}  // namespace tocsin::query
