#include "detect/engine/rule_places.h"

#include <gtest/gtest.h>

namespace tocsin::detect {
namespace {

std::string hide(std::string_view text, std::vector<std::filesystem::path> paths) {
  return RulePlaces(paths).hide(text);
}

TEST(RulePlaces, BeginWithTheDirectorysOwnName) {
  EXPECT_EQ(hide("/srv/soc/rules/win/a.yml:3:1", {"/srv/soc/rules"}), "rules/win/a.yml:3:1");
  EXPECT_EQ(hide("/srv/soc/rules/a.yml", {"/srv/soc/rules/"}), "rules/a.yml");
  EXPECT_EQ(hide("../soc/rules/a.yml", {"../soc/rules"}), "rules/a.yml");
  EXPECT_EQ(hide("/srv/soc/own.yml", {"/srv/soc/own.yml"}), "own.yml");
  EXPECT_EQ(hide("/rules/a.yml", {"/rules"}), "rules/a.yml");
}

TEST(RulePlaces, AreFoundInsideAText) {
  EXPECT_EQ(hide("the id 7 is taken by /srv/a/x.yml:1:1; see /srv/b/y.yml", {"/srv/a", "/srv/b"}),
            "the id 7 is taken by a/x.yml:1:1; see b/y.yml");
  EXPECT_EQ(hide("there is no /srv/a", {"/srv/a"}), "there is no a");
}

TEST(RulePlaces, OfADirectoryInsideAnotherTheInnerOneCounts) {
  EXPECT_EQ(hide("/srv/soc/rules/a.yml /srv/soc/b.yml", {"/srv/soc", "/srv/soc/rules"}),
            "rules/a.yml soc/b.yml");
}

TEST(RulePlaces, WhatOnlyLooksLikeThemStays) {
  EXPECT_EQ(hide("/srv/rules2/a.yml /mnt/srv/rules/a.yml data/rules/a.yml", {"/srv/rules", "/rules"}),
            "/srv/rules2/a.yml /mnt/srv/rules/a.yml data/rules/a.yml");
  EXPECT_EQ(hide("rules/a.yml ./a.yml", {"rules", ".", "/", ""}), "rules/a.yml ./a.yml");
}

}  // namespace
}  // namespace tocsin::detect
