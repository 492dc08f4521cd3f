#pragma once
// Which groups an alert is linked to, how strongly, and by what.

#include "correlate/sighting.h"

namespace tocsin::correlate {

struct Candidate {
  Group* group = nullptr;
  double weight = 0;
  double who = 0;     // the part of it from keys that say who …
  double where = 0;   // … and from keys that say where
  double assets = 0;  // and from any asset
  bool kill_chain = false;
};

// Groups that share keys with the alert inside the window and do not refuse it, strongest first; of equals
// the one that is older. Small: at most four for each key.
std::vector<Candidate>& candidates(Sighting& sighting, const Options& options, Groups& groups,
                                   std::vector<Candidate>& buffer);

// False for a group that takes no alert of that seq, or would grow beyond its bounds.
bool takes(const Group& group, Seq alert, std::size_t more_alerts, std::int64_t first, std::int64_t last,
           const Options& options);

// The alert's own link into the candidate's group: to the member it shares most with.
Link link_to(const Sighting& sighting, const Candidate& candidate, Groups& groups, std::int64_t window);

// The link of a lone alert that became part of an incident because of this one.
Link link_back(const Sighting& sighting, const Candidate& lone, Groups& groups, std::int64_t window);

std::uint16_t hundredths(double weight);

}  // namespace tocsin::correlate
