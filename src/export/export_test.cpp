#include "export/export.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <set>

#include "base/sha256.h"
#include "base/signing_key.h"
#include "base/testing/temp_dir.h"
#include "export/digest.h"
#include "export/documents.h"
#include "export/stix_objects.h"
#include "export/stix_pattern.h"
#include "export/testing/sample_case.h"
#include "export/zip.h"

namespace tocsin::exports {
namespace {

namespace json = boost::json;
using test::sample_case;

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::vector<json::object> objects_of(const Case& incident, std::string_view type) {
  std::vector<json::object> found;
  const auto bundle = json::parse(stix_bundle(incident));
  for (const auto& object : bundle.at("objects").as_array()) {
    if (object.at("type").as_string() == type) found.push_back(object.as_object());
  }
  return found;
}

TEST(Marking, IsTheStrictestOfCaseAndAlerts) {
  auto incident = sample_case("x");
  EXPECT_EQ(marking(incident), model::Tlp::kAmber);
  incident.incident.tlp = model::Tlp::kGreen;  // a person's word; alerts are AMBER by default
  EXPECT_EQ(marking(incident), model::Tlp::kGreen);
  incident.alerts[1].tlp = "RED";
  EXPECT_EQ(marking(incident), model::Tlp::kRed);
  incident.alerts[1].tlp = "no such mark";
  EXPECT_EQ(marking(incident), model::Tlp::kGreen);
}

TEST(Export, EachFormatBearsTheMark) {
  auto incident = sample_case("x");
  incident.incident.tlp = model::Tlp::kAmberStrict;
  EXPECT_NE(write(incident, Format::kPack).bytes.find(R"("tlp":"AMBER+STRICT")"), std::string::npos);
  EXPECT_NE(write(incident, Format::kMarkdown).bytes.find("TLP:AMBER+STRICT"), std::string::npos);
  EXPECT_NE(write(incident, Format::kHtml).bytes.find("TLP:AMBER+STRICT"), std::string::npos);
  EXPECT_NE(write(incident, Format::kNavigator).bytes.find("TLP:AMBER+STRICT"), std::string::npos);
  EXPECT_NE(write(incident, Format::kMisp).bytes.find("tlp:amber+strict"), std::string::npos);
  const auto stix = write(incident, Format::kStix).bytes;
  EXPECT_EQ(
      count_of(stix, R"("object_marking_refs":["marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"])"),
      count_of(stix, R"("modified":)"));
}

TEST(Export, FileNamesAreSafeAndFormatsReadTheirNames) {
  for (const auto* name : {"pack", "markdown", "html", "stix", "navigator", "misp", "csv"}) {
    const auto format = parse_format(name);
    ASSERT_TRUE(format) << name;
    const auto file = write(sample_case("../\"x"), *format);
    EXPECT_EQ(
        file.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"),
        std::string::npos);
    EXPECT_FALSE(file.bytes.empty());
  }
  EXPECT_FALSE(parse_format("pdf"));
}

TEST(Export, TheSameCaseGivesTheSameBytes) {
  const auto key = SigningKey::make();
  ASSERT_TRUE(key);
  const auto first = write_signed_pack(sample_case("x"), *key);
  const auto second = write_signed_pack(sample_case("x"), *key);
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(first->bytes, second->bytes);
}

TEST(Pack, HasThePartsOfTheFirstToolAndRawRecordsWithHashes) {
  const auto pack = json::parse(pack_json(sample_case("x"))).as_object();
  for (const auto* part : {"generated_at", "incident", "mitre", "iocs", "queries", "timeline", "checklist",
                           "action_log", "summary", "alerts", "notes", "tlp"}) {
    EXPECT_TRUE(pack.contains(part)) << part;
  }
  EXPECT_EQ(pack.at("checklist").at("auto").as_array().size(), 1U);
  EXPECT_EQ(pack.at("checklist").at("manual").as_array().size(), 1U);
  EXPECT_EQ(pack.at("queries").at("splunk").as_string(), "index=* x");
  const auto& alert = pack.at("alerts").at(0);
  EXPECT_EQ(alert.at("alert").at("raw").as_string(), "x");
  EXPECT_EQ(std::string(alert.at("raw_sha256").as_string()), sha256_hex("\"x\""));
}

TEST(Html, HoldsNoScriptAndNamesItsStyleByHash) {
  const auto page = html_report(sample_case("<script>alert(1)</script>"));
  EXPECT_EQ(page.find("<script"), std::string::npos);
  const auto begin = page.find("<style>") + 7;
  const auto style = page.substr(begin, page.find("</style>") - begin);
  EXPECT_NE(page.find("style-src &#39;sha256-" + sha256_base64(style) + "&#39;"), std::string::npos);
}

TEST(Stix, APatternIsOneLiteralWhateverTheValueHolds) {
  EXPECT_EQ(stix_pattern({model::IocKind::kIp, "203.0.113.7"}), "[ipv4-addr:value = '203.0.113.7']");
  EXPECT_EQ(stix_pattern({model::IocKind::kIp, "2001:db8::1"}), "[ipv6-addr:value = '2001:db8::1']");
  EXPECT_EQ(stix_pattern({model::IocKind::kUrl, "x' OR url:value = '\\"}),
            "[url:value = 'x\\' OR url:value = \\'\\\\']");
  EXPECT_FALSE(stix_pattern({model::IocKind::kCve, "CVE-2021-44228"}));
}

TEST(Stix, EveryReferenceLeadsToAnObjectOfTheBundle) {
  const auto bundle = json::parse(stix_bundle(sample_case("x")));
  std::set<std::string> ids;
  for (const auto& object : bundle.at("objects").as_array()) {
    EXPECT_TRUE(ids.insert(std::string(object.at("id").as_string())).second);
  }
  std::size_t references = 0;
  for (const auto& object : bundle.at("objects").as_array()) {
    for (const auto& [name, value] : object.as_object()) {
      const std::string_view key = name;
      if (key.ends_with("_ref")) {
        ++references;
        EXPECT_EQ(ids.count(std::string(value.as_string())), 1U) << key;
      }
      if (!key.ends_with("_refs")) continue;
      for (const auto& one : value.as_array()) {
        ++references;
        EXPECT_EQ(ids.count(std::string(one.as_string())), 1U) << key;
      }
    }
  }
  EXPECT_GT(references, 40U);
}

TEST(Stix, IndicatorsAreMaliciousOnlyWhenAPersonSaidSo) {
  auto incident = sample_case("x");
  EXPECT_EQ(objects_of(incident, "indicator").at(0).at("indicator_types").at(0).as_string(),
            "anomalous-activity");
  incident.incident.verdict = model::Verdict::kTruePositive;
  EXPECT_EQ(objects_of(incident, "indicator").at(0).at("indicator_types").at(0).as_string(),
            "malicious-activity");
  incident.incident.verdict = model::Verdict::kFalsePositive;
  EXPECT_EQ(objects_of(incident, "indicator").at(0).at("indicator_types").at(0).as_string(), "benign");
}

TEST(Stix, SightingsCountOccurrencesWhereTheyWereSeen) {
  auto incident = sample_case("web-01");
  incident.alerts[0].occurrences = 7;
  const auto sightings = objects_of(incident, "sighting");
  ASSERT_EQ(sightings.size(), 4U);  // two alerts, two indicators each
  EXPECT_EQ(sightings[0].at("count").as_int64(), 7);
  EXPECT_EQ(sightings[0].at("where_sighted_refs").as_array().size(), 1U);
}

// Ids of the specification's own space (§2.9): computed with Python's uuid5 over the canonical JSON.
TEST(Stix, ObservablesHaveTheIdsThatEveryProducerGivesThem) {
  const auto address = observable_of(model::Ioc{model::IocKind::kIp, "203.0.113.7"});
  ASSERT_TRUE(address);
  EXPECT_EQ(address->id,
            "ipv4-addr--" + uuid5("00abedb4-aa42-466c-9c01-fed23315a9b7", R"({"value":"203.0.113.7"})"));
  EXPECT_EQ(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"),
            "2ed6657d-e927-568b-95e1-2665a8aea6a2");  // RFC 9562, appendix A.4
}

TEST(Stix, ValuesThatAPropertyDoesNotAllowMakeNoObservable) {
  using model::EntityKind;
  const auto made = [](EntityKind kind, const char* value) {
    return observable_of(model::Entity{kind, value, model::EntityRole::kRelated}).has_value();
  };
  EXPECT_TRUE(made(EntityKind::kUrl, "https://evil.example/a?b=%20c#d"));
  EXPECT_TRUE(made(EntityKind::kHash, "d41d8cd98f00b204e9800998ecf8427e"));
  EXPECT_TRUE(made(EntityKind::kMac, "00:11:22:aa:bb:cc"));
  EXPECT_FALSE(made(EntityKind::kUrl, "https://evil.example/a b"));
  EXPECT_FALSE(made(EntityKind::kUrl, "https://evil.example/%zz"));
  EXPECT_FALSE(made(EntityKind::kIp, "203.0.113.700"));
  EXPECT_FALSE(made(EntityKind::kDomain, "a b.example"));
  EXPECT_FALSE(made(EntityKind::kEmail, "a@"));
  EXPECT_FALSE(made(EntityKind::kMac, "00-11-22-aa-bb-cc"));
  EXPECT_FALSE(made(EntityKind::kHash, "xyz"));
  EXPECT_FALSE(made(EntityKind::kHost, "web-01"));
}

TEST(Misp, DistributionIsNeverWiderThanTheMark) {
  auto incident = sample_case("x");
  const auto width = [&] {
    return std::string(json::parse(misp_event(incident)).at("Event").at("distribution").as_string());
  };
  EXPECT_EQ(width(), "0");
  incident.incident.tlp = model::Tlp::kGreen;
  EXPECT_EQ(width(), "1");
  incident.incident.tlp = model::Tlp::kClear;
  EXPECT_EQ(width(), "3");
  incident.alerts[0].tlp = "RED";
  EXPECT_EQ(width(), "0");
}

TEST(Zip, HasTheMarksOfAnArchive) {
  const auto archive = make_zip({{"a.txt", "hello"}, {"b/c.txt", std::string(100'000, 'x')}}, test::at(0));
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->substr(0, 4), "PK\x03\x04");
  EXPECT_LT(archive->size(), 2000U);
}

TEST(Key, IsMadeOnceReadableByItsOwnerOnlyAndNeverOverwritten) {
  const tocsin::test::TempDir folder;
  const auto file = folder.path() / "signing_key.pem";
  const auto first = SigningKey::open(file);
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto again = SigningKey::open(file);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->fingerprint(), first->fingerprint());
  EXPECT_EQ(first->sign("x")->size(), 64U);
  EXPECT_EQ(*first->sign("x"), *again->sign("x"));
  EXPECT_NE(*first->sign("x"), *first->sign("y"));
  std::filesystem::resize_file(file, 10);
  const auto broken = SigningKey::open(file);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(std::filesystem::file_size(file), 10U);
}

}  // namespace
}  // namespace tocsin::exports
