#pragma once
// The two ends of traffic, and which of them are the customer's: those are entities, foreign ones indicators
// too.

#include <string_view>

#include "ingest/draft.h"

namespace tocsin::ingest {

enum class Side { kUnknown, kOwn, kForeign };

struct End {
  std::string_view address;
  Side side = Side::kUnknown;  // what the log says of it; a private address is always the customer's
};

// Which end is the attacker's when both are public and nothing says whose they are.
enum class Suspect { kSource, kDestination, kBoth };

struct EndsOwned {
  bool source = false;
  bool destination = false;
};

// Adds both ends and says which are the customer's.
EndsOwned add_traffic(AlertDraft& draft, End source, End destination, Suspect suspect);

bool is_public_text(std::string_view address);
// "http://host/path", not "/path?to=http://host".
bool is_absolute_url(std::string_view text);

// A name of the other end of traffic: an indicator unless it is the customer's.
void add_peer(AlertDraft& draft, model::EntityKind kind, std::string_view value, bool own,
              model::EntityRole role = model::EntityRole::kRelated);

// "1.2.3.4:80 -> 10.0.0.1:443 tcp" from what is there.
std::string describe_traffic(std::string_view source, std::string_view source_port,
                             std::string_view destination, std::string_view destination_port,
                             std::string_view protocol);

}  // namespace tocsin::ingest
