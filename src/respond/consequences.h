#pragma once
// What changing a thing would break, told from what is known of it.

#include <string>
#include <vector>

#include "respond/playbook.h"
#include "respond/scene.h"

namespace tocsin::respond {

// Sentences, fit to show; each names the target. Empty when nothing speaks against it.
std::vector<std::string> consequences(Effect effect, const Subject& target);

}  // namespace tocsin::respond
