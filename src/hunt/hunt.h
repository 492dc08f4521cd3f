#pragma once
// Ready-to-run hunting queries for one incident: pivots on what it names, and on what its kinds of alert call
// for.
//
//   in    entities, indicators and ATT&CK of the incident, its first and last alert
//   out   queries in KQL (Microsoft Sentinel, Defender XDR), SPL, ES|QL, Athena SQL and Sigma, time filled in
//
// Every foreign value stands in one escaped literal (escape/literals.h), whatever it holds; what a language
// cannot say is left out, and the notes of the query say so. Pure, deterministic, thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/alert.h"

namespace tocsin::hunt {

enum class Language : std::uint8_t { kKql, kSpl, kEsql, kSql, kSigma };
std::string_view to_text(Language language);  // kql spl esql sql sigma

// Where a query runs; also the key of its link in the configuration.
enum class Platform : std::uint8_t { kSentinel, kDefender, kSplunk, kElastic, kAthena, kSigma };
std::string_view to_text(Platform platform);   // sentinel defender splunk elastic athena sigma
std::string_view title_of(Platform platform);  // "Microsoft Sentinel"

struct Case {
  std::string id;                       // of the incident; names the Sigma rules
  std::vector<model::Entity> entities;  // most important first
  std::vector<model::Ioc> iocs;
  model::Attack attack;
  Timestamp first_seen{}, last_seen{};
};

struct Query {
  std::string id;  // "sentinel_user_signins", unique in the answer
  Language language = Language::kKql;
  Platform platform = Platform::kSentinel;
  std::string title;
  std::string purpose;  // what to look for in the answer
  std::string text;
  std::vector<std::string> techniques;  // of the incident, that chose it; empty for a general pivot
  Timestamp from{}, until{};            // the time it covers; the same for Sigma, which has none of its own
  std::vector<std::string> notes;       // what it leaves out or widens
};

constexpr std::size_t kMaxValues = 20;    // of one kind in one query
constexpr std::size_t kMaxQueries = 100;  // of one incident

// Those that the incident's techniques call for come first, then the general pivots, each group in the order
// of platforms.
std::vector<Query> incident_queries(const Case& incident);

}  // namespace tocsin::hunt
