#include "ingest/syslog_message.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace tocsin::ingest {
namespace {

const Timestamp kNow = *parse_time("2026-01-18T12:00:00Z");

struct Case {
  std::string_view name, line, time, host, app, process, text;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

// Absent time is "".
const Case kCases[] = {
    {"rfc3164", "<34>Jan 17 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
     "2026-01-17T22:14:15.000Z", "mymachine", "su", "", "'su root' failed for lonvick on /dev/pts/8"},
    {"pid", "<38>Jan  8 01:02:03 web-1 sshd[4242]: Failed password", "2026-01-08T01:02:03.000Z", "web-1",
     "sshd", "4242", "Failed password"},
    {"one_digit_day", "<38>Jan 8 01:02:03 web-1 cron: x", "2026-01-08T01:02:03.000Z", "web-1", "cron", "",
     "x"},
    {"last_year", "<13>Dec 31 23:59:59 a b: c", "2025-12-31T23:59:59.000Z", "a", "b", "", "c"},
    {"clock_ahead", "<13>Jan 19 11:00:00 a b: c", "2026-01-19T11:00:00.000Z", "a", "b", "", "c"},
    {"leap_day", "<13>Feb 29 00:00:00 a b: c", "2024-02-29T00:00:00.000Z", "a", "b", "", "c"},
    {"year", "<13>Feb 03 2019 10:20:30 asa : %ASA-4-106023: Deny", "2019-02-03T10:20:30.000Z", "asa",
     "%ASA-4-106023", "", "Deny"},
    {"fraction", "<13>Jan 18 11:07:53.125 a b: c", "2026-01-18T11:07:53.125Z", "a", "b", "", "c"},
    {"zone_name", "<13>Jan 18 11:07:53 CET a b: c", "2026-01-18T10:07:53.000Z", "a", "b", "", "c"},
    {"zone_number", "<13>Jan 18 11:07:53 -0500 a b: c", "2026-01-18T16:07:53.000Z", "a", "b", "", "c"},
    {"cisco", "<187>4711: *Jan 10 18:46:11.123 UTC: %SYS-5-CONFIG_I: Configured", "2026-01-10T18:46:11.123Z",
     "", "%SYS-5-CONFIG_I", "", "Configured"},
    {"iso", "<13>2026-01-18T11:07:53+01:00 a b[7]: c", "2026-01-18T10:07:53.000Z", "a", "b", "7", "c"},
    {"rfc5424", "<165>1 2003-10-11T22:14:15.003Z host.example evntslog 12 ID47 - An event",
     "2003-10-11T22:14:15.003Z", "host.example", "evntslog", "12", "An event"},
    {"rfc5424_data",
     R"(<165>1 2003-10-11T22:14:15.003Z h a - ID47 [x@1 q="a\"]b" i=""][y z="1"] )"
     "\xEF\xBB\xBFtext",
     "2003-10-11T22:14:15.003Z", "h", "a", "", "text"},
    {"rfc5424_nothing", "<14>1 - - - - - -", "", "", "", "", ""},
    {"rfc5424_no_text", "<14>1 - h a p m [x]", "", "h", "a", "p", ""},
    {"cef", "<134>Jan 18 11:07:53 gw1 CEF:0|a|b|1|2|3|4|x=y", "2026-01-18T11:07:53.000Z", "gw1", "", "",
     "CEF:0|a|b|1|2|3|4|x=y"},
    {"json", "<134>Jan 18 11:07:53 ids suricata[99]: {\"a\":1}", "2026-01-18T11:07:53.000Z", "ids",
     "suricata", "99", "{\"a\":1}"},
    {"no_host", "<13>Jan 18 11:07:53 sshd[1]: x", "2026-01-18T11:07:53.000Z", "", "sshd", "1", "x"},
    {"no_time", "<13>sshd[1]: x", "", "", "sshd", "1", "x"},
    {"no_priority", "Jan 18 11:07:53 a b: c", "2026-01-18T11:07:53.000Z", "a", "b", "", "c"},
    {"only_text", "Use the BFG!", "", "", "", "", "Use the BFG!"},
    {"url", "http://example.com is down", "", "", "", "", "http://example.com is down"},
    {"wild_priority", "<192>Jan 18 11:07:53 a b: c", "", "", "", "", "<192>Jan 18 11:07:53 a b: c"},
    {"wild_clock", "<13>Jan 18 25:07:53 a b: c", "", "", "", "", "Jan 18 25:07:53 a b: c"},
    {"empty", "", "", "", "", "", ""},
};

class ReadSyslog : public testing::TestWithParam<Case> {};

TEST_P(ReadSyslog, TakesTheHeaderApart) {
  const auto& c = GetParam();
  const auto message = read_syslog(c.line, {kNow});
  EXPECT_EQ(message.time ? to_rfc3339(*message.time) : "", c.time);
  EXPECT_EQ(message.host, c.host);
  EXPECT_EQ(message.app, c.app);
  EXPECT_EQ(message.process_id, c.process);
  EXPECT_EQ(message.text, c.text);
}
INSTANTIATE_TEST_SUITE_P(Lines, ReadSyslog, testing::ValuesIn(kCases),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(ReadSyslogPriority, HoldsSeverityAndStructuredData) {
  const auto message = read_syslog(R"(<165>1 - h a - ID47 [x@1 q="1"] text)", {kNow});
  EXPECT_EQ(message.priority, 165);
  EXPECT_EQ(message.severity(), 5);
  EXPECT_EQ(message.message_id, "ID47");
  EXPECT_EQ(message.structured_data, R"([x@1 q="1"])");
  EXPECT_FALSE(read_syslog("text", {kNow}).severity());
}

TEST(ReadSyslogZone, IsTheListenersForTimesThatNameNone) {
  const SyslogTimes times{kNow, std::chrono::minutes(120)};
  EXPECT_EQ(to_rfc3339(*read_syslog("<13>Jan 18 11:07:53 a b: c", times).time), "2026-01-18T09:07:53.000Z");
  EXPECT_EQ(to_rfc3339(*read_syslog("<13>Jan 18 11:07:53 UTC a b: c", times).time),
            "2026-01-18T11:07:53.000Z");
}

}  // namespace
}  // namespace tocsin::ingest
