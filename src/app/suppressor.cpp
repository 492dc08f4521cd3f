#include "app/suppressor.h"

#include <algorithm>
#include <utility>

#include "api/suppress/reopen.h"
#include "base/display_text.h"
#include "model/suppressed.h"
#include "triage/guard.h"
#include "triage/suppress/watched.h"

namespace tocsin::app {
namespace {

using api::Pause;
using triage::hour_of;

bool is_mark(const std::string& tag) {
  return tag.starts_with(model::kSuppressedTag) || tag.starts_with(model::kSuppressionReviewTag);
}

std::string hour_text(std::int64_t hour) {
  return to_rfc3339(triage::start_of_hour(hour)).substr(0, 13) + ":00Z";
}

std::string_view fact_of(Pause::Kind kind) {
  return kind == Pause::Kind::kJump ? "suppression_jump" : "suppression_new_entity";
}

void hide(const api::Suppression& by, std::int64_t hour, model::Alert& alert) {
  alert.status = model::AlertStatus::kClosed;
  // The hour parts the rows: repeats are counted on the row of theirs (api/suppress/hits.h).
  alert.close_reason = api::suppressed_reason(by.id) + by.name + " (" + hour_text(hour) + ")";
  alert.tags.push_back(std::string(model::kSuppressedTag) + by.id);
}

void show(const api::Suppression& by, const Pause& why, model::Alert& alert) {
  alert.tags.push_back(std::string(model::kSuppressionReviewTag) + by.id);
  if (alert.facts.size() < model::kMaxFacts)
    alert.facts.push_back({std::string(fact_of(why.kind)), why.sentence, by.id, why.at, {}, why.at});
}

}  // namespace

Suppressor::Suppressor(store::TenantStore& store, const Clock& clock, Hooks hooks)
    : store_(store), clock_(clock), hooks_(std::move(hooks)) {}

Suppressor::~Suppressor() {
  stop();
}

// ---- what is set ----

void Suppressor::settings_changed_elsewhere() {
  {
    const std::lock_guard lock(reading_);
    revision_ = -1;
  }
  changed();
}

std::shared_ptr<const Suppressor::Scopes> Suppressor::scopes_now() {
  if (is_changed_.load() && is_changed_.exchange(false)) {
    if (const auto read = reload(); !read) {
      hooks_.on_error(read.error());
      const std::lock_guard lock(mutex_);
      scopes_ = std::make_shared<const Scopes>();  // in doubt everything is shown
    }
  }
  const std::lock_guard lock(mutex_);
  return scopes_;
}

Result<std::unique_ptr<Suppressor::Rule>> Suppressor::load_rule(const api::Suppression& set) {
  auto rule = std::make_unique<Rule>();
  rule->set = set;
  TOCSIN_TRY(learned, api::read_learned(store_, set));
  rule->known.insert(learned.entities.begin(), learned.entities.end());
  rule->before.replace_from(0, learned.hours);
  TOCSIN_TRY(pause, api::read_pause(store_, set));
  rule->pause = std::move(pause);
  return rule;
}

Result<void> Suppressor::reload() {
  const std::lock_guard reading(reading_);
  TOCSIN_TRY(revision, api::suppressions_revision(store_));
  if (revision == revision_) return {};
  TOCSIN_TRY(all, api::read_suppressions(store_));
  const auto now = clock_.now();
  std::map<std::string, std::unique_ptr<Rule>, std::less<>> rules;
  auto scopes = std::make_shared<Scopes>();
  for (const auto& set : all) {
    if (set.has_ended(now)) continue;
    TOCSIN_TRY(condition, api::scope_condition(set.q));
    scopes->push_back({set.id, set.expires_at, model::Matcher(condition)});
    TOCSIN_TRY(rule, load_rule(set));
    rules.emplace(set.id, std::move(rule));
  }
  const std::lock_guard lock(mutex_);
  for (auto& [id, rule] : rules) {
    const auto old = rules_.find(id);
    if (old == rules_.end()) continue;
    // What is not saved yet is newer than what was read.
    const auto& pause = old->second->pause;
    if (pause && (!rule->pause || pause->alert > rule->pause->alert)) {
      rule->pause = pause;
      rule->is_pause_saved = old->second->is_pause_saved;
    }
    if (!old->second->is_known_saved) {
      rule->known.merge(old->second->known);
      rule->is_known_saved = false;
    }
  }
  std::erase_if(hits_.of, [&](const auto& one) {
    return std::none_of(all.begin(), all.end(), [&](const auto& set) { return set.id == one.first; });
  });
  rules_ = std::move(rules);
  scopes_ = std::move(scopes);
  revision_ = revision;
  return {};
}

// ---- the way in ----

void Suppressor::judge(model::Alert& alert) {
  std::erase_if(alert.tags, is_mark);  // nobody hides an alert by its own word
  const auto scopes = scopes_now();
  if (scopes->empty() || triage::guard_of(alert)) return;
  for (const auto& scope : *scopes) {
    if (alert.received_at >= scope.expires_at || !scope.matcher.matches(alert)) continue;
    if (apply(scope.id, alert)) return;
  }
}

bool Suppressor::apply(const std::string& id, model::Alert& alert) {
  const auto now = alert.received_at;
  const std::lock_guard lock(mutex_);
  const auto found = rules_.find(id);
  if (found == rules_.end()) return false;
  auto& rule = *found->second;
  if (api::is_waiting(rule.set, rule.pause)) return false;
  if (auto why = why_shown(rule, alert, now)) {
    show(rule.set, *why, alert);
    rule.pause = std::move(why);
    return true;
  }
  hits_.of[id].hours.add(hour_of(now), 1);
  hide(rule.set, hour_of(now), alert);
  return true;
}

std::optional<Pause> Suppressor::why_shown(Rule& rule, const model::Alert& alert, Timestamp now) {
  const bool is_learning = rule.set.learns_until && now < *rule.set.learns_until;
  for (const auto& one : triage::watched_entities(alert.entities, rule.set.watched)) {
    if (rule.known.contains(one.hash)) continue;
    if (!is_learning || rule.known.size() >= api::kMostKnown) {
      return Pause{Pause::Kind::kNewEntity, alert.id.str(),
                   "The " + std::string(to_text(one.kind)) + " " + display_text(one.value) +
                       " is new to the suppression \"" + rule.set.name + "\"",
                   now};
    }
    rule.known.insert(one.hash);
    rule.is_known_saved = false;
  }
  if (is_learning) return std::nullopt;
  const auto hour = hour_of(now);
  const auto& hits = hits_.of[rule.set.id].hours;
  const auto count = hits.in(hour) + 1;
  const auto busiest = std::max(hits.busiest_before(hour), rule.before.busiest_before(hour + 1));
  if (!triage::is_jump(count, busiest)) return std::nullopt;
  return Pause{Pause::Kind::kJump, alert.id.str(),
               std::to_string(count) + " alerts came to the suppression \"" + rule.set.name +
                   "\" in the hour from " + hour_text(hour) + "; its busiest hour of seven days had " +
                   std::to_string(busiest),
               now};
}

void Suppressor::settle(const std::vector<Marked>& marked) {
  const auto now = clock_.now();
  std::vector<std::pair<std::string, Pause>> paused;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& mark : marked) {
      auto hits = hits_.of.find(mark.suppression);
      if (mark.is_hidden && hits != hits_.of.end()) {
        if (mark.stored) hits->second.last = now;
        if (!mark.stored) hits->second.hours.add(hour_of(now), -1);
        are_hits_saved_ = false;
      }
      const auto rule = rules_.find(mark.suppression);
      if (mark.is_hidden || rule == rules_.end()) continue;
      auto& pause = rule->second->pause;
      if (!pause || pause->alert != mark.alert) continue;
      if (!mark.stored) {
        pause.reset();
        continue;
      }
      pause->alert = mark.stored->str();
      rule->second->is_pause_saved = false;
      paused.emplace_back(mark.suppression, *pause);
    }
  }
  for (const auto& [id, pause] : paused) hooks_.paused(id, pause);
  thread_.notify();
}

}  // namespace tocsin::app
