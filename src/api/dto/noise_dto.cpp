#include "api/dto/noise_dto.h"

#include "api/noise_input.h"
#include "base/display_text.h"

namespace tocsin::api {
namespace {

using triage::NoiseProposal;
using triage::ProposalKind;

void write_key(JsonWriter& json, const triage::NoiseKey& key) {
  key.rule.empty() ? json.member("rule_id", nullptr) : json.member("rule_id", key.rule);
  json.member("source", key.source);
  json.member("type", key.type);
}

void write_count(JsonWriter& json, const triage::NoiseCount& count) {
  json.member("alerts", count.alerts);
  json.member("occurrences", count.occurrences);
  json.member("decided", count.decided());
  json.member("true_positive", count.real);
  json.member("benign_positive", count.benign_positive);
  json.member("false_positive", count.false_positive);
  json.member("minutes", count.minutes);
}

std::string number_of(std::int64_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string span_of(std::chrono::minutes window) {
  if (window % std::chrono::hours(1) != std::chrono::minutes(0)) return number_of(window.count(), "minute");
  return number_of(std::chrono::duration_cast<std::chrono::hours>(window).count(), "hour");
}

std::string advice_of(const NoiseProposal& proposal) {
  const auto rule = display_text(proposal.key.type);
  switch (proposal.kind) {
    case ProposalKind::kException:
      return "Hide " + rule + " for " + std::string(to_text(proposal.entity)) + " " +
             display_text(proposal.value) + ".";
    case ProposalKind::kThreshold:
      return "Show " + rule + " only when " + std::to_string(proposal.at_least) +
             " come on one asset within " + span_of(proposal.window) + ".";
    case ProposalKind::kAggregation:
      return "Make one item of what " + rule + " says of one asset within " + span_of(proposal.window) + ".";
  }
  return {};
}

std::string sentence_of(const NoiseProposal& proposal) {
  const auto& hidden = proposal.hidden;
  auto text = advice_of(proposal) + " It would have hidden " + number_of(hidden.alerts, "alert") + ": " +
              std::to_string(hidden.false_positive) + " of " +
              number_of(proposal.of_false_positives, "false positive") + ", none of " +
              number_of(proposal.of_real, "real one") + ", and " +
              std::to_string(hidden.alerts - hidden.decided()) + " that nobody decided.";
  if (proposal.guarded > 0)
    text +=
        " " + number_of(proposal.guarded, "high or critical alert") + " on crown jewels would have stayed.";
  if (proposal.delayed > 0)
    text += " " + number_of(proposal.delayed, "real one") + " would have come up to " +
            span_of(proposal.longest_delay) + " later.";
  return text;
}

void write_parameters(JsonWriter& json, const NoiseProposal& proposal) {
  const bool is_exception = proposal.kind == ProposalKind::kException;
  json.member("entity", [&] {
    if (!is_exception) return json.value(nullptr);
    json.object([&] {
      json.member("kind", to_text(proposal.entity));
      json.member("value", proposal.value);
    });
  });
  proposal.at_least > 0 ? json.member("at_least", proposal.at_least) : json.member("at_least", nullptr);
  is_exception ? json.member("window_minutes", nullptr)
               : json.member("window_minutes", proposal.window.count());
  json.member("q", question_of(proposal));
}

}  // namespace

void write_rule_noise(JsonWriter& json, const triage::RuleNoise& rule) {
  json.object([&] {
    write_key(json, rule.key);
    write_count(json, rule.count);
    const auto decided = rule.count.decided();
    decided > 0 ? json.member("false_positive_share",
                              static_cast<double>(rule.count.false_positive) / static_cast<double>(decided))
                : json.member("false_positive_share", nullptr);
    json.member("false_positive_share_low", rule.false_positive_share.low);
    json.member("false_positive_share_high", rule.false_positive_share.high);
  });
}

void write_noise_replay(JsonWriter& json, const NoiseProposal& replayed) {
  json.member("would_have_hidden", [&] { json.object([&] { write_count(json, replayed.hidden); }); });
  json.member("stays_in_sight", replayed.guarded);
  json.member("of_false_positives", replayed.of_false_positives);
  json.member("of_real", replayed.of_real);
  json.member("people", replayed.people);
  json.member("real_share_at_most", replayed.real_share_at_most);
}

void write_noise_proposal(JsonWriter& json, const NoiseProposal& proposal) {
  json.object([&] {
    json.member("kind", to_text(proposal.kind));
    write_key(json, proposal.key);
    write_parameters(json, proposal);
    json.member("sentence", sentence_of(proposal));
    write_noise_replay(json, proposal);
    json.member("real_delayed", proposal.delayed);
    json.member("longest_delay_minutes", proposal.longest_delay.count());
  });
}

void write_noise_needs(JsonWriter& json, const triage::NoiseNeeds& needs) {
  json.object([&] {
    json.member("false_positives", needs.false_positives);
    json.member("words", needs.words);
    json.member("acts", needs.acts);
    json.member("share_of_false_positives", needs.share);
    json.member("real_for_threshold", needs.real_for_threshold);
  });
}

}  // namespace tocsin::api
