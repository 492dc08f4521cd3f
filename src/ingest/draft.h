#pragma once
// An alert being put together. A normaliser hands over what it found in any order; the draft cleans, bounds
// and deduplicates it, and finish() fills what is missing.

#include <string>
#include <string_view>
#include <vector>

#include "ingest/ingest.h"
#include "ingest/json.h"
#include "model/alert.h"

namespace tocsin::ingest {

constexpr std::size_t kMaxTitleBytes = 512;
constexpr std::size_t kMaxMessageBytes = 16U << 10;
constexpr std::size_t kMaxEntityBytes = 2U << 10;
constexpr std::size_t kMaxShortTextBytes = 256;  // ids, types, states, tags
constexpr std::size_t kMaxTags = 64;

class AlertDraft {
 public:
  AlertDraft(model::Alert& alert, const Options& options) : alert_(alert), options_(options) {}

  void source(std::string_view name);
  void asset_tier(model::AssetTier tier) { alert_.asset_tier = tier; }
  // The vendor's rule and what repeats share; goes into the fingerprint through the tag "rule:<id>".
  void rule(std::string_view id);
  void source_id(std::string_view id);
  void type(std::string_view snake_case) { alert_.type = snake_case; }
  void title(std::string_view text);
  // Later calls do not overwrite the first that had text.
  void message(std::string_view text);
  void severity(model::Severity value) { alert_.severity = value; }
  void occurred_at(std::optional<Timestamp> time);
  void source_url(std::string_view url);
  void vendor_status(std::string_view text);
  void vendor_verdict(std::string_view text);
  void tag(std::string_view text);
  void command_line(std::string_view text);
  void parent_process(std::string_view text);
  void process_hash(std::string_view text);
  void technique(std::string_view id_or_name);
  void tactic(std::string_view id_or_name);
  // What the sender knows beside the alert itself; known as of now.
  void fact(std::string_view name, std::string_view value, std::string_view from);
  // Every technique id ("T1059.001") that the text names.
  void techniques_in(std::string_view text);

  // Something of the customer's, or no indicator by nature: an entity only. Blank values are passed over; a
  // host that is an address becomes an ip.
  void entity(model::EntityKind kind, std::string_view value, model::EntityRole role);
  // Something foreign or suspicious: an entity, and an indicator where it can be one (public address, domain,
  // URL, hash, CVE, a sender's address).
  void observed(model::EntityKind kind, std::string_view value, model::EntityRole role);
  // As observed, for what the vendor itself names as the threat or as an indicator: spellings that defang it
  // are read, and its last label need not be one that a registry hands out. A domain with words around it
  // ("domain evil.example.net") is an indicator without them.
  void reported(model::EntityKind kind, std::string_view value, model::EntityRole role);
  // Indicators in prose.
  void mine(std::string_view text);
  // CVE ids only: for a rule's own name, which may credit a site ("[Abuse.ch]") that is no indicator.
  void mine_cves(std::string_view text);

  const model::Alert& alert() const noexcept { return alert_; }
  void finish();

 private:
  bool add(model::EntityKind kind, std::string value, model::EntityRole role);
  void observed_hashes(std::string_view list, model::EntityRole role);
  bool is_own(const model::Ioc& ioc) const;
  void add_mined();

  model::Alert& alert_;
  const Options& options_;
  std::vector<model::Ioc> mined_;
  std::vector<std::string> techniques_;
  std::vector<std::string> tactics_;
};

}  // namespace tocsin::ingest
