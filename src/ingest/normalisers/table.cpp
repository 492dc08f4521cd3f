#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/json_text.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr std::array<std::string_view, 1> kW3cAliases{"iis"};
constexpr std::array<std::string_view, 1> kGuarddutyAliases{"guardduty"};
constexpr std::array<std::string_view, 1> kCrowdstrikeAliases{"falcon"};
constexpr std::array<std::string_view, 2> kEntraAliases{"entra", "azure-ad"};
constexpr std::array<std::string_view, 2> kCortexAliases{"cortex", "cortex-xdr"};
constexpr std::array<std::string_view, 1> kVisionOneAliases{"visionone"};
constexpr std::array<std::string_view, 1> kCarbonBlackAliases{"carbon-black"};
constexpr std::array<std::string_view, 1> kProofpointAliases{"proofpoint"};
constexpr std::array<std::string_view, 1> kDefenderAliases{"defender"};
constexpr std::array<std::string_view, 1> kSentinelAliases{"sentinel"};
constexpr std::array<std::string_view, 1> kZeekAliases{"corelight"};
constexpr std::array<std::string_view, 2> kPanosAliases{"panos", "paloalto"};
constexpr std::array<std::string_view, 2> kFortigateAliases{"fortigate", "fortinet"};
constexpr std::array<std::string_view, 2> kVpcflowAliases{"vpcflow", "vpc-flow"};
constexpr std::array<std::string_view, 1> kSecurityhubAliases{"securityhub"};
constexpr std::array<std::string_view, 1> kCloudtrailAliases{"cloudtrail"};
constexpr std::array<std::string_view, 2> kGcpAliases{"gcp", "gcp-scc"};
constexpr std::array<std::string_view, 2> kSecopsAliases{"chronicle", "secops"};
constexpr std::array<std::string_view, 3> kWindowsAliases{"windows", "winlogbeat", "wineventlog"};
constexpr std::array<std::string_view, 2> kElasticAliases{"kibana", "elastic-security"};

// In the order in which `auto` asks them: distinctive shapes first, wrappers of others (splunk) after those.
constexpr auto kTable = std::to_array<Normaliser>({
    {"aws-guardduty", kGuarddutyAliases, is_guardduty, read_guardduty, nullptr, nullptr},
    {"crowdstrike", kCrowdstrikeAliases, is_crowdstrike, read_crowdstrike, nullptr, nullptr},
    {"okta", {}, is_okta, read_okta, nullptr, nullptr},
    {"entra-signin", kEntraAliases, is_entra, read_entra, nullptr, nullptr},
    {"azure-activity", {}, is_azure_activity, read_azure_activity, nullptr, nullptr},
    {"azure-monitor", {}, is_azure_monitor, read_azure_monitor, nullptr, nullptr},
    {"sentinelone", {}, is_sentinelone, read_sentinelone, nullptr, nullptr},
    {"paloalto-cortex-xdr", kCortexAliases, is_cortex_xdr, read_cortex_xdr, nullptr, nullptr},
    {"trendmicro-visionone", kVisionOneAliases, is_visionone, read_visionone, nullptr, nullptr},
    {"aws-securityhub", kSecurityhubAliases, is_securityhub, read_securityhub, nullptr, nullptr},
    {"aws-cloudtrail", kCloudtrailAliases, is_cloudtrail, read_cloudtrail, nullptr, nullptr},
    {"ocsf", {}, is_ocsf, read_ocsf, nullptr, nullptr},
    {"gcp-audit", kGcpAliases, is_gcp, read_gcp, nullptr, nullptr},
    {"google-secops", kSecopsAliases, is_google_secops, read_google_secops, nullptr, nullptr},
    {"qradar", {}, is_qradar, read_qradar, nullptr, nullptr},
    {"carbonblack", kCarbonBlackAliases, is_carbonblack, read_carbonblack, nullptr, nullptr},
    {"proofpoint-tap", kProofpointAliases, is_proofpoint, read_proofpoint, nullptr, nullptr},
    {"sublime", {}, is_sublime, read_sublime, nullptr, nullptr},
    {"wiz", {}, is_wiz, read_wiz, nullptr, nullptr},
    {"stix", {}, is_stix, read_stix, nullptr, nullptr},
    {"misp", {}, is_misp, read_misp, nullptr, nullptr},
    {"virustotal", {}, is_virustotal, read_virustotal, nullptr, nullptr},
    {"abuseipdb", {}, is_abuseipdb, read_abuseipdb, nullptr, nullptr},
    {"microsoft-sentinel", kSentinelAliases, is_sentinel, read_sentinel, nullptr, nullptr},
    {"microsoft-defender", kDefenderAliases, is_defender, read_defender, nullptr, nullptr},
    {"wazuh", {}, is_wazuh, read_wazuh, nullptr, nullptr},
    {"suricata", {}, is_suricata, read_suricata, nullptr, nullptr},
    {"windows-eventlog", kWindowsAliases, is_windows_event, read_windows_event, is_windows_line,
     read_windows_line, is_windows_document, read_windows_document},
    {"elastic", kElasticAliases, is_elastic, read_elastic, nullptr, nullptr},
    {"falco", {}, is_falco, read_falco, nullptr, nullptr},
    {"zeek", kZeekAliases, is_zeek, read_zeek, nullptr, read_zeek_line, is_zeek_document, read_zeek_document},
    {"w3c", kW3cAliases, is_w3c, read_w3c, nullptr, read_w3c_line, is_w3c_document, read_w3c_document},
    {"splunk", {}, is_splunk, read_splunk, nullptr, nullptr},
    {"leef", {}, is_leef_object, read_leef_object, is_leef_line, read_leef_line},
    {"cef", {}, is_cef_object, read_cef_object, is_cef_line, read_cef_line},
    {"paloalto-ngfw", kPanosAliases, is_panos_object, read_panos_object, is_panos_line, read_panos_line},
    {"fortinet-fortigate", kFortigateAliases, is_fortigate_object, read_fortigate_object, is_fortigate_line,
     read_fortigate_line},
    {"aws-vpcflow", kVpcflowAliases, is_vpcflow_object, read_vpcflow_object, is_vpcflow_line,
     read_vpcflow_line, is_vpcflow_document, read_vpcflow_document},
    {"email", {}, is_email, read_email, nullptr, nullptr, is_email_document, read_email_document},
    {"syslog", {}, is_syslog_object, read_syslog_object, is_syslog_line, read_syslog_line},
    {"generic", {}, is_generic, read_generic, nullptr, nullptr},
});

// Line breaks go: `normalize` prints one object a line, and the store keeps no blanks for layout.
std::string one_line(std::string_view raw) {
  // Two searches for one byte are a tenth of the cost of one for either.
  const bool broken = raw.find('\n') != std::string_view::npos || raw.find('\r') != std::string_view::npos;
  if (!broken) return std::string(raw);
  std::string out(raw.size() + simdjson::SIMDJSON_PADDING, '\0');
  std::size_t size = 0;
  if (simdjson::minify(raw.data(), raw.size(), out.data(), size)) return std::string(raw);
  out.resize(size);
  return out;
}

}  // namespace

std::span<const Normaliser> normalisers() {
  return kTable;
}

const Normaliser* find_normaliser(std::string_view name) {
  const auto found = std::find_if(kTable.begin(), kTable.end(), [&](const Normaliser& entry) {
    return entry.name == name ||
           std::find(entry.aliases.begin(), entry.aliases.end(), name) != entry.aliases.end();
  });
  return found == kTable.end() ? nullptr : &*found;
}

const Normaliser& recognise(const Node& object) {
  return *std::find_if(kTable.begin(), kTable.end() - 1,
                       [&](const Normaliser& entry) { return entry.recognises(object); });
}

Record& Output::open(model::RecordKind kind, std::string_view raw) {
  Record& record = to_.records.emplace_back();
  record.kind = kind;
  record.index = index_;
  record.alert.source = source_;
  record.alert.raw = one_line(raw);
  return record;
}

bool Output::is_utf8() {
  const auto bad = find_invalid_utf8(item_);
  if (bad == item_.size()) return true;
  reject("invalid UTF-8", "Send text in UTF-8.", "byte " + std::to_string(bad));
  return false;
}

Error too_many_records(const Options& options) {
  return error(ErrorKind::kTooLarge, "read body",
               "more than " + std::to_string(options.max_records) + " records in one body",
               "Send them in smaller batches.");
}

bool Output::is_full() {
  const bool full = to_.records.size() + to_.rejections.size() >= options_.max_records;
  to_.too_many = to_.too_many || full;
  return full;
}

void Output::reject(std::string message, std::string hint, std::string where) {
  reject_part(item_, std::move(message), std::move(hint), std::move(where));
}

void Output::reject_part(std::string_view bytes, std::string message, std::string hint, std::string where) {
  if (is_full()) return;
  to_.rejections.push_back({index_,
                            error(ErrorKind::kInvalidInput, "normalise " + std::string(source_),
                                  std::move(message), std::move(hint), std::move(where)),
                            std::string(bytes)});
}

void Output::reject_members(std::vector<Fault> faults, std::size_t base) {
  const auto& first = faults.front();
  reject(first.pointer.substr(base) + ' ' + first.what, {}, first.pointer);
  to_.rejections.back().faults = std::move(faults);
}

std::string Output::quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string Output::object_of(const Fields& fields) const {
  constexpr std::string_view kOriginal = "event.original";
  std::string out;
  std::unordered_set<std::string_view> names{kOriginal};
  JsonWriter json(out);
  json.object([&] {
    if (fields["message"] != trim(item_)) json.member(kOriginal, item_);
    for (const auto& [name, value] : fields.all()) {
      if (!name.empty() && names.insert(name).second) json.member(name, value);
    }
  });
  return out;
}

}  // namespace tocsin::ingest
