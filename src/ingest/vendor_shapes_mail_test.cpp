// Mails as attackers and users really write them, and what mail gateways say of them.

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

constexpr std::string_view kHead =
    "From: \"Support\" <support@bank.example.org>\r\nTo: ann@corp.example\r\nSubject: "
    "=?utf-8?Q?=C3=9Cberf=C3=A4llig?=\r\nDate: Sat, 1 Jun 2024 12:00:00 +0200\r\nMessage-ID: "
    "<m1@bad.example.net>\r\n";

TEST(MailShapes, ALinkThatShowsABanksAddressAccusesOnlyWhereItLeads) {
  std::string mail(kHead);
  mail.append(
      "Content-Type: text/html\r\n\r\n<p>Go to <a href=\"https://click.bad.example.net/a\">"
      "https://bank.example.org/login</a> or <A HREF='https://two.bad.example.net/'>bank.example.org"
      "</A>, see <a href=\"https://info.bad.example.net/x\">https://info.bad.example.net/x</a></p>");
  const auto alert = read("email", mail);
  EXPECT_EQ(alert.title, "Überfällig");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-06-01T10:00:00.000Z");
  EXPECT_TRUE(has_ioc(alert, "https://click.bad.example.net/a"));
  EXPECT_TRUE(has_ioc(alert, "https://two.bad.example.net/"));
  EXPECT_TRUE(has_ioc(alert, "https://info.bad.example.net/x"));
  EXPECT_FALSE(has_ioc(alert, "https://bank.example.org/login"));
  EXPECT_FALSE(has_ioc(alert, "bank.example.org"));
  EXPECT_NE(alert.message.find("https://bank.example.org/login"),
            std::string::npos);  // people see what was shown
}

TEST(MailShapes, AMailThatAUserSentOnAsTextIsAboutTheOneBelow) {
  const auto alert =
      read("email",
           "From: Ann <ann@corp.example>\nTo: soc@corp.example\nSubject: Fwd: Your parcel\n"
           "Date: Sat, 1 Jun 2024 13:00:00 +0000\nMessage-ID: <f1@corp.example>\n\n"
           "---------- Forwarded message ---------\nFrom: DHL <notice@parcel.bad.example.net>\n"
           "Date: Fri, May 31, 2024 at 9:00 AM\nSubject: Track it\nTo: ann@corp.example\n\n"
           "hxxps://parcel[.]bad[.]example[.]net/t?id=1\n");
  EXPECT_EQ(alert.type, "reported_phishing");
  EXPECT_EQ(alert.title, "Track it");
  EXPECT_TRUE(has(alert, EntityKind::kEmail, "notice@parcel.bad.example.net", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kEmail, "ann@corp.example", EntityRole::kTarget));
  EXPECT_FALSE(has_ioc(alert, "ann@corp.example"));
  EXPECT_TRUE(has_ioc(alert, "https://parcel.bad.example.net/t?id=1"));
  EXPECT_EQ(std::count(alert.tags.begin(), alert.tags.end(), "user-reported"), 1);
}

TEST(MailShapes, ASubjectThatOnlyPretendsToBeForwardedIsAMailOfItsSender) {
  const auto alert =
      read("email",
           "From: a@bad.example.net\nTo: ann@corp.example\nSubject: Fwd: invoice\nDate: Sat, 1 Jun 2024 "
           "13:00:00 +0000\nMessage-ID: <f2@bad.example.net>\n\nSee attached.\n");
  EXPECT_TRUE(has(alert, EntityKind::kEmail, "a@bad.example.net", EntityRole::kSource));
  EXPECT_TRUE(has_ioc(alert, "a@bad.example.net"));
}

TEST(MailShapes, AReportByAttachmentIsReadThroughItsEncoding) {
  const auto alert = read(
      "email",
      "From: Ann <ann@corp.example>\nTo: phishing@corp.example\nSubject: FW: Phish\nDate: Sat, 1 Jun 2024 "
      "13:00:00 "
      "+0000\nMessage-ID: <r1@corp.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
      "boundary=\"q\"\n\n"
      "--q\nContent-Type: text/plain\n\nSuspicious.\n--q\nContent-Type: message/rfc822\n\n"
      "Received: from evil (evil.example.net [203.0.113.30]) by mx.corp.example; Sat, 1 Jun 2024 10:00:03 "
      "+0000\n"
      "From: IT <it@bad.example.net>\nTo: ann@corp.example\nSubject: Password expires\nDate: Sat, 1 Jun 2024 "
      "10:00:00 +0000\nMessage-ID: <o1@bad.example.net>\nContent-Type: text/html\nContent-Transfer-Encoding: "
      "quoted-printable\n\n<a href=3D\"https://login.bad.example.net/?e=3D1\">Keep</a>\n--q--\n");
  EXPECT_EQ(alert.title, "Password expires");
  EXPECT_EQ(alert.source_id, "o1@bad.example.net");
  EXPECT_TRUE(has_ioc(alert, "https://login.bad.example.net/?e=1"));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.30", EntityRole::kSource));
  EXPECT_FALSE(has_ioc(alert, "ann@corp.example"));
}

TEST(MailShapes, ARefreshIsALinkAndTheEnvelopeNamesRecipients) {
  const auto alert = read(
      "email",
      "From: a@bad.example.net\nTo: undisclosed-recipients:;\nEnvelope-To: ann@corp.example\n"
      "Subject: x\nDate: Sat, 1 Jun 2024 13:00:00 +0000\nMessage-ID: <f3@bad.example.net>\n"
      "Content-Type: text/html\n\n<meta http-equiv='refresh' content='0;URL=https://go.bad.example.net/x'>"
      "<p>wait</p>");
  EXPECT_TRUE(has(alert, EntityKind::kEmail, "ann@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "https://go.bad.example.net/x"));
}

TEST(MailShapes, MarkupHasNoCaseAndAnchorsEndWhereTheyEnd) {
  std::string mail(kHead);
  mail.append(
      "Content-Type: text/html\r\n\r\n<META HTTP-EQUIV=REFRESH CONTENT=\"0; "
      "url='https://go.bad.example.net/y'\">"
      "<a href=\"https://one.bad.example.net/\">here</a>see-bank.example.org"
      "<img src=\"https://two.bad.example.net/p.png\"></a>");
  const auto alert = read("email", mail);
  EXPECT_TRUE(has_ioc(alert, "https://go.bad.example.net/y"));
  EXPECT_TRUE(has_ioc(alert, "https://two.bad.example.net/p.png"));
  EXPECT_TRUE(has_ioc(alert, "see-bank.example.org"));  // under no link, so no disguise of one
}

TEST(ProofpointShapes, AnImpostorsMessageThatWasHeldBackIsBlocked) {
  const auto alert =
      read("auto", R"({"GUID":"g2","id":"m1","fromAddress":["boss@corp-example.net"],"messageParts":[],
      "messageTime":"2024-06-01T07:00:00.000Z","quarantineFolder":"imposter","recipient":["ann@corp.example"],
      "replyToAddress":["x@free.example.org"],"sender":"e99d@corp-example.net","senderIP":"203.0.113.26","subject":
      "Wire","threatsInfoMap":[{"classification":"impostor","threat":"boss@corp-example.net","threatStatus":"active",
      "threatType":"messageText","threatUrl":"https://threatinsight.proofpoint.com/t3"}],"toAddresses":["ann@corp.example"]})");
  EXPECT_EQ(alert.source, "proofpoint-tap");
  EXPECT_EQ(alert.severity, Severity::kMedium);
  EXPECT_EQ(alert.vendor_status, "blocked");
  EXPECT_EQ(alert.vendor_verdict, "impostor");
  EXPECT_EQ(alert.source_url, "https://threatinsight.proofpoint.com/t3");
  EXPECT_TRUE(has(alert, EntityKind::kEmail, "ann@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "x@free.example.org"));
  EXPECT_FALSE(has_ioc(alert, "ann@corp.example"));
}

TEST(ProofpointShapes, AThreatsSummaryIsIntel) {
  const auto record = read_record("auto", R"({"id":"t1","identifiedAt":"2024-05-02T20:27:46.000Z","name":
      "https://login.bad.example.net/x","type":"url","category":"phish","status":"active","detectionType":"URL Phish",
      "severityScore":550,"actors":[{"id":"a","name":"TA577"}]})");
  EXPECT_EQ(record.kind, RecordKind::kIntel);
  EXPECT_EQ(record.alert.severity, Severity::kMedium);
  EXPECT_TRUE(has_ioc(record.alert, "https://login.bad.example.net/x"));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
