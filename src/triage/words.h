#pragma once
// Small pieces of sentences, shared by everything in this module that writes for people.

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/alert.h"

namespace tocsin::triage {

std::string counted(std::size_t count, std::string_view singular);  // "1 alert", "3 alerts"
std::string listed(const std::vector<std::string>& items);          // "a", "a and b", "a, b and c"
std::string kind_word(std::string_view kind);                       // "IP", "cloud resource"
std::string entity_text(const model::Entity& entity);               // "host web-01", made fit to show
std::string minute_text(Timestamp at);                              // "2026-01-04 12:00 UTC"
std::string quoted_title(const model::Alert& alert);  // "“SSH brute force”", made fit to show

}  // namespace tocsin::triage
