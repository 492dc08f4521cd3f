// Mails of our own making: encodings, structure, broken forms.

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "ingest/digest.h"
#include "ingest/ingest.h"
#include "ingest/mail/date.h"
#include "ingest/mail/decode.h"
#include "ingest/mail/html.h"
#include "ingest/mail/mime.h"
#include "ingest/mail/route.h"

namespace tocsin::ingest::mail {
namespace {

TEST(Decode, WordsOfEveryCharset) {
  EXPECT_EQ(decode_words("=?UTF-8?B?R3LDvMOfZQ==?="), "Grüße");
  EXPECT_EQ(decode_words("=?iso-8859-1?Q?Gr=FC=DFe_an?= Bob"), "Grüße an Bob");
  EXPECT_EQ(decode_words("=?koi8-r?B?8NLJ18XU?="), "Привет");
  EXPECT_EQ(decode_words("=?UTF-8?B?4oKs?= =?utf-8?q?=E2=82=AC?="), "€€");
  EXPECT_EQ(decode_words("=?UTF-8?B?4oI=?= =?UTF-8?B?rA==?="), "€") << "a character cut in two";
  EXPECT_EQ(decode_words("a =?x?y?z b =? c"), "a =?x?y?z b =? c");
  EXPECT_EQ(decode_words("=?../../etc/x?B?QQ==?="), "A") << "a hostile charset is read as UTF-8";
}

TEST(Decode, BadBytesBecomeReplacements) {
  for (const auto* charset : {"utf-8", "iso-2022-jp", "gb2312", "nonsense"}) {
    const auto text = to_utf8("ok \xff\xfe\x80 ok", charset);
    EXPECT_EQ(find_invalid_utf8(text), text.size()) << charset;
    EXPECT_TRUE(text.starts_with("ok ")) << charset;
  }
}

TEST(Decode, QuotedPrintableAndBase64) {
  EXPECT_EQ(decode_quoted_printable("a=3Db=\r\nc=\nd=zz=", false), "a=bcd=zz=");
  EXPECT_EQ(decode_base64("aGVs\r\nbG8="), "hello");
  EXPECT_EQ(decode_base64("_-8"), "\xff\xef");
}

TEST(Addresses, AreFoundInBrokenQuotingToo) {
  const auto list = addresses("\"Novak, Jan\" <Jan@Example.com>, bob@x.org (Bob), team: a@b.c;");
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].name, "Novak, Jan");
  EXPECT_EQ(list[0].address, "jan@example.com");
  EXPECT_EQ(list[1].address, "bob@x.org");
  EXPECT_EQ(list[2].address, "a@b.c");
  EXPECT_EQ(addresses("\"No end <x@y.net>").front().address, "x@y.net");
  EXPECT_EQ(addresses("A <B <x@y.net>>").front().address, "x@y.net");
  EXPECT_TRUE(addresses("undisclosed-recipients:;").empty());
}

TEST(Parameter, ReadsExtendedAndContinued) {
  EXPECT_EQ(parameter("attachment; filename=\"a \\\"b\\\".pdf\"", "filename"), "a \"b\".pdf");
  EXPECT_EQ(parameter("attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf", "filename"), "Résumé.pdf");
  EXPECT_EQ(parameter("attachment; filename*0=\"long\"; filename*1=\"name.exe\"", "filename"),
            "longname.exe");
  EXPECT_EQ(parameter("multipart/mixed;boundary=x=y;a=b", "boundary"), "x=y");
  EXPECT_EQ(parameter("text/plain", "charset"), "");
}

TEST(Date, IsFoundAfterAnything) {
  const auto at = [](std::string_view text) {
    const auto time = find_date(text);
    return time ? to_rfc3339(*time) : "absent";
  };
  EXPECT_EQ(at("Tue, 13 May 2025 12:47:08 -0700 (PDT)"), "2025-05-13T19:47:08.000Z");
  EXPECT_EQ(at("6 Jan 2026 7:05 EST"), "2026-01-06T12:05:00.000Z");
  EXPECT_EQ(at("by mx (qmail 11769 invoked from network); 22 Aug 2016 14:23:01 -0000"),
            "2016-08-22T14:23:01.000Z");
  EXPECT_EQ(at("Mon, 29 Jan 2023"), "absent");
  EXPECT_EQ(at("yesterday at noon or so"), "absent");
}

TEST(Html, GivesLinksAndText) {
  const auto html = read_html(
      "<style>a{}</style><p>Hello&nbsp;<b>you</b></p><!-- <a href='http://no.example'> -->"
      "<A HREF = \"https://evil.example/?a=1&amp;b=2\">here</a><img src=https://t.example/x.gif>"
      "<a href='&#104;ttps://enc.example/'>x</a><a href=\"/relative\">y</a><a href=mailto:a@b.example>");
  EXPECT_EQ(html.text, "Hello you here x y");
  EXPECT_EQ(html.links, (std::vector<std::string>{"https://evil.example/?a=1&b=2", "https://t.example/x.gif",
                                                  "https://enc.example/", "mailto:a@b.example"}));
}

TEST(Html, HostileMarkupEnds) {
  for (const auto* text :
       {"<a href=\"", "<!--", "<style>", "<a href='x", "<<<<", "<a =", "<a b=c", "&#x;&;&#1114112;"})
    read_html(text);
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "<a href=https://h" + std::to_string(i) + ".example/>";
  EXPECT_EQ(read_html(many).links.size(), kMaxLinks);
}

TEST(Link, GatewaysAreUnwrapped) {
  EXPECT_EQ(unwrap_link(
                "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fx&data=1"),
            "https://evil.example/x");
  EXPECT_EQ(unwrap_link("https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.example_a-2Db&d=x"),
            "https://evil.example/a-b");
  EXPECT_EQ(unwrap_link("https://urldefense.com/v3/__https://evil.example/x__;!!abc"),
            "https://evil.example/x");
  EXPECT_EQ(unwrap_link("https://plain.example/?url=1"), "https://plain.example/?url=1");
}

TEST(Mime, DecodesNestedParts) {
  const auto mail = parse_mail(
      "From: a@b.example\r\nTo: c@d.example\r\nContent-Type: multipart/mixed; boundary=O\r\n\r\n"
      "preamble\r\n--O\r\nContent-Type: multipart/alternative; boundary=\"I I\"\r\n\r\n"
      "--I I\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n"
      "--I I--\r\n--O\r\nContent-Type: application/pdf; name=x.pdf\r\nContent-Transfer-Encoding: "
      "base64\r\n\r\n"
      "JVBERg==\r\n--O--\r\nepilogue");
  ASSERT_EQ(mail.parts.size(), 2U);
  EXPECT_EQ(mail.parts[0].body, "hi");
  EXPECT_EQ(mail.parts[1].body, "%PDF");
  EXPECT_TRUE(mail.parts[1].attached);
}

TEST(Mime, DepthAndCountAreBounded) {
  std::string deep = "From: a@b.c\nTo: d@e.f\n";
  for (int i = 0; i < 100; ++i) {
    const auto boundary = "b" + std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  EXPECT_TRUE(parse_mail(deep + "\nx").parts.empty());
  std::string wide = "From: a@b.c\nTo: d@e.f\nContent-Type: multipart/mixed; boundary=x\n\n";
  for (int i = 0; i < 1000; ++i) wide += "--x\n\npart\n";
  EXPECT_EQ(parse_mail(wide).parts.size(), kMaxParts);
}

TEST(Route, AuthenticationTakesTheTopmostAndAnyPassingSignature) {
  std::string_view text =
      "Authentication-Results: mx; dkim=fail header.d=x; spf=softfail smtp.mailfrom=y\n"
      "Authentication-Results: mx; dkim=pass header.d=z; dmarc=pass (p=none)\n"
      "Received-SPF: Pass (x)\n\n";
  const auto auth = read_authentication(Headers::read(text));
  EXPECT_EQ(auth.spf, "softfail");
  EXPECT_EQ(auth.dkim, "pass");
  EXPECT_EQ(auth.dmarc, "pass");
}

Normalised mail_alert(std::string_view text) {
  auto result = normalise("email", text, {*parse_time("2026-01-20T00:00:00Z")});
  EXPECT_TRUE(result.ok());
  return result ? *std::move(result) : Normalised{};
}

bool has(const model::Alert& alert, model::IocKind kind, std::string_view value) {
  for (const auto& ioc : alert.iocs) {
    if (ioc.kind == kind && ioc.value == value) return true;
  }
  return false;
}

const std::string kReport =
    "From: Anna <anna@corp.example>\nTo: phishing@corp.example\nSubject: FW: please check\n"
    "Date: Tue, 06 Jan 2026 10:00:00 +0000\nContent-Type: multipart/mixed; boundary=r\n\n"
    "--r\n\nLooks odd to me.\n--r\nContent-Type: message/rfc822\n\n"
    "From: \"Bank\" <pay@evil-bank.top>\nTo: anna@corp.example\nReply-To: drop@mailbox.example.net\n"
    "Subject: =?utf-8?B?UGF5IG5vdw==?=\nDate: Tue, 06 Jan 2026 09:00:00 +0000\nMessage-ID: "
    "<m1@evil-bank.top>\n"
    "Content-Type: multipart/mixed; boundary=i\n\n"
    "--i\nContent-Type: text/html\n\n<a href=\"https://evil-bank.top/login\">pay</a>\n"
    "--i\nContent-Type: application/octet-stream; name=invoice.exe\nContent-Transfer-Encoding: "
    "base64\n\nTVo=\n"
    "--i--\n--r--\n";

TEST(EmailSource, AReportIsAboutTheMailInside) {
  const auto result = mail_alert(kReport);
  ASSERT_EQ(result.records.size(), 1U);
  const auto& alert = result.records[0].alert;
  EXPECT_EQ(alert.title, "Pay now");
  EXPECT_EQ(alert.source_id, "m1@evil-bank.top");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2026-01-06T09:00:00.000Z");
  EXPECT_EQ(alert.severity, model::Severity::kHigh);
  EXPECT_TRUE(has(alert, model::IocKind::kUrl, "https://evil-bank.top/login"));
  EXPECT_TRUE(has(alert, model::IocKind::kEmail, "pay@evil-bank.top"));
  EXPECT_TRUE(has(alert, model::IocKind::kSha256, sha256_hex("MZ")));
  EXPECT_TRUE(has(alert, model::IocKind::kMd5, md5_hex("MZ")));
  EXPECT_FALSE(has(alert, model::IocKind::kEmail, "anna@corp.example"));
  EXPECT_EQ(model::find_entity(alert, model::EntityKind::kEmail, {model::EntityRole::kTarget}),
            "anna@corp.example");
}

TEST(EmailSource, AMailInsideAnAttackersMailDoesNotHideHim) {
  auto text = kReport;
  text.replace(text.find("anna@corp.example>"), 17, "evil@stranger.top");
  const auto result = mail_alert(text);
  ASSERT_EQ(result.records.size(), 1U);
  EXPECT_TRUE(has(result.records[0].alert, model::IocKind::kEmail, "evil@stranger.top"));
  EXPECT_TRUE(has(result.records[0].alert, model::IocKind::kUrl, "https://evil-bank.top/login"));
}

TEST(EmailSource, AMailInJsonIsReadToo) {
  const auto result = mail_alert(
      R"({"id":"g1","raw":"RnJvbTogYUBldmlsLnRvcApUbzogYkBjb3JwLmV4YW1wbGUKU3ViamVjdDogSGkKCnlv"})");
  ASSERT_EQ(result.records.size(), 1U);
  EXPECT_EQ(result.records[0].alert.title, "Hi");
  EXPECT_EQ(result.records[0].alert.source_id, "g1");
}

}  // namespace
}  // namespace tocsin::ingest::mail
