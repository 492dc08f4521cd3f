#include "detect/baseline/definition.h"

#include <gtest/gtest.h>

#include "detect/sigma/rule_set.h"

namespace tocsin::detect {
namespace {

constexpr std::string_view kOne = R"(name: user_host
learn: 2d
learn_events: 7
sources:
  - logsource: {product: windows, service: security}
    detection: {logon: {EventID: 4624}, condition: logon}
    entity: TargetUserName
    value: [Computer, "ProcessName|file"]
)";

Result<BaselineSet> parse(std::string yaml) {
  const BaselineSet::File file{"own.yml", std::move(yaml)};
  return BaselineSet::parse(std::span(&file, 1));
}

std::string replaced(std::string_view what, std::string_view with) {
  std::string text(kOne);
  return text.replace(text.find(what), what.size(), with);
}

TEST(BaselineDefinition, IsReadFromYaml) {
  const auto set = parse(std::string(kOne));
  ASSERT_TRUE(set) << to_string(set.error());
  const auto* one = set->find("user_host");
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->terms.learn, std::chrono::hours(48));
  EXPECT_EQ(one->terms.learn_events, 7U);
  ASSERT_EQ(one->sources.size(), 1U);
  const auto& source = one->sources.front();
  EXPECT_EQ(source.probe.log_source.service, "security");
  EXPECT_EQ(source.entity.front().field, "TargetUserName");
  ASSERT_EQ(source.value.size(), 2U);
  EXPECT_FALSE(source.value[0].file_name);
  EXPECT_EQ(source.value[1].field, "ProcessName");
  EXPECT_TRUE(source.value[1].file_name);
}

TEST(BaselineDefinition, WhatWasLearnedUnderAnotherOneDoesNotFit) {
  const auto as_it_is = parse(std::string(kOne));
  const auto other = parse(replaced("4624", "4625"));
  ASSERT_TRUE(as_it_is && other);
  EXPECT_NE(as_it_is->all().front().fingerprint, other->all().front().fingerprint);
}

TEST(BaselineDefinition, FaultsAreToldWithTheirPlace) {
  const auto wrong_at = [](std::string yaml) {
    const auto set = parse(std::move(yaml));
    return set ? std::string("none") : set.error().where;
  };
  EXPECT_EQ(wrong_at(replaced("learn: 2d", "learns: 2d")), "own.yml:2:1");
  EXPECT_EQ(wrong_at(replaced("learn: 2d", "learn: soon")), "own.yml:2:8");
  EXPECT_EQ(wrong_at(replaced("learn_events: 7", "learn_events: 0")), "own.yml:3:15");
  EXPECT_EQ(wrong_at(replaced("user_host", "User.Host")), "own.yml:1:7");
  EXPECT_NE(wrong_at(replaced("entity: TargetUserName", "latitude: x")), "none");
  EXPECT_NE(wrong_at(replaced("TargetUserName", "Name|lower")), "none");
  std::string twice(kOne);
  twice.append("---\n").append(kOne);
  EXPECT_NE(wrong_at(twice), "none");
  EXPECT_NE(wrong_at("name: x"), "none");
  EXPECT_NE(wrong_at("[]"), "none");
}

TEST(BaselineDefinition, TheShippedOnesAreSound) {
  ASSERT_GE(BaselineSet::built_in().all().size(), 8U);
  for (const auto& one : BaselineSet::built_in().all()) EXPECT_FALSE(one.description.empty()) << one.name;
}

TEST(BaselineDefinition, ARuleThatReadsWhatNobodyDeclaredIsRefused) {
  const auto refusal_of = [](const std::string& field) {
    const auto set = sigma::RuleSet::parse(
        "title: R\nlogsource: {product: windows}\ndetection: {s: {" + field + ": true}, condition: s}\n",
        "r.yml");
    EXPECT_EQ(set.rules.size(), 1U);
    const auto checked = check_baselines(set.rules.front(), BaselineSet::built_in());
    return checked ? std::string() : checked.error().message;
  };
  EXPECT_EQ(refusal_of("baseline.user_country.first_seen"), "");
  EXPECT_EQ(refusal_of("baselines.are.free"), "");
  EXPECT_EQ(refusal_of("baseline.user_cuntry.first_seen"), "there is no baseline 'user_cuntry'");
  EXPECT_EQ(refusal_of("baseline.user_country.firstseen"), "a baseline has no field 'firstseen'");
  EXPECT_EQ(refusal_of("baseline.user_country"), "a baseline has no field ''");
}

}  // namespace
}  // namespace tocsin::detect
