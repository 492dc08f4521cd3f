#pragma once
// Rule collections: documents of one file that speak for the ones after them (Sigma specification, "Rule
// Collections").

#include <vector>

#include "detect/sigma/yaml.h"

namespace tocsin::detect::sigma {

// What is left when `action: global`, `repeat` and `reset` have done their work, in order: documents that
// stand for themselves. Documents that cannot be are left out, with the reason.
struct Collection {
  std::vector<Yaml> documents;
  std::vector<Error> faults;
};
Collection resolve_actions(std::vector<Yaml> documents);

}  // namespace tocsin::detect::sigma
