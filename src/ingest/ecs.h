#pragma once
// Elastic Common Schema (elastic.co/guide/en/ecs): what an event of any Elastic integration says about users,
// hosts, traffic, processes, files and names.

#include "ingest/draft.h"
#include "ingest/flat_json.h"

namespace tocsin::ingest {

void read_ecs_entities(const FlatJson& event, AlertDraft& draft);
// threat.technique, threat.tactic and rule lists of them ("threat": [{tactic, technique: [...]}]).
void read_ecs_threat(const Node& threat, AlertDraft& draft);

}  // namespace tocsin::ingest
