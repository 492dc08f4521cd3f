#include "triage/agents/naming.h"

#include <algorithm>

#include "base/ascii.h"
#include "model/network.h"

namespace tocsin::triage {
namespace {

constexpr std::size_t kMaxText = 64U << 10;
constexpr std::size_t kLeastWord = 3;

// Letters and digits in lower case, everything else a blank.
void append_words(std::string& out, std::string_view text) {
  if (out.size() + text.size() > kMaxText) return;
  out += ' ';
  for (const char c : text) out += is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ? lower(c) : ' ';
  out += ' ';
}

}  // namespace

void add(AgentAnalysis& analysis, AgentFinding finding) {
  if (analysis.key_findings.size() < kMaxFindings) analysis.key_findings.push_back(std::move(finding));
}

bool is_named_by(const model::Entity& entity, std::string_view name) {
  if (equal_ignoring_case(entity.value, name)) return true;
  if (entity.kind != model::EntityKind::kIp || name.find('/') == name.npos) return false;
  const auto network = model::parse_network(name);
  const auto address = model::parse_address(entity.value);
  return network && address && contains(*network, *address);
}

std::string place_of(const CaseInput& input, std::string_view name) {
  for (const auto& alert : input.alerts) {
    const auto found = std::find_if(alert.entities.begin(), alert.entities.end(),
                                    [&](const auto& entity) { return is_named_by(entity, name); });
    if (found != alert.entities.end())
      return alert.id.str() + "#/entities/" + std::to_string(found - alert.entities.begin());
  }
  return {};
}

CaseNames::CaseNames(std::span<const model::Alert> alerts) {
  for (const auto& alert : alerts) {
    for (const auto& entity : alert.entities) {
      names_.insert(to_lower(entity.value));
      const bool names_a_program =
          entity.kind == model::EntityKind::kProcess || entity.kind == model::EntityKind::kFile;
      if (names_a_program) append_words(text_, entity.value);
    }
    for (const auto& ioc : alert.iocs) names_.insert(to_lower(ioc.value));
    for (const auto& technique : alert.attack.techniques) names_.insert(to_lower(technique));
    append_words(text_, alert.title);
    append_words(text_, alert.type);
  }
}

bool CaseNames::has(std::string_view name) const {
  return names_.contains(to_lower(name));
}

bool CaseNames::mentions(std::string_view words) const {
  if (words.size() < kLeastWord) return false;
  std::string wanted;
  append_words(wanted, words);
  return text_.find(wanted) != std::string::npos;
}

}  // namespace tocsin::triage
