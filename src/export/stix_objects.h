#pragma once
// The objects of a STIX 2.1 bundle that stand for things seen: cyber-observables (specification §6).

#include <optional>
#include <string>

#include "base/json_writer.h"
#include "model/alert.h"

namespace tocsin::exports {

// One object of a bundle, ready.
struct StixObject {
  std::string id;
  std::string json;
};

// The entity as a cyber-observable with the deterministic id of §2.9. Absent for what has no such object
// (hosts, cloud resources, vulnerabilities) and for values that the object's property does not allow: an IP
// that is no address, a URL with blanks.
std::optional<StixObject> observable_of(const model::Entity& entity);
// The same for an indicator's value.
std::optional<StixObject> observable_of(const model::Ioc& ioc);

// "indicator--<uuid5 of our space and the text>"
std::string stix_id(std::string_view type, std::string_view name);

}  // namespace tocsin::exports
