#pragma once
// What hunting queries are made from.

#include "api/incident_access.h"
#include "hunt/hunt.h"

namespace tocsin::api {

inline hunt::Case hunt_case(const Loaded& loaded) {
  const auto& incident = loaded.facts.incident;
  return {incident.id.str(),  plain_entities(loaded.view), loaded.view.iocs,
          loaded.view.attack, incident.first_seen,         incident.last_seen};
}

}  // namespace tocsin::api
