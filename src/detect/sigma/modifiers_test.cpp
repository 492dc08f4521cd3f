// Every modifier of the specification on events that it must and must not match.

#include "detect/sigma/modifiers.h"

#include "detect/sigma/encode.h"
#include "detect/testing/rules.h"

namespace tocsin::detect::sigma {
namespace {

using test::item_matches;
using test::item_refusal;

struct Case {
  const char* item;   // under the selection
  const char* event;  // JSON
  bool match;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.item << " on " << c.event;
}

class Modifiers : public testing::TestWithParam<Case> {};

TEST_P(Modifiers, MatchWhatTheSpecificationSays) {
  EXPECT_EQ(item_matches(GetParam().item, GetParam().event), GetParam().match);
}

INSTANTIATE_TEST_SUITE_P(
    Placement, Modifiers,
    testing::Values(
        Case{"f|contains: mid", R"({"f":"aMIDb"})", true}, Case{"f|contains: mid", R"({"f":"mi"})", false},
        Case{"f|contains: 'a*c'", R"({"f":"xabcx"})", true}, Case{"f|contains: 44", R"({"f":"x444"})", true},
        Case{"f|startswith: ab", R"({"f":"ABc"})", true}, Case{"f|startswith: ab", R"({"f":"xab"})", false},
        Case{"f|endswith: '\\cmd.exe'", R"({"f":"C:\\W\\CMD.EXE"})", true},
        Case{"f|endswith: '\\cmd.exe'", R"({"f":"C:\\W\\cmd.exe.bak"})", false},
        Case{"f: abc", R"({"f":"ABC"})", true}, Case{"f: abc", R"({"f":"abcd"})", false}));

INSTANTIATE_TEST_SUITE_P(
    LinkageAndNegation, Modifiers,
    testing::Values(Case{"f|contains|all: [a, b]", R"({"f":"b-a"})", true},
                    Case{"f|contains|all: [a, b]", R"({"f":"a"})", false},
                    Case{"f|all: [a, b]", R"({"f":["b","a"]})", true}, Case{"f|neq: a", R"({"f":"b"})", true},
                    Case{"f|neq: a", R"({"f":"A"})", false}, Case{"f|neq: [a, b]", R"({"f":"b"})", false},
                    Case{"f|neq: 5", R"({"f":6})", true}, Case{"f|neq: 5", R"({"f":"5"})", false},
                    Case{"f|contains|neq: a", R"({"f":"xax"})", false},
                    Case{"f|contains|all|neq: [a, b]", R"({"f":"a"})", true}));

INSTANTIATE_TEST_SUITE_P(Cased, Modifiers,
                         testing::Values(Case{"f|cased: Abc", R"({"f":"Abc"})", true},
                                         Case{"f|cased: Abc", R"({"f":"abc"})", false},
                                         Case{"f|contains|cased: Ab", R"({"f":"xAbx"})", true},
                                         Case{"f|contains|cased: Ab", R"({"f":"xabx"})", false},
                                         Case{"f: 'ÄRGER'", R"({"f":"ärger"})", true}));

INSTANTIATE_TEST_SUITE_P(RegularExpressions, Modifiers,
                         testing::Values(Case{"f|re: '^a.c$'", R"({"f":"abc"})", true},
                                         Case{"f|re: '^a.c$'", R"({"f":"ABC"})", false},
                                         Case{"f|re|i: '^a.c$'", R"({"f":"ABC"})", true},
                                         Case{"f|re|m: '^b$'", R"({"f":"a\nb"})", true},
                                         Case{"f|re: '^b$'", R"({"f":"a\nb"})", false},
                                         Case{"f|re|s: 'a.b'", R"({"f":"a\nb"})", true},
                                         Case{"f|re: '\\d{3}'", R"({"f":1234})", true},
                                         Case{"f|re|i|neq: 'X'", R"({"f":"x"})", false},
                                         Case{"f|re: 'a*'", R"({"f":null})", false}));

INSTANTIATE_TEST_SUITE_P(Networks, Modifiers,
                         testing::Values(Case{"f|cidr: 10.0.0.0/8", R"({"f":"10.255.0.1"})", true},
                                         Case{"f|cidr: 10.0.0.0/8", R"({"f":"11.0.0.1"})", false},
                                         Case{"f|cidr: '2001:db8::/32'", R"({"f":"2001:DB8:1::5"})", true},
                                         Case{"f|cidr: '2001:db8::/32'", R"({"f":"2001:db9::5"})", false},
                                         Case{"f|cidr: [10.0.0.0/8, '::1/128']", R"({"f":"::1"})", true},
                                         Case{"f|cidr: 10.0.0.0/8", R"({"f":"host"})", false}));

INSTANTIATE_TEST_SUITE_P(
    Encodings, Modifiers,
    testing::Values(Case{"f|base64|contains: 'http://'", R"({"f":"x aHR0cDovLw== y"})", true},
                    Case{"f|base64: foo", R"({"f":"Zm9v"})", true},
                    Case{"f|base64: foo", R"({"f":"Zm8="})", false},
                    Case{"f|base64offset|contains: foobar", R"({"f":"Zm9vYmFy"})", true},
                    Case{"f|base64offset|contains: foobar", R"({"f":"LWZvb2Jhcg=="})", true},
                    Case{"f|base64offset|contains: foobar", R"({"f":"LS1mb29iYXI="})", true},
                    Case{"f|base64offset|contains: foobar", R"({"f":"Zm9vYmF4"})", false},
                    Case{"f|utf16le|base64: cmd", R"({"f":"YwBtAGQA"})", true},
                    Case{"f|wide|base64offset|contains: cmd", R"({"f":"xxYwBtAGQAyy"})", true},
                    Case{"f|utf16be|base64: cmd", R"({"f":"AGMAbQBk"})", true},
                    Case{"f|utf16|base64: cmd", R"({"f":"//5jAG0AZAA="})", true},
                    Case{"f|wide: ab", R"({"f":"a\u0000b\u0000"})", true},
                    Case{"f|wide: ab", R"({"f":"ab"})", false}));

INSTANTIATE_TEST_SUITE_P(Dashes, Modifiers,
                         testing::Values(Case{"f|windash|contains: ' -p '", R"({"f":"x -p y"})", true},
                                         Case{"f|windash|contains: ' -p '", R"({"f":"x /p y"})", true},
                                         Case{"f|contains|windash: ' -p '", R"({"f":"x \u2013p y"})", true},
                                         Case{"f|contains|windash: ' -p '", R"({"f":"x \u2014p y"})", true},
                                         Case{"f|contains|windash: ' /p '", R"({"f":"x \u2015p y"})", true},
                                         Case{"f|contains|windash: ' /p '", R"({"f":"x +p y"})", false},
                                         Case{"f|windash: '-a -b'", R"({"f":"/a -b"})", true},
                                         Case{"f|windash: 'a-b'", R"({"f":"a/b"})", false},
                                         Case{"f|contains|all|windash: [-a, -b]", R"({"f":"/b /a"})", true}));

INSTANTIATE_TEST_SUITE_P(Existence, Modifiers,
                         testing::Values(Case{"f|exists: true", R"({"f":null})", true},
                                         Case{"f|exists: true", R"({"f":""})", true},
                                         Case{"f|exists: true", R"({"g":1})", false},
                                         Case{"f|exists: false", R"({"g":1})", true},
                                         Case{"f|exists: false", R"({"f":1})", false}));

INSTANTIATE_TEST_SUITE_P(
    Orders, Modifiers,
    testing::Values(Case{"f|lt: 10", R"({"f":9})", true}, Case{"f|lt: 10", R"({"f":10})", false},
                    Case{"f|lte: 10", R"({"f":"10"})", true}, Case{"f|gt: 1.5", R"({"f":2})", true},
                    Case{"f|gt: 1.5", R"({"f":1.5})", false}, Case{"f|gte: 1.5", R"({"f":1.5})", true},
                    Case{"f|gte: 1", R"({"f":"many"})", false}, Case{"f|gt: 9", R"({"f":"10"})", true},
                    Case{"f|gt: 0", R"({"f":true})", false}));

INSTANTIATE_TEST_SUITE_P(Times, Modifiers,
                         testing::Values(Case{"f|hour: 3", R"({"f":"2026-01-04T03:59:00Z"})", true},
                                         Case{"f|hour: 3", R"({"f":"2026-01-04T04:00:00Z"})", false},
                                         Case{"f|minute: 59", R"({"f":"2026-01-04 03:59:00"})", true},
                                         Case{"f|day: [4, 5]", R"({"f":"2026-01-04"})", true},
                                         Case{"f|week: 1", R"({"f":"2026-01-04"})", true},
                                         Case{"f|month: 2", R"({"f":"2026-01-04"})", false},
                                         Case{"f|year: 2026", R"({"f":"2026-01-04"})", true},
                                         Case{"f|hour|gte: 22", R"({"f":"2026-01-04T23:00:00Z"})", true},
                                         Case{"f|hour|gte: 22", R"({"f":"2026-01-04T21:00:00Z"})", false}));

INSTANTIATE_TEST_SUITE_P(References, Modifiers,
                         testing::Values(Case{"f|fieldref: g", R"({"f":"Ann","g":"ann"})", true},
                                         Case{"f|fieldref: g", R"({"f":"ann","g":"bob"})", false},
                                         Case{"f|fieldref: g", R"({"f":"ann"})", false},
                                         Case{"f|fieldref: g", R"({"f":null,"g":null})", false},
                                         Case{"f|fieldref|cased: g", R"({"f":"Ann","g":"ann"})", false},
                                         Case{"f|fieldref|startswith: g", R"({"f":"annabel","g":"ann"})",
                                              true},
                                         Case{"f|fieldref|endswith: g", R"({"f":"joann","g":"Ann"})", true},
                                         Case{"f|fieldref|contains: g", R"({"f":"joanna","g":"ann"})", true},
                                         Case{"f|fieldref|contains: g", R"({"f":"ann","g":"joanna"})", false},
                                         Case{"f|fieldref|neq: g", R"({"f":"ann","g":"bob"})", true},
                                         Case{"f|fieldref: g", R"({"f":80,"g":["79","80"]})", true}));

TEST(SigmaModifiers, PlaceholdersTakeTheirValuesFromTheCaller) {
  const Placeholders values = {{"admins", {"adm_*", "root"}}, {"dom", {"corp"}}};
  EXPECT_TRUE(item_matches("u|expand: '%admins%'", R"({"u":"adm_ann"})", values));
  EXPECT_TRUE(item_matches("u|expand: '%dom%/%admins%'", R"({"u":"CORP/root"})", values));
  EXPECT_FALSE(item_matches("u|expand: '%admins%'", R"({"u":"ann"})", values));
  EXPECT_TRUE(item_matches("u|contains|expand: '%dom%'", R"({"u":"x@corp.example"})", values));
  EXPECT_TRUE(item_matches("u|cidr|expand: '%nets%'", R"({"u":"10.1.2.3"})", {{"nets", {"10.0.0.0/8"}}}));
  EXPECT_TRUE(item_matches(R"(u|expand: '\%plain%dom%')", R"({"u":"%plaincorp"})", values));
  EXPECT_TRUE(item_matches("u: '%dom%'", R"({"u":"%dom%"})", values));
}

TEST(SigmaModifiers, APlaceholderWithoutValuesIsRefused) {
  const auto refusal = item_refusal("u|expand: '%admins%'");
  EXPECT_EQ(refusal.message, "the placeholder %admins% has no values here");
  EXPECT_EQ(refusal.where, "t.yml:5:15");
  EXPECT_NE(refusal.hint.find("placeholder file"), std::string::npos);
}

TEST(SigmaModifiers, WhatDoesNotGoTogetherIsRefusedWhereItStands) {
  EXPECT_EQ(item_refusal("f|contain: x").message, "there is no modifier 'contain'");
  EXPECT_NE(item_refusal("f|contain: x").hint.find("contains"), std::string::npos);
  EXPECT_EQ(item_refusal("f|contain: x").where, "t.yml:5:7");
  for (const auto* item :
       {"f|re|contains: x", "f|contains|startswith: x", "f|lt|gt: 1", "f|i: x", "f|i|re: x",
        "f|contains|base64: x", "f|base64|windash: x", "f|exists|all: true", "f|cidr|cased: x",
        "f|re|expand: x", "f|contains|contains: x", "f|hour|day: 1", "f|fieldref|re: x"})
    EXPECT_NE(item_refusal(item).message.find(" "), std::string::npos) << item;
}

TEST(SigmaModifiers, ValuesTheyCannotWorkOnAreRefused) {
  for (const auto* item :
       {"f|lt: many", "f|exists: maybe", "f|exists: 'true'", "f|cidr: 10.0.0.0/99", "f|re: '('",
        "f|base64: 'a*'", "f|base64offset: a", "f|contains: null", "f|re: null", "f|fieldref: ''",
        "f|hour: noon", "f|contains: {a: b}", "f: [[a]]", "f: []"})
    EXPECT_FALSE(item_refusal(item).message.empty()) << item;
}

TEST(SigmaModifiers, GrowthIsBounded) {
  EXPECT_NE(item_refusal("f|windash: '-a -b -c -d -e'").message.find("dashes"), std::string::npos);
  EXPECT_NE(item_refusal("f: '" + std::string(5'000, 'x') + "'").message.find("longer than"),
            std::string::npos);
  EXPECT_NE(item_refusal("f: '" + std::string(65, '?') + "'").message.find("'?'"), std::string::npos);
  std::string many = "f|contains|windash: [";
  for (int i = 0; i < 3'000; ++i) many += "'-a -b -c -d " + std::to_string(i) + "', ";
  EXPECT_NE(item_refusal(many + "x]").message.find("16 MiB"), std::string::npos);
}

TEST(SigmaEncode, Base64OffsetsAreWhatIsSureToBeThere) {
  EXPECT_EQ(base64_at_offsets("/bin/bash"),
            (std::vector<std::string>{"L2Jpbi9iYXNo", "9iaW4vYmFza", "vYmluL2Jhc2"}));
  for (const std::string text : {"abc", "abcd", "abcde"}) {
    for (std::size_t before = 0; before < 3; ++before) {
      const auto whole = base64(std::string(before, 'x') + text + "yy");
      EXPECT_NE(whole.find(base64_at_offsets(text)[before]), std::string::npos) << text << before;
    }
  }
}

TEST(SigmaEncode, Utf16KnowsCharactersBeyondSixteenBits) {
  EXPECT_EQ(utf16("\U0001F600", ByteOrder::kBig), std::string("\xD8\x3D\xDE\x00", 4));
}

}  // namespace
}  // namespace tocsin::detect::sigma
