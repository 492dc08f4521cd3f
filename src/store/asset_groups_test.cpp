#include "store/asset_groups.h"

#include <gtest/gtest.h>

namespace tocsin::store {
namespace {

Asset asset(std::string name, std::string department, std::vector<std::string> hosts = {},
            std::vector<std::string> addresses = {}) {
  Asset made;
  made.name = std::move(name);
  made.department = std::move(department);
  made.hosts = std::move(hosts);
  made.addresses = std::move(addresses);
  return made;
}

AssetGroups groups_of(const std::vector<Asset>& assets) {
  AssetGroups groups;
  for (const auto& one : assets) groups.add(one);
  return groups;
}

bool holds(const AssetGroups& groups, const std::string& group, std::string_view host,
           std::string_view address = "") {
  return groups.holds(host, address, groups.members_of(std::span(&group, 1)));
}

TEST(AssetGroups, FindHostsWithAndWithoutDomain) {
  const auto groups = groups_of({asset("web-01", "web"), asset("db-01.corp.example", "data", {"SQL"})});
  EXPECT_TRUE(holds(groups, "web", "WEB-01"));
  EXPECT_TRUE(holds(groups, "Web", "web-01.other.example"));
  EXPECT_TRUE(holds(groups, "data", "db-01"));
  EXPECT_TRUE(holds(groups, "DATA", "sql.corp.example"));
  EXPECT_FALSE(holds(groups, "data", "db-01.other.example"));
  EXPECT_FALSE(holds(groups, "data", "web-01"));
  EXPECT_FALSE(holds(groups, "web", ""));
  EXPECT_FALSE(holds(groups, "web", "web"));
}

TEST(AssetGroups, TheWholeNameBeatsItsFirstLabel) {
  const auto groups = groups_of({asset("web-01", "web"), asset("web-01.corp.example", "corp")});
  EXPECT_FALSE(holds(groups, "web", "web-01.corp.example"));
  EXPECT_TRUE(holds(groups, "corp", "web-01.corp.example"));
  EXPECT_TRUE(holds(groups, "web", "web-01.else.example"));
}

TEST(AssetGroups, AFirstLabelThatAssetsShareIsNobodys) {
  const auto groups = groups_of({asset("mail.a.example", "a"), asset("mail.b.example", "b")});
  EXPECT_FALSE(holds(groups, "a", "mail"));
  EXPECT_FALSE(holds(groups, "b", "mail"));
  EXPECT_TRUE(holds(groups, "b", "mail.b.example"));
}

TEST(AssetGroups, AnAddressBelongsToEveryBlockAroundIt) {
  const auto groups =
      groups_of({asset("all", "all", {}, {"10.0.0.0/8"}), asset("lab", "lab", {}, {"10.1.0.0/16"}),
                 asset("six", "six", {}, {"2001:db8::/32"}), asset("every", "every", {}, {"::/0"}),
                 asset("one", "one", {}, {"10.1.2.3"})});
  for (const auto* group : {"all", "lab", "one", "every"}) {
    EXPECT_TRUE(holds(groups, group, "", "10.1.2.3")) << group;
    EXPECT_TRUE(holds(groups, group, "", "::ffff:10.1.2.3")) << group;
    EXPECT_TRUE(holds(groups, group, "10.1.2.3")) << group;  // where a name belongs
  }
  EXPECT_FALSE(holds(groups, "lab", "", "10.2.0.1"));
  EXPECT_TRUE(holds(groups, "six", "", "2001:db8:ffff::1"));
  EXPECT_FALSE(holds(groups, "six", "", "2001:db9::1"));
  EXPECT_FALSE(holds(groups, "every", "", "10.1.2.3.4"));
}

TEST(AssetGroups, ADepartmentAZoneAndATagAreGroupsAndNothingIsNone) {
  auto all = asset("web-01", "IT");
  all.zone = "DMZ";
  all.tags = {"pci", "", "dmz"};
  const auto groups = groups_of({all, asset("web-02", "")});
  for (const auto* group : {"it", "dmz", "PCI"}) EXPECT_TRUE(holds(groups, group, "web-01")) << group;
  for (const auto* group : {"", "i", "web-01", "%"}) EXPECT_FALSE(holds(groups, group, "web-01")) << group;
  EXPECT_FALSE(holds(groups, "", "web-02"));
}

}  // namespace
}  // namespace tocsin::store
