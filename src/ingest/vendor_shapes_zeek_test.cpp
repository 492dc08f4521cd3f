// Zeek's logs that no example file has (docs.zeek.org, "Log Files").

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

constexpr std::string_view kEnds =
    R"("ts":1717236001.5,"uid":"C2","id.orig_h":"10.0.0.5","id.orig_p":50001,"id.resp_h":"203.0.113.70",)";

Record zeek(std::string_view path, std::string_view members) {
  return read_record("auto", R"({"_path":")" + std::string(path) + R"(",)" + std::string(kEnds) +
                                 std::string(members) + '}');
}

TEST(ZeekShapes, AResolverIsNoIndicatorOfWhatItIsAskedFor) {
  const auto record =
      zeek("dns", R"("id.resp_p":53,"query":"c2.bad.example.net","answers":["198.51.100.9"])");
  EXPECT_EQ(record.kind, RecordKind::kEvent);
  EXPECT_EQ(to_rfc3339(record.alert.occurred_at), "2024-06-01T10:00:01.500Z");
  EXPECT_TRUE(has_ioc(record.alert, "c2.bad.example.net"));
  EXPECT_FALSE(has_ioc(record.alert, "203.0.113.70"));
  EXPECT_TRUE(has(record.alert, EntityKind::kIp, "198.51.100.9", EntityRole::kRelated));
}

TEST(ZeekShapes, WhatTheSiteCallsLocalIsItsOwn) {
  const auto alert = read("zeek", R"({"_path":"conn","ts":1717236001.5,"uid":"C2","id.orig_h":"198.51.100.5",
      "id.resp_h":"203.0.113.70","id.resp_p":443,"local_orig":true,"local_resp":false,"conn_state":"SF"})");
  EXPECT_FALSE(has_ioc(alert, "198.51.100.5"));
  EXPECT_TRUE(has_ioc(alert, "203.0.113.70"));
}

TEST(ZeekShapes, ABannerIsNoUserAndAMailsPathNoFile) {
  const auto ssh = zeek("ssh", R"("id.resp_p":22,"client":"SSH-2.0-Go","auth_success":false)").alert;
  EXPECT_FALSE(has(ssh, EntityKind::kUser, "SSH-2.0-Go", EntityRole::kTarget));
  const auto mail =
      zeek("smtp", R"("id.resp_p":25,"mailfrom":"a@bad.example.net","rcptto":["ann@corp.example"],
      "path":["10.0.0.25"],"x_originating_ip":"203.0.113.26")")
          .alert;
  EXPECT_FALSE(has(mail, EntityKind::kFile, "10.0.0.25", EntityRole::kRelated));
  EXPECT_TRUE(has(mail, EntityKind::kEmail, "ann@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(mail, "a@bad.example.net"));
  EXPECT_FALSE(has_ioc(mail, "ann@corp.example"));
  const auto ticket =
      zeek("kerberos", R"("id.resp_p":88,"client":"ann/CORP.EXAMPLE","service":"MSSQLSvc/db1")").alert;
  EXPECT_TRUE(has(ticket, EntityKind::kUser, "ann/CORP.EXAMPLE", EntityRole::kTarget));
}

TEST(ZeekShapes, FilesSharesAndLeasesHaveTheirNames) {
  const auto file =
      zeek("smb_files", R"("id.resp_p":445,"path":"\\\\dc1\\ADMIN$","name":"PSEXESVC.exe")").alert;
  EXPECT_TRUE(has(file, EntityKind::kFile, "PSEXESVC.exe", EntityRole::kRelated));
  const auto lease =
      read("zeek", R"({"_path":"dhcp","ts":1717236015.5,"uids":["C14"],"mac":"08:00:27:00:00:01",
      "host_name":"laptop-5","assigned_addr":"10.0.0.50"})");
  EXPECT_TRUE(has(lease, EntityKind::kIp, "10.0.0.50", EntityRole::kSource));
  EXPECT_TRUE(has(lease, EntityKind::kHost, "laptop-5", EntityRole::kSource));
}

TEST(ZeekShapes, AHashThatARegistryKnowsIsTheIndicatorAndItsLookupIsNot) {
  const auto alert =
      zeek("notice", R"("id.resp_p":80,"note":"TeamCymruMalwareHashRegistry::Match","file_desc":
      "http://dl.bad.example.net/a.exe","msg":"Malware Hash Registry Detection rate: 45%","sub":
      "https://www.virustotal.com/gui/search/aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d","src":"10.0.0.5")")
          .alert;
  EXPECT_TRUE(has_ioc(alert, "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"));
  EXPECT_TRUE(has_ioc(alert, "http://dl.bad.example.net/a.exe"));
  EXPECT_FALSE(has_ioc(alert, "www.virustotal.com"));
}

TEST(ZeekShapes, AnIntelligenceMatchIsAnAlertAboutItsIndicator) {
  const auto record =
      zeek("intel", R"("id.resp_p":443,"seen.indicator":"bad.example.net/x","seen.indicator_type":
      "Intel::URL","seen.where":"HTTP::IN_URL","sources":["feed1"])");
  EXPECT_EQ(record.kind, RecordKind::kAlert);
  EXPECT_EQ(record.alert.severity, Severity::kMedium);
  EXPECT_TRUE(has_ioc(record.alert, "http://bad.example.net/x"));
}

TEST(ZeekShapes, TsvOfAnyLogIsReadByItsHeader) {
  const auto result =
      normalise("zeek",
                "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
                "#path\tdns\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tquery\t"
                "answers\n#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tvector[string]\n"
                "1717236001.5\tC1\t10.0.0.5\t5000\t203.0.113.53\t53\tc2.bad.example.net\t"
                "198.51.100.9,198.51.100.10\n",
                {});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->records.size(), 1U);
  const auto& alert = result->records[0].alert;
  EXPECT_TRUE(has(alert, EntityKind::kIp, "198.51.100.10", EntityRole::kRelated));
  EXPECT_TRUE(has_ioc(alert, "c2.bad.example.net"));
  EXPECT_FALSE(has_ioc(alert, "203.0.113.53"));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
