// The uploads' route: what it hands to the desk, and how its answers look. The desk itself:
// tests/integration.

#include "api/dto/upload_dto.h"
#include "api/testing/fixture.h"

namespace tocsin::api::test {
namespace {

class FakeUploads final : public Uploads {
 public:
  void start(Upload upload, Done done) override {
    last = std::move(upload);
    done(answer);
  }
  Result<std::optional<UploadReport>> find(std::string_view id) override {
    return id == "UP-1" ? std::optional(*answer) : std::nullopt;
  }

  Upload last;
  Result<UploadReport> answer = UploadReport{};
};

class UploadTest : public ApiTest {
 protected:
  UploadTest() {
    services_.settings.uploads = &uploads_;
    UploadReport report;
    report.id = "UP-1";
    report.state = UploadReport::State::kDone;
    report.filename = "a\"b.csv";
    report.source = "generic";
    report.alerts = 2;
    report.unreadable = {{7, "torn", "DL-1"}};
    report.alert_ids = {"AL-1"};
    report.confidence = 0.5;
    uploads_.answer = report;
  }
  Reply send(std::string_view target, std::string_view type = "application/octet-stream") {
    return post(target, "bytes", {{"Content-Type", std::string(type)}});
  }

  FakeUploads uploads_;
};

TEST_F(UploadTest, HandsOverTheBytesWithTheirNames) {
  const auto reply = send("/api/v1/uploads?source=suricata&filename=eve%20log.json");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Location"), "/api/v1/uploads/UP-1");
  EXPECT_EQ(uploads_.last.body, "bytes");
  EXPECT_EQ(uploads_.last.source, "suricata");
  EXPECT_EQ(uploads_.last.filename, "eve log.json");
  EXPECT_EQ(uploads_.last.actor, "local-admin");
  EXPECT_EQ(reply.at("/alerts"), 2);
  EXPECT_EQ(reply.at("/unreadable/0/line"), 7);
  EXPECT_EQ(get("/api/v1/uploads/UP-1").json, reply.json);
}

TEST_F(UploadTest, DetectsWhenNothingIsNamed) {
  send("/api/v1/uploads");
  EXPECT_EQ(uploads_.last.source, "auto");
  send("/api/v1/uploads?source=");
  EXPECT_EQ(uploads_.last.source, "auto");
}

TEST_F(UploadTest, OneThatIsStillReadIsAccepted) {
  uploads_.answer->state = UploadReport::State::kRunning;
  EXPECT_EQ(send("/api/v1/uploads").status, 202);
}

TEST_F(UploadTest, RefusesOtherTypesAndLongNames) {
  EXPECT_EQ(send("/api/v1/uploads", "multipart/form-data").status, 415);
  EXPECT_EQ(send("/api/v1/uploads?filename=" + std::string(256, 'a')).status, 422);
  EXPECT_EQ(send("/api/v1/uploads?source=" + std::string(65, 'a')).status, 422);
  EXPECT_EQ(get("/api/v1/uploads/UP-2").status, 404);
}

TEST_F(UploadTest, ErrorsOfTheDeskBecomeProblems) {
  uploads_.answer =
      error(ErrorKind::kInvalidInput, "recognise file", "nothing shows whose it is", "Name it.");
  const auto reply = send("/api/v1/uploads");
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.text_at("/hint"), "Name it.");
}

TEST_F(UploadTest, AReportReadsBackAsItself) {
  auto& report = *uploads_.answer;
  report.error = error(ErrorKind::kTooLarge, "upload", "too large", "Split it.");
  report.finished_at = from_unix_nanos(1'767'528'000'000'000'000);
  report.detected = report.repeat = true;
  const auto text = upload_json(report);
  const auto back = parse_upload(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(upload_json(*back), text);
  EXPECT_FALSE(parse_upload("[]"));
}

}  // namespace
}  // namespace tocsin::api::test
