#pragma once
// Events as rule files write them: YAML into JSON, by the core schema of YAML 1.2 (chapter 10.3): what is
// quoted is a text; null, true, 0o17, 0x1f and 1e3 without quotes are not. Infinities stay texts: JSON has
// none.

#include <string>

#include "detect/sigma/yaml.h"

namespace tocsin::detect {

std::string to_json(const sigma::Yaml& value);

}  // namespace tocsin::detect
