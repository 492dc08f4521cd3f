#include "ingest/traffic.h"

#include "ingest/ip.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

bool is_own(const End& end) {
  return end.side == Side::kOwn || !is_public_text(end.address);
}

}  // namespace

bool is_public_text(std::string_view address) {
  const auto ip = parse_ip(address);
  return ip && is_public(*ip);
}

bool is_absolute_url(std::string_view text) {
  const auto colon = text.find("://");
  return colon != std::string_view::npos && colon < text.find_first_of("/?#.");
}

void add_peer(AlertDraft& draft, EntityKind kind, std::string_view value, bool own, EntityRole role) {
  if (own) {
    draft.entity(kind, value, role);
  } else {
    draft.observed(kind, value, role);
  }
}

EndsOwned add_traffic(AlertDraft& draft, End source, End destination, Suspect suspect) {
  EndsOwned owned{is_own(source), is_own(destination)};
  // Between two outer interfaces goes what is meant for the device itself, or for what stands behind its NAT.
  const bool undecided = !source.address.empty() && !destination.address.empty() && !owned.source &&
                         !owned.destination && source.side == destination.side;
  if (undecided && suspect != Suspect::kBoth) {
    (suspect == Suspect::kSource ? owned.destination : owned.source) = true;
  }
  add_peer(draft, EntityKind::kIp, source.address, owned.source, EntityRole::kSource);
  add_peer(draft, EntityKind::kIp, destination.address, owned.destination, EntityRole::kDestination);
  return owned;
}

std::string describe_traffic(std::string_view source, std::string_view source_port,
                             std::string_view destination, std::string_view destination_port,
                             std::string_view protocol) {
  std::string text;
  const auto add_end = [&](std::string_view address, std::string_view port) {
    text += address;
    if (!port.empty() && port != "0") text.append(":").append(port);
  };
  if (source.empty() && destination.empty()) return text;
  add_end(source, source_port);
  text += " -> ";
  add_end(destination, destination_port);
  if (!protocol.empty()) text.append(" ").append(protocol);
  return text;
}

}  // namespace tocsin::ingest
