#pragma once
// What Wazuh's agent for Windows sends: Sysmon, the Security log, Defender.

#include <string>
#include <string_view>

#include "ingest/draft.h"
#include "ingest/json.h"

namespace tocsin::ingest::wazuh {

struct Field {
  std::string_view name;
  model::EntityKind kind;
  model::EntityRole role;
  bool observed;  // suspicious or foreign: an indicator too
};

// The agent for Windows doubles backslashes, escapes quotes and writes XML entities.
std::string plain(std::string_view text);

void add_field(const Node& from, const Field& field, AlertDraft& draft);

// `win` is the member data.win of an alert.
void read_windows(const Node& win, AlertDraft& draft);

}  // namespace tocsin::ingest::wazuh
