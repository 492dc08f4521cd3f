// What PostgreSQL is told: texts, statements, questions. Without a server.

#include <gtest/gtest.h>

#include "model/search_text.h"
#include "store/postgres/alert_list.h"
#include "store/postgres/connection.h"
#include "store/postgres/dialect.h"
#include "store/postgres/portable_text.h"

namespace tocsin::store {
namespace {

TEST(PortableText, LeavesPlainTextAlone) {
  for (const auto* text : {"", "plain", "\xC3\xA4\xE2\x82\xAC", "\xF4\x8F\xAF\xBF"})
    EXPECT_FALSE(to_portable_text(text)) << text;
  EXPECT_FALSE(from_portable_text("plain"));
}

TEST(PortableText, ComesBackByteForByteAndStaysDifferent) {
  const std::vector<std::string> texts{std::string("a\0b", 3),
                                       "\xFF\xFE",
                                       "cut \xC3",
                                       "\xC0\x80",
                                       "\xED\xA0\x80",
                                       "\xF4\x8F\xBC\x80",
                                       "\xF4\x8F",
                                       "\xF4\x8F\xBF\xBF?",
                                       "\xEF\xBF\xBD",
                                       std::string("\0", 1) + "x",
                                       "x\xF4",
                                       "\xF4\x8F\xBC\x80" + std::string("\0", 1)};
  std::set<std::string> stored;
  for (const auto& text : texts) {
    const auto portable = to_portable_text(text).value_or(text);
    EXPECT_EQ(portable.find('\0'), std::string::npos);
    EXPECT_EQ(from_portable_text(portable).value_or(portable), text);
    stored.insert(portable);
  }
  EXPECT_EQ(stored.size(), texts.size());
}

TEST(Dialect, PlaceholdersAndHintsAreTurned) {
  EXPECT_EQ(to_postgres("SELECT a FROM t INDEXED BY t_a WHERE a = ?1 AND b > ?12"),
            "SELECT a FROM t  WHERE a = $1 AND b > $12");
  EXPECT_EQ(to_postgres("SELECT a FROM t NOT INDEXED WHERE a = ?1"), "SELECT a FROM t WHERE a = $1");
}

TEST(TsQuery, WordsAreQuotedAndNothingInThemIsSyntax) {
  EXPECT_EQ(postgres::to_tsquery(R"((("alice" OR "bob")) AND "o'x\"*)"),
            R"((('alice' | 'bob')) & 'o''x\\':*)");
  EXPECT_EQ(postgres::to_tsquery(R"q("and" AND "or (x)" OR "a*")q"), "'and' & 'or (x)' | 'a*'");
  EXPECT_EQ(postgres::to_tsquery(""), "");
}

TEST(AlertLists, BindEveryValue) {
  AlertQuery query;
  query.source = "o'source";
  query.type = "o'type";
  query.assignee = "o'bob";
  query.entities = {"o'host"};
  query.statuses = {model::AlertStatus::kNew};
  query.sort = AlertSort::kPriority;
  postgres::AlertList list{kDefaultTenant, query};
  const auto page = postgres::page_sql(list, Cursor{5, 6}, 50, 0);
  const auto count = postgres::count_sql(list, 100);
  EXPECT_EQ(page.sql.find("o'"), std::string::npos);
  EXPECT_EQ(count.sql.find("o'"), std::string::npos);
}

TEST(Connections, NoMessageHoldsThePassword) {
  for (const auto* url :
       {"postgresql://eve:s3cret@127.0.0.1:1/none", "postgresql://eve:s3cret%zz@host/none",
        "postgresql://eve:s3cret@[bad/none", "postgresql://eve:s3cret@127.0.0.1:99999999/none"}) {
    const auto opened = PgConnection::open(url, "SELECT 1");
    ASSERT_FALSE(opened) << url;
    EXPECT_EQ(to_string(opened.error()).find("s3cret"), std::string::npos) << to_string(opened.error());
    EXPECT_EQ(shown_place(url).find("s3cret"), std::string::npos);
    EXPECT_FALSE(opened.error().hint.empty());
  }
}

}  // namespace
}  // namespace tocsin::store
