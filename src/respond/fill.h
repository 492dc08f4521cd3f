#pragma once
// Putting an incident's own names into a command of a playbook. A value becomes one word of the command's
// language or stays out (escape/shell.h), so that no name can change what a command does.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/alert.h"
#include "respond/playbook.h"

namespace tocsin::respond {

struct Placeholder {
  std::string_view name;   // "user"
  std::size_t at = 0;      // offset of '{'
  std::size_t length = 0;  // with both braces
};
// All "{lower_case}" of the text; "${…}" is a variable and none.
std::vector<Placeholder> placeholders(std::string_view text);
bool is_known_placeholder(std::string_view name);  // an entity kind, "from" or "until"

// What stands for the placeholders: entities best first, and the time of the incident with a margin.
struct Filling {
  std::vector<model::Entity> entities;
  Timestamp from{}, until{};
};

struct Filled {
  std::string run;                   // a placeholder without a fit value stands as it is
  std::vector<std::string> refused;  // why, one sentence each, fit to show
};
Filled fill(const Command& command, const Filling& filling);

// The entities of that kind for a step, best first: its preferred roles before others, and a public address
// before a private one; otherwise in the order given.
std::vector<model::Entity> targets_of(const Step& step, const std::vector<model::Entity>& entities);
// `filling` with the step's targets before everything else.
Filling filling_for(const Step& step, const Filling& filling);

// 10/8, 172.16/12, 192.168/16, 127/8, 169.254/16, fc00::/7, fe80::/10, ::1
bool is_private_address(std::string_view ip);

}  // namespace tocsin::respond
