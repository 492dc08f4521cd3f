#pragma once
// ATT&CK for alerts whose tool named no technique: a documented table of alert families
// (data/attack_fallback.csv, docs/attack-mapping.md), looked up by type and by whole words of the title.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/alert.h"

namespace tocsin::triage {

struct Family {
  std::string_view name;                     // "ssh_bruteforce"
  std::string_view label;                    // "SSH password guessing": plain words for titles
  std::vector<std::string_view> techniques;  // current ids
  std::vector<std::string_view> types;       // alert types that mean it, spelled in snake_case
  std::vector<std::string_view> patterns;    // lower-case words; a last '*' lets the last word go on
};

// The table that ships with the binary. Immutable after the first call, thread-safe.
const std::vector<Family>& families();

// The family whose types hold `type` (any case, any separators); nullptr when none does.
const Family* find_family(std::string_view type);

// Families that type and title speak of, at most three, each once: by type first, else those whose pattern
// stands in the title, longest pattern first. One pass over at most 512 bytes of each.
std::vector<const Family*> match_families(std::string_view type, std::string_view title);

// Keeps what the vendor said where the table of ATT&CK knows it; else fills in from the families and notes
// that as the fact "attack_basis" from "attack_fallback". Nothing when neither says anything.
void apply_attack(model::Alert& alert);

// For tests and for tables of one's own: kInvalidSyntax with the line. The text must outlive the result.
Result<std::vector<Family>> parse_families(std::string_view csv);

}  // namespace tocsin::triage
