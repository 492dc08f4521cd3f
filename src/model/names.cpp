#include "model/names.h"

#include <array>

namespace tocsin::model {
namespace {

// Spellings in the order of the enum.
template <std::size_t N>
using Spellings = std::array<std::string_view, N>;

constexpr Spellings<5> kSeverityNames{"info", "low", "medium", "high", "critical"};
constexpr Spellings<3> kAlertStatusNames{"new", "in_progress", "closed"};
constexpr Spellings<4> kIncidentStatusNames{"open", "triaged", "in_progress", "closed"};
constexpr Spellings<4> kVerdictNames{"undecided", "true_positive", "benign_positive", "false_positive"};
constexpr Spellings<3> kAssetTierNames{"normal", "important", "crown_jewel"};
constexpr Spellings<13> kEntityKindNames{"user",           "host",  "ip",   "domain",  "url",
                                         "hash",           "email", "file", "process", "account",
                                         "cloud_resource", "cve",   "mac"};
constexpr Spellings<5> kEntityRoleNames{"actor", "target", "source", "destination", "related"};
constexpr Spellings<8> kIocKindNames{"ip", "domain", "url", "md5", "sha1", "sha256", "email", "cve"};
constexpr Spellings<3> kRecordKindNames{"alert", "event", "intel"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const Spellings<N>& names, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

template <class Enum, std::size_t N>
std::string_view spell(const Spellings<N>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : "unknown";
}

}  // namespace

std::string_view to_text(Severity value) {
  return spell(kSeverityNames, value);
}
std::string_view to_text(AlertStatus value) {
  return spell(kAlertStatusNames, value);
}
std::string_view to_text(IncidentStatus value) {
  return spell(kIncidentStatusNames, value);
}
std::string_view to_text(Verdict value) {
  return spell(kVerdictNames, value);
}
std::string_view to_text(AssetTier value) {
  return spell(kAssetTierNames, value);
}
std::string_view to_text(EntityKind value) {
  return spell(kEntityKindNames, value);
}
std::string_view to_text(EntityRole value) {
  return spell(kEntityRoleNames, value);
}
std::string_view to_text(IocKind value) {
  return spell(kIocKindNames, value);
}
std::string_view to_text(RecordKind value) {
  return spell(kRecordKindNames, value);
}

std::optional<Severity> parse_severity(std::string_view text) {
  return find<Severity>(kSeverityNames, text);
}
std::optional<AlertStatus> parse_alert_status(std::string_view text) {
  return find<AlertStatus>(kAlertStatusNames, text);
}
std::optional<IncidentStatus> parse_incident_status(std::string_view text) {
  return find<IncidentStatus>(kIncidentStatusNames, text);
}
std::optional<Verdict> parse_verdict(std::string_view text) {
  return find<Verdict>(kVerdictNames, text);
}
std::optional<AssetTier> parse_asset_tier(std::string_view text) {
  return find<AssetTier>(kAssetTierNames, text);
}
std::optional<EntityKind> parse_entity_kind(std::string_view text) {
  return find<EntityKind>(kEntityKindNames, text);
}
std::optional<EntityRole> parse_entity_role(std::string_view text) {
  return find<EntityRole>(kEntityRoleNames, text);
}
std::optional<IocKind> parse_ioc_kind(std::string_view text) {
  return find<IocKind>(kIocKindNames, text);
}

}  // namespace tocsin::model
