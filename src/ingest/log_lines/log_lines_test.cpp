#include "ingest/log_lines/log_lines.h"

#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "ingest/ingest.h"
#include "ingest/message.h"

namespace tocsin::ingest {
namespace {

std::string text_of(const LogLine& line) {
  std::string out(line.type);
  for (const auto& [name, value] : line.fields.all())
    out += " | " + std::string(name) + '=' + std::string(value);
  return out;
}

std::string read(std::string_view text, std::string_view app = {}) {
  const auto line = read_log_line(app, text);
  return line ? text_of(*line) : "none";
}

TEST(AccessLine, CombinedFormatGivesRequestAndClient) {
  EXPECT_EQ(
      read(
          R"(203.0.113.9 - ana [18/Jan/2026:11:07:53 +0100] "GET /a/../etc/passwd?id=1%27 HTTP/1.1" 404 153 "http://x.example/" "sqlmap/1.7")"),
      "web_access | event.dataset=web.access | source.ip=203.0.113.9 | user.name=ana | http.version=1.1 | "
      "http.request.method=GET | url.original=/a/../etc/passwd?id=1%27 | url.path=/a/../etc/passwd | "
      "url.query=id=1%27 | "
      "http.response.status_code=404 | http.response.body.bytes=153 | "
      "http.request.referrer=http://x.example/ | "
      "user_agent.original=sqlmap/1.7");
  const auto line = read_access_line(R"(10.0.0.1 - - [18/Jan/2026:11:07:53 +0100] "GET / HTTP/1.1" 200 -)");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->time, parse_time("2026-01-18T10:07:53Z"));
}

TEST(AccessLine, VirtualHostQuotesAndNamesAreRead) {
  EXPECT_EQ(
      read(
          R"(shop.example:443 2001:db8::7 - - [18/Jan/2026:11:07:53 +0000] "POST /x\"y HTTP/2.0" 500 0 "-" "a \"b\" c")"),
      "web_access | event.dataset=web.access | url.domain=shop.example | source.ip=2001:db8::7 | "
      "http.version=2.0 | "
      "http.request.method=POST | url.original=/x\"y | url.path=/x\"y | http.response.status_code=500 | "
      "http.response.body.bytes=0 | user_agent.original=a \"b\" c");
  EXPECT_EQ(read(R"(host.lan - - [18/Jan/2026:11:07:53 +0000] "\x16\x03\x01" 400 12)"),
            R"(web_access | event.dataset=web.access | source.domain=host.lan | url.original=\x16\x03\x01 | )"
            "http.response.status_code=400 | http.response.body.bytes=12");
}

TEST(AccessLine, OtherTextWithBracketsIsNone) {
  EXPECT_EQ(read("10.0.0.1 - - [yesterday] \"GET / HTTP/1.1\" 200 5"), "none");
  EXPECT_EQ(read(R"(10.0.0.1 - - [18/Jan/2026:11:07:53 +0100] "GET / HTTP/1.1" ok 5)"), "none");
  EXPECT_EQ(read(R"(10.0.0.1 - - [18/Jan/2026:11:07:53 +0100] "GET / HTTP/1.1)"), "none");
  EXPECT_EQ(read("worker [18/Jan/2026:11:07:53 +0100] \"job\" 200 5"), "none");
  EXPECT_EQ(read(" ["), "none");
}

TEST(SquidLine, NativeFormatGivesUrlAndPeer) {
  EXPECT_EQ(
      read("1768734473.779    180 10.0.0.7 TCP_MISS/200 411 GET http://evil.example:8080/a.php?q=1 bo "
           "HIER_DIRECT/198.51.100.7 text/html"),
      "proxy_access | event.dataset=squid.log | source.ip=10.0.0.7 | event.action=TCP_MISS | "
      "http.response.status_code=200 | "
      "http.response.bytes=411 | http.request.method=GET | url.original=http://evil.example:8080/a.php?q=1 | "
      "url.domain=evil.example | url.path=/a.php | url.query=q=1 | user.name=bo | "
      "destination.ip=198.51.100.7 | "
      "http.response.mime_type=text/html");
  EXPECT_EQ(
      read(
          "1768734473.779 5 10.0.0.7 TCP_TUNNEL/200 411 CONNECT c2.example:443 - HIER_DIRECT/198.51.100.7 -"),
      "proxy_access | event.dataset=squid.log | source.ip=10.0.0.7 | event.action=TCP_TUNNEL | "
      "http.response.status_code=200 | "
      "http.response.bytes=411 | http.request.method=CONNECT | url.domain=c2.example | "
      "url.original=c2.example:443 | "
      "destination.ip=198.51.100.7");
  EXPECT_EQ(
      read("1768734473.779 5 10.0.0.7 TCP_TUNNEL 411 CONNECT c2.example:443 - HIER_DIRECT/198.51.100.7 -"),
      "none");
}

TEST(AuditLine, HexAndQuotedValuesAreText) {
  EXPECT_EQ(
      read(
          R"(type=EXECVE msg=audit(1768734473.243:24287): argc=3 a0="sh" a1="-c" a2=6375726C20782E6578616D706C65)"),
      "auditd | type=EXECVE | msg=audit(1768734473.243:24287) | serial=24287 | argc=3 | a0=sh | a1=-c | "
      "a2=curl x.example");
  EXPECT_EQ(read("type=PROCTITLE msg=audit(1768734473.243:7): proctitle=6C73002D6C"),
            "auditd | type=PROCTITLE | msg=audit(1768734473.243:7) | serial=7 | proctitle=ls -l");
}

TEST(AuditLine, NumbersOfASystemCallStay) {
  EXPECT_EQ(
      read("node=web1 type=SYSCALL msg=audit(1768734473.243:7): arch=c000003e syscall=59 a0=55d0 a1=7ffe "
           "exe=\"/bin/ls\" "
           "key=(null)\x1d"
           "ARCH=x86_64 SYSCALL=execve AUID=\"ana\""),
      "auditd | node=web1 | type=SYSCALL | msg=audit(1768734473.243:7) | serial=7 | syscall=execve | "
      "arch=c000003e | "
      "syscall=59 | a0=55d0 | a1=7ffe | exe=/bin/ls | key=(null) | ARCH=x86_64 | SYSCALL=execve | AUID=ana");
}

TEST(AuditLine, WhatAProgramReportsIsReadOnce) {
  EXPECT_EQ(read("type=USER_LOGIN msg=audit(1768734473.243:9): pid=1 uid=0 msg='op=login acct=\"root\" "
                 "exe=\"/usr/sbin/sshd\" "
                 "addr=198.51.100.7 res=failed'"),
            "auditd | type=USER_LOGIN | msg=audit(1768734473.243:9) | serial=9 | pid=1 | uid=0 | op=login | "
            "acct=root | "
            "exe=/usr/sbin/sshd | addr=198.51.100.7 | res=failed");
  EXPECT_EQ(read("type=X msg=audit(1:2"), "none");
  EXPECT_EQ(read("type=X msg=audit(12)"), "none");
}

TEST(DnsLine, BindAndDnsmasqNameTheQuestion) {
  EXPECT_EQ(read("18-Jan-2026 11:07:53.123 queries: info: client @0x7f2c 10.0.0.5#53413 (c2.example): query: "
                 "c2.example IN TXT +E(0)K (10.0.0.1)"),
            "dns_query | event.dataset=bind.query | source.ip=10.0.0.5 | dns.question.name=c2.example | "
            "dns.question.class=IN | "
            "dns.question.type=TXT");
  EXPECT_EQ(read("query[AAAA] c2.example. from 10.0.0.5", "dnsmasq"),
            "dns_query | event.dataset=dnsmasq.log | dns.question.name=c2.example | dns.question.type=AAAA | "
            "source.ip=10.0.0.5");
  EXPECT_EQ(
      read("reply c2.example is 192.0.2.1", "dnsmasq"),
      "dns_answer | event.dataset=dnsmasq.log | dns.question.name=c2.example | dns.answers.data=192.0.2.1");
  EXPECT_EQ(read("query[A] c2.example from 10.0.0.5", "other"), "none");
}

// The name is the attacker's: what he writes into it must not become the address.
TEST(SshLine, ANameThatLooksLikeAnAddressIsAName) {
  EXPECT_EQ(
      read("Failed password for invalid user root from 10.0.0.1 port 22 from 203.0.113.9 port 40022 ssh2",
           "sshd"),
      "ssh_login | event.action=ssh_login | event.outcome=failure | ssh.method=password | user.name=root "
      "from 10.0.0.1 port 22 | "
      "source.ip=203.0.113.9 | source.port=40022");
  EXPECT_EQ(
      read("Accepted publickey for ana from 10.0.0.4 port 40022 ssh2: ED25519 SHA256:x", "sshd"),
      "ssh_login | event.action=ssh_login | event.outcome=success | ssh.method=publickey | user.name=ana | "
      "source.ip=10.0.0.4 | source.port=40022");
  EXPECT_EQ(read("Invalid user oracle from 203.0.113.9", "sshd-session"),
            "ssh_login | event.action=ssh_login | event.outcome=failure | user.name=oracle | "
            "source.ip=203.0.113.9");
  EXPECT_EQ(read("Connection closed by 10.0.0.4", "sshd"), "none");
  EXPECT_EQ(read("Accepted password for ana from 10.0.0.4 port 1 ssh2"),
            "none");  // nobody says that sshd wrote it
}

model::Alert event_of(std::string_view message, std::string_view source = "auto") {
  Normalised found;
  Options options;
  options.now = *parse_time("2026-01-18T12:00:00Z");
  normalise_message(source, message, 0, options, found);
  EXPECT_EQ(found.records.size(), 1U);
  EXPECT_EQ(found.records.front().kind, model::RecordKind::kEvent);
  return found.records.front().alert;
}

TEST(LogEvent, RulesReadHeaderAndFieldsAndTheLineIsKept) {
  EXPECT_EQ(
      event_of("<38>Jan 18 11:07:53 web1 sshd[42]: Failed password for root from 203.0.113.9 port 4 ssh2")
          .raw,
      R"({"event.original":"<38>Jan 18 11:07:53 web1 sshd[42]: Failed password for root from 203.0.113.9 port 4 ssh2",)"
      R"("log.syslog.facility.code":"4","log.syslog.severity.code":"6","log.syslog.hostname":"web1",)"
      R"("log.syslog.appname":"sshd","log.syslog.procid":"42",)"
      R"("message":"Failed password for root from 203.0.113.9 port 4 ssh2","event.action":"ssh_login",)"
      R"("event.outcome":"failure","ssh.method":"password","user.name":"root","source.ip":"203.0.113.9","source.port":"4"})");
  EXPECT_EQ(event_of("nothing that anybody knows").raw, R"({"message":"nothing that anybody knows"})");
}

TEST(LogEvent, ReadAgainItNamesTheSame) {
  for (const auto* line :
       {"<38>Jan 18 11:07:53 web1 sshd[42]: Accepted password for root from 203.0.113.9 port 4 ssh2",
        R"(203.0.113.9 - ana [18/Jan/2026:11:07:53 +0000] "GET / HTTP/1.1" 200 5)"}) {
    const auto event = event_of(line, "syslog");
    ASSERT_GE(event.entities.size(), 2U);
    Options options;
    options.now = *parse_time("2026-01-18T12:00:00Z");
    const auto again = normalise("syslog", event.raw, options);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->records.at(0).alert.entities, event.entities);
    EXPECT_EQ(again->records.at(0).alert.occurred_at, event.occurred_at);
  }
}

TEST(LogEvent, ANamedSourceLeavesTheHeaderWhereItIs) {
  const auto event = event_of(
      "Jan 18 11:07:53 web1 sshd[42]: Accepted password for root from 203.0.113.9 port 4 ssh2", "syslog");
  EXPECT_EQ(event.occurred_at, parse_time("2026-01-18T11:07:53Z"));
  EXPECT_NE(event.raw.find(R"("log.syslog.appname":"sshd")"), std::string::npos) << event.raw;
}

TEST(LogEvent, OfANameThatComesTwiceTheFirstCounts) {
  const auto event = event_of("type=USER_CMD msg=audit(1768734473.243:9): pid=1 msg='cmd=6964 msg=forged'");
  EXPECT_NE(event.raw.find(R"~("msg":"audit(1768734473.243:9)")~"), std::string::npos) << event.raw;
  EXPECT_EQ(event.raw.find("forged\""), std::string::npos) << event.raw;
  EXPECT_NE(event.raw.find(R"("cmd":"id")"), std::string::npos) << event.raw;
}

TEST(LogEvent, AFirewallLineIsAnObjectOfItsPairs) {
  const auto event = event_of(
      R"(date=2026-01-18 time=11:07:53 devname="fw" devid="FG100" logid="0000000013" type="traffic" subtype="forward" level="notice" )"
      R"(srcip=10.0.0.7 srcport=5000 dstip=203.0.113.9 dstport=3389 action="accept")");
  EXPECT_NE(event.raw.find(R"("srcip":"10.0.0.7")"), std::string::npos) << event.raw;
  EXPECT_NE(event.raw.find(R"("type":"traffic")"), std::string::npos) << event.raw;
  EXPECT_EQ(event.source, "fortinet-fortigate");
}

TEST(W3cLog, RowsAreNamedByTheLastFieldsLine) {
  Options options;
  const auto read_body =
      normalise("w3c",
                "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n"
                "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
                "cs(User-Agent) sc-status\r\n"
                "2026-01-18 11:07:53 10.0.0.1 GET /x.aspx id=1 443 - 203.0.113.9 Mozilla/5.0+(X) 200\r\n"
                "#Fields: date time c-ip cs-method cs-uri cs(User-Agent) s-action\r\n"
                "2026-01-18 11:07:54 10.0.0.7 CONNECT c2.example:443 \"a b\" TCP_TUNNEL\r\n",
                options);
  ASSERT_TRUE(read_body);
  const auto& body = read_body->records;
  ASSERT_EQ(body.size(), 2U);
  EXPECT_EQ(body[0].alert.occurred_at, parse_time("2026-01-18T11:07:53Z"));
  EXPECT_EQ(body[0].alert.type, "web_access");
  EXPECT_NE(body[0].alert.raw.find(R"~("cs(User-Agent)":"Mozilla/5.0+(X)","sc-status":"200"})~"),
            std::string::npos)
      << body[0].alert.raw;
  EXPECT_EQ(body[0].alert.raw.find("cs-username"), std::string::npos);
  EXPECT_EQ(body[1].alert.type, "proxy_access");
  EXPECT_NE(body[1].alert.raw.find(R"~("cs(User-Agent)":"a b","s-action":"TCP_TUNNEL")~"), std::string::npos)
      << body[1].alert.raw;
}

}  // namespace
}  // namespace tocsin::ingest
