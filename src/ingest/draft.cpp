#include "ingest/draft.h"

#include <algorithm>

#include "base/utf8.h"
#include "ingest/domain.h"
#include "ingest/ioc.h"
#include "ingest/ip.h"
#include "ingest/text.h"
#include "model/attack.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Ioc;
using model::IocKind;

constexpr auto kMaxFuture = std::chrono::hours{24 * 366};  // a clock may be wrong by a year, not by more
constexpr std::size_t kMaxTechniques = 32;
constexpr std::size_t kMaxSourceBytes = 64;
constexpr std::size_t kMinHashBytes = 8;  // shorter ones are placeholders

std::string bounded(std::string_view text, std::size_t max_bytes) {
  return std::string(utf8_prefix(trim(text), max_bytes));
}

// "N/A"-like lengths, and the zeros that sensors write where they computed none.
bool is_placeholder_hash(std::string_view hash) {
  return hash.size() < kMinHashBytes || hash.find_first_not_of('0') == std::string_view::npos;
}

std::string normal_mac(std::string_view text) {
  std::string mac;
  for (const char c : text) {
    if (!is_hex(c)) continue;
    if (mac.size() % 3 == 2) mac += ':';
    mac += lower(c);
  }
  return mac.size() == 17 ? mac : std::string();
}

// One spelling per thing, so that equal things meet; empty for what is no such thing.
std::string normal_value(EntityKind kind, std::string_view value) {
  switch (kind) {
    case EntityKind::kIp: {
      const auto address = parse_ip_and_port(value);
      return address ? to_string(*address) : std::string();
    }
    case EntityKind::kDomain:
      while (value.ends_with('.')) value.remove_suffix(1);
      return to_lower(value);
    case EntityKind::kHash:
      return is_placeholder_hash(value) ? std::string() : to_lower(value);
    case EntityKind::kEmail:
      return to_lower(value);
    case EntityKind::kMac:
      return normal_mac(value);
    case EntityKind::kHost:
      while (value.size() > 1 && value.ends_with('.')) value.remove_suffix(1);
      return std::string(value);
    default:
      return std::string(value);
  }
}

std::optional<Ioc> ioc_of(EntityKind kind, std::string_view value, DomainHint hint = DomainHint::kField) {
  switch (kind) {
    case EntityKind::kIp:
      return make_ioc(IocKind::kIp, value);
    case EntityKind::kDomain:
      return make_ioc(IocKind::kDomain, value, hint);
    case EntityKind::kUrl:
      return make_ioc(IocKind::kUrl, value, hint);
    case EntityKind::kHash:
      return make_hash_ioc(value, hint);
    case EntityKind::kEmail:
      return make_ioc(IocKind::kEmail, value);
    case EntityKind::kCve:
      return make_ioc(IocKind::kCve, value);
    default:
      return std::nullopt;
  }
}

// The name space that a customer's own host or account lives in; empty for bare names.
std::string own_domain(const model::Entity& entity) {
  const bool account = entity.kind == EntityKind::kUser || entity.kind == EntityKind::kEmail;
  if (entity.role != EntityRole::kTarget || (!account && entity.kind != EntityKind::kHost)) return {};
  const auto cut = entity.value.find(account ? '@' : '.');
  if (cut == std::string::npos) return {};
  const auto domain = std::string_view(entity.value).substr(cut + 1);
  return domain.find('.') == std::string_view::npos ? std::string() : to_lower(domain);
}

// The name part of an indicator: the domain, a URL's host, an address' domain.
std::string ioc_host(const Ioc& ioc) {
  if (ioc.kind == IocKind::kUrl) return url_host(ioc.value);
  if (ioc.kind == IocKind::kEmail) return ioc.value.substr(ioc.value.rfind('@') + 1);
  return ioc.value;
}

bool is_technique_id(std::string_view text) {
  return text.size() >= 5 && text[0] == 'T' && std::all_of(text.begin() + 1, text.begin() + 5, is_digit);
}

// What columns that may not be empty hold instead.
bool is_filler(EntityKind kind, std::string_view value) {
  if (kind == EntityKind::kEmail) return value.find('@') == std::string_view::npos;
  return (kind == EntityKind::kIp || kind == EntityKind::kHost) && (value == "0.0.0.0" || value == "::");
}

}  // namespace

void AlertDraft::source(std::string_view name) {
  if (!trim(name).empty()) alert_.source = bounded(name, kMaxSourceBytes);
}

void AlertDraft::rule(std::string_view id) {
  id = trim(id);
  if (!id.empty()) tag("rule:" + std::string(utf8_prefix(id, kMaxShortTextBytes - 5)));
}

void AlertDraft::source_id(std::string_view id) {
  if (!trim(id).empty()) alert_.source_id = bounded(id, kMaxShortTextBytes);
}

void AlertDraft::title(std::string_view text) {
  if (!alert_.title.empty()) return;
  alert_.title = bounded(text, kMaxTitleBytes);
  for (char& c : alert_.title) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';  // one line
  }
}

void AlertDraft::message(std::string_view text) {
  if (alert_.message.empty()) alert_.message = bounded(text, kMaxMessageBytes);
}

void AlertDraft::occurred_at(std::optional<Timestamp> time) {
  if (alert_.occurred_at != Timestamp{} || !time) return;
  const bool wild = options_.now != Timestamp{} && *time > options_.now + kMaxFuture;
  if (!wild) alert_.occurred_at = *time;
}

void AlertDraft::source_url(std::string_view url) {
  if (!alert_.source_url && url.find("://") != std::string_view::npos) {
    alert_.source_url = bounded(url, kMaxEntityBytes);
  }
}

void AlertDraft::vendor_status(std::string_view text) {
  if (!is_blank_value(trim(text))) alert_.vendor_status = bounded(text, kMaxShortTextBytes);
}

void AlertDraft::vendor_verdict(std::string_view text) {
  text = trim(text);
  if (!is_blank_value(text)) alert_.vendor_verdict = bounded(text, kMaxShortTextBytes);
}

void AlertDraft::fact(std::string_view name, std::string_view value, std::string_view from) {
  auto text = bounded(value, kMaxEntityBytes);
  if (!text.empty())
    alert_.facts.push_back({std::string(name), std::move(text), std::string(from), options_.now});
}

void AlertDraft::tag(std::string_view text) {
  auto value = bounded(text, kMaxShortTextBytes);
  auto& tags = alert_.tags;
  if (value.empty() || tags.size() >= kMaxTags || std::find(tags.begin(), tags.end(), value) != tags.end())
    return;
  tags.push_back(std::move(value));
}

void AlertDraft::command_line(std::string_view text) {
  if (alert_.process.command_line || is_blank_value(trim(text))) return;
  alert_.process.command_line = bounded(text, kMaxMessageBytes);
  mine(text);
}

void AlertDraft::parent_process(std::string_view text) {
  if (!alert_.process.parent && !is_blank_value(trim(text)))
    alert_.process.parent = bounded(text, kMaxEntityBytes);
}

void AlertDraft::process_hash(std::string_view text) {
  if (!alert_.process.hash && !is_placeholder_hash(trim(text)))
    alert_.process.hash = to_lower(bounded(text, 128));
}

void AlertDraft::technique(std::string_view id_or_name) {
  if (techniques_.size() < kMaxTechniques) techniques_.push_back(bounded(id_or_name, kMaxShortTextBytes));
}

void AlertDraft::tactic(std::string_view id_or_name) {
  if (tactics_.size() < kMaxTechniques) tactics_.push_back(bounded(id_or_name, kMaxShortTextBytes));
}

void AlertDraft::techniques_in(std::string_view text) {
  text = text.substr(0, kMaxMessageBytes);
  for (auto at = text.find('T'); at != std::string_view::npos; at = text.find('T', at + 1)) {
    const auto rest = text.substr(at);
    if ((at > 0 && is_alnum(text[at - 1])) || !is_technique_id(rest)) continue;
    const bool sub =
        rest.size() >= 9 && rest[5] == '.' && std::all_of(rest.begin() + 6, rest.begin() + 9, is_digit);
    technique(rest.substr(0, sub ? 9 : 5));
  }
}

bool AlertDraft::add(EntityKind kind, std::string value, EntityRole role) {
  if (value.empty()) return false;
  auto& entities = alert_.entities;
  for (auto& known : entities) {
    if (known.kind != kind || known.value != value) continue;
    if (known.role == role || role == EntityRole::kRelated) return true;
    if (known.role == EntityRole::kRelated) {
      known.role = role;
      return true;
    }
  }
  if (entities.size() >= model::kMaxEntities) return false;
  entities.push_back({kind, std::move(value), role});
  return true;
}

void AlertDraft::entity(EntityKind kind, std::string_view value, EntityRole role) {
  value = utf8_prefix(trim(value), kMaxEntityBytes);
  if (is_blank_value(value) || is_filler(kind, value)) return;
  if (kind == EntityKind::kHost && parse_ip(value)) kind = EntityKind::kIp;
  add(kind, normal_value(kind, value), role);
}

// "MD5=…,SHA256=…,IMPHASH=…" as Sysmon writes it; the import hash names no file.
void AlertDraft::observed_hashes(std::string_view list, EntityRole role) {
  while (!list.empty()) {
    auto value = take_until(list, ',');
    const auto name = trim(take_until(value, '='));
    const bool digest = !value.empty() && value.find('=') == std::string_view::npos;
    if (digest && !equal_ignoring_case(name, "imphash")) observed(EntityKind::kHash, value, role);
  }
}

void AlertDraft::observed(EntityKind kind, std::string_view value, EntityRole role) {
  value = trim(value);
  if (kind == EntityKind::kHash && value.find('=') != std::string_view::npos)
    return observed_hashes(value, role);
  if ((kind == EntityKind::kHost || kind == EntityKind::kDomain) && parse_ip(value)) kind = EntityKind::kIp;
  entity(kind, value, role);
  auto ioc = ioc_of(kind, value);
  if (ioc) add_ioc(alert_.iocs, std::move(*ioc));
}

void AlertDraft::reported(EntityKind kind, std::string_view value, EntityRole role) {
  value = trim(value);
  const bool prose = kind == EntityKind::kDomain && value.find(' ') != std::string_view::npos;
  const bool defanged = value.find_first_of("[(") != std::string_view::npos || value.starts_with("hxx");
  if (defanged || prose) mine(value);
  if (prose) return;
  observed(kind, value, role);
  auto ioc = defanged ? std::nullopt : ioc_of(kind, value, DomainHint::kNamed);
  if (ioc) add_ioc(alert_.iocs, std::move(*ioc));
}

void AlertDraft::mine(std::string_view text) {
  if (!text.empty()) mine_iocs(text, mined_);
}

void AlertDraft::mine_cves(std::string_view text) {
  std::vector<Ioc> found;
  mine_iocs(text, found);
  for (auto& ioc : found) {
    if (ioc.kind == IocKind::kCve) add_ioc(alert_.iocs, std::move(ioc));
  }
}

bool AlertDraft::is_own(const Ioc& ioc) const {
  if (ioc.kind == IocKind::kMd5 || ioc.kind == IocKind::kSha1 || ioc.kind == IocKind::kSha256 ||
      ioc.kind == IocKind::kCve) {
    return false;
  }
  const auto host = ioc_host(ioc);
  return std::any_of(alert_.entities.begin(), alert_.entities.end(), [&](const model::Entity& entity) {
    const bool named =
        equal_ignoring_case(entity.value, ioc.value) || equal_ignoring_case(entity.value, host);
    return (named && entity.role == EntityRole::kTarget) || is_within(host, own_domain(entity));
  });
}

void AlertDraft::add_mined() {
  for (auto& ioc : mined_) {
    if (!is_own(ioc)) add_ioc(alert_.iocs, std::move(ioc));
  }
}

void AlertDraft::finish() {
  if (alert_.title.empty()) title(alert_.message.substr(0, alert_.message.find('\n')));
  if (alert_.title.empty()) alert_.title = "Untitled alert";
  if (alert_.message.empty()) alert_.message = alert_.title;
  if (alert_.type.empty()) alert_.type = slug_of_title(alert_.title);
  if (alert_.type.empty()) alert_.type = "alert";
  if (alert_.occurred_at == Timestamp{}) {
    alert_.occurred_at = options_.now;
    tag("time-missing");
  }
  if (alert_.first_seen == Timestamp{}) alert_.first_seen = alert_.occurred_at;
  if (alert_.last_seen == Timestamp{}) alert_.last_seen = alert_.occurred_at;
  if (!mined_.empty()) add_mined();
  if (!techniques_.empty() || !tactics_.empty()) alert_.attack = model::checked_attack(techniques_, tactics_);
}

}  // namespace tocsin::ingest
