#include "eval/labelled_alerts.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "base/testing/temp_dir.h"

namespace tocsin::eval {
namespace {

constexpr std::string_view kHeader =
    "group_id,first_ts,last_ts,detector,name,short,ip,host,count,phase,event_label,label,incident\n";

class LabelledAlerts : public testing::Test {
 protected:
  std::filesystem::path write(std::string_view name, std::string_view rows) {
    const auto file = dir_.path() / name;
    std::ofstream(file) << kHeader << rows;
    return file;
  }
  std::string refusal(std::string_view rows) {
    const auto read = read_environment(write("x_groups.csv", rows));
    return read ? "none" : to_string(read.error());
  }
  test::TempDir dir_;
};

TEST_F(LabelledAlerts, AreReadInOrderOfTime) {
  const auto file = write("lab_groups.csv",
                          "1,20.5,21,Wazuh,\"Login, failed\",W-1,10.0.0.1,web,3,scan,e,tp,lab-intrusion\r\n"
                          "2,10,11,AMiner,New,A-1,10.0.0.2,mail,1,,,fp,\n"
                          "3,20.5,21,Wazuh,Other,W-2,10.0.0.1,web,1,,,ambiguous,\n");
  const auto read = read_environment(file);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->name, "lab");
  ASSERT_EQ(read->alerts.size(), 3u);
  EXPECT_EQ(read->alerts[0].host, "mail");
  const auto& first = read->alerts[1];
  EXPECT_EQ(first.name, "Login, failed");
  EXPECT_EQ(first.type, "W-1");
  EXPECT_EQ(to_unix_nanos(first.at), 20'500'000'000);
  EXPECT_EQ(first.count, 3);
  EXPECT_TRUE(first.is_real);
  EXPECT_EQ(first.incident, "lab-intrusion");
  EXPECT_TRUE(read->alerts[2].is_ambiguous);
  EXPECT_FALSE(read->alerts[2].is_real);
}

TEST_F(LabelledAlerts, AttacksNeedNotBeKnown) {
  std::ofstream(dir_.path() / "z_groups.csv")
      << "label,count,host,short,name,detector,first_ts\ntp,2,web,W,Name,Tool,7\n";
  const auto read = read_environment(dir_.path() / "z_groups.csv");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_TRUE(read->alerts.at(0).is_real);
  EXPECT_EQ(read->alerts.at(0).host, "web");
  EXPECT_EQ(read->alerts.at(0).phase, "");
}

TEST_F(LabelledAlerts, WrongRowsAreNamed) {
  EXPECT_NE(refusal("1,x,1,d,n,s,i,h,1,,,fp,\n").find("x_groups.csv:2"), std::string::npos);
  EXPECT_NE(refusal("1,1,1,d,n,s,i,h,1,,,fp,\n2,nan,1,d,n,s,i,h,1,,,fp,\n").find(":3"), std::string::npos);
  EXPECT_NE(refusal("1,1,1,d,n,s,i,h,0,,,fp,\n").find("count"), std::string::npos);
  EXPECT_NE(refusal("1,1,1,d,n,s,i,h,1,,,maybe,\n").find("maybe"), std::string::npos);
  EXPECT_NE(refusal("1,1,1\n").find("too few columns"), std::string::npos);
  std::ofstream(dir_.path() / "y_groups.csv") << "a,b\n";
  const auto read = read_environment(dir_.path() / "y_groups.csv");
  ASSERT_FALSE(read);
  EXPECT_NE(to_string(read.error()).find("no column first_ts"), std::string::npos);
}

TEST_F(LabelledAlerts, FilesMayBeGzipAndOthersAreLeftAlone) {
  const auto packed = (dir_.path() / "b_groups.csv.gz").string();
  gzFile out = gzopen(packed.c_str(), "wb");
  const auto text = fmt::format("{}1,1,1,d,n,s,i,h,1,,,fp,\n", kHeader);
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
  write("a_groups.csv", "");
  write("a_alerts.csv", "nonsense");
  const auto read = read_environments(dir_.path());
  ASSERT_TRUE(read) << to_string(read.error());
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->at(0).name, "a");
  EXPECT_EQ(read->at(1).alerts.size(), 1u);
}

TEST_F(LabelledAlerts, TenantsArePartedAndNothingIsLabelled) {
  std::ofstream(dir_.path() / "suricata_alerts.csv")
      << "timestamp,tenant,signature,dest_ip\n2017-11-04T12:47:44.06+0000,b,Scan,10.0.0.2\n"
         "2017-11-04T12:47:43+0000,a,Scan,10.0.0.1\n2017-11-04T12:47:43+0000,b,Probe,10.0.0.2\n";
  const auto read = read_tenants(dir_.path());
  ASSERT_TRUE(read) << to_string(read.error());
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->at(0).name, "a");
  EXPECT_EQ(read->at(1).alerts.at(0).type, "Probe");
  EXPECT_FALSE(read->at(1).alerts.at(0).is_real);
  std::ofstream(dir_.path() / "suricata_alerts.csv", std::ios::app) << "yesterday,a,Scan,10.0.0.1\n";
  EXPECT_NE(to_string(read_tenants(dir_.path()).error()).find("suricata_alerts.csv:5"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::eval
