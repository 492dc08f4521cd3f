// Mails as files (.eml), and as text or base64 inside a JSON object (Gmail's "raw", Graph's $value). A mail
// that a user sent on as an attachment to report it is what the alert is about; the one around it tells who
// reported.

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "ingest/digest.h"
#include "ingest/ip.h"
#include "ingest/mail/date.h"
#include "ingest/mail/decode.h"
#include "ingest/mail/html.h"
#include "ingest/mail/mime.h"
#include "ingest/mail/route.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using mail::Mail;
using mail::Part;
using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

constexpr std::size_t kMaxLinkEntities = 24;
constexpr std::size_t kMaxForwardHeaderBytes = 2048;

// Attachments that run code or hide what does.
constexpr auto kDangerous = std::to_array<std::string_view>(
    {"exe",  "scr", "com",   "pif", "bat", "cmd", "ps1", "vbs", "vbe",  "js",   "jse",  "wsf",  "wsh", "hta",
     "lnk",  "iso", "img",   "vhd", "jar", "msi", "cpl", "dll", "chm",  "docm", "xlsm", "pptm", "xll", "one",
     "html", "htm", "shtml", "svg", "ace", "url", "rdp", "reg", "xlam", "dotm", "appx", "msix"});

bool is_dangerous(const Part& part) {
  const auto dot = part.filename.rfind('.');
  if (!part.attached || dot == std::string::npos) return false;
  const auto suffix = to_lower(std::string_view(part.filename).substr(dot + 1));
  return std::find(kDangerous.begin(), kDangerous.end(), suffix) != kDangerous.end();
}

bool is_text(const Part& part) {
  return !part.attached && part.type.starts_with("text/");
}

// Calls f(Part) for each part of the mail and of those that it encloses.
template <class F>
void each_part(const Mail& mail, F f) {
  for (const auto& part : mail.parts) f(part);
  for (const auto& inner : mail.enclosed) each_part(inner, f);
}

// ---- who wrote to whom ----

std::string sender_of(const Mail& mail) {
  const auto from = mail::addresses(mail.headers.get("from"));
  return from.empty() ? std::string() : from.front().address;
}

void read_senders(const Mail& mail, AlertDraft& draft) {
  for (const auto* name : {"from", "sender", "reply-to", "return-path"}) {
    for (const auto& one : mail::addresses(mail.headers.get(name)))
      draft.observed(EntityKind::kEmail, one.address, EntityRole::kSource);
  }
  for (const auto& address : mail::sending_addresses(mail.headers)) {
    const auto ip = parse_ip(address);
    if (ip && is_public(*ip)) draft.observed(EntityKind::kIp, address, EntityRole::kSource);
  }
}

// Mass mail is often addressed to its own sender.
void read_recipients(const Mail& mail, AlertDraft& draft) {
  const auto sender = sender_of(mail);
  for (const auto* name : {"to", "cc", "bcc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to",
                           "x-ms-exchange-organization-originalenveloperecipients"}) {
    mail.headers.each(name, [&](std::string_view value) {
      for (const auto& one : mail::addresses(value)) {
        if (one.address != sender) draft.entity(EntityKind::kEmail, one.address, EntityRole::kTarget);
      }
    });
  }
}

// ---- what it holds ----

void add_link(const std::string& link, std::size_t& entities, AlertDraft& draft) {
  constexpr std::string_view kMailTo = "mailto:";
  if (equal_ignoring_case(std::string_view(link).substr(0, kMailTo.size()), kMailTo)) {
    const auto address = std::string_view(link).substr(kMailTo.size());
    return draft.mine(mail::decode_percent(address.substr(0, address.find('?'))));
  }
  const auto target = mail::unwrap_link(link);
  if (entities++ < kMaxLinkEntities) draft.entity(EntityKind::kUrl, target, EntityRole::kRelated);
  draft.mine(target);
}

// Returns the text that people read.
std::string read_body(const Mail& mail, AlertDraft& draft) {
  std::string plain;
  std::string html_text;
  std::size_t entities = 0;
  each_part(mail, [&](const Part& part) {
    if (!is_text(part)) return;
    const auto text = mail::to_utf8(part.body, part.charset);
    if (part.type != "text/html") {
      if (plain.empty()) plain = text;
      return draft.mine(text);
    }
    const auto html = mail::read_html(text);
    if (html_text.empty()) html_text = html.text;
    for (const auto& link : html.links) add_link(link, entities, draft);
    draft.mine(html.undisguised());
  });
  return trim(plain).empty() ? html_text : plain;
}

bool read_attachments(const Mail& mail, AlertDraft& draft) {
  bool any = false;
  each_part(mail, [&](const Part& part) {
    if (!part.attached || part.body.empty()) return;
    any = true;
    const bool picture = part.type.starts_with("image/");
    draft.entity(EntityKind::kFile, part.filename, EntityRole::kRelated);
    const auto add = [&](const std::string& hash) {
      picture ? draft.entity(EntityKind::kHash, hash, EntityRole::kRelated)
              : draft.observed(EntityKind::kHash, hash, EntityRole::kRelated);
    };
    add(sha256_hex(part.body));
    add(md5_hex(part.body));
    if (is_dangerous(part)) draft.tag("dangerous-attachment");
    if (part.type == "text/html" || part.type == "application/xhtml+xml")
      for (const auto& link : mail::read_html(mail::to_utf8(part.body, part.charset)).links) draft.mine(link);
  });
  return any;
}

// ---- what to make of it ----

struct Judgement {
  mail::Verdict verdict = mail::Verdict::kNone;
  mail::Authentication authentication;
  bool reported = false;
  bool dangerous = false;
};

bool fails(std::string_view result) {
  return result == "fail" || result == "softfail" || result == "permerror";
}

Severity severity_of(const Judgement& judgement) {
  using mail::Verdict;
  const auto& auth = judgement.authentication;
  if (judgement.verdict == Verdict::kPhishing || judgement.verdict == Verdict::kMalware ||
      judgement.dangerous)
    return Severity::kHigh;
  if (judgement.verdict == Verdict::kSpam || judgement.reported || fails(auth.spf) || fails(auth.dmarc))
    return Severity::kMedium;
  return auth.dmarc == "pass" ? Severity::kLow : Severity::kMedium;
}

void read_judgement(const Judgement& judgement, bool has_attachment, AlertDraft& draft) {
  struct Name {
    std::string_view verdict, type;
  };
  constexpr std::array<Name, 4> kNames{
      {{"", "suspicious_email"}, {"spam", "spam"}, {"phishing", "phishing"}, {"malware", "malicious_email"}}};
  const auto& name = kNames[static_cast<std::size_t>(judgement.verdict)];
  draft.vendor_verdict(name.verdict);
  const bool bare_report = judgement.reported && name.verdict.empty();
  draft.type(bare_report ? "reported_phishing" : name.type);
  draft.severity(severity_of(judgement));
  if (judgement.verdict >= mail::Verdict::kPhishing || judgement.reported || judgement.dangerous)
    draft.technique(has_attachment ? "T1566.001" : "T1566");
  const auto tag = [&](std::string_view method, std::string_view result) {
    if (!result.empty()) draft.tag(std::string(method) + ':' + std::string(result));
  };
  tag("spf", judgement.authentication.spf);
  tag("dkim", judgement.authentication.dkim);
  tag("dmarc", judgement.authentication.dmarc);
}

void read_times(const mail::Headers& headers, AlertDraft& draft) {
  draft.occurred_at(mail::find_date(headers.get("date")));
  headers.each("received", [&](std::string_view value) { draft.occurred_at(mail::find_date(value)); });
}

std::string_view without_angles(std::string_view id) {
  id = trim(id);
  if (id.starts_with('<')) id.remove_prefix(1);
  return id.substr(0, id.find('>'));
}

void read_mail(const Mail& mail, Judgement judgement, AlertDraft& draft) {
  const auto& headers = mail.headers;
  draft.source_id(without_angles(headers.get("message-id")));
  const auto subject = mail::decode_words(headers.get("subject"));
  draft.title(subject);
  draft.title("Mail from " + sender_of(mail));
  read_times(headers, draft);
  read_senders(mail, draft);
  read_recipients(mail, draft);
  const bool has_attachment = read_attachments(mail, draft);
  const auto text = read_body(mail, draft);
  draft.message(text);
  each_part(mail, [&](const Part& part) { judgement.dangerous = judgement.dangerous || is_dangerous(part); });
  judgement.verdict = mail::read_verdict(headers);
  judgement.authentication = mail::read_authentication(headers);
  read_judgement(judgement, has_attachment, draft);
}

// ---- reports ----

std::string_view domain_of(std::string_view address) {
  return address.substr(address.rfind('@') + 1);
}

// A user's report, not an attacker's mail that encloses another: whoever sends it on is whom the inner mail
// was for, or works where they do.
bool is_report(const Mail& outer, const Mail& inner) {
  const auto reporter = sender_of(outer);
  if (reporter.empty()) return true;
  bool same = false;
  for (const auto* name : {"to", "cc", "delivered-to", "x-original-to"}) {
    inner.headers.each(name, [&](std::string_view value) {
      for (const auto& one : mail::addresses(value))
        same = same || domain_of(one.address) == domain_of(reporter);
    });
  }
  return same;
}

// ---- mails sent on as text ----

// What mail programs put above the mail that they send on.
constexpr auto kForwardMarks = std::to_array<std::string_view>(
    {"---------- Forwarded message", "-----Original Message-----",
     "Begin forwarded message:", "-------- Forwarded Message --------", "-----Ursprüngliche Nachricht-----",
     "---------- Weitergeleitete Nachricht", "-------- Message transféré --------"});

// The header lines below such a mark, as text of the outer mail.
std::string forwarded_headers(const Mail& outer) {
  std::string found;
  each_part(outer, [&](const Part& part) {
    if (!is_text(part) || !found.empty()) return;
    const auto text = mail::to_utf8(part.body, part.charset);
    const auto body = part.type == "text/html" ? std::string() : text;
    for (const auto mark : kForwardMarks) {
      if (const auto at = body.find(mark); at != std::string::npos && found.empty())
        found = utf8_prefix(std::string_view(body).substr(at), kMaxForwardHeaderBytes);
    }
  });
  return found;
}

std::string_view line_value(std::string_view text, std::initializer_list<std::string_view> names) {
  while (!text.empty()) {
    auto line = trim(take_until(text, '\n'));
    while (line.starts_with('>') || line.starts_with('*')) line = trim(line.substr(1));
    for (const auto name : names) {
      if (line.starts_with(name)) return trim(line.substr(name.size()));
    }
  }
  return {};
}

bool is_forward(std::string_view subject) {
  constexpr auto kPrefixes = std::to_array<std::string_view>({"fw:", "fwd:", "wg:", "tr:", "rv:"});
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
    return equal_ignoring_case(subject.substr(0, prefix.size()), prefix);
  });
}

// A mail that a user sends on as text: the alert is about the one below the mark, the user is its victim.
// False when it is none; nothing is added then.
bool read_forward(const Mail& outer, AlertDraft& draft) {
  if (!is_forward(mail::decode_words(outer.headers.get("subject")))) return false;
  const auto inner = forwarded_headers(outer);
  const auto writers = mail::addresses(line_value(inner, {"From:", "Von:", "De :", "De:"}));
  if (writers.empty() || writers.front().address.find('@') == std::string::npos) return false;
  const auto subject = line_value(inner, {"Subject:", "Betreff:", "Objet :", "Asunto:"});
  draft.title(subject);
  draft.observed(EntityKind::kEmail, writers.front().address, EntityRole::kSource);
  draft.entity(EntityKind::kEmail, sender_of(outer), EntityRole::kTarget);
  draft.source_id(without_angles(outer.headers.get("message-id")));
  read_times(outer.headers, draft);
  const bool has_attachment = read_attachments(outer, draft);
  draft.message(read_body(outer, draft));
  Judgement judgement;
  judgement.reported = true;
  read_judgement(judgement, has_attachment, draft);
  draft.tag("user-reported");
  return true;
}

void read_document(const Mail& outer, AlertDraft& draft) {
  if (outer.enclosed.empty() && read_forward(outer, draft)) return;

  const bool reported = !outer.enclosed.empty() && is_report(outer, outer.enclosed.front());
  if (!reported) return read_mail(outer, {}, draft);
  Judgement judgement;
  judgement.reported = true;
  read_mail(outer.enclosed.front(), judgement, draft);
  const auto reporter = sender_of(outer);
  draft.entity(EntityKind::kEmail, reporter, EntityRole::kTarget);
  draft.tag("user-reported");
}

// Base64 of a mail, as mail services' APIs hand it out.
std::string mail_text(std::string_view text) {
  if (mail::looks_like_mail(text)) return std::string(text);
  auto decoded = mail::decode_base64(text);
  return mail::looks_like_mail(decoded) ? decoded : std::string();
}

Node wrapped(const Node& object) {
  return object.any({"raw", "eml", "rfc822", "mime", "raw_message", "rawMessage", "content"});
}

}  // namespace

bool is_email_document(std::string_view body) {
  return mail::looks_like_mail(body);
}

void read_email_document(std::string_view body, Output& out) {
  const auto mail = mail::parse_mail(body);
  out.add_text(RecordKind::kAlert, [&](AlertDraft& draft) { read_document(mail, draft); });
}

bool is_email(const Node& object) {
  return wrapped(object).is_string() && !mail_text(wrapped(object).text()).empty();
}

void read_email(const Node& object, Output& out) {
  const auto text = mail_text(wrapped(object).text());
  if (text.empty()) {
    return out.reject("no mail in \"raw\", \"eml\" or \"mime\"",
                      "Send the .eml file itself, or an object with the mail as text or base64.");
  }
  const auto mail = mail::parse_mail(text);
  out.add(RecordKind::kAlert, [&](AlertDraft& draft) {
    draft.source_id(object["id"].scalar());
    read_document(mail, draft);
  });
}

}  // namespace tocsin::ingest
