#include "respond/playbook.h"

#include <set>

#include "base/embedded.h"

TOCSIN_EMBEDDED(playbooks)

namespace tocsin::respond {
namespace {

constexpr std::array<std::string_view, 5> kPhases{"triage", "contain", "eradicate", "recover", "document"};
constexpr std::array<std::string_view, 4> kRisks{"none", "low", "medium", "high"};
constexpr std::array<std::string_view, 9> kRoles{"analyst",      "endpoint_admin", "identity_admin",
                                                 "mail_admin",   "network_admin",  "cloud_admin",
                                                 "system_owner", "soc_lead",       "incident_manager"};
constexpr std::array<std::string_view, 4> kApprovers{"analyst", "soc_lead", "incident_manager",
                                                     "system_owner"};
constexpr std::array<std::string_view, 17> kEffects{
    "none",        "isolate_host",      "rebuild_host",  "stop_process",
    "remove_file", "disable_account",   "end_sessions",  "reset_credential",
    "revoke_key",  "change_permission", "block_address", "block_domain",
    "block_file",  "limit_traffic",     "remove_mail",   "close_storage",
    "restore_data"};

// The build joins the files into one text; each begins with this line and its name.
constexpr std::string_view kFileMark = "\n### FILE ";

std::vector<Playbook> read_shipped() {
  std::vector<Playbook> playbooks;
  auto rest = embedded_playbooks();
  for (auto at = rest.find(kFileMark); at != std::string_view::npos;) {
    rest.remove_prefix(at + kFileMark.size());
    const auto name = rest.substr(0, rest.find('\n'));
    at = rest.find(kFileMark);
    const auto text = rest.substr(0, at).substr(name.size() + 1);
    if (auto playbook = parse_playbook(text, name)) playbooks.push_back(*std::move(playbook));
  }
  return playbooks;  // tests hold that none is missing
}

}  // namespace

std::string_view to_text(Phase value) {
  return kPhases[static_cast<std::size_t>(value)];
}
std::string_view to_text(Risk value) {
  return kRisks[static_cast<std::size_t>(value)];
}
std::string_view to_text(Role value) {
  return kRoles[static_cast<std::size_t>(value)];
}
std::string_view to_text(Approver value) {
  return kApprovers[static_cast<std::size_t>(value)];
}
std::string_view to_text(Effect value) {
  return kEffects[static_cast<std::size_t>(value)];
}

const std::vector<Playbook>& shipped_playbooks() {
  static const auto shipped = read_shipped();
  return shipped;
}

std::vector<ShortStep> short_steps(const std::vector<const Playbook*>& playbooks) {
  std::vector<ShortStep> steps;
  std::set<std::string_view> known;
  for (const auto* playbook : playbooks) {
    for (const auto& step : playbook->steps) {
      if (known.insert(step.action).second)
        steps.push_back({step.action, std::string(to_text(step.risk)), step.impact});
    }
  }
  return steps;
}

}  // namespace tocsin::respond
