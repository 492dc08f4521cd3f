#include "ingest/fields.h"

#include <gtest/gtest.h>

#include "ingest/flat_json.h"
#include "ingest/leef.h"

namespace tocsin::ingest {
namespace {

TEST(KeyValues, TakeQuotedValuesWholeAndUnescapeThem) {
  const auto fields =
      read_key_values(R"(<13>Oct 1 gw type="utm" msg="say \"hi\" a=b" url=/x?y=1 empty= n="N/A")");
  EXPECT_EQ(fields["type"], "utm");
  EXPECT_EQ(fields["msg"], R"(say "hi" a=b)");
  EXPECT_EQ(fields["url"], "/x?y=1");
  EXPECT_EQ(fields["empty"], "");
  EXPECT_EQ(fields["n"], "");
  EXPECT_EQ(fields.all().size(), 5U);
}

TEST(KeyValues, StopAtTheirBound) {
  std::string line;
  for (int i = 0; i < 2000; ++i) line += "k=v ";
  EXPECT_EQ(read_key_values(line).all().size(), kMaxFields);
}

std::vector<std::string> columns(std::string_view row) {
  std::vector<std::string> found;
  CsvRow csv(row);
  std::string store;
  for (std::string_view column; csv.next(column, store);) found.emplace_back(column);
  return found;
}

TEST(CsvRow, KeepsCommasAndQuotesInsideQuotes) {
  EXPECT_EQ(columns(R"(1,"a,b",,"say ""hi""",x)"),
            (std::vector<std::string>{"1", "a,b", "", R"(say "hi")", "x"}));
  EXPECT_EQ(columns("a,"), (std::vector<std::string>{"a", ""}));
  EXPECT_EQ(columns(R"("open)"), (std::vector<std::string>{"open"}));
}

TEST(Leef, ReadsTabsNamedDelimitersAndBlanks) {
  const auto one = parse_leef("<13>Jan 1 00:00:00 gw LEEF:1.0|V|P|1|42|src=1.2.3.4\tmsg=a \\= b\tsev=5");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->event_id, "42");
  EXPECT_EQ(one->attributes["msg"], "a = b");
  const auto two = parse_leef("LEEF:2.0|V|P|1|42|^|src=1.2.3.4^msg=a b\tc^sev=5");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->attributes["msg"], "a b\tc");
  const auto hex = parse_leef("LEEF:2.0|V|P|1|42|0x7C|src=1.2.3.4|sev=9");
  ASSERT_TRUE(hex);
  EXPECT_EQ(hex->attributes["sev"], "9");
  const auto none = parse_leef("LEEF:2.0|V|P|1|42|src=1.2.3.4\tsev=9");
  ASSERT_TRUE(none);
  EXPECT_EQ(none->attributes["src"], "1.2.3.4");
  const auto blanks = parse_leef("LEEF:1.0|V|P|1|42|src=1.2.3.4 msg=two words url=http://x/?a=b sev=5");
  ASSERT_TRUE(blanks);
  EXPECT_EQ(blanks->attributes["msg"], "two words");
  EXPECT_EQ(blanks->attributes["url"], "http://x/?a=b");
  EXPECT_EQ(blanks->attributes["sev"], "5");
  EXPECT_FALSE(parse_leef("LEEF:1.0|V|P|1"));
}

TEST(FlatJson, SeesNestedDottedAndMixedNames) {
  const auto json = ParsedJson::parse(
      R"({"host":{"name":"a"},"user.name":"b","process":{"parent.name":"c"},"kibana.alert":{"rule":{"name":"d"}},"n":null})",
      64);
  ASSERT_TRUE(json.ok());
  const FlatJson flat(json->root());
  EXPECT_EQ(flat["host.name"].text(), "a");
  EXPECT_EQ(flat["user.name"].text(), "b");
  EXPECT_EQ(flat["process.parent.name"].text(), "c");
  EXPECT_EQ(flat["kibana.alert.rule.name"].text(), "d");
  EXPECT_FALSE(flat.has("n"));
  EXPECT_TRUE(flat["host"].is_object());
}

TEST(FlatJson, GrowsAndIsBounded) {
  std::string text = "{";
  for (int i = 0; i < 10'000; ++i) text += (i == 0 ? "" : ",") + ("\"k" + std::to_string(i)) + "\":1";
  const auto json = ParsedJson::parse(text + "}", 64);
  ASSERT_TRUE(json.ok());
  const FlatJson flat(json->root());
  EXPECT_TRUE(flat.has("k0"));
  EXPECT_TRUE(flat.has("k4095"));
  EXPECT_FALSE(flat.has("k4096"));
}

}  // namespace
}  // namespace tocsin::ingest
