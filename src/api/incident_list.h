#pragma once
// A page of incidents with what a queue shows beside the stored row: the main entities and the suggested
// verdict, both from the lead alerts, which are read together by their places: no query of the list changes.

#include <vector>

#include "api/context.h"
#include "triage/suggestion.h"

namespace tocsin::api {

struct ListedIncident {
  model::Incident incident;
  std::vector<model::Entity> main_entities;  // of the lead alert, at most one of each main kind
  triage::Suggestion suggestion;
};

Result<store::Page<ListedIncident>> with_leads(store::TenantStore& store, store::Page<model::Incident> page);
void write_listed(JsonWriter& json, const ListedIncident& listed, const FirstResponseMinutes& minutes);

// The user, host, address and cloud resource that the alert is about first of all.
std::vector<model::Entity> main_entities(const model::Alert& alert);

}  // namespace tocsin::api
