#pragma once
// Enums of the wire and their one spelling. to_text is total; parse_x is absent for any other text (exact,
// lower case: lenient spellings belong to the normalisers).

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::model {

enum class Severity : std::uint8_t { kInfo, kLow, kMedium, kHigh, kCritical };
enum class AlertStatus : std::uint8_t { kNew, kInProgress, kClosed };
enum class IncidentStatus : std::uint8_t { kOpen, kTriaged, kInProgress, kClosed };
enum class Verdict : std::uint8_t { kUndecided, kTruePositive, kBenignPositive, kFalsePositive };
enum class AssetTier : std::uint8_t { kNormal, kImportant, kCrownJewel };
enum class EntityKind : std::uint8_t {
  kUser,
  kHost,
  kIp,
  kDomain,
  kUrl,
  kHash,
  kEmail,
  kFile,
  kProcess,
  kAccount,
  kCloudResource,
  kCve,
  kMac
};
enum class EntityRole : std::uint8_t { kActor, kTarget, kSource, kDestination, kRelated };
enum class IocKind : std::uint8_t { kIp, kDomain, kUrl, kMd5, kSha1, kSha256, kEmail, kCve };
// What a normaliser made of a record: something a tool judged, something that happened, something known.
enum class RecordKind : std::uint8_t { kAlert, kEvent, kIntel };

std::string_view to_text(Severity value);        // info low medium high critical
std::string_view to_text(AlertStatus value);     // new in_progress closed
std::string_view to_text(IncidentStatus value);  // open triaged in_progress closed
std::string_view to_text(Verdict value);         // undecided true_positive benign_positive false_positive
std::string_view to_text(AssetTier value);       // normal important crown_jewel
std::string_view to_text(EntityKind value);
std::string_view to_text(EntityRole value);
std::string_view to_text(IocKind value);
std::string_view to_text(RecordKind value);

std::optional<Severity> parse_severity(std::string_view text);
std::optional<AlertStatus> parse_alert_status(std::string_view text);
std::optional<IncidentStatus> parse_incident_status(std::string_view text);
std::optional<Verdict> parse_verdict(std::string_view text);
std::optional<AssetTier> parse_asset_tier(std::string_view text);
std::optional<EntityKind> parse_entity_kind(std::string_view text);
std::optional<EntityRole> parse_entity_role(std::string_view text);
std::optional<IocKind> parse_ioc_kind(std::string_view text);

}  // namespace tocsin::model
