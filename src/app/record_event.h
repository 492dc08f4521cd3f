#pragma once

#include "ingest/ingest.h"
#include "model/event.h"

namespace tocsin::app {

// A record that nobody judged yet, as the event it is stored as.
model::Event to_event(const ingest::Record& record);

}  // namespace tocsin::app
