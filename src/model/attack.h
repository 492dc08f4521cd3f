#pragma once
// The ATT&CK table that ships with the binary (data/attack, MITRE's notice beside it): ids, names, tactics,
// retired ids and what replaced them. Immutable after the first call, thread-safe.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/alert.h"

namespace tocsin::model {

inline constexpr std::string_view kAttackVersion = "18";  // of data/attack

struct Tactic {
  std::string_view id;    // "TA0006"
  std::string_view name;  // "Credential Access"
};

struct Technique {
  std::string_view id;                      // "T1110.001"
  std::string_view name;                    // "Brute Force: Password Guessing"
  std::vector<std::uint8_t> tactic_places;  // indexes into tactics()
};

// The enterprise tactics in kill-chain order (Reconnaissance first, Impact last); fewer than 16.
const std::vector<Tactic>& tactics();
// Place in tactics() of "TA0006", "Credential Access", "credential-access", "CredentialAccess", any case.
std::optional<std::uint8_t> find_tactic(std::string_view id_or_name);
// A current technique by id ("T1110", "t1110.001") or exact name (any case). Revoked and deprecated ids lead
// to what replaced them, if anything did.
const Technique* find_technique(std::string_view id_or_name);

// Keeps what the table knows: replaces retired ids, drops unknown ones, removes repeats, adds the tactics of
// each technique where `tactics` is empty, sorts tactics in kill-chain order.
Attack checked_attack(const std::vector<std::string>& techniques, const std::vector<std::string>& tactics);
// Bit i set: tactics()[i].
std::uint16_t tactic_bits(const Attack& attack);

}  // namespace tocsin::model
