#pragma once
// What a security team sees all day that is no attack. A family is one cause of harmless alerts; an episode
// is one occasion of it, with a cast that stays the same so that its alerts repeat.

#include <span>
#include <string>
#include <string_view>

#include "demo/vendors.h"

namespace tocsin::demo {

// When a family is busy.
enum class Rhythm { kAlways, kOffice, kNight, kScanWindow };

struct Cast {
  const Person* person = nullptr;     // somebody at work
  const Host* workstation = nullptr;  // theirs; sometimes the chatty one instead
  const Host* server = nullptr;
  std::string outside;        // a public address
  std::uint64_t variant = 0;  // chooses among a family's texts
};

struct Family {
  std::string_view name;
  double weight;  // episodes, relative to the other families
  int burst_low;  // alerts of one episode
  int burst_high;
  int span_minutes;  // an episode's alerts lie within it
  Rhythm rhythm;
  Payload (*write)(Scene, const Cast&, Timestamp);
};

std::span<const Family> network_noise();
std::span<const Family> endpoint_noise();
std::span<const Family> identity_noise();
std::span<const Family> cloud_noise();

// How busy a rhythm is at that moment, 0..1. Office hours are 08:00 to 18:00 UTC, quieter at noon and on
// weekends; backups run at night; the scanner has Tuesday, Thursday and Saturday nights, one part of the
// network in each.
double intensity(Rhythm rhythm, Timestamp at);

}  // namespace tocsin::demo
