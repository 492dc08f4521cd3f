#include "hunt/hunt.h"

#include <algorithm>
#include <array>

#include "hunt/render.h"

namespace tocsin::hunt {
namespace {

struct Source {
  Platform platform;
  std::span<const Template> (*templates)();
};
constexpr Source kSources[] = {
    {Platform::kSentinel, sentinel_templates}, {Platform::kDefender, defender_templates},
    {Platform::kSplunk, splunk_templates},     {Platform::kElastic, elastic_templates},
    {Platform::kAthena, athena_templates},     {Platform::kSigma, sigma_templates},
};

bool covers(std::string_view wanted, std::string_view id) {
  return id == wanted || (id.starts_with(wanted) && id.substr(wanted.size()).starts_with('.'));
}

// Techniques and tactics of the incident that the template is for.
std::vector<std::string> reasons_for(const Template& source, const model::Attack& attack) {
  std::vector<std::string> found;
  auto rest = source.attack;
  while (!rest.empty()) {
    const auto wanted = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), wanted.size() + 1));
    for (const auto* ids : {&attack.techniques, &attack.tactics}) {
      for (const auto& id : *ids) {
        if (covers(wanted, id) && std::find(found.begin(), found.end(), id) == found.end())
          found.push_back(id);
      }
    }
  }
  return found;
}

}  // namespace

std::string_view to_text(Language language) {
  constexpr std::array<std::string_view, 5> kNames{"kql", "spl", "esql", "sql", "sigma"};
  return kNames[static_cast<std::size_t>(language)];
}

std::string_view to_text(Platform platform) {
  constexpr std::array<std::string_view, 6> kNames{"sentinel", "defender", "splunk",
                                                   "elastic",  "athena",   "sigma"};
  return kNames[static_cast<std::size_t>(platform)];
}

std::string_view title_of(Platform platform) {
  constexpr std::array<std::string_view, 6> kTitles{"Microsoft Sentinel",
                                                    "Microsoft Defender XDR",
                                                    "Splunk",
                                                    "Elastic",
                                                    "Amazon Athena (CloudTrail)",
                                                    "Sigma"};
  return kTitles[static_cast<std::size_t>(platform)];
}

std::vector<Query> incident_queries(const Case& incident) {
  const auto lists = value_lists(incident);
  std::vector<Query> chosen, general;
  for (const auto& [platform, templates] : kSources) {
    for (const auto& source : templates()) {
      auto reasons = reasons_for(source, incident.attack);
      if (!source.attack.empty() && reasons.empty()) continue;
      auto query = render(source, platform, incident, lists);
      if (!query) continue;
      query->techniques = std::move(reasons);
      (source.attack.empty() ? general : chosen).push_back(*std::move(query));
    }
  }
  std::move(general.begin(), general.end(), std::back_inserter(chosen));
  if (chosen.size() > kMaxQueries) chosen.resize(kMaxQueries);
  return chosen;
}

}  // namespace tocsin::hunt
