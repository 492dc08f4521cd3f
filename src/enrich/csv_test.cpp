#include "enrich/csv.h"

#include <gtest/gtest.h>

#include "enrich/inventory_fields.h"

namespace tocsin::enrich {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text) {
  Rows rows;
  EXPECT_TRUE(read_csv(text, [&](CsvRow& row) {
    EXPECT_EQ(row.fault, "");
    rows.push_back(row.cells);
    return true;
  }));
  return rows;
}

std::vector<CsvRow> all_of(std::string_view text) {
  std::vector<CsvRow> rows;
  EXPECT_TRUE(read_csv(text, [&](CsvRow& row) {
    rows.push_back(row);
    return true;
  }));
  return rows;
}

TEST(Csv, ReadsWhatRfc4180Describes) {
  EXPECT_EQ(rows_of("a,b\r\n1,2\r\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a,b\n1,2"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("\"a,b\",\"c \"\"d\"\"\"\n"), (Rows{{"a,b", "c \"d\""}}));
  EXPECT_EQ(rows_of("\"two\r\nlines\",x\n"), (Rows{{"two\r\nlines", "x"}}));
  EXPECT_EQ(rows_of("a,,c\n,,\n"), (Rows{{"a", "", "c"}, {"", "", ""}}));
  EXPECT_EQ(rows_of("\"\",x"), (Rows{{"", "x"}}));
}

TEST(Csv, TakesAByteOrderMarkSemicolonsAndBlankLines) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBFname;ip\r\n\r\nx;\"1;2\"\r\n"), (Rows{{"name", "ip"}, {"x", "1;2"}}));
  EXPECT_EQ(rows_of(""), Rows{});
  EXPECT_EQ(rows_of("\n\r\n"), Rows{});
}

TEST(Csv, WithoutLineFeedsCarriageReturnsEndLines) {
  EXPECT_EQ(rows_of("a;b\r1;2\r\"x\ry\";3\r"), (Rows{{"a", "b"}, {"1", "2"}, {"x\ry", "3"}}));
  EXPECT_EQ(all_of("a,b\r1,2\r").back().line, 2U);
  EXPECT_EQ(rows_of("a,b\r1,2\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a,b\r1,\"x\ny\"\r3,4\r"), (Rows{{"a", "b"}, {"1", "x\ny"}, {"3", "4"}}));
  EXPECT_EQ(rows_of("\"a\nb\",c\r1,2\r"), (Rows{{"a\nb", "c"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a,b\n1\rx,2\n"), (Rows{{"a", "b"}, {"1\rx", "2"}}));
}

TEST(Csv, WhatIsNoTextIsRefusedWithWhatToDo) {
  using namespace std::string_view_literals;
  const auto never = [](CsvRow&) { return true; };
  EXPECT_EQ(read_csv("\xFF\xFEn\0a\0"sv, never).error().message, "it is UTF-16");
  EXPECT_EQ(read_csv("PK\x03\x04 xl/workbook.xml"sv, never).error().hint, "save the table as CSV");
  EXPECT_EQ(read_csv("\x1F\x8B\b"sv, never).error().message, "it is compressed");
}

TEST(Csv, LinesAreCountedThroughQuotedBreaks) {
  const auto rows = all_of("a,b\n\"x\ny\nz\",2\nlast,3\n");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1].line, 2U);
  EXPECT_EQ(rows[2].line, 5U);
}

TEST(Csv, ABadCellNamesItsColumnAndTheNextRowIsRead) {
  const auto rows = all_of("a,b\n1,x\"y\n1,\"x\"y\n1,2\n");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[1].fault_column, 2U);
  EXPECT_NE(rows[1].fault, "");
  EXPECT_EQ(rows[2].fault_column, 2U);
  EXPECT_EQ(rows[3].fault, "");
}

TEST(Csv, AnOpenQuotationIsAnErrorWithItsLine) {
  const auto failed = read_csv("a,b\n1,\"never\nclosed", [](CsvRow&) { return true; });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::kInvalidSyntax);
  EXPECT_EQ(failed.error().where, "line 2");
}

TEST(Csv, CellsAndColumnsAreBounded) {
  std::string text(kMaxCsvColumns + 5, ',');
  text += '\n';
  text.append(kMaxCsvField + 1, 'x');
  const auto rows = all_of(text);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].cells.size(), kMaxCsvColumns);
  EXPECT_NE(rows[0].fault, "");
  EXPECT_NE(rows[1].fault, "");
  EXPECT_EQ(rows[1].fault_column, 1U);
}

TEST(InventoryFields, AssetsComeFromLenientColumns) {
  const auto table = read_assets(
      "Hostname,FQDN,IP Address,Criticality,Owner,Comment\n"
      "db-01,db-01.corp.example|db.corp.example,\"10.1.2.3, 10.9.0.0/16\",critical,Finance,x\n"
      ",web.corp.example,,,,\n");
  ASSERT_TRUE(table) << to_string(table.error());
  ASSERT_EQ(table->rows.size(), 2U);
  const auto& row = table->rows[0];
  EXPECT_EQ(row.name, "db-01");
  EXPECT_EQ(row.hosts, (std::vector<std::string>{"db-01.corp.example", "db.corp.example"}));
  EXPECT_EQ(row.addresses, (std::vector<std::string>{"10.1.2.3", "10.9.0.0/16"}));
  EXPECT_EQ(row.tier, model::AssetTier::kCrownJewel);
  EXPECT_EQ(table->rows[1].name, "web.corp.example");
  EXPECT_EQ(table->rows[1].tier, std::nullopt);
  EXPECT_EQ(table->left_out, std::vector<std::string>{"Comment"});
  EXPECT_EQ(table->rejected, 0U);
}

TEST(InventoryFields, OfTwoColumnsForOneValueTheFirstCountsAndTheOtherIsNamed) {
  const auto table =
      read_assets("name,owner,Asset Owner,ip,network\ndb-1,Finance,Sales,10.0.0.1,10.0.0.0/8\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows.at(0).owner, "Finance");
  EXPECT_EQ(table->rows.at(0).addresses.size(), 2U);
  EXPECT_EQ(table->left_out, std::vector<std::string>{"Asset Owner"});
}

TEST(InventoryFields, BadRowsAreNamedByLineAndColumnAndGoodOnesKept) {
  const auto table = read_assets(
      "name,addresses,tier\n"
      "good,10.0.0.1,normal\n"
      "bad-ip,10.0.0.300,normal\n"
      "bad-tier,10.0.0.2,golden\n"
      "too,many,cells,here\n"
      ",,normal\n"
      "also good,2001:db8::/32,\n");
  ASSERT_TRUE(table);
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_EQ(table->rejected, 4U);
  ASSERT_EQ(table->faults.size(), 4U);
  EXPECT_EQ(table->faults[0].line, 3U);
  EXPECT_EQ(table->faults[0].column, 2U);
  EXPECT_EQ(table->faults[0].field, "addresses");
  EXPECT_NE(table->faults[0].reason.find("10.0.0.300"), std::string::npos);
  EXPECT_EQ(table->faults[1].column, 3U);
  EXPECT_EQ(table->faults[2].column, 4U);
  EXPECT_EQ(table->faults[3].column, 0U);
}

TEST(InventoryFields, UsersHaveFlagsAndAliases) {
  const auto table = read_users(
      "sAMAccountName,mail,UPN,privileged,Job Title\n"
      "alice,alice@corp.example,CORP\\alice;alice@ad.corp.example,yes,Admin\n"
      "bob,bob@corp.example,,no,\n"
      "carol,,,perhaps,\n");
  ASSERT_TRUE(table) << to_string(table.error());
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_EQ(table->rows[0].aliases.size(), 2U);
  EXPECT_EQ(table->rows[0].privileged, true);
  EXPECT_EQ(table->rows[0].title, "Admin");
  EXPECT_EQ(table->rows[1].privileged, false);
  EXPECT_EQ(table->faults.at(0).line, 4U);
}

TEST(InventoryFields, AHeaderThatNamesNothingIsRefused) {
  EXPECT_EQ(read_assets("colour,shape\nred,round\n").error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(read_assets("").error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(read_users("privileged,tier\nyes,normal\n").error().kind, ErrorKind::kInvalidInput);
}

TEST(InventoryFields, TextsAreBoundedUtf8WithoutControls) {
  const auto table =
      read_assets("name,owner\na," + std::string(kMaxText + 1, 'x') + "\nb,\xFF\nc,\x01\nd,\xC3\xA4\n");
  ASSERT_TRUE(table);
  ASSERT_EQ(table->rows.size(), 1U);
  EXPECT_EQ(table->rows[0].name, "d");
  EXPECT_EQ(table->rejected, 3U);
}

TEST(InventoryFields, ListedFaultsAreBounded) {
  std::string csv = "name,tier\n";
  for (std::size_t i = 0; i < kMaxFaults + 50; ++i) csv += "x" + std::to_string(i) + ",golden\n";
  const auto table = read_assets(csv);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->faults.size(), kMaxFaults);
  EXPECT_EQ(table->rejected, kMaxFaults + 50);
}

}  // namespace
}  // namespace tocsin::enrich
