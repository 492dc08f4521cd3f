#include "respond/playbook.h"

#include <set>

#include "base/embedded.h"

TOCSIN_EMBEDDED(playbook_c2_outbound)
TOCSIN_EMBEDDED(playbook_iam_key_created)
TOCSIN_EMBEDDED(playbook_impossible_travel)
TOCSIN_EMBEDDED(playbook_multiple_failed_logins)
TOCSIN_EMBEDDED(playbook_s3_public)
TOCSIN_EMBEDDED(playbook_suspicious_powershell)

namespace tocsin::respond {
namespace {

constexpr std::array<std::string_view, 5> kPhases{"triage", "contain", "eradicate", "recover", "document"};
constexpr std::array<std::string_view, 4> kRisks{"none", "low", "medium", "high"};
constexpr std::array<std::string_view, 4> kApprovers{"analyst", "soc_lead", "incident_manager",
                                                     "system_owner"};

bool names_type(const Playbook& playbook, std::span<const std::string> types) {
  return std::any_of(types.begin(), types.end(), [&](const std::string& type) {
    return std::find(playbook.types.begin(), playbook.types.end(), type) != playbook.types.end();
  });
}

bool covers(std::string_view known, std::string_view technique) {
  return technique == known ||
         (technique.starts_with(known) && technique.substr(known.size()).starts_with('.'));
}

bool names_technique(const Playbook& playbook, std::span<const std::string> techniques) {
  return std::any_of(techniques.begin(), techniques.end(), [&](const std::string& technique) {
    return std::any_of(playbook.techniques.begin(), playbook.techniques.end(),
                       [&](const std::string& known) { return covers(known, technique); });
  });
}

}  // namespace

std::string_view to_text(Phase value) {
  return kPhases[static_cast<std::size_t>(value)];
}
std::string_view to_text(Risk value) {
  return kRisks[static_cast<std::size_t>(value)];
}
std::string_view to_text(Approver value) {
  return kApprovers[static_cast<std::size_t>(value)];
}

const std::vector<Playbook>& shipped_playbooks() {
  static const auto shipped = [] {
    std::vector<Playbook> playbooks;
    for (const auto text : {embedded_playbook_c2_outbound(), embedded_playbook_iam_key_created(),
                            embedded_playbook_impossible_travel(), embedded_playbook_multiple_failed_logins(),
                            embedded_playbook_s3_public(), embedded_playbook_suspicious_powershell()}) {
      if (auto playbook = parse_playbook(text, "(shipped)")) playbooks.push_back(*std::move(playbook));
    }
    return playbooks;  // a test holds that none is missing
  }();
  return shipped;
}

std::vector<const Playbook*> match_playbooks(const std::vector<Playbook>& playbooks,
                                             std::span<const std::string> types,
                                             std::span<const std::string> techniques) {
  std::vector<const Playbook*> by_type, by_technique;
  for (const auto& playbook : playbooks) {
    if (names_type(playbook, types)) {
      by_type.push_back(&playbook);
    } else if (names_technique(playbook, techniques)) {
      by_technique.push_back(&playbook);
    }
  }
  by_type.insert(by_type.end(), by_technique.begin(), by_technique.end());
  return by_type;
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
