#pragma once
// Google's Unified Data Model (cloud.google.com/chronicle/docs, "UDM field list"): who and what an event is
// about.

#include "ingest/draft.h"
#include "ingest/json.h"

namespace tocsin::ingest {

void read_udm_event(const Node& event, AlertDraft& draft);

}  // namespace tocsin::ingest
