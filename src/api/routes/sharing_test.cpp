#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kSsh =
    R"({"source":"demo","alert_type":"ssh_bruteforce","message":"Many failed logins from 203.0.113.7","user":"admin","host":"web-01","ip":"203.0.113.7","severity":"high"})";

class SharingTest : public test::ApiTest {
 protected:
  void SetUp() override {
    add_alert(std::string(kSsh));
    path_ = "/api/v1/incidents/" + add_incident();
  }
  std::string path_;
};

TEST_F(SharingTest, EveryFormatIsAFileWithASafeName) {
  const std::pair<const char*, const char*> kFormats[] = {{"json", "application/json"},
                                                          {"pack", "application/json"},
                                                          {"zip", "application/zip"},
                                                          {"markdown", "text/markdown; charset=utf-8"},
                                                          {"html", "text/html; charset=utf-8"},
                                                          {"stix", "application/stix+json;version=2.1"},
                                                          {"navigator", "application/json"},
                                                          {"misp", "application/json"},
                                                          {"csv", "text/csv; charset=utf-8; header=present"}};
  for (const auto& [format, type] : kFormats) {
    const auto reply = get(path_ + "/export?format=" + format);
    EXPECT_EQ(reply.status, 200) << format << reply.text;
    EXPECT_EQ(reply.header("Content-Type"), type);
    EXPECT_TRUE(reply.header("Content-Disposition").starts_with("attachment; filename=\"")) << format;
    EXPECT_FALSE(reply.text.empty());
  }
}

TEST_F(SharingTest, ThePackHasQueriesAndTheChecklistAsTheirRoutesShowThem) {
  call(test::Method::kPut, path_ + "/checklist/contain", R"({"done":true,"note":"blocked"})");
  const auto pack = get(path_ + "/export?format=pack");
  const auto queries = get(path_ + "/queries");
  const auto checklist = get(path_ + "/checklist");
  EXPECT_GE(pack.size_at("/queries/items"), 6U);
  EXPECT_EQ(pack.size_at("/queries/items"), queries.size_at("/items"));
  EXPECT_EQ(pack.text_at("/queries/items/0/query"), queries.text_at("/items/0/query"));
  EXPECT_FALSE(pack.text_at("/queries/kql").empty());
  EXPECT_EQ(pack.size_at("/checklist/auto"), checklist.size_at("/automatic"));
  EXPECT_EQ(pack.text_at("/checklist/auto/0/reason"), checklist.text_at("/automatic/0/reason"));
  EXPECT_EQ(pack.text_at("/checklist/manual/0/state"), "done");
  EXPECT_EQ(pack.text_at("/checklist/manual/1/state"), "open");
  EXPECT_EQ(pack.text_at("/action_log/0/action"), "checklist_done");
  EXPECT_EQ(pack.text_at("/incident/id"), path_.substr(path_.rfind('/') + 1));
  EXPECT_EQ(pack.text_at("/alerts/0/alert/raw/source"), "demo");
}

TEST_F(SharingTest, APackForWhoWantsAnArchiveIsOne) {
  const auto reply = get(path_ + "/export?format=pack", {{"Accept", "application/zip"}});
  EXPECT_EQ(reply.header("Content-Type"), "application/zip");
  EXPECT_TRUE(reply.text.starts_with("PK"));
}

TEST_F(SharingTest, AMarkIsSetShownAndBorneByExports) {
  EXPECT_EQ(get(path_).text_at("/tlp"), "AMBER");
  EXPECT_EQ(patch(path_, R"({"tlp":"RED"})").text_at("/tlp"), "RED");
  EXPECT_EQ(get(path_ + "/export?format=pack").text_at("/tlp"), "RED");
  EXPECT_NE(get(path_ + "/export?format=html").text.find("TLP:RED"), std::string::npos);
  const auto wrong = patch(path_, R"({"tlp":"PURPLE"})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(wrong.text_at("/errors/0/pointer"), "/tlp");
}

TEST_F(SharingTest, AnEditedNoteShowsWhoAndKeepsWhatItSaid) {
  const auto note = post(path_ + "/notes", R"({"text":"She called"})");
  EXPECT_EQ(note.header("ETag"), "\"1\"");
  const auto at = path_ + "/notes/" + note.text_at("/id");
  const auto edited = patch(at, R"({"text":"She did not call"})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(edited.status, 200) << edited.text;
  EXPECT_EQ(edited.at("/revision").as_int64(), 2);
  EXPECT_EQ(edited.text_at("/edited_by"), "local-admin");
  EXPECT_EQ(patch(at, R"({"text":"late"})", {{"If-Match", "\"1\""}}).status, 412);
  EXPECT_EQ(patch(at, R"({"text":""})").status, 422);
  EXPECT_EQ(patch(path_ + "/notes/nonsense", R"({"text":"x"})").status, 404);
  const auto revisions = get(at + "/revisions");
  ASSERT_EQ(revisions.size_at("/items"), 2U);
  EXPECT_EQ(revisions.text_at("/items/0/text"), "She did not call");
  EXPECT_EQ(revisions.text_at("/items/1/text"), "She called");
  EXPECT_EQ(get(path_ + "/notes").text_at("/items/0/text"), "She did not call");
}

TEST_F(SharingTest, TheSigningKeyIsShown) {
  const auto reply = get("/api/v1/signing-key");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.text_at("/fingerprint").size(), 64U);
  EXPECT_TRUE(reply.text_at("/public_key").starts_with("-----BEGIN PUBLIC KEY-----"));
}

}  // namespace
}  // namespace tocsin::api
